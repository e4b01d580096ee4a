//! Cuts a text into folded words that remember where they stood.

use base::text::fold;

/// One word: folded for comparison, with its place in the original and its sentence.
#[derive(Debug, Clone)]
pub struct Word {
    pub folded: String,
    pub start: usize,
    pub end: usize,
    pub sentence: u32,
}

/// Letters and digits are words, everything else parts them; `. ! ? ;` and line ends part sentences.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut sentence = 0;
    let mut open = false;
    let mut folded = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        let end = start + letter.len_utf8();
        folded.clear();
        match letter.is_ascii() {
            true => folded.push(letter.to_ascii_lowercase()),
            false => folded.push_str(&fold(letter.encode_utf8(&mut [0; 4]))),
        }
        // A combining accent folds to nothing and belongs to the letter before it.
        if folded.is_empty() {
            if let (true, Some(word)) = (open, words.last_mut()) {
                word.end = end;
            }
            continue;
        }
        if folded.chars().all(char::is_alphanumeric) {
            match words.last_mut() {
                Some(word) if open => {
                    word.folded.push_str(&folded);
                    word.end = end;
                }
                _ => words.push(Word { folded: folded.clone(), start, end, sentence }),
            }
            open = true;
            continue;
        }
        open = false;
        let before_space = letters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(letter, '\n' | ';' | '!' | '?' | '…') || (letter == '.' && before_space) {
            sentence += 1;
        }
    }
    words
}

//! The small language in which the rules are written, so that a table of phrases stays readable.
//!
//! A phrase is words in a row. `a|b` is either word, `pay*` any word that starts so, `#` a number,
//! `#h` an hour (`9`, `9h`, `9h30`, `9am`), `_` any word, `~3` up to three words in between.
//! A phrase never crosses a sentence. Everything is compared folded.

use super::words::Word;

/// A phrase that trips a rule, and what excuses it.
#[derive(Debug, Clone)]
pub struct Pattern {
    pieces: Vec<Piece>,
    /// Words that excuse the phrase when they stand in the four words before it (negations).
    not_after: Vec<Choice>,
    /// Words that excuse the phrase when they stand anywhere in its sentence (another subject).
    unless: Vec<Choice>,
    rewrite: Option<&'static str>,
}

#[derive(Debug, Clone)]
enum Piece {
    OneOf(Vec<Choice>),
    Number,
    Hour,
    Any,
    Gap(usize),
}

#[derive(Debug, Clone)]
struct Choice {
    text: String,
    prefix: bool,
}

impl Choice {
    fn read(text: &str) -> Choice {
        match text.strip_suffix('*') {
            Some(start) => Choice { text: start.to_owned(), prefix: true },
            None => Choice { text: text.to_owned(), prefix: false },
        }
    }

    fn holds(&self, word: &str) -> bool {
        if self.prefix { word.starts_with(&self.text) } else { word == self.text }
    }
}

fn choices(text: &str) -> Vec<Choice> {
    text.split(['|', ' ']).filter(|choice| !choice.is_empty()).map(Choice::read).collect()
}

/// Reads a phrase.
pub fn on(phrase: &str) -> Pattern {
    let pieces = phrase
        .split_whitespace()
        .map(|piece| match piece {
            "#" => Piece::Number,
            "#h" => Piece::Hour,
            "_" => Piece::Any,
            _ => match piece.strip_prefix('~').and_then(|gap| gap.parse().ok()) {
                Some(gap) => Piece::Gap(gap),
                None => Piece::OneOf(choices(piece)),
            },
        })
        .collect();
    Pattern { pieces, not_after: Vec::new(), unless: Vec::new(), rewrite: None }
}

impl Pattern {
    pub fn not_after(mut self, words: &str) -> Pattern {
        self.not_after = choices(words);
        self
    }

    pub fn unless(mut self, words: &str) -> Pattern {
        self.unless = choices(words);
        self
    }

    pub fn instead(mut self, rewrite: &'static str) -> Pattern {
        self.rewrite = Some(rewrite);
        self
    }

    pub fn rewrite(&self) -> Option<&'static str> {
        self.rewrite
    }

    /// Every place where the phrase stands without an excuse, as ranges of words.
    pub fn places(&self, words: &[Word]) -> Vec<(usize, usize)> {
        (0..words.len())
            .filter_map(|start| Some((start, self.reach(&self.pieces, words, start, words[start].sentence)?)))
            .filter(|(start, _)| !self.excused(words, *start))
            .collect()
    }

    /// The index after the last word of a match that starts at `at`.
    fn reach(&self, pieces: &[Piece], words: &[Word], at: usize, sentence: u32) -> Option<usize> {
        let Some((piece, rest)) = pieces.split_first() else { return Some(at) };
        if let Piece::Gap(gap) = piece {
            return (0..=*gap).find_map(|skip| {
                let inside = words.get(at..at + skip)?.iter().all(|word| word.sentence == sentence);
                if inside { self.reach(rest, words, at + skip, sentence) } else { None }
            });
        }
        let word = words.get(at).filter(|word| word.sentence == sentence)?;
        let holds = match piece {
            Piece::OneOf(choices) => choices.iter().any(|choice| choice.holds(&word.folded)),
            Piece::Number => word.folded.bytes().all(|byte| byte.is_ascii_digit()),
            Piece::Hour => is_hour(&word.folded),
            Piece::Any => true,
            Piece::Gap(_) => false,
        };
        if holds { self.reach(rest, words, at + 1, sentence) } else { None }
    }

    fn excused(&self, words: &[Word], start: usize) -> bool {
        let sentence = words[start].sentence;
        let before = &words[start.saturating_sub(4)..start];
        let negated = before
            .iter()
            .any(|word| word.sentence == sentence && self.not_after.iter().any(|choice| choice.holds(&word.folded)));
        negated
            || words
                .iter()
                .any(|word| word.sentence == sentence && self.unless.iter().any(|choice| choice.holds(&word.folded)))
    }
}

/// `9`, `18h`, `9h30`, `5pm`.
fn is_hour(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return false;
    }
    let rest = &word[digits..];
    rest.is_empty()
        || rest == "am"
        || rest == "pm"
        || rest.strip_prefix('h').is_some_and(|minutes| minutes.bytes().all(|byte| byte.is_ascii_digit()))
}

//! E-mail addresses, telephone numbers, bank accounts and links that lead away from the site.
//! Shapes rather than phrases, so they are read letter by letter.

use super::{Hit, Rule};

/// Hosts where people are met rather than shown. A firm's own site is no contact detail.
const MEETING_PLACES: [&str; 12] = [
    "wa.me/",
    "api.whatsapp.com/",
    "chat.whatsapp.com/",
    "t.me/",
    "m.me/",
    "calendly.com/",
    "linkedin.com/in/",
    "facebook.com/",
    "instagram.com/",
    "forms.gle/",
    "docs.google.com/forms",
    "discord.gg/",
];

pub fn hits(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut add = |rule, (start, end): (usize, usize)| hits.push(Hit { rule, start, end, rewrite: None });
    emails(text).into_iter().for_each(|place| add(Rule::ContactDetails, place));
    phones(text).into_iter().for_each(|place| add(Rule::ContactDetails, place));
    links(text).into_iter().for_each(|place| add(Rule::ContactDetails, place));
    ibans(text).into_iter().for_each(|place| add(Rule::OffPlatformPayment, place));
    hits
}

fn emails(text: &str) -> Vec<(usize, usize)> {
    let local = |letter: char| letter.is_ascii_alphanumeric() || "._%+-".contains(letter);
    let domain = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    text.match_indices('@')
        .filter_map(|(at, _)| {
            let before: usize = text[..at].chars().rev().take_while(|letter| local(*letter)).map(char::len_utf8).sum();
            let after: usize = text[at + 1..].chars().take_while(|letter| domain(*letter)).map(char::len_utf8).sum();
            let host = text[at + 1..at + 1 + after].trim_end_matches(['.', '-']);
            let (name, top) = host.rsplit_once('.')?;
            let fits = before > 0 && !name.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
            fits.then_some((at - before, at + 1 + host.len()))
        })
        .collect()
}

/// Runs of digits that are shaped like a telephone number. Dates, amounts, SIREN and SIRET are not.
fn phones(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut at = 0;
    while at < letters.len() {
        let (start, letter) = letters[at];
        let after_word = at > 0 && (letters[at - 1].1.is_alphanumeric() || letters[at - 1].1 == '+');
        if after_word || !(letter.is_ascii_digit() || letter == '+' || letter == '(') {
            at += 1;
            continue;
        }
        let mut groups: Vec<String> = vec![String::new()];
        let (mut next, mut end) = (at, start);
        while let Some((place, letter)) = letters.get(next).copied() {
            if letter.is_ascii_digit() {
                if let Some(group) = groups.last_mut() {
                    group.push(letter);
                }
                end = place + 1;
            } else if matches!(letter, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}' | '(' | ')')
                || (letter == '+' && next == at)
            {
                if groups.last().is_some_and(|group| !group.is_empty()) {
                    groups.push(String::new());
                }
            } else {
                break;
            }
            next += 1;
        }
        groups.retain(|group| !group.is_empty());
        let touches_word = letters.get(next).is_some_and(|(place, letter)| *place == end && letter.is_alphabetic());
        if !touches_word && is_phone(&groups, letter == '+') {
            found.push((start, end));
        }
        at = next.max(at + 1);
    }
    found
}

fn is_phone(groups: &[String], international: bool) -> bool {
    let digits = groups.concat();
    if international {
        return (9..=15).contains(&digits.len());
    }
    let year = |group: &String| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    if groups.iter().any(year) {
        return false;
    }
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    let french = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00");
    let abroad = digits.starts_with("00") && !digits.starts_with("000") && (11..=13).contains(&digits.len());
    french || abroad || lengths == [3, 3, 4]
}

fn links(text: &str) -> Vec<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for place in MEETING_PLACES {
        for (at, _) in lower.match_indices(place) {
            if lower[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '-') {
                continue;
            }
            let rest: usize =
                lower[at..].chars().take_while(|letter| !letter.is_whitespace()).map(char::len_utf8).sum();
            found.push((at, at + rest));
        }
    }
    found
}

/// International bank account numbers, told from other codes by their check digits.
fn ibans(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    for start in 0..bytes.len() {
        let boundary = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
        let head = bytes.get(start..start + 4);
        let shaped = head.is_some_and(|head| {
            head[..2].iter().all(u8::is_ascii_uppercase) && head[2..].iter().all(u8::is_ascii_digit)
        });
        if !boundary || !shaped {
            continue;
        }
        let mut code = String::new();
        let mut end = start;
        for (place, byte) in bytes.iter().enumerate().skip(start) {
            match byte {
                b'A'..=b'Z' | b'0'..=b'9' => {
                    code.push(*byte as char);
                    end = place + 1;
                }
                b' ' => {}
                _ => break,
            }
            if (15..=34).contains(&code.len()) && checks(&code) {
                found.push((start, end));
                break;
            }
            if code.len() > 34 {
                break;
            }
        }
    }
    found
}

fn checks(code: &str) -> bool {
    let (head, tail) = code.split_at(4);
    let remainder = tail.chars().chain(head.chars()).fold(0u64, |sum, letter| {
        let value = u64::from(letter.to_digit(36).unwrap_or_default());
        (sum * if value > 9 { 100 } else { 10 } + value) % 97
    });
    remainder == 1
}

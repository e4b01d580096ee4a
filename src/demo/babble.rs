//! Texts for measuring: words drawn by lot, few of them often and most of them seldom, as in any language. The same
//! seed gives the same texts, which their hash proves.

use std::collections::BTreeSet;
use std::fmt::Write;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};

use super::library::COMMISSIONS;
use base::lang::Lang;

const SEED: u64 = 42;
/// Words of a language; behind those of the commissions stand invented ones.
const WORDS: usize = 8_000;
const ONSETS: [&str; 16] = ["b", "br", "c", "ch", "d", "f", "g", "l", "m", "n", "p", "pr", "r", "s", "t", "v"];
const RIMES: [&str; 12] = ["a", "e", "i", "o", "u", "an", "on", "el", "ier", "age", "eur", "in"];

pub struct Babble {
    chance: StdRng,
    french: Vocabulary,
    english: Vocabulary,
    hash: Sha256,
}

struct Vocabulary {
    words: Vec<String>,
    /// The sum of the weights up to each word: the weight of a word is the inverse of its rank.
    sums: Vec<u64>,
}

impl Vocabulary {
    fn of(lang: Lang, chance: &mut StdRng) -> Vocabulary {
        let known: BTreeSet<String> = COMMISSIONS
            .iter()
            .flat_map(|commission| {
                let words = commission.words(lang);
                format!("{} {} {}", words.title, words.about, words.tasks.join(" "))
                    .split(|letter: char| !letter.is_alphabetic())
                    .filter(|word| word.chars().count() > 1)
                    .map(str::to_lowercase)
                    .collect::<Vec<_>>()
            })
            .collect();
        let mut words: Vec<String> = known.into_iter().collect();
        words.shuffle(chance);
        while words.len() < WORDS {
            let syllables = chance.random_range(2..=4);
            let mut word = String::new();
            for _ in 0..syllables {
                word.push_str(ONSETS[chance.random_range(0..ONSETS.len())]);
                word.push_str(RIMES[chance.random_range(0..RIMES.len())]);
            }
            words.push(word);
        }
        let mut sum = 0;
        let sums = (0..words.len() as u64).map(|rank| {
            sum += 1_000_000_000 / (rank + 2);
            sum
        });
        Vocabulary { sums: sums.collect(), words }
    }

    fn draw(&self, chance: &mut StdRng) -> &str {
        let most = self.sums.last().copied().unwrap_or(1);
        let lot = chance.random_range(0..most);
        &self.words[self.sums.partition_point(|sum| *sum <= lot)]
    }
}

impl Babble {
    pub fn new() -> Babble {
        let mut chance = StdRng::seed_from_u64(SEED);
        let french = Vocabulary::of(Lang::Fr, &mut chance);
        let english = Vocabulary::of(Lang::En, &mut chance);
        Babble { chance, french, english, hash: Sha256::new() }
    }

    /// `opening`, and sentences behind it until the text has about `bytes`.
    pub fn text(&mut self, opening: &str, lang: Lang, bytes: usize) -> String {
        let vocabulary = match lang {
            Lang::Fr => &self.french,
            Lang::En => &self.english,
        };
        let mut text = opening.to_owned();
        let mut sentences = 0;
        while text.len() < bytes {
            text.push_str(if sentences % 4 == 0 { "\n\n" } else { " " });
            let words = self.chance.random_range(6..=14);
            for place in 0..words {
                let word = vocabulary.draw(&mut self.chance);
                match place {
                    0 => text.extend(word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1))),
                    _ => {
                        text.push(' ');
                        text.push_str(word);
                    }
                }
            }
            text.push('.');
            sentences += 1;
        }
        self.hash.update(&text);
        text
    }

    /// The hash of every text so far.
    pub fn sha256(&self) -> String {
        let mut hex = String::new();
        for byte in self.hash.clone().finalize() {
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_says_the_same() {
        let speak = || {
            let mut babble = Babble::new();
            let text = babble.text("Tenir l’agenda.", Lang::Fr, 1_800);
            (babble.text("Keep the diary.", Lang::En, 1_800), text, babble.sha256())
        };
        let (english, french, hash) = speak();
        assert_eq!(speak(), (english.clone(), french.clone(), hash));
        assert!(french.starts_with("Tenir l’agenda.\n\n") && (1_800..2_000).contains(&french.len()), "{french}");
        assert_ne!(english, french);
    }
}

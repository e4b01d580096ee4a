//! Job titles that name one gender. French names both or neither (« assistant·e », « H/F »);
//! English titles are neutral but for a few.

use super::words::Word;
use super::{Hit, Rule};

/// French names with their other form, and what names both.
const FRENCH: [(&str, &str, &str); 18] = [
    ("assistant", "assistante", "Assistant·e"),
    ("adjoint", "adjointe", "Adjoint·e"),
    ("redacteur", "redactrice", "Rédacteur ou rédactrice"),
    ("traducteur", "traductrice", "Traducteur ou traductrice"),
    ("correcteur", "correctrice", "Correcteur ou correctrice"),
    ("transcripteur", "transcriptrice", "Transcripteur ou transcriptrice"),
    ("formateur", "formatrice", "Formateur ou formatrice"),
    ("conseiller", "conseillere", "Conseiller ou conseillère"),
    ("charge", "chargee", "Chargé·e"),
    ("coordinateur", "coordinatrice", "Coordinateur ou coordinatrice"),
    ("coordonnateur", "coordonnatrice", "Coordonnateur ou coordonnatrice"),
    ("facilitateur", "facilitatrice", "Facilitateur ou facilitatrice"),
    ("organisateur", "organisatrice", "Organisateur ou organisatrice"),
    ("vendeur", "vendeuse", "Vendeur ou vendeuse"),
    ("commercial", "commerciale", "Commercial·e"),
    ("hote", "hotesse", "Hôte ou hôtesse"),
    ("employe", "employee", "Employé·e"),
    ("intendant", "intendante", "Intendant·e"),
];

const ENGLISH: [(&str, &str); 5] = [
    ("salesman", "salesperson"),
    ("saleswoman", "salesperson"),
    ("hostess", "host"),
    ("chairman", "chair"),
    ("businessman", "business person"),
];

/// What may stand behind a French name of a trade. It tells « assistant commercial » from
/// "executive assistant", where the same letters are English and mean both.
const FRENCH_FOLLOWERS: [&str; 22] = [
    "de",
    "d",
    "du",
    "virtuel",
    "virtuelle",
    "administratif",
    "administrative",
    "commercial",
    "commerciale",
    "personnel",
    "personnelle",
    "prive",
    "privee",
    "juridique",
    "medical",
    "medicale",
    "comptable",
    "polyvalent",
    "polyvalente",
    "independant",
    "independante",
    "bilingue",
];

/// Marks that already open a title to everyone: « H/F », « F-H », « toutes et tous ».
fn names_both(words: &[Word]) -> bool {
    words.windows(2).any(|pair| {
        let letters = (pair[0].folded.as_str(), pair[1].folded.as_str());
        matches!(letters, ("h", "f") | ("f", "h") | ("m", "f") | ("f", "m") | ("m", "w") | ("w", "m"))
    }) || words.iter().any(|word| word.folded == "toutes" || word.folded == "tous")
}

pub fn hits(words: &[Word]) -> Vec<Hit> {
    if names_both(words) {
        return Vec::new();
    }
    let has = |name: &str| words.iter().any(|word| word.folded == name);
    let mut hits = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map(|next| next.folded.as_str());
        let mut add = |rewrite: &str| {
            hits.push(Hit {
                rule: Rule::GenderedTitle,
                start: word.start,
                end: word.end,
                rewrite: Some(rewrite.to_owned()),
            });
        };
        if let Some((_, neutral)) = ENGLISH.iter().find(|(name, _)| *name == word.folded) {
            add(neutral);
        }
        for (man, woman, both) in FRENCH {
            // « assistant·e », « assistant(e) » and « assistant ou assistante » name both.
            let marked = matches!(next, Some("e" | "ne" | "trice" | "rice" | "euse" | "ere"));
            if marked || (has(man) && has(woman)) {
                continue;
            }
            // The man's form is read as French only where French words follow it; « charge » is also a noun.
            let french = next.is_some_and(|next| FRENCH_FOLLOWERS.contains(&next));
            let mans = word.folded == man && french && (man != "charge" || at == 0) && !(man == "commercial" && at > 0);
            let womans = word.folded == woman && !(woman == "commerciale" && at > 0);
            if mans || womans {
                add(both);
            }
        }
    }
    hits
}

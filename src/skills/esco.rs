//! Reads the European classification of skills from its own CSV files, one per language.
//!
//! Columns `conceptType, conceptUri, preferredLabel, altLabels`, alternatives separated by a line feed.
//! A skill is kept when both languages name it. Files have been seen whose alternatives had slipped to the
//! neighbouring line; alternatives that mostly share no word with their own label are set aside and reported.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;

use serde::Deserialize;

use super::model::Taxonomy;
use super::words::meaningful;
use base::error::{Error, Result};
use base::text::fold;

const URI: &str = "http://data.europa.eu/esco/skill/";
/// Lines that a file may hold; the whole classification has about 14,000.
const LINES: usize = 100_000;
/// Below this many lines with alternatives nothing can be said about the file.
const ENOUGH: usize = 20;

/// A skill of the classification with its names in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscoSkill {
    pub uri: String,
    pub label_fr: String,
    pub label_en: String,
    pub alternatives: Vec<String>,
    /// The skill of our taxonomy that it is, where one was recognised.
    pub slug: Option<String>,
}

/// What an import read and kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EscoReport {
    pub read_fr: usize,
    pub read_en: usize,
    pub kept: usize,
    pub matched: usize,
    pub only_fr: usize,
    pub only_en: usize,
    /// Lines that were something else than a skill, or had no label or address.
    pub skipped: usize,
    /// The alternatives of this language did not belong to their labels and were left out.
    pub set_aside_fr: bool,
    pub set_aside_en: bool,
}

/// One language's file, read and judged.
#[derive(Debug)]
pub struct EscoFile {
    lines: BTreeMap<String, (String, Vec<String>)>,
    read: usize,
    skipped: usize,
    set_aside: bool,
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "conceptType")]
    concept: String,
    #[serde(rename = "conceptUri")]
    uri: String,
    #[serde(rename = "preferredLabel")]
    label: String,
    #[serde(rename = "altLabels", default)]
    alternatives: String,
}

impl EscoFile {
    /// An unreadable file is refused with the line that could not be read.
    pub fn read(from: impl Read) -> Result<EscoFile> {
        let mut file = EscoFile { lines: BTreeMap::new(), read: 0, skipped: 0, set_aside: false };
        let unreadable = |error: csv::Error| Error::Unreadable("skills.esco_unreadable", error.to_string());
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(skip_mark(from)?);
        for line in reader.deserialize::<Line>() {
            let line = line.map_err(unreadable)?;
            file.read += 1;
            if file.read > LINES {
                return Err(Error::TooLarge);
            }
            let label = line.label.trim();
            if line.concept != "KnowledgeSkillCompetence" || !line.uri.starts_with(URI) || label.is_empty() {
                file.skipped += 1;
                continue;
            }
            let alternatives =
                line.alternatives.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
            file.lines.insert(line.uri, (label.to_owned(), alternatives));
        }
        file.set_aside = file.slipped();
        Ok(file)
    }

    /// Whether most alternatives share no word with the label that they stand beside.
    fn slipped(&self) -> bool {
        let (mut strange, mut all) = (0, 0);
        for (label, alternatives) in self.lines.values().filter(|(_, alternatives)| !alternatives.is_empty()) {
            let own = meaningful(label);
            let related =
                alternatives.iter().any(|name| meaningful(name).iter().any(|word| own.iter().any(|own| own.is(word))));
            all += 1;
            strange += usize::from(!related);
        }
        all >= ENOUGH && strange * 2 > all
    }
}

/// Joins both languages and recognises our own skills: by their stated address, or by a label that one of
/// their names spells. Alternatives never decide, because they are the looser words.
pub fn join(taxonomy: &Taxonomy, fr: EscoFile, en: EscoFile) -> (Vec<EscoSkill>, EscoReport) {
    let mut report = EscoReport {
        read_fr: fr.read,
        read_en: en.read,
        skipped: fr.skipped + en.skipped,
        set_aside_fr: fr.set_aside,
        set_aside_en: en.set_aside,
        only_fr: fr.lines.keys().filter(|uri| !en.lines.contains_key(*uri)).count(),
        ..EscoReport::default()
    };
    let addresses: HashMap<&str, &str> =
        taxonomy.all().iter().filter_map(|skill| Some((skill.esco_uri.as_deref()?, skill.slug.as_str()))).collect();
    let mut names: HashMap<String, &str> = HashMap::new();
    for skill in taxonomy.all().iter().filter(|skill| !skill.is_family()) {
        for (_, name, _) in skill.names() {
            names.entry(fold(name)).or_insert(&skill.slug);
        }
    }
    let mut skills = Vec::new();
    for (uri, (label_en, more_en)) in en.lines {
        let Some((label_fr, more_fr)) = fr.lines.get(&uri).cloned() else {
            report.only_en += 1;
            continue;
        };
        let slug = addresses
            .get(uri.as_str())
            .or_else(|| names.get(&fold(&label_fr)))
            .or_else(|| names.get(&fold(&label_en)))
            .map(|slug| (*slug).to_owned());
        let mut seen = HashSet::from([fold(&label_fr), fold(&label_en)]);
        let fr_names = more_fr.into_iter().filter(|_| !fr.set_aside);
        let en_names = more_en.into_iter().filter(|_| !en.set_aside);
        let alternatives = fr_names.chain(en_names).filter(|name| seen.insert(fold(name))).collect();
        report.kept += 1;
        report.matched += usize::from(slug.is_some());
        skills.push(EscoSkill { uri, label_fr, label_en, alternatives, slug });
    }
    (skills, report)
}

/// Spreadsheets put a byte order mark before the first column's name.
fn skip_mark(mut from: impl Read) -> Result<impl Read> {
    let mut head = Vec::with_capacity(3);
    from.by_ref().take(3).read_to_end(&mut head)?;
    if head == [0xEF, 0xBB, 0xBF] {
        head.clear();
    }
    Ok(std::io::Cursor::new(head).chain(from))
}

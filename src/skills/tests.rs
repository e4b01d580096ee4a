use proptest::prelude::*;

use super::*;
use base::text::fold;

fn slugs(typed: &str, lang: Lang) -> Vec<&'static str> {
    search(typed, lang, 8).into_iter().map(|skill| skill.slug.as_str()).collect()
}

#[test]
fn the_taxonomy_is_rich_and_whole() {
    let skills: Vec<&Skill> = taxonomy().all().iter().filter(|skill| !skill.is_family()).collect();
    assert!(skills.len() >= 250, "{} skills", skills.len());
    for skill in taxonomy().all() {
        assert_eq!(base::text::slug(&skill.slug), skill.slug, "a slug is plain");
        for lang in Lang::ALL {
            assert!(!skill.label(lang).trim().is_empty(), "{} has no label", skill.slug);
            assert!(!skill.synonyms.get(lang).is_empty(), "{} has no synonym in {lang}", skill.slug);
        }
        let names: Vec<&str> = skill.names().map(|(_, name, _)| name).collect();
        assert!(names.iter().all(|name| *name == name.trim() && !name.contains('\'')), "{}: {names:?}", skill.slug);
        if let Some(uri) = &skill.esco_uri {
            assert!(uri.starts_with("http://data.europa.eu/esco/skill/"), "{uri}");
        }
    }
    for family in taxonomy().families() {
        assert!(taxonomy().children(&family.slug).count() >= 8, "{} is thin", family.slug);
    }
}

#[test]
fn labels_are_unique_within_a_language() {
    for lang in Lang::ALL {
        let mut seen = std::collections::HashMap::new();
        for skill in taxonomy().all().iter().filter(|skill| !skill.is_family()) {
            if let Some(other) = seen.insert(fold(skill.label(lang)), &skill.slug) {
                panic!("{} and {other} are both called {}", skill.slug, skill.label(lang));
            }
        }
    }
}

#[test]
fn what_the_law_frames_says_all_that_people_need() {
    for slug in [
        "bookkeeping",
        "debt-collection",
        "package-travel",
        "legal-advice",
        "home-care",
        "health-data",
        "consumer-phone-prospecting",
        "payroll",
    ] {
        assert!(regulated(slug).is_some(), "{slug} has no rule");
    }
    for rule in taxonomy().rules() {
        for lang in Lang::ALL {
            assert!(!rule.why.get(lang).is_empty() && !rule.proof.get(lang).is_empty(), "{:?}", rule.slugs);
            assert!(rule.forbidden.get(lang).len() >= 3 && rule.allowed.get(lang).len() >= 3, "{:?}", rule.slugs);
        }
        assert!(!rule.source.is_empty());
        assert!(rule.reviewed_on.parse::<jiff::civil::Date>().is_ok(), "{}", rule.reviewed_on);
    }
}

#[test]
fn a_file_with_a_mistake_is_refused_with_its_line() {
    let head = "slug,parent,fr,en,fr_synonyms,en_synonyms,esco_uri\n";
    for (lines, says) in [
        ("a,,A,A,b,b,\na,,A,A,b,b,\n", "a: twice"),
        ("a,nowhere,A,A,b,b,\n", "a: no family nowhere"),
        ("a,,A,A\n", "fields"),
    ] {
        let error = Taxonomy::read(&format!("{head}{lines}"), "[]").expect_err(lines);
        assert!(error.contains(says), "{error}");
    }
    assert!(Taxonomy::read(head, r#"[{"slugs": ["x"]}]"#).is_err());
}

#[test]
fn people_find_a_skill_by_what_they_type() {
    for (typed, lang, first) in [
        ("gestion d'agenda", Lang::Fr, "calendar-management"),
        ("GESTION D’AGENDAS", Lang::Fr, "calendar-management"),
        ("calendar management", Lang::Fr, "calendar-management"),
        ("diary", Lang::En, "calendar-management"),
        ("agneda", Lang::Fr, "calendar-management"),
        ("comptes rendus", Lang::Fr, "minutes"),
        ("compte-rendu", Lang::Fr, "minutes"),
        ("comptabilite", Lang::Fr, "bookkeeping"),
        ("transcripton", Lang::En, "transcription"),
        ("facturaton", Lang::Fr, "invoicing"),
        ("mise en page", Lang::Fr, "document-layout"),
        ("wordpres", Lang::Fr, "wordpress"),
        ("seo", Lang::En, "seo"),
        ("relecture correction", Lang::Fr, "proofreading"),
        ("notes de frais", Lang::Fr, "expense-reports"),
    ] {
        let found = slugs(typed, lang);
        assert!(found.iter().take(2).any(|slug| *slug == first), "{typed} gave {found:?}");
    }
    assert!(slugs("zzzzqq", Lang::Fr).is_empty());
    assert!(slugs("", Lang::Fr).is_empty());
    assert!(slugs("' ’ -", Lang::Fr).is_empty());
}

#[test]
fn every_label_finds_its_own_skill_first() {
    for skill in taxonomy().all().iter().filter(|skill| !skill.is_family()) {
        for lang in Lang::ALL {
            let found = slugs(skill.label(lang), lang);
            assert_eq!(found.first(), Some(&skill.slug.as_str()), "{} gave {found:?}", skill.label(lang));
        }
    }
}

#[test]
fn a_text_speaks_of_skills_in_either_language() {
    let spoken = |text| spoken_of(text).into_iter().map(|skill| skill.slug.as_str()).collect::<Vec<_>>();
    assert!(spoken("Je cherche quelqu’un pour la gestion de mon agenda").contains(&"calendar-management"));
    assert!(spoken("Calendar management and minute taking").contains(&"calendar-management"));
    assert!(spoken("Calendar management and minute taking").contains(&"minutes"));
    assert!(
        !spoken("Please make a word with me on Monday").iter().any(|slug| ["make", "word", "monday"].contains(slug))
    );
    assert!(spoken("rien à voir").is_empty());
}

#[test]
fn the_european_classification_joins_both_files() {
    let head = "conceptType,conceptUri,preferredLabel,altLabels\n";
    let uri = |n| format!("http://data.europa.eu/esco/skill/{n}");
    let en = format!(
        "\u{feff}{head}KnowledgeSkillCompetence,{},proofread text,\"check text\nproofread a text\"\nKnowledgeSkillCompetence,{},alone,\nOccupation,{},clerk,\n",
        uri(1),
        uri(2),
        uri(3)
    );
    let fr = format!(
        "{head}KnowledgeSkillCompetence,{},Relecture et correction,relire un texte\nKnowledgeSkillCompetence,{},seule,\n",
        uri(1),
        uri(4)
    );
    let read = |text: &str| EscoFile::read(text.as_bytes()).expect("readable");
    let (skills, report) = esco::join(taxonomy(), read(&fr), read(&en));
    assert_eq!(skills.len(), 1);
    assert_eq!(skills[0].slug.as_deref(), Some("proofreading"));
    assert_eq!(skills[0].alternatives, ["relire un texte", "check text", "proofread a text"]);
    assert_eq!(
        report,
        EscoReport {
            read_fr: 2,
            read_en: 3,
            kept: 1,
            matched: 1,
            only_fr: 1,
            only_en: 1,
            skipped: 1,
            ..EscoReport::default()
        }
    );
    assert!(EscoFile::read("a,b\n1,2\n".as_bytes()).is_err());
    assert!(EscoFile::read(&b"\xff\xfe\x00"[..]).is_err() || EscoFile::read(&b"\xff\xfe\x00"[..]).is_ok_and(|_| true));
}

#[test]
fn alternatives_that_slipped_by_a_line_are_set_aside() {
    let words = ["apples", "bridges", "candles", "doors", "engines", "flowers"];
    let line = |n: usize, slip: usize| {
        let (own, other) = (words[n % 6], words[(n + slip) % 6]);
        format!("KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/{n:03},paint {own},\"colour {other}\"\n")
    };
    let file = |slip| {
        let lines: String = (0..30).map(|n| line(n, slip)).collect();
        format!("conceptType,conceptUri,preferredLabel,altLabels\n{lines}")
    };
    let read = |slip| EscoFile::read(file(slip).as_bytes()).expect("readable");
    let (skills, report) = esco::join(taxonomy(), read(0), read(1));
    assert!(report.set_aside_en && !report.set_aside_fr);
    assert_eq!(skills[0].alternatives, ["colour apples"]);
}

proptest! {
    #[test]
    fn search_answers_anything_and_never_more_than_asked(typed in "\\PC{0,120}", limit in 0usize..12) {
        prop_assert!(search(&typed, Lang::Fr, limit).len() <= limit);
    }

    #[test]
    fn one_typo_in_a_long_label_still_finds_it(which in 0usize..300, place in 1usize..4, lang in 0usize..2) {
        let skills: Vec<&Skill> = taxonomy().all().iter().filter(|skill| !skill.is_family()).collect();
        let skill = skills[which % skills.len()];
        let label = fold(skill.label(Lang::ALL[lang]));
        let Some(word) = label.split(' ').find(|word| word.len() >= 7 && word.bytes().all(|b| b.is_ascii_lowercase()))
        else { return Ok(()) };
        let mut wrong = word.to_owned();
        wrong.remove(place);
        let typed = label.replace(word, &wrong);
        let found = search(&typed, Lang::ALL[lang], 8);
        prop_assert!(found.iter().any(|found| found.slug == skill.slug), "{typed} lost {}", skill.slug);
    }
}

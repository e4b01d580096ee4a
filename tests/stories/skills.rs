//! The taxonomy as people and programs see it, and what an import adds to it.

use brasdroit::skills;

use crate::market::Market;

crate::stories![
    a_skill_is_found_by_what_people_type,
    a_regulated_skill_says_what_the_law_says,
    the_european_classification_is_read_in_and_stays,
];

fn a_skill_is_found_by_what_people_type(market: &mut Market) {
    let somebody = market.visitor();
    for query in ["q=gestion+d%27agenda", "q=agneda&lang=fr", "q=calendars&lang=en", "q=GESTION%20DE%20CALENDRIERS"] {
        let answer = somebody.api("GET", &format!("/skills?{query}&limit=3"), None).expect(200).json();
        assert_eq!(answer["items"][0]["slug"], "calendar-management", "{query}: {answer}");
        assert_eq!(answer["items"][0]["parent"], "organisation");
    }
    let all = somebody.api("GET", "/skills?limit=500&lang=en", None).expect(200).json();
    assert!(all["items"].as_array().is_some_and(|items| items.len() >= 250), "the whole taxonomy");
    let first = somebody.api("GET", "/skills?limit=5", None).json();
    let cursor = first["next_cursor"].as_str().expect("more pages").to_owned();
    let second = somebody.api("GET", &format!("/skills?limit=5&cursor={cursor}"), None).json();
    assert_eq!(second["items"][0]["slug"], all["items"][5]["slug"]);
    assert_eq!(somebody.api("GET", "/skills?limit=0", None).status, 422);
    assert_eq!(somebody.api("GET", "/skills?colour=red", None).status, 400);
}

fn a_regulated_skill_says_what_the_law_says(market: &mut Market) {
    let somebody = market.visitor();
    let french = somebody.get("/fr/skills/debt-collection");
    assert_eq!(french.status, 200);
    assert!(french.body.contains("L124-1") && french.body.contains("/fr/assistants?skill=debt-collection"));
    let english = somebody.get("/en/skills/debt-collection");
    assert!(english.body.contains("Amicable debt collection") && english.body.contains("Words to avoid"));
    assert_eq!(somebody.get("/fr/skills").status, 200);
    assert_eq!(somebody.get("/fr/skills/juggling").status, 404);
    let answer = somebody.api("GET", "/skills?q=payroll%20processing&lang=en&limit=1", None).json();
    assert_eq!(answer["items"][0]["regulated"]["reviewed_on"], "2026-11-21");
}

fn the_european_classification_is_read_in_and_stays(market: &mut Market) {
    let head = "conceptType,conceptUri,preferredLabel,altLabels\n";
    let uri = "http://data.europa.eu/esco/skill/5fa6cd2f-9bab-4afa-a184-2d2f1401b770";
    let file = |label: &str, more: &str| format!("{head}KnowledgeSkillCompetence,{uri},{label},\"{more}\"\n");
    let read = |more: &str| {
        skills::read_esco(
            file("write meeting reports", more).as_bytes(),
            file("rédiger des comptes rendus", "").as_bytes(),
        )
        .expect("readable")
    };
    for more in ["record the meeting", "minute a session\nkeep minutes"] {
        let (found, report) = read(more);
        assert_eq!((report.kept, report.matched), (1, 1));
        market
            .block_on(market.app.as_system(move |act| {
                skills::keep_esco(act, &found)?;
                skills::finish_esco(act, &report)
            }))
            .expect("kept");
    }
    let kept = market.read(skills::list_esco);
    assert_eq!(kept.len(), 1, "a second import writes over the first");
    assert_eq!(kept[0].slug.as_deref(), Some("minutes"), "recognised by its address");
    assert_eq!(kept[0].alternatives, ["minute a session", "keep minutes"]);
}

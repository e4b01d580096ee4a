//! The engine without a database: documents in, questions, results out.

use super::engine::Search;
use super::model::{Doc, Filters, Found, Place, Question, Side, Sort, WantedLanguage, WeekBits};
use super::shelf::inspect;
use super::words::Words;
use base::money::{Currency, Money, Rate, RateKind};
use base::time::Moment;
use base::trade::{Cefr, Kind, LanguageLevel, Mode, Sector};
use base::week::{Grid, Hour, Stretch};
use kit::facts::Cursor;

const NOW: Moment = Moment(1_790_000_000_000_000);

struct Room {
    search: Search,
    _folder: tempfile::TempDir,
}

fn room(side: Side, docs: &[Doc]) -> Room {
    let folder = tempfile::tempdir().expect("a folder");
    let search = Search::bare(folder.path()).expect("a search");
    let shelf = search.shelf(side);
    let build = shelf.begin(Cursor::default(), 0).expect("a build").expect("nobody else builds");
    build.add(docs, &Words::new(&[])).expect("written");
    shelf.finish(build).expect("built");
    Room { search, _folder: folder }
}

fn job(id: i64, title: &str, body: &str, skills: &[&str]) -> Doc {
    Doc {
        id,
        title: title.into(),
        body: vec![body.into()],
        skills: skills.iter().map(|slug| (*slug).to_owned()).collect(),
        kinds: vec![Kind::Virtual],
        mode: Some(Mode::Remote),
        rates: vec![Rate::hourly(Money { amount: 3000 + id * 100, currency: Currency::Eur })],
        zone: "Europe/Paris".into(),
        at: NOW.0 / 1_000_000 - id * 3600,
        ..Doc::default()
    }
}

fn asked(text: &str) -> Question {
    Question { text: text.into(), limit: 20, ..Question::default() }
}

impl Room {
    fn find(&self, side: Side, question: &Question) -> Found {
        self.search.find(side, question, NOW).expect("no error").expect("an index")
    }

    fn ids(&self, text: &str) -> Vec<i64> {
        self.find(Side::Jobs, &asked(text)).hits.iter().map(|hit| hit.id).collect()
    }

    fn filtered(&self, side: Side, filters: Filters) -> Vec<i64> {
        let mut ids: Vec<i64> = self
            .find(side, &Question { filters, limit: 50, ..Question::default() })
            .hits
            .iter()
            .map(|hit| hit.id)
            .collect();
        ids.sort_unstable();
        ids
    }
}

fn market() -> Room {
    room(
        Side::Jobs,
        &[
            job(
                1,
                "Gestion d’agenda pour une dirigeante",
                "Rendez-vous, rappels et arbitrages.",
                &["calendar-management"],
            ),
            job(
                2,
                "Calendar management for a founder",
                "Diary, travel and follow-up.",
                &["calendar-management", "travel-planning"],
            ),
            job(3, "Comptes rendus de réunions", "Rédiger le compte rendu de deux réunions par mois.", &["minutes"]),
            job(4, "Relance de factures", "Suivi des règlements d’un artisan plombier.", &["payment-reminders"]),
            job(
                5,
                "Mise à jour d’un site WordPress",
                "Articles et photos, en télétravail.",
                &["website-updates", "wordpress"],
            ),
        ],
    )
}

#[test]
fn a_question_in_one_language_finds_listings_in_both() {
    let market = market();
    for text in ["gestion d'agenda", "Gestion d’agendas", "calendar management", "diary management", "gestion d'agneda"]
    {
        let found = market.ids(text);
        assert_eq!(found.len(), 2, "{text}: {found:?}");
        assert!(found.contains(&1) && found.contains(&2), "{text}: {found:?}");
    }
}

#[test]
fn plurals_accents_elisions_and_one_typo_are_forgiven() {
    let market = market();
    for (text, id) in [
        ("reunion", 3),
        ("RÉUNIONS", 3),
        ("compte rendu", 3),
        ("l’artisan", 4),
        ("plombiers", 4),
        ("plmobier", 4),
        ("facutre", 4),
        ("wordpres", 5),
        ("word", 5),
        ("remote", 5),
        ("plomb", 4),
    ] {
        assert_eq!(market.ids(text).first(), Some(&id), "{text}: {:?}", market.ids(text));
    }
    assert!(market.ids("zzyzx").is_empty());
}

#[test]
fn strange_questions_are_only_words() {
    let market = market();
    for text in [
        "title:agenda",
        "agenda AND (",
        "\"agenda",
        "*",
        "a".repeat(5000).as_str(),
        "id:[* TO *]",
        "\u{0}",
        "' OR 1=1 --",
    ] {
        let found = market.find(Side::Jobs, &asked(text));
        assert!(found.hits.len() <= 5, "{text}");
    }
    assert_eq!(market.ids("").len(), 5);
}

#[test]
fn when_no_listing_holds_every_word_some_words_are_enough() {
    let market = market();
    let found = market.find(Side::Jobs, &asked("wordpress plombier"));
    assert!(found.widened);
    assert_eq!(found.hits.len(), 2);
    assert!(!market.find(Side::Jobs, &asked("wordpress photos")).widened);
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat() {
    let docs: Vec<Doc> = (1..=57).map(|id| job(id, "Gestion d’agenda", "Texte", &["calendar-management"])).collect();
    let market = room(Side::Jobs, &docs);
    for sort in Sort::ALL {
        for text in ["", "agenda"] {
            let (mut seen, mut after) = (Vec::new(), None::<Place>);
            loop {
                let found = market.find(Side::Jobs, &Question { sort, after, limit: 10, ..asked(text) });
                assert_eq!(found.total, 57);
                seen.extend(found.hits.iter().map(|hit| hit.id));
                after = found.next;
                if after.is_none() {
                    break;
                }
            }
            let mut unique = seen.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!((seen.len(), unique.len()), (57, 57), "{sort:?} {text}");
            match sort {
                Sort::Newest => assert_eq!(seen.first(), Some(&1)),
                Sort::Rate => assert_eq!(seen.first(), Some(&57), "the best paid"),
                Sort::Relevance => {}
            }
        }
    }
}

#[test]
fn the_best_are_the_same_however_few_are_wanted() {
    const DAY: i64 = 86_400;
    // Words, age and merit pull in different directions.
    let listing = |id: i64| Doc {
        at: NOW.0 / 1_000_000 - id * 37 % 80 * DAY,
        completeness: id * 17 % 101,
        reviews: id * 29 % 101,
        verified: id % 3 == 0,
        demoted: id % 11 == 0,
        ..job(id, if id % 7 == 0 { "Agenda" } else { "Aide" }, &"agenda partagé ".repeat(id as usize % 5 + 1), &[])
    };
    // The same words and every merit, each newer than the one before: the last ones get all that can be got.
    let perfect = |number: i64| Doc {
        at: NOW.0 / 1_000_000 - (90 - 3 * number) * DAY,
        completeness: 100,
        reviews: 100,
        verified: true,
        ..job(number << 21, "Agenda", "agenda", &[])
    };
    let worlds: [Vec<Doc>; 2] = [(1..=300).map(listing).collect(), (1..=30).map(perfect).collect()];
    for (side, docs) in Side::ALL.into_iter().flat_map(|side| worlds.iter().map(move |docs| (side, docs))) {
        let room = room(side, docs);
        let best = |limit: usize| -> Vec<i64> {
            let found = room.find(side, &Question { limit, ..asked("agenda") });
            assert_eq!(found.total, docs.len());
            found.hits.iter().map(|hit| hit.id).collect()
        };
        let all = best(docs.len());
        for limit in [1, 5, 20] {
            assert_eq!(best(limit), all[..limit], "{limit} of {}", side.name());
        }
    }
}

#[test]
fn a_facet_counts_what_each_choice_would_leave() {
    let mut docs: Vec<Doc> = (1..=6).map(|id| job(id, "Agenda", "Texte", &["calendar-management"])).collect();
    docs[0].mode = Some(Mode::OnSite);
    docs[0].town = Some("Nîmes".into());
    docs[1].mode = Some(Mode::OnSite);
    docs[1].kinds = vec![Kind::Executive, Kind::Virtual];
    docs[2].sectors = vec![Sector::Legal];
    docs[3].rates = vec![Rate {
        kind: RateKind::Monthly,
        money: Money { amount: 90_000, currency: Currency::Eur },
        hours: Some(20),
    }];
    let market = room(Side::Jobs, &docs);
    let filters = Filters { mode: Some(Mode::OnSite), ..Filters::default() };
    let found = market.find(Side::Jobs, &Question { filters, limit: 20, ..Question::default() });
    assert_eq!(found.total, 2);
    let count =
        |list: &[super::Facet], value: &str| list.iter().find(|facet| facet.value == value).map(|facet| facet.count);
    assert_eq!(count(&found.facets.mode, "on_site"), Some(2));
    assert_eq!(count(&found.facets.mode, "remote"), Some(4), "what the other choice would leave");
    assert_eq!(count(&found.facets.kind, "virtual"), Some(2));
    assert_eq!(count(&found.facets.kind, "executive"), Some(1));
    assert_eq!(count(&found.facets.place, "Nîmes"), Some(1));
    assert_eq!(count(&found.facets.skill, "calendar-management"), Some(2));
    assert_eq!(count(&found.facets.sector, "legal"), None);
    let town = Filters { town: Some("nimes".into()), ..Filters::default() };
    assert_eq!(market.filtered(Side::Jobs, town), [1]);
}

#[test]
fn rates_and_hours_are_ranges() {
    let market = market();
    let range = |least, most| Filters { rate_min: least, rate_max: most, ..Filters::default() };
    assert_eq!(market.filtered(Side::Jobs, range(Some(3300), None)), [3, 4, 5]);
    assert_eq!(market.filtered(Side::Jobs, range(None, Some(3200))), [1, 2]);
    assert_eq!(market.filtered(Side::Jobs, range(Some(3200), Some(3300))), [2, 3]);
    let monthly = Filters { rate_kind: Some(RateKind::Monthly), ..range(Some(1), None) };
    assert!(market.filtered(Side::Jobs, monthly).is_empty());
    let dollars = Filters { currency: Some(Currency::Cad), ..range(Some(1), None) };
    assert!(market.filtered(Side::Jobs, dollars).is_empty(), "other money is not compared");
}

fn assistant(id: i64, zone: &str, from: i32, to: i32) -> Doc {
    Doc {
        id,
        title: "Assistante".into(),
        grid: Grid::weekdays(&[Stretch(Hour(from * 60), Hour(to * 60))]),
        zone: zone.into(),
        hours: Some(20),
        languages: vec![LanguageLevel { tag: "en-GB".into(), cefr: Cefr::B2 }],
        verified: id % 2 == 0,
        at: NOW.0 / 1_000_000 - 86_400,
        ..Doc::default()
    }
}

#[test]
fn availability_is_overlap_of_hours_across_zones() {
    let people = room(
        Side::Assistants,
        &[
            assistant(1, "Europe/Paris", 9, 12),
            assistant(2, "America/Toronto", 3, 6),
            assistant(3, "America/Toronto", 9, 12),
            assistant(4, "Indian/Reunion", 11, 14),
        ],
    );
    // NOW is in September: Paris is at +120, Toronto at −240, Réunion at +240.
    let mornings = Grid { tue: vec![Stretch(Hour(540), Hour(720))], ..Grid::default() };
    let filters = Filters { available: mornings, offset_minutes: 120, ..Filters::default() };
    assert_eq!(people.filtered(Side::Assistants, filters.clone()), [1, 2, 4]);
    let found = people.find(Side::Assistants, &Question { filters, limit: 9, ..Question::default() });
    assert!(found.hits.iter().all(|hit| hit.why.availability > 0.0));
    assert_eq!(people.filtered(Side::Assistants, Filters { hours: Some(21), ..Filters::default() }), [0i64; 0]);
    assert_eq!(WeekBits::default().count(), 0);
}

#[test]
fn languages_are_asked_with_a_least_level() {
    let people = room(Side::Assistants, &[assistant(1, "Europe/Paris", 9, 12)]);
    let wants =
        |at_least| Filters { languages: vec![WantedLanguage { tag: "en".into(), at_least }], ..Filters::default() };
    assert_eq!(people.filtered(Side::Assistants, wants(None)), [1]);
    assert_eq!(people.filtered(Side::Assistants, wants(Some(Cefr::B1))), [1]);
    assert_eq!(people.filtered(Side::Assistants, wants(Some(Cefr::C1))), [0i64; 0]);
}

#[test]
fn newcomers_take_turns_and_only_once_verified() {
    let docs: Vec<Doc> =
        (0..60).map(|n| Doc { id: n << 21, verified: n % 2 == 0, ..assistant(1, "Europe/Paris", 9, 12) }).collect();
    let people = room(Side::Assistants, &docs);
    let lifted = |now: Moment| -> Vec<i64> {
        let found = people
            .search
            .find(Side::Assistants, &Question { limit: 100, ..Question::default() }, now)
            .expect("no error")
            .expect("an index");
        found.hits.iter().filter(|hit| hit.why.newcomer > 0.0).map(|hit| hit.id).collect()
    };
    let days: Vec<Vec<i64>> = (0..3).map(|day| lifted(NOW.plus_days(day))).collect();
    assert_eq!(days.iter().map(Vec::len).sum::<usize>(), 30, "each verified newcomer once in three days");
    assert!(days.iter().all(|day| day.len() == 10 && day.iter().all(|id| (id >> 21) % 2 == 0)));
    assert!(lifted(NOW.plus_days(90)).is_empty());
}

#[test]
fn the_demoted_come_last_whatever_they_say() {
    let mut docs =
        vec![job(1, "Agenda agenda agenda", "agenda", &["calendar-management"]), job(2, "Divers", "un agenda", &[])];
    docs[0].demoted = true;
    let market = room(Side::Jobs, &docs);
    assert_eq!(market.ids("agenda"), [2, 1]);
}

#[test]
fn what_is_written_again_replaces_what_was_there() {
    let market = market();
    let shelf = market.search.shelf(Side::Jobs);
    let changed = job(4, "Recherche de fournisseurs", "Rien d’autre.", &[]);
    shelf.write(&[4, 3], &[changed], &Words::new(&[]), Cursor { tx: 0, seq: 9 }).expect("written");
    assert!(market.ids("plombier").is_empty() && market.ids("réunions").is_empty());
    assert_eq!(market.ids("fournisseur"), [4]);
    assert_eq!(shelf.payload().map(|payload| payload.cursor.seq), Some(9));
}

#[test]
fn choices_are_counted_again_when_an_index_takes_the_place_of_another() {
    let market = market();
    let everything = Question { limit: 50, ..Question::default() };
    let before = market.find(Side::Jobs, &everything);
    let shelf = market.search.shelf(Side::Jobs);
    let build = shelf.begin(Cursor::default(), 1).expect("a build").expect("nobody else builds");
    build.add(&[job(90, "Agenda", "", &["calendar-management"])], &Words::new(&[])).expect("written");
    shelf.finish(build).expect("built");
    let after = market.find(Side::Jobs, &everything);
    assert!(before.total > 1 && before.facets.skill.len() > 1, "{before:?}");
    assert_eq!((after.total, after.facets.skill.len(), after.facets.skill[0].count), (1, 1, 1));
}

#[test]
fn whoever_comes_second_reads_and_takes_over_when_the_first_lets_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Search::bare(folder.path()).expect("a search");
    let shelf = first.shelf(Side::Jobs);
    shelf.finish(shelf.begin(Cursor::default(), 0).expect("a build").expect("nobody else builds")).expect("built");
    let second = Search::bare(folder.path()).expect("a second one");
    let reading = second.shelf(Side::Jobs);
    assert!(reading.is_written_elsewhere() && second.has_turned());
    assert!(!reading.take_over().expect("no error") && !second.has_turned(), "nothing was written");
    shelf.write(&[], &[job(1, "Agenda", "", &[])], &Words::new(&[]), Cursor { tx: 0, seq: 4 }).expect("written");
    assert!(!reading.take_over().expect("no error"), "it only sees what is new");
    assert!(second.has_turned());
    let found = second.find(Side::Jobs, &asked("agenda"), NOW).expect("no error").expect("an index");
    assert_eq!(found.total, 1);
    drop(first);
    assert!(reading.take_over().expect("no error"));
    assert_eq!(reading.payload().map(|payload| payload.cursor.seq), Some(4));
}

#[test]
fn a_broken_or_foreign_index_is_set_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    let cursor = Cursor { tx: 0, seq: 7 };
    {
        let search = Search::bare(folder.path()).expect("a search");
        assert!(!search.is_ready());
        for side in Side::ALL {
            let build = search.shelf(side).begin(cursor, 3).expect("a build").expect("nobody else builds");
            search.shelf(side).finish(build).expect("built");
        }
        assert!(search.is_ready());
    }
    let again = Search::bare(folder.path()).expect("a search");
    assert_eq!(again.shelf(Side::Jobs).payload().map(|payload| (payload.cursor, payload.request)), Some((cursor, 3)));
    drop(again);
    let current = folder.path().join("index/jobs/current");
    let generation = std::fs::read_to_string(&current).expect("a name");
    std::fs::write(folder.path().join("index/jobs").join(generation).join("meta.json"), "{ broken").expect("broken");
    let broken = Search::bare(folder.path()).expect("opens all the same");
    assert!(broken.shelf(Side::Jobs).searchable().is_none());
    assert!(broken.shelf(Side::Assistants).searchable().is_some());
    assert!(!current.exists());
}

#[test]
fn whoever_looks_at_an_index_sees_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(inspect(folder.path(), Side::Jobs).expect("nothing wrong"), None);
    let search = Search::bare(folder.path()).expect("a search");
    let shelf = search.shelf(Side::Jobs);
    let build = shelf.begin(Cursor::default(), 0).expect("a build").expect("nobody else builds");
    assert!(shelf.begin(Cursor::default(), 0).expect("no error").is_none(), "one builds at a time");
    build.add(&[job(1, "Agenda", "", &[])], &Words::new(&[])).expect("added");
    shelf.finish(build).expect("built");
    assert_eq!(inspect(folder.path(), Side::Jobs).expect("nothing wrong"), Some(1), "also beside its writer");
    drop(search);
    let generation = std::fs::read_to_string(folder.path().join("index/jobs/current")).expect("a name");
    let files = std::fs::read_dir(folder.path().join("index/jobs").join(generation)).expect("files");
    let terms = files.flatten().find(|file| file.path().extension().is_some_and(|end| end == "term")).expect("terms");
    let mut bytes = std::fs::read(terms.path()).expect("bytes");
    bytes[3] ^= 0xFF;
    std::fs::write(terms.path(), bytes).expect("damaged");
    assert!(inspect(folder.path(), Side::Jobs).is_err());
}

//! The assistants of the demo world: twelve known well, the others varied from lists, all through the real verbs.

use std::collections::BTreeMap;

use serde_json::json;

use super::as_account;
use super::library::{COMMISSIONS, Commission};
use super::luggage::{self, Luggage};
use super::pictures::Features;
use accounts::{Email, Hats, Registration};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::lang::Lang;
use base::text::slug;
use base::time::Zone;
use kit::act::Act;
use kit::files;
use profiles::{Changes, ItemDraft};

const FIRST_NAMES: [&str; 50] = [
    "Samira",
    "Élodie",
    "Thierry",
    "Awa",
    "Chloé",
    "Marc",
    "Valérie",
    "Inès",
    "Julien",
    "Fatou",
    "Mélanie",
    "Pascal",
    "Aurélie",
    "Yasmine",
    "Bruno",
    "Céline",
    "Rokhaya",
    "Damien",
    "Hélène",
    "Kevin",
    "Lucie",
    "Mariam",
    "Nicolas",
    "Océane",
    "Philippe",
    "Rachida",
    "Sébastien",
    "Tatiana",
    "Ulysse",
    "Véronique",
    "William",
    "Xavier",
    "Yolande",
    "Zoé",
    "Annick",
    "Benoît",
    "Corinne",
    "Djibril",
    "Estelle",
    "Fabien",
    "Géraldine",
    "Habib",
    "Isaline",
    "Jérôme",
    "Karine",
    "Loïc",
    "Manon",
    "Noémie",
    "Oumar",
    "Pauline",
];
const SURNAMES: [&str; 30] = [
    "Bernard",
    "Hoarau",
    "Tremblay",
    "Diallo",
    "Lefèvre",
    "Garnier",
    "Payet",
    "Rousseau",
    "Faye",
    "Meunier",
    "Bouchard",
    "Cissé",
    "Morel",
    "Grondin",
    "Lacroix",
    "Sow",
    "Fabre",
    "Pelletier",
    "Barbier",
    "Sarr",
    "Renaud",
    "Fontaine",
    "Gagné",
    "Bourgeois",
    "Ba",
    "Vidal",
    "Leroux",
    "Côté",
    "Ndour",
    "Charpentier",
];
const PLACES: [(&str, &str, &str); 10] = [
    ("Nantes", "Europe/Paris", "FR"),
    ("Lyon", "Europe/Paris", "FR"),
    ("Saint-Denis", "Indian/Reunion", "FR"),
    ("Lille", "Europe/Paris", "FR"),
    ("Montréal", "America/Montreal", "CA"),
    ("Toulouse", "Europe/Paris", "FR"),
    ("Dakar", "Africa/Dakar", "SN"),
    ("Rennes", "Europe/Paris", "FR"),
    ("Marseille", "Europe/Paris", "FR"),
    ("Saint-Pierre", "Indian/Reunion", "FR"),
];
const SECTORS: [&str; 8] =
    ["legal", "medical", "corporate", "creative", "real_estate", "crafts", "e_commerce", "training"];

/// Those whom a visitor meets first: headline, presentation, a result worth telling.
const KNOWN: [(&str, &str, &str); 12] = [
    (
        "Des agendas qui tiennent, des dirigeants qui respirent",
        "Dix-huit ans auprès de dirigeants de PME industrielles. Je commence toujours par une semaine type : deux demi-journées protégées, des rendez-vous confirmés la veille, et un point de dix minutes le lundi. Ce que je ne sais pas, je le demande ; ce qui va mal tourner, je le dis tôt.",
        "Réunions qui commencent à l’heure : de une sur deux à neuf sur dix en trois mois.",
    ),
    (
        "Vos factures partent le vendredi, vos clients paient",
        "Ancienne gestionnaire de facturation dans le bâtiment. Je relance avec tact et constance, et je rends un tableau que l’on comprend d’un coup d’œil. L’imputation reste à votre expert-comptable : je lui prépare un dossier propre.",
        "Encours échu divisé par deux en un semestre, sans perdre un client.",
    ),
    (
        "Le secrétariat juridique sans fautes ni retard",
        "Quinze ans en cabinet d’avocats. Frappe, mise en forme, échéancier, dépôt. Je ne conseille pas : je veille à ce que rien ne manque et que tout parte à temps.",
        "Aucune échéance manquée en six ans de suivi.",
    ),
    (
        "Des voyages d’affaires sans mauvaise surprise",
        "Je prépare des déplacements comme je les aimerais : le bon train, l’hôtel calme, la feuille de route d’une page, un plan B. Je compare et je prépare ; vous réservez, ou je réserve sur vos comptes.",
        "Budget de déplacement réduit d’un cinquième, à confort égal.",
    ),
    (
        "Une voix au téléphone qui rassure",
        "Onze ans d’accueil médical, puis l’indépendance. J’écoute, je trie, je transmets dans le quart d’heure. La discrétion est mon métier.",
        "Neuf appels sur dix traités sans déranger le cabinet.",
    ),
    (
        "Vos procédures écrites, enfin",
        "J’interroge, j’écris une page, je fais essayer par quelqu’un d’autre. Une procédure qui ne marche que pour son auteur n’en est pas une.",
        "Quarante procédures écrites et utilisées dans trois associations.",
    ),
    (
        "Des réseaux sociaux qui vous ressemblent",
        "Je tiens des calendriers éditoriaux pour des librairies, des artisans et des lieux de culture. Trois bonnes publications valent mieux que dix.",
        "Fréquentation des ateliers doublée en une saison.",
    ),
    (
        "L’anglais juste, à Londres comme à Montréal",
        "Traductrice et relectrice, installée à Montréal. Je traduis vers l’anglais et le français du Québec ; je signale ce qui ne se dit pas ailleurs.",
        "Soixante pages relues par mois, glossaire tenu à jour.",
    ),
    (
        "L’administratif des familles, sans drame",
        "Assurances, écoles, remboursements, déménagements : je trie, je lance, je suis. Les familles gardent la décision, je garde les dates.",
        "Un déménagement outre-mer sans un papier perdu.",
    ),
    (
        "Des tableaux qui disent la vérité",
        "Je construis des tableurs simples, qui additionnent juste et que l’on peut reprendre sans moi. Trésorerie, heures, budgets de projet.",
        "Décisions prises sur treize semaines de visibilité au lieu de trois.",
    ),
    (
        "Automatiser ce qui se recopie",
        "Formulaire, facture, convocation : si c’est recopié deux fois, cela s’automatise. Je documente tout, pour que vous ne dépendiez pas de moi.",
        "Six heures de saisie en moins par semaine dans un organisme de formation.",
    ),
    (
        "Le bras droit des projets qui ont une date",
        "Déménagements de bureaux, séminaires, lancements. Un planning tenu, un point par semaine, des alertes tôt.",
        "Quatre déménagements livrés le jour dit.",
    ),
];

/// The commissions that this assistant answers: five or more assistants for each.
pub fn answers(number: usize, commission: usize) -> bool {
    specialities(number).contains(&commission)
}

pub fn specialities(number: usize) -> [usize; 3] {
    let all = COMMISSIONS.len();
    [number % all, (number * 3 + 11) % all, (number * 5 + 23) % all]
}

/// The language that an assistant uses the site in.
pub fn lang(number: usize) -> Lang {
    if number % 11 == 7 { Lang::En } else { Lang::Fr }
}

pub fn features(number: usize) -> Features {
    luggage::features(number, FIRST_NAMES[number % FIRST_NAMES.len()])
}

/// Signs up assistant `number`, writes and publishes the profile, and hangs up what the luggage holds; `more` stands
/// behind the presentation.
pub fn sign_up(act: &mut Act<'_>, hash: &str, number: usize, luggage: &Luggage, more: &str) -> Result<AccountId> {
    let first = FIRST_NAMES[number % FIRST_NAMES.len()];
    let surname = SURNAMES[(number * 7 + number / FIRST_NAMES.len()) % SURNAMES.len()];
    let (town, zone, country) = PLACES[number % PLACES.len()];
    let new = Registration {
        email: Email::parse(&format!("{}.{}{number}@demo.example", slug(first), slug(surname)))
            .map_err(|code| Error::field("/email", code))?,
        display_name: format!("{first} {surname}"),
        lang: lang(number),
        zone: Zone::stored(zone),
        hats: Hats { client: false, assistant: true },
    };
    let account = accounts::register_confirmed(act, &new, hash)?;
    let chosen: Vec<&Commission> = specialities(number).into_iter().map(|at| &COMMISSIONS[at]).collect();
    let (mut content, private) = profile(number, first, surname, (town, zone, country), &chosen);
    if let Some(text) = content["presentation"]["fr"].as_str().filter(|_| !more.is_empty()) {
        content["presentation"]["fr"] = json!(format!("{text}\n\n{more}"));
    }
    let changes = Changes {
        content: Some(serde_json::from_value(content)?),
        private: Some(serde_json::from_value(private)?),
        indexable: Some(number.is_multiple_of(4)),
        ..Changes::default()
    };
    as_account(act, account, |act| {
        profiles::change(act, &changes)?;
        if let Some(portrait) = &luggage.portrait {
            let photo = files::keep(act, portrait)?.id;
            profiles::change(act, &Changes { photo: Some(Some(photo)), ..Changes::default() })?;
        }
        for (at, commission) in chosen.iter().take(2).enumerate() {
            let item = profiles::add_item(act, &sample(commission, at, lang(number)))?;
            if !luggage.samples[at].is_empty() {
                profiles::attach(act, item.id, &luggage.samples[at])?;
            }
        }
        profiles::publish(act)
    })?;
    Ok(account)
}

fn profile(
    number: usize,
    first: &str,
    surname: &str,
    (town, zone, country): (&str, &str, &str),
    chosen: &[&Commission],
) -> (serde_json::Value, serde_json::Value) {
    let years = 3 + number % 17;
    let mut skills: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for (at, commission) in chosen.iter().enumerate() {
        for slug in commission.skills() {
            let level = ["expert", "good", "good"][at % 3];
            skills
                .entry(slug.clone())
                .or_insert(json!({"slug": slug, "level": level, "years": years.min(20) / (at + 1)}));
        }
    }
    let lead = chosen[0].words(Lang::Fr);
    let lead_en = chosen[0].words(Lang::En);
    let (headline, french, result) = match KNOWN.get(number) {
        Some((headline, text, result)) => ((*headline).to_owned(), (*text).to_owned(), (*result).to_owned()),
        None => (
            format!("{} et autres tâches tenues jusqu’au bout", lead.title),
            format!(
                "Indépendante ou indépendant depuis {years} ans, je travaille surtout sur ceci : {}. Au quotidien : {} Je rends compte chaque vendredi et je préviens dès qu’un délai est en danger.",
                lead.title.to_lowercase(),
                lead.tasks.join(", ").to_lowercase() + "."
            ),
            "Un client sur deux revient pour une deuxième mission.".to_owned(),
        ),
    };
    let english = format!(
        "{years} years of assistance. Mostly: {}. I report every Friday and warn early when a date is in danger.",
        lead_en.title.to_lowercase()
    );
    let low = chosen.iter().map(|commission| commission.rate[0]).min().unwrap_or(28);
    let hourly = (low + i64::try_from(number % 9).unwrap_or_default()) * 100;
    let mut languages = vec![json!({"tag": "fr", "cefr": "C2"})];
    if number.is_multiple_of(2) {
        languages.push(json!({"tag": "en", "cefr": (["B1", "B2", "C1"][number % 3])}));
    }
    if number.is_multiple_of(9) {
        languages.push(json!({"tag": "es", "cefr": "B2"}));
    }
    let mut grid = serde_json::Map::new();
    for (at, day) in ["mon", "tue", "wed", "thu", "fri"].into_iter().enumerate() {
        if !(number + at).is_multiple_of(4) {
            let hours = if (number + at).is_multiple_of(3) {
                json!([["14:00", "18:00"]])
            } else {
                json!([["09:00", "12:00"], ["14:00", "17:00"]])
            };
            grid.insert(day.to_owned(), hours);
        }
    }
    let content = json!({
        "first_name": first,
        "headline": headline,
        "presentation": {"fr": french, "en": english},
        "kinds": [chosen[0].kind],
        "sectors": [SECTORS[number % SECTORS.len()]],
        "skills": skills.into_values().collect::<Vec<_>>(),
        "languages": languages,
        "tools": ([["Outlook", "Trello", "Excel"], ["Google Workspace", "Notion", "Canva"], ["Pennylane", "HubSpot", "Teams"]][number % 3]),
        "experience": [{
            "role": "Assistante ou assistant de direction", "sector": SECTORS[number % SECTORS.len()],
            "employer": null, "from": format!("{}-09", 2023 - years), "to": "2023-06", "result": result,
        }],
        "education": [{"title": "BTS Support à l’action managériale", "school": "", "year": 2022 - years}],
        "rates": [{"kind": "hourly", "money": {"amount": hourly, "currency": "EUR"}}],
        "mode": if number % 6 == 5 { "hybrid" } else { "remote" },
        "place": {"town": town, "postcode": "", "country": country},
        "availability": {"time_zone": zone, "hours_per_week": 10 + (number % 5) * 5, "grid": grid},
    });
    let private = json!({"surname": surname, "street": "1 rue de la Demo", "postcode": "44000", "town": town, "country": country});
    (content, private)
}

/// A piece of work: the first is public, the second shown on request.
fn sample(commission: &Commission, at: usize, lang: Lang) -> ItemDraft {
    let words = commission.words(lang);
    let tasks = words.tasks.join("\n- ");
    let (title, story) = match lang {
        Lang::Fr => (
            format!("{}\u{a0}: un extrait", words.title),
            format!("## La tâche\n\n{}\n\n## Ce qui a été fait\n\n- {tasks}\n", words.about),
        ),
        Lang::En => (
            format!("{}: an excerpt", words.title),
            format!("## The task\n\n{}\n\n## What was done\n\n- {tasks}\n", words.about),
        ),
    };
    ItemDraft {
        title,
        story,
        skills: commission.skills(),
        visibility: if at == 0 { profiles::Visibility::Public } else { profiles::Visibility::OnRequest },
        ..ItemDraft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_assistants_or_more_answer_each_commission() {
        for commission in 0..COMMISSIONS.len() {
            let able = (0..150).filter(|number| answers(*number, commission)).count();
            assert!(able >= 5, "{commission}: {able}");
        }
    }
}

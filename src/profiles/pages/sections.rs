//! The sections of the editor: what each asks, what it starts with, and how its answers become the profile.

use super::fields::{Field, Group, Look, Sent};
use crate::model::{Absence, Certification, Content, Education, Experience, Limits, Private, Profile, SkillLevel};
use base::error::{Fields, Result};
use base::lang::Lang;
use base::money::{Currency, Money, Rate, RateKind, parse};
use base::time::{Day, Zone};
use base::trade::{Cefr, Kind, LANGUAGES, LanguageLevel, Level, Mode, Place, Sector};
use base::week::{DAYS, Stretch};
use kit::words::{self, Word};

/// The pages of the editor, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Identity,
    Presentation,
    Kinds,
    Skills,
    Languages,
    Experience,
    Education,
    Rates,
    Place,
    Availability,
    Private,
}

impl Section {
    pub const ALL: [Section; 11] = [
        Section::Identity,
        Section::Presentation,
        Section::Kinds,
        Section::Skills,
        Section::Languages,
        Section::Experience,
        Section::Education,
        Section::Rates,
        Section::Place,
        Section::Availability,
        Section::Private,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Section::Identity => "identity",
            Section::Presentation => "presentation",
            Section::Kinds => "kinds",
            Section::Skills => "skills",
            Section::Languages => "languages",
            Section::Experience => "experience",
            Section::Education => "education",
            Section::Rates => "rates",
            Section::Place => "place",
            Section::Availability => "availability",
            Section::Private => "private",
        }
    }

    pub fn find(code: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.code() == code)
    }

    pub fn title(self) -> &'static str {
        match self {
            Section::Identity => "profiles.section_identity",
            Section::Presentation => "profiles.section_presentation",
            Section::Kinds => "profiles.section_kinds",
            Section::Skills => "profiles.section_skills",
            Section::Languages => "profiles.section_languages",
            Section::Experience => "profiles.section_experience",
            Section::Education => "profiles.section_education",
            Section::Rates => "profiles.section_rates",
            Section::Place => "profiles.section_place",
            Section::Availability => "profiles.section_availability",
            Section::Private => "profiles.section_private",
        }
    }

    pub fn lede(self) -> &'static str {
        match self {
            Section::Identity => "profiles.lede_identity",
            Section::Presentation => "profiles.lede_presentation",
            Section::Kinds => "profiles.lede_kinds",
            Section::Skills => "profiles.lede_skills",
            Section::Languages => "profiles.lede_languages",
            Section::Experience => "profiles.lede_experience",
            Section::Education => "profiles.lede_education",
            Section::Rates => "profiles.lede_rates",
            Section::Place => "profiles.lede_place",
            Section::Availability => "profiles.lede_availability",
            Section::Private => "profiles.lede_private",
        }
    }

    /// The next page, or none after the last.
    pub fn next(self) -> Option<Section> {
        let at = Section::ALL.iter().position(|section| *section == self)?;
        Section::ALL.get(at + 1).copied()
    }

    /// What the form starts with.
    pub fn start(self, profile: &Profile, lang: Lang) -> Sent {
        let mut sent = Sent::default();
        let content = &profile.content;
        match self {
            Section::Identity => {
                sent.put("first_name", &content.first_name);
                sent.put("headline", &content.headline);
                sent.put("indexable", profile.indexable);
            }
            Section::Presentation => {
                for (lang, text) in &content.presentation {
                    sent.put(format!("presentation.{lang}"), text);
                }
            }
            Section::Kinds => {
                content.kinds.iter().for_each(|kind| sent.put("kinds", kind));
                content.sectors.iter().for_each(|sector| sent.put("sectors", sector));
            }
            Section::Skills => {
                for (at, skill) in content.skills.iter().enumerate() {
                    sent.put(format!("skills.{at}.slug"), skills::label(&skill.slug, lang));
                    sent.put(format!("skills.{at}.level"), skill.level);
                    sent.put(format!("skills.{at}.years"), skill.years);
                }
                sent.put("tools", content.tools.join("\n"));
            }
            Section::Languages => {
                for (at, language) in content.languages.iter().enumerate() {
                    sent.put(format!("languages.{at}.tag"), &language.tag);
                    sent.put(format!("languages.{at}.cefr"), language.cefr);
                }
            }
            Section::Experience => {
                for (at, position) in content.experience.iter().enumerate() {
                    let name = |field: &str| format!("experience.{at}.{field}");
                    sent.put(name("role"), &position.role);
                    sent.put_some(name("sector"), position.sector);
                    sent.put_some(name("employer"), position.employer.as_ref());
                    sent.put(name("from"), &position.from);
                    sent.put_some(name("to"), position.to.as_ref());
                    sent.put(name("result"), &position.result);
                }
            }
            Section::Education => {
                for (at, degree) in content.education.iter().enumerate() {
                    sent.put(format!("education.{at}.title"), &degree.title);
                    sent.put(format!("education.{at}.school"), &degree.school);
                    sent.put_some(format!("education.{at}.year"), degree.year);
                }
                for (at, proof) in content.certifications.iter().enumerate() {
                    sent.put(format!("certifications.{at}.title"), &proof.title);
                    sent.put(format!("certifications.{at}.issuer"), &proof.issuer);
                    sent.put_some(format!("certifications.{at}.year"), proof.year);
                }
            }
            Section::Rates => {
                let currency = content.rates.first().map_or(Currency::Eur, |rate| rate.money.currency);
                sent.put("currency", currency.code());
                for rate in &content.rates {
                    sent.put(rate.kind.as_str(), typed(rate.money, lang));
                    sent.put_some("monthly_hours", rate.hours);
                }
            }
            Section::Place => {
                sent.put_some("mode", content.mode);
                let place = content.place.clone().unwrap_or_default();
                sent.put("place.town", place.town);
                sent.put_some("place.postcode", place.postcode);
                sent.put("place.country", if place.country.is_empty() { "FR".into() } else { place.country });
                sent.put_some("radius_km", content.radius_km);
                sent.put_some("travel_price", content.travel_price.map(|money| typed(money, lang)));
            }
            Section::Availability => {
                let free = &content.availability;
                sent.put("availability.time_zone", &free.time_zone);
                sent.put_some("availability.hours_per_week", free.hours_per_week);
                sent.put_some("availability.from", free.from);
                for (day, stretches) in DAYS.iter().zip(free.grid.days()) {
                    let text: Vec<String> =
                        stretches.iter().map(|stretch| format!("{}-{}", stretch.0, stretch.1)).collect();
                    sent.put(format!("availability.grid.{day}"), text.join(", "));
                }
                for (at, away) in free.absences.iter().enumerate() {
                    sent.put(format!("availability.absences.{at}.from"), away.from);
                    sent.put(format!("availability.absences.{at}.to"), away.to);
                }
            }
            Section::Private => {
                let private = &profile.private;
                sent.put("private.surname", &private.surname);
                sent.put("private.business_name", &private.business_name);
                sent.put("private.street", &private.street);
                sent.put("private.postcode", &private.postcode);
                sent.put("private.town", &private.town);
                sent.put("private.country", if private.country.is_empty() { "FR" } else { private.country.as_str() });
                sent.put_some("private.siret", private.siret.as_ref());
            }
        }
        sent
    }

    /// Reads the answers into the profile. What cannot be read at all is named here; limits are the verb's.
    pub fn read(self, sent: &Sent, profile: &mut Profile, lang: Lang) -> Result<()> {
        let mut fields = Fields::new();
        let content = &mut profile.content;
        match self {
            Section::Identity => {
                content.first_name = sent.get("first_name").to_string();
                content.headline = sent.get("headline").to_string();
                profile.indexable = sent.get("indexable") == "true";
                fields.check(!content.first_name.is_empty(), "/first_name", "profiles.required");
            }
            Section::Presentation => {
                for lang in Lang::ALL {
                    content.presentation.insert(lang, sent.get(&format!("presentation.{lang}")).to_string());
                }
            }
            Section::Kinds => {
                content.kinds = sent.all("kinds").into_iter().filter_map(|kind| kind.parse::<Kind>().ok()).collect();
                content.sectors =
                    sent.all("sectors").into_iter().filter_map(|word| word.parse::<Sector>().ok()).collect();
            }
            Section::Skills => {
                content.skills = read_skills(sent, lang, &mut fields);
                content.tools = sent.get("tools").split(['\n', ',', ';']).map(|tool| tool.trim().to_string()).collect();
            }
            Section::Languages => {
                content.languages = read_languages(sent, &mut fields);
            }
            Section::Experience => content.experience = read_experience(sent),
            Section::Education => {
                let year = |name: String, fields: &mut Fields| whole(sent, &name, "profiles.year", fields);
                content.education = sent
                    .rows("education")
                    .into_iter()
                    .map(|at| Education {
                        title: sent.get(&format!("education.{at}.title")).to_string(),
                        school: sent.get(&format!("education.{at}.school")).to_string(),
                        year: year(format!("education.{at}.year"), &mut fields),
                    })
                    .collect();
                content.certifications = sent
                    .rows("certifications")
                    .into_iter()
                    .map(|at| Certification {
                        title: sent.get(&format!("certifications.{at}.title")).to_string(),
                        issuer: sent.get(&format!("certifications.{at}.issuer")).to_string(),
                        year: year(format!("certifications.{at}.year"), &mut fields),
                    })
                    .collect();
            }
            Section::Rates => content.rates = read_rates(sent, lang, &mut fields),
            Section::Place => read_place(sent, content, lang, &mut fields),
            Section::Availability => read_availability(sent, content, &mut fields),
            Section::Private => {
                let text = |name: &str| sent.get(&format!("private.{name}")).to_string();
                profile.private = Private {
                    surname: text("surname"),
                    business_name: text("business_name"),
                    street: text("street"),
                    postcode: text("postcode"),
                    town: text("town"),
                    country: text("country"),
                    siret: sent.some("private.siret"),
                }
                .tidy();
            }
        }
        profile.content = std::mem::take(&mut profile.content).tidy();
        fields.finish()
    }

    /// What the page asks, filled with what was sent.
    pub fn ask(self, sent: &Sent, lang: Lang) -> Vec<Group> {
        let say = |key: &str| words::say(lang, key).into_owned();
        let row = |key: &str, at: usize| words::say_with(lang, key, &[("value", Word::Text((at + 1).to_string()))]);
        let text = |name: &str, label: &str| Field::new(Look::Text, sent, name, say(label));
        match self {
            Section::Identity => vec![Group::plain(vec![
                text("first_name", "profiles.label_first_name").size("w-m"),
                text("headline", "profiles.label_headline").hint(say("profiles.hint_headline")),
                Field::new(Look::Check, sent, "indexable", say("profiles.label_indexable"))
                    .hint(say("profiles.hint_indexable")),
            ])],
            Section::Presentation => {
                let area = |lang: &str, label: &str| {
                    Field::new(Look::Area, sent, format!("presentation.{lang}"), say(label))
                        .hint(say("profiles.hint_presentation"))
                };
                let mut fields =
                    vec![area("fr", "profiles.label_presentation_fr"), area("en", "profiles.label_presentation_en")];
                if lang == Lang::En {
                    fields.reverse();
                }
                fields[1].optional = true;
                vec![Group::plain(fields)]
            }
            Section::Kinds => {
                let kinds = Kind::ALL.iter().map(|kind| (kind.to_string(), say(kind.key()))).collect();
                let sectors = Sector::ALL.iter().map(|sector| (sector.to_string(), say(sector.key()))).collect();
                vec![Group::plain(vec![
                    Field::new(Look::Checks, sent, "kinds", say("profiles.label_kinds")).among(sent, kinds),
                    Field::new(Look::Checks, sent, "sectors", say("profiles.label_sectors"))
                        .hint(say("profiles.hint_sectors"))
                        .among(sent, sectors),
                ])]
            }
            Section::Skills => {
                let levels: Vec<_> = Level::ALL.iter().map(|level| (level.to_string(), say(level.key()))).collect();
                let mut groups: Vec<Group> = shown_rows(sent, "skills", 5, 3, Limits::SKILLS)
                    .map(|at| {
                        let name = |field: &str| format!("skills.{at}.{field}");
                        let mut level = Field::new(Look::Select, sent, name("level"), say("profiles.label_level"));
                        if level.value.is_empty() {
                            level.value = Level::Good.to_string();
                        }
                        Group {
                            legend: row("profiles.row_skill", at),
                            fields: vec![
                                Field::new(Look::Skill, sent, name("slug"), say("profiles.label_skill")),
                                level.among(sent, levels.clone()).size("w-m"),
                                Field::new(Look::Number, sent, name("years"), say("profiles.label_years"))
                                    .size("w-s")
                                    .optional(),
                            ],
                        }
                    })
                    .collect();
                groups.push(Group::plain(vec![
                    Field::new(Look::Area, sent, "tools", say("profiles.label_tools"))
                        .hint(say("profiles.hint_tools"))
                        .optional(),
                ]));
                groups
            }
            Section::Languages => {
                let names: Vec<_> =
                    LANGUAGES.iter().map(|tag| ((*tag).to_string(), language_name(tag, lang))).collect();
                let levels: Vec<_> = Cefr::ALL.iter().map(|level| (level.to_string(), say(level.key()))).collect();
                shown_rows(sent, "languages", 2, 1, Limits::LANGUAGES)
                    .map(|at| Group {
                        legend: row("profiles.row_language", at),
                        fields: vec![
                            Field::new(
                                Look::Select,
                                sent,
                                format!("languages.{at}.tag"),
                                say("profiles.label_language"),
                            )
                            .among(sent, names.clone())
                            .size("w-m"),
                            Field::new(Look::Select, sent, format!("languages.{at}.cefr"), say("profiles.label_level"))
                                .among(sent, levels.clone())
                                .size("w-m"),
                        ],
                    })
                    .collect()
            }
            Section::Experience => {
                let sectors: Vec<_> =
                    Sector::ALL.iter().map(|sector| (sector.to_string(), say(sector.key()))).collect();
                shown_rows(sent, "experience", 1, 1, Limits::EXPERIENCE)
                    .map(|at| {
                        let name = |field: &str| format!("experience.{at}.{field}");
                        Group {
                            legend: row("profiles.row_experience", at),
                            fields: vec![
                                text(&name("role"), "profiles.label_role"),
                                Field::new(Look::Select, sent, name("sector"), say("profiles.label_sector"))
                                    .among(sent, sectors.clone())
                                    .optional(),
                                text(&name("employer"), "profiles.label_employer").optional(),
                                text(&name("from"), "profiles.label_from").size("w-m").hint(say("profiles.hint_month")),
                                text(&name("to"), "profiles.label_to").size("w-m").optional(),
                                Field::new(Look::Area, sent, name("result"), say("profiles.label_result")),
                            ],
                        }
                    })
                    .collect()
            }
            Section::Education => {
                let mut groups: Vec<Group> = shown_rows(sent, "education", 1, 1, Limits::EDUCATION)
                    .map(|at| Group {
                        legend: row("profiles.row_education", at),
                        fields: vec![
                            text(&format!("education.{at}.title"), "profiles.label_title"),
                            text(&format!("education.{at}.school"), "profiles.label_school").optional(),
                            Field::new(Look::Number, sent, format!("education.{at}.year"), say("profiles.label_year"))
                                .size("w-s")
                                .optional(),
                        ],
                    })
                    .collect();
                groups.extend(shown_rows(sent, "certifications", 1, 1, Limits::CERTIFICATIONS).map(|at| Group {
                    legend: row("profiles.row_certification", at),
                    fields: vec![
                            text(&format!("certifications.{at}.title"), "profiles.label_title"),
                            text(&format!("certifications.{at}.issuer"), "profiles.label_issuer").optional(),
                            Field::new(
                                Look::Number,
                                sent,
                                format!("certifications.{at}.year"),
                                say("profiles.label_year"),
                            )
                            .size("w-s")
                            .optional(),
                        ],
                }));
                groups
            }
            Section::Rates => {
                let money =
                    |name: &str, label: &str| Field::new(Look::Text, sent, name, say(label)).size("w-s").optional();
                let currencies = ["EUR", "CHF", "GBP", "CAD", "USD", "MAD", "TND", "XOF"];
                let offered = currencies.iter().filter(|code| currency(code).is_some());
                let offered = offered.map(|code| ((*code).to_string(), (*code).to_string())).collect();
                vec![Group::plain(vec![
                    Field::new(Look::Select, sent, "currency", say("profiles.label_currency"))
                        .among(sent, offered)
                        .size("w-s"),
                    money("hourly", "profiles.label_hourly"),
                    money("monthly", "profiles.label_monthly"),
                    Field::new(Look::Number, sent, "monthly_hours", say("profiles.label_monthly_hours"))
                        .size("w-s")
                        .optional(),
                    money("fixed", "profiles.label_fixed"),
                ])]
            }
            Section::Place => {
                let modes = Mode::ALL.iter().map(|mode| (mode.to_string(), say(mode.key()))).collect();
                vec![Group::plain(vec![
                    Field::new(Look::Select, sent, "mode", say("profiles.label_mode")).among(sent, modes).size("w-m"),
                    text("place.town", "profiles.label_town").size("w-m"),
                    Field::new(Look::Select, sent, "place.country", say("profiles.label_country"))
                        .among(sent, countries(lang))
                        .size("w-m"),
                    Field::new(Look::Number, sent, "radius_km", say("profiles.label_radius")).size("w-s").optional(),
                    text("travel_price", "profiles.label_travel_price").size("w-s").optional(),
                ])]
            }
            Section::Availability => {
                let zones = Zone::all().into_iter().map(|zone| (zone.clone(), zone)).collect();
                let mut groups = vec![Group::plain(vec![
                    Field::new(Look::Select, sent, "availability.time_zone", say("profiles.label_zone"))
                        .among(sent, zones)
                        .size("w-m"),
                    Field::new(Look::Number, sent, "availability.hours_per_week", say("profiles.label_hours_per_week"))
                        .size("w-s"),
                    Field::new(Look::Date, sent, "availability.from", say("profiles.label_free_from"))
                        .size("w-m")
                        .optional(),
                ])];
                let mut days: Vec<Field> = DAYS
                    .iter()
                    .map(|day| text(&format!("availability.grid.{day}"), &format!("trade.{day}")).optional())
                    .collect();
                days[0].hint = say("profiles.hint_grid");
                groups.push(Group { legend: say("profiles.label_grid"), fields: days });
                groups.extend(shown_rows(sent, "availability.absences", 1, 1, Limits::ABSENCES).map(|at| Group {
                    legend: row("profiles.row_absence", at),
                    fields: vec![
                            Field::new(
                                Look::Date,
                                sent,
                                format!("availability.absences.{at}.from"),
                                say("profiles.label_away_from"),
                            )
                            .size("w-m")
                            .optional(),
                            Field::new(
                                Look::Date,
                                sent,
                                format!("availability.absences.{at}.to"),
                                say("profiles.label_away_to"),
                            )
                            .size("w-m")
                            .optional(),
                        ],
                }));
                groups
            }
            Section::Private => vec![Group::plain(vec![
                text("private.surname", "profiles.label_surname").size("w-m"),
                text("private.business_name", "profiles.label_business_name").optional(),
                text("private.street", "profiles.label_street").optional(),
                text("private.postcode", "profiles.label_postcode").size("w-s").optional(),
                text("private.town", "profiles.label_town").size("w-m"),
                Field::new(Look::Select, sent, "private.country", say("profiles.label_country"))
                    .among(sent, countries(lang))
                    .size("w-m"),
                text("private.siret", "profiles.label_siret").size("w-m").hint(say("profiles.hint_siret")).optional(),
            ])],
        }
    }
}

/// The rows to show: those that hold something, at least `least`, with `more` empty ones below.
fn shown_rows(sent: &Sent, prefix: &str, least: usize, more: usize, most: usize) -> std::ops::Range<usize> {
    let filled = sent.rows(prefix).last().map_or(0, |last| last + 1);
    0..(filled + more).max(least).min(most)
}

/// A language by its name in `lang`; a tag that no form offers stays as it is.
pub fn language_name(tag: &str, lang: Lang) -> String {
    base::trade::language_key(tag).map_or(tag.to_string(), |key| words::say(lang, &key).into_owned())
}

pub fn country_name(code: &str, lang: Lang) -> String {
    let place = Place { country: code.to_string(), ..Place::default() };
    place.country_key().map_or(code.to_string(), |key| words::say(lang, &key).into_owned())
}

fn countries(lang: Lang) -> Vec<(String, String)> {
    Place::COUNTRIES.iter().map(|code| ((*code).to_string(), country_name(code, lang))).collect()
}

fn currency(code: &str) -> Option<Currency> {
    Currency::ALL.iter().copied().find(|currency| currency.code() == code)
}

/// An amount as people type it back.
fn typed(money: Money, lang: Lang) -> String {
    match lang {
        Lang::Fr => money.plain().replace('.', ","),
        Lang::En => money.plain(),
    }
}

fn whole(sent: &Sent, name: &str, code: &'static str, fields: &mut Fields) -> Option<i64> {
    let text = sent.some(name)?;
    let number = text.parse::<i64>().ok();
    if number.is_none() {
        fields.add(format!("/{}", name.replace('.', "/")), code);
    }
    number
}

/// The slug of a skill that somebody typed or chose.
pub fn slug_of(typed: &str, lang: Lang) -> Option<String> {
    let found = skills::search(typed, lang, 3);
    let same = |name: &str| base::text::fold(name) == base::text::fold(typed);
    let exact = skills::find(typed)
        .into_iter()
        .chain(found)
        .find(|skill| !skill.is_family() && (skill.slug == typed || skill.names().any(|(_, name, _)| same(name))));
    exact.map(|skill| skill.slug.clone())
}

fn read_skills(sent: &Sent, lang: Lang, fields: &mut Fields) -> Vec<SkillLevel> {
    let mut read = Vec::new();
    for at in sent.rows("skills") {
        let typed = sent.get(&format!("skills.{at}.slug"));
        if typed.is_empty() {
            continue;
        }
        let Some(slug) = slug_of(typed, lang) else {
            fields.add(format!("/skills/{at}/slug"), "profiles.unknown_skill");
            continue;
        };
        let level = sent.get(&format!("skills.{at}.level")).parse().unwrap_or(Level::Good);
        let years = whole(sent, &format!("skills.{at}.years"), "profiles.years", fields).unwrap_or_default();
        read.push(SkillLevel { slug, level, years });
    }
    read
}

fn read_languages(sent: &Sent, fields: &mut Fields) -> Vec<LanguageLevel> {
    let mut read = Vec::new();
    for at in sent.rows("languages") {
        let tag = sent.get(&format!("languages.{at}.tag")).to_string();
        match sent.get(&format!("languages.{at}.cefr")).parse() {
            _ if tag.is_empty() => {}
            Ok(cefr) => read.push(LanguageLevel { tag, cefr }),
            Err(()) => fields.add(format!("/languages/{at}/cefr"), "profiles.required"),
        }
    }
    read
}

fn read_experience(sent: &Sent) -> Vec<Experience> {
    let rows = sent.rows("experience").into_iter();
    rows.map(|at| {
        let name = |field: &str| format!("experience.{at}.{field}");
        Experience {
            role: sent.get(&name("role")).to_string(),
            sector: sent.get(&name("sector")).parse().ok(),
            employer: sent.some(&name("employer")),
            from: sent.get(&name("from")).to_string(),
            to: sent.some(&name("to")),
            result: sent.get(&name("result")).to_string(),
        }
    })
    .collect()
}

fn read_rates(sent: &Sent, lang: Lang, fields: &mut Fields) -> Vec<Rate> {
    let currency = currency(sent.get("currency")).unwrap_or(Currency::Eur);
    let mut rates = Vec::new();
    for kind in RateKind::ALL {
        let Some(text) = sent.some(kind.as_str()) else { continue };
        let pointer = format!("/{}", kind.as_str());
        let hours = match kind {
            RateKind::Monthly => {
                whole(sent, "monthly_hours", "money.hours_missing", fields).and_then(|hours| u32::try_from(hours).ok())
            }
            RateKind::Hourly | RateKind::Fixed => None,
        };
        match parse(&text, currency, lang).and_then(|money| Rate { kind, money, hours }.check()) {
            Ok(rate) => rates.push(rate),
            Err(error) => fields.add(pointer, error.code()),
        }
    }
    rates
}

fn read_place(sent: &Sent, content: &mut Content, lang: Lang, fields: &mut Fields) {
    content.mode = sent.get("mode").parse().ok();
    let town = sent.get("place.town").to_string();
    let country = sent.get("place.country").to_string();
    content.place = (!town.is_empty()).then_some(Place { town, postcode: sent.some("place.postcode"), country });
    content.radius_km = whole(sent, "radius_km", "profiles.radius", fields);
    let currency = content.rates.first().map_or(Currency::Eur, |rate| rate.money.currency);
    content.travel_price = match sent.some("travel_price").map(|text| parse(&text, currency, lang)) {
        Some(Ok(money)) => Some(money),
        Some(Err(error)) => {
            fields.add("/travel_price", error.code());
            None
        }
        None => None,
    };
}

fn read_availability(sent: &Sent, content: &mut Content, fields: &mut Fields) {
    let free = &mut content.availability;
    free.time_zone = sent.get("availability.time_zone").to_string();
    free.hours_per_week = whole(sent, "availability.hours_per_week", "profiles.hours", fields);
    free.from = day(sent, "availability.from", fields);
    for (at, name) in DAYS.iter().enumerate() {
        match stretches(sent.get(&format!("availability.grid.{name}"))) {
            Some(read) => *free.grid.day_mut(at) = read,
            None => fields.add(format!("/availability/grid/{name}"), "profiles.grid"),
        }
    }
    free.absences.clear();
    for at in sent.rows("availability.absences") {
        let from = day(sent, &format!("availability.absences.{at}.from"), fields);
        let to = day(sent, &format!("availability.absences.{at}.to"), fields).or(from);
        if let (Some(from), Some(to)) = (from, to) {
            free.absences.push(Absence { from, to });
        }
    }
}

fn day(sent: &Sent, name: &str, fields: &mut Fields) -> Option<Day> {
    let text = sent.some(name)?;
    let day = text.parse().ok();
    if day.is_none() {
        fields.add(format!("/{}", name.replace('.', "/")), "base.not_a_day");
    }
    day
}

/// `09:00-12:00, 14h-17h30` as stretches of a day.
fn stretches(text: &str) -> Option<Vec<Stretch>> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (from, to) = part.split_once(['-', '–'])?;
            Some(Stretch(hour(from)?, hour(to)?))
        })
        .collect()
}

/// `9`, `9h`, `9h30`, `09:30`.
fn hour(text: &str) -> Option<base::week::Hour> {
    let text = text.trim().replace(['h', 'H'], ":");
    let (hours, minutes) = text.split_once(':').unwrap_or((&text, ""));
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    format!("{hours:0>2}:{minutes}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::actor::AccountId;
    use base::time::Moment;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let read = |text: &str| {
            stretches(text).map(|list| list.iter().map(|s| format!("{}-{}", s.0, s.1)).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read("9-12, 14h–17h30").as_deref(), Some("09:00-12:00 14:00-17:30"));
        assert_eq!(read("").as_deref(), Some(""));
        assert_eq!(read("le matin"), None);
        assert_eq!(read("9-25"), None);
    }

    #[test]
    fn every_section_reads_what_it_wrote() {
        let mut profile = Profile::new(AccountId(1), "Samira Benali", "Europe/Paris", Moment(0));
        profile.content.headline = "Agenda et boîte de réception des dirigeants".into();
        profile.content.presentation.insert(Lang::Fr, "Bonjour.".into());
        profile.content.kinds = vec![Kind::Virtual];
        profile.content.tools = vec!["Notion".into()];
        profile.content.languages = vec![LanguageLevel { tag: "fr".into(), cefr: Cefr::C2 }];
        profile.content.rates =
            vec![Rate::hourly(Money::new(3850, Currency::Eur)), Rate::monthly(Money::new(70000, Currency::Eur), 20)];
        profile.content.mode = Some(Mode::Remote);
        profile.content.place = Some(Place { town: "Lyon".into(), postcode: None, country: "FR".into() });
        profile.content.experience = vec![Experience {
            role: "Assistante".into(),
            from: "2021-09".into(),
            result: "Encours divisé par deux.".into(),
            ..Experience::default()
        }];
        profile.content.availability.hours_per_week = Some(15);
        profile.content.availability.grid.mon = stretches("9-12").unwrap_or_default();
        profile.private.town = "Lyon".into();
        profile.private.country = "FR".into();
        for lang in Lang::ALL {
            for section in Section::ALL {
                let mut read = profile.clone();
                section.read(&section.start(&profile, lang), &mut read, lang).expect("what was written can be read");
                assert_eq!(read, profile, "{section:?} in {lang}");
            }
        }
    }
}

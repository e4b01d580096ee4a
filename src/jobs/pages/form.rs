//! The wizard's fields as a browser sends them, and their way into a brief and back.

use serde::Deserialize;

use crate::{Brief, BriefForm, Duration, Job, Manual, ManualForm, Visibility, Volume, VolumePer};
use base::error::{FieldError, Fields};
use base::lang::Lang;
use base::money::{self, Currency, Rate, RateKind};
use base::trade::{Cefr, LanguageLevel, Place};
use base::week::{DAYS, Grid, Hour, Stretch};

/// The question groups, in order. `check` shows the answers.
pub const STEPS: [&str; 6] = ["work", "skills", "rate", "place", "details", "check"];
/// How many languages the form has room for.
pub const LANGUAGE_ROWS: usize = 3;
const MORNING: Stretch = Stretch(Hour(9 * 60), Hour(12 * 60));
const AFTERNOON: Stretch = Stretch(Hour(14 * 60), Hour(17 * 60));

/// Every field of every step; each page sends its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WizardForm {
    pub title: String,
    pub description: String,
    pub tasks: String,
    pub kinds: Vec<String>,
    pub skills: Vec<String>,
    pub more_skills: String,
    pub language: Vec<String>,
    pub cefr: Vec<String>,
    pub rate_kind: String,
    pub rate: String,
    pub currency: String,
    pub rate_hours: String,
    pub volume_hours: String,
    pub volume_per: String,
    pub positions: String,
    pub mode: String,
    pub town: String,
    pub postcode: String,
    pub country: String,
    pub time_zone: String,
    pub starts_on: String,
    pub duration: String,
    pub overlap: Vec<String>,
    pub questions: String,
    pub manual_public: String,
    pub manual_hired: String,
    /// Ids of documents that are taken away.
    pub drop_file: Vec<String>,
    pub nda: String,
    pub blind: String,
    pub visibility: String,
}

impl WizardForm {
    /// A draft as the form shows it.
    pub fn of(job: &Job, manual: Option<&Manual>) -> WizardForm {
        let brief = &job.brief;
        let place = brief.place.clone().unwrap_or_default();
        WizardForm {
            title: brief.title.clone(),
            description: brief.description.clone(),
            tasks: brief.tasks.join("\n"),
            kinds: brief.kinds.iter().map(ToString::to_string).collect(),
            skills: brief.skills.clone(),
            more_skills: String::new(),
            language: brief.languages.iter().map(|language| language.tag.clone()).collect(),
            cefr: brief.languages.iter().map(|language| language.cefr.to_string()).collect(),
            rate_kind: brief.rate.map_or("hourly".into(), |rate| rate.kind.to_string()),
            rate: brief.rate.map(|rate| rate.money.plain()).unwrap_or_default(),
            currency: brief.rate.map_or("EUR".into(), |rate| rate.money.currency.to_string()),
            rate_hours: brief.rate.and_then(|rate| rate.hours).map(|hours| hours.to_string()).unwrap_or_default(),
            volume_hours: brief.volume.map(|volume| volume.hours.to_string()).unwrap_or_default(),
            volume_per: match brief.volume.map(|volume| volume.per) {
                Some(VolumePer::Week) => "week".into(),
                _ => "month".into(),
            },
            positions: brief.positions.to_string(),
            mode: brief.mode.map(|mode| mode.to_string()).unwrap_or_default(),
            town: place.town,
            postcode: place.postcode.unwrap_or_default(),
            country: if place.country.is_empty() { "FR".into() } else { place.country },
            time_zone: brief.zone.to_string(),
            starts_on: brief.starts_on.map(|day| day.to_string()).unwrap_or_default(),
            duration: brief.duration.map(|duration| duration.name().to_owned()).unwrap_or_default(),
            overlap: half_days(&brief.overlap),
            questions: brief.questions.join("\n"),
            manual_public: manual.map(|manual| manual.public.clone()).unwrap_or_default(),
            manual_hired: manual.map(|manual| manual.hired.clone()).unwrap_or_default(),
            drop_file: Vec::new(),
            nda: if brief.nda { "true".into() } else { String::new() },
            blind: if brief.blind { "true".into() } else { String::new() },
            visibility: brief.visibility.name().to_owned(),
        }
    }

    /// What one step says, with what cannot be read. The rest of the brief stays as it was.
    pub fn brief(&self, step: &str, lang: Lang) -> (BriefForm, Fields) {
        let mut form = BriefForm::default();
        let mut fields = Fields::new();
        match step {
            "work" => self.work(&mut form),
            "skills" => self.needs(&mut form, &mut fields, lang),
            "rate" => self.money(&mut form, &mut fields, lang),
            "place" => self.place(&mut form, &mut fields),
            "details" => self.details(&mut form),
            _ => {}
        }
        (form, fields)
    }

    fn work(&self, form: &mut BriefForm) {
        form.title = Some(self.title.clone());
        form.description = Some(self.description.clone());
        form.tasks = Some(lines_of(&self.tasks));
        form.kinds = Some(self.kinds.iter().filter_map(|kind| kind.parse().ok()).collect());
    }

    fn needs(&self, form: &mut BriefForm, fields: &mut Fields, lang: Lang) {
        let mut chosen = self.skills.clone();
        for typed in self.more_skills.lines().flat_map(|line| line.split([',', ';'])).map(str::trim) {
            if typed.is_empty() {
                continue;
            }
            match skills::search(typed, lang, 1).first() {
                Some(skill) => chosen.push(skill.slug.clone()),
                None => fields.add_with("/more_skills", "jobs.skill_unknown", typed),
            }
        }
        form.skills = Some(chosen);
        let levels = self.cefr.iter().map(String::as_str).chain(std::iter::repeat(""));
        let mut wanted = Vec::new();
        for (tag, cefr) in self.language.iter().zip(levels).filter(|(tag, _)| !tag.is_empty()) {
            match cefr.parse::<Cefr>() {
                Ok(cefr) => wanted.push(LanguageLevel { tag: tag.clone(), cefr }),
                Err(()) => fields.add("/language", "jobs.level_missing"),
            }
        }
        form.languages = Some(wanted);
    }

    fn money(&self, form: &mut BriefForm, fields: &mut Fields, lang: Lang) {
        let kind = self.rate_kind.parse::<RateKind>().unwrap_or(RateKind::Hourly);
        match self.currency.parse::<Currency>() {
            Ok(currency) if !self.rate.trim().is_empty() => {
                let hours = match (kind, self.rate_hours.trim()) {
                    (RateKind::Monthly, "") => {
                        fields.add("/rate_hours", "money.hours_missing");
                        None
                    }
                    (RateKind::Monthly, hours) => {
                        fields.take("/rate_hours", hours.parse::<u32>().map_err(|_| "money.hours_missing"))
                    }
                    _ => None,
                };
                let money = money::parse(&self.rate, currency, lang).map_err(|error| error.code());
                form.rate = fields.take("/rate", money).map(|money| Rate { kind, money, hours });
            }
            Ok(_) => fields.add("/rate", "jobs.rate_missing"),
            Err(_) => fields.add("/currency", "money.unknown_currency"),
        }
        form.volume = Some(match self.volume_hours.trim() {
            "" => None,
            hours => fields.take("/volume_hours", hours.parse::<i64>().map_err(|_| "jobs.volume_wrong")).map(|hours| {
                let per = if self.volume_per == "week" { VolumePer::Week } else { VolumePer::Month };
                Volume { hours, per }
            }),
        });
        form.positions = match self.positions.trim() {
            "" => Some(1),
            positions => fields.take("/positions", positions.parse().map_err(|_| "jobs.positions_wrong")),
        };
    }

    fn place(&self, form: &mut BriefForm, fields: &mut Fields) {
        form.mode = fields.take("/mode", self.mode.parse().map_err(|()| "jobs.mode_missing"));
        let town = self.town.trim().to_owned();
        form.place = Some((!town.is_empty()).then(|| Place {
            town,
            postcode: Some(self.postcode.trim().to_owned()).filter(|code| !code.is_empty()),
            country: self.country.clone(),
        }));
        form.time_zone = Some(self.time_zone.clone());
        form.starts_on = Some(Some(self.starts_on.trim().to_owned()).filter(|day| !day.is_empty()));
        form.duration = Some(Duration::read(&self.duration));
        form.overlap = Some(Some(grid_of(&self.overlap)));
    }

    fn details(&self, form: &mut BriefForm) {
        form.questions = Some(lines_of(&self.questions));
        form.manual =
            Some(ManualForm { public: Some(self.manual_public.clone()), hired: Some(self.manual_hired.clone()) });
        form.nda = Some(!self.nda.is_empty());
        form.blind_shortlist = Some(!self.blind.is_empty());
        form.visibility = Some(if self.visibility == "invited" { Visibility::Invited } else { Visibility::Public });
    }
}

/// Points an error of the brief at the form's field.
pub fn at_field(error: FieldError) -> FieldError {
    let name = match error.pointer.as_str() {
        "/rate/money/amount" | "/rate/money" => "rate",
        "/rate/hours" => "rate_hours",
        "/volume/hours" => "volume_hours",
        "/place/town" => "town",
        "/manual/public" => "manual_public",
        "/manual/hired" => "manual_hired",
        other => match other.trim_start_matches('/').split('/').next().unwrap_or_default() {
            "skills" => "more_skills",
            "languages" => "language",
            field => return FieldError { pointer: format!("/{field}"), ..error },
        },
    };
    FieldError { pointer: format!("/{name}"), ..error }
}

/// The step on which a field stands.
pub fn step_of(field: &str) -> &'static str {
    match field {
        "title" | "description" | "tasks" | "kinds" => "work",
        "skills" | "more_skills" | "language" => "skills",
        "rate" | "rate_hours" | "currency" | "volume_hours" | "positions" => "rate",
        "mode" | "town" | "time_zone" | "starts_on" | "duration" | "overlap" => "place",
        _ => "details",
    }
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.trim().trim_start_matches(['-', '•', '*']).trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// `mon_am` … `fri_pm` of a grid: a half day counts when the grid covers it.
fn half_days(grid: &Grid) -> Vec<String> {
    let mut chosen = Vec::new();
    for (day, stretches) in DAYS.iter().zip(grid.days()) {
        for (name, half) in [("am", MORNING), ("pm", AFTERNOON)] {
            if stretches.iter().any(|stretch| stretch.0 <= half.0 && stretch.1 >= half.1) {
                chosen.push(format!("{day}_{name}"));
            }
        }
    }
    chosen
}

fn grid_of(half_days: &[String]) -> Grid {
    let mut grid = Grid::default();
    for (at, day) in DAYS.iter().enumerate() {
        for (name, half) in [("am", MORNING), ("pm", AFTERNOON)] {
            if half_days.contains(&format!("{day}_{name}")) {
                grid.day_mut(at).push(half);
            }
        }
    }
    grid
}

/// Whether a brief says anything about a half day; for the choices of the form.
pub fn is_chosen(form: &WizardForm, half_day: &str) -> bool {
    form.overlap.iter().any(|chosen| chosen == half_day)
}

/// Skills that the description speaks of and that are not chosen yet.
pub fn suggested(brief: &Brief) -> Vec<&'static skills::Skill> {
    let text = format!("{}\n{}\n{}", brief.title, brief.description, brief.tasks.join("\n"));
    skills::spoken_of(&text).into_iter().filter(|skill| !brief.skills.contains(&skill.slug)).take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Vec<&'static str> {
        let form = WizardForm { rate: text.into(), currency: "EUR".into(), ..WizardForm::default() };
        let (_, fields) = form.brief("rate", Lang::Fr);
        match fields.finish() {
            Err(base::error::Error::Invalid(errors)) => errors.into_iter().map(|error| error.code).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn amounts_that_are_none_are_named() {
        assert_eq!(rate("0"), ["money.not_positive"]);
        assert_eq!(rate("-1"), ["money.not_positive"]);
        assert_eq!(rate("1e3"), ["money.unreadable"]);
        assert_eq!(rate("10.001"), ["money.too_precise"]);
        assert_eq!(rate("1000000000000000"), ["money.too_much"]);
        assert_eq!(rate("1 234,50 €"), Vec::<&str>::new());
        assert_eq!(rate(""), ["jobs.rate_missing"]);
    }

    #[test]
    fn half_days_become_hours_and_come_back() {
        let chosen = vec!["mon_am".to_owned(), "thu_pm".to_owned()];
        assert_eq!(half_days(&grid_of(&chosen)), chosen);
    }
}

//! A job written out for a reader: labels instead of codes, money and days in their language.

use crate::{Brief, Figures, Job, Manual, State, VolumePer};
use accounts::organisations;
use base::actor::Actor;
use base::error::Result;
use base::lang::Lang;
use base::money::{Rate, RateKind};
use base::text::{SafeHtml, markdown};
use base::time::{self, Moment};
use base::trade::{self, Mode};
use base::week::DAYS;
use kit::db::Conn;
use kit::files::{self, File};
use kit::http::Frame;
use screening::cost;

/// A job with what its page reads besides.
pub struct Sheet {
    pub job: Job,
    pub manual: Option<Manual>,
    pub client: String,
    pub figures: Option<Figures>,
    pub own: bool,
    pub files: Vec<File>,
}

impl Sheet {
    pub fn read(conn: &mut Conn, who: &Actor, job: Job) -> Result<Sheet> {
        let manual = crate::latest_manual(conn, job.id)?;
        let (client, figures) = match job.organisation {
            Some(id) => (organisations::organisation_name(conn, id)?, Some(crate::figures(conn, id)?)),
            None => (String::new(), None),
        };
        let files = files::list(conn, &job.brief.files)?;
        Ok(Sheet { own: job.belongs_to(who), job, manual, client, figures, files })
    }

    pub fn description(&self) -> SafeHtml {
        markdown(&self.job.brief.description)
    }

    pub fn manual_public(&self) -> SafeHtml {
        self.manual.as_ref().map(|manual| markdown(&manual.public)).unwrap_or_default()
    }

    pub fn manual_hired(&self) -> SafeHtml {
        self.manual.as_ref().map(|manual| markdown(&manual.hired)).unwrap_or_default()
    }
}

/// "45,00 € de l’heure"
pub fn rate_text(f: &Frame, rate: &Rate) -> String {
    let money = f.money(&rate.money);
    match (rate.kind, rate.hours) {
        (RateKind::Hourly, _) => f.s("money.per_hour", money),
        (RateKind::Monthly, hours) => f.s2("money.per_month", money, hours.unwrap_or_default()),
        (RateKind::Fixed, _) => f.s("money.fixed", money),
    }
}

/// One line of facts: a label and what it says.
pub struct Line {
    pub key: &'static str,
    pub label: String,
    pub value: String,
    /// The wizard's step where it is changed.
    pub step: &'static str,
}

/// The line that pages leave out where the skills stand as links.
pub const SKILLS: &str = "jobs.line_skills";

/// What is known about a job, line by line; what nobody said is left out.
pub fn lines(f: &Frame, brief: &Brief) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |key: &'static str, value: String, step| {
        if !value.is_empty() {
            lines.push(Line { key, label: f.t(key).into_owned(), value, step });
        }
    };
    let list = |texts: Vec<String>| texts.join(", ");
    add("jobs.line_kinds", list(brief.kinds.iter().map(|kind| f.t(kind.key()).into_owned()).collect()), "work");
    add(SKILLS, list(brief.skills.iter().map(|slug| skill(slug, f.lang)).collect()), "skills");
    add("jobs.line_languages", list(languages(f, brief)), "skills");
    add("jobs.line_rate", brief.rate.map(|rate| rate_text(f, &rate)).unwrap_or_default(), "rate");
    add("jobs.line_volume", volume(f, brief), "rate");
    if brief.positions > 1 {
        add("jobs.line_positions", brief.positions.to_string(), "rate");
    }
    add("jobs.line_mode", mode(f, brief), "place");
    add("jobs.line_starts_on", brief.starts_on.map(|day| f.day(&day)).unwrap_or_default(), "place");
    let duration = brief.duration.map(|duration| f.t(&format!("jobs.duration_{}", duration.name())).into_owned());
    add("jobs.line_duration", duration.unwrap_or_default(), "place");
    add("jobs.line_overlap", overlap(f, brief), "place");
    add("jobs.line_zone", time::city(f.now, f.lang, &brief.zone), "place");
    if brief.nda {
        add("jobs.line_nda", f.t("jobs.nda_yes").into_owned(), "details");
    }
    if brief.blind {
        add("jobs.line_blind", f.t("jobs.blind_yes").into_owned(), "details");
    }
    lines
}

pub fn skill(slug: &str, lang: Lang) -> String {
    skills::label(slug, lang).to_owned()
}

fn languages(f: &Frame, brief: &Brief) -> Vec<String> {
    let name = |tag: &str| trade::language_key(tag).map_or(tag.to_owned(), |key| f.t(&key).into_owned());
    brief.languages.iter().map(|language| format!("{} {}", name(&language.tag), language.cefr)).collect()
}

fn volume(f: &Frame, brief: &Brief) -> String {
    match brief.volume {
        Some(volume) => match volume.per {
            VolumePer::Week => f.n("jobs.hours_a_week", volume.hours),
            VolumePer::Month => f.n("jobs.hours_a_month", volume.hours),
        },
        None => String::new(),
    }
}

fn mode(f: &Frame, brief: &Brief) -> String {
    let Some(mode) = brief.mode else { return String::new() };
    let name = f.t(mode.key());
    match &brief.place {
        Some(place) if mode != Mode::Remote => format!("{name}, {}", place.town),
        _ => name.into_owned(),
    }
}

/// "mardi 09:00–12:00, jeudi 14:00–17:00"
fn overlap(f: &Frame, brief: &Brief) -> String {
    let mut parts = Vec::new();
    for (day, stretches) in DAYS.iter().zip(brief.overlap.days()) {
        for stretch in stretches {
            parts.push(format!("{} {}–{}", f.t(&format!("trade.{day}")), stretch.0, stretch.1));
        }
    }
    parts.join(", ")
}

/// The badge of a state: its word and its tone.
pub fn badge(f: &Frame, state: &State) -> (String, &'static str) {
    let tone = match state {
        State::Draft => "",
        State::InReview { .. } => "warn",
        State::Open => "good",
        State::Paused => "info",
        State::Filled { .. } => "accent",
        State::Closed { .. } | State::Expired { .. } => "",
        State::Removed { .. } => "bad",
    };
    (f.t(&format!("jobs.state_{}", state.name())).into_owned(), tone)
}

/// A reason why a job waits, ready to read.
pub struct ReasonLine {
    pub text: String,
    pub span: String,
    pub rewrite: String,
}

pub fn reasons(f: &Frame, state: &State) -> (Vec<ReasonLine>, Option<Moment>) {
    let State::InReview { reasons, due_at } = state else { return (Vec::new(), None) };
    let lines = reasons.iter().map(|reason| ReasonLine {
        text: f.t(&reason.code).into_owned(),
        span: reason.span.clone().unwrap_or_default(),
        rewrite: reason.rewrite.clone().unwrap_or_default(),
    });
    (lines.collect(), Some(*due_at))
}

/// What a low hourly rate leaves, said beside it and nowhere else.
pub fn cost_hint(f: &Frame, brief: &Brief) -> String {
    let Some(rate) = brief.rate.filter(|rate| rate.kind == RateKind::Hourly) else { return String::new() };
    match cost::hint(rate.money.amount) {
        Some(left) if rate.money.currency == base::money::Currency::Eur => {
            let left = base::money::Money::new(left, rate.money.currency);
            f.s2("jobs.low_rate", f.money(&rate.money), f.money(&left))
        }
        _ => String::new(),
    }
}

//! What a job says. Drafts may lack anything; what is there is always sound.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use base::error::{Fields, Result};
use base::ids::FileId;
use base::money::Rate;
use base::text::{line, lines};
use base::time::{Day, Zone};
use base::trade::{Kind, LanguageLevel, Mode, Place, is_language_tag};
use base::week::Grid;

pub const LONGEST_TITLE: usize = 120;
pub const LONGEST_DESCRIPTION: usize = 8_000;
pub const LONGEST_MANUAL: usize = 20_000;
pub const LONGEST_LINE: usize = 300;
pub const MOST_QUESTIONS: usize = 5;
pub const MOST_TASKS: usize = 20;
pub const MOST_SKILLS: usize = 15;
pub const MOST_LANGUAGES: usize = 8;
pub const MOST_FILES: usize = 10;
pub const MOST_POSITIONS: i64 = 20;

/// The words and terms of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    pub title: String,
    /// Markdown.
    pub description: String,
    pub tasks: Vec<String>,
    /// Slugs of the taxonomy.
    pub skills: Vec<String>,
    pub kinds: Vec<Kind>,
    pub languages: Vec<LanguageLevel>,
    pub mode: Option<Mode>,
    pub place: Option<Place>,
    /// The most that the client pays.
    pub rate: Option<Rate>,
    pub volume: Option<Volume>,
    pub zone: Zone,
    pub starts_on: Option<Day>,
    pub duration: Option<Duration>,
    /// Hours of the week, in the job's zone, in which both should be at work.
    pub overlap: Grid,
    pub positions: i64,
    pub questions: Vec<String>,
    pub files: Vec<FileId>,
    /// Whether the work needs an agreement on confidentiality.
    pub nda: bool,
    pub visibility: Visibility,
    /// Names, photos and dates of bidders stay hidden until shortlisting.
    pub blind: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    #[default]
    Public,
    /// Only those whom the client invites.
    Invited,
}

impl Visibility {
    pub fn name(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::Invited => "invited",
        }
    }
}

/// How much work is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    pub hours: i64,
    pub per: VolumePer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VolumePer {
    Week,
    Month,
}

impl Volume {
    fn is_sound(self) -> bool {
        match self.per {
            VolumePer::Week => (1..=80).contains(&self.hours),
            VolumePer::Month => (1..=320).contains(&self.hours),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    Once,
    UpToThreeMonths,
    ThreeToSixMonths,
    OpenEnded,
}

impl Duration {
    pub const ALL: [Duration; 4] =
        [Duration::Once, Duration::UpToThreeMonths, Duration::ThreeToSixMonths, Duration::OpenEnded];

    pub fn name(self) -> &'static str {
        match self {
            Duration::Once => "once",
            Duration::UpToThreeMonths => "up_to_three_months",
            Duration::ThreeToSixMonths => "three_to_six_months",
            Duration::OpenEnded => "open_ended",
        }
    }

    pub fn read(name: &str) -> Option<Duration> {
        Duration::ALL.into_iter().find(|duration| duration.name() == name)
    }
}

/// The two parts of the operating manual, as somebody sends them. What is missing stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ManualForm {
    /// Markdown that every reader of the job sees.
    pub public: Option<String>,
    /// Markdown that only the hired assistant sees.
    pub hired: Option<String>,
}

/// What somebody wants a job to say. A field that is not there stays as it was; `null` clears.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BriefForm {
    pub title: Option<String>,
    pub description: Option<String>,
    pub tasks: Option<Vec<String>>,
    pub skills: Option<Vec<String>>,
    pub kinds: Option<Vec<Kind>>,
    pub languages: Option<Vec<LanguageLevel>>,
    pub mode: Option<Mode>,
    #[serde(deserialize_with = "present")]
    pub place: Option<Option<Place>>,
    /// The most that the client pays.
    pub rate: Option<Rate>,
    #[serde(deserialize_with = "present")]
    pub volume: Option<Option<Volume>>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// A day, `2026-12-01`.
    #[serde(deserialize_with = "present")]
    pub starts_on: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    pub duration: Option<Option<Duration>>,
    #[serde(deserialize_with = "present")]
    pub overlap: Option<Option<Grid>>,
    pub positions: Option<i64>,
    pub questions: Option<Vec<String>>,
    pub files: Option<Vec<FileId>>,
    pub nda: Option<bool>,
    pub visibility: Option<Visibility>,
    pub blind_shortlist: Option<bool>,
    pub manual: Option<ManualForm>,
}

/// Tells `null` from a field that is not there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

impl Brief {
    pub fn empty(zone: Zone) -> Brief {
        Brief {
            title: String::new(),
            description: String::new(),
            tasks: Vec::new(),
            skills: Vec::new(),
            kinds: Vec::new(),
            languages: Vec::new(),
            mode: None,
            place: None,
            rate: None,
            volume: None,
            zone,
            starts_on: None,
            duration: None,
            overlap: Grid::default(),
            positions: 1,
            questions: Vec::new(),
            files: Vec::new(),
            nda: false,
            visibility: Visibility::Public,
            blind: false,
        }
    }

    /// The brief with what the form says, when all of it is sound. `knows` tells whether a skill is in the taxonomy.
    pub fn with(mut self, form: &BriefForm, knows: impl Fn(&str) -> bool) -> Result<Brief> {
        let mut fields = Fields::new();
        self.take_words(form, &mut fields);
        self.take_people(form, &mut fields, knows);
        self.take_terms(form, &mut fields);
        self.take_time_and_place(form, &mut fields);
        check_manual(form, &mut fields);
        fields.finish()?;
        Ok(self)
    }

    fn take_words(&mut self, form: &BriefForm, fields: &mut Fields) {
        if let Some(title) = &form.title {
            self.title = line(title);
            fields.check(!self.title.is_empty(), "/title", "jobs.title_missing");
            too_long(fields, "/title", &self.title, LONGEST_TITLE);
        }
        if let Some(description) = &form.description {
            self.description = lines(description);
            too_long(fields, "/description", &self.description, LONGEST_DESCRIPTION);
        }
        if let Some(tasks) = &form.tasks {
            self.tasks = short_lines(tasks, "/tasks", MOST_TASKS, fields);
        }
        if let Some(questions) = &form.questions {
            self.questions = short_lines(questions, "/questions", MOST_QUESTIONS, fields);
        }
        if let Some(files) = &form.files {
            self.files = files.clone();
            too_many(fields, "/files", files.len(), MOST_FILES);
        }
    }

    fn take_people(&mut self, form: &BriefForm, fields: &mut Fields, knows: impl Fn(&str) -> bool) {
        if let Some(skills) = &form.skills {
            self.skills = without_repeats(skills);
            too_many(fields, "/skills", self.skills.len(), MOST_SKILLS);
            for (at, skill) in self.skills.iter().enumerate().filter(|(_, skill)| !knows(skill)) {
                fields.add_with(format!("/skills/{at}"), "jobs.skill_unknown", skill);
            }
        }
        if let Some(kinds) = &form.kinds {
            self.kinds = without_repeats(kinds);
        }
        if let Some(languages) = &form.languages {
            self.languages = languages.clone();
            too_many(fields, "/languages", languages.len(), MOST_LANGUAGES);
            for (at, language) in languages.iter().enumerate().filter(|(_, language)| !is_language_tag(&language.tag)) {
                fields.add_with(format!("/languages/{at}/tag"), "jobs.language_unknown", &language.tag);
            }
        }
    }

    fn take_terms(&mut self, form: &BriefForm, fields: &mut Fields) {
        if let Some(rate) = form.rate {
            match rate.check() {
                Ok(rate) => self.rate = Some(rate),
                Err(error) => {
                    use base::money::MoneyError::{HoursMissing, HoursUnexpected};
                    let hours = matches!(error, HoursMissing | HoursUnexpected);
                    fields.add(if hours { "/rate/hours" } else { "/rate/money/amount" }, error.code());
                }
            }
        }
        if let Some(volume) = form.volume {
            fields.check(volume.is_none_or(Volume::is_sound), "/volume/hours", "jobs.volume_wrong");
            self.volume = volume;
        }
        if let Some(positions) = form.positions {
            fields.check((1..=MOST_POSITIONS).contains(&positions), "/positions", "jobs.positions_wrong");
            self.positions = positions;
        }
        self.nda = form.nda.unwrap_or(self.nda);
        self.visibility = form.visibility.unwrap_or(self.visibility);
        self.blind = form.blind_shortlist.unwrap_or(self.blind);
    }

    fn take_time_and_place(&mut self, form: &BriefForm, fields: &mut Fields) {
        if let Some(mode) = form.mode {
            self.mode = Some(mode);
        }
        if let Some(place) = &form.place {
            fields.check(place.as_ref().is_none_or(Place::is_sound), "/place/town", "jobs.place_wrong");
            self.place = place.clone();
        }
        if let Some(zone) = &form.time_zone
            && let Some(zone) = fields.take("/time_zone", zone.trim().parse::<Zone>().map_err(|error| error.code()))
        {
            self.zone = zone;
        }
        match &form.starts_on {
            Some(Some(day)) if !day.trim().is_empty() => {
                self.starts_on = fields.take("/starts_on", day.trim().parse::<Day>().map_err(|_| "base.not_a_day"));
            }
            Some(_) => self.starts_on = None,
            None => {}
        }
        if let Some(duration) = form.duration {
            self.duration = duration;
        }
        if let Some(overlap) = &form.overlap {
            self.overlap = overlap.clone().unwrap_or_default();
            if let Some(day) = self.overlap.faulty_day() {
                fields.add(format!("/overlap/{day}"), "jobs.overlap_wrong");
            }
        }
    }

    /// Whether everything is there that a reader needs before the job may be handed in.
    pub fn complete(&self) -> Result<()> {
        let mut fields = Fields::new();
        fields.check(!self.title.is_empty(), "/title", "jobs.title_missing");
        fields.check(!self.description.is_empty(), "/description", "jobs.description_missing");
        fields.check(!self.skills.is_empty(), "/skills", "jobs.skills_missing");
        fields.check(!self.kinds.is_empty(), "/kinds", "jobs.kinds_missing");
        fields.check(self.mode.is_some(), "/mode", "jobs.mode_missing");
        let placed = self.place.is_some() || !self.mode.is_some_and(Mode::needs_place);
        fields.check(placed, "/place/town", "jobs.place_missing");
        fields.check(self.rate.is_some(), "/rate/money/amount", "jobs.rate_missing");
        fields.finish()
    }
}

fn too_long(fields: &mut Fields, pointer: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        fields.add_with(pointer, "jobs.too_long", most);
    }
}

fn too_many(fields: &mut Fields, pointer: &str, count: usize, most: usize) {
    if count > most {
        fields.add_with(pointer, "jobs.too_many", most);
    }
}

fn short_lines(texts: &[String], pointer: &str, most: usize, fields: &mut Fields) -> Vec<String> {
    let kept: Vec<String> = texts.iter().map(|text| line(text)).filter(|text| !text.is_empty()).collect();
    too_many(fields, pointer, kept.len(), most);
    for (at, text) in kept.iter().enumerate() {
        too_long(fields, &format!("{pointer}/{at}"), text, LONGEST_LINE);
    }
    kept
}

fn without_repeats<T: Clone + PartialEq>(all: &[T]) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for each in all {
        if !kept.contains(each) {
            kept.push(each.clone());
        }
    }
    kept
}

fn check_manual(form: &BriefForm, fields: &mut Fields) {
    let Some(manual) = &form.manual else { return };
    for (pointer, part) in [("/manual/public", &manual.public), ("/manual/hired", &manual.hired)] {
        if let Some(text) = part {
            too_long(fields, pointer, text, LONGEST_MANUAL);
        }
    }
}

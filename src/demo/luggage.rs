//! What people of the demo world bring along: a portrait and pieces of work, uploaded as anybody would upload them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use futures_util::future::join_all;

use super::assistants;
use super::library::COMMISSIONS;
use super::papers::{self, Sort};
use super::pictures::{self, Features};
use base::error::{Error, Result};
use base::lang::Lang;
use kit::app::App;
use kit::files::{self, Prepared, Stored};

/// Stored files whose rows are written when their owner acts.
#[derive(Debug, Clone, Default)]
pub struct Luggage {
    pub portrait: Option<Stored>,
    /// The files of the first and of the second piece of work.
    pub samples: [Vec<Stored>; 2],
}

/// Papers that were checked already: many people show the same kind of work.
#[derive(Default)]
pub struct Desk {
    checked: HashMap<(Sort, usize, Lang), Prepared>,
}

impl Desk {
    /// Packs for some assistants; their portraits are drawn side by side.
    pub async fn pack(&mut self, app: &App, numbers: Range<usize>) -> Result<Vec<Luggage>> {
        let portraits = join_all(numbers.clone().map(|number| portrait(app, number))).await;
        let mut packed = Vec::new();
        for (number, portrait) in numbers.zip(portraits) {
            let samples = [self.shown(number).await?, self.kept_back(number).await?];
            let [first, second] = samples.map(|papers| join_all(papers.into_iter().map(|paper| app.files.put(paper))));
            let (first, second) = tokio::join!(first, second);
            let samples = [first.into_iter().collect::<Result<_>>()?, second.into_iter().collect::<Result<_>>()?];
            packed.push(Luggage { portrait: portrait?, samples });
        }
        Ok(packed)
    }

    /// The files of the piece of work that everybody sees; some show it in the other language too.
    async fn shown(&mut self, number: usize) -> Result<Vec<Prepared>> {
        let (lang, [first, ..]) = (assistants::lang(number), assistants::specialities(number));
        let sort = [Sort::Procedure, Sort::Week, Sort::Table][number % 3];
        let mut papers = vec![self.checked(sort, first, lang).await?];
        if number.is_multiple_of(4) {
            let other = if lang == Lang::Fr { Lang::En } else { Lang::Fr };
            papers.push(self.checked(Sort::Procedure, first, other).await?);
        }
        Ok(papers)
    }

    /// The file of the piece of work that is shown on request.
    async fn kept_back(&mut self, number: usize) -> Result<Vec<Prepared>> {
        let [_, second, _] = assistants::specialities(number);
        Ok(vec![self.checked(Sort::Minutes, second, assistants::lang(number)).await?])
    }

    /// A paper about a commission, stored for one owner.
    pub async fn paper(&mut self, app: &App, sort: Sort, commission: usize, lang: Lang) -> Result<Stored> {
        let paper = self.checked(sort, commission, lang).await?;
        app.files.put(paper).await
    }

    /// A paper that passed the checks of an upload; each is looked at once.
    async fn checked(&mut self, sort: Sort, commission: usize, lang: Lang) -> Result<Prepared> {
        let key = (sort, commission % COMMISSIONS.len(), lang);
        if let Entry::Vacant(place) = self.checked.entry(key) {
            let written = papers::write(sort, &COMMISSIONS[key.1], lang);
            place.insert(blocking(move || files::prepare(&written.name, written.bytes)).await?);
        }
        Ok(self.checked[&key].clone())
    }
}

/// One in eight shows no portrait.
async fn portrait(app: &App, number: usize) -> Result<Option<Stored>> {
    if number % 8 == 5 {
        return Ok(None);
    }
    let features = assistants::features(number);
    let drawn = blocking(move || files::prepare("portrait.png", pictures::portrait(&features))).await?;
    app.files.put(drawn).await.map(Some)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

/// What somebody looks like in a drawn portrait.
pub fn features(number: usize, first_name: &str) -> Features {
    const MEN: [&str; 20] = [
        "Thierry",
        "Marc",
        "Julien",
        "Pascal",
        "Bruno",
        "Damien",
        "Kevin",
        "Nicolas",
        "Philippe",
        "Sébastien",
        "Ulysse",
        "William",
        "Xavier",
        "Benoît",
        "Djibril",
        "Fabien",
        "Habib",
        "Jérôme",
        "Loïc",
        "Oumar",
    ];
    let skin = match first_name {
        "Awa" | "Fatou" | "Rokhaya" | "Mariam" | "Djibril" | "Oumar" => 4 + number / 7 % 2,
        "Samira" | "Inès" | "Yasmine" | "Rachida" | "Habib" => 2 + number / 7 % 2,
        _ => [0, 1, 2, 1, 3, 0, 1, 4][number / 3 % 8],
    };
    Features { number, man: MEN.contains(&first_name), skin }
}

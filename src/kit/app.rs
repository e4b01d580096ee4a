//! The running program: what doors, tasks and followers share. Cheap to clone.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use super::act::{Act, Settings, Site};
use super::clock::Clock;
use super::config::Config;
use super::db::Db;
use super::facts::Entry;
use super::files::Files;
use super::http::SharedPages;
use super::mail::Mailer;
use super::tasks::Task;
use super::token::password::Passwords;
use super::token::{CookieShape, Keys};
use base::actor::Actor;
use base::error::Result;
use base::time::Moment;

/// The program as everything inside it sees it.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

/// What [`App`] gives access to.
pub struct Inner {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub mailer: Mailer,
    pub files: Files,
    pub cookie: CookieShape,
    pub passwords: Passwords,
    pub site: Arc<Site>,
    pub machines: Machines,
    /// Pages that strangers share.
    pub pages: SharedPages,
    pub nudge: Arc<tokio::sync::Notify>,
    /// What an admin may change: name, logo, operator. Read again when the settings change.
    instance: RwLock<Instance>,
    stopping: AtomicBool,
    parts: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    errors: OnceLock<ErrorPage>,
}

/// Renders an error as a page of the site.
pub type ErrorPage = fn(&super::http::Frame, &super::http::Problem) -> String;

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

/// What people see of the instance on every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub name: String,
    /// A file id of the logo, or none for the drawn mark.
    pub logo: Option<String>,
    /// Who runs it and answers for it: name, legal form, address. Empty until an admin says so.
    pub operator: String,
    /// Where people write to the operator.
    pub contact: String,
}

impl Default for Instance {
    fn default() -> Instance {
        Instance {
            name: "Brasdroit".to_owned(),
            logo: None,
            operator: String::new(),
            contact: "contact@localhost".to_owned(),
        }
    }
}

pub type Follow = fn(&mut Act<'_>, &Entry) -> Result<()>;
pub type Fire = fn(&mut Act<'_>, &super::clocks::Clock) -> Result<()>;
pub type Running = std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send>>;
pub type Run = fn(App, Task) -> Running;
/// Says whether anything changed.
pub type Local = fn(App) -> std::pin::Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

/// What the rooms registered, by name.
#[derive(Default)]
pub struct Machines {
    pub followers: Vec<(&'static str, Follow)>,
    /// By room: `jobs` fires `jobs.*`.
    pub clocks: HashMap<&'static str, Fire>,
    pub tasks: HashMap<&'static str, Run>,
    /// What each node keeps up to date for itself, such as its search index.
    pub locals: Vec<Local>,
}

impl App {
    pub fn new(config: Config, clock: Clock, machines: Machines) -> anyhow::Result<App> {
        let keys = Keys::new(config.public_url.as_str(), &config.secrets)?;
        let settings = Settings::new(clock.clone(), Site { public_url: config.public_url.clone(), keys });
        let (nudge, site) = (settings.nudge.clone(), settings.site.clone());
        let db = Db::open(&config.database, settings)?;
        let inner = Inner {
            mailer: Mailer::new(&config)?,
            files: Files::in_directory(&config.data_dir.join("files"))?,
            cookie: CookieShape::of(&config.public_url),
            passwords: Passwords::new(config.password_cost)?,
            pages: SharedPages::with_room(config.page_cache_bytes),
            config,
            db,
            clock,
            site,
            machines,
            nudge,
            instance: RwLock::default(),
            stopping: AtomicBool::new(false),
            parts: RwLock::default(),
            errors: OnceLock::new(),
        };
        Ok(App { inner: Arc::new(inner) })
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn keys(&self) -> &Keys {
        &self.site.keys
    }

    /// A fresh id, outside an act.
    pub fn id(&self) -> i64 {
        self.db.ids().next(self.now())
    }

    /// Runs an act for the system: a clock, a follower, the command line.
    pub async fn as_system<T, F>(&self, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        self.db.write(Actor::System, act).await
    }

    /// Keeps something a room needs for as long as the program runs, such as the search index.
    pub fn keep<T: Any + Send + Sync>(&self, part: T) {
        if let Ok(mut parts) = self.parts.write() {
            parts.insert(TypeId::of::<T>(), Arc::new(part));
        }
    }

    /// What [`App::keep`] kept.
    pub fn part<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let parts = self.parts.read().ok()?;
        parts.get(&TypeId::of::<T>())?.clone().downcast().ok()
    }

    /// Says how errors look as pages; the `site` room knows.
    pub fn show_errors_with(&self, page: ErrorPage) {
        // Set once at the start; a second time changes nothing.
        let _ = self.errors.set(page);
    }

    pub fn error_page(&self) -> Option<ErrorPage> {
        self.errors.get().copied()
    }

    pub fn instance(&self) -> Instance {
        self.inner.instance.read().map(|instance| instance.clone()).unwrap_or_default()
    }

    /// Shows the instance as it is named from now on; says whether that is news.
    pub fn show_instance(&self, instance: Instance) -> bool {
        let Ok(mut shown) = self.inner.instance.write() else { return false };
        let news = *shown != instance;
        *shown = instance;
        drop(shown);
        if news {
            self.pages.renew();
        }
        news
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// From here on the program answers "not ready" and lets go.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.nudge.notify_waiters();
    }
}

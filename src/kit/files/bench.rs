//! Where pictures are decoded: a few threads of their own, each of which works on one picture at a time.
//!
//! A picture takes up to hundreds of megabytes while it is decoded, and an allocator keeps some of what it got for each
//! thread that ever asked. On the threads of the pool, which come and go, that would add up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::sync::oneshot;

use base::error::{Error, Result};

/// Pictures that are decoded at the same time.
const THREADS: usize = 2;
/// Pictures that may wait; the next one is told that the site is busy.
const QUEUE: usize = 64;

type Work = Box<dyn FnOnce() + Send>;

static QUEUED: LazyLock<SyncSender<Work>> = LazyLock::new(start);

/// Does the work when its turn comes.
pub async fn at_the_bench<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (reply, answer) = oneshot::channel();
    let work = Box::new(move || {
        // Whoever asked may be gone.
        let _ = reply.send(work());
    });
    QUEUED.try_send(work).map_err(|_| Error::Busy)?;
    answer.await.map_err(|_| Error::internal("a picture was dropped"))
}

fn start() -> SyncSender<Work> {
    let (queue, waiting) = sync_channel(QUEUE);
    let waiting = Arc::new(Mutex::new(waiting));
    for number in 0..THREADS {
        let waiting = waiting.clone();
        let started = std::thread::Builder::new().name(format!("pictures-{number}")).spawn(move || drain(&waiting));
        if let Err(error) = started {
            tracing::error!(%error, "a thread for pictures did not start");
        }
    }
    queue
}

fn drain(waiting: &Mutex<Receiver<Work>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("a picture made its decoder panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_few_threads_do_everything_and_outlive_a_panic() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let here = || std::thread::current().name().unwrap_or_default().to_owned();
            let mut names = BTreeSet::new();
            for number in 0..20 {
                assert!(at_the_bench(|| panic!("a broken picture")).await.map(|(): ()| ()).is_err());
                let (name, answer) = at_the_bench(move || (here(), number)).await.expect("an answer");
                assert_eq!(answer, number);
                names.insert(name);
            }
            assert!(names.len() <= THREADS && names.iter().all(|name| name.starts_with("pictures-")), "{names:?}");
        });
    }
}

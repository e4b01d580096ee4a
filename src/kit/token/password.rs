//! Password hashes: argon2id with 19 MiB, two passes, one lane (OWASP's floor), a few at a time.
//!
//! Hashing takes tens of milliseconds and much memory on purpose, so it never happens inside an act
//! and waits behind a semaphore: a flood of sign-ins queues here instead of filling the machine. The
//! memory is fetched once, when the program starts, and used again and again: an allocator that is
//! asked for 19 MiB from many threads keeps some of it for each of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::anyhow;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;

use base::error::{Error, Result};

/// More at once than there are cores would only take memory, and more than this the machine needs for its pages.
const MOST_AT_ONCE: usize = 4;
const PATIENCE: Duration = Duration::from_secs(3);
const LANES: u32 = 1;
/// More than a hash takes, and whatever else such a door does.
const STEP: Duration = Duration::from_millis(50);
const STEP_OF_TESTS: Duration = Duration::from_millis(1);
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = Params::DEFAULT_OUTPUT_LEN;

/// What one hash costs. Only code chooses another one than the full one, and production refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    pub const FULL: Cost = Cost { memory_kib: 19 * 1024, passes: 2 };
    /// For tests, which sign hundreds of people in.
    pub const TEST: Cost = Cost { memory_kib: 64, passes: 1 };

    fn params(self) -> Result<Params> {
        Ok(Params::new(self.memory_kib, self.passes, LANES, Some(HASH_BYTES)).map_err(|error| anyhow!("{error}"))?)
    }

    fn bench(self) -> Result<Vec<Block>> {
        Ok(vec![Block::new(); self.params()?.block_count()])
    }
}

impl Default for Cost {
    fn default() -> Cost {
        Cost::FULL
    }
}

/// Hashes and compares passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    turns: Arc<Semaphore>,
    /// The memory for as many hashes as may run at once.
    benches: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// Memory that somebody works with. However the work ends, it is wiped and goes back.
struct Bench {
    blocks: Vec<Block>,
    home: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.blocks.fill(Block::new());
        let blocks = std::mem::take(&mut self.blocks);
        self.home.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
    }
}

impl Passwords {
    pub fn new(cost: Cost) -> Result<Passwords> {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_AT_ONCE);
        let benches = (0..at_once).map(|_| cost.bench()).collect::<Result<Vec<_>>>()?;
        Ok(Passwords { cost, turns: Arc::new(Semaphore::new(at_once)), benches: Arc::new(Mutex::new(benches)) })
    }

    /// The steps in which doors answer whose time must not tell what they had to do.
    pub fn answer_step(&self) -> Duration {
        if self.cost == Cost::FULL { STEP } else { STEP_OF_TESTS }
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: String) -> Result<String> {
        let cost = self.cost;
        self.in_turn(move |blocks| new_hash(cost, &password, blocks)).await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let cost = self.cost;
        self.in_turn(move |blocks| match hash {
            Some(hash) => same(&password, &hash, blocks),
            None => new_hash(cost, &password, blocks).map(|_| false),
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut [Block]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await.map_err(|_| Error::Busy)?;
        let turn = turn.map_err(|_| Error::Busy)?;
        let home = self.benches.clone();
        let done = tokio::task::spawn_blocking(move || {
            // It is the work that holds the turn: whoever asked may be gone before it ends.
            let _turn = turn;
            let blocks = home.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let blocks = blocks.ok_or_else(|| Error::internal("a turn without memory"))?;
            let mut bench = Bench { blocks, home };
            work(&mut bench.blocks)
        });
        done.await.map_err(|error| Error::Internal(error.into()))?
    }
}

/// Hashes on the caller's thread and in memory of its own: where no program runs.
pub fn hash_now(cost: Cost, password: &str) -> Result<String> {
    new_hash(cost, password, &mut cost.bench()?)
}

fn new_hash(cost: Cost, password: &str, blocks: &mut [Block]) -> Result<String> {
    let wrong = |error| anyhow!("hashing: {error}");
    let salt: [u8; SALT_BYTES] = rand::random();
    let mut output = [0; HASH_BYTES];
    let params = cost.params()?;
    let to_text = ParamsString::try_from(&params).map_err(|error| anyhow!("parameters: {error}"))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), &salt, &mut output, blocks)
        .map_err(wrong)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: to_text,
        salt: Some(Salt::new(&salt).map_err(|error| anyhow!("salt: {error}"))?),
        hash: Some(Output::new(&output).map_err(|error| anyhow!("output: {error}"))?),
    };
    Ok(hash.to_string())
}

/// Whether the password gives this hash, whatever the hash says that it cost.
fn same(password: &str, hash: &str, blocks: &mut [Block]) -> Result<bool> {
    let wrong = |what: &'static str| Error::internal(format!("stored hash: {what}"));
    let stored = PasswordHash::new(hash).map_err(|_| wrong("unreadable"))?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(|_| wrong("algorithm"))?;
    let version = stored.version.map_or(Ok(Version::default()), Version::try_from).map_err(|_| wrong("version"))?;
    let params = Params::try_from(&stored).map_err(|_| wrong("parameters"))?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else { return Err(wrong("incomplete")) };
    let mut output = vec![0; expected.len()];
    let needed = params.block_count();
    let argon2 = Argon2::new(algorithm, version, params);
    // A hash that was made at another cost may need more than there is.
    let mut own = if needed > blocks.len() { vec![Block::new(); needed] } else { Vec::new() };
    let memory = if needed > blocks.len() { own.as_mut_slice() } else { blocks };
    argon2
        .hash_password_into_with_memory(password.as_bytes(), &salt, &mut output, memory)
        .map_err(|error| anyhow!("hashing: {error}"))?;
    own.fill(Block::new());
    Ok(Output::new(&output).is_ok_and(|output| output == expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn a_hash_names_its_cost_and_knows_its_password() {
        run(async {
            let passwords = Passwords::new(Cost::default()).expect("memory");
            let stored = passwords.hash("correct horse battery".into()).await.expect("a hash");
            assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
            let verify = |password: &str, hash: Option<&String>| passwords.verify(password.into(), hash.cloned());
            assert!(verify("correct horse battery", Some(&stored)).await.expect("an answer"));
            assert!(!verify("wrong horse", Some(&stored)).await.expect("an answer"));
            assert!(!verify("anything", None).await.expect("an answer"));
            let again = passwords.hash("correct horse battery".into()).await.expect("a hash");
            assert_ne!(stored, again, "each has a salt of its own");
        });
    }

    #[test]
    fn hashes_of_another_cost_stay_good() {
        // Made by the library itself, as all were before the memory was kept; and the other way round.
        use argon2::{PasswordHasher as _, PasswordVerifier as _};
        let library = Argon2::new(Algorithm::Argon2id, Version::V0x13, Cost::FULL.params().expect("parameters"));
        let old = library.hash_password(b"correct horse battery").expect("a hash").to_string();
        run(async {
            let passwords = Passwords::new(Cost::TEST).expect("memory");
            assert!(passwords.verify("correct horse battery".into(), Some(old.clone())).await.expect("an answer"));
            assert!(!passwords.verify("wrong horse".into(), Some(old)).await.expect("an answer"));
            let new = passwords.hash("correct horse battery".into()).await.expect("a hash");
            let new = PasswordHash::new(&new).expect("readable");
            assert!(Argon2::default().verify_password(b"correct horse battery", &new).is_ok());
        });
    }

    #[test]
    fn the_memory_is_fetched_once_and_wiped() {
        run(async {
            let passwords = Passwords::new(Cost::TEST).expect("memory");
            let places = |passwords: &Passwords| {
                let benches = passwords.benches.lock().expect("no panic");
                let mut places: Vec<usize> = benches.iter().map(|blocks| blocks.as_ptr() as usize).collect();
                assert!(benches.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0)), "wiped");
                places.sort_unstable();
                places
            };
            let before = places(&passwords);
            let many: Vec<_> = (0..40)
                .map(|number| {
                    let passwords = passwords.clone();
                    tokio::spawn(async move { passwords.hash(format!("password {number}")).await })
                })
                .collect();
            // Who goes away takes neither a turn nor memory along.
            many[3].abort();
            for one in many {
                if let Ok(hash) = one.await {
                    hash.expect("a hash");
                }
            }
            let outcome = passwords.in_turn(|_| -> Result<()> { panic!("in the middle of it") }).await;
            assert!(outcome.is_err());
            let _all = passwords.turns.acquire_many(before.len() as u32).await.expect("all turns are free");
            assert_eq!(before, places(&passwords));
        });
    }
}

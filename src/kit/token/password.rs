//! Password hashes: argon2id with 19 MiB, two passes, one lane (OWASP's floor), a few at a time.
//!
//! Hashing takes tens of milliseconds and much memory on purpose, so it never happens inside an act
//! and waits behind a semaphore: a flood of sign-ins queues here instead of filling the machine.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use base::error::{Error, Result};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// So many hashes at once; each holds 19 MiB and a core.
const AT_ONCE: usize = 4;
const PATIENCE: Duration = Duration::from_secs(3);

static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(AT_ONCE));

/// The hash of no known password: what an unknown address is compared with, so that it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now(&super::fresh_secret()).unwrap_or_default());

/// Hashes a new password.
pub async fn hash(password: String) -> Result<String> {
    in_turn(move || hash_now(&password)).await
}

/// Whether the password is the one that was hashed. Without a hash the answer is no, after the same time.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&hash).map_err(|error| Error::internal(format!("stored hash: {error}")))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

/// Hashes on the caller's thread: for the command line, the demo and seeding.
pub fn hash_now(password: &str) -> Result<String> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(|error| anyhow!("hashing: {error}"))?;
    Ok(hash.to_string())
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow!("parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = tokio::time::timeout(PATIENCE, TURNS.acquire()).await.map_err(|_| Error::Busy)?;
    let _turn = turn.map_err(|_| Error::Busy)?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_names_its_cost_and_knows_its_password() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let stored = hash("correct horse battery".into()).await.expect("a hash");
            assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
            assert!(verify("correct horse battery".into(), Some(stored.clone())).await.expect("an answer"));
            assert!(!verify("wrong horse".into(), Some(stored)).await.expect("an answer"));
            assert!(!verify("anything".into(), None).await.expect("an answer"));
        });
    }
}

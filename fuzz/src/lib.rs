//! What several targets need.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};

/// Runs a reader to its end. Readers have deadlines, which need tokio's clock.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// A body in pieces, as a line may cut it.
pub fn pieces(size: u8, body: &[u8]) -> Vec<Vec<u8>> {
    body.chunks(usize::from(size) + 1).map(<[u8]>::to_vec).collect()
}

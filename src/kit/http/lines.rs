//! Connections: how many there may be, from one address and in all, and how long one may be held without a request.
//!
//! The framework's own deadlines cover the first head and the pause after an answer. A second head that never ends, or
//! the rest of a body that nobody reads, is seen here: every line has a moment until which it may be silent.

use std::any::Any;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream as Stream;
use actix_web::web::Bytes;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Patience;

/// Connections at once, when the machine has descriptors enough.
const MOST: u64 = 10_000;
/// Descriptors that are asked of the machine.
const DESCRIPTORS: u64 = 65_536;
/// Descriptors kept back for the database, files, the index and letters.
const RESERVE: u64 = 256;
/// A line is known by a second descriptor, so that it can be closed from here.
const EACH_TAKES: u64 = 2;
/// Connections of one address.
const MOST_OF_ONE: usize = 256;
/// The same once half of all places are taken.
const MOST_OF_ONE_IN_A_CROWD: usize = 16;
/// Whoever reads an answer more slowly than so many bytes a second is not waited for.
const LEAST_READING: u64 = 16 * 1024;
const LOOK: Duration = Duration::from_millis(500);

/// Every connection of a server.
pub(super) struct Lines {
    most: usize,
    /// Proxies speak for many people.
    trusted: Vec<IpAddr>,
    patience: Patience,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    next: u64,
    open: HashMap<u64, Arc<Line>>,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection.
pub(super) struct Line {
    stream: TcpStream,
    /// Until when it may be silent; none while a request is served.
    until: Mutex<Option<Instant>>,
    patience: Patience,
}

/// The place of a connection; given back when the connection ends.
pub(super) struct Place {
    pub line: Arc<Line>,
    number: u64,
    address: IpAddr,
    lines: Weak<Lines>,
}

impl Lines {
    pub fn new(trusted: Vec<IpAddr>, patience: Patience) -> Arc<Lines> {
        Lines::with_room(room(), trusted, patience)
    }

    fn with_room(most: usize, trusted: Vec<IpAddr>, patience: Patience) -> Arc<Lines> {
        let lines = Arc::new(Lines { most, trusted, patience, book: Mutex::default() });
        let watched = Arc::downgrade(&lines);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let Some(lines) = watched.upgrade() else { return };
                lines.close_the_silent(Instant::now());
            }
        });
        lines
    }

    /// Connections at once.
    pub fn most(&self) -> usize {
        self.most
    }

    /// A new connection: takes its place, or is closed at once.
    pub fn connect(self: &Arc<Lines>, io: &dyn Any, data: &mut Extensions) {
        let Some(stream) = io.downcast_ref::<Stream>() else { return };
        let Ok(second) = stream.as_fd().try_clone_to_owned().map(TcpStream::from) else { return };
        let place = stream.peer_addr().ok().and_then(|peer| self.take(peer.ip()));
        match place {
            Some((number, address)) => {
                let until = Mutex::new(Some(Instant::now() + self.patience.head + self.patience.keep_alive));
                let line = Arc::new(Line { stream: second, until, patience: self.patience });
                self.book().open.insert(number, line.clone());
                data.insert(Place { line, number, address, lines: Arc::downgrade(self) });
            }
            None => {
                metrics::counter!("brasdroit_connections_refused_total").increment(1);
                let _ = second.shutdown(Shutdown::Both);
            }
        }
    }

    fn take(&self, peer: IpAddr) -> Option<(u64, IpAddr)> {
        let address = household(peer);
        let mut book = self.book();
        let all: usize = book.by_address.values().sum();
        let crowded = all >= self.most / 2;
        let limit = if crowded { MOST_OF_ONE_IN_A_CROWD } else { MOST_OF_ONE };
        let own = book.by_address.get(&address).copied().unwrap_or_default();
        let within = self.trusted.contains(&peer.to_canonical()) || own < limit;
        if all >= self.most || !within {
            return None;
        }
        *book.by_address.entry(address).or_default() += 1;
        book.next += 1;
        Some((book.next, address))
    }

    fn close_the_silent(&self, now: Instant) {
        let silent: Vec<Arc<Line>> = self.book().open.values().filter(|line| line.is_over(now)).cloned().collect();
        for line in silent {
            let _ = line.stream.shutdown(Shutdown::Both);
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(lines) = self.lines.upgrade() else { return };
        let mut book = lines.book();
        book.open.remove(&self.number);
        if let Some(own) = book.by_address.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                book.by_address.remove(&self.address);
            }
        }
    }
}

impl Line {
    fn is_over(&self, now: Instant) -> bool {
        self.until().is_some_and(|until| until < now)
    }

    /// From now on a request is served; what it reads has deadlines of its own.
    pub fn serve(&self) {
        *self.until() = None;
    }

    /// The answer is made: until it is read, and a pause, nothing need come.
    pub fn rest(self: &Arc<Line>, response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
        match response.body().size() {
            BodySize::None => self.rest_after(0),
            BodySize::Sized(bytes) => self.rest_after(bytes),
            BodySize::Stream => {
                let line = self.clone();
                return response.map_body(|_, body| BoxBody::new(Held { body, line }));
            }
        }
        response
    }

    fn rest_after(&self, bytes: u64) {
        let reading = Duration::from_secs(bytes / LEAST_READING);
        *self.until() = Some(Instant::now() + self.patience.keep_alive + reading);
    }

    fn until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body without an end known before; the line rests when it is over.
struct Held {
    body: BoxBody,
    line: Arc<Line>,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.line.rest_after(0);
    }
}

/// Whoever has an IPv6 address has a whole network of them.
pub(super) fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// How many connections the machine has descriptors for; asks for more where the machine lets it.
fn room() -> usize {
    let now = getrlimit(Resource::Nofile);
    let wanted = now.maximum.unwrap_or(DESCRIPTORS).min(DESCRIPTORS);
    let mut descriptors = now.current.unwrap_or(DESCRIPTORS);
    if descriptors < wanted {
        let more = Rlimit { current: Some(wanted), maximum: now.maximum };
        match setrlimit(Resource::Nofile, more) {
            Ok(()) => descriptors = wanted,
            Err(error) => tracing::warn!(%error, descriptors, "no more descriptors to be had"),
        }
    }
    let most = (descriptors.saturating_sub(RESERVE) / EACH_TAKES).clamp(MOST_OF_ONE_IN_A_CROWD as u64, MOST);
    usize::try_from(most).unwrap_or(MOST_OF_ONE_IN_A_CROWD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[tokio::test]
    async fn an_address_has_its_share_and_a_smaller_one_in_a_crowd() {
        let lines = Lines::with_room(600, vec![v4(9)], Patience::default());
        let take = |peer: IpAddr, times: usize| (0..times).filter(|_| lines.take(peer).is_some()).count();
        assert_eq!(take(v4(1), 1000), MOST_OF_ONE);
        assert_eq!(take(v4(2), 1000), 300 - MOST_OF_ONE, "then half is taken");
        assert_eq!(take(v4(3), 1000), MOST_OF_ONE_IN_A_CROWD);
        assert_eq!(take(v4(9), 100), 100, "a trusted proxy speaks for many");
        assert_eq!(take(v4(9), 1000), 600 - 300 - MOST_OF_ONE_IN_A_CROWD - 100);
        assert_eq!(take(v4(4), 1), 0, "the house is full");
    }

    #[test]
    fn a_network_is_one_household() {
        let one: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:ffff::9".parse().unwrap();
        let far: IpAddr = "2001:db8:1:3::1".parse().unwrap();
        assert_eq!(household(one), household(other));
        assert_ne!(household(one), household(far));
        assert_eq!(household("::ffff:10.0.0.1".parse().unwrap()), v4(1));
    }
}

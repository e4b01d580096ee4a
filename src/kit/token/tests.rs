//! What a token lets in and what it keeps out.

use super::keys::Use;
use super::*;
use base::actor::{AccountId, Actor, OrganisationId, VisitorId};
use base::lang::Lang;
use base::time::Moment;

const NOW: Moment = Moment(1_800_000_000_000_000);
const MINUTE: i64 = 60 * 1_000_000;

fn keys(secret: &str) -> Keys {
    Keys::new("https://brasdroit.example", &[Secret::new(secret.repeat(32))]).expect("keys")
}

fn claims() -> Claims {
    let holder = Holder {
        account: AccountId(11),
        name: "Camille".into(),
        client: true,
        assistant: false,
        staff: None,
        organisation: Some(OrganisationId(12)),
        lang: Lang::Fr,
        zone: "Europe/Paris".into(),
    };
    Claims::member(SessionId(13), holder)
}

fn later(minutes: i64) -> Moment {
    Moment(NOW.0 + minutes * MINUTE)
}

#[test]
fn a_cookie_speaks_for_fifteen_minutes_and_is_then_asked_about() {
    let keys = keys("a");
    let token = keys.mint_cookie(&claims(), NOW).expect("a token");
    assert_eq!(keys.read_cookie(&token, later(14)), Some(Reading::Live(claims())));
    assert_eq!(keys.read_cookie(&token, later(15)), Some(Reading::Past(claims())));
    assert_eq!(keys.read_cookie(&token, later(-1)), None, "not before it was made");
    assert_eq!(
        claims().actor(),
        Actor::Member {
            account: AccountId(11),
            organisation: Some(OrganisationId(12)),
            client: true,
            assistant: false
        }
    );
}

#[test]
fn a_visitor_has_no_row_so_the_cookie_ends_by_itself() {
    let keys = keys("a");
    let token = keys.mint_cookie(&Claims::visitor(VisitorId(7)), NOW).expect("a token");
    assert_eq!(keys.read_cookie(&token, later(60)), Some(Reading::Live(Claims::visitor(VisitorId(7)))));
    assert_eq!(keys.read_cookie(&token, later(31 * 24 * 60)), None);
}

#[test]
fn an_access_token_ends_and_is_no_cookie() {
    let keys = keys("a");
    let bearer = keys.mint_bearer(&claims(), NOW).expect("a token");
    assert_eq!(keys.read_bearer(&bearer, later(14)), Some(claims()));
    assert_eq!(keys.read_bearer(&bearer, later(15)), None);
    assert_eq!(keys.read_cookie(&bearer, NOW), None);
    let cookie = keys.mint_cookie(&claims(), NOW).expect("a token");
    assert_eq!(keys.read_bearer(&cookie, NOW), None);
}

#[test]
fn another_secret_issuer_or_algorithm_is_not_ours() {
    let token = keys("a").mint_cookie(&claims(), NOW).expect("a token");
    assert_eq!(keys("b").read_cookie(&token, NOW), None);
    let elsewhere = Keys::new("https://other.example", &[Secret::new("a".repeat(32))]).expect("keys");
    assert_eq!(elsewhere.read_cookie(&token, NOW), None);
    let (_, rest) = token.split_once('.').expect("a header");
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{rest}");
    assert_eq!(keys("a").read_cookie(&none, NOW), None);
    let mut changed = token.clone();
    changed.truncate(token.len() - 2);
    assert_eq!(keys("a").read_cookie(&changed, NOW), None);
    assert_eq!(keys("a").read_cookie("", NOW), None);
}

#[test]
fn a_new_secret_signs_and_the_old_one_still_verifies() {
    let (old, new) = (Secret::new("a".repeat(32)), Secret::new("b".repeat(32)));
    let before = Keys::new("https://x.example", std::slice::from_ref(&old)).expect("keys");
    let after = Keys::new("https://x.example", &[new.clone(), old]).expect("keys");
    let token = before.mint_cookie(&claims(), NOW).expect("a token");
    assert!(after.read_cookie(&token, NOW).is_some());
    let fresh = after.mint_cookie(&claims(), NOW).expect("a token");
    assert!(before.read_cookie(&fresh, NOW).is_none());
    let csrf = before.csrf("ses").expect("a token");
    assert!(after.csrf_holds("ses", &csrf));
    assert!(!after.csrf_holds("other", &csrf));
    assert!(Keys::new("https://x.example", &[Secret::new("short")]).is_err());
    assert!(Keys::new("https://x.example", &[]).is_err());
}

#[test]
fn the_seal_of_a_form_looks_different_on_every_page() {
    let keys = keys("a");
    let seals: Vec<String> = (0..50).map(|_| keys.csrf("ses").expect("a seal")).collect();
    for (at, seal) in seals.iter().enumerate() {
        assert!(keys.csrf_holds("ses", seal));
        assert!(!keys.csrf_holds("other", seal));
        assert!(!seals[..at].contains(seal), "the same seal twice");
        let common = seal.bytes().zip(seals[0].bytes()).take_while(|(one, other)| one == other).count();
        assert!(at == 0 || common < 12, "two seals begin alike: {common} characters");
    }
    let bare = keys.seal(Use::Csrf, "ses").expect("a seal");
    for wrong in [bare.as_str(), "", "a", "%%", &seals[0][1..]] {
        assert!(!keys.csrf_holds("ses", wrong), "{wrong}");
    }
}

#[test]
fn a_link_is_for_one_purpose_and_ends() {
    let keys = keys("a");
    let token = keys.link("reset", 5, 2, later(30)).expect("a link");
    assert_eq!(keys.read_link("reset", &token, later(29)), Some(Link { id: 5, version: 2 }));
    assert_eq!(keys.read_link("confirm", &token, NOW), None);
    assert_eq!(keys.read_link("reset", &token, later(30)), None);
    assert_eq!(keys.read_link("reset", &token.replace('.', ""), NOW), None);
    assert_eq!(keys.read_link("reset", &format!("B{}", &token[1..]), NOW).filter(|link| link.id == 5), None);
}

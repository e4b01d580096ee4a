//! Every standing against every verb, and the fields at their edges.

use super::*;

const NOW: Moment = Moment(1_800_000_000_000_000);

fn account(standing: Standing) -> Account {
    let confirmed_at = (standing != Standing::Unconfirmed).then_some(NOW);
    Account {
        id: AccountId(7),
        email: Email::parse("camille@exemple.fr").expect("an address"),
        pending_email: None,
        password_version: 1,
        display_name: "Camille".into(),
        lang: Lang::Fr,
        zone: "Europe/Paris".into(),
        hats: Hats { client: true, assistant: false },
        staff: None,
        organisation: Some(OrganisationId(8)),
        standing,
        confirmed_at,
        created_at: NOW,
        version: 1,
        sign_ups: 1,
        reset_round: 0,
    }
}

fn suspension() -> Suspension {
    Suspension { since: NOW, until: None, reasons: "Spam".into() }
}

fn name(standing: &Standing) -> &'static str {
    match standing {
        Standing::Unconfirmed => "unconfirmed",
        Standing::Active => "active",
        Standing::Suspended(_) => "suspended",
        Standing::Leaving { .. } => "leaving",
        Standing::Erased { .. } => "erased",
    }
}

#[test]
fn every_standing_answers_every_verb() {
    let standings = [
        Standing::Unconfirmed,
        Standing::Active,
        Standing::Suspended(suspension()),
        Standing::Leaving { since: NOW },
        Standing::Erased { at: NOW },
    ];
    let mut table = String::new();
    for standing in standings {
        let a = account(standing);
        let state = |result: Result<Account, Refusal>| match result {
            Ok(account) => name(&account.standing).to_owned(),
            Err(refusal) => format!("{refusal:?}"),
        };
        let plain = |result: Result<(), Refusal>| match result {
            Ok(()) => "yes".to_owned(),
            Err(refusal) => format!("{refusal:?}"),
        };
        table.push_str(&format!(
            "{}: confirm {}, sign_in {}, trade {}, suspend {}, lift {}, leave {}, stay {}\n",
            name(&a.standing),
            state(a.clone().confirm(NOW)),
            plain(a.sign_in()),
            plain(a.trade(NOW)),
            state(a.clone().suspend(suspension())),
            state(a.clone().lift()),
            state(a.clone().leave(NOW)),
            state(a.clone().stay()),
        ));
    }
    assert_eq!(
        table,
        "\
unconfirmed: confirm active, sign_in NotConfirmed, trade NotConfirmed, suspend suspended, lift NotSuspended, leave leaving, stay unconfirmed
active: confirm AlreadyConfirmed, sign_in yes, trade yes, suspend suspended, lift NotSuspended, leave leaving, stay active
suspended: confirm AlreadyConfirmed, sign_in yes, trade Suspended, suspend AlreadySuspended, lift active, leave leaving, stay suspended
leaving: confirm Leaving, sign_in yes, trade Leaving, suspend Leaving, lift NotSuspended, leave Leaving, stay active
erased: confirm Erased, sign_in Erased, trade Erased, suspend Erased, lift Erased, leave Erased, stay Erased
"
    );
}

#[test]
fn a_suspension_with_an_end_ends() {
    let until = Moment(NOW.0 + 10);
    let a = account(Standing::Suspended(Suspension { until: Some(until), ..suspension() }));
    assert_eq!(a.trade(NOW), Err(Refusal::Suspended));
    assert_eq!(a.trade(until), Ok(()));
}

#[test]
fn staff_never_trade_and_are_not_suspended() {
    let staff = Account { staff: Some(StaffRole::Admin), hats: Hats::default(), ..account(Standing::Active) };
    assert_eq!(staff.trade(NOW), Err(Refusal::StaffNeverTrade));
    assert_eq!(staff.clone().wear(Hats { client: true, assistant: false }), Err(Refusal::StaffNeverTrade));
    assert_eq!(staff.suspend(suspension()), Err(Refusal::StaffNotSuspended));
}

#[test]
fn a_link_works_once() {
    let a = account(Standing::Active);
    assert_eq!(a.check_link(1), Ok(()));
    assert_eq!(a.clone().change_password().check_link(1), Err(Refusal::LinkSpent));
    assert_eq!(a.check_reset_link(0), Ok(()));
    assert_eq!(a.clone().forget_password().check_reset_link(0), Err(Refusal::LinkSpent));
    assert_eq!(a.clone().change_password().check_reset_link(0), Err(Refusal::LinkSpent));
    assert_eq!(a.forget_password().check_link(1), Ok(()), "other links go on");
}

#[test]
fn addresses_are_read_with_care() {
    assert_eq!(Email::parse(" Anne.Le-Goff@Exemple.FR ").map(|e| e.to_string()), Ok("Anne.Le-Goff@exemple.fr".into()));
    assert_eq!(Email::parse("A@exemple.fr").map(|e| e.key()), Ok("a@exemple.fr".into()));
    assert_eq!(Email::parse("  "), Err("accounts.email_missing"));
    for wrong in
        ["a", "a@b", "@b.fr", "a@", "a b@c.fr", "a@b..fr", ".a@b.fr", "a@-b.fr", "a@b.fr\r\nBcc: c@d.fr", "é@b.fr"]
    {
        assert_eq!(Email::parse(wrong), Err("accounts.email_wrong"), "{wrong}");
    }
}

#[test]
fn passwords_that_everybody_tries_are_refused() {
    let email = Email::parse("camille@exemple.fr").ok();
    for common in [
        "password",
        "Passw0rd!",
        "motdepasse2026",
        "azertyuiop",
        "12345678",
        "aaaaaaaa",
        "camille1984",
        "Brasdroit2026!",
    ] {
        assert_eq!(Password::parse(common, email.as_ref()).err(), Some("accounts.password_common"), "{common}");
    }
    assert_eq!(Password::parse("court", None).err(), Some("accounts.password_too_short"));
    assert_eq!(Password::parse(&"é".repeat(129), None).err(), Some("accounts.password_too_long"));
    assert!(Password::parse("trois chats gris", email.as_ref()).is_ok());
}

#[test]
fn what_leaked_before_is_refused_and_accents_are_one() {
    for leaked in ["1qazxsw2", "asdfasdf", "Football1", "ILOVEYOU", "trustno1", "corvette", "superman1"] {
        assert_eq!(Password::parse(leaked, None).err(), Some("accounts.password_common"), "{leaked}");
    }
    for rare in ["trois chats gris", "lune-verte-papier", "kX9$vv2!mQ", "un mot de passe long et rare"] {
        assert!(Password::parse(rare, None).is_ok(), "{rare}");
    }
    let (one, two) = ("e\u{301}te\u{301} sans fin", "\u{e9}t\u{e9} sans fin");
    let parsed = |text: &str| Password::parse(text, None).map(Password::into_text);
    assert_eq!(parsed(one), parsed(two));
    assert_eq!(Password::typed(one).as_deref(), Some(two));
    assert_eq!(Password::typed_before(one).as_deref(), Some(one));
    assert_eq!(Password::typed_before(two), None);
    assert_eq!(parsed(&"\u{e9}".repeat(7)), Err("accounts.password_too_short"));
}

#[test]
fn a_siren_has_nine_digits_and_the_right_sum() {
    assert_eq!(siren_holds("732 829 320"), Some("732829320".into()));
    for wrong in ["732829321", "73282932", "000000000", "73282932a"] {
        assert_eq!(siren_holds(wrong), None, "{wrong}");
    }
}

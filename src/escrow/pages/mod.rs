//! Pages of units and money: the unit with its timeline and actions, funding step by step, income.

mod actions;
mod funding;
mod money;
mod unit;

use base::error::{Error, FieldError};
use base::lang::Lang;
use base::money::{Currency, Money, MoneyError, parse};
use kit::http::{Door, Who, Wrong, page};

pub fn doors() -> Vec<Door> {
    let client = |door: Door| door.who(Who::Client);
    let assistant = |door: Door| door.who(Who::Assistant);
    let staff = |door: Door| door.who(Who::Moderator);
    vec![
        page::get("/units/{id}", unit::show),
        page::get("/units/{id}/files/{file}", unit::file),
        client(page::get("/units/{id}/funding", funding::choose)),
        client(page::post("/units/{id}/funding", funding::fund)),
        client(page::get("/units/{id}/approval", funding::check_approval)),
        client(page::post("/units/{id}/approval", funding::approve)),
        assistant(page::post("/units/{id}/submission", actions::submit)),
        assistant(page::post("/units/{id}/timesheet", actions::submit_timesheet)),
        client(page::post("/units/{id}/changes", actions::request_changes)),
        client(page::post("/units/{id}/part", actions::offer_part)),
        assistant(page::post("/units/{id}/part/answer", actions::answer_part)),
        client(page::post("/units/{id}/refund-request", actions::request_refund)),
        assistant(page::post("/units/{id}/refund-request/answer", actions::answer_refund)),
        assistant(page::post("/units/{id}/refund", actions::give_back)),
        page::post("/units/{id}/cancellation", actions::cancel),
        page::post("/units/{id}/dispute", actions::open_dispute),
        page::post("/units/{id}/dispute/answer", actions::answer_dispute),
        page::post("/units/{id}/settlement", actions::offer_settlement),
        page::post("/units/{id}/settlement/acceptance", actions::accept_settlement),
        staff(page::post("/units/{id}/decision", actions::decide)),
        staff(page::post("/units/{id}/freeze", actions::freeze)),
        staff(page::post("/units/{id}/unfreeze", actions::unfreeze)),
        page::get("/me/money", money::show),
        assistant(page::post("/me/money/payout", money::request_payout).noted(kit::security::Kind::PayoutAsked)),
    ]
}

/// The fields that were wrong, by the names of the form: `/points/3` is the field `points`.
fn wrong_fields(lang: Lang, error: Error) -> Result<Wrong, Error> {
    match error {
        Error::Invalid(errors) => {
            let short = |error: FieldError| {
                let name = error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
                FieldError { pointer: format!("/{name}"), ..error }
            };
            let errors: Vec<FieldError> = errors.into_iter().map(short).collect();
            Ok(Wrong::of(lang, &errors))
        }
        other => Err(other),
    }
}

/// An amount as somebody typed it into the field of a form.
fn typed_amount(field: &str, text: &str, currency: Currency, lang: Lang) -> Result<Money, Error> {
    parse(text, currency, lang).map_err(|error| Error::field(format!("/{field}"), error.code()))
}

/// As [`typed_amount`], where zero is an answer.
fn typed_amount_or_zero(field: &str, text: &str, currency: Currency, lang: Lang) -> Result<Money, Error> {
    match parse(text, currency, lang) {
        Ok(money) => Ok(money),
        Err(MoneyError::NotPositive) if !text.contains(['-', '\u{2212}']) => Ok(Money::zero(currency)),
        Err(error) => Err(Error::field(format!("/{field}"), error.code())),
    }
}

//! Pages of moderation: the queue and its cases for staff, reports without an account, and the statement of reasons
//! with its appeal for whom it concerns.

mod case;
mod queue;
mod reports;
mod statement;

use crate::kit::http::{Door, Frame, Who, page};

pub fn doors() -> Vec<Door> {
    let staff = Who::Moderator;
    vec![
        page::get("/moderation", queue::show).who(staff),
        page::get("/moderation/cases/{id}", case::show).who(staff),
        page::post("/moderation/cases/{id}/assignment", case::assign).who(staff),
        page::post("/moderation/cases/{id}/decision", case::decide).who(staff),
        page::post("/moderation/appeals/{id}", case::answer_appeal).who(staff),
        page::get("/report", reports::form).who(Who::Anyone),
        page::post("/report", reports::send).who(Who::Anyone),
        page::get("/report/{receipt}", reports::receipt).who(Who::Anyone),
        page::get("/decisions/{id}", statement::show),
        page::post("/decisions/{id}/appeal", statement::appeal),
        page::get("/transparency", reports::transparency).who(Who::Anyone),
    ]
}

/// What the appeal says instead of reasons when its time ran out.
const UNANSWERED: &str = "moderation.unanswered";

/// Why an appeal ended as it did: a moderator's words, or the sentence for nobody having answered.
fn spoken(f: &Frame, reasons: &str) -> String {
    if reasons == UNANSWERED { f.t(reasons).into_owned() } else { reasons.to_owned() }
}

/// Tone of a badge for a risk.
fn tone(risk: i64) -> &'static str {
    match risk {
        3.. => "bad",
        2 => "warn",
        1 => "info",
        _ => "",
    }
}

//! Pages of bids: the form that works before sign-up, both sides' views of a bid, and the client's comparison.

mod compare;
mod form;
mod moves;
mod show;
mod write;

use kit::http::{Door, Who, page};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/jobs/{id}/bids/new", write::new).who(Who::Anyone),
        page::post("/jobs/{id}/bids/new", write::place).who(Who::Anyone).limited(Limit::DRAFTS),
        page::post("/jobs/{id}/bids/draft", write::keep).who(Who::Anyone).limited(Limit::DRAFTS),
        page::get("/jobs/{id}/bids", compare::compare).who(Who::Client),
        page::get("/me/bids", show::mine).who(Who::Assistant),
        page::get("/bids/{id}", show::show),
        page::get("/bids/{id}/edit", write::edit).who(Who::Assistant),
        page::post("/bids/{id}/edit", write::revise).who(Who::Assistant),
        page::post("/bids/{id}/withdrawal", moves::withdraw).who(Who::Assistant),
        page::post("/bids/{id}/shortlisting", moves::shortlist).who(Who::Client),
        page::post("/bids/{id}/shortlisting/undo", moves::unlist).who(Who::Client),
        page::post("/bids/{id}/refusal", moves::decline).who(Who::Client),
        page::post("/bids/{id}/sample-requests", moves::ask_sample).who(Who::Client),
        page::post("/bids/{id}/grants", moves::grant).who(Who::Assistant),
    ]
}

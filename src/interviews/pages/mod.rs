//! Pages of interviews: the proposal, the interview with its moves, the list, and free hours.

mod moves;
mod propose;
mod show;

use kit::http::{Door, Who, page};

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/interviews", show::list),
        page::get("/bids/{id}/interviews/new", propose::new).who(Who::Client),
        page::post("/bids/{id}/interviews/new", propose::propose).who(Who::Client),
        page::get("/bids/{id}/free-slots", propose::free).who(Who::Assistant),
        page::post("/bids/{id}/free-slots", propose::share).who(Who::Assistant),
        page::get("/interviews/{id}", show::show),
        page::post("/interviews/{id}/acceptance", moves::accept),
        page::get("/interviews/{id}/reschedule", propose::other_hours),
        page::post("/interviews/{id}/reschedule", propose::reschedule),
        page::post("/interviews/{id}/cancellation", moves::cancel),
        page::post("/interviews/{id}/holding", moves::hold),
        page::post("/interviews/{id}/no-show", moves::no_show),
        page::post("/interviews/{id}/objection", moves::contest),
        page::post("/interviews/{id}/scorecard", moves::score).who(Who::Client),
    ]
}

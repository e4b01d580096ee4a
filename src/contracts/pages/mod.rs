//! Pages of contracts: the list, the contract, the paper, and the forms of both sides.

mod form;
mod moves;
mod show;
mod write;

use kit::http::{Door, Who, page};

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/contracts", show::list),
        page::get("/contracts/{id}", show::show),
        page::get("/contracts/{id}/text", show::text),
        page::get("/bids/{id}/offer", write::offer_form),
        page::post("/bids/{id}/offer", write::offer),
        page::get("/contracts/{id}/counter", write::counter_form),
        page::post("/contracts/{id}/counter", write::counter),
        page::get("/contracts/{id}/amendment", write::amendment_form),
        page::post("/contracts/{id}/amendment", write::amendment),
        page::post("/contracts/{id}/signature", moves::sign),
        page::post("/contracts/{id}/refusal", moves::decline),
        page::post("/contracts/{id}/withdrawal", moves::withdraw),
        page::post("/contracts/{id}/pause", moves::pause),
        page::post("/contracts/{id}/resumption", moves::resume),
        page::get("/contracts/{id}/ending", moves::ending_form),
        page::post("/contracts/{id}/ending", moves::end),
        page::post("/contracts/{id}/ending/agreement", moves::agree),
        page::post("/contracts/{id}/ending/confirmation", moves::confirm),
        page::post("/contracts/{id}/again", moves::again).who(Who::Client),
        page::post("/contracts/{id}/accesses", moves::grant).who(Who::Client),
        page::post("/contracts/{id}/accesses/revocation", moves::revoke),
        page::post("/contracts/{id}/waiting-lists", moves::ask_for).who(Who::Assistant),
        page::post("/contracts/{id}/waiting-lists/settlement", moves::settle),
        page::post("/contracts/{id}/risks", moves::raise),
        page::post("/contracts/{id}/risks/answer", moves::answer),
    ]
}

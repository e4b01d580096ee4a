//! Pages of jobs: the wizard, a job and its client's buttons, invitations, public questions, direct hire.

mod form;
mod invitations;
mod mine;
mod show;
mod view;
mod wizard;

use kit::http::{Door, Who, page};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    let client = Who::Client;
    let assistant = Who::Assistant;
    vec![
        page::get("/jobs/new", wizard::start).who(Who::Anyone),
        page::post("/jobs/new", wizard::begin).who(Who::Anyone).limited(Limit::DRAFTS),
        page::get("/jobs/{id}/edit/{step}", wizard::show).who(Who::Anyone),
        page::post("/jobs/{id}/edit/{step}", wizard::save).who(Who::Anyone).keeps(),
        page::post("/jobs/{id}/draft/{step}", wizard::autosave).who(Who::Anyone),
        page::post("/jobs/{id}/publication", wizard::publish).who(client),
        page::post("/jobs/{id}/discard", wizard::discard).who(Who::Anyone),
        page::get("/jobs/{id}", show::show).who(Who::Anyone),
        page::get("/jobs/{id}/files/{file}", show::file).who(Who::Anyone),
        page::post("/jobs/{id}/take-back", show::take_back).who(client),
        page::post("/jobs/{id}/pause", show::pause).who(client),
        page::post("/jobs/{id}/resumption", show::resume).who(client),
        page::post("/jobs/{id}/extension", show::extend).who(client),
        page::get("/jobs/{id}/closure", show::closure).who(client),
        page::post("/jobs/{id}/closure", show::close).who(client),
        page::post("/jobs/{id}/reopening", show::reopen).who(client),
        page::post("/jobs/{id}/questions", show::ask_question).who(assistant).limited(Limit::QUESTIONS),
        page::post("/questions/{id}/answer", show::answer_question).who(client),
        page::get("/me/jobs", mine::list).who(client),
        page::get("/me/invitations", invitations::list).who(assistant),
        page::get("/invitations/{id}", invitations::show),
        page::post("/invitations/{id}/acceptance", invitations::accept).who(assistant),
        page::post("/invitations/{id}/refusal", invitations::decline).who(assistant),
        page::post("/invitations/{id}/passing", invitations::pass_on).who(assistant),
        page::get("/assistants/{id}/proposal", invitations::proposal).who(client),
        page::post("/assistants/{id}/proposal", invitations::propose).who(client).limited(Limit::INVITATIONS),
        page::post("/assistants/{id}/invitation", invitations::invite).who(client).limited(Limit::INVITATIONS),
    ]
}

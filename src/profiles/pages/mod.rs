//! Pages of profiles: the editor, the portfolio, references, and what the public reads.

mod editor;
mod fields;
mod portfolio;
mod references;
mod sections;
mod show;

pub use sections::{country_name, language_name};

use kit::http::{Door, Who, page};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    let own = |door: Door| door.who(Who::Assistant);
    vec![
        own(page::get("/me/profile", editor::overview)),
        own(page::post("/me/profile/publication", editor::publish)),
        own(page::post("/me/profile/withdrawal", editor::hide)),
        own(page::get("/me/profile/edit/{section}", editor::section)),
        own(page::post("/me/profile/edit/{section}", editor::save)),
        own(page::post("/me/profile/edit/{section}/draft", editor::autosave)),
        own(page::post("/me/profile/edit/{section}/preview", editor::preview)),
        own(page::post("/me/profile/photo", editor::photo).limited(Limit::UPLOADS)),
        own(page::post("/me/profile/photo/removal", editor::remove_photo)),
        own(page::get("/me/portfolio", portfolio::list)),
        own(page::get("/me/portfolio/new", portfolio::new)),
        own(page::post("/me/portfolio/new", portfolio::add).limited(Limit::UPLOADS)),
        own(page::get("/me/portfolio/items/{id}", portfolio::edit)),
        own(page::post("/me/portfolio/items/{id}", portfolio::change).limited(Limit::UPLOADS)),
        own(page::post("/me/portfolio/items/{id}/deletion", portfolio::delete)),
        own(page::post("/me/portfolio/items/{id}/file-removal", portfolio::detach)),
        own(page::get("/me/references", references::list)),
        own(page::post("/me/references", references::ask_for)),
        own(page::post("/me/references/{id}/removal", references::forget)),
        page::get("/references/{token}", references::question).who(Who::Anyone),
        page::post("/references/{token}", references::answer).who(Who::Anyone),
        page::get("/portfolio/{id}", show::item).who(Who::Anyone),
        page::get("/assistants/{id}", show::profile).who(Who::Anyone),
    ]
}

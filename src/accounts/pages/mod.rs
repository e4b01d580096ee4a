//! Pages of accounts: the entrance (sign-up, sign-in, forgotten password) and the settings.

mod entrance;
mod settings;

pub use kit::http::Wrong;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use base::time::Zone;
use kit::http::{Door, Who, page};

pub fn doors() -> Vec<Door> {
    let mut doors = vec![
        page::get("/sign-up", entrance::sign_up).who(Who::Anyone),
        page::post("/sign-up", entrance::register).who(Who::Anyone).steady(),
        page::get("/sign-up/sent", entrance::sent).who(Who::Anyone),
        page::post("/sign-up/again", entrance::send_again).who(Who::Anyone).steady(),
        page::get("/email-confirmations/{token}", entrance::confirmation).who(Who::Anyone),
        page::post("/email-confirmations/{token}", entrance::confirm).who(Who::Anyone),
        page::get("/sign-in", entrance::sign_in).who(Who::Anyone),
        page::post("/sign-in", entrance::enter).who(Who::Anyone).steady(),
        page::post("/sign-out", entrance::sign_out).who(Who::Anyone),
        page::get("/kept", entrance::kept),
        page::post("/kept", entrance::send_kept),
        page::post("/kept/refusal", entrance::drop_kept),
        page::get("/forgotten-password", entrance::forgotten).who(Who::Anyone),
        page::post("/forgotten-password", entrance::forget).who(Who::Anyone).steady(),
        page::get("/password-resets/{token}", entrance::reset).who(Who::Anyone),
        page::post("/password-resets/{token}", entrance::complete_reset).who(Who::Anyone),
    ];
    doors.extend(settings::doors());
    doors
}

/// The last piece of a letter's link.
fn token_of(request: &HttpRequest) -> String {
    request.match_info().get("token").unwrap_or_default().to_owned()
}

/// Every zone, for the list of a form.
fn zones() -> Vec<(String, String)> {
    Zone::all().into_iter().map(|name| (name.clone(), name.replace('_', " "))).collect()
}

/// A way back into the site that somebody else may have written: only paths of our own pages count.
fn own_path(next: &str) -> Option<&str> {
    kit::http::own_path(next).filter(|next| !next[3..].starts_with("/sign-"))
}

fn see_other(target: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, target)).finish()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_our_own_pages_are_a_way_back() {
        for good in ["/fr", "/en/jobs/new?step=2", "/fr/account"] {
            assert_eq!(own_path(good), Some(good));
        }
        for bad in
            ["", "/", "https://evil.example", "//evil.example", "/frx", "/fr\\evil", "/fr/sign-in", "/en/sign-up"]
        {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }
}

//! Answers whoever is curious while the demo world is being built, so that its address works from the first moment on.

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::{App, HttpResponse, HttpServer, web};
use brasdroit::base::lang::Lang;
use brasdroit::kit::http::{Failure, assets};
use brasdroit::kit::words::say;

/// Listens until its handle stops it; every page says that the demo is on its way, and looks again by itself.
pub fn listen(address: &str) -> anyhow::Result<Server> {
    let page = page();
    Ok(HttpServer::new(move || {
        let page = page.clone();
        App::new()
            .route(
                "/static/{name:.*}",
                web::get().to(async |request, name| assets::serve(request, name).await.map_err(Failure)),
            )
            .default_service(web::to(move || std::future::ready(answer(page.clone()))))
    })
    .workers(1)
    .disable_signals()
    .bind(address)?
    .run())
}

fn answer(page: String) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, "2"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'",
        ))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

/// In both languages: nobody has chosen one yet.
fn page() -> String {
    let told = Lang::ALL.map(|lang| {
        let (title, text) = (say(lang, "demo.preparing"), say(lang, "demo.preparing_more"));
        format!("<section class=\"stack\" lang=\"{lang}\"><h1>{title}</h1><p class=\"lede\">{text}</p></section>")
    });
    format!(
        "<!DOCTYPE html><html lang=\"fr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"refresh\" content=\"1\">\
         <link rel=\"stylesheet\" href=\"{}\"><link rel=\"icon\" href=\"{}\"><title>Brasdroit</title></head>\
         <body><main class=\"page wrap\"><div class=\"narrow stack loose\">{}</div></main></body></html>",
        assets::url("css/site.css"),
        assets::url("icons/mark.svg"),
        told.concat()
    )
}

//! What machines read about the site: sitemap, robots.txt, security.txt.

use std::fmt::Write;

use actix_web::HttpResponse;

use super::texts;
use crate::base::error::Result;
use crate::base::lang::Lang;
use crate::base::time::Moment;
use crate::kit::http::{Ask, Door, Who, plain};

/// Nothing below these is for search engines.
const PRIVATE: [&str; 9] =
    ["me", "account", "dashboard", "messages", "notifications", "contracts", "moderation", "staff", "demo"];
/// For how long `security.txt` says it is true.
const SECURITY_DAYS: i64 = 180;

pub fn doors() -> Vec<Door> {
    vec![
        plain::get("/robots.txt", robots).who(Who::Anyone),
        plain::get("/sitemap.xml", sitemap).who(Who::Anyone),
        plain::get("/.well-known/security.txt", security).who(Who::Anyone),
    ]
}

async fn robots(ask: Ask) -> HttpResponse {
    let mut text = String::from("User-agent: *\nDisallow: /api/\n");
    for lang in Lang::ALL {
        for path in PRIVATE {
            let _ = writeln!(text, "Disallow: /{lang}/{path}");
        }
    }
    let _ = writeln!(text, "Sitemap: {}/sitemap.xml", ask.app().config.public_url);
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}

/// The public pages, each with its twin in the other language.
async fn sitemap(ask: Ask) -> Result<HttpResponse> {
    let mut paths: Vec<String> = vec![
        "".into(),
        "/jobs".into(),
        "/assistants".into(),
        "/pricing".into(),
        "/if-nobody-answers".into(),
        "/how-ranking-works".into(),
        "/transparency".into(),
    ];
    paths.extend(texts::NAMES.iter().map(|name| format!("/{name}")));
    let body = render(&ask.app().config.public_url, &paths);
    Ok(HttpResponse::Ok().content_type("application/xml; charset=utf-8").body(body))
}

fn render(origin: &str, paths: &[String]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for path in paths {
        for lang in Lang::ALL {
            let _ = write!(xml, "<url><loc>{origin}/{lang}{path}</loc>");
            for twin in Lang::ALL {
                let _ =
                    write!(xml, "<xhtml:link rel=\"alternate\" hreflang=\"{twin}\" href=\"{origin}/{twin}{path}\"/>");
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    xml
}

/// RFC 9116.
async fn security(ask: Ask) -> HttpResponse {
    let app = ask.app();
    let until: Moment = app.now().plus_days(SECURITY_DAYS);
    let origin = &app.config.public_url;
    let text = format!(
        "Contact: mailto:{}\nExpires: {until}\nPreferred-Languages: fr, en\nCanonical: {origin}/.well-known/security.txt\n",
        app.instance().contact
    );
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn each_page_names_its_twin() {
        let xml = render("https://a.example", &["/help".to_owned()]);
        assert!(xml.contains("<loc>https://a.example/fr/help</loc>"));
        assert_eq!(xml.matches("hreflang=\"en\" href=\"https://a.example/en/help\"").count(), 2);
    }
}

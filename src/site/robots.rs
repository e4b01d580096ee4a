//! What machines read about the site: sitemap, robots.txt, security.txt.

use std::fmt::Write;

use actix_web::{HttpResponse, web};

use super::texts;
use base::error::{Error, Result};
use base::ids;
use base::lang::Lang;
use base::time::Moment;
use kit::db::Conn;
use kit::http::{Ask, Door, Who, plain};

const XML: &str = "application/xml; charset=utf-8";

/// Nothing below these is for search engines.
const PRIVATE: [&str; 9] =
    ["me", "account", "dashboard", "messages", "notifications", "contracts", "moderation", "staff", "demo"];
/// For how long `security.txt` says it is true.
const SECURITY_DAYS: i64 = 180;

pub fn doors() -> Vec<Door> {
    vec![
        plain::get("/robots.txt", robots).who(Who::Anyone),
        plain::get("/sitemap.xml", sitemap).who(Who::Anyone),
        plain::get("/sitemaps/{name}", sheet).who(Who::Anyone),
        plain::get("/.well-known/security.txt", security).who(Who::Anyone),
    ]
}

async fn robots(ask: Ask) -> Result<HttpResponse> {
    let mut text = String::from("User-agent: *\nDisallow: /api/\n");
    for lang in Lang::ALL {
        for path in PRIVATE {
            let _ = writeln!(text, "Disallow: /{lang}/{path}");
        }
    }
    let _ = writeln!(text, "Sitemap: {}/sitemap.xml", ask.app().config.public_url);
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

/// Addresses of one file. The protocol allows 50,000; each page stands in it once for each language.
const ADDRESSES: i64 = 20_000;

/// The parts of the site that a sitemap names: its own pages, the jobs on the market, the profiles that their owners
/// let search engines read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Pages,
    Jobs,
    Assistants,
}

/// A file of it, by the name that the index gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sheet {
    part: Part,
    /// The id behind which it begins.
    after: i64,
}

impl std::fmt::Display for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = match self.part {
            Part::Pages => return f.write_str("pages"),
            Part::Jobs => "jobs",
            Part::Assistants => "assistants",
        };
        write!(f, "{part}-{}", ids::encode(self.after))
    }
}

impl std::str::FromStr for Sheet {
    type Err = Error;

    fn from_str(name: &str) -> Result<Sheet> {
        if name == "pages" {
            return Ok(Sheet { part: Part::Pages, after: 0 });
        }
        let (part, after) = name.split_once('-').ok_or(Error::NotFound)?;
        let part = match part {
            "jobs" => Part::Jobs,
            "assistants" => Part::Assistants,
            _ => return Err(Error::NotFound),
        };
        Ok(Sheet { part, after: ids::decode(after).ok_or(Error::NotFound)? })
    }
}

/// Where each file begins.
async fn sitemap(ask: Ask) -> Result<HttpResponse> {
    let sheets = ask
        .read(|conn| {
            let mut sheets = vec![Sheet { part: Part::Pages, after: 0 }];
            for part in [Part::Jobs, Part::Assistants] {
                let mut next = id_at(conn, part, 0, 0)?.map(|_| 0);
                while let Some(after) = next {
                    sheets.push(Sheet { part, after });
                    // The last address of this file, when there are more behind it.
                    let last = id_at(conn, part, after, ADDRESSES - 1)?;
                    next = match last {
                        Some(last) if id_at(conn, part, last, 0)?.is_some() => Some(last),
                        _ => None,
                    };
                }
            }
            Ok(sheets)
        })
        .await?;
    Ok(HttpResponse::Ok().content_type(XML).body(render_index(&ask.app().config.public_url, &sheets)))
}

/// The id so many places behind another.
fn id_at(conn: &mut Conn, part: Part, after: i64, places: i64) -> Result<Option<i64>> {
    match part {
        Part::Pages => Ok(None),
        Part::Jobs => jobs::public_id_at(conn, after, places),
        Part::Assistants => profiles::indexable_id_at(conn, after, places),
    }
}

/// Id and path of the next listings.
fn listed(conn: &mut Conn, part: Part, after: i64) -> Result<Vec<(i64, String)>> {
    match part {
        Part::Pages => Ok(Vec::new()),
        Part::Jobs => jobs::public_paths(conn, after, ADDRESSES),
        Part::Assistants => profiles::indexable_paths(conn, after, ADDRESSES),
    }
}

async fn sheet(ask: Ask, name: web::Path<String>) -> Result<HttpResponse> {
    let sheet: Sheet = name.trim_end_matches(".xml").parse()?;
    let paths = match sheet.part {
        Part::Pages => own_pages(),
        part => {
            let found = ask.read(move |conn| listed(conn, part, sheet.after)).await?;
            found.into_iter().map(|(_, path)| path).collect()
        }
    };
    Ok(HttpResponse::Ok().content_type(XML).body(render(&ask.app().config.public_url, &paths)))
}

fn own_pages() -> Vec<String> {
    let mut paths: Vec<String> = vec![
        "".into(),
        "/jobs".into(),
        "/assistants".into(),
        "/pricing".into(),
        "/if-nobody-answers".into(),
        "/limits".into(),
        "/how-ranking-works".into(),
        "/transparency".into(),
    ];
    paths.extend(texts::NAMES.iter().map(|name| format!("/{name}")));
    paths
}

fn render_index(origin: &str, sheets: &[Sheet]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for sheet in sheets {
        let _ = writeln!(xml, "<sitemap><loc>{origin}/sitemaps/{sheet}.xml</loc></sitemap>");
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// Pages, each with its twin in the other language.
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
async fn security(ask: Ask) -> Result<HttpResponse> {
    let app = ask.app();
    let until: Moment = app.now().plus_days(SECURITY_DAYS);
    let origin = &app.config.public_url;
    let text = format!(
        "Contact: mailto:{}\nExpires: {until}\nPreferred-Languages: fr, en\nCanonical: {origin}/.well-known/security.txt\n",
        app.instance().contact
    );
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_names_its_twin() {
        let xml = render("https://a.example", &["/help".to_owned()]);
        assert!(xml.contains("<loc>https://a.example/fr/help</loc>"));
        assert_eq!(xml.matches("hreflang=\"en\" href=\"https://a.example/en/help\"").count(), 2);
    }

    #[test]
    fn the_index_names_files_that_can_be_asked_for() {
        let sheets = [
            Sheet { part: Part::Pages, after: 0 },
            Sheet { part: Part::Jobs, after: 0 },
            Sheet { part: Part::Assistants, after: 77 },
        ];
        let xml = render_index("https://a.example", &sheets);
        for sheet in sheets {
            assert!(xml.contains(&format!("<loc>https://a.example/sitemaps/{sheet}.xml</loc>")), "{xml}");
            assert_eq!(sheet.to_string().parse::<Sheet>().expect("its own name"), sheet);
        }
        for strange in ["", "jobs", "jobs-", "jobs-1", "robots-0000000000000", "pages-0000000000000"] {
            assert!(strange.parse::<Sheet>().is_err(), "{strange}");
        }
    }
}

//! New jobs for machines: an Atom feed of any question, and the description of a job that search engines read.

use actix_web::HttpResponse;
use atom_syndication::{Content, Entry, Feed, Link, Person, Text};
use serde_json::{Value, json};

use super::api::question;
use super::form::AskForm;
use super::model::Sort;
use super::{of, results};
use base::error::Result;
use base::lang::Lang;
use base::money::RateKind;
use base::text::{excerpt, markdown};
use base::trade::Mode;
use jobs::Job;
use kit::http::{Ask, Query};
use kit::words::{say, say_with};

const ENTRIES: usize = 50;

/// Newest first, whatever order the question asked for.
pub async fn jobs(ask: Ask, form: Query<AskForm>) -> Result<HttpResponse> {
    let mut question = question(&ask, &form)?;
    question.sort = Sort::Newest;
    question.limit = ENTRIES;
    let (search, now) = (of(ask.app())?, ask.app().now());
    let lang = form.lang.unwrap_or(ask.lang());
    let found = ask.read(move |conn| results::jobs(conn, &search, &question, now)).await?;
    let origin = ask.app().config.public_url.clone();
    let query = form.address();
    let question_mark = if query.is_empty() { "" } else { "?" };
    let link = |rel: &str, href: String| Link { rel: rel.into(), href, ..Link::default() };
    let title = match form.q.trim() {
        "" => say(lang, "search.feed_title").into_owned(),
        q => say_with(lang, "search.feed_title_of", &[("value", q.into())]),
    };
    let instance = ask.app().instance().name;
    let newest = found.items.iter().filter_map(|shown| shown.listing.opened_at).max().unwrap_or(now);
    let feed = Feed {
        title: Text::plain(title),
        id: format!("{origin}/feeds/jobs.atom{question_mark}{query}"),
        updated: newest.to_string().parse().unwrap_or_default(),
        authors: vec![Person { name: instance, ..Person::default() }],
        links: vec![
            link("self", format!("{origin}/feeds/jobs.atom{question_mark}{query}")),
            link("alternate", format!("{origin}/{lang}/jobs{question_mark}{query}")),
        ],
        lang: Some(lang.to_string()),
        entries: found.items.into_iter().map(|shown| entry(&shown.listing, &origin, lang)).collect(),
        ..Feed::default()
    };
    Ok(HttpResponse::Ok().content_type("application/atom+xml; charset=utf-8").body(feed.to_string()))
}

fn entry(job: &Job, origin: &str, lang: Lang) -> Entry {
    let opened = job.opened_at.unwrap_or(job.created_at);
    Entry {
        title: Text::plain(job.title().to_owned()),
        id: format!("{origin}/jobs/{}", job.id),
        updated: opened.to_string().parse().unwrap_or_default(),
        published: opened.to_string().parse().ok(),
        links: vec![Link {
            rel: "alternate".into(),
            href: format!("{origin}/{lang}{}", job.path()),
            ..Link::default()
        }],
        summary: Some(Text::plain(excerpt(&job.brief.description, 300))),
        content: Some(Content {
            content_type: Some("html".into()),
            value: Some(markdown(&job.brief.description).as_str().to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// The `JobPosting` of a public job, to stand in a `<script type="application/ld+json">`. `None` for a job that search
/// engines must not know. `client` is the organisation's public name, `url` the page's address.
pub fn job_posting(job: &Job, client: &str, url: &str) -> Option<String> {
    if !job.is_public() || !job.takes_bids() {
        return None;
    }
    let brief = &job.brief;
    let mut posting = json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": brief.title,
        "description": markdown(&brief.description).as_str(),
        "datePosted": job.opened_at,
        "validThrough": job.expires_at,
        "employmentType": "CONTRACTOR",
        "url": url,
        "identifier": { "@type": "PropertyValue", "name": client, "value": job.id },
        "hiringOrganization": { "@type": "Organization", "name": client },
        "directApply": true,
        "totalJobOpenings": brief.positions,
    });
    if brief.mode == Some(Mode::Remote) {
        posting["jobLocationType"] = json!("TELECOMMUTE");
        posting["applicantLocationRequirements"] = json!({ "@type": "Country", "name": "FR" });
    }
    if let Some(place) = &brief.place {
        posting["jobLocation"] = json!({
            "@type": "Place",
            "address": { "@type": "PostalAddress", "addressLocality": place.town, "addressCountry": place.country },
        });
    }
    if let Some(rate) = brief.rate {
        let unit = match rate.kind {
            RateKind::Hourly => Some("HOUR"),
            RateKind::Monthly => Some("MONTH"),
            RateKind::Fixed => None,
        };
        if let Some(unit) = unit {
            posting["baseSalary"] = json!({
                "@type": "MonetaryAmount",
                "currency": rate.money.currency,
                "value": { "@type": "QuantitativeValue", "maxValue": rate.money.plain(), "unitText": unit },
            });
        }
    }
    Some(safe(&posting))
}

/// JSON that cannot end the script element that it stands in.
fn safe(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_leave_its_script_element() {
        let text = safe(&json!({ "title": "</script><script>alert(1)</script> & more" }));
        assert!(!text.contains('<') && !text.contains('&'), "{text}");
        let back: Value = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(back["title"], "</script><script>alert(1)</script> & more");
    }
}

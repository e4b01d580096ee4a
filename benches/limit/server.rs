//! The yardstick's web server: plain answers, point reads, lists and searches over the same data as Brasdroit's, with
//! as many statements and as many bytes as the page that it stands for, and nothing else.

use std::cell::RefCell;
use std::path::Path;

use actix_web::middleware::Compress;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use brasdroit::schema::jobs;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde::Deserialize;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, IndexRecordOption, Schema, TEXT};
use tantivy::{Index, IndexReader, Term, doc};

use crate::machine;

const ROWS: i64 = 20;
const FILLER: &str = "<li class=\"entry\"><a href=\"/fr/jobs\">une ligne comme il y en a dans une page</a></li>\n";

type Listing = (i64, String, String);

/// What one worker holds.
struct Worker {
    conn: RefCell<SqliteConnection>,
    reader: IndexReader,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    /// Statements of one page.
    #[serde(default)]
    reads: usize,
    /// Bytes of the page.
    #[serde(default)]
    bytes: usize,
}

pub fn connect(data_dir: &Path) -> anyhow::Result<SqliteConnection> {
    let file = data_dir.join("brasdroit.db");
    let mut conn = SqliteConnection::establish(&file.display().to_string())
        .with_context(|| format!("{} cannot be opened", file.display()))?;
    conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA cache_size = -16000;")?;
    Ok(conn)
}

pub fn serve(data_dir: &Path, port: u16) -> anyhow::Result<()> {
    let index = index(data_dir)?;
    let data_dir = data_dir.to_owned();
    let server = HttpServer::new(move || {
        let worker = Worker {
            conn: RefCell::new(connect(&data_dir).expect("it was opened before")),
            reader: index.reader().expect("an index in memory"),
        };
        App::new()
            .app_data(web::Data::new(worker))
            .wrap(Compress::default())
            .route("/hello", web::get().to(async || HttpResponse::Ok().body("hello")))
            .route("/static", web::get().to(async || page("", 20_000)))
            .route("/job/{id}", web::get().to(job))
            .route("/list/{before}", web::get().to(list))
            .route("/search", web::get().to(search))
    })
    .workers(2 * machine::cores())
    .bind(("127.0.0.1", port))?
    .run();
    println!("listening");
    actix_web::rt::System::new().block_on(server)?;
    Ok(())
}

/// Every open job in memory, as plain as can be.
fn index(data_dir: &Path) -> anyhow::Result<Index> {
    let mut schema = Schema::builder();
    let (id, text) = (schema.add_i64_field("id", FAST), schema.add_text_field("text", TEXT));
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
    let mut after = 0;
    loop {
        let rows: Vec<Listing> = jobs::table
            .filter(jobs::state.eq("open").and(jobs::id.gt(after)))
            .order(jobs::id)
            .limit(5_000)
            .select((jobs::id, jobs::title, jobs::description))
            .load(&mut connect(data_dir)?)?;
        let Some((last, ..)) = rows.last() else { break };
        after = *last;
        for (number, title, description) in rows {
            writer.add_document(doc!(id => number, text => title, text => description))?;
        }
    }
    writer.commit()?;
    Ok(index)
}

/// HTML around `text`, filled up to a number of bytes.
fn page(text: &str, bytes: usize) -> HttpResponse {
    let mut html = String::with_capacity(bytes + FILLER.len());
    html.push_str("<!DOCTYPE html><title>limit</title><p>");
    text.chars().for_each(|letter| match letter {
        '<' => html.push_str("&lt;"),
        '&' => html.push_str("&amp;"),
        other => html.push(other),
    });
    while html.len() < bytes {
        html.push_str(FILLER);
    }
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html)
}

async fn job(worker: web::Data<Worker>, id: web::Path<i64>, asked: web::Query<Asked>) -> HttpResponse {
    let mut conn = worker.conn.borrow_mut();
    let mut text = String::new();
    for _ in 0..asked.reads.max(1) {
        let (_, title, description): Listing = jobs::table
            .find(*id)
            .select((jobs::id, jobs::title, jobs::description))
            .first(&mut *conn)
            .expect("an id of the data");
        text = title + &description;
    }
    page(&text, asked.bytes)
}

async fn list(worker: web::Data<Worker>, before: web::Path<i64>, asked: web::Query<Asked>) -> HttpResponse {
    let mut conn = worker.conn.borrow_mut();
    let mut rows: Vec<Listing> = Vec::new();
    for _ in 0..asked.reads.max(1) {
        rows = jobs::table
            .filter(jobs::state.eq("open").and(jobs::visibility.eq("public")).and(jobs::id.lt(*before)))
            .order(jobs::id.desc())
            .limit(ROWS)
            .select((jobs::id, jobs::title, jobs::description))
            .load(&mut *conn)
            .expect("a list");
    }
    let text: String = rows.into_iter().map(|(_, title, _)| title).collect();
    page(&text, asked.bytes)
}

async fn search(worker: web::Data<Worker>, asked: web::Query<Asked>) -> HttpResponse {
    let searcher = worker.reader.searcher();
    let schema = searcher.schema();
    let field = schema.get_field("text").expect("a field");
    let words = asked.q.split(' ').filter(|word| !word.is_empty()).map(|word| {
        let term = Term::from_field_text(field, &word.to_lowercase());
        (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
    });
    let query = BooleanQuery::new(words.collect());
    let (best, total) =
        searcher.search(&query, &(TopDocs::with_limit(ROWS as usize).order_by_score(), Count)).expect("a search");
    let ids: Vec<i64> = best
        .into_iter()
        .filter_map(|(_, place)| {
            let column = searcher.segment_reader(place.segment_ord).fast_fields().i64("id").ok()?;
            column.first(place.doc_id)
        })
        .collect();
    let rows: Vec<Listing> = jobs::table
        .filter(jobs::id.eq_any(ids))
        .select((jobs::id, jobs::title, jobs::description))
        .load(&mut *worker.conn.borrow_mut())
        .expect("the rows that were found");
    let text: String = rows.into_iter().map(|(_, title, _)| title).collect();
    page(&format!("{total}{text}"), asked.bytes)
}

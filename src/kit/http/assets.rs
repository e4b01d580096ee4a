//! Styles, scripts, icons and fonts: embedded, with a hash of their content in the name, compressed once.
//!
//! All of `static/css/*.css` is served as the one file `css/site.css`, in the order of their names.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::encoding::{Effort, Encoding};
use base::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../static/"]
struct Files;

/// One embedded file.
struct Asset {
    mime: String,
    plain: Vec<u8>,
    brotli: OnceLock<Vec<u8>>,
    gzip: OnceLock<Vec<u8>>,
}

/// The order in which layers win, whatever the order of the files.
const LAYERS: &str = "@layer reset, tokens, base, layout, parts, rooms, states, print;\n";
const STYLES: &str = "css/site.css";

/// Name below `static/`, type and content of everything that is served.
static FILES: LazyLock<Vec<(String, String, Vec<u8>)>> = LazyLock::new(|| {
    let mut styles = LAYERS.as_bytes().to_vec();
    let mut files = Vec::new();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for name in names {
        let Some(file) = Files::get(&name) else { continue };
        if name.starts_with("css/") {
            styles.extend_from_slice(&file.data);
            continue;
        }
        let guessed = mime_guess::from_path(name.as_ref()).first_or_octet_stream();
        let mime =
            if is_text(guessed.essence_str()) { format!("{guessed}; charset=utf-8") } else { guessed.to_string() };
        files.push((name.into_owned(), mime, file.data.into_owned()));
    }
    files.push((STYLES.to_owned(), "text/css; charset=utf-8".to_owned(), styles));
    files
});

/// What is read as letters says which; the files are UTF-8.
fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || mime.contains("javascript") || mime.contains("svg") || mime.contains("json")
}

/// By the hashed name that URLs carry.
static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(name, mime, content)| {
            let (mime, plain) = (mime.clone(), content.clone());
            (hashed(name, content), Asset { mime, plain, brotli: OnceLock::new(), gzip: OnceLock::new() })
        })
        .collect()
});

static URLS: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    FILES.iter().map(|(name, _, content)| (name.as_str(), format!("/static/{}", hashed(name, content)))).collect()
});

/// `css/site.css` becomes `css/site-0a1b2c3d4e.css`.
fn hashed(name: &str, content: &[u8]) -> String {
    let short: String = Sha256::digest(content)[..5].iter().map(|byte| format!("{byte:02x}")).collect();
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{short}.{ending}"),
        None => format!("{name}-{short}"),
    }
}

/// The URL of a file below `static/`; the empty text for one that does not exist.
pub fn url(name: &str) -> &'static str {
    URLS.get(name).map_or_else(
        || {
            tracing::error!(name, "no such static file");
            ""
        },
        String::as_str,
    )
}

pub async fn serve(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse> {
    let asset = ASSETS.get(name.as_str()).ok_or(Error::NotFound)?;
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = HttpResponse::Ok();
    response
        .content_type(asset.mime.as_str())
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((VARY, "Accept-Encoding"));
    let encoding = if is_text(&asset.mime) { Encoding::accepted(accepted) } else { Encoding::Identity };
    let kept = match encoding {
        Encoding::Brotli => &asset.brotli,
        Encoding::Gzip => &asset.gzip,
        Encoding::Identity => return Ok(response.body(asset.plain.as_slice())),
    };
    let bytes = kept.get_or_init(|| encoding.encode(&asset.plain, Effort::Most).unwrap_or_default());
    response.insert_header((CONTENT_ENCODING, encoding.name().unwrap_or_default()));
    Ok(response.body(bytes.as_slice()))
}

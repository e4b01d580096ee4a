//! What a file is, judged by its bytes. Names and declared types are never believed.
//!
//! A short list is allowed: documents, tables, texts and pictures that people hand to each other. Containers are
//! recognised by the names in their directory and never unpacked; pages of markup and drawings with scripts are refused.

use base::error::Refusal;

/// A kind of file that may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    Png,
    Jpeg,
    Webp,
    Text,
    Markdown,
    Csv,
    Docx,
    Xlsx,
    Odt,
    Ods,
}

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing in it.
    Empty,
    /// Not one of the allowed kinds.
    Kind,
    /// The ending of the name says something else than the content.
    Name,
    /// A document that carries macros.
    Macros,
    /// A picture that cannot be decoded.
    Broken,
    /// A picture with more pixels than a screen could ever need.
    Pixels,
}

impl Refusal for Unfit {
    fn code(&self) -> &'static str {
        match self {
            Unfit::Empty => "files.empty",
            Unfit::Kind => "files.kind",
            Unfit::Name => "files.name_lies",
            Unfit::Macros => "files.macros",
            Unfit::Broken => "files.broken",
            Unfit::Pixels => "files.pixels",
        }
    }
}

impl Kind {
    pub const ALL: [Kind; 11] = [
        Kind::Pdf,
        Kind::Png,
        Kind::Jpeg,
        Kind::Webp,
        Kind::Text,
        Kind::Markdown,
        Kind::Csv,
        Kind::Docx,
        Kind::Xlsx,
        Kind::Odt,
        Kind::Ods,
    ];

    pub fn mime(self) -> &'static str {
        match self {
            Kind::Pdf => "application/pdf",
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
            Kind::Webp => "image/webp",
            Kind::Text => "text/plain; charset=utf-8",
            Kind::Markdown => "text/markdown; charset=utf-8",
            Kind::Csv => "text/csv; charset=utf-8",
            Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind::Odt => "application/vnd.oasis.opendocument.text",
            Kind::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        }
    }

    /// The endings a name of this kind may carry; the first is the one we write.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Kind::Pdf => &["pdf"],
            Kind::Png => &["png"],
            Kind::Jpeg => &["jpg", "jpeg"],
            Kind::Webp => &["webp"],
            Kind::Text => &["txt"],
            Kind::Markdown => &["md", "markdown"],
            Kind::Csv => &["csv"],
            Kind::Docx => &["docx"],
            Kind::Xlsx => &["xlsx"],
            Kind::Odt => &["odt"],
            Kind::Ods => &["ods"],
        }
    }

    pub fn is_picture(self) -> bool {
        matches!(self, Kind::Png | Kind::Jpeg | Kind::Webp)
    }

    fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Markdown | Kind::Csv)
    }

    /// The kind of `bytes`; the name only chooses among plain texts, and must not claim another kind.
    pub fn sniff(bytes: &[u8], name: &str) -> Result<Kind, Unfit> {
        if bytes.is_empty() {
            return Err(Unfit::Empty);
        }
        let ending = ending(name);
        let named = ending.as_deref().and_then(Kind::of_ending);
        let kind = match infer::get(bytes).map(|found| found.extension()) {
            Some("pdf") if bytes.starts_with(b"%PDF-") => Kind::Pdf,
            Some("png") => Kind::Png,
            Some("jpg") => Kind::Jpeg,
            Some("webp") => Kind::Webp,
            Some("zip" | "docx" | "xlsx" | "odt" | "ods" | "pptx" | "odp" | "epub" | "jar") => container(bytes)?,
            // Texts all the same, but of the kind that programs act upon.
            Some("rtf" | "ps" | "html" | "xml" | "sh") => return Err(Unfit::Kind),
            // "BM", "MZ" or "ID3;" begin a picture, a program, a song, or a sentence.
            Some(_) => plain_text(bytes, named)?,
            None => plain_text(bytes, named)?,
        };
        match (ending, named) {
            (None, _) => Ok(kind),
            (Some(_), Some(named)) if named == kind || named.is_text() && kind.is_text() => Ok(kind),
            (Some(_), Some(named)) if named.is_picture() && kind.is_picture() => Ok(kind),
            // A dot in a title ("Réunion 3.4") is not an ending.
            (Some(ending), None) if !KNOWN_ELSEWHERE.contains(&ending.as_str()) => Ok(kind),
            _ => Err(Unfit::Name),
        }
    }

    fn of_ending(ending: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.endings().contains(&ending))
    }

    /// A name that is safe in a header and a download folder and ends as its content does.
    pub fn honest_name(self, name: &str) -> String {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String =
            name.chars().filter(|c| !c.is_control() && !"\"<>:|?*%".contains(*c) && !turns_around(*c)).collect();
        let clean = clean.trim().trim_start_matches(|c: char| c == '.' || c.is_whitespace());
        let stem = match ending(clean) {
            Some(ending) if self.endings().contains(&ending.as_str()) => return cut(clean, 120, &ending),
            Some(ending) if Kind::of_ending(&ending).is_some() => &clean[..clean.len() - ending.len() - 1],
            _ => clean,
        };
        let stem = if stem.is_empty() { "document" } else { stem };
        cut(&format!("{stem}.{}", self.endings()[0]), 120, self.endings()[0])
    }
}

/// Endings of things we do not take; a name that ends so claims to be one of them.
const KNOWN_ELSEWHERE: [&str; 28] = [
    "exe", "dll", "msi", "bat", "cmd", "com", "scr", "js", "mjs", "vbs", "ps1", "sh", "jar", "html", "htm", "xhtml",
    "svg", "xml", "zip", "rar", "7z", "doc", "xls", "ppt", "pptx", "docm", "xlsm", "gif",
];

fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let plain =
        !stem.is_empty() && (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| ending.to_ascii_lowercase())
}

/// Characters that reorder the line they stand in (Unicode's `Bidi_Control`), so that a name reads as another one.
fn turns_around(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Shortens the stem of a name, never its ending.
fn cut(name: &str, most: usize, ending: &str) -> String {
    if name.chars().count() <= most {
        return name.to_string();
    }
    let stem: String = name.chars().take(most - ending.len() - 1).collect();
    format!("{}.{ending}", stem.trim_end())
}

fn plain_text(bytes: &[u8], named: Option<Kind>) -> Result<Kind, Unfit> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unfit::Kind)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return Err(Unfit::Kind);
    }
    let start: String =
        text.trim_start_matches('\u{feff}').trim_start().chars().take(256).collect::<String>().to_ascii_lowercase();
    let markup = ["<!doctype", "<html", "<svg", "<?xml", "<script", "<body", "<head", "<iframe", "<?php", "#!/"];
    if markup.iter().any(|mark| start.starts_with(mark)) || start.contains("<svg") || start.contains("<script") {
        return Err(Unfit::Kind);
    }
    Ok(named.filter(|kind| kind.is_text()).unwrap_or(Kind::Text))
}

/// Tells office documents apart by the entry names of the container; its content stays packed.
fn container(bytes: &[u8]) -> Result<Kind, Unfit> {
    // OpenDocument stores its type first and uncompressed, just so that it can be read like this.
    const FIRST_ENTRY: usize = 30;
    if bytes.get(FIRST_ENTRY..FIRST_ENTRY + 8) == Some(b"mimetype".as_slice()) {
        let stated = &bytes[FIRST_ENTRY + 8..];
        let of = |kind: Kind| {
            let mime = kind.mime().as_bytes();
            // "…text" also begins "…text-template"; the next entry follows at once.
            stated.starts_with(mime) && stated.get(mime.len()..mime.len() + 2) == Some(b"PK".as_slice())
        };
        let kind = [Kind::Odt, Kind::Ods].into_iter().find(|kind| of(*kind)).ok_or(Unfit::Kind)?;
        let entries = entries(bytes).ok_or(Unfit::Kind)?;
        let scripted = entries.iter().any(|entry| entry.starts_with("Basic/") || entry.starts_with("Scripts/"));
        return if scripted { Err(Unfit::Macros) } else { Ok(kind) };
    }
    let entries = entries(bytes).ok_or(Unfit::Kind)?;
    let has = |name: &str| entries.iter().any(|entry| entry == name);
    if !has("[Content_Types].xml") {
        return Err(Unfit::Kind);
    }
    if entries.iter().any(|entry| entry.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        return Err(Unfit::Macros);
    }
    match (has("word/document.xml"), has("xl/workbook.xml")) {
        (true, false) => Ok(Kind::Docx),
        (false, true) => Ok(Kind::Xlsx),
        _ => Err(Unfit::Kind),
    }
}

/// The names in a ZIP container's central directory: all of them, or none when it says less than it holds.
fn entries(bytes: &[u8]) -> Option<Vec<String>> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = tail + bytes[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let number = |at: usize, width: usize| -> Option<usize> {
        bytes.get(at..at + width).map(|part| part.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte)))
    };
    let count = number(end + 10, 2)?;
    let mut at = number(end + 16, 4)?;
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) = (number(at + 28, 2)?, number(at + 30, 2)?, number(at + 32, 2)?);
        names.push(String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name)?).into_owned());
        at += 46 + name + extra + comment;
    }
    // Behind the last name stands the end of the directory, in its short or its long form.
    (at == end || bytes.get(at..at + 4) == Some(b"PK\x06\x06")).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

    /// A container without content, enough for its directory to be read.
    pub fn container_of(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0x".to_vec();
        let start = bytes.len() as u32;
        for name in names {
            bytes.extend(b"PK\x01\x02");
            bytes.extend([0; 24]);
            bytes.extend((name.len() as u16).to_le_bytes());
            bytes.extend([0; 16]);
            bytes.extend(name.as_bytes());
        }
        let size = bytes.len() as u32 - start;
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend((names.len() as u16).to_le_bytes());
        bytes.extend((names.len() as u16).to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend(start.to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    #[test]
    fn content_decides_what_a_file_is() {
        let docx = container_of(&["[Content_Types].xml", "word/document.xml"]);
        let macros = container_of(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
        // Macros behind thousands of other entries, and behind the number of entries that is stated.
        let many: Vec<String> = (0..5000).map(|number| format!("word/media/{number}.png")).collect();
        let mut names = vec!["[Content_Types].xml", "word/document.xml"];
        names.extend(many.iter().map(String::as_str));
        names.push("word/vbaProject.bin");
        let late = container_of(&names);
        let mut hidden = macros.clone();
        let stated = hidden.len() - 12;
        hidden[stated] = 2;
        let table: &[(&[u8], &str, Result<Kind, Unfit>)] = &[
            (b"", "vide.txt", Err(Unfit::Empty)),
            (PNG, "photo.png", Ok(Kind::Png)),
            (PNG, "photo", Ok(Kind::Png)),
            (PNG, "photo.jpg", Ok(Kind::Png)),
            (PNG, "facture.pdf", Err(Unfit::Name)),
            (PNG, "facture.exe", Err(Unfit::Name)),
            (b"%PDF-1.7\n", "facture.pdf", Ok(Kind::Pdf)),
            (b"%PDF-1.7\n", "facture.png", Err(Unfit::Name)),
            ("Compte rendu du 3.4".as_bytes(), "Réunion 3.4", Ok(Kind::Text)),
            (b"# Titre\n", "mode.md", Ok(Kind::Markdown)),
            (b"a;b\n1;2\n", "table.csv", Ok(Kind::Csv)),
            (b"a;b\n1;2\n", "table.pdf", Err(Unfit::Name)),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.txt", Err(Unfit::Kind)),
            (b"<!doctype html><p>", "page.txt", Err(Unfit::Kind)),
            (b"\xff\xfe\0a", "bytes.txt", Err(Unfit::Kind)),
            (b"MZ\x90\0\x03", "outil.exe", Err(Unfit::Kind)),
            (b"MZ\x90\0\x03", "outil.txt", Err(Unfit::Kind)),
            (b"MZ et BM : abr\xc3\xa9viations", "outil.txt", Ok(Kind::Text)),
            (b"MZ et BM", "outil.exe", Err(Unfit::Name)),
            (b"BC-2026;commande\n", "commandes.csv", Ok(Kind::Csv)),
            (b"BM 12, p. 4\n", "notes.txt", Ok(Kind::Text)),
            (b"ID3;Titre\n", "morceaux.csv", Ok(Kind::Csv)),
            (b"{\\rtf1 texte}", "lettre.txt", Err(Unfit::Kind)),
            (b"%!PS-Adobe-3.0\n", "page.txt", Err(Unfit::Kind)),
            (&docx, "lettre.docx", Ok(Kind::Docx)),
            (&docx, "lettre.zip", Err(Unfit::Name)),
            (&macros, "lettre.docx", Err(Unfit::Macros)),
            (&late, "lettre.docx", Err(Unfit::Macros)),
            (&hidden, "lettre.docx", Err(Unfit::Kind)),
            (b"PK\x03\x04 no directory", "a.docx", Err(Unfit::Kind)),
        ];
        for (bytes, name, expected) in table {
            assert_eq!(Kind::sniff(bytes, name), *expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_clean_and_ends_as_its_content_does() {
        assert_eq!(Kind::Png.honest_name("C:\\dossier\\photo.jpg"), "photo.png");
        assert_eq!(Kind::Pdf.honest_name("../../etc/relev\"é.PDF"), "relevé.PDF");
        assert_eq!(Kind::Text.honest_name(""), "document.txt");
        assert_eq!(Kind::Text.honest_name("Réunion 3.4"), "Réunion 3.4.txt");
        assert_eq!(Kind::Csv.honest_name(&"é".repeat(300)).chars().count(), 120);
        assert_eq!(Kind::Pdf.honest_name("re\u{202b}fdp.\u{2068}exe\u{61c}.pdf"), "refdp.exe.pdf");
        assert_eq!(Kind::Pdf.honest_name(&format!(". {}a.pdf", " ".repeat(200))), "a.pdf");
    }
}

//! What people wrote, made fit for addresses, comparison and pages.
//!
//! `slug` is for addresses, `fold` for comparing words whatever their accents and case,
//! `markdown` for showing what a stranger typed, `excerpt` for a line of it without marks.
//! Nothing here knows a language; sentences of the product live in `templates/words`.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::{Error, Result};

/// How long a slug may get; a title goes on, an address need not.
const SLUG_LENGTH: usize = 60;

/// HTML that went through the sanitiser or came out of a template: templates print it without escaping it again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// What a template wrote, for another one to hold.
    pub fn rendered(template: &impl askama::Template) -> Result<SafeHtml> {
        template.render().map(SafeHtml).map_err(|error| Error::Internal(error.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

/// Lower case without accents: « Œuvre d'Été » becomes `oeuvre d'ete`.
/// Typographic apostrophes and spaces become plain ones.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text
            .chars()
            .map(|letter| if letter.is_whitespace() { ' ' } else { letter.to_ascii_lowercase() })
            .collect();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ß' | 'ẞ' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'đ' | 'Đ' => folded.push('d'),
            'ł' | 'Ł' => folded.push('l'),
            '’' | '‘' | 'ʼ' => folded.push('\''),
            '‐' | '‑' => folded.push('-'),
            _ if letter.is_whitespace() => folded.push(' '),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}

/// The part of an address that says what is there: `gestion-d-agenda`. Empty when the text
/// holds no Latin letter or digit, so that an address must never depend on it.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for word in fold(text).split(|letter: char| !letter.is_ascii_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(SLUG_LENGTH)]);
        } else if slug.len() + 1 + word.len() <= SLUG_LENGTH {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug
}

/// One line as it is kept: no control characters, runs of spaces become one, none at the ends.
pub fn line(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    plain.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The lines of a text area that say something, one entry each.
pub fn entries(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Several lines as they are kept: line ends are `\n`, no other control characters (a database
/// refuses NUL), no spaces at the ends.
pub fn lines(text: &str) -> String {
    let ends = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = ends.chars().filter(|letter| matches!(letter, '\n' | '\t') || !letter.is_control()).collect();
    kept.trim().to_owned()
}

/// Markdown as people type it, turned into HTML that cannot run, frame, style or track.
/// Headings start at `h3` and skip no level, because a page has its own `h1` and `h2`.
pub fn markdown(source: &str) -> SafeHtml {
    if is_prose(source) {
        return prose(source);
    }
    marked_up(source)
}

fn marked_up(source: &str) -> SafeHtml {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, source, &OPTIONS);
    let mut above = 2;
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data.borrow_mut().value {
            heading.level = (heading.level + 2).min(above + 1).min(6);
            above = heading.level;
        }
    }
    let mut html = String::new();
    if comrak::format_html(root, &OPTIONS, &mut html).is_err() {
        return SafeHtml::default();
    }
    SafeHtml(SANITISER.clean(&html).to_string())
}

/// Bytes that mean something in Markdown, or may begin an address.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut byte = 0;
    while byte < b' ' as usize {
        marks[byte] = byte != b'\n' as usize;
        byte += 1;
    }
    let mut others: &[u8] = b"\\`*_[]<>&#~|!@";
    while let [first, rest @ ..] = others {
        marks[*first as usize] = true;
        others = rest;
    }
    marks
};

/// Whether nothing in a text could mean anything but its letters, so that nobody has to parse it. When in doubt, no.
fn is_prose(source: &str) -> bool {
    let plain_line = |line: &str| {
        line.is_empty()
            || line.starts_with(|first: char| first.is_alphabetic() || first == '«')
                && !line.ends_with(char::is_whitespace)
    };
    !source.bytes().any(|byte| MARKS[usize::from(byte)])
        && !source.contains("://")
        && !source.contains("www.")
        && source.split('\n').all(plain_line)
}

/// Paragraphs and line breaks as [`marked_up`] would write them.
fn prose(source: &str) -> SafeHtml {
    let mut html = String::with_capacity(source.len() + 32);
    let mut inside = false;
    for line in source.split('\n') {
        match (line.is_empty(), inside) {
            (true, true) => html.push_str("</p>\n"),
            (true, false) => {}
            (false, true) => html.push_str("<br>\n"),
            (false, false) => html.push_str("<p>"),
        }
        inside = !line.is_empty();
        for letter in line.chars() {
            if letter == '\u{a0}' { html.push_str("&nbsp;") } else { html.push(letter) }
        }
    }
    if inside {
        html.push_str("</p>\n");
    }
    SafeHtml(html)
}

/// The words of some Markdown on one line, cut at a word with `…` when longer than `length` letters.
pub fn excerpt(source: &str, length: usize) -> String {
    // Mostly the beginning is enough, and nothing behind it changes what it says.
    let head = cut(source, 4 * length).trim_end();
    if is_prose(head) {
        let line = shorten(head, length);
        if head.len() == source.trim_end().len() || line.ends_with('…') {
            return line;
        }
    }
    shorten(&words_of(source), length)
}

/// What some Markdown says, without its marks.
fn words_of(source: &str) -> String {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, source, &OPTIONS);
    let mut words = String::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::Emph | NodeValue::Strong | NodeValue::Link(_) => {}
            _ => words.push(' '),
        }
    }
    words
}

/// At most `bytes` of a text, cut at a letter.
pub fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// Plain words on one line, cut at a word with `…` when longer than `length` letters.
pub fn shorten(words: &str, length: usize) -> String {
    let mut line = String::new();
    let mut letters = 0;
    for word in words.split_whitespace() {
        letters += word.chars().count() + 1;
        if letters > length + 1 {
            if line.is_empty() {
                line.extend(word.chars().take(length));
            }
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
});

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut sanitiser = ammonia::Builder::empty();
    sanitiser
        .tags(HashSet::from([
            "p",
            "br",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener"));
    sanitiser
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_case_and_ligatures_do_not_count() {
        assert_eq!(fold("Œuvre d’Été À LA\u{202F}CRÈME"), "oeuvre d'ete a la creme");
        assert_eq!(fold("Straße Łódź"), "strasse lodz");
    }

    #[test]
    fn a_slug_is_ascii_words_with_dashes() {
        assert_eq!(slug("Gestion d’agenda & voyages — été"), "gestion-d-agenda-voyages-ete");
        assert_eq!(slug("日本"), "");
        assert!(slug(&"très long titre ".repeat(20)).len() <= SLUG_LENGTH);
        assert_eq!(slug(&"a".repeat(300)).len(), SLUG_LENGTH);
    }

    #[test]
    fn what_is_kept_has_no_control_characters() {
        assert_eq!(line("  a\u{0}b\r\n c  d "), "a b c d");
        assert_eq!(lines("\r\na\u{0}b\r\n\r\nc\rd  "), "ab\n\nc\nd");
    }

    #[test]
    fn markdown_keeps_structure() {
        let html = markdown("# Tâches\n\n- *trier*\n- **classer**\n\n| a | b |\n|---|---|\n| 1 | 2 |");
        assert!(html.as_str().contains("<h3>Tâches</h3>"), "{html}");
        assert!(html.as_str().contains("<li><em>trier</em></li>"), "{html}");
        assert!(html.as_str().contains("<td>1</td>"), "{html}");
    }

    #[test]
    fn headings_skip_no_level() {
        let html = markdown("#### a\n\n# b\n\n###### c");
        assert!(html.as_str().contains("<h3>a</h3>"), "{html}");
        assert!(html.as_str().contains("<h3>b</h3>"), "{html}");
        assert!(html.as_str().contains("<h4>c</h4>"), "{html}");
    }

    #[test]
    fn links_leave_without_endorsement_or_opener() {
        let html = markdown("[site](https://example.org) https://example.com");
        assert_eq!(html.as_str().matches("rel=\"nofollow ugc noopener\"").count(), 2, "{html}");
    }

    #[test]
    fn nothing_a_stranger_types_runs() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "[a](JaVaScRiPt:alert(1))",
            "[a](/relative)",
            "![i](https://tracker.example/pixel.png)",
            "<a href=\"https://x.example\" onclick=\"x()\">a</a>",
            "<svg><animate onbegin=alert(1)>",
            "<div style=\"position:fixed\">a</div>",
            "<iframe srcdoc=\"<script>1</script>\"></iframe>",
        ] {
            let html = markdown(attack);
            for bad in ["<script", "<img", "<svg", "<iframe", "<div", "href=\"javascript", "href=\"data", "href=\"/"] {
                assert!(!html.as_str().to_lowercase().contains(bad), "{attack} gave {html}");
            }
        }
    }

    #[test]
    fn an_excerpt_has_no_marks_and_ends_at_a_word() {
        assert_eq!(excerpt("# Bonjour\n\n**le** [monde](https://a.fr) entier", 200), "Bonjour le monde entier");
        assert_eq!(excerpt("un deux trois quatre", 10), "un deux…");
        assert_eq!(excerpt(&format!("un{}deux", " ".repeat(300)), 10), "un deux");
    }

    proptest! {
        /// The short way may only be taken where it leads to the same place.
        #[test]
        fn prose_needs_no_parser(pieces in proptest::collection::vec(PIECES, 0..12)) {
            let source = pieces.concat();
            if is_prose(&source) {
                prop_assert_eq!(markdown(&source), marked_up(&source), "{:?}", source);
                prop_assert_eq!(excerpt(&source, 40), shorten(&words_of(&source), 40), "{:?}", source);
            }
            // Also where the beginning alone decides, whatever stands behind it.
            for length in [3, 8] {
                prop_assert_eq!(excerpt(&source, length), shorten(&words_of(&source), length), "{:?}", source);
            }
        }
    }

    /// Words, and everything that Markdown or HTML might read as more than letters.
    const PIECES: &str = "Mot|mot |été\u{a0}|« |»|’|, |\\. |\\.|:|1\\.|2\\) |3 |- |\\+ |=|==|---|\n|\n\n|    |\"|'|;|/|%|\\(|\\)|\\{|\\}|\\$|\\^|\\*|_|`|#|&amp;|<b>|>|@|www\\.a\\.fr|http://a\\.fr|ftp:|mailto:|:-|\\||~~|\\\\|[a-z]{1,5} |\\PC";

    #[test]
    fn most_of_what_people_write_is_prose() {
        assert!(is_prose(
            "Tenir l’agenda d’une petite équipe : confirmer la veille.\nPréparer quatre déplacements (12 €).\n\n« Bien »."
        ));
        for marked in ["- un", "1. un", "# un", "a *b*", "a\n===", "a  \nb", "a@b.fr", "www.a.fr", "a & b", " a"] {
            assert!(!is_prose(marked), "{marked}");
        }
        assert_eq!(markdown("Un\ndeux\u{a0}!\n\nTrois").as_str(), "<p>Un<br>\ndeux&nbsp;!</p>\n<p>Trois</p>\n");
    }
}

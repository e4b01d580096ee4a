//! The long pages: Markdown by language, cut at its `##` headings into sections with an anchor each.

use rust_embed::RustEmbed;

use base::lang::Lang;
use base::text::{SafeHtml, markdown, slug};
use kit::app::Instance;
use kit::words::say;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates/texts/"]
struct Texts;

/// A page of text, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub lede: String,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub anchor: String,
    pub title: String,
    pub body: SafeHtml,
}

/// The names of all pages of text; each exists in both languages.
pub const NAMES: [&str; 6] = ["how-it-works", "help", "terms", "privacy", "legal", "accessibility"];

/// Reads one page and fills in who runs the instance.
pub fn find(name: &str, lang: Lang, instance: &Instance, origin: &str) -> Option<Text> {
    let file = Texts::get(&format!("{lang}/{name}.md"))?;
    let source = String::from_utf8_lossy(&file.data);
    let operator = match instance.operator.is_empty() {
        true => say(lang, "site.operator_unnamed"),
        false => instance.operator.as_str().into(),
    };
    let source = source
        .replace("{instance}", &instance.name)
        .replace("{operator}", &operator)
        .replace("{contact}", &instance.contact)
        // Whole addresses: the sanitiser of Markdown keeps no other links.
        .replace("{origin}", origin)
        .replace("{lang}", lang.tag());
    Some(parse(&source))
}

fn parse(source: &str) -> Text {
    let mut parts = source.split("\n## ");
    let lede = parts.next().unwrap_or_default().trim().to_owned();
    let sections = parts
        .map(|part| {
            let (title, body) = part.split_once('\n').unwrap_or((part, ""));
            Section { anchor: slug(title), title: title.trim().to_owned(), body: markdown(body) }
        })
        .collect();
    Text { lede, sections }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_text_exists_in_both_languages_with_as_many_sections() {
        let instance = Instance::default();
        for name in NAMES {
            let french = find(name, Lang::Fr, &instance, "https://a.example").expect(name);
            let english = find(name, Lang::En, &instance, "https://a.example").expect(name);
            assert_eq!(french.sections.len(), english.sections.len(), "{name}");
            assert!(!french.lede.is_empty() && !english.lede.is_empty(), "{name}");
            for text in [french, english] {
                let all =
                    format!("{}{}", text.lede, text.sections.iter().map(|part| part.body.as_str()).collect::<String>());
                assert!(!all.contains('{'), "{name} holds an unknown placeholder");
            }
        }
    }

    #[test]
    fn sections_are_cut_at_their_headings() {
        let text = parse("A sentence.\n\n## One thing\n\nBody *here*.\n\n## Another\n\n- a\n- b\n");
        assert_eq!(text.lede, "A sentence.");
        assert_eq!(text.sections[0].anchor, "one-thing");
        assert!(text.sections[0].body.as_str().contains("<em>here</em>"));
        assert_eq!(text.sections[1].title, "Another");
    }
}

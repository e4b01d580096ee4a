//! The pieces of work that people of the demo world show: procedures as PDF, minutes as text, model weeks as pictures,
//! made here from the commissions, in both languages.

use super::library::Commission;
use super::pictures;
use base::lang::Lang;
use base::text::slug;

/// A file as somebody would upload it.
pub struct Paper {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a piece of paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    Procedure,
    Minutes,
    Table,
    Week,
}

#[cfg(test)]
impl Sort {
    const ALL: [Sort; 4] = [Sort::Procedure, Sort::Minutes, Sort::Table, Sort::Week];
}

/// Writes one for a commission.
pub fn write(sort: Sort, commission: &Commission, lang: Lang) -> Paper {
    let words = commission.words(lang);
    let about = slug(words.title);
    let (stem, ending) = match (sort, lang) {
        (Sort::Procedure, Lang::Fr) => ("procedure", "pdf"),
        (Sort::Procedure, Lang::En) => ("procedure-en", "pdf"),
        (Sort::Minutes, Lang::Fr) => ("compte-rendu", "txt"),
        (Sort::Minutes, Lang::En) => ("minutes", "txt"),
        (Sort::Table, Lang::Fr) => ("tableau-de-suivi", "pdf"),
        (Sort::Table, Lang::En) => ("follow-up-table", "pdf"),
        (Sort::Week, Lang::Fr) => ("semaine-type", "png"),
        (Sort::Week, Lang::En) => ("model-week", "png"),
    };
    let bytes = match sort {
        Sort::Procedure => procedure(commission, lang),
        Sort::Minutes => minutes(commission, lang).into_bytes(),
        Sort::Table => table(commission, lang),
        Sort::Week => pictures::week(about.len(), lang),
    };
    Paper { name: format!("{stem}-{about}.{ending}"), bytes }
}

fn minutes(commission: &Commission, lang: Lang) -> String {
    let words = commission.words(lang);
    let tasks = &words.tasks;
    match lang {
        Lang::Fr => format!(
            "COMPTE RENDU\n{}\nPrésents : la cliente, son adjoint, l’assistante. Durée : 25 minutes.\n\n\
             Décisions\n1. {} : dès lundi, chaque matin avant 9 h 30.\n2. {} : un essai de deux semaines.\n\
             3. {} : le modèle est validé tel quel.\n\nActions\n- Assistante : envoyer la première version vendredi à midi.\n\
             - Cliente : ouvrir les accès d’ici mercredi.\n- Adjoint : relire le mode d’emploi d’une page.\n\n\
             Ce qui peut glisser\nL’accès à la messagerie partagée ; s’il n’est pas ouvert mercredi, la première version attend lundi.\n\n\
             Prochain point : vendredi, 15 minutes. Les noms ont été retirés.\n",
            words.title, tasks[0], tasks[1], tasks[2],
        ),
        Lang::En => format!(
            "MINUTES\n{}\nPresent: the client, her deputy, the assistant. 25 minutes.\n\n\
             Decisions\n1. {}: from Monday, every morning before 9:30.\n2. {}: a trial of two weeks.\n\
             3. {}: the template is accepted as it is.\n\nActions\n- Assistant: send the first version on Friday at noon.\n\
             - Client: open the accesses by Wednesday.\n- Deputy: read the one-page guide.\n\n\
             What may slip\nAccess to the shared mailbox; if it is not open on Wednesday, the first version waits for Monday.\n\n\
             Next meeting: Friday, 15 minutes. Names were removed.\n",
            words.title, tasks[0], tasks[1], tasks[2],
        ),
    }
}

fn procedure(commission: &Commission, lang: Lang) -> Vec<u8> {
    let words = commission.words(lang);
    let mut page = Page::new(words.title);
    let (kicker, why, steps, wrong, foot) = match lang {
        Lang::Fr => (
            "Procédure d’une page",
            "Pourquoi",
            "Pas à pas",
            "Quand quelque chose ne va pas",
            "Essayée par quelqu’un d’autre que son auteur. Les noms et les adresses ont été retirés.",
        ),
        Lang::En => (
            "One-page procedure",
            "Why",
            "Step by step",
            "When something goes wrong",
            "Tried by somebody other than its author. Names and addresses were removed.",
        ),
    };
    page.kicker(kicker);
    page.heading(why);
    page.paragraph(words.about);
    page.heading(steps);
    let times = match lang {
        Lang::Fr => ["chaque matin, avant 9 h 30", "dans la journée", "le vendredi, avant 12 h"],
        Lang::En => ["every morning, before 9:30", "the same day", "on Fridays, before noon"],
    };
    for (at, (task, time)) in words.tasks.iter().zip(times).enumerate() {
        page.paragraph(&format!("{}.  {task} ({time}).", at + 1));
    }
    page.heading(wrong);
    let troubles = match lang {
        Lang::Fr => [
            "Un accès manque : écrire à la personne qui l’ouvre, noter l’heure, passer à la tâche suivante.",
            "Deux urgences à la fois : d’abord ce qui a une heure, puis ce qui attend quelqu’un d’autre.",
            "Un doute sur une somme ou un nom : ne rien envoyer, demander.",
        ],
        Lang::En => [
            "An access is missing: write to whoever opens it, note the time, go on with the next task.",
            "Two urgent things at once: first what has an hour, then what somebody else waits for.",
            "A doubt about a sum or a name: send nothing, ask.",
        ],
    };
    for trouble in troubles {
        page.paragraph(&format!("\u{2013}  {trouble}"));
    }
    page.foot(foot);
    page.finish()
}

fn table(commission: &Commission, lang: Lang) -> Vec<u8> {
    let words = commission.words(lang);
    let mut page = Page::new(words.title);
    let (kicker, heads, states, foot) = match lang {
        Lang::Fr => (
            "Tableau de suivi, semaine 38",
            ["Tâche", "Qui", "Pour le", "État"],
            ["fait", "en cours", "réponse attendue"],
            "Mis à jour chaque vendredi avant 12 h. Données inventées, forme réelle.",
        ),
        Lang::En => (
            "Follow-up table, week 38",
            ["Task", "Who", "By", "State"],
            ["done", "under way", "waits for an answer"],
            "Kept up to date every Friday before noon. Invented data, real form.",
        ),
    };
    page.kicker(kicker);
    page.row(heads, true);
    let who = ["A. M.", "S. R.", "T. L."];
    for line in 0..9 {
        let day = 14 + line;
        let day = match lang {
            Lang::Fr => format!("{day} sept."),
            Lang::En => format!("{day} Sept."),
        };
        let state = states[(line * 2 + commission.skill.len()) % 3];
        page.row([words.tasks[line % 3].as_str(), who[line % 3], &day, state], false);
    }
    page.foot(foot);
    page.finish()
}

/// One A4 page with the fonts that every reader of PDF has.
struct Page {
    content: Vec<u8>,
    y: f32,
}

const LEFT: f32 = 64.0;
const WIDTH: f32 = 467.0;

impl Page {
    fn new(title: &str) -> Page {
        let mut page = Page { content: Vec::new(), y: 770.0 };
        for line in wrap(title, 22.0) {
            page.text("F2", 22.0, LEFT, &line);
            page.y -= 28.0;
        }
        page
    }

    fn kicker(&mut self, text: &str) {
        self.content.extend_from_slice(b"0.62 0.32 0.12 rg\n");
        self.text("F1", 11.0, LEFT, text);
        self.content.extend_from_slice(b"0.1 0.12 0.16 rg\n");
        self.y -= 14.0;
        self.rule(1.2);
        self.y -= 22.0;
    }

    fn heading(&mut self, text: &str) {
        self.y -= 8.0;
        self.text("F2", 13.0, LEFT, text);
        self.y -= 20.0;
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, 11.0) {
            self.text("F1", 11.0, LEFT, &line);
            self.y -= 16.0;
        }
        self.y -= 5.0;
    }

    fn row(&mut self, cells: [&str; 4], head: bool) {
        let font = if head { "F2" } else { "F1" };
        for (cell, x) in cells.into_iter().zip([LEFT, 324.0, 374.0, 436.0]) {
            self.text(font, 9.5, x, cell);
        }
        self.y -= 9.0;
        self.rule(if head { 1.0 } else { 0.4 });
        self.y -= 17.0;
    }

    fn foot(&mut self, text: &str) {
        self.y = 60.0;
        self.content.extend_from_slice(b"0.4 0.4 0.4 rg\n");
        self.text("F1", 9.0, LEFT, text);
    }

    fn rule(&mut self, thick: f32) {
        let line = format!("{thick} w {LEFT} {y} m {x} {y} l S\n", y = self.y, x = LEFT + WIDTH);
        self.content.extend_from_slice(line.as_bytes());
    }

    fn text(&mut self, font: &str, size: f32, x: f32, text: &str) {
        self.content.extend_from_slice(format!("BT /{font} {size} Tf {x} {} Td (", self.y).as_bytes());
        self.content.extend(text.chars().flat_map(escaped));
        self.content.extend_from_slice(b") Tj ET\n");
    }

    fn finish(self) -> Vec<u8> {
        let font = |name: &str| {
            format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes()
        };
        let mut stream = format!("<< /Length {} >>\nstream\n", self.content.len()).into_bytes();
        stream.extend_from_slice(&self.content);
        stream.extend_from_slice(b"endstream");
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                    /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>";
        let objects: [Vec<u8>; 6] = [
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            page.as_bytes().to_vec(),
            stream,
            font("Helvetica"),
            font("Helvetica-Bold"),
        ];
        let mut out = b"%PDF-1.4\n".to_vec();
        let mut places = Vec::new();
        for (at, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let xref = out.len();
        out.extend_from_slice(b"xref\n0 7\n0000000000 65535 f \n");
        for place in places {
            out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        out.extend_from_slice(format!("trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
        out
    }
}

/// Lines that fit the page; Helvetica is half as wide as it is high, a little less in running text.
fn wrap(text: &str, size: f32) -> Vec<String> {
    let most = (WIDTH / (size * 0.52)) as usize;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > most {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// A letter in the encoding of the standard fonts.
fn escaped(letter: char) -> Vec<u8> {
    match letter {
        '(' | ')' | '\\' => vec![b'\\', letter as u8],
        '’' => vec![0x92],
        '‘' => vec![0x91],
        '“' => vec![0x93],
        '”' => vec![0x94],
        '–' => vec![0x96],
        '—' => vec![0x97],
        '…' => vec![0x85],
        '€' => vec![0x80],
        'œ' => vec![0x9C],
        'Œ' => vec![0x8C],
        '\u{202f}' => vec![0xA0],
        plain => vec![u8::try_from(u32::from(plain)).unwrap_or(b'?')],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::COMMISSIONS;
    use kit::files::{self, Kind};

    #[test]
    fn every_paper_passes_the_checks_of_an_upload() {
        for commission in COMMISSIONS.iter() {
            for lang in Lang::ALL {
                for sort in Sort::ALL {
                    let paper = write(sort, commission, lang);
                    let kept = files::prepare(&paper.name, paper.bytes)
                        .unwrap_or_else(|error| panic!("{}: {error}", paper.name));
                    let expected = match sort {
                        Sort::Procedure | Sort::Table => Kind::Pdf,
                        Sort::Minutes => Kind::Text,
                        Sort::Week => Kind::Png,
                    };
                    assert_eq!(kept.kind, expected, "{}", paper.name);
                }
            }
        }
    }

    #[test]
    fn every_letter_of_the_papers_is_in_the_encoding() {
        for commission in COMMISSIONS.iter() {
            for lang in Lang::ALL {
                for sort in [Sort::Procedure, Sort::Table] {
                    let bytes = write(sort, commission, lang).bytes;
                    assert!(!bytes.contains(&b'?'), "{:?} of {} in {lang}", sort, commission.skill);
                }
            }
        }
    }
}

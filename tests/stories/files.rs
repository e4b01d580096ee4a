//! Files: judged by their content, cleaned, and read by those alone who may.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::market::Market;

crate::stories![
    a_file_is_what_its_content_says,
    a_file_that_is_too_large_is_refused_with_a_reason,
    a_picture_forgets_where_it_was_taken,
    a_file_is_read_by_its_owner_alone,
    what_is_handed_in_opens_to_both_sides_alone,
    a_document_of_a_job_is_read_by_whoever_reads_the_job,
];

pub fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 6, y as u8 * 8, 120]));
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a picture");
    bytes
}

/// A JPEG with an EXIF block that names a place.
fn jpeg_with_place() -> Vec<u8> {
    let mut plain = Vec::new();
    let picture = RgbImage::from_fn(60, 40, |x, y| Rgb([x as u8, y as u8, 90]));
    picture.write_to(&mut Cursor::new(&mut plain), ImageFormat::Jpeg).expect("a picture");
    let tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 48.85,2.35";
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(((tiff.len() + 8) as u16).to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&plain[2..]);
    bytes
}

fn a_file_is_what_its_content_says(market: &mut Market) {
    let sam = market.assistant("Sam");
    let kept = sam.upload("/files", "compte-rendu.md", "# Réunion du 3 mars\n".as_bytes()).expect(201).json();
    assert_eq!(kept["mime"], "text/markdown; charset=utf-8");
    assert_eq!(kept["name"], "compte-rendu.md");
    let lie = sam.upload("/files", "facture.pdf", &png()).expect(422);
    assert_eq!(lie.field_code("/file").as_deref(), Some("files.name_lies"));
    lie.shows("extension");
    let drawing =
        sam.upload("/files", "logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>").expect(415);
    assert_eq!(drawing.code(), "files.kind");
    assert_eq!(sam.upload("/files", "outil.exe", b"MZ\x90\0\x03\0\0\0").expect(415).code(), "files.kind");
    assert_eq!(sam.upload("/files", "vide.txt", b"").expect(422).field_code("/file").as_deref(), Some("files.empty"));
    market.visitor().upload("/files", "a.txt", b"a").expect(401);
}

fn a_file_that_is_too_large_is_refused_with_a_reason(market: &mut Market) {
    let sam = market.assistant("Sam");
    let large = vec![b'a'; 20 * 1024 * 1024];
    assert_eq!(sam.upload("/files", "long.txt", &large).expect(413).code(), "http.too_large");
    assert_eq!(market.count("SELECT count(*) AS number FROM files"), 0);
    sam.upload("/files", "court.txt", b"court").expect(201);
}

fn a_picture_forgets_where_it_was_taken(market: &mut Market) {
    let sam = market.assistant("Sam");
    let taken = jpeg_with_place();
    assert!(taken.windows(4).any(|window| window == b"GPS "));
    let kept = sam.upload("/files", "bureau.jpg", &taken).expect(201).json();
    assert_eq!((kept["width"].as_i64(), kept["height"].as_i64()), (Some(40), Some(60)), "turned upright");
    let id = kept["id"].as_str().expect("an id");
    for path in [format!("/files/{id}"), format!("/files/{id}/thumbnail")] {
        let answer = sam.get(&path).expect(200);
        assert!(!answer.bytes.windows(4).any(|window| window == b"GPS " || window == b"Exif"));
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")));
    }
}

fn a_file_is_read_by_its_owner_alone(market: &mut Market) {
    let (sam, lea) = (market.assistant("Sam"), market.assistant("Lea"));
    let id = sam.upload("/files", "tableau.csv", b"nom;montant\nA;1\n").expect(201).text("id");
    let answer = sam.api("GET", &format!("/files/{id}"), None).expect(200);
    assert_eq!(answer.body, "nom;montant\nA;1\n");
    assert!(answer.header("content-disposition").is_some_and(|said| said.starts_with("attachment")));
    lea.api("GET", &format!("/files/{id}"), None).expect(404);
    market.visitor().get(&format!("/files/{id}")).expect(404);
}

fn what_is_handed_in_opens_to_both_sides_alone(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let rival = market.assistant("Rita");
    let (_, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    let theirs = rival.upload("/files", "a-moi.txt", b"Pas a vous").expect(201).text("id");
    let path = format!("/units/{unit}/submissions");
    let stolen = json!({"note": "Voici.", "files": [theirs]});
    let refused = sam.api_once(&path, stolen, "stolen").expect(422);
    assert_eq!(refused.field_code("/files").as_deref(), Some("files.not_yours"));
    let file = sam.upload("/files", "resultat.txt", b"Le resultat").expect(201).text("id");
    camille.api("GET", &format!("/files/{file}"), None).expect(404);
    sam.api_once(&path, json!({"note": "Voici.", "files": [file]}), "mine").expect(201);
    market.settle();
    for person in [&camille, &sam] {
        assert_eq!(person.api("GET", &format!("/files/{file}"), None).expect(200).body, "Le resultat");
    }
    let door = format!("/fr/units/{unit}/files/{file}");
    for person in [&camille, &sam] {
        person.get(&door).expect(200);
    }
    // Staff without a case are strangers.
    maud.get(&door).expect(404);
    rival.get(&door).expect(404);
    rival.api("GET", &format!("/files/{file}"), None).expect(404);
    camille.get(&format!("/fr/units/{unit}/files/{theirs}")).expect(404);
    camille.visit(&format!("/fr/units/{unit}")).expect(200).shows("resultat.txt");
}

fn a_document_of_a_job_is_read_by_whoever_reads_the_job(market: &mut Market) {
    let (camille, octave, maud) = (market.client("Camille"), market.client("Octave"), market.moderator("Maud"));
    let theirs = octave.upload("/files", "charte.txt", b"La charte").expect(201).text("id");
    let refused = camille.api("POST", "/jobs", Some(json!({"title": "Une charte", "files": [theirs]}))).expect(422);
    assert_eq!(refused.field_code("/files").as_deref(), Some("files.not_yours"));
    let file = camille.upload("/files", "charte.txt", b"La charte").expect(201).text("id");
    let job = camille.posts(json!({"files": [file]}));
    let door = format!("/fr/jobs/{job}/files/{file}");
    camille.get(&door).expect(200);
    market.lets_everything_through(&maud);
    market.visitor().get(&door).expect(200);
    market.visitor().get(&format!("/fr/jobs/{job}/files/{theirs}")).expect(404);
}

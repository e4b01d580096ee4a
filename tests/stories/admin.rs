//! The staff desk, as an admin and a moderator meet it.

use serde_json::json;

use super::files::png;
use crate::market::Market;

crate::stories![an_admin_names_the_instance, the_desk_is_for_staff_alone];

fn an_admin_names_the_instance(market: &mut Market) {
    let (ada, maud) = (market.admin("Ada"), market.moderator("Maud"));
    let settings = "/fr/staff/settings";
    let wrong =
        [("name", " "), ("operator", "Coopérative du Lien, 3 rue des Halles, Nantes"), ("contact", "nulle part")];
    let again = ada.fill(settings, "/staff/settings", &wrong).expect(422);
    again.shows("Coopérative du Lien, 3 rue des Halles").shows("Donnez un nom");
    let form = json!({"name": "Le Lien", "operator": "Coopérative du Lien, 3 rue des Halles, Nantes", "contact": "bonjour@example.org"});
    maud.api("PUT", "/staff/instance", Some(form.clone())).expect(403);
    maud.get(settings).expect(403);
    ada.api("PUT", "/staff/instance", Some(form)).expect(200);
    let visitor = market.visitor();
    visitor.visit("/fr").expect(200).shows("Le Lien");
    visitor.visit("/fr/legal").expect(200).shows("Coopérative du Lien").shows("bonjour@example.org");

    let refused = ada.send_file(settings, "/staff/settings/logo", &[], ("logo.md", b"# logo")).expect(422);
    refused.shows("n’est pas une image");
    ada.send_file(settings, "/staff/settings/logo", &[], ("logo.png", &png())).expect(303);
    let home = visitor.visit("/fr").expect(200).body;
    let logo = ada.api("GET", "/staff/instance", None).expect(200).text("logo");
    assert!(home.contains(&format!("src=\"/files/{logo}\"")), "{home}");
    visitor.get(&format!("/files/{logo}")).expect(200);
    ada.fill(settings, "/staff/settings/logo-removal", &[]).expect(303);
    visitor.get(&format!("/files/{logo}")).expect(404);
    assert!(!visitor.visit("/fr").expect(200).body.contains(&logo));
    // A letter that leaves from now on carries the name.
    let letter = [("email", ada.email.as_str())];
    market.visitor().fill("/fr/forgotten-password", "/forgotten-password", &letter);
    market.settle();
    let letter = market.letters_to(&ada.email).pop().expect("a letter");
    assert!(letter.contains("Le Lien"), "{letter}");
}

fn the_desk_is_for_staff_alone(market: &mut Market) {
    let (maud, camille) = (market.moderator("Maud"), market.client("Camille"));
    for path in ["/fr/staff", "/fr/staff/tasks", "/fr/staff/ledger", "/fr/staff/log"] {
        maud.visit(path).expect(200);
        camille.get(path).expect(403);
    }
    let account = camille.account.expect("an account");
    maud.visit(&format!("/fr/staff/log?about={account}")).expect(200).shows("accounts");
}

use super::*;

/// What the rules say about a text, as `rule: span → rewrite` lines.
fn said(text: &str) -> Vec<String> {
    screen(&[Passage::body("/description", text)], &[]).iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let name = finding.rule.code().trim_start_matches("screening.");
    match &finding.rewrite {
        Some(rewrite) => format!("{name}: {} → {rewrite}", finding.span),
        None => format!("{name}: {}", finding.span),
    }
}

/// Every text is held by the named rule.
fn held(rule: Rule, texts: &[&str]) {
    for text in texts {
        let findings = screen(&[Passage::body("/description", text)], &[]);
        assert!(
            findings.iter().any(|finding| finding.rule == rule),
            "{rule:?} should hold « {text} », got {findings:?}"
        );
    }
}

/// No text is held by any rule.
fn free(texts: &[&str]) {
    for text in texts {
        assert_eq!(said(text), Vec::<String>::new(), "« {text} »");
    }
}

#[test]
fn contact_details_are_held() {
    held(
        Rule::ContactDetails,
        &[
            "Écrivez à camille.dupont@example.fr pour en parler",
            "Appelez le 06 12 34 56 78",
            "Tél. : 06.12.34.56.78",
            "Mon portable : +33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "Call (555) 123-4567",
            "0612345678",
            "Contactez-moi directement sur WhatsApp",
            "Reach me on Telegram",
            "camille arobase exemple point fr",
            "sam (at) example (dot) com",
            "https://wa.me/33612345678",
            "Prenez rendez-vous sur calendly.com/camille",
        ],
    );
    free(&[
        "Gérer notre compte WhatsApp Business et répondre aux clients",
        "SIRET 123 456 789 00012",
        "Outils : Calendly, Slack, Teams",
        "Réunion le 01-02-2026 10h",
        "Budget de 1 000 000 000 €",
        "Notre site https://www.exemple.fr présente la maison",
        "Manage our Instagram account and reply to comments",
        "Call our suppliers and write the minutes",
    ]);
}

#[test]
fn payment_elsewhere_is_held() {
    held(
        Rule::OffPlatformPayment,
        &[
            "Paiement hors de la plateforme possible",
            "Je vous paie par PayPal chaque semaine",
            "Règlement en espèces",
            "We pay you via PayPal",
            "Payment outside the platform",
            "De la main à la main",
            "IBAN FR76 3000 6000 0112 3456 7890 189",
        ],
    );
    free(&[
        "Rapprocher les paiements PayPal de la boutique",
        "Suivi des règlements en espèces de la caisse",
        "Relancer les clients qui ont payé par PayPal en retard",
        "Reconcile payments that customers paid with PayPal",
        "Référencement hors site",
        "Code interne FR75 0000 0000 0000",
    ]);
}

#[test]
fn advance_fee_shapes_are_held() {
    held(
        Rule::AdvanceFee,
        &[
            "Des frais de dossier de 49 € à régler avant de commencer",
            "Vous achetez des cartes cadeaux et envoyez les codes",
            "Encaisser un chèque puis renvoyer la différence",
            "Deposit the check and send the rest by transfer",
            "Recevoir des fonds sur votre compte",
            "Buy gift cards and send the codes",
            "Western Union",
            "A registration fee must be paid: pay upfront",
        ],
    );
    free(&[
        "Suivre les frais de dossier à régler par les clients",
        "Acheter un cadeau pour l'anniversaire de ma fille",
        "Remettre les chèques à la banque chaque vendredi",
        "Prepare the deposit slips for the cheques",
        "Caution à verser par le locataire",
    ]);
}

#[test]
fn a_native_language_becomes_a_level() {
    assert_eq!(said("Anglais langue maternelle"), ["native_language: langue maternelle → niveau C2"]);
    assert_eq!(said("A native English speaker"), ["native_language: native English speaker → C2 level"]);
    held(
        Rule::NativeLanguage,
        &[
            "francophone natif",
            "Français natif exigé",
            "English mother tongue",
            "native speakers only please",
            "locutrice native",
        ],
    );
    free(&[
        "Application native pour iPhone",
        "Niveau C2 en anglais",
        "native app",
        "École maternelle",
        "First language of the interface: French",
    ]);
}

#[test]
fn gender_age_photo_family_accent_and_origin_are_held() {
    held(
        Rule::Gender,
        &["Nous recherchons une femme organisée", "Hommes uniquement", "female only", "We are looking for a girl"],
    );
    held(
        Rule::Age,
        &[
            "Jeune femme souriante",
            "moins de 35 ans",
            "âgée de 25 à 35 ans",
            "Jeune et dynamique",
            "under 30 years old",
            "young graduate",
        ],
    );
    held(
        Rule::Photo,
        &["CV avec photo", "Photo obligatoire", "Joignez votre photo", "Send us your picture", "photo of yourself"],
    );
    held(
        Rule::Family,
        &["Sans enfants", "Célibataire de préférence", "situation familiale", "no kids", "marital status"],
    );
    held(Rule::Accent, &["sans accent", "parler sans aucun accent", "accent neutre", "no accent", "neutral accent"]);
    held(Rule::Origin, &["nationalité française exigée", "US citizens only", "d'origine européenne"]);
    free(&[
        "Vêtements pour femmes : gérer la boutique",
        "Plus de 20 ans d'expérience",
        "Une entreprise de moins de 10 ans",
        "Un dossier de plus de 30 ans aux archives",
        "Une jeune entreprise dynamique",
        "Photos de produits à retoucher",
        "Préparer les voyages de la famille et les vacances des enfants",
        "Mettre l'accent sur la qualité",
        "Noms de fichiers sans accent",
        "Aide à une personne âgée pour ses papiers",
        "L'agence gère 40 logements",
        "A company with over 20 years of experience",
        "Product photos required for each listing",
        "Children aged 4 to 8 years: school calendar",
        "Formulaire sur la situation familiale des salariés",
        "A single point of contact",
    ]);
}

#[test]
fn exclusivity_and_imposed_hours_are_held() {
    held(
        Rule::Exclusivity,
        &[
            "Clause d'exclusivité",
            "Vous travaillez exclusivement pour nous",
            "Aucun autre client",
            "work only for us",
            "no other clients",
        ],
    );
    held(
        Rule::ImposedHours,
        &[
            "Horaires imposés",
            "Du lundi au vendredi de 9h à 18h",
            "Disponible 24h/24",
            "joignable à tout moment",
            "Vos congés sont validés par la direction",
            "Fixed hours",
            "Monday to Friday, 9am to 5pm",
            "online at all times",
        ],
    );
    free(&[
        "Sans exclusivité",
        "Aucune clause d'exclusivité",
        "No exclusivity required",
        "Mandat en exclusivité à suivre",
        "Notre standard est ouvert du lundi au vendredi de 9h à 18h",
        "Gérer le planning des congés de l'équipe",
        "Deux heures communes le mardi matin",
        "Pas d'horaires imposés",
        "Our shop is open Monday to Friday, 9am to 5pm",
        "Two overlapping hours on Tuesdays",
    ]);
}

#[test]
fn unpaid_tests_are_held() {
    assert_eq!(said("Un test gratuit d'une heure"), ["unpaid_test: test gratuit → essai payé (5 heures au plus)"]);
    held(
        Rule::UnpaidTest,
        &[
            "Essai non rémunéré",
            "première semaine bénévole",
            "unpaid trial",
            "free test task",
            "the test is not paid",
            "first day free",
        ],
    );
    free(&[
        "Un essai payé de trois heures",
        "Suivre les inscriptions à l'essai gratuit du logiciel",
        "A paid trial of three hours",
        "Follow up users of our free trial",
        "No unpaid test",
    ]);
}

#[test]
fn a_title_names_both_genders_or_none() {
    let title = |text| -> Vec<String> { screen(&[Passage::title("/title", text)], &[]).iter().map(line).collect() };
    assert_eq!(title("Assistante de direction"), ["gendered_title: Assistante → Assistant·e"]);
    assert_eq!(title("Assistant administratif"), ["gendered_title: Assistant → Assistant·e"]);
    assert_eq!(title("Rédactrice web"), ["gendered_title: Rédactrice → Rédacteur ou rédactrice"]);
    assert_eq!(title("Salesman for our shop"), ["gendered_title: Salesman → salesperson"]);
    for fair in [
        "Assistant·e de direction",
        "Assistant(e) de direction",
        "Assistante de direction (H/F)",
        "Assistant ou assistante de direction",
        "Executive assistant for a founder",
        "Virtual assistant",
        "Gestion d'agenda et relances",
        "Secrétaire juridique",
        "Prise en charge de la boîte de réception",
        "Action commerciale : relances",
    ] {
        assert_eq!(title(fair), Vec::<String>::new(), "{fair}");
    }
    // Running text may speak of one person.
    free(&["Notre ancienne assistante de direction a laissé un mode opératoire"]);
}

#[test]
fn regulated_wording_offers_what_may_be_said() {
    let forbidden = ["tenue de comptabilité".into(), "bookkeeping with account allocation".into()];
    let regulated = [Regulated::new(&forbidden, "collecte des pièces comptables")];
    let found = screen(&[Passage::body("/description", "Tenue de comptabilité mensuelle")], &regulated);
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["regulated_wording: Tenue de comptabilité → collecte des pièces comptables"]
    );
    let fair = screen(&[Passage::body("/description", "Pas de tenue de comptabilité ici")], &regulated);
    assert_eq!(fair, []);
}

#[test]
fn findings_point_at_their_field_and_place() {
    let findings = screen(
        &[
            Passage::title("/title", "Été : agenda"),
            Passage::body("/questions/0", "Êtes-vous de langue maternelle anglaise ?"),
        ],
        &[],
    );
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].pointer, "/questions/0");
    assert_eq!(findings[0].span, "de langue maternelle anglaise");
    assert_eq!(findings[0].start, "Êtes-vous ".len());
    assert_eq!(findings[0].version, 1);
}

#[test]
fn strange_text_breaks_nothing() {
    for text in
        ["", "@", "+", "((((", "e\u{301}\u{301}", "\u{0}", "🦀".repeat(2000).as_str(), "FR76", "FR7612345678901"]
    {
        screen(&[Passage::title("/title", text)], &[]);
    }
}

#[test]
fn copies_are_recognised_and_cousins_are_not() {
    let first =
        "Gestion d'agenda, tri de la boîte de réception et préparation des réunions pour une dirigeante de PME à Lyon";
    let copy = "Gestion d'agenda, tri de la boîte de réception et préparation des réunions pour une dirigeante de PME à Lyon !";
    let cousin = "Gestion d'agenda et organisation de voyages pour un cabinet d'avocats à Paris, avec comptes rendus";
    assert!(same_listing(&fingerprint(first), &fingerprint(copy)));
    assert!(!same_listing(&fingerprint(first), &fingerprint(cousin)));
    assert!(!same_listing(&fingerprint("Aide"), &fingerprint("Aide")));
}

#[test]
fn every_rule_has_its_own_code() {
    let mut codes: Vec<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Rule::ALL.len());
}

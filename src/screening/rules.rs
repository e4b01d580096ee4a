//! The phrase tables, French and English side by side. One list per rule; see `pattern` for how to read a line.

use std::sync::LazyLock;

use super::pattern::{Pattern, on};
use super::words::Word;
use super::{Hit, Regulated, Rule};

const NOT_FR: &str = "sans|pas|aucun|aucune|ni|jamais|non|no|not|without|never|neither";

static TABLE: LazyLock<Vec<(Rule, Vec<Pattern>)>> = LazyLock::new(|| {
    vec![
        (Rule::ContactDetails, contact_details()),
        (Rule::OffPlatformPayment, off_platform_payment()),
        (Rule::AdvanceFee, advance_fee()),
        (Rule::NativeLanguage, native_language()),
        (Rule::Gender, gender()),
        (Rule::Age, age()),
        (Rule::Photo, photo()),
        (Rule::Family, family()),
        (Rule::Accent, accent()),
        (Rule::Origin, origin()),
        (Rule::Exclusivity, exclusivity()),
        (Rule::ImposedHours, imposed_hours()),
        (Rule::UnpaidTest, unpaid_test()),
    ]
});

/// What the tables find in one text.
pub fn hits(words: &[Word]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (rule, patterns) in TABLE.iter() {
        for pattern in patterns {
            for (from, to) in pattern.places(words) {
                hits.push(Hit {
                    rule: *rule,
                    start: words[from].start,
                    end: words[to - 1].end,
                    rewrite: pattern.rewrite().map(str::to_owned),
                });
            }
        }
    }
    hits
}

/// Wording that the taxonomy keeps for regulated trades, plural or not.
pub fn regulated_hits(words: &[Word], regulated: &[Regulated]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let singulars: Vec<&str> = words.iter().map(|word| singular(&word.folded)).collect();
    for entry in regulated {
        for phrase in &entry.forbidden {
            for (at, run) in singulars.windows(phrase.len()).enumerate() {
                if run != phrase.as_slice() {
                    continue;
                }
                let run = &words[at..at + phrase.len()];
                let negated = words[at.saturating_sub(3)..at]
                    .iter()
                    .any(|word| word.sentence == run[0].sentence && NOT_FR.split('|').any(|no| no == word.folded));
                if !negated && run.iter().all(|word| word.sentence == run[0].sentence) {
                    hits.push(Hit {
                        rule: Rule::RegulatedWording,
                        start: run[0].start,
                        end: run[run.len() - 1].end,
                        rewrite: Some(entry.allowed.clone()),
                    });
                }
            }
        }
    }
    hits
}

pub(super) fn singular(word: &str) -> &str {
    if word.len() > 3 { word.trim_end_matches(['s', 'x']) } else { word }
}

fn contact_details() -> Vec<Pattern> {
    vec![
        on(
            "contactez|ecrivez|joignez|ajoutez|appelez|contacter|retrouvez moi|nous ~4 whatsapp|telegram|signal|messenger|skype|instagram|discord",
        ),
        on(
            "me|nous contacter|joindre|ecrire|rejoindre|appeler ~4 whatsapp|telegram|signal|messenger|skype|instagram|discord",
        ),
        on("mon|notre whatsapp|telegram|skype|numero est|personnel"),
        on(
            "contact|text|message|reach|call|write|dm|add|ping me|us ~4 whatsapp|telegram|signal|messenger|skype|instagram|discord",
        ),
        on("my|our whatsapp|telegram|skype is|number|id|handle"),
        on("_ arobase _ point com|fr|net|org|eu|io"),
        on("_ at _ dot com|fr|net|org|eu|io"),
        on("envoyez|envoyer|adressez ~4 cv|candidature ~2 par mail|email|courriel"),
        on("send ~4 cv|resume|application ~2 by|via email|mail"),
    ]
}

fn off_platform_payment() -> Vec<Pattern> {
    const MEANS: &str = "paypal|especes|liquide|cash|lydia|wero|bitcoin|crypto|cryptomonnaie|usdt|revolut|wise";
    vec![
        on("hors ~2 plateforme|site").unless("referencement|publicite|trafic"),
        on("en dehors ~2 plateforme|site"),
        on("outside|off|bypass* ~2 platform"),
        on(&format!("vous|te|t serez|paie|paierai|payons|paye|regle|reglerai|remunere* ~4 {MEANS}")),
        on(&format!("paye|payes|payee|payees|remunere* en|par|via {MEANS}"))
            .unless("client|clients|fournisseur*|facture*|boutique|commande*|frais"),
        on(&format!("paid|pay|paying you ~2 {MEANS}")).unless("customer*|supplier*|invoice*|shop|orders|reconcil*"),
        on(&format!("pay|paid ~2 in|via|by|with|through {MEANS}"))
            .unless("customer*|supplier*|invoice*|shop|orders|reconcil*"),
        on("paiement|reglement|remuneration ~1 en especes|liquide").unless("client|clients|boutique|caisse|suivi"),
        on("paiement|reglement|virement ~1 direct ~3 compte|iban").unless("client|clients|fournisseur*|salarie*"),
        on("de la main a la main"),
        on("au noir").unless("fond|mur*|photo*"),
        on("sans facture").not_after("relance*").unless("achat*|depense*|justificatif*|note|notes|fournisseur*"),
        on("cash in hand"),
        on("under the table"),
        on("without|no invoice|invoices").unless("expense*|purchase*|supplier*|receipt*|missing"),
    ]
}

fn advance_fee() -> Vec<Pattern> {
    vec![
        on("frais ~1 dossier|inscription ~6 payer|verser|regler|charge|avance")
            .unless("clients|eleves|stagiaires|adherents|parents"),
        on("frais ~2 a votre charge ~3 avance"),
        on("formation ~2 payer|payante ~4 avant|commencer|debuter"),
        on("caution|depot ~2 verser|payer|regler").unless("locataire*|location|appartement|logement|clients"),
        on("avancer|avancez|avancerez ~2 frais|argent|somme|fonds"),
        on("codes|code ~3 cartes|carte cadeau|cadeaux"),
        on("achet* ~3 cartes|carte cadeaux|cadeau ~8 code|codes|envoy*|scann*"),
        on("buy|purchase ~3 gift card|cards ~8 code|codes|send|scratch"),
        on("encaiss* ~3 cheque|cheques ~12 revers*|renvo*|vir*|transfer*|garde*"),
        on("deposit|cash ~2 check|cheque|checks|cheques ~12 wire|send|keep|forward|transfer"),
        on("votre|ton compte ~2 bancaire ~8 recevoir|transferer|virer|reverser"),
        on("recevoir|transferer ~3 fonds|argent ~4 votre|ton compte"),
        on("your ~2 bank account ~8 receive|forward|transfer|funds"),
        on("receive|forward ~3 funds|money|payments ~4 your account"),
        on("western union|moneygram"),
        on("moneygram"),
        on("recevoir|receptionn* ~2 colis ~4 domicile|chez vous").unless("boutique|vos|commande*"),
        on("receive|reship* ~2 parcels|packages ~4 home|address"),
        on("registration|training|starter|processing fee|fees ~6 pay|upfront|advance")
            .unless("students|clients|members"),
        on("pay ~4 before|upfront|advance ~3 start|starting|training|kit"),
    ]
}

fn native_language() -> Vec<Pattern> {
    const FR: &str = "francais|anglais|espagnol|allemand|italien|portugais|neerlandais|arabe|francaise|anglaise";
    const EN: &str = "english|french|spanish|german|italian|portuguese|dutch|arabic";
    vec![
        on("de langue|langues maternelle|maternelles _").instead("de niveau C2"),
        on("langue|langues maternelle|maternelles").instead("niveau C2"),
        on("locuteur|locuteurs|locutrice|locutrices natif|natifs|native|natives").instead("niveau C2"),
        on("francophone|anglophone|hispanophone|germanophone natif|native|natifs|natives").instead("niveau C2"),
        on(&format!("{FR} natif|native")).instead("niveau C2"),
        on(&format!("native {EN} speaker|speakers")).instead("C2 level"),
        on(&format!("{EN} native ~1 speaker|speakers")).instead("C2 level"),
        on(&format!("native {EN}")).instead("C2 level"),
        on("native speaker|speakers").instead("C2 level"),
        on("mother tongue|tongues").instead("C2 level"),
        on("first language").instead("C2 level").unless("second|interface|site|programming"),
    ]
}

fn gender() -> Vec<Pattern> {
    const ABOUT: &str = "client|clients|clientes|clientele|vetement*|mode|chaussure*|collection|public|marque|menage";
    vec![
        on("cherch*|recherch*|recrut*|souhait*|pref* ~2 femme|homme|dame|fille").unless(ABOUT),
        on("femme|femmes|homme|hommes uniquement|seulement|exclusivement|only").unless(ABOUT),
        on("profil feminin|masculin").unless(ABOUT).instead("profil"),
        on("female|male|woman|women|man|men|girl|girls|lady|ladies only|preferred|wanted"),
        on("looking|seek*|need*|want*|prefer* ~2 woman|girl|lady|man|female|male")
            .unless("customer*|client*|clothing|clothes|audience|fashion|owner|shopper*"),
    ]
}

fn age() -> Vec<Pattern> {
    const ABOUT: &str = "experience|anciennete|existence|activite|entreprise*|societe|cabinet|archives|document*|dossier*|client*|\
                         public|enfant*|fils|fille|parent*|mere|pere|eleve*|beneficiaire*|resident*|voiture*|vehicule*|immeuble*";
    vec![
        on("jeune|jeunes homme|femme|hommes|femmes|fille|diplome*|assistant*|secretaire*|candidat*|retraite*|personne")
            .unless("public|marque|client*")
            .instead("personne"),
        on("jeune et dynamique|motive*")
            .unless("entreprise*|equipe*|societe*|marque|structure|cabinet|start|association|pme|tpe")
            .instead("motivé·e"),
        on("moins|plus de # ans").unless(ABOUT),
        on("age|agee|ages|agees ~1 de|entre # ~2 ans")
            .unless("enfant*|fils|fille|parent*|mere|pere|public|client*|eleve*"),
        on("age maximum|minimum|limite|ideal").unless("enfant*|public|legal|eleve*|inscription*"),
        on("limite d age").unless("enfant*|public|eleve*|inscription*"),
        on("under|over|below|above # years old").unless("child*|kids|customer*|client*|company|parent*|audience"),
        on("aged|age|between # to|and|or # ~2 years|old")
            .unless("child*|kids|customer*|client*|parent*|audience|experience"),
        on("young woman|man|lady|girl|assistant|graduate|person").unless("audience|brand").instead("person"),
        on("young and dynamic|energetic|motivated").unless("company|team|brand|startup|business").instead("motivated"),
        on("age limit|maximum").unless("child*|audience|legal|members"),
    ]
}

fn photo() -> Vec<Pattern> {
    const ABOUT: &str =
        "produit*|article*|annonce*|evenement*|bien|biens|logement*|boutique|product*|listing*|event*|property";
    vec![
        on("photo|photographie ~2 obligatoire|exigee|souhaitee|recente|demandee").unless(ABOUT),
        on("cv ~1 avec|et photo"),
        on("votre|ta photo").unless(ABOUT),
        on("photo ~1 de vous|toi"),
        on("photo|picture|headshot ~1 required|mandatory|compulsory").unless(ABOUT),
        on("include|attach|send|with ~2 your ~1 photo|picture|headshot|selfie").unless(ABOUT),
        on("cv|resume with ~1 photo|picture"),
        on("photo|picture of yourself|you"),
    ]
}

fn family() -> Vec<Pattern> {
    vec![
        on("sans|pas enfant|enfants").unless("voyage*|hotel*|sejour*|client*|evenement*|adultes"),
        on("pas d enfant|enfants").unless("voyage*|hotel*|sejour*|client*"),
        on("celibataire|celibataires").unless("application|site|rencontre*|client*|soiree*"),
        on("situation familiale|matrimoniale").unless("dossier*|formulaire*|declaration*|client*|fiche*|salarie*"),
        on("sans charge|charges ~1 famille|familiale|familiales"),
        on("sans contrainte|contraintes familiale|familiales"),
        on("projet ~2 grossesse|maternite").unless("client*|livre|site|blog"),
        on("pas|non enceinte"),
        on("no|without children|kids").unless("travel*|hotel*|trip*|event*|adults"),
        on("marital|family status").unless("form|forms|file|files|employee*|client*|tax"),
        on("unmarried"),
        on("single woman|man|lady|person").unless("point|contact"),
        on("not pregnant"),
        on("no family commitments|obligations|responsibilities"),
    ]
}

fn accent() -> Vec<Pattern> {
    const ABOUT: &str =
        "fichier*|nom|noms|url|clavier|saisi*|email|accentue*|caractere*|lettre*|file*|filename*|keyboard|character*";
    vec![
        on("sans ~2 accent|accents").unless(ABOUT).instead("avec une élocution claire"),
        on("pas d accent").unless(ABOUT).instead("une élocution claire"),
        on("accent neutre|parisien|britannique|americain|etranger|natif|africain|prononce").instead("élocution claire"),
        on("no|without ~2 accent|accents").unless(ABOUT).instead("with clear speech"),
        on("neutral|american|british|native|foreign|thick|heavy|strong accent").instead("clear speech"),
        on("accent free").instead("clear"),
    ]
}

fn origin() -> Vec<Pattern> {
    vec![
        on("nationalite francaise|europeenne|belge|suisse|canadienne")
            .unless("client*|dossier*|demande*|naturalisation|visa*"),
        on("francais|francaise|francaises de souche"),
        on("d origine francaise|europeenne|africaine|maghrebine|asiatique")
            .unless("produit*|viande*|cuisine|vin|vins|marque*"),
        on("pas d etrangers|etranger"),
        on("no foreigners"),
        on("nationals|citizens only"),
        on("caucasian|white only|preferred|person|woman|man"),
    ]
}

fn exclusivity() -> Vec<Pattern> {
    const ABOUT: &str = "contenu*|vente*|produit*|bien|biens|mandat*|presse|reseau*|collection*|distribut*";
    vec![
        on("clause d exclusivite").not_after(NOT_FR),
        on("en exclusivite|totale").not_after(NOT_FR).unless(ABOUT),
        on("exclusivite demandee|exigee|requise|totale|souhaitee").not_after(NOT_FR),
        on("travail* ~3 exclusivement|uniquement pour|avec moi|nous|notre").not_after(NOT_FR),
        on("exclusivement|uniquement pour moi|nous|notre").not_after(NOT_FR).unless(ABOUT),
        on("aucun autre client"),
        on("pas d autre|autres client|clients|activite|mission|missions"),
        on("exclusivity|exclusivite clause|required|requested|agreement").not_after(NOT_FR),
        on("work* ~2 exclusively|only for|with us|me|our").not_after(NOT_FR),
        on("exclusively for|with us|me|our").not_after(NOT_FR),
        on("no other client|clients|jobs|work"),
    ]
}

fn imposed_hours() -> Vec<Pattern> {
    const ABOUT: &str = "standard|accueil|permanence|ouvert*|bureaux|boutique|magasin|client*|cabinet|horaires|open|opening|shop|\
                         store|office|customer*";
    const AGREE_FR: &str = "créneaux communs à convenir ensemble";
    const AGREE_EN: &str = "overlapping hours to be agreed together";
    vec![
        on("horaires|horaire impose*|fixes|fixe|obligatoires|obligatoire")
            .not_after(NOT_FR)
            .unless("boutique|magasin")
            .instead(AGREE_FR),
        on("presence ~3 obligatoire").not_after(NOT_FR).unless("reunion*|evenement*|salon*").instead(AGREE_FR),
        on("du lundi au vendredi ~3 #h a|et #h").unless(ABOUT).instead(AGREE_FR),
        on("joignable|disponible|connecte* ~2 24h|24 24|7|24h").unless(ABOUT).instead(AGREE_FR),
        on("joignable|disponible|connecte* ~1 en permanence|continu")
            .not_after(NOT_FR)
            .unless("standard|service|site")
            .instead(AGREE_FR),
        on("joignable|disponible|connecte* a tout|toute moment|heure")
            .not_after(NOT_FR)
            .unless("service|site|document*")
            .instead(AGREE_FR),
        on("vos|tes conges").not_after(NOT_FR).unless("bons|bonnes"),
        on("fixed|imposed|mandatory|set hours|schedule")
            .not_after(NOT_FR)
            .unless("shop|store|meeting*")
            .instead(AGREE_EN),
        on("monday to|through friday ~3 #h to|and #h").unless(ABOUT).instead(AGREE_EN),
        on("available|online|reachable|connected 24 7").unless(ABOUT).instead(AGREE_EN),
        on("available|online|reachable|connected ~1 at all times|hours")
            .not_after(NOT_FR)
            .unless("service|site|document*")
            .instead(AGREE_EN),
        on("your leave|holidays|vacation ~4 approv*|request*|validat*").not_after(NOT_FR),
        on("approv* ~2 your leave|holidays|vacation").not_after(NOT_FR),
    ]
}

fn unpaid_test() -> Vec<Pattern> {
    const ABOUT: &str = "logiciel*|abonnement*|application*|app|inscri*|prospect*|offre*|client*|software|subscription*|customer*|\
                         users|signup*|plan";
    const PAID_FR: &str = "essai payé (5 heures au plus)";
    const PAID_EN: &str = "paid trial (5 hours at most)";
    vec![
        on("test|tests|essai|essais ~3 gratuit|gratuits|gratuite|benevole|offert").unless(ABOUT).instead(PAID_FR),
        on("test|tests|essai|essais ~2 non remunere*|paye*|payes").instead(PAID_FR),
        on("essai ~2 sans remuneration|paiement").instead(PAID_FR),
        on("premiere|premier|premieres|premiers heure|heures|jour|journee|mission|semaine ~2 gratuite|gratuites|gratuit|offerte|offertes|benevole")
            .unless("client*|prospect*|seance*|coaching")
            .instead(PAID_FR),
        on("unpaid ~1 test|trial|task|sample|work|day|week|period").not_after(NOT_FR).instead(PAID_EN),
        on("free test|trial|sample ~1 task|work|day|week|period|project").unless(ABOUT).instead(PAID_EN),
        on("test|trial ~2 unpaid|free").unless(ABOUT).not_after(NOT_FR).instead(PAID_EN),
        on("test|trial ~3 not ~1 paid").instead(PAID_EN),
        on("first hour|hours|day|week|task ~1 free|unpaid").unless("customer*|client*|coaching").instead(PAID_EN),
    ]
}

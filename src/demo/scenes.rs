//! The days of the people whom the demo bar signs in, scripted, so that something waits for each of them today.
//!
//! Unlike the rest of the world, a scene may not be refused: what cannot happen as written stops the build.

use super::luggage::Desk;
use super::papers::Sort;
use super::{actor, as_account, clients, life};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::JobId;
use base::lang::Lang;
use bids::BidId;
use contracts::ContractId;
use escrow::State;
use kit::act::Act;
use kit::app::App;

/// What happens between a client and an assistant, by the day of the world on which it happens.
#[derive(Debug, Clone, Copy)]
struct Scene {
    client: usize,
    assistant: usize,
    /// Chooses the commission; one that the assistant answers.
    job: usize,
    posted: i64,
    bid: Option<i64>,
    meet: Option<(i64, bool)>,
    /// Day, milestones, signed.
    offer: Option<(i64, usize, bool)>,
    fund: Option<i64>,
    submit: Option<i64>,
    approve: Option<i64>,
    dispute: Option<i64>,
    finish: Option<i64>,
    invite: Option<i64>,
    /// Day, whether the client says it, what is said.
    talk: &'static [(i64, bool, &'static str)],
}

const QUIET: Scene = Scene {
    client: 0,
    assistant: 0,
    job: 328,
    posted: 0,
    bid: None,
    meet: None,
    offer: None,
    fund: None,
    submit: None,
    approve: None,
    dispute: None,
    finish: None,
    invite: None,
    talk: &[],
};

/// Today is day 44. The first assistant answers commissions 0, 11 and 23 of 41.
const SCENES: [Scene; 9] = [
    // The client of the cast has work to approve; the assistant waits for it.
    Scene {
        job: 328,
        posted: 30,
        bid: Some(31),
        meet: Some((32, true)),
        offer: Some((36, 2, true)),
        fund: Some(37),
        submit: Some(42),
        talk: &[
            (
                37,
                true,
                "Bonjour Samira, les accès sont ouverts : agenda et messagerie. Le mode opératoire est joint à la mission.",
            ),
            (
                38,
                false,
                "Merci Claire, tout fonctionne. Je protège dès lundi vos deux demi-journées et je confirme les rendez-vous la veille.",
            ),
            (41, true, "Parfait. Une question : peut-on déplacer le point du lundi à 9 h 15 ?"),
            (
                42,
                false,
                "C’est fait, et les trois participants ont confirmé. La première version est déposée, avec une page de mode d’emploi.",
            ),
        ],
        ..QUIET
    },
    // Paid for: the assistant may begin.
    Scene {
        client: 1,
        job: 339,
        posted: 32,
        bid: Some(33),
        meet: Some((34, true)),
        offer: Some((38, 1, true)),
        fund: Some(40),
        talk: &[(41, true, "Bonjour, le premier jalon est réglé. Dites-moi s’il vous manque quelque chose.")],
        ..QUIET
    },
    // An offer to sign, hours to choose, an invitation to answer.
    Scene {
        client: 2,
        job: 351,
        posted: 36,
        bid: Some(37),
        meet: Some((38, true)),
        offer: Some((42, 2, false)),
        ..QUIET
    },
    Scene { client: 3, job: 369, posted: 38, bid: Some(39), meet: Some((43, false)), ..QUIET },
    Scene { client: 8, job: 380, posted: 41, invite: Some(42), ..QUIET },
    // Past work, with reviews on both sides.
    Scene {
        client: 14,
        job: 392,
        posted: 1,
        bid: Some(2),
        meet: Some((3, true)),
        offer: Some((7, 1, true)),
        fund: Some(8),
        submit: Some(12),
        approve: Some(14),
        finish: Some(16),
        ..QUIET
    },
    Scene {
        client: 17,
        job: 410,
        posted: 3,
        bid: Some(4),
        meet: Some((5, true)),
        offer: Some((9, 1, true)),
        fund: Some(10),
        submit: Some(15),
        approve: Some(18),
        finish: Some(20),
        ..QUIET
    },
    // The client of the cast was asked for an hour by another assistant's bid, and has one more unit to pay.
    Scene {
        assistant: 1,
        job: 329,
        posted: 28,
        bid: Some(29),
        meet: Some((30, true)),
        offer: Some((34, 3, true)),
        fund: Some(35),
        submit: Some(38),
        approve: Some(40),
        ..QUIET
    },
    // They do not agree: staff will decide.
    Scene {
        client: 7,
        assistant: 2,
        job: 330,
        posted: 20,
        bid: Some(21),
        meet: Some((22, true)),
        offer: Some((26, 1, true)),
        fund: Some(27),
        submit: Some(38),
        dispute: Some(42),
        ..QUIET
    },
];

/// How far a scene has come.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    job: Option<JobId>,
    bid: Option<BidId>,
    contract: Option<ContractId>,
}

/// All scenes, played day by day.
#[derive(Default)]
pub struct Stage {
    places: [Place; SCENES.len()],
}

impl Stage {
    pub async fn play(
        &mut self,
        app: &App,
        desk: &mut Desk,
        (clients, people, moderator): (&[AccountId], &[AccountId], AccountId),
        day: i64,
    ) -> Result<()> {
        for (scene, place) in SCENES.iter().zip(&mut self.places) {
            let paper = match scene.submit {
                Some(due) if due == day => Some(desk.paper(app, Sort::Procedure, scene.job, Lang::Fr).await?),
                _ => None,
            };
            let (before, client, assistant) = (*place, clients[scene.client], people[scene.assistant]);
            let scene = *scene;
            *place = app
                .as_system(move |act| {
                    let mut place = before;
                    if scene.posted == day {
                        place.job = Some(post(act, client, &scene, moderator)?);
                    }
                    on(day, scene.invite, || {
                        let words = "Votre profil correspond tout à fait. Avez-vous dix heures par mois ?";
                        as_account(act, client, |act| jobs::invite(act, known(place.job)?, assistant, words).map(drop))
                    })?;
                    on(day, scene.bid, || {
                        place.bid = Some(life::place(act, known(place.job)?, assistant, scene.assistant)?);
                        Ok(())
                    })?;
                    if let Some((due, taken)) = scene.meet {
                        on(day, Some(due), || {
                            let starts_at = act.now.plus_days(2);
                            life::meet(act, client, known(place.bid)?, starts_at, taken)
                        })?;
                    }
                    if let Some((due, milestones, signed)) = scene.offer {
                        on(day, Some(due), || {
                            place.contract = Some(life::offer(act, client, known(place.bid)?, milestones, signed)?);
                            Ok(())
                        })?;
                    }
                    on(day, scene.fund, || life::fund_next(act, client, known(place.contract)?))?;
                    on(day, scene.submit, || {
                        life::submit_next(act, assistant, known(place.contract)?, paper.as_ref()).map(drop)
                    })?;
                    on(day, scene.approve, || life::approve_next(act, client, known(place.contract)?))?;
                    on(day, scene.dispute, || quarrel(act, client, known(place.contract)?))?;
                    on(day, scene.finish, || life::finish(act, client, assistant, known(place.contract)?))?;
                    for (due, by_client, words) in scene.talk {
                        let by = if *by_client { client } else { assistant };
                        on(day, Some(*due), || say(act, by, known(place.contract)?, words))?;
                    }
                    Ok(place)
                })
                .await?;
        }
        Ok(())
    }
}

fn known<T>(thing: Option<T>) -> Result<T> {
    thing.ok_or_else(|| Error::internal("a scene is out of order"))
}

fn on(day: i64, due: Option<i64>, step: impl FnOnce() -> Result<()>) -> Result<()> {
    if due == Some(day) { step() } else { Ok(()) }
}

fn post(act: &mut Act<'_>, client: AccountId, scene: &Scene, moderator: AccountId) -> Result<JobId> {
    let id = clients::post(act, client, scene.client, scene.job)?;
    if matches!(jobs::get(act.conn, id)?.state, jobs::State::InReview { .. }) {
        let who = actor(act.conn, moderator)?;
        act.acting_as(who, |act| jobs::let_through(act, id))?;
    }
    Ok(id)
}

fn say(act: &mut Act<'_>, by: AccountId, contract: ContractId, words: &str) -> Result<()> {
    let thread = known(messages::find_by_subject(act.conn, by, &contract.to_string())?)?.id;
    let draft = messages::Draft { body: words.to_owned(), ..messages::Draft::default() };
    as_account(act, by, |act| messages::post(act, thread, &draft).map(drop))
}

fn quarrel(act: &mut Act<'_>, client: AccountId, contract: ContractId) -> Result<()> {
    let units = escrow::of_contract(act.conn, &contract.to_string())?;
    let unit = known(units.into_iter().find(|unit| matches!(unit.state, State::Submitted { .. })))?;
    let mut due = unit.amount;
    due.amount /= 2;
    let claim = serde_json::from_value(serde_json::json!({
        "amount_due": due,
        "statement": "La moitié des procédures demandées a été rendue, et bien rendue. Les autres ne sont pas commencées.",
    }))?;
    as_account(act, client, |act| escrow::open_dispute(act, unit.id, &claim).map(drop))
}

/// Reports of the last two days, one of them decided and contested: what a moderator finds in the morning.
pub fn reports(act: &mut Act<'_>, clients: &[AccountId], people: &[AccountId], moderator: AccountId) -> Result<()> {
    let open = jobs::in_state(act.conn, "open", 0, 40)?;
    let about = |at: usize| known(open.get(at).map(|job| job.id.to_string()));
    let report = |act: &mut Act<'_>, kind: &str, subject: String, reason: &str, statement: &str| {
        let (kind, reason, statement) = (kind.to_owned(), reason.to_owned(), statement.to_owned());
        let given = moderation::NewReport { kind, subject, reason, statement, email: None, lang: Lang::Fr };
        moderation::report_content(act, &given)
    };
    let asked = "La cliente me propose par téléphone de payer en dehors du site, moins cher pour nous deux.";
    as_account(act, people[4], |act| report(act, "job", about(2)?, "off_platform", asked).map(drop))?;
    let copied = "Ce texte est la copie mot pour mot de ma propre annonce, publiée ailleurs l’an dernier.";
    as_account(act, clients[6], |act| report(act, "job", about(9)?, "other", copied).map(drop))?;
    let someone = people[20].to_string();
    let photo = "Le portrait et la présentation sont ceux d’une ancienne collègue, qui n’est pas au courant.";
    as_account(act, people[9], |act| report(act, "profile", someone, "privacy", photo).map(drop))?;
    // Decided, and the client says why that was wrong.
    let vague = "On ne sait pas ce qui est demandé, ni pour quand.";
    let case = as_account(act, people[12], |act| report(act, "job", about(15)?, "false", vague))?.case;
    let decision = as_account(act, moderator, |act| {
        let form = serde_json::from_value(serde_json::json!({
            "measure": "demote", "facts": "Les tâches ne sont pas décrites.", "ground": "terms", "clause": "article 2",
        }))?;
        Ok(moderation::decide(act, case, &form)?.1.id)
    })?;
    let owner = known(open.get(15).and_then(|job| job.author))?;
    let words = "Les trois tâches sont dans le mode opératoire, qui est public. Merci de relire.";
    as_account(act, owner, |act| moderation::appeal_decision(act, decision, words).map(drop))
}

//! What happens between clients and assistants: bids, interviews, contracts, money, reviews.

use serde_json::json;

use super::{as_account, assistants};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::JobId;
use base::money::RateKind;
use base::time::Moment;
use bids::{BidId, Content};
use contracts::ContractId;
use escrow::{State, UnitId};
use interviews::{Place, PlaceKind, Proposal, Slot};
use kit::act::Act;
use kit::files::{self, Stored};
use payments::Method;

/// Bids of assistants who know the job's first skill, cheapest first; at most `most`.
pub fn bid(
    act: &mut Act<'_>,
    job: JobId,
    commission: usize,
    people: &[AccountId],
    most: usize,
    shift: usize,
) -> Result<Vec<BidId>> {
    let able: Vec<(usize, AccountId)> =
        people.iter().copied().enumerate().filter(|(number, _)| assistants::answers(*number, commission)).collect();
    let mut placed = Vec::new();
    for at in 0..most.min(able.len()) {
        let (number, assistant) = able[(at + shift) % able.len()];
        placed.push(place(act, job, assistant, number)?);
    }
    Ok(placed)
}

/// One bid, a little under the most that the client pays.
pub fn place(act: &mut Act<'_>, job: JobId, assistant: AccountId, number: usize) -> Result<BidId> {
    let brief = jobs::get(act.conn, job)?.brief;
    let mut rate = brief.rate.ok_or(Error::NotFound)?;
    let off = 3 + i64::try_from(number % 5).unwrap_or_default() * 2;
    rate.money.amount -= rate.money.amount * off / 100;
    let samples: Vec<_> = profiles::own_items(act.conn, assistant)?.iter().take(2).map(|item| item.id).collect();
    let plan = match rate.kind {
        RateKind::Fixed => json!([{"title": "Tout le travail, en une étape", "amount": rate.money}]),
        RateKind::Hourly | RateKind::Monthly => json!([]),
    };
    let content: Content = serde_json::from_value(json!({
        "rate": rate,
        "message": ([
            "Bonjour, je tiens ce travail pour deux structures de votre taille. Je commencerais par une semaine d’observation, puis je vous propose un rythme écrit.",
            "Votre mode opératoire est clair. Je vous joins deux exemples proches ; je peux commencer dès la semaine prochaine et je rends compte chaque vendredi.",
            "Je connais bien cette tâche et vos outils. Ce que je ne sais pas, je le demande le premier jour ; ce qui risque de glisser, je le dis tôt.",
        ][number % 3]),
        "answers": vec!["J’ai d’abord prévenu, puis traité ce qui avait une heure, puis le reste par écrit."; brief.questions.len()],
        "samples": samples,
        "plan": plan,
    }))?;
    as_account(act, assistant, |act| Ok(bids::place(act, job, &content)?.id))
}

/// The client shortlists a bid and proposes two hours; the assistant takes the first when `accepted`.
pub fn meet(act: &mut Act<'_>, client: AccountId, bid: BidId, starts_at: Moment, accepted: bool) -> Result<()> {
    let assistant = bids::get(act.conn, bid)?.assistant;
    let interview = as_account(act, client, |act| {
        bids::see(act, bid)?;
        bids::shortlist(act, bid)?;
        let slots = [0, 26].map(|hours| Slot { starts_at: starts_at.plus_hours(hours).whole_second(), minutes: 30 });
        let proposal = Proposal {
            slots: slots.to_vec(),
            place: Place { kind: PlaceKind::Phone, address: "+33 1 23 45 67 89".to_owned() },
            questions: vec!["Une journée trop chargée : par quoi commencez-vous ?".to_owned()],
        };
        interviews::propose(act, bid, &proposal)
    })?;
    if accepted {
        as_account(act, assistant, |act| interviews::accept(act, interview.id, 0, None))?;
    }
    Ok(())
}

/// The client offers `milestones` of equal amount; the assistant signs when `signed`.
pub fn offer(act: &mut Act<'_>, client: AccountId, bid: BidId, milestones: usize, signed: bool) -> Result<ContractId> {
    let bid = bids::get(act.conn, bid)?;
    let today = act.now.day(&base::time::Zone::paris());
    let units: Vec<_> = (0..milestones)
        .map(|at| {
            let due = today.plus_days(10 + 14 * i64::try_from(at).unwrap_or_default());
            let title = ["Prise en main et première semaine", "Rythme installé", "Bilan et passage de relais"][at % 3];
            json!({"title": title, "amount": {"amount": 24_000 + 6_000 * at, "currency": "EUR"}, "due_on": due})
        })
        .collect();
    let total: usize = (0..milestones).map(|at| 24_000 + 6_000 * at).sum();
    let terms = serde_json::from_value(json!({
        "kind": "fixed",
        "rate": {"kind": "fixed", "money": {"amount": total, "currency": "EUR"}},
        "units": units,
        "review_days": 7,
        "message": "Comme convenu pendant notre entretien.",
    }))?;
    let contract = as_account(act, client, |act| contracts::send(act, bid.id, &terms))?;
    if signed {
        let offer = contract.open_offer.ok_or(Error::NotFound)?;
        as_account(act, bid.assistant, |act| contracts::accept(act, offer, None))?;
    }
    Ok(contract.id)
}

/// Pays for the next agreed unit of a contract, if there is one.
pub fn fund_next(act: &mut Act<'_>, client: AccountId, contract: ContractId) -> Result<()> {
    let next = escrow::of_contract(act.conn, &contract.to_string())?
        .into_iter()
        .find(|unit| matches!(unit.state, State::Agreed));
    match next {
        Some(unit) => as_account(act, client, |act| escrow::fund(act, unit.id, Method::CardOk, "sandbox").map(drop)),
        None => Ok(()),
    }
}

/// Hands in the unit that is paid for, if there is one.
pub fn submit_next(
    act: &mut Act<'_>,
    assistant: AccountId,
    contract: ContractId,
    paper: Option<&Stored>,
) -> Result<Option<UnitId>> {
    let next = escrow::of_contract(act.conn, &contract.to_string())?
        .into_iter()
        .find(|unit| matches!(unit.state, State::Funded { .. }));
    let Some(unit) = next else { return Ok(None) };
    as_account(act, assistant, |act| {
        let files = match paper {
            Some(paper) => vec![files::keep(act, paper)?.id],
            None => Vec::new(),
        };
        let work = serde_json::from_value(json!({
            "note": "La première version est prête, avec le mode d’emploi d’une page. Dites-moi ce qui manque.",
            "links": ["https://example.org/dossier-partage"],
            "files": files,
        }))?;
        escrow::submit(act, unit.id, &work).map(drop)
    })?;
    Ok(Some(unit.id))
}

/// Approves the unit that waits for it, if there is one.
pub fn approve_next(act: &mut Act<'_>, client: AccountId, contract: ContractId) -> Result<()> {
    let next = escrow::of_contract(act.conn, &contract.to_string())?
        .into_iter()
        .find(|unit| matches!(unit.state, State::Submitted { .. }));
    match next {
        Some(unit) => as_account(act, client, |act| escrow::approve(act, unit.id).map(drop)),
        None => Ok(()),
    }
}

/// Ends a contract whose units are all done, and both say how it was.
pub fn finish(act: &mut Act<'_>, client: AccountId, assistant: AccountId, contract: ContractId) -> Result<()> {
    let input = serde_json::from_value(json!({"reason": "completed"}))?;
    as_account(act, client, |act| contracts::end(act, contract, &input).map(drop))?;
    let review = |text: &str, quality: u8| -> Result<reviews::ReviewInput> {
        Ok(serde_json::from_value(json!({
            "criteria": {"reliability": 5, "communication": 5, "anticipation": 4, "discretion": 5, "quality": quality},
            "text": text,
        }))?)
    };
    let of_client = review(
        "Tout a été rendu à la date dite, avec un mode d’emploi que mon équipe utilise. Les risques étaient annoncés tôt.",
        5,
    )?;
    let of_assistant = review(
        "Des consignes écrites, des réponses le jour même, un paiement sans relance. Une cliente avec qui l’on travaille bien.",
        5,
    )?;
    as_account(act, client, |act| reviews::write(act, contract, &of_client).map(drop))?;
    as_account(act, assistant, |act| reviews::write(act, contract, &of_assistant).map(drop))
}

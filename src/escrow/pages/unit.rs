//! The page of one unit: its money, its clocks, what happened, and the forms of whoever looks at it.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::actions::Typed;
use crate::{Side, State, Submission, Timesheet, Unit, UnitId, UnitJson};
use base::error::{Error, Result};
use base::ids::FileId;
use base::time::Moment;
use kit::facts;
use kit::files;
use kit::http::{Ask, Frame, PathId, Wrong};
use payments::PaymentState;

/// One entry of the timeline.
pub struct Event {
    text: String,
    at: Moment,
}

/// Something that was written about the unit.
pub struct Paper {
    title: String,
    by: String,
    at: Moment,
    text: String,
    links: Vec<String>,
    /// Their ids and names.
    files: Vec<(String, String)>,
    points: Vec<String>,
    rows: Vec<(String, String, u32)>,
}

/// A running deadline in words.
pub struct Deadline {
    effect: String,
    stops: String,
    at: Moment,
}

/// Which forms are shown.
#[derive(Default)]
pub struct Can {
    fund: bool,
    submit: bool,
    timesheet: bool,
    approve: bool,
    changes: bool,
    part: bool,
    answer_part: bool,
    ask_refund: bool,
    answer_refund: bool,
    give_back: bool,
    cancel: bool,
    dispute: bool,
    answer_dispute: bool,
    settle: bool,
    accept_settlement: bool,
    decide: bool,
    freeze: bool,
    unfreeze: bool,
}

impl Can {
    fn of(unit: &Unit, side: Option<Side>, staff: bool, now: Moment) -> Can {
        let frozen = unit.frozen.is_some();
        let mut can =
            Can { freeze: staff && !frozen && !unit.state.is_final(), unfreeze: staff && frozen, ..Can::default() };
        if let (State::Disputed { .. }, true) = (&unit.state, staff) {
            can.decide = true;
        }
        if frozen {
            return can;
        }
        match side {
            Some(Side::Client) => can.of_client(unit, now),
            Some(Side::Assistant) => can.of_assistant(unit),
            None => {}
        }
        can
    }

    fn of_client(&mut self, unit: &Unit, now: Moment) {
        let today = now.day(&unit.parties.client_zone);
        match &unit.state {
            State::Agreed | State::FundingFailed { .. } => {
                self.fund = unit.fundable_from().is_none_or(|day| day <= today);
                self.cancel = true;
            }
            State::Funding { .. } => self.cancel = true,
            State::Funded { .. } => {
                self.ask_refund = true;
                self.dispute = true;
                self.cancel = unit.submissions == 0 && unit.cancellable_from().is_some_and(|from| now >= from);
            }
            State::Submitted { part, .. } => {
                self.approve = part.is_none();
                self.changes = part.is_none() && unit.rounds_used < unit.terms.rounds;
                self.part = part.is_none();
                self.dispute = true;
            }
            State::ChangesRequested { .. } => {
                self.ask_refund = true;
                self.dispute = true;
            }
            State::RefundRequested { .. } => self.dispute = true,
            State::Disputed { dispute } => self.quarrel(dispute, Side::Client),
            State::Released { contest_until, pay_after, .. } => {
                self.dispute = contest_until.is_some() && now < *pay_after;
            }
            State::PaidOut { contest_until, .. } => self.dispute = contest_until.is_some_and(|until| now < until),
            State::Refunded { .. } | State::Cancelled { .. } => {}
        }
    }

    fn of_assistant(&mut self, unit: &Unit) {
        match &unit.state {
            State::Agreed | State::FundingFailed { .. } => self.cancel = true,
            State::Funded { .. } | State::ChangesRequested { .. } => {
                self.timesheet = unit.kind.minutes().is_some();
                self.submit = !matches!(unit.kind, crate::Kind::HourPack { .. });
                self.give_back = true;
                self.dispute = true;
            }
            State::Submitted { part, .. } => {
                self.answer_part = part.is_some();
                self.give_back = part.is_none();
                self.dispute = true;
            }
            State::RefundRequested { .. } => {
                self.answer_refund = true;
                self.dispute = true;
            }
            State::Disputed { dispute } => {
                self.quarrel(dispute, Side::Assistant);
                self.give_back = true;
            }
            State::Funding { .. }
            | State::Released { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. } => {}
        }
    }

    fn quarrel(&mut self, dispute: &crate::Dispute, side: Side) {
        let said = match side {
            Side::Client => dispute.client_says,
            Side::Assistant => dispute.assistant_says,
        };
        self.answer_dispute = said.is_none();
        self.settle = true;
        self.accept_settlement = dispute.settlement.is_some_and(|offer| offer.by != side);
    }

    /// Whether anything is to do for whoever looks.
    fn anything(&self) -> bool {
        self.fund
            || self.submit
            || self.timesheet
            || self.approve
            || self.answer_part
            || self.answer_refund
            || self.answer_dispute
            || self.accept_settlement
            || self.decide
    }
}

#[derive(Template)]
#[template(path = "escrow/unit.html")]
struct UnitPage {
    f: Frame,
    path: String,
    unit: UnitJson,
    state: String,
    kind: String,
    tone: &'static str,
    is_party: bool,
    is_client: bool,
    over: bool,
    pending: bool,
    challenge: Option<String>,
    transfer: Option<String>,
    arrival: Option<String>,
    can: Can,
    deadlines: Vec<Deadline>,
    events: Vec<Event>,
    papers: Vec<Paper>,
    wrong: Wrong,
    typed: Typed,
    rows: Vec<usize>,
}

impl UnitPage {
    fn error(&self, name: &str) -> Option<String> {
        self.wrong.get(name)
    }

    /// What was wrong with a file, whatever the verb called the field.
    fn file_error(&self) -> Option<String> {
        self.wrong.get("file").or_else(|| self.wrong.get("files"))
    }

    fn cell(&self, cells: &[String], at: &usize) -> String {
        cells.get(*at).cloned().unwrap_or_default()
    }
}

pub(super) async fn show(ask: Ask, id: PathId<UnitId>) -> Result<HttpResponse> {
    render(&ask, *id, Wrong::default(), Typed::default()).await
}

/// A file of the unit, to its parties and to staff.
pub(super) async fn file(ask: Ask, id: PathId<UnitId>, request: HttpRequest) -> Result<HttpResponse> {
    let file: FileId = request.match_info().query("file").parse().map_err(|_| Error::NotFound)?;
    crate::look(&ask, *id).await?;
    let who = ask.who();
    let file = ask.read_quick(move |conn| crate::paper_file(conn, &who, *id, file)).await?;
    files::send(&ask, &file).await
}

/// The page, with what was wrong in a form beside its fields.
pub(super) async fn render(ask: &Ask, id: UnitId, wrong: Wrong, typed: Typed) -> Result<HttpResponse> {
    crate::look(ask, id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    let staff = who.is_staff();
    let (unit, side, json, entries, papers, names, file_names) = ask
        .read(move |conn| {
            let (unit, side) = crate::visible(conn, &who, id)?;
            let json = crate::unit_json(conn, &unit, now)?;
            let entries = facts::about(conn, &id.to_string(), 200)?;
            let papers = crate::papers(conn, id)?;
            let mut names = BTreeMap::new();
            for account in papers.iter().filter_map(|paper| paper.account) {
                names.insert(account, accounts::get(conn, account)?.display_name);
            }
            let mut ids: Vec<FileId> = Vec::new();
            for paper in &papers {
                ids.extend(crate::files_of(paper)?.iter().filter_map(|id| id.parse::<FileId>().ok()));
            }
            let of_files = |file: files::File| (file.id.to_string(), file.name);
            let file_names: BTreeMap<_, _> = files::list(conn, &ids)?.into_iter().map(of_files).collect();
            Ok((unit, side, json, entries, papers, names, file_names))
        })
        .await?;
    let f = ask.frame_titled(unit.title_or(ask)).await?;
    let events = entries
        .iter()
        .filter(|entry| entry.room == "escrow")
        .map(|entry| Event { text: f.t(&format!("escrow.fact_{}", snake(&entry.name))).into_owned(), at: entry.at() })
        .collect();
    let papers = papers
        .iter()
        .map(|paper| paper_of(&f, paper, paper.account.and_then(|account| names.get(&account).cloned()), &file_names))
        .collect::<Result<Vec<_>>>()?;
    let payment = json.payment.as_ref().filter(|_| side == Some(Side::Client));
    let of_payment = |state: PaymentState, path: &str| {
        payment
            .filter(|payment| payment.state == state)
            .map(|payment| f.href(&format!("/payments/{}/{path}", payment.id)))
    };
    let is_funding = matches!(unit.state, State::Funding { .. });
    let under_way =
        |payment: &&crate::PaymentBrief| !matches!(payment.state, PaymentState::Challenge | PaymentState::Waiting);
    let page = UnitPage {
        path: f.href(&format!("/units/{id}")),
        state: f.t(&format!("escrow.state_{}", unit.state.as_str())).into_owned(),
        kind: f.t(&format!("escrow.kind_{}", unit.kind.as_str())).into_owned(),
        tone: tone(&unit.state),
        is_party: side.is_some(),
        is_client: side == Some(Side::Client),
        over: unit.state.is_final(),
        pending: is_funding && payment.filter(under_way).is_some(),
        challenge: of_payment(PaymentState::Challenge, "challenge").filter(|_| is_funding),
        arrival: of_payment(PaymentState::Waiting, "arrival").filter(|_| is_funding),
        transfer: payment.and_then(|payment| payment.transfer_reference.clone()).filter(|_| is_funding),
        can: Can::of(&unit, side, staff, now),
        deadlines: json.clocks.iter().map(|clock| deadline_of(&f, clock)).collect(),
        events,
        papers,
        wrong,
        typed,
        rows: (0..5).collect(),
        unit: json,
        f,
    };
    if page.wrong.list().is_empty() { ask.html(page) } else { ask.html_again(page) }
}

impl Unit {
    /// Packs and trials may have no title of their own.
    fn title_or(&self, ask: &Ask) -> String {
        if self.title.is_empty() { ask.say(&format!("escrow.kind_{}", self.kind.as_str())) } else { self.title.clone() }
    }
}

const fn tone(state: &State) -> &'static str {
    match state {
        State::Funded { .. } | State::Submitted { .. } => "info",
        State::ChangesRequested { .. } | State::RefundRequested { .. } | State::Funding { .. } => "warn",
        State::Disputed { .. } | State::FundingFailed { .. } => "bad",
        State::Released { .. } | State::PaidOut { .. } => "good",
        State::Agreed | State::Refunded { .. } | State::Cancelled { .. } => "",
    }
}

fn deadline_of(f: &Frame, clock: &crate::Running) -> Deadline {
    let word = clock.kind.word();
    let key = match clock.kind {
        crate::Watch::Cap | crate::Watch::RefundAnswer => format!("escrow.clock_{word}_{}", clock.effect),
        _ => format!("escrow.clock_{word}"),
    };
    let stops: Vec<String> =
        clock.stopped_by.iter().map(|stop| f.t(&format!("escrow.stop_{stop}")).into_owned()).collect();
    Deadline { effect: f.t(&key).into_owned(), stops: stops.join(", "), at: clock.fires_at }
}

fn paper_of(
    f: &Frame,
    paper: &crate::Paper,
    by: Option<String>,
    file_names: &BTreeMap<String, String>,
) -> Result<Paper> {
    let named = |ids: Vec<String>| {
        let known = ids.into_iter().filter_map(|id| file_names.get(&id).map(|name| (id.clone(), name.clone())));
        known.collect::<Vec<_>>()
    };
    let title = f.t(&format!("escrow.paper_{}", paper.kind)).into_owned();
    let mut shown = Paper {
        title,
        by: by.map(|name| f.named(name)).unwrap_or_default(),
        at: paper.at,
        text: String::new(),
        links: Vec::new(),
        files: Vec::new(),
        points: Vec::new(),
        rows: Vec::new(),
    };
    match paper.kind.as_str() {
        "submission" => {
            let body: Submission = paper.read()?;
            (shown.text, shown.links) = (body.note, body.links);
            shown.files = named(body.files);
        }
        "timesheet" => {
            let body: Timesheet = paper.read()?;
            shown.text = body.note;
            shown.rows =
                body.entries.iter().map(|entry| (f.day(&entry.day), entry.task.clone(), entry.minutes)).collect();
        }
        "changes" => shown.points = paper.read::<crate::Points>()?.points,
        "statement" | "contest" => {
            let body: crate::Claim = paper.read()?;
            shown.text = body.statement;
            shown.files = named(body.evidence);
            shown.points = vec![f.s("escrow.due_says", f.money(&body.amount_due))];
        }
        "decision" => {
            let body: crate::Decision = paper.read()?;
            shown.text = body.reasons;
            shown.points = vec![f.s("escrow.due_says", f.money(&body.amount_to_assistant))];
        }
        _ => shown.text = paper.read()?,
    }
    Ok(shown)
}

/// `UnitFunded` → `unit_funded`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

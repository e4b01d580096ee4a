//! Everybody's own money: what waits, what was paid out and in, and the statement.

use actix_web::HttpResponse;
use askama::Template;

use crate::Statement;
use base::error::Result;
use base::money::Money;
use base::page::Ask as Slice;
use base::time::Moment;
use kit::http::{Ask, Form, Frame, Nothing, Reply};
use payments::{Debt, Payment, Payout, Release};

/// A line of the statement in words.
struct Line {
    at: Moment,
    what: String,
    amount: Money,
    balance: Money,
    pending: bool,
}

#[derive(Template)]
#[template(path = "escrow/money.html")]
struct MoneyPage {
    f: Frame,
    is_assistant: bool,
    waiting: Vec<Release>,
    due: bool,
    payouts: Vec<(Payout, String)>,
    payments: Vec<(Payment, String, String)>,
    debts: Vec<Debt>,
    lines: Vec<Line>,
}

impl MoneyPage {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.payouts.is_empty() && self.payments.is_empty() && self.lines.is_empty()
    }
}

pub(super) async fn show(ask: Ask) -> Result<HttpResponse> {
    let (who, now) = (ask.who(), ask.app().now());
    let is_assistant = who.assistant().is_ok();
    let slice = Slice::default();
    let (waiting, payouts, paid, debts, statement) = ask
        .read(move |conn| {
            let account = who.account()?;
            let statement = match who.is_staff() {
                true => Statement { items: Vec::new(), next_cursor: None, balances: Vec::new() },
                false => crate::statement(conn, &who, now.minus_days(365), now.plus_seconds(1))?,
            };
            let (paid, debts) = match who.organisation() {
                Some(organisation) => {
                    (payments::payments_of(conn, organisation, &slice)?.items, payments::debts_of(conn, organisation)?)
                }
                None => (Vec::new(), Vec::new()),
            };
            let waiting = payments::waiting_releases(conn, account)?;
            Ok((waiting, payments::payouts_of(conn, account, &slice)?.items, paid, debts, statement))
        })
        .await?;
    let f = ask.frame("escrow.title_money").await?;
    let lines = statement
        .items
        .into_iter()
        .rev()
        .take(100)
        .map(|line| Line {
            at: line.at,
            what: f.t(&format!("escrow.kind_{}", line.kind.as_str())).into_owned(),
            amount: line.amount,
            balance: line.balance,
            pending: line.standing == ledger::Standing::Pending,
        })
        .collect();
    let word = |key: String| f.t(&key).into_owned();
    let payouts = payouts
        .into_iter()
        .map(|payout| {
            let state = word(format!("payments.payout_{}", payout.state.as_str()));
            (payout, state)
        })
        .collect();
    let paid = paid
        .into_iter()
        .map(|payment| {
            let state = word(format!("payments.state_{}", payment.state.as_str()));
            let method = word(format!("payments.method_{}", payment.method.as_str()));
            (payment, state, method)
        })
        .collect();
    let due = waiting.iter().any(|release| release.pay_at <= now);
    ask.html(MoneyPage { is_assistant, waiting, due, payouts, payments: paid, debts, lines, f })
}

pub(super) async fn request_payout(ask: Ask, form: Form<Nothing>) -> Result<HttpResponse> {
    let lang = ask.lang();
    let response = ask
        .once(&form.0.clone(), move |act| {
            payments::request_payout(act)?;
            Ok(Reply::see_other(format!("/{lang}/me/money")))
        })
        .await?;
    ask.flash("escrow.said_payout");
    Ok(response)
}

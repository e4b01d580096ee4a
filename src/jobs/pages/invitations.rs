//! Invitations as the invited see them, and « Proposer une mission » on a profile.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::form::{WizardForm, at_field};
use super::view;
use crate::{Answer, BriefForm, Invitation, InvitationId, InvitationState, Job, JobId};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::page::Ask as Slice;
use base::text::{SafeHtml, markdown};
use base::trade::Kind;
use kit::http::{Ask, Form, Frame, PageQuery, PathId, Query, Wrong};

struct Row {
    invitation: Invitation,
    job: Job,
    rate: String,
    word: String,
}

#[derive(Template)]
#[template(path = "jobs/invitations.html")]
struct ListPage {
    f: Frame,
    rows: Vec<Row>,
    next: Option<String>,
}

pub async fn list(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let who = ask.who();
    let slice: Slice = query.ask();
    let (page, mut about) = ask
        .read(move |conn| {
            let page = crate::invitations_to(conn, who.assistant()?, &slice)?;
            let ids: Vec<JobId> = page.items.iter().map(|invitation| invitation.job).collect();
            let about = crate::many(conn, &ids)?;
            Ok((page, about))
        })
        .await?;
    about.retain(Job::was_shown);
    let f = ask.frame("jobs.title_invitations").await?;
    let next = page.next_cursor.map(|cursor| format!("{}?cursor={cursor}", f.href("/me/invitations")));
    let rows = page.items.into_iter().filter_map(|invitation| {
        let job = about.iter().find(|job| job.id == invitation.job)?.clone();
        let rate = job.brief.rate.map(|rate| view::rate_text(&f, &rate)).unwrap_or_default();
        let word = f.t(&format!("jobs.invitation_{}", invitation.state.name())).into_owned();
        Some(Row { invitation, job, rate, word })
    });
    let rows: Vec<Row> = rows.collect();
    ask.html(ListPage { f, rows, next })
}

#[derive(Template)]
#[template(path = "jobs/invitation.html")]
struct InvitationPage {
    f: Frame,
    invitation: Invitation,
    job: Job,
    lines: Vec<view::Line>,
    message: SafeHtml,
    word: String,
    mine: bool,
    waits: bool,
    live: bool,
    wrong: Wrong,
}

async fn page(ask: &Ask, id: InvitationId, wrong: Wrong) -> Result<InvitationPage> {
    let who = ask.who();
    let (invitation, job) = ask
        .read(move |conn| {
            let invitation = crate::invitation(conn, &who, id)?;
            let job = crate::get(conn, invitation.job)?;
            // Before its first review is over, a job is for its client's eyes.
            if !job.was_shown() && !job.belongs_to(&who) {
                return Err(Error::NotFound);
            }
            Ok((invitation, job))
        })
        .await?;
    let f = ask.frame_titled(job.title().to_owned()).await?;
    let mine = ask.who().find_account() == Some(invitation.assistant);
    Ok(InvitationPage {
        lines: view::lines(&f, &job.brief),
        message: markdown(&invitation.message),
        word: f.t(&format!("jobs.invitation_{}", invitation.state.name())).into_owned(),
        waits: mine && invitation.state == InvitationState::Sent,
        live: mine && invitation.is_live(),
        mine,
        invitation,
        job,
        wrong,
        f,
    })
}

pub async fn show(ask: Ask, id: PathId<InvitationId>) -> Result<HttpResponse> {
    let page = page(&ask, *id, Wrong::default()).await?;
    ask.html(page)
}

async fn answer(ask: Ask, id: InvitationId, answer: Answer, said: &str) -> Result<HttpResponse> {
    match ask.act(move |act| crate::answer_invitation(act, id, &answer)).await {
        Ok(invitation) if invitation.is_live() => ask.redirect_saying(&format!("/jobs/{}", invitation.job), said),
        Ok(_) => ask.redirect_saying("/me/invitations", said),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = page(&ask, id, wrong).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WordForm {
    word: String,
    /// The address of a colleague's profile, or its id.
    assistant_id: String,
}

pub async fn accept(ask: Ask, id: PathId<InvitationId>) -> Result<HttpResponse> {
    answer(ask, *id, Answer::Accept, "jobs.said_accepted").await
}

pub async fn decline(ask: Ask, id: PathId<InvitationId>, form: Form<WordForm>) -> Result<HttpResponse> {
    let word = form.word.clone();
    answer(ask, *id, Answer::Decline { word }, "jobs.said_declined").await
}

pub async fn pass_on(ask: Ask, id: PathId<InvitationId>, form: Form<WordForm>) -> Result<HttpResponse> {
    // People paste the address of a profile page; its last part begins with the id.
    let last = form.assistant_id.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let Ok(to) = last.split('-').next().unwrap_or_default().parse::<AccountId>() else {
        let wrong = Wrong::take(ask.lang(), Error::field("/assistant_id", "jobs.no_such_assistant"))?;
        let page = page(&ask, *id, wrong).await?;
        return ask.html_again(page);
    };
    let word = form.word.clone();
    answer(ask, *id, Answer::PassOn { to, word }, "jobs.said_passed").await
}

#[derive(Template)]
#[template(path = "jobs/proposal.html")]
struct ProposalPage {
    f: Frame,
    assistant: AccountId,
    name: String,
    open: Vec<(String, String)>,
    answers: ProposalForm,
    kinds: Vec<(&'static str, String, bool)>,
    rate_kinds: Vec<(&'static str, String)>,
    wrong: Wrong,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProposalForm {
    title: String,
    description: String,
    kinds: Vec<String>,
    more_skills: String,
    rate_kind: String,
    rate: String,
    rate_hours: String,
    message: String,
    job: String,
}

impl ProposalForm {
    /// A direct job says less than a public one: it is remote unless its talk says otherwise.
    fn brief(&self, ask: &Ask) -> Result<BriefForm> {
        let form = WizardForm {
            title: self.title.clone(),
            description: self.description.clone(),
            kinds: self.kinds.clone(),
            more_skills: self.more_skills.clone(),
            rate_kind: self.rate_kind.clone(),
            rate: self.rate.clone(),
            rate_hours: self.rate_hours.clone(),
            currency: "EUR".to_owned(),
            ..WizardForm::default()
        };
        let lang = ask.lang();
        let (work, _) = form.brief("work", lang);
        let (needs, mut fields) = form.brief("skills", lang);
        let (money, wrong_money) = form.brief("rate", lang);
        if let Err(Error::Invalid(errors)) = wrong_money.finish() {
            errors.into_iter().for_each(|error| fields.add(error.pointer, error.code));
        }
        fields.finish()?;
        Ok(BriefForm { skills: needs.skills, rate: money.rate, mode: Some(base::trade::Mode::Remote), ..work })
    }
}

async fn proposal_page(ask: &Ask, id: AccountId, form: ProposalForm, wrong: Wrong) -> Result<ProposalPage> {
    let who = ask.who();
    let (name, open) = ask
        .read(move |conn| {
            let (_, organisation) = who.client()?;
            let account = accounts::get(conn, id)?;
            if !account.hats.assistant {
                return Err(Error::NotFound);
            }
            let open = crate::of_organisation(conn, organisation, Some("open"), &Slice::default())?;
            let open = open.items.iter().map(|job| (job.id.to_string(), job.title().to_owned())).collect();
            // Before an offer only the first name is known.
            let name = account.display_name.split_whitespace().next().unwrap_or_default().to_owned();
            Ok((name, open))
        })
        .await?;
    let f = ask
        .frame_titled(kit::words::say_with(ask.lang(), "jobs.title_proposal", &[("value", name.as_str().into())]))
        .await?;
    let chosen = |kind: &Kind| form.kinds.iter().any(|name| name == kind.code());
    let kinds = Kind::ALL.iter().map(|kind| (kind.code(), f.t(kind.key()).into_owned(), chosen(kind))).collect();
    let rate_kinds =
        ["hourly", "fixed", "monthly"].map(|kind| (kind, f.t(&format!("jobs.rate_{kind}")).into_owned())).to_vec();
    Ok(ProposalPage { f, assistant: id, name, open, answers: form, kinds, rate_kinds, wrong })
}

pub async fn proposal(ask: Ask, id: PathId<AccountId>) -> Result<HttpResponse> {
    let page = proposal_page(&ask, *id, ProposalForm::default(), Wrong::default()).await?;
    ask.html(page)
}

async fn again(ask: &Ask, id: AccountId, form: ProposalForm, error: Error) -> Result<HttpResponse> {
    let error = match error {
        Error::Invalid(errors) => Error::Invalid(errors.into_iter().map(at_field).collect()),
        other => other,
    };
    let wrong = Wrong::take(ask.lang(), error)?;
    let page = proposal_page(ask, id, form, wrong).await?;
    ask.html_again(page)
}

pub async fn propose(ask: Ask, id: PathId<AccountId>, form: Form<ProposalForm>) -> Result<HttpResponse> {
    let brief = match form.brief(&ask) {
        Ok(brief) => brief,
        Err(error) => return again(&ask, *id, form.0, error).await,
    };
    let message = form.message.clone();
    match ask.act(move |act| crate::propose_directly(act, *id, &brief, &message)).await {
        Ok(direct) => ask.redirect_saying(&direct.job.path(), "jobs.said_proposed"),
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

pub async fn invite(ask: Ask, id: PathId<AccountId>, form: Form<ProposalForm>) -> Result<HttpResponse> {
    let Ok(job) = form.job.parse::<JobId>() else {
        return again(&ask, *id, form.0, Error::field("/job", "jobs.choose_job")).await;
    };
    let message = form.message.clone();
    match ask.act(move |act| crate::invite(act, job, *id, &message)).await {
        Ok(invitation) => ask.redirect_saying(&format!("/jobs/{}", invitation.job), "jobs.said_invited"),
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

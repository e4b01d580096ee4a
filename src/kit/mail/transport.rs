//! How letters leave: `.eml` files by default, SMTP when configured.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::response::Severity;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Mail;
use crate::config::{Config, MailRoute, host_of};
use base::ids;

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    route: Route,
    from: Mailbox,
    host: String,
}

#[derive(Clone)]
enum Route {
    Files(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Why a letter did not leave.
#[derive(Debug)]
pub enum Refused {
    /// The reader's server said 5xx, or the address is none: trying again changes nothing.
    ForGood(String),
    ForNow(anyhow::Error),
}

impl Mailer {
    pub fn new(config: &Config) -> anyhow::Result<Mailer> {
        let route = match &config.mail {
            MailRoute::Files => {
                let folder = config.data_dir.join("mail");
                std::fs::create_dir_all(&folder)?;
                Route::Files(folder)
            }
            MailRoute::Smtp(url) => Route::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(Duration::from_secs(20))).build(),
            ),
        };
        let host = host_of(&config.public_url).trim_matches(['[', ']']).to_owned();
        Ok(Mailer { route, from: config.mail_from.parse()?, host })
    }

    /// Whether the SMTP server answers; files always do.
    pub async fn reaches_its_server(&self) -> bool {
        match &self.route {
            Route::Files(_) => true,
            Route::Smtp(smtp) => smtp.test_connection().await.unwrap_or(false),
        }
    }

    pub async fn send(&self, mail: &Mail) -> Result<(), Refused> {
        let message = self.message(mail).map_err(|error| Refused::ForGood(format!("{error:#}")))?;
        match &self.route {
            Route::Files(folder) => {
                let path = folder.join(format!("{}.eml", ids::encode(mail.id)));
                let bytes = message.formatted();
                let written = tokio::task::spawn_blocking(move || {
                    let beside = path.with_extension("part");
                    std::fs::write(&beside, bytes)?;
                    std::fs::rename(&beside, &path)
                });
                match written.await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(Refused::ForNow(error.into())),
                    Err(error) => Err(Refused::ForNow(error.into())),
                }
            }
            Route::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error)
                    if error.status().is_some_and(|code| code.severity == Severity::PermanentNegativeCompletion) =>
                {
                    Err(Refused::ForGood(error.to_string()))
                }
                Err(error) => Err(Refused::ForNow(error.into())),
            },
        }
    }

    fn message(&self, mail: &Mail) -> anyhow::Result<Message> {
        let date = std::time::UNIX_EPOCH + Duration::from_micros(u64::try_from(mail.created_at().0)?);
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.address.parse()?))
            .subject(&mail.subject)
            .date(date)
            .message_id(Some(format!("<{}@{}>", ids::encode(mail.id), self.host)))
            .raw_header(header("Content-Language", &mail.lang)?)
            .raw_header(header("Auto-Submitted", "auto-generated")?);
        if let Some(url) = &mail.unsubscribe {
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{url}>"))?)
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
        }
        let mut bodies = MultiPart::alternative()
            .singlepart(SinglePart::plain(mail.text.clone()))
            .singlepart(SinglePart::html(mail.html.clone()));
        let (Some(calendar), Some(method)) = (&mail.calendar, &mail.calendar_method) else {
            return Ok(builder.multipart(bodies)?);
        };
        let invitation: ContentType = format!("text/calendar; charset=utf-8; method={method}").parse()?;
        bodies = bodies.singlepart(SinglePart::builder().header(invitation).body(calendar.clone()));
        let file = Attachment::new("invitation.ics".to_owned()).body(calendar.clone(), "application/ics".parse()?);
        Ok(builder.multipart(MultiPart::mixed().multipart(bodies).singlepart(file))?)
    }
}

fn header(name: &'static str, value: &str) -> anyhow::Result<HeaderValue> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| anyhow::anyhow!("{name} is no header name"))?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

//! How letters leave: `.eml` files by default, SMTP when configured.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Severity;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Mail;
use crate::config::{Config, MailRoute, Wire, host_of};
use base::ids;

/// How long the SMTP server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

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
    /// This mailbox or this letter was refused, or the address is none: trying again changes nothing.
    ForGood(String),
    /// Everything else, whatever its number: a wrong password, a quota or a server that takes nobody's letters today says
    /// nothing about this letter.
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
            MailRoute::Smtp(url, wire) => Route::Smtp(smtp(url, *wire)?),
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
                    if error.status().is_some_and(|code| code.severity == Severity::PermanentNegativeCompletion)
                        && is_about_the_letter(&error.to_string()) =>
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

/// Whether a 5xx speaks of this mailbox (5.1.x, 5.2.x) or this message (5.6.x), by the enhanced code of RFC 3463. 5.1.7 and
/// 5.1.8 speak of the sender, which is the same for every letter.
fn is_about_the_letter(said: &str) -> bool {
    said.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        match parts.as_slice() {
            ["5", "1", detail] => !matches!(*detail, "7" | "8") && is_number(detail),
            ["5", "2" | "6", detail] => is_number(detail),
            _ => false,
        }
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 3
}

/// By itself the library speaks in the clear to `smtp://`, or lets the server choose.
fn smtp(url: &str, wire: Wire) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(PATIENCE));
    let rest = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
    let builder = match wire {
        Wire::Wrapped => builder,
        Wire::Upgraded => {
            let host = host_of(rest).trim_matches(['[', ']']).to_owned();
            builder.tls(Tls::Required(TlsParameters::new(host)?))
        }
        Wire::Plain => builder.tls(Tls::None),
    };
    Ok(builder.build())
}

fn header(name: &'static str, value: &str) -> anyhow::Result<HeaderValue> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| anyhow::anyhow!("{name} is no header name"))?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::LazyLock;

    use super::*;

    /// The library's pool of connections lives on it.
    static RUNTIME: LazyLock<tokio::runtime::Runtime> =
        LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime"));

    /// An SMTP server that knows no TLS; it takes one letter, or whatever it gets, and says what it was told.
    fn server() -> (u16, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let told = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut lines = BufReader::new(stream.try_clone().expect("a second handle"));
            stream.write_all(b"220 here\r\n").expect("a greeting");
            let (mut told, mut line, mut in_letter) = (String::new(), String::new(), false);
            while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                told.push_str(&line);
                let answer = match line.trim_end() {
                    "." => "250 taken\r\n",
                    _ if in_letter => "",
                    "DATA" => "354 go on\r\n",
                    hello if hello.starts_with("EHLO") => "250-here\r\n250 AUTH PLAIN\r\n",
                    auth if auth.starts_with("AUTH") => "235 welcome\r\n",
                    "QUIT" => "221 bye\r\n",
                    _ => "250 well\r\n",
                };
                in_letter = line.trim_end() == "DATA" || in_letter && line.trim_end() != ".";
                line.clear();
                if stream.write_all(answer.as_bytes()).is_err() {
                    break;
                }
            }
            told
        });
        (port, told)
    }

    /// What such a server hears when a letter is sent to it.
    fn heard(wire: Wire) -> (bool, String) {
        let (port, told) = server();
        let _inside = RUNTIME.enter();
        let smtp = smtp(&format!("smtp://me:secret@127.0.0.1:{port}"), wire).expect("a transport");
        let sent = RUNTIME.block_on(async move {
            let letter = Message::builder()
                .from("a@example.org".parse().expect("an address"))
                .to("b@example.org".parse().expect("an address"))
                .subject("A link")
                .body("https://a.example/password-reset/token".to_owned())
                .expect("a letter");
            let sent = smtp.send(letter).await.is_ok();
            smtp.shutdown().await;
            sent
        });
        (sent, told.join().expect("the server"))
    }

    #[test]
    fn only_what_is_said_of_a_mailbox_or_a_letter_is_final() {
        for final_ in ["permanent error (550): 5.1.1 no such user", "5.2.2 mailbox full", "(554): 5.6.0 bad content"] {
            assert!(is_about_the_letter(final_), "{final_}");
        }
        for other in [
            "permanent error (535): 5.7.8 bad password",
            "permanent error (530): Authentication required",
            "permanent error (550): 5.7.1 relay denied",
            "permanent error (554): no service here",
            "permanent error (550): 5.1.8 the sender's domain is unknown",
            "permanent error (550): 5.4.5 daily quota",
            "permanent error (550): rejected by 10.5.1.1",
        ] {
            assert!(!is_about_the_letter(other), "{other}");
        }
    }

    #[test]
    fn a_server_without_tls_hears_neither_password_nor_letter() {
        let (sent, told) = heard(Wire::Upgraded);
        assert!(!sent && !told.contains("AUTH") && !told.contains("MAIL") && !told.contains("token"), "{told}");
        let (sent, told) = heard(Wire::Plain);
        assert!(sent && told.contains("AUTH PLAIN") && told.contains("password-reset/token"), "{told}");
    }
}

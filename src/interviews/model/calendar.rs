//! The calendar entry of an interview (RFC 5545 and 5546): one UID for life, a rising SEQUENCE.
//!
//! The organiser is the instance and the only attendee is the reader, so nobody learns the other's address. A number or
//! link to meet at never stands in an entry: calendars keep for ever what the page shows around the appointment alone.

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use serde::{Deserialize, Serialize};

use super::{InterviewId, Slot};
use base::time::Moment;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    Request,
    Cancel,
    /// For a download or a feed.
    Publish,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
            Method::Publish => "PUBLISH",
        }
    }
}

/// What goes into the entry, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub interview: InterviewId,
    pub slot: Slot,
    pub sequence: i64,
    pub stamp: Moment,
    pub summary: String,
    pub description: String,
    /// The page of the interview.
    pub link: String,
    /// The host of the instance, for UID and organiser.
    pub host: String,
    pub organiser_name: String,
    /// The reader's own address.
    pub attendee: Option<String>,
}

/// UTC in the basic form: no zone table has to travel with it.
fn stamp(at: Moment) -> String {
    at.whole_second().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The text of the iCalendar part.
pub fn calendar(invitation: &Invitation, method: Method) -> String {
    let mut event = Event::new();
    event
        .uid(&format!("{}@{}", invitation.interview, invitation.host))
        .add_property("DTSTAMP", stamp(invitation.stamp))
        .summary(&invitation.summary)
        .description(&invitation.description)
        .add_property("DTSTART", stamp(invitation.slot.starts_at))
        .add_property("DTEND", stamp(invitation.slot.ends_at()))
        .sequence(u32::try_from(invitation.sequence).unwrap_or(u32::MAX))
        .url(&invitation.link)
        .status(match method {
            Method::Cancel => EventStatus::Cancelled,
            Method::Request | Method::Publish => EventStatus::Confirmed,
        });
    let organiser = format!("mailto:no-reply@{}", invitation.host);
    event
        .append_property(Property::new("ORGANIZER", &organiser).add_parameter("CN", &invitation.organiser_name).done());
    if let Some(attendee) = &invitation.attendee {
        let answer = if method == Method::Cancel { "DECLINED" } else { "ACCEPTED" };
        let mut property = Property::new("ATTENDEE", format!("mailto:{attendee}"));
        property.add_parameter("PARTSTAT", answer).add_parameter("ROLE", "REQ-PARTICIPANT");
        event.append_multi_property(property);
    }
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("METHOD", method.name()));
    calendar.push(event.done());
    calendar.done().to_string()
}

//! What bank-feed services send, in their own words. Pure.

use super::line::{Direction, Line};
use crate::kernel::{Text, Vnd, vn};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// A bank-feed service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum Service {
    /// `Authorization: Apikey …`, one transaction a message.
    Sepay,
    /// `Secure-Token: …`, a list of transactions.
    Casso,
}

impl Service {
    /// Every service.
    pub(super) const ALL: [Self; 2] = [Self::Sepay, Self::Casso];

    /// The word in the database and in forms.
    #[must_use]
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Sepay => "sepay",
            Self::Casso => "casso",
        }
    }

    /// Its own name.
    #[must_use]
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sepay => "SePay",
            Self::Casso => "Casso",
        }
    }

    /// The service of a word.
    pub(super) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// Where its settings want the key.
    #[must_use]
    pub(super) fn place_of_key(self) -> Text {
        match self {
            Self::Sepay => Text::new(
                "trong SePay: Tích hợp Webhooks, kiểu chứng thực “API Key”",
                "in SePay: Webhooks, authentication by “API Key”",
            ),
            Self::Casso => Text::new(
                "trong Casso: Kết nối Webhook, ô “Key bảo mật”",
                "in Casso: Webhook, field “Secure Token”",
            ),
        }
    }
}

/// What a message holds.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Those without money are left out.
    pub(super) lines: Vec<Line>,
    /// Lines that could not be read, as they came.
    pub(super) unread: Vec<String>,
}

/// It is not what the service says it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a message of this service")]
pub(super) struct Unreadable;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sepay {
    id: i64,
    transaction_date: String,
    account_number: Option<String>,
    sub_account: Option<String>,
    content: Option<String>,
    transfer_type: String,
    transfer_amount: serde_json::Number,
    reference_code: Option<String>,
}

#[derive(Deserialize)]
struct Casso {
    data: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct CassoLine {
    id: i64,
    tid: Option<String>,
    description: Option<String>,
    /// Negative: it went out.
    amount: serde_json::Number,
    when: String,
    bank_sub_acc_id: Option<String>,
    #[serde(rename = "subAccId")]
    sub_acc_id: Option<String>,
}

/// Whole đồng; `125000.0` is as good as `125000`.
fn dong(number: &serde_json::Number) -> Result<i64, Unreadable> {
    if let Some(whole) = number.as_i64() {
        return Ok(whole);
    }
    let text = number.to_string();
    let (whole, rest) = text.split_once('.').ok_or(Unreadable)?;
    if rest.bytes().all(|b| b == b'0') {
        whole.parse().map_err(|_| Unreadable)
    } else {
        Err(Unreadable)
    }
}

/// `2026-11-22 09:05:37` in Viet Nam.
fn moment(text: &str) -> Result<DateTime<Utc>, Unreadable> {
    let text = text.trim().replace('T', " ");
    let local = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(&text, f).ok())
        .ok_or(Unreadable)?;
    vn().from_local_datetime(&local).single().map(|at| at.to_utc()).ok_or(Unreadable)
}

fn digits(text: Option<String>) -> String {
    text.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(40).collect()
}

/// No control characters (PostgreSQL takes no NUL), and no more than a bank's text holds.
fn clean(text: Option<String>) -> String {
    text.unwrap_or_default().chars().filter(|c| !c.is_control()).take(500).collect()
}

/// The service's own name for a message.
pub(super) fn name(service: Service, body: &[u8]) -> Result<String, Unreadable> {
    match service {
        Service::Sepay => {
            let message: Sepay = serde_json::from_slice(body).map_err(|_| Unreadable)?;
            Ok(message.id.to_string())
        }
        // A list has no name; each of its lines has one, which counts later.
        Service::Casso => {
            list(body)?;
            Ok(Sha256::digest(body).iter().map(|b| format!("{b:02x}")).collect())
        }
    }
}

/// The lines of a list. One in which nothing has a name is none of this service's.
fn list(body: &[u8]) -> Result<Vec<serde_json::Value>, Unreadable> {
    let message: Casso = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let named = |line: &serde_json::Value| line.get("id").is_some();
    let ours = message.data.is_empty() || message.data.iter().any(named);
    if ours { Ok(message.data) } else { Err(Unreadable) }
}

/// What a message holds: of a list every line that can be read, whatever the others are.
pub(super) fn read(service: Service, body: &[u8]) -> Result<Read, Unreadable> {
    let mut read = Read::default();
    match service {
        Service::Sepay => {
            read.lines.push(sepay(serde_json::from_slice(body).map_err(|_| Unreadable)?)?);
        }
        Service::Casso => {
            for value in list(body)? {
                match CassoLine::deserialize(&value).map_err(|_| Unreadable).and_then(casso) {
                    Ok(line) => read.lines.push(line),
                    Err(Unreadable) => read.unread.push(value.to_string()),
                }
            }
        }
    }
    read.lines.retain(|line| line.amount.0 > 0);
    Ok(read)
}

/// A message as text that PostgreSQL takes.
pub(super) fn as_text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().filter(|c| !c.is_control()).collect()
}

fn sepay(message: Sepay) -> Result<Line, Unreadable> {
    let direction = match message.transfer_type.as_str() {
        "in" => Direction::In,
        "out" => Direction::Out,
        _ => return Err(Unreadable),
    };
    Ok(Line {
        source: Service::Sepay.code(),
        source_id: message.id.to_string(),
        account: digits(message.account_number.filter(|a| !a.is_empty()).or(message.sub_account)),
        reference: clean(message.reference_code).trim().to_owned(),
        amount: Vnd(dong(&message.transfer_amount)?),
        direction,
        content: clean(message.content),
        at: moment(&message.transaction_date)?,
    })
}

fn casso(line: CassoLine) -> Result<Line, Unreadable> {
    let amount = dong(&line.amount)?;
    Ok(Line {
        source: Service::Casso.code(),
        source_id: line.id.to_string(),
        account: digits(line.bank_sub_acc_id.or(line.sub_acc_id)),
        reference: clean(line.tid).trim().to_owned(),
        amount: Vnd(amount.checked_abs().ok_or(Unreadable)?),
        direction: if amount < 0 { Direction::Out } else { Direction::In },
        content: clean(line.description),
        at: moment(&line.when)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sepay_is_read() {
        let body = br#"{"id":92704,"gateway":"Vietcombank","transactionDate":"2026-11-22 09:02:37",
            "accountNumber":"0123499999","code":null,"content":"chuyen tien STABC","transferType":"in",
            "transferAmount":2277000,"accumulated":19077000,"subAccount":null,"referenceCode":"MBVCB.3278907687",
            "description":""}"#;
        let line = read(Service::Sepay, body).unwrap().lines.remove(0);
        assert_eq!((line.amount, line.direction), (Vnd(2_277_000), Direction::In));
        assert_eq!((line.source_id.as_str(), line.account.as_str()), ("92704", "0123499999"));
        assert_eq!(line.reference, "MBVCB.3278907687");
        assert_eq!(line.at.to_rfc3339(), "2026-11-22T02:02:37+00:00");
        assert_eq!(name(Service::Sepay, body).unwrap(), "92704");
    }

    #[test]
    fn casso_is_read() {
        let body = br#"{"error":0,"data":[
            {"id":1712,"tid":"FT26326","description":"ND STABC","amount":500000,"cusum_balance":1,
             "when":"2026-11-22 09:05:00","bank_sub_acc_id":"0011004123456","subAccId":"0011004123456"},
            {"id":1713,"tid":"FT26327","description":"phi","amount":-11000.0,"cusum_balance":1,
             "when":"2026-11-22 09:06:00","bank_sub_acc_id":"0011004123456"},
            {"id":1714,"tid":"","description":null,"amount":0,"when":"2026-11-22 09:06:00"}]}"#;
        let all = read(Service::Casso, body).unwrap().lines;
        assert_eq!(all.len(), 2, "what moves no money is no line");
        assert_eq!((all[1].amount, all[1].direction), (Vnd(11_000), Direction::Out));
    }

    #[test]
    fn anything_else_is_refused() {
        for body in ["", "{}", "[]", "null", r#"{"id":"x"}"#, r#"{"data":[{}]}"#] {
            for service in Service::ALL {
                assert!(read(service, body.as_bytes()).is_err(), "{body}");
                assert!(name(service, body.as_bytes()).is_err(), "{body}");
            }
        }
        let half = r#"{"id":1,"transactionDate":"2026-11-22 09:02:37","transferType":"in","transferAmount":0.5}"#;
        assert!(read(Service::Sepay, half.as_bytes()).is_err());
    }

    #[test]
    fn one_line_that_cannot_be_read_holds_up_no_other() {
        let good =
            r#"{"id":1,"tid":"FT1","description":"ND","amount":5000,"when":"2026-11-22 09:05:00"}"#;
        for bad in [
            r#"{"id":2,"amount":"nhieu","when":"2026-11-22 09:05:00"}"#,
            r#"{"id":2,"amount":0.5,"when":"2026-11-22 09:05:00"}"#,
            r#"{"id":2,"amount":5000,"when":"hom qua"}"#,
            r#"{"id":"hai","amount":5000,"when":"2026-11-22 09:05:00"}"#,
            r#"{"id":2}"#,
            "null",
            "7",
        ] {
            let body = format!(r#"{{"data":[{bad},{good}]}}"#);
            let found = read(Service::Casso, body.as_bytes()).unwrap();
            assert_eq!((found.lines.len(), found.unread.len()), (1, 1), "{bad}");
            assert_eq!(found.lines[0].amount, Vnd(5_000));
            assert!(name(Service::Casso, body.as_bytes()).is_ok(), "{bad}");
        }
    }
}

//! Where a seller's account stands, and what Stripe still wants, in plain words. Pure.

use crate::kernel::Text;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An account as it was last heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payments) struct Account {
    pub(in crate::payments) id: Uuid,
    pub(in crate::payments) country: String,
    pub(in crate::payments) account: Option<String>,
    pub(in crate::payments) charges_enabled: bool,
    pub(in crate::payments) payouts_enabled: bool,
    pub(in crate::payments) details_submitted: bool,
    pub(in crate::payments) due: Vec<String>,
    pub(in crate::payments) disabled_reason: String,
    pub(in crate::payments) checked_at: Option<DateTime<Utc>>,
}

/// What we write for an account that Stripe no longer shows us.
pub(super) const NOT_CONNECTED: &str = "not_connected";

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Asked for; Stripe has not answered.
    Unnamed,
    /// Stripe's questions wait for the seller.
    Questions,
    /// He has answered; Stripe looks at it.
    Review,
    /// Buyers can pay.
    Ready,
    /// Buyers can pay, and the money stays at Stripe until something is answered.
    NoPayouts,
    /// Stripe refuses it.
    Refused,
    Gone,
}

impl Account {
    pub(super) fn standing(&self) -> Standing {
        let why = self.disabled_reason.as_str();
        if self.account.is_none() {
            Standing::Unnamed
        } else if why == NOT_CONNECTED {
            Standing::Gone
        } else if why.starts_with("rejected.") {
            Standing::Refused
        } else if self.charges_enabled && self.payouts_enabled {
            Standing::Ready
        } else if self.charges_enabled {
            Standing::NoPayouts
        } else if self.details_submitted && self.due.is_empty() {
            Standing::Review
        } else {
            Standing::Questions
        }
    }

    /// What is missing, each once.
    pub(super) fn missing(&self) -> Vec<Text> {
        let mut all: Vec<Text> = Vec::new();
        for want in &self.due {
            let text = plain(want);
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    }
}

impl Standing {
    pub(super) fn label(self) -> Text {
        match self {
            Self::Unnamed => Text::new("Stripe chưa trả lời", "Stripe has not answered"),
            Self::Questions => Text::new("Chờ bạn trả lời Stripe", "Stripe waits for your answers"),
            Self::Review => Text::new("Stripe đang xem xét", "Stripe is looking at it"),
            Self::Ready => Text::new("Nhận tiền được", "Takes payments"),
            Self::NoPayouts => {
                Text::new("Nhận được, chưa rút được", "Takes payments, no payouts yet")
            }
            Self::Refused => Text::new("Stripe từ chối", "Refused by Stripe"),
            Self::Gone => Text::new("Không còn nối với sàn", "No longer connected"),
        }
    }

    pub(super) const fn tone(self) -> &'static str {
        match self {
            Self::Ready => "good",
            Self::Refused | Self::Gone => "bad",
            Self::Unnamed | Self::Questions | Self::Review | Self::NoPayouts => "warn",
        }
    }

    /// What the seller does next.
    pub(super) fn next(self) -> Text {
        match self {
            Self::Unnamed => Text::new(
                "Bấm Tiếp tục để hỏi lại; không có tài khoản nào được tạo hai lần.",
                "Press Continue to ask again; no account is made twice.",
            ),
            Self::Questions => Text::new(
                "Bấm Tiếp tục để trả lời trên trang của Stripe. Người mua chưa chọn được cách trả này.",
                "Press Continue and answer on Stripe's page. Buyers cannot choose it yet.",
            ),
            Self::Review => Text::new(
                "Bạn không phải làm gì; Stripe thường trả lời trong một hai ngày.",
                "There is nothing for you to do; Stripe usually answers within a day or two.",
            ),
            Self::Ready => Text::new(
                "Người mua trả bằng thẻ quốc tế được; tiền vào thẳng tài khoản Stripe của bạn.",
                "Buyers can pay by international card; the money goes straight to your Stripe account.",
            ),
            Self::NoPayouts => Text::new(
                "Người mua trả được, nhưng tiền nằm lại ở Stripe đến khi bạn bổ sung đủ.",
                "Buyers can pay, but the money stays at Stripe until you have answered everything.",
            ),
            Self::Refused => Text::new(
                "Xin hỏi thẳng Stripe; sàn không can thiệp được.",
                "Please ask Stripe itself; the floor cannot change it.",
            ),
            Self::Gone => Text::new(
                "Gỡ tài khoản này rồi nối lại nếu bạn còn muốn nhận thẻ quốc tế.",
                "Remove this account and connect again if you still want to take cards.",
            ),
        }
    }

    /// Whether Stripe's page has something to ask.
    pub(super) const fn goes_on(self) -> bool {
        matches!(self, Self::Unnamed | Self::Questions | Self::NoPayouts)
    }
}

/// One of Stripe's wants.
fn plain(want: &str) -> Text {
    let is = |part: &str| want.contains(part);
    if want.starts_with("external_account") {
        Text::new("tài khoản ngân hàng để Stripe chuyển tiền về", "a bank account for payouts")
    } else if want.starts_with("tos_acceptance") {
        Text::new("đồng ý điều khoản của Stripe", "agreement to Stripe's terms")
    } else if want.starts_with("business_profile") {
        Text::new("bạn bán gì, trang web của bạn", "what you sell, and your website")
    } else if want == "business_type" {
        Text::new("loại hình: cá nhân hay công ty", "whether you are a person or a company")
    } else if is("verification") || want.starts_with("documents.") {
        Text::new("ảnh giấy tờ chứng minh", "a picture of a document that proves it")
    } else if want.starts_with("company") {
        Text::new(
            "thông tin công ty: tên, địa chỉ, mã số thuế",
            "the company: name, address, tax number",
        )
    } else if want.starts_with("owners")
        || want.starts_with("directors")
        || want.starts_with("executives")
    {
        Text::new("chủ sở hữu, người điều hành công ty", "the company's owners and directors")
    } else if want.starts_with("individual")
        || want.starts_with("representative")
        || want.starts_with("person_")
    {
        Text::new(
            "người đại diện: họ tên, ngày sinh, địa chỉ, điện thoại",
            "who acts for you: name, date of birth, address, telephone",
        )
    } else {
        let short: String = want.chars().take(60).collect();
        Text::new(
            format!("một mục khác (Stripe gọi là {short})"),
            format!("something else (Stripe calls it {short})"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    fn account() -> Account {
        Account {
            id: Uuid::nil(),
            country: "SG".into(),
            account: Some("acct_1".into()),
            charges_enabled: false,
            payouts_enabled: false,
            details_submitted: false,
            due: vec![
                "external_account".into(),
                "individual.dob.day".into(),
                "individual.dob.month".into(),
                "new.thing".into(),
            ],
            disabled_reason: "requirements.past_due".into(),
            checked_at: None,
        }
    }

    #[test]
    fn each_standing_is_told_apart() {
        let mut it = account();
        assert_eq!(it.standing(), Standing::Questions);
        it.due.clear();
        it.details_submitted = true;
        assert_eq!(it.standing(), Standing::Review);
        it.charges_enabled = true;
        assert_eq!(it.standing(), Standing::NoPayouts);
        it.payouts_enabled = true;
        assert_eq!(it.standing(), Standing::Ready);
        it.disabled_reason = "rejected.fraud".into();
        assert_eq!(it.standing(), Standing::Refused);
        it.disabled_reason = NOT_CONNECTED.into();
        assert_eq!(it.standing(), Standing::Gone);
        it.account = None;
        assert_eq!(it.standing(), Standing::Unnamed);
    }

    #[test]
    fn what_is_missing_is_said_once_and_in_plain_words() {
        let said: Vec<String> =
            account().missing().iter().map(|t| t.get(Lang::En).to_owned()).collect();
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("bank account") && said[1].contains("date of birth"));
        assert!(said[2].contains("new.thing"), "what we do not know is passed on");
    }
}

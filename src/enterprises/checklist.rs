//! What a shop needs before it is submitted, and how far it has come.

use super::{
    model::{Seller, State},
    papers::{Paper, PaperState},
    queries, queries_bank, queries_papers, queries_people,
};
use crate::{
    accounts,
    kernel::{Cx, Day, SellerId, Text, day_of},
};
use sqlx::PgConnection;

/// How one requirement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Met,
    Missing,
    /// It was there, and was rejected or has lapsed.
    Rejected,
}

/// One requirement.
#[derive(Debug, Clone)]
pub struct Requirement {
    pub title: Text,
    pub note: Text,
    pub standing: Standing,
    /// Where it is met.
    pub href: &'static str,
}

/// All requirements of one shop.
#[derive(Debug, Clone)]
pub struct Checklist(pub Vec<Requirement>);

impl Checklist {
    /// Whether the file can be handed in.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.count_met() == self.0.len()
    }

    /// How many requirements are met.
    #[must_use]
    pub fn count_met(&self) -> usize {
        self.0.iter().filter(|r| r.standing == Standing::Met).count()
    }
}

/// The checklist of a seller; `None`: no such seller.
///
/// # Errors
/// Whatever the database says.
pub async fn of(db: &mut PgConnection, cx: &Cx, id: SellerId) -> sqlx::Result<Option<Checklist>> {
    let Some(seller) = queries::seller(db, id).await? else { return Ok(None) };
    let papers = queries_papers::of_seller(db, id).await?;
    let bank = queries_bank::bank(db, id).await?.is_some();
    let mut confirmed = false;
    for owner in queries_people::owners(db, id).await? {
        confirmed |= accounts::email_confirmed(db, owner).await?;
    }
    Ok(Some(Checklist(requirements(&seller, &papers, bank, confirmed, day_of(cx.now)))))
}

fn requirements(
    seller: &Seller,
    papers: &[Paper],
    bank: bool,
    mail_confirmed: bool,
    today: Day,
) -> Vec<Requirement> {
    let when = |ok| if ok { Standing::Met } else { Standing::Missing };
    let mut all = vec![
        Requirement {
            title: Text::new("Thông tin về đơn vị và liên hệ", "Facts of the firm and contact"),
            note: Text::new(
                "Tên, địa chỉ, ngành nghề, số đăng ký, ngày và nơi cấp, điện thoại, thư điện tử.",
                "Name, address, field, registration number with date and issuer, phone, e-mail.",
            ),
            standing: when(has_facts(seller)),
            href: "/ban-hang/ho-so#thong-tin",
        },
        registration(licence(seller, papers, today)),
        Requirement {
            title: Text::new("Tài khoản ngân hàng nhận tiền", "Bank account to be paid into"),
            note: Text::new(
                "Tiền hàng đi thẳng từ người mua vào tài khoản này.",
                "Buyers pay straight into this account.",
            ),
            standing: when(bank),
            href: "/ban-hang/ngan-hang",
        },
        Requirement {
            title: Text::new(
                "Thư điện tử của chủ gian hàng đã xác nhận",
                "Owner's e-mail confirmed",
            ),
            note: Text::new(
                "Bấm vào liên kết trong thư xác nhận đã gửi cho bạn.",
                "Follow the link in the confirmation mail that was sent to you.",
            ),
            standing: when(mail_confirmed),
            href: "/tai-khoan",
        },
    ];
    all.extend(other_rejected(seller, papers));
    all
}

fn has_facts(seller: &Seller) -> bool {
    let facts = [
        &seller.legal_name,
        &seller.address,
        &seller.phone,
        &seller.email,
        &seller.registration_no,
        &seller.registered_by,
    ];
    facts.iter().all(|f| !f.is_empty()) && seller.registered_on.is_some() && seller.vsic.is_some()
}

fn registration(standing: Standing) -> Requirement {
    Requirement {
        title: Text::new("Giấy đăng ký kinh doanh", "Business registration paper"),
        note: match standing {
            Standing::Rejected => Text::new(
                "Giấy đã nộp bị trả lại hoặc hết hạn; xin nộp bản khác.",
                "The paper was rejected or has lapsed; please hand in another.",
            ),
            Standing::Met | Standing::Missing => Text::new(
                "Ảnh chụp rõ hoặc bản PDF, kèm số và nơi cấp.",
                "A clear photo or PDF, with number and issuer.",
            ),
        },
        standing,
        href: "/ban-hang/giay-to",
    }
}

/// Other papers that an officer rejected must be taken out or replaced before the file comes again.
fn other_rejected(seller: &Seller, papers: &[Paper]) -> Option<Requirement> {
    let rejected = |p: &Paper| p.state == PaperState::Rejected && p.kind != seller.kind.licence();
    if seller.state == State::Approved || !papers.iter().any(rejected) {
        return None;
    }
    Some(Requirement {
        title: Text::new("Giấy tờ bị trả lại", "Rejected papers"),
        note: Text::new(
            "Gỡ giấy bị trả lại và nộp bản khác nếu cần.",
            "Remove the rejected paper, and hand in another if it is needed.",
        ),
        standing: Standing::Rejected,
        href: "/ban-hang/giay-to",
    })
}

fn licence(seller: &Seller, papers: &[Paper], today: Day) -> Standing {
    let mut standing = Standing::Missing;
    for paper in papers.iter().filter(|p| p.kind == seller.kind.licence()) {
        if paper.state == PaperState::Rejected || paper.expires.is_some_and(|day| day < today) {
            standing = Standing::Rejected;
        } else {
            return Standing::Met;
        }
    }
    standing
}

//! What the demo's buyers say of what they bought, and to its sellers.

use super::{firms::Firm, people::People};
use crate::{
    enterprises,
    kernel::{Cx, PersonId, SellerId},
    messages::{self, About, Sending, Side},
    platform::outbox,
    reviews::{self, NewReview, OpenLine, ReviewError},
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Lines of orders looked at, and the share of a hundred that is reviewed.
const LINES: i64 = 600;
const SHARE: u32 = 45;

/// What is said with so many stars.
const SAID: [(i16, &str); 14] = [
    (5, "Hàng đúng như mô tả, đóng gói kỹ, giao nhanh hơn dự kiến. Sẽ mua lại."),
    (5, "Mua lần thứ hai rồi, chất lượng vẫn đều. Cả nhà đều thích."),
    (5, "Thơm ngon, đúng vị quê. Cảm ơn gian hàng."),
    (5, "Mua làm quà, người nhận khen mãi. Hộp đẹp, có tem nguồn gốc."),
    (5, ""),
    (5, "Người bán nhiệt tình, gọi xác nhận và dặn cách bảo quản."),
    (4, "Hàng tốt, chỉ tiếc là giao chậm một ngày vì mưa."),
    (4, "Chất lượng ổn so với giá. Nếu có gói nhỏ hơn thì tiện."),
    (4, "Ngon, nhưng bao bì hơi mỏng, nên gói kỹ thêm."),
    (4, ""),
    (3, "Tạm được. Hương vị nhạt hơn lần trước."),
    (3, "Hàng đủ, giao hơi lâu."),
    (2, "Một gói bị rách khi nhận, đã báo người bán."),
    (1, "Giao nhầm loại, phải đổi lại mất một tuần."),
];

const ANSWERS: [&str; 3] = [
    "Cảm ơn bạn đã tin dùng. Gian hàng rất vui được phục vụ bạn lần nữa.",
    "Cảm ơn góp ý của bạn, gian hàng sẽ đóng gói kỹ hơn ở những đơn sau.",
    "Gian hàng xin lỗi vì sự bất tiện; chúng tôi đã liên hệ để bù hàng cho bạn.",
];

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    people: &People,
    firms: &[Firm],
) -> anyhow::Result<()> {
    let mut chance = StdRng::seed_from_u64(45);
    let lines = reviews::open_lines(db, LINES).await?;
    let mut owners: HashMap<SellerId, PersonId> = HashMap::new();
    for firm in firms {
        if let Some(owner) = enterprises::owners(db, firm.id).await?.first() {
            owners.insert(firm.id, *owner);
        }
    }
    for line in &lines {
        if chance.random_range(0..100) < SHARE {
            judge(db, cx, line, owners.get(&line.seller), &mut chance).await?;
        }
    }
    for firm in firms.iter().filter(|f| f.selling).take(6) {
        let lines = lines.iter().filter(|line| line.seller == firm.id);
        talk(db, cx, people, owners.get(&firm.id).copied(), lines.collect()).await?;
    }
    // Nobody is told today of what was said long ago.
    outbox::consider_told(db, cx, "reviews.", cx.now - TimeDelta::days(3)).await?;
    Ok(())
}

/// One review, and perhaps the shop's answer.
async fn judge(
    db: &mut PgConnection,
    cx: &Cx,
    line: &OpenLine,
    owner: Option<&PersonId>,
    chance: &mut StdRng,
) -> anyhow::Result<()> {
    let at = line.completed_at + TimeDelta::hours(chance.random_range(10..200));
    if at > cx.now {
        return Ok(());
    }
    let (stars, body) = SAID[chance.random_range(0..SAID.len())];
    let new = NewReview { stars, body: body.to_owned(), pictures: Vec::new() };
    let (written, of) = (Cx::at(at), (line.order, line.position));
    let since = line.completed_at - TimeDelta::days(1);
    let review = match reviews::write(db, &written, of, &line.buyer_name, &new, since).await {
        Ok(review) => review,
        Err(ReviewError::Db(error)) => return Err(error.into()),
        // Somebody bought of his own shop.
        Err(_) => return Ok(()),
    };
    let answered = at + TimeDelta::hours(chance.random_range(3..40));
    if let Some(owner) = owner
        && answered < cx.now
        && (stars < 4 || chance.random_range(0..3) == 0)
    {
        let words = ANSWERS[match stars {
            1 | 2 => 2,
            3 | 4 => 1,
            _ => 0,
        }];
        let by = (line.seller, *owner);
        let done = reviews::answer(db, &Cx::at(answered), by, review, words).await;
        done.map_err(|e| anyhow!("an answer: {e}"))?;
    }
    Ok(())
}

/// A question about a product of the shop and its answer, and a word about an order that waits to be read.
async fn talk(
    db: &mut PgConnection,
    cx: &Cx,
    people: &People,
    owner: Option<PersonId>,
    lines: Vec<&OpenLine>,
) -> anyhow::Result<()> {
    let (Some(line), Some(owner)) = (lines.first(), owner) else { return Ok(()) };
    let buyer = people.buyers.first().context("a buyer")?;
    let ago = |hours| Cx::at(cx.now - TimeDelta::hours(hours));
    let asks = About::Product(line.product, buyer.id, buyer.name.clone());
    if let Ok(thread) = messages::open(db, &ago(30), &asks, Side::Buyer).await {
        let question = "Chào gian hàng, loại này còn hàng không ạ? Em cần 5 phần cho tuần sau, gọi em 0912 345 678 nhé.";
        say(db, &ago(30), thread, Side::Buyer, Some(buyer.id), question).await?;
        let answer =
            "Dạ còn ạ. Bạn cứ đặt trên sàn, gian hàng gửi trong ngày và xuất hóa đơn đầy đủ.";
        say(db, &ago(28), thread, Side::Seller, Some(owner), answer).await?;
    }
    let about = About::Order(line.order);
    let thread = messages::open(db, &ago(3), &about, Side::Buyer).await;
    let thread = thread.map_err(|e| anyhow!("a thread: {e}"))?;
    let words = "Gian hàng cho mình xin lại hóa đơn của đơn này nhé, cảm ơn.";
    say(db, &ago(3), thread, Side::Buyer, None, words).await
}

async fn say(
    db: &mut PgConnection,
    cx: &Cx,
    thread: uuid::Uuid,
    side: Side,
    author: Option<PersonId>,
    body: &str,
) -> anyhow::Result<()> {
    let new = Sending { thread, side, author, body: body.to_owned(), attachments: Vec::new() };
    messages::send(db, cx, &new).await.map(drop).map_err(|e| anyhow!("a message: {e}"))
}

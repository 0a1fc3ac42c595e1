//! What the two are told by mail, each in the reader's language.

use super::model::CustomerStep;
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, PersonId, SellerId},
    platform::mail::{self, Mail},
};
use sqlx::PgConnection;

/// The shop's owners are told that a firm asks to be admitted.
pub(super) async fn asked(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (firm, message): (&str, &str),
    link: &str,
) -> sqlx::Result<()> {
    for owner in enterprises::owners(db, seller).await? {
        let Some((to, lang)) = reader(db, owner).await? else { continue };
        let (subject, body) = match lang {
            Lang::Vi => (
                format!("{firm} xin làm khách sỉ"),
                format!(
                    "{firm} muốn mua sỉ ở gian hàng của bạn và viết:\n\n{message}\n\nXem và trả lời: {link}\n"
                ),
            ),
            Lang::En => (
                format!("{firm} asks to buy wholesale"),
                format!(
                    "{firm} would like to buy wholesale from your shop and writes:\n\n{message}\n\nRead and answer: {link}\n"
                ),
            ),
        };
        let dedup_key = format!("wholesale.asked:{}:{owner}", cx.new_id());
        mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
    }
    Ok(())
}

/// Whoever asked is told what the shop has decided.
pub(super) async fn decided(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    (shop, step, reason): (&str, CustomerStep, &str),
    link: &str,
) -> sqlx::Result<()> {
    let Some((to, lang)) = reader(db, person).await? else { return Ok(()) };
    let (subject, first) = match (step, lang) {
        (CustomerStep::Admit, Lang::Vi) => (
            format!("{shop} đã nhận đơn vị của bạn làm khách sỉ"),
            format!("Từ nay trang sản phẩm và giỏ hàng tính giá sỉ của {shop} cho đơn vị của bạn."),
        ),
        (CustomerStep::Admit, Lang::En) => (
            format!("{shop} has admitted your organisation"),
            format!("Product pages and the basket now show the wholesale prices of {shop}."),
        ),
        (_, Lang::Vi) => (
            format!("{shop} đã trả lời đơn vị của bạn"),
            format!("{shop} hiện không bán sỉ cho đơn vị của bạn."),
        ),
        (_, Lang::En) => (
            format!("{shop} has answered your organisation"),
            format!("{shop} does not sell wholesale to your organisation at present."),
        ),
    };
    let reason = if reason.is_empty() { String::new() } else { format!("\n\n“{reason}”") };
    let body = format!("{first}{reason}\n\n{link}\n");
    let dedup_key = format!("wholesale.decided:{}", cx.new_id());
    mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await
}

async fn reader(db: &mut PgConnection, person: PersonId) -> sqlx::Result<Option<(String, Lang)>> {
    let person = accounts::person(db, person).await?;
    Ok(person.and_then(|p| p.email.map(|email| (email, p.lang))))
}

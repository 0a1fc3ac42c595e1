//! What the two are told by mail, each in the reader's language.

use super::model::CustomerStep;
use crate::{
    accounts, enterprises,
    kernel::{Cx, Lang, PersonId, SellerId, Text},
    platform::{
        bell,
        mail::{self, Mail},
    },
};
use sqlx::PgConnection;

/// Something to be told: its cause, where its reader acts, and how links begin.
struct Told<'a> {
    cause: String,
    path: &'a str,
    base_url: &'a str,
}

/// By mail, and under the bell.
async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    told: &Told<'_>,
    write: impl Fn(Lang) -> (String, String),
) -> sqlx::Result<()> {
    let title = Text::new(write(Lang::Vi).0, write(Lang::En).0);
    let ring = bell::Ring { kind: "firm", cause: &told.cause, href: told.path };
    bell::ring(db, cx, &[person], ring, &title).await?;
    let Some((to, lang)) = reader(db, person).await? else { return Ok(()) };
    let (subject, body) = write(lang);
    let body = format!("{body}\n\n{}{}\n", told.base_url, told.path);
    let dedup_key = format!("{}:{person}", told.cause);
    mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await
}

/// The shop's owners are told that a firm asks to be admitted.
pub(super) async fn asked(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (firm, message): (&str, &str),
    (base_url, path): (&str, &str),
) -> sqlx::Result<()> {
    let told = Told { cause: format!("wholesale.asked:{}", cx.new_id()), path, base_url };
    let write = |lang| match lang {
        Lang::Vi => (
            format!("{firm} xin làm khách sỉ"),
            format!(
                "{firm} muốn mua sỉ ở gian hàng của bạn và viết:\n\n{message}\n\nXem và trả lời:"
            ),
        ),
        Lang::En => (
            format!("{firm} asks to buy wholesale"),
            format!(
                "{firm} would like to buy wholesale from your shop and writes:\n\n{message}\n\nRead and answer:"
            ),
        ),
    };
    for owner in enterprises::owners(db, seller).await? {
        tell(db, cx, owner, &told, write).await?;
    }
    Ok(())
}

/// Whoever asked is told what the shop has decided.
pub(super) async fn decided(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    (shop, step, reason): (&str, CustomerStep, &str),
    (base_url, path): (&str, &str),
) -> sqlx::Result<()> {
    let reason = if reason.is_empty() { String::new() } else { format!("\n\n“{reason}”") };
    let write = |lang| {
        let (subject, first) = match (step, lang) {
            (CustomerStep::Admit, Lang::Vi) => (
                format!("{shop} đã nhận đơn vị của bạn làm khách sỉ"),
                format!(
                    "Từ nay trang sản phẩm và giỏ hàng tính giá sỉ của {shop} cho đơn vị của bạn."
                ),
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
        (subject, format!("{first}{reason}"))
    };
    let told = Told { cause: format!("wholesale.decided:{}", cx.new_id()), path, base_url };
    tell(db, cx, person, &told, write).await
}

async fn reader(db: &mut PgConnection, person: PersonId) -> sqlx::Result<Option<(String, Lang)>> {
    let person = accounts::person(db, person).await?;
    Ok(person.and_then(|p| p.email.map(|email| (email, p.lang))))
}

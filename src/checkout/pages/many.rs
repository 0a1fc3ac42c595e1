//! Many things put into the basket at once: a purchase list, a quick order.

use super::basket::{basket_page, tellable};
use crate::{
    checkout::{
        basket::{self, Many},
        ground::Ground,
        keeper::Keeper,
        model::{MOST_LINES, MOST_OF_ONE},
        queries,
    },
    kernel::{Cx, Errors, Lang, Text, VariantId},
    platform::{
        db::begin_lightly,
        idempotency::{self, Claim, Once},
    },
    web::{Form, Page, PageError, go, go_with},
};
use axum::{extract::State, response::Response};
use serde::Deserialize;
use sqlx::PgPool;

const HERE: &str = "/gio-hang/them-nhieu";
const BASKET: &str = "/gio-hang";

/// Goods and pieces, side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::checkout) struct ManyForm {
    key: String,
    variant: Vec<String>,
    quantity: Vec<String>,
}

impl ManyForm {
    /// Goods named twice add up.
    fn wishes(&self, lang: Lang) -> Result<Vec<(VariantId, i64)>, Errors> {
        let mut wishes: Vec<(VariantId, i64)> = Vec::new();
        for (variant, quantity) in self.variant.iter().zip(&self.quantity) {
            if wishes.len() > MOST_LINES {
                break;
            }
            let quantity = quantity.trim().parse().ok();
            let quantity = quantity.filter(|n: &i64| (1..=MOST_OF_ONE).contains(n));
            let (Ok(variant), Some(quantity)) = (variant.trim().parse(), quantity) else {
                continue;
            };
            match wishes.iter_mut().find(|(known, _)| *known == variant) {
                Some((_, n)) => *n = (*n + quantity).min(MOST_OF_ONE),
                None => wishes.push((variant, quantity)),
            }
        }
        let mut errors = Errors::new(lang);
        errors.check(
            !wishes.is_empty(),
            "quantity",
            "Không có món nào để cho vào giỏ.",
            "There is nothing to put into the basket.",
        );
        errors.check(
            wishes.len() <= MOST_LINES,
            "quantity",
            "Giỏ hàng chứa tối đa 100 món khác nhau.",
            "The basket holds at most 100 different things.",
        );
        if errors.is_empty() { Ok(wishes) } else { Err(errors) }
    }
}

/// What the buyer reads of it.
fn told(many: &Many, lang: Lang) -> String {
    let list = |names: &[String]| names.join(", ");
    let added = many.added;
    let mut text = Text::new(
        format!("Đã cho {added} món vào giỏ."),
        format!("{added} goods are in your basket."),
    );
    let mut more = |names: &[String], vi: &str, en: &str| {
        if !names.is_empty() {
            let names = list(names);
            let (v, e) = (text.get(Lang::Vi).to_owned(), text.get(Lang::En).to_owned());
            text = Text::new(format!("{v} {vi} {names}."), format!("{e} {en} {names}."));
        }
    };
    more(&many.cut, "Không đủ hàng, chỉ lấy số còn lại:", "Not enough left of:");
    more(&many.left_out, "Hiện không bán hoặc hết hàng:", "Not sold or sold out:");
    text.get(lang).to_owned()
}

/// The basket as it is, with what is wrong.
async fn refused(
    (db, places, cx): (&PgPool, &Ground, &Cx),
    page: Page,
    keeper: &Keeper,
    errors: Errors,
) -> Result<Response, PageError> {
    let held = keeper.find(&mut *db.acquire().await?, cx).await?;
    basket_page((db, places, cx), page, &held, keeper, errors).await
}

/// `POST /gio-hang/them-nhieu`
pub(in crate::checkout) async fn add(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: form, raw }: Form<ManyForm>,
) -> Result<Response, PageError> {
    let mut tx = begin_lightly(&db).await?;
    let (basket, held) = keeper.ensure(&mut tx, &cx).await?;
    let mut errors = Errors::new(page.lang);
    let once = errors.take("key", Once::new(format!("basket:{basket}"), &form.key, HERE, &raw));
    let wishes = form.wishes(page.lang).map_err(|more| errors.absorb(more)).ok();
    let ground = (&db, &places, &cx);
    let (Some(once), Some(wishes)) = (once, wishes) else {
        drop(tx);
        return refused(ground, page, &keeper, errors).await;
    };
    match idempotency::claim_done(&mut tx, &cx, &once, BASKET).await? {
        Claim::Misused => {
            drop(tx);
            let errors = Once::misused(page.lang);
            refused(ground, page, &keeper, errors).await
        }
        Claim::Again(to) => {
            let pieces = queries::pieces(&mut *db.acquire().await?, basket).await?;
            Ok(held.dress(&page, pieces, go(&to)))
        }
        Claim::First => match basket::add_many(&mut tx, &cx, basket, &wishes).await {
            Ok(many) => {
                let pieces = queries::pieces(&mut tx, basket).await?;
                tx.commit().await?;
                let line = told(&many, page.lang);
                Ok(held.dress(&page, pieces, go_with(&page, BASKET, &line)))
            }
            Err(error) => {
                let errors = tellable(&page, error)?;
                drop(tx);
                refused(ground, page, &keeper, errors).await
            }
        },
    }
}

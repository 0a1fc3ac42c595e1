//! What is missing before buyers may see a product.

use super::{banned::Action, categories::Categories, model::Product, papers, queries::products};
use crate::kernel::{Cx, Text, day_of};
use sqlx::PgConnection;

/// How far papers must have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Given: enough to be sent to review.
    Given,
    /// Seen and found right: what display asks for.
    Accepted,
}

/// Everything that is missing, in words for the seller. Empty: it is ready.
///
/// # Errors
/// Whatever the database says.
pub async fn missing(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    product: &Product,
    bar: Bar,
) -> sqlx::Result<Vec<Text>> {
    let mut missing = missing_facts(categories, product);
    let today = day_of(cx.now);
    for paper in papers::demanded(db, product.id, today).await? {
        let label = categories.paper_label(&paper.kind);
        let (vi, en) = (label.get(crate::kernel::Lang::Vi), label.get(crate::kernel::Lang::En));
        if !paper.given {
            missing.push(Text::new(
                format!("Thiếu giấy tờ còn hạn: {vi}."),
                format!("A valid paper is missing: {en}."),
            ));
        } else if bar == Bar::Accepted && !paper.accepted {
            missing.push(Text::new(
                format!("Giấy tờ chưa được chấp nhận: {vi}."),
                format!("A paper has not been accepted yet: {en}."),
            ));
        }
    }
    if products::variant_count(db, product.id).await? == 0 {
        missing.push(Text::new(
            "Cần ít nhất một phân loại có giá.",
            "At least one variant with a price is needed.",
        ));
    }
    if !products::seller_sells(db, product.seller).await? {
        missing.push(Text::new(
            "Gian hàng chưa được duyệt hoặc đang tạm ngừng nên chưa đăng bán được.",
            "The shop has not been admitted or is suspended, so it cannot sell yet.",
        ));
    }
    for rule in judged(categories, product, cx) {
        if rule.action == Action::Block {
            let (vi, en) = (
                rule.reason.get(crate::kernel::Lang::Vi),
                rule.reason.get(crate::kernel::Lang::En),
            );
            missing.push(Text::new(
                format!("Không được bán (“{}”): {vi} {}.", rule.pattern, rule.legal_ref),
                format!("May not be sold (“{}”): {en} {}.", rule.pattern, rule.legal_ref),
            ));
        }
    }
    Ok(missing)
}

/// The bans that speak about a product.
pub(super) fn judged<'a>(
    categories: &'a Categories,
    product: &Product,
    cx: &Cx,
) -> Vec<&'a super::banned::Rule> {
    let about = &product.about;
    let path = categories.get(&about.category).map(|c| c.path.as_slice()).unwrap_or_default();
    let mut texts = vec![about.name.as_str(), &about.name_en, &about.description, &about.brand];
    texts.extend(about.facts.values().map(String::as_str));
    categories.banned().judge(day_of(cx.now), &texts, path)
}

fn missing_facts(categories: &Categories, product: &Product) -> Vec<Text> {
    let Some(category) = categories.get(&product.about.category) else { return Vec::new() };
    let empty =
        |key: &&String| product.about.facts.get(*key).is_none_or(|value| value.trim().is_empty());
    category
        .required_facts
        .iter()
        .filter(empty)
        .map(|key| {
            let label = categories.fact(key).map(|f| f.label.clone());
            let label = label.unwrap_or_else(|| Text::new(key.clone(), key.clone()));
            Text::new(
                format!("Chưa điền: {}.", label.get(crate::kernel::Lang::Vi)),
                format!("Not filled in: {}.", label.get(crate::kernel::Lang::En)),
            )
        })
        .collect()
}

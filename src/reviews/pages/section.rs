//! The part of a product's page that shows its reviews.

use super::{Shown, shown};
use crate::{
    kernel::ProductId,
    reviews::{model::Totals, queries_read::Wanted, read},
    web::{Page, PageError},
};
use askama::Template;
use sqlx::PgConnection;

/// Reviews shown on the product's own page.
const FIRST: i64 = 3;

/// The same for every reader, so that it may be kept.
pub struct Section {
    pub html: String,
    pub totals: Totals,
}

#[derive(Template)]
#[template(path = "reviews/section.html")]
struct SectionPart<'a> {
    page: &'a Page,
    slug: &'a str,
    totals: Totals,
    reviews: Vec<Shown>,
}

/// The newest reviews of a product and how many stars there are.
///
/// # Errors
/// Whatever the database says.
pub async fn section(
    db: &mut PgConnection,
    page: &Page,
    product: ProductId,
    slug: &str,
) -> Result<Section, PageError> {
    let totals = read::of_product(db, product).await?;
    let wanted =
        Wanted { product: Some(product), hidden: Some(false), limit: FIRST, ..Wanted::default() };
    let reviews = if totals.count() == 0 { Vec::new() } else { shown(db, &wanted).await? };
    let part = SectionPart { page, slug, totals, reviews };
    Ok(Section { html: part.render().map_err(PageError::internal)?, totals })
}

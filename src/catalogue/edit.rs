//! The seller changes what a product is, what it costs and how many there are.

use super::{
    categories::Categories,
    create::{add_variants, folded},
    error::CatalogueError,
    events::ListingChanged,
    model::{About, By, NewVariant, Product, State, Step, Tier, tiers_fit},
    papers::lapse,
    queries::{products, variants},
    ready::{Bar, missing},
    step::take,
    terms::Terms,
};
use crate::{
    kernel::{Cx, ProductId, SellerId, VariantId, Vnd, safe_html},
    platform::outbox,
    stock::{self, CountKind},
};
use sqlx::PgConnection;

/// One variant as the seller leaves it.
#[derive(Debug, Clone)]
pub struct EditedVariant {
    /// `None`: a new one.
    pub id: Option<VariantId>,
    /// Its tiers are left as they are; its stock is the number on hand.
    pub form: NewVariant,
    /// The number on hand that the seller saw: where it is unchanged, stock is left alone.
    pub stock_seen: Option<i64>,
    pub remove: bool,
}

/// Changes the contents. What is on sale goes back to review and is hidden until then.
///
/// # Errors
/// [`CatalogueError::Stale`] when `version` is not the last; [`CatalogueError::NotNow`] while it is in
/// review or blocked; [`CatalogueError::NotReady`] when it is on sale and would lack something.
pub async fn save_about(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    (seller, product): (SellerId, ProductId),
    version: i64,
    about: &About,
) -> Result<State, CatalogueError> {
    let before = open(db, seller, product, Some(version)).await?;
    if before.about == *about {
        return Ok(before.state);
    }
    let category = products::leaf(db, &about.category).await?.ok_or(CatalogueError::NoCategory)?;
    let rows = variants::all(db, product).await?;
    let skus: Vec<&str> = rows.iter().map(|v| v.sku.as_str()).collect();
    let html = safe_html(&about.description);
    let done =
        products::update_about(db, cx, &before, about, &html, &folded(&about.name, &skus)).await?;
    if !done {
        return Err(CatalogueError::Stale);
    }
    if before.about.category != about.category {
        for variant in &rows {
            stock::set_unlimited(db, cx, seller, variant.id, category.is_service).await?;
        }
    }
    let after = products::product(db, product, Some(seller)).await?;
    let after = after.ok_or(CatalogueError::NotFound)?;
    lapse(db, cx, product).await?;
    // Days until hand-over are no matter for a reviewer.
    let same = About { lead_days: before.about.lead_days, ..about.clone() } == before.about;
    if same || Step::Revise.leads(after.state, By::Seller).is_none() {
        tell(db, cx, &after).await?;
        return Ok(after.state);
    }
    if after.state == State::Published {
        let missing = missing(db, cx, categories, &after, Bar::Given).await?;
        if !missing.is_empty() {
            return Err(CatalogueError::NotReady(missing));
        }
    }
    take(db, cx, &after, Step::Revise, By::Seller, "").await
}

/// Changes variants, prices and stock. They stay on sale.
///
/// # Errors
/// As for [`save_about`]; [`CatalogueError::SkuTaken`], [`CatalogueError::BadTiers`], and
/// [`CatalogueError::Stock`] when buyers have been promised more.
pub async fn save_variants(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    version: i64,
    rows: &[EditedVariant],
) -> Result<(), CatalogueError> {
    let before = open(db, seller, product, Some(version)).await?;
    let is_service =
        products::leaf(db, &before.about.category).await?.is_some_and(|c| c.is_service);
    for row in rows.iter().filter(|row| row.remove) {
        if let Some(id) = row.id {
            variants::remove(db, product, id, cx.now).await?;
        }
    }
    for row in rows.iter().filter(|row| !row.remove) {
        let Some(id) = row.id else { continue };
        let skus = [row.form.sku.clone()];
        if let Some(taken) = variants::taken_sku(db, seller, &skus, Some(id)).await? {
            return Err(CatalogueError::SkuTaken(taken));
        }
        if !tiers_fit(row.form.price, &variants::tiers(db, id).await?) {
            return Err(CatalogueError::BadTiers);
        }
        let there =
            variants::update(db, product, id, &row.form).await.map_err(CatalogueError::of)?;
        if !there {
            return Err(CatalogueError::NotFound);
        }
        set_stock(db, cx, seller, id, row.form.stock, row.stock_seen).await?;
    }
    let new: Vec<NewVariant> = rows
        .iter()
        .filter(|row| row.id.is_none() && !row.remove)
        .map(|row| row.form.clone())
        .collect();
    add_variants(db, cx, seller, product, &new, is_service).await?;
    if before.state == State::Published && products::variant_count(db, product).await? == 0 {
        return Err(CatalogueError::NotNow(before.state));
    }
    touched(db, cx, &before).await
}

/// Sets the prices for firms of one variant.
///
/// # Errors
/// As for [`save_variants`].
pub async fn save_tiers(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    tiers: &[(VariantId, Vec<Tier>)],
) -> Result<(), CatalogueError> {
    let before = open(db, seller, product, None).await?;
    let rows = variants::all(db, product).await?;
    for (variant, tiers) in tiers {
        let row = rows.iter().find(|v| v.id == *variant).ok_or(CatalogueError::NotFound)?;
        if !tiers_fit(row.price, tiers) {
            return Err(CatalogueError::BadTiers);
        }
        variants::replace_tiers(db, *variant, tiers).await?;
    }
    touched(db, cx, &before).await
}

/// Sets what the quantity of one variant has to be, and how long more of it takes. It stays on sale.
///
/// # Errors
/// As for [`save_variants`]; [`CatalogueError::BadTerms`].
pub async fn save_terms(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    variant: VariantId,
    terms: &Terms,
) -> Result<(), CatalogueError> {
    let before = open(db, seller, product, None).await?;
    if !terms.fit() {
        return Err(CatalogueError::BadTerms);
    }
    if !variants::set_terms(db, product, variant, terms).await? {
        return Err(CatalogueError::NotFound);
    }
    touched(db, cx, &before).await
}

/// One line of a table of prices and stock.
#[derive(Debug, Clone, Copy)]
pub struct PriceLine {
    pub product: ProductId,
    pub variant: VariantId,
    /// What the seller saw, and what he wants.
    pub price: (Vnd, Vnd),
    pub stock: (i64, i64),
}

/// Changes price and stock of one line; says whether anything changed.
///
/// # Errors
/// [`CatalogueError::Stale`] when somebody else has changed the price or sold of the stock in between;
/// otherwise as for [`save_variants`].
pub async fn save_line(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    line: PriceLine,
) -> Result<bool, CatalogueError> {
    if line.price.0 == line.price.1 && line.stock.0 == line.stock.1 {
        return Ok(false);
    }
    let before = open(db, seller, line.product, None).await?;
    let rows = variants::all(db, line.product).await?;
    let row = rows.iter().find(|v| v.id == line.variant).ok_or(CatalogueError::NotFound)?;
    if line.price.0 != line.price.1 {
        if row.price != line.price.0 {
            return Err(CatalogueError::Stale);
        }
        if !tiers_fit(line.price.1, &variants::tiers(db, line.variant).await?) {
            return Err(CatalogueError::BadTiers);
        }
        variants::set_price(db, line.variant, line.price.1).await?;
    }
    set_stock(db, cx, seller, line.variant, line.stock.1, Some(line.stock.0)).await?;
    touched(db, cx, &before).await?;
    Ok(true)
}

/// A number that was not touched is not written: meanwhile goods may have been sold.
async fn set_stock(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    variant: VariantId,
    wanted: i64,
    seen: Option<i64>,
) -> Result<(), CatalogueError> {
    if seen == Some(wanted) {
        return Ok(());
    }
    if let Some(seen) = seen {
        let now = stock::levels(db, &[variant]).await?.remove(&variant);
        if now.is_some_and(|level| level.on_hand != seen) {
            return Err(CatalogueError::Stale);
        }
    }
    Ok(stock::set_on_hand(db, cx, seller, variant, wanted, CountKind::Count).await?)
}

/// The seller's product, locked, if it can be edited now.
pub(super) async fn open(
    db: &mut PgConnection,
    seller: SellerId,
    product: ProductId,
    version: Option<i64>,
) -> Result<Product, CatalogueError> {
    let found = products::lock(db, product, Some(seller)).await?.ok_or(CatalogueError::NotFound)?;
    if matches!(found.state, State::InReview | State::Blocked) {
        return Err(CatalogueError::NotNow(found.state));
    }
    if version.is_some_and(|version| version != found.version) {
        return Err(CatalogueError::Stale);
    }
    Ok(found)
}

/// Something beside the contents has changed.
pub(super) async fn touched(
    db: &mut PgConnection,
    cx: &Cx,
    product: &Product,
) -> Result<(), CatalogueError> {
    let rows = variants::all(db, product.id).await?;
    let skus: Vec<&str> = rows.iter().map(|v| v.sku.as_str()).collect();
    products::touch(db, cx, product.id, &folded(&product.about.name, &skus)).await?;
    tell(db, cx, product).await
}

async fn tell(db: &mut PgConnection, cx: &Cx, product: &Product) -> Result<(), CatalogueError> {
    if product.state == State::Published {
        outbox::publish(db, cx, &ListingChanged { product: product.id }).await?;
    }
    Ok(())
}

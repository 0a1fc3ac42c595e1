//! A product begins.

use super::{
    art::tint_for,
    error::CatalogueError,
    model::{NewProduct, NewVariant, State, tiers_fit},
    queries::{papers, products, variants},
};
use crate::{
    kernel::{Cx, ProductId, SellerId, VariantId, code_from, fold, safe_html, slug},
    stock::{self, NewLevel},
};
use sqlx::PgConnection;

/// Makes a draft with its variants, tiers, stock and papers.
///
/// # Errors
/// [`CatalogueError::NoCategory`] unless the category is a leaf; [`CatalogueError::SkuTaken`];
/// [`CatalogueError::BadTiers`].
pub async fn create_product(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewProduct,
) -> Result<ProductId, CatalogueError> {
    let category =
        products::leaf(db, &new.about.category).await?.ok_or(CatalogueError::NoCategory)?;
    let id = ProductId(cx.new_id());
    let base = slug(&new.about.name);
    let art = if new.art.is_empty() {
        format!("{}/{}", category.art, tint_for(&base))
    } else {
        new.art.clone()
    };
    let skus: Vec<&str> = new.variants.iter().map(|v| v.sku.as_str()).collect();
    let row = products::NewRow {
        id,
        seller: new.seller,
        about: &new.about,
        description_html: &safe_html(&new.about.description),
        art: &art,
        folded: &folded(&new.about.name, &skus),
    };
    // The plain address for the first of that name, one with a few letters more for the others.
    if !products::insert(db, cx, &base, &row).await? {
        let code = code_from(cx.new_id()).to_lowercase();
        products::insert(db, cx, &format!("{base}-{}", &code[..6]), &row).await?;
    }
    add_variants(db, cx, new.seller, id, &new.variants, category.is_service).await?;
    for certificate in &new.certificates {
        papers::insert_certificate(db, cx, id, certificate).await?;
    }
    products::insert_event(db, cx, id, "create", State::Draft, State::Draft, "").await?;
    Ok(id)
}

/// What the seller's own search looks in.
pub(super) fn folded(name: &str, skus: &[&str]) -> String {
    fold(&format!("{name} {}", skus.join(" ")))
}

/// Adds variants behind those there are.
pub(super) async fn add_variants(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    product: ProductId,
    new: &[NewVariant],
    is_service: bool,
) -> Result<(), CatalogueError> {
    if new.is_empty() {
        return Ok(());
    }
    if new.iter().any(|v| !tiers_fit(v.price, &v.tiers)) {
        return Err(CatalogueError::BadTiers);
    }
    let skus: Vec<String> = new.iter().map(|v| v.sku.clone()).collect();
    let twice = skus.iter().enumerate().find(|(at, sku)| skus[..*at].contains(sku));
    if let Some((_, sku)) = twice {
        return Err(CatalogueError::SkuTaken(sku.clone()));
    }
    if let Some(taken) = variants::taken_sku(db, seller, &skus, None).await? {
        return Err(CatalogueError::SkuTaken(taken));
    }
    let ids: Vec<VariantId> = new.iter().map(|_| VariantId(cx.new_id())).collect();
    variants::insert(db, seller, product, &ids, new).await.map_err(CatalogueError::of)?;
    let levels: Vec<NewLevel> = ids
        .iter()
        .zip(new)
        .map(|(variant, v)| NewLevel {
            variant: *variant,
            seller,
            on_hand: if is_service { 0 } else { v.stock },
            unlimited: is_service,
        })
        .collect();
    stock::open(db, cx, &levels).await?;
    for (id, variant) in ids.iter().zip(new) {
        variants::replace_tiers(db, *id, &variant.tiers).await?;
    }
    Ok(())
}

//! A batch of rows into the tables, in one transaction.

use super::row::Row;
use crate::{
    catalogue::{events::ListingsImported, queries::bulk},
    kernel::{Cx, SellerId, VariantId, code_from, slug},
    platform::{import::Outcome, outbox},
    stock::{self, CountKind, NewLevel, StockError},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

pub(super) async fn batch(
    db: &PgPool,
    cx: &Cx,
    seller: SellerId,
    rows: &[Row],
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let skus: Vec<String> = rows.iter().map(|row| row.sku.clone()).collect();
    let known = bulk::known(&mut tx, seller, &skus).await?;
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        match known.get(&row.sku) {
            None => new.push(row),
            Some(had) if had.digest.as_deref() == Some(&row.digest) => outcome.unchanged += 1,
            Some(had) => changed.push((row, had)),
        }
    }
    insert(&mut tx, cx, seller, &new).await?;
    update(&mut tx, cx, seller, &changed).await?;
    if !new.is_empty() || !changed.is_empty() {
        outbox::publish(&mut tx, cx, &ListingsImported { seller }).await?;
    }
    tx.commit().await?;
    outcome.inserted += new.len() as u64;
    outcome.updated += changed.len() as u64;
    Ok(())
}

async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    rows: &[&Row],
) -> anyhow::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let products: Vec<Uuid> = rows.iter().map(|_| cx.new_id()).collect();
    let variants: Vec<Uuid> = rows.iter().map(|_| cx.new_id()).collect();
    // With a few letters more, so that no two rows can ask for one address.
    let slugs: Vec<String> = rows
        .iter()
        .zip(&products)
        .map(|(row, id)| format!("{}-{}", slug(&row.name), code_from(*id).to_lowercase()))
        .collect();
    bulk::insert_products(db, cx, seller, &products, &slugs, &contents(rows)).await?;
    bulk::insert_variants(db, seller, &products, &variants, &forms(rows)).await?;
    let levels: Vec<NewLevel> = rows
        .iter()
        .zip(&variants)
        .map(|(row, variant)| NewLevel {
            variant: VariantId(*variant),
            seller,
            on_hand: row.stock,
            unlimited: false,
        })
        .collect();
    stock::open(db, cx, &levels).await?;
    Ok(())
}

async fn update(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    changed: &[(&Row, &bulk::Known)],
) -> anyhow::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let rows: Vec<&Row> = changed.iter().map(|(row, _)| *row).collect();
    let products: Vec<Uuid> = changed.iter().map(|(_, had)| had.product).collect();
    let variants: Vec<Uuid> = changed.iter().map(|(_, had)| had.variant).collect();
    bulk::update_products(db, cx, &products, &contents(&rows)).await?;
    bulk::update_variants(db, &variants, &forms(&rows)).await?;
    for (row, had) in changed.iter().filter(|(row, _)| row.stock_given) {
        let variant = VariantId(had.variant);
        let set = stock::set_on_hand(db, cx, seller, variant, row.stock, CountKind::Count).await;
        match set {
            // What buyers have been promised stays covered; the file knows nothing of it.
            Ok(()) | Err(StockError::Promised { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn contents(rows: &[&Row]) -> bulk::Contents {
    let text = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).to_owned()).collect();
    bulk::Contents {
        categories: text(|r| &r.category),
        names: text(|r| &r.name),
        descriptions: text(|r| &r.description),
        htmls: text(|r| &r.description_html),
        sources: text(|r| &r.source_category),
        brands: text(|r| &r.brand),
        units: text(|r| &r.unit),
        arts: text(|r| &r.art),
        folded: text(|r| &r.folded),
        states: rows.iter().map(|row| row.state.code().to_owned()).collect(),
        reasons: text(|r| &r.state_reason),
        digests: rows.iter().map(|row| row.digest.clone()).collect(),
    }
}

fn forms(rows: &[&Row]) -> bulk::Forms {
    bulk::Forms {
        skus: rows.iter().map(|row| row.sku.clone()).collect(),
        prices: rows.iter().map(|row| row.price).collect(),
        list_prices: rows.iter().map(|row| row.list_price).collect(),
        weights: rows.iter().map(|row| row.weight_g).collect(),
        gtins: rows.iter().map(|row| row.gtin.clone()).collect(),
    }
}

//! A shop's own list.

use crate::{
    catalogue::import::Owned,
    kernel::{ProductId, SellerId, VariantId},
};
use sqlx::PgConnection;

/// Every variant that is not taken away, by product.
pub(in crate::catalogue) async fn rows(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<Vec<Owned>> {
    let rows = sqlx::query!(
        r#"select p.id as product, v.id as variant, v.sku, p.slug, p.name, v.label, p.category_slug, v.price, v.list_price,
                p.unit, v.weight_g, coalesce(l.on_hand, 0) as "on_hand!", v.gtin, p.brand, p.description
         from catalogue.variants v join catalogue.products p on p.id = v.product_id
         left join stock.levels_report l on l.variant_id = v.id
         where v.seller_id = $1 and v.removed_at is null order by p.created_at, p.id, v.position"#,
        seller.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Owned {
            product: ProductId(r.product),
            variant: VariantId(r.variant),
            cells: vec![
                r.sku,
                r.slug,
                r.name,
                r.label,
                r.category_slug,
                r.price.to_string(),
                r.list_price.map(|p| p.to_string()).unwrap_or_default(),
                r.unit,
                r.weight_g.to_string(),
                r.on_hand.to_string(),
                r.gtin.unwrap_or_default(),
                r.brand,
                r.description,
                r.on_hand.to_string(),
            ],
        })
        .collect())
}

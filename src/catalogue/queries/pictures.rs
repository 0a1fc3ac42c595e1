//! Pictures of products.

use crate::{
    catalogue::listing::ListedPicture,
    kernel::{Cx, ProductId},
};
use sqlx::PgConnection;
use uuid::Uuid;

pub(in crate::catalogue) async fn all(
    db: &mut PgConnection,
    product: ProductId,
) -> sqlx::Result<Vec<(Uuid, ListedPicture)>> {
    let rows = sqlx::query!(
        "select id, key, width, height, alt from catalogue.pictures where product_id = $1 order by position, id",
        product.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.id, ListedPicture { key: r.key, width: r.width, height: r.height, alt: r.alt }))
        .collect())
}

/// Puts it behind those there are.
pub(in crate::catalogue) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    picture: &ListedPicture,
) -> sqlx::Result<()> {
    let widths: Vec<i32> =
        crate::platform::pictures::WIDTHS.iter().filter_map(|w| i32::try_from(*w).ok()).collect();
    sqlx::query!(
        "insert into catalogue.pictures (id, product_id, position, key, widths, width, height, alt)
         values ($1, $2, (select coalesce(max(position), 0) + 1 from catalogue.pictures where product_id = $2),
                 $3, $4, $5, $6, $7)",
        cx.new_id(),
        product.0,
        picture.key,
        &widths,
        picture.width,
        picture.height,
        picture.alt,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The new order, and what each shows.
pub(in crate::catalogue) async fn arrange(
    db: &mut PgConnection,
    product: ProductId,
    ids: &[Uuid],
    alts: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update catalogue.pictures p set position = n.at::int, alt = n.alt
         from unnest($2::uuid[], $3::text[]) with ordinality as n (id, alt, at)
         where p.id = n.id and p.product_id = $1",
        product.0,
        ids,
        alts,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether it was there.
pub(in crate::catalogue) async fn delete(
    db: &mut PgConnection,
    product: ProductId,
    picture: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from catalogue.pictures where product_id = $1 and id = $2",
        product.0,
        picture,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

//! Papers of products, and the first day without one that is demanded.

use super::spans;
use crate::{
    catalogue::{
        model::NewCertificate,
        papers::{Certificate, Demanded, Lapsing},
    },
    kernel::{Cx, Day, ProductId, SellerId},
};
use sqlx::PgConnection;
use uuid::Uuid;

pub(in crate::catalogue) async fn insert_certificate(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    new: &NewCertificate,
) -> sqlx::Result<Uuid> {
    let id = cx.new_id();
    sqlx::query!(
        "insert into catalogue.certificates (id, product_id, kind, number, issuer, issued, expires, file_key,
             file_type, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        product.0,
        new.kind,
        new.number,
        new.issuer,
        new.issued,
        new.expires,
        new.file_key,
        new.file_type,
        if new.accepted { "accepted" } else { "submitted" },
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// A paper of the product or of its shop counts alike.
pub(in crate::catalogue) async fn demanded_papers(
    db: &mut PgConnection,
    product: ProductId,
    today: Day,
) -> sqlx::Result<Vec<Demanded>> {
    sqlx::query_as!(
        Demanded,
        r#"with paper as (
             select kind, state, expires from catalogue.certificates where product_id = $1
             union all
             select r.kind, r.state, r.expires from enterprises.papers_report r
             join catalogue.products p on p.seller_id = r.seller_id where p.id = $1)
         select d.kind as "kind!",
                coalesce(bool_or(paper.state in ('submitted', 'accepted')), false) as "given!",
                coalesce(bool_or(paper.state = 'accepted'), false) as "accepted!"
         from catalogue.products p join catalogue.categories c on c.slug = p.category_slug
         cross join unnest(c.required_papers) as d (kind)
         left join paper on paper.kind = d.kind and (paper.expires is null or paper.expires >= $2)
         where p.id = $1 group by d.kind order by d.kind"#,
        product.0,
        today,
    )
    .fetch_all(db)
    .await
}

/// Reckons the first day without a demanded paper: of one product, of all of a seller, or of all that is
/// published; answers the products whose day has changed.
pub(in crate::catalogue) async fn set_lapse(
    db: &mut PgConnection,
    cx: &Cx,
    product: Option<ProductId>,
    seller: Option<SellerId>,
) -> sqlx::Result<Vec<Uuid>> {
    let changed = sqlx::query_scalar!(
        "with best as (
             select p.id, d.kind, max(coalesce(paper.expires, date '9999-12-30')) + 1 as day
             from catalogue.products p join catalogue.categories c on c.slug = p.category_slug
             cross join unnest(c.required_papers) as d (kind)
             cross join lateral (
                 select expires from catalogue.certificates x
                 where x.product_id = p.id and x.kind = d.kind and x.state = 'accepted'
                 union all
                 select expires from enterprises.papers_report r
                 where r.seller_id = p.seller_id and r.kind = d.kind and r.state = 'accepted') paper
             where p.id = $1 or p.seller_id = $2 or ($1::uuid is null and $2::uuid is null and p.state = 'published')
             group by p.id, d.kind),
         first as (
             select p.id, (select min(day) from best b where b.id = p.id and day < date '9999-12-31') as day
             from catalogue.products p
             where p.id = $1 or p.seller_id = $2 or ($1::uuid is null and $2::uuid is null and p.state = 'published'))
         update catalogue.products p set lapses_on = first.day
         from first where first.id = p.id and p.lapses_on is distinct from first.day
         returning p.id",
        product.map(|p| p.0),
        seller.map(|s| s.0),
    )
    .fetch_all(&mut *db)
    .await?;
    spans::keep(db, cx, &changed).await?;
    Ok(changed)
}

/// Every paper of a product.
pub(in crate::catalogue) async fn certificates(
    db: &mut PgConnection,
    product: ProductId,
) -> sqlx::Result<Vec<Certificate>> {
    sqlx::query_as!(
        Certificate,
        "select id, kind, number, issuer, issued, expires, file_key, file_type, state, reason
         from catalogue.certificates where product_id = $1 order by id",
        product.0,
    )
    .fetch_all(db)
    .await
}

/// Whether it was there.
pub(in crate::catalogue) async fn delete(
    db: &mut PgConnection,
    product: ProductId,
    certificate: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from catalogue.certificates where product_id = $1 and id = $2",
        product.0,
        certificate,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether it was there.
pub(in crate::catalogue) async fn judge(
    db: &mut PgConnection,
    product: ProductId,
    certificate: Uuid,
    accepted: bool,
    reason: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update catalogue.certificates set state = $3, reason = $4 where product_id = $1 and id = $2",
        product.0,
        certificate,
        if accepted { "accepted" } else { "rejected" },
        reason,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is on sale and loses a demanded paper until `until`.
pub(in crate::catalogue) async fn lapsing(
    db: &mut PgConnection,
    until: Day,
) -> sqlx::Result<Vec<Lapsing>> {
    sqlx::query_as!(
        Lapsing,
        r#"select p.id as "product: ProductId", p.seller_id as "seller: SellerId", p.name, p.lapses_on as "lapses_on!",
                exists (select 1 from catalogue.product_events e
                        where e.product_id = p.id and e.event = 'lapse' and e.reason = p.lapses_on::text) as "told!"
         from catalogue.products p where p.state = 'published' and p.lapses_on <= $1"#,
        until,
    )
    .fetch_all(db)
    .await
}

//! The SQL statements of `wholesale` about prices, units, samples and settings.

use super::{
    deals::{Deal, Sample},
    goods::Item,
    model::{CustomerState, Settings},
    prices::{NewPrice, Whom},
    units::Unit,
};
use crate::{
    catalogue::Tier,
    kernel::{Cx, Day, OrgId, PersonId, SellerId, VariantId, Vnd},
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn deals(
    db: &mut PgConnection,
    org: OrgId,
    variants: &[(VariantId, SellerId)],
    today: Day,
) -> sqlx::Result<HashMap<VariantId, Deal>> {
    let rows = sqlx::query!(
        r#"select v.variant as "variant!", coalesce(s.hidden, false) as "hidden!",
                c.state as "standing?: CustomerState",
                (select coalesce(json_agg(json_build_object('min_quantity', p.min_quantity, 'price', p.price)
                                          order by p.min_quantity, p.price), '[]')
                 from wholesale.prices p
                 where p.variant_id = v.variant and p.seller_id = v.seller and c.state = 'admitted'
                   and p.valid_from <= $4 and (p.valid_to is null or p.valid_to >= $4)
                   and (p.org_id = $3 or p.group_id = c.group_id or num_nonnulls(p.org_id, p.group_id) = 0))
                    as "prices!: Json<Vec<Tier>>",
                m.most as "most?", m.price as "sample_price?"
         from unnest($1::uuid[], $2::uuid[]) as v (variant, seller)
         left join wholesale.settings s on s.seller_id = v.seller
         left join wholesale.customers c on c.seller_id = v.seller and c.org_id = $3
         left join wholesale.samples m on m.variant_id = v.variant and not exists (
             select from wholesale.samples_taken t where t.variant_id = v.variant and t.org_id = $3)"#,
        &variants.iter().map(|(variant, _)| variant.0).collect::<Vec<_>>(),
        &variants.iter().map(|(_, seller)| seller.0).collect::<Vec<_>>(),
        org.0,
        today,
    )
    .fetch_all(db)
    .await?;
    let deal = |standing, hidden, prices, sample| Deal { standing, hidden, prices, sample };
    Ok(rows
        .into_iter()
        .map(|r| {
            let sample = r.most.zip(r.sample_price);
            let sample = sample.map(|(most, price)| Sample { most, price: Vnd(price) });
            (VariantId(r.variant), deal(r.standing, r.hidden, r.prices.0, sample))
        })
        .collect())
}

/// How many of them had not been taken.
pub(super) async fn take_samples(
    db: &mut PgConnection,
    cx: &Cx,
    (org, person): (OrgId, Option<PersonId>),
    taken: &[(VariantId, SellerId, i64)],
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into wholesale.samples_taken (variant_id, org_id, seller_id, quantity, taken_by, taken_at)
         select variant, $4, seller, quantity, $5, $6
         from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as t (variant, seller, quantity) order by variant
         on conflict do nothing",
        &taken.iter().map(|(variant, ..)| variant.0).collect::<Vec<_>>(),
        &taken.iter().map(|(_, seller, _)| seller.0).collect::<Vec<_>>(),
        &taken.iter().map(|(.., quantity)| *quantity).collect::<Vec<_>>(),
        org.0,
        person.map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// One moment, buyer and shop are one order.
pub(super) async fn free_samples(
    db: &mut PgConnection,
    (seller, buyer): (SellerId, Option<PersonId>),
    variants: &[VariantId],
    taken_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from wholesale.samples_taken
         where seller_id = $1 and variant_id = any($2) and taken_at = $3 and taken_by is not distinct from $4",
        seller.0,
        &variants.iter().map(|variant| variant.0).collect::<Vec<_>>(),
        taken_at,
        buyer.map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn units(
    db: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<HashMap<VariantId, Vec<Unit>>> {
    let rows = sqlx::query!(
        "select variant_id, name, units, base from wholesale.units
         where variant_id = any($1) order by variant_id, position",
        &variants.iter().map(|v| v.0).collect::<Vec<_>>(),
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<VariantId, Vec<Unit>> = HashMap::new();
    for r in rows {
        let unit = Unit { name: r.name, units: r.units, base: r.base };
        found.entry(VariantId(r.variant_id)).or_default().push(unit);
    }
    Ok(found)
}

pub(super) async fn samples(
    db: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<HashMap<VariantId, Sample>> {
    let rows = sqlx::query!(
        "select variant_id, most, price from wholesale.samples where variant_id = any($1)",
        &variants.iter().map(|v| v.0).collect::<Vec<_>>(),
    )
    .fetch_all(db)
    .await?;
    let sample = |most, price| Sample { most, price: Vnd(price) };
    Ok(rows.into_iter().map(|r| (VariantId(r.variant_id), sample(r.most, r.price))).collect())
}

/// Replaces the units and the sample of a variant.
pub(super) async fn put_item(
    db: &mut PgConnection,
    variant: VariantId,
    item: &Item,
) -> sqlx::Result<()> {
    sqlx::query!("delete from wholesale.units where variant_id = $1", variant.0)
        .execute(&mut *db)
        .await?;
    let units = &item.units;
    sqlx::query!(
        "insert into wholesale.units (variant_id, name, units, base, position)
         select $1, name, units, base, n::int
         from unnest($2::text[], $3::bigint[], $4::bigint[]) with ordinality as u (name, units, base, n)",
        variant.0,
        &units.iter().map(|u| u.name.clone()).collect::<Vec<_>>(),
        &units.iter().map(|u| u.units).collect::<Vec<_>>(),
        &units.iter().map(|u| u.base).collect::<Vec<_>>(),
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from wholesale.samples where variant_id = $1", variant.0)
        .execute(&mut *db)
        .await?;
    if let Some(sample) = item.sample {
        sqlx::query!(
            "insert into wholesale.samples (variant_id, most, price) values ($1, $2, $3)",
            variant.0,
            sample.most,
            sample.price.0,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

pub(super) async fn settings(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Settings> {
    let found = sqlx::query_as!(
        Settings,
        "select hidden, welcome from wholesale.settings where seller_id = $1",
        seller.0
    )
    .fetch_optional(db)
    .await?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn put_settings(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    settings: &Settings,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into wholesale.settings (seller_id, hidden, welcome, updated_at) values ($1, $2, $3, $4)
         on conflict (seller_id) do update set hidden = $2, welcome = $3, updated_at = $4",
        seller.0,
        settings.hidden,
        settings.welcome,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_price(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seller: SellerId,
    new: &NewPrice,
) -> sqlx::Result<()> {
    let (group, org) = new.whom.keys();
    sqlx::query!(
        "insert into wholesale.prices (id, seller_id, variant_id, group_id, org_id, min_quantity, price, unit,
             valid_from, valid_to, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id,
        seller.0,
        new.variant.0,
        group,
        org.map(|o| o.0),
        new.min_quantity,
        new.price.0,
        new.unit,
        new.valid_from,
        new.valid_to,
        cx.person().map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One price as its seller reads it.
#[derive(Debug, Clone)]
pub(super) struct Price {
    pub(super) id: Uuid,
    pub(super) variant: VariantId,
    pub(super) whom: Whom,
    /// Of the group or the customer.
    pub(super) whom_name: String,
    pub(super) min_quantity: i64,
    pub(super) price: Vnd,
    pub(super) unit: String,
    pub(super) valid_from: Day,
    pub(super) valid_to: Option<Day>,
}

/// A seller's prices, the newest first, from behind `after`; of one customer where `of` is his.
pub(super) async fn prices(
    db: &mut PgConnection,
    seller: SellerId,
    of: Option<OrgId>,
    after: Option<Uuid>,
    most: i64,
) -> sqlx::Result<Vec<Price>> {
    let rows = sqlx::query!(
        r#"select p.id, p.variant_id, p.group_id, p.org_id, coalesce(g.name, o.name, '') as "whom_name!",
                p.min_quantity, p.price, p.unit, p.valid_from, p.valid_to
         from wholesale.prices p
         left join wholesale.groups g on g.id = p.group_id
         left join organisations.organisations_report o on o.org_id = p.org_id
         where p.seller_id = $1 and ($2::uuid is null or p.org_id = $2)
           and ($3::uuid is null or (p.created_at, p.id) < (
               select a.created_at, a.id from wholesale.prices a where a.id = $3 and a.seller_id = $1))
         order by p.created_at desc, p.id desc limit $4"#,
        seller.0,
        of.map(|o| o.0),
        after,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Price {
            id: r.id,
            variant: VariantId(r.variant_id),
            whom: Whom::of(r.group_id, r.org_id.map(OrgId)),
            whom_name: r.whom_name,
            min_quantity: r.min_quantity,
            price: Vnd(r.price),
            unit: r.unit,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
        })
        .collect())
}

pub(super) async fn count_prices(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from wholesale.prices where seller_id = $1"#,
        seller.0
    )
    .fetch_one(db)
    .await
}

/// What was taken out, as the record keeps it.
pub(super) async fn delete_price(
    db: &mut PgConnection,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<serde_json::Value>> {
    sqlx::query_scalar!(
        r#"delete from wholesale.prices p where id = $1 and seller_id = $2 returning to_jsonb(p) as "was!""#,
        id,
        seller.0,
    )
    .fetch_optional(db)
    .await
}

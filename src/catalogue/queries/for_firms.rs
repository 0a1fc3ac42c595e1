//! Variants as the trade with firms asks for them.

use crate::{
    catalogue::{
        for_firms::OwnVariant,
        model::{State, Tier},
        terms::{LeadStep, Terms},
    },
    kernel::{ProductId, SellerId, VariantId, Vnd},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

struct Row {
    variant: Uuid,
    product: Uuid,
    name: String,
    label: String,
    sku: String,
    unit: String,
    price: i64,
    tiers: Json<Vec<Tier>>,
    min: i32,
    step: i32,
    for_all: bool,
    lead: Json<Vec<LeadStep>>,
    state: State,
}

impl From<Row> for OwnVariant {
    fn from(r: Row) -> Self {
        Self {
            variant: VariantId(r.variant),
            product: ProductId(r.product),
            name: r.name,
            label: r.label,
            sku: r.sku,
            unit: r.unit,
            price: Vnd(r.price),
            tiers: r.tiers.0,
            terms: Terms {
                min: r.min.into(),
                step: r.step.into(),
                for_all: r.for_all,
                lead: r.lead.0,
            },
            state: r.state,
        }
    }
}

pub(in crate::catalogue) async fn own(
    db: &mut PgConnection,
    seller: SellerId,
    words: &str,
    after: &str,
    most: i64,
) -> sqlx::Result<Vec<OwnVariant>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select v.id as variant, p.id as product, p.name, v.label, v.sku, p.unit, v.price,
                (select coalesce(json_agg(json_build_object('min_quantity', t.min_quantity, 'price', t.price)
                                          order by t.min_quantity), '[]')
                 from catalogue.price_tiers t where t.variant_id = v.id) as "tiers!: Json<Vec<Tier>>",
                v.min_quantity as min, v.step_quantity as step, v.terms_for_all as for_all,
                v.lead_steps as "lead: Json<Vec<LeadStep>>", p.state as "state: State"
         from catalogue.variants v join catalogue.products p on p.id = v.product_id
         where v.seller_id = $1 and v.removed_at is null and v.sku > $3
           and ($2 = '' or p.folded like '%' || $2 || '%')
         order by v.sku limit $4"#,
        seller.0,
        words,
        after,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(OwnVariant::from).collect())
}

pub(in crate::catalogue) async fn one(
    db: &mut PgConnection,
    seller: SellerId,
    variant: VariantId,
) -> sqlx::Result<Option<OwnVariant>> {
    let row = sqlx::query_as!(
        Row,
        r#"select v.id as variant, p.id as product, p.name, v.label, v.sku, p.unit, v.price,
                (select coalesce(json_agg(json_build_object('min_quantity', t.min_quantity, 'price', t.price)
                                          order by t.min_quantity), '[]')
                 from catalogue.price_tiers t where t.variant_id = v.id) as "tiers!: Json<Vec<Tier>>",
                v.min_quantity as min, v.step_quantity as step, v.terms_for_all as for_all,
                v.lead_steps as "lead: Json<Vec<LeadStep>>", p.state as "state: State"
         from catalogue.variants v join catalogue.products p on p.id = v.product_id
         where v.seller_id = $1 and v.id = $2 and v.removed_at is null"#,
        seller.0,
        variant.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(OwnVariant::from))
}

/// The first, where capitals alone tell two apart.
pub(in crate::catalogue) async fn of_sku(
    db: &mut PgConnection,
    seller: SellerId,
    sku: &str,
) -> sqlx::Result<Option<VariantId>> {
    let found = sqlx::query_scalar!(
        "select id from catalogue.variants
         where seller_id = $1 and lower(sku) = lower($2) and removed_at is null order by sku = $2 desc, id limit 1",
        seller.0,
        sku,
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(VariantId))
}

pub(in crate::catalogue) async fn by_codes(
    db: &mut PgConnection,
    seller: Option<SellerId>,
    codes: &[String],
) -> sqlx::Result<Vec<(String, VariantId)>> {
    let rows = sqlx::query!(
        r#"select c.code as "code!", v.id as "id!"
         from unnest($1::text[]) as c (code)
         join catalogue.variants v on lower(v.sku) = c.code and v.removed_at is null
         join catalogue.products p on p.id = v.product_id and p.state = 'published'
         where $2::uuid is null or v.seller_id = $2
         union
         select c.code as "code!", v.id as "id!"
         from unnest($1::text[]) as c (code)
         join catalogue.variants v on v.gtin = c.code and v.removed_at is null
         join catalogue.products p on p.id = v.product_id and p.state = 'published'
         where $2::uuid is null or v.seller_id = $2
         order by 2"#,
        codes,
        seller.map(|s| s.0),
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.code, VariantId(r.id))).collect())
}

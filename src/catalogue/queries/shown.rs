//! What buyers see.

use crate::{
    catalogue::{
        art,
        listing::{ListedCertificate, ListedPicture, ListedVariant, Listing},
        model::{State, Tier},
        offer::Offer,
        terms::{LeadStep, Terms},
    },
    kernel::{BasisPoints, Day, ProductId, SellerId, VariantId, Vnd},
};
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(in crate::catalogue) async fn offers(
    db: &mut PgConnection,
    variants: &[Uuid],
    today: Day,
) -> sqlx::Result<Vec<Offer>> {
    let rows = sqlx::query!(
        r#"select v.id, v.product_id, v.seller_id, p.slug, p.name, v.label, v.sku, p.unit, v.price, v.list_price,
                p.tax_bps, p.lead_days, v.weight_g, v.gtin, p.category_slug, p.art, c.kind,
                v.min_quantity, v.step_quantity, v.terms_for_all, v.lead_steps as "lead_steps: Json<Vec<LeadStep>>",
                coalesce(l.available, 0) as "available!",
                (p.state = 'published' and v.removed_at is null and s.state = 'approved'
                    and (p.lapses_on is null or p.lapses_on > $2)) as "sellable!",
                (select key from catalogue.pictures i where i.product_id = p.id order by i.position limit 1) as "picture?",
                (select coalesce(json_agg(json_build_object('min_quantity', t.min_quantity, 'price', t.price)
                                          order by t.min_quantity), '[]')
                 from catalogue.price_tiers t where t.variant_id = v.id) as "tiers!: Json<Vec<Tier>>"
         from catalogue.variants v
         join catalogue.products p on p.id = v.product_id
         join catalogue.categories c on c.slug = p.category_slug
         join enterprises.sellers_report s on s.seller_id = v.seller_id
         left join stock.levels_report l on l.variant_id = v.id
         where v.id = any($1)"#,
        variants,
        today,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Offer {
            variant: VariantId(r.id),
            product: ProductId(r.product_id),
            seller: SellerId(r.seller_id),
            slug: r.slug,
            name: r.name,
            label: r.label,
            sku: r.sku,
            unit: r.unit,
            price: Vnd(r.price),
            list_price: r.list_price.map(Vnd),
            tiers: r.tiers.0,
            terms: Terms {
                min: r.min_quantity.into(),
                step: r.step_quantity.into(),
                for_all: r.terms_for_all,
                lead: r.lead_steps.0,
            },
            tax_bps: BasisPoints(r.tax_bps),
            lead_days: r.lead_days,
            weight_g: r.weight_g,
            picture: art::picture(r.picture.as_deref(), &r.art, 480),
            sellable: r.sellable,
            available: r.available,
            is_service: r.kind == "service",
            category_slug: r.category_slug,
            gtin: r.gtin,
        })
        .collect())
}

/// By slug or by id.
#[expect(clippy::too_many_lines, reason = "one statement and its row")]
pub(in crate::catalogue) async fn listing(
    db: &mut PgConnection,
    slug: Option<&str>,
    id: Option<Uuid>,
    today: Day,
) -> sqlx::Result<Option<Listing>> {
    let row = sqlx::query!(
        r#"select p.id, p.seller_id, s.shop_name as "shop_name!", s.slug as "shop_slug!",
                s.commune_code as "shop_commune!", p.slug, p.name, p.name_en, p.description_html, p.brand,
                p.origin_commune, p.facts as "facts: Json<BTreeMap<String, String>>", p.unit, p.tax_bps, p.lead_days,
                p.category_slug, p.art, p.state as "state: State", p.version, p.published_at, p.updated_at,
                (p.state = 'published' and s.state = 'approved'
                    and (p.lapses_on is null or p.lapses_on > $3)) as "visible!",
                (select coalesce(json_agg(json_build_object(
                            'id', v.id, 'sku', v.sku, 'label', v.label, 'price', v.price,
                            'list_price', v.list_price, 'weight_g', v.weight_g, 'gtin', v.gtin,
                            'available', coalesce(l.available, 0), 'unlimited', coalesce(l.unlimited, false),
                            'terms', json_build_object('min', v.min_quantity, 'step', v.step_quantity,
                                'for_all', v.terms_for_all, 'lead', v.lead_steps),
                            'tiers', (select coalesce(json_agg(json_build_object(
                                              'min_quantity', t.min_quantity, 'price', t.price)
                                              order by t.min_quantity), '[]')
                                      from catalogue.price_tiers t where t.variant_id = v.id))
                            order by v.position), '[]')
                 from catalogue.variants v left join stock.levels_report l on l.variant_id = v.id
                 where v.product_id = p.id and v.removed_at is null) as "variants!: Json<Vec<ListedVariant>>",
                (select coalesce(json_agg(json_build_object('key', i.key, 'width', i.width, 'height', i.height,
                                                            'alt', i.alt) order by i.position), '[]')
                 from catalogue.pictures i where i.product_id = p.id) as "pictures!: Json<Vec<ListedPicture>>",
                (select coalesce(json_agg(json_build_object('kind', c.kind, 'number', c.number, 'issuer', c.issuer,
                                                            'expires', c.expires) order by c.kind, c.id), '[]')
                 from catalogue.certificates c
                 where c.product_id = p.id and c.state = 'accepted'
                   and (c.expires is null or c.expires >= $3)) as "certificates!: Json<Vec<ListedCertificate>>"
         from catalogue.products p join enterprises.sellers_report s on s.seller_id = p.seller_id
         where p.slug = $1 or p.id = $2"#,
        slug,
        id,
        today,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| Listing {
        product: ProductId(r.id),
        seller: SellerId(r.seller_id),
        shop_name: r.shop_name,
        shop_slug: r.shop_slug,
        shop_commune: r.shop_commune,
        slug: r.slug,
        name: r.name,
        name_en: r.name_en,
        description_html: r.description_html,
        brand: r.brand,
        origin_commune: r.origin_commune,
        facts: r.facts.0,
        unit: r.unit,
        tax_bps: BasisPoints(r.tax_bps),
        lead_days: r.lead_days,
        category_slug: r.category_slug,
        art: r.art,
        state: r.state,
        visible: r.visible,
        version: r.version,
        published_at: r.published_at,
        updated_at: r.updated_at,
        variants: r.variants.0,
        pictures: r.pictures.0,
        certificates: r.certificates.0,
    }))
}

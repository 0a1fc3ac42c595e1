//! Listings for the measurement: the demo's vocabulary, multiplied by a generator that always gives the same.

use anyhow::Context;
use sqlx::PgPool;

#[derive(serde::Deserialize)]
struct Firm {
    slug: String,
    name: String,
    short_name: String,
    kind: String,
    tax_code: String,
    commune_code: String,
    address: String,
}

#[derive(serde::Deserialize)]
struct Goods {
    firm: String,
    category: String,
    name: String,
    art: String,
    tint: String,
    description: String,
    unit: String,
    variants: String,
    state: String,
}

const KINDS: [&str; 8] = [
    "loại một",
    "vụ mới",
    "hộp quà",
    "túi nhỏ",
    "thùng tiết kiệm",
    "mẻ thủ công",
    "đặc biệt",
    "nguyên chất",
];

#[expect(clippy::too_many_lines, reason = "one table after the other")]
/// Fills an empty, migrated database with `count` published listings of admitted shops that deliver; returns a shop.
pub async fn fill(db: &PgPool, count: usize) -> anyhow::Result<String> {
    let firms: Vec<Firm> =
        santinh::platform::reference::rows(include_str!("../../data/demo/firms.csv"))?;
    for firm in &firms {
        sqlx::query(
            "insert into enterprises.sellers (id, tax_code, kind, legal_name, shop_name, slug, commune_code, address,
                 size_class, phone, email, registration_no, registered_by, state, approved_at, created_at, updated_at)
             values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, 'small', '+84900000101', $5 || '@demo.example', $1,
                 'Sở Tài chính', 'approved', now(), now(), now())",
        )
        .bind(&firm.tax_code).bind(&firm.kind).bind(&firm.name).bind(&firm.short_name).bind(&firm.slug)
        .bind(&firm.commune_code).bind(&firm.address)
        .execute(db)
        .await?;
    }
    let goods: Vec<Goods> =
        santinh::platform::reference::rows(include_str!("../../data/demo/products.csv"))?;
    let goods: Vec<Goods> = goods.into_iter().filter(|g| g.state == "published").collect();
    let mut chance = 7_u64;
    let mut next = move |below: u64| {
        chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    let numbers: Vec<usize> = (0..count).collect();
    for batch in numbers.chunks(2_000) {
        let mut columns: [Vec<String>; 7] = Default::default();
        let (mut prices, mut stocks) = (Vec::new(), Vec::new());
        for n in batch {
            let of = &goods[n % goods.len()];
            let kind = KINDS[next(KINDS.len() as u64) as usize];
            let price: i64 =
                of.variants.split('~').nth(2).and_then(|p| p.parse().ok()).unwrap_or(50_000);
            let name = format!("{} {kind} {n}", of.name);
            let slug = format!("{}-{n}", santinh::kernel::slug(&of.name));
            let values = [&of.firm, &of.category, &slug, &name, &of.description, &of.unit];
            for (column, value) in columns.iter_mut().zip(values) {
                column.push(value.clone());
            }
            columns[6].push(format!("{}/{}", of.art, of.tint));
            prices.push(price * (80 + next(50) as i64) / 100 + 1);
            stocks.push(if next(20) == 0 { 0_i64 } else { 1_000_000 });
        }
        let [firm, category, slug, name, description, unit, art] = columns;
        sqlx::query(
            "with rows as materialized (
                 select gen_random_uuid() as product, gen_random_uuid() as variant, s.id as seller, r.*
                 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])
                      as r (firm, category, slug, name, description, unit, art, price, stock)
                 join enterprises.sellers s on s.slug = r.firm
             ), p as (
                 insert into catalogue.products (id, seller_id, category_slug, slug, name, description, description_html, unit,
                        tax_bps, art, state, created_at, updated_at, published_at)
                 select product, seller, category, slug, name, description, '<p>' || replace(description, '<', '') || '</p>', unit,
                        800, art, 'published', now(), now(), now() - random() * interval '300 days' from rows
             ), v as (
                 insert into catalogue.variants (id, product_id, seller_id, position, sku, label, price, weight_g)
                 select variant, product, seller, 0, slug, '', price, 500 from rows
                 returning id
             )
             insert into stock.levels (variant_id, seller_id, on_hand, updated_at) select variant, seller, stock, now() from rows",
        )
        .bind(firm).bind(category).bind(slug).bind(name).bind(description).bind(unit).bind(art).bind(prices).bind(stocks)
        .execute(db)
        .await?;
    }
    sqlx::raw_sql("analyze").execute(db).await?;
    firms.into_iter().next().map(|firm| firm.slug).context("no firm in the demo province")
}

/// Addresses of products that are in stock, spread over all, and the variants behind them.
pub async fn sample(db: &PgPool) -> anyhow::Result<Vec<(String, String)>> {
    Ok(sqlx::query_as(
        "select p.slug, v.id::text from catalogue.products p join catalogue.variants v on v.product_id = p.id
         join stock.levels_report l on l.variant_id = v.id
         where p.state = 'published' and l.available > 0 order by md5(p.slug) limit 400",
    )
    .fetch_all(db)
    .await?)
}

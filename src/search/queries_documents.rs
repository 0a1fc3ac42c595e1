//! SQL that computes documents from what other slices publish.

use crate::kernel::Day;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Computes the documents of `products`; writes those that changed, or all of them with `force`. `names`:
/// kinds of certificates and what they are called. Returns how many were written.
#[expect(clippy::too_many_lines, reason = "it is one statement")]
pub(super) async fn refresh(
    db: &mut PgConnection,
    products: &[Uuid],
    (now, today): (DateTime<Utc>, Day),
    names: &(Vec<String>, Vec<String>),
    force: bool,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        r#"
        with source as (
            select p.product_id, p.state = 'published' and s.state = 'approved' as visible, p.lapses_on,
                   p.name, p.name_en, p.slug, p.seller_id, s.shop_name, s.slug as seller_slug, s.commune_code,
                   p.category_slug, p.category_path,
                   concat_ws(' ; ', p.category_vi, nullif(p.category_en, ''), nullif(p.source_category, ''))
                       as category_words,
                   p.brand, v.sku, v.codes, v.price, v.list_price, v.several, p.unit,
                   coalesce(pic.address, case when p.art = '' then '' else '/tranh/' || p.art || '.svg' end) as picture,
                   coalesce(c.kinds, '{}') as certificates,
                   concat_ws(' ; ', p.facts_text, c.names, p.shelves) as attributes, p.description,
                   v.trade_quantity, v.in_stock,
                   coalesce(v.stock_on, $3) as stock_on, coalesce(sold.quantity, 0)::bigint as sold,
                   coalesce(p.published_at, p.updated_at) as published_at
            from (select *, (select string_agg(value, ' ; ') from jsonb_each_text(facts)) as facts_text
                  from catalogue.products_report where product_id = any($1)) p
            join enterprises.sellers_report s on s.seller_id = p.seller_id
            join lateral (
                select (array_agg(v.sku order by v.position))[1] as sku,
                       array_agg(v.sku order by v.position) || array_remove(array_agg(v.gtin order by v.position), null)
                           as codes,
                       min(v.price) as price,
                       (array_agg(v.list_price order by v.price, v.position))[1] as list_price,
                       min(v.price) < max(v.price) as several, min(v.trade_quantity)::bigint as trade_quantity,
                       bool_or(coalesce(l.available, 0) > 0) as in_stock,
                       (max(l.updated_at) at time zone 'Asia/Ho_Chi_Minh')::date as stock_on
                from catalogue.variants_report v left join stock.levels_report l on l.variant_id = v.variant_id
                where v.product_id = p.product_id
            ) v on v.price is not null
            left join lateral (
                select '/anh/' || key || '-480.webp' as address from catalogue.pictures_report
                where product_id = p.product_id order by position limit 1
            ) pic on true
            left join lateral (
                select array_agg(distinct kind) as kinds, string_agg(distinct n.name, ' ; ') as names
                from catalogue.certificates_report
                left join unnest($5::text[], $6::text[]) as n (known, name) on n.known = kind
                where product_id = p.product_id and (expires is null or expires >= $3)
            ) c on true
            left join lateral (
                select sum(quantity) as quantity from orders.sales_report
                where product_id = p.product_id and placed_at > $2::timestamptz - interval '90 days'
            ) sold on true
        ), gone as (
            update search.documents d set visible = false, version = d.version + 1,
                   changed_by = pg_current_xact_id(), indexed_at = $2
            where product_id = any($1) and visible
              and not exists (select from source where source.product_id = d.product_id)
        )
        insert into search.documents as d
               (product_id,
                visible, lapses_on, name, name_en, slug, seller_id, seller_name, seller_slug, commune_code,
                category_slug, category_path, category_words, brand, sku, codes, price, list_price, several,
                unit, picture, certificates, attributes, description, trade_quantity, in_stock, stock_on,
                sold_90_days, published_at,
                indexed_at)
        select *, $2 from source
        on conflict (product_id) do update set
            version = d.version + 1, changed_by = pg_current_xact_id(), indexed_at = excluded.indexed_at,
            visible = excluded.visible, lapses_on = excluded.lapses_on, name = excluded.name,
            name_en = excluded.name_en, slug = excluded.slug, seller_id = excluded.seller_id,
            seller_name = excluded.seller_name, seller_slug = excluded.seller_slug,
            commune_code = excluded.commune_code, category_slug = excluded.category_slug,
            category_path = excluded.category_path, category_words = excluded.category_words,
            brand = excluded.brand, sku = excluded.sku, codes = excluded.codes, price = excluded.price,
            list_price = excluded.list_price, several = excluded.several, unit = excluded.unit,
            picture = excluded.picture, certificates = excluded.certificates, attributes = excluded.attributes,
            description = excluded.description, trade_quantity = excluded.trade_quantity,
            in_stock = excluded.in_stock, stock_on = excluded.stock_on, sold_90_days = excluded.sold_90_days,
            published_at = excluded.published_at
        where $4 or
            (d.visible, d.lapses_on, d.name, d.name_en, d.slug, d.seller_id, d.seller_name, d.seller_slug,
             d.commune_code, d.category_slug, d.category_path, d.category_words, d.brand, d.sku, d.codes,
             d.price, d.list_price, d.several, d.unit, d.picture, d.certificates, d.attributes, d.description,
             d.trade_quantity, d.in_stock, d.stock_on, d.sold_90_days, d.published_at)
            is distinct from
            (excluded.visible, excluded.lapses_on, excluded.name, excluded.name_en, excluded.slug,
             excluded.seller_id, excluded.seller_name, excluded.seller_slug, excluded.commune_code,
             excluded.category_slug, excluded.category_path, excluded.category_words, excluded.brand,
             excluded.sku, excluded.codes, excluded.price, excluded.list_price, excluded.several,
             excluded.unit, excluded.picture, excluded.certificates, excluded.attributes, excluded.description,
             excluded.trade_quantity, excluded.in_stock, excluded.stock_on, excluded.sold_90_days,
             excluded.published_at)"#,
        products,
        now,
        today,
        force,
        &names.0,
        &names.1,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

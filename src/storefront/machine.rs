//! What machines read: `robots.txt`, the sitemaps.

use super::{queries, routes::Deps, texts};
use crate::web::PageError;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::fmt::Write;

/// Addresses in one file; the format allows 50,000.
const FILE: i64 = 20_000;

fn xml(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], body).into_response()
}

/// `GET /robots.txt`
pub(super) async fn robots(State(deps): State<Deps>) -> impl IntoResponse {
    let text = format!(
        "User-agent: *\nDisallow: /tim?\nDisallow: /gio-hang\nDisallow: /dat-hang\nDisallow: /don-hang\n\
         Disallow: /tai-khoan\nDisallow: /ban-hang\nDisallow: /so-cong-thuong\nDisallow: /van-hanh\n\
         Disallow: /api/\n\nSitemap: {}/sitemap.xml\n",
        deps.site.base_url
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// `GET /sitemap.xml`: the list of the files.
pub(super) async fn sitemap(State(deps): State<Deps>) -> Result<Response, PageError> {
    let listed = queries::count_listed(&mut *deps.db.acquire().await?).await?;
    let base = &deps.site.base_url;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for number in 0..=(listed + FILE - 1) / FILE {
        let _ = writeln!(out, "<sitemap><loc>{base}/sitemap/{number}.xml</loc></sitemap>");
    }
    out.push_str("</sitemapindex>\n");
    Ok(xml(out))
}

/// `GET /sitemap/{number}.xml`: 0 is the floor itself, the others are products.
pub(super) async fn sitemap_file(
    State(deps): State<Deps>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let number = name.strip_suffix(".xml").and_then(|n| n.parse::<i64>().ok());
    let Some(number) = number.filter(|n| (0..=10_000).contains(n)) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let mut db = deps.db.acquire().await?;
    let paths: Vec<String> = if number == 0 {
        let fixed = ["/", "/danh-muc", "/gian-hang"].into_iter().map(str::to_owned);
        let texts = texts::slugs().map(|slug| format!("/trang/{slug}"));
        let shelves =
            deps.categories.leaves().into_iter().map(|leaf| format!("/danh-muc/{}", leaf.slug));
        let shops = queries::shops(&mut db, "", &[], FILE, 0).await?;
        let shops = shops.into_iter().map(|shop| format!("/gian-hang/{}", shop.slug));
        fixed.chain(texts).chain(shelves).chain(shops).collect()
    } else {
        let slugs = queries::listed_slugs(&mut db, FILE, (number - 1) * FILE).await?;
        slugs.into_iter().map(|slug| format!("/san-pham/{slug}")).collect()
    };
    drop(db);
    let base = &deps.site.base_url;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in paths {
        // Slugs are ASCII words and hyphens: nothing to escape.
        let _ = writeln!(out, "<url><loc>{base}{path}</loc></url>");
    }
    out.push_str("</urlset>\n");
    Ok(xml(out))
}

//! `GET /` and `GET /danh-muc`.

use super::{
    cards::Card,
    kept::{Key, Part, What},
    list::Lists,
    queries::{self, Shop},
    routes::Deps,
};
use crate::{
    catalogue::Category,
    kernel::{Cx, Day, Text, day_of},
    search::{Found, Query, Sort},
    web::{Page, PageError},
};
use askama::Template;
use axum::{extract::State, response::Response};

const SHOPS: i64 = 6;
const CARDS: usize = 10;

/// A category with its drawing.
pub(super) struct Branch {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) picture: String,
    pub(super) count: u32,
    /// One step below: address, name, count.
    pub(super) below: Vec<(String, String, u32)>,
}

/// A shop as a line.
pub(super) struct ShopLine {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) note: String,
}

#[derive(Template)]
#[template(path = "storefront/home.html")]
struct HomePart<'a> {
    page: &'a Page,
    branches: Vec<Branch>,
    newest: Vec<Card>,
    certified: Vec<Card>,
    shops: Vec<ShopLine>,
    listings: usize,
    shop_count: i64,
    communes: usize,
}

#[derive(Template)]
#[template(path = "storefront/categories.html")]
struct CategoriesPart<'a> {
    page: &'a Page,
    branches: Vec<Branch>,
}

/// `GET /`
pub(super) async fn home(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
) -> Result<Response, PageError> {
    show(&deps, &cx, page, What::Home).await
}

/// `GET /danh-muc`
pub(super) async fn categories(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
) -> Result<Response, PageError> {
    show(&deps, &cx, page, What::Categories).await
}

async fn show(deps: &Deps, cx: &Cx, page: Page, what: What) -> Result<Response, PageError> {
    let lists = deps.lists();
    let day = day_of(cx.now);
    let key = Key { what, lang: page.lang, day, generation: lists.search.generation() };
    if let Some(part) = lists.kept.get(&key)
        && part.still_holds(&lists.search, day).await?
    {
        return part.shown(page);
    }
    let part = match key.what {
        What::Home => make_home(deps, &lists, &page, day).await?,
        _ => make_categories(&lists, &page, day).await?,
    };
    lists.kept.put(key, part).shown(page)
}

fn branches(lists: &Lists, page: &Page, found: &Found) -> Vec<Branch> {
    let count = |shelf: &Category| {
        let met = found.facets.categories.iter().find(|(slug, _)| *slug == shelf.slug);
        met.map_or(0, |(_, n)| *n)
    };
    let name = |shelf: &Category| shelf.name.get(page.lang).to_owned();
    let branch = |shelf: &Category| Branch {
        href: format!("/danh-muc/{}", shelf.slug),
        name: name(shelf),
        picture: format!("/tranh/{}/{}.svg", shelf.art, tint(&shelf.slug)),
        count: count(shelf),
        below: lists
            .categories
            .children(&shelf.slug)
            .into_iter()
            .map(|child| (format!("/danh-muc/{}", child.slug), name(child), count(child)))
            .collect(),
    };
    lists.categories.roots().into_iter().map(branch).collect()
}

/// The colours in which a branch is drawn.
fn tint(slug: &str) -> &'static str {
    match slug {
        "thuy-hai-san" | "du-lich" | "do-uong" => "sea",
        "thu-cong-my-nghe" | "vat-lieu-xay-dung" | "may-moc-vat-tu" | "nguyen-lieu-cong-nghiep" => {
            "earth"
        }
        "thuc-pham" | "gia-dung" | "det-may-da-giay" | "dien-tu-xe" => "gold",
        _ => "green",
    }
}

/// A shop's line: where it is and how much it lists.
pub(super) fn shop_line(shop: &Shop, lists: &Lists, page: &Page) -> ShopLine {
    let kind = kind(&shop.kind);
    ShopLine {
        href: format!("/gian-hang/{}", shop.slug),
        name: shop.name.clone(),
        place: lists.places.shown(&shop.commune_code),
        note: format!(
            "{} · {} {}",
            kind.get(page.lang),
            shop.listings,
            page.t("sản phẩm", "products")
        ),
    }
}

/// What kind of seller, in words.
pub(super) fn kind(kind: &str) -> Text {
    match kind {
        "cooperative" => Text::new("Hợp tác xã", "Cooperative"),
        "household" => Text::new("Hộ kinh doanh", "Household business"),
        _ => Text::new("Doanh nghiệp", "Enterprise"),
    }
}

async fn make_home(deps: &Deps, lists: &Lists, page: &Page, day: Day) -> Result<Part, PageError> {
    let newest = Query { sort: Sort::Newest, page: 1, ..Query::default() };
    let certified = Query {
        certificates: ["gi", "ocop3", "ocop4", "ocop5"].map(Into::into).to_vec(),
        sort: Sort::BestSelling,
        page: 1,
        ..Query::default()
    };
    let mut newest = lists.search.find(&newest, day).await?;
    let mut certified = lists.search.find(&certified, day).await?;
    newest.hits.truncate(CARDS);
    certified.hits.truncate(CARDS);
    let mut db = deps.db.acquire().await?;
    let shops = queries::biggest_shops(&mut db, SHOPS).await?;
    let shop_count = queries::count_shops(&mut db, "", &[]).await?;
    drop(db);
    let body = HomePart {
        page,
        branches: branches(lists, page, &newest),
        listings: newest.total,
        communes: newest.facets.communes.len(),
        newest: Card::all(&newest.hits, page.lang, &lists.places),
        certified: Card::all(&certified.hits, page.lang, &lists.places),
        shops: shops.iter().map(|shop| shop_line(shop, lists, page)).collect(),
        shop_count,
    };
    let title = page.t("Hàng của tỉnh, người bán thật", "Goods of the province, real sellers");
    let mut part =
        Part::new(title.to_owned(), "home", &body.render().map_err(PageError::internal)?);
    part.watch =
        newest.hits.iter().chain(&certified.hits).map(|hit| (hit.product, hit.in_stock)).collect();
    part.watch.sort_unstable();
    part.watch.dedup();
    part.head = format!("<link rel=\"canonical\" href=\"{}\">", page.full_url("/"));
    Ok(part)
}

async fn make_categories(lists: &Lists, page: &Page, day: Day) -> Result<Part, PageError> {
    let found = lists.search.find(&Query { page: 1, ..Query::default() }, day).await?;
    let body = CategoriesPart { page, branches: branches(lists, page, &found) };
    let title = page.t("Ngành hàng", "Categories").to_owned();
    Ok(Part::new(title, "search", &body.render().map_err(PageError::internal)?))
}

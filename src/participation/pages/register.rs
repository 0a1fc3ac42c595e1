//! `/so-cong-thuong/doanh-nghiep`: the province's register, searched and narrowed.

use super::{NOT_KNOWN, commune_name, number};
use crate::{
    kernel::{Cx, Errors, day_of, words},
    participation::{
        indicator::{Group, Size},
        queries_register::{self, Search},
        routes::Deps,
    },
    web::{Html, Officer, Page, PageError, Query},
};
use askama::Template;
use axum::extract::State;
use serde::Deserialize;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(in crate::participation) struct Choice {
    tim: String,
    nhom: String,
    quy_mo: String,
    xa: String,
    tinh_trang: String,
    gian_hang: String,
    sau: String,
}

struct Row {
    tax_code: String,
    name: String,
    kind: &'static str,
    commune: String,
    size: &'static str,
    active: bool,
    shop: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "participation/register.html")]
struct RegisterPage {
    page: Page,
    choice: Choice,
    groups: Vec<(&'static str, &'static str)>,
    sizes: Vec<(&'static str, &'static str)>,
    communes: Vec<(String, String)>,
    states: Vec<(&'static str, &'static str)>,
    shops: Vec<(&'static str, &'static str)>,
    errors: Errors,
    total: String,
    rows: Vec<Row>,
    first: String,
    next: String,
}

const PAGE: usize = 50;

impl Choice {
    fn search(&self, cx: &Cx) -> Search {
        let today = day_of(cx.now);
        let text: String = self.tim.chars().take(200).collect();
        Search {
            words: words(&text).into_iter().take(8).collect(),
            group: Group::ALL.into_iter().find(|g| g.slug() == self.nhom),
            size: Size::of_code(&self.quy_mo),
            commune: match self.xa.as_str() {
                "" => None,
                NOT_KNOWN => Some(String::new()),
                code => Some(code.to_owned()),
            },
            active: match self.tinh_trang.as_str() {
                "dang" => Some((true, today)),
                "ngung" => Some((false, today)),
                _ => None,
            },
            shop: match self.gian_hang.as_str() {
                "co" => Some(true),
                "chua" => Some(false),
                _ => None,
            },
            after: self.sau.clone(),
        }
    }

    /// This search's address, from the beginning or after a tax code.
    fn href(&self, after: &str) -> String {
        let pairs = [
            ("tim", self.tim.as_str()),
            ("nhom", &self.nhom),
            ("quy-mo", &self.quy_mo),
            ("xa", &self.xa),
            ("tinh-trang", &self.tinh_trang),
            ("gian-hang", &self.gian_hang),
            ("sau", after),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        format!("/so-cong-thuong/doanh-nghiep?{}", query.finish())
    }
}

/// `GET /so-cong-thuong/doanh-nghiep`
pub(in crate::participation) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(_): Officer,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let (lang, search) = (page.lang, choice.search(&cx));
    let mut db = deps.db.acquire().await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = queries_register::search(&mut db, &search, limit).await?;
    let total = queries_register::count(&mut db, &search).await?;
    drop(db);
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let after = found.last().filter(|_| more).map(|row| row.tax_code.clone());
    let today = day_of(cx.now);
    let rows = found
        .into_iter()
        .map(|row| Row {
            kind: Group::of_kind(&row.kind)
                .map_or(lang.t("Tổ chức khác", "Other organisation"), |g| g.label(lang)),
            commune: commune_name(&deps, row.commune_code.as_deref(), lang),
            size: Size::of_code(&row.size_class).unwrap_or(Size::Unknown).label(lang),
            active: row.active_to.is_none_or(|to| to > today),
            shop: row.shop_state.as_deref().map(|state| shop_state(state, lang)),
            tax_code: row.tax_code,
            name: row.name,
        })
        .collect();
    let mut communes: Vec<(String, String)> =
        deps.places.home_communes().iter().map(|c| (c.code.clone(), c.full_name.clone())).collect();
    communes.push((NOT_KNOWN.to_owned(), lang.t("Chưa rõ", "Not known").to_owned()));
    Ok(Html(RegisterPage {
        groups: Group::ALL.map(|g| (g.slug(), g.label(lang))).to_vec(),
        sizes: Size::ALL.map(|s| (s.code(), s.label(lang))).to_vec(),
        communes,
        states: vec![
            ("dang", lang.t("Đang hoạt động", "Active")),
            ("ngung", lang.t("Đã ngừng", "No longer active")),
        ],
        shops: vec![
            ("co", lang.t("Có gian hàng", "With a shop")),
            ("chua", lang.t("Chưa có gian hàng", "Without a shop")),
        ],
        errors: Errors::new(lang),
        total: number(total, lang),
        rows,
        first: if choice.sau.is_empty() { String::new() } else { choice.href("") },
        next: after.map(|after| choice.href(&after)).unwrap_or_default(),
        choice,
        page: page.in_section("department-register"),
    }))
}

/// A shop's state in words, and its tone.
pub(super) fn shop_state(state: &str, lang: crate::kernel::Lang) -> (&'static str, &'static str) {
    match state {
        "approved" => (lang.t("Đang bán", "Selling"), "good"),
        "submitted" => (lang.t("Chờ duyệt", "Waiting for review"), "info"),
        "need_changes" => (lang.t("Cần sửa hồ sơ", "Changes asked for"), "warn"),
        "refused" => (lang.t("Bị từ chối", "Refused"), "bad"),
        "suspended" => (lang.t("Tạm ngừng", "Suspended"), "bad"),
        "closed" => (lang.t("Đã đóng", "Closed"), "neutral"),
        _ => (lang.t("Hồ sơ nháp", "Draft"), "neutral"),
    }
}

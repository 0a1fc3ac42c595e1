//! `/so-cong-thuong/chi-tieu/danh-sach`: the firms behind a number, and why each of them counts.

use super::{NOT_KNOWN, Terms, commune_name, csv_file, number};
use crate::{
    kernel::{Cx, Lang, date, day_of},
    participation::{
        indicator::{Group, Indicator, Size},
        period::Period,
        queries::{self, Behind, Firm, Narrow},
        routes::Deps,
    },
    platform::audit,
    web::{Html, Officer, Page, PageError, Query},
};
use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

/// Which number the list stands behind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(in crate::participation) struct Choice {
    chi_so: String,
    nhom: String,
    ky: String,
    xa: Option<String>,
    quy_mo: String,
    trang: String,
}

struct Wanted {
    group: Group,
    indicator: Indicator,
    period: Period,
    narrow: Narrow,
}

impl Choice {
    /// An unknown indicator or period is no list at all.
    fn wanted(&self) -> Result<Wanted, PageError> {
        let indicator = Indicator::of_code(&self.chi_so).ok_or_else(PageError::not_found)?;
        let period = Period::parse(&self.ky).ok_or_else(PageError::not_found)?;
        let commune = self.xa.as_deref().filter(|code| !code.is_empty());
        Ok(Wanted {
            group: indicator.group().unwrap_or_else(|| Group::of_slug(&self.nhom)),
            indicator,
            period,
            narrow: Narrow {
                commune: commune.map(|c| if c == NOT_KNOWN { String::new() } else { c.to_owned() }),
                size: Size::of_code(&self.quy_mo),
            },
        })
    }

    /// The query without the page number.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("chi-so", self.chi_so.as_str()),
            ("nhom", &self.nhom),
            ("ky", &self.ky),
            ("xa", self.xa.as_deref().unwrap_or_default()),
            ("quy-mo", &self.quy_mo),
        ];
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        query.finish()
    }
}

struct Row {
    tax_code: String,
    name: String,
    commune: String,
    size: &'static str,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "participation/list.html")]
struct ListPage {
    page: Page,
    code: &'static str,
    title: &'static str,
    group: &'static str,
    label: String,
    narrowed: Vec<String>,
    definition: String,
    total: String,
    rows: Vec<Row>,
    current: i64,
    last: i64,
    query: String,
    back: String,
}

const PAGE: i64 = 100;
/// No register of a province is larger.
const WHOLE: i64 = 1_000_000;

/// `GET /so-cong-thuong/chi-tieu/danh-sach`
pub(in crate::participation) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(_): Officer,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let (lang, wanted) = (page.lang, choice.wanted()?);
    let current = choice.trang.parse().unwrap_or(1i64).clamp(1, WHOLE / PAGE);
    let firms = read(&deps, &cx, &wanted, PAGE, (current - 1) * PAGE, "participation.list").await?;
    let total = firms.first().map_or(0, |f| f.total);
    let mut narrowed = Vec::new();
    if let Some(code) = &wanted.narrow.commune {
        narrowed.push(commune_name(&deps, Some(code), lang));
    }
    if let Some(size) = wanted.narrow.size {
        narrowed.push(size.label(lang).to_owned());
    }
    Ok(Html(ListPage {
        code: wanted.indicator.code(),
        title: wanted.indicator.label(lang),
        group: wanted.group.label(lang),
        label: wanted.period.label(lang),
        narrowed,
        definition: wanted.indicator.definition().get(lang).to_owned(),
        total: number(total, lang),
        rows: firms.iter().map(|firm| row(&deps, firm, lang)).collect(),
        current,
        last: (total + PAGE - 1) / PAGE,
        query: choice.query(),
        back: format!("/so-cong-thuong/chi-tieu?ky={}", wanted.period.code()),
        page: page.in_section("department-figures"),
    }))
}

/// `GET /so-cong-thuong/chi-tieu/danh-sach.csv`
pub(in crate::participation) async fn csv(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(_): Officer,
    Query(choice): Query<Choice>,
) -> Result<Response, PageError> {
    let wanted = choice.wanted()?;
    let firms = read(&deps, &cx, &wanted, WHOLE, 0, "participation.export").await?;
    let shown = |at: Option<DateTime<Utc>>| at.map(|at| day_of(at).to_string()).unwrap_or_default();
    let row = |firm: &Firm| {
        vec![
            firm.tax_code.clone(),
            firm.name.clone(),
            commune_name(&deps, firm.commune_code.as_deref(), page.lang),
            size(firm).label(page.lang).to_owned(),
            shown(firm.registered_at),
            shown(firm.admitted_at),
            firm.public_days.to_string(),
            i32::from(firm.listed).to_string(),
            firm.sales_b2c.to_string(),
            firm.sales_b2b.to_string(),
            shown(firm.first_sale),
            shown(firm.last_sale),
            firm.purchases.to_string(),
            shown(firm.first_purchase),
            shown(firm.last_purchase),
        ]
    };
    let header = [
        "ma_so_thue",
        "ten",
        "xa_phuong",
        "quy_mo",
        "mo_tai_khoan",
        "duoc_duyet",
        "ngay_co_hang",
        "co_hang_du_ngay",
        "don_ban_b2c",
        "don_ban_b2b",
        "ban_lan_dau",
        "ban_lan_cuoi",
        "don_mua",
        "mua_lan_dau",
        "mua_lan_cuoi",
    ];
    let name = format!("{}-{}", wanted.indicator.code(), wanted.period.code());
    csv_file(&name, &header, &firms.iter().map(row).collect::<Vec<_>>())
}

/// The firms, and the record that somebody read them.
async fn read(
    deps: &Deps,
    cx: &Cx,
    wanted: &Wanted,
    limit: i64,
    offset: i64,
    action: &str,
) -> Result<Vec<Firm>, PageError> {
    let mut tx = deps.db.begin().await?;
    let terms = Terms::read(deps, &mut tx, cx).await?;
    let behind = Behind {
        group: wanted.group,
        indicator: wanted.indicator,
        narrow: wanted.narrow.clone(),
        limit,
        offset,
    };
    let firms = queries::behind(&mut tx, cx, &terms.over(wanted.period), &behind).await?;
    let detail = json!({
        "period": wanted.period.code(), "group": wanted.group.kind(), "commune": wanted.narrow.commune,
        "size": wanted.narrow.size.map(Size::code), "firms": firms.len(),
    });
    let subject = format!("indicator:{}", wanted.indicator.code());
    audit::record(&mut tx, cx, action, &subject, detail).await?;
    tx.commit().await?;
    Ok(firms)
}

fn size(firm: &Firm) -> Size {
    Size::of_code(&firm.size_class).unwrap_or(Size::Unknown)
}

fn row(deps: &Deps, firm: &Firm, lang: Lang) -> Row {
    Row {
        tax_code: firm.tax_code.clone(),
        name: firm.name.clone(),
        commune: commune_name(deps, firm.commune_code.as_deref(), lang),
        size: size(firm).label(lang),
        why: why(firm, lang),
    }
}

/// The dates and counts for which a firm is in a figure; never an order's contents.
fn why(firm: &Firm, lang: Lang) -> Vec<String> {
    let on = |at: Option<DateTime<Utc>>| at.map(|at| date(day_of(at)));
    let mut lines = Vec::new();
    let mut dated = |vi: &str, en: &str, at: Option<DateTime<Utc>>| {
        lines.extend(on(at).map(|day| format!("{} {day}", lang.t(vi, en))));
    };
    dated("Mở tài khoản", "Registered", firm.registered_at);
    dated("Được duyệt", "Admitted", firm.admitted_at);
    if firm.public_days > 0 {
        let (vi, en) =
            ("Số ngày có tin công khai trong kỳ", "Days with a public listing in the period");
        lines.push(format!("{}: {}", lang.t(vi, en), firm.public_days));
    }
    if firm.shown {
        lines.push(lang.t("Có hàng đang hiển thị", "Has a public listing").to_owned());
    }
    let span = |first, last| match (on(first), on(last)) {
        (Some(first), Some(last)) if first != last => {
            format!(" ({} {first}, {} {last})", lang.t("đầu", "first"), lang.t("cuối", "last"))
        }
        (Some(first), _) => format!(" ({first})"),
        _ => String::new(),
    };
    let sales = firm.sales_b2c + firm.sales_b2b;
    if sales > 0 {
        lines.push(format!(
            "{}: {sales} – B2C {}, B2B {}{}",
            lang.t("Đơn bán hoàn thành", "Completed sales"),
            firm.sales_b2c,
            firm.sales_b2b,
            span(firm.first_sale, firm.last_sale)
        ));
    }
    if firm.purchases > 0 {
        lines.push(format!(
            "{}: {}{}",
            lang.t("Đơn mua hoàn thành", "Completed purchases"),
            firm.purchases,
            span(firm.first_purchase, firm.last_purchase)
        ));
    }
    lines
}

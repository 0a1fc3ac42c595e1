//! `/to-chuc/dat-nhanh`: codes and quantities, pasted or uploaded, become a basket.

use super::status;
use crate::{
    catalogue, enterprises,
    kernel::{Cx, Errors, OrgId, SellerId, Text, VariantId, Vnd},
    organisations::OrgScope,
    platform::spreadsheet::Table,
    web::{Html, Page, PageError, Upload},
    wholesale::{
        error::WholesaleError,
        prices::unit_called,
        queries_customers,
        quick::{self, Asked, MOST_ROWS},
        shown::{Known, Line},
    },
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use std::collections::{HashMap, HashSet};

const SECTION: &str = "org-quick";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct QuickForm {
    ma: String,
    /// Of one shop alone.
    gian: String,
}

/// One row with what it named.
pub(super) struct Row {
    pub(super) code: String,
    pub(super) line: Option<Line>,
    /// Why it names nothing.
    pub(super) problem: Option<Text>,
    /// It names what a row above does, which has both quantities.
    pub(super) added_above: bool,
}

#[derive(Template)]
#[template(path = "wholesale/quick.html")]
struct QuickPage {
    page: Page,
    scope: OrgScope,
    errors: Errors,
    form: QuickForm,
    shops: Vec<(String, String)>,
    rows: Vec<Row>,
    fitting: usize,
    total: String,
}

impl QuickPage {
    fn problem(&self, row: &Row) -> String {
        let own = row.line.as_ref().and_then(|line| line.problem.as_ref());
        let found = row.problem.as_ref().or(own);
        found.map(|text| text.get(self.page.lang).to_owned()).unwrap_or_default()
    }

    fn total_of(line: &Line) -> String {
        line.total.map(|v| v.to_string()).unwrap_or_default()
    }
}

/// Which shops sell what one code names.
async fn several(
    db: &mut PgConnection,
    known: &Known,
    variants: &[VariantId],
) -> sqlx::Result<Text> {
    let sellers: Vec<SellerId> =
        variants.iter().filter_map(|v| known.offer(*v)).map(|o| o.seller).collect();
    let facts = enterprises::facts(db, &sellers).await?;
    let mut names: Vec<&str> = facts.values().map(|f| f.shop_name.as_str()).collect();
    names.sort_unstable();
    let names = names.join(", ");
    Ok(Text::new(
        format!("Nhiều gian hàng có mã này: {names}. Hãy chọn gian hàng ở trên."),
        format!("Several shops have this code: {names}. Choose a shop above."),
    ))
}

/// What the rows name, each in its place; rows of the same goods are added up in the first.
pub(super) async fn resolve(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    seller: Option<SellerId>,
    rows: &[Asked],
) -> Result<Vec<Row>, WholesaleError> {
    let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let mut found: HashMap<String, Vec<VariantId>> = HashMap::new();
    for (code, variant) in catalogue::by_codes(db, seller, &codes).await? {
        found.entry(code).or_default().push(variant);
    }
    let all: Vec<VariantId> =
        found.values().flatten().copied().collect::<HashSet<_>>().into_iter().collect();
    let known = Known::read(db, cx, org, &all).await?;
    for variants in found.values_mut() {
        variants.retain(|v| known.offer(*v).is_some_and(|offer| offer.sellable));
    }
    let mut out: Vec<Row> = Vec::new();
    for row in rows {
        let variants = found.get(&row.code.trim().to_lowercase());
        let variants = variants.map(Vec::as_slice).unwrap_or_default();
        let named = match variants {
            [] => Err(Text::new("Không tìm thấy mã này.", "No such code.")),
            [variant] => pieces(&known, *variant, row).map(|n| (*variant, n)),
            several_ => Err(several(db, &known, several_).await?),
        };
        let mut added_above = false;
        let (line, problem) = match named {
            Ok((variant, quantity)) => {
                let same = |r: &Row| r.line.as_ref().is_some_and(|line| line.variant == variant);
                if let Some(first) = out.iter_mut().find(|r| same(r)) {
                    let sum = first.line.as_ref().map_or(0, |line| line.quantity);
                    first.line = known.line(variant, sum.saturating_add(quantity));
                    let text = Text::new("Đã cộng vào dòng trên.", "Added to the row above.");
                    added_above = true;
                    (None, Some(text))
                } else {
                    (known.line(variant, quantity), None)
                }
            }
            Err(text) => (None, Some(text)),
        };
        out.push(Row { code: row.code.clone(), line, problem, added_above });
    }
    Ok(out)
}

/// Pieces in a row's amount.
fn pieces(known: &Known, variant: VariantId, row: &Asked) -> Result<i64, Text> {
    let offer = known.offer(variant);
    let piece = offer.map(|o| o.unit.as_str()).unwrap_or_default();
    let units = known.units.get(&variant).map(Vec::as_slice).unwrap_or_default();
    let Some(amount) = row.amount else {
        return Err(Text::new("Thiếu số lượng.", "The quantity is missing."));
    };
    let Some(unit) = unit_called(units, piece, &row.unit) else {
        let names: Vec<&str> =
            std::iter::once(piece).chain(units.iter().map(|u| u.name.as_str())).collect();
        let names = names.join(", ");
        return Err(Text::new(
            format!("Mã này bán theo: {names}."),
            format!("This is sold by: {names}."),
        ));
    };
    unit.pieces(amount).ok_or_else(|| {
        let text = unit.shown(piece);
        Text::new(
            format!("Số lượng không thành số nguyên {piece} ({text})."),
            format!("This does not come to whole {piece} ({text})."),
        )
    })
}

async fn show(
    db: &mut PgConnection,
    page: Page,
    scope: OrgScope,
    (form, errors, rows): (QuickForm, Errors, Vec<Row>),
) -> Result<Response, PageError> {
    let suppliers = queries_customers::suppliers(db, scope.org).await?;
    let shops = suppliers.into_iter().map(|s| (s.slug, s.name)).collect();
    let lines = rows.iter().filter_map(|row| row.line.as_ref()).filter(|line| line.fits);
    let total = lines.clone().try_fold(Vnd::ZERO, |sum, line| sum.plus(line.total?));
    let shown = QuickPage {
        fitting: lines.count(),
        total: total.map(|v| v.to_string()).unwrap_or_default(),
        page: page.in_section(SECTION),
        scope,
        errors,
        form,
        shops,
        rows,
    };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /to-chuc/dat-nhanh`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    let mut db = db.acquire().await?;
    show(&mut db, page, scope, (QuickForm::default(), errors, Vec::new())).await
}

/// The rows that were sent, as text and as a table.
async fn sent(upload: &Upload<QuickForm>, errors: &mut Errors) -> Result<Vec<Asked>, PageError> {
    let mut rows = quick::read_text(&upload.data.ma);
    if let Some(file) = upload.files.first() {
        let bytes = file.bytes.to_vec();
        let read = tokio::task::spawn_blocking(move || quick::read_table(Table::upload(bytes)?));
        match read.await.map_err(PageError::internal)? {
            Ok(more) => rows.extend(more),
            Err(_) => errors.add(
                "tep",
                Text::new(
                    "Không đọc được bảng: cần tệp CSV hoặc XLSX có cột mã hàng và số lượng.",
                    "The table cannot be read: a CSV or XLSX file with codes and quantities is needed.",
                ),
            ),
        }
    }
    let something = errors.get("tep").is_some() || !rows.is_empty();
    errors.check(
        something,
        "ma",
        "Dán mã hàng và số lượng, hoặc chọn một tệp.",
        "Paste codes and quantities, or choose a file.",
    );
    errors.check(
        rows.len() <= MOST_ROWS,
        "ma",
        "Mỗi lần đặt nhiều nhất 100 dòng; các dòng sau không được đọc.",
        "100 rows at most at a time; those behind were not read.",
    );
    rows.truncate(MOST_ROWS);
    Ok(rows)
}

/// `POST /to-chuc/dat-nhanh`: shows what the rows name and cost; nothing is ordered yet.
pub(in crate::wholesale) async fn read(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    upload: Upload<QuickForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let rows = sent(&upload, &mut errors).await?;
    let form = upload.data;
    let mut db = db.acquire().await?;
    let slug: String = form.gian.chars().take(200).collect();
    let seller = match slug.as_str() {
        "" => None,
        slug => enterprises::by_slug(&mut db, slug).await?,
    };
    errors.check(
        slug.is_empty() || seller.is_some(),
        "gian",
        "Không có gian hàng này.",
        "There is no such shop.",
    );
    let rows = resolve(&mut db, &cx, scope.org, seller, &rows).await?;
    show(&mut db, page, scope, (form, errors, rows)).await
}

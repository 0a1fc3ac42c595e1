//! The comparison as a table to be taken away.

use super::{
    super::{
        queries_offers::Version,
        queries_read::{self, Line, Quote},
        routes::Deps,
    },
    compare, id_of, own,
};
use crate::{
    kernel::{Cx, Lang, date_time},
    organisations::OrgScope,
    platform::spreadsheet,
    web::{Page, PageError},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

/// The names of the table's columns.
fn columns(lang: Lang) -> [&'static str; 11] {
    match lang {
        Lang::Vi => [
            "Dòng",
            "Hàng cần mua",
            "Cần",
            "Gian hàng",
            "Hàng được chào",
            "Số lượng",
            "Đơn giá",
            "Thành tiền",
            "Ngày giao",
            "Thanh toán",
            "Hiệu lực tới",
        ],
        Lang::En => [
            "Line",
            "Asked for",
            "Quantity",
            "Shop",
            "Offered",
            "Offered quantity",
            "Unit price",
            "Amount",
            "Lead days",
            "Payment",
            "Valid until",
        ],
    }
}

fn sheet_rows(
    lines: &[Line],
    (quotes, versions): (&[Quote], &[Version]),
    lang: Lang,
) -> Vec<[String; 11]> {
    let shop = |v: &Version| quotes.iter().find(|q| q.id == v.quote).map(|q| q.shop_name.clone());
    let mut rows: Vec<[String; 11]> = Vec::new();
    for line in lines {
        for version in versions {
            let own = version.offer.lines.iter().filter(|o| o.position == line.position);
            rows.extend(own.map(|offer| {
                [
                    line.position.to_string(),
                    line.name.clone(),
                    format!("{} {}", line.quantity, line.unit),
                    shop(version).unwrap_or_default(),
                    offer.name.clone(),
                    format!("{} {}", offer.quantity, offer.unit),
                    offer.price.0.to_string(),
                    offer.total().0.to_string(),
                    offer.lead_days.to_string(),
                    version.offer.terms.told(lang),
                    date_time(version.offer.valid_until),
                ]
            }));
        }
    }
    rows
}

/// `GET /to-chuc/bao-gia/{id}/so-sanh.xlsx`: a row a line and offer.
pub(in super::super) async fn sheet(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(typed): Path<String>,
) -> Result<Response, PageError> {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let id = id_of(&typed)?;
    let mut db = deps.db.acquire().await?;
    let request = own(queries_read::request(&mut db, id).await?, scope.org)?;
    if !request.window(&cx).is_readable() {
        return Err(PageError::not_found());
    }
    let lines = queries_read::lines(&mut db, id).await?;
    let quotes = queries_read::quotes(&mut db, id, None).await?;
    let versions = compare::offers(&mut db, &quotes).await?;
    drop(db);
    let rows = sheet_rows(&lines, (&quotes, &versions), page.lang);
    let names = columns(page.lang);
    let made = tokio::task::spawn_blocking(move || spreadsheet::to_xlsx(&names, &rows)).await;
    let bytes = made.map_err(PageError::internal)?.map_err(PageError::internal)?;
    let name = format!("attachment; filename=\"so-sanh-{}.xlsx\"", request.code);
    let headers = [
        (header::CONTENT_TYPE, KIND.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

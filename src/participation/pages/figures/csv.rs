//! The figures of a period as a table.

use super::{COLUMNS, Choice, HD1, hd1};
use crate::{
    kernel::{Cx, day_of},
    participation::{
        METHOD,
        indicator::{Group, Indicator},
        model::{Counts, Share},
        pages::{Terms, commune_name, csv_file},
        queries, queries_orders,
        routes::Deps,
    },
    web::{Officer, Page, PageError, Query},
};
use axum::{extract::State, response::Response};

/// A share in percent, with a point.
fn points(share: Share) -> String {
    share.bps().map(|b| format!("{}.{:02}", b / 100, b % 100)).unwrap_or_default()
}

/// `GET /so-cong-thuong/chi-tieu.csv`: every number of the page, one a line.
pub(in crate::participation) async fn csv(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(_): Officer,
    Query(choice): Query<Choice>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let (period, _) = choice.period(day_of(cx.now), lang);
    let mut db = deps.db.acquire().await?;
    let terms = Terms::read(&deps, &mut db, &cx).await?;
    let figures = queries::figures(&mut db, &cx, &terms.over(period)).await?;
    let invoiced = queries_orders::invoiced(&mut db, period).await?;
    drop(db);
    let mut rows = Vec::new();
    let mut add =
        |group: Group, commune: &str, size: &str, counts: &Counts, indicator: Indicator| {
            let share = counts.share(indicator);
            rows.push(vec![
                period.code(),
                indicator.code().to_owned(),
                indicator.label(lang).to_owned(),
                group.label(lang).to_owned(),
                commune.to_owned(),
                size.to_owned(),
                share.part.to_string(),
                share.whole.to_string(),
                points(share),
                "1".to_owned(),
                METHOD.to_owned(),
            ]);
        };
    for group in Group::ALL {
        for indicator in Indicator::COMMON {
            add(group, "", "", &figures.group(group), indicator);
        }
    }
    add(Group::Enterprises, "", "", &figures.smes(), Indicator::SmeTrading);
    add(Group::Households, "", "", &figures.group(Group::Households), Indicator::HouseholdSelling);
    for (size, counts) in &figures.sizes {
        COLUMNS.iter().for_each(|i| add(Group::Enterprises, "", size.label(lang), counts, *i));
    }
    for (commune, counts) in &figures.communes {
        let name = commune_name(&deps, commune.as_deref(), lang);
        COLUMNS.iter().for_each(|i| add(Group::Enterprises, &name, "", counts, *i));
    }
    let of_orders = lang.t("Đơn hàng", "Orders");
    let [part, whole] = [invoiced.part, invoiced.whole].map(|n| n.to_string());
    let (code, bps) = (period.code(), points(invoiced));
    let line = [&*code, HD1, hd1(lang), of_orders, "", "", &part, &whole, &bps, "1", METHOD];
    rows.push(line.map(str::to_owned).to_vec());
    let header = [
        "ky",
        "ma",
        "chi_tieu",
        "nhom",
        "xa_phuong",
        "quy_mo",
        "tu_so",
        "mau_so",
        "ty_le_phan_tram",
        "muc_bang_chung",
        "phien_ban_phuong_phap",
    ];
    csv_file(&format!("chi-tieu-{}", period.code()), &header, &rows)
}

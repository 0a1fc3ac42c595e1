//! The comparison of all offers, side by side; the buyer chooses in it.

use super::{
    super::{
        award::{Chosen, award},
        model::{Amount, OfferLine},
        queries_offers::{self, Version},
        queries_read::{self, Line, Quote, Request},
        routes::Deps,
    },
    Begin, Turn, beside, buyer, buyer_path, id_of, own,
    show::{badge, breaks_told, lead},
};
use crate::{
    kernel::{Cx, Errors, Lang, Vnd, date, date_time},
    organisations::{OrgRole, OrgScope},
    platform::{audit, spreadsheet},
    web::{Form, Page, PageError},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// What one seller offers for one line: as asked, or an alternative.
pub(super) struct Cell {
    /// What the form sends: quote, version, choice.
    pub(super) value: String,
    pub(super) price: String,
    pub(super) total: String,
    pub(super) lead: String,
    /// Quantity where it is not the one that was asked for.
    pub(super) quantity: String,
    pub(super) breaks: String,
    /// Name of an alternative.
    pub(super) other: String,
    pub(super) note: String,
    pub(super) best: bool,
    pub(super) chosen: bool,
    pub(super) acceptable: bool,
}

/// One line of the request with everybody's cells.
pub(super) struct CompareRow {
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) asked: String,
    pub(super) plain: String,
    pub(super) unit: String,
    pub(super) note: String,
    /// In the order of the columns.
    pub(super) cells: Vec<Vec<Cell>>,
}

/// One seller's column.
pub(super) struct Column {
    pub(super) quote: Uuid,
    pub(super) shop: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) version: i32,
    pub(super) total: String,
    pub(super) fee: String,
    pub(super) lead: String,
    pub(super) deliver: String,
    pub(super) terms: String,
    pub(super) until: String,
    pub(super) whole: bool,
    pub(super) best: bool,
    pub(super) acceptable: bool,
}

/// All offers side by side.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<CompareRow>,
}

impl Table {
    /// Whether something can be chosen.
    pub(super) fn is_open(&self) -> bool {
        self.columns.iter().any(|c| c.acceptable)
    }
}

/// The offers that were made, in the order of their totals.
pub(in super::super) async fn offers(
    db: &mut PgConnection,
    quotes: &[Quote],
) -> sqlx::Result<Vec<Version>> {
    let (ids, numbers): (Vec<Uuid>, Vec<i32>) =
        quotes.iter().filter_map(|q| Some((q.id, q.offer?))).unzip();
    let mut versions = queries_offers::versions(db, &ids, Some(&numbers)).await?;
    versions.sort_by_key(|v| quotes.iter().position(|q| q.id == v.quote));
    Ok(versions)
}

/// Best prices of a line count among what can be chosen, or among all once it is over.
fn lowest(lines: &[Line], versions: &[(&Quote, &Version, bool)]) -> HashMap<i32, Vnd> {
    let open = versions.iter().any(|(_, _, acceptable)| *acceptable);
    let mut best = HashMap::new();
    for line in lines {
        let counted = versions.iter().filter(|(_, _, acceptable)| *acceptable || !open);
        let prices = counted.flat_map(|(_, v, _)| &v.offer.lines);
        let prices = prices.filter(|l| l.position == line.position && l.choice == 0);
        if let Some(price) = prices.map(|l| l.price).min() {
            best.insert(line.position, price);
        }
    }
    best
}

pub(super) fn table(
    cx: &Cx,
    request: &Request,
    lines: &[Line],
    (quotes, versions): (&[Quote], &[Version]),
    (won, lang): (&[super::super::queries_award::AwardLine], Lang),
) -> Table {
    let decidable = request.window(cx).is_decidable();
    let joined: Vec<(&Quote, &Version, bool)> = versions
        .iter()
        .filter_map(|v| Some((quotes.iter().find(|q| q.id == v.quote)?, v)))
        .map(|(q, v)| (q, v, decidable && q.is_acceptable(cx)))
        .collect();
    let best = lowest(lines, &joined);
    let whole =
        |v: &Version| lines.iter().all(|l| v.offer.lines.iter().any(|o| o.position == l.position));
    let cheapest = joined.iter().filter(|(_, v, ok)| *ok && whole(v)).map(|j| j.1.total).min();
    let cell = |line: &Line, joined: &(&Quote, &Version, bool), offer: &OfferLine| Cell {
        value: format!("{}:{}:{}", joined.0.id, joined.1.version, offer.choice),
        price: offer.price.to_string(),
        total: offer.total().to_string(),
        lead: lead(offer.lead_days, lang),
        quantity: if offer.quantity == line.quantity {
            String::new()
        } else {
            format!("{} {}", offer.quantity, offer.unit)
        },
        breaks: breaks_told(&offer.breaks, &offer.unit, lang),
        other: if offer.choice == 0 { String::new() } else { offer.name.clone() },
        note: offer.note.clone(),
        best: offer.choice == 0 && best.get(&line.position) == Some(&offer.price),
        chosen: won
            .iter()
            .any(|w| (w.position, w.quote, w.choice) == (line.position, joined.0.id, offer.choice)),
        acceptable: joined.2,
    };
    let row = |line: &Line| CompareRow {
        position: line.position,
        name: line.name.clone(),
        asked: format!("{} {}", line.quantity, line.unit),
        plain: line.quantity.to_string(),
        unit: line.unit.clone(),
        note: line.note.clone(),
        cells: joined
            .iter()
            .map(|one| {
                let mine = one.1.offer.lines.iter().filter(|o| o.position == line.position);
                mine.map(|offer| cell(line, one, offer)).collect()
            })
            .collect(),
    };
    let column =
        |one: &(&Quote, &Version, bool)| column(*one, (whole(one.1), one.1.total), cheapest, lang);
    Table { columns: joined.iter().map(column).collect(), rows: lines.iter().map(row).collect() }
}

/// The head and the foot of one seller's column; `whole`: he offers every line, at this total.
fn column(
    (quote, version, acceptable): (&Quote, &Version, bool),
    (whole, total): (bool, Vnd),
    cheapest: Option<Vnd>,
    lang: Lang,
) -> Column {
    let (state, tone) = badge(quote.state, lang);
    let longest = version.offer.lines.iter().map(|l| l.lead_days).max().unwrap_or_default();
    Column {
        quote: quote.id,
        shop: quote.shop_name.clone(),
        state,
        tone,
        version: version.version,
        total: total.to_string(),
        fee: version.offer.delivery_fee.to_string(),
        lead: lead(longest, lang),
        deliver: version.offer.deliver_on.map(date).unwrap_or_default(),
        terms: version.offer.terms.told(lang),
        until: date_time(version.offer.valid_until),
        whole,
        best: acceptable && whole && Some(total) == cheapest,
        acceptable,
    }
}

/// The chosen lines of the form: `l1=<quote>:<version>:<choice>`, `q1=<quantity>`; or all lines of one quote.
fn chosen(
    pairs: &[(String, String)],
    lines: &[Line],
    versions: &[Version],
    errors: &mut Errors,
) -> Vec<Chosen> {
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let named = |typed: &str| {
        let mut parts = typed.split(':');
        let quote: Uuid = parts.next()?.parse().ok()?;
        let version: i32 = parts.next()?.parse().ok()?;
        Some((quote, version, parts.next().and_then(|c| c.parse().ok()).unwrap_or(0)))
    };
    if let Some((quote, version, _)) = value("all").and_then(named) {
        let found = versions.iter().find(|v| v.quote == quote);
        let all = found.iter().flat_map(|v| &v.offer.lines).filter(|l| l.choice == 0);
        let one = |l: &OfferLine| Chosen {
            position: l.position,
            quote,
            version,
            choice: 0,
            quantity: l.quantity,
        };
        return all.map(one).collect();
    }
    let mut all = Vec::new();
    for line in lines {
        let Some((quote, version, choice)) = value(&format!("l{}", line.position)).and_then(named)
        else {
            continue;
        };
        let field = format!("q{}", line.position);
        let quantity = value(&field).map_or(Some(line.quantity), Amount::read);
        errors.check(
            quantity.is_some(),
            &field,
            "Số lượng chưa đúng, ví dụ 120 hoặc 1,5.",
            "This is not a quantity, e.g. 120 or 1,5.",
        );
        all.extend(quantity.map(|quantity| Chosen {
            position: line.position,
            quote,
            version,
            choice,
            quantity,
        }));
    }
    all
}

/// `POST /to-chuc/bao-gia/{id}/chon`
pub(in super::super) async fn choose(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(typed): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Requester)?;
    let id = id_of(&typed)?;
    let mut db = deps.db.acquire().await?;
    own(queries_read::request(&mut db, id).await?, scope.org)?;
    let lines = queries_read::lines(&mut db, id).await?;
    let quotes = queries_read::quotes(&mut db, id, None).await?;
    let versions = offers(&mut db, &quotes).await?;
    drop(db);
    let mut errors = Errors::new(page.lang);
    let chosen = chosen(&form.data, &lines, &versions, &mut errors);
    if !errors.is_empty() {
        return buyer::shown(&deps, &cx, page, scope, &typed, errors).await;
    }
    let key = form.data.iter().find(|(n, _)| n == "key").map_or("", |(_, v)| v.as_str());
    let path = format!("{}/chon", buyer_path(id));
    let asked = (path.as_str(), form.raw.as_ref());
    let begun = Turn::begin(&deps.db, (&cx, page.lang), scope.person, key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => return buyer::shown(&deps, &cx, page, scope, &typed, errors).await,
    };
    let who = (scope.person, page.lang);
    match award(&mut turn.tx, &cx, (scope.org, id), who, (&chosen, "")).await {
        Ok(orders) => {
            let numbers: Vec<&str> = orders.iter().map(|o| o.number.as_str()).collect();
            let detail = json!({ "org": scope.org, "orders": numbers });
            audit::record(&mut turn.tx, &cx, "quotes.award", &format!("request:{id}"), detail)
                .await?;
            let line = page.t("Đã chọn và lập đơn mua:", "Chosen; purchase orders:");
            let line = format!("{line} {}", numbers.join(", "));
            turn.end(&page, &buyer_path(id), &line).await
        }
        Err(error) => {
            drop(turn);
            let errors = beside(error, "chon", page.lang)?;
            buyer::shown(&deps, &cx, page, scope, &typed, errors).await
        }
    }
}

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
    let versions = offers(&mut db, &quotes).await?;
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

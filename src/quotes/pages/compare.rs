//! The comparison of all offers, side by side.

use super::{
    super::{
        agreement::Pick,
        model::OfferLine,
        queries_award::AwardLine,
        queries_offers::{self, Version},
        queries_read::{Line, Quote, Request},
    },
    show::{badge, breaks_told, lead},
};
use crate::kernel::{Cx, Lang, Vnd, date, date_time};
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
    /// Waits for the buyer's firm.
    pub(super) proposed: bool,
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

/// What of the table has been chosen: for good, or until the buyer's firm agrees.
#[derive(Clone, Copy)]
pub(super) struct Marks<'a> {
    pub(super) won: &'a [AwardLine],
    pub(super) proposed: &'a [Pick],
}

impl Marks<'_> {
    fn won(&self, at: (i32, Uuid, i32)) -> bool {
        self.won.iter().any(|w| (w.position, w.quote, w.choice) == at)
    }

    fn proposed(&self, at: (i32, Uuid, i32), version: i32) -> bool {
        let mut all = self.proposed.iter().map(|pick| &pick.chosen);
        all.any(|c| (c.position, c.quote, c.choice) == at && c.version == version)
    }

    /// How much of a line to buy: as proposed, else as asked.
    fn quantity(&self, line: &Line) -> String {
        let mut all = self.proposed.iter().map(|pick| &pick.chosen);
        let proposed = all.find(|chosen| chosen.position == line.position);
        proposed.map_or(line.quantity, |chosen| chosen.quantity).to_string()
    }
}

pub(super) fn table(
    cx: &Cx,
    request: &Request,
    lines: &[Line],
    (quotes, versions): (&[Quote], &[Version]),
    (marks, lang): (Marks<'_>, Lang),
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
        chosen: marks.won((line.position, joined.0.id, offer.choice)),
        proposed: marks.proposed((line.position, joined.0.id, offer.choice), joined.1.version),
        acceptable: joined.2,
    };
    let row = |line: &Line| CompareRow {
        position: line.position,
        name: line.name.clone(),
        asked: format!("{} {}", line.quantity, line.unit),
        plain: marks.quantity(line),
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

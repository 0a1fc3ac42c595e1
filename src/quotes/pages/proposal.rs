//! What was chosen and waits for the buyer's firm, as the page of the request tells it.

use super::{
    super::{
        agreement::{self, Pick},
        model::cost,
        queries_offers::Version,
        queries_proposals,
        queries_read::{Line, Quote, Request},
    },
    show::lead,
};
use crate::{
    accounts,
    approvals::{self, Standing},
    catalogue::Categories,
    kernel::{Cx, Lang, PersonId, Text, date_time},
    organisations::{OrgRole, OrgScope},
};
use sqlx::PgConnection;
use std::collections::HashMap;

/// A chosen line as it is told.
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) shop: String,
    pub(super) quantity: String,
    pub(super) price: String,
    pub(super) total: String,
    pub(super) lead: String,
}

/// The choice with how it stands.
pub(super) struct Proposal {
    pub(super) picks: Vec<Pick>,
    pub(super) lines: Vec<Chosen>,
    pub(super) total: String,
    pub(super) by: String,
    pub(super) at: String,
    standing: Option<Standing>,
    /// Who is still asked.
    pub(super) asked: Vec<String>,
    /// What he wrote who decided.
    pub(super) note: String,
    /// An offer has been changed, has run out or is bargained about: this cannot be awarded any more.
    pub(super) gone: bool,
    /// What the form of the award names.
    pub(super) print: String,
    /// The firm's own record of it, where the reader may see that.
    pub(super) href: String,
}

impl Proposal {
    pub(super) fn waits(&self) -> bool {
        matches!(self.standing, Some(Standing::Waiting))
    }

    pub(super) fn refused(&self) -> bool {
        matches!(self.standing, Some(Standing::Refused))
    }

    /// The firm has agreed, or its rules ask for nobody any more.
    pub(super) fn agreed(&self) -> bool {
        matches!(self.standing, Some(Standing::Approved | Standing::NotNeeded))
    }
}

fn line(
    pick: &Pick,
    lines: &[Line],
    (quotes, versions): (&[Quote], &[Version]),
    lang: Lang,
) -> Option<Chosen> {
    let one = &pick.chosen;
    let asked = lines.iter().find(|line| line.position == one.position)?;
    let quote = quotes.iter().find(|quote| quote.id == one.quote)?;
    let version = versions.iter().find(|v| (v.quote, v.version) == (one.quote, one.version));
    let mut offered = version.iter().flat_map(|v| &v.offer.lines);
    let offered = offered.find(|l| (l.position, l.choice) == (one.position, one.choice));
    Some(Chosen {
        name: offered.map_or(&asked.name, |line| &line.name).clone(),
        shop: quote.shop_name.clone(),
        quantity: format!("{} {}", one.quantity, asked.unit),
        price: pick.price.to_string(),
        total: cost(pick.price, one.quantity).unwrap_or_default().to_string(),
        lead: offered.map(|line| lead(line.lead_days, lang)).unwrap_or_default(),
    })
}

/// Whether a pick can still be awarded.
fn stands(pick: &Pick, quotes: &[Quote], cx: &Cx) -> bool {
    let found = quotes.iter().find(|quote| quote.id == pick.chosen.quote);
    found.is_some_and(|q| q.is_acceptable(cx) && q.offer == Some(pick.chosen.version))
}

/// What is kept of an undecided request; `None`: nothing waits.
pub(super) async fn proposal(
    db: &mut PgConnection,
    cx: &Cx,
    (tree, scope, lang): (&Categories, &OrgScope, Lang),
    (request, lines): (&Request, &[Line]),
    (quotes, versions): (&[Quote], &[Version]),
) -> sqlx::Result<Option<Proposal>> {
    if !request.window(cx).is_decidable() {
        return Ok(None);
    }
    let Some(kept) = queries_proposals::find(db, request.id).await? else { return Ok(None) };
    let what = Text::new(String::new(), String::new());
    let chosen = (kept.picks.as_slice(), kept.total);
    let asked = agreement::request(tree, kept.by, (request, lines), chosen, what);
    let standing = approvals::look(db, &asked).await?;
    let told = approvals::told(db, agreement::subject(request.id)).await?;
    let told = told.filter(|told| told.print == asked.print);
    let waits_for = told.as_ref().map(|told| told.waits_for.clone()).unwrap_or_default();
    let mut people: Vec<PersonId> = waits_for.iter().flatten().copied().collect();
    people.push(kept.by);
    let names: HashMap<PersonId, String> =
        accounts::people(db, &people).await?.into_iter().map(|p| (p.id, p.name)).collect();
    let name = |person: &PersonId| names.get(person).cloned().unwrap_or_default();
    let any = || lang.t("một người duyệt bất kỳ", "any approver").to_owned();
    let reads = kept.by == scope.person
        || [OrgRole::Approver, OrgRole::Accountant, OrgRole::Administrator]
            .iter()
            .any(|role| scope.has(*role));
    let record = told.as_ref().filter(|_| reads);
    Ok(Some(Proposal {
        lines: kept
            .picks
            .iter()
            .filter_map(|pick| line(pick, lines, (quotes, versions), lang))
            .collect(),
        total: kept.total.to_string(),
        by: name(&kept.by),
        at: date_time(kept.at),
        standing,
        asked: waits_for.iter().map(|who| who.as_ref().map_or_else(any, name)).collect(),
        href: record.map(|told| format!("/to-chuc/duyet/{}", told.request)).unwrap_or_default(),
        note: told.map(|told| told.note).unwrap_or_default(),
        gone: !kept.picks.iter().all(|pick| stands(pick, quotes, cx)),
        print: hex::encode(asked.print),
        picks: kept.picks,
    }))
}

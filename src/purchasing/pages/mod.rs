//! The pages of purchase orders: what both sides share.

pub(super) mod buyer;
pub(super) mod credit;
pub(super) mod papers;
pub(super) mod seller;
pub(super) mod sign;

use super::{
    error::PurchasingError,
    model::{self, PoState},
    read::{self, Scope, Whole},
    routes::Deps,
};
use crate::{
    enterprises,
    kernel::{Cx, Errors, Lang, SellerId, normalise},
    payments::PayAccount,
    platform::idempotency,
    web::{AsProblem, Begun, Page, PageError, begin_once, go_with},
};
use axum::response::Response;
use serde::Deserialize;
use sqlx::{PgConnection, PgTransaction};
use std::collections::BTreeMap;

/// What somebody presses on a purchase order; quantities by line are among the rest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(super) struct ActForm {
    key: String,
    act: String,
    note: String,
    v: String,
    /// Of a delivery or an instalment.
    nth: String,
    carrier: String,
    rest: BTreeMap<String, String>,
}

impl From<Vec<(String, String)>> for ActForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut rest: BTreeMap<String, String> = fields.into_iter().collect();
        let mut take = |name: &str| rest.remove(name).unwrap_or_default();
        let short = |text: String, most: usize| text.trim().chars().take(most).collect::<String>();
        Self {
            key: take("key"),
            act: take("act"),
            note: short(take("note"), 1000),
            v: take("v"),
            nth: take("nth"),
            carrier: short(take("carrier"), 200),
            rest,
        }
    }
}

impl ActForm {
    /// The version that was looked at.
    fn seen(&self) -> Option<i32> {
        self.v.parse().ok()
    }

    fn nth(&self) -> Result<i32, PageError> {
        self.nth.parse().map_err(|_| PageError::not_found())
    }

    /// Quantities of lines, of the fields `<prefix>-<position>`; wrong ones are noted.
    fn quantities(&self, prefix: &str, errors: &mut Errors) -> BTreeMap<i32, i64> {
        let mut all = BTreeMap::new();
        for (name, typed) in &self.rest {
            let Some(position) = name.strip_prefix(prefix).and_then(|p| p.strip_prefix('-')) else {
                continue;
            };
            let Ok(position) = position.parse::<i32>() else { continue };
            if typed.trim().is_empty() {
                continue;
            }
            match model::read_quantity(typed) {
                Some(quantity) => drop(all.insert(position, quantity)),
                None => errors.check(
                    false,
                    name,
                    "Xin ghi số lượng, ví dụ 12,5.",
                    "Please write a quantity, e.g. 12.5.",
                ),
            }
        }
        all
    }
}

async fn found(db: &mut PgConnection, number: &str, scope: Scope) -> Result<Whole, PageError> {
    let number: String = number.chars().take(20).collect();
    let plain = normalise(&number);
    // DM26000123 is DM26-000123.
    let number = match plain.split_at_checked(4) {
        Some((year, rest)) => format!("{year}-{rest}"),
        None => return Err(PageError::not_found()),
    };
    read::whole(db, &number, scope).await?.ok_or_else(PageError::not_found)
}

/// The seller's account, opened.
async fn account(
    db: &mut PgConnection,
    deps: &Deps,
    seller: SellerId,
) -> sqlx::Result<Option<PayAccount>> {
    let sealed = enterprises::bank_account(db, seller).await?;
    Ok(sealed.and_then(|sealed| sealed.open(&deps.sealer)).map(|bank| PayAccount {
        bin: bank.bin,
        bank_name: bank.bank_name,
        number: bank.number,
        name: bank.name,
    }))
}

/// What came of a press.
enum Pressed {
    Done(Response),
    /// Shown again with what is wrong.
    Wrong(Errors),
}

/// Begins a press: the transaction and the claim of its key.
async fn begin(
    deps: &Deps,
    (cx, page): (&Cx, &Page),
    key: &str,
    asked: (&str, &[u8]),
) -> Result<Result<(PgTransaction<'static>, idempotency::Once), Pressed>, PageError> {
    let mut tx = deps.db.begin().await?;
    let who = cx.person().map(|p| p.to_string()).unwrap_or_default();
    Ok(match begin_once(&mut tx, cx, page.lang, who, key, asked).await? {
        Begun::First(once) => Ok((tx, once)),
        Begun::Done(response) => Err(Pressed::Done(response)),
        Begun::Wrong(errors) => Err(Pressed::Wrong(errors)),
    })
}

/// Ends a press: what is wrong with the form is shown on it, everything else on a page of its own.
async fn end(
    (mut tx, once): (PgTransaction<'static>, idempotency::Once),
    page: &Page,
    back: &str,
    (outcome, line): (Result<(), PurchasingError>, &str),
) -> Result<Pressed, PageError> {
    use PurchasingError as E;
    match outcome {
        Ok(()) => {
            idempotency::settle(&mut tx, &once, back).await?;
            tx.commit().await?;
            Ok(Pressed::Done(go_with(page, back, line)))
        }
        Err(
            error @ (E::Note
            | E::Delivery
            | E::Pieces(_)
            | E::Credit(_)
            | E::NoAccount
            | E::Invalid(_)
            | E::Stock(_)),
        ) => {
            let problem = error.problem();
            if problem.status.is_server_error() {
                return Err(PageError(problem));
            }
            let mut errors = Errors::new(page.lang);
            errors.add("act", problem.title);
            Ok(Pressed::Wrong(errors))
        }
        Err(error) => Err(error.into()),
    }
}

/// One tab of a list.
struct Tab {
    href: String,
    label: String,
    current: bool,
}

fn tabs(here: &str, current: Option<PoState>, lang: Lang) -> Vec<Tab> {
    let all = Tab {
        href: here.to_owned(),
        label: lang.t("Tất cả", "All").to_owned(),
        current: current.is_none(),
    };
    let one = |state: PoState| Tab {
        href: format!("{here}?tt={}", state.code()),
        label: state.label().get(lang).to_owned(),
        current: current == Some(state),
    };
    std::iter::once(all).chain(PoState::ALL.into_iter().map(one)).collect()
}

/// What a list is asked for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    tt: String,
    sau: String,
}

impl Asked {
    fn state(&self) -> Option<PoState> {
        PoState::of(&self.tt)
    }

    /// The address of the next page; empty: there is none.
    fn older(&self, here: &str, next: &str) -> String {
        match next {
            "" => String::new(),
            next => {
                let tt = self.state().map_or("", PoState::code);
                format!("{here}?tt={tt}&sau={next}")
            }
        }
    }
}

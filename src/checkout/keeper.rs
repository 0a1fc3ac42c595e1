//! Whose basket it is: a person's by his account, a guest's by a cookie of 256 random bits.
//!
//! A request that carries both merges the guest's basket into the person's.

use super::{model::MOST_OF_ONE, queries, queries_checkouts::Whose};
use crate::{
    kernel::{Cx, PersonId},
    web::{Page, Viewer, cookies},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use axum_extra::extract::cookie::CookieJar;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::convert::Infallible;
use uuid::Uuid;

/// How long a guest's basket is remembered.
pub(super) const GUEST_DAYS: i64 = 180;

/// Who asks, as far as baskets are concerned.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    pub(super) person: Option<PersonId>,
    /// The same, and for whom he buys.
    pub(super) buyer: Buyer,
    /// Names his session.
    pub(super) session: Option<Uuid>,
    /// SHA-256 of the guest's cookie.
    token_hash: Option<Vec<u8>>,
    /// A clerk who orders for somebody: himself, and the visit that the basket belongs to.
    pub(super) assisted: Option<(PersonId, Uuid)>,
}

/// Who buys, as far as firms are concerned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Buyer {
    pub(super) person: Option<PersonId>,
    /// For which organisation he chose to buy, or for himself.
    pub(super) choice: Option<Uuid>,
    /// He belongs to an organisation: nothing is asked of others.
    pub(super) in_firm: bool,
}

/// A basket that was found or made, and what the browser must be told of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    pub(super) basket: Option<Uuid>,
    /// A new guest's cookie.
    token: Option<String>,
    /// The guest's basket has become the person's, or is no more.
    forget: bool,
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl<S: Send + Sync> FromRequestParts<S> for Keeper {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(cookies::BASKET).map(|c| c.value()).filter(|token| token.len() == 64);
        let viewer = parts.extensions.get::<Viewer>();
        let person = viewer.map(|viewer| viewer.id);
        let session = viewer.map(|viewer| viewer.session);
        let buyer = viewer.map(|viewer| Buyer {
            person,
            choice: viewer.buying_for,
            in_firm: !viewer.orgs.is_empty(),
        });
        let visit = jar.get(cookies::ASSISTED).and_then(|c| c.value().parse::<Uuid>().ok());
        // The villager's basket is nobody's account, least of all the clerk's; and it opens to that clerk alone,
        // whoever else may have learnt the visit's name.
        if let (Some(clerk), Some(visit)) = (person, visit) {
            let token_hash = Some(hash(&format!("assisted:{visit}:{clerk}")));
            let buyer = Buyer::default();
            let assisted = Some((clerk, visit));
            return Ok(Self { person: None, buyer, session: None, token_hash, assisted });
        }
        let (buyer, token_hash) = (buyer.unwrap_or_default(), token.map(hash));
        Ok(Self { person, buyer, session, token_hash, assisted: None })
    }
}

impl Keeper {
    /// The basket, if there is one.
    pub(super) async fn find(&self, db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Held> {
        match (self.person, &self.token_hash) {
            (Some(person), Some(token)) => {
                if let Some(guest) = queries::lock_basket_of_token(db, token).await? {
                    let own =
                        queries::ensure_basket_of_person(db, cx.new_id(), person, cx.now).await?;
                    queries::merge(db, guest, own, person, MOST_OF_ONE).await?;
                }
                let basket = queries::basket_of_person(db, person).await?;
                Ok(Held { basket, token: None, forget: true })
            }
            (Some(person), None) => {
                let basket = queries::basket_of_person(db, person).await?;
                Ok(Held { basket, ..Held::default() })
            }
            (None, Some(token)) => {
                let basket = queries::basket_of_token(db, token).await?;
                let forget = basket.is_none() && self.assisted.is_none();
                Ok(Held { basket, token: None, forget })
            }
            (None, None) => Ok(Held::default()),
        }
    }

    /// Whose checkout is to be placed, and what the browser must be told; a guest's basket is found together with
    /// his checkout.
    pub(super) async fn whose(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
    ) -> sqlx::Result<Option<(Whose<'_>, Held)>> {
        if let (None, Some(token)) = (self.person, &self.token_hash) {
            return Ok(Some((Whose::Guest(token), Held::default())));
        }
        let held = self.find(db, cx).await?;
        Ok(held.basket.map(|basket| (Whose::Basket(basket), held)))
    }

    /// The basket, made if there is none; locked.
    pub(super) async fn ensure(
        &self,
        db: &mut PgConnection,
        cx: &Cx,
    ) -> sqlx::Result<(Uuid, Held)> {
        let held = match (self.person, &self.token_hash) {
            (None, Some(token)) => {
                let basket = queries::touch_of_token(db, token, cx.now).await?;
                Held { basket, token: None, forget: basket.is_none() }
            }
            _ => {
                let held = self.find(db, cx).await?;
                if let Some(basket) = held.basket {
                    queries::touch(db, basket, cx.now).await?;
                }
                held
            }
        };
        if let Some(basket) = held.basket {
            return Ok((basket, held));
        }
        let id = cx.new_id();
        if let Some(person) = self.person {
            let basket = queries::ensure_basket_of_person(db, id, person, cx.now).await?;
            return Ok((basket, Held { basket: Some(basket), ..held }));
        }
        if let (Some(_), Some(hash)) = (self.assisted, &self.token_hash) {
            let basket = queries::ensure_basket_of_token(db, id, hash, cx.now).await?;
            return Ok((basket, Held { basket: Some(basket), ..held }));
        }
        let bits: [u8; 32] = rand::random();
        let token: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
        let basket = queries::ensure_basket_of_token(db, id, &hash(&token), cx.now).await?;
        Ok((basket, Held { basket: Some(basket), token: Some(token), forget: false }))
    }
}

impl Held {
    /// Tells the browser about its basket: the cookies, and how many pieces the header shows.
    pub(super) fn dress(&self, page: &Page, pieces: i64, mut response: Response) -> Response {
        let secure = page.site.https();
        let count = pieces.clamp(0, 9999).to_string();
        let mut set = vec![cookies::for_days(cookies::BASKET_COUNT, count, GUEST_DAYS, secure)];
        match &self.token {
            Some(token) => {
                set.push(cookies::for_days(cookies::BASKET, token.clone(), GUEST_DAYS, secure));
            }
            None if self.forget => set.push(cookies::gone(cookies::BASKET, secure)),
            None => {}
        }
        for cookie in set {
            if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

//! People with a session of their own, signed in without the form.

use super::{World, browser::Browser};
use reqwest::cookie::Jar;
use santinh::{
    accounts::{self, NewPerson, Role},
    kernel::{Lang, PersonId},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Somebody who has signed in.
#[derive(Clone)]
pub struct Somebody {
    pub id: PersonId,
    pub email: String,
    pub browser: Browser,
}

impl World {
    /// A person with a confirmed address, signed in.
    pub async fn person(&self, name: &str, email: &str) -> Somebody {
        let mut db = self.db.acquire().await.unwrap();
        let new = NewPerson {
            name: name.to_owned(),
            email: Some(email.to_owned()),
            phone: None,
            lang: Lang::Vi,
            password_hash: None,
            email_confirmed: true,
        };
        let id = accounts::create_person(&mut db, &self.cx(), &new).await.unwrap();
        Somebody { id, email: email.to_owned(), browser: self.signed_in(id, false).await }
    }

    /// An officer of the Department, his second factor given.
    pub async fn officer(&self, name: &str, email: &str) -> Somebody {
        self.with_role(name, email, Role::Officer).await
    }

    /// Somebody of the operator, his second factor given.
    pub async fn operator(&self, name: &str, email: &str) -> Somebody {
        self.with_role(name, email, Role::Operator).await
    }

    async fn with_role(&self, name: &str, email: &str, role: Role) -> Somebody {
        let mut somebody = self.person(name, email).await;
        let mut db = self.db.acquire().await.unwrap();
        accounts::grant_role(&mut db, &self.cx(), somebody.id, role).await.unwrap();
        somebody.browser = self.signed_in(somebody.id, true).await;
        somebody
    }

    /// A browser that carries a session of `person`.
    pub async fn signed_in(&self, person: PersonId, second_factor: bool) -> Browser {
        self.session(person, second_factor, None).await
    }

    /// The same in a browser that has a cookie from before.
    pub async fn signed_in_with(&self, person: PersonId, cookie: &str) -> Browser {
        self.session(person, false, Some(cookie)).await
    }

    async fn session(&self, person: PersonId, second_factor: bool, more: Option<&str>) -> Browser {
        let token = self.session_of(person, second_factor).await;
        let jar = Jar::default();
        jar.add_cookie_str(&format!("sid={token}; Path=/"), &self.base.parse().unwrap());
        if let Some(cookie) = more {
            jar.add_cookie_str(&format!("{cookie}; Path=/"), &self.base.parse().unwrap());
        }
        let http = reqwest::Client::builder().cookie_provider(Arc::new(jar)).build().unwrap();
        Browser { http, base: self.base.clone() }
    }

    /// The value of the cookie `sid` of a new session.
    pub async fn session_of(&self, person: PersonId, second_factor: bool) -> String {
        let token: String =
            format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        let now = self.clock.now();
        sqlx::query(
            "insert into accounts.sessions (token_hash, id, person_id, user_agent, address, second_factor_at,
                created_at, last_seen_at, expires_at)
             values ($1, $2, $3, 'test', '127.0.0.1', $4, $5, $5, $6)",
        )
        .bind(Sha256::digest(token.as_bytes()).to_vec())
        .bind(uuid::Uuid::new_v4())
        .bind(person.0)
        .bind(second_factor.then_some(now))
        .bind(now)
        .bind(now + chrono::TimeDelta::days(30))
        .execute(&self.db)
        .await
        .unwrap();
        token
    }
}

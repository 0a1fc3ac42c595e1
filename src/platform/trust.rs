//! The trust store: certificates of authorities and their lists of revoked ones, brought as data.

use super::signatures::{Anchor, RevokedList, Trust, read_store};
use crate::kernel::{Cx, Day, day_of};
use anyhow::Context;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// What is said of a file besides what is in it.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// What the operator calls the authority; empty: as its certificate does.
    pub name: String,
    pub licence: String,
    pub source: String,
    /// Of the licence; `None`: as long as the certificate.
    pub from: Option<Day>,
    /// Exclusive.
    pub until: Option<Day>,
    /// For trying things out.
    pub test: bool,
}

/// How much a file brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brought {
    pub anchors: usize,
    pub lists: usize,
}

/// One authority, as the operator sees it.
#[derive(Debug, Clone)]
pub struct AnchorRow {
    pub fingerprint: Vec<u8>,
    pub name: String,
    pub licence: String,
    pub source: String,
    pub valid_from: DateTime<Utc>,
    pub valid_until: DateTime<Utc>,
    pub trusted_from: Option<Day>,
    pub trusted_until: Option<Day>,
    pub test: bool,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl AnchorRow {
    /// Whether signatures are judged by it now; `demo`: this is one.
    #[must_use]
    pub fn counts(&self, now: DateTime<Utc>, demo: bool) -> bool {
        let today = day_of(now);
        self.withdrawn_at.is_none()
            && (demo || !self.test)
            && self.valid_from <= now
            && now <= self.valid_until
            && self.trusted_from.is_none_or(|from| from <= today)
            && self.trusted_until.is_none_or(|until| today < until)
    }
}

/// Whom the floor trusts now. Test authorities count in a demo only.
///
/// # Errors
/// Whatever the database says.
pub async fn current(db: &mut PgConnection, cx: &Cx, demo: bool) -> sqlx::Result<Trust> {
    let broken = |error| sqlx::Error::Decode(Box::new(error));
    let mut trust = Trust::default();
    let rows = sqlx::query!(
        "select der, test from platform.trust_anchors
         where withdrawn_at is null and ($3 or not test) and $1 between valid_from and valid_until
           and coalesce(trusted_from <= $2, true) and coalesce(trusted_until > $2, true)",
        cx.now,
        day_of(cx.now),
        demo,
    );
    for row in rows.fetch_all(&mut *db).await? {
        trust.anchors.push(Anchor::read(&row.der, row.test).map_err(broken)?);
    }
    let lists = sqlx::query_scalar!("select der from platform.trust_lists").fetch_all(db).await?;
    for der in lists {
        trust.lists.push(RevokedList::read(&der).map_err(broken)?);
    }
    Ok(trust)
}

/// Takes in all certificates and lists of a PEM or DER file. One that is there already is trusted again, with what is
/// said of it now; an older list never replaces a newer one.
///
/// # Errors
/// A file of something else; a certificate that is not an authority's; whatever the database says.
pub async fn bring(
    db: &mut PgConnection,
    cx: &Cx,
    file: &[u8],
    said: &Said,
) -> anyhow::Result<Brought> {
    let (certificates, lists) = read_store(file)?;
    let mut brought = Brought::default();
    for der in certificates {
        let anchor = Anchor::read(&der, said.test).context("not a certificate of an authority")?;
        let (own, from, until) = anchor.facts();
        let name = if said.name.is_empty() { own } else { said.name.clone() };
        let fingerprint = Sha256::digest(&der);
        sqlx::query!(
            "insert into platform.trust_anchors (fingerprint, der, name, licence, source, valid_from, valid_until,
                                                 trusted_from, trusted_until, test, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (fingerprint) do update
             set name = excluded.name, licence = excluded.licence, source = excluded.source,
                 trusted_from = excluded.trusted_from, trusted_until = excluded.trusted_until,
                 test = excluded.test, withdrawn_at = null",
            fingerprint.as_slice(),
            der,
            name,
            said.licence,
            said.source,
            from,
            until,
            said.from,
            said.until,
            said.test,
            cx.now,
        )
        .execute(&mut *db)
        .await?;
        brought.anchors += 1;
    }
    for der in lists {
        let list = RevokedList::read(&der)?;
        let issuer = Sha256::digest(list.issuer());
        let done = sqlx::query!(
            "insert into platform.trust_lists (issuer, name, der, issued_at, added_at) values ($1, $2, $3, $4, $5)
             on conflict (issuer) do update
             set name = excluded.name, der = excluded.der, issued_at = excluded.issued_at, added_at = excluded.added_at
             where platform.trust_lists.issued_at < excluded.issued_at",
            issuer.as_slice(),
            list.issuer_name(),
            der,
            list.issued_at(),
            cx.now,
        )
        .execute(&mut *db)
        .await?;
        brought.lists += usize::try_from(done.rows_affected())?;
    }
    Ok(brought)
}

/// All authorities that were ever brought.
///
/// # Errors
/// Whatever the database says.
pub async fn anchors(db: &mut PgConnection) -> sqlx::Result<Vec<AnchorRow>> {
    sqlx::query_as!(
        AnchorRow,
        "select fingerprint, name, licence, source, valid_from, valid_until, trusted_from, trusted_until, test,
                withdrawn_at
         from platform.trust_anchors order by withdrawn_at is not null, name, valid_from"
    )
    .fetch_all(db)
    .await
}

/// The lists of revoked certificates: whose, and of when.
///
/// # Errors
/// Whatever the database says.
pub async fn lists(db: &mut PgConnection) -> sqlx::Result<Vec<(String, DateTime<Utc>)>> {
    let rows = sqlx::query!("select name, issued_at from platform.trust_lists order by name");
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.name, row.issued_at)).collect())
}

/// Trusts an authority no longer; signatures that were kept stay. Gives its name.
///
/// # Errors
/// Whatever the database says.
pub async fn withdraw(
    db: &mut PgConnection,
    cx: &Cx,
    fingerprint: &[u8],
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update platform.trust_anchors set withdrawn_at = $2
         where fingerprint = $1 and withdrawn_at is null returning name",
        fingerprint,
        cx.now,
    )
    .fetch_optional(db)
    .await
}

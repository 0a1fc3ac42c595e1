//! Opening a shop, and telling more of it.

use super::{
    error::SellerError,
    events::SellerChanged,
    model::{NewSeller, Role, State},
    queries, queries_people,
    register::Sizer,
};
use crate::{
    kernel::{Cx, PersonId, SellerId, code_from, slug},
    platform::outbox,
};
use sqlx::PgConnection;

/// Opens a shop as a draft, with `owner` as its first member.
///
/// # Errors
/// [`SellerError::Taken`] when a living shop has this tax code.
pub async fn open_shop(
    db: &mut PgConnection,
    cx: &Cx,
    new: NewSeller,
    owner: Option<PersonId>,
) -> Result<SellerId, SellerError> {
    if let Some(code) = &new.tax_code
        && queries::living(db, &code.to_string()).await?.is_some()
    {
        return Err(SellerError::Taken);
    }
    let sizer = Sizer::load(db, cx).await?;
    let size = sizer.class(new.vsic.as_deref(), new.employees, new.revenue, new.capital);
    let id = SellerId(cx.new_id());
    let base = if new.slug.is_empty() { slug(&new.shop_name) } else { new.slug.clone() };
    // A few readable ones, then one that nobody else has.
    let mut names = vec![base.clone()];
    names.extend((2..=9).map(|n| format!("{base}-{n}")));
    names.push(format!("{base}-{}", code_from(id.0).to_lowercase()));
    let mut written = false;
    for name in names {
        written = queries::insert(db, cx, id, &new, &name, size).await.map_err(taken)?;
        if written {
            break;
        }
    }
    if !written {
        return Err(SellerError::Stale);
    }
    queries::insert_event(db, cx, id, None, (State::Draft, State::Draft), "").await?;
    if let Some(owner) = owner {
        queries_people::insert(db, cx, id, owner, Role::Owner).await?;
    }
    Ok(id)
}

/// Two that open the same firm at once: the index decides.
fn taken(error: sqlx::Error) -> SellerError {
    match &error {
        sqlx::Error::Database(e) if e.constraint() == Some("sellers_tax_code") => {
            SellerError::Taken
        }
        _ => error.into(),
    }
}

/// Writes the profile: everything while the file is open, introduction and contact afterwards.
/// `version` is the one that the form was made from.
///
/// # Errors
/// [`SellerError::Stale`] when the file has changed or is closed to changes.
pub async fn save_profile(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    version: i32,
    new: &NewSeller,
) -> Result<(), SellerError> {
    let sizer = Sizer::load(db, cx).await?;
    let size = sizer.class(new.vsic.as_deref(), new.employees, new.revenue, new.capital);
    if queries::update_all(db, cx, seller, version, new, size).await.map_err(taken)? {
        return Ok(());
    }
    if !queries::update_contact(db, cx, seller, version, new).await? {
        return Err(SellerError::Stale);
    }
    outbox::publish(db, cx, &SellerChanged { seller }).await?;
    Ok(())
}

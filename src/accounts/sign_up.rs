//! Signing up: whoever asks hears the same, whether the address has an account or not.

use super::{
    AccountError, Consenting, Contact, NewPerson, Purpose, confirm, consents, letters::Letters,
    queries,
};
use crate::{
    kernel::{Cx, Lang, PersonId},
    platform::mail,
};
use sqlx::PgConnection;

/// A checked sign-up.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) contact: Contact,
    pub(super) password_hash: String,
    pub(super) consents: Vec<Purpose>,
    pub(super) lang: Lang,
    /// Where the reader was on his way to.
    pub(super) onward: Option<String>,
}

/// Makes the account, or tells the address's owner that somebody tried. A number cannot be told.
pub(super) async fn sign_up(
    db: &mut PgConnection,
    cx: &Cx,
    letters: &Letters,
    wanted: &Wanted,
) -> Result<(), AccountError> {
    let (email, phone) = match &wanted.contact {
        Contact::Email(email) => (Some(email.clone()), None),
        Contact::Phone(phone) => (None, Some(phone.clone())),
    };
    let new = NewPerson {
        name: wanted.name.clone(),
        email: email.clone(),
        phone,
        lang: wanted.lang,
        password_hash: Some(wanted.password_hash.clone()),
        email_confirmed: false,
    };
    let made = queries::insert(db, PersonId(cx.new_id()), &new, cx.now).await?;
    let person = match (made, &email) {
        (Some(person), _) => person,
        (None, None) => return Ok(()),
        (None, Some(email)) => match again(db, cx, letters, &new, email).await? {
            Some(person) => person,
            None => return Ok(()),
        },
    };
    let who = Consenting::Person(person);
    consents::record_consents(db, cx, who, &wanted.consents, wanted.lang, "/dang-ky").await?;
    if let Some(email) = &email {
        let onward = wanted.onward.as_deref();
        let to = confirm::Recipient { person, name: &new.name, email };
        confirm::send(db, cx, letters, &to, wanted.lang, onward).await?;
    }
    Ok(())
}

/// The address is known: a sign-up that nobody confirmed is replaced, an owner is told.
async fn again(
    db: &mut PgConnection,
    cx: &Cx,
    letters: &Letters,
    new: &NewPerson,
    email: &str,
) -> Result<Option<PersonId>, AccountError> {
    let Some(there) = queries::by_contact(db, email).await? else { return Ok(None) };
    if there.email_confirmed_at.is_none() && queries::renew_unconfirmed(db, there.id, new).await? {
        return Ok(Some(there.id));
    }
    let hour = cx.now.timestamp() / 3600;
    let letter = letters.taken(Lang::of(&there.lang), &there.name, email, hour);
    mail::queue(db, cx, &letter).await?;
    Ok(None)
}

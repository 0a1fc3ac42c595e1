//! The buyer asks for an invoice: at checkout, or later on the order's page.

use super::{error::DocumentError, queries_invoices as queries};
use crate::{
    kernel::{CheckoutId, Cx, Errors, Lang, OrderId, PersonId, SellerId, TaxCode, Text},
    organisations::{self, Organisation},
};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

/// Whom an invoice names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recipient {
    pub name: String,
    /// Empty for a person.
    pub tax_code: Option<String>,
    pub address: String,
    /// Where the invoice is sent; may be empty.
    pub email: String,
}

impl From<Organisation> for Recipient {
    fn from(firm: Organisation) -> Self {
        Self {
            name: firm.name,
            tax_code: Some(firm.tax_code),
            address: firm.address,
            email: firm.email,
        }
    }
}

/// The form as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InvoiceForm {
    pub hd_ten: String,
    pub hd_mst: String,
    pub hd_dia_chi: String,
    pub hd_email: String,
}

impl From<Recipient> for InvoiceForm {
    fn from(to: Recipient) -> Self {
        Self {
            hd_ten: to.name,
            hd_mst: to.tax_code.unwrap_or_default(),
            hd_dia_chi: to.address,
            hd_email: to.email,
        }
    }
}

fn email(typed: &str) -> Result<String, Text> {
    let typed = typed.trim().to_lowercase();
    let fits = typed.is_empty() || (typed.len() <= 200 && typed.parse::<lettre::Address>().is_ok());
    if fits {
        return Ok(typed);
    }
    Err(Text::new(
        "Địa chỉ thư chưa đúng, ví dụ ten@example.vn.",
        "This is not an e-mail address, e.g. name@example.vn.",
    ))
}

impl InvoiceForm {
    /// Whom it names, or what is wrong field by field.
    ///
    /// # Errors
    /// One note a field.
    pub fn check(&self, lang: Lang) -> Result<Recipient, Errors> {
        let mut errors = Errors::new(lang);
        let name = self.hd_ten.trim();
        errors.check(
            (2..=200).contains(&name.chars().count()),
            "hd_ten",
            "Ghi tên người mua hoặc đơn vị trên hóa đơn, từ 2 đến 200 chữ.",
            "Write the buyer's or firm's name for the invoice, 2 to 200 characters.",
        );
        let tax_code = match self.hd_mst.trim() {
            "" => Some(None),
            typed => {
                errors.take("hd_mst", TaxCode::parse(typed)).map(|code| Some(code.to_string()))
            }
        };
        let address = self.hd_dia_chi.trim().replace('\n', ", ");
        errors.check(
            (5..=300).contains(&address.chars().count()),
            "hd_dia_chi",
            "Ghi địa chỉ trên hóa đơn, từ 5 đến 300 chữ.",
            "Write the address for the invoice, 5 to 300 characters.",
        );
        let email = errors.take("hd_email", email(&self.hd_email));
        match (tax_code, email) {
            (Some(tax_code), Some(email)) if errors.is_empty() => {
                Ok(Recipient { name: name.to_owned(), tax_code, address, email })
            }
            _ => Err(errors),
        }
    }
}

/// What is known of the firm that this person buys for (`choice`: the one of his session), for a form that is shown first.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn firm_of(
    db: &mut PgConnection,
    person: Option<PersonId>,
    choice: Option<Uuid>,
) -> sqlx::Result<Option<Recipient>> {
    let Some(person) = person else { return Ok(None) };
    Ok(organisations::acting(db, person, choice).await?.map(Recipient::from))
}

/// Keeps what a checkout says of its invoice.
///
/// # Errors
/// Whatever the database says.
pub async fn keep_wish(
    db: &mut PgConnection,
    cx: &Cx,
    checkout: CheckoutId,
    to: &Recipient,
) -> sqlx::Result<()> {
    queries::save_wish(db, checkout, to, cx.now).await
}

/// No invoice is asked for any more.
///
/// # Errors
/// Whatever the database says.
pub async fn forget_wish(db: &mut PgConnection, checkout: CheckoutId) -> sqlx::Result<()> {
    queries::delete_wish(db, checkout).await
}

/// What a checkout says of its invoice; what is known of the buyer's firm where nothing was said.
///
/// # Errors
/// Whatever the database says.
pub async fn wish(
    db: &mut PgConnection,
    checkout: Option<CheckoutId>,
    person: Option<PersonId>,
    choice: Option<Uuid>,
) -> sqlx::Result<(bool, Option<Recipient>)> {
    let said = match checkout {
        Some(checkout) => queries::wish(db, checkout).await?,
        None => None,
    };
    match said {
        Some(said) => Ok((true, Some(said))),
        None => Ok((false, firm_of(db, person, choice).await?)),
    }
}

/// The orders of a checkout take over what it said of its invoice: one statement, for checkouts that asked.
///
/// # Errors
/// Whatever the database says.
pub async fn asked_at_checkout(
    db: &mut PgConnection,
    cx: &Cx,
    checkout: CheckoutId,
    orders: &[(OrderId, SellerId)],
) -> sqlx::Result<()> {
    queries::take_over_wish(db, checkout, orders, cx.now).await
}

/// Asks for an invoice of one order, or says anew whom it is to name.
///
/// # Errors
/// [`DocumentError::Issued`] when there is one.
pub(super) async fn ask(
    db: &mut PgConnection,
    cx: &Cx,
    order: (OrderId, SellerId),
    to: &Recipient,
) -> Result<(), DocumentError> {
    queries::queue_for(db, order.0).await?;
    if queries::current(db, order.0).await?.is_some() {
        return Err(DocumentError::Issued);
    }
    Ok(queries::save_request(db, order, to, cx.now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_needs_no_tax_code_and_a_wrong_one_is_told() {
        let form = |name: &str, code: &str, address: &str| InvoiceForm {
            hd_ten: name.into(),
            hd_mst: code.into(),
            hd_dia_chi: address.into(),
            hd_email: String::new(),
        };
        let lan = form("Lan", "", "12 Lê Duẩn").check(Lang::Vi).unwrap();
        assert_eq!(lan.tax_code, None);
        let firm = form("Công ty A", "3200000027", "12 Lê Duẩn").check(Lang::Vi).unwrap();
        assert_eq!(firm.tax_code.as_deref(), Some("3200000027"));
        let wrong = form("", "3200000028", "x").check(Lang::Vi).unwrap_err();
        for field in ["hd_ten", "hd_mst", "hd_dia_chi"] {
            assert!(wrong.get(field).is_some(), "{field}");
        }
    }
}

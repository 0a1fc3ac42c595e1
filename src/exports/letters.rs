//! What buyers abroad and sellers are written, queued with their cause. Buyers abroad are written in English.

use super::{
    enquire::NewEnquiry,
    error::ExportError,
    offer::{NewOffer, Verdict},
    queries_enquiries::Enquiry,
};
use crate::{
    accounts,
    config::Site,
    enterprises,
    kernel::{Cx, Lang},
    platform::mail::{self, Mail},
};
use sqlx::PgConnection;
use uuid::Uuid;

async fn to_buyer(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (to, subject, body, cause): (&str, String, String, String),
) -> Result<(), ExportError> {
    let body = format!("Hello,\n\n{body}\n\n-- \n{}\n{}\n", site.name, site.base_url);
    let dedup_key = format!("exports.{cause}");
    mail::queue(db, cx, &Mail { to: to.to_owned(), subject, body, dedup_key }).await?;
    Ok(())
}

async fn to_owners(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    enquiry: &Enquiry,
    cause: &str,
    write: impl Fn(Lang) -> (String, String),
) -> Result<(), ExportError> {
    let link = format!("{}/ban-hang/xuat-khau/{}", site.base_url, enquiry.id);
    for owner in enterprises::owners(db, enquiry.seller).await? {
        let Some(person) = accounts::person(db, owner).await? else { continue };
        let Some(to) = person.email else { continue };
        let (subject, told) = write(person.lang);
        let hello = person.lang.t("Kính gửi quý vị,", "Hello,");
        let body =
            format!("{hello}\n\n{told}\n\n{link}\n\n-- \n{}\n{}\n", site.name, site.base_url);
        let dedup_key = format!("exports.{cause}:{owner}");
        mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
    }
    Ok(())
}

fn link(site: &Site, secret: &str) -> String {
    format!("{}/hoi-hang/{secret}?lang=en", site.base_url)
}

pub(super) async fn to_confirm(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (id, secret): (Uuid, &str),
    new: &NewEnquiry,
) -> Result<(), ExportError> {
    let subject = format!("Please confirm your enquiry about {}", new.about.name);
    let body = format!(
        "Somebody, probably you, has asked for an offer for {} on {}.\n\nPlease open this link and press the button; only then is your enquiry sent to the seller:\n{}\n\nIf it was not you, ignore this mail: the enquiry is deleted after a week.",
        new.about.name,
        site.name,
        link(site, secret)
    );
    to_buyer(db, cx, site, (&new.email, subject, body, format!("confirm:{id}"))).await
}

pub(super) async fn asked(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    enquiry: &Enquiry,
) -> Result<(), ExportError> {
    let write = |lang: Lang| {
        let (vi, en) = ("Hỏi hàng xuất khẩu: {}", "Export enquiry: {}");
        let told = format!(
            "{} ({}, {})\n{} · {} {}\n\n{}",
            enquiry.name,
            enquiry.company,
            enquiry.country,
            enquiry.quantity,
            enquiry.incoterm,
            enquiry.port,
            enquiry.message
        );
        (lang.t(vi, en).replace("{}", &enquiry.product_name), told)
    };
    to_owners(db, cx, site, enquiry, &format!("asked:{}", enquiry.id), write).await
}

pub(super) async fn offered(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    enquiry: &Enquiry,
    (version, offer): (i32, &NewOffer),
) -> Result<(), ExportError> {
    let subject = format!("Offer {version} for {}", enquiry.product_name);
    let body = format!(
        "The seller offers {} per {}, {} {} (Incoterms 2020), valid until {}.\n\nRead it and answer here:\n{}",
        offer.currency.shown(offer.price),
        offer.unit,
        offer.incoterm,
        offer.place,
        offer.valid_until.format("%d %B %Y"),
        link(site, &enquiry.secret)
    );
    let cause = format!("offered:{}:{version}", enquiry.id);
    to_buyer(db, cx, site, (&enquiry.email, subject, body, cause)).await
}

pub(super) async fn closed(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    enquiry: &Enquiry,
    reason: &str,
) -> Result<(), ExportError> {
    let subject = format!("Your enquiry about {}", enquiry.product_name);
    let body = format!("The seller cannot make an offer: {reason}");
    let cause = format!("closed:{}", enquiry.id);
    to_buyer(db, cx, site, (&enquiry.email, subject, body, cause)).await
}

pub(super) async fn answered(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    enquiry: &Enquiry,
    verdict: &Verdict,
) -> Result<(), ExportError> {
    let write = |lang: Lang| {
        let (subject, told) = match verdict {
            Verdict::Accept => (
                lang.t("Chào giá được nhận: {}", "Your offer is accepted: {}"),
                lang.t(
                    "Hãy liên hệ người mua để ký hợp đồng: ",
                    "Contact the buyer for the contract: ",
                )
                .to_owned()
                    + &enquiry.email,
            ),
            Verdict::Decline { reason } => (
                lang.t("Chào giá không được nhận: {}", "Your offer was declined: {}"),
                reason.clone(),
            ),
        };
        (subject.replace("{}", &enquiry.product_name), told)
    };
    let cause = format!("answered:{}:{}", enquiry.id, enquiry.offers);
    to_owners(db, cx, site, enquiry, &cause, write).await
}

//! The demo's people: buyers, owners and staff of shops, officers, operators. All invented.

use super::{ago, rows};
use crate::{
    accounts::{self, Consenting, NewAddress, NewPerson, Purpose, Role},
    assisted,
    kernel::{Cx, Lang, PersonId, Phone},
    places::{self, Places},
};
use anyhow::anyhow;
use sqlx::PgConnection;
use std::collections::HashMap;

/// The password of every demo person. It is printed and written in the README: the demo is no secret.
pub const PASSWORD: &str = "santinh-demo-2026";

/// Those who look after the floor: e-mail, name, role, the second factor's secret in base32.
const DESKS: [(&str, &str, Role, &str); 4] = [
    ("canbo1@demo.santinh.vn", "Cán bộ Một", Role::Officer, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    ("canbo2@demo.santinh.vn", "Cán bộ Hai", Role::Officer, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"),
    (
        "vanhanh1@demo.santinh.vn",
        "Vận hành Một",
        Role::Operator,
        "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK",
    ),
    (
        "vanhanh2@demo.santinh.vn",
        "Vận hành Hai",
        Role::Operator,
        "NB2W45DFOIZTENBTNB2W45DFOIZTENBT",
    ),
];

/// Sign-ins worth trying, for the terminal and the README: who it is, and the e-mail address.
pub const SIGN_INS: [(&str, &str); 9] = [
    ("buyer / người mua", "an.pham@demo.santinh.vn"),
    ("buyer / người mua", "binh.truong@demo.santinh.vn"),
    ("seller's owner / chủ gian hàng", "suong-huong-phung.chu@demo.santinh.vn"),
    ("seller's staff / nhân viên gian hàng", "suong-huong-phung.nhanvien@demo.santinh.vn"),
    ("seller's owner / chủ gian hàng", "may-khe-sanh.chu@demo.santinh.vn"),
    ("seller's staff / nhân viên gian hàng", "may-khe-sanh.nhanvien@demo.santinh.vn"),
    ("buying organisation / doanh nghiệp mua hàng", "sieu-thi-que-minh.chu@demo.santinh.vn"),
    ("buying organisation / doanh nghiệp mua hàng", "bep-nha-minh.chu@demo.santinh.vn"),
    ("clerk of a post office / nhân viên điểm hỗ trợ", CLERK),
];

/// Orders for villagers at a post office.
const CLERK: &str = "diem.ho.tro@demo.santinh.vn";

/// The second factor's secret of a demo officer or operator.
#[must_use]
pub fn secret_of(email: &str) -> Option<&'static str> {
    DESKS.iter().find(|desk| desk.0 == email).map(|desk| desk.3)
}

/// A buyer and where his parcels go.
pub(super) struct Buyer {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) commune: String,
    pub(super) line: String,
}

/// Everybody.
pub(super) struct People {
    pub(super) buyers: Vec<Buyer>,
    /// Owner and one of the staff, by the firm's slug.
    pub(super) shops: HashMap<String, (PersonId, PersonId)>,
}

/// One hash for all: hashing is slow on purpose.
pub(super) async fn hash() -> anyhow::Result<String> {
    accounts::hash_password(PASSWORD).await.map_err(|e| anyhow!("{e}"))
}

/// The clerk of the first point of the home province.
async fn clerk(db: &mut PgConnection, cx: &Cx, places: &Places, hash: &str) -> anyhow::Result<()> {
    let id = person(db, &ago(cx, 200, 0), hash, "Nhân viên điểm hỗ trợ", CLERK, None).await?;
    let points = places::points_in(db, places.home(), None).await?;
    if let Some(point) = points.first() {
        assisted::grant(db, &ago(cx, 199, 0), id, point.id).await?;
    }
    Ok(())
}

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Places,
    hash: &str,
) -> anyhow::Result<People> {
    let mut people = People { buyers: Vec::new(), shops: HashMap::new() };
    clerk(db, cx, places, hash).await?;
    for (email, name, role, secret) in DESKS {
        let id = person(db, &ago(cx, 400, 0), hash, name, email, None).await?;
        accounts::grant_role(db, cx, id, role).await?;
        accounts::set_second_factor(db, cx, id, secret).await?;
    }
    for (at, row) in rows::people()?.into_iter().enumerate() {
        let since = ago(cx, 360 - i64::try_from(at)? * 7, 3);
        let phone = Phone::parse(&row.phone).map_err(|e| anyhow!("{e}"))?.as_str().to_owned();
        let id = person(db, &since, hash, &row.name, &row.email, Some(phone.clone())).await?;
        let address = NewAddress {
            recipient: row.name.clone(),
            phone: phone.clone(),
            commune_code: row.commune_code.clone(),
            line: row.address.clone(),
            is_default: true,
        };
        accounts::save_address(db, &since, id, &address).await?;
        let (name, email, commune, line) = (row.name, row.email, row.commune_code, row.address);
        people.buyers.push(Buyer { id, name, phone, email, commune, line });
    }
    for (at, firm) in rows::firms()?.into_iter().enumerate() {
        let since = ago(cx, 390 - i64::try_from(at)? * 3, 5);
        let owner_mail = firm.email.replace('@', ".chu@");
        let staff_mail = firm.email.replace('@', ".nhanvien@");
        let owner =
            person(db, &since, hash, &format!("Chủ {}", firm.short_name), &owner_mail, None)
                .await?;
        let staff =
            person(db, &since, hash, &format!("Nhân viên {}", firm.short_name), &staff_mail, None)
                .await?;
        people.shops.insert(firm.slug, (owner, staff));
    }
    Ok(people)
}

async fn person(
    db: &mut PgConnection,
    cx: &Cx,
    hash: &str,
    name: &str,
    email: &str,
    phone: Option<String>,
) -> anyhow::Result<PersonId> {
    let new = NewPerson {
        name: name.to_owned(),
        email: Some(email.to_owned()),
        phone,
        lang: Lang::Vi,
        password_hash: Some(hash.to_owned()),
        email_confirmed: true,
    };
    let id = accounts::create_person(db, cx, &new).await.map_err(|e| anyhow!("{email}: {e}"))?;
    accounts::set_demo_password(db, id, PASSWORD).await?;
    let (who, purposes) = (Consenting::Person(id), [Purpose::Terms, Purpose::Privacy]);
    accounts::record_consents(db, cx, who, &purposes, Lang::Vi, "/dang-ky").await?;
    Ok(id)
}

//! SQL of what the operator's desk and the demo's page ask of accounts.

use super::Role;
use crate::kernel::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) async fn revoke(
    db: &mut PgConnection,
    person: PersonId,
    role: Role,
) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "delete from accounts.roles where person_id = $1 and role = $2",
        person.0,
        role.as_str()
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected() == 1)
}

pub(super) async fn names(
    db: &mut PgConnection,
    people: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let rows = sqlx::query!("select id, name from accounts.people where id = any ($1)", people)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

pub(super) struct DemoRow {
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) password: String,
    pub(super) totp_secret: Option<String>,
    pub(super) is_officer: bool,
    pub(super) is_operator: bool,
    pub(super) shop_role: Option<String>,
    pub(super) shop_name: Option<String>,
}

pub(super) async fn demo_people(db: &mut PgConnection) -> sqlx::Result<Vec<DemoRow>> {
    sqlx::query_as!(
        DemoRow,
        r#"select p.name, p.email, p.phone, p.demo_password as "password!", p.totp_secret,
                  exists (select from accounts.roles r
                          where r.person_id = p.id and r.role = 'officer') as "is_officer!",
                  exists (select from accounts.roles r
                          where r.person_id = p.id and r.role = 'operator') as "is_operator!",
                  m.role as "shop_role?", m.shop_name as "shop_name?"
           from accounts.people p
           left join lateral (select role, shop_name from enterprises.members_report r
                              where r.person_id = p.id order by role, shop_name limit 1) m on true
           where p.demo_password is not null and p.closed_at is null
           order by 6 desc, 7 desc, m.role nulls last, m.shop_name, p.name limit 500"#
    )
    .fetch_all(db)
    .await
}

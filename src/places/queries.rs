//! Every SQL statement of `places`.

use super::{
    Commune, Point,
    load::{CommuneRow, Crossing, NewPoint, OldUnit, Province},
};
use crate::kernel::Day;
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) async fn communes(db: &mut PgConnection) -> sqlx::Result<Vec<Commune>> {
    sqlx::query_as!(
        Commune,
        "select c.code, c.name, c.full_name, c.province_code, p.name as province
         from places.communes c join places.provinces p on p.code = c.province_code
         where c.valid_to is null"
    )
    .fetch_all(db)
    .await
}

/// An old ward and one commune of today that has land of it.
pub(super) struct OldWard {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) district: String,
    pub(super) province: String,
    pub(super) commune: String,
}

/// The crossing from old wards to today's communes, with the old names.
pub(super) async fn old_wards(db: &mut PgConnection) -> sqlx::Result<Vec<OldWard>> {
    sqlx::query_as!(
        OldWard,
        "select w.code, w.full_name as name, d.full_name as district, p.full_name as province,
                x.new_commune_code as commune
         from places.old_to_new x
         join places.old_units w on w.level = 'ward' and w.code = x.old_ward_code
         join places.old_units d on d.level = 'district' and d.code = w.parent_code
         join places.old_units p on p.level = 'province' and p.code = d.parent_code
         order by w.code, x.is_default desc, x.new_commune_code"
    )
    .fetch_all(db)
    .await
}

pub(super) async fn points(
    db: &mut PgConnection,
    province: &str,
    commune: Option<&str>,
) -> sqlx::Result<Vec<Point>> {
    sqlx::query_as!(
        Point,
        "select p.id, p.name, p.kind, p.commune_code, p.address
         from places.points p
         join places.communes c on c.code = p.commune_code and c.valid_to is null
         where p.active and c.province_code = $1 and ($2::text is null or p.commune_code = $2)
         order by p.name",
        province,
        commune,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn point(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Point>> {
    sqlx::query_as!(
        Point,
        "select id, name, kind, commune_code, address from places.points where id = $1 and active",
        id
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn put_provinces(db: &mut PgConnection, rows: &[Province]) -> sqlx::Result<()> {
    let texts = |of: fn(&Province) -> &str| -> Vec<String> {
        rows.iter().map(|row| of(row).to_owned()).collect()
    };
    let days: Vec<Day> = rows.iter().map(|r| r.valid_from).collect();
    let (lat, lon): (Vec<_>, Vec<_>) = rows.iter().map(|r| (r.lat, r.lon)).unzip();
    sqlx::query!(
        "insert into places.provinces (code, name, full_name, kind, name_en, lat, lon, valid_from)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
                              $6::float8[], $7::float8[], $8::date[])
         on conflict (code) do update set name = excluded.name, full_name = excluded.full_name,
             kind = excluded.kind, name_en = excluded.name_en, lat = excluded.lat,
             lon = excluded.lon, valid_from = excluded.valid_from",
        &texts(|r| &r.code),
        &texts(|r| &r.name),
        &texts(|r| &r.full_name),
        &texts(|r| &r.kind),
        &texts(|r| &r.name_en),
        &lat as &[Option<f64>],
        &lon as &[Option<f64>],
        &days,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn put_communes(db: &mut PgConnection, rows: &[CommuneRow]) -> sqlx::Result<()> {
    let texts = |of: fn(&CommuneRow) -> &str| -> Vec<String> {
        rows.iter().map(|row| of(row).to_owned()).collect()
    };
    let from: Vec<Day> = rows.iter().map(|r| r.valid_from).collect();
    let to: Vec<Option<Day>> = rows.iter().map(|r| r.valid_to).collect();
    let (lat, lon): (Vec<_>, Vec<_>) = rows.iter().map(|r| (r.lat, r.lon)).unzip();
    // A unit that the new list closes must be closed before its successor opens: one living row a code.
    sqlx::query!(
        "update places.communes c set valid_to = n.valid_to
         from unnest($1::text[], $2::date[], $3::date[]) as n (code, valid_from, valid_to)
         where c.code = n.code and c.valid_from = n.valid_from and n.valid_to is not null",
        &texts(|r| &r.code),
        &from,
        &to as &[Option<Day>],
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into places.communes
             (code, name, full_name, kind, province_code, lat, lon, valid_from, valid_to)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
                              $6::float8[], $7::float8[], $8::date[], $9::date[])
         on conflict (code, valid_from) do update set name = excluded.name,
             full_name = excluded.full_name, kind = excluded.kind, lat = excluded.lat,
             lon = excluded.lon, province_code = excluded.province_code, valid_to = excluded.valid_to",
        &texts(|r| &r.code),
        &texts(|r| &r.name),
        &texts(|r| &r.full_name),
        &texts(|r| &r.kind),
        &texts(|r| &r.province_code),
        &lat as &[Option<f64>],
        &lon as &[Option<f64>],
        &from,
        &to as &[Option<Day>],
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn put_old_units(db: &mut PgConnection, rows: &[OldUnit]) -> sqlx::Result<()> {
    let texts = |of: fn(&OldUnit) -> &str| -> Vec<String> {
        rows.iter().map(|row| of(row).to_owned()).collect()
    };
    sqlx::query!(
        "insert into places.old_units (level, code, full_name, parent_code)
         select level, code, full_name, nullif(parent_code, '')
         from unnest($1::text[], $2::text[], $3::text[], $4::text[])
             as n (level, code, full_name, parent_code)
         on conflict (level, code) do update
             set full_name = excluded.full_name, parent_code = excluded.parent_code",
        &texts(|r| &r.level),
        &texts(|r| &r.code),
        &texts(|r| &r.full_name),
        &texts(|r| &r.parent_code),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Replaces the crossing: a pair that a corrected list no longer has was wrong.
pub(super) async fn put_crossings(db: &mut PgConnection, rows: &[Crossing]) -> sqlx::Result<()> {
    let texts = |of: fn(&Crossing) -> &str| -> Vec<String> {
        rows.iter().map(|row| of(row).to_owned()).collect()
    };
    let defaults: Vec<bool> = rows.iter().map(|r| r.is_default).collect();
    sqlx::query!("delete from places.old_to_new").execute(&mut *db).await?;
    sqlx::query!(
        "insert into places.old_to_new (old_ward_code, new_commune_code, extent, is_default)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::bool[])
         on conflict do nothing",
        &texts(|r| &r.old_ward_code),
        &texts(|r| &r.new_commune_code),
        &texts(|r| &r.extent),
        &defaults,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a point to every commune that has none yet.
pub(super) async fn add_missing_points(
    db: &mut PgConnection,
    rows: &[NewPoint],
) -> sqlx::Result<()> {
    let texts = |of: fn(&NewPoint) -> &str| -> Vec<String> {
        rows.iter().map(|row| of(row).to_owned()).collect()
    };
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    sqlx::query!(
        "insert into places.points (id, name, kind, commune_code, address)
         select n.id, n.name, 'post', n.commune_code, n.address
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
             as n (id, name, commune_code, address)
         where not exists (select from places.points p where p.commune_code = n.commune_code)",
        &ids,
        &texts(|r| &r.name),
        &texts(|r| &r.commune_code),
        &texts(|r| &r.address),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One digest a row of all units, by which an import tells what it changed.
pub(super) async fn digests(db: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select 'p' || md5(p::text) as "digest!" from places.provinces p
           union all select 'c' || md5(c::text) from places.communes c
           union all select 'o' || md5(o::text) from places.old_units o
           union all select 'x' || md5(x::text) from places.old_to_new x"#
    )
    .fetch_all(db)
    .await
}

pub(super) async fn province_codes(db: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select code from places.provinces").fetch_all(db).await
}

/// Communes around one, and how many kilometres away their middles are.
pub(super) async fn around(
    db: &mut PgConnection,
    code: &str,
    kilometres: f64,
) -> sqlx::Result<Vec<(String, f64)>> {
    // On a plane: within a province the error is less than a metre in a thousand.
    let rows = sqlx::query!(
        r#"select * from (
               select c.code, 111.2 * sqrt((c.lat - h.lat) ^ 2 + ((c.lon - h.lon) * cosd(h.lat)) ^ 2) as "km!"
               from places.communes h join places.communes c on c.valid_to is null and c.lat is not null
               where h.code = $1 and h.valid_to is null and h.lat is not null
           ) near where "km!" <= $2"#,
        code,
        kilometres,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.km)).collect())
}

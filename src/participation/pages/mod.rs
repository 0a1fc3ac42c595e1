//! The officers' pages: figures, the firms behind one, the register, one firm, the plans' targets.

pub(super) mod figures;
pub(super) mod firm;
pub(super) mod list;
pub(super) mod register;
pub(super) mod targets;

use super::{
    indicator::{Group, Indicator, Size},
    period::Period,
    queries::Asked,
    routes::Deps,
};
use crate::{
    kernel::{Cx, Lang, day_of},
    platform::rules,
    web::PageError,
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use sqlx::PgConnection;

/// The word in addresses for "the register does not say".
const NOT_KNOWN: &str = "chua-ro";

/// What every figure is asked with, apart from its period.
struct Terms {
    min_days: i32,
    home: Vec<String>,
}

impl Terms {
    async fn read(deps: &Deps, db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Self> {
        let days = rules::value(db, "listing.tg2_min_days", day_of(cx.now), 30).await?;
        let home = deps.places.home_communes().iter().map(|c| c.code.clone()).collect();
        Ok(Self { min_days: i32::try_from(days).unwrap_or(30).clamp(0, 3660), home })
    }

    fn over(&self, period: Period) -> Asked<'_> {
        Asked { period, min_days: self.min_days, home: &self.home }
    }
}

/// `12.345`, `12,345`.
fn number(n: i64, lang: Lang) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "−" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(lang.t(".", ","));
        }
        out.push(digit);
    }
    out
}

/// The address of the list of firms behind a number.
fn list_href(
    indicator: Indicator,
    group: Group,
    period: Period,
    commune: Option<&str>,
    size: Option<Size>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("chi-so", indicator.code());
    query.append_pair("nhom", indicator.group().unwrap_or(group).slug());
    query.append_pair("ky", &period.code());
    if let Some(code) = commune {
        query.append_pair("xa", if code.is_empty() { NOT_KNOWN } else { code });
    }
    if let Some(size) = size {
        query.append_pair("quy-mo", size.code());
    }
    format!("/so-cong-thuong/chi-tieu/danh-sach?{}", query.finish())
}

/// The name of a commune of the register; said when it is not known.
fn commune_name(deps: &Deps, code: Option<&str>, lang: Lang) -> String {
    match code.filter(|code| !code.is_empty()) {
        None => lang.t("Chưa rõ", "Not known").to_owned(),
        Some(code) => {
            deps.places.commune(code).map_or_else(|| code.to_owned(), |c| c.full_name.clone())
        }
    }
}

/// A table as a file to keep.
fn csv_file(name: &str, header: &[&str], rows: &[Vec<String>]) -> Result<Response, PageError> {
    let bytes = crate::platform::spreadsheet::to_csv(header, rows).map_err(PageError::internal)?;
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_links_say_everything() {
        assert_eq!(
            (number(1_234_567, Lang::Vi), number(999, Lang::En)),
            ("1.234.567".into(), "999".into())
        );
        let period = Period::half(2026, 2).unwrap();
        let href = list_href(
            Indicator::HouseholdSelling,
            Group::Enterprises,
            period,
            Some(""),
            Some(Size::Micro),
        );
        assert_eq!(
            href,
            "/so-cong-thuong/chi-tieu/danh-sach?chi-so=HO1&nhom=ho-kinh-doanh&ky=2026-S2&xa=chua-ro&quy-mo=micro"
        );
    }
}

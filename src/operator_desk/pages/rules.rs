//! `/van-hanh/quy-tac`: law and policy as dated values.

use crate::{
    kernel::{Cx, Day, Errors, Lang, date, day_of, parse_day},
    operator_desk::routes::Deps,
    platform::{
        audit,
        idempotency::{self, Claim, Once},
        rules_admin,
    },
    web::{Form, Html, Operator, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

/// A new value as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Typed {
    key: String,
    quy_tac: String,
    gia_tri: String,
    tu_ngay: String,
    can_cu: String,
}

struct Row {
    key: String,
    value: String,
    from: String,
    to: String,
    legal_ref: String,
    note: String,
    /// In force today.
    now: bool,
}

#[derive(Template)]
#[template(path = "operator_desk/rules.html")]
struct RulesPage {
    page: Page,
    rows: Vec<Row>,
    keys: Vec<(String, String)>,
    form: Typed,
    errors: Errors,
}

struct Valid {
    value: i64,
    from: Day,
    legal_ref: String,
}

impl Typed {
    fn check(&self, lang: Lang) -> Result<Valid, Errors> {
        let mut errors = Errors::new(lang);
        let plain: String = self.gia_tri.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        let value = plain.parse::<i64>().ok().filter(|n| *n >= 0);
        errors.check(
            value.is_some(),
            "gia_tri",
            "Giá trị là số nguyên từ 0 trở lên.",
            "The value is a whole number from 0.",
        );
        let from = errors.take("tu_ngay", parse_day(&self.tu_ngay));
        let legal_ref = self.can_cu.trim().to_owned();
        errors.check(
            (3..=300).contains(&legal_ref.chars().count()),
            "can_cu",
            "Ghi căn cứ (văn bản, điều khoản hoặc quyết định vận hành), 3–300 ký tự.",
            "Say on what it is founded (a text of law, a decision of the operator), 3–300 characters.",
        );
        match (value, from) {
            (Some(value), Some(from)) if errors.is_empty() => Ok(Valid { value, from, legal_ref }),
            _ => Err(errors),
        }
    }
}

const HERE: &str = "/van-hanh/quy-tac";

async fn page_of(
    db: &mut PgConnection,
    page: Page,
    today: Day,
    form: Typed,
    errors: Errors,
) -> Result<RulesPage, PageError> {
    let all = rules_admin::rules(db, "").await?;
    let mut keys: Vec<(String, String)> =
        all.iter().map(|r| (r.key.clone(), format!("{} ({})", r.key, r.note))).collect();
    keys.dedup_by(|a, b| a.0 == b.0);
    let rows = all.into_iter().map(|rule| Row {
        now: rule.valid_from <= today && rule.valid_to.is_none_or(|to| to > today),
        value: format!("{} {}", rule.value, rule.unit),
        from: date(rule.valid_from),
        to: rule.valid_to.and_then(|day| day.pred_opt()).map(date).unwrap_or_default(),
        key: rule.key,
        legal_ref: rule.legal_ref,
        note: rule.note,
    });
    Ok(RulesPage {
        rows: rows.collect(),
        keys,
        form,
        errors,
        page: page.in_section("operator-rules"),
    })
}

/// `GET /van-hanh/quy-tac`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let (today, errors) = (day_of(cx.now), Errors::new(page.lang));
    let form = Typed { key: page.new_key(), tu_ngay: today.to_string(), ..Typed::default() };
    Ok(Html(page_of(&mut db, page, today, form, errors).await?))
}

/// `POST /van-hanh/quy-tac`
pub(in crate::operator_desk) async fn set(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    let checked = form.data.check(page.lang).and_then(|valid| {
        let once = Once::new(viewer.id, &form.data.key, HERE, &form.raw).map_err(|text| {
            let mut errors = Errors::new(page.lang);
            errors.add("key", text);
            errors
        })?;
        Ok((valid, once))
    });
    let mut tx = deps.db.begin().await?;
    let errors = match checked {
        Err(errors) => errors,
        Ok((valid, once)) => match idempotency::claim(&mut tx, &cx, &once).await? {
            Claim::Again(to) => return Ok(go(&to)),
            Claim::Misused => Once::misused(page.lang),
            Claim::First => {
                idempotency::settle(&mut tx, &once, HERE).await?;
                let Valid { value, from, legal_ref } = &valid;
                let key = &form.data.quy_tac;
                let before = rules_admin::set_value(&mut tx, key, *from, *value, legal_ref).await?;
                let before = before.ok_or_else(PageError::not_found)?;
                let detail = json!({
                    "value": value, "from": from, "legal_ref": legal_ref, "before": before,
                });
                let subject = format!("rule:{key}");
                audit::record(&mut tx, &cx, "operator.set_rule", &subject, detail).await?;
                tx.commit().await?;
                return Ok(go_with(
                    &page,
                    HERE,
                    page.t("Đã ghi giá trị mới.", "The value is set."),
                ));
            }
        },
    };
    let page = page_of(&mut tx, page, day_of(cx.now), form.data, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

//! `/van-hanh/phi`: the operator's commission rules.

use super::{
    queries_rules::{self, Kept},
    routes::Deps,
};
use crate::{
    enterprises,
    kernel::{Cx, Errors, SellerId, Text, date, day_of, parse_day},
    platform::{audit, idempotency},
    web::{Begun, Form, Html, Operator, Page, PageError, begin_once, go_with},
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

const HERE: &str = "/van-hanh/phi";

/// A rule as the page shows it.
struct Shown {
    seller: String,
    category: String,
    rate: String,
    from: String,
    to: String,
    founded_on: String,
    now: bool,
}

#[derive(Template)]
#[template(path = "ledger/rules.html")]
struct RulesPage {
    page: Page,
    rules: Vec<Shown>,
    categories: Vec<(String, String)>,
    form: RuleForm,
    errors: Errors,
}

/// A new rule as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleForm {
    key: String,
    gian_hang: String,
    nganh: String,
    ty_le: String,
    tu_ngay: String,
    den_ngay: String,
    can_cu: String,
}

/// `2,5` or `2.5`: per cent in basis points.
fn basis_points(typed: &str) -> Result<i32, Text> {
    let wrong = || {
        Text::new(
            "Tỷ lệ từ 0 đến 100 %, nhiều nhất hai số lẻ, ví dụ 2,5.",
            "A rate from 0 to 100 %, with at most two decimals, e.g. 2.5.",
        )
    };
    let plain = typed.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return Err(wrong());
    }
    let bps = format!("{whole}{rest:0<2}").parse::<i32>().map_err(|_| wrong())?;
    if bps <= 10_000 { Ok(bps) } else { Err(wrong()) }
}

/// `2,5 %`
pub(super) fn percent(bps: i32) -> String {
    let rest = format!("{:02}", bps % 100);
    match rest.trim_end_matches('0') {
        "" => format!("{}\u{a0}%", bps / 100),
        rest => format!("{},{rest}\u{a0}%", bps / 100),
    }
}

async fn page_of(
    db: &mut PgConnection,
    deps: &Deps,
    cx: &Cx,
    page: Page,
    (form, errors): (RuleForm, Errors),
) -> Result<RulesPage, PageError> {
    let kept = queries_rules::all(&mut *db).await?;
    let sellers: Vec<SellerId> = kept.iter().filter_map(|rule| rule.seller).collect();
    let facts = enterprises::facts(db, &sellers).await?;
    let today = day_of(cx.now);
    let shown = |rule: Kept| Shown {
        seller: rule
            .seller
            .and_then(|s| facts.get(&s))
            .map(|f| f.shop_name.clone())
            .unwrap_or_default(),
        category: rule
            .category
            .map(|c| deps.categories.full_name(&c, page.lang))
            .unwrap_or_default(),
        rate: percent(rule.bps),
        from: date(rule.valid_from),
        to: rule.valid_to.and_then(|day| day.pred_opt()).map(date).unwrap_or_default(),
        now: rule.valid_from <= today && rule.valid_to.is_none_or(|to| to > today),
        founded_on: rule.founded_on,
    };
    let rules = kept.into_iter().map(shown).collect();
    let name = |slug: &str| (slug.to_owned(), deps.categories.full_name(slug, page.lang));
    let roots = deps.categories.roots();
    let below = roots.iter().flat_map(|root| {
        let children = deps.categories.children(&root.slug);
        std::iter::once(*root).chain(children)
    });
    let categories = below.map(|c| name(&c.slug)).collect();
    Ok(RulesPage { page: page.in_section("operator-fees"), rules, categories, form, errors })
}

/// `GET /van-hanh/phi`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let (today, errors) = (day_of(cx.now), Errors::new(page.lang));
    let form = RuleForm { key: page.new_key(), tu_ngay: today.to_string(), ..RuleForm::default() };
    Ok(Html(page_of(&mut db, &deps, &cx, page, (form, errors)).await?))
}

/// Reads the form; `None` when something is wrong with it.
async fn read(
    db: &mut PgConnection,
    deps: &Deps,
    cx: &Cx,
    form: &RuleForm,
    errors: &mut Errors,
) -> sqlx::Result<Option<Kept>> {
    let slug = form.gian_hang.trim().trim_end_matches('/');
    let slug = slug.rsplit('/').next().unwrap_or_default();
    let seller = match slug {
        "" => None,
        slug => enterprises::by_slug(db, slug).await?,
    };
    errors.check(
        slug.is_empty() || seller.is_some(),
        "gian_hang",
        "Không có gian hàng này; xin dán địa chỉ trang gian hàng.",
        "There is no such shop; please paste the address of its page.",
    );
    let category = Some(form.nganh.clone()).filter(|c| !c.is_empty());
    let known = category.as_ref().is_none_or(|c| deps.categories.get(c).is_some());
    errors.check(known, "nganh", "Không có ngành hàng này.", "There is no such category.");
    let bps = errors.take("ty_le", basis_points(&form.ty_le));
    let from = errors.take("tu_ngay", parse_day(&form.tu_ngay));
    let to = match form.den_ngay.trim() {
        "" => None,
        typed => errors.take("den_ngay", parse_day(typed)).and_then(|day| day.succ_opt()),
    };
    errors.check(
        from.is_none_or(|from| from >= day_of(cx.now)),
        "tu_ngay",
        "Phí không tính lùi: xin chọn từ hôm nay trở đi.",
        "No commission on the past: please choose today or later.",
    );
    errors.check(
        from.zip(to).is_none_or(|(from, to)| to > from),
        "den_ngay",
        "Ngày cuối phải sau ngày đầu.",
        "The last day comes after the first.",
    );
    let founded_on = form.can_cu.trim().to_owned();
    errors.check(
        (3..=300).contains(&founded_on.chars().count()),
        "can_cu",
        "Xin ghi căn cứ (quyết định, hợp đồng), từ 3 đến 300 chữ.",
        "Please say on what it is founded (decision, contract), 3 to 300 characters.",
    );
    Ok(bps.zip(from).filter(|_| errors.is_empty()).map(|(bps, valid_from)| Kept {
        seller,
        category,
        bps,
        valid_from,
        valid_to: to,
        founded_on,
    }))
}

/// `POST /van-hanh/phi`
pub(super) async fn set(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<RuleForm>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let mut errors = Errors::new(page.lang);
    let sent = form.data;
    if let Some(rule) = read(&mut tx, &deps, &cx, &sent, &mut errors).await? {
        let route = (HERE, form.raw.as_ref());
        match begin_once(&mut tx, &cx, page.lang, viewer.id, &sent.key, route).await? {
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                if queries_rules::insert(&mut tx, &cx, &rule).await? {
                    idempotency::settle(&mut tx, &once, HERE).await?;
                    let detail = json!({ "seller": rule.seller, "category": rule.category, "bps": rule.bps,
                                         "from": rule.valid_from, "to": rule.valid_to, "on": rule.founded_on });
                    audit::record(&mut tx, &cx, "ledger.set_commission", "commission", detail)
                        .await?;
                    tx.commit().await?;
                    let done = page.t("Đã ghi mức phí.", "The rate is set.");
                    return Ok(go_with(&page, HERE, done));
                }
                tx.rollback().await?;
                tx = deps.db.begin().await?;
                errors.check(
                    false,
                    "tu_ngay",
                    "Đã có mức phí cho đúng phạm vi này từ ngày ấy hoặc muộn hơn.",
                    "There is a rate for exactly this from that day or later.",
                );
            }
        }
    }
    let again = page_of(&mut tx, &deps, &cx, page, (sent, errors)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_typed_as_people_write_them() {
        for (typed, bps) in [("2,5", 250), ("2.5 %", 250), ("0", 0), ("100", 10_000), ("0,05", 5)] {
            assert_eq!(basis_points(typed), Ok(bps), "{typed}");
        }
        for wrong in ["", "-1", "100,01", "1,234", "x", "1e3", "9999", ","] {
            assert!(basis_points(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            [percent(250), percent(5), percent(0)],
            ["2,5\u{a0}%", "0,05\u{a0}%", "0\u{a0}%"]
        );
    }
}

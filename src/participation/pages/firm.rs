//! `/so-cong-thuong/doanh-nghiep/{tax code}`: one firm, after the officer has said why he looks.

use super::{Terms, commune_name, number, register::shop_state};
use crate::{
    kernel::{Cx, Day, Errors, Lang, TaxCode, Text, date, date_time, day_of},
    participation::{
        indicator::{Group, Size},
        look::{self, LOOK_LASTS},
        period::Period,
        queries::{self, FirmPeriod},
        queries_register::{self, Firm},
        routes::Deps,
    },
    platform::idempotency::{self, Claim, Once},
    web::{Form, Html, Officer, Page, PageError, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "participation/purpose.html")]
struct PurposePage {
    page: Page,
    tax_code: String,
    name: String,
    reasons: Vec<(&'static str, &'static str, &'static str)>,
    form: Purpose,
    errors: Errors,
}

/// Why an officer looks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::participation) struct Purpose {
    key: String,
    ly_do: String,
    ghi_ro: String,
}

fn reasons(lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        ("bao-cao", lang.t("Kiểm tra số liệu báo cáo", "Checking figures of a report"), ""),
        ("hau-kiem", lang.t("Hậu kiểm theo mẫu", "Post-check of a sample"), ""),
        ("ho-tro", lang.t("Doanh nghiệp đề nghị hỗ trợ", "The firm asked for help"), ""),
        ("khieu-nai", lang.t("Giải quyết phản ánh, khiếu nại", "Handling a complaint"), ""),
        (
            "khac",
            lang.t("Lý do khác", "Another reason"),
            lang.t("Ghi rõ bên dưới", "Say which below"),
        ),
    ]
}

impl Purpose {
    /// The reason as it is recorded, in Vietnamese.
    fn check(&self, lang: Lang) -> Result<String, Errors> {
        let mut errors = Errors::new(lang);
        let chosen = reasons(Lang::Vi).into_iter().find(|(code, ..)| *code == self.ly_do);
        let more = self.ghi_ro.trim();
        errors.check(
            chosen.is_some(),
            "ly_do",
            "Bạn chưa chọn mục đích.",
            "Please choose a purpose.",
        );
        errors.check(
            more.chars().count() <= 300,
            "ghi_ro",
            "Nội dung ghi rõ không quá 300 ký tự.",
            "At most 300 characters.",
        );
        errors.check(
            self.ly_do != "khac" || more.chars().count() >= 5,
            "ghi_ro",
            "Với lý do khác, xin ghi rõ (ít nhất 5 ký tự).",
            "For another reason, please say which (at least 5 characters).",
        );
        match chosen {
            Some((_, label, _)) if errors.is_empty() => {
                Ok(if more.is_empty() { label.to_owned() } else { format!("{label}: {more}") })
            }
            _ => Err(errors),
        }
    }
}

/// What a firm did in one period, in words.
struct Line {
    label: String,
    counts: bool,
    sales: String,
    purchases: String,
    span: String,
    why: Vec<String>,
}

struct ShopLine {
    name: String,
    href: String,
    state: (&'static str, &'static str),
    since: String,
}

#[derive(Template)]
#[template(path = "participation/firm.html")]
struct FirmPage {
    page: Page,
    firm: Firm,
    kind: &'static str,
    commune: String,
    size: &'static str,
    active: bool,
    days: Vec<(&'static str, String)>,
    shops: Vec<ShopLine>,
    lines: Vec<Line>,
    reason: String,
}

async fn find(deps: &Deps, typed: &str) -> Result<Firm, PageError> {
    let code = TaxCode::parse(typed).map_err(|_| PageError::not_found())?;
    let mut db = deps.db.acquire().await?;
    let firm = queries_register::firm(&mut db, code.entity()).await?;
    firm.ok_or_else(PageError::not_found)
}

/// `GET /so-cong-thuong/doanh-nghiep/{tax_code}`: asks for the purpose first.
pub(in crate::participation) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(viewer): Officer,
    Path(tax_code): Path<String>,
) -> Result<Response, PageError> {
    let firm = find(&deps, &tax_code).await?;
    let mut db = deps.db.acquire().await?;
    let since = cx.now - LOOK_LASTS;
    let reason = queries_register::reason_since(&mut db, viewer.id, &firm.tax_code, since).await?;
    let Some(reason) = reason else {
        let errors = Errors::new(page.lang);
        let form = Purpose { key: page.new_key(), ..Purpose::default() };
        return Ok(Html(purpose_page(page, firm, form, errors)).into_response());
    };
    let terms = Terms::read(&deps, &mut db, &cx).await?;
    let (today, lang) = (day_of(cx.now), page.lang);
    let periods: Vec<Period> = Period::offered(today).into_iter().take(7).collect();
    let found =
        queries::firm_in(&mut db, &cx, &firm.tax_code, &periods, terms.min_days, &terms.home)
            .await?;
    let shops = queries_register::shops(&mut db, &firm.tax_code).await?;
    drop(db);
    let lines = (1..)
        .zip(&periods)
        .map(|(at, period)| line(period, found.iter().find(|p| p.at == at), today, lang));
    let kind = Group::of_kind(&firm.kind);
    Ok(Html(FirmPage {
        kind: kind.map_or(lang.t("Tổ chức khác", "Other organisation"), |g| g.label(lang)),
        commune: commune_name(&deps, firm.commune_code.as_deref(), lang),
        size: Size::of_code(&firm.size_class).unwrap_or(Size::Unknown).label(lang),
        active: firm.active_to.is_none_or(|to| to > today),
        days: days(&firm, lang),
        lines: lines.collect(),
        shops: shops
            .into_iter()
            .map(|shop| ShopLine {
                name: shop.shop_name,
                href: format!("/so-cong-thuong/gian-hang/{}", shop.seller_id),
                state: shop_state(&shop.state, lang),
                since: date_time(shop.approved_at.unwrap_or(shop.created_at)),
            })
            .collect(),
        reason,
        firm,
        page: page.in_section("department-register"),
    })
    .into_response())
}

/// Since when and until when the register has the firm active, and how old it is.
fn days(firm: &Firm, lang: Lang) -> Vec<(&'static str, String)> {
    let all = [
        (lang.t("Hoạt động từ", "Active since"), firm.active_from),
        (lang.t("Ngừng hoạt động từ", "Not active since"), firm.active_to),
        (lang.t("Dữ liệu danh bạ ngày", "Register as of"), Some(firm.as_of)),
    ];
    all.into_iter().filter_map(|(label, day)| Some((label, date(day?)))).collect()
}

fn purpose_page(page: Page, firm: Firm, form: Purpose, errors: Errors) -> PurposePage {
    PurposePage {
        reasons: reasons(page.lang),
        tax_code: firm.tax_code,
        name: firm.name,
        form,
        errors,
        page: page.in_section("department-register"),
    }
}

/// `POST /so-cong-thuong/doanh-nghiep/{tax_code}/xem`
pub(in crate::participation) async fn look_at(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(viewer): Officer,
    Path(tax_code): Path<String>,
    form: Form<Purpose>,
) -> Result<Response, PageError> {
    let firm = find(&deps, &tax_code).await?;
    let to = format!("/so-cong-thuong/doanh-nghiep/{}", firm.tax_code);
    let checked = form.data.check(page.lang).and_then(|reason| {
        let once = Once::new(viewer.id, &form.data.key, &to, &form.raw).map_err(|text: Text| {
            let mut errors = Errors::new(page.lang);
            errors.add("key", text);
            errors
        })?;
        Ok((reason, once))
    });
    let refused = |errors, data| {
        let page = purpose_page(page.clone(), firm.clone(), data, errors);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
    };
    let (reason, once) = match checked {
        Ok(checked) => checked,
        Err(errors) => return refused(errors, form.data),
    };
    let mut tx = deps.db.begin().await?;
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::First => {}
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => return refused(Once::misused(page.lang), form.data),
    }
    idempotency::settle(&mut tx, &once, &to).await?;
    look::look(&mut tx, &cx, viewer.id, &firm.tax_code, &reason).await?;
    tx.commit().await?;
    Ok(go(&to))
}

fn line(period: &Period, found: Option<&FirmPeriod>, today: Day, lang: Lang) -> Line {
    let mut label = period.label(lang);
    if period.runs(today) {
        label.push_str(lang.t(" (đang chạy)", " (running)"));
    }
    let sales = found.map_or(0, |p| p.sales_b2c + p.sales_b2b);
    let split =
        found.filter(|_| sales > 0).map(|p| format!(" (B2C {}, B2B {})", p.sales_b2c, p.sales_b2b));
    let span = found.and_then(|p| {
        let (first, last) = (date(day_of(p.first_sale?)), date(day_of(p.last_sale?)));
        Some(if first == last { first } else { format!("{first} – {last}") })
    });
    let purchases = found.map_or(0, |p| p.purchases);
    Line {
        label,
        counts: sales + purchases > 0,
        sales: format!("{}{}", number(sales, lang), split.unwrap_or_default()),
        purchases: number(purchases, lang),
        span: span.unwrap_or_else(|| "—".to_owned()),
        why: why_not(found).iter().map(|text| text.get(lang).to_owned()).collect(),
    }
}

/// Why a firm does not count for TG3 in a period; empty where it does.
fn why_not(found: Option<&FirmPeriod>) -> Vec<Text> {
    let Some(p) = found else {
        return vec![Text::new(
            "Không thuộc mẫu số: vào ngày cuối kỳ không hoạt động theo danh bạ, hoặc trụ sở ngoài tỉnh.",
            "Not in the population: not active in the register on the last day, or its seat is outside the province.",
        )];
    };
    if p.sales_b2c + p.sales_b2b + p.purchases > 0 {
        return Vec::new();
    }
    let mut why = Vec::new();
    if p.own_orders > 0 {
        why.push(Text::new(
            format!("Có {} đơn tự mua tự bán; đơn như vậy không được tính.", p.own_orders),
            format!("{} order(s) bought from itself; these do not count.", p.own_orders),
        ));
    }
    why.push(match (p.registered_at, p.admitted_at, p.shown) {
        (None, ..) => Text::new(
            "Chưa mở gian hàng, và chưa có đơn mua nào với tư cách tổ chức hoàn thành.",
            "No shop yet, and no completed purchase as an organisation.",
        ),
        (_, None, _) => Text::new("Gian hàng chưa được duyệt.", "Its shop has not been admitted."),
        (_, _, false) => {
            Text::new("Gian hàng chưa có tin công khai.", "Its shop has no public listing.")
        }
        _ => Text::new(
            "Có tin công khai nhưng chưa có đơn nào hoàn thành trong kỳ.",
            "It has public listings, but no order was completed in the period.",
        ),
    });
    if !p.listed && (p.shown || p.public_days > 0) {
        why.push(Text::new(
            format!("Có tin công khai trong {} ngày, chưa đủ số ngày của TG2.", p.public_days),
            format!("Listed on {} day(s), not long enough for TG2.", p.public_days),
        ));
    }
    why
}

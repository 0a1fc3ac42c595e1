//! The seller's pages about vouchers.

use super::{
    forms::{Bounds, VoucherForm},
    model::Voucher,
    queries::{self, Figures},
    take,
};
use crate::{
    enterprises::SellerScope,
    kernel::{BasisPoints, Cx, Day, Errors, Lang, Text, VoucherId, day_of},
    platform::{
        idempotency::{self, Claim, Once},
        rules,
    },
    web::{Form, Html, Page, PageError, Problem, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sqlx::{PgConnection, PgPool};

const HOME: &str = "/ban-hang/khuyen-mai";
const NEW: &str = "/ban-hang/khuyen-mai/moi";
const SECTION: &str = "seller-promotions";

#[derive(Template)]
#[template(path = "promotions/list.html")]
struct ListPage {
    page: Page,
    vouchers: Vec<Voucher>,
    today: Day,
}

/// How a voucher stands today: words and the colour of its badge.
fn standing(voucher: &Voucher, today: Day) -> (Text, &'static str) {
    if voucher.stopped {
        (Text::new("Đã dừng", "Stopped"), "neutral")
    } else if today < voucher.starts_on {
        (Text::new("Sắp bắt đầu", "To begin"), "info")
    } else if today > voucher.ends_on {
        (Text::new("Đã hết hạn", "Over"), "neutral")
    } else if !voucher.in_force(today) {
        (Text::new("Hết lượt", "Used up"), "warn")
    } else {
        (Text::new("Đang chạy", "Running"), "good")
    }
}

impl ListPage {
    fn state(&self, voucher: &Voucher) -> String {
        standing(voucher, self.today).0.get(self.page.lang).to_owned()
    }

    fn tone(&self, voucher: &Voucher) -> &'static str {
        standing(voucher, self.today).1
    }

    fn terms(&self, voucher: &Voucher) -> String {
        voucher.terms().get(self.page.lang).to_owned()
    }

    fn uses(voucher: &Voucher) -> String {
        match voucher.total_limit {
            Some(limit) => format!("{} / {limit}", voucher.used),
            None => voucher.used.to_string(),
        }
    }
}

/// `GET /ban-hang/khuyen-mai`
pub(super) async fn list(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let vouchers = queries::all(&mut *db.acquire().await?, scope.seller).await?;
    Ok(Html(ListPage { page: page.in_section(SECTION), vouchers, today: day_of(cx.now) }))
}

#[derive(Template)]
#[template(path = "promotions/edit.html")]
struct EditPage {
    page: Page,
    form: VoucherForm,
    errors: Errors,
    action: String,
    kinds: Vec<(&'static str, String, String)>,
    /// `None`: a new one.
    existing: Option<Existing>,
    /// The law's bound in whole percent, and in days.
    percent: i32,
    days: i64,
}

impl EditPage {
    /// New, or not used by anybody.
    fn can_edit(&self) -> bool {
        self.existing.as_ref().is_none_or(|e| e.unused)
    }
}

struct Existing {
    id: VoucherId,
    terms: String,
    state: String,
    tone: &'static str,
    figures: Figures,
    /// Nobody has used it: it can be changed.
    unused: bool,
    runs: bool,
}

async fn bounds(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Bounds> {
    let keys = [("promotion.max_discount_bps", 5_000), ("promotion.max_days", 120)];
    let [percent, days] = rules::values(db, keys, day_of(cx.now)).await?;
    let percent = BasisPoints(i32::try_from(percent.clamp(0, 9_999)).unwrap_or(9_999));
    Ok(Bounds { percent, days })
}

fn edit_page(
    page: Page,
    form: VoucherForm,
    errors: Option<Errors>,
    existing: Option<Existing>,
    bounds: Bounds,
) -> EditPage {
    let kind =
        |code, vi: &'static str, en: &'static str| (code, page.t(vi, en).to_owned(), String::new());
    EditPage {
        kinds: vec![
            kind("phan_tram", "Theo phần trăm tiền hàng", "A percentage of the goods"),
            kind("so_tien", "Một số tiền", "An amount"),
        ],
        errors: errors.unwrap_or_else(|| Errors::new(page.lang)),
        action: existing.as_ref().map_or_else(|| NEW.to_owned(), |e| format!("{HOME}/{}", e.id)),
        page: page.in_section(SECTION),
        form,
        existing,
        percent: bounds.percent.0 / 100,
        days: bounds.days,
    }
}

fn refused(page: EditPage) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

/// `GET /ban-hang/khuyen-mai/moi`
pub(super) async fn new(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    _scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let bounds = bounds(&mut *db.acquire().await?, &cx).await?;
    let form = VoucherForm {
        key: page.new_key(),
        cong_khai: "1".into(),
        kieu: "phan_tram".into(),
        moi_nguoi: "1".into(),
        tu_ngay: day_of(cx.now).to_string(),
        ..VoucherForm::default()
    };
    Ok(Html(edit_page(page, form, None, None, bounds)))
}

fn taken(lang: Lang) -> Errors {
    let mut errors = Errors::new(lang);
    let text = Text::new("Gian hàng đã có mã này.", "The shop has this code already.");
    errors.add("ma", text);
    errors
}

/// `POST /ban-hang/khuyen-mai/moi`
pub(super) async fn create(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, raw }: Form<VoucherForm>,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let bounds = bounds(&mut tx, &cx).await?;
    let mut errors = Errors::new(page.lang);
    let once = errors.take("key", Once::new(scope.person, &form.key, NEW, &raw));
    let valid = form.check(page.lang, day_of(cx.now), bounds);
    let (once, valid) = match (once, valid) {
        (Some(once), Ok(valid)) => (once, valid),
        (_, valid) => {
            if let Err(more) = valid {
                errors.absorb(more);
            }
            return Ok(refused(edit_page(page, form, Some(errors), None, bounds)));
        }
    };
    match idempotency::claim(&mut tx, &cx, &once).await? {
        Claim::Again(to) => return Ok(go(&to)),
        Claim::Misused => {
            let errors = Some(Once::misused(page.lang));
            return Ok(refused(edit_page(page, form, errors, None, bounds)));
        }
        Claim::First => {}
    }
    let Some(id) = take::open(&mut tx, &cx, scope.seller, &valid).await? else {
        let errors = Some(taken(page.lang));
        let form = VoucherForm { key: page.new_key(), ..form };
        return Ok(refused(edit_page(page, form, errors, None, bounds)));
    };
    let to = format!("{HOME}/{id}");
    idempotency::settle(&mut tx, &once, &to).await?;
    tx.commit().await?;
    let line = page.t("Đã tạo mã giảm giá.", "The voucher is made.").to_owned();
    Ok(go_with(&page, &to, &line))
}

async fn own(
    db: &mut PgConnection,
    scope: &SellerScope,
    id: &str,
) -> Result<(Voucher, Figures), PageError> {
    let id: VoucherId = id.parse().map_err(|_| PageError::not_found())?;
    let voucher = queries::find(db, scope.seller, id).await?.ok_or_else(PageError::not_found)?;
    let figures = queries::figures(db, id).await?;
    Ok((voucher, figures))
}

fn existing(page: &Page, cx: &Cx, voucher: &Voucher, figures: Figures) -> Existing {
    let (state, tone) = standing(voucher, day_of(cx.now));
    Existing {
        id: voucher.id,
        terms: voucher.terms().get(page.lang).to_owned(),
        state: state.get(page.lang).to_owned(),
        tone,
        unused: figures.orders + figures.returned == 0 && !voucher.stopped,
        runs: !voucher.stopped,
        figures,
    }
}

/// `GET /ban-hang/khuyen-mai/{id}`
pub(super) async fn show(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = db.acquire().await?;
    let (voucher, figures) = own(&mut db, &scope, &id).await?;
    let bounds = bounds(&mut db, &cx).await?;
    let form = VoucherForm::of(&voucher, page.new_key());
    let existing = existing(&page, &cx, &voucher, figures);
    Ok(Html(edit_page(page, form, None, Some(existing), bounds)))
}

/// `POST /ban-hang/khuyen-mai/{id}`: while nobody has used it.
pub(super) async fn change(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<VoucherForm>,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let (voucher, figures) = own(&mut tx, &scope, &id).await?;
    let bounds = bounds(&mut tx, &cx).await?;
    let existing = existing(&page, &cx, &voucher, figures);
    let valid = match form.check(page.lang, day_of(cx.now), bounds) {
        Ok(valid) => valid,
        Err(errors) => {
            return Ok(refused(edit_page(page, form, Some(errors), Some(existing), bounds)));
        }
    };
    if !queries::change(&mut tx, &cx, (scope.seller, voucher.id), &valid).await? {
        if existing.unused && valid.code != voucher.code {
            let errors = Some(taken(page.lang));
            return Ok(refused(edit_page(page, form, errors, Some(existing), bounds)));
        }
        return Err(PageError(Problem::new(
            StatusCode::CONFLICT,
            "promotions/used",
            "Mã này đã có người dùng hoặc đã dừng nên không sửa được. Bạn có thể dừng mã và tạo mã mới.",
            "This voucher has been used or stopped and cannot be changed. Stop it and make a new one.",
        )));
    }
    tx.commit().await?;
    let line = page.t("Đã lưu mã giảm giá.", "The voucher is saved.").to_owned();
    Ok(go_with(&page, &format!("{HOME}/{}", voucher.id), &line))
}

/// `POST /ban-hang/khuyen-mai/{id}/dung`
pub(super) async fn stop(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: VoucherId = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = db.begin().await?;
    if !queries::stop(&mut tx, &cx, scope.seller, id).await?
        && queries::find(&mut tx, scope.seller, id).await?.is_none()
    {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    let line = page.t(
        "Đã dừng mã; đơn đã đặt vẫn được giảm như đã hứa.",
        "The voucher is stopped; orders that have it keep it.",
    );
    Ok(go_with(&page, &format!("{HOME}/{id}"), line))
}

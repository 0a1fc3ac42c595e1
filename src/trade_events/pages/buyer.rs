//! A buyer asks shops for meetings and sees what became of them.

use crate::{
    accounts,
    kernel::{Cx, Errors, Lang, OrgId, PersonId, Phone, SellerId, day_of},
    organisations,
    platform::idempotency,
    trade_events::{
        error::TradeError,
        forms::{AnswerForm, WishForm},
        meet::{self, Wish},
        model::{EventState, MeetingEvent},
        queries::{self, Event},
        queries_meetings::{self as q, Meeting, Side},
        queries_sign_ups,
        routes::Deps,
    },
    web::{
        AsProblem, Begun, Form, Html, Page, PageError, Query, SignedIn, Viewer, begin_once, go_with,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

const MINE: &str = "/tai-khoan/lich-hen";

/// Which shop of the event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::trade_events) struct Which {
    gian: String,
}

#[derive(Template)]
#[template(path = "trade_events/wish.html")]
struct WishPage {
    page: Page,
    event: Event,
    shop: String,
    shop_slug: String,
    /// The firm for which he asks; empty: for himself.
    firm: String,
    form: WishForm,
    errors: Errors,
}

/// The event, the shop and for whom he asks.
struct Ground {
    event: Event,
    seller: SellerId,
    shop: String,
    shop_slug: String,
    org: Option<(OrgId, String)>,
}

impl Ground {
    async fn of(
        deps: &Deps,
        cx: &Cx,
        viewer: &Viewer,
        slug: &str,
        shop: &str,
    ) -> Result<Self, PageError> {
        let event = queries::by_slug(&deps.db, slug).await?.ok_or_else(PageError::not_found)?;
        let is_on = event.state == EventState::Published && day_of(cx.now) <= event.ends_on;
        let shops = queries_sign_ups::taking_part(&deps.db, event.id, false).await?;
        let found = shops.into_iter().find(|t| is_on && t.shop_slug == shop);
        let found = found.ok_or_else(PageError::not_found)?;
        let mut db = deps.db.acquire().await?;
        let org = organisations::acting(&mut db, viewer.id, viewer.buying_for).await?;
        Ok(Self {
            event,
            seller: found.seller,
            shop: found.shop,
            shop_slug: found.shop_slug,
            org: org.map(|org| (org.id, org.name)),
        })
    }

    fn page(self, page: Page, form: WishForm, errors: Errors) -> WishPage {
        WishPage {
            page: page.in_section("events"),
            event: self.event,
            shop: self.shop,
            shop_slug: self.shop_slug,
            firm: self.org.map(|(_, name)| name).unwrap_or_default(),
            form,
            errors,
        }
    }
}

/// `GET /su-kien/{slug}/hen?gian=`
pub(in crate::trade_events) async fn wish(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> Result<Html<impl Template>, PageError> {
    let ground = Ground::of(&deps, &cx, &viewer, &slug, &which.gian).await?;
    let known = accounts::person(&mut *deps.db.acquire().await?, viewer.id).await?;
    let form = WishForm {
        key: page.new_key(),
        ho_ten: viewer.name.clone(),
        dien_thoai: known.and_then(|p| p.phone).map(|p| Phone::local(&p)).unwrap_or_default(),
        ..WishForm::default()
    };
    let errors = Errors::new(page.lang);
    Ok(Html(ground.page(page, form, errors)))
}

fn read(lang: Lang, form: &WishForm) -> Result<Phone, Errors> {
    let mut errors = Errors::new(lang);
    errors.length("ho_ten", &form.ho_ten, (2, 100));
    let phone = errors.take("dien_thoai", Phone::parse(&form.dien_thoai));
    errors.length("viec", &form.viec, (5, 600));
    errors.length("khi", &form.khi, (0, 200));
    phone.filter(|_| errors.is_empty()).ok_or(errors)
}

fn refused(page: WishPage) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

/// `POST /su-kien/{slug}/hen?gian=`
pub(in crate::trade_events) async fn ask(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
    Form { data: form, raw }: Form<WishForm>,
) -> Result<Response, PageError> {
    let ground = Ground::of(&deps, &cx, &viewer, &slug, &which.gian).await?;
    let phone = match read(page.lang, &form) {
        Ok(phone) => phone,
        Err(errors) => return Ok(refused(ground.page(page, form, errors))),
    };
    let mut tx = deps.db.begin().await?;
    let route = ("/su-kien/hen", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, viewer.id, &form.key, route).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return Ok(refused(ground.page(page, form, errors))),
    };
    let wish = Wish {
        event: ground.event.id,
        seller: ground.seller,
        person: viewer.id,
        org: ground.org.clone(),
        name: form.ho_ten.trim().to_owned(),
        phone: phone.as_str().to_owned(),
        email: viewer.email.clone().unwrap_or_default(),
        subject: form.viec.trim().to_owned(),
        wished: form.khi.trim().to_owned(),
    };
    match meet::ask(&mut tx, &cx, &deps.site, &wish).await {
        Ok(_) => {}
        Err(error @ (TradeError::AskedAlready | TradeError::OwnShop)) => {
            let mut errors = Errors::new(page.lang);
            errors.add("viec", error.problem().title);
            let form = WishForm { key: page.new_key(), ..form };
            return Ok(refused(ground.page(page, form, errors)));
        }
        Err(error) => return Err(error.into()),
    }
    idempotency::settle(&mut tx, &once, MINE).await?;
    tx.commit().await?;
    let (vi, en) = (
        "Đã gửi lời hẹn. Gian hàng trả lời bạn qua thư và ở trang này.",
        "Your wish is sent. The shop answers by mail and on this page.",
    );
    Ok(go_with(&page, MINE, page.t(vi, en)))
}

#[derive(Template)]
#[template(path = "trade_events/mine.html")]
struct MinePage {
    page: Page,
    meetings: Vec<Meeting>,
    /// The meeting whose cancelling went wrong, and what was typed.
    typed: Option<(Uuid, String)>,
    errors: Errors,
}

impl MinePage {
    fn typed(&self, meeting: &Meeting) -> &str {
        let typed = self.typed.as_ref().filter(|(id, _)| *id == meeting.id);
        typed.map_or("", |(_, text)| text)
    }
}

async fn mine_page(
    deps: &Deps,
    page: Page,
    person: PersonId,
    typed: Option<(Uuid, String)>,
    errors: Errors,
) -> Result<MinePage, PageError> {
    let meetings = q::of(&deps.db, None, Side::Buyer(person)).await?;
    Ok(MinePage { page: page.in_section("events"), meetings, typed, errors })
}

/// `GET /tai-khoan/lich-hen`
pub(in crate::trade_events) async fn mine(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Html<impl Template>, PageError> {
    let errors = Errors::new(page.lang);
    Ok(Html(mine_page(&deps, page, viewer.id, None, errors).await?))
}

/// `POST /tai-khoan/lich-hen/{id}/huy`
pub(in crate::trade_events) async fn cancel(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<AnswerForm>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let side = Side::Buyer(viewer.id);
    q::find(&deps.db, id, side).await?.ok_or_else(PageError::not_found)?;
    let asked = AnswerForm { act: "cancel".into(), ..form };
    let (_, answer) = match asked.check(page.lang, &cx) {
        Ok(read) => read,
        Err(errors) => {
            let typed = Some((id, asked.ly_do));
            let again = mine_page(&deps, page, viewer.id, typed, errors).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response());
        }
    };
    let mut tx = deps.db.begin().await?;
    let step = (id, side, MeetingEvent::Cancel);
    meet::answer(&mut tx, &cx, &deps.site, step, &answer).await?;
    tx.commit().await?;
    Ok(go_with(&page, MINE, page.t("Đã hủy cuộc hẹn.", "The meeting is cancelled.")))
}

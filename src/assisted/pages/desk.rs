//! `/diem-ho-tro`: whom the clerk helps now, and what he has ordered for others.

use super::{dress, since};
use crate::{
    assisted::{
        begin,
        clerk::Clerk,
        model::{Channel, Made, Villager, Visit, consent},
        queries,
        routes::Deps,
    },
    kernel::{Cx, Errors, Phone},
    places::{Choice, Places},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, begin_once, go, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

const HERE: &str = "/diem-ho-tro";

/// What the clerk types.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Typed {
    key: String,
    ho_ten: String,
    dien_thoai: String,
    xa: String,
    xa_q: String,
    dia_chi: String,
    kenh: String,
    dong_y: String,
    act: String,
}

impl Typed {
    fn check(&self, places: &Places, errors: &mut Errors) -> Option<(Villager, Channel)> {
        let name = self.ho_ten.split_whitespace().collect::<Vec<_>>().join(" ");
        errors.check(
            (2..=100).contains(&name.chars().count()),
            "ho_ten",
            "Ghi họ và tên người dân, từ 2 đến 100 chữ.",
            "Write the villager's full name, 2 to 100 characters.",
        );
        let phone = errors.take("dien_thoai", Phone::parse(&self.dien_thoai));
        let commune = match places.choose(&self.xa, &self.xa_q) {
            Choice::Chosen(commune) => Some(commune.code),
            Choice::Ask(why, _) => {
                errors.add("xa", why);
                None
            }
        };
        let line = self.dia_chi.split_whitespace().collect::<Vec<_>>().join(" ");
        errors.check(
            (2..=200).contains(&line.chars().count()),
            "dia_chi",
            "Ghi số nhà, đường hoặc thôn, từ 2 đến 200 chữ.",
            "Write house number, street or village, 2 to 200 characters.",
        );
        let channel = Channel::of(&self.kenh);
        errors.check(
            channel.is_some(),
            "kenh",
            "Chọn cách người dân đã đồng ý.",
            "Choose how the villager agreed.",
        );
        errors.check(
            self.dong_y == "1",
            "dong_y",
            "Chỉ bắt đầu khi người dân đã đồng ý.",
            "Begin only once the villager has agreed.",
        );
        errors.is_empty().then_some(())?;
        let villager = Villager {
            name,
            phone: phone?.as_str().to_owned(),
            commune_code: commune?,
            address_line: line,
        };
        Some((villager, channel?))
    }
}

#[derive(Template)]
#[template(path = "assisted/desk.html")]
struct DeskPage {
    page: Page,
    point: String,
    address: String,
    visit: Option<Visit>,
    made: Vec<Made>,
    consent: String,
    channels: Vec<(&'static str, String, &'static str)>,
    found: Vec<(String, String, String)>,
    form: Typed,
    errors: Errors,
}

async fn page_of(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    clerk: &Clerk,
    sent: Option<(Typed, Errors)>,
) -> Result<DeskPage, PageError> {
    let mut db = deps.db.acquire().await?;
    let visit = queries::open_visit(&mut db, clerk.person, cx.now).await?;
    let since = since(&mut db, cx).await?;
    let made = queries::made(&mut db, clerk.person, since).await?;
    drop(db);
    let lang = page.lang;
    let (mut form, errors) = sent.unwrap_or_else(|| (Typed::default(), Errors::new(lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    let label = |c: Channel| (c.code(), c.label().get(lang).to_owned(), "");
    Ok(DeskPage {
        point: clerk.point.name.clone(),
        address: format!(
            "{}, {}",
            clerk.point.address,
            deps.places.shown(&clerk.point.commune_code)
        ),
        visit,
        made,
        consent: consent().get(lang).to_owned(),
        channels: Channel::ALL.map(label).to_vec(),
        found: deps.places.options(&form.xa, &form.xa_q, lang),
        form,
        errors,
        page,
    })
}

/// `GET /diem-ho-tro`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
) -> Result<Response, PageError> {
    let shown = page_of(&deps, &cx, page.clone(), &clerk, None).await?;
    let open = shown.visit.is_some();
    let answer = Html(shown).into_response();
    // A visit that is over leaves nothing in the browser.
    Ok(if open { answer } else { dress(&page, None, answer) })
}

/// `POST /diem-ho-tro`: the villager has agreed; his basket is filled from now on.
pub(in super::super) async fn begin(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let checked = form.data.check(&deps.places, &mut errors);
    let looks_around = form.data.act == "commune";
    let Some((villager, channel)) = checked.filter(|_| !looks_around) else {
        let errors = if looks_around { Errors::new(page.lang) } else { errors };
        let shown = page_of(&deps, &cx, page, &clerk, Some((form.data, errors))).await?;
        let status = if looks_around { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok((status, Html(shown)).into_response());
    };
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /diem-ho-tro", form.raw.as_ref());
    let once =
        match begin_once(&mut tx, &cx, page.lang, clerk.person, &form.data.key, asked).await? {
            Begun::First(once) => once,
            Begun::Done(answer) => return Ok(answer),
            Begun::Wrong(errors) => {
                drop(tx);
                let shown = page_of(&deps, &cx, page, &clerk, Some((form.data, errors))).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response());
            }
        };
    idempotency::settle(&mut tx, &once, HERE).await?;
    let visit = begin::begin(&mut tx, &cx, &clerk, &villager, (channel, page.lang)).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã ghi sự đồng ý. Chọn hàng cho người dân rồi đặt như thường.",
        "The consent is noted. Choose the goods and order as usual.",
    );
    Ok(dress(&page, Some(visit.token), go_with(&page, "/tim", line)))
}

/// `POST /diem-ho-tro/tiep`: goes on with the open visit, also in another browser.
pub(in super::super) async fn go_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let visit = queries::open_visit(&mut db, clerk.person, cx.now).await?;
    Ok(match visit {
        Some(visit) => dress(&page, Some(visit.token), go("/gio-hang")),
        None => dress(&page, None, go(HERE)),
    })
}

/// `POST /diem-ho-tro/ket-thuc`: nothing more is ordered for this villager.
pub(in super::super) async fn end(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    begin::end(&mut tx, &cx, &clerk).await?;
    tx.commit().await?;
    let line = page.t("Đã kết thúc lần hỗ trợ.", "The visit has ended.");
    Ok(dress(&page, None, go_with(&page, HERE, line)))
}

//! `/ban-hang/khach-si/nhom`: customers who get the same prices.

use super::{SELLER, status, told, uuid, words};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, Problem, begin_once, go_with},
    wholesale::{
        customers,
        queries_customers::{self, Group},
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

const HERE: &str = "/ban-hang/khach-si/nhom";

#[derive(Template)]
#[template(path = "wholesale/groups.html")]
struct GroupsPage {
    page: Page,
    here: &'static str,
    errors: Errors,
    groups: Vec<Group>,
    name: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::wholesale) struct GroupForm {
    key: String,
    ten: String,
}

async fn show(
    db: &PgPool,
    page: Page,
    scope: &SellerScope,
    (name, errors): (String, Errors),
) -> Result<Response, PageError> {
    let groups = queries_customers::groups(&mut *db.acquire().await?, scope.seller).await?;
    let page = page.in_section(SELLER);
    let shown = GroupsPage { page, here: "groups", errors, groups, name };
    Ok((status(&shown.errors), Html(shown)).into_response())
}

/// `GET /ban-hang/khach-si/nhom`
pub(in crate::wholesale) async fn index(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    show(&db, page, &scope, (String::new(), errors)).await
}

/// `POST /ban-hang/khach-si/nhom`
pub(in crate::wholesale) async fn create(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data: form, raw }: Form<GroupForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let name = words(&mut errors, "ten", &form.ten, 80, true);
    if !errors.is_empty() {
        return show(&db, page, &scope, (form.ten, errors)).await;
    }
    let mut tx = db.begin().await?;
    let asked = (HERE, raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return show(&db, page, &scope, (form.ten, errors)).await,
    };
    if let Err(error) = customers::open_group(&mut tx, &cx, scope.seller, &name).await {
        let errors = told(error, page.lang, "ten")?;
        return show(&db, page, &scope, (form.ten, errors)).await;
    }
    idempotency::settle(&mut tx, &once, HERE).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã tạo nhóm.", "The group is made.")))
}

/// `POST /ban-hang/khach-si/nhom/{nhom}/bo`: takes out a group that nobody is in and that has no prices.
pub(in crate::wholesale) async fn remove(
    State(db): State<PgPool>,
    page: Page,
    scope: SellerScope,
    Path(group): Path<String>,
) -> Result<Response, PageError> {
    let group = uuid(&group)?;
    let mut tx = db.begin().await?;
    if !queries_customers::delete_group(&mut tx, scope.seller, group).await? {
        let groups = queries_customers::groups(&mut tx, scope.seller).await?;
        if groups.iter().all(|g| g.id != group) {
            return Err(PageError::not_found());
        }
        return Err(PageError(Problem::conflict(
            "wholesale/group-used",
            "Nhóm còn khách hàng hoặc còn giá. Hãy chuyển khách và bỏ giá của nhóm trước.",
            "The group still has customers or prices. Move them and take the prices out first.",
        )));
    }
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã bỏ nhóm.", "The group is gone.")))
}

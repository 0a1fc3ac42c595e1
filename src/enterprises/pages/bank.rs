//! `/ban-hang/ngan-hang`: the account that buyers pay into. Owners change it, staff read it.

use super::{
    super::{
        BankAccount, SealedAccount, error::SellerError, queries_bank, queries_register,
        routes::Deps, save_bank_account, scope::SellerScope,
    },
    form::line,
};
use crate::{
    kernel::{Cx, Errors, Lang, Text, fold},
    web::{AsProblem, Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State as Part,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct BankForm {
    bank: String,
    number: String,
    name: String,
}

impl BankForm {
    fn check(&self, lang: Lang, banks: &[(String, String)]) -> Result<BankAccount, Errors> {
        let mut e = Errors::new(lang);
        e.check(
            banks.iter().any(|(bin, _)| *bin == self.bank),
            "bank",
            "Xin chọn ngân hàng trong danh sách.",
            "Please choose a bank of the list.",
        );
        let number: String =
            self.number.chars().filter(|c| !c.is_whitespace() && !".-".contains(*c)).collect();
        let number = number.to_uppercase();
        let fits = (4..=19).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        e.check(
            fits,
            "number",
            "Số tài khoản gồm 4 đến 19 chữ số hoặc chữ cái.",
            "An account number has 4 to 19 digits or letters.",
        );
        let name = line(&mut e, "name", &self.name, (2, 100));
        if !e.is_empty() {
            return Err(e);
        }
        // As banks print it.
        Ok(BankAccount {
            bin: self.bank.clone(),
            number,
            name: fold(&name).to_uppercase(),
            ..BankAccount::default()
        })
    }
}

#[derive(Template)]
#[template(path = "enterprises/bank.html")]
struct BankPage {
    page: Page,
    scope: SellerScope,
    account: Option<BankAccount>,
    banks: Vec<(String, String)>,
    form: BankForm,
    errors: Errors,
}

async fn show(
    deps: &Deps,
    page: Page,
    scope: SellerScope,
    sent: Option<(BankForm, Errors)>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let account = queries_bank::bank(&mut db, scope.seller).await?.map(SealedAccount::from);
    let account = account.and_then(|sealed| sealed.open(&deps.sealer));
    let banks = queries_register::banks(&mut db).await?;
    drop(db);
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (form, errors) = sent.unwrap_or_else(|| {
        let stored = account.clone().unwrap_or_default();
        let form = BankForm { bank: stored.bin, number: stored.number, name: stored.name };
        (form, Errors::new(page.lang))
    });
    let page = page.in_section("seller-bank");
    Ok((status, Html(BankPage { page, scope, account, banks, form, errors })).into_response())
}

/// `GET /ban-hang/ngan-hang`
pub(in super::super) async fn account(
    Part(deps): Part<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    show(&deps, page, scope, None).await
}

/// `POST /ban-hang/ngan-hang`
pub(in super::super) async fn save(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<BankForm>,
) -> Result<Response, PageError> {
    scope.owner()?;
    let banks = queries_register::banks(&mut *deps.db.acquire().await?).await?;
    let account = match form.data.check(page.lang, &banks) {
        Ok(account) => account,
        Err(errors) => return show(&deps, page, scope, Some((form.data, errors))).await,
    };
    let mut tx = deps.db.begin().await?;
    match save_bank_account(&mut tx, &cx, &deps.sealer, scope.seller, &account).await {
        Ok(()) => tx.commit().await?,
        Err(error @ SellerError::NoBank) => {
            drop(tx);
            let mut errors = Errors::new(page.lang);
            let text: Text = error.problem().title;
            errors.add("bank", text);
            return show(&deps, page, scope, Some((form.data, errors))).await;
        }
        Err(error) => return Err(error.into()),
    }
    let line = page.t(
        "Đã lưu tài khoản. Mọi chủ gian hàng đều được báo qua thư.",
        "The account has been saved. All owners are told by mail.",
    );
    Ok(go_with(&page, "/ban-hang/ngan-hang", line))
}

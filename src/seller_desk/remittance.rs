//! `/ban-hang/doi-soat/thu-ho`: cash that carriers have collected, and the batches by which they hand it on.

use super::routes::Deps;
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, OrderId, SellerId, Text, Vnd},
    orders::{self, OrderName},
    payments::{
        PaymentError,
        remittance::{self, Batch, LineState, Listed, NewLine},
    },
    platform::{audit, spreadsheet::Table},
    web::{Form, Html, Page, PageError, Upload, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

const HERE: &str = "/ban-hang/doi-soat/thu-ho";
/// Orders of one batch.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "seller_desk/remittance.html")]
struct RemittancePage {
    page: Page,
    batches: Vec<Batch>,
    late: Vec<(OrderId, Vnd)>,
    names: HashMap<OrderId, OrderName>,
    form: BatchForm,
    errors: Errors,
}

impl RemittancePage {
    fn code(&self, order: &OrderId) -> &str {
        self.names.get(order).map_or("", |n| n.code.as_str())
    }

    fn label(&self, state: LineState) -> &'static str {
        match state {
            LineState::InBatch => self.page.lang.t("trong đợt", "in the batch"),
            LineState::Paid => self.page.lang.t("đã về", "arrived"),
            LineState::Short => self.page.lang.t("thiếu", "short"),
            LineState::Over => self.page.lang.t("thừa", "over"),
        }
    }

    fn tone(&self, state: LineState) -> &'static str {
        match state {
            LineState::InBatch => "info",
            LineState::Paid => "good",
            LineState::Short | LineState::Over => "bad",
        }
    }
}

/// Whose batch it is, and its name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BatchForm {
    hang: String,
    dot: String,
}

async fn page_of(
    db: &mut PgConnection,
    cx: &Cx,
    page: Page,
    seller: SellerId,
    (form, errors): (BatchForm, Errors),
) -> Result<RemittancePage, PageError> {
    let batches = remittance::batches(db, seller).await?;
    let late = remittance::late(db, cx, seller).await?;
    let of_batches = batches.iter().flat_map(|batch| batch.lines.iter().map(|line| line.order));
    let ids: Vec<OrderId> = of_batches.chain(late.iter().map(|(id, _)| *id)).collect();
    let names = orders::names(db, &ids).await?;
    let page = page.in_section("seller-reconcile");
    Ok(RemittancePage { page, batches, late, names, form, errors })
}

/// `GET /ban-hang/doi-soat/thu-ho`
pub(super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let blank = (BatchForm::default(), Errors::new(page.lang));
    Ok(Html(page_of(&mut db, &cx, page, scope.seller, blank).await?))
}

/// Reads the file of a carrier.
fn read(bytes: Vec<u8>) -> Result<Vec<Listed>, Text> {
    let unreadable = || {
        Text::new(
            "Không đọc được bảng: cần CSV hoặc XLSX có cột mã đơn và cột tiền thu hộ.",
            "The table cannot be read: CSV or XLSX with columns of order code and COD is needed.",
        )
    };
    let table = Table::upload(bytes).map_err(|_| unreadable())?;
    let header = table.header.clone();
    let rows: Vec<Vec<String>> =
        table.take(MOST + 1).collect::<anyhow::Result<_>>().map_err(|_| unreadable())?;
    if rows.len() > MOST {
        return Err(Text::new("Đợt dài quá 1.000 dòng.", "The batch has more than 1,000 rows."));
    }
    let (listed, wrong) = remittance::read(&header, &rows).ok_or_else(unreadable)?;
    if let Some(first) = wrong.first() {
        return Err(Text::new(
            format!("Dòng {} có số tiền không đọc được.", first + 1),
            format!("Row {} has an amount that cannot be read.", first + 1),
        ));
    }
    if listed.is_empty() { Err(unreadable()) } else { Ok(listed) }
}

/// The orders that a list names; a code that is none of this seller's is told.
async fn resolve(
    db: &mut PgConnection,
    seller: SellerId,
    listed: &[Listed],
) -> sqlx::Result<Result<Vec<NewLine>, Text>> {
    let codes: Vec<String> = listed.iter().map(|row| row.code.clone()).collect();
    let known = orders::by_codes(db, seller, &codes).await?;
    let mut lines = Vec::with_capacity(listed.len());
    for row in listed {
        let Some(order) = known.get(&row.code).copied() else {
            return Ok(Err(Text::new(
                format!("Gian hàng không có đơn {}.", row.code),
                format!("The shop has no order {}.", row.code),
            )));
        };
        lines.push(NewLine { order, cod: Vnd(row.cod), fee: Vnd(row.fee) });
    }
    Ok(Ok(lines))
}

/// What the form and its file say; `None` without a file that can be read.
async fn listed(
    upload: &Upload<BatchForm>,
    errors: &mut Errors,
) -> Result<Option<Vec<Listed>>, PageError> {
    let fits = |text: &str| (2..=60).contains(&text.trim().chars().count());
    let (vi, en) = ("Xin ghi từ 2 đến 60 chữ.", "Please write 2 to 60 characters.");
    errors.check(fits(&upload.data.hang), "hang", vi, en);
    errors.check(fits(&upload.data.dot), "dot", vi, en);
    let Some(file) = upload.files.first() else {
        errors.check(false, "tep", "Chọn một tệp CSV hoặc XLSX.", "Choose a CSV or XLSX file.");
        return Ok(None);
    };
    let bytes = file.bytes.to_vec();
    let read =
        tokio::task::spawn_blocking(move || read(bytes)).await.map_err(PageError::internal)?;
    Ok(errors.take("tep", read))
}

/// `POST /ban-hang/doi-soat/thu-ho`: a batch comes in, once.
pub(super) async fn import(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    upload: Upload<BatchForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let listed = listed(&upload, &mut errors).await?;
    let mut tx = deps.db.begin().await?;
    let lines = match listed {
        Some(listed) => errors.take("tep", resolve(&mut tx, scope.seller, &listed).await?),
        None => None,
    };
    if let Some(lines) = lines.filter(|_| errors.is_empty()) {
        let (carrier, reference) = (upload.data.hang.trim(), upload.data.dot.trim());
        let name = (carrier, reference);
        match remittance::take_batch(&mut tx, &cx, scope.seller, name, &lines).await {
            Ok(id) => {
                let detail =
                    json!({ "seller": scope.seller, "carrier": carrier, "batch": reference });
                let subject = format!("cod_batch:{id}");
                audit::record(&mut tx, &cx, "payments.take_batch", &subject, detail).await?;
                tx.commit().await?;
                return Ok(go_with(
                    &page,
                    HERE,
                    page.t("Đã ghi đợt đối soát.", "The batch is noted."),
                ));
            }
            Err(PaymentError::Decided) => {
                let (vi, en) = ("Đợt này đã nhập rồi.", "This batch is known.");
                errors.check(false, "dot", vi, en);
            }
            Err(PaymentError::Amount | PaymentError::NotFound) => {
                let (vi, en) = (
                    "Có đơn không phải trả tiền khi nhận, hoặc tổng không thể có.",
                    "An order is not cash on delivery, or the sum cannot be.",
                );
                errors.check(false, "tep", vi, en);
            }
            Err(error) => return Err(error.into()),
        }
    }
    drop(tx);
    let mut db = deps.db.acquire().await?;
    let again = page_of(&mut db, &cx, page, scope.seller, (upload.data, errors)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response())
}

/// Which transfer a batch is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettleForm {
    giao_dich: String,
}

/// `POST /ban-hang/doi-soat/thu-ho/{id}`: the money of a batch has arrived.
pub(super) async fn settle(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    form: Form<SettleForm>,
) -> Result<Response, PageError> {
    let read = |text: &str| text.trim().parse::<Uuid>().map_err(|_| PageError::not_found());
    let (batch, transfer) = (read(&id)?, read(&form.data.giao_dich)?);
    let mut tx = deps.db.begin().await?;
    remittance::settle(&mut tx, &cx, scope.seller, batch, transfer).await?;
    let detail = json!({ "seller": scope.seller, "transfer": transfer });
    audit::record(&mut tx, &cx, "payments.settle_batch", &format!("cod_batch:{batch}"), detail)
        .await?;
    tx.commit().await?;
    let done = page
        .t("Đã ghép: tiền thu hộ của đợt đã về.", "Matched: the cash of the batch has arrived.");
    Ok(go_with(&page, HERE, done))
}

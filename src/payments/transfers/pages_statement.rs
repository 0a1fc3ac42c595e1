//! `/ban-hang/doi-soat/sao-ke`: a bank's statement is brought in, its columns are named, its lines are read.

use super::{
    queries_statements::{self, Counts, Statement},
    statement::{self, Columns},
    take_in::{Taken, take_in},
};
use crate::{
    enterprises::{self, SellerScope},
    kernel::{Cx, Errors, SellerId, Text},
    payments::routes::Deps,
    platform::{audit, spreadsheet::Table},
    web::{Form, Html, Page, PageError, Upload, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

const HERE: &str = "/ban-hang/doi-soat/sao-ke";
/// Rows of one statement.
const MOST_ROWS: usize = 5_000;
/// Columns of one statement.
const MOST_COLUMNS: usize = 40;

#[derive(Template)]
#[template(path = "payments/statement_upload.html")]
struct UploadPage {
    page: Page,
    errors: Errors,
}

/// `GET /ban-hang/doi-soat/sao-ke`
pub(super) async fn form(page: Page, _scope: SellerScope) -> Html<impl Template> {
    let errors = Errors::new(page.lang);
    Html(UploadPage { page: page.in_section("seller-reconcile"), errors })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nothing {}

/// Reads a table and finds the row that names its columns.
fn read(bytes: Vec<u8>) -> Result<(Vec<String>, Vec<Vec<String>>), Text> {
    let unreadable = || {
        Text::new(
            "Không đọc được bảng: cần tệp CSV hoặc XLSX.",
            "The table cannot be read: a CSV or XLSX file is needed.",
        )
    };
    let table = Table::upload(bytes).map_err(|_| unreadable())?;
    let mut rows = vec![table.header.clone()];
    for row in table.take(MOST_ROWS + 1) {
        rows.push(row.map_err(|_| unreadable())?);
    }
    if rows.len() > MOST_ROWS {
        let (vi, en) = ("Sao kê dài quá 5.000 dòng.", "The statement has more than 5,000 rows.");
        return Err(Text::new(vi, en));
    }
    for row in &mut rows {
        row.truncate(MOST_COLUMNS);
    }
    let head = statement::header_row(&rows);
    let rest = rows.split_off(head + 1);
    Ok((rows.pop().unwrap_or_default(), rest))
}

/// `POST /ban-hang/doi-soat/sao-ke`
pub(super) async fn upload(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    upload: Upload<Nothing>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let read = match upload.files.first() {
        None => {
            errors.check(false, "tep", "Chọn một tệp CSV hoặc XLSX.", "Choose a CSV or XLSX file.");
            None
        }
        Some(file) => {
            let bytes = file.bytes.to_vec();
            let read = tokio::task::spawn_blocking(move || read(bytes)).await;
            let read = read.map_err(PageError::internal)?;
            errors.take("tep", read).map(|table| (file.name.clone(), table))
        }
    };
    let Some((file_name, (header, rows))) = read else {
        let shown = UploadPage { page: page.in_section("seller-reconcile"), errors };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response());
    };
    let statement = Statement { id: cx.new_id(), file_name, header, rows, taken: None };
    let mut db = deps.db.acquire().await?;
    queries_statements::insert(&mut db, &cx, scope.seller, &statement).await?;
    Ok(go(&format!("{HERE}/{}", statement.id)))
}

#[derive(Template)]
#[template(path = "payments/statement.html")]
struct StatementPage {
    page: Page,
    statement: Statement,
    form: ColumnsForm,
    /// Value and name of each column.
    columns: Vec<(String, String)>,
    errors: Errors,
}

impl StatementPage {
    fn first_rows(&self) -> &[Vec<String>] {
        &self.statement.rows[..self.statement.rows.len().min(5)]
    }
}

/// Which column means what: numbers from zero, empty for none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ColumnsForm {
    tai_khoan: String,
    ngay: String,
    noi_dung: String,
    vao: String,
    ra: String,
    tham_chieu: String,
}

impl ColumnsForm {
    fn of(columns: &Columns, account: String) -> Self {
        let written = |c: Option<usize>| c.map(|c| c.to_string()).unwrap_or_default();
        Self {
            tai_khoan: account,
            ngay: written(columns.at),
            noi_dung: written(columns.content),
            vao: written(columns.credit),
            ra: written(columns.debit),
            tham_chieu: written(columns.reference),
        }
    }

    fn columns(&self, count: usize) -> Columns {
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|c| *c < count);
        Columns {
            at: number(&self.ngay),
            content: number(&self.noi_dung),
            credit: number(&self.vao),
            debit: number(&self.ra),
            reference: number(&self.tham_chieu),
        }
    }

    fn account(&self) -> String {
        self.tai_khoan.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
    }
}

fn shown(page: Page, statement: Statement, form: ColumnsForm, errors: Errors) -> StatementPage {
    let name = |(at, name): (usize, &String)| {
        let shown = if name.is_empty() { format!("({})", at + 1) } else { name.clone() };
        (at.to_string(), shown)
    };
    let columns = statement.header.iter().enumerate().map(name).collect();
    StatementPage { page: page.in_section("seller-reconcile"), statement, form, columns, errors }
}

async fn find(deps: &Deps, seller: SellerId, id: &str) -> Result<Statement, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    queries_statements::find(&deps.db, seller, id).await?.ok_or_else(PageError::not_found)
}

/// `GET /ban-hang/doi-soat/sao-ke/{id}`
pub(super) async fn columns(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let found = find(&deps, scope.seller, &id).await?;
    let mut db = deps.db.acquire().await?;
    let form = statement::form(&found.header);
    let remembered = queries_statements::remembered(&mut *db, scope.seller, &form).await?;
    let columns = remembered.unwrap_or_else(|| Columns::guess(&found.header));
    let bank = enterprises::bank_account(&mut db, scope.seller).await?;
    let bank = bank.and_then(|sealed| sealed.open(deps.gateways.sealer()));
    let form = ColumnsForm::of(&columns, bank.map(|b| b.number).unwrap_or_default());
    let errors = Errors::new(page.lang);
    Ok(Html(shown(page, found, form, errors)))
}

/// `POST /ban-hang/doi-soat/sao-ke/{id}`: reads the lines; those that are known already stay as they are.
pub(super) async fn import(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    form: Form<ColumnsForm>,
) -> Result<Response, PageError> {
    let found = find(&deps, scope.seller, &id).await?;
    let here = format!("{HERE}/{}", found.id);
    if found.taken.is_some() {
        return Ok(go(&here));
    }
    let columns = form.data.columns(found.header.len());
    let (lines, unread) = statement::lines(&found.rows, &columns, &form.data.account());
    let mut errors = Errors::new(page.lang);
    errors.check(
        columns.is_enough(),
        "ngay",
        "Xin chọn cột ngày, cột nội dung và cột tiền vào.",
        "Please choose the columns of date, message and money in.",
    );
    errors.check(
        !columns.is_enough() || !lines.is_empty(),
        "vao",
        "Không đọc được dòng nào với các cột này.",
        "No line could be read with these columns.",
    );
    if !errors.is_empty() {
        let again = shown(page, found, form.data, errors);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(again)).into_response());
    }
    let mut counts = Counts { unread: unread.len(), ..Counts::default() };
    // A few at a time: orders that are paid are not held up, and a second run finds the lines known.
    for few in lines.chunks(50) {
        let mut tx = deps.db.begin().await?;
        for line in few {
            match take_in(&mut tx, &cx, scope.seller, line).await? {
                Taken::Matched => counts.matched += 1,
                Taken::Waits => counts.waits += 1,
                Taken::Known => counts.known += 1,
                Taken::Foreign => counts.foreign += 1,
            }
        }
        tx.commit().await?;
    }
    let mut tx = deps.db.begin().await?;
    let form = statement::form(&found.header);
    queries_statements::remember(&mut tx, scope.seller, &form, &columns).await?;
    if queries_statements::close(&mut tx, &cx, found.id, counts).await? {
        let detail = json!({ "seller": scope.seller, "taken": counts });
        let subject = format!("statement:{}", found.id);
        audit::record(&mut tx, &cx, "payments.import_statement", &subject, detail).await?;
    }
    tx.commit().await?;
    Ok(go(&here))
}

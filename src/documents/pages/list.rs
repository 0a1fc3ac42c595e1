//! `/ban-hang/hoa-don`: which sales lack an invoice; numbers brought in as a table.

use crate::{
    documents::{
        error::DocumentError,
        invoice::{Sale, Typed, Which},
        queries_invoices as queries,
        record::{self, NewInvoice},
        routes::Deps,
    },
    enterprises::SellerScope,
    kernel::{
        Cx, Errors, Lang, OrderId, Place, Text, day_of, fold, name_place, normalise, read_place,
    },
    orders::{self, Asker},
    platform::{idempotency, spreadsheet::Table},
    web::{AsProblem, Begun, Html, Page, PageError, Query, Upload, begin_once},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::{Acquire, PgConnection};

/// Rows of one page.
const SIZE: i64 = 50;
/// Rows of one table that is brought in.
const MOST: usize = 1000;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    xem: String,
    sau: String,
}

impl Asked {
    pub(super) fn which(&self) -> Which {
        Which::of(&self.xem)
    }

    fn place(&self) -> Option<Place> {
        read_place(&self.sau)
    }
}

/// One row of a table that was brought in and not taken.
struct Bad {
    /// As a spreadsheet counts, the header being 1.
    line: usize,
    code: String,
    why: String,
}

struct Tab {
    href: String,
    label: String,
    current: bool,
    count: i64,
}

#[derive(Template)]
#[template(path = "documents/list.html")]
struct ListPage {
    page: Page,
    which: Which,
    tabs: Vec<Tab>,
    sales: Vec<Sale>,
    /// The page of older ones.
    older: String,
    missing: i64,
    key: String,
    /// Of a table that was brought in.
    taken: Option<usize>,
    bad: Vec<Bad>,
    errors: Errors,
}

/// What came of a table.
#[derive(Default)]
struct Brought {
    taken: Option<usize>,
    bad: Vec<Bad>,
    errors: Option<Errors>,
}

async fn page_of(
    deps: &Deps,
    page: Page,
    scope: &SellerScope,
    asked: &Asked,
    brought: Brought,
) -> Result<ListPage, PageError> {
    let mut db = deps.db.acquire().await?;
    let which = asked.which();
    let mut sales = queries::sales(&mut db, scope.seller, which, asked.place(), SIZE + 1).await?;
    let more = i64::try_from(sales.len()).unwrap_or_default() > SIZE;
    sales.truncate(usize::try_from(SIZE).unwrap_or_default());
    let older = sales.last().filter(|_| more).map(|last| {
        let place = name_place((last.placed_at, last.order.0));
        format!("/ban-hang/hoa-don?xem={}&sau={place}", which.slug())
    });
    let (missing, wanted) = queries::missing(&mut db, scope.seller).await?;
    let tab = |one: Which| Tab {
        href: format!("/ban-hang/hoa-don?xem={}", one.slug()),
        label: one.label().get(page.lang).to_owned(),
        current: one == which,
        count: match one {
            Which::Missing => missing,
            Which::Asked => wanted,
            Which::Recorded => 0,
        },
    };
    Ok(ListPage {
        which,
        tabs: Which::ALL.into_iter().map(tab).collect(),
        sales,
        older: older.unwrap_or_default(),
        missing,
        key: page.new_key(),
        taken: brought.taken,
        bad: brought.bad,
        errors: brought.errors.unwrap_or_else(|| Errors::new(page.lang)),
        page: page.in_section("seller-invoices"),
    })
}

/// `GET /ban-hang/hoa-don`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    Ok(Html(page_of(&deps, page, &scope, &asked, Brought::default()).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct ImportForm {
    key: String,
}

/// `POST /ban-hang/hoa-don/nhap`: numbers of many invoices; good rows are taken, the others are told.
pub(in super::super) async fn import(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Upload<ImportForm>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let table = match table(&form, lang) {
        Ok(table) => table,
        Err(errors) => return wrong(&deps, page, &scope, errors).await,
    };
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /ban-hang/hoa-don/nhap", form.raw.as_ref());
    let once = match begin_once(&mut tx, &cx, lang, scope.person, &form.data.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return wrong(&deps, page, &scope, errors).await;
        }
    };
    let (mut taken, mut bad) = (Vec::new(), Vec::new());
    for (at, row) in table.into_iter().enumerate() {
        match one(&mut tx, &cx, &scope, lang, &row).await? {
            Ok(Some(sale)) => taken.push(sale),
            Ok(None) => {}
            Err(why) => bad.push(Bad { line: at + 2, code: row.code, why }),
        }
    }
    idempotency::settle(&mut tx, &once, "/ban-hang/hoa-don?xem=da-co").await?;
    // Everybody's acts wait for the audit log while it is written: it comes last.
    for (order, new) in &taken {
        record::note(&mut tx, &cx, *order, new).await?;
    }
    tx.commit().await?;
    let brought = Brought { taken: Some(taken.len()), bad, errors: None };
    let shown = page_of(&deps, page, &scope, &Asked::default(), brought).await?;
    Ok(Html(shown).into_response())
}

async fn wrong(
    deps: &Deps,
    page: Page,
    scope: &SellerScope,
    errors: Errors,
) -> Result<Response, PageError> {
    let brought = Brought { errors: Some(errors), ..Brought::default() };
    let shown = page_of(deps, page, scope, &Asked::default(), brought).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
}

/// One row as typed.
struct Row {
    code: String,
    typed: Typed,
}

/// The rows of the file, by the names of their columns in either language.
fn table(form: &Upload<ImportForm>, lang: Lang) -> Result<Vec<Row>, Errors> {
    let fail = |text: Text| {
        let mut errors = Errors::new(lang);
        errors.add("tep", text);
        errors
    };
    let unread = || {
        fail(Text::new(
            "Không đọc được tệp; xin dùng CSV hoặc XLSX theo mẫu.",
            "The file cannot be read; please use CSV or XLSX like the form.",
        ))
    };
    let file = form.files.first().ok_or_else(|| {
        fail(Text::new("Xin chọn tệp CSV hoặc XLSX.", "Please choose a CSV or XLSX file."))
    })?;
    let table = Table::upload(file.bytes.to_vec()).map_err(|_| unread())?;
    let column = |names: [&str; 2]| {
        table.header.iter().position(|h| names.iter().any(|n| fold(h) == fold(n)))
    };
    let places = super::exports::COLUMNS.map(|(vi, en)| column([vi, en]));
    let [Some(code), Some(symbol), Some(number), Some(day), authority] = places else {
        return Err(fail(Text::new(
            "Tệp phải có các cột: Mã đơn, Ký hiệu, Số hóa đơn, Ngày lập.",
            "The file needs the columns: Order, Symbol, Number, Issued on.",
        )));
    };
    let rows: Vec<Vec<String>> =
        table.take(MOST + 1).collect::<anyhow::Result<_>>().map_err(|_| unread())?;
    if rows.len() > MOST {
        return Err(fail(Text::new(
            "Mỗi lần nhập tối đa 1.000 dòng.",
            "At most 1,000 rows at a time.",
        )));
    }
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let read = |row: Vec<String>| Row {
        code: cell(&row, code),
        typed: Typed {
            key: String::new(),
            ky_hieu: cell(&row, symbol),
            so: cell(&row, number),
            ngay: cell(&row, day),
            ma_cqt: authority.map(|at| cell(&row, at)).unwrap_or_default(),
        },
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Takes one row; `None` when it says nothing yet, an explanation when it cannot be taken.
async fn one(
    db: &mut PgConnection,
    cx: &Cx,
    scope: &SellerScope,
    lang: Lang,
    row: &Row,
) -> Result<Result<Option<(OrderId, NewInvoice)>, String>, PageError> {
    let typed = &row.typed;
    if typed.ky_hieu.is_empty() && typed.so.is_empty() && typed.ngay.is_empty() {
        return Ok(Ok(None));
    }
    let order = orders::find(db, &normalise(&row.code), Asker::Seller(scope.seller)).await?;
    let Some(order) = order.filter(record::may_have) else {
        let why = lang
            .t("Không có đơn nào như vậy đang chờ hóa đơn.", "No such order waits for an invoice.");
        return Ok(Err(why.to_owned()));
    };
    let entry = match typed.check(lang, day_of(order.head.placed_at), day_of(cx.now)) {
        Ok(entry) => entry,
        Err(errors) => {
            let all: Vec<&str> = errors.iter().map(|(_, text)| text).collect();
            return Ok(Err(all.join(" ")));
        }
    };
    // A row that is refused leaves the others as they are.
    let mut inner = db.begin().await?;
    let new = NewInvoice::of(entry, None);
    match record::keep(&mut inner, cx, super::names(&order), &new).await {
        Ok(()) => {
            inner.commit().await?;
            Ok(Ok(Some((order.head.id, new))))
        }
        Err(error @ DocumentError::Taken) => {
            inner.rollback().await?;
            Ok(Err(error.problem().title.get(lang).to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

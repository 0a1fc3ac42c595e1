//! A month's files: the sheet and the paper that a reader takes with him.

use super::month::Month;
use crate::{
    kernel::Lang,
    platform::pdf::Paper,
    web::{PageError, press},
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// Rows on a paper, and in a sheet.
pub(super) const ON_PAPER: i64 = 400;
pub(super) const IN_FILE: i64 = 50_000;

/// The first rows, so many, and whether there are more: one more was asked for.
pub(super) fn cut<T>(mut rows: Vec<T>, most: i64) -> (Vec<T>, bool) {
    let most = usize::try_from(most).unwrap_or_default();
    let more = rows.len() > most;
    rows.truncate(most);
    (rows, more)
}

/// The last line of a sheet that has no room for all.
pub(super) fn and_more<const N: usize>(lang: Lang) -> [String; N] {
    let mut line: [String; N] = std::array::from_fn(|_| String::new());
    if let Some(first) = line.first_mut() {
        *first = lang
            .t(
                "Còn nữa: bảng này chỉ có 50.000 dòng đầu.",
                "There is more: this sheet has the first 50,000 lines.",
            )
            .to_owned();
    }
    line
}

/// A month's sheet to keep; it is made beside the requests.
pub(super) async fn sheet(
    name: &str,
    month: Month,
    make: impl FnOnce() -> anyhow::Result<Vec<u8>> + Send + 'static,
) -> Result<Response, PageError> {
    let made = tokio::task::spawn_blocking(make).await;
    let bytes = made.map_err(PageError::internal)?.map_err(PageError::internal)?;
    let head = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-{}.xlsx\"", month.code()),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((head, bytes).into_response())
}

/// A month's paper to read or to print.
pub(super) async fn paper(name: &str, month: Month, paper: Paper) -> Result<Response, PageError> {
    let bytes = press::print(paper).await?;
    Ok(press::answer(bytes, &format!("{name}-{}.pdf", month.code())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_told() {
        assert_eq!(cut(vec![1, 2, 3], 3), (vec![1, 2, 3], false));
        assert_eq!(cut(vec![1, 2, 3], 2), (vec![1, 2], true));
        let line: [String; 3] = and_more(Lang::En);
        assert!(line[0].starts_with("There is more") && line[2].is_empty());
    }
}

//! The pages of accounts.

pub(super) mod account;
pub(super) mod addresses;
pub(super) mod confirm;
pub(super) mod own;
pub(super) mod reset;
pub(super) mod second_factor;
pub(super) mod sign_in;
pub(super) mod sign_up;

use crate::{
    kernel::{Errors, Text},
    web::{AsProblem, Html, local_path},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::AccountError;

/// The form again, filled in, with what is wrong.
fn again(page: impl Template) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

/// The same when there were too many attempts.
fn too_many(page: impl Template) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, Html(page)).into_response()
}

/// Writes an error of a command beside a field.
fn told(errors: &mut Errors, field: &str, error: &AccountError) {
    errors.add(field, error.problem().title);
}

fn text(vi: &'static str, en: &'static str) -> Text {
    Text::new(vi, en)
}

/// `path`, carrying where the reader goes afterwards, if that is a path of this site.
fn with_onward(path: &str, onward: &str) -> String {
    match local_path(onward) {
        Some(onward) => {
            let onward: String = form_urlencoded::byte_serialize(onward.as_bytes()).collect();
            format!("{path}?tiep={onward}")
        }
        None => path.to_owned(),
    }
}

/// Where a signed-in reader is sent from; see [`sign_in::enter`].
const ENTER: &str = "/tai-khoan/vao";
/// Where the second factor is set up and given.
const SECOND_FACTOR: &str = "/tai-khoan/hai-lop";

/// The query of a page that leads on somewhere.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct Onward {
    tiep: String,
}

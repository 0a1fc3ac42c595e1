//! A stand-in for a Meilisearch server, for tests: it speaks the server's HTTP on a port of its own and keeps
//! everything in memory.
//!
//! **Copied from the real server (1.14 and later):** keys (401 without one, 403 with a wrong one); the forms of
//! errors; tasks, with the real one's refusal to show a write before its task has ended: here a task ends when it
//! is asked for the second time, so a client that does not wait never sees what it wrote; indexes that come
//! into being when written to; ids that are refused; `documents/fetch`; `swap-indexes`; multi-search with
//! `page`/`hitsPerPage` (exact) and `offset`/`limit`; parameters that it does not know are refused; the filter
//! grammar (`filter`), with attributes that are not filterable or not comparable refused; facet counts; `sort`; the
//! ten words of a question; phrases, a leading minus, the beginning of the last word, slips by
//! a word's length (one in the first letter counts twice), words written together or apart,
//! synonyms, stop words, the matching strategies `all` and `last`; ranking rules in their order, each deciding
//! only among equals.
//!
//! **Not copied:** how the real one takes other scripts than Latin apart; its limits on derived words and
//! time; `frequency`; federation; highlighting; facet search; vectors; geography. `proximity`, `attribute` and
//! `exactness` rank by the same things but not by the same figures: tests may rely on which field or which
//! closeness wins, not on more.

mod filter;
mod index;
mod rank;
mod search;
mod tasks;
mod text;

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};
use index::Index;
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tasks::{Shelf, Work};

/// Something fixed where the real server tells the time.
const NOW: &str = "2026-11-22T00:00:00Z";

/// What the server says when it cannot do a thing.
#[derive(Debug, Clone)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, code, message: message.into() }
    }

    fn no_index(uid: &str) -> Self {
        Self::new(404, "index_not_found", format!("Index `{uid}` not found."))
    }

    fn body(&self) -> Value {
        let kind =
            if matches!(self.status.as_u16(), 401 | 403) { "auth" } else { "invalid_request" };
        let link = format!("https://docs.meilisearch.com/errors#{}", self.code);
        json!({"message": self.message, "code": self.code, "type": kind, "link": link})
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

/// A running stand-in; it ends with the test.
#[derive(Clone)]
pub struct StandIn {
    shelf: Arc<Mutex<Shelf>>,
    /// Where it listens, as a client needs it.
    pub url: String,
}

impl StandIn {
    /// Starts one that wants `key`, if any.
    pub async fn start(key: Option<&str>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shelf = Shelf { key: key.map(str::to_owned), ..Shelf::default() };
        let own = Self { shelf: Arc::new(Mutex::new(shelf)), url };
        let router = router(own.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        own
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next write is taken on and then fails.
    pub fn fail_next_write(&self) {
        self.shelf().fails =
            Some(Refusal::new(500, "no_space_left_on_device", "The disk is full."));
    }

    /// From now on takes questions and does not answer.
    pub fn fall_silent(&self) {
        self.shelf().is_silent = true;
    }

    /// Answers again.
    pub fn speak(&self) {
        self.shelf().is_silent = false;
    }

    /// How many requests there were.
    pub fn requests(&self) -> usize {
        self.shelf().requests
    }

    /// The names of the indexes.
    pub fn indexes(&self) -> Vec<String> {
        self.shelf().indexes.keys().cloned().collect()
    }
}

type Reply = Result<Response, Refusal>;

fn router(own: StandIn) -> Router {
    Router::new()
        .route("/indexes", get(list).post(create))
        .route("/indexes/{uid}", get(show).delete(delete))
        .route("/indexes/{uid}/settings", patch(set))
        .route("/indexes/{uid}/settings/synonyms", get(synonyms).put(set_synonyms))
        .route("/indexes/{uid}/documents", get(documents).post(add))
        .route("/indexes/{uid}/documents/fetch", post(fetch))
        .route("/indexes/{uid}/documents/{id}", get(document))
        .route("/tasks/{number}", get(task))
        .route("/swap-indexes", post(swap))
        .route("/multi-search", post(multi_search))
        .layer(middleware::from_fn_with_state(own.clone(), guard))
        .layer(axum::extract::DefaultBodyLimit::max(100 << 20))
        .with_state(own)
}

async fn guard(State(own): State<StandIn>, request: Request, next: Next) -> Response {
    let (is_silent, key) = {
        let mut shelf = own.shelf();
        shelf.requests += 1;
        (shelf.is_silent, shelf.key.clone())
    };
    if is_silent {
        std::future::pending::<()>().await;
    }
    let given = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    match (key, given) {
        (None, _) => next.run(request).await,
        (Some(_), None) => {
            let message =
                "The Authorization header is missing. It must use the bearer authorization method.";
            Refusal::new(401, "missing_authorization_header", message).into_response()
        }
        (Some(key), Some(given)) if given == format!("Bearer {key}") => next.run(request).await,
        _ => {
            Refusal::new(403, "invalid_api_key", "The provided API key is invalid.").into_response()
        }
    }
}

fn shown(uid: &str, index: &Index) -> Value {
    json!({"uid": uid, "createdAt": NOW, "updatedAt": NOW, "primaryKey": index.primary_key})
}

fn number(query: &HashMap<String, String>, name: &str, otherwise: usize) -> usize {
    query.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

async fn list(State(own): State<StandIn>, Query(query): Query<HashMap<String, String>>) -> Reply {
    let (offset, limit) = (number(&query, "offset", 0), number(&query, "limit", 20));
    let shelf = own.shelf();
    let page = shelf.indexes.iter().skip(offset).take(limit);
    let results: Vec<Value> = page.map(|(uid, index)| shown(uid, index)).collect();
    let total = shelf.indexes.len();
    Ok(Json(json!({"results": results, "offset": offset, "limit": limit, "total": total}))
        .into_response())
}

async fn create(State(own): State<StandIn>, Json(body): Json<Value>) -> Reply {
    let uid = body["uid"].as_str().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if uid.is_empty() || !uid.chars().all(is_name) {
        return Err(Refusal::new(
            400,
            "invalid_index_uid",
            format!("`{uid}` is not a valid index uid."),
        ));
    }
    let primary_key = body["primaryKey"].as_str().map(str::to_owned);
    Ok(own.shelf().enqueue(Some(uid), Work::Create { primary_key }))
}

async fn show(State(own): State<StandIn>, Path(uid): Path<String>) -> Reply {
    Ok(Json(shown(&uid, own.shelf().index(&uid)?)).into_response())
}

async fn delete(State(own): State<StandIn>, Path(uid): Path<String>) -> Reply {
    Ok(own.shelf().enqueue(Some(&uid), Work::Delete))
}

async fn set(
    State(own): State<StandIn>,
    Path(uid): Path<String>,
    Json(changes): Json<Map<String, Value>>,
) -> Reply {
    index::check_settings(&changes)?;
    Ok(own.shelf().enqueue(Some(&uid), Work::Settings(changes)))
}

async fn synonyms(State(own): State<StandIn>, Path(uid): Path<String>) -> Reply {
    Ok(Json(json!(own.shelf().index(&uid)?.settings.synonyms)).into_response())
}

async fn set_synonyms(
    State(own): State<StandIn>,
    Path(uid): Path<String>,
    Json(all): Json<Value>,
) -> Reply {
    let changes = Map::from_iter([("synonyms".to_owned(), all)]);
    index::check_settings(&changes)?;
    Ok(own.shelf().enqueue(Some(&uid), Work::Settings(changes)))
}

async fn add(
    State(own): State<StandIn>,
    Path(uid): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    Json(documents): Json<Vec<Value>>,
) -> Reply {
    let primary_key = query.get("primaryKey").cloned();
    Ok(own.shelf().enqueue(Some(&uid), Work::Documents { documents, primary_key }))
}

async fn documents(
    State(own): State<StandIn>,
    Path(uid): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let fields: Option<Vec<&str>> = query.get("fields").map(|all| all.split(',').collect());
    let page = (number(&query, "offset", 0), number(&query, "limit", 20));
    Ok(Json(own.shelf().index(&uid)?.listed(None, fields.as_deref(), page)).into_response())
}

async fn fetch(
    State(own): State<StandIn>,
    Path(uid): Path<String>,
    Json(body): Json<Value>,
) -> Reply {
    let texts = |name: &str| -> Option<Vec<&str>> {
        body[name].as_array().map(|all| all.iter().filter_map(Value::as_str).collect())
    };
    let size = |name: &str, otherwise: usize| {
        body[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(otherwise)
    };
    let page = (size("offset", 0), size("limit", 20));
    let shelf = own.shelf();
    Ok(Json(shelf.index(&uid)?.listed(texts("ids").as_deref(), texts("fields").as_deref(), page))
        .into_response())
}

async fn document(State(own): State<StandIn>, Path((uid, id)): Path<(String, String)>) -> Reply {
    let shelf = own.shelf();
    let found = shelf.index(&uid)?.document(&id);
    let absent = || Refusal::new(404, "document_not_found", format!("Document `{id}` not found."));
    Ok(Json(found.ok_or_else(absent)?.clone()).into_response())
}

async fn task(State(own): State<StandIn>, Path(number): Path<usize>) -> Reply {
    let mut shelf = own.shelf();
    let absent = || Refusal::new(404, "task_not_found", format!("Task `{number}` not found."));
    let task = shelf.tasks.get_mut(number).ok_or_else(absent)?;
    if std::mem::replace(&mut task.asked, true) {
        shelf.work(number);
    }
    let task = &shelf.tasks[number];
    let (status, error) = match &task.ended {
        None => ("processing", None),
        Some(Ok(())) => ("succeeded", None),
        Some(Err(refusal)) => ("failed", Some(refusal.body())),
    };
    let ended = task.ended.as_ref();
    Ok(Json(json!({
        "uid": number, "indexUid": task.uid, "status": status, "type": task.work.kind(), "canceledBy": null,
        "details": task.work.details(ended.map(Result::is_ok)), "error": error,
        "duration": ended.map(|_| "PT0.001S"), "enqueuedAt": NOW, "startedAt": NOW,
        "finishedAt": ended.map(|_| NOW),
    }))
    .into_response())
}

async fn swap(State(own): State<StandIn>, Json(pairs): Json<Vec<Value>>) -> Reply {
    let pair = |value: &Value| serde_json::from_value::<[String; 2]>(value["indexes"].clone());
    let pairs: Result<Vec<[String; 2]>, _> = pairs.iter().map(pair).collect();
    let bad =
        |error: serde_json::Error| Refusal::new(400, "invalid_swap_indexes", error.to_string());
    Ok(own.shelf().enqueue(None, Work::Swap(pairs.map_err(bad)?)))
}

async fn multi_search(State(own): State<StandIn>, Json(body): Json<Value>) -> Reply {
    let shelf = own.shelf();
    let mut results = Vec::new();
    for (i, query) in body["queries"].as_array().into_iter().flatten().enumerate() {
        let inside = |refusal: Refusal| Refusal {
            message: format!("Inside `.queries[{i}]`: {}", refusal.message),
            ..refusal
        };
        let asked = search::Asked::read(query).map_err(inside)?;
        let index = shelf.index(&asked.index_uid).map_err(inside)?;
        results.push(search::answer(index, &asked).map_err(inside)?);
    }
    Ok(Json(json!({"results": results})).into_response())
}

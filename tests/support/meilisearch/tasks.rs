//! What is written: tasks that wait, and what they do.

use super::{NOW, Refusal, index::Index};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Create { primary_key: Option<String> },
    Delete,
    Settings(Map<String, Value>),
    Documents { documents: Vec<Value>, primary_key: Option<String> },
    Swap(Vec<[String; 2]>),
}

impl Work {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Create { .. } => "indexCreation",
            Self::Delete => "indexDeletion",
            Self::Settings(_) => "settingsUpdate",
            Self::Documents { .. } => "documentAdditionOrUpdate",
            Self::Swap(_) => "indexSwap",
        }
    }

    pub(super) fn details(&self, done: Option<bool>) -> Value {
        match self {
            Self::Create { primary_key } => json!({"primaryKey": primary_key}),
            Self::Delete => json!({"deletedDocuments": 0}),
            Self::Settings(settings) => json!(settings),
            Self::Documents { documents, .. } => {
                let indexed = done.map(|done| if done { documents.len() } else { 0 });
                json!({"receivedDocuments": documents.len(), "indexedDocuments": indexed})
            }
            Self::Swap(pairs) => {
                json!({"swaps": pairs.iter().map(|pair| json!({"indexes": pair})).collect::<Vec<_>>()})
            }
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) uid: Option<String>,
    pub(super) work: Work,
    pub(super) asked: bool,
    pub(super) ended: Option<Result<(), Refusal>>,
}

#[derive(Default)]
pub(super) struct Shelf {
    pub(super) indexes: BTreeMap<String, Index>,
    pub(super) tasks: Vec<Task>,
    /// The next write fails with this.
    pub(super) fails: Option<Refusal>,
    /// Answers nothing any more.
    pub(super) is_silent: bool,
    pub(super) key: Option<String>,
    pub(super) requests: usize,
}

impl Shelf {
    pub(super) fn index(&self, uid: &str) -> Result<&Index, Refusal> {
        self.indexes.get(uid).ok_or_else(|| Refusal::no_index(uid))
    }

    pub(super) fn enqueue(&mut self, uid: Option<&str>, work: Work) -> Response {
        let number = self.tasks.len();
        let answer = json!({"taskUid": number, "indexUid": uid, "status": "enqueued", "type": work.kind(),
            "enqueuedAt": NOW});
        self.tasks.push(Task { uid: uid.map(str::to_owned), work, asked: false, ended: None });
        (StatusCode::ACCEPTED, Json(answer)).into_response()
    }

    /// Does what is waiting, up to task `last`.
    pub(super) fn work(&mut self, last: usize) {
        for number in 0..=last {
            let Task { uid, work, ended: None, .. } = self.tasks[number].clone() else { continue };
            let done = match self.fails.take() {
                Some(refusal) => Err(refusal),
                None => self.perform(uid.as_deref().unwrap_or_default(), work),
            };
            self.tasks[number].ended = Some(done);
        }
    }

    fn perform(&mut self, uid: &str, work: Work) -> Result<(), Refusal> {
        match work {
            Work::Create { primary_key } => {
                if self.indexes.contains_key(uid) {
                    let message = format!("Index `{uid}` already exists.");
                    return Err(Refusal::new(409, "index_already_exists", message));
                }
                self.indexes.insert(uid.into(), Index { primary_key, ..Index::default() });
                Ok(())
            }
            Work::Delete => {
                self.indexes.remove(uid).map(drop).ok_or_else(|| Refusal::no_index(uid))
            }
            Work::Settings(changes) => {
                self.indexes.entry(uid.into()).or_default().set(&changes);
                Ok(())
            }
            Work::Documents { documents, primary_key } => {
                self.indexes.entry(uid.into()).or_default().add(documents, primary_key)
            }
            Work::Swap(pairs) => {
                for uid in pairs.iter().flatten() {
                    self.index(uid)?;
                }
                for [one, other] in &pairs {
                    if let (Some(a), Some(b)) =
                        (self.indexes.remove(one), self.indexes.remove(other))
                    {
                        self.indexes.insert(one.clone(), b);
                        self.indexes.insert(other.clone(), a);
                    }
                }
                Ok(())
            }
        }
    }
}

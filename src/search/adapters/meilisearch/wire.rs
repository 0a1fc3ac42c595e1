//! The connection: requests that give up in time, and tasks that are waited for.

use anyhow::{Context, bail, ensure};
use async_trait::async_trait;
use futures_util::io::AsyncRead;
use meilisearch_sdk::{
    client::Client,
    errors::{Error, ErrorCode},
    indexes::Index,
    request::{HttpClient, Method},
    reqwest::ReqwestClient,
    task_info::TaskInfo,
    tasks::Task,
};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// How long a question may take.
const QUESTION: Duration = Duration::from_secs(3);
/// How long it may take to hand over documents.
const DELIVERY: Duration = Duration::from_secs(30);
/// How long the server may work on what it was handed.
const WORK: Duration = Duration::from_secs(300);
/// How often it is asked whether it has finished.
const POLL: Duration = Duration::from_millis(20);

pub(super) type Server = Client<Patient>;
pub(super) type ServerIndex = Index<Patient>;

/// The SDK's own client, which by itself would wait for ever.
#[derive(Clone)]
pub(super) struct Patient {
    client: ReqwestClient,
    limit: Duration,
}

#[async_trait]
impl HttpClient for Patient {
    async fn stream_request<
        Query: Serialize + Send + Sync,
        Body: AsyncRead + Send + Sync + 'static,
        Output: DeserializeOwned + 'static,
    >(
        &self,
        url: &str,
        method: Method<Query, Body>,
        content_type: &str,
        expected_status_code: u16,
    ) -> Result<Output, Error> {
        let request = self.client.stream_request(url, method, content_type, expected_status_code);
        tokio::time::timeout(self.limit, request).await.unwrap_or(Err(Error::Timeout))
    }

    fn is_tokio(&self) -> bool {
        true
    }
}

/// One server, for questions and for deliveries.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) asking: Server,
    pub(super) writing: Server,
}

impl Wire {
    /// `url`: without a path; `key`: one that may search, write documents, set up and swap indexes.
    pub(super) fn new(url: &str, key: Option<&str>) -> anyhow::Result<Self> {
        let url = url.trim_end_matches('/');
        ensure!(url.starts_with("http://") || url.starts_with("https://"), "not an address: {url}");
        let is_header = |key: &str| key.bytes().all(|byte| byte.is_ascii_graphic());
        ensure!(key.is_none_or(is_header), "the key has characters that no key has");
        let client = ReqwestClient::new(key)?;
        let server =
            |limit| Client::new_with_client(url, key, Patient { client: client.clone(), limit });
        Ok(Self { asking: server(QUESTION), writing: server(DELIVERY) })
    }

    /// Waits until the server has done what it was told; a task that failed is an error.
    pub(super) async fn done(&self, task: TaskInfo) -> anyhow::Result<()> {
        let number = task.task_uid;
        let ended = self.asking.wait_for_task(task, Some(POLL), Some(WORK)).await;
        match ended.with_context(|| format!("task {number}"))? {
            Task::Succeeded { .. } => Ok(()),
            Task::Failed { content } => {
                Err(content.error).with_context(|| format!("task {number} failed"))
            }
            Task::Enqueued { .. } | Task::Processing { .. } => bail!("task {number} has not ended"),
        }
    }
}

/// Whether the server says that there is no such thing.
pub(super) fn is_absent(error: &Error) -> bool {
    matches!(
        error,
        Error::Meilisearch(told)
            if matches!(told.error_code, ErrorCode::DocumentNotFound | ErrorCode::IndexNotFound)
    )
}

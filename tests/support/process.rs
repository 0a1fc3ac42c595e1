//! The program itself as a process that can be killed.

use super::{World, browser::Browser};
use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// `santinh serve` on a world's database, at an address that stays the same over its lives.
pub struct Process {
    url: String,
    folder: PathBuf,
    pub base: String,
    variables: Vec<(&'static str, String)>,
    child: Child,
}

impl Process {
    pub async fn serve(world: &World) -> Self {
        Self::serve_with(&world.database_url(), &[]).await
    }

    /// The same with some variables of configuration, on the database that this address leads to.
    pub async fn serve_with(url: &str, variables: &[(&'static str, String)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder =
            std::env::temp_dir().join(format!("santinh-process-{}", uuid::Uuid::new_v4().simple()));
        let base = format!("http://127.0.0.1:{port}");
        let (url, variables) = (url.to_owned(), variables.to_vec());
        let child = spawn(&url, &folder, &base, &variables);
        let process = Self { url, folder, base, variables, child };
        process.is_up().await;
        process
    }

    /// What `kill -9` does: nothing is finished, nothing is said.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub async fn starts_again(&mut self) {
        self.child = spawn(&self.url, &self.folder, &self.base, &self.variables);
        self.is_up().await;
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    async fn is_up(&self) {
        for _ in 0..600 {
            let health = reqwest::get(format!("{}/healthz", self.base)).await;
            if health.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not come up");
    }
}

fn spawn(url: &str, folder: &PathBuf, base: &str, variables: &[(&'static str, String)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_santinh"))
        .arg("serve")
        .env("DATABASE_URL", url)
        .env("SANTINH_VAR", folder)
        .env("SANTINH_LISTEN", base.trim_start_matches("http://"))
        .env("SANTINH_WRITES_PER_MINUTE", "0")
        .env("SANTINH_LOG", "error")
        .envs(variables.iter().cloned())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

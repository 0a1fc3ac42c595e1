//! The way to the database as a line that can be cut and mended.

use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use std::path::PathBuf;
use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// Where the line ends.
#[derive(Clone)]
enum End {
    Socket(PathBuf),
    Port(String, u16),
}

/// A port that leads to the database as long as it is not cut; it ends with the test.
pub struct Line {
    /// The address of the database at this end.
    pub url: String,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy)]
struct State {
    whole: bool,
    /// How often it was cut.
    cuts: u64,
}

impl Line {
    pub async fn to(options: &PgConnectOptions) -> Self {
        let end = match options.get_socket() {
            Some(folder) => End::Socket(folder.join(format!(".s.PGSQL.{}", options.get_port()))),
            None => End::Port(options.get_host().to_owned(), options.get_port()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url = options.to_url_lossy();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        url.set_query(Some("sslmode=disable"));
        let (sender, state) = watch::channel(State { whole: true, cuts: 0 });
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let now = *state.borrow();
                if now.whole {
                    tokio::spawn(carry(near, end.clone(), state.clone(), now.cuts));
                }
            }
        });
        Self { url: url.to_string(), state: sender }
    }

    /// Every connection breaks, and there are no new ones.
    pub fn cut(&self) {
        self.state.send_modify(|state| (state.whole, state.cuts) = (false, state.cuts + 1));
    }

    /// New connections come through again.
    pub fn mend(&self) {
        self.state.send_modify(|state| state.whole = true);
    }
}

async fn carry(near: TcpStream, end: End, state: watch::Receiver<State>, cuts: u64) {
    match end {
        End::Socket(path) => between(near, UnixStream::connect(path).await, state, cuts).await,
        End::Port(host, port) => {
            between(near, TcpStream::connect((host, port)).await, state, cuts).await;
        }
    }
}

async fn between(
    mut near: TcpStream,
    far: std::io::Result<impl AsyncRead + AsyncWrite + Unpin>,
    mut state: watch::Receiver<State>,
    cuts: u64,
) {
    let Ok(mut far) = far else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far) => {}
        _ = state.wait_for(|state| state.cuts != cuts) => {}
    }
}

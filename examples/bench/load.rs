//! A small load generator: connections that stay open, one request after the other on each.

use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One answer's status and length.
pub struct Answer {
    pub status: u16,
    pub bytes: usize,
}

pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn new(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(256 << 10) })
    }

    /// Sends a whole request and reads a whole answer, by its length or its chunks.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_end = loop {
            self.read().await?;
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let field = |name: &str| {
            head.lines()
                .find_map(|line| line.strip_prefix(name))
                .map(|value| value.trim().to_owned())
        };
        if let Some(length) = field("content-length:").and_then(|n| n.parse::<usize>().ok()) {
            while self.buffer.len() < head_end + length {
                self.read().await?;
            }
        } else if field("transfer-encoding:").is_some() {
            while !self.buffer.ends_with(b"0\r\n\r\n") {
                self.read().await?;
            }
        }
        let status = head.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
        Ok(Answer { status, bytes: self.buffer.len() - head_end })
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server hung up");
        Ok(())
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// What was measured.
pub struct Measured {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub bytes: usize,
    pub failed: usize,
}

pub fn get(path: &str, compressed: bool) -> Vec<u8> {
    let accept = if compressed { "accept-encoding: br\r\n" } else { "" };
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{accept}\r\n").into_bytes()
}

/// The same as somebody who has signed in.
pub fn get_as(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\n\r\n").into_bytes()
}

pub fn post(path: &str, cookie: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends what `request` makes of the number of the connection and of the request, for `time` or until
/// it makes no more.
pub async fn run(
    port: u16,
    connections: usize,
    time: Duration,
    request: impl Fn(usize, usize) -> Option<Vec<u8>> + Clone + Send + 'static,
) -> anyhow::Result<Measured> {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|connection| {
            let request = request.clone();
            tokio::spawn(async move {
                let mut client = Client::new(port).await?;
                let (mut times, mut bytes, mut failed) = (Vec::new(), 0, 0);
                while begun.elapsed() < time {
                    let Some(bytes_out) = request(connection, times.len()) else { break };
                    let sent = Instant::now();
                    let answer = client.send(&bytes_out).await?;
                    times.push(sent.elapsed());
                    bytes = answer.bytes;
                    failed += usize::from(!(200..400).contains(&answer.status));
                }
                anyhow::Ok((times, bytes, failed))
            })
        })
        .collect();
    let (mut times, mut bytes, mut failed) = (Vec::new(), 0, 0);
    for task in tasks {
        let (own, size, wrong) = task.await??;
        times.extend(own);
        bytes = bytes.max(size);
        failed += wrong;
    }
    let took = begun.elapsed();
    times.sort_unstable();
    anyhow::ensure!(!times.is_empty(), "nothing was measured");
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let per_second = times.len() as f64 / took.as_secs_f64();
    Ok(Measured { per_second, p50: at(0.5), p99: at(0.99), bytes, failed })
}

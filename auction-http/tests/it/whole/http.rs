//! A small client for HTTP/1.1 over one connection: what it sends is what a test says.

use serde_json::Value;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One connection of somebody.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    token: Option<String>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Client {
    pub(super) async fn open(address: SocketAddr, token: Option<String>) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), token })
    }

    pub(super) async fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, &[], "").await
    }

    pub(super) async fn post(&mut self, path: &str, body: &Value, key: Option<&str>) -> io::Result<Answer> {
        let keyed: Vec<_> = key.into_iter().map(|key| ("Idempotency-Key", key)).collect();
        self.send("POST", path, &keyed, &body.to_string()).await
    }

    pub(super) async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if let Some(token) = &self.token {
            head.push_str(&format!("Authorization: Token {token}\r\n"));
        }
        if method != "GET" {
            head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head.push_str(body);
        self.write(head.as_bytes()).await?;
        self.answer().await
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes).await
    }

    /// Reads one answer.
    pub(super) async fn answer(&mut self) -> io::Result<Answer> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no answer: {first:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if answer.header("transfer-encoding") == "chunked" {
            loop {
                let size = usize::from_str_radix(self.line().await?.trim(), 16).map_err(io::Error::other)?;
                let mut chunk = vec![0; size];
                self.stream.read_exact(&mut chunk).await?;
                answer.body.extend(chunk);
                self.line().await?;
                if size == 0 {
                    return Ok(answer);
                }
            }
        }
        answer.body = vec![0; answer.header("content-length").parse().unwrap_or(0)];
        self.stream.read_exact(&mut answer.body).await?;
        Ok(answer)
    }

    /// Sends nothing more.
    pub(super) async fn finish(&mut self) {
        // A connection that is closed already is finished, too.
        let _ = self.stream.get_mut().shutdown().await;
    }

    /// Everything that still comes until the server closes the connection.
    pub(super) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        // A connection that is reset has nothing more to say either.
        let _ = self.stream.read_to_end(&mut rest).await;
        rest
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    /// The status and the code of a refusal.
    pub(super) fn code(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    /// A header; empty where there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

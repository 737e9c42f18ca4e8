//! A small HTTP/1.1 server on this machine that answers, or fails to, as a test tells it.

use std::sync::{Arc, Mutex};

use pulseapi::BaseUrl;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::message::{Reply, Request};

type Answering = dyn Fn(&Request) -> Reply + Send + Sync;

/// A running server; stops when dropped.
pub(crate) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Answers each request by a function of it.
    pub(crate) async fn answering(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let answer: Arc<Answering> = Arc::new(answer);
        Self::serving(move |stream, requests| converse(stream, requests, Arc::clone(&answer))).await
    }

    /// Gives the replies in turn, the last one again and again.
    pub(crate) async fn replying(replies: Vec<Reply>) -> Self {
        let left = Mutex::new(replies);
        Self::answering(move |_| {
            let mut left = left.lock().unwrap();
            if left.len() > 1 {
                left.remove(0)
            } else {
                left[0].clone()
            }
        })
        .await
    }

    /// Closes each connection before it reads anything.
    pub(crate) async fn hanging_up() -> Self {
        Self::serving(|stream, _| async move { drop(stream) }).await
    }

    /// Says this to each connection, whatever it is told.
    pub(crate) async fn speaking_first(text: &'static str) -> Self {
        Self::serving(move |mut stream, _| async move {
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        })
        .await
    }

    async fn serving<F>(
        serve: impl Fn(TcpStream, Arc<Mutex<Vec<Request>>>) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&log)));
            }
        });
        Self {
            port,
            requests,
            serving,
        }
    }

    pub(crate) fn base(&self, path: &str) -> BaseUrl {
        BaseUrl::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(mut stream: TcpStream, log: Arc<Mutex<Vec<Request>>>, answer: Arc<Answering>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let reply = answer(&request);
    log.lock().unwrap().push(request);
    // A client that has heard enough closes first; writing then fails, rightly.
    let _ = match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes).await,
        Reply::Stalling(bytes) => match stream.write_all(&bytes).await {
            Ok(()) => stream.read(&mut [0; 1]).await.map(|_| ()),
            failed => failed,
        },
        Reply::Held(told, bytes) => {
            told.notified().await;
            stream.write_all(&bytes).await
        }
        Reply::Chunked(size) => chunked(&mut stream, size).await,
        Reply::Drop => Ok(()),
        Reply::Silence => stream.read(&mut [0; 1]).await.map(|_| ()),
    };
    let _ = stream.shutdown().await;
}

async fn chunked(stream: &mut TcpStream, size: usize) -> std::io::Result<()> {
    const CHUNK: usize = 64 * 1024;
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        .await?;
    for _ in 0..size.div_ceil(CHUNK) {
        stream
            .write_all(format!("{CHUNK:x}\r\n").as_bytes())
            .await?;
        stream.write_all(&vec![b' '; CHUNK]).await?;
        stream.write_all(b"\r\n").await?;
    }
    stream.write_all(b"0\r\n\r\n").await
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut request = Request {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        headers,
        body: String::new(),
    };
    let length: usize = request
        .header("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(bytes[head + 4..].to_vec()).ok()?;
    Some(request)
}

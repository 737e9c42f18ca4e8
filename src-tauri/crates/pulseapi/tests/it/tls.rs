//! Connections that are not private: nothing is sent over them.

use std::sync::{Arc, Mutex};

use pulseapi::{Client, Error, IdempotencyKey, KeyId, Options, RetryPolicy};
use rcgen::generate_simple_self_signed;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::support::{Server, base, options, token};

fn client(port: u16) -> Client {
    let options = Options {
        retry: RetryPolicy::none(),
        ..options().0
    };
    Client::new(
        base(&format!("https://localhost:{port}/v1")),
        token(),
        options,
    )
    .unwrap()
}

/// A TLS server that nobody vouches for; notes what it could read.
async fn self_signed() -> (u16, Arc<Mutex<Vec<u8>>>) {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let private = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], private.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut bytes = Vec::new();
                let _ = stream.read_to_end(&mut bytes).await;
                log.lock().unwrap().extend(bytes);
            }
        }
    });
    (port, heard)
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_ends_it_before_the_token_is_sent() {
    let (port, heard) = self_signed().await;
    let client = client(port);
    let error = client.user().await.unwrap_err();
    let Error::Tls { detail } = &error else {
        panic!("not TLS: {error:?}")
    };
    assert!(detail.contains("trust"), "{detail}");
    let id = KeyId::parse("41").unwrap();
    let error = client
        .delete_key(&id, IdempotencyKey::random())
        .await
        .unwrap_err();
    assert!(!error.outcome_unknown());
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_server_without_tls_is_told_as_such() {
    let server = Server::speaking_first("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let error = client(server.port()).user().await.unwrap_err();
    assert_eq!(
        error,
        Error::Tls {
            detail: "the server does not speak TLS here".into()
        }
    );
}

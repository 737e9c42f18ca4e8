//! The connection report: its text for each kind of trouble, and that nothing private is ever in it.
//!
//! The texts are in `fixtures/connection`; times, ports and counts are masked. `PULSE_KEYS_UPDATE_FIXTURES=1` writes
//! them anew.

use std::path::PathBuf;
use std::sync::Arc;

use pulse_keys_core::view::{AccountId, CheckRequest, ConnectionReport, ErrorCode, ReportSaved};
use pulse_keys_core::{Checked, check_account};
use pulseapi::Options;
use sandbox::{Plan, Settings};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::departing::{Asked, Departs, Service};
use crate::world::{WHOLE_SANDBOX, World, request};

async fn of_account(world: &World, account: AccountId) -> ConnectionReport {
    let request = CheckRequest::Account { account };
    world.app.check_connection(&request).await.unwrap()
}

async fn of_typed(world: &World, base_url: &str, credential: &str) -> ConnectionReport {
    let request = CheckRequest::Typed {
        base_url: base_url.to_owned(),
        credential: SecretString::from(credential),
    };
    world.app.check_connection(&request).await.unwrap()
}

async fn with_own_credential(world: &World, base_url: &str) -> ConnectionReport {
    of_typed(world, base_url, world.credential.expose_secret()).await
}

/// The text without what differs from one run to the next.
fn masked(text: &str) -> String {
    let lines = text.lines().map(|line| {
        for name in ["Version   ", "Checked   "] {
            if line.starts_with(name) {
                return format!("{name}…");
            }
        }
        let words: Vec<&str> = line.split(' ').collect();
        let is_number =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let kept = words.iter().enumerate().map(|(place, word)| {
            let next = words.get(place + 1).copied().unwrap_or_default();
            let units = ["ms", "s", "s;", "of", "requests"];
            if is_number(word) && units.contains(&next) {
                "N".to_owned()
            } else if let Some((host, _)) =
                word.rsplit_once(':').filter(|_| word.starts_with("http"))
            {
                format!("{host}:PORT")
            } else {
                (*word).to_owned()
            }
        });
        kept.collect::<Vec<_>>().join(" ")
    });
    lines.map(|line| line + "\n").collect()
}

fn assert_golden(name: &str, report: &ConnectionReport) {
    let file = format!("fixtures/connection/{name}.txt");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = masked(&report.text);
    if std::env::var_os("PULSE_KEYS_UPDATE_FIXTURES").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&file).unwrap(), "{name}");
}

#[tokio::test]
async fn all_is_well() {
    let (world, account) = World::with_keychain().await;
    let report = of_account(&world, account).await;
    assert!(report.is_well, "{}", report.text);
    assert_golden("well", &report);
    let writes = |method: &str| {
        world
            .faults()
            .requests()
            .iter()
            .any(|asked| asked.method == method)
    };
    assert!(
        !writes("POST") && !writes("DELETE"),
        "it has changed something"
    );
}

#[tokio::test]
async fn the_token_is_wrong() {
    let world = World::new().await;
    let wrong = "7|pulse_0123456789abcdefghijABCDEFGHIJ0123456789a1b2c3d4";
    let report = of_typed(&world, &world.sandbox.base_url(), wrong).await;
    assert!(!report.is_well);
    assert_golden("wrong-token", &report);
}

#[tokio::test]
async fn the_plan_has_no_api() {
    let world = World::with(Settings {
        plan: Plan::Free,
        ..Settings::default()
    })
    .await;
    let report = with_own_credential(&world, &world.sandbox.base_url()).await;
    assert!(!report.is_well);
    assert_golden("free-plan", &report);
}

#[tokio::test]
async fn there_are_no_endpoints_for_keys() {
    let world = World::with(Settings {
        key_endpoints: false,
        ..Settings::default()
    })
    .await;
    let report = with_own_credential(&world, &world.sandbox.base_url()).await;
    assert!(!report.is_well);
    assert_golden("no-key-endpoints", &report);
}

/// Where the process with a trust store of its own finds it, and the server's key.
const TLS_FOLDER: &str = "PULSE_KEYS_TEST_TLS";

/// Which certificates are trusted is read from the environment once, so another process checks the connection.
#[test]
fn the_certificate_is_for_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["elsewhere.example".to_owned()]).unwrap();
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("cert.der"), made.cert.der()).unwrap();
    std::fs::write(
        folder.path().join("key.der"),
        made.signing_key.serialize_der(),
    )
    .unwrap();
    let this = std::env::current_exe().unwrap();
    let ran = std::process::Command::new(this)
        .args(["--exact", "--ignored", "--nocapture"])
        .arg("connection_report::asked_of_a_server_with_another_name")
        .env("SSL_CERT_FILE", &trusted)
        .env_remove("SSL_CERT_DIR")
        .env(TLS_FOLDER, folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && told.contains("1 passed"),
        "{told}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[tokio::test]
#[ignore = "run by the_certificate_is_for_another_name, in a process with a trust store of its own"]
async fn asked_of_a_server_with_another_name() {
    let folder = PathBuf::from(std::env::var_os(TLS_FOLDER).unwrap());
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(read("cert.der"))],
            PrivatePkcs8KeyDer::from(read("key.der")).into(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The client hangs up as soon as it has seen the name.
            let _refused = acceptor.accept(stream).await;
        }
    });
    let world = World::new().await;
    let report = with_own_credential(&world, &format!("https://localhost:{port}/v1")).await;
    assert!(!report.is_well);
    assert_golden("tls-name", &report);
}

/// Answers everything with this.
struct Always(u16, &'static str, &'static str);

impl Departs for Always {
    fn asked(&self, _: &str, _: &str) -> Asked {
        Asked::Answered(self.0, self.1, self.2.to_owned())
    }
}

async fn before(world: &World, departs: impl Departs) -> (Service, ConnectionReport) {
    let service = Service::before(&world.sandbox.base_url(), departs).await;
    let report = with_own_credential(world, service.base_url()).await;
    (service, report)
}

#[tokio::test]
async fn a_web_page_comes_back() {
    let world = World::new().await;
    let page = Always(
        200,
        "content-type: text/html",
        "<html><p>Hello CANARY</p></html>",
    );
    let (_service, report) = before(&world, page).await;
    assert!(!report.is_well);
    assert_golden("html", &report);
}

#[tokio::test]
async fn a_proxy_is_in_between() {
    let world = World::new().await;
    let portal = Always(
        403,
        "via: 1.1 CANARY.corp.example\r\ncontent-type: text/html; charset=CANARY",
        "<html><p>CANARY is blocked</p></html>",
    );
    let (_service, report) = before(&world, portal).await;
    assert!(!report.is_well);
    assert_golden("proxy-in-between", &report);
}

#[tokio::test]
async fn it_redirects_to_another_host() {
    let world = World::new().await;
    let elsewhere = Always(
        302,
        "location: https://CANARY.example/CANARY?token=CANARY",
        "",
    );
    let (_service, report) = before(&world, elsewhere).await;
    assert!(
        report.text.contains("redirected to another host"),
        "{}",
        report.text
    );
    assert!(
        !report.text.to_lowercase().contains("canary"),
        "{}",
        report.text
    );
}

/// Everything that a server can say of somebody, made recognisable.
struct Canaries {
    /// A field of the list's entries that is left out.
    without: Option<&'static str>,
}

impl Canaries {
    fn mark(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    match name.as_str() {
                        "id" => *value = json!(format!("canary_{value}")),
                        // Their form matters.
                        "last_used_at" | "created_at" | "rotated_at" | "links" | "meta" => {}
                        _ => Self::mark(value),
                    }
                }
                fields.insert("canary_field".to_owned(), json!("CANARY"));
            }
            Value::Array(list) => list.iter_mut().for_each(Self::mark),
            Value::String(text) => *text = format!("CANARY {text}"),
            _ => {}
        }
    }
}

impl Departs for Canaries {
    fn asked(&self, _: &str, target: &str) -> Asked {
        if target.contains("/incidents") {
            let body = r#"{"message": "CANARY may not", "errors": {"CANARY": ["CANARY"]}}"#;
            let headers = "content-type: application/CANARY\r\nx-request-id: CANARY\r\n\
                           x-ratelimit-limit: CANARY\r\nvia: CANARY";
            return Asked::Answered(422, headers, body.to_owned());
        }
        Asked::On(target.replace("canary_", ""))
    }

    fn answered(&self, target: &str, body: &mut Value) {
        Self::mark(body);
        if let Some(field) = self.without
            && target.contains("/api-keys?")
        {
            for key in body["data"].as_array_mut().unwrap() {
                key.as_object_mut().unwrap().remove(field);
            }
        }
    }
}

#[tokio::test]
async fn no_token_name_id_or_message_is_ever_in_it() {
    let world = World::new().await;
    let credential = world.credential.expose_secret().to_owned();
    let body = credential.split_once('|').unwrap().1;
    for without in [None, Some("last_eight"), Some("id")] {
        let (service, report) = before(&world, Canaries { without }).await;
        let text = report.text.to_lowercase();
        assert!(!text.contains("canary"), "{}", report.text);
        let tail = &credential[credential.len() - 8..];
        for secret in [credential.as_str(), body, tail, "@"] {
            assert!(!text.contains(&secret.to_lowercase()), "{}", report.text);
        }
        for key in world.faults().keys().unwrap() {
            let tail = key.last_eight.to_lowercase();
            assert!(!text.contains(&tail), "{}", report.text);
            assert!(!text.contains(&key.name.to_lowercase()), "{}", report.text);
        }
        if let Some(field) = without {
            let where_it_is = format!("first at data[0].{field}");
            assert!(report.text.contains(&where_it_is), "{}", report.text);
        }
        // The host alone is there: it is what the report is about.
        let host = service.base_url().split("/v1").next().unwrap();
        assert!(report.text.contains(host));
    }
}

#[tokio::test]
async fn a_long_part_of_the_path_is_left_out() {
    let world = World::new().await;
    let host = world.sandbox.base_url().replace("/v1", "");
    let typed = format!("{host}/gateway/CANARYCANARYCANARYCANARY/v1");
    let report = with_own_credential(&world, &typed).await;
    assert!(
        report.text.contains("Under /gateway/…/v1"),
        "{}",
        report.text
    );
    assert!(!report.text.contains("CANARY"), "{}", report.text);
    // The next base is the one that answers.
    assert!(report.is_well, "{}", report.text);
}

#[tokio::test]
async fn a_report_is_copied_and_saved_as_it_was_shown() {
    let (world, account) = World::with_keychain().await;
    let none = world.app.copy_connection_report().await.unwrap_err();
    assert!(none.message.contains("no report yet"), "{}", none.message);
    let report = of_account(&world, account).await;
    world.app.copy_connection_report().await.unwrap();
    {
        let clipboard = world.host.clipboard.lock().unwrap();
        let copied = clipboard.text.as_ref().unwrap();
        assert_eq!(copied.expose_secret(), report.text);
        assert!(!clipboard.is_secret);
    }
    world.saves_to(None);
    let cancelled = world.app.save_connection_report().await.unwrap();
    assert_eq!(cancelled, ReportSaved::Cancelled);
    let file = world.folder().join("report.txt");
    world.saves_to(Some(file.clone()));
    let saved = world.app.save_connection_report().await.unwrap();
    assert!(matches!(saved, ReportSaved::Saved { .. }), "{saved:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), report.text);
    world.saves_to(Some(world.folder().join("nowhere/report.txt")));
    let error = world.app.save_connection_report().await.unwrap_err();
    assert!(
        error.message.contains("could not be written"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn what_is_typed_wrong_is_told_at_its_field() {
    let world = World::new().await;
    for (base_url, credential, code) in [
        ("not an address", "7|abc", ErrorCode::Address),
        ("https://api.example.com/v1", "", ErrorCode::Credential),
    ] {
        let request = CheckRequest::Typed {
            base_url: base_url.to_owned(),
            credential: SecretString::from(credential),
        };
        let error = world.app.check_connection(&request).await.unwrap_err();
        assert_eq!(error.code, code);
    }
}

#[tokio::test]
async fn the_command_line_finds_an_account_by_name_or_id_and_changes_no_file() {
    let (world, account) = World::with_keychain().await;
    let label = world.app.state().await.accounts[0].label.clone();
    let vault = world.keychain().vault();
    let accounts = world.folders().accounts_file();
    let file = std::fs::read(&accounts).unwrap();
    let look = async |name: &str| {
        check_account(&world.folders(), &vault, Options::default(), "0.0.0", name).await
    };
    for name in [label.to_uppercase(), account.0.to_string()] {
        let Checked::Report { text, is_well } = look(&name).await else {
            panic!("there is no report");
        };
        assert!(is_well, "{text}");
        assert!(!text.contains(&label), "{text}");
    }
    assert!(matches!(look("nobody").await, Checked::NoSuchAccount));
    assert_eq!(std::fs::read(&accounts).unwrap(), file);

    std::fs::write(&accounts, "{").unwrap();
    assert!(matches!(look(&label).await, Checked::Trouble(_)));
    assert_eq!(std::fs::read(&accounts).unwrap(), b"{", "it was moved away");
}

#[tokio::test]
async fn the_command_line_says_where_the_sandbox_is_looked_at() {
    let (world, _) = World::with_keychain().await;
    let state = world.app.try_sandbox(&WHOLE_SANDBOX).await.unwrap();
    let id = state.active.unwrap().0.to_string();
    let vault = world.keychain().vault();
    let looked = check_account(&world.folders(), &vault, Options::default(), "0.0.0", &id).await;
    assert!(matches!(looked, Checked::Trouble(why) if why.contains("window is open")));
}

#[tokio::test]
async fn looking_is_no_use_of_the_own_key_by_something_unseen() {
    let (world, account) = World::with_keychain().await;
    let own = crate::own_key::own_id(&world, account).await;
    of_account(&world, account).await;
    let card = world.app.delete_card(&request(account, own)).await.unwrap();
    assert!(!card.usage.used_by_something_unseen);
    assert!(
        card.evidence.starts_with("Pulse Keys itself uses this key"),
        "{}",
        card.evidence
    );
}

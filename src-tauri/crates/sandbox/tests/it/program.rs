//! The binary.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::{Answer, client};

/// A running program that does not outlive its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(arguments: &[&str]) -> (Program, BufReader<ChildStdout>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let program = Program(child);
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let (url, credential) = line
        .trim_end()
        .strip_prefix("url=")
        .unwrap()
        .split_once(" credential=")
        .unwrap();
    (program, output, url.to_owned(), credential.to_owned())
}

#[cfg(unix)]
#[tokio::test]
async fn it_prints_one_line_that_works_and_ends_cleanly_when_told_to() {
    for signal in ["TERM", "INT"] {
        let arguments = ["--port", "0", "--keys", "30", "--plan", "professional"];
        let (mut program, mut output, url, credential) = serve(&arguments);
        let request = client()
            .get(format!("{url}/api-keys"))
            .bearer_auth(&credential);
        assert_eq!(Answer::of_api(request).await.body["meta"]["total"], 31);
        let hidden = client().get(url.replace("/v1", "/testing/requests"));
        assert_eq!(Answer::of(hidden).await.status, 404);

        let pid = program.0.id().to_string();
        assert!(
            Command::new("kill")
                .args([&format!("-{signal}"), &pid])
                .status()
                .unwrap()
                .success()
        );
        assert!(program.0.wait().unwrap().success(), "after {signal}");
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[tokio::test]
async fn it_serves_without_key_endpoints_when_told_to() {
    let (_program, _, url, credential) = serve(&["--port", "0", "--no-key-endpoints"]);
    for (path, status) in [("user", 200), ("api-keys", 404)] {
        let request = client()
            .get(format!("{url}/{path}"))
            .bearer_auth(&credential);
        assert_eq!(Answer::of_api(request).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_killed_program_leaves_a_file_that_the_next_one_can_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.sqlite");
    let arguments = ["--port", "0", "--db", path.to_str().unwrap()];
    let (program, _, _, credential) = serve(&arguments);
    drop(program);
    assert!(
        folder.path().join("sandbox.sqlite-wal").exists(),
        "it had no time to tidy up"
    );

    let (_program, _, url, _) = serve(&arguments);
    let request = client()
        .get(format!("{url}/api-keys"))
        .bearer_auth(&credential);
    assert_eq!(Answer::of_api(request).await.body["meta"]["total"], 14);
}

#[test]
fn wrong_arguments_are_explained() {
    for (arguments, word) in [
        (["--plan", "gold"], "professional"),
        (["--requests-per-minute", "0"], "requests-per-minute"),
        (
            ["--db", "/proc/nothing/here.sqlite"],
            "/proc/nothing/here.sqlite",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert!(output.stdout.is_empty());
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(complaint.contains(word), "{complaint}");
    }
}

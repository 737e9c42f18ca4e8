//! KeePassXC as the secret service of a private desktop: its database, its configuration, and what its window offers
//! on the bus.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::environment::{Environment, PASSWORD};

/// The title of the window in which it asks for the password of a database.
pub const PROMPT: &str = "Unlock Database - KeePassXC";

/// The title of the window in which it asks whether a program may have an entry.
pub const ACCESS_PROMPT: &str = "KeePassXC -  Access Request";

/// A database that shows its root group to programs that ask for secrets: what the user sets in its settings, under
/// Secret Service Integration.
const DATABASE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
<Meta>
<DatabaseName>Secrets</DatabaseName>
<RecycleBinEnabled>True</RecycleBinEnabled>
<CustomData><Item>
<Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{00112233-4455-6677-8899-aabbccddeeff}</Value>
</Item></CustomData>
</Meta>
<Root><Group><UUID>ABEiM0RVZneImaq7zN3u/w==</UUID><Name>Root</Name></Group></Root>
</KeePassFile>
"#;

/// What the user would otherwise be asked at the first start, and the questions for each entry switched off. A single
/// instance would be one for all desktops.
const CONFIGURATION: &str = "[General]
ConfigVersion=2
UpdateCheckMessageShown=true
MinimizeOnStartup=true
SingleInstance=false

[GUI]
CheckForUpdates=false

[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmDeleteItem=false
ConfirmAccessItem=";

/// Makes a database with [`PASSWORD`], unless it is there.
pub(crate) fn database(environment: &Environment, name: &str) -> PathBuf {
    let file = environment.home().join(format!("{name}.kdbx"));
    if file.exists() {
        return file;
    }
    let xml = environment.home().join("database.xml");
    fs::write(&xml, DATABASE).expect("the HOME is ours");
    let mut command = environment.command("keepassxc-cli");
    command.args(["import", "--quiet", "--set-password"]);
    command.arg(&xml).arg(&file);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("keepassxc is installed");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    write!(stdin, "{PASSWORD}\n{PASSWORD}\n").expect("it reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "keepassxc-cli: {said}");
    file
}

/// Writes its configuration; `asks_for_each` is what it does when it is new: the user is asked for each entry that a
/// program wants.
pub(crate) fn configure(environment: &Environment, asks_for_each: bool) {
    let folder = environment.home().join(".config/keepassxc");
    fs::create_dir_all(&folder).expect("the HOME is ours");
    let text = format!("{CONFIGURATION}{asks_for_each}\n");
    fs::write(folder.join("keepassxc.ini"), text).expect("the HOME is ours");
}

/// Starts it with these databases; the password goes to its standard input.
pub(crate) fn command(environment: &Environment, databases: &[&Path], is_open: bool) -> Command {
    let mut command = environment.command("keepassxc");
    command.env("TMPDIR", environment.home());
    if is_open {
        command.arg("--pw-stdin");
    }
    command.args(databases);
    command
}

/// Calls a method of its window.
pub(crate) fn call(environment: &Environment, method: &str, arguments: &[&str]) {
    let mut command = environment.command("dbus-send");
    command
        .args(["--session", "--print-reply"])
        .args(["--dest=org.keepassxc.KeePassXC.MainWindow", "/keepassxc"])
        .arg(format!("org.keepassxc.KeePassXC.MainWindow.{method}"))
        .args(arguments.iter().map(|text| format!("string:{text}")));
    let output = command.output().expect("dbus-send is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{method}: {said}");
}

//! The app as a process: one at a time, and what a killed one leaves for the next.

use std::path::Path;

use rusqlite::Connection;
use sandbox::faults::{Fault, Rule};
use support::accessible::Program;
use support::driver::{App, program};
use support::{processes, wait};

use support::scene::{Scene, WINDOW, delete_button, open_card, open_native_dialog};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_ends_at_once_and_leaves_one_window() {
    let scene = Scene::new().await;
    let app = App::start(&scene.desktop).await;
    app.wait_for_text("Connect to PulseAPI").await;
    let status = scene.desktop.command(program()).status().unwrap();
    assert!(status.success(), "{status}");
    assert_eq!(app.screen().titles(), [WINDOW]);
    assert_eq!(app.processes().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_was_cut_off_by_a_kill_is_told_at_the_next_start() {
    let cases = [
        (Fault::HangAfter, true, "“Old importer” was deleted"),
        (
            Fault::Delay {
                milliseconds: 60_000,
            },
            false,
            "The deletion may still take effect",
        ),
    ];
    for (fault, acts, words) in cases {
        let scene = Scene::new().await;
        let key = scene.idle_key("Old importer").await;
        let app = scene.connected().await;
        scene.fault(Rule::once("DELETE", "/api-keys/*", fault));
        open_native_dialog(&app, key.id).await;
        app.native().press_in_dialog("Delete key");
        wait_for_delete(&scene, acts);
        app.processes().into_iter().for_each(processes::kill);
        drop(app);

        let app = App::start(&scene.desktop).await;
        app.wait_for_text(words).await;
        assert_eq!(scene.deletes_seen(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_the_apps_own_key_is_deleted_ends_with_a_word_about_it_and_signs_nobody_out() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    let id = scene.own_key();
    scene.fault(Rule::once("DELETE", "/api-keys/*", Fault::HangAfter));
    open_card(&app, id).await;
    let name = scene.faults().key(id).await.unwrap().unwrap().name;
    let field = app.find("[role=dialog] form input").await;
    field.send_keys(&name).await.unwrap();
    delete_button(&app).await.click().await.unwrap();
    let _ = app.native().dialog();
    app.native().press_in_dialog("Delete key");
    wait_for_delete(&scene, true);
    app.processes().into_iter().for_each(processes::kill);
    drop(app);

    let app = App::start(&scene.desktop).await;
    // A 401 is what a gateway answers, too.
    app.wait_for_text("The deletion may be the reason, but that is not proved")
        .await;
    app.find_by_role("button", "Replace credential…").await;
    assert!(!scene.desktop.keyring().items(vault::SERVICE).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_newer_version_are_refused_in_words_and_left_alone() {
    let accounts: fn(&Path) = |file| {
        std::fs::write(file, r#"{"version": 99, "accounts": "in another form"}"#).unwrap();
    };
    let database: fn(&Path) = |file| {
        let connection = Connection::open(file).unwrap();
        let newer = "CREATE TABLE later (x); PRAGMA user_version = 99";
        connection.execute_batch(newer).unwrap();
    };
    for (name, make) in [
        ("config/accounts.json", accounts),
        ("data/pulse-keys.sqlite", database),
    ] {
        let scene = Scene::new().await;
        let file = scene.desktop.app_home().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        make(&file);
        let before = std::fs::read(&file).unwrap();

        let mut app = scene
            .desktop
            .start("pulse-keys", &scene.desktop.command(program()));
        let native = Program::named(&scene.desktop, "pulse-keys");
        let words = native.dialog().labels().join(" ");
        for part in [
            file.to_str().unwrap(),
            "newer version of Pulse Keys",
            "Nothing was changed",
            "Install the newer version again",
        ] {
            assert!(words.contains(part), "{words}");
        }
        native.press_in_dialog("Quit");
        wait::until_true("the app has ended", || !app.is_running());
        assert!(
            std::fs::read(&file).unwrap() == before,
            "{name} was changed"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_set_aside_and_the_window_says_where() {
    let scene = Scene::new().await;
    let app = scene.connected().await;
    drop(app);
    let file = scene.database_file();
    let junk = b"a disk had other plans with this ".repeat(100);
    std::fs::write(&file, &junk).unwrap();
    // What the ended app left there would make the file whole again.
    for ending in ["-wal", "-shm"] {
        let beside = format!("{}{ending}", file.display());
        let _ = std::fs::remove_file(beside);
    }

    let app = App::start(&scene.desktop).await;
    app.find("[role=grid] [data-key]").await;
    let beside = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let mut aside = beside.map(|entry| entry.unwrap().path());
    let aside = aside
        .find(|path| path.to_string_lossy().contains(".damaged-"))
        .unwrap();
    app.wait_for_text(&format!("It was kept as {}.", aside.display()))
        .await;
    assert!(std::fs::read(aside).unwrap() == junk);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_on_the_command_line_needs_no_display() {
    let scene = Scene::new().await;
    drop(scene.connected().await);
    let without_display = |arguments: &[&str]| {
        let mut command = scene.desktop.command(program());
        command.args(arguments).env_remove("DISPLAY");
        command.output().unwrap()
    };
    let accounts = std::fs::read(scene.desktop.app_home().join("config/accounts.json")).unwrap();
    let accounts: serde_json::Value = serde_json::from_slice(&accounts).unwrap();
    let account = &accounts["accounts"][0];
    for name in [&account["label"], &account["id"]] {
        let told = without_display(&["--check-connection", name.as_str().unwrap()]);
        let text = String::from_utf8(told.stdout).unwrap();
        assert_eq!(told.status.code(), Some(0), "{text}");
        assert!(text.contains("GET /api-keys "), "{text}");
        assert!(!text.contains(account["label"].as_str().unwrap()), "{text}");
    }
    let unknown = without_display(&["--check-connection", "nobody"]);
    assert_eq!(unknown.status.code(), Some(2));
    scene.fault(Rule {
        times: 100,
        ..Rule::once("GET", "/api-keys", Fault::Html)
    });
    let trouble = without_display(&["--check-connection", account["label"].as_str().unwrap()]);
    assert_eq!(trouble.status.code(), Some(1));
    let contract = without_display(&["--print-contract"]);
    assert_eq!(contract.stdout, pulseapi::Contract::BUILT_IN.as_bytes());
}

/// Waits until a deletion has reached the server, and has been carried out if it `acts`.
fn wait_for_delete(scene: &Scene, acts: bool) {
    wait::until_true("the deletion has come as far as it should", || {
        let requests = scene.faults().requests();
        let mut deletions = requests.iter().filter(|request| request.method == "DELETE");
        deletions.any(|request| request.acted.is_some() == acts)
    });
}

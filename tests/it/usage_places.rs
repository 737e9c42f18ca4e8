//! Which places of this machine are searched, and which findings are opened.

use std::path::PathBuf;

use pulse_keys_core::host::Showing;
use pulse_keys_core::view::{
    FindingAction, FindingHeading, FindingRequest, FolderState, LocateRequest, Preferences,
    SearchFolders, SearchTier, UsageVerdict,
};
use secrecy::ExposeSecret as _;

use crate::usage_home::{all, begin, keys, plant, put, search, under};

#[tokio::test]
async fn only_what_was_found_is_opened() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    let other = world.idle_key(300).await;
    world.refreshed(account).await;
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    let env = under(&report, FindingHeading::Environment)[0].clone();
    let open = |key: i64, finding: &str, action| FindingRequest {
        account,
        key: keys(&[key]).remove(0),
        finding: finding.to_owned(),
        action,
    };
    for foreign in [
        open(key.id, "/etc/passwd", FindingAction::Open),
        open(key.id, "0000000000000000", FindingAction::Show),
        open(other.id, &env.id, FindingAction::Open),
    ] {
        let error = world.app.open_finding(&foreign).await.unwrap_err();
        assert!(error.message.contains("did not find this"), "{error:?}");
    }
    assert_eq!(world.shown(), []);

    for action in [
        FindingAction::Open,
        FindingAction::Show,
        FindingAction::CopyPath,
    ] {
        world
            .app
            .open_finding(&open(key.id, &env.id, action))
            .await
            .unwrap();
    }
    let path = PathBuf::from(&env.path);
    let expected = [(path.clone(), Showing::Editor), (path, Showing::Folder)];
    assert_eq!(world.shown(), expected);
    assert!(world.clipboard_holds(&env.path));
    let locate = LocateRequest {
        account,
        key: keys(&[key.id]).remove(0),
        finding: env.id,
    };
    assert!(world.app.locate_finding(&locate).await.is_err());
}

#[tokio::test]
async fn the_search_folders_of_the_preferences_are_searched_and_no_others() {
    let (world, account, key) = begin().await;
    plant(&world, &key);
    put(
        &world,
        "notes/a.txt",
        &format!("{}\n", key.token.expose_secret()),
    );
    let choose = async |search: SearchFolders| {
        let preferences = Preferences {
            search,
            ..world.app.preferences()
        };
        world.app.write_preferences(preferences).await
    };
    let folders = SearchFolders {
        roots: vec!["~/notes".to_owned(), "~/gone".to_owned()],
        extra: vec![],
        excluded: vec![],
    };
    choose(folders).await.unwrap();
    let checked = world.app.search_folders().await;
    let states: Vec<_> = checked.roots.iter().map(|folder| folder.state).collect();
    assert_eq!(states, [FolderState::There, FolderState::Missing]);
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    let found: Vec<_> = all(&report)
        .iter()
        .map(|found| found.short_path.clone())
        .collect();
    assert_eq!(found, ["~/notes/a.txt"]);
    assert!(report.incomplete, "a folder is missing");

    let excluding = SearchFolders {
        excluded: vec!["~/shop".to_owned(), "~/notes".to_owned()],
        ..SearchFolders::default()
    };
    choose(excluding).await.unwrap();
    put(
        &world,
        "notes/b.txt",
        &format!("{}\n", key.token.expose_secret()),
    );
    let report = search(&world, account, &[key.id], SearchTier::Folders).await;
    let found: Vec<_> = all(&report)
        .iter()
        .map(|found| found.short_path.clone())
        .collect();
    // Nothing new; what was found there before was not looked at again, so that it counts still.
    assert_eq!(found, ["~/notes/a.txt"]);
    let relative = SearchFolders {
        roots: vec!["shop".to_owned()],
        ..SearchFolders::default()
    };
    assert!(choose(relative).await.is_err());
}

#[tokio::test]
async fn the_apps_own_files_are_no_places() {
    let (world, account, key) = begin().await;
    let folders = SearchFolders {
        roots: vec![world.folder().display().to_string()],
        ..SearchFolders::default()
    };
    let preferences = Preferences {
        search: folders,
        ..Preferences::default()
    };
    world.app.write_preferences(preferences).await.unwrap();
    let report = search(&world, account, &[key.id], SearchTier::Everything).await;
    assert_eq!(
        report.keys[0].verdict,
        UsageVerdict::NothingFound,
        "{report:?}"
    );
}

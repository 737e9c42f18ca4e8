//! What the user wrote about keys: written, kept through rotation and restart, exported and imported, gone with the key.

use std::fs;
use std::path::PathBuf;

use jiff::SignedDuration;
use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{
    AccountId, DeleteOutcome, EditNoteOutcome, EditNoteRequest, ExportOutcome, ImportNotesRequest,
    ImportedNote, KeyNote, KeyNoteField, KeyRequest, NotesImported, NotesRead, NotesRow,
    SignOutOutcome,
};
use pulseapi::KeyId;
use secrecy::ExposeSecret as _;

use crate::world::World;

fn note(account: AccountId, key: &KeyId, purpose: &str) -> EditNoteRequest {
    EditNoteRequest {
        account,
        key: key.clone(),
        purpose: purpose.to_owned(),
        owner: "Ada".to_owned(),
        stored_in: "1Password, vault Ops".to_owned(),
        review_on: "2027-03-01".to_owned(),
    }
}

async fn write(world: &World, request: &EditNoteRequest) -> Vec<KeyNote> {
    match world.app.edit_note(request).await.unwrap() {
        EditNoteOutcome::Written { notes } => notes.notes,
        refused @ EditNoteOutcome::Refused { .. } => panic!("{refused:?}"),
    }
}

async fn notes(world: &World, account: AccountId) -> Vec<KeyNote> {
    world.app.key_notes(account).await.unwrap().notes
}

/// A file, beside the user's home.
fn file(world: &World, name: &str) -> PathBuf {
    world.folder().join(name)
}

async fn exported(world: &World) -> String {
    let path = file(world, "notes.csv");
    world.saves_to(Some(path.clone()));
    let outcome = world.app.export_notes().await.unwrap();
    assert!(
        matches!(outcome, ExportOutcome::Saved { .. }),
        "{outcome:?}"
    );
    fs::read_to_string(path).unwrap()
}

async fn read(world: &World, table: &str) -> (Vec<NotesRow>, Vec<String>) {
    let path = file(world, "filled-in.csv");
    fs::write(&path, table).unwrap();
    world.opens(Some(path));
    match world.app.read_notes().await.unwrap() {
        NotesRead::Read { rows, remarks } => (rows, remarks),
        NotesRead::Cancelled => panic!("a file was chosen"),
    }
}

fn taken(rows: &[NotesRow]) -> Vec<ImportedNote> {
    rows.iter().filter_map(|row| row.note.clone()).collect()
}

#[tokio::test]
async fn a_note_is_kept_through_a_restart_and_a_rotation_and_goes_with_the_key() {
    let (mut world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let id = KeyId::parse(&key.id.to_string()).unwrap();
    world.refreshed(account).await;
    let request = note(account, &id, "  Deploys\nthe shop ");
    let written = write(&world, &request).await;
    let [first] = written.as_slice() else {
        panic!("{written:?}")
    };
    assert_eq!(first.purpose, "Deploys the shop");
    assert_eq!(first.review_on, Some("2027-03-01".parse().unwrap()));

    world.restart();
    assert_eq!(notes(&world, account).await, written);
    assert_eq!(world.app.handover().await.notes.unwrap().notes, written);

    world.rotated(account, key.id).await;
    world.refreshed(account).await;
    assert_eq!(notes(&world, account).await, written);

    let deleted = world.delete(account, key.id).await;
    assert!(
        matches!(deleted, DeleteOutcome::Deleted { .. }),
        "{deleted:?}"
    );
    assert_eq!(notes(&world, account).await, []);
    let refused = world.app.edit_note(&request).await.unwrap_err();
    assert!(refused.message.contains("does not have this key"));
}

#[tokio::test]
async fn a_whole_token_is_refused_at_its_field_and_nothing_is_written() {
    let (world, account) = World::signed_in().await;
    let key = world.refreshed(account).await.swap_remove(0);
    let request = EditNoteRequest {
        stored_in: format!("in .env: {}", world.credential.expose_secret()),
        review_on: "01/02/2027".to_owned(),
        ..note(account, &key.id, "Deploys")
    };
    let EditNoteOutcome::Refused { problems } = world.app.edit_note(&request).await.unwrap() else {
        panic!("it was written")
    };
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.field, problem.holds_token))
        .collect();
    assert_eq!(
        told,
        [
            (KeyNoteField::StoredIn, true),
            (KeyNoteField::ReviewOn, false)
        ]
    );
    assert_eq!(notes(&world, account).await, []);
}

#[tokio::test]
async fn an_empty_note_is_none() {
    let (world, account) = World::signed_in().await;
    let key = world.refreshed(account).await.swap_remove(0);
    assert_eq!(write(&world, &note(account, &key.id, "x")).await.len(), 1);
    let empty = EditNoteRequest {
        account,
        key: key.id.clone(),
        purpose: " \n".to_owned(),
        owner: String::new(),
        stored_in: String::new(),
        review_on: String::new(),
    };
    assert_eq!(write(&world, &empty).await, []);
}

#[tokio::test]
async fn what_was_exported_comes_back_in_another_life() {
    let (world, account) = World::signed_in().await;
    let keys = world.refreshed(account).await;
    write(&world, &note(account, &keys[0].id, "=1+1")).await;
    write(&world, &note(account, &keys[1].id, "Zaps; \"and\", more")).await;
    let table = exported(&world).await;
    assert_eq!(table.lines().count(), keys.len() + 1, "a row for each key");
    assert!(table.contains(&format!("...{}", keys[0].last_eight)));
    assert!(table.contains("'=1+1"), "{table}");
    let before = notes(&world, account).await;

    // The same account, signed in to anew: it has other ids, and no notes.
    world.says(Reply::Yes);
    let out = world.app.sign_out(account).await.unwrap();
    assert!(matches!(out, SignOutOutcome::SignedOut { .. }));
    let question = world.host.asked.lock().unwrap().last().unwrap().clone();
    assert!(
        question
            .paragraphs
            .iter()
            .any(|each| each.contains("Your notes about 2 keys go")),
        "{question:?}"
    );
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    let again = state.active.unwrap();
    assert_ne!(again, account);
    world.refreshed(again).await;
    assert_eq!(notes(&world, again).await, []);

    let (rows, remarks) = read(&world, &table).await;
    let chosen = taken(&rows);
    assert_eq!(chosen.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.replaces.is_none()));
    assert!(
        remarks.iter().any(|each| each.contains("say nothing")),
        "{remarks:?}"
    );
    assert_eq!(notes(&world, again).await, [], "nothing is written yet");
    let request = ImportNotesRequest { notes: chosen };
    let imported = world.app.import_notes(&request).await.unwrap();
    assert!(matches!(imported, NotesImported::Imported { .. }));
    let texts = |notes: Vec<KeyNote>| {
        let mut texts: Vec<_> = notes
            .into_iter()
            .map(|note| (note.key, note.purpose, note.owner, note.review_on))
            .collect();
        texts.sort_by_key(|(key, ..)| key.as_str().to_owned());
        texts
    };
    assert_eq!(texts(notes(&world, again).await), texts(before));
    let (rows, remarks) = read(&world, &exported(&world).await).await;
    assert_eq!(rows, []);
    assert!(remarks[0].contains("Nothing in this file is new"));
}

#[tokio::test]
async fn an_import_replaces_only_the_note_that_was_shown() {
    let (world, account) = World::signed_in().await;
    let key = world.refreshed(account).await.swap_remove(0);
    write(&world, &note(account, &key.id, "Before")).await;
    let table = exported(&world).await.replace("Before", "Out of the table");
    let (rows, _) = read(&world, &table).await;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row.replaces.as_ref().unwrap().purpose, "Before");

    world.time.is_later(SignedDuration::from_secs(60));
    write(&world, &note(account, &key.id, "Meanwhile")).await;
    let request = ImportNotesRequest {
        notes: taken(&rows),
    };
    let outcome = world.app.import_notes(&request).await.unwrap();
    assert!(matches!(outcome, NotesImported::Changed { .. }));
    assert_eq!(notes(&world, account).await[0].purpose, "Meanwhile");

    let (rows, _) = read(&world, &table).await;
    let request = ImportNotesRequest {
        notes: taken(&rows),
    };
    let outcome = world.app.import_notes(&request).await.unwrap();
    assert!(matches!(outcome, NotesImported::Imported { .. }));
    assert_eq!(notes(&world, account).await[0].purpose, "Out of the table");
}

#[tokio::test]
async fn what_the_page_sends_back_is_read_again() {
    let (world, account) = World::signed_in().await;
    let key = world.refreshed(account).await.swap_remove(0);
    let good = ImportedNote {
        account,
        key: key.id.clone(),
        purpose: "Deploys".to_owned(),
        owner: String::new(),
        stored_in: String::new(),
        review_on: None,
        over: None,
    };
    let with_token = ImportedNote {
        owner: world.credential.expose_secret().to_owned(),
        ..good.clone()
    };
    let request = ImportNotesRequest {
        notes: vec![good.clone(), with_token],
    };
    let error = world.app.import_notes(&request).await.unwrap_err();
    assert!(error.message.contains("whole token"), "{error:?}");
    let unknown = ImportedNote {
        key: KeyId::parse("4711").unwrap(),
        ..good.clone()
    };
    let request = ImportNotesRequest {
        notes: vec![good, unknown],
    };
    let outcome = world.app.import_notes(&request).await.unwrap();
    assert!(matches!(outcome, NotesImported::Changed { .. }));
    assert_eq!(notes(&world, account).await, []);
}

#[tokio::test]
async fn a_file_that_is_no_table_of_notes_is_not_read() {
    let (world, account) = World::signed_in().await;
    world.refreshed(account).await;
    world.opens(None);
    assert_eq!(world.app.read_notes().await.unwrap(), NotesRead::Cancelled);
    let path = file(&world, "other.csv");
    world.opens(Some(path.clone()));
    for content in [
        b"a,b,c\n1,2,3\n".to_vec(),
        vec![0xff, 0xfe, 0],
        vec![b'x'; 5 << 20],
    ] {
        fs::write(&path, content).unwrap();
        let error = world.app.read_notes().await.unwrap_err();
        assert_eq!(error.hint, "No note was changed.");
    }
}

#[tokio::test]
async fn in_the_users_own_list_a_note_goes_when_its_key_is_taken_off() {
    let world = World::with(sandbox::Settings {
        key_endpoints: false,
        ..sandbox::Settings::default()
    })
    .await;
    let state = world.connect(&world.sandbox.base_url()).await.unwrap();
    let account = state.active.unwrap();
    let typed = crate::guided::typed(account, "CI", "…ab12cd34");
    let list = crate::guided::list(world.app.note_key(&typed).await.unwrap());
    let key = list.keys[0].id.clone();
    assert_eq!(
        write(&world, &note(account, &key, "Deploys")).await.len(),
        1
    );
    let request = KeyRequest { account, key };
    world.app.unlist_key(&request).await.unwrap();
    let question = world.host.asked.lock().unwrap().last().unwrap().clone();
    assert!(question.paragraphs[0].contains("noted"), "{question:?}");
    assert_eq!(notes(&world, account).await, []);
}

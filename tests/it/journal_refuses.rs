//! The app's own files refuse a row in the middle of things: what was done is told all the same, with what it means for the
//! key, and nothing more is done.

use pulse_keys_core::view::{
    CreateOutcome, DeleteOutcome, PutOutcome, RotateOutcome, SetCiOutcome, SetCiSecretsRequest,
};
use rusqlite::Connection;

use crate::ci_secrets::{self, NAME, of, puts};
use crate::place::{self, named};
use crate::world::{World, always, status};

/// No row whose outcome begins so is written.
struct Refusal(Connection);

impl Refusal {
    fn of_rows_that_begin(world: &World, beginning: &str) -> Self {
        let connection = Connection::open(world.folders().database_file()).unwrap();
        let trigger = format!(
            "CREATE TRIGGER refuses BEFORE INSERT ON journal WHEN NEW.outcome LIKE '{beginning}%'
             BEGIN SELECT RAISE (ABORT, 'no space is left'); END"
        );
        connection.execute_batch(&trigger).unwrap();
        Self(connection)
    }

    fn ends(self) {
        self.0.execute_batch("DROP TRIGGER refuses").unwrap();
    }
}

#[tokio::test]
async fn a_deletion_that_was_sent_is_told_as_sent_and_settled_later() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let refusal = Refusal::of_rows_that_begin(&world, "deleted");
    let outcome = world.delete(account, key.id).await;
    let DeleteOutcome::Unknown { error } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(error.message.contains("no space is left"), "{error:?}");
    assert!(error.message.contains("had been sent"), "{error:?}");
    assert!(error.hint.contains("will not send"), "{error:?}");
    assert_eq!(world.status_with(&key.token).await, 401);
    assert_eq!(world.journalled("delete_key").await, [""; 0]);

    refusal.ends();
    let rows = world.refreshed(account).await;
    assert!(rows.iter().all(|row| row.id.as_str() != key.id.to_string()));
    let journalled = world.journalled("delete_key").await;
    assert!(
        journalled.len() == 1 && journalled[0].starts_with("deleted"),
        "{journalled:?}"
    );
}

#[tokio::test]
async fn no_ci_secret_is_set_without_a_row_and_after_one_that_has_none_no_other() {
    let (rotated, github) = ci_secrets::Rotated::on_github().await;
    let listed = rotated.list().await;
    let chosen = [
        of(&listed, "ada/shop", NAME),
        of(&listed, "ada/worker", NAME),
    ];
    let refusal = Refusal::of_rows_that_begin(&rotated.world, "to be set");
    let error = rotated
        .world
        .app
        .set_ci_secrets(&SetCiSecretsRequest {
            token: rotated.token.id,
            secrets: chosen.iter().map(|secret| secret.id.clone()).collect(),
        })
        .await
        .unwrap_err();
    assert!(error.message.ends_with("Nothing was sent."), "{error:?}");
    assert_eq!(puts(&github), [""; 0]);
    refusal.ends();

    rotated.list().await;
    let refusal = Refusal::of_rows_that_begin(&rotated.world, "set");
    let SetCiOutcome::Ended(set) = rotated.set(&chosen).await else {
        panic!("it was cancelled");
    };
    assert!(
        set.message
            .starts_with("The token is in 1 of 2 CI secrets. The journal does not say so."),
        "{set:?}"
    );
    assert!(set.results[0].done, "{set:?}");
    assert_eq!(
        set.results[1].message,
        "Nothing was sent, since the journal can’t be written."
    );
    assert_eq!(puts(&github).len(), 1);
    refusal.ends();
    let journalled = rotated.world.journalled("set_secret").await;
    assert!(
        journalled.len() == 1 && journalled[0].starts_with("to be set: "),
        "what may have been set is known: {journalled:?}"
    );
}

#[tokio::test]
async fn files_that_were_written_are_told_and_journalled_at_the_next_start() {
    let mut rotated = place::rotated().await;
    let places = rotated.places().await;
    let refusal = Refusal::of_rows_that_begin(&rotated.world, "put in place");
    let before = rotated.read("shop/.env");
    let PutOutcome::Ended(written) = rotated.put(&[named(&places, "shop/.env")]).await else {
        panic!("it was cancelled");
    };
    assert!(written.results[0].done, "{written:?}");
    assert!(
        written.message.contains("The journal does not say so yet."),
        "{written:?}"
    );
    assert_ne!(rotated.read("shop/.env"), before);
    refusal.ends();
    rotated.world.restart();
    let told = rotated.world.notices().await;
    assert!(
        told.iter()
            .any(|notice| notice.message.contains("The new token is in")),
        "{told:?}"
    );
    let journalled = rotated.world.journalled("put_in_place").await;
    assert!(
        journalled.len() == 1 && journalled[0].ends_with("as it was not written down before"),
        "{journalled:?}"
    );
}

#[tokio::test]
async fn what_the_service_refused_is_told_as_refused() {
    let (world, account) = World::with_keychain().await;
    let key = world.idle_key(200).await;
    let refusal = Refusal::of_rows_that_begin(&world, "not ");
    world.fault(always("POST", "/api-keys", status(403)));
    let created = world.create(account, "CI").await;
    let CreateOutcome::NotCreated { errors } = created else {
        panic!("{created:?}");
    };
    assert!(
        errors[0].message.starts_with("PulseAPI refused"),
        "{errors:?}"
    );
    world.fault(always(
        "POST",
        &format!("/api-keys/{}/rotate", key.id),
        status(403),
    ));
    let rotated = world.rotate(account, key.id).await;
    let RotateOutcome::NotRotated { error } = rotated else {
        panic!("{rotated:?}");
    };
    assert!(error.message.starts_with("PulseAPI refused"), "{error:?}");
    assert_eq!(world.status_with(&key.token).await, 200);
    refusal.ends();
}

//! "I found this string": whose token it is, from a text, a file that was chosen and one that was dropped; nobody is asked.

use jiff::SignedDuration;
use pulse_keys_core::view::{FindingLevel, KeyRow, RecogniseRequest, Recognised};
use secrecy::{ExposeSecret as _, SecretString};

use crate::usage_home::{begin, put};

#[tokio::test]
async fn a_string_is_recognised_and_nobody_is_asked() {
    let (world, account, key) = begin().await;
    let requests = world.faults().requests().len();
    let recognise = async |text: String| {
        let request = RecogniseRequest::Text {
            text: SecretString::from(text),
        };
        match world.app.recognise(request).await.unwrap() {
            Recognised::Looked { found, message, .. } => (found, message),
            Recognised::Cancelled => panic!("a text was not looked at"),
        }
    };
    let token = key.token.expose_secret();
    let (found, message) = recognise(format!("curl -H 'Authorization: Bearer {token}'")).await;
    let [mine] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((mine.level, mine.line), (FindingLevel::ThisKey, 1));
    assert_eq!((mine.genuine, mine.alive), (Some(true), Some(true)));
    let row: &KeyRow = mine.key.as_ref().unwrap();
    assert_eq!(
        (row.id.as_str(), mine.account),
        (key.id.to_string().as_str(), Some(account))
    );
    assert!(message.contains("“Old importer”"), "{message}");

    // Of another account, or of none.
    let stranger = world.key_used(SignedDuration::from_hours(1)).await;
    let (found, _) = recognise(stranger.token.expose_secret().to_owned()).await;
    let [theirs] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        (theirs.level, &theirs.key, theirs.alive),
        (FindingLevel::Unlisted, &None, None)
    );
    assert_eq!(theirs.genuine, Some(true));
    assert_eq!(recognise("nothing".to_owned()).await.0, []);
    let too_long = RecogniseRequest::Text {
        text: SecretString::from("x".repeat((1 << 20) + 1)),
    };
    assert!(world.app.recognise(too_long).await.is_err());

    let path = put(&world, "dump.txt", &format!("\n\n{token}\n"));
    world.opens(Some(path.clone()));
    let chosen = world.app.recognise(RecogniseRequest::Choose).await.unwrap();
    let Recognised::Looked { found, file, .. } = chosen else {
        panic!("{chosen:?}");
    };
    assert_eq!((found[0].line, file.as_deref()), (3, Some("dump.txt")));
    world.opens(None);
    let cancelled = world.app.recognise(RecogniseRequest::Choose).await.unwrap();
    assert_eq!(cancelled, Recognised::Cancelled);
    let nothing = world
        .app
        .recognise(RecogniseRequest::Dropped)
        .await
        .unwrap();
    assert_eq!(nothing, Recognised::Cancelled, "nothing was dropped");
    assert_eq!(world.app.note_dropped(path), "dump.txt");
    let dropped = world
        .app
        .recognise(RecogniseRequest::Dropped)
        .await
        .unwrap();
    assert!(matches!(dropped, Recognised::Looked { .. }), "{dropped:?}");
    assert_eq!(
        world.faults().requests().len(),
        requests,
        "the service was asked"
    );
}

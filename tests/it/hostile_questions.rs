//! What the service says cannot make a native question larger than a screen, or hide what it is about.

use pulse_keys_core::host::Question;
use pulse_keys_core::view::{BulkCardRequest, BulkDeleteRequest, RenameRequest, RotateReason};
use pulseapi::KeyId;
use sandbox::faults::VerbatimKey;

use crate::world::{World, rotation};

/// A line of the dialog, and the lines that a screen of 768 pixels has room for beside the buttons.
const LINE: usize = 60;
const LINES: usize = 26;

fn hostile() -> Vec<String> {
    vec![
        "x".repeat(10_000),
        "safe to delete\n".repeat(200),
        format!("e{}", "\u{301}".repeat(5_000)),
        "\u{FDFD}".repeat(300),
        "漢".repeat(300),
        format!("\u{202E}{}\u{2066}", "\u{5D0} ".repeat(300)),
        "\u{200B}".repeat(500),
    ]
}

/// Small without being cut as a last resort, in lines of its own, and with the sentence that it is asked for.
fn assert_fits(question: &Question, consequence: &str) {
    assert_eq!(question.clone().bounded(), *question);
    let words = [question.headline.clone()]
        .into_iter()
        .chain(question.paragraphs.clone());
    let lines: usize = words
        .flat_map(|text| {
            let lines: Vec<usize> = text
                .split('\n')
                .map(|line| line.chars().count().div_ceil(LINE))
                .collect();
            lines
        })
        .sum();
    assert!(lines <= LINES, "{lines} lines: {question:?}");
    let all = format!("{}\n{}", question.headline, question.paragraphs.join("\n"));
    assert!(all.contains(consequence), "{all}");
    assert!(!all.contains(['\u{202E}', '\u{2066}', '\u{200B}']), "{all}");
    assert!(!all.contains("\u{301}\u{301}\u{301}\u{301}"), "{all}");
}

#[tokio::test]
async fn no_name_makes_a_question_too_large_or_hides_its_consequence() {
    let (world, account) = World::signed_in().await;
    let mut ids = Vec::new();
    for name in hostile() {
        let used = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 200);
        let key = VerbatimKey {
            last_used_at: Some(used.into()),
            ..VerbatimKey::named(&name)
        };
        ids.push(world.faults().insert_key(key).await.unwrap().id);
    }
    world.says_no();
    world.refreshed(account).await;
    for id in &ids {
        world.delete(account, *id).await;
        world
            .app
            .rotate_key(&rotation(account, *id, RotateReason::Routine))
            .await
            .unwrap();
    }
    let keys: Vec<KeyId> = ids
        .iter()
        .map(|id| KeyId::parse(&id.to_string()).unwrap())
        .collect();
    let card = BulkCardRequest {
        account,
        keys: keys.clone(),
    };
    world.app.bulk_card(&card).await.unwrap();
    let deletion = BulkDeleteRequest {
        account,
        keys,
        typed: None,
    };
    world.app.delete_keys(&deletion, |_| {}).await.unwrap();
    let questions = world.questions();
    assert_eq!(questions.len(), 2 * ids.len() + 1);
    for question in &questions {
        assert_fits(question, "401");
    }
}

#[tokio::test]
async fn no_label_and_no_number_of_tokens_makes_a_question_too_large() {
    let (world, account) = World::signed_in().await;
    world.refreshed(account).await;
    let label = "漢".repeat(80);
    let renaming = RenameRequest { account, label };
    world.app.rename_account(&renaming).await.unwrap();
    for number in 0..12 {
        let name = format!("{number} {}", "w".repeat(200));
        world.created(account, &name).await;
    }
    world.says_no();
    world.app.sign_out(account).await.unwrap();
    assert_fits(&world.questions()[0], "never shows a token twice");
    let closing = world.app.question_before_closing().unwrap();
    assert_fits(&closing, "never shows a token twice");
    assert!(
        closing.paragraphs[0].ends_with("and 8 more."),
        "{closing:?}"
    );
}

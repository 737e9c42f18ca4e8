use super::*;
use crate::tests::row;

const TOKEN: &str = "1042|pulse_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8ncb4a95b9";

fn now() -> Timestamp {
    "2026-11-22T14:03:00Z".parse().unwrap()
}

fn key(id: &str, name: &str, last_eight: &str) -> KeyRow {
    KeyRow {
        last_eight: last_eight.to_owned(),
        ..row(id, name)
    }
}

fn account(number: u128, label: &str, keys: Vec<KeyRow>) -> Listed {
    Listed {
        account: AccountId(uuid::Uuid::from_u128(number)),
        label: label.to_owned(),
        keys,
        notes: HashMap::new(),
    }
}

fn listed() -> Vec<Listed> {
    let mut work = account(
        1,
        "ada@acme.example",
        vec![
            key("7", "CI/CD, main", "ab12cd34"),
            key("8", "=SUM(A1)", "00123456"),
            key("9", "Noted", "ffee0011"),
        ],
    );
    let note = KeyNote {
        key: KeyId::parse("9").unwrap(),
        purpose: "Deploys".to_owned(),
        owner: "Bob".to_owned(),
        stored_in: String::new(),
        review_on: None,
        written_at: "2026-11-01T00:00:00Z".parse().unwrap(),
    };
    work.notes.insert(note.key.clone(), note);
    vec![work, account(2, "Other", vec![key("7", "CI", "ab12cd34")])]
}

fn table(text: &str) -> Table {
    read(text, &listed(), now()).unwrap()
}

fn problem(text: &str) -> String {
    let heading = "account,key_name,last_eight,purpose,owner,stored_in,review_on\n";
    let rows = table(&format!("{heading}{text}\n")).rows;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row.note, None);
    row.problem.clone().unwrap()
}

#[test]
fn a_row_is_about_the_key_with_its_account_name_and_last_eight() {
    let text = "\u{FEFF}account;key_name;last_eight;purpose;owner;stored_in;review_on;listed\r\n\
                ADA@acme.example;\"CI/CD, main\";...ab12cd34;\"Deploys\nthe shop\";Ada;1Password;2027-03-01;yes\r\n\
                ada@acme.example;'=SUM(A1);…00123456;'=x;;;;no\r\n";
    let table = table(text);
    let [first, second] = table.rows.as_slice() else {
        panic!("{table:?}")
    };
    let note = first.note.as_ref().unwrap();
    assert_eq!(
        (note.account, note.key.as_str()),
        (listed()[0].account, "7")
    );
    assert_eq!(note.purpose, "Deploys the shop");
    assert_eq!(note.review_on, Some("2027-03-01".parse().unwrap()));
    assert_eq!((note.over, first.line), (None, 2));
    assert_eq!(first.title, "CI/CD, main …ab12cd34 · ADA@acme.example");
    let note = second.note.as_ref().unwrap();
    assert_eq!((note.key.as_str(), note.purpose.as_str()), ("8", "=x"));
    assert_eq!(table.remarks, [""; 0]);
}

#[test]
fn nothing_is_guessed() {
    assert_eq!(
        problem("Nobody,CI,ab12cd34,x,,,"),
        "You are not signed in to an account called “Nobody”."
    );
    assert_eq!(
        problem("Other,CI,ab12cd35,x,,,"),
        "The list of “Other” has no key with the last 8 “ab12cd35”."
    );
    assert_eq!(
        problem("Other,Deploy,ab12cd34,x,,,"),
        "The key with these last 8 is called “CI”, not “Deploy”."
    );
    assert_eq!(problem("Other,CI,,x,,,"), messages::NO_LAST_EIGHT);
    assert_eq!(
        problem("Other,CI,ab12cd34,x,,,01/02/2027"),
        "In review_on: Write a date as 2027-03-01, or “in 3 months”."
    );
    // Another account of this label has a key that is the same in all three.
    let mut twice = listed();
    twice.push(account(3, "Other", vec![key("70", "CI", "ab12cd34")]));
    let text = "account,name,last 8,purpose\nOther,CI,ab12cd34,x\n";
    let rows = read(text, &twice, now()).unwrap().rows;
    assert_eq!(rows[0].problem.as_deref(), Some(messages::SEVERAL_KEYS));
}

#[test]
fn a_row_that_replaces_a_note_says_so_and_one_that_says_nothing_does_nothing() {
    let text = "account,key_name,last_eight,purpose,owner,cost\n\
                ada@acme.example,Noted,ffee0011,Deploys,Bob,7\n\
                ada@acme.example,\"CI/CD, main\",ab12cd34,,,\n";
    let read = table(text);
    assert!(read.rows.is_empty(), "{read:?}");
    assert_eq!(
        read.remarks,
        [
            messages::NOTHING_NEW,
            "Not read, since notes have no such column: “cost”.",
            "1 row says what is noted already.",
            "1 row says nothing: it takes no note away.",
        ]
    );
    let text = "account,key_name,last_eight,purpose,owner\n\
                ada@acme.example,Noted,ffee0011,Deploys,Ada\n\
                ada@acme.example,Noted,ffee0011,Deploys,Eve\n";
    let read = table(text);
    let old = read.rows[0].replaces.as_ref().unwrap();
    assert_eq!(old.owner, "Bob");
    assert_eq!(
        read.rows[0].note.as_ref().unwrap().over,
        Some(old.written_at)
    );
    assert_eq!(read.rows[1].problem.as_deref(), Some(messages::SAME_KEY));
    assert_eq!(read.rows[1].replaces, None);
}

#[test]
fn nothing_of_a_whole_token_is_passed_on() {
    let text = format!(
        "account,key_name,last_eight,purpose\nOther,CI,{TOKEN},x\nOther,CI,ab12cd34,see {TOKEN}\n"
    );
    let read = table(&text);
    assert_eq!(read.rows.len(), 2);
    for row in &read.rows {
        assert_eq!(row.problem.as_deref(), Some(WHOLE_TOKEN));
        assert_eq!(row.title, "");
    }
    assert!(!format!("{read:?}").contains("aB3dE5"));
    let heading = format!("account,key_name,last_eight,purpose,{TOKEN}\n");
    assert!(super::read(&heading, &listed(), now()).is_none());
}

#[test]
fn a_table_without_headings_is_not_read() {
    for text in ["", "Other,CI,ab12cd34,x\n", "account,key_name,last_eight\n"] {
        assert!(read(text, &listed(), now()).is_none(), "{text}");
    }
}

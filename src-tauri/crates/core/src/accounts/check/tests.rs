use std::time::Duration;

use jiff::Timestamp;
use pulseapi::{
    BaseUrl, Check, CheckedBase, CheckedCall, Contract, Error as ApiError, NotTried, Operation,
    Outcome,
};

use super::messages::report;

fn call(operation: Operation, call: &str, outcome: Outcome) -> CheckedCall {
    CheckedCall {
        operation,
        call: Some(call.to_owned()),
        outcome,
    }
}

#[test]
fn a_certificate_for_another_name_ends_it_before_the_token_is_sent() {
    let error = ApiError::Tls {
        detail: "the certificate is for another name".to_owned(),
    };
    let took = Duration::from_millis(31);
    let left = || Outcome::NotTried(NotTried::SameTrouble);
    let check = Check {
        bases: vec![CheckedBase {
            base: BaseUrl::parse("https://api.example.com/v1").unwrap(),
            calls: vec![
                call(
                    Operation::User,
                    "GET /user",
                    Outcome::NoAnswer { error, took },
                ),
                call(Operation::Monitors, "GET /monitors", left()),
                call(Operation::Incidents, "GET /incidents", left()),
                call(Operation::List, "GET /api-keys", left()),
                call(Operation::Abilities, "GET /api-keys/abilities", left()),
                call(Operation::Key, "GET /api-keys/{id}", left()),
            ],
        }],
        goes_through_proxy: true,
        contract: Contract::built_in(),
        writes: vec![
            (Operation::Create, Some("POST /api-keys".to_owned())),
            (Operation::Rotate, None),
            (Operation::Delete, Some("DELETE /api-keys/{id}".to_owned())),
        ],
    };
    let now: Timestamp = "2026-11-29T14:03:00Z".parse().unwrap();
    let told = report(&check, now, "0.0.0");
    assert!(!told.is_well);
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/fixtures/connection/tls-name.txt"
    );
    assert_eq!(told.text, std::fs::read_to_string(path).unwrap());
}

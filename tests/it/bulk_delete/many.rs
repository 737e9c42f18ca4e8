//! 200 keys at 60 requests a minute, with a failure of each kind among them.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::time::Instant;

use pulse_keys_core::view::{BulkResult, BulkResultKind};
use pulseapi::Clock as _;
use sandbox::faults::{Fault, Rule};
use secrecy::ExposeSecret as _;

use super::{Ended, deletion, ids_of, is_true, path, until};
use crate::world::{World, status};

use BulkResultKind::{Deleted, GoneAlready, NotDeleted, NotTried, Unknown};

/// The many runs that 200 keys take, for the table that the test prints.
struct Table(String);

impl Table {
    fn add(&mut self, run: &str, ended: &Ended, minutes: &str) {
        let mut kinds: BTreeMap<BulkResultKind, Vec<&BulkResult>> = BTreeMap::new();
        for result in &ended.results {
            kinds.entry(result.kind).or_default().push(result);
        }
        for (kind, results) in kinds {
            let words: HashSet<String> = results
                .iter()
                .map(|result| result.message.split(" UTC: ").last().unwrap().to_owned())
                .collect();
            let mut words: Vec<String> = words.into_iter().collect();
            words.sort();
            let kind = format!("{kind:?}");
            let words = words.join(" / ");
            let words: String = words.chars().take(170).collect();
            writeln!(
                self.0,
                "| {run} | {kind:<11} | {:>4} | {words}",
                results.len()
            )
            .unwrap();
        }
        writeln!(
            self.0,
            "| {run} | {minutes} of the server's clock: {}",
            ended.message
        )
        .unwrap();
    }
}

/// 200 keys, a server that lets 60 requests through in a minute, and among the keys one refused (403), one that
/// somebody else deletes meanwhile (404), two failures (500, one of which acted), one more 429, and the credential
/// refused (401), which ends the run. A second run is cancelled in its middle, a third goes to the end.
#[tokio::test]
async fn two_hundred_keys_at_sixty_requests_a_minute() {
    let (world, account) = World::limited(60, 200).await;
    let ids: Vec<i64> = world
        .refreshed(account)
        .await
        .iter()
        .filter(|row| !row.own)
        .map(|row| row.id.as_str().parse().unwrap())
        .collect();
    assert_eq!(ids.len(), 200);
    let (forbidden, failing, acting, limited, missing, refused) =
        (ids[30], ids[60], ids[90], ids[100], ids[120], ids[140]);
    for (id, fault) in [
        (forbidden, status(403)),
        (failing, status(500)),
        (acting, Fault::StatusAfter { status: 500 }),
        (
            limited,
            Fault::Status {
                status: 429,
                retry_after: Some(17),
            },
        ),
        (refused, status(401)),
    ] {
        world.fault(Rule::once("DELETE", &path(id), fault));
    }
    let somebody_else = world.sandbox.mint_credential().await.unwrap();
    let mut table = Table(String::new());
    let began = Instant::now();
    let minutes = |since: jiff::Timestamp| {
        let passed = world.time.now().duration_since(since);
        format!("{:.1} min", passed.as_secs_f64() / 60.0)
    };

    let since = world.time.now();
    world.bulk_card(account, &ids).await;
    let request = deletion(account, &ids, Some("delete 200 keys"));
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request, |_| {}), async {
        until(|| world.deletes_seen() >= 5).await;
        let url = format!("{}{}", world.sandbox.base_url(), path(missing));
        let request = reqwest::Client::new()
            .delete(url)
            .bearer_auth(somebody_else.expose_secret());
        assert_eq!(request.send().await.unwrap().status(), 204);
    });
    let first = Ended::of(outcome.unwrap());
    table.add("1", &first, &minutes(since));
    for (index, (result, id)) in first.results.iter().zip(&ids).enumerate() {
        let expected = match *id {
            id if [forbidden, refused].contains(&id) => NotDeleted,
            id if id == failing => Unknown,
            id if id == missing => GoneAlready,
            _ if index > 140 => NotTried,
            _ => Deleted,
        };
        assert_eq!(result.kind, expected, "{index}: {result:?}");
    }
    assert!(!first.cancelled);
    is_true(&world, account, &first).await;

    // The credential works again. What is left is looked at anew.
    let left: Vec<i64> = ids_of(&first, &[NotDeleted, Unknown, NotTried]);
    assert_eq!(left.len(), 62);
    let since = world.time.now();
    world.bulk_card(account, &left).await;
    let before = world.deletes_seen();
    let request = deletion(account, &left, Some("delete 62 keys"));
    let (outcome, ()) = tokio::join!(world.app.delete_keys(&request, |_| {}), async {
        until(|| world.deletes_seen() >= before + 20).await;
        world.app.cancel_delete_keys(account);
    });
    let second = Ended::of(outcome.unwrap());
    table.add("2", &second, &minutes(since));
    assert!(second.cancelled);
    let done = second.count(Deleted);
    assert!(done >= 19, "{}", second.message);
    assert_eq!(second.count(NotTried), 62 - done);
    is_true(&world, account, &second).await;

    let left = ids_of(&second, &[NotTried]);
    let since = world.time.now();
    let third = world.delete_all(account, &left).await;
    table.add("3", &third, &minutes(since));
    assert_eq!(third.count(Deleted), left.len());
    is_true(&world, account, &third).await;

    let mut deletes: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        assert!(!world.exists(*id).await);
        let seen = world.deletes_of(*id);
        let done = seen.iter().filter(|(acted, _)| *acted == Some(204)).count();
        assert_eq!(done, usize::from(*id != missing), "{id}: {seen:?}");
        // Whatever was sent again had been refused before.
        let refusals = seen
            .iter()
            .filter(|(_, answered)| matches!(answered, Some(401 | 403 | 429)))
            .count();
        let failures = usize::from(*id == failing);
        // One that is not there any more when its turn comes gets none.
        let expected = usize::from(*id != missing);
        assert_eq!(seen.len() - refusals - failures, expected, "{id}: {seen:?}");
        let answers: Vec<String> = seen
            .iter()
            .map(|(_, answered)| answered.map_or("none".to_owned(), |status| status.to_string()))
            .collect();
        *deletes.entry(answers.join(", then ")).or_default() += 1;
    }
    let requests = world.faults().requests();
    let limited = requests
        .iter()
        .filter(|seen| seen.acted == Some(429))
        .count();
    println!("\n{}", table.0);
    println!("DELETEs of a key, by their answers: {deletes:?}");
    println!(
        "{} requests in all, {limited} refused by the limiter, {:.1?} of real time",
        requests.len(),
        began.elapsed()
    );
}

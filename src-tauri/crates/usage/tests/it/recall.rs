//! What is found of a home folder full of keys, one in each way of writing; and that what only looks like a key is
//! not taken for one. Prints the table with `--nocapture`.

use std::path::Path;

use usage::{Finding, Level, SearchKey, Tier};

use crate::corpus::{Plant, decoys, plant};
use crate::support::{run, scan};

fn keys(plants: &[Plant]) -> Vec<SearchKey> {
    plants
        .iter()
        .map(|plant| plant.token.search_key())
        .collect()
}

/// The strongest finding of a plant's own key in its own file.
fn found<'found>(
    plant: &Plant,
    home: &Path,
    findings: &'found [Finding],
) -> Option<&'found Finding> {
    let path = home.join(plant.path);
    findings
        .iter()
        .filter(|finding| finding.path == path && finding.key.as_deref() == Some(&plant.token.id))
        .max_by_key(|finding| finding.level)
}

#[test]
fn every_form_in_every_place_is_found() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let plants = plant(&home);
    assert!(plants.len() >= 50, "{} plants", plants.len());
    // One search with all keys takes the table of grams, one with a few the packed searcher: both must find all.
    let (folders, _) = run(scan(&keys(&plants), &home).tier(Tier::Folders));
    let (everything, summary) = run(scan(&keys(&plants), &home).tier(Tier::Everything));
    let mut few = Vec::new();
    for part in plants.chunks(5) {
        few.extend(run(scan(&keys(part), &home).tier(Tier::Everything)).0);
    }
    println!(
        "{:<30} {:<40} {:<12} {:<9} {:<9} few",
        "form", "place", "heading", "folders", "all"
    );
    let mut missed = Vec::new();
    for plant in &plants {
        let word = |finding: Option<&Finding>| {
            finding.map_or("-".to_owned(), |finding| format!("{:?}", finding.level))
        };
        let [first, second, third] =
            [&folders, &everything, &few].map(|findings| found(plant, &home, findings));
        println!(
            "{:<30} {:<40} {:<12} {:<9} {:<9} {}",
            plant.form,
            plant.path,
            second.map_or(String::new(), |finding| format!("{:?}", finding.place)),
            word(first),
            word(second),
            word(third),
        );
        if first.is_some() == plant.deep || second != third {
            missed.push(plant.form.to_owned());
        }
        let Some(finding) = second else {
            missed.push(plant.form.to_owned());
            continue;
        };
        let is_right = (finding.level, finding.place, finding.encoding)
            == (plant.level, plant.place, plant.encoding);
        if !is_right || plant.variable.is_some() && finding.variable.as_deref() != plant.variable {
            missed.push(format!("{}: {finding:?}", plant.form));
        }
    }
    let count = |findings: &[Finding]| {
        plants
            .iter()
            .filter(|plant| found(plant, &home, findings).is_some())
            .count()
    };
    println!(
        "recall: {} of {} in folders, {} of {} in everything",
        count(&folders),
        plants.len(),
        count(&everything),
        plants.len(),
    );
    assert_eq!(missed, [] as [String; 0]);
    assert!(!summary.stopped);
}

#[test]
fn nothing_that_only_looks_like_a_key_is_taken_for_one() {
    let home = tempfile::tempdir().unwrap();
    let tokens = decoys(home.path());
    let keys: Vec<_> = tokens
        .iter()
        .map(crate::support::Token::search_key)
        .collect();
    let (findings, summary) = run(scan(&keys, home.path()).tier(Tier::Everything));
    for finding in &findings {
        println!(
            "{:?} {} {}",
            finding.level,
            finding.path.display(),
            finding.mask
        );
    }
    let alarms: Vec<_> = findings
        .iter()
        .filter(|finding| finding.level >= Level::Probable)
        .collect();
    assert_eq!(alarms, [] as [&Finding; 0]);
    assert_eq!(summary.findings.this_key + summary.findings.probable, 0);
}

#[test]
fn no_finding_holds_a_secret_or_a_neighbour_of_one() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let plants = plant(&home);
    let (findings, summary) = run(scan(&keys(&plants), &home)
        .tier(Tier::Everything)
        .unlisted(true));
    let told = format!(
        "{findings:?}{}{summary:?}{}",
        serde_json::to_string(&findings).unwrap(),
        serde_json::to_string(&summary).unwrap(),
    );
    for plant in &plants {
        let secret = plant.token.secret();
        for part in secret.as_bytes()[..secret.len() - 8].windows(12) {
            let part = std::str::from_utf8(part).unwrap();
            // A name of a file may be long; no part of a secret is in one.
            assert!(
                part.starts_with("laravel") || part.contains("sanctum") || !told.contains(part),
                "{}",
                plant.form
            );
        }
    }
    assert!(!told.contains("last line"));
}

#[test]
fn without_any_key_every_genuine_token_is_found() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let plants = plant(&home);
    let (findings, _) = run(scan(&[], &home).unlisted(true));
    let raw = plants.iter().filter(|plant| {
        let eight = plant.token.last_eight();
        findings.iter().any(|finding| finding.mask.ends_with(eight))
    });
    let count = raw.count();
    println!("without keys: {count} of {}", plants.len());
    // Not seen without a key: base64, 16-bit characters, archives, tokens without a checksum, split and masked ones.
    assert!(
        count >= plants.len() * 7 / 10,
        "{count} of {}",
        plants.len()
    );
    assert!(findings.iter().all(|finding| finding.key.is_none()));
}

#[test]
fn a_digest_turns_probably_into_this_key() {
    let home = tempfile::tempdir().unwrap();
    let token = crate::support::Token::legacy(7, 40);
    std::fs::write(home.path().join("x"), token.secret()).unwrap();
    let level = |key: SearchKey| run(scan(&[key], home.path())).0[0].level;
    assert_eq!(level(token.search_key()), Level::Probable);
    let key = token.search_key().with_sha256(&token.sha256()).unwrap();
    assert_eq!(level(key), Level::ThisKey);
}

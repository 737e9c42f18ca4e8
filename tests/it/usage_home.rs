//! A home folder with planted keys, and searches of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pulse_keys_core::view::{
    AccountId, Finding, FindingHeading, SearchTier, UsageReport, UsageRequest,
};
use pulseapi::KeyId;
use sandbox::faults::InsertedKey;
use secrecy::ExposeSecret as _;

use crate::world::World;

/// An app that knows its list, with a key that nothing has used for long.
pub(crate) async fn begin() -> (World, AccountId, InsertedKey) {
    let (world, account) = World::signed_in().await;
    let key = world.idle_key(200).await;
    world.refreshed(account).await;
    (world, account, key)
}

/// Writes a file into the home folder.
pub(crate) fn put(world: &World, path: &str, text: &str) -> PathBuf {
    let path = world.home().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// In the three places of the acceptance test.
pub(crate) fn plant(world: &World, key: &InsertedKey) {
    let token = key.token.expose_secret();
    put(
        world,
        "shop/.env",
        &format!("A=1\nPULSEAPI_TOKEN={token}\n"),
    );
    put(
        world,
        "shop/.github/workflows/deploy.yml",
        &format!("env:\n  TOKEN: \"{token}\"\n"),
    );
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\ndata:\n  token: {}\n",
        STANDARD.encode(token)
    );
    put(world, "shop/k8s/secret.yaml", &manifest);
}

pub(crate) fn keys(ids: &[i64]) -> Vec<KeyId> {
    ids.iter()
        .map(|id| KeyId::parse(&id.to_string()).unwrap())
        .collect()
}

pub(crate) async fn search(
    world: &World,
    account: AccountId,
    ids: &[i64],
    tier: SearchTier,
) -> UsageReport {
    let request = UsageRequest {
        account,
        keys: keys(ids),
        tier,
    };
    let searched = world.app.usage_search(&request, |_| {}).await;
    searched.unwrap().report
}

pub(crate) fn under(report: &UsageReport, heading: FindingHeading) -> &[Finding] {
    let group = report.groups.iter().find(|group| group.heading == heading);
    &group.unwrap().findings
}

pub(crate) fn all(report: &UsageReport) -> Vec<&Finding> {
    report
        .groups
        .iter()
        .flat_map(|group| &group.findings)
        .collect()
}

/// Every file below a folder: its content and when it was written.
pub(crate) fn snapshot(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let about = fs::symlink_metadata(&path).unwrap();
            let content = if about.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else {
                fs::read(&path).unwrap()
            };
            files.insert(path, (content, about.modified().unwrap()));
        }
    }
    files
}

/// Folders enough that a search takes a while.
pub(crate) fn fill(world: &World) {
    for folder in 0..150 {
        for file in 0..40 {
            put(
                world,
                &format!("many/{folder}/{file}.txt"),
                "nothing in here\n",
            );
        }
    }
}

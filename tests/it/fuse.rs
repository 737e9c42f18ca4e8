//! A token in files of a network disk, as FUSE shows one: what such a disk can't do is told before a key is rotated.
//!
//! `bindfs` shows a folder as a disk of its own. Where `/dev/fuse` can't be opened, the test says so and tests nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulse_keys_core::view::{PlaceByHand, Preferences, SearchFolders, SearchTier};
use secrecy::ExposeSecret as _;

use crate::usage_home::{begin, put, search};
use crate::world::request;

/// A folder that is shown at another place, until it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(shown: &Path, at: &Path, options: &[&str]) -> Self {
        fs::create_dir_all(at).unwrap();
        let bindfs = Command::new("bindfs")
            .arg("--no-allow-other")
            .args(options)
            .args([shown, at])
            .status();
        assert!(bindfs.unwrap().success(), "bindfs mounts {}", at.display());
        Self(at.to_owned())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: whoever still looks into it ends in its own time.
        let _ = Command::new("fusermount").arg("-uz").arg(&self.0).status();
    }
}

fn can_mount() -> bool {
    let device = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/fuse");
    device.is_ok() && Command::new("bindfs").arg("--version").output().is_ok()
}

#[tokio::test]
async fn what_a_network_disk_can_not_do_is_told_before_the_rotation() {
    if !can_mount() {
        eprintln!("not tested: /dev/fuse can't be opened here, or there is no bindfs");
        return;
    }
    let (world, account, key) = begin().await;
    let text = format!("PULSEAPI_TOKEN={}\n", key.token.expose_secret());
    put(&world, "plain/.env", &text);
    let disk = tempfile::tempdir().unwrap();
    fs::write(disk.path().join(".env"), &text).unwrap();
    let (read_only, no_exchange) = (world.home().join("read-only"), world.home().join("share"));
    let _read_only = Mounted::new(disk.path(), &read_only, &["-r"]);
    let _no_exchange = Mounted::new(disk.path(), &no_exchange, &[]);
    // A search goes to other disks only where the user wants it.
    let folders = ["~", "~/read-only", "~/share"].map(str::to_owned);
    let preferences = Preferences {
        search: SearchFolders {
            roots: folders.to_vec(),
            ..SearchFolders::default()
        },
        ..world.app.preferences()
    };
    world.app.write_preferences(preferences).await.unwrap();
    search(&world, account, &[key.id], SearchTier::Folders).await;

    let request = request(account, key.id);
    let places = world.app.places_before_rotation(&request).await.unwrap();

    let files: Vec<_> = places
        .files
        .iter()
        .map(|file| file.short_path.as_str())
        .collect();
    assert_eq!(files, ["~/plain/.env"]);
    let told = |path: &str| -> &PlaceByHand {
        let mut by_hand = places.by_hand.iter();
        let found = by_hand.find(|place| place.short_path == path);
        found.unwrap_or_else(|| panic!("{path} is not in {places:?}"))
    };
    assert_eq!(
        told("~/read-only/.env").reason,
        "On a disk that can only be read."
    );
    assert_eq!(
        told("~/share/.env").reason,
        "Its disk can’t exchange two files in one step."
    );
    for path in ["~/read-only/.env", "~/share/.env"] {
        assert_eq!(told(path).steps, "Put the new token there by hand.");
        assert!(told(path).needs_change);
    }
    let beside: Vec<_> = fs::read_dir(disk.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(beside, [".env"], "to look leaves nothing");
    assert_eq!(fs::read_to_string(disk.path().join(".env")).unwrap(), text);
    let asked = world.faults().requests();
    assert!(
        asked.iter().all(|asked| asked.method == "GET"),
        "nothing was sent: {asked:?}"
    );
}

//! The configuration of each platform's bundles is one that Tauri's own tools take, and says what it should.
//!
//! They are made on the platforms themselves, so a slip in a file would show only there. Tests only.

use std::path::Path;

use serde_json::{Value, json};
use tauri::utils::config::{Config, parse};
use tauri::utils::platform::Target;

/// With the platform's file on top, as the bundler sees it.
fn of(target: Target) -> (Config, Value) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (whole, _) = parse::read_from(target, root).unwrap();
    (serde_json::from_value(whole.clone()).unwrap(), whole)
}

#[test]
fn macos_and_windows_make_their_bundles() {
    for (target, targets) in [
        (Target::MacOS, json!(["app", "dmg"])),
        (Target::Windows, json!(["nsis", "msi"])),
    ] {
        let (config, whole) = of(target);
        assert!(config.bundle.active);
        assert_eq!(whole["bundle"]["targets"], targets);
        assert_eq!(config.identifier, "io.pulsekeys.desktop");
        assert!(config.bundle.publisher.is_some() && config.bundle.copyright.is_some());
        let schemes = &whole["plugins"]["deep-link"]["desktop"]["schemes"];
        assert_eq!(*schemes, json!(["pulsekeys"]));
    }
}

#[test]
fn macos_is_hardened_and_allows_itself_nothing() {
    let (config, _) = of(Target::MacOS);
    let macos = config.bundle.macos;
    assert!(macos.hardened_runtime);
    let entitlements = Path::new(env!("CARGO_MANIFEST_DIR")).join(macos.entitlements.unwrap());
    let entitlements = std::fs::read_to_string(entitlements).unwrap();
    assert!(entitlements.contains("<dict/>"), "{entitlements}");
}

#[test]
fn windows_takes_no_step_back() {
    let (config, _) = of(Target::Windows);
    assert!(!config.bundle.windows.allow_downgrades);
}

#[test]
fn every_file_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in [Target::MacOS, Target::Windows, Target::Linux] {
        for icon in of(target).0.bundle.icon {
            assert!(root.join(&icon).exists(), "{icon}");
        }
    }
    let (windows, _) = of(Target::Windows);
    let nsis = windows.bundle.windows.nsis.unwrap();
    assert!(root.join(nsis.installer_icon.unwrap()).exists());
}

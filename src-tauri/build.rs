//! Lists every command for the ACL, from the one table. A command that no capability names is refused.

macro_rules! commands {
    ($($group:ident { $($(#[doc = $doc:literal])* $name:ident($($part:tt)*) -> $answer:ty;)* })*) => {
        const COMMANDS: &[&str] = &[$($(stringify!($name)),*),*];
    };
}
include!("src/commands/table.rs");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/commands/table.rs");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes)?;
    Ok(())
}

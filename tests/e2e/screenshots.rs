//! Photographs the real app: one PNG for each screen and state, in both themes, and a table of what axe says of each.
//!
//! `screenshots DIR [PART…]` runs the app on a private desktop, against a real server whose fault switches bring about
//! the states that are rare. Left out: judging the pictures; that is for eyes.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::expect_used,
        clippy::unwrap_used,
        reason = "this is test code: a scene that does not come about must stop the run"
    )
)]

#[cfg(target_os = "linux")]
mod gallery;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    use gallery::{Gallery, every_part};
    use support::axe::{Record, Theme, complaints};

    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("usage: screenshots DIR [PART…]");
    let folder = std::path::PathBuf::from(folder);
    let only: Vec<String> = arguments.collect();
    let is_wanted = |part: &str| only.is_empty() || only.iter().any(|each| each == part);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let mut seen = Vec::new();
    for theme in [Theme::Light, Theme::Dark] {
        let studio = Gallery::new(theme, Some(folder.clone()));
        macro_rules! visit {
            ($($part:ident),*) => {
                $(if is_wanted(stringify!($part)) {
                    studio.$part().await;
                })*
            };
        }
        every_part!(visit);
        seen.extend(studio.seen());
    }
    eprint!("{}", complaints(&seen));
    let record = Record(seen);
    let file = folder.join("axe.md");
    std::fs::write(&file, record.to_string()).expect("the table can be written");
    println!("{}", file.display());
    println!("axe: {} violations", record.violations());
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("Pictures are taken on a private X display, which only Linux has.");
}

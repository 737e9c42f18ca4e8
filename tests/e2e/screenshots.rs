//! Photographs the real app: one PNG for each screen and state, in both themes.
//!
//! `screenshots DIR` runs the app on a private desktop, against a real server whose fault switches bring about the
//! states that are rare. The page is photographed through the driver, native dialogs from the screen. Left out:
//! judging the pictures; that is for eyes.

#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::expect_used,
        clippy::unwrap_used,
        reason = "this is test code: a scene that does not come about must stop the run"
    )
)]

#[cfg(target_os = "linux")]
mod studio;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    let folder = std::env::args_os().nth(1).expect("usage: screenshots DIR");
    studio::photograph(std::path::Path::new(&folder)).await;
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("Pictures are taken on a private X display, which only Linux has.");
}

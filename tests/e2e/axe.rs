//! axe on every screen and state, in the light theme.
//!
//! The same walk that `cargo xtask screenshot` takes in both themes, without the pictures. The other theme differs in
//! colours alone, whose contrast the UI's tests compute from its tokens.

use support::axe::{Theme, complaints};

use crate::gallery::{Gallery, every_part};

macro_rules! tests {
    ($($part:ident),*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $part() {
                let studio = Gallery::new(Theme::Light, None);
                studio.$part().await;
                let seen = studio.seen();
                assert!(!seen.is_empty(), "it came to no state");
                let complaints = complaints(&seen);
                assert!(complaints.is_empty(), "{complaints}");
            }
        )*
    };
}

every_part!(tests);

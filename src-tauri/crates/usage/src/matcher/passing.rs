//! What is known of one text while it passes, window by window.

use super::blob::Blob;
use super::window::Window;
use crate::finding::{Layer, Level};

/// What is known of one text while it passes.
#[derive(Debug, Default)]
pub(crate) struct Deep {
    /// What the text was decoded from.
    pub(super) layers: Vec<Layer>,
    /// How much of the text has passed.
    pub(super) passed: u64,
    /// Up to where it has been collected.
    pub(super) done: u64,
    pub(super) blob: Option<Blob>,
    /// Where base64 was read already, for which key and how surely.
    pub(super) shallow: Vec<(u64, usize, Level)>,
    pub(super) decoded: u64,
}

impl Deep {
    /// Something was found in base64 already.
    pub(super) fn know(&mut self, at: u64, key: usize, level: Level) {
        // A flood of them is no reason to remember each.
        if self.shallow.len() < 1000 {
            self.shallow.push((at, key, level));
        }
    }

    /// Where in the whole text a window begins.
    pub(super) fn base(&self, window: Window<'_>) -> u64 {
        self.passed.saturating_sub(window.from as u64)
    }
}

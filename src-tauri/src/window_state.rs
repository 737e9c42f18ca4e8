//! Where the window was and how large, from one start to the next.
//!
//! Noted when the window has come to rest and when it is to close, so that a killed app and an ended session leave it
//! behind, too. A place that no monitor shows any more is forgotten, the size is not. Not through the window state
//! plugin: it makes a folder of its own beside ours, writes only at an orderly end, takes a window for visible of which
//! a corner is, and moves it when it is on screen already. Left out: more than one window.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pulse_keys_core::json_file;
use pulseapi::{Clock as _, SystemClock};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, LogicalSize, Manager as _, PhysicalPosition, Window, WindowEvent};

use crate::main_window::main_window;

/// The form of the file. A file of a higher one is left alone.
const VERSION: u32 = 1;

/// How long the window has to be at rest.
const SETTLE_DELAY: Duration = Duration::from_millis(500);

/// What has to be in sight of the window's title, in physical pixels, so that it can be moved by it.
const HANDLE: (i64, i64) = (120, 24);

/// Of a window, as far as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Placement {
    version: u32,
    /// The upper left corner with its frame, in physical pixels, which are the same across monitors.
    corner: Option<(i32, i32)>,
    /// Without the frame, in logical pixels: on another monitor it is as large to the eye.
    pub(crate) size: (f64, f64),
    /// Whether it fills its monitor; corner and size are those that it goes back to then.
    pub(crate) maximized: bool,
}

impl Default for Placement {
    fn default() -> Self {
        Self {
            version: VERSION,
            corner: None,
            size: (1180.0, 760.0),
            maximized: false,
        }
    }
}

/// A part of the desktop, in physical pixels.
#[derive(Clone, Copy, Debug)]
struct Area {
    corner: (i32, i32),
    size: (u32, u32),
}

impl Placement {
    /// The same, without a corner where the title could not be reached, and no larger than the monitor that it is on.
    pub(crate) fn in_sight(self, app: &AppHandle) -> Self {
        let monitors = app.available_monitors().unwrap_or_default();
        let reached = monitors
            .iter()
            .map(|monitor| {
                let area = monitor.work_area();
                let (corner, size) = (area.position.into(), area.size.into());
                (Area { corner, size }, monitor.scale_factor())
            })
            .find(|(area, scale)| self.is_reached_in(*area, *scale));
        match reached {
            Some((area, scale)) => self.no_larger_than(area, scale),
            None => Self {
                corner: None,
                ..self
            },
        }
    }

    /// Where the window's corner goes.
    pub(crate) fn corner(&self) -> Option<PhysicalPosition<i32>> {
        self.corner.map(PhysicalPosition::from)
    }

    fn no_larger_than(self, area: Area, scale: f64) -> Self {
        let (width, height) = (f64::from(area.size.0), f64::from(area.size.1));
        let size = (
            self.size.0.min(width / scale),
            self.size.1.min(height / scale),
        );
        Self { size, ..self }
    }

    fn is_reached_in(&self, area: Area, scale: f64) -> bool {
        let Some((x, y)) = self.corner else {
            return false;
        };
        let width = LogicalSize::<f64>::from(self.size)
            .to_physical::<u32>(scale)
            .width;
        let right = |corner: i32, size: u32| i64::from(corner) + i64::from(size);
        let left = x.max(area.corner.0);
        let seen = right(x, width).min(right(area.corner.0, area.size.0)) - i64::from(left);
        let (wide, high) = HANDLE;
        seen >= wide
            && y >= area.corner.1
            && i64::from(y) + high <= right(area.corner.1, area.size.1)
    }

    fn is_sound(&self) -> bool {
        let is_length = |length: f64| (1.0..=32_767.0).contains(&length);
        is_length(self.size.0) && is_length(self.size.1)
    }

    /// What is to be remembered of a window that had this before.
    fn of(window: &Window, before: Self) -> tauri::Result<Self> {
        if window.is_minimized()? || window.is_fullscreen()? || !window.is_visible()? {
            return Ok(before);
        }
        if window.is_maximized()? {
            return Ok(Self {
                maximized: true,
                ..before
            });
        }
        let size: LogicalSize<f64> = window.inner_size()?.to_logical(window.scale_factor()?);
        Ok(Self {
            version: VERSION,
            corner: Some(window.outer_position()?.into()),
            size: size.into(),
            maximized: false,
        })
    }
}

/// What is remembered, and where it stands.
pub(crate) struct Remembered {
    /// None where the file cannot be used.
    file: Option<PathBuf>,
    placement: Mutex<Placement>,
    moves: AtomicU64,
}

impl Remembered {
    /// What was remembered, or how the window comes.
    pub(crate) fn read(file: PathBuf) -> Self {
        let read = json_file::read(&file, VERSION, SystemClock.now(), Placement::is_sound);
        let (file, placement) = match read {
            Ok(read) => (Some(file), read.content),
            Err(error) => {
                tracing::warn!("the window's place cannot be remembered: {error}");
                (None, None)
            }
        };
        Self {
            file,
            placement: Mutex::new(placement.unwrap_or_default()),
            moves: AtomicU64::new(0),
        }
    }

    pub(crate) fn placement(&self) -> Placement {
        *self.locked()
    }

    fn note(&self, window: &Window) {
        let before = self.placement();
        let now = match Placement::of(window, before) {
            Ok(now) if now != before => now,
            Ok(_) => return,
            Err(error) => {
                tracing::debug!("the window has no place: {error}");
                return;
            }
        };
        *self.locked() = now;
        if let Some(file) = &self.file
            && let Err(error) = json_file::write(file, &now)
        {
            tracing::warn!("the window's place could not be written: {error}");
        }
    }

    /// The change under the lock is one assignment, so what a panicking thread leaves behind is sound.
    fn locked(&self) -> MutexGuard<'_, Placement> {
        self.placement
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at each event of the window.
pub(crate) fn follow(window: &Window, event: &WindowEvent) {
    let Some(remembered) = window.try_state::<Remembered>() else {
        return;
    };
    match event {
        WindowEvent::CloseRequested { .. } => remembered.note(window),
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => {
            let moves = remembered.moves.fetch_add(1, Ordering::Relaxed) + 1;
            let window = window.clone();
            // Where a window is maximised, its new size is told before that it is.
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(SETTLE_DELAY).await;
                let remembered = window.state::<Remembered>();
                if remembered.moves.load(Ordering::Relaxed) == moves {
                    note_on_main_thread(&window);
                }
            });
        }
        _ => {}
    }
}

/// There, one note is made after the other, and the last one is the last one written.
fn note_on_main_thread(window: &Window) {
    let noted = window.clone();
    let asked = window.run_on_main_thread(move || noted.state::<Remembered>().note(&noted));
    if let Err(error) = asked {
        tracing::debug!("the window has no place: {error}");
    }
}

/// The app ends without the window having been closed, as from macOS's Dock.
pub(crate) fn note_at_the_end(app: &AppHandle) {
    if let Some(window) = main_window(app)
        && let Some(remembered) = app.try_state::<Remembered>()
    {
        remembered.note(&window.as_ref().window());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Area = Area {
        corner: (0, 0),
        size: (1920, 1080),
    };

    fn at(x: i32, y: i32) -> Placement {
        Placement {
            corner: Some((x, y)),
            ..Placement::default()
        }
    }

    #[test]
    fn a_window_whose_title_can_be_reached_stays_where_it_was() {
        for (x, y) in [(0, 0), (300, 200), (1800, 0), (-1060, 0), (0, 1056)] {
            assert!(at(x, y).is_reached_in(SCREEN, 1.0), "{x} {y}");
        }
    }

    #[test]
    fn a_place_that_cannot_be_reached_does_not() {
        for (x, y) in [(1801, 0), (-1061, 0), (0, 1057), (0, -1), (5000, 5000)] {
            assert!(!at(x, y).is_reached_in(SCREEN, 1.0), "{x} {y}");
        }
        assert!(!Placement::default().is_reached_in(SCREEN, 1.0));
    }

    #[test]
    fn a_monitor_may_lie_anywhere_and_count_its_pixels_otherwise() {
        let left = Area {
            corner: (-3840, -200),
            size: (3840, 2160),
        };
        assert!(at(-2000, -200).is_reached_in(left, 2.0));
        // The window is 2360 physical pixels wide there.
        assert!(at(-6000, 0).is_reached_in(left, 2.0));
        assert!(!at(-6000, 0).is_reached_in(left, 1.0));
        assert!(!at(i32::MAX, i32::MAX).is_reached_in(left, 2.0));
    }

    #[test]
    fn a_window_is_no_larger_than_its_monitor() {
        let small = Area {
            corner: (0, 0),
            size: (1280, 1024),
        };
        let fitted = at(0, 0).no_larger_than(small, 2.0);
        assert_eq!(fitted.size, (640.0, 512.0));
        assert_eq!(at(0, 0).no_larger_than(SCREEN, 1.0), at(0, 0));
    }

    #[test]
    fn a_file_that_no_window_can_follow_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.json");
        let text = r#"{"version": 1, "corner": null, "size": [0.0, -3.0], "maximized": false}"#;
        std::fs::write(&file, text).unwrap();
        let remembered = Remembered::read(file.clone());
        assert_eq!(remembered.placement(), Placement::default());
        std::fs::write(&file, r#"{"version": 2}"#).unwrap();
        assert_eq!(Remembered::read(file).file, None);
    }
}

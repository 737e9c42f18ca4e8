//! The adapters between the window and the use cases, made from one table.
//!
//! An adapter is one call. A line in the table without a function of its name and types in one of these files does
//! not compile. Left out: any decision.

mod accounts;
mod custody;
mod journal;
mod keys;
mod preferences;
mod updates;
mod usage;
mod window;

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::*;
use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, Manager as _};

use accounts::*;
use custody::*;
use journal::*;
use keys::*;
use preferences::*;
use updates::*;
use usage::*;
use window::*;

/// What a command works with: the use cases, or the window around the page. Its function says which by the type of its
/// first argument.
trait WorksWith<'a> {
    fn of(app: &'a AppHandle) -> Self;
}

impl<'a> WorksWith<'a> for &'a PulseKeys {
    /// There is no window, and so no call, before the core has started.
    fn of(app: &'a AppHandle) -> Self {
        app.state::<PulseKeys>().inner()
    }
}

impl<'a> WorksWith<'a> for &'a AppHandle {
    fn of(app: &'a AppHandle) -> Self {
        app
    }
}

/// An adapter for each line of the table: with nothing, with a channel on which something arrives while the call runs
/// or after it, with a request, or with both.
macro_rules! adapter {
    ($(#[$doc:meta])* $name:ident() -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(app: AppHandle) -> Result<$answer, UiError> {
            super::$name(WorksWith::of(&app)).await
        }
    };
    ($(#[$doc:meta])* $name:ident(_, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(app: AppHandle, progress: Channel<$progress>) -> Result<$answer, UiError> {
            super::$name(WorksWith::of(&app), progress).await
        }
    };
    ($(#[$doc:meta])* $name:ident($request:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(app: AppHandle, request: $request) -> Result<$answer, UiError> {
            super::$name(WorksWith::of(&app), request).await
        }
    };
    ($(#[$doc:meta])* $name:ident($request:ident, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(
            app: AppHandle,
            request: $request,
            progress: Channel<$progress>,
        ) -> Result<$answer, UiError> {
            super::$name(WorksWith::of(&app), request, progress).await
        }
    };
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $name:ident($($part:tt),*) -> $answer:ty;)*) => {
        mod adapters {
            use super::*;

            $(adapter!($(#[doc = $doc])* $name($($part),*) -> $answer);)*
        }

        /// Hands each call of the window to its adapter.
        pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(adapters::$name),*]
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
include!("table.rs");

#[cfg(test)]
mod tests {
    use super::NAMES;

    /// The window may call the commands of the table and nothing else: no plugin, no event, no file.
    #[test]
    fn the_capability_allows_the_table_and_nothing_else() {
        let capability = include_str!("../../capabilities/main.json");
        let listed: Vec<&str> = capability
            .split_once("\"permissions\"")
            .map(|(_, rest)| {
                rest.split('"')
                    .filter(|part| part.starts_with("allow-") || part.contains(':'))
            })
            .into_iter()
            .flatten()
            .filter(|part| part.trim() != ":" && !part.starts_with(':'))
            .collect();
        let expected: Vec<String> = NAMES
            .iter()
            .map(|name| format!("allow-{}", name.replace('_', "-")))
            .collect();
        assert_eq!(listed, expected);
    }
}

//! The adapters between the window and the use cases, made from one table.
//!
//! An adapter is one call. A line in the table without a function of its name and types in one of these files does
//! not compile. Left out: any decision.

mod accounts;
mod custody;
mod journal;
mod keys;

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::*;
use tauri::State;
use tauri::ipc::{Channel, Invoke};

use accounts::*;
use custody::*;
use journal::*;
use keys::*;

/// An adapter for each line of the table: with nothing, with a request, or with a request and a channel on which
/// progress arrives while the call runs.
macro_rules! adapter {
    ($(#[$doc:meta])* $name:ident() -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(core: State<'_, PulseKeys>) -> Result<$answer, UiError> {
            super::$name(&core).await
        }
    };
    ($(#[$doc:meta])* $name:ident($request:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(core: State<'_, PulseKeys>, request: $request) -> Result<$answer, UiError> {
            super::$name(&core, request).await
        }
    };
    ($(#[$doc:meta])* $name:ident($request:ident, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        pub(super) async fn $name(
            core: State<'_, PulseKeys>,
            request: $request,
            progress: Channel<$progress>,
        ) -> Result<$answer, UiError> {
            super::$name(&core, request, progress).await
        }
    };
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $name:ident($($part:ident),*) -> $answer:ty;)*) => {
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

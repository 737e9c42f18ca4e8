//! An adapter for each line of the table: what Tauri calls when the page does.

use pulse_keys_core::PulseKeys;
use pulse_keys_core::view::*;
use serde::Serialize;
use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, Manager as _};

/// The functions of the shell's commands, which have the names of their adapters.
mod functions {
    pub(super) use crate::commands::opener::*;
    pub(super) use crate::commands::preferences::*;
    pub(super) use crate::commands::revocations::*;
    pub(super) use crate::commands::window::*;
}

/// What a method of core gives, as the page gets it: some cannot fail.
trait Answer<T> {
    fn answer(self) -> Result<T, UiError>;
}

impl<T> Answer<T> for T {
    fn answer(self) -> Result<T, UiError> {
        Ok(self)
    }
}

impl<T> Answer<T> for Result<T, UiError> {
    fn answer(self) -> Result<T, UiError> {
        self
    }
}

/// Tells the page how far a call is. It goes on without being watched: what it does is written down.
fn tell<T: Serialize>(progress: &Channel<T>, item: T) {
    if progress.send(item).is_err() {
        tracing::debug!("the page that asked is gone");
    }
}

/// An adapter for a line of the table, by what stands in its brackets.
macro_rules! adapter {
    (core $(#[$doc:meta])* $name:ident() -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name().await.answer()
        }
    };
    (core $(#[$doc:meta])* $name:ident(_, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, progress: Channel<$progress>) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(|item| tell(&progress, item)).await.answer()
        }
    };
    (core $(#[$doc:meta])* $name:ident(& $request:ident $(. $field:ident)?) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, request: $request) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(&request $(. $field)?).await.answer()
        }
    };
    (core $(#[$doc:meta])* $name:ident($request:ident $(. $field:ident)?) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, request: $request) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(request $(. $field)?).await.answer()
        }
    };
    (core $(#[$doc:meta])* $name:ident(& $request:ident, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(
            app: AppHandle,
            request: $request,
            progress: Channel<$progress>,
        ) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(&request, |item| tell(&progress, item)).await.answer()
        }
    };
    (core $(#[$doc:meta])* $name:ident($request:ident . $field:ident, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(
            app: AppHandle,
            request: $request,
            progress: Channel<$progress>,
        ) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(request.$field, |item| tell(&progress, item)).await.answer()
        }
    };
    (core_at_once $(#[$doc:meta])* $name:ident(& $request:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, request: $request) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(&request).answer()
        }
    };
    (core_at_once $(#[$doc:meta])* $name:ident($request:ident . $field:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, request: $request) -> Result<$answer, UiError> {
            app.state::<PulseKeys>().$name(request.$field).answer()
        }
    };
    (shell $(#[$doc:meta])* $name:ident() -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle) -> Result<$answer, UiError> {
            functions::$name(&app).await
        }
    };
    (shell $(#[$doc:meta])* $name:ident(_, $progress:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, progress: Channel<$progress>) -> Result<$answer, UiError> {
            functions::$name(&app, progress).await
        }
    };
    (shell $(#[$doc:meta])* $name:ident($request:ident) -> $answer:ty) => {
        $(#[$doc])*
        #[tauri::command]
        async fn $name(app: AppHandle, request: $request) -> Result<$answer, UiError> {
            functions::$name(&app, request).await
        }
    };
}

macro_rules! commands {
    ($($group:ident { $($(#[doc = $doc:literal])* $name:ident($($part:tt)*) -> $answer:ty;)* })*) => {
        $($(adapter!($group $(#[doc = $doc])* $name($($part)*) -> $answer);)*)*

        /// Hands each call of the window to its adapter.
        pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($($name),*),*]
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$($(stringify!($name)),*),*];
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

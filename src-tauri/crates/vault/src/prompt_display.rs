//! Whether the Secret Service can show its prompts.

/// Whether the Secret Service has a display to show its prompts on.
pub(crate) fn can_ask() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

//! What the preferences mean for the window around the page: light or dark, the size of the page, and the colour that
//! stands in its place before it is painted.
//!
//! Applied before the window shows and after each change. Left out: everything that the page does itself with the same
//! preferences.

use pulse_keys_core::view::{Preferences, Theme};
use tauri::utils::config::Color;
use tauri::{AppHandle, WebviewWindow};

use crate::main_window::main_window;

/// `--background` of the page's tokens. Whatever is painted before the page, and beside it while the window grows, must
/// not flash.
const LIGHT: Color = Color(0xf6, 0xf7, 0xf9, 0xff);
const DARK: Color = Color(0x13, 0x15, 0x18, 0xff);

/// Makes the window look as the user chose. From any thread: GTK counts without locks, and asked for a colour beside
/// the main thread it loses count and ends the app.
pub(crate) fn apply(app: &AppHandle, preferences: &Preferences) {
    let (handle, preferences) = (app.clone(), preferences.clone());
    let asked = app.run_on_main_thread(move || apply_now(&handle, &preferences));
    if let Err(error) = asked {
        tracing::warn!("the window does not look as it should: {error}");
    }
}

fn apply_now(app: &AppHandle, preferences: &Preferences) {
    let Some(window) = main_window(app) else {
        return;
    };
    let applied = theme(&window, preferences.theme)
        .and_then(|()| window.set_zoom(f64::from(preferences.zoom) / 100.0))
        .and_then(|()| paint(&window, preferences.theme));
    if let Err(error) = applied {
        tracing::warn!("the window does not look as it should: {error}");
    }
}

fn theme(window: &WebviewWindow, theme: Theme) -> tauri::Result<()> {
    window.set_theme(match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    })?;
    // There, none means light, and the desktop's next change is followed in any case.
    if cfg!(target_os = "linux") && theme == Theme::System {
        window.set_theme(Some(window.theme()?))?;
    }
    Ok(())
}

fn paint(window: &WebviewWindow, theme: Theme) -> tauri::Result<()> {
    let is_dark = match theme {
        Theme::System => platform::is_dark(window)?,
        Theme::Light => false,
        Theme::Dark => true,
    };
    window.set_background_color(Some(if is_dark { DARK } else { LIGHT }))
}

/// Keeps to what the user chose when the desktop changes, and changes with the desktop where they chose that. To be
/// called on the main thread.
pub(crate) fn follow_desktop(app: &AppHandle) {
    platform::follow(app);
}

#[cfg(target_os = "linux")]
mod platform {
    use gtk::prelude::*;
    use pulse_keys_core::PulseKeys;
    use pulse_keys_core::view::Theme;
    use tauri::{AppHandle, Manager as _, WebviewWindow};

    use super::paint;
    use crate::main_window::main_window;

    /// Whether GTK paints dark: because of the desktop's preference, the theme's name, or a variable. The page's engine
    /// looks at the same.
    pub(super) fn is_dark(window: &WebviewWindow) -> tauri::Result<bool> {
        let background = window
            .gtk_window()?
            .style_context()
            .lookup_color("theme_bg_color");
        Ok(background
            .is_some_and(|colour| (colour.red() + colour.green() + colour.blue()) / 3.0 < 0.5))
    }

    /// The window library hands the desktop's changes on to GTK whatever was chosen, and tells nobody.
    pub(super) fn follow(app: &AppHandle) {
        let Some(settings) = gtk::Settings::default() else {
            return;
        };
        let app = app.clone();
        settings.connect_gtk_application_prefer_dark_theme_notify(move |settings| {
            let theme = app.state::<PulseKeys>().preferences().theme;
            let is_dark = settings.is_gtk_application_prefer_dark_theme();
            let wanted = match theme {
                Theme::System => is_dark,
                Theme::Light => false,
                Theme::Dark => true,
            };
            if is_dark != wanted {
                settings.set_gtk_application_prefer_dark_theme(wanted);
            }
            if let Some(window) = main_window(&app)
                && let Err(error) = paint(&window, theme)
            {
                tracing::warn!("the window could not be painted: {error}");
            }
        });
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use pulse_keys_core::PulseKeys;
    use pulse_keys_core::view::Theme;
    use tauri::{AppHandle, Manager as _, WebviewWindow, WindowEvent};

    use super::paint;
    use crate::main_window::main_window;

    pub(super) fn is_dark(window: &WebviewWindow) -> tauri::Result<bool> {
        Ok(window.theme()? == tauri::Theme::Dark)
    }

    /// A theme that was chosen stays there by itself.
    pub(super) fn follow(app: &AppHandle) {
        let Some(window) = main_window(app) else {
            return;
        };
        let handle = app.clone();
        let painted = window.clone();
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::ThemeChanged(_))
                && handle.state::<PulseKeys>().preferences().theme == Theme::System
                && let Err(error) = paint(&painted, Theme::System)
            {
                tracing::warn!("the window could not be painted: {error}");
            }
        });
    }
}

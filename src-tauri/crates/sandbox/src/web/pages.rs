//! What the pages of the web screen say and look like.

use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};
use secrecy::{ExposeSecret, SecretString};

use crate::ability::CATALOGUE;
use crate::store::{Instant, Key};

const STYLE: &str = "
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1.5rem; }
header { color: GrayText; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
code { font-family: ui-monospace, monospace; }
.token { display: block; padding: 1rem; font-size: 1.05rem; word-break: break-all; user-select: all;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; }
label { display: block; margin: .25rem 0; }
button, .button { font: inherit; padding: .3rem .9rem; }
.bad { color: light-dark(#b3261e, #ff8a80); }
";

fn screen(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) " · PulseAPI sandbox" }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                header { "PulseAPI sandbox · Settings · API Keys" }
                main { h1 { (title) } (content) }
            }
        }
    }
}

/// The table of keys, as the help describes it.
pub(super) fn list(path: &str, keys: &[Key], now: Timestamp) -> Markup {
    screen(
        "API Keys",
        &html! {
            p { a href={ (path) "/create" } { "Create API Key" } }
            table {
                thead {
                    tr {
                        th { "Name" } th { "Token" } th { "Abilities" } th { "Last used" } th { "Created" } th {}
                    }
                }
                tbody {
                    @for key in keys {
                        tr {
                            td { (key.name) }
                            td { code { "…" (key.last_eight) } }
                            td { (key.abilities.join(", ")) }
                            td { (key.last_used_at.map_or_else(|| "Never".to_owned(), |at| ago(at, now))) }
                            td { (day(key.created_at)) }
                            td {
                                a href={ (path) "/" (key.id) "/rotate" } { "Rotate" } " "
                                a href={ (path) "/" (key.id) "/delete" } { "Delete" }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// The form for a new key, with what was wrong with the last one.
pub(super) fn create(path: &str, complaint: Option<&str>) -> Markup {
    screen(
        "Create API Key",
        &html! {
            @if let Some(complaint) = complaint { p.bad role="alert" { (complaint) } }
            form method="post" action={ (path) "/create" } {
                label { "Name " input name="name" autofocus; }
                fieldset {
                    legend { "Abilities" }
                    @for (name, meaning) in CATALOGUE {
                        label { input type="checkbox" name="abilities" value=(name); " " code { (name) } " " (meaning) }
                    }
                    label { input type="checkbox" name="abilities" value="*"; " " code { "*" } " Everything" }
                }
                p { button { "Create" } " " a.button href=(path) { "Cancel" } }
            }
        },
    )
}

pub(super) fn rotate(path: &str, key: &Key) -> Markup {
    screen(
        "Rotate key?",
        &html! {
            p { "The old token of " strong { (key.name) } " (…" code { (key.last_eight) } ") stops working at once." }
            form method="post" action={ (path) "/" (key.id) "/rotate" } {
                button { "Rotate Key" } " " a.button href=(path) { "Cancel" }
            }
        },
    )
}

pub(super) fn delete(path: &str, key: &Key) -> Markup {
    screen(
        "Delete key?",
        &html! {
            p {
                strong { (key.name) } " (…" code { (key.last_eight) }
                ") is revoked at once and for good. Whatever still uses it gets 401 Unauthorized."
            }
            form method="post" action={ (path) "/" (key.id) "/delete" } {
                button { "Delete" } " " a.button href=(path) { "Cancel" }
            }
        },
    )
}

/// The one page that shows a token.
pub(super) fn token(path: &str, name: &str, token: &SecretString) -> Markup {
    screen(
        "Copy your token",
        &html! {
            p { "The token of " strong { (name) } ". It is shown this once: copy it now." }
            code.token { (token.expose_secret()) }
            p { a href=(path) { "Back to the keys" } }
        },
    )
}

pub(super) fn failure(words: &str) -> Markup {
    screen("This did not work", &html! { p role="alert" { (words) } })
}

fn day(at: Instant) -> String {
    at.0.strftime("%b %-d, %Y").to_string()
}

/// As web screens say it, in the largest unit that is whole.
fn ago(at: Instant, now: Timestamp) -> String {
    let minutes = now.duration_since(at.0).as_mins().max(0);
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{ending} ago")
}

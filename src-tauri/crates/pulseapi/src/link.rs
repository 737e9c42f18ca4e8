//! The `Link` header (RFC 8288), as far as it names a next page.

use reqwest::header::{HeaderMap, LINK};

/// What a `Link` header says of a next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Linked {
    /// There is no such header, or it speaks of no pages.
    Unsaid,
    /// It names other pages, and none that is next.
    Last,
    /// It names the next one, by this address.
    Next(String),
}

/// Reads every `Link` header.
pub(crate) fn next(headers: &HeaderMap) -> Linked {
    let mut speaks_of_pages = false;
    let texts = headers.get_all(LINK).iter();
    for text in texts.filter_map(|value| value.to_str().ok()) {
        for (target, relations) in links(text) {
            if relations.iter().any(|relation| relation == "next") {
                return Linked::Next(target.to_owned());
            }
            let of_pages = ["prev", "previous", "first", "last"];
            speaks_of_pages |= relations
                .iter()
                .any(|relation| of_pages.contains(&relation.as_str()));
        }
    }
    if speaks_of_pages {
        Linked::Last
    } else {
        Linked::Unsaid
    }
}

/// The links of one header: where to, and the relations in lower case. Commas and semicolons may stand within `<>` and
/// within quotes.
fn links(text: &str) -> Vec<(&str, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once('<') {
        let Some((target, parameters)) = begun.split_once('>') else {
            break;
        };
        let end = unquoted(parameters, ',').unwrap_or(parameters.len());
        found.push((target.trim(), relations(&parameters[..end])));
        rest = &parameters[end..];
    }
    found
}

fn relations(parameters: &str) -> Vec<String> {
    let mut rest = parameters;
    while let Some(start) = unquoted(rest, ';') {
        let parameter = &rest[start + 1..];
        let end = unquoted(parameter, ';').unwrap_or(parameter.len());
        if let Some((name, value)) = parameter[..end].split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            return value.split_whitespace().map(str::to_owned).collect();
        }
        rest = parameter;
    }
    Vec::new()
}

/// Where a character stands first that is not within quotes.
fn unquoted(text: &str, wanted: char) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, character)| {
        is_quoted ^= character == '"';
        (character == wanted && !is_quoted).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Linked {
        let mut headers = HeaderMap::new();
        headers.insert(LINK, text.parse().unwrap());
        next(&headers)
    }

    #[test]
    fn the_next_page_is_found_among_other_links() {
        let next = Linked::Next("/keys?page=2&sort=a,b".to_owned());
        for text in [
            "</keys?page=2&sort=a,b>; rel=\"next\"",
            "</keys?page=2&sort=a,b>;rel=next",
            "</keys?page=9>; rel=\"last\", </keys?page=2&sort=a,b>; title=\"a, b; c\"; REL=\"Next\"",
            "</keys?page=2&sort=a,b>; rel=\"following next\"",
        ] {
            assert_eq!(said(text), next, "{text}");
        }
    }

    #[test]
    fn a_last_page_is_not_the_same_as_no_word_on_pages() {
        assert_eq!(said("</keys?page=1>; rel=\"prev\""), Linked::Last);
        assert_eq!(said("</style.css>; rel=preload"), Linked::Unsaid);
        assert_eq!(said("</keys>; title=\"rel=next\""), Linked::Unsaid);
        assert_eq!(said("no link"), Linked::Unsaid);
        assert_eq!(next(&HeaderMap::new()), Linked::Unsaid);
    }
}

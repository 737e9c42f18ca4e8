//! Patterns for the name of one file or folder.

use std::ffi::OsStr;

/// Whether a name fits a pattern. Letters of either case are the same: disks disagree on that.
pub(super) fn fits(pattern: &str, name: &OsStr) -> bool {
    let mut name = name.as_encoded_bytes();
    let mut parts = pattern.as_bytes().split(|byte| *byte == b'*');
    let front = parts.next().unwrap_or_default();
    if !begins(name, front) {
        return false;
    }
    name = &name[front.len()..];
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return name.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return name.len() >= part.len() && begins(&name[name.len() - part.len()..], part);
        }
        let Some(at) = (0..=name.len()).find(|at| begins(&name[*at..], part)) else {
            return false;
        };
        name = &name[at + part.len()..];
    }
    true
}

fn begins(name: &[u8], part: &[u8]) -> bool {
    name.get(..part.len())
        .is_some_and(|front| front.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_part_of_a_name() {
        assert!(fits(".env*", OsStr::new(".env.local")));
        assert!(fits("*.tfvars", OsStr::new("prod.tfvars")));
        assert!(fits("Jenkinsfile", OsStr::new("jenkinsfile")));
        assert!(fits("values*.y*ml", OsStr::new("values-prod.yaml")));
        assert!(!fits("values*.y*ml", OsStr::new("values.yam")));
        assert!(!fits("a*a", OsStr::new("a")));
    }
}

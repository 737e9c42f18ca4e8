//! Where a repository is hosted, read from git's own configuration. Git is not run: the configuration of a repository
//! may name any program.

/// A place on a host: "github.com", "ada/shop".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) path: String,
}

/// The remote from which the repository was cloned: `origin`, or the only one there is.
pub(crate) fn address(configuration: &str) -> Option<Address> {
    let mut remotes: Vec<(String, String)> = Vec::new();
    let mut remote: Option<String> = None;
    for line in configuration.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            remote = section
                .strip_prefix("remote \"")
                .and_then(|rest| rest.split_once("\"]"))
                .map(|(name, _)| name.to_owned());
        } else if let (Some(name), Some((key, value))) = (&remote, line.split_once('='))
            && key.trim().eq_ignore_ascii_case("url")
        {
            let value = value.trim().trim_matches('"');
            if remotes.iter().all(|(known, _)| known != name) {
                remotes.push((name.clone(), value.to_owned()));
            }
        }
    }
    let origin = remotes.iter().find(|(name, _)| name == "origin");
    let only = remotes.first().filter(|_| remotes.len() == 1);
    of_url(&origin.or(only)?.1)
}

/// `https://host/path.git`, `ssh://git@host:22/path`, `git@host:path.git`. A name or password in it is dropped.
fn of_url(url: &str) -> Option<Address> {
    let (host, path) = match url.split_once("://") {
        Some((scheme, rest)) => {
            if !matches!(scheme, "https" | "http" | "ssh" | "git" | "git+ssh") {
                return None;
            }
            let (authority, path) = rest.split_once('/')?;
            let host = authority.rsplit('@').next()?;
            // The port is that of git, or of a page that the tool knows by its name alone.
            (host.split(':').next()?, path)
        }
        None => {
            let (authority, path) = url.split_once(':')?;
            (authority.rsplit('@').next()?, path)
        }
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let host = host.to_ascii_lowercase();
    // The tools have this name for what ssh reaches by another port.
    let host = if host == "ssh.github.com" {
        "github.com".to_owned()
    } else {
        host
    };
    let is_host =
        host.contains('.') && !host.starts_with(['-', '.']) && host.chars().all(is_of_host);
    let parts: Vec<&str> = path.split('/').collect();
    let is_path = (2..=20).contains(&parts.len()) && parts.iter().all(|part| is_part(part));
    (is_host && is_path).then(|| Address {
        host,
        path: path.to_owned(),
    })
}

fn is_of_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}

/// What owners, groups and repositories may be called. Nothing that a program could take for an option.
fn is_part(part: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !part.is_empty()
        && !part.starts_with(['-', '.'])
        && part.len() <= 255
        && part.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> Option<String> {
        of_url(url).map(|address| format!("{} {}", address.host, address.path))
    }

    #[test]
    fn every_way_of_writing_a_remote_gives_the_same_place() {
        for url in [
            "https://github.com/ada/shop.git",
            "https://github.com/ada/shop/",
            "https://ada:secret@github.com/ada/shop",
            "git@github.com:ada/shop.git",
            "ssh://git@github.com:22/ada/shop.git",
            "ssh://git@ssh.github.com:443/ada/shop.git",
            "git://GitHub.com/ada/shop",
        ] {
            assert_eq!(told(url).as_deref(), Some("github.com ada/shop"), "{url}");
        }
        assert_eq!(
            told("git@gitlab.example.org:team/sub/shop.git").as_deref(),
            Some("gitlab.example.org team/sub/shop")
        );
    }

    #[test]
    fn what_is_no_place_on_a_host_is_none() {
        for url in [
            "/srv/git/shop.git",
            "../shop",
            "file:///srv/git/shop",
            "https://github.com/ada",
            "https://github.com/ada/--help",
            "https://-x.example/ada/shop",
            "git@localhost:ada/shop",
            "ext::sh -c evil% ada/shop",
            "C:\\code\\shop",
        ] {
            assert_eq!(told(url), None, "{url}");
        }
    }

    #[test]
    fn origin_counts_or_the_only_remote() {
        let remote = |name: &str, path: &str| {
            format!("[remote \"{name}\"]\n\turl = https://github.com/{path}\n\tfetch = +x\n")
        };
        let path = |text: &str| address(text).map(|address| address.path);
        let both = remote("upstream", "shop/shop")
            + &remote("origin", "ada/shop")
            + "[branch \"main\"]\n\turl = x\n";
        assert_eq!(path(&both).as_deref(), Some("ada/shop"));
        assert_eq!(
            path(&remote("work", "ada/shop")).as_deref(),
            Some("ada/shop")
        );
        assert_eq!(
            path(&(remote("a", "a/shop") + &remote("b", "b/shop"))),
            None
        );
        assert_eq!(path("[core]\n\tbare = false\n"), None);
    }
}

//! To which project a file belongs, and in which environment it works there, as its path and its neighbours say.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::finding::Environment;

/// What stands in the folder of a project: a repository, or what is run together.
const MARKS: [&str; 5] = [
    ".git",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

/// How many folders above a file are asked for their name, when it belongs to no project.
const MAX_FOLDERS: usize = 3;

/// Words in names, as people write them. The git branches of the same names say the same.
const WORDS: [(Environment, &[&str]); 4] = [
    (
        Environment::Production,
        &["production", "prod", "prd", "live"],
    ),
    (
        Environment::Staging,
        &["staging", "stage", "stg", "uat", "preprod", "qa"],
    ),
    (
        Environment::Ci,
        &[
            "ci",
            "github",
            "gitlab",
            "circleci",
            "jenkins",
            "jenkinsfile",
        ],
    ),
    (
        Environment::Local,
        &["local", "dev", "development", "test", "testing", "envrc"],
    ),
];

/// The nearest folder above a file that is a project's.
pub(crate) fn of(path: &Path) -> Option<PathBuf> {
    let folders = path.ancestors().skip(1);
    let mut folders = folders.filter(|folder| folder.parent().is_some());
    let has_mark = |folder: &&Path| {
        let marks = MARKS.iter();
        let mut there = marks.map(|mark| folder.join(mark).symlink_metadata().is_ok());
        there.any(|is_there| is_there)
    };
    folders.find(has_mark).map(Path::to_owned)
}

/// What the name of the file says, or the nearest folder within its project.
pub(crate) fn environment(path: &Path, project: Option<&Path>) -> Option<Environment> {
    let below = project.and_then(|project| path.strip_prefix(project).ok());
    let limit = if below.is_some() {
        usize::MAX
    } else {
        MAX_FOLDERS + 1
    };
    let names = below.unwrap_or(path).iter().rev();
    names.take(limit).find_map(said_by)
}

fn said_by(name: &OsStr) -> Option<Environment> {
    let name = name.to_string_lossy().to_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|word| {
        let mut known = WORDS.iter();
        let (environment, _) = known.find(|(_, words)| words.contains(&word))?;
        Some(*environment)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{environment, of};
    use crate::finding::Environment;

    #[test]
    fn a_project_is_the_nearest_repository_or_compose_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("work/shop/.git")).unwrap();
        fs::create_dir_all(at("work/shop/deploy/api")).unwrap();
        fs::write(at("work/shop/deploy/compose.yaml"), "").unwrap();
        assert_eq!(of(&at("work/shop/.env")), Some(at("work/shop")));
        assert_eq!(of(&at("work/shop/.git/objects")), Some(at("work/shop")));
        let inner = at("work/shop/deploy/api/.env");
        assert_eq!(of(&inner), Some(at("work/shop/deploy")));
        let none = at("work/.env");
        assert!(of(&none).is_none_or(|project| !project.starts_with(folder.path())));
    }

    #[test]
    fn an_environment_is_what_the_nearest_name_says() {
        let project = Path::new("/home/prod/shop");
        for (path, said) in [
            (
                "/home/prod/shop/.env.production",
                Some(Environment::Production),
            ),
            (
                "/home/prod/shop/k8s/live/secret.yaml",
                Some(Environment::Production),
            ),
            (
                "/home/prod/shop/prod/.env.staging",
                Some(Environment::Staging),
            ),
            (
                "/home/prod/shop/.github/workflows/a.yml",
                Some(Environment::Ci),
            ),
            ("/home/prod/shop/.gitlab-ci.yml", Some(Environment::Ci)),
            ("/home/prod/shop/.env.local", Some(Environment::Local)),
            // Nothing above the project counts, and no part of a word.
            ("/home/prod/shop/.env", None),
            ("/home/prod/shop/products/delivery.toml", None),
        ] {
            assert_eq!(environment(Path::new(path), Some(project)), said, "{path}");
        }
    }
}

//! What is in the packages, laid out as it will stand on the user's machine.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::bundle::changelog;
use crate::bundle::inputs::{Inputs, fresh};
use crate::bundle::package::{NAME, version};
use crate::command::Command;
use crate::error::{Error, Result};
use crate::paths::Paths;

/// Edges of the icons in pixels. Desktops make every other size from the SVG.
const EDGES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];

/// The description for software centres; its name is the identifier in it.
const METAINFO: &str = "io.pulsekeys.pulsekeys.metainfo.xml";

/// A folder that holds the files of a package.
pub(super) struct Tree {
    /// Its path; below it is the user's `/`.
    pub(super) root: PathBuf,
}

impl Tree {
    /// Everything but what each form of package has in paths of its own.
    ///
    /// # Errors
    /// When a file is missing or cannot be written.
    pub(super) fn lay_out(paths: &Paths, inputs: &Inputs, name: &str) -> Result<Self> {
        let root = inputs.work.join(name);
        fresh(&root)?;
        let tree = Self { root };
        tree.copy(&paths.released(NAME), &format!("usr/bin/{NAME}"), 0o755)?;
        let desktop = format!("{NAME}.desktop");
        let words = [
            (
                desktop.as_str(),
                format!("usr/share/applications/{desktop}"),
            ),
            (METAINFO, format!("usr/share/metainfo/{METAINFO}")),
        ];
        for (file, to) in words {
            tree.copy(&inputs.templates.join(file), &to, 0o644)?;
        }
        let icons = paths.root.join("icons");
        for edge in EDGES {
            let to = format!("usr/share/icons/hicolor/{edge}x{edge}/apps/{NAME}.png");
            tree.copy(&icons.join(format!("{edge}x{edge}.png")), &to, 0o644)?;
        }
        let to = format!("usr/share/icons/hicolor/scalable/apps/{NAME}.svg");
        tree.copy(&icons.join(format!("{NAME}.svg")), &to, 0o644)?;
        let (page, date) = (
            format!("{NAME}.1"),
            changelog::newest_date(&inputs.templates)?,
        );
        let blanks = [("VERSION", version()), ("DATE", date)];
        let text = inputs.filled(&page, &blanks)?;
        tree.write_compressed(&format!("usr/share/man/man1/{page}"), &text)?;
        Ok(tree)
    }

    /// A file with this text.
    pub(super) fn write(&self, to: &str, text: &str, mode: u32) -> Result {
        let to = self.room_for(to)?;
        fs::write(&to, text).map_err(Error::file(&to))?;
        allow(&to, mode)
    }

    /// A file with this text, and `.gz` after its name.
    pub(super) fn write_compressed(&self, to: &str, text: &str) -> Result {
        self.write(to, text, 0o644)?;
        // Without the name and the time that it would note otherwise.
        let call = Command::new("gzip").args(["-9", "--no-name", "--force"]);
        call.arg(self.root.join(to)).read().map(drop)
    }

    /// The same file as another.
    pub(super) fn copy(&self, from: &Path, to: &str, mode: u32) -> Result {
        let to = self.room_for(to)?;
        fs::copy(from, &to).map_err(Error::file(from))?;
        allow(&to, mode)
    }

    /// The paths of all files from the root, in alphabetical order, and how large they are together, in bytes.
    pub(super) fn files(&self) -> Result<(Vec<PathBuf>, u64)> {
        let (mut files, mut size) = (Vec::new(), 0);
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(Error::file(&folder))? {
                let path = entry.map_err(Error::file(&folder))?.path();
                let about = fs::metadata(&path).map_err(Error::file(&path))?;
                if about.is_dir() {
                    folders.push(path);
                } else {
                    size += about.len();
                    files.push(path.strip_prefix(&self.root).unwrap_or(&path).to_owned());
                }
            }
        }
        files.sort();
        Ok((files, size))
    }

    /// Where a file goes; the folders above it are there afterwards, whatever the umask is.
    fn room_for(&self, to: &str) -> Result<PathBuf> {
        let path = self.root.join(to);
        for folder in path.ancestors().skip(1) {
            fs::create_dir_all(folder).map_err(Error::file(folder))?;
            allow(folder, 0o755)?;
            if folder == self.root {
                break;
            }
        }
        Ok(path)
    }
}

fn allow(path: &Path, mode: u32) -> Result {
    permit(path, mode).map_err(Error::file(path))
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Compiled where xtask is; packages are made on Linux.
#[cfg(not(unix))]
fn permit(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

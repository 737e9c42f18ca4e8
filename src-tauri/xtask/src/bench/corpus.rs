//! A home folder to search: mostly what others wrote (dependencies, build output, caches), a few projects of one's
//! own, a large log, a bundle of one line; and fake keys in it. Its text is made of this repository's own lines, so
//! that it has the letters, words and line lengths of real source code.

use std::fs;
use std::path::{Path, PathBuf};

use rand::{Rng as _, RngExt as _, SeedableRng as _};

use super::fixtures::{Random, Token, base64};
use crate::error::{Error, Result};

/// Changes whenever the corpus does, so that an old one is not measured.
const VERSION: &str = "3";

/// How many keys there are. The planted ones are among the first hundred.
pub(super) const KEYS: usize = 1000;

/// Keys with a place in the corpus; every one of them must be found.
pub(super) const PLANTED: usize = 60;

/// A folder full of files, and the keys that are in it.
pub(super) struct Corpus {
    pub(super) root: PathBuf,
    pub(super) tokens: Vec<Token>,
}

impl Corpus {
    /// The corpus in this folder, written if it is not there.
    ///
    /// # Errors
    /// When a file can't be written.
    pub(super) fn ready(folder: &Path, sources: &Path) -> Result<Self> {
        let mut random = Random::seed_from_u64(7);
        let corpus = Self {
            root: folder.join("home"),
            tokens: (0..KEYS)
                .map(|id| Token::new(1000 + id, &mut random))
                .collect(),
        };
        let stamp = folder.join("corpus.version");
        if fs::read_to_string(&stamp).is_ok_and(|version| version == VERSION) {
            return Ok(corpus);
        }
        println!("writing the corpus into {} …", corpus.root.display());
        if corpus.root.exists() {
            fs::remove_dir_all(&corpus.root).map_err(Error::file(&corpus.root))?;
        }
        let writer = Writer {
            root: &corpus.root,
            lines: lines(sources)?,
            random,
        };
        writer.write(&corpus.tokens)?;
        fs::write(&stamp, VERSION).map_err(Error::file(&stamp))?;
        Ok(corpus)
    }
}

/// All lines of all sources of this repository.
pub(super) fn lines(sources: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut folders = vec![sources.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = fs::read_dir(&folder)
            .map_err(Error::file(&folder))?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        for path in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && name != "node_modules" && name != "target" && name != ".git" {
                folders.push(path);
            } else if [".rs", ".ts", ".tsx", ".css", ".md"]
                .iter()
                .any(|ending| name.ends_with(ending))
            {
                let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
                // Other people's text does not speak of this service.
                let others = text
                    .lines()
                    .filter(|line| !line.to_ascii_lowercase().contains("pulse"));
                lines.extend(others.map(str::to_owned));
            }
        }
    }
    Ok(lines)
}

struct Writer<'root> {
    root: &'root Path,
    lines: Vec<String>,
    random: Random,
}

impl Writer<'_> {
    fn write(mut self, tokens: &[Token]) -> Result {
        self.tree("web", "node_modules", "package.json", 52_000, "js")?;
        self.tree(".cargo", "registry", "config.toml", 22_000, "rs")?;
        self.tree(
            "py/lib/python3.13",
            "site-packages",
            "pyvenv.cfg",
            16_000,
            "py",
        )?;
        self.tree("work", "projects", "README.md", 14_000, "ts")?;
        self.build_output()?;
        self.large()?;
        self.plants(tokens)
    }

    /// Many small files below a folder, with the long tail of sizes that source trees have.
    fn tree(
        &mut self,
        parent: &str,
        name: &str,
        beside: &str,
        files: usize,
        ending: &str,
    ) -> Result {
        self.put(&format!("{parent}/{beside}"), b"{}\n")?;
        for file in 0..files {
            let package = file / 40;
            let module = file / 8 % 5;
            // A median of some 900 bytes, and one in a hundred above 100 KB.
            let shape = self.random.random_range(0..1000);
            let size = match shape {
                0..700 => 100 + self.random.random_range(0..1600),
                700..960 => 1500 + self.random.random_range(0..12_000),
                960..990 => 10_000 + self.random.random_range(0..60_000),
                _ => 60_000 + self.random.random_range(0..200_000),
            };
            let text = self.text(size);
            let path = format!("{parent}/{name}/package{package}/m{module}/file{file}.{ending}");
            self.put(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// What compilers leave behind.
    fn build_output(&mut self) -> Result {
        let tag = b"Signature: 8a477f597d28d172789f06886806bc55\n";
        self.put("work/target/CACHEDIR.TAG", tag)?;
        for file in 0..560 {
            let size = 300_000 + self.random.random_range(0..2_200_000);
            let bytes = self.binary(size);
            self.put(&format!("work/target/debug/deps/lib{file}.rlib"), &bytes)?;
        }
        Ok(())
    }

    fn large(&mut self) -> Result {
        let mut log = String::with_capacity(210 << 20);
        while log.len() < 200 << 20 {
            let (a, b, c) = (
                self.random.next_u64(),
                self.random.next_u64(),
                self.random.next_u64(),
            );
            log.push_str(&format!(
                "2026-11-{:02}T{:02}:{:02}:{:02}Z INFO 10.{}.{}.{} request={a:016x} trace={b:016x}{c:016x} GET /api/v1/monitors/{}/checks 200 {}ms\n",
                a % 28 + 1, a % 24, b % 60, c % 60, a % 256, b % 256, c % 256, a % 100_000, b % 900,
            ));
        }
        self.put("work/logs/service.log", log.as_bytes())?;
        drop(log);
        let bundle = self.text(60 << 20).replace('\n', ";");
        self.put("work/projects/dist/bundle.js", bundle.as_bytes())
    }

    /// One key in each place, in every way of writing.
    fn plants(&mut self, tokens: &[Token]) -> Result {
        let names = [
            ".env",
            "app/.env.local",
            "deploy/check.sh",
            "infra/secret.yaml",
            "ci/.github/workflows/x.yml",
            "notes.txt",
        ];
        for (number, token) in tokens.iter().take(PLANTED).enumerate() {
            let whole = token.whole();
            let text = match number % 10 {
                0 => format!("PULSE={whole}\n").into_bytes(),
                1 => format!("url: ?key={}\n", whole.replace('|', "%7C")).into_bytes(),
                2 => format!("{{\"key\":\"{}\"}}\n", whole.replace('|', "\\u007c")).into_bytes(),
                3 => format!("<b>{}</b>\n", whole.replace('|', "&#124;")).into_bytes(),
                4 => format!("token: {}\n", base64(whole.as_bytes())).into_bytes(),
                5 => format!("token: {}\n", base64(format!(":{whole}").as_bytes())).into_bytes(),
                6 => format!("token: {}\n", base64(format!("u:{whole}").as_bytes())).into_bytes(),
                7 => format!("K={whole}\r\n")
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect(),
                8 => format!("SECRET={}\n", token.secret).into_bytes(),
                _ => [&[0, 1, 2], whole.as_bytes(), &[0, 255]].concat(),
            };
            let name = names[number / 10 % names.len()];
            let front = self.text(400).into_bytes();
            let text = if number % 10 == 7 {
                text
            } else {
                [front, text].concat()
            };
            self.put(&format!("work/projects/own{number}/{name}"), &text)?;
        }
        Ok(())
    }

    fn text(&mut self, size: usize) -> String {
        let mut text = String::with_capacity(size + 200);
        while text.len() < size {
            // Lines follow each other as they do in their file, for a while.
            let from = self.random.random_range(0..self.lines.len());
            let count = 5 + self.random.random_range(0..60);
            for line in self.lines.iter().skip(from).take(count) {
                text.push_str(line);
                text.push('\n');
                if text.len() >= size {
                    break;
                }
            }
        }
        text
    }

    /// Code, tables, names and holes, as in object files.
    fn binary(&mut self, size: usize) -> Vec<u8> {
        let mut bytes = b"!<arch>\n\0\0".to_vec();
        while bytes.len() < size {
            match self.random.random_range(0..4) {
                0 => bytes.extend(std::iter::repeat_n(
                    0,
                    200 + self.random.random_range(0..3000),
                )),
                1 => bytes.extend_from_slice(self.text(600).as_bytes()),
                _ => {
                    for _ in 0..200 {
                        bytes.extend(self.random.next_u64().to_le_bytes());
                    }
                }
            }
        }
        bytes
    }

    fn put(&self, path: &str, content: &[u8]) -> Result {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::file(folder))?;
        }
        fs::write(&path, content).map_err(Error::file(&path))
    }
}

//! A home folder with one key in each of many places and spellings, and things that only look like keys.

mod decoys;
mod plain;

pub(crate) use decoys::decoys;

use std::fs;
use std::path::Path;

use usage::{Encoding, Level, Place};

use crate::packing::{gzip, tar, zip};
use crate::support::{Token, base64, utf16, wrapped};

/// One planted key.
pub(crate) struct Plant {
    pub(crate) form: &'static str,
    pub(crate) path: &'static str,
    pub(crate) token: Token,
    pub(crate) level: Level,
    pub(crate) place: Place,
    pub(crate) encoding: Encoding,
    pub(crate) variable: Option<&'static str>,
    /// Whether only a search for everything can find it.
    pub(crate) deep: bool,
}

/// Writes all plants and tells of them.
pub(crate) fn plant(home: &Path) -> Vec<Plant> {
    let mut field = Field {
        home,
        plants: Vec::new(),
    };
    field.plain();
    field.spellings();
    field.encodings();
    field.shapes();
    field.glued();
    field.archives();
    field.odd_places();
    field.plants
}

struct Field<'home> {
    home: &'home Path,
    plants: Vec<Plant>,
}

use Encoding::{Base64, Html, Json, Percent, Raw, Shell, Utf16};
use Place::{Environment, Other, Script};

impl Field<'_> {
    fn token(&self) -> Token {
        Token::new(1000 + self.plants.len())
    }

    fn put(
        &mut self,
        form: &'static str,
        path: &'static str,
        token: &Token,
        content: impl AsRef<[u8]>,
    ) -> &mut Plant {
        let target = self.home.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        assert!(!target.exists(), "{path}");
        fs::write(target, content).unwrap();
        self.plants.push(Plant {
            form,
            path,
            token: token.clone(),
            level: Level::ThisKey,
            place: Other,
            encoding: Raw,
            variable: None,
            deep: false,
        });
        self.plants.last_mut().unwrap()
    }

    /// One line with the whole token in place of `{}`.
    fn line(
        &mut self,
        form: &'static str,
        path: &'static str,
        place: Place,
        variable: Option<&'static str>,
        line: &str,
    ) -> &mut Plant {
        let token = self.token();
        let content = format!(
            "first line\n{}\nlast line\n",
            line.replace("{}", &token.whole())
        );
        let plant = self.put(form, path, &token, content);
        (plant.place, plant.variable) = (place, variable);
        plant
    }

    fn spellings(&mut self) {
        for (form, path, spelling, encoding) in [
            ("percent, capital", "forms/a.txt", "%7C", Percent),
            ("percent, small", "forms/b.txt", "%7c", Percent),
            ("percent, twice", "forms/c.txt", "%257C", Percent),
            ("json escape", "forms/d.txt", "\\u007c", Json),
            ("html, decimal", "forms/e.txt", "&#124;", Html),
            ("html, hexadecimal", "forms/f.txt", "&#x7C;", Html),
            ("html, name", "forms/g.txt", "&vert;", Html),
            ("shell, backslash", "forms/h.txt", "\\|", Shell),
            ("cmd, caret", "forms/i.txt", "^|", Shell),
            ("powershell, backtick", "forms/j.txt", "`|", Shell),
            ("fish variable", "forms/k.txt", "\\x7c", Shell),
            ("shell, quoted bar", "forms/l.txt", "'|'", Shell),
        ] {
            let token = self.token();
            let text = token.whole().replace('|', spelling);
            let plant = self.put(form, path, &token, format!("?key={text}&x=1\n"));
            (plant.encoding, plant.variable) = (encoding, Some("key"));
        }
        let token = self.token();
        let text = token.whole().replace('|', "%7C");
        let plant = self.put(
            "percent, quoted",
            "forms/m.txt",
            &token,
            format!("q=%22{text}%22\n"),
        );
        plant.encoding = Percent;
    }

    fn encodings(&mut self) {
        for (form, path, before) in [
            ("base64, alignment 0", "b64/a.txt", ""),
            ("base64, alignment 1", "b64/b.txt", ":"),
            ("base64, alignment 2", "b64/c.txt", "u:"),
        ] {
            let token = self.token();
            let text = base64(format!("{before}{}", token.whole()).as_bytes());
            let plant = self.put(form, path, &token, format!("auth: {text}\n"));
            (plant.encoding, plant.variable) = (Base64, Some("auth"));
        }
        let token = self.token();
        let text = base64(token.whole().as_bytes());
        let manifest = format!("apiVersion: v1\nkind: Secret\ndata:\n  token: {text}\n");
        let plant = self.put(
            "kubernetes secret",
            "infra/k8s/secret.yaml",
            &token,
            manifest,
        );
        (plant.encoding, plant.place, plant.variable) = (Base64, Environment, Some("token"));
        let token = self.token();
        let text = base64(format!("key:{}", token.whole()).as_bytes());
        let config = format!("{{\"auths\":{{\"x.example\":{{\"auth\":\"{text}\"}}}}}}");
        let plant = self.put("docker login", ".docker/config.json", &token, config);
        (plant.encoding, plant.place, plant.variable) = (Base64, Environment, Some("auth"));
        // Wrapped so that the last characters stay together: 28 letters are 21 bytes.
        let token = self.token();
        let text = format!("{}\n", token.whole());
        let text = wrapped(&base64(text.as_bytes()), 28, "\r\n  ");
        let plant = self.put(
            "base64, in lines",
            "b64/d.txt",
            &token,
            format!("blob:\r\n  {text}\r\n"),
        );
        plant.encoding = Base64;
        for (form, path, order, mark) in [
            (
                "utf-16 le with mark",
                "wide/a.txt",
                u16::to_le_bytes as fn(u16) -> [u8; 2],
                true,
            ),
            ("utf-16 be with mark", "wide/b.txt", u16::to_be_bytes, true),
            ("utf-16 le", "wide/c.reg", u16::to_le_bytes, false),
            ("utf-16 be", "wide/d.txt", u16::to_be_bytes, false),
        ] {
            let token = self.token();
            let text = utf16(&format!("KEY={}\r\n", token.whole()), order, mark);
            let plant = self.put(form, path, &token, text);
            (plant.encoding, plant.variable) = (Utf16, Some("KEY"));
        }
        let token = self.token();
        let mut binary: Vec<u8> = (0..5000_u32).map(|byte| (byte * 7 % 256) as u8).collect();
        binary.splice(2500..2500, [&[0], token.whole().as_bytes(), &[0]].concat());
        self.put("binary file", "data/cache.bin", &token, binary);
    }

    fn shapes(&mut self) {
        let token = self.token();
        let text = format!("SECRET={}\n", token.secret());
        self.put("without its id", "shapes/a.txt", &token, text)
            .variable = Some("SECRET");
        let token = self.token().with_prefix("pulse_");
        let text = format!("K={}\n", token.whole());
        self.put("with a prefix", "shapes/b.txt", &token, text)
            .variable = Some("K");
        let token = Token::of_php(self.token().id);
        let text = format!("K={}\n", token.whole());
        self.put("checksum of php", "shapes/c.txt", &token, text)
            .variable = Some("K");
        let token = Token::legacy(self.token().id, 40);
        let text = format!("K={}\n", token.whole());
        self.put("legacy, 40", "shapes/d.txt", &token, text)
            .variable = Some("K");
        let token = Token::legacy(self.token().id, 80);
        let text = format!("K={}\n", token.whole());
        self.put("legacy, 80", "shapes/e.txt", &token, text)
            .variable = Some("K");
        let token = Token::legacy(self.token().id, 40);
        let text = format!("K={}\n", token.secret());
        let plant = self.put("legacy, without its id", "shapes/f.txt", &token, text);
        (plant.level, plant.variable) = (Level::Probable, Some("K"));
        let token = self.token();
        let text = format!("the one that ends in ****{}\n", token.last_eight());
        self.put("masked", "shapes/g.txt", &token, text).level = Level::Mention;
        let token = self.token();
        let secret = token.secret();
        let text = format!(
            "k = \"{}|{}\" +\n    \"{}\"\n",
            token.id,
            &secret[..20],
            &secret[20..]
        );
        self.put("split over lines", "shapes/h.txt", &token, text);
        let token = Token::new("0f8fad5b-d9cb-469f-a165-70867728950e");
        let text = format!("K={}\n", token.whole());
        self.put("uuid as its id", "shapes/i.txt", &token, text)
            .variable = Some("K");
        let token = self.token();
        self.put("whole file, no line end", "shapes/j", &token, token.whole());
        let older = self.token();
        let current = Token::new(&older.id);
        let text = format!("K={}\n", older.whole());
        let plant = self.put("older version", "shapes/k.txt", &current, text);
        (plant.level, plant.variable) = (Level::Older, Some("K"));
    }

    /// Proved by their checksum, with something glued to them.
    fn glued(&mut self) {
        for (form, path, before, after) in [
            ("a digit follows", "glued/a.txt", "", "0"),
            ("a letter follows", "glued/b.txt", "", "f"),
            ("an underscore follows", "glued/c.txt", "", "_x"),
            ("a letter before its id", "glued/d.txt", "x", ""),
            ("a digit before its id", "glued/e.txt", "7", ""),
            ("an underscore before its id", "glued/f.txt", "a_", ""),
        ] {
            let token = self.token();
            let text = format!("some text {before}{}{after} more text\n", token.whole());
            self.put(form, path, &token, text);
        }
        let token = self.token();
        let long = format!(
            "a page of text, then rotate x{}Z9_ and go on; {}",
            token.whole(),
            "and so on, ".repeat(40)
        );
        let text = format!("blob: {}\n", base64(long.as_bytes()));
        let plant = self.put("base64 of a longer text", "glued/g.txt", &token, text);
        plant.encoding = Base64;
        let token = self.token();
        let text = utf16(
            &format!("Ax{}Z\r\n", token.whole()),
            u16::to_le_bytes,
            false,
        );
        self.put("utf-16, glued", "glued/h.bin", &token, text)
            .encoding = Utf16;
        let token = self.token();
        let mut binary: Vec<u8> = (0..9000_u32).map(|byte| (byte * 11 % 251) as u8).collect();
        let whole = format!("q{}k", token.whole());
        binary.splice(4000..4000, whole.into_bytes());
        self.put("binary file, glued", "glued/i.bin", &token, binary);
        // An earlier version is known by its checksum as well.
        let older = self.token();
        let current = Token::new(&older.id);
        let text = format!("x{}_old\n", older.whole());
        self.put("older version, glued", "glued/j.txt", &current, text)
            .level = Level::Older;
    }

    fn archives(&mut self) {
        let token = self.token();
        let text = format!("K={}\n", token.whole());
        self.put("gzip", "archive/a.log.gz", &token, gzip(text.as_bytes()));
        let token = self.token();
        let text = format!("K={}\n", token.whole());
        self.put(
            "zip",
            "archive/b.zip",
            &token,
            zip("x/.env", text.as_bytes()),
        );
        let token = self.token();
        let text = format!("K={}\n", token.whole());
        let document = zip("word/document.xml", text.as_bytes());
        self.put("office document", "archive/c.docx", &token, document);
        let token = self.token();
        let text = format!("K={}\n", token.whole());
        self.put("tar", "archive/d.tar", &token, tar(".env", text.as_bytes()));
        let token = self.token();
        let text = format!("K={}\n", token.whole());
        let packed = gzip(&tar(".env", text.as_bytes()));
        self.put("tar in gzip", "archive/e.tgz", &token, packed);
        let token = self.token();
        let text = format!("K={}\n", token.whole());
        let packed = zip("inner.gz", &gzip(text.as_bytes()));
        self.put("gzip in zip", "archive/f.zip", &token, packed);
        for plant in self.plants.iter_mut().rev().take(6) {
            plant.variable = Some("K");
        }
    }

    fn odd_places(&mut self) {
        let token = self.token();
        let mut text = "x".repeat(3 << 20);
        text.push_str(&format!(" {} ", token.whole()));
        text.push_str(&"y".repeat(1 << 20));
        self.put("one line of 4 MB", "odd/bundle.js", &token, text)
            .place = Script;
        let token = self.token();
        let mut text = "some line of a log\n".repeat(100_000);
        text.push_str(&format!("K={}\n", token.whole()));
        self.put("end of a long log", "odd/long.log", &token, text)
            .variable = Some("K");
        self.line(
            "ignored by git",
            "app/ignored/.env",
            Environment,
            Some("K"),
            "K={}",
        );
        fs::write(self.home.join("app/.gitignore"), "ignored/\n.env*\n").unwrap();
        self.line(
            "hidden folder",
            ".hidden/deep/er/x.txt",
            Other,
            Some("K"),
            "K={}",
        );
        self.line(
            "backup copy",
            "app/.env.production~",
            Environment,
            Some("K"),
            "K={}",
        );
        self.line(
            "name with spaces",
            "my files/the key (1).txt",
            Other,
            Some("K"),
            "K={}",
        );
        self.line(
            "trash",
            ".local/share/Trash/files/x.txt",
            Other,
            Some("K"),
            "K={}",
        );
        self.line(
            "in node_modules",
            "web/node_modules/.cache/.env",
            Environment,
            Some("K"),
            "K={}",
        )
        .deep = true;
        fs::write(self.home.join("web/package.json"), "{}").unwrap();
        self.line(
            "in a folder only named target",
            "target/x.txt",
            Other,
            Some("K"),
            "K={}",
        );
        self.line(
            "git config",
            "repo/.git/config",
            Place::Git,
            Some("x"),
            "  url = https://x:{}@example.test/x",
        );
        self.line(
            "readme of an mcp server",
            "tools/mcp/README",
            Other,
            Some("KEY"),
            "  KEY={}",
        );
    }
}

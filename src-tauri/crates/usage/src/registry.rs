//! What `reg query KEY /s` says, made readable for the search: the value of each name as a variable.

/// What a key of the registry holds, without what is below it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// The whole name of the key.
    pub(crate) key: String,
    /// A line `name=value` for each value; more than one where a value has several texts.
    pub(crate) values: Vec<u8>,
}

/// What stands before a name, and between name, type and value.
const GAP: &[u8] = b"    ";

/// What a key of the registry begins with.
pub(crate) const ROOT: &[u8] = b"HKEY_";

/// The keys in it, each with its values.
pub(crate) fn sections(said: &[u8]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in said.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(ROOT) {
            sections.push(Section {
                key: String::from_utf8_lossy(line).into_owned(),
                values: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            value(line, &mut section.values);
        }
    }
    sections
}

fn value(line: &[u8], values: &mut Vec<u8>) {
    match parts(line) {
        Some((name, "REG_MULTI_SZ", texts)) => {
            // Several texts, with what stands for the end of each: `\0`.
            for text in split(texts, br"\0") {
                assign(name, text, values);
            }
        }
        Some((name, _, text)) => assign(name, text, values),
        // A text of several lines goes on.
        None => {
            values.extend_from_slice(line);
            values.push(b'\n');
        }
    }
}

fn assign(name: &[u8], text: &[u8], values: &mut Vec<u8>) {
    values.extend_from_slice(name);
    values.push(b'=');
    values.extend_from_slice(text);
    values.push(b'\n');
}

/// Name, type and value. A name may have gaps itself, so the type tells where it ends.
fn parts(line: &[u8]) -> Option<(&[u8], &str, &[u8])> {
    let line = line.strip_prefix(GAP)?;
    let kind = memchr::memmem::find(line, b"    REG_")?;
    let rest = &line[kind + GAP.len()..];
    let end = memchr::memmem::find(rest, GAP).unwrap_or(rest.len());
    let text = rest.get(end + GAP.len()..).unwrap_or_default();
    Some((&line[..kind], std::str::from_utf8(&rest[..end]).ok()?, text))
}

fn split<'text>(text: &'text [u8], at: &'text [u8]) -> impl Iterator<Item = &'text [u8]> {
    let ends = memchr::memmem::find_iter(text, at).collect::<Vec<_>>();
    let mut from = 0;
    ends.into_iter()
        .chain(std::iter::once(text.len()))
        .map(move |end| {
            let part = &text[from..end];
            from = (end + at.len()).min(text.len());
            part
        })
}

#[cfg(test)]
mod tests {
    use super::{Section, sections};

    #[test]
    fn each_value_is_a_variable_of_its_key() {
        let said = b"\r\nHKEY_CURRENT_USER\\Environment\r\n    Path    REG_EXPAND_SZ    C:\\bin\r\n    PULSE TOKEN    \
            REG_SZ    a    b\r\n    Empty    REG_SZ    \r\n\r\nHKEY_CURRENT_USER\\Environment\\Sub\r\n    Many    \
            REG_MULTI_SZ    A=1\\0B=2\r\n    Lines    REG_SZ    one\r\ntwo\r\n";
        let section = |key: &str, values: &str| Section {
            key: key.to_owned(),
            values: values.as_bytes().to_vec(),
        };
        assert_eq!(
            sections(said),
            [
                section(
                    r"HKEY_CURRENT_USER\Environment",
                    "Path=C:\\bin\nPULSE TOKEN=a    b\nEmpty=\n\n"
                ),
                section(
                    r"HKEY_CURRENT_USER\Environment\Sub",
                    "Many=A=1\nMany=B=2\nLines=one\ntwo\n\n"
                ),
            ]
        );
        assert_eq!(
            sections(b"ERROR: The system was unable to find it.\r\n"),
            []
        );
    }
}

//! What stands at the places of this machine that a search found to hold the token of a key: read there for a try, and kept
//! nowhere.

use std::path::PathBuf;

use pulseapi::KeyId;
use secrecy::SecretString;
use usage::Level;

use crate::base::chosen_file;
use crate::base::error::UiError;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::usage::kept;
use crate::usage::wire::FindingKind;

/// The largest file that is read, in bytes: files of settings are small.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// How many files are read at most.
const MAX_FILES: usize = 20;

/// What stands there now and ends like the token, plainly written. Whether it is the token, the caller has to see.
///
/// # Errors
/// When the database fails. A file that can't be read any more is none.
pub(super) async fn texts(
    ctx: &Context,
    account: AccountId,
    key: &KeyId,
    last_eight: &str,
) -> Result<Vec<SecretString>, UiError> {
    let Some((_, findings)) = kept::last(&ctx.database, account, key).await? else {
        return Ok(Vec::new());
    };
    let is_it = |found: &&crate::usage::found::StoredFinding| {
        found.level == Level::ThisKey
            && found.kind == FindingKind::File
            && found.last_eight() == last_eight
    };
    let mut files: Vec<PathBuf> = findings
        .all_found()
        .filter(is_it)
        .map(|found| found.path().to_owned())
        .collect();
    files.dedup();
    files.truncate(MAX_FILES);
    let mut texts = Vec::new();
    for file in files {
        match chosen_file::read(file, MAX_FILE_BYTES).await {
            Ok(Some(bytes)) => texts.extend(ending_in(&bytes, last_eight.as_bytes())),
            Ok(None) => {}
            Err(why) => tracing::debug!("a place that a search found: {why}"),
        }
    }
    Ok(texts)
}

/// Words of a token's letters that end so.
fn ending_in(bytes: &[u8], tail: &[u8]) -> Vec<SecretString> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'|');
    let ends = bytes
        .windows(tail.len().max(1))
        .enumerate()
        .filter(|(_, window)| *window == tail)
        .map(|(at, _)| at + tail.len())
        .filter(|end| !bytes.get(*end).is_some_and(is_letter));
    let text = |end: usize| {
        let letters = bytes[..end].iter().rev();
        let start = end - letters.take_while(|byte| is_letter(byte)).count();
        let text = std::str::from_utf8(&bytes[start..end]).ok()?;
        Some(SecretString::from(text))
    };
    ends.filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn texts_of(bytes: &str) -> Vec<String> {
        let found = ending_in(bytes.as_bytes(), b"ab12cd34");
        found
            .iter()
            .map(|text| text.expose_secret().to_owned())
            .collect()
    }

    #[test]
    fn a_word_counts_from_its_first_letter_to_its_tail() {
        let env = "A=1\nTOKEN='7|pulse_xyzab12cd34'\n# ab12cd34\nother=ab12cd345\n";
        assert_eq!(texts_of(env), ["7|pulse_xyzab12cd34", "ab12cd34"]);
        assert_eq!(texts_of("xab12cd34"), ["xab12cd34"]);
        assert_eq!(texts_of(""), [""; 0]);
    }
}

//! The members of a small container that is in memory, for texts that hold one encoded.

use std::io::{self, Cursor, Read};

use flate2::read::ZlibDecoder;

use super::kinds::Kind;
use super::{ar, cpio, pdf, seven_zip, tar, zip};

/// How many members are looked into.
const MAX_MEMBERS: usize = 10_000;

/// What comes of a member.
type Visit<'visit> = dyn FnMut(&str, &mut dyn Read) -> io::Result<()> + 'visit;

/// Calls `visit` with each member, until that fails.
///
/// # Errors
/// What is to be told of it.
pub(crate) fn each(text: &[u8], kind: Kind, visit: &mut Visit<'_>) -> Result<(), &'static str> {
    let damaged = "encoded, and a damaged archive";
    match kind {
        Kind::Packed(packer) => {
            let mut unpacked = packer.unpacked(text).map_err(|_| damaged)?;
            let _ = visit("", &mut unpacked);
            Ok(())
        }
        Kind::Closed(what) => Err(what),
        Kind::Zip => members_of_zip(text, visit).map_err(|_| damaged),
        Kind::SevenZip => match seven_zip::members(Cursor::new(text), visit) {
            Ok(_) => Ok(()),
            Err(_) => Err("encoded, and a 7z that can't be read"),
        },
        Kind::Tar => {
            let mut text = Cursor::new(text);
            let mut members = tar::Members::new(&mut text);
            for _ in 0..MAX_MEMBERS {
                match members.next() {
                    Ok(Some(member)) if !visit_one(&member.name, &mut members.content(), visit) => {
                        return Ok(());
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => return Ok(()),
                    Err(_) => return Err(damaged),
                }
            }
            Ok(())
        }
        Kind::Ar => {
            let mut text = Cursor::new(text);
            let mut members = ar::Members::new(&mut text);
            while let Some(name) = members.next().map_err(|_| damaged)? {
                if !visit_one(&name, &mut members.content(), visit) {
                    return Ok(());
                }
            }
            Ok(())
        }
        Kind::Cpio => {
            let mut text = Cursor::new(text);
            let mut members = cpio::Members::new(&mut text);
            while let Some(name) = members.next().map_err(|_| damaged)? {
                if !visit_one(&name, &mut members.content(), visit) {
                    return Ok(());
                }
            }
            Ok(())
        }
        Kind::Pdf => {
            let _ = visit("", &mut Cursor::new(text));
            for stream in pdf::streams(text).take(MAX_MEMBERS) {
                if !visit_one("", &mut ZlibDecoder::new(stream), visit) {
                    return Ok(());
                }
            }
            Ok(())
        }
        Kind::Sqlite | Kind::Table | Kind::Log => {
            let _ = visit("", &mut Cursor::new(text));
            Ok(())
        }
        Kind::Rpm => Err("encoded, and a package"),
    }
}

fn members_of_zip(text: &[u8], visit: &mut Visit<'_>) -> io::Result<()> {
    let mut file = Cursor::new(text);
    let mut directory = zip::Directory::open(&mut file)?;
    let mut count = 0;
    let mut is_damaged = false;
    loop {
        let part = directory.part(&mut file)?;
        if part.is_empty() || count > MAX_MEMBERS {
            return if is_damaged || count > MAX_MEMBERS {
                Err(io::ErrorKind::InvalidData.into())
            } else {
                Ok(())
            };
        }
        for member in part {
            count += 1;
            match member.open(&mut file) {
                Ok(mut content) if !member.is_encrypted => {
                    if !visit_one(&member.name, &mut content, visit) {
                        return Ok(());
                    }
                }
                _ => is_damaged = true,
            }
        }
    }
}

/// Whether to go on.
fn visit_one(name: &str, text: &mut dyn Read, visit: &mut Visit<'_>) -> bool {
    visit(name, text).is_ok()
}

//! Which of a search's findings are places for the new token, and what is known of the old one there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pulseapi::{BearerToken, KeyId};
use replace::{OldToken, Plan, Reason};
use sha2::{Digest as _, Sha256};
use usage::Level;

use crate::base::text::sanitized;
use crate::context::Context;
use crate::records::swaps::Swap;
use crate::tokens::place::messages;
use crate::tokens::place::wire::{PlaceByHand, PlaceSpot};
use crate::usage::evidence::KeyFindings;
use crate::usage::found::StoredFinding;
use crate::usage::wire::{Finding, FindingEncoding, FindingHeading, FindingKind};

/// The most files that are looked at: nobody ticks more.
const MAX_FILES: usize = 200;

/// A file that holds an older token, as the search found it.
pub(super) struct Candidate {
    pub(super) id: String,
    pub(super) path: PathBuf,
    pub(super) path_shown: String,
    pub(super) short_path: String,
    pub(super) heading: FindingHeading,
    pub(super) mask: String,
    /// None where nothing could prove it.
    pub(super) old: Option<OldToken>,
    findings: Vec<Finding>,
    /// How it is told where it is not written.
    by_hand: PlaceByHand,
    /// Not only mentioned.
    is_proved: bool,
}

/// What a search found of older tokens.
pub(super) struct Sought {
    pub(super) files: Vec<Candidate>,
    pub(super) by_hand: Vec<PlaceByHand>,
}

/// Whose older tokens are sought, and what is known of them.
pub(super) struct Of<'a> {
    pub(super) key: &'a KeyId,
    /// The last 8 characters of the token that takes their place; none while there is none yet.
    pub(super) new: Option<&'a str>,
    /// An older token whose text this app knows.
    pub(super) known: Option<BearerToken>,
}

/// Everything that is not of the new token, each file once for each older token.
pub(super) fn sought(ctx: &Context, of: &Of<'_>, findings: &KeyFindings) -> Sought {
    let home = ctx.host.home();
    let mut files: BTreeMap<(PathBuf, String), Vec<&StoredFinding>> = BTreeMap::new();
    let mut by_hand: Vec<PlaceByHand> = Vec::new();
    for found in findings.all_found() {
        let is_of_key = found.level >= Level::Older && found.level != Level::Unlisted;
        let is_new = of.new == Some(found.last_eight());
        if !is_of_key || is_new || found.last_eight().is_empty() {
            continue;
        }
        let shown = found.view(home.as_deref());
        let can_be_named = !found.path().to_string_lossy().contains('\u{FFFD}');
        if found.kind == FindingKind::File && can_be_named && files.len() < MAX_FILES {
            let file = (found.path().to_owned(), found.last_eight().to_owned());
            files.entry(file).or_default().push(found);
        } else {
            let place = PlaceByHand {
                steps: messages::steps_of_kind(&shown),
                reason: messages::reason_of_kind(found.kind).to_owned(),
                needs_change: !matches!(found.kind, FindingKind::Git | FindingKind::Archive),
                ..by_hand_of(&shown)
            };
            // A program, an archive or a repository is one place, however often it holds the token.
            if !by_hand
                .iter()
                .any(|other| other.path == place.path && other.reason == place.reason)
            {
                by_hand.push(place);
            }
        }
    }
    let files = files.into_iter().map(|((path, last_eight), found)| {
        let findings: Vec<Finding> = found
            .iter()
            .map(|found| found.view(home.as_deref()))
            .collect();
        Candidate {
            id: id(&path, &last_eight),
            path_shown: findings[0].path.clone(),
            short_path: findings[0].short_path.clone(),
            heading: found[0].heading(),
            mask: findings[0].mask.clone(),
            old: old_token(of, &last_eight),
            is_proved: found.iter().any(|found| found.level != Level::Mention),
            by_hand: by_hand_of(&findings[0]),
            findings,
            path,
        }
    });
    Sought {
        files: files.collect(),
        by_hand,
    }
}

/// Files in which this app put the token of a sibling, so that the old one can go back there.
pub(super) fn written_before(swap: &Swap) -> Sought {
    let sibling = swap.sibling.as_ref();
    let places = swap.places.iter();
    let ours = places.filter(|place| place.is_ours && place.is_done);
    let files = ours
        .zip(std::iter::repeat(sibling))
        .filter_map(|(place, sibling)| {
            let sibling = sibling?;
            let path_shown = sanitized(&place.path.to_string_lossy());
            let heading = serde_json::from_value(place.heading.clone().into());
            Some(Candidate {
                id: id(&place.path, &sibling.last_eight),
                by_hand: PlaceByHand {
                    path: path_shown.clone(),
                    short_path: place.short_path.clone(),
                    line: None,
                    variable: None,
                    reason: String::new(),
                    steps: String::new(),
                    needs_change: true,
                },
                path_shown,
                short_path: place.short_path.clone(),
                heading: heading.unwrap_or(FindingHeading::Elsewhere),
                mask: format!("…{}", sibling.last_eight),
                old: OldToken::by_checksum(sibling.key.as_str(), &sibling.last_eight).ok(),
                is_proved: true,
                findings: Vec::new(),
                path: place.path.clone(),
            })
        });
    Sought {
        files: files.collect(),
        by_hand: Vec::new(),
    }
}

/// The token itself where this app knows it, or what its own checksum can prove.
fn old_token(of: &Of<'_>, last_eight: &str) -> Option<OldToken> {
    let known = of.known.as_ref();
    known
        .filter(|token| token.last_eight().as_deref() == Some(last_eight))
        .and_then(|token| OldToken::known(token.secret()).ok())
        .or_else(|| OldToken::by_checksum(of.key.as_str(), last_eight).ok())
}

/// Names a file of a plan: the same for the same file and token.
fn id(path: &std::path::Path, last_eight: &str) -> String {
    let digest = Sha256::new()
        .chain_update(path.as_os_str().as_encoded_bytes())
        .chain_update([0]);
    hex::encode(&digest.chain_update(last_eight).finalize()[..8])
}

/// A file that is not written, with its reason; none where it only mentions the key, or does so no more.
pub(super) fn refused(candidate: &Candidate, reason: Reason) -> Option<PlaceByHand> {
    if reason == Reason::Gone || reason == Reason::NotThere && !candidate.is_proved {
        return None;
    }
    Some(PlaceByHand {
        reason: messages::reason(reason).to_owned(),
        steps: messages::steps(reason).to_owned(),
        needs_change: !messages::only_tells(reason),
        ..candidate.by_hand.clone()
    })
}

fn by_hand_of(finding: &Finding) -> PlaceByHand {
    PlaceByHand {
        path: finding.path.clone(),
        short_path: finding
            .process
            .clone()
            .unwrap_or_else(|| finding.short_path.clone()),
        line: finding.line,
        variable: finding.variable.clone(),
        reason: String::new(),
        steps: String::new(),
        needs_change: true,
    }
}

impl Candidate {
    /// Where in the file it stands now, with the variable that the search saw nearest before it.
    pub(super) fn spots(&self, plan: &Plan) -> Vec<PlaceSpot> {
        let spots = plan.spots().iter();
        spots
            .map(|spot| {
                let line = u32::try_from(spot.line).unwrap_or(u32::MAX);
                let encoding = encoding(spot.encoding);
                let same = self
                    .findings
                    .iter()
                    .filter(|finding| finding.encoding == encoding);
                let named = same
                    .clone()
                    .find(|finding| finding.line == Some(line))
                    .or_else(|| {
                        // One that a value in lines begins before.
                        let mut same = same;
                        let first = same.next();
                        first.filter(|_| same.next().is_none())
                    });
                PlaceSpot {
                    line,
                    variable: named.and_then(|finding| finding.variable.clone()),
                    encoding,
                }
            })
            .collect()
    }
}

fn encoding(encoding: replace::Encoding) -> FindingEncoding {
    match encoding {
        replace::Encoding::Raw => FindingEncoding::Raw,
        replace::Encoding::Percent => FindingEncoding::Percent,
        replace::Encoding::Json => FindingEncoding::Json,
        replace::Encoding::Html => FindingEncoding::Html,
        replace::Encoding::Shell => FindingEncoding::Shell,
        replace::Encoding::Base64 => FindingEncoding::Base64,
        replace::Encoding::Utf16 => FindingEncoding::Utf16,
    }
}

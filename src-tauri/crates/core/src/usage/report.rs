//! What the page gets of a search, and of what is known about a key.

use std::time::SystemTime;

use jiff::Timestamp;
use pulseapi::KeyId;
use usage::{Level, Verdict};

use crate::base::ids::AccountId;
use crate::base::text;
use crate::context::Context;
use crate::records::key::KeyRow;
use crate::usage::evidence::{Evidence, KeyFindings, SearchMeta};
use crate::usage::found::{StoredFinding, small};
use crate::usage::messages;
use crate::usage::searches::{Search, Searches};
use crate::usage::wire::{
    FindingGroup, KeyUsage, SearchState, UsageProgress, UsageReport, UsageVerdict,
};

impl From<Verdict> for UsageVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::NotSearched => Self::NotSearched,
            Verdict::NothingFound => Self::NothingFound,
            Verdict::Possible => Self::Possible,
            Verdict::Confirmed => Self::Confirmed,
        }
    }
}

/// What is known about a key as of now: the last search of this process, and the one that is under way.
pub(crate) fn key_usage(ctx: &Context, account: AccountId, key: &KeyRow) -> KeyUsage {
    let evidence = ctx.of::<Searches>().evidence(account, key);
    of_key(&evidence, &key.id, key.last_used_at, ctx.now())
}

/// What nobody has searched for.
pub(crate) fn not_searched(key: &KeyRow) -> KeyUsage {
    of_key(
        &Evidence::none(&key.last_eight),
        &key.id,
        None,
        Timestamp::MIN,
    )
}

/// What one search says of a key, as of its end.
fn of_search(findings: &KeyFindings, meta: &SearchMeta) -> KeyUsage {
    let now = meta.ended_at.unwrap_or(meta.begun_at);
    of_key(
        &findings.evidence(meta),
        &findings.key,
        findings.last_used_at,
        now,
    )
}

/// What is known of a key, as the page sees it; used last at that time.
pub(crate) fn of_key(
    evidence: &Evidence,
    key: &KeyId,
    last_used_at: Option<Timestamp>,
    now: Timestamp,
) -> KeyUsage {
    let (used, now) = (last_used_at.map(SystemTime::from), SystemTime::from(now));
    KeyUsage {
        key: key.clone(),
        last_eight: evidence.last_eight.clone(),
        verdict: evidence.verdict.into(),
        places: evidence.places,
        possible_places: evidence.possible_places,
        words: messages::of_key(evidence),
        used_by_something_unseen: evidence.state == SearchState::Finished
            && evidence.verdict.leaves_use_unexplained(used, now),
    }
}

/// Of more keys than these a snapshot names only those that something was found of.
const MAX_KEYS_IN_SNAPSHOT: usize = 100;

/// How many findings are listed under one heading.
const MAX_LISTED: usize = 100;

/// A search that is under way, as the page sees it.
pub(crate) fn snapshot(ctx: &Context, search: &Search) -> UsageProgress {
    let state = search.now();
    UsageProgress {
        folder: text::sanitized(&state.folder),
        report: report(
            ctx,
            search.account,
            &state.meta,
            &state.keys,
            state
                .keys
                .iter()
                .flat_map(|findings| &findings.found)
                .collect(),
            MAX_KEYS_IN_SNAPSHOT,
        ),
    }
}

/// A search, as the page sees it. `found`: what is listed. `most`: of more keys than these only those that something was found of are named.
pub(crate) fn report<'a>(
    ctx: &Context,
    account: AccountId,
    meta: &'a SearchMeta,
    keys: &[KeyFindings],
    mut found: Vec<&'a StoredFinding>,
    most: usize,
) -> UsageReport {
    let evidence: Vec<_> = keys
        .iter()
        .map(|findings| findings.evidence(meta))
        .collect();
    let named = |findings: &&KeyFindings| keys.len() <= most || !findings.found.is_empty();
    let incomplete = meta.stopped || meta.has_gaps();
    found.extend(&meta.hints);
    let home = ctx.host.home();
    UsageReport {
        account,
        tier: meta.reach.tier,
        state: meta.state(),
        begun_at: meta.begun_at,
        ended_at: meta.ended_at,
        milliseconds: meta.milliseconds,
        read: meta.read,
        keys: keys
            .iter()
            .filter(named)
            .map(|findings| of_search(findings, meta))
            .collect(),
        groups: messages::HEADINGS
            .into_iter()
            .map(|(heading, title)| {
                let of_it = found.iter().copied();
                let mut of_it: Vec<&StoredFinding> =
                    of_it.filter(|found| found.heading() == heading).collect();
                of_it.sort_by(|one, other| one.order().cmp(&other.order()));
                let count = of_it
                    .iter()
                    .filter(|found| found.level >= Level::Mention)
                    .count();
                let listed = of_it.iter().take(MAX_LISTED);
                FindingGroup {
                    heading,
                    title: title.to_owned(),
                    count: small(count as u64),
                    findings: listed.map(|found| found.view(home.as_deref())).collect(),
                    more: small(of_it.len().saturating_sub(MAX_LISTED) as u64),
                }
            })
            .collect(),
        skipped: meta.skipped.clone(),
        incomplete,
        broke_off: meta.broke_off.as_ref().map(messages::of_breaking_off),
        message: messages::of_search(&evidence, meta.state(), incomplete),
    }
}

//! What the page gets of a search, and of what is known about a key.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use jiff::Timestamp;
use pulseapi::KeyId;
use usage::{Level, Verdict};

use crate::base::ids::AccountId;
use crate::context::Context;
use crate::records::key::KeyRow;
use crate::records::{accounts, own_calls};
use crate::usage::evidence::{Evidence, KeyFindings, SearchMeta};
use crate::usage::found::{StoredFinding, small};
use crate::usage::messages;
use crate::usage::searches::{Search, Searches};
use crate::usage::wire::{
    FindingGroup, FoundToken, KeyUsage, SearchState, UsageReport, UsageVerdict,
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

/// What nobody has searched for.
pub(crate) fn not_searched(key: &KeyRow) -> KeyUsage {
    of_key(
        &Evidence::none(&key.last_eight),
        &key.id,
        None,
        Timestamp::MIN,
    )
}

/// What is known of a key, as the page sees it; used last at that time by something that the app does not know.
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

/// Of more keys than these the report of a running search names only those that something was found of.
const MAX_KEYS_WHILE_RUNNING: usize = 100;

/// How many findings are listed under one heading.
const MAX_LISTED: usize = 100;

/// How many places of a token that is of no key in the list are named.
const MAX_LISTED_OF_TOKEN: usize = 5;

/// A search of this process as it stands, with what still counts of what was known before.
pub(crate) fn of_search(ctx: &Context, search: &Search) -> UsageReport {
    let merged = ctx.of::<Searches>().merged(search);
    let found = merged.keys.iter().flat_map(KeyFindings::all_found);
    let report = report(
        ctx,
        search.account,
        &merged.meta,
        &merged.keys,
        &merged.evidence,
        found.chain(&merged.weak).collect(),
    );
    UsageReport {
        skipped: merged.skipped,
        tokens: tokens(ctx, search.account, &search.now().unlisted),
        ..report
    }
}

/// Tokens that are of no key in the list, what stands in the most places first.
fn tokens(ctx: &Context, account: AccountId, found: &[StoredFinding]) -> Vec<FoundToken> {
    let own_key = accounts::find(ctx, account).map(|account| account.own_key);
    let home = ctx.host.home();
    let mut by_token: BTreeMap<&str, Vec<&StoredFinding>> = BTreeMap::new();
    for finding in found {
        by_token
            .entry(finding.last_eight())
            .or_default()
            .push(finding);
    }
    let mut tokens: Vec<FoundToken> = by_token
        .into_iter()
        .map(|(last_eight, mut found)| {
            found.sort_by(|one, other| one.order().cmp(&other.order()));
            let places: BTreeSet<_> = found.iter().map(|found| found.place()).collect();
            FoundToken {
                last_eight: last_eight.to_owned(),
                own: own_key
                    .as_ref()
                    .is_ok_and(|own| own.is_token(None, last_eight)),
                places: small(places.len() as u64),
                findings: found
                    .iter()
                    .take(MAX_LISTED_OF_TOKEN)
                    .map(|found| found.view(home.as_deref()))
                    .collect(),
            }
        })
        .collect();
    tokens.sort_by_key(|token| std::cmp::Reverse(token.places));
    tokens
}

/// A search of an earlier run of the app, of one key.
pub(crate) fn of_kept(
    ctx: &Context,
    account: AccountId,
    meta: &SearchMeta,
    findings: &KeyFindings,
) -> UsageReport {
    let evidence = [findings.evidence(meta)];
    let keys = std::slice::from_ref(findings);
    report(
        ctx,
        account,
        meta,
        keys,
        &evidence,
        findings.all_found().collect(),
    )
}

/// What a search says. `found`: what is listed, beside the hints.
fn report<'a>(
    ctx: &Context,
    account: AccountId,
    meta: &'a SearchMeta,
    keys: &[KeyFindings],
    evidence: &[Evidence],
    mut found: Vec<&'a StoredFinding>,
) -> UsageReport {
    let names_all = meta.ended_at.is_some() || keys.len() <= MAX_KEYS_WHILE_RUNNING;
    let now = meta.ended_at.unwrap_or(meta.begun_at);
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
            .zip(evidence)
            .filter(|(findings, _)| names_all || findings.all_found().next().is_some())
            .map(|(findings, evidence)| {
                let KeyFindings {
                    key, last_used_at, ..
                } = findings;
                let used = own_calls::last_use_by_others(ctx, account, key, *last_used_at);
                of_key(evidence, key, used, now)
            })
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
        tokens: Vec::new(),
        skipped: meta.skipped.clone(),
        incomplete,
        broke_off: meta.broke_off.as_ref().map(messages::of_breaking_off),
        message: messages::of_search(evidence, meta.state(), incomplete),
    }
}

//! The run through several keys: one after the other, waiting where the service asks to, until the end or a stop.
//!
//! Each key goes the way of the single deletion (`deletion`): a last look, its own intent, one `DELETE`, the truth asked
//! for, a row in the journal. So whatever happens to this process, the next start knows which keys to ask about.
//!
//! - **Changes.** A key that is not what was shown when its turn comes is left alone, with what changed. The others go on.
//! - **Doubts.** A 404 is not believed by itself. All keys that got one wait for one list, which is fetched after the
//!   last of them; so their results come last.
//! - **Waits.** A 429 says that this `DELETE` was not done: it is sent again at the moment that the service names. Where
//!   its answers say that less is left than a key takes (a look, a deletion and another look), the run waits before the key,
//!   so that no key is left halfway for a minute. That is advice by another clock and never longer than a usual
//!   window; beyond that the service is asked, and refuses if it means it.
//! - **Stops.** What would fail for every other key too ends the run: the credential is refused, the plan has no API,
//!   the service cannot be reached, or asks for a longer wait than anybody means. So does an outcome that could not
//!   be asked for: going on would be blind. A server that fails several times in a row is left in peace.
//!   A refusal of one key (403) is that key's alone.
//! - **Cancelling** counts before the next key and during a wait, never in the middle of a request.
//!
//! Left out: evidence, phrase and question (`bulk_delete`), and how the page shows it.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use pulseapi::{Client, Error as ApiError, RetryPolicy};
use tokio::sync::watch;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::bulk_delete::messages;
use crate::keys::bulk_delete::progress::Progress;
use crate::keys::bulk_delete::wire::{BulkOutcome, BulkProgress, BulkResult, BulkResultKind};
use crate::keys::changes::Shown;
use crate::keys::delete::result::{DeletionResult, Doubt};
use crate::keys::delete::send::{Confirmed, Sent, Unwritten};
use crate::keys::revocation::{self, KnownTokens};
use crate::keys::verify::{Proof, RateLimitWait};
use crate::keys::{self, delete};
use crate::records::accounts::Account;
use crate::records::intents::Settle;
use crate::records::key::KeyRow;

/// What a key takes: a look whether it is what was shown, its deletion, and a look whether it is gone.
const REQUESTS_OF_A_KEY: u32 = 3;

/// The longest wait that only the headers advise. A usual window is 60 s.
const MAX_ADVISED_WAIT: Duration = Duration::from_secs(90);

/// A read that fails is asked again for this long. A wait for a rate limit is longer: it comes back to the run, where
/// the user sees it and can call it off.
const READ_RETRY_WINDOW: Duration = Duration::from_secs(2);

/// So many keys in a row that the server failed to delete are enough.
const MAX_FAILURES: usize = 3;

/// Why the rest is not tried.
enum Stop {
    Cancelled,
    Error(UiError),
}

/// How one key ended, and what that means for the next.
struct Step<'a> {
    ended: Ended<'a>,
    stop: Option<Stop>,
    /// The server failed with it, which a few times in a row is one time too many.
    failed: bool,
}

impl Step<'_> {
    fn of(result: BulkResult) -> Self {
        Self {
            ended: Ended::So(result),
            stop: None,
            failed: false,
        }
    }

    fn stopped(result: BulkResult, stop: Stop) -> Self {
        Self {
            stop: Some(stop),
            ..Self::of(result)
        }
    }
}

/// How a key ended, as far as that is known before the list.
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
enum Ended<'a> {
    So(BulkResult),
    InDoubt(Doubt<'a>, KnownTokens),
}

/// A run through several keys.
pub(crate) struct Run<'a> {
    ctx: &'a Context,
    account: AccountId,
    cancelled: watch::Receiver<bool>,
    progress: Progress,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        ctx: &'a Context,
        account: AccountId,
        cancelled: watch::Receiver<bool>,
        total: usize,
    ) -> Self {
        Self {
            ctx,
            account,
            cancelled,
            progress: Progress::of(total),
        }
    }

    /// Deletes one key after the other.
    pub(crate) async fn through(
        &self,
        keys: &[Shown],
        on_progress: impl Fn(BulkProgress) + Send + Sync,
    ) -> BulkOutcome {
        let (results, stop) = tokio::select! {
            biased;
            ended = self.each(keys) => ended,
            never = self.progress.report_to(&on_progress) => match never {},
        };
        on_progress(self.progress.take());
        let (cancelled, stopped_by) = match stop {
            None => (false, None),
            Some(Stop::Cancelled) => (true, None),
            Some(Stop::Error(error)) => (false, Some(error)),
        };
        BulkOutcome::Finished {
            message: messages::finished(&results, cancelled, stopped_by.as_ref()),
            cancelled,
            results,
        }
    }

    async fn each(&self, keys: &[Shown]) -> (Vec<BulkResult>, Option<Stop>) {
        let mut results = Vec::with_capacity(keys.len());
        let mut doubts = Vec::new();
        let mut stop = None;
        let mut failures = 0;
        for shown in keys {
            let result = if let Some(stop) = &stop {
                not_tried(&shown.key, stop)
            } else {
                let step = self.one(shown).await;
                failures = if step.failed { failures + 1 } else { 0 };
                stop = step.stop;
                if stop.is_none() && failures >= MAX_FAILURES {
                    stop = Some(Stop::Error(messages::keeps_failing(failures)));
                }
                match step.ended {
                    Ended::So(result) => result,
                    Ended::InDoubt(doubt, tokens) => {
                        self.progress.has_none_yet();
                        let result = result(&doubt.key, BulkResultKind::Unknown);
                        doubts.push((results.len(), doubt, tokens));
                        results.push(result);
                        continue;
                    }
                }
            };
            self.progress.add(result.clone());
            results.push(result);
        }
        self.resolve(doubts, &mut results).await;
        (results, stop)
    }

    /// One list for all keys that may be gone, fetched after the last of them was asked for.
    async fn resolve(
        &self,
        doubts: Vec<(usize, Doubt<'_>, KnownTokens)>,
        results: &mut [BulkResult],
    ) {
        if doubts.is_empty() {
            return;
        }
        let signed_in = keys::signed_in(self.ctx, self.account).await;
        let (account, proof) = match signed_in {
            Ok((account, client)) => {
                let proof = Proof::fetch(&client, &account).await;
                (Some(account), proof)
            }
            Err(error) => (None, Proof::none(error)),
        };
        for (index, doubt, tokens) in doubts {
            let key = &doubt.key;
            let result = match &account {
                Some(account) => {
                    let result =
                        delete::result::resolve_doubt(self.ctx, account, &doubt, &proof, &tokens);
                    match result.await {
                        Ok(result) => told(key, result),
                        Err(error) => unwritten(key, &error),
                    }
                }
                // Nobody is signed in any more: what was sent is looked after at the next start.
                None => failed(key, BulkResultKind::Unknown, messages::nobody_to_ask(key)),
            };
            self.progress.add(result.clone());
            results[index] = result;
        }
    }

    async fn one(&self, shown: &Shown) -> Step<'a> {
        let key = &shown.key;
        let (account, client) = match self.begin(key).await {
            Ok(begun) => begun,
            Err(stop) => return Step::stopped(not_tried(key, &stop), stop),
        };
        // The account may have moved to another key since the evidence was gathered.
        if account.own_key.is_token(Some(&key.id), &key.last_eight) {
            return Step::of(BulkResult {
                message: format!("Not tried. {}", messages::OWN_KEY),
                ..result(key, BulkResultKind::NotTried)
            });
        }
        match self
            .ctx
            .of::<Box<dyn Settle>>()
            .before_write(self.ctx, &account, &key.id)
            .await
        {
            Ok(None) => {}
            Ok(Some(error)) => return Step::of(failed(key, BulkResultKind::NotTried, error)),
            Err(error) => {
                let stop = Stop::Error(error);
                return Step::stopped(not_tried(key, &stop), stop);
            }
        }
        let tokens = revocation::known_tokens(self.ctx, &account, &key.id, &key.last_eight);
        let confirmed = Confirmed {
            shown: shown.clone(),
            expects_use: false,
            tokens: tokens.await,
        };
        let sent = delete::send::delete_confirmed(self.ctx, &account, &client, &confirmed, self);
        match sent.await {
            Ok(Sent::Ended(result)) => self.step(key, result),
            Ok(Sent::Doubtful(doubt)) => Step {
                ended: Ended::InDoubt(doubt, confirmed.tokens),
                stop: None,
                failed: false,
            },
            Err(Unwritten::Before(error)) => {
                let stop = Stop::Error(error);
                Step::stopped(not_tried(key, &stop), stop)
            }
            Err(Unwritten::After(error)) => {
                Step::stopped(unwritten(key, &error), Stop::Error(error))
            }
        }
    }

    /// Whose turn it is; the wait that it takes; and the account and its client as they are after it.
    async fn begin(&self, key: &KeyRow) -> Result<(Account, Client), Stop> {
        if self.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        self.progress.begin(key);
        let (_, client) = self.signed_in().await?;
        if let Some(until) = client.advised_wait(REQUESTS_OF_A_KEY) {
            let wait = until.duration_since(self.ctx.now());
            let wait = Duration::try_from(wait).unwrap_or_default();
            if wait <= MAX_ADVISED_WAIT && !self.wait(wait).await {
                return Err(Stop::Cancelled);
            }
        }
        self.signed_in().await
    }

    async fn signed_in(&self) -> Result<(Account, Client), Stop> {
        let signed_in = keys::signed_in(self.ctx, self.account).await;
        let (account, client) = signed_in.map_err(Stop::Error)?;
        let retry = RetryPolicy {
            longest_wait: READ_RETRY_WINDOW,
            ..self.ctx.options.retry
        };
        Ok((account, client.with_retry(retry)))
    }

    fn step(&self, key: &KeyRow, result: DeletionResult) -> Step<'a> {
        let stop = stopping(&result).map(|error| {
            if self.is_cancelled() {
                Stop::Cancelled
            } else {
                Stop::Error(at_work(error))
            }
        });
        let server_failed = match &result {
            DeletionResult::NotDeleted { why, .. } => why.outcome_unknown(),
            DeletionResult::Watched { .. } => true,
            _ => false,
        };
        Step {
            ended: Ended::So(told(key, result)),
            stop,
            failed: server_failed,
        }
    }

    fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Waits, told on screen. False when the user called the run off meanwhile.
    async fn wait(&self, wait: Duration) -> bool {
        let now = self.ctx.now();
        let until = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        self.progress.wait_until(Some(until));
        let mut cancelled = self.cancelled.clone();
        let waited = tokio::select! {
            biased;
            Ok(_) = cancelled.wait_for(|cancelled| *cancelled) => false,
            () = self.ctx.options.clock.sleep(wait) => true,
        };
        self.progress.wait_until(None);
        waited
    }
}

#[async_trait]
impl RateLimitWait for Run<'_> {
    async fn waits(&self, refusal: &ApiError, earlier: u32) -> bool {
        let options = &self.ctx.options;
        let jitter = options.jitter.fraction();
        let delay = options
            .retry
            .rate_limit_delay(refusal, earlier, self.ctx.now(), jitter);
        match delay {
            Some(delay) => self.wait(delay).await,
            None => false,
        }
    }
}

/// What of a key's result would be every other key's too.
fn stopping(result: &DeletionResult) -> Option<&ApiError> {
    match result {
        DeletionResult::Unknown { why, .. } => why.as_ref(),
        DeletionResult::NotDeleted { why, .. } => match why {
            ApiError::Unauthorized
            | ApiError::PlanWithoutApi { .. }
            | ApiError::PlanLimit { .. }
            | ApiError::RateLimited { .. }
            | ApiError::Offline { .. }
            | ApiError::Tls { .. }
            | ApiError::NotOffered { .. }
            | ApiError::Contract { .. }
            | ApiError::Timeout { sent: false } => Some(why),
            _ => None,
        },
        DeletionResult::Deleted { .. }
        | DeletionResult::GoneAlready { .. }
        | DeletionResult::Changed { .. }
        | DeletionResult::Watched { .. } => None,
    }
}

fn told(key: &KeyRow, ended: DeletionResult) -> BulkResult {
    match ended {
        // The app's own key is never among them, so nobody is signed out.
        DeletionResult::Deleted {
            at, verification, ..
        } => BulkResult {
            message: messages::deleted(at, verification),
            at: Some(at),
            verification: Some(verification),
            ..result(key, BulkResultKind::Deleted)
        },
        DeletionResult::GoneAlready { message, .. } => BulkResult {
            message,
            ..result(key, BulkResultKind::GoneAlready)
        },
        DeletionResult::Changed { changes, .. } => BulkResult {
            message: messages::left_alone(&changes),
            ..result(key, BulkResultKind::Changed)
        },
        DeletionResult::NotDeleted {
            error,
            was_sent: true,
            ..
        } => failed(key, BulkResultKind::NotDeleted, error),
        DeletionResult::NotDeleted { error, .. } => failed(key, BulkResultKind::NotTried, error),
        DeletionResult::Unknown { error, .. } | DeletionResult::Watched { error } => {
            failed(key, BulkResultKind::Unknown, error)
        }
    }
}

fn failed(key: &KeyRow, kind: BulkResultKind, error: UiError) -> BulkResult {
    BulkResult {
        message: error.message.clone(),
        error: Some(error),
        ..result(key, kind)
    }
}

/// The database failed after the deletion was sent.
fn unwritten(key: &KeyRow, error: &UiError) -> BulkResult {
    failed(
        key,
        BulkResultKind::Unknown,
        messages::not_written_down(error),
    )
}

fn not_tried(key: &KeyRow, stop: &Stop) -> BulkResult {
    let error = match stop {
        Stop::Cancelled => None,
        Stop::Error(error) => Some(error),
    };
    BulkResult {
        message: messages::not_tried(error),
        error: error.cloned(),
        ..result(key, BulkResultKind::NotTried)
    }
}

fn result(key: &KeyRow, kind: BulkResultKind) -> BulkResult {
    BulkResult {
        key: key.id.clone(),
        name: key.name.clone(),
        last_eight: key.last_eight.clone(),
        kind,
        message: String::new(),
        at: None,
        verification: None,
        error: None,
    }
}

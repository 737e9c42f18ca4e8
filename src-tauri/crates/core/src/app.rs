//! The façade: the start, and a line for each thing that the shell can ask for, by what it is about.

mod accounts;
mod journal;
mod keys;
mod notes;
mod preferences;
mod tokens;
mod usage;

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};

use pulseapi::Options;
use thiserror::Error;
use vault::Vault;

use crate::accounts::check::LastReport;
use crate::accounts::connect::BeginsInSandbox;
use crate::base::contract_file;
use crate::base::database::{Database, DatabaseError};
use crate::base::folders::Folders;
use crate::closing::{self, Ending};
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::host::{Host, Question};
use crate::keys::bulk_delete::{self, BulkState};
use crate::keys::delete::guided::passed::Allowed;
use crate::keys::delete::{self, card::Cards};
use crate::keys::guided::paste::begun::{self, Begun};
use crate::keys::revocation::Watch;
use crate::keys::revocation::in_browser::{self, Pasted};
use crate::keys::swap::{self, watch::Readings};
use crate::operation_lock::InFlight;
use crate::preferences::Chosen;
use crate::recognise::Dropped;
use crate::reconcile::{self, Settling};
use crate::records::accounts::Accounts;
use crate::records::damaged::{self, Contents};
use crate::records::intents::{OutcomeUnknown, Settle};
use crate::records::journal::check::Verifier;
use crate::records::journal::head::HeadKeeper;
use crate::records::journal::pages::Searches as JournalSearches;
use crate::records::own_calls::OwnCalls;
use crate::records::swaps::Swaps;
use crate::session::in_browser::NotOffered;
use crate::session::{Clients, Opening, WhenAccountGoes};
use crate::tokens::ci::Listed;
use crate::tokens::place::Placing;
use crate::tokens::place::interrupted::OneRun;
use crate::tokens::reveal::Copies;
use crate::updates::Asking;
use crate::usage::{search, searches};
use crate::view::*;
use crate::watch::{self, Watching};

/// Why the app cannot start. Its files are as they were.
#[derive(Debug, Error)]
pub enum StartError {
    /// The app's folders or its list of accounts cannot be used.
    #[error("The app's files cannot be used: {0}.")]
    Files(#[from] io::Error),
    /// The app's database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The app behind its window.
pub struct PulseKeys {
    ctx: Context,
}

impl PulseKeys {
    /// Opens the app's files and makes them if there are none. Asks neither the keychain nor the service yet.
    ///
    /// `options` are those of every client, and bring the clock.
    ///
    /// # Errors
    /// [`StartError`]; nothing was changed.
    pub fn start(
        folders: &Folders,
        vault: Vault,
        host: Arc<dyn Host>,
        options: Options,
        version: &'static str,
    ) -> Result<Self, StartError> {
        folders.prepare()?;
        Database::refuse_newer(&folders.database_file())?;
        let now = options.clock.now();
        let options = contract_file::applied(&folders.contract_file(), options);
        let accounts = Accounts::read(&folders.accounts_file(), now)?;
        let chosen = Chosen::read(&folders.preferences_file(), now)?;
        let opened = Database::open(&folders.database_file(), now)?;
        let vault = Arc::new(Mutex::new(vault));
        let clock = Arc::clone(&options.clock);
        let journal_head = HeadKeeper::start(folders, &opened.database, Arc::clone(&vault), clock)?;
        let damaged = damaged::found([
            (Contents::Accounts, accounts.damaged),
            (Contents::Preferences, chosen.damaged),
            (Contents::Database, opened.damaged),
        ]);
        let folders = folders.clone();
        let ctx = Context::new(host, options, opened.database, folders, vault, version)
            .with(Mutex::new(accounts.accounts))
            .with(Mutex::new(chosen.chosen))
            .with(journal_head)
            .with(damaged)
            .with(Verifier::default())
            .with(JournalSearches::default())
            .with(OutcomeUnknown::default())
            .with(InFlight::default())
            .with(InProcess::default())
            .with(BeginsInSandbox::default())
            .with(LastReport::default())
            .with(Opening::default())
            .with(Clients::default())
            .with(searches::Searches::default())
            .with(Cards::default())
            .with(Allowed::default())
            .with(OwnCalls::default())
            .with(Swaps::default())
            .with(Readings::default())
            .with(Watching::default())
            .with(BulkState::default())
            .with(Watch::default())
            .with(Pasted::default())
            .with(NotOffered::default())
            .with(Begun::default())
            .with(Copies::default())
            .with(Listed::default())
            .with(Placing::default())
            .with(OneRun::default())
            .with(Settling::default())
            .with::<Box<dyn Settle>>(Box::new(reconcile::Settler))
            .with(WhenAccountGoes(vec![
                in_browser::forget_account,
                begun::forget_account,
                bulk_delete::forget_account,
                delete::forget_account,
                search::forget_account,
                watch::forget_account,
            ]))
            .with(Dropped::default())
            .with(Asking::default());
        Ok(Self { ctx })
    }

    /// What an ending would cost, from now on.
    #[must_use]
    pub fn ending(&self) -> Ending {
        closing::ending(&self.ctx)
    }

    /// What has to be asked before the window closes, because closing would lose a token: one that exists only in
    /// this process, or one that is in flight here.
    #[must_use]
    pub fn question_before_closing(&self) -> Option<Question> {
        closing::question_before_closing(&self.ctx)
    }

    /// Settles what can be settled, and tells what was found out. What costs the user a token is told until the notice
    /// is dismissed, everything else once.
    ///
    /// # Errors
    /// When the app's own files fail. A service or keychain that cannot be asked is a notice, not an error.
    pub async fn reconcile(&self) -> Result<Vec<Notice>, UiError> {
        reconcile::reconcile(&self.ctx).await
    }

    /// Looks at open intents when it is time, for as long as this is polled. After each look `on_change` is called: what
    /// the window shows may have changed, and [`PulseKeys::reconcile`] has something to tell.
    pub async fn watch_open_intents(&self, on_change: impl Fn() + Send + Sync) -> Infallible {
        reconcile::watch::watch_open_intents(&self.ctx, on_change).await
    }

    /// Reads the last use of keys that are to go, when it is time and only where there are some, for as long as this is
    /// polled. After each reading that tells something new `on_change` is called: [`PulseKeys::swaps`] says what.
    pub async fn watch_swaps(&self, on_change: impl Fn() + Send + Sync) -> Infallible {
        swap::watch::watch_swaps(&self.ctx, on_change).await
    }

    /// Searches this machine again for all keys when it is time and the user wants it, for as long as this is polled. When
    /// it begins and ends `on_change` is called: [`PulseKeys::reconcile`] may have something to tell.
    pub async fn keep_watch(&self, on_change: impl Fn() + Send + Sync) -> Infallible {
        watch::keep_watch(&self.ctx, on_change).await
    }

    /// A notice was read. One that is not kept, or not known, is no error.
    ///
    /// # Errors
    /// When the database fails; the notice comes back at the next start.
    pub async fn dismiss_notice(&self, id: &str) -> Result<(), UiError> {
        reconcile::dismiss_notice(&self.ctx, id).await
    }
}

//! The façade: everything that the shell can ask for, a line for each.

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use pulseapi::Options;
use thiserror::Error;
use url::Url;
use vault::Vault;

use crate::accounts::connect::BeginsInSandbox;
use crate::base::database::{Database, DatabaseError};
use crate::base::folders::Folders;
use crate::closing::{self, Ending};
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::host::{Host, Question};
use crate::keys;
use crate::keys::bulk_delete::{self, BulkState};
use crate::keys::delete::{self, card::Cards};
use crate::keys::revocation::{self, Watch};
use crate::operation_lock::InFlight;
use crate::preferences::{self, Chosen};
use crate::recognise::{self, Dropped};
use crate::reconcile::{self, Settling};
use crate::records;
use crate::records::accounts::Accounts;
use crate::records::damaged::{self, Contents};
use crate::records::intents::{OutcomeUnknown, Settle};
use crate::records::journal::check::Verifier;
use crate::records::journal::head::HeadKeeper;
use crate::records::journal::{self, Journal};
use crate::session::{self, Clients, WhenAccountGoes};
use crate::tokens::reveal::Copies;
use crate::updates::{self, Asking};
use crate::view::*;
use crate::{accounts, custody, handover, tokens, usage};

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
            .with(journal::pages::Searches::default())
            .with(OutcomeUnknown::default())
            .with(InFlight::default())
            .with(InProcess::default())
            .with(BeginsInSandbox::default())
            .with(session::Opening::default())
            .with(Clients::default())
            .with(usage::searches::Searches::default())
            .with(Cards::default())
            .with(BulkState::default())
            .with(Watch::default())
            .with(Copies::default())
            .with(Settling::default())
            .with::<Box<dyn Settle>>(Box::new(reconcile::Settler))
            .with(WhenAccountGoes(vec![
                |ctx, _| revocation::revocations_changed(ctx),
                bulk_delete::forget_account,
                delete::forget_account,
                usage::search::forget_account,
            ]))
            .with(Dropped::default())
            .with(Asking::default());
        Ok(Self { ctx })
    }

    /// Says what a text or a file holds.
    ///
    /// # Errors
    /// When the text or the file is too large, the file can't be read, or the database fails.
    pub async fn recognise(&self, request: RecogniseRequest) -> Result<Recognised, UiError> {
        recognise::recognise(&self.ctx, request).await
    }

    /// A file was dropped on the window. Its name, for the page.
    pub fn note_dropped(&self, path: PathBuf) -> String {
        recognise::note_dropped(&self.ctx, path)
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

    /// A notice was read. One that is not kept, or not known, is no error.
    ///
    /// # Errors
    /// When the database fails; the notice comes back at the next start.
    pub async fn dismiss_notice(&self, id: &str) -> Result<(), UiError> {
        reconcile::dismiss_notice(&self.ctx, id).await
    }

    /// Verifies the journal: each row that was not verified since the start of the app, and whether rows are missing at
    /// its end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_journal(
        &self,
        tell: impl Fn(JournalVerifying),
    ) -> Result<JournalVerified, UiError> {
        journal::export::verify_journal(&self.ctx, tell).await
    }

    /// Writes the journal to a file that the user chooses.
    ///
    /// # Errors
    /// When the database fails, or the file cannot be written; then there is no new file.
    pub async fn export_journal(&self, format: JournalFormat) -> Result<ExportOutcome, UiError> {
        journal::export::export_journal(&self.ctx, format).await
    }

    /// A page of the journal, newest row first: of all rows, or of those that fit.
    ///
    /// A search for text that a newer one has overtaken ends with what it has found.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal_page(&self, request: JournalRequest) -> Result<JournalPage, UiError> {
        journal::pages::journal_page(&self.ctx, request).await
    }

    /// Searches this machine for keys. Whole snapshots go to `on_progress`, at most ten a second. A search that is under
    /// way for any of the keys is stopped.
    ///
    /// # Errors
    /// When the account or the keys are not known, or the search breaks. That findings can't be kept is no error.
    pub async fn usage_search(
        &self,
        request: &UsageRequest,
        on_progress: impl Fn(UsageProgress) + Send + Sync,
    ) -> Result<UsageSearched, UiError> {
        keys::search::usage_search(&self.ctx, request, on_progress).await
    }

    /// Stops what is running for any of these keys; without keys everything of the account. What was found stands.
    pub fn usage_cancel(&self, request: &KeysRequest) {
        usage::search::usage_cancel(&self.ctx, request);
    }

    /// What the last search found of a key, with its time, and what earlier ones found that counts still; none where
    /// there was no search.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usage_last(&self, request: &KeyRequest) -> Result<Option<UsageReport>, UiError> {
        usage::search::usage_last(&self.ctx, request).await
    }

    /// The uses of a key that this app came to know of.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_uses(&self, request: &KeyRequest) -> Result<LastUses, UiError> {
        usage::search::last_uses(&self.ctx, request).await
    }

    /// Does something about a finding of the last report of a key.
    ///
    /// # Errors
    /// When no report of the key has it, this can't be done about it, or the system can't do it.
    pub async fn open_finding(&self, request: &FindingRequest) -> Result<(), UiError> {
        usage::actions::open_finding(&self.ctx, request).await
    }

    /// Works out where in the history of its repository a finding is.
    ///
    /// # Errors
    /// When no report of the key has it, it is in no repository, or git can't tell.
    pub async fn locate_finding(&self, request: &LocateRequest) -> Result<GitLocation, UiError> {
        usage::actions::locate_finding(&self.ctx, request).await
    }

    /// The checklist of a key.
    ///
    /// # Errors
    /// When the account is not known, or the database fails.
    pub async fn checklist(&self, request: &KeyRequest) -> Result<Checklist, UiError> {
        usage::checklist::checklist(&self.ctx, request).await
    }

    /// Ticks a line, or takes its tick away.
    ///
    /// # Errors
    /// When the account is not known, or the database fails; nothing has changed then.
    pub async fn tick_checklist(&self, request: &TickRequest) -> Result<Checklist, UiError> {
        usage::checklist::tick_checklist(&self.ctx, request).await
    }

    /// Whether there is a newer version. Asks for it when the user wants that and it was not asked for a day.
    pub async fn updates(&self) -> UpdatesView {
        updates::updates(&self.ctx).await
    }

    /// Where the newer version that was told of can be had: a page that was found to be on the site that told of it.
    #[must_use]
    pub fn page_of_newer_version(&self) -> Option<Url> {
        updates::page_of_newer_version(&self.ctx)
    }

    /// The user has stored the token elsewhere: it leaves the keychain or the memory that held it.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails; then it is still in custody.
    pub async fn token_stored(&self, id: CustodyId) -> Result<Custody, UiError> {
        tokens::stored::token_stored(&self.ctx, id).await
    }

    /// The token stays in the keychain until the user takes it out.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain or the database fails; then it is where it was.
    pub async fn keep_token(&self, id: CustodyId) -> Result<Custody, UiError> {
        tokens::stored::keep_token(&self.ctx, id).await
    }

    /// The tokens in custody: those that wait first, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn custody(&self) -> Result<Custody, UiError> {
        custody::custody(&self.ctx).await
    }

    /// What stands now where the search folders should be.
    pub async fn search_folders(&self) -> SearchFoldersChecked {
        preferences::folders_now::search_folders(&self.ctx).await
    }

    /// The user chooses a folder in a native dialog.
    ///
    /// # Errors
    /// When its path is no text, so that it can't be written down.
    pub async fn choose_search_folder(&self) -> Result<FolderChosen, UiError> {
        preferences::folders_now::choose_search_folder(&self.ctx).await
    }

    /// What the user chose.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        preferences::preferences(&self.ctx)
    }

    /// The user chose this.
    ///
    /// # Errors
    /// When something is out of range or cannot be written; nothing has changed then.
    pub async fn write_preferences(&self, preferences: Preferences) -> Result<AppState, UiError> {
        preferences::write_preferences(&self.ctx, preferences)?;
        Ok(session::state(&self.ctx).await)
    }

    /// Everything is as it comes, but for how the lists are sorted and filtered: that is not set in the preferences.
    ///
    /// # Errors
    /// When it cannot be written; nothing has changed then.
    pub async fn reset_preferences(&self) -> Result<AppState, UiError> {
        preferences::reset_preferences(&self.ctx)?;
        Ok(session::state(&self.ctx).await)
    }

    /// A folder of the app on this machine.
    #[must_use]
    pub fn folder(&self, folder: Folder) -> &Path {
        preferences::folder(&self.ctx, folder)
    }

    /// The list as it was last seen; without a time when it never was whole.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub async fn cached_keys(&self, id: AccountId) -> Result<CachedKeys, UiError> {
        records::key_cache::cached_keys(&self.ctx, id).await
    }

    /// Fetches the whole list. Each page goes to `on_page` as it arrives; the cache changes only when all have. A list
    /// that does not add up is read once more; if that does not help, it is added to what is cached, takes nothing away
    /// and answers no question.
    ///
    /// # Errors
    /// What the service or the database reports. The cache is as it was.
    pub async fn refresh_keys(
        &self,
        id: AccountId,
        on_page: impl Fn(KeyPageArrived) + Send + Sync,
    ) -> Result<KeysRefreshed, UiError> {
        keys::list::refresh_keys(&self.ctx, id, on_page).await
    }

    /// Copies "name …last8" of each key, a line for each, in the order that was asked for.
    ///
    /// # Errors
    /// When none of them is in the list any more, or the clipboard fails.
    pub async fn copy_labels(&self, request: &KeysRequest) -> Result<KeyLabelsCopied, UiError> {
        keys::labels::copy_labels(&self.ctx, request).await
    }

    /// Tries the tokens of deleted keys when they are due, for as long as `tell` says that somebody listens; a newer
    /// watcher takes the place of an older one. A snapshot is told at once and after every change.
    ///
    /// # Errors
    /// When the database fails. What is open stays open.
    pub async fn watch_revocations(
        &self,
        tell: impl Fn(Revocations) -> bool + Send + Sync,
    ) -> Result<(), UiError> {
        revocation::watch_revocations(&self.ctx, tell).await
    }

    /// Tries the tokens of a deleted key now. What came of it is told to who watches.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_revocation(&self, request: &KeyRequest) -> Result<(), UiError> {
        revocation::try_revocation(&self.ctx, request).await
    }

    /// The tokens of a deleted key are not tried any more. They stay in custody, where the user can take them out.
    ///
    /// # Errors
    /// When the database fails; then it goes on.
    pub async fn stop_revocation(&self, request: &KeyRequest) -> Result<(), UiError> {
        revocation::stop_revocation(&self.ctx, request).await
    }

    /// What is shown before several keys are deleted, asked of the service now.
    ///
    /// # Errors
    /// When no keys or too many are named, and what the service reports.
    pub async fn bulk_card(&self, request: &BulkCardRequest) -> Result<BulkCard, UiError> {
        bulk_delete::bulk_card(&self.ctx, request).await
    }

    /// Deletes several keys, after the user has said yes to the host's question. Snapshots of how far it is go to
    /// `on_progress`, at most about ten a second and always the last.
    ///
    /// # Errors
    /// When no keys or too many are named, something else is being done with them, the account is not known any more,
    /// its credential cannot be read, or the service cannot be asked before anything was sent. From the first deletion
    /// on everything is an outcome.
    pub async fn delete_keys(
        &self,
        request: &BulkDeleteRequest,
        on_progress: impl Fn(BulkProgress) + Send + Sync,
    ) -> Result<BulkOutcome, UiError> {
        bulk_delete::delete_keys(&self.ctx, request, on_progress).await
    }

    /// Ends the run of an account before its next key, or in the middle of a wait; the request that is in flight is
    /// finished. Nothing happens where none runs.
    pub fn cancel_delete_keys(&self, account: AccountId) {
        bulk_delete::cancel_delete_keys(&self.ctx, account);
    }

    /// What is shown before a key is rotated, asked of the service now.
    ///
    /// # Errors
    /// What the service reports.
    pub async fn rotate_card(&self, request: &KeyRequest) -> Result<RotateCard, UiError> {
        keys::rotate::rotate_card(&self.ctx, request).await
    }

    /// Rotates a key, after the user has said yes to the host's question.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, something is being done with the key
    /// already, or the app's own files fail before anything was sent. Whatever the service says is an outcome.
    pub async fn rotate_key(&self, request: &RotateRequest) -> Result<RotateOutcome, UiError> {
        keys::rotate::rotate_key(&self.ctx, request).await
    }

    /// What the form for a new key offers, asked of the service now.
    ///
    /// # Errors
    /// What the service reports.
    pub async fn create_form(&self, account: AccountId) -> Result<CreateForm, UiError> {
        keys::create::create_form(&self.ctx, account).await
    }

    /// Makes a key.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, a key is being made already, or the
    /// app's own files fail before anything was sent. Whatever the service says is an outcome.
    pub async fn create_key(&self, request: &CreateRequest) -> Result<CreateOutcome, UiError> {
        keys::create::create_key(&self.ctx, request).await
    }

    /// What is shown before a key is deleted, asked of the service now.
    ///
    /// # Errors
    /// What the service reports; with the code "other" when the key is gone already.
    pub async fn delete_card(&self, request: &KeyRequest) -> Result<DeleteCard, UiError> {
        delete::delete_card(&self.ctx, request).await
    }

    /// Deletes a key, after the user has said yes to the host's question.
    ///
    /// # Errors
    /// When the account is not known any more, its credential cannot be read, a deletion of the same key is under
    /// way, or the app's own files fail. Whatever the service says is an outcome, not an error.
    pub async fn delete_key(&self, request: &DeleteRequest) -> Result<DeleteOutcome, UiError> {
        delete::delete_key(&self.ctx, request).await
    }

    /// The text of a token, for the user who pressed *Reveal*.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain fails.
    pub async fn reveal_token(&self, id: CustodyId) -> Result<RevealedToken, UiError> {
        tokens::reveal::reveal_token(&self.ctx, id).await
    }

    /// Copies a token, or a line made with it.
    ///
    /// # Errors
    /// When it is not in custody any more, or keychain or clipboard fail.
    pub async fn copy_token(&self, request: &CopyRequest) -> Result<Copied, UiError> {
        tokens::reveal::copy_token(&self.ctx, request).await
    }

    /// Tries a token with one harmless call, and the one before it, where it is known, with another.
    ///
    /// # Errors
    /// When it is not in custody any more, or the keychain fails. Whatever the service says is a result.
    pub async fn test_token(&self, id: CustodyId) -> Result<TokenTest, UiError> {
        tokens::reveal::test_token(&self.ctx, id).await
    }

    /// Probes an address with a credential; once both worked, keeps the credential and makes the account the one in
    /// use. A user who is known at this address already gets the new credential in place of the old one.
    ///
    /// # Errors
    /// With [`ErrorCode::Address`] or [`ErrorCode::Credential`] at what was typed, or another code. Nothing was
    /// stored.
    pub async fn connect(&self, request: &ConnectRequest) -> Result<AppState, UiError> {
        accounts::connect::connect(&self.ctx, request).await
    }

    /// Signs in to the server inside the app. Who is signed in to it already stays so, unless its credential has
    /// stopped working.
    ///
    /// # Errors
    /// When the sandbox does not start, or its credential cannot be kept.
    pub async fn try_sandbox(&self) -> Result<AppState, UiError> {
        accounts::connect::try_sandbox(&self.ctx).await
    }

    /// Makes an account the one in use.
    ///
    /// # Errors
    /// When it is not known any more, or the choice cannot be written down.
    pub async fn switch_account(&self, id: AccountId) -> Result<AppState, UiError> {
        accounts::connect::switch(&self.ctx, id).await
    }

    /// Makes the account that is called so, whatever its capitals, the one in use; of several the one that was added
    /// first. Asked for on the command line. False when no account is called so.
    ///
    /// # Errors
    /// When the choice cannot be written down.
    pub fn begin_with(&self, label: &str) -> io::Result<bool> {
        accounts::connect::begin_with(&self.ctx, label)
    }

    /// Calls an account something else.
    ///
    /// # Errors
    /// When the new name is empty or too long, the account is not known any more, or the change cannot be written.
    pub async fn rename_account(&self, request: &RenameRequest) -> Result<AppState, UiError> {
        accounts::connect::rename_account(&self.ctx, request).await
    }

    /// Puts another credential of the same user in place of the account's, once it worked.
    ///
    /// # Errors
    /// With [`ErrorCode::Credential`] at what was pasted, or another code. The account still has the old one.
    pub async fn replace_credential(&self, request: &ReplaceRequest) -> Result<AppState, UiError> {
        accounts::connect::replace_credential(&self.ctx, request).await
    }

    /// Signs out, after the user has said yes. The key itself stays alive. Tokens in custody stay or go, as the
    /// person chooses in the same question.
    ///
    /// # Errors
    /// When the account is not known any more, or its credential cannot be taken out of the keychain; then the
    /// account is still signed in.
    pub async fn sign_out(&self, id: AccountId) -> Result<SignOutOutcome, UiError> {
        accounts::connect::sign_out(&self.ctx, id).await
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

    /// Whoever is signed in nowhere yet begins in the sandbox, not with the form. Asked for on the command line.
    pub fn begin_in_sandbox(&self) {
        accounts::connect::begin_in_sandbox(&self.ctx);
    }

    /// What the window shows when it opens: what the app's own files say, at once.
    pub async fn first_state(&self) -> AppState {
        accounts::connect::first_state(&self.ctx).await
    }

    /// Everything the window shows before any list, with the keychain's first answer, which is waited for. Where the
    /// sandbox was asked for and cannot be had, that is the form, or what is missing for a keychain.
    pub async fn state(&self) -> AppState {
        accounts::connect::state(&self.ctx).await
    }

    /// What the page is given before it can ask.
    pub async fn handover(&self) -> Handover {
        handover::handover(&self.ctx).await
    }

    /// From now on secrets live in this process only. Accounts of the keychain stay there, unshown, until the next
    /// start.
    pub async fn continue_for_this_session(&self) -> AppState {
        session::continue_for_this_session(&self.ctx).await
    }

    /// The whole journal in memory, oldest row first, with its chain verified. Not for the window.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal(&self) -> Result<Journal, UiError> {
        Ok(journal::read(&self.ctx.database).await?)
    }
}

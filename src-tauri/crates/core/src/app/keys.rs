//! Keys: the list, making, rotating and deleting them, and what became of a deleted one.

use crate::app::PulseKeys;
use crate::keys::{self, bulk_delete, delete, revocation, swap};
use crate::records::key_cache;
use crate::view::*;

impl PulseKeys {
    /// The list as it was last seen; without a time when it never was whole.
    ///
    /// # Errors
    /// When the account is not known any more, or the database fails.
    pub async fn cached_keys(&self, id: AccountId) -> Result<CachedKeys, UiError> {
        key_cache::cached_keys(&self.ctx, id).await
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

    /// Writes down a key in the user's own list, or describes one anew.
    ///
    /// # Errors
    /// When the account's list is not the user's own, or the database fails. What is wrong in a field is an outcome.
    pub async fn note_key(&self, request: &NoteKeyRequest) -> Result<NoteOutcome, UiError> {
        keys::guided::note_key(&self.ctx, request).await
    }

    /// Writes down the keys that the user has ticked in a table; those that the list has are described anew.
    ///
    /// # Errors
    /// When the account's list is not the user's own, one of them can't stand in it, or the database fails; then none
    /// was written down.
    pub async fn note_keys(&self, request: &NoteKeysRequest) -> Result<NoteOutcome, UiError> {
        keys::guided::note_keys(&self.ctx, request).await
    }

    /// Reads a table of keys, as copied from the web screen or out of a file. Nothing is written down.
    ///
    /// # Errors
    /// When the account's list is not the user's own, or the text or file is too large or can't be read.
    pub async fn read_table(&self, request: TableRequest) -> Result<TableRead, UiError> {
        keys::guided::read_table(&self.ctx, request).await
    }

    /// Takes a key off the user's own list, after a question. At the service nothing changes.
    ///
    /// # Errors
    /// When the account's list is not the user's own, it does not have the key any more, or the database fails.
    pub async fn unlist_key(&self, request: &KeyRequest) -> Result<NoteOutcome, UiError> {
        keys::guided::unlist_key(&self.ctx, request).await
    }

    /// What is shown before the user rotates a key in the browser, by the user's own list.
    ///
    /// # Errors
    /// When the account's list is not the user's own, it does not have the key any more, or the database fails.
    pub async fn browser_rotate_card(&self, request: &KeyRequest) -> Result<RotateCard, UiError> {
        keys::guided::paste::rotate_card(&self.ctx, request).await
    }

    /// Takes the token of a key that was made or rotated in the browser into custody, and tries it.
    ///
    /// # Errors
    /// When the account's list is not the user's own, it does not have the key any more, something is being done with it
    /// already, the keychain does not show that it stores, or the app's own files fail; then the token was not taken.
    pub async fn paste_token(&self, request: PasteTokenRequest) -> Result<PasteOutcome, UiError> {
        keys::guided::paste::paste_token(&self.ctx, request).await
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

    /// What is shown before a key is deleted, asked of the service now; where it has no endpoints for keys, from the
    /// user's own list.
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

    /// Leads to the deletion of a key of the user's own list in the browser, where the phrase is right and the key is
    /// as it was shown.
    ///
    /// # Errors
    /// When the account's list is not the user's own, it does not have the key any more, or the database fails.
    pub async fn begin_guided_deletion(
        &self,
        request: &DeleteRequest,
    ) -> Result<GuidedDeletion, UiError> {
        delete::guided::begin(&self.ctx, request).await
    }

    /// Tries the token of a key that is deleted in the browser, once and on schedule until it gets 401. What came of it is
    /// told to who watches.
    ///
    /// # Errors
    /// As for [`PulseKeys::begin_guided_deletion`]; when that was not called before, it is an outcome.
    pub async fn check_guided_deletion(
        &self,
        request: &GuidedCheckRequest,
    ) -> Result<GuidedCheck, UiError> {
        delete::guided::check(&self.ctx, request).await
    }

    /// Takes a key off the user's own list as deleted, after a question, where no token can show it.
    ///
    /// # Errors
    /// As for [`PulseKeys::check_guided_deletion`].
    pub async fn confirm_guided_deletion(
        &self,
        request: &KeyRequest,
    ) -> Result<GuidedConfirmation, UiError> {
        delete::guided::confirm(&self.ctx, request).await
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

    /// The keys that are to go once they have been quiet, and how far each is. Of all accounts, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn swaps(&self) -> Result<Swaps, UiError> {
        swap::swaps(&self.ctx).await
    }

    /// What is shown before a key is swapped or retired, from the list as it was last seen.
    ///
    /// # Errors
    /// When the list does not have the key any more, or the database fails.
    pub async fn swap_card(&self, request: &KeyRequest) -> Result<SwapCard, UiError> {
        swap::swap_card(&self.ctx, request).await
    }

    /// Makes a sibling of a key, which is to take its place.
    ///
    /// # Errors
    /// As for [`PulseKeys::create_key`], and when the key is being swapped already.
    pub async fn begin_swap(&self, request: &BeginSwapRequest) -> Result<SwapBegun, UiError> {
        swap::begin_swap(&self.ctx, request).await
    }

    /// Marks a key for deletion once it has been quiet, with nothing in its place.
    ///
    /// # Errors
    /// When the list does not have the key any more, it is being swapped already, or the database fails.
    pub async fn retire_key(&self, request: &QuietRequest) -> Result<Swaps, UiError> {
        swap::retire_key(&self.ctx, request).await
    }

    /// From now on a key that is swapped should be quiet, for so long; or another time counts from now on.
    ///
    /// # Errors
    /// When it is not being swapped or retired, or the database fails.
    pub async fn watch_key(&self, request: &QuietRequest) -> Result<Swaps, UiError> {
        swap::watch_key(&self.ctx, request).await
    }

    /// Back to its places: until the next [`PulseKeys::watch_key`] nobody expects it to be quiet.
    ///
    /// # Errors
    /// As for [`PulseKeys::watch_key`].
    pub async fn unwatch_key(&self, request: &KeyRequest) -> Result<Swaps, UiError> {
        swap::unwatch_key(&self.ctx, request).await
    }

    /// A place that the user changes by hand is done, or is not.
    ///
    /// # Errors
    /// As for [`PulseKeys::watch_key`].
    pub async fn tick_swap_place(&self, request: &SwapPlaceRequest) -> Result<Swaps, UiError> {
        swap::tick_place(&self.ctx, request).await
    }

    /// Puts a swap away. Both keys stay as they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stop_swap(&self, request: &KeyRequest) -> Result<Swaps, UiError> {
        swap::stop_swap(&self.ctx, request).await
    }
}

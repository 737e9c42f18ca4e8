// Every command that the window may call, declared once: name, what it takes, what it gives.
//
// This file is included, not compiled as a module of its own, and each place that includes it brings its own
// `commands!`: build.rs lists the names for the ACL, lib.rs makes the adapters, xtask writes the TypeScript. A `_` stands
// for no request before a channel.
commands! {
    /// Everything the window shows before any list: accounts, keychain, version.
    app_state() -> AppState;
    /// Settles the outcomes that an earlier run left open, by asking the service.
    outcomes_reconcile() -> Vec<Notice>;
    /// A notice was read and need not be shown again.
    notice_dismiss(NoticeRequest) -> ();

    /// Tries the keychain again.
    keychain_retry() -> AppState;
    /// Goes on without a keychain until the app is closed.
    keychain_session_only() -> AppState;

    /// Probes an address with a credential, and keeps the credential once it worked.
    account_connect(ConnectRequest) -> AppState;
    /// Starts the server inside the app and signs in to it.
    account_try_sandbox() -> AppState;
    /// Makes an account the one in use.
    account_switch(AccountRequest) -> AppState;
    /// Calls an account something else.
    account_rename(RenameRequest) -> AppState;
    /// Puts another credential of the same user in place of the account's, once it worked.
    account_replace_credential(ReplaceRequest) -> AppState;
    /// Signs out, after a native question.
    account_sign_out(AccountRequest) -> SignOutOutcome;
    /// Opens PulseAPI's own dashboard in the browser.
    dashboard_open() -> ();

    /// The list as it was last seen.
    keys_cached(AccountRequest) -> CachedKeys;
    /// Fetches the list; pages arrive on the channel while the call runs.
    keys_refresh(AccountRequest, KeyPageArrived) -> KeysRefreshed;
    /// Copies names and last 8 characters, never a token.
    keys_copy_labels(KeysRequest) -> KeyLabelsCopied;
    /// What is shown before a key is deleted, asked of the service now.
    key_delete_card(KeyRequest) -> DeleteCard;
    /// Deletes a key, after a native question.
    key_delete(DeleteRequest) -> DeleteOutcome;
    /// What is shown before several keys are deleted, asked of the service now.
    keys_delete_card(BulkCardRequest) -> BulkCard;
    /// Deletes several keys one after the other, after one native question; progress arrives on the channel.
    keys_delete(BulkDeleteRequest, BulkProgress) -> BulkOutcome;
    /// Ends that before the next key; the request that is on its way is finished.
    keys_delete_cancel(AccountRequest) -> ();
    /// Tries the tokens of deleted keys until they get 401, as long as the page listens; it ends when a newer call comes.
    revocations_watch(_, Revocations) -> ();
    /// Tries the tokens of a deleted key now; the answer arrives where the tries are watched.
    revocation_try(KeyRequest) -> ();
    /// Ends the tries for a deleted key; its token stays in custody.
    revocation_stop(KeyRequest) -> ();
    /// What the form for a new key offers, asked of the service now.
    key_create_form(AccountRequest) -> CreateForm;
    /// Makes a key; its token goes into custody.
    key_create(CreateRequest) -> CreateOutcome;
    /// What is shown before a key is rotated, asked of the service now.
    key_rotate_card(KeyRequest) -> RotateCard;
    /// Rotates a key, after a native question; the new token goes into custody.
    key_rotate(RotateRequest) -> RotateOutcome;

    /// Searches this machine for keys; whole snapshots arrive on the channel. It stops an older search for any of them.
    usage_search(UsageRequest, UsageProgress) -> UsageReport;
    /// Stops what is under way for any of these keys; without keys everything of the account. What was found stands.
    usage_cancel(KeysRequest) -> ();
    /// What the last search found of a key, with its time.
    usage_last(KeyRequest) -> Option<UsageReport>;
    /// Which key is this string, or is in this file? Never sent anywhere.
    usage_recognise(RecogniseRequest) -> Recognised;
    /// Opens a finding of the last report of a key, shows it in its folder, or copies its path.
    finding_open(FindingRequest) -> ();
    /// Works out where in the history of its repository a finding is.
    finding_whereabouts(WhereaboutsRequest) -> GitWhereabouts;
    /// The uses of a key that the app came to know of.
    key_last_uses(KeyRequest) -> LastUses;
    /// What only a person can look after, for one key.
    checklist_read(KeyRequest) -> Checklist;
    /// Ticks a line of that, or takes its tick away.
    checklist_tick(TickRequest) -> Checklist;

    /// The tokens in custody, without their text.
    custody_list() -> Custody;
    /// The text of a token: the person pressed *Reveal*.
    token_reveal(TokenRequest) -> RevealedToken;
    /// Copies a token or a line made with it.
    token_copy(CopyRequest) -> Copied;
    /// Tries a token, and the one before it, with one harmless call each.
    token_test(TokenRequest) -> TokenTest;
    /// The person has stored the token elsewhere: it leaves custody.
    token_stored(TokenRequest) -> Custody;
    /// The token stays in the keychain.
    token_keep(TokenRequest) -> Custody;

    /// A page of the journal, newest row first.
    journal_read(JournalRequest) -> JournalPage;
    /// Verifies the journal; how far that is arrives on the channel.
    journal_verify(_, JournalVerifying) -> JournalVerified;
    /// Writes the journal to a file, after a native save dialog.
    journal_export(ExportRequest) -> ExportOutcome;

    /// The person chose this about the app itself.
    preferences_write(Preferences) -> AppState;
    /// Everything in the preferences is as it comes; the lists stay sorted and filtered as they are.
    preferences_reset() -> AppState;
    /// Whether there is a newer version of the app. Asked for only where the person wants it, at most once a day.
    updates_look() -> UpdatesView;
    /// Opens the page of the newer version in the browser.
    update_page_open() -> ();
    /// Shows a folder of the app in the system's file manager.
    folder_open(FolderRequest) -> ();

    /// What stands now where the search folders of the preferences should be.
    search_folders_check() -> SearchFoldersChecked;
    /// The person chooses a folder to search, in a native dialog.
    search_folder_choose() -> FolderChosen;

    /// From now on, events from outside the page arrive on this channel, until the page attaches another.
    window_attach(_, WindowEvent) -> ();
    /// Shows this native menu.
    menu_show(MenuModel) -> ();
    /// Names the account in the window's title.
    window_title(TitleRequest) -> ();
    /// Quits, as closing the window does: the person is asked first where a token would be lost.
    app_quit() -> ();
}

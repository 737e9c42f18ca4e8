// Every command that the window may call, declared once: name, what it takes, what it gives.
//
// A command of `core` is the method of that name of `PulseKeys`, given the request as its brackets say: by reference, by
// value, or one field of it. A command of `shell` is a function of that name in this folder. What follows a comma arrives
// on a channel while the call runs, and after it; `_` stands for no request before it. Nothing is awaited in the methods of
// `core_at_once`.
//
// This file is included, not compiled as a module of its own, and each place that includes it brings its own
// `commands!`: build.rs lists the names for the ACL, lib.rs makes the adapters, xtask writes the TypeScript.
commands! {
    core {
        /// Everything the window shows before any list: accounts, preferences, version. At once.
        first_state() -> AppState;
        /// Settles the outcomes that an earlier run left open, by asking the service.
        reconcile() -> Vec<Notice>;
        /// A notice was read and need not be shown again.
        dismiss_notice(&NoticeRequest.notice) -> ();
        /// The same with the keychain's answer, which is waited for; where it was not there it is tried again.
        state() -> AppState;
        /// Goes on without a keychain until the app is closed.
        continue_for_this_session() -> AppState;
        /// Probes an address with a credential, and keeps the credential once it worked.
        connect(&ConnectRequest) -> AppState;
        /// Starts the server inside the app and signs in to it.
        try_sandbox(&SandboxRequest) -> AppState;
        /// Makes an account the one in use.
        switch_account(AccountRequest.account) -> AppState;
        /// Calls an account something else.
        rename_account(&RenameRequest) -> AppState;
        /// Puts another credential of the same user in place of the account's, once it worked.
        replace_credential(&ReplaceRequest) -> AppState;
        /// Tries each call that changes nothing at the server of an account, or at what is typed in a form.
        check_connection(&CheckRequest) -> ConnectionReport;
        /// Copies the report of the last such look.
        copy_connection_report() -> ();
        /// Writes the report of the last such look to a file, after a native save dialog.
        save_connection_report() -> ReportSaved;
        /// Signs out, after a native question.
        sign_out(AccountRequest.account) -> SignOutOutcome;
        /// The list as it was last seen.
        cached_keys(AccountRequest.account) -> CachedKeys;
        /// Fetches the list; pages arrive on the channel while the call runs.
        refresh_keys(AccountRequest.account, KeyPageArrived) -> KeysRefreshed;
        /// Copies names and last 8 characters, never a token.
        copy_labels(&KeysRequest) -> KeyLabelsCopied;
        /// Writes down a key in the user's own list, or describes one anew.
        note_key(&NoteKeyRequest) -> NoteOutcome;
        /// Writes down the keys that the user has ticked in a table.
        note_keys(&NoteKeysRequest) -> NoteOutcome;
        /// Reads a table of keys, pasted or out of a file that the user chooses. Nothing is written down.
        read_table(TableRequest) -> TableRead;
        /// Takes a key off the user's own list, after a native question; at the service nothing changes.
        unlist_key(&KeyRequest) -> NoteOutcome;
        /// What the user wrote about the keys of an account.
        key_notes(AccountRequest.account) -> KeyNotes;
        /// Writes a note about a key; one that says nothing takes it away.
        edit_note(&EditNoteRequest) -> EditNoteOutcome;
        /// Writes a table of all keys with their notes to a file, after a native save dialog.
        export_notes() -> ExportOutcome;
        /// Reads a table of notes out of a file that the user chooses. Nothing is written.
        read_notes() -> NotesRead;
        /// Writes the notes of a table that the user has ticked.
        import_notes(&ImportNotesRequest) -> NotesImported;
        /// What is shown before a key is deleted, asked of the service now, or from the user's own list.
        delete_card(&KeyRequest) -> DeleteCard;
        /// Deletes a key, after a native question.
        delete_key(&DeleteRequest) -> DeleteOutcome;
        /// Leads to the deletion of a key of the user's own list in the browser: the phrase is right, the key as shown.
        begin_guided_deletion(&DeleteRequest) -> GuidedDeletion;
        /// Tries the token of such a key until it gets 401; the answers arrive where the tries are watched.
        check_guided_deletion(&GuidedCheckRequest) -> GuidedCheck;
        /// Takes such a key off the list as deleted, after a native question, where no token can show it.
        confirm_guided_deletion(&KeyRequest) -> GuidedConfirmation;
        /// What is shown before several keys are deleted, asked of the service now.
        bulk_card(&BulkCardRequest) -> BulkCard;
        /// Deletes several keys one after the other, after one native question; progress arrives on the channel.
        delete_keys(&BulkDeleteRequest, BulkProgress) -> BulkOutcome;
        /// Tries the tokens of a deleted key now; the answer arrives where the tries are watched.
        try_revocation(&KeyRequest) -> ();
        /// Ends the tries for a deleted key; its token stays in custody.
        stop_revocation(&KeyRequest) -> ();
        /// What is shown before the user rotates a key in the browser, by the user's own list.
        browser_rotate_card(&KeyRequest) -> RotateCard;
        /// Takes the token of a key that was made or rotated in the browser into custody, and tries it.
        paste_token(PasteTokenRequest) -> PasteOutcome;
        /// What the form for a new key offers, asked of the service now.
        create_form(AccountRequest.account) -> CreateForm;
        /// Makes a key; its token goes into custody.
        create_key(&CreateRequest) -> CreateOutcome;
        /// What is shown before a key is rotated, asked of the service now.
        rotate_card(&KeyRequest) -> RotateCard;
        /// Rotates a key, after a native question; the new token goes into custody.
        rotate_key(&RotateRequest) -> RotateOutcome;
        /// The keys that are to go once they have been quiet, and how far each is.
        swaps() -> Swaps;
        /// What is shown before a key is swapped or retired, from the list as it was last seen.
        swap_card(&KeyRequest) -> SwapCard;
        /// Makes a sibling that takes the place of a key; its token goes into custody.
        begin_swap(&BeginSwapRequest) -> SwapBegun;
        /// Marks a key for deletion once it has been quiet.
        retire_key(&QuietRequest) -> Swaps;
        /// From now on such a key should be quiet, for so long.
        watch_key(&QuietRequest) -> Swaps;
        /// Back to the places of a key that is swapped.
        unwatch_key(&KeyRequest) -> Swaps;
        /// A place that the user changes by hand is done, or is not.
        tick_swap_place(&SwapPlaceRequest) -> Swaps;
        /// Puts a swap away; both keys stay as they are.
        stop_swap(&KeyRequest) -> Swaps;
        /// Searches this machine for keys; snapshots arrive on the channel. It stops an older search for any of them.
        usage_search(&UsageRequest, UsageProgress) -> UsageSearched;
        /// What the last search found of a key, with its time.
        usage_last(&KeyRequest) -> Option<UsageReport>;
        /// Which key is this string, or is in this file? Never sent anywhere.
        recognise(RecogniseRequest) -> Recognised;
        /// Opens a finding of the last report of a key, shows it in its folder, or copies its path.
        open_finding(&FindingRequest) -> ();
        /// Works out where in the history of its repository a finding is.
        locate_finding(&LocateRequest) -> GitLocation;
        /// The uses of a key that the app came to know of.
        last_uses(&KeyRequest) -> LastUses;
        /// What only a user can look after, for one key.
        checklist(&KeyRequest) -> Checklist;
        /// Ticks a line of that, or takes its tick away.
        tick_checklist(&TickRequest) -> Checklist;
        /// The tokens in custody, without their text.
        custody() -> Custody;
        /// The text of a token: the user pressed *Reveal*.
        reveal_token(TokenRequest.token) -> RevealedToken;
        /// Copies a token or a line made with it.
        copy_token(&CopyRequest) -> Copied;
        /// Tries a token, and the one before it, with one harmless call each.
        test_token(TokenRequest.token) -> TokenTest;
        /// The user has stored the token elsewhere: it leaves custody.
        token_stored(TokenRequest.token) -> Custody;
        /// The token stays in the keychain.
        keep_token(TokenRequest.token) -> Custody;
        /// Where an older token of its key stands on this machine, and which of that can be written. Nothing is changed.
        places(TokenRequest.token) -> Places;
        /// Where the token of a key stands before it is rotated, and which of that can be written. Nothing is changed.
        places_before_rotation(&KeyRequest) -> Places;
        /// Puts a token into files of the plan that was shown, after a native question.
        put_in_place(&PutInPlaceRequest) -> PutOutcome;
        /// The repositories whose pipelines may use the key of a token, as this machine knows them. Nothing is sent.
        ci_repositories(TokenRequest.token) -> CiRepositories;
        /// The same for a key that is not rotated yet.
        ci_repositories_before_rotation(&KeyRequest) -> CiRepositories;
        /// The secrets of these repositories, by name: the services are asked, through the user's own programs.
        ci_secrets(TokenRequest.token) -> CiSecrets;
        /// Sets secrets of the list that was shown to a token, after a native question.
        set_ci_secrets(&SetCiSecretsRequest) -> SetCiOutcome;
        /// A page of the journal, newest row first.
        journal_page(JournalRequest) -> JournalPage;
        /// Verifies the journal; how far that is arrives on the channel.
        verify_journal(_, JournalVerifying) -> JournalVerified;
        /// Writes the journal to a file, after a native save dialog.
        export_journal(ExportRequest.format) -> ExportOutcome;
        /// Whether there is a newer version of the app. Asked for only where the user wants it, at most once a day.
        updates() -> UpdatesView;
        /// How the watch over this machine stands.
        watch() -> WatchView;
        /// What stands now where the search folders of the preferences should be.
        search_folders() -> SearchFoldersChecked;
        /// The user chooses a folder to search, in a native dialog.
        choose_search_folder() -> FolderChosen;
    }
    core_at_once {
        /// Ends that before the next key; the request that is on its way is finished.
        cancel_delete_keys(AccountRequest.account) -> ();
        /// Stops what is under way for any of these keys; without keys everything of the account. What was found stands.
        usage_cancel(&KeysRequest) -> ();
    }
    shell {
        /// Opens the web screen with the account's keys in the browser.
        open_dashboard(AccountRequest) -> ();
        /// Tries the tokens of deleted keys until they get 401, as long as the page listens; it ends when a newer call comes.
        watch_revocations(_, Revocations) -> ();
        /// The user chose this about the app itself.
        write_preferences(Preferences) -> AppState;
        /// Everything in the preferences is as it comes; the lists stay sorted and filtered as they are.
        reset_preferences() -> AppState;
        /// Opens the page of the newer version in the browser.
        open_update_page() -> ();
        /// Shows a folder of the app in the system's file manager.
        open_folder(FolderRequest) -> ();
        /// How the window is drawn; nothing where there is one way only.
        renderer() -> Option<Renderer>;
        /// From now on, events from outside the page arrive on this channel, until the page attaches another.
        attach_window(_, WindowEvent) -> ();
        /// Shows this native menu.
        show_menu(MenuModel) -> ();
        /// Names the account in the window's title.
        name_window(TitleRequest) -> ();
        /// Quits, as closing the window does: the user is asked first where a token would be lost.
        quit() -> ();
    }
}

// Every command that the window may call, declared once: name, what it takes, what it gives.
//
// This file is included, not compiled as a module of its own, and each place that includes it brings its own
// `commands!`: build.rs lists the names for the ACL, lib.rs makes the adapters, xtask writes the TypeScript.
commands! {
    /// Everything the window shows before any list: accounts, keychain, version.
    app_state() -> AppState;
    /// Settles the outcomes that an earlier run left open, by asking the service.
    outcomes_reconcile() -> Vec<Notice>;

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
    /// Signs out, after a native question.
    account_sign_out(AccountRequest) -> SignOutOutcome;
    /// Opens PulseAPI's own dashboard in the browser.
    dashboard_open() -> ();

    /// The list as it was last seen.
    keys_cached(AccountRequest) -> CachedKeys;
    /// Fetches the list; pages arrive on the channel while the call runs.
    keys_refresh(AccountRequest, KeyPageArrived) -> KeysRefreshed;
    /// What is shown before a key is deleted, asked of the service now.
    key_delete_card(KeyRequest) -> DeleteCard;
    /// Deletes a key, after a native question.
    key_delete(DeleteRequest) -> DeleteOutcome;
}

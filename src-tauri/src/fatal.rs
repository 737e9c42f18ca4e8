//! What a mistake of ours does: the process ends, unless that would cost a token, and leaves no memory behind in a file.
//!
//! A panic means that something is not as it was thought to be, and going on in that state may do harm, so it ends the
//! process, also where it struck on a thread of its own. But a token that exists only in this process is worth more than
//! that: then only what panicked ends, as Rust does it, and the window stays, with the token in it. That is why a release
//! is not built to abort on panics. A custodian never does: a panic inside the keychain's library is told as an error
//! there, and its token goes to the app. Left out: what ended there; the next start settles it.

use std::panic;

use pulse_keys_core::Ending;

/// From now on a panic ends the process where that costs no token.
pub(crate) fn end_on_panics(ending: Ending) {
    end_where(move || ending.costs_no_token());
}

fn end_where(costs_nothing: impl Fn() -> bool + Send + Sync + 'static) {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        tell(what);
        if costs_nothing() {
            std::process::abort();
        }
    }));
}

/// A core dump would hold the credential, and tokens.
#[cfg(unix)]
pub(crate) fn leave_no_dump() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // Who is started from here, such as a browser, may allow itself some again.
    let none = Rlimit {
        current: Some(0),
        ..getrlimit(Resource::Core)
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!("core dumps could not be turned off: {error}");
    }
}

/// Windows makes none unless it is told to.
#[cfg(not(unix))]
pub(crate) fn leave_no_dump() {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Output};

    use super::*;

    const CASE: &str = "PULSE_KEYS_TEST_OF_PANICS";
    const SIGABRT: i32 = 6;

    /// This test in a process of its own, where a thread panics.
    fn with_panic(case: &str) -> Output {
        let test = "fatal::tests::a_thread_panics";
        Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--ignored", "--nocapture"])
            .env(CASE, case)
            .output()
            .unwrap()
    }

    #[test]
    #[ignore = "the inner half of the tests below"]
    fn a_thread_panics() {
        let costs_nothing = std::env::var(CASE).unwrap() == "costs nothing";
        leave_no_dump();
        end_where(move || costs_nothing);
        let died = std::thread::spawn(|| panic!("a mistake")).join();
        assert!(died.is_err());
    }

    #[test]
    fn a_panic_on_any_thread_ends_the_process() {
        let output = with_panic("costs nothing");
        assert_eq!(output.status.signal(), Some(SIGABRT), "{output:?}");
        assert!(!output.status.core_dumped());
        assert!(String::from_utf8_lossy(&output.stderr).contains("a mistake"));
    }

    #[test]
    fn unless_that_would_cost_a_token() {
        let output = with_panic("costs a token");
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("a mistake"));
    }
}

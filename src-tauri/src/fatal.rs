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

/// A core dump would hold the credential, and tokens. Other programs of the same user can't read this process's memory
/// either from then on, nor follow it with a debugger.
///
/// What is started from here is under the limit too, unless it allows itself more again: the web engine's processes are.
#[cfg(target_os = "linux")]
pub(crate) fn leave_no_dump() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    // The kernel asks no limit where a program takes the dumps; it makes none of one byte there, and none that small
    // anywhere else (core(5); `do_coredump` in fs/coredump.c).
    limit_dumps(1);
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!("core dumps could not be turned off: {error}");
    }
}

/// A core dump would hold the credential, and tokens. macOS's crash reports hold no memory but the registers and where
/// each thread was.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn leave_no_dump() {
    limit_dumps(0);
}

#[cfg(unix)]
fn limit_dumps(bytes: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Core);
    let most = now.maximum.map_or(bytes, |most| most.min(bytes));
    let limit = Rlimit {
        current: Some(most),
        ..now
    };
    if let Err(error) = setrlimit(Resource::Core, limit) {
        tracing::warn!("core dumps could not be limited: {error}");
    }
}

/// Windows makes none unless an administrator has set that up (Windows Error Reporting, `LocalDumps`), and then a
/// program can't keep it from doing so.
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
    #[ignore = "the inner half of the test below"]
    fn this_process_leaves_no_dump() {
        leave_no_dump();
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{DumpableBehavior, dumpable_behavior};
            assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        }
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert!(limit.current.is_some_and(|bytes| bytes <= 1), "{limit:?}");
    }

    /// In a process of its own: the tests beside it go on being ordinary ones.
    #[test]
    fn a_process_without_dumps_gives_none_to_the_dump_program() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "fatal::tests::this_process_leaves_no_dump",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
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

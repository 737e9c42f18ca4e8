//! The search in a process of its own: the same program, which opens what strangers may have put into a folder.
//!
//! It takes one request on standard input, tells what it finds on standard output (`usage_wire`), and ends. It is given
//! record ids, last characters and digests, never a token, and nothing of the app's keychain or session. Before it
//! reads its request it takes away from itself what a search does not need: memory beyond a limit, core dumps, other
//! processes' eyes, and on Linux new privileges, the network and other calls of the system that it never makes. When its input closes, the app is gone or wants no
//! more of it, and it ends. Left out: who starts it and hears it (`process`).
//!
//! Where the system knows no such limit (Windows has none for a process by itself; macOS ignores it) it is a process of
//! its own all the same: what a file does to it, it does not do to the app.

use std::io::{self, Write as _};
use std::process::ExitCode;

use usage::Event;

use crate::usage::protocol;
use crate::usage::protocol::{Ended, Line, Order, Request};

/// What a search may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory in bytes: everything that it maps, programs that it starts each for themselves.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30 }
    }
}

/// Carries out the one search that stands on standard input.
///
/// The code says whether it came to its end; what came of it is in its lines.
#[must_use]
pub fn serve(limits: Limits) -> ExitCode {
    // The usual words may quote what was being looked at.
    std::panic::set_hook(Box::new(|panicked| {
        if let Some(place) = panicked.location() {
            tracing::error!("a part of the search failed at {place}");
        }
    }));
    if let Err(error) = confined::begin(limits) {
        tracing::error!("the search could not be confined: {error}");
        return ExitCode::FAILURE;
    }
    match search() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the search could not be carried out: {error}");
            ExitCode::FAILURE
        }
    }
}

fn search() -> io::Result<()> {
    let request: Option<Request> = protocol::read(&mut io::stdin().lock())?;
    let request = request.ok_or_else(|| io::Error::other("nothing was asked for"))?;
    confined::stand_back(request.background.is_some());
    let scan = request.scan().telling_what_is_read(|paths| {
        // The listener is gone: then this process is about to end.
        let _ = say(&Line::Reading {
            paths: paths.to_owned(),
        });
    });
    let cancel = scan.cancel();
    std::thread::Builder::new().spawn({
        let cancel = cancel.clone();
        move || {
            let mut input = io::stdin().lock();
            while let Ok(Some(Order::Stop)) = protocol::read(&mut input) {
                cancel.stop();
            }
            // Closed: the app is gone, or has heard enough.
            std::process::exit(1);
        }
    })?;
    let summary = scan.run(&|event| {
        let line = match event {
            Event::Found(finding) => Line::Finding(finding),
            Event::Progress(progress) => Line::Progress(progress),
        };
        if say(&line).is_err() {
            cancel.stop();
        }
    });
    say(&Line::Summary(Ended::from(&summary)))
}

/// Each line leaves at once and whole: there may be no later.
fn say(line: &Line) -> io::Result<()> {
    let line = protocol::written(line)?;
    let mut output = io::stdout().lock();
    output.write_all(&line)?;
    output.flush()
}

#[cfg(unix)]
mod confined {
    use std::io;

    use rustix::process::{Resource, Rlimit, getrlimit, nice, setrlimit};

    use super::Limits;

    /// How far it stands back: everything that a user waits for goes first. On Linux the order of waiting for the disk
    /// follows it.
    const NICENESS: i32 = 10;

    /// How far one that nobody waits for does: to the end.
    const BACKGROUND_NICENESS: i32 = 19;

    /// Takes away what a search does not need. First of all, while there is one thread and nothing was read.
    pub(super) fn begin(limits: Limits) -> io::Result<()> {
        lower(Resource::Core, 0)?;
        match lower(Resource::As, limits.memory) {
            Err(error) if cfg!(target_os = "linux") => return Err(error),
            // Elsewhere the limit is no promise anyway.
            _ => {}
        }
        further()
    }

    /// Everything that a user waits for goes first; where nobody waits for the search either, all else does. While there is
    /// one thread, as each later one does as this one.
    pub(super) fn stand_back(is_background: bool) {
        if is_background {
            idle();
        }
        let niceness = if is_background {
            BACKGROUND_NICENESS
        } else {
            NICENESS
        };
        if let Err(error) = nice(niceness) {
            tracing::warn!("the search could not be made to stand back: {error}");
        }
    }

    /// What is idle to the system waits for the disk, too, until nobody else wants it.
    #[cfg(target_os = "linux")]
    fn idle() {
        use thread_priority::{
            NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
            set_thread_priority_and_policy, thread_native_id, thread_schedule_policy,
        };
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        // It would be less nice too, which the system refuses where the app is nice already: what counts is what came of it.
        let said = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
        if thread_schedule_policy() != Ok(idle) {
            tracing::warn!("the search is not scheduled as idle: {said:?}");
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn idle() {}

    /// Both limits, so that nothing can raise it again.
    fn lower(resource: Resource, to: u64) -> io::Result<()> {
        let maximum = getrlimit(resource).maximum;
        let limit = Some(maximum.map_or(to, |maximum| maximum.min(to)));
        let limit = Rlimit {
            current: limit,
            maximum: limit,
        };
        Ok(setrlimit(resource, limit)?)
    }

    #[cfg(target_os = "linux")]
    fn further() -> io::Result<()> {
        use rustix::process::{
            DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal,
        };
        // Beside the closing of its input, for when it is too busy to notice.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        rustix::thread::set_no_new_privs(true)?;
        super::filtered::begin()
    }

    #[cfg(not(target_os = "linux"))]
    fn further() -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
mod confined {
    /// Its priority is lowered by who starts it; there is nothing more that it could do by itself.
    pub(super) fn begin(_: super::Limits) -> std::io::Result<()> {
        Ok(())
    }

    /// Its threads are as those of any other.
    pub(super) fn stand_back(_: bool) {}
}

/// Calls of the system that no search makes, and that a harmful file would want made: they are refused from now on, to
/// this process and to all that it starts.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod filtered {
    use std::io;

    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

    /// The network; other processes; what needs privileges; other ways to make calls than by making them.
    const REFUSED: [libc::c_long; 23] = [
        libc::SYS_socket,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_keyctl,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_pivot_root,
        libc::SYS_chroot,
        libc::SYS_setns,
        libc::SYS_unshare,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_io_uring_setup,
        libc::SYS_init_module,
        libc::SYS_kexec_load,
    ];

    pub(super) fn begin() -> io::Result<()> {
        // No conditions: whatever the arguments.
        let rules = REFUSED.into_iter().map(|call| (call, Vec::new()));
        let architecture = std::env::consts::ARCH.try_into();
        let filter = SeccompFilter::new(
            rules.collect(),
            SeccompAction::Allow,
            SeccompAction::Errno(libc::EPERM.cast_unsigned()),
            architecture.map_err(io::Error::other)?,
        );
        let program: Result<BpfProgram, _> = filter.map_err(io::Error::other)?.try_into();
        // A kernel without filters searches without one.
        if let Err(error) = apply_filter(&program.map_err(io::Error::other)?) {
            tracing::warn!("the search runs without a filter of system calls: {error}");
        }
        Ok(())
    }
}

#[cfg(all(
    target_os = "linux",
    not(any(target_arch = "x86_64", target_arch = "aarch64"))
))]
mod filtered {
    /// The filter knows no other processors.
    pub(super) fn begin() -> std::io::Result<()> {
        Ok(())
    }
}

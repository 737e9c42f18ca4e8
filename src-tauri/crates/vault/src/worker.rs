//! The one thread on which every keychain call runs, and the way to ask it something.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use tokio::sync::oneshot;

use crate::error::VaultError;
use crate::keychain::Keychain;
use crate::platform::Platform;

type Job = Box<dyn FnOnce(&mut Keychain) + Send>;

/// Handle to the thread. The thread ends when the handle is dropped and its last job is done.
pub(crate) struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl Worker {
    pub(crate) fn start(platform: Box<dyn Platform>) -> Worker {
        let (jobs, queue) = mpsc::channel::<Job>();
        // Without a thread the queue is dropped here, and every call reports that; no caller
        // is there to be told yet.
        let _detached = std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let mut keychain = Keychain::new(platform);
                for job in queue {
                    // A store that panics (they lock mutexes with `expect`) must not end the
                    // thread: its state goes, the next call opens a new one.
                    if catch_unwind(AssertUnwindSafe(|| job(&mut keychain))).is_err() {
                        keychain.close();
                    }
                }
            });
        Worker { jobs }
    }

    /// Runs `job` after those before it. A job whose caller has gone away before its turn is
    /// skipped: its prompt would be for no caller.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Keychain) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |keychain| {
            if !reply.is_closed() {
                // The caller may go away while the job runs; then the answer is dropped, wiped.
                let _ = reply.send(job(keychain));
            }
        });
        self.jobs
            .send(job)
            .map_err(|_| VaultError::failed("its thread could not be started"))?;
        answer
            .await
            .map_err(|_| VaultError::failed("the call broke off"))?
    }
}

#[cfg(test)]
mod tests {
    use super::Worker;
    use crate::error::VaultError;
    use crate::platform;

    #[tokio::test]
    async fn a_call_that_panics_fails_alone() {
        let worker = Worker::start(platform::current());
        let broken = worker.run(|_| -> Result<(), VaultError> { panic!("a poisoned store") });
        assert!(matches!(broken.await, Err(VaultError::Failed { .. })));
        assert_eq!(worker.run(|_| Ok(7)).await, Ok(7));
    }

    #[tokio::test]
    async fn calls_wait_their_turn_without_blocking_the_runtime() {
        let worker = Worker::start(platform::current());
        let (answer_prompt, prompt) = std::sync::mpsc::channel::<()>();
        // The runtime has one thread: were the first call blocking it, nothing could answer.
        let blocked = worker.run(move |_| {
            prompt
                .recv()
                .map_err(|error| VaultError::failed(error.to_string()))
        });
        let behind = worker.run(|_| Ok("after"));
        let user = async { answer_prompt.send(()).unwrap() };
        let (first, second, ()) = tokio::join!(blocked, behind, user);
        assert_eq!((first, second), (Ok(()), Ok("after")));
    }
}

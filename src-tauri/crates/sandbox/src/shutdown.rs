//! The signal that ends a sandbox, and whatever waits in it.

use tokio::sync::watch;

/// Resolves when the sandbox is told to stop, or is dropped.
pub(crate) async fn has_stopped(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

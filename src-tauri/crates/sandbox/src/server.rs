//! Starting and stopping: one listener on 127.0.0.1, one database, one task.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::api::{self, App};
use crate::connection::{CuttableListener, Scissors};
use crate::error::{StartError, StoreError};
#[cfg(feature = "faults")]
use crate::faults::{self, Faults};
use crate::seed;
use crate::settings::Settings;
use crate::shutdown::has_stopped;
use crate::store::Store;
use crate::web;

/// How long [`Sandbox::stop`] waits for answers that are on their way.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// A running server. Dropping it stops it without waiting; [`Sandbox::stop`] waits.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    web_path: String,
    app: App,
    #[cfg(feature = "faults")]
    faults: Option<Faults>,
    stopping: watch::Sender<bool>,
    serving: JoinHandle<io::Result<()>>,
}

/// Binds 127.0.0.1, opens or seeds the database and serves on the current tokio runtime.
///
/// # Errors
/// See [`StartError`]. The port is tried first, so a taken port makes no file.
///
/// # Panics
/// Outside a tokio runtime.
pub async fn start(settings: Settings) -> Result<Sandbox, StartError> {
    let port = settings.port;
    let unusable = |source| StartError::Port { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;

    let mut random = settings
        .random_seed
        .map_or_else(rand::make_rng, StdRng::seed_from_u64);
    let (database, now) = (settings.database, settings.clock.now());
    let (keys, plan) = (settings.keys, settings.plan);
    let opening = tokio::task::spawn_blocking(move || {
        let store = Store::open(&database)?;
        store
            .with(|connection| seed::fill(connection, &mut random, now, keys, plan))
            .map_err(StoreError::from)?;
        Ok::<_, StartError>((store, random))
    });
    let (store, random) = opening.await.map_err(|_| StoreError::Interrupted)??;

    let app = App {
        store,
        rate_limiter: Arc::new(api::RateLimiter::new(settings.requests_per_minute)),
        clock: settings.clock,
        random: Arc::new(Mutex::new(random)),
        origin: format!("http://{address}").into(),
        #[cfg(feature = "faults")]
        stale: api::StaleTokens::default(),
    };
    let (stopping, stopped) = watch::channel(false);
    let web_path = web::path();
    let router =
        api::router(app.clone(), settings.key_endpoints).merge(web::router(app.clone(), &web_path));
    #[cfg(feature = "faults")]
    let (router, faults) = if settings.faults {
        let faults = Faults::new(app.clone(), stopped.clone());
        (faults::attach(router, &faults), Some(faults))
    } else {
        (router, None)
    };
    let service = router.into_make_service_with_connect_info::<Scissors>();
    let serving = tokio::spawn(
        axum::serve(CuttableListener(listener), service)
            .with_graceful_shutdown(has_stopped(stopped))
            .into_future(),
    );
    Ok(Sandbox {
        address,
        web_path,
        app,
        #[cfg(feature = "faults")]
        faults,
        stopping,
        serving,
    })
}

impl Sandbox {
    /// The base address of the API, `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The address of the web screen with the keys. Who knows it can do everything there; it is another one after each
    /// start.
    pub fn web_screen(&self) -> String {
        format!("http://{}{}", self.address, self.web_path)
    }

    /// Makes a NEW key that may manage keys, and gives its token, which exists nowhere else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mint_credential(&self) -> Result<SecretString, StoreError> {
        self.app.mint_credential().await
    }

    /// The test switches; `None` unless [`Settings::faults`] was set.
    #[cfg(feature = "faults")]
    pub fn faults(&self) -> Option<&Faults> {
        self.faults.as_ref()
    }

    /// Stops listening at once, waits at most two seconds for answers on their way, and returns.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        if tokio::time::timeout(STOP_TIMEOUT, &mut self.serving)
            .await
            .is_err()
        {
            self.serving.abort();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stopping.send_replace(true);
    }
}

//! The sandbox as a program, for curl, demonstrations and tests that want a process of its own.
//!
//! `sandbox serve` prints one line, `url=http://127.0.0.1:4010/v1 credential=ID|TOKEN`, and serves until
//! SIGINT or SIGTERM. The credential is a new key of each start and is printed this once.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use sandbox::{Database, Plan, Settings};
use secrecy::ExposeSecret;

#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves on 127.0.0.1 until SIGINT or SIGTERM
    Serve(Serve),
}

#[derive(Debug, Args)]
struct Serve {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Keep the records in this file; without it they are gone at the end
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// How many keys a fresh database has, or an existing one is filled up to [default: 12]
    #[arg(long, value_name = "N")]
    keys: Option<u32>,
    /// Plan of the account: free, starter, professional or team
    #[arg(long, default_value = "team")]
    plan: Plan,
    /// Requests that one key may make in 60 seconds
    #[arg(long, value_name = "N", default_value_t = Settings::default().requests_per_minute,
          value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_minute: u32,
    /// Answer 404 to everything under /api-keys, as a service does that has its keys on a web screen only
    #[arg(long)]
    no_key_endpoints: bool,
    /// Add the switches for tests under /testing
    #[cfg(feature = "faults")]
    #[arg(long)]
    faults: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve(serve) = Arguments::parse().command;
    match run(serve).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(serve: Serve) -> Result<(), Box<dyn std::error::Error>> {
    // Before the line is printed: its reader may send a signal at once.
    let mut end = End::listen()?;
    let sandbox = sandbox::start(Settings {
        port: serve.port,
        database: serve.db.map_or(Database::Memory, Database::File),
        keys: serve.keys,
        plan: serve.plan,
        requests_per_minute: serve.requests_per_minute,
        key_endpoints: !serve.no_key_endpoints,
        #[cfg(feature = "faults")]
        faults: serve.faults,
        ..Settings::default()
    })
    .await?;
    let credential = sandbox.mint_credential().await?;
    let line = format!(
        "url={} credential={}\n",
        sandbox.base_url(),
        credential.expose_secret()
    );
    let mut output = std::io::stdout();
    output.write_all(line.as_bytes())?;
    output.flush()?;
    end.comes().await;
    sandbox.stop().await;
    Ok(())
}

/// The signals that end the program.
#[cfg(unix)]
struct End {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl End {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn comes(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signals that end the program.
#[cfg(not(unix))]
struct End;

#[cfg(not(unix))]
impl End {
    #[expect(clippy::unnecessary_wraps, reason = "the same shape as on Unix")]
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn comes(&mut self) {
        // Without a handler the system's default ends the program, which is what is wanted.
        let _ = tokio::signal::ctrl_c().await;
    }
}

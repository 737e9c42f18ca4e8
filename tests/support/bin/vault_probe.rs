//! A vault in a process of its own, driven over standard input; see `support::probe`.
//!
//! `vault-probe keychain|session-only`, then one order per line, answered by one line each:
//! `check`, `store ACCOUNT SECRET`, `load ACCOUNT`, `forget ACCOUNT`, and `store-unprompted`, `load-unprompted` →
//! `ok`, `secret SECRET` or `error KIND TEXT`. Secrets never are arguments.

use std::io::{BufRead, Write};

use secrecy::{ExposeSecret, SecretString};
use vault::{SecretName, Vault, VaultError};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let vault = match std::env::args().nth(1).as_deref() {
        Some("session-only") => Vault::session_only(),
        _ => Vault::keychain(),
    };
    for line in std::io::stdin().lock().lines() {
        let answer = match obey(&vault, &line?).await {
            Ok(answer) => answer,
            Err(error) => format!("error {} {error}", kind(&error)),
        };
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(())
}

async fn obey(vault: &Vault, order: &str) -> Result<String, VaultError> {
    let mut words = order.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (order, name) = (word(), SecretName::account(word()));
    match order {
        "store" => vault.store(&name, SecretString::from(word())).await?,
        "load" => {
            let secret = vault.load(&name).await?;
            return Ok(format!("secret {}", secret.expose_secret()));
        }
        "store-unprompted" => {
            let secret = SecretString::from(word());
            vault.store_unprompted(&name, secret).await?;
        }
        "load-unprompted" => {
            let secret = vault.load_unprompted(&name).await?;
            return Ok(format!("secret {}", secret.expose_secret()));
        }
        "forget" => vault.forget(&name).await?,
        _ => vault.check().await?,
    }
    Ok("ok".to_owned())
}

fn kind(error: &VaultError) -> String {
    match error {
        VaultError::Unavailable { missing } => format!("{missing:?}Missing"),
        VaultError::Locked => "Locked".to_owned(),
        VaultError::Denied => "Denied".to_owned(),
        VaultError::Ambiguous => "Ambiguous".to_owned(),
        VaultError::None => "None".to_owned(),
        VaultError::Failed { .. } => "Failed".to_owned(),
    }
}

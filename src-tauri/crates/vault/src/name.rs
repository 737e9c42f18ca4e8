//! Under which name a secret is kept. Names are not secret: keychain programs show them.

/// The service under which every secret of this app is kept in the keychain.
pub const SERVICE: &str = "io.pulsekeys.desktop";

/// The name of one secret within [`SERVICE`]; the "user" or "account" column of keychain programs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// The credential an account signs in with: `account/<id>`, `id` being the account's UUID.
    #[must_use]
    pub fn account(id: &str) -> SecretName {
        SecretName(format!("account/{id}"))
    }

    /// A name under which nothing is ever kept, to ask the keychain something harmless.
    pub(crate) fn check() -> SecretName {
        SecretName("check".to_owned())
    }

    /// The name as the keychain holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::SecretName;

    #[test]
    fn an_account_keeps_the_name_that_earlier_versions_wrote() {
        // A changed name would orphan every credential that is already in somebody's keychain.
        assert_eq!(SecretName::account("7d1f").as_str(), "account/7d1f");
    }
}

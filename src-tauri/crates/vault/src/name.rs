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

    /// A fresh token in custody: `token/<account>/<id>`, both UUIDs. The id is that of the request that brought the
    /// token, so that the name is known before the token is: after a crash there is nothing to search for. The key's
    /// record id is not part of it, since a key that is being made has none yet.
    #[must_use]
    pub fn token(account: &str, id: &str) -> SecretName {
        SecretName(format!("token/{account}/{id}"))
    }

    /// A name under which nothing is ever kept, to ask the keychain something harmless.
    pub(crate) fn check() -> SecretName {
        SecretName("check".to_owned())
    }

    /// What is written, read back and removed to show that the keychain stores.
    pub(crate) fn probe() -> SecretName {
        SecretName("probe".to_owned())
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
    fn names_stay_those_that_earlier_versions_wrote() {
        // A changed name would orphan every credential that is already in somebody's keychain.
        assert_eq!(SecretName::account("7d1f").as_str(), "account/7d1f");
        assert_eq!(
            SecretName::token("7d1f", "03ab").as_str(),
            "token/7d1f/03ab"
        );
    }
}

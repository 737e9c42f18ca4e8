//! Under which name a secret is kept. Names are not secret: keychain programs show them.

/// The service under which every secret of this app is kept in the keychain.
pub const SERVICE: &str = "io.pulsekeys.desktop";

/// The service of what is no secret, but has to stand where other programs do not write: apart, so that
/// [`SERVICE`] holds nothing but credentials.
pub const JOURNAL_SERVICE: &str = "io.pulsekeys.desktop.journal";

/// The name of one secret within its service; the "user" or "account" column of keychain programs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretName {
    service: &'static str,
    user: String,
}

impl SecretName {
    /// The credential an account signs in with: `account/<id>`, `id` being the account's UUID.
    #[must_use]
    pub fn account(id: &str) -> SecretName {
        SecretName::of(SERVICE, format!("account/{id}"))
    }

    /// A fresh token in custody: `token/<account>/<id>`, both UUIDs. The id is that of the request that brought the
    /// token, so that the name is known before the token is: after a crash there is nothing to search for. The key's
    /// record id is not part of it, since a key that is being made has none yet.
    #[must_use]
    pub fn token(account: &str, id: &str) -> SecretName {
        SecretName::of(SERVICE, format!("token/{account}/{id}"))
    }

    /// The head of the journal in one data folder, `folder` being what tells that folder from others. It holds no
    /// secret: a program that changes the database does not reach the keychain by the way.
    #[must_use]
    pub fn journal(folder: &str) -> SecretName {
        SecretName::of(JOURNAL_SERVICE, format!("journal/{folder}"))
    }

    /// A name under which nothing is ever kept, to ask the keychain something harmless.
    pub(crate) fn check() -> SecretName {
        SecretName::of(SERVICE, "check".to_owned())
    }

    fn of(service: &'static str, user: String) -> SecretName {
        SecretName { service, user }
    }

    /// The service that it is kept under.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// What is written, read back and removed to show that the keychain stores.
    pub(crate) fn probe() -> SecretName {
        SecretName::of(SERVICE, "probe".to_owned())
    }

    /// The name as the keychain holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.user
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
        assert_eq!(SecretName::journal("7d1f").as_str(), "journal/7d1f");
        let services =
            [SecretName::account("7d1f"), SecretName::journal("7d1f")].map(|name| name.service());
        assert_eq!(
            services,
            ["io.pulsekeys.desktop", "io.pulsekeys.desktop.journal"]
        );
    }
}

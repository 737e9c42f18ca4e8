//! What must hold of tokens: each that is shown is the one that the server gave out, and none is lost unseen.

use pulse_keys_core::host::Reply;
use pulse_keys_core::view::{CustodyPlace, TokenInCustody};
use sandbox::faults::Issued;
use secrecy::ExposeSecret as _;

use crate::ledger::{Held, Told, broken, in_custody, issued_for};
use crate::world::World;

impl World {
    /// A token was told to be in custody: it is the one that the server gave out.
    pub(crate) fn token_arrived(&mut self, token: &TokenInCustody) -> Held {
        let write = token.id.0.to_string();
        self.ledger.tell(&write, Told::Done);
        let Some(issued) = issued_for(&self.stage.faults, &write) else {
            return broken(
                "c: told a token that never was",
                format!("{} …{}", token.name, token.last_eight),
            );
        };
        if !issued.token.expose_secret().ends_with(&token.last_eight) {
            return broken("c: told another token", format!("…{}", token.last_eight));
        }
        if token.place == CustodyPlace::Keychain
            && self.is_live(&issued)
            && in_custody(&self.stage.keychain, &issued).is_none()
        {
            return broken(
                "c: told in the keychain, but it is not",
                format!("{} …{}", token.name, token.last_eight),
            );
        }
        Ok(())
    }

    pub(crate) fn is_the_token(&self, token: &TokenInCustody, text: &str) -> Held {
        let issued = self.stage.faults.issued();
        if issued
            .iter()
            .any(|issued| issued.token.expose_secret() == text)
            && text.ends_with(&token.last_eight)
        {
            Ok(())
        } else {
            broken("c: reveals another token", format!("…{}", token.last_eight))
        }
    }

    /// The user has a token elsewhere.
    pub(crate) fn gives_up(&mut self, token: &TokenInCustody) {
        for issued in self.stage.faults.issued() {
            if issued.token.expose_secret().ends_with(&token.last_eight) {
                let text = issued.token.expose_secret().to_owned();
                self.ledger.given_up.insert(text);
            }
        }
    }

    /// A user who signs out gives up the credential, and the tokens that the question counted if that was the answer.
    pub(crate) fn gave_up_on_signing_out(&mut self, in_custody: &[TokenInCustody]) -> Held {
        let answered = self.answered();
        let Some(last) = answered.last().filter(|last| last.reply != Reply::No) else {
            return Ok(());
        };
        let named = |label: &str| label.split(' ').find_map(|word| word.parse().ok());
        if last.reply == Reply::Yes {
            let named = named(&last.question.yes).unwrap_or(0_usize);
            if named < in_custody.len() {
                return broken(
                    "a: signing out says less than it forgets",
                    format!("“{}” of {}", last.question.yes, in_custody.len()),
                );
            }
            for token in in_custody {
                self.gives_up(token);
            }
            // The question may count tokens that reached the keychain and were on record only by then.
            let mut more = named.saturating_sub(in_custody.len());
            for text in self.stage.keychain.removed_tokens() {
                if more > 0 && self.ledger.given_up.insert(text) {
                    more -= 1;
                }
            }
        }
        self.nobody_asks_for_deletions();
        let own: Vec<String> = self.stage.keychain.credentials();
        self.ledger.given_up.extend(own);
        Ok(())
    }

    pub(crate) fn is_live(&self, issued: &Issued) -> bool {
        self.stage.faults.accepts(issued.token.expose_secret())
    }
}

//! Outcomes that an earlier run or a lost answer left open, settled by asking the service.
//!
//! At the start each open intent is asked for by its record; after a refresh the fresh list itself is the answer.
//! Nothing is ever sent again. Left out: noting intents (`delete`).

use crate::accounts::Account;
use crate::app::PulseKeys;
use crate::delete::Known;
use crate::delete_words as words;
use crate::intents::{self, Intent};
use crate::settle::{Settled, look};
use crate::view::{KeyRow, Notice, UiError};

impl PulseKeys {
    /// Settles what can be settled, and tells what was found out: once each.
    ///
    /// # Errors
    /// When the app's own files fail. A service that cannot be asked is a notice, not an error.
    pub async fn reconcile(&self) -> Result<Vec<Notice>, UiError> {
        let mut notices: Vec<Notice> = self.notices_of_damage().collect();
        for intent in intents::open(&self.database).await? {
            notices.extend(self.settle_intent(&intent).await?);
        }
        Ok(notices)
    }

    async fn settle_intent(&self, intent: &Intent) -> Result<Option<Notice>, UiError> {
        let Ok(account) = self.account(intent.account) else {
            // Signed out since: nobody here can ask any more. The journal keeps that the outcome was unknown.
            let id = intent.id;
            self.database
                .run(move |transaction| intents::settle(transaction, id))
                .await?;
            return Ok(None);
        };
        let notice = |needs_attention, message| Notice {
            id: intent.id.to_string(),
            needs_attention,
            message,
        };
        let client = match self.signed_in(intent.account).await {
            Ok((_, client)) => client,
            Err(error) => {
                return Ok(Some(notice(
                    true,
                    words::still_unknown(&intent.key, &error),
                )));
            }
        };
        Ok(Some(match look(&client, &intent.key).await {
            Settled::Gone(verification) => {
                self.write_down(
                    &account,
                    intent,
                    Known::Gone,
                    words::journalled(verification),
                    None,
                )
                .await?;
                self.sign_out_if_own(&account, &intent.key).await?;
                notice(false, words::found_gone(&intent.key))
            }
            Settled::Alive => {
                self.found_alive(&account, intent).await?;
                notice(true, words::found_alive(&intent.key))
            }
            Settled::NotKnown(error) => notice(
                true,
                words::still_unknown(&intent.key, &crate::errors::at_work(&error)),
            ),
        }))
    }

    async fn found_alive(&self, account: &Account, intent: &Intent) -> Result<(), UiError> {
        let outcome = "not deleted: interrupted, the key is alive";
        self.write_down(account, intent, Known::Alive, outcome, None)
            .await?;
        Ok(())
    }

    /// A whole fresh list answers every question about its account that was open before it was read.
    pub(crate) async fn settle_by_list(
        &self,
        account: &Account,
        keys: &[KeyRow],
    ) -> Result<(), UiError> {
        for intent in intents::open(&self.database).await? {
            let under_way = (intent.account, intent.key.id.clone());
            if intent.account != account.id || self.lock(&self.deleting).contains(&under_way) {
                continue;
            }
            if keys.iter().any(|key| key.id == intent.key.id) {
                self.found_alive(account, &intent).await?;
            } else {
                let outcome = words::journalled(crate::view::Verification::RecordGone);
                self.write_down(account, &intent, Known::Gone, outcome, None)
                    .await?;
            }
        }
        Ok(())
    }
}

//! The files of a plan that the user ticked: what is asked about them, whether they are still as they were, and what is
//! put into them.

use std::collections::BTreeSet;

use pulseapi::KeyId;
use replace::NewToken;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::{AccountId, CustodyId};
use crate::context::Context;
use crate::custody;
use crate::host::Reply;
use crate::tokens::place::messages::{self, ChosenFacts};
use crate::tokens::place::planned::{Placing, PlanOf, Planned};
use crate::tokens::place::purpose;
use crate::tokens::place::wire::PlacesWritten;
use crate::tokens::place::write::written;

/// Files of a plan that the user ticked.
pub(crate) struct Chosen {
    pub(super) planned: Vec<Planned>,
    pub(super) facts: ChosenFacts,
}

impl Chosen {
    /// Takes the ticked files out of the plan that is shown beside a rotation; nothing where none is ticked.
    ///
    /// # Errors
    /// When the plan is not on screen any more.
    pub(crate) fn before_rotation(
        ctx: &Context,
        account: AccountId,
        key: &KeyId,
        files: &[String],
    ) -> Result<Option<Self>, UiError> {
        if files.is_empty() {
            return Ok(None);
        }
        chosen(ctx, &PlanOf::Rotation(account, key.clone()), files).map(Some)
    }

    /// What the question about the rotation says of them.
    pub(crate) fn in_question(&self) -> String {
        messages::in_question(&self.facts)
    }

    /// What the button says beside "Rotate key".
    pub(crate) fn count(&self) -> usize {
        self.planned.len()
    }

    /// Asks about what is out of the ordinary, if anything is.
    pub(crate) async fn consented(&self, ctx: &Context) -> bool {
        match messages::question_of_consent(&self.facts) {
            None => true,
            Some(question) => ctx.host.ask(question).await == Reply::Yes,
        }
    }

    /// Looks once more whether each file is what was planned on.
    ///
    /// # Errors
    /// With the first that is not.
    pub(crate) async fn check(self) -> Result<Self, UiError> {
        let check = move || {
            let refused = self.planned.iter().find_map(|planned| {
                let reason = planned.plan.check().err()?;
                Some(messages::changed_since(
                    &planned.candidate.short_path,
                    reason,
                ))
            });
            refused.map_or(Ok(self), Err)
        };
        tokio::task::spawn_blocking(check)
            .await
            .map_err(|_| messages::not_looked())?
    }

    /// Puts the token of a rotation that has just been made into them. The user has said yes to both at once.
    ///
    /// # Errors
    /// When the token is not in custody, or the database fails before anything was written.
    pub(crate) async fn put(self, ctx: &Context, id: CustodyId) -> Result<PlacesWritten, UiError> {
        let (record, secret) = custody::open_token(ctx, id).await?;
        let new = NewToken::new(&secret).map_err(messages::not_plain)?;
        let purpose = purpose::of(ctx, &record).await?;
        written(ctx, &record, new, self.planned, &purpose).await
    }
}

/// Takes the ticked files out of the plan on screen: what is not ticked now is looked at again another time.
pub(super) fn chosen(ctx: &Context, plan: &PlanOf, files: &[String]) -> Result<Chosen, UiError> {
    let shown = ctx
        .lock(&ctx.of::<Placing>().shown)
        .remove(plan)
        .unwrap_or_default();
    let wanted: BTreeSet<&String> = files.iter().collect();
    let planned: Vec<Planned> = shown
        .into_iter()
        .filter(|planned| wanted.contains(&planned.candidate.id))
        .collect();
    if planned.is_empty() || planned.len() != wanted.len() {
        return Err(UiError::new(
            ErrorCode::Other,
            "This plan is not the newest any more. Nothing was changed.",
            "Look again, and choose.",
        ));
    }
    let consents = planned.iter().flat_map(|planned| {
        let consents = planned.plan.consents().iter();
        consents.map(|consent| (*consent, planned.candidate.short_path.clone()))
    });
    let facts = ChosenFacts {
        files: planned
            .iter()
            .map(|planned| planned.candidate.short_path.clone())
            .collect(),
        consents: consents.collect(),
    };
    Ok(Chosen { planned, facts })
}

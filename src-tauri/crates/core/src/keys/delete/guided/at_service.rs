//! A deletion in the browser where the service lists keys, and only has no call to delete them: it is asked whether the
//! key is gone, as after any other deletion.

use pulseapi::KeyId;

use crate::base::error::UiError;
use crate::base::errors::at_work;
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys;
use crate::keys::changes::{KeyChange, Shown};
use crate::keys::delete::guided::messages;
use crate::keys::delete::guided::passed::{Allowed, not_allowed};
use crate::keys::delete::guided::wire::{GuidedCheck, GuidedCheckRequest};
use crate::keys::delete::result::{After, DeletionResult, Doubt, resolve_doubt};
use crate::keys::list::row;
use crate::keys::revocation;
use crate::keys::verify::{self, Looked, Proof};
use crate::records::accounts::{self, Account, KeyAccess};
use crate::records::key::KeyRow;

/// The key as the service has it now.
pub(super) async fn look(
    ctx: &Context,
    id: AccountId,
    key: &KeyId,
) -> Result<(Account, KeyRow), UiError> {
    let (account, client) = keys::signed_in(ctx, id).await?;
    let found = client.key(key).await.map_err(|error| at_work(&error))?;
    let key = row(&found, &account);
    Ok((account, key))
}

/// The key as it passed the card, where the service can be asked for it. Once the app's own key is gone, nobody can ask:
/// its token shows it.
pub(super) fn shown(ctx: &Context, request: &GuidedCheckRequest) -> Result<Option<Shown>, UiError> {
    let account = accounts::find(ctx, request.account)?;
    let shown = ctx.of::<Allowed>().shown(account.id, &request.key);
    Ok(shown.filter(|shown| account.keys == KeyAccess::Endpoints && !shown.key.own))
}

/// Asks the service for a key that the user deletes in the browser. That it is gone is believed as after any deletion: its
/// record's own 404 and a fresh whole list agree.
pub(super) async fn check(
    ctx: &Context,
    id: AccountId,
    shown: Shown,
) -> Result<GuidedCheck, UiError> {
    let (account, client) = keys::signed_in(ctx, id).await?;
    let key = shown.key;
    match verify::look(&client, &key).await {
        Looked::Alive(found) => {
            let now = row(&found, &account);
            let changed = not_allowed(ctx, &account, &now, KeyChange::is_of_identity);
            return Ok(match changed {
                Some((card, message)) => GuidedCheck::CardChanged { card, message },
                None => GuidedCheck::StillThere {
                    message: messages::still_there(&now, ctx.now()),
                },
            });
        }
        Looked::NoRecord => {}
        Looked::OwnRefused => return Err(at_work(&pulseapi::Error::Unauthorized)),
        Looked::NotKnown(error) => return Err(at_work(&error)),
    }
    let tokens = revocation::known_tokens(ctx, &account, &key.id, &key.last_eight).await;
    let doubt = Doubt {
        key,
        noted: None,
        after: After::Browser,
    };
    let proof = Proof::fetch(&client, &account).await;
    match resolve_doubt(ctx, &account, &doubt, &proof, &tokens).await? {
        DeletionResult::Deleted {
            message,
            signed_out,
            ..
        }
        | DeletionResult::GoneAlready {
            message,
            signed_out,
        } => Ok(GuidedCheck::Gone {
            message,
            signed_out,
        }),
        DeletionResult::NotDeleted { error, .. }
        | DeletionResult::Unknown { error, .. }
        | DeletionResult::Watched { error } => Err(error),
        DeletionResult::Changed { card, changes } => Ok(GuidedCheck::CardChanged {
            message: keys::changes::since_the_card(&card.key, &changes),
            card: *card,
        }),
    }
}

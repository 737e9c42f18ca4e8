//! A token in custody was stored by the user, or is to stay in the keychain.

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::CustodyId;
use crate::context::Context;
use crate::custody::in_process::InProcess;
use crate::custody::records::{self, Record, Stage, Store};
use crate::custody::wire::Custody;
use crate::custody::{self, leaving, not_in_custody, token_name};
use crate::records::intents;
use crate::records::journal::{self, Action};
use crate::session::own_key;

/// The user has stored the token elsewhere: it leaves the keychain or the memory that held it.
///
/// # Errors
/// When it is not in custody any more, or the keychain or the database fails; then it is still in custody.
pub(crate) async fn token_stored(ctx: &Context, id: CustodyId) -> Result<Custody, UiError> {
    if ctx.of::<InProcess>().is_only_here(id) {
        let record = ctx
            .of::<InProcess>()
            .live()
            .get(&id)
            .map(|live| live.record.clone());
        let record = record.ok_or_else(not_in_custody)?;
        if leaving::has_more_to_do(ctx, &record).await? {
            own_key::finish_own_rotation(ctx, record.account).await.ok();
        }
        leaving::drop_record(ctx, &record, "stored elsewhere").await?;
        return custody::custody(ctx).await;
    }
    let record = match custody::open_token(ctx, id).await {
        Ok((record, _)) => record,
        // The user knows that it is stored, or gives it up; the keychain has nothing to forget.
        Err(error) if error.code == ErrorCode::TokenMissing => {
            let record = custody::record(ctx, id).await?;
            leaving::drop_record(ctx, &record, "removed: the keychain had no such token").await?;
            return custody::custody(ctx).await;
        }
        Err(error) => return Err(error),
    };
    if leaving::has_more_to_do(ctx, &record).await? {
        // The last chance for the account to move to it. The user has the token either way.
        own_key::finish_own_rotation(ctx, record.account).await.ok();
    }
    ctx.database
        .run(move |transaction| records::advance(transaction, id, Stage::Leaving))
        .await?;
    if let Err(error) = ctx.vault().forget(&token_name(record.account, id)).await {
        let stage = record.stage;
        ctx.database
            .run(move |transaction| records::advance(transaction, id, stage))
            .await?;
        return Err(error.into());
    }
    leaving::drop_record(ctx, &record, "stored elsewhere").await?;
    custody::custody(ctx).await
}

/// The token stays in the keychain until the user takes it out.
///
/// # Errors
/// When it is not in custody any more, or the keychain or the database fails; then it is where it was.
pub(crate) async fn keep_token(ctx: &Context, id: CustodyId) -> Result<Custody, UiError> {
    let (record, secret) = custody::open_token(ctx, id).await?;
    if ctx.of::<InProcess>().is_only_here(id) {
        let vault = ctx.vault();
        if vault.is_session_only() {
            return Err(UiError::new(
                ErrorCode::Other,
                "There is no keychain in this session, so the token cannot stay after you close the app.",
                "Copy it to where it is needed, then press “I have stored it”.",
            ));
        }
        vault.store(&token_name(record.account, id), secret).await?;
    }
    let kept = Record {
        stage: Stage::Kept,
        store: Store::Keychain,
        ..record.clone()
    };
    let entry = leaving::custody_entry(ctx, &record, Action::KeepToken, "kept in the keychain");
    let account = record.account;
    let settles = !leaving::has_more_to_do(ctx, &record).await?;
    ctx.database
        .run(move |transaction| {
            records::add(transaction, &kept)?;
            records::advance(transaction, id, Stage::Kept)?;
            records::is_in_keychain(transaction, id)?;
            if settles {
                intents::settle(transaction, id.0)?;
            }
            journal::append(transaction, &entry)
        })
        .await?;
    ctx.of::<InProcess>().remove(id);
    if !settles {
        // Now that the keychain takes secrets again, the account can move too. If not now, at the next start.
        own_key::finish_own_rotation(ctx, account).await.ok();
    }
    custody::custody(ctx).await
}

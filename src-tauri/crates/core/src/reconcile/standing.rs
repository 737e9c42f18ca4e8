//! Where an open intent stands after a look, and what that tells the user.

use std::convert::Infallible;

use jiff::Timestamp;

use crate::base::error::{ErrorCode, UiError};
use crate::base::ids::AccountId;
use crate::context::Context;
use crate::keys::create::messages as creation;
use crate::keys::rotate::messages as rotation;
use crate::keys::rotate::verify::Moot;
use crate::keys::verify::Settled;
use crate::records::intents::Open;
use crate::records::key::KeyRow;
use crate::records::notices::{self, Kept, NextStep};

/// Where an open intent stands after a look.
pub(crate) enum Standing {
    /// Its outcome is known, and the intent is closed. What to say once, where no notice that is kept says it; and
    /// whether that needs attention.
    Closed(Option<(bool, String)>),
    /// As it was before the request, which may still take effect.
    Watched(String),
    /// Another process is at work on it.
    InFlight(String),
    /// It could not be found out.
    NotKnown(String),
    /// The same, because the service does not accept the account's credential.
    Unauthorized(String),
}

impl Standing {
    /// What to say now, and whether that needs attention.
    pub(crate) fn told(self) -> Option<(bool, String)> {
        match self {
            Self::Closed(told) => told,
            Self::Watched(message) => Some((false, message)),
            Self::InFlight(message) | Self::NotKnown(message) | Self::Unauthorized(message) => {
                Some((true, message))
            }
        }
    }

    /// Keeps an outcome that was found out while nobody asked, so that the next reconciliation tells it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep(self, ctx: &Context, open: &Open) -> Result<(), UiError> {
        let Self::Closed(Some((needs_attention, message))) = self else {
            return Ok(());
        };
        let notice = Kept {
            id: open.id(),
            at: ctx.now(),
            account: open.account(),
            key: open.key().cloned(),
            message,
            next: None,
            is_calm: !needs_attention,
        };
        ctx.database
            .run(move |transaction| notices::add(transaction, &notice))
            .await?;
        Ok(())
    }

    /// Why nothing else may be sent about the same; none when it may.
    pub(crate) fn blocks(&self) -> Option<String> {
        match self {
            // An outcome that is kept as a notice is told with the next reconciliation.
            Self::Closed(_) | Self::Watched(_) => None,
            Self::InFlight(message) | Self::NotKnown(message) | Self::Unauthorized(message) => {
                Some(message.clone())
            }
        }
    }

    /// Whether the outcome may be any.
    pub(crate) fn is_undecided(&self) -> bool {
        !matches!(self, Self::Closed(_) | Self::Watched(_))
    }

    /// What helps to find it out.
    pub(crate) fn next(&self, account: AccountId) -> Option<NextStep> {
        match self {
            Self::Unauthorized(_) => Some(NextStep::ReplaceCredential { account }),
            Self::Closed(_) | Self::Watched(_) | Self::InFlight(_) | Self::NotKnown(_) => None,
        }
    }

    /// It could not be found out, for this reason.
    pub(crate) fn not_known(message: String, why: &UiError) -> Self {
        match why.code {
            ErrorCode::Unauthorized => Self::Unauthorized(message),
            _ => Self::NotKnown(message),
        }
    }

    /// After a rotation was looked at.
    pub(crate) fn of_rotation(key: &KeyRow, settled: Settled<Moot>, now: Timestamp) -> Self {
        match settled {
            Settled::NotDone => Self::Closed(Some((false, rotation::found_unchanged(key)))),
            Settled::Watched => Self::Watched(rotation::still_watched(key, now)),
            // Told by the notice that is kept, or with the token that the key has.
            Settled::Lost { .. } | Settled::Moot(Moot::OtherTokenSince) => Self::Closed(None),
            Settled::Moot(Moot::KeyGone) => Self::Closed(Some((false, rotation::gone(Some(key))))),
            Settled::NotKnown(error) => {
                Self::not_known(rotation::still_unknown(key, &error), &error)
            }
        }
    }

    /// After a creation was looked at.
    pub(crate) fn of_creation(name: &str, settled: Settled<Infallible>, now: Timestamp) -> Self {
        match settled {
            Settled::NotDone => Self::Closed(Some((false, creation::found_none(name)))),
            Settled::Watched => Self::Watched(creation::still_watched(name, now)),
            // Told by the notice that is kept.
            Settled::Lost { .. } => Self::Closed(None),
            Settled::NotKnown(error) => {
                Self::not_known(creation::still_unknown(name, &error), &error)
            }
        }
    }
}

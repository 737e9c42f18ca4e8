//! The program that keeps secrets on this desktop, asked what needs no session with it: what is locked, what is there,
//! and to unlock it. No secret crosses here.
//!
//! The store crate can do all of it too, but takes an empty search for an answer and waits without end for a prompt
//! whose program has gone.

use std::collections::HashMap;

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::export::serde::de::DeserializeOwned;
use zbus::export::serde::ser::Serialize;
use zbus::message::Type as MessageType;
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Type};
use zbus::{MatchRule, Message};

use crate::error::{Missing, VaultError};
use crate::error_map::from_bus;
use crate::name::SecretName;

const NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The name that gnome-keyring has beside [`NAME`].
const GNOME_KEYRING: &str = "org.gnome.keyring";

/// What "no object" is called where an object path is answered.
const NOTHING: &str = "/";

/// The items of one name.
pub(super) struct Found {
    pub(super) open: Vec<OwnedObjectPath>,
    pub(super) locked: Vec<OwnedObjectPath>,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.locked.is_empty()
    }
}

/// A connection of its own to the program that answers as [`NAME`].
pub(super) struct Provider {
    bus: Connection,
}

impl Provider {
    pub(super) fn connect() -> Result<Provider, VaultError> {
        match Connection::session() {
            Ok(bus) => Ok(Provider { bus }),
            Err(error) => Err(from_bus(&error)),
        }
    }

    /// Whether a search answers for what is locked, too. GNOME Keyring's does; `KeePassXC` and `KWallet` know nothing of
    /// a database before it is open, and answer as if it were empty.
    pub(super) fn finds_what_is_locked(&self) -> Result<bool, VaultError> {
        let owner = self.owner_of(NAME)?;
        Ok(owner.is_some() && owner == self.owner_of(GNOME_KEYRING)?)
    }

    /// The running program, by the name that the bus gave it: another one after each start.
    pub(super) fn owner(&self) -> Option<String> {
        self.owner_of(NAME).ok()?
    }

    fn owner_of(&self, name: &'static str) -> Result<Option<String>, VaultError> {
        let bus = self.bus_itself()?;
        let Ok(name) = name.try_into() else {
            return Ok(None);
        };
        match bus.get_name_owner(name) {
            Ok(owner) => Ok(Some(owner.to_string())),
            Err(zbus::fdo::Error::NameHasNoOwner(_)) => Ok(None),
            Err(error) => Err(from_bus(&zbus::Error::FDO(Box::new(error)))),
        }
    }

    /// Where new items go; `None` where there is no such collection.
    pub(super) fn default_collection(&self) -> Result<Option<OwnedObjectPath>, VaultError> {
        let path: OwnedObjectPath = self.call(ROOT, SERVICE, "ReadAlias", &("default",))?;
        Ok((path.as_str() != NOTHING).then_some(path))
    }

    pub(super) fn collections(&self) -> Result<Vec<OwnedObjectPath>, VaultError> {
        self.property(ROOT, SERVICE, "Collections")
    }

    pub(super) fn is_collection_locked(&self, collection: &str) -> Result<bool, VaultError> {
        self.property(collection, COLLECTION, "Locked")
    }

    pub(super) fn is_item_locked(&self, item: &str) -> Result<bool, VaultError> {
        self.property(item, ITEM, "Locked")
    }

    pub(super) fn search(&self, name: &SecretName) -> Result<Found, VaultError> {
        let attributes = HashMap::from([("service", name.service()), ("username", name.as_str())]);
        let (open, locked) = self.call(ROOT, SERVICE, "SearchItems", &(attributes,))?;
        Ok(Found { open, locked })
    }

    /// Asks for these to be unlocked, and waits for as long as the user thinks about it, or until `are_open`: they may
    /// unlock them elsewhere meanwhile. Whether they are open then has to be looked at: a prompt that was closed is
    /// reported in several ways.
    ///
    /// # Errors
    /// [`VaultError::Failed`] when the program ends while it asks.
    pub(super) fn unlock(
        &self,
        objects: &[OwnedObjectPath],
        are_open: impl Fn() -> Result<bool, VaultError>,
    ) -> Result<(), VaultError> {
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            self.call(ROOT, SERVICE, "Unlock", &(objects,))?;
        if prompt.as_str() == NOTHING {
            return Ok(());
        }
        // Listening begins before the prompt does.
        let bus = self.bus_itself()?;
        for rule in [signal_of_provider(), change_of_provider()] {
            let listening = rule.and_then(|rule| Ok(bus.add_match_rule(rule)?));
            listening.map_err(|error| from_bus(&error))?;
        }
        let mut messages = MessageIterator::from(&self.bus);
        // The other program's window is not ours, so there is no parent to name.
        let () = self.call(prompt.as_str(), PROMPT, "Prompt", &("",))?;
        let end = messages.find_map(|message| match message {
            Ok(message) => match ending(&message, &prompt) {
                Some(Ending::Perhaps) => match are_open() {
                    Ok(false) => None,
                    Ok(true) => Some(Ok(Ending::Completed)),
                    Err(error) => Some(Err(error)),
                },
                ending => ending.map(Ok),
            },
            Err(error) => Some(Err(from_bus(&error))),
        });
        match end {
            Some(Ok(Ending::Completed | Ending::Perhaps)) => Ok(()),
            Some(Ok(Ending::ProviderGone)) => {
                Err(VaultError::failed("its program ended while it was asking"))
            }
            Some(Err(error)) => Err(error),
            None => Err(VaultError::unavailable(Missing::SessionBus)),
        }
    }

    fn bus_itself(&self) -> Result<DBusProxy<'_>, VaultError> {
        DBusProxy::new(&self.bus).map_err(|error| from_bus(&error))
    }

    fn property<T>(&self, object: &str, interface: &str, name: &str) -> Result<T, VaultError>
    where
        T: TryFrom<OwnedValue>,
    {
        let value: OwnedValue = self.call(object, PROPERTIES, "Get", &(interface, name))?;
        T::try_from(value).map_err(|_| unreadable(name))
    }

    fn call<T>(
        &self,
        object: &str,
        interface: &str,
        method: &str,
        arguments: &(impl Serialize + DynamicType),
    ) -> Result<T, VaultError>
    where
        T: DeserializeOwned + Type,
    {
        let reply = self
            .bus
            .call_method(Some(NAME), object, Some(interface), method, arguments)
            .map_err(|error| from_bus(&error))?;
        reply.body().deserialize().map_err(|_| unreadable(method))
    }
}

/// How waiting for a prompt ends.
enum Ending {
    Completed,
    ProviderGone,
    /// Something changed.
    Perhaps,
}

fn ending(message: &Message, prompt: &ObjectPath<'_>) -> Option<Ending> {
    let header = message.header();
    let interface = header.interface()?.as_str();
    match header.member()?.as_str() {
        "Completed" if interface == PROMPT => {
            (header.path() == Some(prompt)).then_some(Ending::Completed)
        }
        "NameOwnerChanged" if interface == "org.freedesktop.DBus" => Some(Ending::ProviderGone),
        _ if message.message_type() == MessageType::Signal && interface == SERVICE => {
            Some(Ending::Perhaps)
        }
        _ => None,
    }
}

fn signal_of_provider() -> zbus::Result<MatchRule<'static>> {
    Ok(MatchRule::builder()
        .msg_type(MessageType::Signal)
        .sender(NAME)?
        .build())
}

fn change_of_provider() -> zbus::Result<MatchRule<'static>> {
    Ok(MatchRule::builder()
        .msg_type(MessageType::Signal)
        .sender("org.freedesktop.DBus")?
        .interface("org.freedesktop.DBus")?
        .member("NameOwnerChanged")?
        .arg(0, NAME)?
        .build())
}

fn unreadable(answer: &str) -> VaultError {
    VaultError::failed(format!("its answer to {answer} could not be read"))
}

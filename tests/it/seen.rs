//! What happened, as tests see it without the app: at the server, in the journal, on the clipboard, in dialogs.

use std::path::PathBuf;

use pulse_keys_core::host::{Question, Showing};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::world::World;

impl World {
    /// The first hundred keys, as the server's own list tells the app. Another request would be one more of them.
    pub(crate) async fn raw_list(&self) -> Vec<Value> {
        self.list_as(&self.credential).await
    }

    async fn list_as(&self, token: &SecretString) -> Vec<Value> {
        let list = format!("{}/api-keys?per_page=100", self.sandbox.base_url());
        let request = reqwest::Client::new()
            .get(list)
            .bearer_auth(token.expose_secret());
        let list: Value = request.send().await.unwrap().json().await.unwrap();
        list["data"].as_array().unwrap().clone()
    }

    /// Whether a key still exists, as the server's own database says.
    pub(crate) async fn exists(&self, key: i64) -> bool {
        self.faults().key(key).await.unwrap().is_some()
    }

    /// How many `DELETE`s reached the server.
    pub(crate) fn deletes_seen(&self) -> usize {
        self.seen("DELETE")
    }

    /// How many `POST`s reached the server.
    pub(crate) fn posts_seen(&self) -> usize {
        self.seen("POST")
    }

    fn seen(&self, method: &str) -> usize {
        let requests = self.faults().requests();
        requests
            .iter()
            .filter(|request| request.method == method)
            .count()
    }

    /// What `curl` would get with a token: the status.
    pub(crate) async fn status_with(&self, token: &SecretString) -> u16 {
        let monitors = format!("{}/monitors", self.sandbox.base_url());
        let request = reqwest::Client::new()
            .get(monitors)
            .bearer_auth(token.expose_secret());
        request.send().await.unwrap().status().as_u16()
    }

    /// How the journal's rows about deletions ended, oldest first.
    pub(crate) async fn journalled_deletions(&self) -> Vec<String> {
        self.journalled("delete_key").await
    }

    /// How the journal's rows about an action ended, oldest first.
    pub(crate) async fn journalled(&self, action: &str) -> Vec<String> {
        let journal = self.app.journal().await.unwrap();
        assert_eq!(journal.broken_at, None, "the journal's chain is whole");
        journal
            .rows
            .into_iter()
            .filter(|row| row.action == action)
            .map(|row| row.outcome)
            .collect()
    }

    /// The ids of the keys of a name, as the server's own list says.
    pub(crate) async fn ids_of(&self, name: &str) -> Vec<i64> {
        let auditor = self.sandbox.mint_credential().await.unwrap();
        let keys = self.list_as(&auditor).await.into_iter();
        keys.filter(|key| key["name"] == name)
            .map(|key| key["id"].as_i64().unwrap())
            .collect()
    }

    /// What was shown to the user of their files, and how.
    pub(crate) fn shown(&self) -> Vec<(PathBuf, Showing)> {
        self.host.shown.lock().unwrap().clone()
    }

    /// Whether the clipboard holds exactly this; a failed test prints no secret.
    pub(crate) fn clipboard_holds(&self, expected: &str) -> bool {
        let clipboard = self.host.clipboard.lock().unwrap();
        let text = clipboard.text.as_ref();
        text.is_some_and(|text| text.expose_secret() == expected)
    }

    /// Whether the clipboard holds nothing.
    pub(crate) fn clipboard_is_empty(&self) -> bool {
        self.host.clipboard.lock().unwrap().text.is_none()
    }

    /// Whether the clipboard's histories leave out what it holds.
    pub(crate) fn clipboard_is_secret(&self) -> bool {
        self.host.clipboard.lock().unwrap().is_secret
    }

    /// The questions that the user was asked.
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.host.asked.lock().unwrap().clone()
    }
}

//! An app on its stage, and the user who takes the steps of a sequence with it.
//!
//! Left out: what must hold afterwards (`oracle`).

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use pulse_keys_core::PulseKeys;
use pulse_keys_core::folders::Folders;
use pulse_keys_core::view::{AccountId, ConnectRequest, TokenInCustody};
use pulseapi::Options;
use rusqlite::Connection;
use sandbox::faults::VerbatimKey;
use sandbox::{Sandbox, Settings};
use secrecy::SecretString;
use tokio::task::JoinHandle;

use crate::keychain::{Keychain, Mood};
use crate::ledger::{Held, Ledger, OurWrite, broken};
use crate::process::Process;
use crate::script::{Guards, Script};
use crate::stage::{Ended, Stage};
use crate::steps::{Dialog, Trouble};
use crate::test_host::{Answered, TestHost};
use crate::time::Time;

/// The app while it runs.
pub(crate) struct Running {
    pub(crate) app: Arc<PulseKeys>,
    pub(crate) process: Arc<Process>,
    pub(crate) host: Arc<TestHost>,
    /// What the shell keeps going as long as the window is open.
    watching: [JoinHandle<()>; 2],
}

/// A world in which one sequence happens.
pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) running: Option<Running>,
    pub(crate) account: Option<AccountId>,
    /// Whether the step that is taken is to write something.
    pub(crate) is_acting: bool,
    /// Whether the user goes on without a keychain.
    pub(crate) is_session_only: bool,
    pub(crate) ledger: Ledger,
    pub(crate) trace: Arc<Mutex<Vec<String>>>,
    /// The questions of the step that was taken last.
    answered: Arc<Mutex<Vec<Answered>>>,
    sandbox: Sandbox,
    folder: tempfile::TempDir,
    /// The ids of intents that were open when the step began.
    noted_before: HashSet<String>,
    current: Arc<Mutex<Arc<Process>>>,
}

impl World {
    /// A server with three keys beside the one that the app signs in with, and an app that is signed in.
    pub(crate) async fn new() -> Self {
        let time = Time::new();
        let sandbox = sandbox::start(Settings {
            keys: Some(0),
            requests_per_minute: 1_000_000,
            faults: true,
            clock: time.clone(),
            random_seed: Some(7),
            ..Settings::default()
        })
        .await
        .unwrap();
        let faults = sandbox.faults().unwrap().clone();
        for (name, days) in [("Alpha", 200), ("Bravo", 20), ("Charlie", 3)] {
            let ago = time.at() - SignedDuration::from_hours(24 * days);
            let key = VerbatimKey {
                created_at: Some((ago - SignedDuration::from_hours(24)).into()),
                last_used_at: Some(ago.into()),
                ..VerbatimKey::named(name)
            };
            faults.insert_key(key).await.unwrap();
        }
        let script = Arc::new(Script::default());
        faults.judged_by(Some({
            let (script, faults) = (Arc::clone(&script), faults.clone());
            Arc::new(move |seen| script.judge(&faults, seen))
        }));
        let stage = Stage {
            time,
            faults,
            keychain: Keychain::default(),
            script,
            custodians: Arc::default(),
            starting: Arc::default(),
        };
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("home")).unwrap();
        let mut world = Self {
            stage,
            running: None,
            account: None,
            is_acting: false,
            is_session_only: false,
            ledger: Ledger::default(),
            trace: Arc::default(),
            answered: Arc::default(),
            sandbox,
            current: Arc::new(Mutex::new(Process::new())),
            folder,
            noted_before: HashSet::new(),
        };
        world.stage.listen(
            &world.socket(),
            &world.folders(),
            Arc::clone(&world.current),
        );
        world.starts();
        let held = world.signs_in().await;
        assert!(
            held.is_ok() && world.account.is_some(),
            "nothing is wrong yet"
        );
        world.ledger.journal_rows = world.journal().await.unwrap_or_default().len();
        world
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("custodian")
    }

    pub(crate) fn folders(&self) -> Folders {
        Folders::below(self.folder.path())
    }

    /// A line of what happened, for people.
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.trace.lock().unwrap().push(what.into());
    }

    /// The running app, started if it is not.
    pub(crate) fn starts(&mut self) -> &Running {
        if self.running.is_none() {
            let process = Process::new();
            *self.current.lock().unwrap() = Arc::clone(&process);
            let host = Arc::new(TestHost {
                stage: self.stage.clone(),
                process: Arc::clone(&process),
                dialog: Mutex::default(),
                answered: Arc::clone(&self.answered),
                trace: Arc::clone(&self.trace),
                home: self.folder.path().join("home"),
                socket: self.socket(),
            });
            let options = Options {
                clock: Arc::new(self.stage.clock(&process)),
                ..Options::default()
            };
            let app = PulseKeys::start(
                &self.folders(),
                self.stage.keychain.vault(&process),
                host.clone(),
                options,
                "0.0.0-model",
            );
            let app = Arc::new(app.unwrap());
            let (revocations, intents) = (Arc::clone(&app), Arc::clone(&app));
            self.running = Some(Running {
                watching: [
                    tokio::spawn(async move {
                        // What it cannot write down it tells at the next start.
                        let _ = revocations.watch_revocations(|_| true).await;
                    }),
                    tokio::spawn(async move { match intents.watch_open_intents(|| {}).await {} }),
                ],
                app,
                process,
                host,
            });
        }
        self.running.as_ref().unwrap()
    }

    /// The app ends without a chance to tidy up.
    pub(crate) fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.process.dies();
            for watching in running.watching {
                watching.abort();
            }
            if std::mem::take(&mut self.is_session_only) {
                // Its account was of that session.
                self.nobody_asks_for_deletions();
            }
            self.note("    killed");
        }
    }

    /// The ids of intents that were open when the step began.
    pub(crate) fn noted_before(&self) -> impl Iterator<Item = &String> {
        self.noted_before.iter()
    }

    /// Whether a write belongs to an earlier step, whose process was killed while the write was between it and the server.
    pub(crate) fn is_belated(&self, write: &OurWrite) -> bool {
        self.noted_before.contains(&write.id)
    }

    /// Has the app do something, with what goes wrong around it. None when it was killed in the middle.
    pub(crate) async fn does<T>(
        &mut self,
        dialog: Dialog,
        trouble: Trouble,
        work: impl AsyncFnOnce(Arc<PulseKeys>) -> T,
    ) -> Held<Option<T>> {
        self.starts();
        let stage = self.stage.clone();
        let Some(running) = &self.running else {
            return Ok(None);
        };
        let process = Arc::clone(&running.process);
        self.noted_before = open_intents(&self.folders());
        stage
            .script
            .begins(&stage.faults, trouble, Some(Arc::clone(&process)));
        stage.script.guarded_by(Guards {
            keychain: stage.keychain.clone(),
            custodians: Arc::clone(&stage.custodians),
            ending: running.app.ending(),
            is_session_only: self.is_session_only,
        });
        *running.host.dialog.lock().unwrap() = dialog;
        self.answered.lock().unwrap().clear();
        process.will_end(trouble.kill);
        let ended = stage.drive(&process, work(Arc::clone(&running.app))).await;
        process.will_end(None);
        for seen in stage.script.requests_of_step(&stage.faults) {
            self.note(format!(
                "    {} {} acted {:?} answered {:?}{}",
                seen.method,
                seen.path,
                seen.acted,
                seen.answered,
                if seen.to_come { ", to come" } else { "" }
            ));
        }
        match ended {
            Ended::With(outcome) => Ok(Some(outcome)),
            Ended::Killed => {
                self.kill();
                Ok(None)
            }
            Ended::Never => broken("ends", "the app never comes back to the user"),
        }
    }

    /// The questions of the step, and how they were answered.
    pub(crate) fn answered(&self) -> Vec<Answered> {
        self.answered.lock().unwrap().clone()
    }

    /// Signs in with a fresh credential, if nobody is signed in.
    pub(crate) async fn signs_in(&mut self) -> Held {
        let credential: SecretString = self.sandbox.mint_credential().await.unwrap();
        let request = ConnectRequest {
            base_url: self.sandbox.base_url(),
            credential,
        };
        let work = async |app: Arc<PulseKeys>| app.connect(&request).await;
        let ended = self
            .does(Dialog::default(), Trouble::default(), work)
            .await?;
        match ended {
            Some(Ok(state)) => self.account = state.active,
            Some(Err(error)) => self.note(format!("    {}", error.message)),
            None => {}
        }
        Ok(())
    }

    /// The tokens in custody, as the app lists them. Asks neither server nor keychain.
    pub(crate) async fn custody(&self) -> Vec<TokenInCustody> {
        match &self.running {
            Some(running) => running
                .app
                .custody()
                .await
                .map(|custody| custody.tokens)
                .unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Everything is well again, and the app is started anew by somebody who has time.
    pub(crate) async fn calms_down(&mut self) {
        self.stage
            .script
            .begins(&self.stage.faults, Trouble::default(), None);
        self.stage.keychain.becomes(Mood::Up);
        self.kill();
        self.stage.custodians_end().await;
        self.stage.pass(Duration::from_secs(1_200)).await;
        self.starts();
    }

    /// Ends what still runs.
    pub(crate) async fn ends(mut self) -> Vec<String> {
        self.stage
            .script
            .begins(&self.stage.faults, Trouble::default(), None);
        self.stage.keychain.becomes(Mood::Up);
        self.kill();
        self.stage.custodians_end().await;
        // Its grace for open connections would be in a time that passes for nobody any more.
        drop(self.sandbox);
        let trace = self.trace.lock().unwrap();
        trace.clone()
    }
}

/// The ids of what is noted and not settled.
fn open_intents(folders: &Folders) -> HashSet<String> {
    let database = Connection::open(folders.database_file()).unwrap();
    let mut ids = database.prepare("SELECT id FROM intent").unwrap();
    let ids = ids.query_map([], |row| row.get(0)).unwrap();
    ids.map(Result::unwrap).collect()
}

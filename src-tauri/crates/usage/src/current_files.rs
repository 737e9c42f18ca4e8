//! The files that are being read at this moment, so that it can be said where a search that went silent stopped.
//!
//! Every thread writes down what it begins and strikes it out when it is done.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many are named. More threads than these read at once; a longer list is not read.
const MAX_NAMED: usize = 3;

type Tell = dyn Fn(&[PathBuf]) + Send + Sync;

/// Called at once when something is begun that may do harm.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Tell>>);

impl Observer {
    pub(crate) fn new(observe: impl Fn(&[PathBuf]) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(observe)))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_there = self.0.as_ref().map(|_| ());
        formatter.debug_tuple("Observer").field(&is_there).finish()
    }
}

/// What all threads of a search read.
#[derive(Debug, Default)]
pub(crate) struct CurrentFiles {
    open: Mutex<Begun>,
    observer: Observer,
}

#[derive(Debug, Default)]
struct Begun {
    last: u64,
    /// In the order in which they were begun: one for each thread, so there is little to look through.
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    number: u64,
    path: PathBuf,
    may_do_harm: bool,
}

impl CurrentFiles {
    pub(crate) fn observe(&mut self, observer: Observer) {
        self.observer = observer;
    }

    /// Something is being read until what comes back is dropped.
    pub(crate) fn begin(&self, path: PathBuf) -> Opened<'_> {
        let mut begun = self.begun();
        begun.last += 1;
        let number = begun.last;
        begun.open.push(Open {
            number,
            path,
            may_do_harm: false,
        });
        Opened {
            files: self,
            number,
        }
    }

    /// What may do harm first, then what has taken longest.
    pub(crate) fn now(&self) -> Vec<PathBuf> {
        let begun = self.begun();
        let of = |harm: bool| {
            let open = begun.open.iter();
            open.filter(move |open| open.may_do_harm == harm)
        };
        let all = of(true).chain(of(false));
        all.take(MAX_NAMED).map(|open| open.path.clone()).collect()
    }

    /// Each change under the lock leaves what is there before or after it.
    fn begun(&self) -> MutexGuard<'_, Begun> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that is being read.
#[derive(Debug)]
pub(crate) struct Opened<'files> {
    files: &'files CurrentFiles,
    number: u64,
}

impl Opened<'_> {
    /// It is large, or of a form that has to be unpacked: the observer hears of it now, as there may be no later.
    pub(crate) fn may_do_harm(&self) {
        let number = self.number;
        let mut begun = self.files.begun();
        if let Some(open) = begun.open.iter_mut().find(|open| open.number == number) {
            open.may_do_harm = true;
        }
        drop(begun);
        if let Some(tell) = &self.files.observer.0 {
            tell(&self.files.now());
        }
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        let number = self.number;
        self.files.begun().open.retain(|open| open.number != number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_do_harm_is_named_first_and_what_is_done_not_at_all() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut files = CurrentFiles::default();
        files.observe(Observer::new({
            let told = Arc::clone(&told);
            move |paths| *told.lock().unwrap() = paths.to_vec()
        }));
        let first = files.begin("/a".into());
        let _second = files.begin("/b".into());
        let bomb = files.begin("/bomb.zip".into());
        bomb.may_do_harm();
        let expected: Vec<PathBuf> = ["/bomb.zip", "/a", "/b"].map(Into::into).into();
        assert_eq!(*told.lock().unwrap(), expected);
        assert_eq!(files.now(), expected);
        drop((first, bomb));
        assert_eq!(files.now(), [PathBuf::from("/b")]);
    }
}

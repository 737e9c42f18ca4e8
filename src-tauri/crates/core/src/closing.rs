//! What has to be asked before the window closes.
//!
//! Left out: asking, and closing.

use crate::app::PulseKeys;
use crate::custody_records::Record;
use crate::host::Question;
use crate::words::{named_as, tokens};

impl PulseKeys {
    /// What has to be asked before the window closes, because closing would lose a token: one that exists only in
    /// this process, or one that is on its way here.
    #[must_use]
    pub fn question_before_closing(&self) -> Option<Question> {
        let names: Vec<String> = {
            let live = self.in_process.live();
            let mut only_here: Vec<&Record> = live
                .values()
                .filter(|live| live.secret.is_some())
                .map(|live| &live.record)
                .collect();
            only_here.sort_by_key(|record| record.arrived_at);
            only_here
                .iter()
                .map(|record| named_as(&record.name, &record.last_eight))
                .collect()
        };
        if !names.is_empty() {
            let count = tokens(names.len());
            return Some(Question {
                title: "Close Pulse Keys".to_owned(),
                headline: format!("Close and lose {count}?"),
                paragraphs: vec![
                    format!("Not stored yet: {}.", names.join(", ")),
                    "No keychain has it: it exists only in this window, and PulseAPI never shows a token twice."
                        .to_owned(),
                ],
                yes: format!("Close and lose {count}"),
                alternative: None,
                no: "Keep open".to_owned(),
            });
        }
        self.expects_token().then(|| Question {
            title: "Close Pulse Keys".to_owned(),
            headline: "Close while PulseAPI is answering?".to_owned(),
            paragraphs: vec![
                "The answer brings a fresh token, and PulseAPI never shows it twice. Closing now may lose it for good.".to_owned(),
            ],
            yes: "Close anyway".to_owned(),
            alternative: None,
            no: "Keep open".to_owned(),
        })
    }
}

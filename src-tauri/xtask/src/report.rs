//! The table at the end of `cargo xtask test`: what ran, how it ended, how long it took, how many tests it had.

use std::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::test_counts::{FailedTest, Summary, TestCounts};

/// How many tests may fail and be tried once more: more than these are no accident of a busy machine.
const MAX_UNSTEADY: usize = 3;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran and all was well.
    Passed,
    /// It ran and something was wrong, or it could not run though it should have.
    Failed,
    /// It does not apply here; the reason is in the row.
    Skipped,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        })
    }
}

/// One line of the table.
#[derive(Debug)]
struct Row {
    subset: String,
    step: &'static str,
    outcome: Outcome,
    took: Duration,
    /// None for a step that is one yes or no.
    tests: Option<TestCounts>,
    /// Why it failed or was skipped, or what is to be said though it passed.
    note: String,
}

impl Row {
    /// What the step adds to the last line: its tests, or itself. A failed step fails at least once, even when its
    /// tests did not get to say so.
    fn count(&self) -> TestCounts {
        let tests = self.tests.unwrap_or_default();
        match (self.outcome, self.tests) {
            (Outcome::Skipped, _) => TestCounts::default(),
            (Outcome::Passed, None) => TestCounts {
                passed: 1,
                failed: 0,
            },
            (Outcome::Passed, Some(tests)) => tests,
            (Outcome::Failed, _) => TestCounts {
                passed: tests.passed,
                failed: tests.failed.max(1),
            },
        }
    }
}

/// What has run so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Runs a step that is one yes or no, and says whether it passed.
    pub(crate) fn step(
        &mut self,
        subset: &str,
        step: &'static str,
        work: impl FnOnce() -> Result,
    ) -> bool {
        self.timed(subset, step, || match work() {
            Ok(()) => (Outcome::Passed, None, String::new()),
            Err(error) => (Outcome::Failed, None, error.to_string()),
        })
    }

    /// Runs a step that passes with a remark when there is one to make: for what someone should see to, but not before
    /// anything else can go on. It fails only when it cannot find out.
    pub(crate) fn remark(
        &mut self,
        subset: &str,
        step: &'static str,
        work: impl FnOnce() -> Result<Option<String>>,
    ) {
        self.timed(subset, step, || match work() {
            Ok(remark) => {
                let note = remark.unwrap_or_default();
                println!("{note}");
                (Outcome::Passed, None, note)
            }
            Err(error) => (Outcome::Failed, None, error.to_string()),
        });
    }

    /// Runs a step made of tests, counts them in its output, and says whether it passed. Finding none is a failure:
    /// either nothing ran, or the runner's summary has changed and failures would go uncounted.
    pub(crate) fn tests(
        &mut self,
        subset: &str,
        step: &'static str,
        summary: Summary,
        work: impl FnOnce() -> Result<String>,
    ) -> bool {
        self.timed(subset, step, || {
            let (judgement, failures) = tried(work(), summary);
            named(judgement, &failures)
        })
    }

    /// Runs a step made of tests like [`Report::tests`]. Where no more than [`MAX_UNSTEADY`] fail, these run once more,
    /// alone: what passes then is counted as passed, and named in the table as unsteady.
    ///
    /// `work` gets the names to run; none means all.
    pub(crate) fn unsteady_tests(
        &mut self,
        subset: &str,
        step: &'static str,
        summary: Summary,
        work: impl Fn(&[String]) -> Result<String>,
    ) -> bool {
        self.timed(subset, step, || {
            let (first, failures) = tried(work(&[]), summary);
            let (_, tests, _) = first;
            // A program that crashed has no summary, and so fewer failures than names.
            let counted = tests.map_or(0, |tests| tests.failed as usize);
            if failures.is_empty() || failures.len() > MAX_UNSTEADY || failures.len() != counted {
                return named(first, &failures);
            }
            let names: Vec<String> = failures.iter().map(|test| test.name.clone()).collect();
            println!(
                "\n== {subset}: {step}: once more, alone: {}",
                names.join(", ")
            );
            let (again, _) = tried(work(&names), summary);
            if again.0 != Outcome::Passed {
                return named(first, &failures);
            }
            let tests = tests.map(|TestCounts { passed, failed }| TestCounts {
                passed: passed + failed,
                failed: 0,
            });
            let note = format!("UNSTEADY, passed alone only: {}", described(&failures));
            (Outcome::Passed, tests, note)
        })
    }

    /// Records that a step does not apply here.
    pub(crate) fn skip(&mut self, subset: &str, step: &'static str, reason: &str) {
        println!("\n== {subset}: {step}: skipped, {reason}");
        self.rows.push(Row {
            subset: subset.to_owned(),
            step,
            outcome: Outcome::Skipped,
            took: Duration::ZERO,
            tests: None,
            note: reason.to_owned(),
        });
    }

    fn timed(
        &mut self,
        subset: &str,
        step: &'static str,
        work: impl FnOnce() -> (Outcome, Option<TestCounts>, String),
    ) -> bool {
        println!("\n== {subset}: {step}");
        let started = Instant::now();
        let (outcome, tests, note) = work();
        if outcome == Outcome::Failed {
            eprintln!("{note}");
        }
        self.rows.push(Row {
            subset: subset.to_owned(),
            step,
            outcome,
            took: started.elapsed(),
            tests,
            note,
        });
        outcome == Outcome::Passed
    }

    /// The sum over all rows.
    pub(crate) fn total(&self) -> TestCounts {
        self.rows
            .iter()
            .map(Row::count)
            .fold(TestCounts::default(), |sum, row| TestCounts {
                passed: sum.passed + row.passed,
                failed: sum.failed + row.failed,
            })
    }
}

/// How a step of tests ended, how many it had, and what is to be noted.
type Judgement = (Outcome, Option<TestCounts>, String);

/// How a run of tests ended, and which of them failed.
fn tried(ran: Result<String>, Summary { count, failed }: Summary) -> (Judgement, Vec<FailedTest>) {
    let failures = match &ran {
        Err(Error::Failed { output, .. }) => failed(output),
        _ => Vec::new(),
    };
    (judged(ran, count), failures)
}

/// With the names in the note: the table is what is left of a long output.
fn named((outcome, tests, note): Judgement, failures: &[FailedTest]) -> Judgement {
    if failures.is_empty() {
        return (outcome, tests, note);
    }
    (outcome, tests, format!("failed: {}", described(failures)))
}

/// The first few with their reasons, and how many more there are.
fn described(failures: &[FailedTest]) -> String {
    let shown = failures.iter().take(MAX_UNSTEADY);
    let mut texts: Vec<String> = shown
        .map(|FailedTest { name, reason }| format!("{name} ({reason})"))
        .collect();
    if failures.len() > MAX_UNSTEADY {
        texts.push(format!("{} more", failures.len() - MAX_UNSTEADY));
    }
    texts.join(", ")
}

/// What the output of a test runner says of its tests.
fn judged(ran: Result<String>, count: impl FnOnce(&str) -> TestCounts) -> Judgement {
    match ran {
        Ok(output) => match count(&output) {
            tests if tests.ran() == 0 => (Outcome::Failed, Some(tests), "no test ran".to_owned()),
            tests if tests.failed > 0 => (Outcome::Failed, Some(tests), "tests failed".to_owned()),
            tests => (Outcome::Passed, Some(tests), String::new()),
        },
        Err(error) => {
            let tests = if let Error::Failed { output, .. } = &error {
                count(output)
            } else {
                TestCounts::default()
            };
            (Outcome::Failed, Some(tests), error.to_string())
        }
    }
}

/// The table, then the sum alone on the last line.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .rows
            .iter()
            .map(|row| row.step.len())
            .max()
            .unwrap_or(0)
            .max("step".len());
        writeln!(
            formatter,
            "{:<11}  {:<width$}  {:<7}  {:>7}  {:>6}",
            "subset", "step", "result", "seconds", "tests"
        )?;
        for row in &self.rows {
            let tests = row
                .tests
                .map_or_else(String::new, |tests| tests.ran().to_string());
            let mut line = format!(
                "{:<11}  {:<width$}  {:<7}  {:>7.1}  {tests:>6}",
                row.subset,
                row.step,
                row.outcome,
                row.took.as_secs_f64()
            );
            if let Some(note) = row.note.lines().next() {
                write!(line, "  {note}")?;
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        let TestCounts { passed, failed } = self.total();
        write!(formatter, "\n{passed} passed, {failed} failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_counts;

    fn failed(output: &str) -> Error {
        Error::Failed {
            command: "cargo test".to_owned(),
            status: "exit status: 101".to_owned(),
            output: output.to_owned(),
        }
    }

    #[test]
    fn the_last_line_sums_tests_and_steps() {
        let mut report = Report::default();
        assert!(report.step("lint", "format", || Ok(())));
        assert!(report.tests("unit", "crates", test_counts::CARGO, || Ok(
            "test result: ok. 41 passed; 0 failed".to_owned()
        )));
        report.skip("e2e", "windows", "no display server here");
        assert_eq!(
            report.to_string().lines().last(),
            Some("42 passed, 0 failed")
        );
    }

    #[test]
    fn failed_tests_are_counted_from_the_output_of_the_failed_call() {
        let mut report = Report::default();
        let output = "test result: FAILED. 3 passed; 2 failed; 0 ignored";
        assert!(!report.tests("unit", "crates", test_counts::CARGO, || Err(failed(output))));
        assert_eq!(
            report.total(),
            TestCounts {
                passed: 3,
                failed: 2
            }
        );
    }

    #[test]
    fn a_crash_without_a_summary_is_one_failure() {
        let mut report = Report::default();
        report.tests("it", "it", test_counts::CARGO, || {
            Err(failed("error: could not compile"))
        });
        report.tests("unit", "crates", test_counts::CARGO, || {
            Err(failed("test result: ok. 5 passed; 0 failed"))
        });
        assert_eq!(
            report.total(),
            TestCounts {
                passed: 5,
                failed: 2
            }
        );
    }

    #[test]
    fn a_step_of_tests_that_ran_none_fails() {
        let mut report = Report::default();
        assert!(!report.tests("ui", "vitest", test_counts::VITEST, || Ok(
            "all quiet".to_owned()
        )));
        assert_eq!(
            report.to_string().lines().last(),
            Some("0 passed, 1 failed")
        );
    }

    fn window(report: &mut Report, first: &str, again: &str) -> bool {
        report.unsteady_tests("e2e", "window", test_counts::CARGO, |names| {
            let output = if names.is_empty() {
                first
            } else {
                assert_eq!(names, ["list::b"]);
                again
            };
            if output.contains("FAILED") {
                Err(failed(output))
            } else {
                Ok(output.to_owned())
            }
        })
    }

    const ONE_FAILED: &str =
        "test list::b ... FAILED\ntest result: FAILED. 3 passed; 1 failed; 0 ignored";

    #[test]
    fn a_test_that_passes_when_it_is_alone_is_counted_and_named() {
        let mut report = Report::default();
        let again = "test list::b ... ok\ntest result: ok. 1 passed; 0 failed";
        assert!(window(&mut report, ONE_FAILED, again));
        let table = report.to_string();
        assert!(table.contains("UNSTEADY, passed alone only: list::b"));
        assert_eq!(table.lines().last(), Some("4 passed, 0 failed"));
    }

    #[test]
    fn a_test_that_fails_twice_has_failed() {
        let mut report = Report::default();
        assert!(!window(&mut report, ONE_FAILED, ONE_FAILED));
        assert_eq!(
            report.to_string().lines().last(),
            Some("3 passed, 1 failed")
        );
        assert!(
            report.to_string().contains("failed: list::b"),
            "the table says which"
        );
    }

    #[test]
    fn many_that_fail_and_a_crash_are_no_accident() {
        let output = "test list::b ... FAILED\n";
        let crashed = output.to_owned();
        let many = output.repeat(4) + "test result: FAILED. 0 passed; 4 failed";
        for output in [crashed, many] {
            let mut report = Report::default();
            let again = |_: &[String]| Err(failed(&output));
            assert!(!report.unsteady_tests("e2e", "window", test_counts::CARGO, again));
            assert_ne!(report.total().failed, 0);
        }
    }

    #[test]
    fn a_remark_stands_in_the_table_and_fails_nothing() {
        let mut report = Report::default();
        report.remark("lint", "pictures", || Ok(Some("they are old".to_owned())));
        report.remark("lint", "pictures", || Ok(None));
        let table = report.to_string();
        let row = table.lines().nth(1).unwrap();
        assert!(
            row.contains("passed") && row.ends_with("they are old"),
            "{row}"
        );
        assert_eq!(table.lines().last(), Some("2 passed, 0 failed"));
    }

    #[test]
    fn the_table_names_every_step_with_the_first_line_of_its_note() {
        let mut report = Report::default();
        report.step("lint", "layers", || {
            Err(Error::Rule(
                "vault depends on tauri\nusage depends on vault".to_owned(),
            ))
        });
        let table = report.to_string();
        let row = table.lines().nth(1).unwrap();
        assert!(
            row.starts_with("lint")
                && row.contains("FAILED")
                && row.ends_with("vault depends on tauri"),
            "{row}"
        );
    }
}

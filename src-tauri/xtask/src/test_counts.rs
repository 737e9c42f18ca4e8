//! Numbers of tests, read from the summaries that the test runners print.
//!
//! The printed summaries are older and steadier than the runners' machine formats, which are unstable (libtest) or
//! would silence the live output (vitest). A runner whose summary is not found counts as no tests, and a step that
//! should have run tests and ran none fails: see [`crate::report`].

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TestCounts {
    /// Tests that passed.
    pub(crate) passed: u32,
    /// Tests that failed.
    pub(crate) failed: u32,
}

impl TestCounts {
    /// How many ran.
    pub(crate) fn ran(self) -> u32 {
        self.passed + self.failed
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// How the summary of a test runner is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    /// How many tests passed and failed.
    pub(crate) count: fn(&str) -> TestCounts,
    /// Which failed.
    pub(crate) failed: fn(&str) -> Vec<FailedTest>,
}

/// A test that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedTest {
    /// By the name that the runner has for it.
    pub(crate) name: String,
    /// The first line of what the runner says of the reason; empty where it says nothing.
    pub(crate) reason: String,
}

/// That of `cargo test`.
pub(crate) const CARGO: Summary = Summary {
    count: cargo,
    failed: failed_in_cargo,
};

/// That of vitest.
pub(crate) const VITEST: Summary = Summary {
    count: vitest,
    failed: failed_in_vitest,
};

/// That of schemathesis, which names operations and no tests.
pub(crate) const SCHEMATHESIS: Summary = Summary {
    count: schemathesis,
    failed: |_| Vec::new(),
};

/// Sums `test result: ok. 12 passed; 0 failed; …` over every test binary of a `cargo test`.
fn cargo(output: &str) -> TestCounts {
    let mut sum = TestCounts::default();
    for line in plain(output).lines() {
        if let Some((_, counts)) = line.split_once("test result: ") {
            sum.add(TestCounts {
                passed: number_before(counts, "passed"),
                failed: number_before(counts, "failed"),
            });
        }
    }
    sum
}

/// The tests that failed, from the lines `test accounts::renamed ... FAILED` of a `cargo test`, and what stands below
/// `---- accounts::renamed stdout ----`.
fn failed_in_cargo(output: &str) -> Vec<FailedTest> {
    let text = plain(output);
    let names = text.lines().filter_map(|line| {
        let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
        let shown = format!("---- {name} stdout ----");
        let mut below = text.lines().skip_while(|line| **line != shown).skip(1);
        let reason = below
            .find(|line| line.contains(" panicked at "))
            .and_then(|_| below.next());
        Some(FailedTest {
            name: name.to_owned(),
            reason: reason.unwrap_or_default().trim().to_owned(),
        })
    });
    names.collect()
}

/// Reads `Tests  1 failed | 11 passed (12)`, the last summary line of vitest.
fn vitest(output: &str) -> TestCounts {
    let text = plain(output);
    let counts = text
        .lines()
        .rev()
        .find_map(|line| line.trim_start().strip_prefix("Tests "));
    counts.map_or_else(TestCounts::default, |counts| TestCounts {
        passed: number_before(counts, "passed"),
        failed: number_before(counts, "failed"),
    })
}

/// The tests that failed, with their files, from the lines ` FAIL  src/a.test.tsx > it > works` of vitest. Tests with one
/// reason in common stand in lines above it.
fn failed_in_vitest(output: &str) -> Vec<FailedTest> {
    let text = plain(output);
    let mut lines = text.lines();
    let mut failed = Vec::new();
    while let Some(line) = lines.next() {
        let Some(name) = failed_line(line).filter(|name| name.contains(FILE_AND_TEST)) else {
            continue;
        };
        let reason = lines.clone().find(|line| failed_line(line).is_none());
        failed.push(FailedTest {
            name: name.to_owned(),
            reason: reason.unwrap_or_default().trim().to_owned(),
        });
    }
    failed
}

fn failed_line(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("FAIL ").map(str::trim)
}

/// What stands between a file and its tests in the names that vitest has.
const FILE_AND_TEST: &str = " > ";

/// The files of tests with names of vitest, each once.
pub(crate) fn vitest_files(names: &[String]) -> Vec<&str> {
    let files = names
        .iter()
        .filter_map(|name| name.split_once(FILE_AND_TEST));
    let mut files: Vec<&str> = files.map(|(file, _)| file).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Sums the line below each phase of schemathesis, ` ✅ 7 passed  ❌ 4 failed  🚫 1 error`: operations, and whole
/// scenarios in the stateful phase. The thousand generated requests behind them are not counted as tests.
fn schemathesis(output: &str) -> TestCounts {
    let mut sum = TestCounts::default();
    let text = plain(output);
    let starts = ['✅', '❌', '🚫'];
    for line in text
        .lines()
        .filter(|line| line.trim_start().starts_with(starts))
    {
        let errors = number_before(line, "error") + number_before(line, "errors");
        sum.add(TestCounts {
            passed: number_before(line, "passed"),
            failed: number_before(line, "failed") + errors,
        });
    }
    sum
}

/// The number right before the word; 0 when there is none. Thousands may be parted by commas.
fn number_before(text: &str, word: &str) -> u32 {
    let words: Vec<&str> = text
        .split([' ', ';', '|', '(', ')'])
        .filter(|word| !word.is_empty())
        .collect();
    let pair = words
        .windows(2)
        .find(|pair| pair[1].trim_end_matches([',', '.']) == word);
    pair.and_then(|pair| parsed(pair[0])).unwrap_or(0)
}

fn parsed(number: &str) -> Option<u32> {
    number.replace(',', "").parse().ok()
}

/// The text without ANSI colours (ECMA-48 control sequences: `ESC [ … letter`).
fn plain(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    kept.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part
            .find(|letter: char| letter.is_ascii_alphabetic())
            .map_or(part.len(), |at| at + 1);
        kept.push_str(&part[end..]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_sums_over_binaries_and_ignores_colours() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: \u{1b}[31mFAILED\u{1b}[0m. 11 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(
            cargo(output),
            TestCounts {
                passed: 14,
                failed: 2
            }
        );
    }

    fn names(failed: &[FailedTest]) -> Vec<String> {
        failed.iter().map(|test| test.name.clone()).collect()
    }

    #[test]
    fn failed_tests_are_named_with_and_without_colours() {
        let output = "test list::a ... ok\ntest list::b ... FAILED\n\
            test list::c ... \u{1b}[31mFAILED\u{1b}[m\ntest result: FAILED. 1 passed; 2 failed";
        assert_eq!(names(&failed_in_cargo(output)), ["list::b", "list::c"]);
    }

    #[test]
    fn cargo_tells_the_reason_below_the_name() {
        let output = "test list::b ... FAILED\n\nfailures:\n\n---- list::b stdout ----\n\n\
            thread 'list::b' (7) panicked at tests/it/list.rs:4:5:\nassertion failed\n  left: 2\n";
        assert_eq!(failed_in_cargo(output)[0].reason, "assertion failed");
    }

    #[test]
    fn vitest_names_the_tests_that_failed_and_their_files() {
        let output = " \u{1b}[31m❯\u{1b}[39m src/a.test.tsx (2 tests | 2 failed)\n\
            \u{1b}[41m FAIL \u{1b}[49m src/a.test.tsx\u{1b}[2m > \u{1b}[22mit\u{1b}[2m > \u{1b}[22mworks\n\
            \u{1b}[41m FAIL \u{1b}[49m src/a.test.tsx > it > stays\n\
            \u{1b}[31mError: it is gone\u{1b}[39m\n\
            FAIL  src/b.test.tsx\n";
        let failed = failed_in_vitest(output);
        let names = names(&failed);
        assert_eq!(
            names,
            ["src/a.test.tsx > it > works", "src/a.test.tsx > it > stays"]
        );
        assert!(failed.iter().all(|test| test.reason == "Error: it is gone"));
        assert_eq!(vitest_files(&names), ["src/a.test.tsx"]);
    }

    #[test]
    fn vitest_reads_tests_not_files() {
        let output = " Test Files  2 passed (2)\n      Tests  1 failed | 11 passed (12)\n   Duration  2.1s\n";
        assert_eq!(
            vitest(output),
            TestCounts {
                passed: 11,
                failed: 1
            }
        );
        let coloured =
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m (7)\n";
        assert_eq!(
            vitest(coloured),
            TestCounts {
                passed: 7,
                failed: 0
            }
        );
    }

    #[test]
    fn schemathesis_counts_the_lines_of_its_phases_only() {
        let output = " ✅  Coverage (in 13.26s)\n\n     ✅ 7 passed  ❌ 4 failed\n\n ❌  Stateful (in 5.13s)\n\n     \
            ✅ 163 passed  ❌ 3 failed  🚫 1 error\n\nTest cases:\n  1386 generated, 4 found 4 unique failures\n";
        let expected = TestCounts {
            passed: 170,
            failed: 8,
        };
        assert_eq!(schemathesis(output), expected);
    }

    #[test]
    fn silence_counts_as_nothing() {
        assert_eq!(cargo("error: could not compile"), TestCounts::default());
        assert_eq!(vitest("No test files found"), TestCounts::default());
        assert_eq!(schemathesis(""), TestCounts::default());
    }
}

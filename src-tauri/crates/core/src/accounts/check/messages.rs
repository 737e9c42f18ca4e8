//! The connection report as plain text.
//!
//! Every word of it is ours but the server's host, the base's path and the contract's paths. What the server said is told
//! by what it means: its own messages may hold names.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use pulseapi::{
    Answered, Check, CheckedBase, CheckedCall, Content, Error as ApiError, Limits, Mismatch,
    NotTried, Operation, Outcome, RedirectedTo,
};

use crate::accounts::check::wire::ConnectionReport;
use crate::base::text::exact;

/// Why there is no report of an account of the sandbox.
pub(super) const SANDBOX_ELSEWHERE: &str = "The sandbox answers only while the app's window is open. Check it there: \
                                            Accounts, Check the connection.";

/// Longer parts of a base's path are left out.
const MAX_PART_CHARS: usize = 20;

/// How wide the column of calls is.
const CALL_WIDTH: usize = 32;

/// What a look showed, in words.
pub(super) fn report(check: &Check, now: Timestamp, version: &str) -> ConnectionReport {
    let summary = summary(check);
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words.trim_end());
        text.push('\n');
    };
    line("Pulse Keys: connection report");
    line("");
    line(&format!("Version   {version}"));
    line(&format!("Checked   {}", exact(now)));
    line(&format!("Server    {}", host(check)));
    line(&format!("Proxy     {}", proxy(check)));
    line(&format!("Contract  {}", contract(check)));
    line(&format!("Result    {}", summary.words));
    for base in &check.bases {
        line("");
        line(&format!("Under {}", path(base)));
        for call in &base.calls {
            for words in lines(call) {
                line(&words);
            }
        }
    }
    line("");
    line("Not tried, for it would change something");
    for (operation, call) in &check.writes {
        line(&match call {
            Some(call) => row(call, would(*operation)),
            None => row(
                operation.name(),
                "the contract says that there is no such call",
            ),
        });
    }
    line("");
    line("No token, name, id or message of the server is in this report.");
    ConnectionReport {
        is_well: summary.is_well,
        summary: summary.words,
        text,
    }
}

fn host(check: &Check) -> String {
    check.bases.first().map_or_else(String::new, |base| {
        let base = base.base.to_string();
        let end = base
            .find("://")
            .and_then(|scheme| base[scheme + 3..].find('/').map(|slash| scheme + 3 + slash));
        base[..end.unwrap_or(base.len())].to_owned()
    })
}

fn path(base: &CheckedBase) -> String {
    let whole = base.base.to_string();
    let path = whole.find("://").and_then(|scheme| {
        whole[scheme + 3..]
            .find('/')
            .map(|slash| &whole[scheme + 3 + slash..])
    });
    // A long part may be a key that a gateway wants there.
    let masked = path.unwrap_or("/").split('/').map(|part| {
        if part.len() > MAX_PART_CHARS {
            "…"
        } else {
            part
        }
    });
    masked.collect::<Vec<_>>().join("/")
}

fn proxy(check: &Check) -> &'static str {
    let passed_on = calls(check).any(|call| match &call.outcome {
        Outcome::Answered(answered) => answered.was_passed_on,
        _ => false,
    });
    match (check.goes_through_proxy, passed_on) {
        (true, _) => "a proxy, from this computer's settings",
        (false, true) => "none in this computer's settings; one in between says so itself",
        (false, false) => "none in this computer's settings",
    }
}

fn contract(check: &Check) -> &'static str {
    if check.contract.is_built_in() {
        "built in"
    } else {
        "contract.toml in the configuration folder"
    }
}

fn calls(check: &Check) -> impl Iterator<Item = &CheckedCall> {
    check.bases.iter().flat_map(|base| &base.calls)
}

struct Summary {
    is_well: bool,
    words: String,
}

fn summary(check: &Check) -> Summary {
    let trouble = |words: &str| Summary {
        is_well: false,
        words: words.to_owned(),
    };
    if let Some(base) = check.answering() {
        let wrong: Vec<&CheckedCall> = base.calls.iter().filter(|call| matters(call)).collect();
        let lacks_keys = wrong.iter().any(|call| {
            call.operation == Operation::List && call.problem().is_some_and(is_not_there)
        });
        return if wrong.is_empty() {
            Summary {
                is_well: true,
                words: "Everything that Pulse Keys needs is answered as it should be.".to_owned(),
            }
        } else if lacks_keys {
            trouble("The server answers, and has no endpoints for API keys here.")
        } else {
            let names: Vec<&str> = wrong
                .iter()
                .filter_map(|call| call.call.as_deref())
                .collect();
            trouble(&format!(
                "The server answers, but not as it should to {}.",
                names.join(", ")
            ))
        };
    }
    let problems: Vec<&ApiError> = calls(check).filter_map(CheckedCall::problem).collect();
    let is = |wanted: fn(&ApiError) -> bool| problems.iter().any(|problem| wanted(problem));
    trouble(if is(|problem| matches!(problem, ApiError::Tls { .. })) {
        "No secure connection could be made, so the token was not sent."
    } else if is(|problem| matches!(problem, ApiError::Offline { .. })) {
        "The server can't be reached."
    } else if is(|problem| {
        matches!(
            problem,
            ApiError::Timeout { .. } | ApiError::ConnectionLost { .. }
        )
    }) {
        "The server took the connection and gave no whole answer."
    } else if is(|problem| matches!(problem, ApiError::RateLimited { .. })) {
        "The server asks to wait: it has had too many requests."
    } else if is(|problem| {
        matches!(
            problem,
            ApiError::PlanWithoutApi { .. } | ApiError::PlanLimit { .. }
        )
    }) {
        "The server answers, and the plan of this account does not allow it."
    } else if is(|problem| *problem == ApiError::Unauthorized) {
        "The server answers, and does not accept the token."
    } else if is(asks_to_sign_in) {
        "The server asks to sign in on a web page: it does not accept the token, or this is no address of an API."
    } else if is(is_html) {
        "Web pages came back in place of the API's answers: a proxy, a portal or another address."
    } else {
        "Nothing here answers like PulseAPI."
    })
}

/// Whether something is wrong with a call that the app can't do without.
fn matters(call: &CheckedCall) -> bool {
    let Some(problem) = call.problem() else {
        return false;
    };
    match call.operation {
        // Keys that look after keys need not see what keys are for, and not every server tells whose a token is.
        Operation::Monitors | Operation::Incidents | Operation::User => {
            !is_not_there(problem)
                && !matches!(
                    problem,
                    ApiError::MissingAbility { .. } | ApiError::Forbidden { .. }
                )
        }
        _ => true,
    }
}

fn is_not_there(problem: &ApiError) -> bool {
    matches!(
        problem,
        ApiError::NotFound
            | ApiError::NotPulseApi {
                reason: Mismatch::ForeignNotFound | Mismatch::NoKeyEndpoints
            }
    )
}

fn asks_to_sign_in(problem: &ApiError) -> bool {
    matches!(
        problem,
        ApiError::NotPulseApi {
            reason: Mismatch::SignIn { .. }
        }
    )
}

fn is_html(problem: &ApiError) -> bool {
    matches!(
        problem,
        ApiError::NotPulseApi {
            reason: Mismatch::Html
        }
    )
}

/// One call: what came of it, and below that what else its answer says.
fn lines(call: &CheckedCall) -> Vec<String> {
    let name = call.call.as_deref().unwrap_or(call.operation.name());
    match &call.outcome {
        Outcome::NotTried(why) => vec![row(name, not_tried(*why))],
        Outcome::NoAnswer { error, took } => {
            vec![row(
                name,
                &format!("no answer  {}  {}", time(*took), meaning(error)),
            )]
        }
        Outcome::Answered(answered) => {
            let result = match &answered.problem {
                None => "as it should be".to_owned(),
                Some(problem) => meaning(problem),
            };
            let status = answered.status;
            let told = format!("{status}  {}  {result}", time(answered.took));
            vec![row(name, &told), row("", &details(answered))]
        }
    }
}

fn row(name: &str, told: &str) -> String {
    format!("  {name:CALL_WIDTH$}  {told}")
}

fn time(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

fn not_tried(why: NotTried) -> &'static str {
    match why {
        NotTried::NotOffered => "not tried: the contract says that there is no such call",
        NotTried::NoKey => "not tried: no key is known to ask for",
        NotTried::SameTrouble => "not tried: the same would come of it",
    }
}

fn details(answered: &Answered) -> String {
    let mut told = match answered.content {
        Content::Json => "JSON",
        Content::Html => "a web page",
        Content::Text => "plain text",
        Content::Other => "another kind of content",
        Content::Unsaid => "no content type",
    }
    .to_owned();
    told.push_str("; ");
    told.push_str(&limits(&answered.limits));
    if let Some(redirect) = answered.redirect {
        told.push_str(match redirect {
            RedirectedTo::SameHost => "; redirected to the same host",
            RedirectedTo::SignIn => "; redirected to a page for signing in",
            RedirectedTo::AnotherHost => "; redirected to another host, which was not followed",
            RedirectedTo::Nowhere => "; redirected to nowhere that can be read",
        });
    }
    if answered.was_passed_on {
        told.push_str("; passed on by a proxy");
    }
    told
}

fn limits(limits: &Limits) -> String {
    let mut told = match (limits.limit, limits.remaining) {
        (Some(limit), Some(remaining)) => format!("{remaining} of {limit} requests left"),
        (Some(limit), None) => format!("{limit} requests allowed, not told how many are left"),
        (None, Some(remaining)) => format!("{remaining} requests left, not told of how many"),
        (None, None) => return "no word on rate limits".to_owned(),
    };
    match limits.resets_in {
        Some(wait) => {
            // Writing to a text never fails.
            let _ = write!(told, ", renewed in {} s", wait.as_secs());
        }
        None => told.push_str(", not told when that is renewed"),
    }
    if let Some(wait) = limits.retry_after {
        let _ = write!(told, ", asks to wait {} s", wait.as_secs());
    }
    told
}

/// What an error means, without a word of the server's.
fn meaning(error: &ApiError) -> String {
    let fixed = match error {
        ApiError::Unauthorized => "the token is not accepted",
        ApiError::PlanWithoutApi { .. } => "refused: the plan has no API access",
        ApiError::PlanLimit { .. } => "refused: the plan does not allow it",
        ApiError::MissingAbility { .. } => "refused: the token lacks an ability for this",
        ApiError::Forbidden { .. } | ApiError::Rejected { .. } => "refused",
        ApiError::NotFound => "nothing there, by the service's own word",
        ApiError::NotFinished { .. } => "accepted, and not said to be done",
        ApiError::Invalid { .. } => "refused: a value is not acceptable",
        ApiError::RateLimited { .. } => "asks to wait",
        ApiError::Conflict { .. } => "refused: a conflict",
        ApiError::Server { .. } => "the server failed",
        ApiError::Timeout { sent: false } => "no connection in time",
        ApiError::Timeout { sent: true } => "no answer in time",
        ApiError::BodyTooLarge { .. } => "the answer is too large",
        ApiError::NotOffered { .. } => "the contract says that there is no such call",
        ApiError::Contract { .. } => "the description of the server can't be used",
        ApiError::Offline { detail } => return format!("can't be reached: {detail}"),
        ApiError::Tls { detail } => return format!("no secure connection: {detail}"),
        ApiError::ConnectionLost { detail } => return format!("the connection broke: {detail}"),
        ApiError::NotPulseApi { reason } => match reason {
            Mismatch::Html => "a web page in place of an answer",
            Mismatch::NotJson => "no JSON",
            Mismatch::ForeignNotFound => "nothing there, in another form than PulseAPI's",
            Mismatch::NoKeyEndpoints => "no such endpoint",
            Mismatch::Redirect { .. } => "redirected elsewhere",
            Mismatch::SignIn { .. } => "asks to sign in",
            Mismatch::WebForm => "takes the request for a form of its website",
            Mismatch::LongList { pages } => {
                return format!("a list that goes on after {pages} pages");
            }
            Mismatch::Shape { path } => {
                return format!("another form than expected, first at {path}");
            }
        },
    };
    fixed.to_owned()
}

fn would(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "would create a key",
        Operation::Rotate => "would replace the token of a key",
        Operation::Delete => "would delete a key",
        _ => "would change something",
    }
}

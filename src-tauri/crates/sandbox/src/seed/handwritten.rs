//! A dozen keys of all kinds: busy, idle, never used, old, new, with awkward names.

use jiff::Timestamp;

use super::records::{COLLEAGUE, SECOND_TEAM, TEAM, days_ago, key, minutes_ago};
use crate::store::NewKey;

const LONG_NAME: &str = "Nightly synthetic checks for the checkout, payment and \
    order-confirmation journeys (EU, US and APAC regions), owned by Platform Reliability";
const ODD_NAME: &str = "Zoë’s \"backup\" key 🔑 <b>tag</b> & 'quotes' / 100 %";

/// The keys of the seeded user, those that show most first.
pub(super) fn keys(now: Timestamp) -> Vec<NewKey> {
    let days = |days| days_ago(now, days);
    let hours = |hours: i64| minutes_ago(now, hours * 60);
    vec![
        NewKey {
            last_used_at: Some(minutes_ago(now, 12)),
            rotated_at: Some(days(40)),
            ..key(
                TEAM,
                "CI/CD Pipeline",
                &["monitors:read", "checks:run"],
                days(214),
            )
        },
        NewKey {
            last_used_at: Some(days(3)),
            ..key(
                TEAM,
                "Zapier Integration",
                &["incidents:read", "alerts:read"],
                days(97),
            )
        },
        NewKey {
            last_used_at: Some(days(26)),
            ..key(
                TEAM,
                "Monitoring Dashboard",
                &["monitors:read", "incidents:read"],
                days(322),
            )
        },
        NewKey {
            last_used_at: Some(days(104)),
            ..key(TEAM, "Status page (old)", &["incidents:read"], days(410))
        },
        NewKey {
            last_used_at: Some(days(211)),
            ..key(
                TEAM,
                "nagios-bridge dc1",
                &["monitors:read", "alerts:write"],
                days(731),
            )
        },
        key(
            TEAM,
            "Terraform provider",
            &["monitors:read", "monitors:write"],
            days(163),
        ),
        key(
            TEAM,
            "PagerDuty sync",
            &["incidents:read", "alerts:write"],
            hours(2),
        ),
        NewKey {
            last_used_at: Some(hours(31)),
            ..key(
                TEAM,
                LONG_NAME,
                &["monitors:read", "checks:run", "incidents:read"],
                days(58),
            )
        },
        NewKey {
            last_used_at: Some(days(67)),
            ..key(TEAM, ODD_NAME, &["monitors:read"], days(120))
        },
        NewKey {
            last_used_at: Some(days(45)),
            rotated_at: Some(days(46)),
            ..key(TEAM, "Break-glass, full access", &["*"], days(505))
        },
        NewKey {
            last_used_at: Some(hours(5)),
            ..key(
                SECOND_TEAM,
                "Slack incident bot",
                &["incidents:read", "team:read"],
                days(19),
            )
        },
        NewKey {
            last_used_at: Some(days(9)),
            ..key(
                SECOND_TEAM,
                "Grafana data source",
                &["monitors:read"],
                days(88),
            )
        },
    ]
}

/// A key that must never show up in the seeded user's list.
pub(super) fn colleagues_key(now: Timestamp) -> NewKey {
    NewKey {
        user_id: COLLEAGUE,
        last_used_at: Some(days_ago(now, 1)),
        ..key(
            TEAM,
            "Mira's laptop",
            &["monitors:read"],
            days_ago(now, 800),
        )
    }
}

//! Believable keys in any number, for large lists.

use jiff::Timestamp;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::records::{self, SECOND_TEAM, TEAM, minutes_ago};
use crate::ability;
use crate::store::NewKey;

const TOOLS: [&str; 16] = [
    "GitHub Actions",
    "GitLab CI",
    "Jenkins",
    "Terraform",
    "Ansible",
    "Grafana",
    "Zapier",
    "Make",
    "n8n",
    "Slack bot",
    "PagerDuty",
    "Datadog bridge",
    "Argo CD",
    "Status page",
    "Backup script",
    "On-call report",
];
const SERVICES: [&str; 16] = [
    "checkout",
    "payments",
    "search",
    "accounts",
    "catalogue",
    "mail",
    "billing",
    "identity",
    "media",
    "orders",
    "inventory",
    "gateway",
    "docs",
    "mobile",
    "reports",
    "webhooks",
];
const PLACES: [&str; 6] = [
    "production",
    "staging",
    "eu-west-1",
    "us-east-2",
    "ap-south-1",
    "dev",
];

const MINUTES_OF_A_DAY: i64 = 24 * 60;

fn name(random: &mut StdRng) -> String {
    let mut pick = |words: &[&'static str]| *words.choose(random).unwrap_or(&"");
    let (tool, service, place) = (pick(&TOOLS), pick(&SERVICES), pick(&PLACES));
    format!(
        "{tool}: {service} ({place}) #{}",
        random.random_range(1..100)
    )
}

/// One key of the seeded user, created within the last two years. A fifth were never used; the others
/// are spread from just now to the day of their creation, most of them recent.
pub(super) fn key(random: &mut StdRng, now: Timestamp) -> NewKey {
    let age = random.random_range(60..730 * MINUTES_OF_A_DAY);
    let team = if random.random_ratio(1, 4) {
        SECOND_TEAM
    } else {
        TEAM
    };
    let name = name(random);
    let how_many = random.random_range(1..=3);
    let abilities: Vec<_> = ability::CATALOGUE
        .sample(random, how_many)
        .map(|(ability, _)| *ability)
        .collect();
    let mut made = records::key(team, &name, &abilities, minutes_ago(now, age));
    if !random.random_ratio(1, 5) {
        let idle = (age as f64 * random.random::<f64>().powi(3)) as i64;
        made.last_used_at = Some(minutes_ago(now, idle));
    }
    made
}

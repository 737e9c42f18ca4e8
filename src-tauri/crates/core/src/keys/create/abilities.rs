//! What the form for a new key offers: abilities by resource, and ready-made choices.
//!
//! Everything is made from what the service lists now, so an ability that it adds appears and one that it drops
//! goes. Left out: asking for the list, and checking a choice, which is the service's.

use pulseapi::Ability;

use crate::base::text::sanitized;
use crate::keys::create::wire::{AbilityGroup, AbilityPreset, AbilityView, CreateForm};
use crate::records::names;

/// Every ability at once, as Sanctum writes it.
const ALL: &str = "*";

/// What a pipeline needs: to look, and to run a check after a deployment.
const CONTINUOUS_INTEGRATION: [&str; 3] = ["monitors:read", "checks:run", "incidents:read"];

/// The form for these abilities.
pub(crate) fn form(known: &[Ability], longest_name: u32) -> CreateForm {
    let mut groups: Vec<AbilityGroup> = Vec::new();
    for ability in known.iter().filter(|ability| ability.name != ALL) {
        let title = title(&ability.name);
        let shown = AbilityView {
            name: ability.name.clone(),
            meaning: ability
                .description
                .as_deref()
                .map(sanitized)
                .unwrap_or_default(),
        };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.abilities.push(shown),
            None => groups.push(AbilityGroup {
                title,
                abilities: vec![shown],
            }),
        }
    }
    CreateForm {
        groups,
        presets: presets(known),
        longest_name,
    }
}

/// The resource in words: what stands before the colon.
fn title(ability: &str) -> String {
    let resource = ability.split(':').next().unwrap_or(ability);
    if resource == "api-keys" {
        return "API keys".to_owned();
    }
    names::capitalised(&sanitized(resource).replace(['-', '_'], " "))
}

fn presets(known: &[Ability]) -> Vec<AbilityPreset> {
    let names = || known.iter().map(|ability| ability.name.clone());
    let reading = names().filter(|name| name.ends_with(":read")).collect();
    let pipeline = names()
        .filter(|name| CONTINUOUS_INTEGRATION.contains(&name.as_str()))
        .collect();
    let choices: [(&str, Vec<String>, Option<&str>); 3] = [
        ("Read-only dashboard", reading, None),
        ("CI pipeline", pipeline, None),
        (
            "Full access",
            vec![ALL.to_owned()],
            Some(
                "Whoever has this token can do everything that you can, also delete monitors and make keys. Most \
                 integrations need far less.",
            ),
        ),
    ];
    choices
        .into_iter()
        .filter(|(_, abilities, _)| !abilities.is_empty())
        .map(|(title, abilities, warning)| AbilityPreset {
            title: title.to_owned(),
            abilities,
            warning: warning.map(str::to_owned),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ability(name: &str) -> Ability {
        Ability {
            name: name.to_owned(),
            description: Some("A line\u{202e}.".to_owned()),
        }
    }

    #[test]
    fn abilities_stand_by_resource_in_the_services_order() {
        let known = ["monitors:read", "api-keys:manage", "monitors:write", "*"].map(ability);
        let form = form(&known, 255);
        let groups: Vec<_> = form
            .groups
            .iter()
            .map(|group| (group.title.as_str(), group.abilities.len()))
            .collect();
        assert_eq!(groups, [("Monitors", 2), ("API keys", 1)]);
        assert_eq!(form.groups[0].abilities[0].meaning, "A line.");
    }

    #[test]
    fn a_ready_made_choice_holds_only_what_exists() {
        let form = form(&["monitors:read", "billing:pay"].map(ability), 255);
        let chosen: Vec<_> = form
            .presets
            .iter()
            .map(|preset| preset.abilities.clone())
            .collect();
        assert_eq!(
            chosen,
            [vec!["monitors:read"], vec!["monitors:read"], vec!["*"]]
        );
    }
}

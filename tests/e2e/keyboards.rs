//! Every shortcut on keyboards of other countries: X's own layouts, switched while the app runs. Each does what it does on
//! a keyboard of the United States, pressed where a user of that layout would press it.

use support::driver::App;
use support::scene::Scene;
use support::wait;

use crate::actions::{
    Listed, Noticed, QUIT, begin, effect, leave, listed, notice, opened, prepare, press, pressed,
};

/// As `setxkbmap` takes them; and which keys such a keyboard has to be pressed by their place, or by another name.
struct Keyboard {
    name: &'static str,
    layout: &'static [&'static str],
    keys: fn(&str) -> Option<&'static str>,
    /// Whether letters, and signs and digits, are elsewhere than on a keyboard of the United States, or nowhere.
    differs_in: (bool, bool),
}

const US: Keyboard = Keyboard {
    name: "us",
    layout: &["us"],
    keys: |_| None,
    differs_in: (false, false),
};

const OTHERS: [Keyboard; 6] = [
    Keyboard {
        name: "de",
        layout: &["de"],
        keys: |_| None,
        differs_in: (false, true),
    },
    Keyboard {
        name: "dvorak",
        layout: &["us", "-variant", "dvorak"],
        keys: |_| None,
        differs_in: (true, true),
    },
    Keyboard {
        name: "fr",
        layout: &["fr"],
        keys: digit_by_place,
        differs_in: (true, true),
    },
    Keyboard {
        name: "ru",
        layout: &["ru"],
        keys: letter_by_place,
        differs_in: (true, true),
    },
    Keyboard {
        name: "gr",
        layout: &["gr"],
        keys: letter_by_place,
        differs_in: (true, false),
    },
    Keyboard {
        name: "us and ru, switched to ru",
        layout: &["us,ru", "-option", "grp:toggle"],
        keys: letter_in_russian,
        differs_in: (true, false),
    },
];

/// X's number of the key.
fn digit_by_place(key: &str) -> Option<&'static str> {
    Some(match key {
        "1" => "10",
        "2" => "11",
        "3" => "12",
        "4" => "13",
        "0" => "19",
        _ => return None,
    })
}

/// A key on a keyboard of the United States, X's number of it, and what it types in Russian.
const LETTERS: [(&str, &str, &str); 27] = [
    ("q", "24", "Cyrillic_shorti"),
    ("w", "25", "Cyrillic_tse"),
    ("e", "26", "Cyrillic_u"),
    ("r", "27", "Cyrillic_ka"),
    ("t", "28", "Cyrillic_ie"),
    ("y", "29", "Cyrillic_en"),
    ("u", "30", "Cyrillic_ghe"),
    ("i", "31", "Cyrillic_sha"),
    ("o", "32", "Cyrillic_shcha"),
    ("p", "33", "Cyrillic_ze"),
    ("a", "38", "Cyrillic_ef"),
    ("s", "39", "Cyrillic_yeru"),
    ("d", "40", "Cyrillic_ve"),
    ("f", "41", "Cyrillic_a"),
    ("g", "42", "Cyrillic_pe"),
    ("h", "43", "Cyrillic_er"),
    ("j", "44", "Cyrillic_o"),
    ("k", "45", "Cyrillic_el"),
    ("l", "46", "Cyrillic_de"),
    ("z", "52", "Cyrillic_ya"),
    ("x", "53", "Cyrillic_che"),
    ("c", "54", "Cyrillic_es"),
    ("v", "55", "Cyrillic_em"),
    ("b", "56", "Cyrillic_i"),
    ("n", "57", "Cyrillic_te"),
    ("m", "58", "Cyrillic_softsign"),
    ("comma", "59", "Cyrillic_be"),
];

fn letter(key: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    LETTERS.iter().find(|(letter, ..)| *letter == key)
}

fn letter_by_place(key: &str) -> Option<&'static str> {
    letter(key).map(|(_, place, _)| *place)
}

/// What the same keys type in the second group, which is locked for as long as the key is down.
fn letter_in_russian(key: &str) -> Option<&'static str> {
    letter(key).map(|(.., russian)| *russian)
}

impl Keyboard {
    /// How a chord of the table is pressed on it.
    fn pressed(&self, chord: &str) -> String {
        let chord = pressed(chord);
        let (held, key) = match chord.rsplit_once('+') {
            Some((held, key)) => (format!("{held}+"), key),
            None => (String::new(), chord.as_str()),
        };
        format!("{held}{}", (self.keys)(key).unwrap_or(key))
    }

    fn differs_for(&self, chord: &str) -> bool {
        let is_letter = chord.ends_with(|last: char| last.is_ascii_alphabetic());
        let (letters, signs) = self.differs_in;
        if is_letter { letters } else { signs }
    }

    fn connect(&self, scene: &Scene) {
        // Options add up unless they are cleared first.
        scene
            .desktop
            .output_of(scene.desktop.command("setxkbmap").args(["-option", ""]));
        let mut command = scene.desktop.command("setxkbmap");
        scene
            .desktop
            .output_of(command.arg("-layout").args(self.layout));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_shortcut_of_a_character_does_the_same_on_every_keyboard() {
    fire_every_second(0).await;
}

/// In two halves, so that they run side by side.
#[tokio::test(flavor = "multi_thread")]
async fn each_other_shortcut_does_too() {
    fire_every_second(1).await;
}

/// Keys with names of their own, such as F5, are the same on all.
fn depends_on_layout(chord: &str) -> bool {
    chord
        .rsplit('+')
        .next()
        .is_some_and(|key| key.chars().count() <= 1)
}

async fn fire_every_second(first: usize) {
    let scene = Scene::new().await;
    let (app, key) = opened(&scene).await;
    drop(begin(&app, &scene, key).await);
    let all = listed(&app).await;
    let chords: Vec<(&Listed, &str)> = all
        .iter()
        .filter(|action| action.id != QUIT)
        .flat_map(|action| {
            action
                .keys
                .iter()
                .map(move |chord| (action, chord.as_str()))
        })
        .filter(|(_, chord)| depends_on_layout(chord))
        .collect();
    assert!(chords.len() > 20, "{} chords are listed", chords.len());

    let chords: Vec<_> = chords.into_iter().skip(first).step_by(2).collect();
    let mut expected = Vec::new();
    for fired in &chords {
        expected.push(fire(&app, &scene, key, *fired, &US).await);
    }
    for keyboard in &OTHERS {
        keyboard.connect(&scene);
        for (fired, expected) in chords.iter().zip(&expected) {
            let (action, chord) = fired;
            if keyboard.differs_for(chord) {
                let found = fire(&app, &scene, key, *fired, keyboard).await;
                let of = format!("{} by {chord} on {}", action.id, keyboard.name);
                assert_eq!(found, *expected, "{of}");
                println!("  {of}");
            }
        }
    }

    drop(begin(&app, &scene, key).await);
    // A letter of the layout is seen before the key that types none there.
    let keyboard = &OTHERS[3 + first];
    keyboard.connect(&scene);
    press(&app, &keyboard.pressed("j")).await;
    app.screen().press(&keyboard.pressed("mod+Q"));
    wait::until_true("the app has ended", || app.processes().is_empty());
}

/// What a chord does on the keyboard that is connected, from where every firing begins.
async fn fire(
    app: &App<'_>,
    scene: &Scene,
    key: i64,
    (action, chord): (&Listed, &str),
    keyboard: &Keyboard,
) -> Noticed {
    let clipboard = begin(app, scene, key).await;
    prepare(app, &action.id, key).await;
    let before = notice(app, scene).await;
    press(app, &keyboard.pressed(chord)).await;
    let of = format!("{} by {chord} on {}", action.title, keyboard.name);
    let noticed = effect(app, scene, &before, &of).await;
    leave(app);
    drop(clipboard);
    noticed
}

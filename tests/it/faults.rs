//! Everything that can happen to the one request that makes or rotates a key: what the app says, and whether it is
//! true.
//!
//! `tests/fixtures/faults.md` is the table of it, made here. `PULSE_KEYS_REGENERATE=1 cargo test -p pulse-keys-tests
//! --test it -- the_table_of_faults` writes it anew. Left out: what happens when the app itself is cut off (`interrupted`).

use std::fmt::Write as _;

use pulse_keys_core::view::{AccountId, CreateOutcome, NextStep, RotateOutcome, TokenInCustody};
use sandbox::faults::Fault;

use crate::proxy::{
    Proxy, cut_after_token, cut_after_token_in_text, cut_within_token, other_shape_beside_token,
    token_on_an_error_page, token_within_data, without_token,
};
use crate::table::{self, lasting, words};
use crate::world::{KEY, KEYS, ROTATE, World, always, id_of, status};

/// What goes wrong.
#[derive(Clone)]
enum Breaks {
    /// The write, and only that.
    Write(Fault),
    /// The write, and from then on every look at the keys.
    WriteAndLooks(Fault, Fault),
    /// The answer, after the server acted and told the truth.
    Answer(fn(&[u8]) -> Vec<u8>),
    /// The connection, before anything was sent.
    Wire,
}

fn cases() -> Vec<(&'static str, Breaks)> {
    use Breaks::{Answer, Wire, Write, WriteAndLooks};
    let after = |status| Write(Fault::StatusAfter { status });
    let before = |number| Write(status(number));
    let redirect = Fault::Redirect {
        location: "https://elsewhere.example/".to_owned(),
    };
    let huge = Fault::HugeBody {
        bytes: 20_000_000,
        announced: false,
    };
    vec![
        ("nobody listens", Wire),
        (
            "connection cut before the server acted",
            Write(Fault::DropBefore),
        ),
        (
            "connection cut after the server acted",
            Write(Fault::DropAfter),
        ),
        (
            "no answer in time, the server acted",
            Write(Fault::HangAfter),
        ),
        ("503, the server did not act", before(503)),
        ("502, the server acted", after(502)),
        ("429", before(429)),
        ("401", before(401)),
        ("403", before(403)),
        ("404", before(404)),
        ("409", before(409)),
        ("answer cut within the token", Answer(cut_within_token)),
        ("answer cut after the token", Answer(cut_after_token)),
        (
            "good token beside a key in another shape",
            Answer(other_shape_beside_token),
        ),
        ("answer without a token", Answer(without_token)),
        ("a web page", Write(Fault::Html)),
        ("another service’s JSON", Write(Fault::WrongShape)),
        ("20 MB", Write(huge)),
        ("a redirect elsewhere", Write(redirect)),
        (
            "connection cut after the server acted, then nobody answers",
            WriteAndLooks(Fault::DropAfter, Fault::DropBefore),
        ),
        (
            "502 before the server acted, then 401",
            WriteAndLooks(status(502), status(401)),
        ),
    ]
}

/// How it ended, as the user is told.
struct Told {
    outcome: &'static str,
    says: String,
    posts: usize,
}

/// A world in which this goes wrong with the next write.
struct Scene {
    world: World,
    account: AccountId,
    /// Stands in between as long as it is there.
    _middleman: Option<Proxy>,
}

impl Scene {
    async fn new(breaks: &Breaks, write: &'static str) -> Self {
        let (world, mut account) = World::with_keychain().await;
        let mut proxy = None;
        if matches!(breaks, Breaks::Answer(_) | Breaks::Wire) {
            let between = Proxy::before(&world.sandbox.base_url()).await;
            let state = world.connect(between.base_url()).await.unwrap();
            account = state.active.unwrap();
            proxy = Some(between);
        }
        match breaks.clone() {
            Breaks::Write(fault) => {
                world.meanwhile(move |faults| {
                    faults.inject(always("POST", write, fault.clone())).unwrap();
                });
            }
            Breaks::WriteAndLooks(fault, look) => world.meanwhile(move |faults| {
                faults.inject(always("POST", write, fault.clone())).unwrap();
                for path in [KEYS, KEY] {
                    faults.inject(always("GET", path, look.clone())).unwrap();
                }
            }),
            Breaks::Answer(tamper) => proxy.as_ref().unwrap().tamper(tamper),
            Breaks::Wire => proxy.take().unwrap().leaves().await,
        }
        Self {
            world,
            account,
            _middleman: proxy,
        }
    }

    fn told(&self, outcome: &'static str, says: String) -> Told {
        Told {
            outcome,
            says,
            posts: self.world.posts_seen(),
        }
    }

    async fn create(breaks: &Breaks) -> Told {
        let scene = Self::new(breaks, KEYS).await;
        let (world, account) = (&scene.world, scene.account);
        // Nobody is asked before a key is made.
        world.happens_now();
        let outcome = world.create(account, "CI").await;
        world.faults().clear();
        let made = world.ids_of("CI").await;
        let (kind, says) = match &outcome {
            CreateOutcome::Created { token } => {
                assert_eq!(made, [id_of(token)]);
                assert_eq!(world.status_of(token).await, 200);
                ("created", whole(token))
            }
            CreateOutcome::NotCreated { errors } => {
                assert_eq!(made, [0_i64; 0], "{outcome:?}");
                assert!(
                    errors
                        .iter()
                        .all(|error| error.message.ends_with("Nothing was created."))
                );
                ("not created", words(errors))
            }
            CreateOutcome::TokenLost { message, next } => {
                let [id] = made[..] else {
                    panic!("{made:?} {outcome:?}")
                };
                let Some(NextStep::DeleteKey { key, .. }) = next else {
                    panic!("{outcome:?}")
                };
                assert_eq!(key.as_str(), id.to_string());
                assert_eq!(
                    world.notices().await.len(),
                    1,
                    "it is told until it was read"
                );
                ("token lost", format!("{message} [Delete key]"))
            }
            CreateOutcome::Unknown { error } => {
                scene.is_found_out(made.len()).await;
                ("not known", words(std::slice::from_ref(error)))
            }
        };
        if kind != "created" {
            assert_eq!(world.custody().await, []);
        }
        scene.told(kind, says)
    }

    async fn rotate(breaks: &Breaks) -> Told {
        let scene = Self::new(breaks, ROTATE).await;
        let (world, account) = (&scene.world, scene.account);
        let key = world.idle_key(200).await;
        let outcome = world.rotate(account, key.id).await;
        world.faults().clear();
        let old_works = world.status_with(&key.token).await == 200;
        let (kind, says) = match &outcome {
            RotateOutcome::Rotated { token, trouble, .. } => {
                assert!(!old_works);
                assert_eq!((world.status_of(token).await, trouble), (200, &None));
                ("rotated", whole(token))
            }
            RotateOutcome::NotRotated { error } => {
                assert!(old_works, "{outcome:?}");
                let state = "The key was not rotated, its token is as it was.";
                assert!(error.message.ends_with(state), "{error:?}");
                ("not rotated", words(std::slice::from_ref(error)))
            }
            RotateOutcome::TokenLost { message, next } => {
                assert!(!old_works);
                let Some(NextStep::Rotate { key: next, .. }) = next else {
                    panic!("{outcome:?}")
                };
                assert_eq!(next.as_str(), key.id.to_string());
                assert_eq!(
                    world.notices().await.len(),
                    1,
                    "it is told until it was read"
                );
                ("token lost", format!("{message} [Rotate again]"))
            }
            RotateOutcome::Gone { message } => ("gone", message.clone()),
            RotateOutcome::Unknown { error } => {
                scene.is_found_out(usize::from(!old_works)).await;
                ("not known", words(std::slice::from_ref(error)))
            }
            RotateOutcome::CardChanged { message, .. } => ("changed", message.clone()),
            RotateOutcome::Cancelled => panic!("the user said yes"),
        };
        if kind != "rotated" {
            assert_eq!(world.custody().await, []);
        }
        scene.told(kind, says)
    }

    /// Once the server can be asked, one notice says what became of it: a token that was lost needs attention.
    async fn is_found_out(&self, acted: usize) {
        let notices = self.world.notices().await;
        let [notice] = &notices[..] else {
            panic!("{notices:?}");
        };
        assert_eq!(notice.needs_attention, acted > 0, "{notice:?}");
        // Of a key that may be somebody else's, nothing is offered.
        let may_be = notice.message.contains("may be the one");
        assert_eq!(notice.next.is_some(), acted > 0 && !may_be, "{notice:?}");
    }
}

fn whole(token: &TokenInCustody) -> String {
    assert_eq!(token.trouble, None);
    format!("{:?} has the token.", token.place)
}

#[tokio::test]
async fn the_table_of_faults() {
    let mut table = String::from(
        "| fault | create | says | POSTs | rotate | says | POSTs |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (name, breaks) in cases() {
        eprintln!("{name}");
        let (create, rotate) = tokio::join!(Scene::create(&breaks), Scene::rotate(&breaks));
        write!(table, "| {name} ").unwrap();
        for told in [create, rotate] {
            let says = lasting(&told.says);
            assert!(told.posts <= 1, "{name}: {} times", told.posts);
            write!(table, "| {} | {says} | {} ", told.outcome, told.posts).unwrap();
        }
        table.push_str("|\n");
    }
    table::is_as_written("faults.md", &table);
}

#[tokio::test]
async fn a_token_in_an_answer_is_not_lost_wherever_it_stands() {
    type Tamper = fn(&[u8]) -> Vec<u8>;
    let answers: [(&str, Tamper); 3] = [
        ("within data", token_within_data),
        ("in a text that breaks off", cut_after_token_in_text),
        ("on an error page", token_on_an_error_page),
    ];
    for (what, tamper) in answers {
        let breaks = Breaks::Answer(tamper);
        let (create, rotate) = tokio::join!(Scene::create(&breaks), Scene::rotate(&breaks));
        assert_eq!(
            (create.outcome, rotate.outcome),
            ("created", "rotated"),
            "{what}"
        );
        assert_eq!((create.posts, rotate.posts), (1, 1), "{what}");
    }
}

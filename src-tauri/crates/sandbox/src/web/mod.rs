//! The web screen of the sandbox: Settings → API Keys in a browser, as the vendor's help describes it.
//!
//! An app that is guided by a service without key endpoints has to send its user somewhere. The screen stands below a
//! path that is drawn anew at each start, so that no other page on this machine can find it or post to it; it needs no
//! script and loads nothing. Left out: signing in, and everything else of the dashboard.

mod pages;

use axum::Router;
use axum::extract::{Path, RawForm, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::Markup;
use rand::RngExt;
use rand::distr::Alphanumeric;

use crate::ability;
use crate::api::App;
use crate::error::StoreError;
use crate::seed;
use crate::store::{Key, NewKey, keys};

/// How many random characters the path of the screen has.
const PATH_CHARACTERS: usize = 32;

/// The longest name of a key, in characters; as the API has it.
const MAX_NAME_CHARS: usize = 255;

/// The path of the screen, drawn for this start.
pub(crate) fn path() -> String {
    let mut random = rand::rng();
    let drawn: String = (0..PATH_CHARACTERS)
        .map(|_| char::from(random.sample(Alphanumeric)))
        .collect();
    format!("/web/{drawn}/settings/api-keys")
}

/// The screen below `path`.
pub(crate) fn router(app: App, path: &str) -> Router {
    let screen = Router::new()
        .route("/", get(list))
        .route("/create", get(ask_create).post(create))
        .route("/{id}/rotate", get(ask_rotate).post(rotate))
        .route("/{id}/delete", get(ask_delete).post(delete))
        .with_state(Screen {
            app,
            path: path.to_owned(),
        });
    Router::new()
        .nest(path, screen)
        .layer(middleware::map_response(closed))
}

/// What every page needs.
#[derive(Clone)]
struct Screen {
    app: App,
    path: String,
}

/// Nothing on the screen is kept by the browser, loads anything, or is told to other pages.
async fn closed(mut response: Response) -> Response {
    let headers: [(HeaderName, &str); 4] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn list(State(screen): State<Screen>) -> Result<Response, Failure> {
    let (keys, _) = screen
        .app
        .store
        .run(|database| keys::page(database, seed::USER, 0, i64::MAX))
        .await?;
    Ok(page(&pages::list(
        &screen.path,
        &keys,
        screen.app.clock.now(),
    )))
}

async fn ask_create(State(screen): State<Screen>) -> Response {
    page(&pages::create(&screen.path, None))
}

async fn create(State(screen): State<Screen>, RawForm(form): RawForm) -> Result<Response, Failure> {
    let wanted = Wanted::read(&form);
    let complaint = match wanted.name.chars().count() {
        0 => Some("The name field is required."),
        1..=MAX_NAME_CHARS if wanted.abilities.is_empty() => Some("Choose at least one ability."),
        1..=MAX_NAME_CHARS => None,
        _ => Some("The name field must not be greater than 255 characters."),
    };
    if let Some(complaint) = complaint {
        let refused = page(&pages::create(&screen.path, Some(complaint)));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, refused).into_response());
    }
    let body = screen.app.fresh_token_body();
    let key = NewKey {
        user_id: seed::USER,
        team_id: seed::TEAM,
        name: wanted.name,
        abilities: wanted.abilities,
        created_at: screen.app.clock.now().into(),
        last_used_at: None,
        rotated_at: None,
    };
    let name = key.name.clone();
    let token = screen
        .app
        .store
        .run(move |database| Ok(body.with_id(keys::insert(database, &key, &body)?)))
        .await?;
    Ok(page(&pages::token(&screen.path, &name, &token)))
}

async fn ask_rotate(
    State(screen): State<Screen>,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    let key = find(&screen, id).await?;
    Ok(page(&pages::rotate(&screen.path, &key)))
}

async fn rotate(State(screen): State<Screen>, Path(id): Path<i64>) -> Result<Response, Failure> {
    let key = find(&screen, id).await?;
    let body = screen.app.fresh_token_body();
    let now = screen.app.clock.now().into();
    let token = screen
        .app
        .store
        .run(move |database| {
            let is_there = keys::rotate(database, seed::USER, id, &body, now)?;
            Ok(is_there.then(|| body.with_id(id)))
        })
        .await?
        .ok_or(Failure::Gone)?;
    Ok(page(&pages::token(&screen.path, &key.name, &token)))
}

async fn ask_delete(
    State(screen): State<Screen>,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    let key = find(&screen, id).await?;
    Ok(page(&pages::delete(&screen.path, &key)))
}

async fn delete(State(screen): State<Screen>, Path(id): Path<i64>) -> Result<Response, Failure> {
    let is_gone = screen
        .app
        .store
        .run(move |database| keys::delete(database, seed::USER, id))
        .await?;
    if !is_gone {
        return Err(Failure::Gone);
    }
    let to_list = [(header::LOCATION, screen.path)];
    Ok((StatusCode::SEE_OTHER, to_list).into_response())
}

async fn find(screen: &Screen, id: i64) -> Result<Key, Failure> {
    let key = screen
        .app
        .store
        .run(move |database| keys::find(database, seed::USER, id))
        .await?;
    key.ok_or(Failure::Gone)
}

fn page(markup: &Markup) -> Response {
    Html(markup.0.clone()).into_response()
}

/// What the form for a new key sends.
struct Wanted {
    name: String,
    abilities: Vec<String>,
}

impl Wanted {
    /// A form may tick several abilities, each a field of the same name.
    fn read(form: &[u8]) -> Self {
        let mut wanted = Self {
            name: String::new(),
            abilities: Vec::new(),
        };
        for (field, value) in form_urlencoded::parse(form) {
            match field.as_ref() {
                "name" => wanted.name = value.trim().to_owned(),
                "abilities" if ability::exists(&value) => wanted.abilities.push(value.into_owned()),
                _ => {}
            }
        }
        wanted
    }
}

/// Why there is no page.
enum Failure {
    /// There is no such key, or not any more.
    Gone,
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::Gone => (StatusCode::NOT_FOUND, "There is no such key.".to_owned()),
            Self::Store(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        (status, page(&pages::failure(&words))).into_response()
    }
}

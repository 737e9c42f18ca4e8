//! The contract as data: the built-in one is what `openapi.yaml` says, and a file that says otherwise is followed or
//! refused with its line.

use futures_util::StreamExt as _;
use pulseapi::{
    Client, Contract, ContractError, Error, IdempotencyKey, KeyId, NewKey, Operation, Options,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use toml::Table;

use crate::support::{FRESH, Reply, Server, base, client_with, options, token};

fn refusal(text: &str) -> ContractError {
    match Contract::read(text, "contract.toml") {
        Ok(_) => panic!("it was accepted: {text}"),
        Err(error) => error,
    }
}

fn by(contract: &str) -> Options {
    Options {
        contract: Contract::read(contract, "contract.toml").unwrap(),
        ..options().0
    }
}

fn built_in() -> Table {
    Contract::BUILT_IN.parse().unwrap()
}

fn openapi() -> Value {
    serde_saphyr::from_str(include_str!("../../openapi.yaml")).unwrap()
}

/// What an operation is called in `openapi.yaml`.
fn described(operation: Operation) -> &'static str {
    match operation {
        Operation::User => "getUser",
        Operation::List => "listApiKeys",
        Operation::Key => "getApiKey",
        Operation::Abilities => "listAbilities",
        Operation::Create => "createApiKey",
        Operation::Rotate => "rotateApiKey",
        Operation::Delete => "deleteApiKey",
        Operation::Monitors => "listMonitors",
        Operation::Incidents => "listIncidents",
    }
}

#[test]
fn each_built_in_call_is_the_described_one() {
    let (contract, openapi) = (built_in(), openapi());
    for operation in Operation::ALL {
        let call = contract["calls"][operation.name()].as_str().unwrap();
        let (method, path) = call.split_once(' ').unwrap();
        let described_as = &openapi["paths"][path][method.to_lowercase()]["operationId"];
        assert_eq!(described_as, described(operation), "{call}");
    }
    assert_eq!(
        contract["calls"].as_table().unwrap().len(),
        Operation::ALL.len()
    );
}

#[test]
fn each_built_in_name_is_a_described_one() {
    let (contract, openapi) = (built_in(), openapi());
    let schemas = &openapi["components"]["schemas"];
    let fields = |schema: &str| {
        let fields = schemas[schema]["properties"].as_object().unwrap();
        fields.keys().cloned().collect::<Vec<_>>()
    };
    for (section, schema) in [
        ("key", "ApiKey"),
        ("user", "User"),
        ("team", "Membership"),
        ("ability", "Ability"),
        ("new_key", "NewApiKey"),
    ] {
        let mut theirs: Vec<String> = contract[section]
            .as_table()
            .unwrap()
            .values()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        theirs.sort();
        let mut described = fields(schema);
        described.sort();
        assert_eq!(theirs, described, "[{section}] and {schema}");
    }
    let parameters = &openapi["components"]["parameters"];
    let pages = &contract["pages"];
    assert_eq!(
        parameters["Page"]["name"],
        pages["number_parameter"].as_str().unwrap()
    );
    assert_eq!(
        parameters["PerPage"]["name"],
        pages["size_parameter"].as_str().unwrap()
    );
    assert_eq!(
        parameters["PerPage"]["schema"]["maximum"],
        pages["size"].as_integer().unwrap()
    );
    for (place, schema) in [
        ("current_page", "PageMeta"),
        ("last_page", "PageMeta"),
        ("total", "PageMeta"),
        ("next_address", "PageLinks"),
    ] {
        let first = pages[place][0].as_str().unwrap();
        let (object, field) = first.split_once('.').unwrap();
        assert!(fields("ApiKeyPage").contains(&object.to_owned()), "{first}");
        assert!(fields(schema).contains(&field.to_owned()), "{first}");
    }
    let answers = &contract["answers"];
    let with_token = fields("ApiKeyWithToken");
    for name in [&answers["list"], &answers["record"], &answers["token"][0]] {
        assert!(
            with_token.contains(&name.as_str().unwrap().to_owned()),
            "{name:?}"
        );
    }
    assert!(fields("Error").contains(&answers["message"].as_str().unwrap().to_owned()));
    let refused_fields = answers["errors"].as_str().unwrap();
    assert!(fields("ValidationError").contains(&refused_fields.to_owned()));
}

#[test]
fn the_built_in_contract_reads_as_a_file_and_says_nothing_new() {
    let read = Contract::read(Contract::BUILT_IN, "contract.toml").unwrap();
    for operation in Operation::ALL {
        assert!(read.offers(operation), "{operation:?}");
    }
    assert!(Contract::read("", "contract.toml").unwrap().is_built_in());
}

#[test]
fn the_example_of_the_readme_is_one() {
    let readme = include_str!("../../../../../README.md");
    let example = readme.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let read = Contract::read(example, "contract.toml").unwrap();
    assert!(!read.offers(Operation::Rotate));
}

#[test]
fn a_wrong_line_is_named_with_its_number_and_what_is_wrong() {
    for (text, line, reason) in [
        ("[calls\nuser = 1", 1, ""),
        (
            "\n[calls]\nlist = \"GET /a\"\nlist = \"GET /b\"",
            4,
            "duplicate",
        ),
        (
            "# one\n\n[keys]\nid = \"id\"",
            3,
            "keys: there is no such section",
        ),
        (
            "[key]\nid = \"id\"\ntail = \"tail\"",
            3,
            "tail: [key] has no such field",
        ),
        ("key = \"id\"", 1, "write it in brackets"),
        ("[key]\n\nlast_eight = 8", 3, "expected a string"),
        ("[key]\nname = \"\"", 2, "1 to 100 characters"),
        ("[key]\nname = \"a b\"", 2, "no spaces"),
        ("[key]\nname = \"title\"\nteam = \"title\"", 3, "same name"),
        ("[key]\nname = \"id\"", 2, "same name"),
        ("[pages]\nsize = 0", 2, "1 to 100 entries"),
        ("[pages]\nby = \"offset\"", 2, "offset"),
        (
            "[pages]\ntotal = [\"meta..total\"]",
            2,
            "1 to 100 characters",
        ),
        ("[answers]\ndeleted = [404]", 2, "200 to 299"),
        ("[address]\nprefixes = [\"v2\"]", 2, "begins with /"),
        (
            "[address]\nweb_screen = \"http://elsewhere.example/keys\"",
            2,
            "Only https://",
        ),
        (
            "[address]\nweb_screen = \"javascript:alert(1)\"",
            2,
            "must start with https://",
        ),
        (
            "[address]\nweb_screen = \"//elsewhere.example\"",
            2,
            "no empty part",
        ),
        ("[address]\nweb_screen = \"/keys/{id}\"", 2, "no {id} in it"),
        (
            "[address]\nprefixes = [\"/v2\", \"//elsewhere.example\"]",
            2,
            "no empty part",
        ),
    ] {
        let error = refusal(text);
        assert_eq!(error.line, Some(line), "{text}: {error}");
        assert!(
            error
                .to_string()
                .starts_with(&format!("contract.toml, line {line}: "))
        );
        assert!(error.reason.contains(reason), "{text}: {error}");
        assert!(!error.reason.contains('\n'), "{text}: {error}");
    }
    let long = "#".repeat(70_000);
    assert_eq!(refusal(&long).line, None);
}

#[test]
fn a_path_stays_below_the_address_of_the_account() {
    for path in [
        "//elsewhere.example/keys",
        "https://elsewhere.example/keys",
        "/keys//more",
        "/keys/",
        "/",
        "/../admin",
        "/keys/..",
        "/./keys",
        "/%2e%2e/admin",
        "/keys?all=1",
        "/keys#top",
        "/keys\\..",
        "/a@b/\u{202e}",
        "/keys /more",
        "/k{id}",
        "keys",
        "",
    ] {
        let error = refusal(&format!("[calls]\nlist = 'GET {path}'"));
        assert_eq!(error.line, Some(2), "{path}");
    }
    let long = format!("[calls]\nlist = \"GET /{}\"", "a".repeat(300));
    assert_eq!(refusal(&long).line, Some(2));
}

#[test]
fn looking_never_becomes_changing_and_one_change_never_another() {
    for (call, reason) in [
        ("list = \"POST /api-keys\"", "the method of list is GET"),
        ("user = \"DELETE /user\"", "the method of user is GET"),
        ("key = \"PUT /api-keys/{id}\"", "the method of key is GET"),
        (
            "monitors = \"get /monitors\"",
            "the method of monitors is GET",
        ),
        ("create = \"GET /api-keys\"", "POST or PUT"),
        ("create = \"DELETE /api-keys\"", "POST or PUT"),
        ("rotate = \"DELETE /api-keys/{id}\"", "POST or PUT or PATCH"),
        ("delete = \"GET /api-keys/{id}/delete\"", "DELETE or POST"),
        ("delete = \"DELETE /api-keys\"", "has {id} in it once"),
        ("key = \"GET /api-keys\"", "has {id} in it once"),
        ("rotate = \"POST /{id}/rotate/{id}\"", "has {id} in it once"),
        ("list = \"GET /users/{id}/api-keys\"", "has no {id} in it"),
        ("create = \"POST /api-keys/{id}\"", "has no {id} in it"),
        (
            "delete = \"POST /api-keys/{id}/rotate\"",
            "the same request",
        ),
        ("list = false", "nothing works without the list"),
        ("rotate = true", "method and path"),
        ("rotate = \"\"", "write a method and a path"),
        ("patch = \"PATCH /api-keys/{id}\"", "no such field"),
    ] {
        let error = refusal(&format!("[calls]\n{call}"));
        assert!(error.reason.contains(reason), "{call}: {error}");
        assert_eq!(error.line, Some(2), "{call}");
    }
}

#[tokio::test]
async fn nothing_is_sent_by_a_contract_that_can_not_be_used() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let options = Options {
        contract: Contract::refused(refusal("[calls]\nlist = 5")),
        ..options().0
    };
    let refused = Client::new(server.base("/v1"), token(), options.clone()).unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("contract.toml, line 2"), "{told}");
    assert!(!refused.outcome_unknown());
    let found = pulseapi::discover(&server.base("/v1"), &token(), &options).await;
    assert_eq!(found.unwrap_err(), refused);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_call_that_there_is_not_is_not_made() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let client = client_with(&server, by("[calls]\nrotate = false\nuser = false"));
    let id = KeyId::parse("41").unwrap();
    let refused = client
        .rotate_key(&id, IdempotencyKey::random())
        .await
        .unwrap_err();
    assert_eq!(refused, client.offers(Operation::Rotate).unwrap_err());
    assert!(matches!(refused, Error::NotOffered { .. }), "{refused}");
    assert!(!refused.outcome_unknown());
    assert!(client.user().await.is_err());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_key_is_found_in_the_list_where_there_is_no_call_for_one() {
    let key = crate::support::key(41);
    let page = json!({"data": [key], "meta": {"current_page": 1, "last_page": 1, "total": 1}});
    let server = Server::replying(vec![Reply::json(200, &page)]).await;
    let client = client_with(&server, by("[calls]\nkey = false"));
    let found = client.key(&KeyId::parse("41").unwrap()).await.unwrap();
    assert_eq!(found.name, "Key 41");
    let lacking = client.key(&KeyId::parse("42").unwrap()).await;
    assert_eq!(lacking.unwrap_err(), Error::NotFound);
    assert!(
        server
            .requests()
            .iter()
            .all(|asked| asked.path() == "/v1/api-keys")
    );
}

const CAMEL: &str = r#"
[answers]
list = "items"
record = "item"
token = "secret"
message = "error"

[key]
id = "tokenId"
last_eight = "lastEight"
last_used_at = "lastUsedAt"
team = "workspace"

[team]
id = "workspaceId"
"#;

#[tokio::test]
async fn a_departure_is_told_in_the_names_of_the_server() {
    let reads = |body: Value| async move {
        let server = Server::replying(vec![Reply::json(200, &body)]).await;
        let client = client_with(&server, by(CAMEL));
        client.keys().next().await.unwrap()
    };
    let key = json!({"tokenId": 1, "lastEight": "a1b2c3d4", "lastUsedAt": null,
        "workspace": {"workspaceId": 3, "name": "Ops"}});
    let page = reads(json!({"items": [key.clone()]})).await.unwrap();
    assert_eq!(page.keys[0].team.as_ref().unwrap().name, "Ops");
    assert!(page.keys[0].last_use_reported);

    let mut without = key.clone();
    without.as_object_mut().unwrap().remove("lastEight");
    let told = reads(json!({"items": [without]}))
        .await
        .unwrap_err()
        .to_string();
    assert!(told.contains("items[0].lastEight"), "{told}");
    let mut other = key;
    other["workspace"]["workspaceId"] = json!([]);
    let told = reads(json!({"items": [other]}))
        .await
        .unwrap_err()
        .to_string();
    assert!(told.contains("items[0].workspace.workspaceId"), "{told}");
}

#[tokio::test]
async fn a_fresh_token_is_found_under_the_servers_name_and_still_under_every_known_one() {
    for (name, odd) in [
        ("secret", true),
        ("plainTextToken", true),
        ("whatever", false),
    ] {
        let text = if odd { "no-form-of-ours" } else { FRESH };
        let body = json!({"item": {"tokenId": 41, "lastEight": "cb4a95b9"}, name: text});
        let server = Server::replying(vec![Reply::json(201, &body)]).await;
        let client = client_with(&server, by(CAMEL));
        let new = NewKey {
            name: "CI".into(),
            abilities: vec!["*".into()],
            team: None,
        };
        let made = client
            .create_key(&new, IdempotencyKey::random())
            .await
            .unwrap();
        assert_eq!(made.token.secret().expose_secret(), text, "{name}");
        assert_eq!(made.key.unwrap().id.as_str(), "41");
    }
}

#[tokio::test]
async fn accepted_means_deleted_only_where_the_contract_says_so() {
    let id = KeyId::parse("41").unwrap();
    for (contract, is_done) in [("", false), ("[answers]\ndeleted = [202]", true)] {
        for reply in [Reply::empty(202), Reply::message(202, "Accepted.")] {
            let server = Server::replying(vec![reply]).await;
            let client = client_with(&server, by(contract));
            let deleted = client.delete_key(&id, IdempotencyKey::random()).await;
            assert_eq!(deleted.is_ok(), is_done, "{contract}");
        }
    }
}

const BY_CURSOR: &str = "[pages]\nby = \"cursor\"\nsize_parameter = \"limit\"\ncursor_parameter = \"after\"\n\
                         next_cursor = \"page.next\"\n";

async fn whole_list(pages: Vec<Value>) -> (Vec<bool>, Vec<String>) {
    let replies = pages.iter().map(|page| Reply::json(200, page)).collect();
    let server = Server::replying(replies).await;
    let client = client_with(&server, by(BY_CURSOR));
    let pages: Vec<_> = client.keys().collect().await;
    let adds_up = pages.into_iter().map(|page| page.unwrap().adds_up);
    let asked = server
        .requests()
        .iter()
        .map(|asked| asked.target.clone())
        .collect();
    (adds_up.collect(), asked)
}

#[tokio::test]
async fn pages_by_cursor_begin_without_a_number_and_end_where_no_cursor_leads_on() {
    let key = crate::support::key;
    let (adds_up, asked) = whole_list(vec![
        json!({"data": [key(1)], "page": {"next": "b c"}}),
        json!({"data": [key(2)], "page": {}}),
    ])
    .await;
    assert_eq!(adds_up, [true, true]);
    assert_eq!(
        asked,
        ["/v1/api-keys?limit=100", "/v1/api-keys?after=b+c&limit=100"]
    );
    let (adds_up, _) = whole_list(vec![json!({"data": [key(1)], "page": {"next": null}})]).await;
    assert_eq!(adds_up, [true]);
}

#[tokio::test]
async fn a_list_that_never_speaks_of_a_cursor_is_no_proof_of_anything() {
    let (adds_up, asked) = whole_list(vec![json!({"data": [crate::support::key(1)]})]).await;
    assert_eq!(adds_up, [false]);
    assert_eq!(asked.len(), 1);
}

#[tokio::test]
async fn the_prefixes_of_a_contract_are_tried_at_the_same_origin() {
    let server = Server::replying(vec![Reply::message(404, "Not found.")]).await;
    let address = server.base("");
    let options = by("[address]\nprefixes = [\"/v2\"]");
    let _ = pulseapi::discover(&address, &token(), &options).await;
    let asked: Vec<_> = server
        .requests()
        .iter()
        .map(|asked| asked.path().to_owned())
        .collect();
    assert!(asked.iter().any(|path| path == "/v2/api-keys"), "{asked:?}");
    assert!(
        !asked.iter().any(|path| path.starts_with("/v1")),
        "{asked:?}"
    );
    let documented = base("https://api.example.com").candidates();
    assert_eq!(documented.len(), 3);
}

#[test]
fn the_web_screen_is_at_the_accounts_host_or_where_a_contract_says() {
    let at = |contract: &str, address: &str| {
        let contract = Contract::read(contract, "contract.toml").unwrap();
        contract.web_screen(&base(address)).unwrap().to_string()
    };
    for (address, screen) in [
        (
            "https://api.pulseapi.io/v1",
            "https://pulseapi.io/settings/api-keys",
        ),
        (
            "https://pulse.example.com:8443/api/v1",
            "https://pulse.example.com:8443/settings/api-keys",
        ),
        // No host is left of these without their first part.
        ("https://api.io", "https://api.io/settings/api-keys"),
        (
            "http://127.0.0.1:8080/v1",
            "http://127.0.0.1:8080/settings/api-keys",
        ),
    ] {
        assert_eq!(at("", address), screen);
    }
    let path = "[address]\nweb_screen = \"/me/tokens\"";
    assert_eq!(
        at(path, "https://api.example.com/v2"),
        "https://example.com/me/tokens"
    );
    let address = "[address]\nweb_screen = \"https://app.example.com/#/me?tab=tokens\"";
    assert_eq!(
        at(address, "https://api.example.com/v2"),
        "https://app.example.com/#/me?tab=tokens"
    );
}

#[tokio::test]
async fn another_process_of_the_app_goes_by_the_same_contract() {
    for text in ["", CAMEL, "[calls]\nrotate = false"] {
        let contract = Contract::read(text, "contract.toml").unwrap();
        let handed_over = serde_json::to_string(&contract).unwrap();
        let there: Contract = serde_json::from_str(&handed_over).unwrap();
        assert_eq!(there.is_built_in(), text.is_empty());
        assert_eq!(
            there.offers(Operation::Rotate),
            contract.offers(Operation::Rotate)
        );
        assert_eq!(serde_json::to_string(&there).unwrap(), handed_over);
    }
}

//! The contract as data: the built-in one is what `openapi.yaml` says, and a file that says otherwise is followed or
//! refused with its line.

use pulseapi::{Contract, ContractError, Operation, Options};
use serde_json::Value;
use toml::Table;

use crate::support::{base, options};

pub(crate) fn refusal(text: &str) -> ContractError {
    match Contract::read(text, "contract.toml") {
        Ok(_) => panic!("it was accepted: {text}"),
        Err(error) => error,
    }
}

pub(crate) fn by(contract: &str) -> Options {
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

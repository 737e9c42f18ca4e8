//! Tokens as they are, in the kinds of files that people keep them in.

use usage::Place::{Ci, Environment, Integration, Other, Script};

use super::Field;

impl Field<'_> {
    pub(super) fn plain(&mut self) {
        let name = Some("PULSEAPI_TOKEN");
        self.line("dotenv", "app/.env", Environment, name, "PULSEAPI_TOKEN={}");
        self.line(
            "dotenv, quoted",
            "app/.env.local",
            Environment,
            name,
            "PULSEAPI_TOKEN=\"{}\"",
        );
        self.line(
            "direnv",
            "app/.envrc",
            Environment,
            name,
            "export PULSEAPI_TOKEN='{}'",
        );
        self.line(
            "shell profile",
            ".bashrc",
            Environment,
            name,
            "export PULSEAPI_TOKEN={}",
        );
        self.line(
            "zsh profile",
            ".zshenv",
            Environment,
            name,
            "export PULSEAPI_TOKEN='{}'",
        );
        self.line(
            "environment.d",
            ".config/environment.d/pulse.conf",
            Environment,
            name,
            "PULSEAPI_TOKEN={}",
        );
        self.line(
            "systemd unit",
            ".config/systemd/user/p.service",
            Environment,
            name,
            "Environment=PULSEAPI_TOKEN={}",
        );
        self.line(
            "shell history",
            ".bash_history",
            Other,
            Some("Authorization"),
            "curl -H \"Authorization: Bearer {}\" x",
        );
        self.line(
            "zsh history",
            ".zsh_history",
            Other,
            None,
            ": 1700000000:0;pulse --check {}",
        );
        self.line(
            "netrc",
            ".netrc",
            Integration,
            Some("password"),
            "machine api.example login a password {}",
        );
        self.line(
            "npmrc",
            ".npmrc",
            Integration,
            Some("_authToken"),
            "//api.example/:_authToken={}",
        );
        self.line(
            "compose file",
            "app/docker-compose.yml",
            Environment,
            name,
            "      PULSEAPI_TOKEN: \"{}\"",
        );
        self.line(
            "Dockerfile",
            "app/Dockerfile",
            Environment,
            Some("PULSE"),
            "ENV PULSE={}",
        );
        self.line(
            "tfvars",
            "infra/prod.tfvars",
            Environment,
            Some("pulse_token"),
            "pulse_token = \"{}\"",
        );
        self.line(
            "tfstate",
            "infra/terraform.tfstate",
            Environment,
            Some("value"),
            "      \"value\": \"{}\",",
        );
        self.line(
            "helm values",
            "infra/chart/values-prod.yaml",
            Environment,
            Some("apiKey"),
            "  apiKey: {}",
        );
        self.line(
            "appsettings",
            "dotnet/appsettings.json",
            Environment,
            Some("ApiKey"),
            "\"ApiKey\": \"{}\",",
        );
        self.line(
            "properties",
            "java/application.properties",
            Environment,
            Some("pulse.api.key"),
            "pulse.api.key={}",
        );
        self.line(
            "php config",
            "php/config/services.php",
            Script,
            Some("token"),
            "'token' => '{}',",
        );
        self.line(
            "ansible vars",
            "ops/group_vars/all.yml",
            Environment,
            Some("pulse_key"),
            "pulse_key: \"{}\"",
        );
        self.line(
            "github workflow",
            "app/.github/workflows/ci.yml",
            Ci,
            name,
            "          PULSEAPI_TOKEN: {}",
        );
        self.line(
            "gitlab ci",
            "app/.gitlab-ci.yml",
            Ci,
            name,
            "  PULSEAPI_TOKEN: '{}'",
        );
        self.line(
            "Jenkinsfile",
            "app/Jenkinsfile",
            Ci,
            Some("PULSE"),
            "environment { PULSE = '{}' }",
        );
        self.line(
            "circleci",
            "app/.circleci/config.yml",
            Ci,
            Some("PULSE"),
            "PULSE: {}",
        );
        self.line(
            "mcp config",
            "app/.mcp.json",
            Integration,
            Some("PULSE_KEY"),
            "\"env\": {\"PULSE_KEY\": \"{}\"}",
        );
        self.line(
            "cursor mcp",
            ".cursor/mcp.json",
            Integration,
            Some("Authorization"),
            "\"Authorization\": \"Bearer {}\"",
        );
        self.line(
            "postman export",
            "Downloads/m.postman_collection.json",
            Integration,
            Some("value"),
            "\"value\": \"{}\"",
        );
        self.line(
            "bruno request",
            "api/check.bru",
            Integration,
            Some("token"),
            "  token: {}",
        );
        self.line(
            "http file",
            "api/check.http",
            Integration,
            Some("Authorization"),
            "Authorization: Bearer {}",
        );
        self.line(
            "n8n export",
            "exports/n8n-flow.json",
            Integration,
            Some("value"),
            "{\"value\":\"Bearer {}\"}",
        );
        self.line(
            "shell script",
            "bin/check.sh",
            Script,
            Some("KEY"),
            "KEY={} ./run",
        );
        self.line(
            "python",
            "tools/report.py",
            Script,
            Some("TOKEN"),
            "TOKEN = \"{}\"",
        );
        self.line(
            "javascript",
            "tools/report.mjs",
            Script,
            Some("token"),
            "const token = '{}';",
        );
        self.line(
            "powershell",
            "tools/report.ps1",
            Script,
            Some("token"),
            "$token = \"{}\"",
        );
        self.line("makefile", "app/Makefile", Script, Some("KEY"), "KEY := {}");
        self.line(
            "crontab copy",
            "crontab.bak",
            Script,
            Some("PULSE"),
            "0 * * * * PULSE={} check",
        );
        self.line(
            "log",
            "logs/app.log",
            Other,
            Some("Authorization"),
            "GET /v1 Authorization: Bearer {} 200",
        );
        self.line("markdown", "notes.md", Other, None, "The key is {}.");
        self.line("csv", "keys.csv", Other, None, "name,{},x");
        self.line(
            "transcript",
            ".claude/projects/a/b.jsonl",
            Integration,
            Some("text"),
            "{\"text\":\"use {}\"}",
        );
    }
}

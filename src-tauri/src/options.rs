//! What the program is started with: its options, and the link to open.
//!
//! `--help`, `--version` and a wrong option end the program here, before anything that needs a display. The man page
//! (`linux/pulse-keys.1`) says the same at length. Left out: the custodian's option, which is not for people.

use clap::Parser;

/// Look after your PulseAPI API keys
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "pulse-keys", version)]
#[cfg_attr(target_os = "linux", command(after_help = format!("Environment: {}", crate::renderer::HINT)))]
pub(crate) struct Options {
    /// Begin in the sandbox where no account is signed in yet
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// Begin with the account of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Print what each call that changes nothing answers at the server of this account, and end
    #[arg(long, value_name = "ACCOUNT", exclusive = true)]
    pub(crate) check_connection: Option<String>,
    /// Print the built-in contract.toml, the model for one of your own, and end
    #[arg(long, exclusive = true)]
    pub(crate) print_contract: bool,
    #[expect(
        clippy::doc_markdown,
        reason = "these words are for the terminal, where brackets would stay"
    )]
    /// A key to show: pulsekeys://key/ID
    #[arg(value_name = "LINK")]
    pub(crate) link: Option<String>,
}

impl Options {
    /// Those of this start. Ends the program where there is nothing to start.
    pub(crate) fn of_this_start() -> Self {
        Self::parse()
    }

    /// Those of a second start, which has understood them itself; its first argument is the program.
    pub(crate) fn of_a_second_start(arguments: Vec<String>) -> Self {
        Self::try_parse_from(arguments).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from([&["pulse-keys"], arguments].concat())
    }

    #[test]
    fn the_options_are_sound() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_link_comes_with_or_without_options() {
        let options = parsed(&["--sandbox", "pulsekeys://key/7"]).unwrap();
        assert!(options.sandbox);
        assert_eq!(options.link.as_deref(), Some("pulsekeys://key/7"));
        let options = parsed(&["pulsekeys://key/7", "--account", "Acme Ops"]).unwrap();
        assert_eq!(options.account.as_deref(), Some("Acme Ops"));
        assert_eq!(options.link.as_deref(), Some("pulsekeys://key/7"));
    }

    #[test]
    fn what_is_not_understood_starts_nothing() {
        for wrong in [
            &["--delete", "7"][..],
            &["--account"],
            &["one", "two"],
            &["--check-connection"],
            &["--check-connection", "Acme Ops", "--sandbox"],
        ] {
            assert_eq!(parsed(wrong).unwrap_err().exit_code(), 2, "{wrong:?}");
        }
        for asked in ["--help", "--version"] {
            assert_eq!(parsed(&[asked]).unwrap_err().exit_code(), 0, "{asked}");
        }
    }

    #[test]
    fn the_man_page_has_every_option() {
        let page = include_str!("../linux/pulse-keys.1").replace('\\', "");
        for option in Options::command().get_opts() {
            let long = option.get_long().unwrap();
            assert!(page.contains(&format!("--{long}")), "--{long}");
        }
    }
}

//! `feedtilt generate`: what editors and shells need to know, made from the key table and the arguments.

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::{Arguments, GenerateArguments, Generated};
use super::console::print;
use super::error::{Error, exit};
use crate::provenance::VERSION;
use crate::scenario::keys;

/// Carries it out.
pub fn generate(arguments: &GenerateArguments) -> Result<u8, Error> {
    let text = match &arguments.what {
        Generated::Schema => keys::schema(),
        Generated::Completions { shell } => completions(*shell),
        Generated::Man { command } => manual(command.as_deref())?,
    };
    print(&text).map(|()| exit::DONE)
}

fn completions(shell: Shell) -> String {
    let mut written = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "feedtilt", &mut written);
    String::from_utf8_lossy(&written).into_owned()
}

/// The page of the program, or of one of its commands under the name `feedtilt-<command>`.
fn manual(name: Option<&str>) -> Result<String, Error> {
    // Built first, so that global arguments stand under every command.
    let mut root = Arguments::command();
    root.build();
    let page = match name {
        None => root,
        Some(name) => command(&root, name)?.clone(),
    };
    let mut written = Vec::new();
    Man::new(page).source(format!("feedtilt {VERSION}")).render(&mut written).map_err(Error::Output)?;
    Ok(String::from_utf8_lossy(&written).into_owned())
}

fn command<'a>(root: &'a Command, name: &str) -> Result<&'a Command, Error> {
    let shown = || root.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help");
    shown().find(|command| command.get_name() == name).ok_or_else(|| Error::Argument {
        argument: format!("generate man {name}"),
        problem: "no command has this name".to_owned(),
        hint: format!("the commands are {}", shown().map(Command::get_name).collect::<Vec<_>>().join(", ")),
    })
}

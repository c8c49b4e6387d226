//! `docs/cli.md`, made from the arguments.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use super::args::Arguments;

const HEAD: &str = "# Commands

Made from `src/cli/args.rs`; do not edit.

Results go to standard output, everything else to standard error. A closed pipe ends a command quietly.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a check that you asked for failed: `verify` |
| 2 | something you can mend: arguments, scenario, folder, disk, memory |
| 3 | a fault in feedtilt |

`feedtilt run` writes to `<folder>.partial` and renames it at the end, so a run folder is complete or not there. A finished
run of the same scenario and version is not repeated: its headline is printed again. A folder with another run, or an
unfinished one, is left alone (exit code 2) unless `--force` is given; a folder that holds anything feedtilt did not write
is never replaced.

Two commands are left out of the help: `feedtilt bench` times the engine, and `feedtilt generate` writes what editors and
shells need: `schema` (the JSON Schema of scenario files), `completions bash|zsh|fish|powershell|elvish`, and `man [COMMAND]`.

What the files of a run folder hold is in [output.md](output.md); what a scenario file holds, in
[scenario-keys.md](scenario-keys.md).
";

/// The page, complete.
pub fn page() -> String {
    // Built first, so that global arguments stand under every command.
    let mut root = Arguments::command().term_width(100).color(clap::ColorChoice::Never);
    root.build();
    let mut page = HEAD.to_owned();
    section(&mut page, &mut root.clone());
    let shown = root.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help");
    for command in shown.cloned().collect::<Vec<_>>() {
        section(&mut page, &mut command.term_width(100));
    }
    page
}

fn section(page: &mut String, command: &mut Command) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n"));
}

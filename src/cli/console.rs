//! Standard output for results, standard error for everything else.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};

use super::args::{Color, OutputArguments};
use super::error::{Error, exit};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();

/// Where to say what, and how much of it.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    quiet: bool,
    verbose: bool,
    progress: bool,
}

impl Console {
    /// As the arguments have it.
    pub fn new(arguments: &OutputArguments) -> Self {
        match arguments.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        let OutputArguments { quiet, verbose, no_progress, .. } = *arguments;
        Self { quiet, verbose, progress: !quiet && !no_progress }
    }

    /// Writes a note, unless the user wants quiet.
    pub fn say(self, text: impl Display) {
        if !self.quiet {
            to_stderr(&text);
        }
    }

    /// Writes a note for those who want to know more.
    pub fn detail(self, text: impl Display) {
        if self.verbose {
            to_stderr(&text);
        }
    }

    /// Writes a warning, unless the user wants quiet.
    pub fn warn(self, text: impl Display) {
        self.say(format_args!("{WARNING}warning:{WARNING:#} {text}"));
    }

    /// Whether progress is shown at all.
    pub const fn shows_progress(self) -> bool {
        self.progress
    }

    /// Whether a bar can be drawn.
    pub fn draws_bar(self) -> bool {
        self.progress && std::io::stderr().is_terminal()
    }
}

/// Writes a result.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}

/// Writes an error and gives its exit code.
pub fn fail(error: &Error) -> u8 {
    if error.is_closed_pipe() {
        return exit::DONE;
    }
    to_stderr(&paint(&error.to_string()));
    error.exit_code()
}

/// Text that stands out on a terminal.
pub fn strong(text: &str) -> String {
    format!("{STRONG}{text}{STRONG:#}")
}

/// Colours the word `error:` at the start of lines.
fn paint(text: &str) -> String {
    let painted = |line: &str| match line.strip_prefix("error:") {
        Some(rest) => format!("{ERROR}error:{ERROR:#}{rest}"),
        None => line.to_owned(),
    };
    text.lines().map(painted).collect::<Vec<_>>().join("\n")
}

/// Nobody can be told when standard error is closed.
fn to_stderr(text: &dyn Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

//! The command line: arguments, one file per command, and the only place that prints.
//!
//! Results go to standard output, everything else to standard error.

pub mod args;
mod bench;
mod calibrate;
mod check;
mod console;
pub mod error;
mod fault;
mod generate;
mod init;
mod journal;
mod memory;
mod progress;
pub mod reference;
mod run;
mod simulate;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};
use console::{Console, fail, print};
use error::{Error, exit};

/// Reads the arguments, carries the command out and gives the exit code.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(&arguments.output);
    let code = fault::guard(|| match dispatch(&arguments, console) {
        Ok(code) => code,
        Err(error) => fail(&error),
    });
    ExitCode::from(code)
}

fn dispatch(arguments: &Arguments, console: Console) -> Result<u8, Error> {
    match &arguments.command {
        None => print(&Arguments::command().render_help().ansi().to_string()).map(|()| exit::DONE),
        Some(Command::Init(arguments)) => init::init(arguments, console),
        Some(Command::Check(arguments)) => check::check(arguments, console),
        Some(Command::Run(arguments)) => run::run(arguments, console),
        Some(Command::Verify(arguments)) => verify::verify(arguments, console),
        Some(Command::Calibrate(arguments)) => calibrate::calibrate(arguments, console),
        Some(Command::Bench(arguments)) => bench::bench(arguments, console),
        Some(Command::Generate(arguments)) => generate::generate(arguments),
    }
}

//! Panics are faults in feedtilt; users see them as such and not as a dump.

use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use super::error::exit;

/// Carries out `work`; a panic in any of its threads becomes a message and the exit code of a fault.
pub fn guard(work: impl FnOnce() -> u8) -> u8 {
    set_hook(Box::new(report));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(exit::FAULT)
}

fn report(panic: &PanicHookInfo<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "{}", message(panic));
}

fn message(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(String::new, |place| format!("\n  at {place}"));
    format!(
        "error: this is a fault in feedtilt, not in what you asked for; please report it\n  {}{place}\n\
         hint: add the command, the scenario file and the output of `feedtilt --version`",
        panic.payload_as_str().unwrap_or("no message")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_exit_code_of_a_fault() {
        assert_eq!(guard(|| panic!("planted")), exit::FAULT);
        assert_eq!(guard(|| exit::DONE), exit::DONE);
        drop(std::panic::take_hook());
    }
}

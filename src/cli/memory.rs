//! Refuses what would not fit into memory, before anything is begun.

use super::error::Error;
use crate::provenance::{FreeMemory, free_memory};
use crate::report::bytes::bytes;
use crate::scenario::Scenario;
use crate::study::estimate::{Memory, largest_population};

/// Refuses a scenario that needs more memory than is free, unless it is forced.
pub fn refuse_too_large(scenario: &Scenario, memory: &Memory, threads: usize, force: bool) -> Result<(), Error> {
    let Some(free) = free_memory().filter(|_| !force) else { return Ok(()) };
    let needed = memory.total();
    if needed <= free.bytes {
        return Ok(());
    }
    let fits = largest_population(scenario, threads, free.bytes);
    Err(Error::Memory { needed: bytes(needed), free: told(&free), hint: hint(fits) })
}

fn told(free: &FreeMemory) -> String {
    let place = if free.limited { "to this process (its control group has a limit)" } else { "on this machine" };
    format!("{} are free {place}", bytes(free.bytes))
}

fn hint(fits: Option<u32>) -> String {
    let size = match fits {
        Some(users) => format!("--users {} would fit", typed(down(users))),
        None => "nobody would fit: fewer arms, topics or epochs without repeats take less".to_owned(),
    };
    format!("{size}; --force-memory runs it all the same")
}

/// Rounded down to two digits, so that it still fits when a little memory is taken meanwhile.
fn down(users: u32) -> u32 {
    let unit = 10_u32.pow(users.ilog10().saturating_sub(1));
    users / unit * unit
}

/// Digits in groups of three, as a scenario file and the command line take them.
fn typed(number: u32) -> String {
    crate::report::words::number::whole(number.into()).replace(',', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_told_with_two_digits_and_no_more_than_fits() {
        assert_eq!([7, 99, 123, 6_987_654].map(down), [7, 99, 120, 6_900_000]);
        assert_eq!(hint(Some(6_987_654)), "--users 6_900_000 would fit; --force-memory runs it all the same");
        assert!(hint(None).starts_with("nobody would fit"));
    }

    #[test]
    fn what_is_free_is_told_with_its_place() {
        assert_eq!(told(&FreeMemory { bytes: 24_000_000_000, limited: false }), "24 GB are free on this machine");
        assert!(told(&FreeMemory { bytes: 1_000, limited: true }).ends_with("(its control group has a limit)"));
    }
}

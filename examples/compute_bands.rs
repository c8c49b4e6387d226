//! Writes model bands into scenario files:
//!
//! ```console
//! $ cargo run --release --no-default-features --example compute_bands -- scenarios/*.toml
//! ```
//!
//! Files whose band belongs to their settings are left as they are, and so are those without arms. Solve appeals first.

use std::error::Error;
use std::fs;

use feedtilt::scenario::{Scenario, load};
use feedtilt::study::band::bands;
use feedtilt::study::calibrate::accepted::shipped;

/// What stands above a band.
const COMMENT: &str = "\
# Model band: what each arm shifts with every accepted vector of constants, computed beforehand for exactly these settings.
";

fn main() -> Result<(), Box<dyn Error>> {
    let mut wanted: Vec<(String, Scenario)> = Vec::new();
    for path in std::env::args().skip(1) {
        let scenario = load(&path, &[])?;
        if scenario.arms.is_empty() || scenario.valid_band().is_some() {
            println!("{path}: nothing to compute");
        } else {
            wanted.push((path, scenario));
        }
    }
    let Some((_, first)) = wanted.first() else { return Ok(()) };
    let set = first.calibrate.target_set;
    assert!(wanted.iter().all(|(_, one)| one.calibrate.target_set == set), "files of one target set at a time");
    let scenarios: Vec<Scenario> = wanted.iter().map(|(_, scenario)| scenario.clone()).collect();
    let bands = bands(&scenarios, &shipped(set), &|done| println!("{:.0} %", 100.0 * done));
    for ((path, scenario), band) in wanted.into_iter().zip(bands) {
        let text = fs::read_to_string(&path)?;
        let settings =
            text.split("[band]\n").next().unwrap_or_default().trim_end().trim_end_matches(COMMENT.trim_end());
        fs::write(&path, format!("{}\n\n{COMMENT}{}", settings.trim_end(), table(&scenario.with_band(band))))?;
        assert!(load(&path, &[])?.valid_band().is_some(), "{path} would be computed again");
        println!("{path}: computed");
    }
    Ok(())
}

/// The tables of a scenario's band: the last ones of its file.
fn table(scenario: &Scenario) -> String {
    let text = scenario.to_toml();
    text[text.find("[band]").unwrap_or(text.len())..].to_owned()
}

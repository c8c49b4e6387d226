//! Writes solved topic appeals into scenario files:
//!
//! ```console
//! $ cargo run --release --no-default-features --example solve_appeals -- scenarios/*.toml
//! ```
//!
//! Files whose appeals belong to their settings are left as they are; files with the same settings get the same appeals.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use feedtilt::scenario::{Scenario, load};
use feedtilt::study::prerun::{THOROUGH, prepare_with};

/// What stands above the appeals.
const COMMENT: &str = "\
# Appeal of each topic, solved beforehand for exactly these settings so that organic exposure meets the shares above.
# Change a setting that bears on it and feedtilt solves it anew.
";

fn main() -> Result<(), Box<dyn Error>> {
    let mut solved: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    for path in std::env::args().skip(1) {
        let scenario = load(&path, &[])?;
        if scenario.valid_appeal().is_some() {
            println!("{path}: carries them");
            continue;
        }
        let solve = || prepare_with(&scenario, THOROUGH).appeal;
        let appeal = solved.entry(scenario.appeal_fingerprint()).or_insert_with(solve).clone();
        let text = fs::read_to_string(&path)?;
        let settings = text.split("[solved]\n").next().unwrap_or_default().trim_end_matches(COMMENT).trim_end();
        fs::write(&path, format!("{settings}\n\n{COMMENT}{}", table(&scenario.clone().with_solved(appeal))))?;
        assert!(load(&path, &[])?.valid_appeal().is_some(), "{path} would be solved again");
        println!("{path}: solved");
    }
    Ok(())
}

/// The tables of a scenario's solved appeals: the last ones of its file.
fn table(scenario: &Scenario) -> String {
    let text = scenario.to_toml();
    text[text.find("[solved]").unwrap_or(text.len())..].to_owned()
}

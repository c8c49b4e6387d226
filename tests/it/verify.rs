//! `feedtilt verify`: a run repeats to the byte, and every change to a run folder is found.

use crate::cli::json;
use crate::program::Program;

const TABLES: [&str; 6] = [
    if cfg!(feature = "tables") { "exposure.parquet" } else { "exposure.csv" },
    "shift.csv",
    "shift_by_group.csv",
    "summary.json",
    "summary.md",
    if cfg!(feature = "tables") { "users.parquet" } else { "users.csv" },
];

/// A folder with a finished run in `run`.
fn finished() -> Program {
    let program = Program::tiny();
    program.done("run tiny.toml -q --out run");
    program
}

/// Verifies a spoilt run: exit code 1, and this on standard output.
fn differs(program: &Program, message: &str) {
    let said = program.run("verify run -q");
    assert_eq!((said.code, said.out.as_str()), (Some(1), message), "{}", said.err);
}

#[test]
fn a_fresh_run_repeats_to_the_byte_on_any_number_of_threads() {
    let program = finished();
    for threads in [1, 3] {
        let said = program.done(&format!("verify run -q --threads {threads}"));
        assert_eq!(said.out, "verified: 6 tables are the same, byte for byte\n");
    }
}

/// The C library picks other functions without FMA and AVX2; nothing that decides may come from it.
#[test]
fn masked_processor_features_and_every_instruction_set_repeat_the_run() {
    let program = finished();
    let hash = json(&program.read("run/manifest.json"))["trace_hash"].clone();
    let masked = [
        ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2"),
        ("FEEDTILT_ISA", "baseline"),
        ("FEEDTILT_ISA", "v3"),
        ("FEEDTILT_ISA", "v4"),
    ];
    for (number, (name, value)) in masked.into_iter().enumerate() {
        let out = format!("masked-{number}");
        let mut command = program.command(&format!("run tiny.toml -q --out {out}"));
        assert!(command.env(name, value).status().expect("it starts").success());
        assert_eq!(json(&program.read(&format!("{out}/manifest.json")))["trace_hash"], hash, "{name}={value}");
        assert_eq!(program.read(&format!("{out}/summary.json")), program.read("run/summary.json"), "{name}={value}");
    }
}

#[test]
fn a_run_whose_scenario_carries_its_appeals_repeats_as_well() {
    let program = finished();
    program.done("run run/scenario.toml --seed 9 -q --out again");
    program.done("verify again -q");
}

#[test]
fn one_changed_byte_in_any_table_is_found() {
    let program = finished();
    for table in TABLES {
        let name = format!("run/{table}");
        let whole = program.bytes(&name);
        let mut spoilt = whole.clone();
        spoilt[whole.len() / 2] ^= 1;
        program.write(&name, spoilt);
        differs(&program, &format!("{table}: has been changed since the run\n"));
        program.write(&name, whole);
    }
    program.done("verify run -q");
}

#[test]
fn a_changed_table_with_a_matching_hash_is_found_by_the_repetition() {
    let program = finished();
    let text = program.read("run/shift.csv");
    let spoilt = text.replacen("half,baseline,0,2,calm,impressions,", "half,baseline,0,2,calm,impressions,9", 1);
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    let manifest = program.read("run/manifest.json");
    program.write("run/manifest.json", manifest.replace(&hash(&text), &hash(&spoilt)));
    program.write("run/shift.csv", &spoilt);
    let said = program.run("verify run -q");
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.starts_with("shift.csv:5: the repetition differs\n  stored:   half,baseline,0,2,calm,impressions,9")
    );
}

#[test]
fn a_changed_seed_is_found() {
    let program = finished();
    let scenario = program.read("run/scenario.toml");
    program.write("run/scenario.toml", scenario.replace("seed = 20220624", "seed = 20220625"));
    differs(&program, "scenario.toml: has been changed since the run\n");
    let said = program.run("verify run");
    assert_eq!(said.err, "the run was not repeated, because its scenario is not the one it was made from\n");
}

#[test]
fn missing_files_are_named() {
    let program = finished();
    std::fs::remove_file(program.path().join("run/shift.csv")).unwrap();
    differs(&program, "shift.csv: is missing\n");
    std::fs::remove_file(program.path().join("run/scenario.toml")).unwrap();
    differs(&program, "shift.csv: is missing\nscenario.toml: is missing\n");
}

#[test]
fn what_is_no_run_ends_with_exit_code_2() {
    let program = Program::tiny();
    let no_run = |name: &str| format!("error: {name}: is not a run folder; expected a folder with manifest.json");
    program.fails("verify nowhere", 2, &no_run("nowhere"));
    program.fails("verify tiny.toml", 2, &no_run("tiny.toml"));
    program.write("other/notes.txt", "x");
    program.fails("verify other", 2, &no_run("other"));
    program.write("broken/manifest.json", "{}");
    let said = program.run("verify broken");
    assert_eq!(said.code, Some(2));
    assert!(said.err.starts_with("error: broken/manifest.json: is no manifest that feedtilt can read: missing field"));
}

//! Pictures in the run folder: written with the run, held against the manifest, never in the way of somebody's files.

use crate::cli::json;
use crate::program::{Program, TINY};

#[test]
fn a_run_leaves_its_pictures_and_their_hashes() {
    let program = Program::tiny();
    program.done("run tiny.toml -q");
    let names = program.names("output/tiny/charts");
    for name in ["exposure-over-time", "signature"] {
        for ending in ["-de.png", "-de.svg", "-en.png", "-en.svg", ".csv"] {
            assert!(names.contains(&format!("{name}{ending}")), "{name}{ending} in {names:?}");
        }
    }
    let manifest = json(&program.read("output/tiny/manifest.json"));
    let hashes = manifest["charts"].as_object().expect("hashes by name");
    assert_eq!(
        hashes.keys().cloned().collect::<Vec<_>>(),
        names.iter().map(|name| format!("charts/{name}")).collect::<Vec<_>>()
    );
    for (name, hash) in hashes {
        assert_eq!(*hash, blake3::hash(&program.bytes(&format!("output/tiny/{name}"))).to_hex().to_string(), "{name}");
    }
    let tables = manifest["tables"].as_object().expect("hashes by name");
    assert!(!tables.keys().any(|name| name.starts_with("charts")));
}

#[test]
fn a_spoilt_or_missing_picture_is_found() {
    let program = Program::tiny();
    program.done("run tiny.toml -q --out run");
    program.done("verify run -q");
    let name = "run/charts/signature-en.png";
    let mut spoilt = program.bytes(name);
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 1;
    program.write(name, spoilt);
    std::fs::remove_file(program.path().join("run/charts/signature.csv")).unwrap();
    let said = program.run("verify run -q");
    let expected = "charts/signature-en.png: has been changed since the run\ncharts/signature.csv: is missing\n";
    assert_eq!((said.code, said.out.as_str()), (Some(1), expected), "{}", said.err);
}

#[test]
fn somebody_elses_file_among_the_pictures_is_not_replaced() {
    let program = Program::tiny();
    program.done("run tiny.toml -q");
    program.done("run tiny.toml -q --force");
    program.write("output/tiny/charts/notes.txt", "mine");
    program.fails(
        "run tiny.toml --force",
        2,
        "error: output/tiny: holds charts/notes.txt, which feedtilt did not write; it does not replace this folder\n\
         hint: move the file away, or name another folder with --out",
    );
    assert_eq!(program.read("output/tiny/charts/notes.txt"), "mine");
}

#[test]
fn no_picture_depends_on_the_number_of_threads() {
    let program = Program::tiny();
    program.done("run tiny.toml -q --threads 1 --out one");
    program.done("run tiny.toml -q --threads 3 --out three");
    for name in program.names("one/charts") {
        assert_eq!(
            program.bytes(&format!("one/charts/{name}")),
            program.bytes(&format!("three/charts/{name}")),
            "{name}"
        );
    }
}

#[test]
fn a_run_without_arms_has_no_folder_of_pictures() {
    let program = Program::new();
    let (before, after) = (TINY.find("[[arm]]").unwrap(), TINY.find("[replicates]").unwrap());
    program.write("tiny.toml", [&TINY[..before], &TINY[after..]].concat());
    program.done("run tiny.toml -q");
    assert!(!program.has("output/tiny/charts"));
}

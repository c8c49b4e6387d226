//! The arrows between modules, read from their `use` lines and paths.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each module may use. Modules not named here may be used by nobody but `main`.
const ARROWS: [(&str, &[&str]); 18] = [
    ("id", &[]),
    ("unit", &[]),
    ("rng", &[]),
    ("warning", &[]),
    ("provenance", &[]),
    ("stats", &[]),
    ("scenario", &["stats"]),
    ("trace", &[]),
    ("world", &["id", "unit", "rng", "scenario"]),
    ("feed", &["unit", "rng", "scenario", "world", "trace"]),
    ("tilt", &["id", "rng", "scenario", "feed", "world"]),
    ("run", &["id", "unit", "rng", "stats", "scenario", "trace", "world", "feed", "tilt"]),
    ("measure", &["trace", "stats", "warning"]),
    (
        "study",
        &[
            "unit",
            "rng",
            "warning",
            "provenance",
            "scenario",
            "trace",
            "world",
            "feed",
            "tilt",
            "run",
            "measure",
            "stats",
        ],
    ),
    ("report", &["warning", "provenance", "scenario", "trace", "stats", "measure"]),
    ("cli", &["warning", "provenance", "scenario", "tilt", "run", "measure", "study", "report", "trace", "stats"]),
    ("lib", &[]),
    ("main", &["cli"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the source folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Code of a file without comments and inline tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("readable");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Modules named by `crate::…` and `feedtilt::…`, grouped imports included.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for root in ["crate::", "feedtilt::"] {
        for (at, _) in code.match_indices(root) {
            let rest = &code[at + root.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                heads(group, &mut found);
            } else {
                found.insert(word(rest));
            }
        }
    }
    found
}

/// First words of the members of a group, nested braces skipped.
fn heads(group: &str, found: &mut BTreeSet<String>) {
    let (mut depth, mut fresh) = (0, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if depth == 0 && fresh && c.is_alphabetic() => {
                found.insert(word(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn module_of(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).expect("below the source folder");
    let first = inside.components().next().expect("a file").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_string()
}

#[test]
fn modules_use_only_what_lies_before_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let module = module_of(&path, &root);
        let Some(allowed) = allowed.get(module.as_str()) else {
            wrong.push(format!("{}: no arrows are written down for `{module}`", path.display()));
            continue;
        };
        for target in used(&code(&path)) {
            let known = ARROWS.iter().any(|(name, _)| *name == target);
            if known && target != module && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{}: `{module}` must not use `{target}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_platform_sees_of_the_world_what_is_observed_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root.join("feed"), &mut files);
    sources(&root.join("tilt"), &mut files);
    for path in files {
        let code = code(&path);
        for (at, _) in code.match_indices("world::") {
            let rest = &code[at + "world::".len()..];
            let mut names = BTreeSet::new();
            match rest.strip_prefix('{') {
                Some(group) => heads(group, &mut names),
                None => drop(names.insert(word(rest))),
            }
            for name in names {
                assert!(
                    ["Named", "Observed", "Sight"].contains(&name.as_str()),
                    "{}: sees `world::{name}`",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn the_twin_stands_on_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/twin");
    let mut files = vec![root.join("plain.rs")];
    sources(&root.join("plain"), &mut files);
    for path in files {
        let code = code(&path);
        for target in used(&code) {
            let allowed = ["rng", "id", "scenario", "feed", "twin"].contains(&target.as_str());
            assert!(allowed, "{}: uses `{target}`", path.display());
        }
        for line in code.lines().filter(|line| line.contains("feedtilt::feed")) {
            let plain = line.contains("feedtilt::feed::Grid") || line.contains("feedtilt::feed::score::");
            assert!(plain, "{}: {line}", path.display());
        }
    }
}

#[test]
fn grouped_imports_are_read() {
    let found = used("use crate::{feed::{Rules, Seen}, world, run::step};\nlet x = crate::rng::mix(1);");
    let names: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(names, ["feed", "rng", "run", "world"]);
}

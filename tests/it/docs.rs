//! Documents that say what the code says.

use std::path::Path;

use feedtilt::run::step::SCHEDULE;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the document is there")
}

#[test]
fn the_schedule_stands_in_the_odd_as_the_loop_runs_it() {
    let lines: Vec<String> =
        SCHEDULE.iter().enumerate().map(|(i, (name, what))| format!("{}. **{name}**: {what}\n", i + 1)).collect();
    let list = lines.concat();
    assert!(read("docs/odd.md").contains(&list), "docs/odd.md should list:\n{list}");
}

#[test]
fn the_loop_carries_its_steps_out_in_the_documented_order() {
    // What each documented step is in the loop's own words; open, score, select, respond and learn are `watch` and `fold`.
    let text = read("src/run/step.rs");
    let body = &text[text.find("pub fn step").expect("the loop")..];
    let places: Vec<usize> =
        ["self.publish()", "self.compile()", "self.watch(", "self.fold(", "self.forget(", "self.record("]
            .iter()
            .map(|call| body.find(call).unwrap_or_else(|| panic!("{call} is not in the loop")))
            .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn documents_link_to_files_that_exist() {
    for document in [
        "README.md",
        "docs/odd.md",
        "docs/charts.md",
        "docs/data.md",
        "docs/output.md",
        "docs/architecture.md",
        "docs/limits.md",
        "docs/measures.md",
        "docs/validation.md",
    ] {
        let folder = Path::new(document).parent().expect("relative");
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target);
                assert!(path.exists(), "{document} links to {link}");
            }
        }
    }
}

//! The JSON Schema says of a file what feedtilt says of it, as far as a schema can.

use super::{INVALID, INVALID_FOLDER, VALID, VALID_FOLDER, expect_text};
use feedtilt::scenario::keys::{self, Key, Kind, SCHEMA_FILE};
use feedtilt::scenario::presets::SHIPPED;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::fs;

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&keys::schema()).expect("the schema is JSON");
    jsonschema::draft202012::options().build(&schema).expect("the schema is one")
}

/// A scenario file as JSON; `None` where it is no TOML.
fn as_json(text: &str) -> Option<Value> {
    let table: toml::Table = toml::from_str(text).ok()?;
    serde_json::to_value(table).ok()
}

fn faults(validator: &Validator, file: &Value) -> Vec<String> {
    validator.iter_errors(file).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schema_beside_the_shipped_scenarios_is_the_one_of_the_key_table() {
    expect_text(&format!("scenarios/{SCHEMA_FILE}"), &keys::schema());
}

#[test]
fn shipped_scenarios_name_the_schema_and_keep_it() {
    let validator = validator();
    for (name, text) in SHIPPED {
        assert!(text.starts_with(&format!("#:schema ./{SCHEMA_FILE}\n")), "{name}");
        let file = as_json(text).expect("a shipped scenario is TOML");
        assert_eq!(faults(&validator, &file), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn valid_files_and_what_is_written_of_them_keep_the_schema() {
    let validator = validator();
    for name in VALID {
        let path = format!("{VALID_FOLDER}/{}.toml", name.replace('_', "-"));
        let typed = fs::read_to_string(&path).expect("the file is there");
        let written = feedtilt::scenario::load(&path, &[]).unwrap_or_else(|error| panic!("{error}")).to_toml();
        for text in [typed, written] {
            let file = as_json(&text).expect("a valid file is TOML");
            assert_eq!(faults(&validator, &file), Vec::<String>::new(), "{path}");
        }
    }
}

/// Invalid files that no schema can know of, because two values must be held against each other, a name must be known, a
/// sum must be made, or the machine asked.
const BEYOND_A_SCHEMA: &[&str] = &[
    "account_after_the_run",
    "account_beyond_the_epochs",
    "account_conditioned_too_long",
    "account_of_unknown_region",
    "account_that_does_not_fit",
    "account_twice",
    "arm_against_itself",
    "arm_against_unknown",
    "arm_called_baseline",
    "arm_twice",
    "arms_in_a_circle",
    "choice_without_candidates",
    "classifier_without_topic",
    "cold_start_that_does_not_scale",
    "delay_between_epochs",
    "delay_beyond_the_catalogue",
    "demoted_beyond_the_scale",
    "five_choices_for_heat",
    "five_choices_of_videos",
    "five_classifiers",
    "five_delays",
    "five_shares_for_heat",
    "geo_block_in_unknown_region",
    "geo_block_nowhere",
    "geo_block_of_nobody",
    "geo_block_twice_over",
    "head_leaves_no_value",
    "head_with_empty_value",
    "heat_beyond_all_slots",
    "jitter_twice_on_a_head",
    "more_than_64_topics",
    "no_positive_value",
    "no_repeat_beyond_a_week",
    "one_latent_without_attention",
    "one_topic",
    "origin_unknown",
    "preset_share_that_cannot_be_met",
    "ramp_longer_than_the_tilt",
    "reach_cap_of_a_part",
    "reach_cap_of_a_region",
    "reach_cap_that_does_not_scale",
    "region_shares",
    "region_twice",
    "represents_fewer_than_users",
    "reversed_ranges",
    "share_of_new_topic_missing",
    "share_of_unknown_region",
    "shares_do_not_sum",
    "shares_leave_nothing",
    "shares_that_cannot_be_met",
    "sources_do_not_sum",
    "supply_does_not_sum",
    "tilt_after_the_run",
    "tilt_cut_by_the_end_of_the_run",
    "tilt_ends_before_it_begins",
    "tilt_on_unknown_region",
    "tilt_on_unknown_topic",
    "too_many_accounts",
    "too_many_policy_classes",
    "too_many_rows",
    "too_many_signs",
    "too_many_tracked",
    "topic_twice",
    "track_unknown_topic",
    "two_rankers",
    "two_weights",
    "weights_beyond_the_scale",
];

/// Invalid files that are no TOML, whose numbers must fit 64 bits, or no text, so that no schema ever sees them.
const NO_TOML: &[&str] = &["empty", "folder", "huge_integer", "key_twice", "not_utf8", "syntax"];

#[test]
fn invalid_files_break_the_schema_where_a_schema_can_know() {
    let validator = validator();
    let (mut unread, mut unseen) = (Vec::new(), Vec::new());
    for name in INVALID {
        let path = format!("{INVALID_FOLDER}/{}.toml", name.replace('_', "-"));
        let text = fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        match as_json(&text).filter(|_| !text.trim().is_empty()) {
            None => unread.push(*name),
            Some(file) if validator.is_valid(&file) => unseen.push(*name),
            Some(_) => {}
        }
    }
    assert_eq!(unread, NO_TOML);
    assert_eq!(unseen, BEYOND_A_SCHEMA);
}

/// The place of a key in `every-key.toml` as JSON.
fn place<'a>(file: &'a mut Value, path: &str) -> &'a mut Value {
    super::every_key::concrete(path).split('.').fold(file, |value, name| match value {
        Value::Array(entries) => {
            let named = |entry: &Value| ["id", "name"].iter().any(|key| entry[key] == name);
            let index = entries.iter().position(named).or_else(|| name.parse().ok()).expect("an entry");
            &mut entries[index]
        }
        other => &mut other[name],
    })
}

/// Values that a key does not allow.
fn wrong(key: &Key) -> Vec<Value> {
    let beyond = match key.kind {
        Kind::Integer { least, most } if key.path != "replicates.seed" => {
            vec![json!(least - 1), json!(most + 1), json!(1.5)]
        }
        Kind::Integer { least, .. } => vec![json!(least - 1), json!(1.5)],
        Kind::Number(range) => {
            let low = if range.low_included { range.low - 1e-6 } else { range.low };
            let high = if range.high_included { range.high * (1.0 + 1e-12) + 1e-6 } else { range.high };
            vec![json!(low), json!(high)]
        }
        Kind::Slug => vec![json!("No slug"), json!(""), json!("a".repeat(65))],
        Kind::OneOf(_) => vec![json!("another")],
        Kind::List { least, most, .. } => {
            let lengths = [least.checked_sub(1), most.checked_add(1).filter(|length| *length < 100)];
            lengths.into_iter().flatten().map(|length| json!(vec![1.0; length])).collect()
        }
        Kind::Text | Kind::Boolean => Vec::new(),
    };
    let types = [json!({ "unknown": 1 }), json!([{}]), json!(null)].into_iter();
    let plain = match key.kind {
        Kind::Text | Kind::Slug | Kind::OneOf(_) | Kind::List { .. } => json!(1),
        Kind::Integer { .. } | Kind::Number(_) | Kind::Boolean => json!("text"),
    };
    beyond.into_iter().chain(types).chain([plain]).collect()
}

#[test]
fn the_type_and_range_of_every_key_are_held() {
    let validator = validator();
    let text = fs::read_to_string(format!("{VALID_FOLDER}/every-key.toml")).expect("the file is there");
    let file = as_json(&text).expect("TOML");
    for key in keys::all() {
        for value in wrong(key) {
            let mut spoiled = file.clone();
            *place(&mut spoiled, key.path) = value.clone();
            assert!(!validator.is_valid(&spoiled), "{} = {value}", key.path);
        }
    }
}

#[test]
fn no_table_takes_a_key_it_does_not_have() {
    let validator = validator();
    let text = fs::read_to_string(format!("{VALID_FOLDER}/every-key.toml")).expect("the file is there");
    let file = as_json(&text).expect("TOML");
    for section in keys::SECTIONS.iter().filter(|section| !section.path.is_empty()) {
        let table = section.path.strip_suffix("[]").unwrap_or(section.path);
        let entry = if section.path.ends_with("[]") { format!("{table}.0") } else { table.to_owned() };
        let mut spoiled = file.clone();
        place(&mut spoiled, &entry)["unkown"] = json!(1);
        assert!(!validator.is_valid(&spoiled), "{}", section.path);
    }
    let mut spoiled = file;
    spoiled["unkown"] = json!(1);
    assert!(!validator.is_valid(&spoiled));
}

#[test]
fn a_tilt_takes_the_keys_of_its_kind_and_needs_what_the_kind_needs() {
    let validator = validator();
    let of = |tilt: Value| {
        let file = json!({ "schema": 1, "population": { "users": 10 }, "arm": [{ "name": "a", "tilt": [tilt] }] });
        validator.is_valid(&file)
    };
    assert!(of(json!({ "kind": "score", "topic": "protest", "multiply": 0.9, "ramp_days": 2 })));
    assert!(!of(json!({ "kind": "score", "topic": "protest" })));
    assert!(!of(json!({ "kind": "score", "topic": "protest", "multiply": 0.9, "keep": 0.9 })));
    assert!(of(json!({ "kind": "throttle", "topic": "protest", "keep": 0.9, "classifier": { "recall": 0.5 } })));
    assert!(!of(json!({ "kind": "throttle", "keep": 0.9 })));
    assert!(of(json!({ "kind": "not_for_feed", "share": 0.9 })));
    assert!(of(json!({ "kind": "not_for_feed", "share": 0.9, "ramp_days": 0.0 })));
    assert!(!of(json!({ "kind": "not_for_feed", "share": 0.9, "ramp_days": 1 })));
    assert!(of(json!({ "kind": "heat", "share": 0.015, "items": 0.1, "topic": "protest" })));
    assert!(!of(json!({ "kind": "heat", "items": 0.1 })));
    assert!(of(json!({ "kind": "feed", "ranker": "oracle", "audience": { "share": 0.01 } })));
    assert!(!of(json!({ "kind": "feed", "ranker": "oracle", "topic": "protest" })));
    assert!(!of(json!({ "kind": "feed", "ranker": "orakle" })));
    assert!(!of(json!({ "kind": "shadow", "topic": "protest" })));
}

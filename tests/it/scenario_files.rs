//! Scenario files: what is accepted means what it says, what is refused is refused with the right words.
//!
//! Each file of `tests/scenarios` has its own test. `FEEDTILT_BLESS=1` rewrites the expected messages and the page of keys.

mod every_key;
mod schema;

use feedtilt::scenario::keys;
use feedtilt::scenario::presets::SHIPPED;
use feedtilt::scenario::{Engine, Override, Scenario, ScenarioError, load, parse};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const VALID_FOLDER: &str = "tests/scenarios/valid";
const INVALID_FOLDER: &str = "tests/scenarios/invalid";

/// One test for each file; underscores stand for hyphens.
macro_rules! files {
    ($list:ident, $module:ident, $check:path: $($name:ident)+) => {
        const $list: &[&str] = &[$(stringify!($name)),+];
        mod $module {
            $(#[test]
            fn $name() {
                $check(&stringify!($name).replace('_', "-"));
            })+
        }
    };
}

files! { VALID, valid_file, crate::scenario_files::check_valid:
    accounts added_topic candidates every_key every_kind minimal own_topics several_arms two_regions
}

files! { INVALID, invalid_file, crate::scenario_files::check_invalid:
    account_after_the_run account_as_table account_beyond_the_epochs account_conditioned_too_long
    account_of_unknown_region account_that_does_not_fit account_twice account_without_sessions arm_against_itself
    arm_against_unknown arm_as_table_by_name arm_called_baseline arm_twice arm_without_tilt arms_in_a_circle
    array_for_table audience_as_number beginning_of_a_key choice_without_candidates classifier_without_topic
    cold_start_that_does_not_scale cold_start_without_topic days_below_zero delay_between_epochs
    delay_beyond_the_catalogue demote_creators_with_classifier demoted_beyond_the_scale empty feed_with_classifier
    feed_with_origin feed_with_topic feed_without_ranker five_choices_for_heat five_choices_of_videos
    five_classifiers five_delays five_shares_for_heat folder geo_block_in_unknown_region geo_block_nowhere
    geo_block_of_nobody geo_block_twice_over head_leaves_no_value head_with_classifier head_with_empty_value
    head_with_unknown_weight head_without_value heat_beyond_all_slots
    heat_of_no_items heat_without_share huge_integer key_in_another_table key_of_another_kind key_twice
    jitter_out_of_range jitter_twice_on_a_head jitter_with_topic jitter_without_sigma
    misspelt_key_of_a_kind more_than_64_entries more_than_64_topics newer_schema no_candidates no_positive_value
    no_repeat_beyond_a_week no_schema no_such_choice no_such_engine no_such_ranker not_a_slug not_finite not_utf8
    one_ghost one_latent_without_attention one_name_for_a_list one_topic origin_unknown out_of_range
    preset_share_that_cannot_be_met ramp_longer_than_the_tilt ramp_on_delay ramp_on_feed ramp_on_head
    ramp_on_jitter ramp_on_not_for_feed reach_cap_of_a_part reach_cap_of_a_region reach_cap_that_does_not_scale
    reach_cap_with_share region_as_key region_as_list region_as_table region_shares region_twice
    regions_at_the_top represents_fewer_than_users required_keys reversed_ranges self_only_without_share
    several_errors share_of_new_topic_missing share_of_unknown_region share_out_of_range shares_do_not_sum
    shares_leave_nothing shares_that_cannot_be_met source_out_of_range sources_do_not_sum stay_out_of_range
    supply_does_not_sum syntax table_for_array throttle_keep throttle_without_topic tilt_after_the_run
    tilt_as_table tilt_cut_by_the_end_of_the_run tilt_ends_before_it_begins tilt_factor tilt_on_unknown_region
    tilt_on_unknown_topic tilt_outside_of_its_arm too_many_accounts too_many_candidates too_many_policy_classes
    too_many_rows too_many_signs too_many_tracked topic_twice track_unknown_topic two_rankers two_weights
    unknown_key unknown_name_like_nothing unknown_table weights_beyond_the_scale wrong_types zero_users
}

fn check_valid(name: &str) {
    let path = format!("{VALID_FOLDER}/{name}.toml");
    let scenario = load(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written_and_read(&scenario), scenario);
}

fn check_invalid(name: &str) {
    let path = format!("{INVALID_FOLDER}/{name}.toml");
    let error = load(&path, &[]).expect_err("the file is invalid");
    expect_text(&format!("{INVALID_FOLDER}/{name}.stderr"), &format!("{error}\n"));
}

/// Compares with a stored text, or stores it.
fn expect_text(path: &str, text: &str) {
    if std::env::var_os("FEEDTILT_BLESS").is_some() {
        fs::write(path, text).expect("the test can write to its own folder");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(expected == text, "{path} differs; FEEDTILT_BLESS=1 accepts this:\n{text}");
}

fn written_and_read(scenario: &Scenario) -> Scenario {
    parse("written.toml", &scenario.to_toml(), &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn set(edits: &[&str]) -> Vec<Override> {
    edits.iter().map(|edit| edit.parse().expect("the test writes KEY=VALUE")).collect()
}

const MINIMAL: &str = "schema = 1\n[population]\nusers = 1000\n";

fn minimal(edits: &[&str]) -> Scenario {
    parse("minimal.toml", MINIMAL, &set(edits)).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(text: &str, edits: &[&str]) -> String {
    parse("x.toml", text, &set(edits)).expect_err("the scenario is invalid").to_string()
}

#[test]
fn every_file_has_its_test() {
    for (folder, list, more) in [(VALID_FOLDER, VALID, 0), (INVALID_FOLDER, INVALID, 1)] {
        let files = fs::read_dir(folder)
            .expect("the folder is there")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let stems: BTreeSet<String> = files.filter_map(|file| Some(file.strip_suffix(".toml")?.to_owned())).collect();
        assert!(list.iter().all(|name| stems.contains(&name.replace('_', "-"))));
        assert_eq!(stems.len(), list.len() + more, "{folder}");
    }
}

#[test]
fn a_file_whose_name_is_no_slug_must_name_its_scenario() {
    let error = load(&format!("{INVALID_FOLDER}/Not a slug.toml"), &[]).expect_err("no name");
    expect_text(&format!("{INVALID_FOLDER}/Not a slug.stderr"), &format!("{error}\n"));
}

#[test]
fn the_page_of_keys_equals_the_table() {
    expect_text("docs/scenario-keys.md", &keys::documentation());
}

#[test]
fn shipped_scenarios_are_found_by_name_and_bear_it() {
    for (name, _) in SHIPPED {
        let scenario = load(name, &[]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenario.name, *name);
        assert!(!scenario.question.is_empty() && !scenario.expectation.is_empty());
        assert_eq!(written_and_read(&scenario), scenario);
        assert!(Path::new(&format!("scenarios/{name}.toml")).is_file());
    }
}

#[test]
fn shipped_scenarios_carry_appeals_that_belong_to_them() {
    for name in ["quickstart", "null"] {
        let scenario = load(name, &[]).unwrap_or_else(|error| panic!("{error}"));
        assert!(scenario.valid_appeal().is_some(), "{name} would be solved anew");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_with_what_there_is() {
    let say = |name: &str| load(name, &[]).expect_err("not there").to_string();
    assert_eq!(
        say("quikstart"),
        "error: quikstart: no such file, and no shipped scenario of this name\nhint: did you mean the shipped scenario quickstart?"
    );
    assert!(
        say("nowhere/x.toml").contains(
            "hint: shipped scenarios are quickstart, small-nudge, dose-response, heating, reference-arms, x-2026-08-25, jitter, chronological-holdout, tiktok, loops-off, netzpolitik-2019, cold-start, demoted-creators, two-rulebooks, roll-out, null"
        )
    );
    assert!(say("tests/scenarios/valid/minimal").contains("hint: did you mean tests/scenarios/valid/minimal.toml?"));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read() {
    let scenario = parse("windows.toml", "\u{feff}schema = 1\r\n[population]\r\nusers = 10\r\n", &[]);
    assert_eq!(scenario.unwrap_or_else(|error| panic!("{error}")).population.users, 10);
    assert!(
        refusal("\u{feff}schema = 1\r\n[population]\r\nusers = 0\r\n", &[])
            .starts_with("error: x.toml:3:9: population.users")
    );
}

// What files mean.

#[test]
fn defaults_are_those_of_the_key_table() {
    let scenario = minimal(&[]);
    assert_eq!(scenario.name, "minimal");
    assert_eq!(scenario.population.represents, 1000);
    assert_eq!(scenario.population.regions.len(), 1);
    assert_eq!(scenario.topics.len(), 23);
    assert_eq!(scenario.topics[scenario.measure.group_topic].id, "news", "the first sensitive topic");
    assert!(scenario.arms.is_empty() && scenario.measure.track.is_empty() && scenario.solved.is_none());
}

#[test]
fn preset_shares_sum_to_one_and_supply_follows_them() {
    let scenario = minimal(&[]);
    let sum: f64 = scenario.topics.iter().map(|topic| topic.share[0]).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    assert!(scenario.topics.iter().all(|topic| (topic.supply - topic.share[0]).abs() < 1e-15));
}

#[test]
fn an_overridden_share_stays_and_the_others_keep_their_proportions() {
    let (before, after) = (minimal(&[]), minimal(&["topic.protest.share=0.1"]));
    let share = |scenario: &Scenario, id: &str| {
        scenario.topics.iter().find(|topic| topic.id == id).map(|topic| topic.share[0]).expect("a topic of the preset")
    };
    assert_eq!(share(&after, "protest"), 0.1);
    let ratio = |scenario: &Scenario| share(scenario, "comedy") / share(scenario, "fitness");
    assert!((ratio(&before) - ratio(&after)).abs() < 1e-9);
    assert!((after.topics.iter().map(|topic| topic.share[0]).sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn supply_defaults_to_the_mean_share_over_people() {
    let scenario = load("tests/scenarios/valid/two-regions.toml", &[]).unwrap_or_else(|error| panic!("{error}"));
    let protest = scenario.topics.iter().find(|topic| topic.id == "protest").expect("a topic of the preset");
    assert_eq!(protest.share, [0.02, 0.01]);
    assert!((protest.supply - (0.75 * 0.02 + 0.25 * 0.01)).abs() < 1e-12);
}

#[test]
fn tilted_topics_are_tracked_and_the_first_makes_the_groups() {
    let scenario = load("tests/scenarios/valid/several-arms.toml", &[]).unwrap_or_else(|error| panic!("{error}"));
    let tracked: Vec<&str> = scenario.measure.track.iter().map(|&topic| scenario.topics[topic].id.as_str()).collect();
    assert_eq!(tracked, ["news", "politics", "protest"]);
    assert_eq!(scenario.topics[scenario.measure.group_topic].id, "politics");
    assert_eq!(scenario.arms[0].against, Some(1));
    assert_eq!(scenario.arms[1].tilts[0].schedule.until_day, 10, "the end of the run");
}

#[test]
fn a_temperature_without_an_engine_was_fitted_for_cells() {
    let fitted = |edits: &[&str]| minimal(edits).feed.fitted_engine;
    assert_eq!(fitted(&[]), Engine::Cells);
    assert_eq!(fitted(&["feed.engine=candidates"]), Engine::Candidates, "the temperature is that engine's own");
    assert_eq!(fitted(&["feed.engine=candidates", "feed.temperature=0.2"]), Engine::Cells);
    let told = ["feed.engine=candidates", "feed.temperature=0.2", "feed.fitted_engine=candidates"];
    assert_eq!(fitted(&told), Engine::Candidates);
}

#[test]
fn no_more_people_are_followed_than_there_are() {
    let followed = |edits: &[&str]| minimal(&[&["population.users=300"], edits].concat()).measure.micro_users;
    assert_eq!(followed(&["replicates.count=3"]), 900, "each world has people of its own");
    assert_eq!(followed(&["replicates.count=3", "replicates.redraw=behaviour"]), 300);
    assert_eq!(minimal(&["population.users=3000"]).measure.micro_users, 1000);
}

#[test]
fn exposure_rows_count_the_recorded_columns() {
    let quickstart = load("quickstart", &[]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(quickstart.exposure_rows(), 7 * 2 * 5 * 9 * 23);
    let by_day = load("quickstart", &set(&["record.by=['day']"])).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(by_day.exposure_rows(), 7 * 2 * 5);
}

#[test]
fn solved_appeals_of_other_topics_count_as_not_solved() {
    let with =
        "schema = 1\n[population]\nusers = 10\n[solved]\nfingerprint = 'x'\n[solved.appeal.all]\nprotest = 0.5\n";
    assert!(parse("x", with, &[]).unwrap_or_else(|error| panic!("{error}")).solved.is_none());
}

// Overrides.

#[test]
fn overrides_come_before_the_check_and_may_mend_a_file() {
    let broken = "schema = 1\n[population]\nusers = 0\n";
    assert!(parse("x", broken, &set(&["population.users=5"])).is_ok());
}

#[test]
fn errors_of_overrides_name_the_flag() {
    let cases = [
        ("feed.temprature=1", "error: --set feed.temprature: unknown key; did you mean feed.temperature?"),
        (
            "feed.temperature=warm",
            "error: --set feed.temperature: found \"warm\"; expected a number above 0 and at most 100",
        ),
        (
            "feed.temperature=.3",
            "error: --set feed.temperature: found \".3\"; expected a number above 0 and at most 100\n\
             hint: a number is written 0.3",
        ),
        (
            "name.first=x",
            "error: --set name.first: name: found a table; expected a name of a-z, 0-9 and -, at most 64 characters",
        ),
        (
            "topic.protst.share=0.1",
            "error: --set topic.protst.share: no topic is called \"protst\"; expected one of 23 such as comedy, games, shows; \
             did you mean topic.protest.share?",
        ),
        (
            "arm.a.against=b",
            "error: --set arm.a.against: no arm is called \"a\"; expected an entry, and the file has none",
        ),
        (
            "population.users=",
            "error: --set population.users: found \"\"; expected a whole number from 1 to 1_000_000_000 (people)",
        ),
        ("feed..response=3", "error: --set feed..response: expected names joined by single dots"),
        (
            "measure.track=[protest]",
            "error: --set measure.track: found \"[protest]\"; expected a list of at most 8, each a name of a-z, 0-9 and -, at \
             most 64 characters\nhint: a list needs brackets and quotes that the shell leaves alone: \
             'measure.track=[\"protest\"]'",
        ),
        ("time.days=0", "error: --set time.days: found 0; expected a whole number from 1 to 3650 (days)"),
        (
            "topic=[{id='x'}]",
            "error: --set topic: topic.x.share: missing; expected a share, because no preset supplies this topic",
        ),
    ];
    for (edit, message) in cases {
        assert_eq!(refusal(MINIMAL, &[edit]), message);
    }
}

#[test]
fn text_that_is_no_override_is_refused_with_an_example() {
    let error = "feed.temperature".parse::<Override>().expect_err("no equals sign");
    assert_eq!(error.to_string(), "error: --set feed.temperature: expected KEY=VALUE, such as feed.temperature=0.3");
    assert!(matches!(error, ScenarioError::NotAnOverride { .. }));
}

// Spoiled files.

/// A fixed sequence of numbers in [0, 1), so that these tests have no false alarms.
fn sequence() -> impl FnMut() -> f64 {
    let mut state = 20220624_u64;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// 300 files that differ from a good one by a few characters, and as many overrides likewise.
#[test]
fn no_text_makes_the_reader_panic() {
    let mut uniform = sequence();
    let mut spoiled = |text: &str| {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..3 {
            let place = (uniform() * characters.len() as f64) as usize;
            let wonders = ['[', ']', '.', '=', '\n', '"', '0', '-', '{', '}', '#', 'ü', ' ', 'e'];
            let wonder = wonders[(uniform() * wonders.len() as f64) as usize];
            if uniform() < 0.5 { characters[place] = wonder } else { characters.insert(place, wonder) }
        }
        characters.into_iter().collect::<String>()
    };
    let text = fs::read_to_string(format!("{VALID_FOLDER}/every-key.toml")).expect("the file is there");
    let edits = [
        "topic.protest.share.at=0.05",
        "arm.first.tilt.0={kind='score'}",
        "population.region.0.share=0.5",
        "feed.freshness.1=2",
    ];
    for round in 0..300 {
        let said =
            |result: Result<Scenario, ScenarioError>| result.map_or_else(|error| error.to_string(), |s| s.to_toml());
        assert!(!said(parse("x.toml", &spoiled(&text), &[])).is_empty());
        if let Ok(edit) = spoiled(edits[round % edits.len()]).parse::<Override>() {
            assert!(!said(parse("x.toml", &text, &[edit])).is_empty());
        }
    }
}

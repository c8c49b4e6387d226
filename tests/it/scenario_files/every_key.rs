//! Every key of the table reaches the scenario, the written file and, where it bears on appeals, the fingerprint.

use super::{VALID_FOLDER, minimal, sequence, set, written_and_read};
use feedtilt::scenario::keys::{self, Key, Kind};
use feedtilt::scenario::{Scenario, load, parse};
use std::fs;

/// A path of `every-key.toml` for a pattern of the key table.
pub(super) fn concrete(pattern: &str) -> String {
    pattern
        .replace("region[]", "region.0")
        .replace("topic[]", "topic.protest")
        .replace("arm[]", "arm.first")
        .replace("tilt[].keep", "tilt.1.keep")
        .replace("tilt[].share", "tilt.3.share")
        .replace("tilt[].items", "tilt.3.items")
        .replace("first.tilt[].ranker", "third.tilt.0.ranker")
        .replace("first.tilt[].sigma", "fourth.tilt.0.sigma")
        .replace("first.tilt[].heads", "fourth.tilt.0.heads")
        .replace("first.tilt[].value", "fourth.tilt.1.value")
        .replace("first.tilt[].regions", "fifth.tilt.0.regions")
        .replace("first.tilt[].impressions", "fifth.tilt.1.impressions")
        .replace("first.tilt[].hours", "fifth.tilt.2.hours")
        .replace("first.tilt[].origin", "fifth.tilt.2.origin")
        .replace("first.tilt[].own_region_only", "fifth.tilt.3.own_region_only")
        .replace("tilt[]", "tilt.0")
        .replace("account[]", "account.personas")
        .replace("appeal.*.*", "appeal.de.rest")
        .replace("vector[]", "vector.0")
        .replace("combination[]", "combination.0")
        .replace(".*.*", ".first.protest")
        .replace("share.*", "share.at")
}

fn every_key(edits: &[&str]) -> Scenario {
    load(&format!("{VALID_FOLDER}/every-key.toml"), &set(edits)).unwrap_or_else(|error| panic!("{error}"))
}

/// Edits by which a key gets a value that `every-key.toml` does not give it, with what it takes along to stay valid.
fn changed(key: &Key) -> Option<Vec<String>> {
    let path = concrete(key.path);
    let special: &[&str] = match key.path {
        // One value is allowed, or the file would have to be another.
        "schema" => return None,
        "feed.engine" => &["feed.engine=cells", "feed.choice=softmax"],
        "uncertainty.users" => &["uncertainty.users=700"],
        "uncertainty.structure_users" => &["uncertainty.structure_users=700"],
        "structure.combination[].latents" => &["structure.combination.0.latents=2"],
        "respond.latents" => &["respond.latents=2"],
        "feed.fitted_engine" => &["feed.fitted_engine=candidates"],
        path if path.starts_with("feed.sources.") => {
            &["feed.sources={interest=0.05, trending=0.3, fresh=0.05, region=0.1, explore=0.2, all=0.3}"]
        }
        "arm[].tilt[].kind" => &["arm.second.tilt.0={kind='throttle', topic='politics', keep=0.5}"],
        "account[].region" => &["account.personas.region=de"],
        "account[].videos_per_session" => &["account.personas.videos_per_session=200"],
        "account[].topic" => &["account.personas.topic=rest"],
        "account[].from_day" => &["account.personas.from_day=3"],
        "account[].sessions_per_day" => &["account.personas.sessions_per_day=3"],
        "catalogue.topics" => &["catalogue.topics=tiktok-2025", "topic=[]", "arm=[]", "account=[]", "measure={}"],
        "population.region[].id" => {
            &["population.region.0.id=fr", "topic.protest.share=0.01", "topic.politics.share=0.09"]
        }
        "population.region[].share" => &["population.region.0.share=0.6", "population.region.1.share=0.4"],
        "topic[].id" => &["topic.protest.id=march", "arm.first.tilt.0.topic=march", "account.personas.topic=march"],
        "topic[].share" => &["topic.protest.share=0.05", "topic.politics.share=0.05"],
        "topic[].share.*" => &["topic.protest.share.at=0.05", "topic.politics.share.at=0.05"],
        "topic[].supply" => &["topic.protest.supply=0.05", "topic.politics.supply=0.05"],
        "measure.track" => &["measure.track=['rest']"],
        "measure.group_topic" => &["measure.group_topic=politics"],
        "record.by" => &["record.by=['region', 'group']"],
        "sources" => &["sources=['three']"],
        "arm[].against" => &["arm.first.against=baseline"],
        "arm[].tilt[].topic" => &["arm.first.tilt.0.topic=rest"],
        "arm[].tilt[].multiply" => &["arm.first.tilt.0.multiply=1.5"],
        "arm[].tilt[].from_day" => &["arm.first.tilt.0.from_day=2"],
        "arm[].tilt[].until_day" => &["arm.first.tilt.0.until_day=10"],
        "arm[].tilt[].ramp_days" => &["arm.first.tilt.0.ramp_days=1.5"],
        "arm[].tilt[].origin" => &["arm.fifth.tilt.2.origin=['de']"],
        "arm[].tilt[].regions" => &["arm.fifth.tilt.0.regions=['de']"],
        "arm[].tilt[].own_region_only" => {
            &["arm.fifth.tilt.0={kind='geo_block', topic='rest', share=1.0, own_region_only=true}"]
        }
        "arm[].tilt[].hours" => &["arm.fifth.tilt.2.hours=48"],
        "arm[].tilt[].audience.regions" => &["arm.first.tilt.0.audience.regions=['de']"],
        "arm[].tilt[].heads" => &["arm.fourth.tilt.0.heads=['comment']"],
        "time.days" => &["time.days=13"],
        "record.max_rows" => &["record.max_rows=777"],
        _ => &[],
    };
    if !special.is_empty() {
        return Some(special.iter().map(|edit| (*edit).to_owned()).collect());
    }
    let value = match key.kind {
        Kind::Integer { .. } => "7".to_owned(),
        Kind::Number(range) => format!("{:?}", range.low + 0.61 * (range.high - range.low)),
        Kind::Text | Kind::Slug => "another".to_owned(),
        Kind::Boolean if key.path.starts_with("topic") || key.path == "loops.stay" => "false".to_owned(),
        Kind::Boolean => "true".to_owned(),
        Kind::OneOf(options) => options[0].to_owned(),
        Kind::List { least: 2, .. } => "[1.5, 2.5]".to_owned(),
        Kind::List { .. } => "[1.5, 2.5, 3.5, 4.5]".to_owned(),
    };
    let value = if key.path == "population.represents" { "999999".to_owned() } else { value };
    Some(vec![format!("{path}={value}")])
}

#[test]
fn every_key_stands_in_the_file_of_every_key() {
    let text = fs::read_to_string(format!("{VALID_FOLDER}/every-key.toml")).expect("the file is there");
    for key in keys::all() {
        let name = key.path.rsplit('.').find(|name| *name != "*").unwrap_or(key.path);
        assert!(text.contains(&format!("{name} = ")) || text.contains(&format!("{name}.")), "{}", key.path);
    }
}

#[test]
fn every_key_reaches_the_scenario_and_the_written_file() {
    let before = every_key(&[]);
    for key in keys::all() {
        let Some(edits) = changed(key) else { continue };
        let after = every_key(&edits.iter().map(String::as_str).collect::<Vec<_>>());
        assert_ne!(before, after, "{} changes nothing", key.path);
        assert_ne!(before.hash(), after.hash(), "{}", key.path);
        assert_eq!(written_and_read(&after), after, "{}", key.path);
    }
}

#[test]
fn the_fingerprint_moves_with_what_bears_on_appeals_and_with_nothing_else() {
    let bears = |path: &str| {
        let within = ["population.", "catalogue.", "topic[]", "respond.", "feed.", "time.epochs_per_day"];
        let beside = [
            "population.users",
            "population.represents",
            "topic[].label.en",
            "topic[].label.de",
            "topic[].sensitive",
            "feed.fitted_engine",
        ];
        within.iter().any(|prefix| path.starts_with(prefix)) && !beside.contains(&path)
    };
    let before = every_key(&[]).appeal_fingerprint();
    assert_eq!(before.len(), 16);
    for key in keys::all() {
        let Some(edits) = changed(key) else { continue };
        let after = every_key(&edits.iter().map(String::as_str).collect::<Vec<_>>()).appeal_fingerprint();
        assert_eq!(before != after, bears(key.path), "{}", key.path);
    }
}

#[test]
fn what_only_candidates_read_moves_no_appeal_of_cells() {
    let of = |edits: &[&str]| minimal(edits).appeal_fingerprint();
    let edits =
        ["feed.candidates=100", "feed.sources={interest=1.0, trending=0.0, fresh=0.0, region=0.0, explore=0.0}"];
    for edit in edits {
        assert_eq!(of(&[]), of(&[edit]), "{edit}");
        assert_ne!(of(&["feed.engine=candidates"]), of(&["feed.engine=candidates", edit]), "{edit}");
    }
    assert_ne!(of(&[]), of(&["feed.engine=candidates"]));
}

#[test]
fn a_scenario_keeps_its_solved_appeals_until_its_settings_change() {
    let scenario = minimal(&[]);
    let appeal = vec![(0..23).map(|k| f64::from(k) / 7.0 - 1.0).collect::<Vec<f64>>()];
    let solved = scenario.with_solved(appeal.clone());
    let read = written_and_read(&solved);
    assert_eq!(read, solved);
    assert_eq!(read.valid_appeal(), Some(appeal.as_slice()));
    let other = parse("minimal.toml", &solved.to_toml(), &set(&["feed.temperature=0.4"]));
    assert_eq!(other.unwrap_or_else(|error| panic!("{error}")).valid_appeal(), None);
}

/// 200 scenarios with every free number drawn from its range.
#[test]
fn any_numbers_survive_a_round_trip() {
    let mut uniform = sequence();
    let bound = |path: &str| ["[]", "*", "feed.sources."].iter().any(|part| path.contains(part));
    let free = |key: &&Key| matches!(key.kind, Kind::Number(_)) && !bound(key.path);
    for _ in 0..200 {
        let edits: Vec<String> = keys::all()
            .filter(free)
            .filter_map(|key| {
                let Kind::Number(range) = key.kind else { return None };
                let value = range.low + (range.high - range.low) * uniform();
                (key.path != "feed.value.valid_play" && range.contains(value))
                    .then(|| format!("{}={value:?}", key.path))
            })
            .collect();
        let scenario = minimal(&edits.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(written_and_read(&scenario), scenario);
    }
}

//! The tables that figures are written to: rows, gaps, names.

use feedtilt::measure::Measure;
use feedtilt::report::{Figures, Results, shift, shift_by_group, users};
use feedtilt::scenario::Scenario;
use feedtilt::trace::{GhostCourse, Micro, RealisedCourse, Tally};

use crate::common::scenario;

/// Two regions, three topics, one of them tilted from day 7 on, another tracked.
fn two_regions() -> Scenario {
    let text = "schema = 1\nname = 'x'\n[population]\nusers = 100\n[[population.region]]\nid = 'north'\nshare = 0.5\n\
                [[population.region]]\nid = 'south'\nshare = 0.5\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\nshare = 0.2\n\
                [[topic]]\nid = 'b'\nshare = 0.3\n[[topic]]\nid = 'c'\nshare = 0.5\n[time]\nburn_in_days = 1\ndays = 15\n\
                [measure]\ntrack = ['c']\n[[arm]]\nname = 'tilted'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = 0.5\n\
                from_day = 7\n[replicates]\ncount = 5\n";
    scenario(text, &[])
}

fn tallies() -> Vec<Tally> {
    (0..5)
        .map(|replicate| {
            let mut tally = Tally::new(1, 15, 2, 2, 9, 3, 2);
            let cells = tally.exposure.iter_mut().zip(0u64..);
            cells.for_each(|(cell, number)| *cell = 1 + (number * 7_919 + replicate) % 1_009);
            tally
        })
        .collect()
}

fn rows(csv: &[u8]) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().expect("a header").clone();
    (header, reader.records().map(|row| row.expect("a row")).collect())
}

#[test]
fn shifts_of_topics_come_first_then_those_of_the_whole_feed() {
    let scenario = two_regions();
    let figures = Figures::new(&scenario, &tallies(), None);
    let (header, rows) = rows(&shift::columns(&scenario, &figures).csv("x").unwrap());
    let of = |name: &str| header.iter().position(|column| column == name).unwrap();
    let feed = rows.iter().filter(|row| row[of("topic")].is_empty()).count();
    let topics = Measure::ALL.len() - feed;
    assert_eq!(rows.len(), 3 * topics + feed);
    assert!(rows[..3 * topics].iter().all(|row| !row[of("topic")].is_empty()));
    let names: Vec<&str> = rows[3 * topics..].iter().map(|row| &row[of("measure")]).collect();
    assert_eq!(names[0], "moved_beyond_proportional");
    assert!(rows.iter().all(|row| row[of("from_day")] == *"7" && row[of("until_day")] == *"15"));
    assert!(rows.iter().all(|row| row[of("floor_fork")].is_empty() && row[of("model_band_low")].is_empty()));
    // A contrast has no value in a single arm.
    let divergence = rows.iter().find(|row| &row[of("measure")] == "mix_total_variation").unwrap();
    assert!(divergence[of("baseline")].is_empty() && divergence[of("relative")].is_empty());
    assert!(divergence[of("difference")].parse::<f64>().unwrap() > 0.0 && !divergence[of("floor_worlds")].is_empty());
}

#[test]
fn parts_are_regions_and_groups_whose_counts_add_up() {
    let scenario = two_regions();
    let figures = Figures::new(&scenario, &tallies(), None);
    let (header, rows) = rows(&shift_by_group::columns(&scenario, &figures).csv("x").unwrap());
    let of = |name: &str| header.iter().position(|column| column == name).unwrap();
    let feed = Measure::ALL.iter().filter(|measure| measure.scope == feedtilt::measure::Scope::Feed).count();
    // Topics a and c are tracked; the expected share is not known by part.
    assert_eq!(rows.len(), (2 + 9) * (2 * (Measure::ALL.len() - feed - 1) + feed));
    let sum = |keep: &dyn Fn(&csv::StringRecord) -> bool, topic: &str| -> f64 {
        let own =
            |row: &&csv::StringRecord| &row[of("topic")] == topic && &row[of("measure")] == "impressions" && keep(row);
        rows.iter().filter(own).map(|row| row[of("difference")].parse::<f64>().unwrap()).sum()
    };
    for (index, topic) in [(0, "a"), (2, "c")] {
        let whole = figures.arms[0].impressions(index).difference.unwrap();
        let (regions, groups) =
            (sum(&|row| row[of("group")].is_empty(), topic), sum(&|row| row[of("region")].is_empty(), topic));
        assert!((regions - whole).abs() < 1e-6 && (groups - whole).abs() < 1e-6, "{whole} {regions} {groups}");
    }
    let first: Vec<&str> = rows[0].iter().take(8).collect();
    assert_eq!(first, ["tilted", "baseline", "7", "15", "north", "", "c", "exposure_share"]);
    assert_eq!(&rows[rows.len() - 1][of("group")], "8");
    // Shares are of the part's own impressions; topic c.
    let share = |region: usize| {
        let mut means = 0.0;
        for tally in tallies() {
            let count = |topic: usize| -> u64 {
                (8..16)
                    .flat_map(|day| (0..9).map(move |group| (day, group)))
                    .map(|(day, group)| tally.exposure[[day, 1, region, group, topic, 0]])
                    .sum()
            };
            means += count(2) as f64 / (count(0) + count(1) + count(2)) as f64 / 5.0;
        }
        means
    };
    let south = rows.iter().find(|row| &row[of("region")] == "south").unwrap();
    assert!((south[of("arm_value")].parse::<f64>().unwrap() - share(1)).abs() < 1e-11);
}

#[test]
fn a_single_region_is_everybody() {
    let scenario = crate::common::small(&[]);
    let tallies = [Tally::new(1, 2, 2, 1, 9, scenario.topic_count(), 1)];
    let figures = Figures::new(&scenario, &tallies, None);
    assert_eq!(figures.arms[0].parts.len(), 9);
}

/// Two people, two ghosts, two tracked topics; the baseline has ghosts of day 7, the arm as well; people have two whole
/// weeks.
fn micro() -> Micro {
    let mut courses = vec![GhostCourse::new(0, 7, [2, 2, 1, 2]), GhostCourse::new(1, 7, [2, 2, 1, 2])];
    for (course, first) in courses.iter_mut().zip([0, 100]) {
        course.expected.iter_mut().zip(first..).for_each(|(cell, number)| *cell = number << 24);
        course.met.iter_mut().zip(0..).for_each(|(cell, number)| *cell = number * number);
    }
    let mut realised = vec![RealisedCourse::new(0, [2, 2, 2]), RealisedCourse::new(1, [2, 2, 2])];
    for (course, first) in realised.iter_mut().zip([10, 20]) {
        course.met.iter_mut().zip(first..).for_each(|(cell, number)| *cell = number);
    }
    courses[1].audience[1] = false;
    Micro { users: vec![17, 99], replicates: vec![0, 3], courses, realised }
}

#[test]
fn people_stand_week_by_week_beside_their_ghosts() {
    let scenario = two_regions();
    let micro = micro();
    let (header, rows) = rows(&users::columns(&scenario, &micro).csv("x").unwrap());
    assert_eq!(
        header.iter().collect::<Vec<_>>(),
        ["arm", "fork_day", "replicate", "user", "in_audience", "from_day", "topic", "expected", "own_sd", "realised"]
    );
    let lines: Vec<String> = rows.iter().map(|row| row.iter().collect::<Vec<_>>().join(",")).collect();
    assert_eq!(lines.len(), 2 * 2 * (2 + 2));
    // Person 99 lives in replicate 3 and is in no audience.
    // Ghosts of person 17: expected 0 and 2 videos of c and 1 and 3 of a (tracked in the file's order, then tilted);
    // met 0 and 4, so √8, and 1 and 9, so √32.
    let [c, a] = [8f64, 32f64].map(|variance| format!("{}", feedtilt::report::columns::significant(variance.sqrt())));
    let topics: Vec<&str> = scenario.measure.track.iter().map(|&topic| scenario.topics[topic].id.as_str()).collect();
    assert_eq!(lines[0], format!("baseline,7,0,17,0,7,{},1,{c},12", topics[0]));
    assert_eq!(lines[1], format!("baseline,7,0,17,0,7,{},2,{a},13", topics[1]));
    // Day 0 has no ghosts.
    assert_eq!(lines[4], format!("baseline,,0,17,0,0,{},,,10", topics[0]));
    assert_eq!(lines[8], format!("tilted,7,0,17,1,7,{},101,{c},22", topics[0]));
    assert_eq!(lines[15], format!("tilted,,3,99,0,0,{},,,25", topics[1]));
}

#[test]
fn weeks_that_begin_on_other_days_are_rows_of_their_own() {
    let scenario = two_regions();
    let mut micro = micro();
    micro.courses.iter_mut().for_each(|course| course.fork_day = 5);
    let (_, rows) = rows(&users::columns(&scenario, &micro).csv("x").unwrap());
    assert_eq!(rows.len(), 2 * 2 * 2 * (1 + 2));
    for row in &rows {
        assert_ne!(row[7].is_empty(), row[9].is_empty(), "{row:?}");
    }
}

#[test]
fn the_folder_has_the_tables_that_there_is_something_for() {
    let scenario = two_regions();
    let (tallies, micro) = (tallies(), micro());
    let files = |micro| Results::new(&scenario, &tallies, micro, "", &[]).files().expect("tables are made");
    assert!(files(Some(&micro)).contains_key(users::FILE) && !files(None).contains_key(users::FILE));
    assert!(!files(None).contains_key("dose_response.csv"), "one arm is no curve");
    assert!(files(None).contains_key("shift_by_group.csv"));
}

/// Names of all keys below a JSON value.
fn keys(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(entries) => entries.iter().for_each(|entry| keys(entry, found)),
        serde_json::Value::Object(entries) => {
            found.extend(entries.keys().cloned());
            entries.values().for_each(|below| keys(below, found));
        }
        _ => {}
    }
}

#[test]
fn every_column_and_key_of_these_tables_stands_in_the_page_of_outputs() {
    let (scenario, tallies, micro) = (two_regions(), tallies(), micro());
    let results = Results::new(&scenario, &tallies, Some(&micro), "", &[]);
    let mut names = Vec::new();
    let json = serde_json::to_value(&results.summary.arms[0].users_effect).expect("it is JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(2), "one entry per tracked topic");
    keys(&json, &mut names);
    let tables = [users::columns(&scenario, &micro), shift_by_group::columns(&scenario, &results.figures)];
    names.extend(tables.iter().flat_map(|table| table.0.iter().map(|(name, _)| (*name).to_owned())));
    let curve = super::dose_response::curve_columns();
    names.extend(curve);
    let page = std::fs::read_to_string("docs/output.md").expect("the page is there");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_page_for_readers_has_the_people_and_the_summary_their_figures() {
    let (scenario, tallies, mut micro) = (two_regions(), tallies(), micro());
    micro.courses[1].audience[1] = true;
    let results = Results::new(&scenario, &tallies, Some(&micro), "", &[]);
    let page = String::from_utf8(results.files().expect("tables are made")["summary.md"].clone()).unwrap();
    assert!(page.contains("Single people: expected change in videos a week over 1 week, of 2 people. "), "{page}");
    let effect = &results.summary.arms[0].users_effect[0];
    assert_eq!((effect.people, effect.ghosts, effect.weeks), (2, 2, 1));
    // The arm's ghosts expect a hundred videos more, everybody and every ghost.
    assert_eq!(
        (effect.expected_change_per_week.median, effect.expected_change_per_week.spread),
        (Some(100.0), Some(0.0))
    );
    let without = Results::new(&scenario, &tallies, None, "", &[]);
    assert!(without.summary.arms[0].users_effect.is_empty());
}

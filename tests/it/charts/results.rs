//! From tallies to what is drawn: values by hand, and places on the sheet against the tables.

use std::collections::BTreeMap;

use feedtilt::report::Results;
use feedtilt::report::chart::{self, Chart};
use feedtilt::report::words::language::Language::En;
use feedtilt::scenario::{Scenario, parse};
use feedtilt::trace::micro::EXPECTED_UNIT;
use feedtilt::trace::{GhostCourse, Micro, Tally};

use super::samples::{dose_response, exposure_over_time, lorenz, people, signature};
use super::sheet::{assert_in_proportion, blocks, lines};
use super::texts;

/// Days of burn-in, days measured.
const DAYS: [usize; 2] = [1, 7];
/// Impressions of the topic `a` a day: in the baseline and in three arms; ten more in each later replicate.
const SHOWN: [u64; 4] = [2_000, 1_000, 1_500, 3_000];

fn scenario(arms: &str) -> Scenario {
    let text = format!(
        "schema = 1\nname = 'x'\n[population]\nusers = 1000\nrepresents = 1_000_000\n[catalogue]\ntopics = 'none'\n[[topic]]\n\
         id = 'a'\nlabel = {{ en = 'Apples', de = 'Äpfel' }}\nshare = 0.2\n[[topic]]\nid = 'b'\nshare = 0.8\n[time]\n\
         burn_in_days = 1\ndays = 7\n{arms}"
    );
    parse("x.toml", &text, &[]).expect("as made here")
}

/// Three strengths of one tilt.
fn three() -> Scenario {
    let arm = |factor: f64| {
        let name = format!("x{}", factor * 100.0);
        format!("[[arm]]\nname = '{name}'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = {factor}\n")
    };
    scenario(&[0.5, 0.8, 2.0].map(arm).concat())
}

fn tally(replicate: u64, arms: usize) -> Tally {
    let mut tally = Tally::new(DAYS[0], DAYS[1], arms, 1, 1, 2, 1);
    for day in 0..DAYS[0] + DAYS[1] {
        for (arm, &tilted) in SHOWN.iter().enumerate().take(arms) {
            let shown = if day < DAYS[0] { SHOWN[0] } else { tilted };
            tally.exposure[[day, arm, 0, 0, 0, 0]] = shown + 10 * replicate;
            tally.exposure[[day, arm, 0, 0, 1, 0]] = 8_000;
        }
    }
    tally
}

/// Four people with two ghosts each: the first arm takes 1, 2, 3 and 8 videos a week from them. In the baseline one ghost
/// meets 4 videos in the week and the other 6: a standard deviation of √2.
fn micro() -> Micro {
    let course = |arm: usize| {
        let mut course = GhostCourse::new(arm, 0, [4, 2, 1, 1]);
        for (person, less) in [1.0, 2.0, 3.0, 8.0].into_iter().enumerate() {
            for ghost in 0..2 {
                let videos = if arm == 1 { 20.0 - less } else { 20.0 };
                course.expected[[person, ghost, 0, 0]] = (videos / EXPECTED_UNIT) as u64;
                course.met[[person, ghost, 0, 0]] = [4, 6][ghost];
            }
        }
        course
    };
    Micro {
        users: vec![1, 2, 3, 4],
        replicates: vec![0; 4],
        courses: (0..4).map(course).collect(),
        realised: Vec::new(),
    }
}

fn files(scenario: &Scenario, tallies: &[Tally], micro: Option<&Micro>) -> BTreeMap<String, Vec<u8>> {
    chart::files(&Results::new(scenario, tallies, micro, "hash", &[])).expect("as made here")
}

/// Rows of a CSV without its names; an empty cell is no number.
fn numbers(csv: &[u8]) -> Vec<Vec<Option<f64>>> {
    let row = |line: &str| line.split(',').map(|cell| cell.parse().ok()).collect();
    std::str::from_utf8(csv).expect("as made here").lines().skip(1).map(row).collect()
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.expect("a number");
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "found {found}, expected {expected}");
}

/// Mean share over five replicates, per cent.
fn share(arm: usize) -> f64 {
    shares(arm).iter().sum::<f64>() / 5.0
}

fn shares(arm: usize) -> [f64; 5] {
    [0.0, 1.0, 2.0, 3.0, 4.0].map(|replicate| {
        let shown = SHOWN[arm] as f64 + 10.0 * replicate;
        100.0 * shown / (shown + 8_000.0)
    })
}

/// Paired difference ± 2.776 standard errors (Student's t, 4 degrees of freedom).
fn interval(arm: usize) -> [f64; 2] {
    let (with, without) = (shares(arm), shares(0));
    let differences: Vec<f64> = with.iter().zip(without).map(|(with, without)| with - without).collect();
    let mean = differences.iter().sum::<f64>() / 5.0;
    let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
    let reach = 2.776_445_105_197_793 * (squares / 4.0 / 5.0).sqrt();
    [mean - reach, mean + reach]
}

#[test]
fn figures_of_a_run_reach_the_tables_as_counted_by_hand() {
    let (scenario, micro) = (three(), micro());
    let tallies: Vec<Tally> = (0..5).map(|replicate| tally(replicate, 4)).collect();
    let files = files(&scenario, &tallies, Some(&micro));
    let days = numbers(&files["charts/exposure-over-time.csv"]);
    assert_eq!(days.len(), 8);
    for (place, day) in days.iter().enumerate() {
        close(day[0], place as f64 - 1.0);
        close(day[1], share(0));
        let [low, high] = if place == 0 { [0.0; 2] } else { interval(1) };
        close(day[2], if place == 0 { share(0) } else { share(1) });
        close(day[3], share(0) + low);
        close(day[4], share(0) + high);
    }
    let rows = numbers(&files["charts/signature.csv"]);
    close(rows[0][1], 100.0 * (share(1) / share(0) - 1.0));
    assert!(rows[0][2].unwrap() < rows[0][1].unwrap() && rows[0][1].unwrap() < rows[0][3].unwrap());
    // Two baseline worlds in 19 of 20 pairs: t(4) times the standard deviation of a difference.
    let squares: f64 = (0..5).map(|i| (shares(0)[i] - share(0)).powi(2)).sum();
    let floor = 2.776_445_105_197_793 * (2.0 * squares / 4.0).sqrt();
    close(rows[1][3], 100.0 * floor / share(0));
    close(rows[1][2], -100.0 * floor / share(0));
    let figures = numbers(&files["charts/signature.figures.csv"]);
    // A thousand fewer a day for seven days among a thousand people, scaled to a million.
    close(figures[0][2], -7e6);
    close(figures[1][2], 4.0);
    close(figures[2][2], 25.0);
    close(figures[4][2], 0.0);
    close(figures[5][2], -2.5);
    close(figures[7][4], 1.96 * 2.0);
    let bars = numbers(&files["charts/signature.people.csv"]);
    for bar in &bars {
        let (from, to) = (bar[0].unwrap(), bar[1].unwrap());
        let inside = [-1.0, -2.0, -3.0, -8.0].iter().filter(|change| (from..to).contains(*change)).count();
        close(bar[2], 25.0 * inside as f64);
    }
    close(Some(bars.iter().filter_map(|bar| bar[2]).sum()), 100.0);
    let doses = numbers(&files["charts/dose-response.csv"]);
    let strengths: Vec<f64> = doses.iter().filter_map(|dose| dose[0]).collect();
    assert_eq!(strengths, [0.5, 0.8, 1.0, 2.0]);
    for (dose, arm) in [(0, 1), (1, 2), (3, 3)] {
        close(doses[dose][1], 100.0 * (share(arm) / share(0) - 1.0));
    }
    close(doses[2][1], 0.0);
    // The curve over four people who lose 1, 2, 3 and 8 of 14 videos.
    let curve = numbers(&files["charts/lorenz.csv"]);
    for (point, part) in curve.iter().zip([0.0, 1.0, 3.0, 6.0, 14.0]) {
        close(point[1], 100.0 * part / 14.0);
    }
}

#[test]
fn every_arm_and_topic_has_files_of_its_own() {
    let tilt = |topic: &str| format!("[[arm.tilt]]\nkind = 'score'\ntopic = '{topic}'\nmultiply = 0.5\n");
    let both =
        scenario(&format!("[[arm]]\nname = 'both'\n{}{}[[arm]]\nname = 'other'\n{}", tilt("a"), tilt("b"), tilt("b")));
    let tallies: Vec<Tally> = (0..2).map(|replicate| tally(replicate, 3)).collect();
    let files = files(&both, &tallies, None);
    let names: Vec<&str> = files.keys().map(String::as_str).filter(|name| name.contains("over-time")).collect();
    let expected = ["exposure-over-time-", "exposure-over-time.both.b-", "exposure-over-time.other.b-"].map(|stem| {
        let pictures = ["de.png", "de.svg", "en.png", "en.svg"].map(|ending| format!("charts/{stem}{ending}"));
        pictures.into_iter().chain([format!("charts/{}.csv", stem.trim_end_matches('-'))]).collect::<Vec<_>>()
    });
    let mut expected = expected.concat();
    expected.sort();
    assert_eq!(names, expected);
    assert!(!files.keys().any(|name| name.contains("lorenz") || name.contains("dose") || name.contains("people")));
    let svg = std::str::from_utf8(&files["charts/exposure-over-time.other.b-en.svg"]).unwrap();
    assert!(svg.contains("arm other") && svg.contains("<title>b videos"), "{svg}");
}

#[test]
fn a_run_without_a_tilted_arm_has_no_pictures() {
    let tallies: Vec<Tally> = (0..2).map(|replicate| tally(replicate, 1)).collect();
    assert!(files(&scenario(""), &tallies, None).is_empty());
}

#[test]
fn an_arm_that_names_no_topic_shows_the_tracked_ones() {
    let arm = "[[arm]]\nname = 'any'\n[[arm.tilt]]\nkind = 'feed'\nranker = 'random'\n[measure]\ntrack = ['b']\n";
    let tallies: Vec<Tally> = (0..2).map(|replicate| tally(replicate, 2)).collect();
    let files = files(&scenario(arm), &tallies, None);
    let svg = std::str::from_utf8(&files["charts/signature-en.svg"]).unwrap();
    assert!(svg.contains("<title>b videos were seen"), "{svg}");
}

/// One column of a chart's table, as far as it has numbers.
fn column(chart: &dyn Chart, table: usize, column: usize) -> Vec<f64> {
    numbers(&chart.tables()[table].columns.csv("a table").expect("as made here"))
        .iter()
        .filter_map(|row| row[column])
        .collect()
}

const TILT: &str = "#B8420A";
const BASELINE: &str = "#1F5A99";

#[test]
fn lines_stand_where_the_tables_say() {
    let chart = exposure_over_time();
    let svg = chart::svg(&chart, En).unwrap();
    let without = &lines(&svg, BASELINE)[0];
    let heights = |points: &[[f64; 2]]| points.iter().map(|point| point[1]).collect::<Vec<_>>();
    assert_in_proportion("without the tilt", &column(&chart, 0, 1), &heights(without));
    assert_in_proportion("days", &column(&chart, 0, 0), &without.iter().map(|point| point[0]).collect::<Vec<_>>());
    // The tilted line begins where the tilt does, half-way between the third and the fourth of ten days, on the other line.
    let with = lines(&svg, TILT).into_iter().find(|line| line.len() == 8).unwrap();
    let shares = column(&chart, 0, 1);
    let both = [&shares[..], &[0.5 * (shares[2] + shares[3])], &column(&chart, 0, 2)[3..]].concat();
    assert_in_proportion("both lines on one scale", &both, &[heights(without), heights(&with)].concat());

    let chart = lorenz();
    let svg = chart::svg(&chart, En).unwrap();
    let curve = lines(&svg, TILT).into_iter().find(|line| line.len() > 100).unwrap();
    assert_in_proportion("shift", &column(&chart, 0, 1), &heights(&curve));

    let chart = dose_response();
    let svg = chart::svg(&chart, En).unwrap();
    let curve = lines(&svg, TILT).into_iter().find(|line| line.len() == 11).unwrap();
    let logs: Vec<f64> = column(&chart, 0, 1).iter().map(|change| libm::log1p(change / 100.0)).collect();
    assert_in_proportion("changes", &logs, &heights(&curve));
    let logs: Vec<f64> = column(&chart, 0, 0).iter().map(|strength| libm::log(*strength)).collect();
    assert_in_proportion("strengths", &logs, &curve.iter().map(|point| point[0]).collect::<Vec<_>>());
}

#[test]
fn bars_stand_where_the_tables_say() {
    let chart = signature();
    let svg = chart::svg(&chart, En).unwrap();
    let bars = blocks(&svg, TILT);
    let rows = numbers(&chart.tables()[1].columns.csv("a table").unwrap());
    let filled: Vec<_> = rows.iter().filter(|row| row[2] > Some(0.0)).collect();
    let of = |place: usize| filled.iter().filter_map(|row| row[place]).collect::<Vec<_>>();
    assert_in_proportion("left edges", &of(0), &bars.iter().map(|bar| bar[0]).collect::<Vec<_>>());
    assert_in_proportion("right edges", &of(1), &bars.iter().map(|bar| bar[0] + bar[2]).collect::<Vec<_>>());
    assert_in_proportion("heights", &of(2), &bars.iter().map(|bar| bar[3]).collect::<Vec<_>>());
    // By hand: people whose change lies in the fullest bar.
    let fullest = filled.iter().max_by(|one, other| one[2].unwrap().total_cmp(&other[2].unwrap())).unwrap();
    let changes = people().changes;
    let inside = changes.iter().filter(|change| (fullest[0].unwrap()..fullest[1].unwrap()).contains(*change));
    close(fullest[2], inside.count() as f64 / 10.0);
}

/// Each kind's axis says what its strength is.
#[test]
fn every_tilt_with_a_strength_has_a_picture_of_its_doses() {
    for (tilt, strengths, axis) in [
        ("kind = 'score'\ntopic = 'a'\nmultiply", [0.5, 0.8, 2.0], "factor on their score"),
        ("kind = 'throttle'\ntopic = 'a'\nkeep", [0.2, 0.5, 0.8], "factor on their chance to be shown"),
        ("kind = 'not_for_feed'\ntopic = 'a'\nshare", [0.2, 0.5, 0.8], "share of them taken out of the feed"),
        ("kind = 'self_only'\ntopic = 'a'\nshare", [0.2, 0.5, 0.8], "share of them taken out of the feed"),
        ("kind = 'heat'\ntopic = 'a'\nitems = 0.5\nshare", [0.01, 0.02, 0.05], "share of all slots"),
        ("kind = 'geo_block'\ntopic = 'a'\nregions = ['all']\nshare", [0.2, 0.5, 0.8], "withheld in some regions"),
        ("kind = 'demote_creators'\ntopic = 'a'\nshare = 0.5\nmultiply", [0.5, 0.8, 2.0], "by demoted accounts"),
        ("kind = 'cold_start'\ntopic = 'a'\nmultiply", [0.5, 0.8, 2.0], "slots reserved for new videos"),
        ("kind = 'delay'\ntopic = 'a'\nhours", [6.0, 12.0, 24.0], "hours for which they are held back"),
        ("kind = 'jitter'\nheads = ['like']\nsigma", [0.1, 0.2, 0.4], "standard deviation of the logarithm"),
    ] {
        let arm = |x: f64| format!("[[arm]]\nname = 'x{}'\n[[arm.tilt]]\n{tilt} = {x}\n", x * 1000.0);
        let scenario = scenario(&(strengths.map(arm).concat() + "[measure]\ntrack = ['a']\n"));
        let tallies: Vec<Tally> = (0..5).map(|replicate| tally(replicate, 4)).collect();
        let files = files(&scenario, &tallies, None);
        let drawn = files.get("charts/dose-response-en.svg").unwrap_or_else(|| panic!("{tilt}: no picture"));
        let text = texts(std::str::from_utf8(drawn).expect("text")).join(" ");
        assert!(text.contains(axis), "{tilt}: {text}");
    }
}

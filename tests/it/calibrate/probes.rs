//! What probes report is what facts ask for.

use std::collections::BTreeSet;

use feedtilt::study::calibrate::facts::FACTS;
use feedtilt::study::calibrate::probe::{Extent, Figures, figures};
use feedtilt::study::calibrate::{Verdict, table};
use feedtilt::study::prerun::prepare_roughly;

use crate::common::small;

/// A world of few people, with everything that is looked at.
const TINY: Extent = Extent {
    people: 400,
    present: 400,
    watched: 200,
    burn_in_days: 1,
    days: 8,
    replicate: 0,
    weeks: Some([200, 4]),
    accounts: true,
};

/// What so small a world leaves undefined: its pool is a handful of videos, and views per post are bounded by people.
const UNDEFINED: [&str; 11] = [
    "topic concentration, exposures",
    "topic concentration, likes",
    "topic concentration, long views",
    "views, Gini",
    "watch ratio 1 and above",
    "watch ratio below .1",
    "watch ratio, mean (clipped at 1)",
    "watch ratio, median",
    "watched to the end, 5-7 s",
    "watched to the end, 7-15 s",
    "watched to the end, over 120 s",
];

fn tiny() -> Figures {
    let scenario = small(&["population.users=400", "catalogue.depth_days=10", "catalogue.impressions_per_post=200"]);
    figures(&scenario, &prepare_roughly(&scenario), TINY, &mut |_| {})
}

#[test]
fn every_figure_of_a_fact_is_probed() {
    let figures = tiny();
    let asked: BTreeSet<&str> = FACTS.iter().flat_map(|fact| fact.targets).map(|target| target.figure).collect();
    let reported: BTreeSet<&str> = figures.keys().copied().collect();
    let missing: Vec<&&str> = asked.difference(&reported).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // Only what lifts and words need beside the facts.
    let more: Vec<&str> = reported.difference(&asked).copied().collect();
    assert_eq!(more, ["comments", "follows at random", "likes at random", "shares"]);
    let undefined: Vec<&str> = figures.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    assert_eq!(undefined, UNDEFINED);
}

#[test]
fn inputs_come_out_as_they_went_in() {
    let scenario = small(&["population.users=400", "catalogue.depth_days=10", "catalogue.impressions_per_post=200"]);
    let figures = tiny();
    let of = |name: &str| figures[name].unwrap_or_else(|| panic!("{name} is undefined"));
    let near = |name: &str, expected: f64, part: f64| {
        let found = of(name);
        assert!((found / expected - 1.0).abs() < part, "{name}: {found}, put in {expected}");
    };
    // 200 people, σ .85: the median is known to 8 %, three of them; posts and durations of thousands of posts to a few per cent.
    near("impressions a day, median", scenario.population.activity_median, 0.24);
    near("views per post", scenario.catalogue.impressions_per_post, 0.15);
    near("duration, median", scenario.catalogue.duration_median, 0.15);
    near(
        "duration, 95th percentile",
        scenario.catalogue.duration_median * (1.645 * scenario.catalogue.duration_sigma).exp(),
        0.2,
    );
    assert!(of("views by 24 h") < of("views by 48 h") && of("views by 48 h") < 1.0);
}

#[test]
fn a_table_has_a_row_for_every_figure_of_its_set() {
    let figures = tiny();
    for set in [feedtilt::scenario::TargetSet::Kuaishou, feedtilt::scenario::TargetSet::Tiktok] {
        let rows = table(set, &figures);
        assert!(rows.iter().all(|row| row.fact.sets.contains(&set)));
        let undefined = rows.iter().filter(|row| row.verdict() == Verdict::NotApplicable);
        assert!(undefined.clone().all(|row| UNDEFINED.contains(&row.target.figure)), "{}", set.name());
        assert!(undefined.count() < rows.len() / 3, "{}", set.name());
    }
}

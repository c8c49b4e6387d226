//! Models that are wrong on purpose miss facts that they must miss.

use feedtilt::scenario::{Scenario, TargetSet, load};
use feedtilt::study::calibrate::facts::{FACTS, Use};
use feedtilt::study::calibrate::probe::{Extent, figures};
use feedtilt::study::calibrate::wrong::Wrong;
use feedtilt::study::calibrate::{Row, Verdict, table, verdict};
use feedtilt::study::prerun::prepare_roughly;

/// Worlds of 3,000 people: views per post are bounded by people there, so that C12 is undefined.
const FEW: Extent = Extent {
    people: 3_000,
    present: 3_000,
    watched: 1_500,
    burn_in_days: 1,
    days: 8,
    replicate: 0,
    weeks: None,
    accounts: true,
};

fn rows(scenario: &Scenario) -> Vec<Row> {
    table(TargetSet::Kuaishou, &figures(scenario, &prepare_roughly(scenario), FEW, &mut |_| {}))
}

fn missed(rows: &[Row]) -> Vec<&'static str> {
    let predicted =
        FACTS.iter().filter(|fact| fact.usage == Use::Predicted && fact.sets.contains(&TargetSet::Kuaishou));
    predicted.map(|fact| fact.id).filter(|id| verdict(rows, id) == Verdict::Outside).collect()
}

#[test]
fn each_wrong_model_misses_four_predicted_facts_at_least() {
    let scenario = load("quickstart", &[]).unwrap_or_else(|error| panic!("{error}"));
    for wrong in Wrong::ALL {
        let missed = missed(&rows(&wrong.model(&scenario)));
        assert!(missed.len() >= 4, "{}: {missed:?}", wrong.name());
    }
}

//! Defaults come from the accepted set.

use feedtilt::scenario::{TargetSet, load};
use feedtilt::study::calibrate::accepted::{Accepted, shipped};
use feedtilt::study::calibrate::fit::constants::{of, to_places, with};

/// The vector nearest to the mean of all, ranges taken for units.
fn nearest_to_the_mean(accepted: &[Accepted]) -> &Accepted {
    let places: Vec<Vec<f64>> = accepted.iter().map(|one| to_places(TargetSet::Kuaishou, &one.vector)).collect();
    let mean = |i: usize| places.iter().map(|place| place[i]).sum::<f64>() / places.len() as f64;
    let mean: Vec<f64> = (0..places[0].len()).map(mean).collect();
    let far = |place: &[f64]| place.iter().zip(&mean).map(|(x, mean)| (x - mean) * (x - mean)).sum::<f64>();
    let nearest = (0..places.len()).min_by(|&a, &b| far(&places[a]).total_cmp(&far(&places[b])));
    &accepted[nearest.expect("an accepted set")]
}

#[test]
fn defaults_are_the_middle_of_the_accepted_set() {
    let accepted = shipped(TargetSet::Kuaishou);
    assert!(accepted.len() >= 50, "{} vectors", accepted.len());
    let scenario = load("quickstart", &[]).unwrap_or_else(|error| panic!("{error}"));
    let middle = nearest_to_the_mean(&accepted).vector;
    assert_eq!(of(&scenario), middle);
    // What moves along with the constants stands there likewise, to the digits that are written.
    let moved = with(&scenario, &middle);
    let signals = |r: &feedtilt::scenario::Respond| [r.comment, r.share, r.not_interested];
    let value = |v: feedtilt::scenario::Value| [v.share, v.not_interested];
    assert_eq!(signals(&scenario.respond).map(to_four_digits), signals(&moved.respond).map(to_four_digits));
    assert_eq!(value(scenario.feed.value).map(to_four_digits), value(moved.feed.value).map(to_four_digits));
    assert_eq!(to_four_digits(scenario.feed.approval_weight), to_four_digits(moved.feed.approval_weight));
}

fn to_four_digits(x: f64) -> i64 {
    (x * 1e4).round() as i64
}

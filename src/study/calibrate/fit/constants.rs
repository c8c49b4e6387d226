//! The constants that a fit may move, each with the range that it is sought in: about all vectors of earlier, wider searches that met
//! 17 of the 21 figures.

use crate::scenario::{Scenario, Spread, TargetSet};

/// A constant, or a few that move together.
#[derive(Clone, Copy)]
pub struct Constant {
    /// Key of the scenario file.
    pub key: &'static str,
    /// Smallest and largest value; uniform between them before anything is known.
    pub range: [f64; 2],
    /// Puts a value into a scenario.
    pub set: fn(&mut Scenario, f64),
    /// What the scenario has.
    pub get: fn(&Scenario) -> f64,
}

/// Likes, comments, shares and "not interested" per impression, and valid plays, of KuaiRand-Pure's main feed.
const MAIN_FEED: [f64; 4] = [0.01942, 0.00290, 0.00099, 0.00086];
/// See [`MAIN_FEED`].
const MAIN_FEED_VALID: f64 = 0.492;

/// Weights of a share, a follow and "not interested" for each unit of a like's: as in the defaults, the former two as in X 2026.
const PER_LIKE: [f64; 3] = [4.0, 8.0, -20.0];

/// All of them, in the order of the accepted set's columns.
pub const CONSTANTS: [Constant; 13] = [
    Constant {
        key: "respond.attention",
        range: [-2.9, -2.1],
        set: |s, x| s.respond.attention = x,
        get: |s| s.respond.attention,
    },
    Constant {
        key: "respond.watch_slope",
        range: [0.7, 1.25],
        set: |s, x| s.respond.watch_slope = x,
        get: |s| s.respond.watch_slope,
    },
    Constant {
        key: "respond.duration_effect",
        range: [0.0, 0.5],
        set: |s, x| s.respond.duration_effect = x,
        get: |s| s.respond.duration_effect,
    },
    Constant { key: "respond.like", range: [-10.4, -7.4], set: |s, x| s.respond.like = x, get: |s| s.respond.like },
    Constant {
        key: "respond.follow",
        range: [-14.5, -10.5],
        set: |s, x| s.respond.follow = x,
        get: |s| s.respond.follow,
    },
    Constant {
        key: "respond.approval_interest_weight",
        range: [0.4, 3.0],
        set: |s, x| s.respond.approval_interest_weight = x,
        get: |s| s.respond.approval_interest_weight,
    },
    Constant {
        key: "population.attention_sd",
        range: [0.8, 1.5],
        set: |s, x| s.population.attention_sd = x,
        get: |s| s.population.attention_sd,
    },
    Constant {
        key: "population.approval_sd",
        range: [1.9, 3.0],
        set: |s, x| s.population.approval_sd = x,
        get: |s| s.population.approval_sd,
    },
    Constant {
        key: "catalogue.attention_sd",
        range: [0.8, 1.3],
        set: |s, x| s.catalogue.attention_sd = x,
        get: |s| s.catalogue.attention_sd,
    },
    Constant {
        key: "catalogue.approval_sd",
        range: [0.3, 1.5],
        set: |s, x| s.catalogue.approval_sd = x,
        get: |s| s.catalogue.approval_sd,
    },
    // No stronger: in KuaiRand what a person watched before barely predicts what is watched once people and videos are accounted for:
    // residual watch ratio and an earlier preference for the topic have a correlation of −.003 to .014.
    Constant {
        key: "topic.interest_sd",
        range: [0.15, 0.5],
        set: |s, x| s.topics.iter_mut().for_each(|topic| topic.interest_sd = x),
        get: |s| s.topics[0].interest_sd,
    },
    Constant {
        key: "feed.temperature",
        range: [0.12, 0.36],
        set: |s, x| s.feed.temperature = x,
        get: |s| s.feed.temperature,
    },
    Constant {
        key: "feed.value.like",
        range: [1.0, 14.0],
        set: |s, x| {
            // Signals of approval keep their weights among themselves.
            let value = &mut s.feed.value;
            let [share, follow, not_interested] = PER_LIKE.map(|weight| x * weight);
            (value.like, value.share, value.follow, value.not_interested) = (x, share, follow, not_interested);
        },
        get: |s| s.feed.value.like,
    },
];

/// Constants that the set `tiktok` frees again, with the ranges that they are sought in: videos there are watched to their end twice as
/// often. The others stay as they were fitted to `kuaishou`.
pub const FREED_AGAIN: [(&str, [f64; 2]); 2] =
    [("respond.attention", [-2.5, 1.0]), ("respond.watch_slope", [0.6, 1.8])];

/// Ranges of a set's search, in the order of the constants.
pub fn ranges(set: TargetSet) -> [[f64; 2]; CONSTANTS.len()] {
    CONSTANTS.map(|constant| {
        let again = FREED_AGAIN.iter().find(|again| set == TargetSet::Tiktok && again.0 == constant.key);
        again.map_or(constant.range, |again| again.1)
    })
}

/// Values of all constants.
pub type Vector = [f64; CONSTANTS.len()];

/// The scenario with these values.
pub fn with(scenario: &Scenario, values: &Vector) -> Scenario {
    let mut moved = scenario.clone();
    CONSTANTS.iter().zip(values).for_each(|(constant, &value)| (constant.set)(&mut moved, value));
    moved.feed.approval_weight = learned_approval_weight(&moved);
    [moved.respond.comment, moved.respond.share, moved.respond.not_interested] = rarer_than_likes(&moved);
    // Appeals of other constants mean nothing.
    moved.solved = None;
    moved
}

/// The weight of profile levels in approval that a platform would learn: the slope of people's approval on their attention, topic by
/// topic. A level holds how much a person watches at all along with the interest, and only the interest goes along with approval.
fn learned_approval_weight(scenario: &Scenario) -> f64 {
    let r = &scenario.respond;
    let own = scenario.population.attention_sd;
    // Some people have interests twice as strong.
    let interest = libm::pow(scenario.topics[0].interest_sd, 2.0) * (1.0 + 3.0 * scenario.population.heavy_share);
    let slope = r.approval_interest_weight * r.interest_weight * interest;
    libm::round(slope / (own * own + r.interest_weight * r.interest_weight * interest) * 1e4) / 1e4
}

/// Log-odds of comments, shares and "not interested" with which people and videos that like as much as KuaiRand-Pure's main feed does comment,
/// share and reject as much as it does. People differ so much that likes of the keenest cannot rise any more where rarer signals
/// can, so it takes more than the distance between the rates.
fn rarer_than_likes(scenario: &Scenario) -> [f64; 3] {
    let r = &scenario.respond;
    let interest = r.approval_interest_weight * scenario.topics[0].interest_sd;
    let parts =
        [scenario.population.approval_sd, scenario.population.propensity_sd, scenario.catalogue.approval_sd, interest];
    let people = Spread::new(libm::sqrt(parts.iter().map(|part| part * part).sum()));
    let reach = |signal: usize, rate: f64| r.swiped(signal, MAIN_FEED_VALID, rate, &people);
    let like = reach(0, MAIN_FEED[0]);
    // "Not interested" takes approval, and so what these people have more of it, with the opposite sign.
    let rarer =
        |signal: usize, rate: f64, sign: f64| libm::round((reach(signal, rate) + sign * (r.like - like)) * 1e4) / 1e4;
    [rarer(1, MAIN_FEED[1], 1.0), rarer(2, MAIN_FEED[2], 1.0), rarer(4, MAIN_FEED[3], -1.0)]
}

/// The values a scenario has.
pub fn of(scenario: &Scenario) -> Vector {
    CONSTANTS.map(|constant| (constant.get)(scenario))
}

/// Values from places between −1 and 1, the ends of a set's ranges. Four decimals are kept, so that a table of values repeats what was
/// simulated.
pub fn from_places(set: TargetSet, places: &[f64]) -> Vector {
    let ranges = ranges(set);
    std::array::from_fn(|i| {
        let [low, high] = ranges[i];
        libm::round((low + (high - low) * 0.5 * (1.0 + places[i])) * 1e4) / 1e4
    })
}

/// Places of values.
pub fn to_places(set: TargetSet, values: &Vector) -> Vec<f64> {
    let place = |([low, high], value): ([f64; 2], &f64)| 2.0 * (value - low) / (high - low) - 1.0;
    ranges(set).into_iter().zip(values).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn a_vector_is_read_back_as_it_was_set() {
        let scenario = load("quickstart", &[]).unwrap_or_else(|error| panic!("{error}"));
        let set = TargetSet::Kuaishou;
        let vector = from_places(set, &(0..CONSTANTS.len()).map(|i| 0.1 * i as f64 - 0.6).collect::<Vec<_>>());
        let moved = with(&scenario, &vector);
        assert_eq!(of(&moved), vector);
        assert_ne!(of(&scenario), vector);
        assert_eq!(moved.valid_appeal(), None);
        // The slope over people by tens: a watcher more or less, an interest more or less, one of ten with twice the interest.
        let (own, interest) = (moved.population.attention_sd, moved.topics[0].interest_sd);
        assert_eq!(moved.population.heavy_share, 0.1);
        let people = (0..10).flat_map(|tenth| {
            let x = interest * if tenth == 0 { 2.0 } else { 1.0 };
            [(own, x), (own, -x), (-own, x), (-own, -x)]
        });
        let both = people
            .map(|(own, x)| [own + moved.respond.interest_weight * x, moved.respond.approval_interest_weight * x]);
        let [along, square] = both.fold([0.0, 0.0], |[along, square], [a, b]| [along + a * b, square + a * a]);
        let slope = along / square;
        assert!((moved.feed.approval_weight - slope).abs() <= 0.5e-4, "{} for {slope}", moved.feed.approval_weight);
        // People like those of the main feed like, comment, share and reject as often as there.
        let r = &moved.respond;
        let interest = r.approval_interest_weight * interest;
        let p = &moved.population;
        let parts = [p.approval_sd, p.propensity_sd, moved.catalogue.approval_sd, interest];
        let sd = parts.iter().map(|part| part * part).sum::<f64>().sqrt();
        let alike = Spread::new(0.0);
        let rate = |signal: usize, odds: f64, more: f64| {
            let n = 20_000;
            let one = |i: i32| {
                let z = crate::unit::normal_quantile((f64::from(i) + 0.5) / f64::from(n));
                r.rate(signal, MAIN_FEED_VALID, odds + more + sd * z, &alike)
            };
            (0..n).map(one).sum::<f64>() / f64::from(n)
        };
        // Likes grow with approval.
        let (mut more, mut above) = (-10.0, 10.0);
        for _ in 0..40 {
            let middle = 0.5 * (more + above);
            if rate(0, r.like, middle) < MAIN_FEED[0] { more = middle } else { above = middle }
        }
        for (signal, odds, sign, target) in [
            (1, r.comment, 1.0, MAIN_FEED[1]),
            (2, r.share, 1.0, MAIN_FEED[2]),
            (4, r.not_interested, -1.0, MAIN_FEED[3]),
        ] {
            let found = rate(signal, odds, sign * more);
            assert!((found / target - 1.0).abs() < 0.02, "signal {signal}: {found} for {target}");
        }
        for (constant, (&value, place)) in CONSTANTS.iter().zip(vector.iter().zip(to_places(set, &vector))) {
            assert!(constant.range[0] < value && value < constant.range[1], "{}", constant.key);
            assert!(place.abs() < 0.7, "{}", constant.key);
        }
    }

    #[test]
    fn a_set_has_ranges_of_its_own_for_what_it_frees_again() {
        let [kuaishou, tiktok] = [TargetSet::Kuaishou, TargetSet::Tiktok].map(ranges);
        let differ: Vec<&str> =
            (0..CONSTANTS.len()).filter(|&i| kuaishou[i] != tiktok[i]).map(|i| CONSTANTS[i].key).collect();
        assert_eq!(differ, FREED_AGAIN.map(|again| again.0));
        let vector = from_places(TargetSet::Tiktok, &[0.5; CONSTANTS.len()]);
        assert!((vector[0] - 0.125).abs() < 1e-9, "{}", vector[0]);
        to_places(TargetSet::Tiktok, &vector).iter().for_each(|place| assert!((place - 0.5).abs() < 1e-3, "{place}"));
    }
}

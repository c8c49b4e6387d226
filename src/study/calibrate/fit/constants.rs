//! The constants that a fit may move, each with the range that it is sought in.

use crate::scenario::Scenario;

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

/// Log-odds by which comments, shares and "not interested" are rarer than likes where a video is swiped away: they keep their distance. As in
/// KuaiRand-Pure's main feed: 1.94 % likes, .29 % comments, .10 % shares and .086 % "not interested", 49 % valid plays, and what these add.
const BELOW_LIKE: [f64; 3] = [3.38, 3.47, 2.34];

/// Weights of a share and of "not interested" for each unit of a like's: as in the defaults.
const PER_LIKE: [f64; 2] = [4.0, -20.0];

/// All of them, in the order of the accepted set's columns.
pub const CONSTANTS: [Constant; 13] = [
    Constant {
        key: "respond.attention",
        range: [-3.0, -1.6],
        set: |s, x| s.respond.attention = x,
        get: |s| s.respond.attention,
    },
    Constant {
        key: "respond.watch_slope",
        range: [0.6, 1.3],
        set: |s, x| s.respond.watch_slope = x,
        get: |s| s.respond.watch_slope,
    },
    Constant {
        key: "respond.duration_effect",
        range: [0.0, 0.5],
        set: |s, x| s.respond.duration_effect = x,
        get: |s| s.respond.duration_effect,
    },
    Constant {
        key: "respond.like",
        range: [-9.5, -5.5],
        set: |s, x| {
            s.respond.like = x;
            let [comment, share, not_interested] = BELOW_LIKE.map(|below| x - below);
            (s.respond.comment, s.respond.share, s.respond.not_interested) = (comment, share, not_interested);
        },
        get: |s| s.respond.like,
    },
    Constant {
        key: "respond.follow",
        range: [-13.0, -8.0],
        set: |s, x| s.respond.follow = x,
        get: |s| s.respond.follow,
    },
    Constant {
        key: "respond.approval_interest_weight",
        range: [0.0, 3.0],
        set: |s, x| s.respond.approval_interest_weight = x,
        get: |s| s.respond.approval_interest_weight,
    },
    Constant {
        key: "population.attention_sd",
        range: [0.4, 1.6],
        set: |s, x| s.population.attention_sd = x,
        get: |s| s.population.attention_sd,
    },
    Constant {
        key: "population.approval_sd",
        range: [1.0, 2.6],
        set: |s, x| s.population.approval_sd = x,
        get: |s| s.population.approval_sd,
    },
    Constant {
        key: "catalogue.attention_sd",
        range: [0.4, 1.2],
        set: |s, x| s.catalogue.attention_sd = x,
        get: |s| s.catalogue.attention_sd,
    },
    Constant {
        key: "catalogue.approval_sd",
        range: [0.4, 1.5],
        set: |s, x| s.catalogue.approval_sd = x,
        get: |s| s.catalogue.approval_sd,
    },
    // No stronger: in KuaiRand what a person watched before barely predicts what is watched once people and videos are accounted for:
    // residual watch ratio and an earlier preference for the topic have a correlation of −.003 to .014.
    Constant {
        key: "topic.interest_sd",
        range: [0.05, 0.5],
        set: |s, x| s.topics.iter_mut().for_each(|topic| topic.interest_sd = x),
        get: |s| s.topics[0].interest_sd,
    },
    Constant {
        key: "feed.temperature",
        range: [0.1, 0.45],
        set: |s, x| s.feed.temperature = x,
        get: |s| s.feed.temperature,
    },
    Constant {
        key: "feed.value.like",
        range: [0.5, 12.0],
        set: |s, x| {
            // Signals of approval keep their weights among themselves.
            let value = &mut s.feed.value;
            (value.like, value.share, value.not_interested) = (x, x * PER_LIKE[0], x * PER_LIKE[1]);
        },
        get: |s| s.feed.value.like,
    },
];

/// Values of all constants.
pub type Vector = [f64; CONSTANTS.len()];

/// The scenario with these values.
pub fn with(scenario: &Scenario, values: &Vector) -> Scenario {
    let mut moved = scenario.clone();
    CONSTANTS.iter().zip(values).for_each(|(constant, &value)| (constant.set)(&mut moved, value));
    moved.feed.approval_weight = learned_approval_weight(&moved);
    // Appeals of other constants mean nothing.
    moved.solved = None;
    moved
}

/// The weight of profile levels in approval that a platform would learn: the slope of people's approval on their attention, topic by
/// topic. A level holds how much a person watches at all along with the interest, and only the interest goes along with approval.
fn learned_approval_weight(scenario: &Scenario) -> f64 {
    let interest = scenario.respond.interest_weight * scenario.topics[0].interest_sd;
    let own = scenario.population.attention_sd;
    let slope = scenario.respond.approval_interest_weight * scenario.topics[0].interest_sd * interest;
    slope / (own * own + interest * interest)
}

/// The values a scenario has.
pub fn of(scenario: &Scenario) -> Vector {
    CONSTANTS.map(|constant| (constant.get)(scenario))
}

/// Values from places between −1 and 1, the ends of the ranges. Four decimals are kept, so that a table of values repeats what was
/// simulated.
pub fn from_places(places: &[f64]) -> Vector {
    std::array::from_fn(|i| {
        let [low, high] = CONSTANTS[i].range;
        libm::round((low + (high - low) * 0.5 * (1.0 + places[i])) * 1e4) / 1e4
    })
}

/// Places of values.
pub fn to_places(values: &Vector) -> Vec<f64> {
    let place = |(constant, value): (&Constant, &f64)| {
        let [low, high] = constant.range;
        2.0 * (value - low) / (high - low) - 1.0
    };
    CONSTANTS.iter().zip(values).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn a_vector_is_read_back_as_it_was_set() {
        let scenario = load("quickstart", &[]).unwrap_or_else(|error| panic!("{error}"));
        let vector = from_places(&(0..CONSTANTS.len()).map(|i| 0.1 * i as f64 - 0.6).collect::<Vec<_>>());
        let moved = with(&scenario, &vector);
        assert_eq!(of(&moved), vector);
        assert_ne!(of(&scenario), vector);
        assert_eq!(moved.valid_appeal(), None);
        // The slope over four equally frequent people: a watcher more or less, an interest more or less.
        let (own, interest) = (moved.population.attention_sd, moved.topics[0].interest_sd);
        let people = [(own, interest), (own, -interest), (-own, interest), (-own, -interest)];
        let attention = people.map(|(own, x)| own + moved.respond.interest_weight * x);
        let approval = people.map(|(_, x)| moved.respond.approval_interest_weight * x);
        let dot = |a: &[f64; 4], b: &[f64; 4]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let slope = dot(&attention, &approval) / dot(&attention, &attention);
        assert!((moved.feed.approval_weight / slope - 1.0).abs() < 1e-9, "{} for {slope}", moved.feed.approval_weight);
        for (constant, (&value, place)) in CONSTANTS.iter().zip(vector.iter().zip(to_places(&vector))) {
            assert!(constant.range[0] < value && value < constant.range[1], "{}", constant.key);
            assert!(place.abs() < 0.7, "{}", constant.key);
        }
    }
}

//! Warnings are results: printed, stored in the summary, and never a reason to stop.

use serde::Serialize;

/// Something a reader must know before quoting a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// Fewer than five replicates: no simulation interval is given.
    TooFewReplicates {
        /// How many there were.
        replicates: u32,
    },
    /// A quantity still moved by 1 % a day or more at the end of burn-in.
    NotSettled {
        /// What moved.
        quantity: String,
        /// Relative change per day.
        per_day: f64,
    },
    /// Fewer than three days of burn-in: whether the world had settled cannot be told.
    BurnInTooShort {
        /// Its days.
        days: u32,
    },
    /// Some requests could not be filled.
    Unserved {
        /// Share of slots asked for that stayed empty.
        share: f64,
    },
    /// Slots that a heating was to have were filled as any other, because no heated post was left.
    HeatFellShort {
        /// Name of the arm.
        arm: String,
        /// Share of the slots that its coins gave to heating.
        share: f64,
    },
    /// Tilts rest on a threshold in impressions, and simulated people stand for more than themselves.
    NotScaleFree {
        /// Names of the arms.
        arms: Vec<String>,
        /// People that a simulated person stands for.
        people_each: f64,
    },
    /// Posts had more impressions than a cap allows before it could act.
    BeyondTheCap {
        /// Name of the arm.
        arm: String,
        /// Posts that reached the cap, all replicates.
        posts: u64,
        /// Mean over them of impressions beyond it.
        mean: f64,
        /// The most of any of them.
        most: u64,
    },
    /// Weights of many score cells fall below the resolution of the integer masses.
    CoarseMass {
        /// Share of score cells at profile level 0 whose integer weight is off by more than 1 %.
        share: f64,
    },
    /// The temperature was fitted for another engine.
    EngineNotFitted {
        /// The engine that is used.
        engine: String,
        /// The engine that `feed.temperature` was fitted for.
        fitted: String,
    },
    /// Fewer than seven tilted days: what single people would have met in a week is not known.
    NoWholeWeek {
        /// Names of the arms.
        arms: Vec<String>,
    },
    /// Too few days follow the tilt to tell what is left of the shift.
    NothingAfter {
        /// Names of the arms.
        arms: Vec<String>,
    },
    /// No accepted parameter set stands behind the figures.
    NoModelBand,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFewReplicates { replicates } => {
                write!(
                    f,
                    "replicates: {replicates}; below 5 figures are points without an interval, and drift in burn-in can hardly be told"
                )
            }
            Self::NotSettled { quantity, per_day } => write!(
                f,
                "burn-in has not settled: {quantity} still moved by {:.1} % a day; lengthen time.burn_in_days",
                per_day * 100.0
            ),
            Self::BurnInTooShort { days } => {
                write!(f, "days of burn-in: {days}; below 3 nobody can tell whether the world had settled")
            }
            Self::Unserved { share } => {
                write!(
                    f,
                    "{} of the slots asked for stayed empty: too few videos were left for those who ask for most; lower \
                     catalogue.impressions_per_post, or withhold fewer",
                    if *share < 1e-5 { "less than 0.001 %".to_owned() } else { format!("{:.3} %", share * 100.0) }
                )
            }
            Self::HeatFellShort { arm, share } => write!(
                f,
                "{arm}: no heated post was left for {:.1} % of the slots that heating was to have, and they were filled as any other; \
                 heat more posts or a smaller share of slots",
                share * 100.0
            ),
            Self::NotScaleFree { arms, people_each } => write!(
                f,
                "a threshold in impressions decides in {}, and each simulated person stands for {people_each:.1}: among fewer people the same \
                 number of views is a larger part of everybody, so it is reached more rarely than on the platform",
                arms.join(", ")
            ),
            Self::BeyondTheCap { arm, posts, mean, most } => write!(
                f,
                "{arm}: the cap acts between epochs; {posts} videos reached it, and had {mean:.1} views beyond it on average, {most} at most"
            ),
            Self::CoarseMass { share } => {
                write!(
                    f,
                    "{:.1} % of score cells at a neutral profile have a weight that is off by more than 1 %",
                    share * 100.0
                )
            }
            Self::EngineNotFitted { engine, fitted } => write!(
                f,
                "feed.temperature was fitted for the engine {fitted}, and the engine is {engine}: levels and elasticities are \
                 not those of a fitted feed"
            ),
            Self::NoWholeWeek { arms } => write!(
                f,
                "tilted for fewer than 7 days: {}; what single people would have met in a week is not measured there",
                arms.join(", ")
            ),
            Self::NothingAfter { arms } => write!(
                f,
                "fewer than 3 days follow the tilt: {}; how much of the shift is left then is not measured there; let until_day come \
                 before time.days",
                arms.join(", ")
            ),
            Self::NoModelBand => write!(
                f,
                "the figures hold for these settings only: no band over calibrated settings has been computed"
            ),
        }
    }
}

//! The stylised facts: what was measured on real platforms, how near a simulation must come, and where it stands.
//!
//! A fact has one or more *figures*, each with its own target and tolerance; it is met when all of them are. Two sets do not mix,
//! because platforms differ: `kuaishou`, the default, and `tiktok`.

use crate::scenario::TargetSet::{self, Kuaishou, Tiktok};

/// What a fact is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Echoed input: must hold, counts for nothing.
    Input,
    /// In the loss of a fit.
    Fitted,
    /// Never in a loss: what a fit is judged by.
    Predicted,
}

impl Use {
    /// One letter.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Input => "I",
            Self::Fitted => "F",
            Self::Predicted => "P",
        }
    }
}

/// How near a figure must come to its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// Target ± this.
    Within(f64),
    /// Target × or ÷ this.
    Factor(f64),
    /// Between these; the target is their middle.
    Range(f64, f64),
}

/// One number of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// What is measured; the key under which probes report it.
    pub figure: &'static str,
    /// Measured value.
    pub value: f64,
    /// How near a simulation must come.
    pub tolerance: Tolerance,
}

impl Target {
    const fn within(figure: &'static str, value: f64, tolerance: f64) -> Self {
        Self { figure, value, tolerance: Tolerance::Within(tolerance) }
    }

    const fn factor(figure: &'static str, value: f64, factor: f64) -> Self {
        Self { figure, value, tolerance: Tolerance::Factor(factor) }
    }

    const fn range(figure: &'static str, low: f64, high: f64) -> Self {
        Self { figure, value: 0.5 * (low + high), tolerance: Tolerance::Range(low, high) }
    }

    /// Smallest and largest value inside the tolerance.
    pub fn bounds(&self) -> [f64; 2] {
        match self.tolerance {
            Tolerance::Within(away) => [self.value - away, self.value + away],
            Tolerance::Factor(factor) => [self.value / factor, self.value * factor],
            Tolerance::Range(low, high) => [low, high],
        }
    }

    /// How far a value is from the target in tolerances: −1 to 1 inside. Factors are measured on the log scale.
    pub fn miss(&self, value: f64) -> f64 {
        match self.tolerance {
            Tolerance::Within(away) => (value - self.value) / away,
            Tolerance::Factor(factor) => libm::log(value.max(1e-12) / self.value) / libm::log(factor),
            Tolerance::Range(low, high) => (value - self.value) / (0.5 * (high - low)),
        }
    }
}

/// A stylised fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// Short name.
    pub id: &'static str,
    /// Sets that it belongs to.
    pub sets: &'static [TargetSet],
    /// What it is used for.
    pub usage: Use,
    /// What was measured, in words.
    pub what: &'static str,
    /// Its figures.
    pub targets: &'static [Target],
    /// Where it comes from.
    pub source: &'static str,
}

const KUAIRAND: &str = "KuaiRand-Pure, production policies (Gao et al. 2022, arXiv:2208.08696)";
const KUAIRAND_1K: &str = "KuaiRand-1K (Gao et al. 2022, arXiv:2208.08696)";
const ZANNETTOU: &str = "Zannettou et al. 2024, arXiv:2301.04945";
const MOSNAR: &str = "38 US sock-puppet accounts, Jan-Feb 2025 (Mosnar et al. 2025, arXiv:2504.18140)";

/// Impressions in the main feed of KuaiRand-Pure by duration: 5 to 7 s, to 15, 30, 60, 120 s, and over.
pub const KUAIRAND_DURATIONS: [f64; 6] = [1_251.0, 21_532.0, 25_670.0, 26_165.0, 36_602.0, 59_119.0];

/// All of them.
pub const FACTS: &[Fact] = &[
    Fact {
        id: "C1",
        sets: &[Kuaishou],
        usage: Use::Input,
        what: "impressions per calendar day, means of people",
        targets: &[
            Target::within("impressions a day, median", 262.0, 78.6),
            Target::within("impressions a day, sd of ln", 0.85, 0.15),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C2",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "minutes per person and active day (80 to 130, each ± 25 %)",
        targets: &[Target::range("minutes a day", 60.0, 162.5)],
        source: "Kuaishou's reports, second-hand",
    },
    Fact {
        id: "C2",
        sets: &[Tiktok],
        usage: Use::Predicted,
        what: "minutes per person and active day",
        targets: &[Target::within("minutes a day", 58.0, 14.5)],
        source: "eMarketer, United States, second-hand",
    },
    Fact {
        id: "C3",
        sets: &[Tiktok],
        usage: Use::Fitted,
        what: "watched to the end",
        targets: &[Target::within("watched to the end", 0.45, 0.05)],
        source: ZANNETTOU,
    },
    Fact {
        id: "C4",
        sets: &[Tiktok],
        usage: Use::Fitted,
        what: "skipped before a fifth of the length",
        targets: &[Target::within("watch ratio below .2", 0.24, 0.05)],
        source: ZANNETTOU,
    },
    Fact {
        id: "C5",
        sets: &[Kuaishou],
        usage: Use::Fitted,
        what: "watch ratio of pool videos of 5 s and more, durations mixed as in KuaiRand",
        targets: &[
            Target::within("watch ratio 1 and above", 0.155, 0.03),
            Target::within("watch ratio, mean (clipped at 1)", 0.336, 0.03),
            Target::within("watch ratio, median", 0.125, 0.03),
            Target::within("watch ratio below .1", 0.46, 0.05),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C5b",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "watched to the end, by duration, pool videos, main feed",
        targets: &[
            Target::within("watched to the end, 5-7 s", 0.382, 0.04),
            Target::within("watched to the end, 7-15 s", 0.298, 0.04),
            Target::within("watched to the end, 15-30 s", 0.255, 0.04),
            Target::within("watched to the end, 30-60 s", 0.187, 0.04),
            Target::within("watched to the end, 60-120 s", 0.134, 0.04),
            Target::within("watched to the end, over 120 s", 0.052, 0.04),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C6",
        sets: &[Kuaishou],
        usage: Use::Fitted,
        what: "likes and follows per impression",
        targets: &[Target::factor("likes", 0.0155, 1.3), Target::factor("follows", 0.0010, 1.3)],
        source: KUAIRAND_1K,
    },
    Fact {
        id: "C6b",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "comments and shares per impression of pool videos (visits of the creator's profile, 2.1 %, are not simulated)",
        targets: &[Target::factor("comments, pool", 0.0029, 1.5), Target::factor("shares, pool", 0.0010, 1.5)],
        source: KUAIRAND,
    },
    Fact {
        id: "C7",
        sets: &[Kuaishou],
        usage: Use::Fitted,
        what: "personalised against uniformly random exposure of the same people",
        targets: &[
            Target::within("valid plays", 0.378, 0.03),
            Target::within("valid plays at random", 0.174, 0.03),
            Target::within("long views", 0.26, 0.03),
            Target::within("long views at random", 0.084, 0.03),
            Target::range("valid plays, lift", 2.0, 2.9),
            Target::range("long views, lift", 2.6, 4.2),
            Target::range("likes, lift", 2.2, 3.4),
            Target::within("valid plays, pool", 0.475, 0.03),
        ],
        source: KUAIRAND_1K,
    },
    Fact {
        id: "C7b",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "the same lift for follows (profile visits, 3.9, are not simulated)",
        targets: &[Target::factor("follows, lift", 5.9, 1.4)],
        source: KUAIRAND_1K,
    },
    Fact {
        id: "C10",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Predicted,
        what: "an account with one strong interest: its topic's share against a control account, and when that stops growing",
        targets: &[
            Target::range("one interest, share over control", 5.0, 20.0),
            Target::range("one interest, videos until settled", 100.0, 300.0),
        ],
        source: "Baumann et al. 2025, arXiv:2503.20231; Amnesty International 2023",
    },
    Fact {
        id: "C12",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Predicted,
        what: "inequality of views over posts of 7 days and more, zeros included (from 200,000 people on)",
        targets: &[Target::range("views, Gini", 0.88, 0.97)],
        source: "tiktokodds.com 2020; McGrady et al. 2023",
    },
    Fact {
        id: "C13",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Input,
        what: "views per post",
        targets: &[Target::factor("views per post", 2400.0, 2.0)],
        source: "Steel et al. 2026",
    },
    Fact {
        id: "C14",
        sets: &[Tiktok],
        usage: Use::Predicted,
        what: "views by 24 and 48 h as a share of those by 7 days",
        targets: &[Target::within("views by 24 h", 0.58, 0.1), Target::within("views by 48 h", 0.69, 0.1)],
        source: "Trendpop, second-hand",
    },
    Fact {
        id: "C15",
        sets: &[Tiktok],
        usage: Use::Predicted,
        what: "views of the median post after 7 days",
        targets: &[Target::range("views, median", 50.0, 300.0)],
        source: "folklore; McGrady et al. 2023; X's boost below 1,000",
    },
    Fact {
        id: "C17",
        sets: &[Kuaishou],
        usage: Use::Input,
        what: "duration of posts, seconds",
        targets: &[
            Target::within("duration, median", 35.0, 10.5),
            Target::within("duration, 95th percentile", 268.0, 80.4),
        ],
        source: "Kuaishou, second-hand",
    },
    Fact {
        id: "C17",
        sets: &[Tiktok],
        usage: Use::Input,
        what: "duration of posts, seconds",
        targets: &[Target::within("duration, mean", 20.0, 6.0)],
        source: "TikTok, second-hand",
    },
    Fact {
        id: "C18",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Input,
        what: "sensitive topics (news, politics, protest, human rights) among impressions",
        targets: &[Target::range("sensitive topics", 0.04, 0.10)],
        source: "German sock puppets; Wedel 2025",
    },
    Fact {
        id: "C19",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Input,
        what: "share of posts that the top quarter of people who ever post makes",
        targets: &[Target::range("posts by the top quarter", 0.95, 0.99)],
        source: "Pew 2024",
    },
    Fact {
        id: "C21",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "concentration of people's topics among pool videos (Dirichlet A by moments, each video once)",
        targets: &[
            Target::factor("topic concentration, exposures", 22.7, 1.5),
            Target::factor("topic concentration, long views", 19.8, 1.5),
            Target::factor("topic concentration, likes", 12.8, 1.5),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C21b",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "correlation of two exposures of a person, by topic",
        targets: &[
            Target::factor("topic correlation, topics below 1 %", 0.012, 2.0),
            Target::factor("topic correlation, topics above 3 %", 0.03, 2.0),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C22",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "concentration of exposures among the videos most seen before",
        targets: &[
            Target::within("pool exposures, Gini", 0.77, 0.05),
            Target::within("pool exposures, top 1 %", 0.19, 0.05),
            Target::within("pool exposures, top 10 %", 0.64, 0.05),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C23",
        sets: &[Tiktok],
        usage: Use::Predicted,
        what: "accounts with a weak scripted interest: topics by session and account",
        targets: &[
            Target::factor("session concentration, control", 34.0, 2.0),
            Target::factor("session concentration, scripted", 21.0, 2.0),
            Target::factor("account correlation, control", 0.016, 2.0),
            Target::factor("account correlation, scripted", 0.029, 2.0),
            Target::factor("same topic in a session, early", 0.16, 2.0),
            Target::factor("same topic in a session, late", 0.16, 2.0),
            Target::factor("total variation between controls", 0.21, 2.0),
        ],
        source: MOSNAR,
    },
    Fact {
        id: "C24",
        sets: &[Kuaishou],
        usage: Use::Fitted,
        what: "how well the score tells long views from others under random exposure, within a person",
        targets: &[Target::range("AUC within people", 0.65, 0.75)],
        source: "no primary source; floor .58 from KuaiRand-Pure",
    },
    Fact {
        id: "C25",
        sets: &[Kuaishou],
        usage: Use::Fitted,
        what: "correlation of two outcomes among pool videos of the main feed",
        targets: &[
            Target::within("long views, same video", 0.069, 0.03),
            Target::within("long views, same person", 0.130, 0.03),
            Target::within("long views, same topic", 0.020, 0.03),
            Target::within("long views, same person and topic", 0.146, 0.03),
            Target::within("likes, same person", 0.206, 0.03),
            Target::within("likes, same video", 0.024, 0.03),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C25b",
        sets: &[Kuaishou],
        usage: Use::Predicted,
        what: "likes and completions across videos, and likes across topics",
        targets: &[
            Target::within("ln like rate against ln completion rate", 0.02, 0.15),
            Target::within("sd of ln like rate across topics", 0.38, 0.15),
        ],
        source: KUAIRAND,
    },
    Fact {
        id: "C26",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Input,
        what: "organic share of every topic and region against the scenario's, worst of all",
        targets: &[Target::within("share over target, worst topic", 1.0, 0.1)],
        source: "scenario",
    },
    Fact {
        id: "C27",
        sets: &[Kuaishou, Tiktok],
        usage: Use::Fitted,
        what: "weekly shares of topics: sd of the logarithm and correlation from week to week",
        targets: &[
            Target::within("weeks, sd of ln share", 0.28, 0.112),
            Target::within("weeks, lag-1 correlation", 0.67, 0.268),
        ],
        source: "109 TikTok hashtags over 54 weeks",
    },
];

/// Facts of a set, in order.
pub fn of(set: TargetSet) -> impl Iterator<Item = &'static Fact> {
    FACTS.iter().filter(move |fact| fact.sets.contains(&set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_of_one_is_the_edge_of_the_tolerance() {
        for target in FACTS.iter().flat_map(|fact| fact.targets) {
            let [low, high] = target.bounds();
            assert!(low < target.value && target.value < high, "{}", target.figure);
            assert!(
                (target.miss(low) + 1.0).abs() < 1e-9 && (target.miss(high) - 1.0).abs() < 1e-9,
                "{}",
                target.figure
            );
            assert!(target.miss(target.value).abs() < 1e-12);
        }
    }

    #[test]
    fn a_fit_to_either_set_has_enough_facts_to_be_judged_by() {
        let predicted = |set| of(set).filter(|fact| fact.usage == Use::Predicted).count();
        assert!(predicted(Kuaishou) >= 8 && predicted(Tiktok) >= 6);
    }
}

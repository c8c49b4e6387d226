//! Kinds of tilt: what each does, and which keys of `[[arm.tilt]]` it takes.

/// Names of the kinds, in the order of the documentation.
pub const TILT_KINDS: &[&str] = &[
    "score",
    "throttle",
    "not_for_feed",
    "heat",
    "feed",
    "head",
    "jitter",
    "self_only",
    "geo_block",
    "reach_cap",
    "delay",
    "cold_start",
    "demote_creators",
];

/// What stands for the default of a key that some kinds need and others do not take.
pub const BY_KIND: &str = "by kind";

/// Keys that every tilt takes.
pub const EVERY_TILT: &[&str] = &["kind", "from_day", "until_day", "ramp_days", "audience"];

/// One kind of tilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TiltKeys {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// Keys it needs beside those of every tilt.
    pub required: &'static [&'static str],
    /// Keys it takes beside them.
    pub optional: &'static [&'static str],
    /// Why it cannot grow over days, if it cannot.
    pub on_or_off: Option<&'static str>,
}

impl TiltKeys {
    /// Whether it takes a key beside those of every tilt.
    pub fn takes(&self, name: &str) -> bool {
        self.required.iter().chain(self.optional).any(|taken| *taken == name)
    }
}

/// All kinds, in the order of [`TILT_KINDS`].
pub const TILTS: &[TiltKeys] = &[
    TiltKeys {
        name: "score",
        doc: "multiplies the score of the topic's videos",
        required: &["topic", "multiply"],
        optional: &["origin", "classifier"],
        on_or_off: None,
    },
    TiltKeys {
        name: "throttle",
        doc: "shows each of the topic's videos to a share of the people who would have met it",
        required: &["topic", "keep"],
        optional: &["origin", "classifier"],
        on_or_off: None,
    },
    TiltKeys {
        name: "not_for_feed",
        doc: "keeps a share of the videos, of a topic or of all, out of the feed",
        required: &["share"],
        optional: &["topic", "origin", "classifier"],
        on_or_off: Some("a video is in the feed or out of it"),
    },
    TiltKeys {
        name: "heat",
        doc: "gives a share of all slots to chosen videos, of a topic or of all",
        required: &["share"],
        optional: &["items", "topic", "origin", "classifier"],
        on_or_off: None,
    },
    TiltKeys {
        name: "feed",
        doc: "fills the feed with another ranker",
        required: &["ranker"],
        optional: &[],
        on_or_off: Some("a feed has one ranker or the other"),
    },
    TiltKeys {
        name: "head",
        doc: "puts other value weights in the place of those it names, for a topic or for all",
        required: &["value"],
        optional: &["topic"],
        on_or_off: Some("a score has the one weights or the other, and each step between would be a score of its own"),
    },
    TiltKeys {
        name: "jitter",
        doc: "multiplies value weights by e^sigma for half of the people and by e^-sigma for the others, by a draw for each person \
              and weight",
        required: &["sigma"],
        optional: &["heads"],
        on_or_off: Some("each step would be a score of its own for every class of people"),
    },
    TiltKeys {
        name: "self_only",
        doc: "shows a share of the videos, of a topic or of all, to nobody but those who posted them",
        required: &["share"],
        optional: &["topic", "origin", "classifier"],
        on_or_off: Some("a video is in the feed or out of it"),
    },
    TiltKeys {
        name: "geo_block",
        doc: "withholds a share of the videos, of a topic or of all, in some regions, or everywhere but in the region they come from",
        required: &["share"],
        optional: &["regions", "own_region_only", "topic", "origin", "classifier"],
        on_or_off: Some("a video is in the feed of a region or out of it"),
    },
    TiltKeys {
        name: "reach_cap",
        doc: "takes videos out of the feed once they have been seen so often",
        required: &["impressions"],
        optional: &["items", "topic", "origin", "classifier"],
        on_or_off: Some("a video is in the feed or out of it"),
    },
    TiltKeys {
        name: "delay",
        doc: "lets videos into the feed some hours after they were posted",
        required: &["hours"],
        optional: &["items", "topic", "origin", "classifier"],
        on_or_off: Some("a video is in the feed or waits"),
    },
    TiltKeys {
        name: "cold_start",
        doc: "gives the topic's new videos more or less weight in the slots reserved for new ones",
        required: &["topic", "multiply"],
        optional: &["origin", "classifier"],
        on_or_off: None,
    },
    TiltKeys {
        name: "demote_creators",
        doc: "multiplies the score of all videos of a share of the topic's creators",
        required: &["topic", "share", "multiply"],
        optional: &["origin"],
        on_or_off: None,
    },
];

/// The kind of this name.
pub fn tilt(name: &str) -> Option<&'static TiltKeys> {
    TILTS.iter().find(|tilt| tilt.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::{all, find, is_table, join};

    #[test]
    fn kinds_stand_in_one_order() {
        assert!(TILTS.iter().map(|tilt| tilt.name).eq(TILT_KINDS.iter().copied()));
    }

    #[test]
    fn every_key_of_a_tilt_belongs_to_a_kind_and_is_one() {
        let taken = || TILTS.iter().flat_map(|tilt| tilt.required.iter().chain(tilt.optional)).chain(EVERY_TILT);
        for name in taken() {
            let path = join("arm[].tilt[]", name);
            assert!(find(&path).is_some() || is_table(&path), "{path}");
        }
        for key in all().filter_map(|key| key.path.strip_prefix("arm[].tilt[].")) {
            let name = key.split('.').next().unwrap_or(key);
            assert!(taken().any(|taken| *taken == name), "{key}");
        }
    }
}

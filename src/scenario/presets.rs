//! Presets: topic lists by name, and the scenarios that are shipped inside the program.

/// Shipped scenarios by name, embedded so that they are there after an installation.
pub const SHIPPED: &[(&str, &str)] = &[
    ("quickstart", include_str!("../../scenarios/quickstart.toml")),
    ("small-nudge", include_str!("../../scenarios/small-nudge.toml")),
    ("dose-response", include_str!("../../scenarios/dose-response.toml")),
    ("heating", include_str!("../../scenarios/heating.toml")),
    ("reference-arms", include_str!("../../scenarios/reference-arms.toml")),
    ("x-2026-08-25", include_str!("../../scenarios/x-2026-08-25.toml")),
    ("jitter", include_str!("../../scenarios/jitter.toml")),
    ("chronological-holdout", include_str!("../../scenarios/chronological-holdout.toml")),
    ("tiktok", include_str!("../../scenarios/tiktok.toml")),
    ("loops-off", include_str!("../../scenarios/loops-off.toml")),
    ("netzpolitik-2019", include_str!("../../scenarios/netzpolitik-2019.toml")),
    ("cold-start", include_str!("../../scenarios/cold-start.toml")),
    ("demoted-creators", include_str!("../../scenarios/demoted-creators.toml")),
    ("two-rulebooks", include_str!("../../scenarios/two-rulebooks.toml")),
    ("roll-out", include_str!("../../scenarios/roll-out.toml")),
    ("null", include_str!("../../scenarios/null.toml")),
];

/// One topic of a preset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PresetTopic {
    /// Slug.
    pub id: &'static str,
    /// English label.
    pub en: &'static str,
    /// German label.
    pub de: &'static str,
    /// Organic exposure share as published; the shares of a preset need not sum to 1.
    pub share: f64,
    /// Politically or socially sensitive.
    pub sensitive: bool,
}

/// The topics of a preset; empty for `none` and for unknown names.
pub fn topics(preset: &str) -> &'static [PresetTopic] {
    match preset {
        "tiktok-2025" => TIKTOK_2025,
        _ => &[],
    }
}

/// Shares of named-category impressions of 38 scripted US accounts, January and February 2025 (Mosnar et al. 2025,
/// arXiv:2504.18140). The category Society (.04) is split in four, and their sum set to .05 (C18), so that each can be
/// tilted on its own.
const TIKTOK_2025: &[PresetTopic] = &[
    topic("comedy", "Comedy", "Comedy", 0.235),
    topic("games", "Games", "Spiele", 0.197),
    topic("shows", "Shows", "Shows", 0.087),
    topic("anime", "Anime & Comics", "Anime & Comics", 0.079),
    topic("daily-life", "Daily Life", "Alltag", 0.075),
    topic("singing-dancing", "Singing & Dancing", "Singen & Tanzen", 0.05),
    topic("food", "Food", "Essen", 0.04),
    topic("animals", "Animals", "Tiere", 0.036),
    topic("beauty", "Beauty", "Schönheit", 0.03),
    topic("drama", "Drama", "Drama", 0.02),
    topic("lipsync", "Lipsync", "Lippensynchron", 0.02),
    topic("family", "Family", "Familie", 0.02),
    topic("relationship", "Relationship", "Beziehung", 0.02),
    topic("sports", "Sports", "Sport", 0.014),
    topic("cars", "Cars", "Autos", 0.014),
    topic("technology", "Technology", "Technik", 0.012),
    topic("outfit", "Outfit", "Mode", 0.009),
    topic("education", "Education", "Bildung", 0.008),
    topic("fitness", "Fitness", "Fitness", 0.003),
    sensitive("news", "News", "Nachrichten", 0.02),
    sensitive("politics", "Politics", "Politik", 0.015),
    sensitive("protest", "Protest", "Protest", 0.008),
    sensitive("human-rights", "Human Rights", "Menschenrechte", 0.007),
];

const fn topic(id: &'static str, en: &'static str, de: &'static str, share: f64) -> PresetTopic {
    PresetTopic { id, en, de, share, sensitive: false }
}

const fn sensitive(id: &'static str, en: &'static str, de: &'static str, share: f64) -> PresetTopic {
    PresetTopic { id, en, de, share, sensitive: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::{self, Kind};

    #[test]
    fn the_preset_has_23_topics_and_society_makes_a_twentieth() {
        let topics = topics("tiktok-2025");
        assert_eq!(topics.len(), 23);
        let society: f64 = topics.iter().filter(|topic| topic.sensitive).map(|topic| topic.share).sum();
        assert!((society - 0.05).abs() < 1e-12);
        assert!(topics.iter().all(|topic| keys::is_slug(topic.id)));
    }

    #[test]
    fn every_preset_of_the_key_table_is_there() {
        let Some(Kind::OneOf(names)) = keys::find("catalogue.topics").map(|key| key.kind) else { panic!("a choice") };
        for name in names.iter().filter(|name| **name != "none") {
            assert!(!super::topics(name).is_empty(), "{name}");
        }
    }
}

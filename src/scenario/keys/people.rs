//! Keys of the head of the file, the people, the catalogue and the topics.

use super::Fallback::{Derived, Required, Value};
use super::{Key, Kind, above, below, between, deviation, keys, share, whole, within};

keys! {
    /// Head, `[population]`, `[catalogue]`, `[[topic]]`.
    KEYS;

    /// Version of the file format.
    "schema": whole(1, 1), "", Required, "file format";
    /// Name of the scenario and of its run folder.
    "name": Kind::Slug, "", Derived("the file's name without `.toml`"), "file format";
    /// The question the scenario asks, in a sentence.
    "question": Kind::Text, "", Value("\"\""), "author";
    /// What the author expects, written before the first run.
    "expectation": Kind::Text, "", Value("\"\""), "author";
    /// Where the figures in the file come from.
    "sources": Kind::List { of: &Kind::Text, least: 0, most: usize::MAX }, "", Value("[]"), "author";

    /// People simulated one to one.
    "population.users": whole(1, 1_000_000_000), "people", Required, "author";
    /// People that counts are also scaled to; at least `users`.
    "population.represents": whole(1, 10_000_000_000), "people", Derived("`population.users`"), "author";
    /// Mean probability that a person is active on a calendar day.
    "population.daily_active_share": above(0.0, 1.0), "share", Value("0.7"), "chosen; C1 counts calendar days, so volume does not depend on it";
    /// Median over people of a person's mean impressions per calendar day.
    "population.activity_median": above(0.0, 10_000.0), "impressions/day", Value("262"), "C1: KuaiRand totals (Gao et al. 2022, arXiv:2208.08696)";
    /// Standard deviation over people of the log of mean impressions.
    "population.activity_sigma": within(0.0, 3.0), "ln", Value("0.85"), "C1: KuaiRand totals (Gao et al. 2022, arXiv:2208.08696)";
    /// Standard deviation of the log of the day-to-day factor on a person's impressions.
    "population.day_sigma": within(0.0, 3.0), "ln", Value("0.6"), "C1: no source, show over 0.3 to 0.9";
    /// Share of people whose interests have doubled standard deviations.
    "population.heavy_share": share(), "share", Value("0.1"), "chosen; strength of interest is not identified, show over its range";
    /// Common correlation between a person's interests in any two topics.
    "population.topic_correlation": below(0.0, 1.0), "", Value("0.0"), "chosen: independent interests";
    /// Standard deviation over people of the user part of attention.
    "population.attention_sd": deviation(), "log-odds", Value("1.2115"), "accepted set, fitted to C25 (long view: same person .130)";
    /// Standard deviation over people of the user part of approval.
    "population.approval_sd": deviation(), "log-odds", Value("2.3626"), "accepted set, fitted to C25 (like: same person .206)";
    /// Standard deviation over people of each of the five approval propensities.
    "population.propensity_sd": deviation(), "log-odds", Value("0.5"), "chosen: within the likeness of likes (C25) it is interchangeable with `approval_sd`";
    /// Name of the region.
    "population.region[].id": Kind::Slug, "", Required, "author";
    /// Share of the people; sums to 1 over regions.
    "population.region[].share": above(0.0, 1.0), "share", Required, "author";

    /// Preset that supplies the topics, or `none` when every topic is listed.
    "catalogue.topics": Kind::OneOf(&["tiktok-2025", "none"]), "", Value("\"tiktok-2025\""), "Mosnar et al. 2025, arXiv:2504.18140";
    /// Expected impressions per post; fixes the number of posts a day.
    "catalogue.impressions_per_post": above(0.0, 1e9), "impressions", Value("2400"), "C13: Steel et al. 2026";
    /// Age at which a post leaves the catalogue.
    "catalogue.depth_days": whole(1, 365), "days", Value("30"), "chosen";
    /// Creators per simulated person.
    "catalogue.creators_per_user": above(0.0, 1.0), "creators/person", Value("0.5"), "C19: half of users ever post (Pew 2024)";
    /// Standard deviation over creators of the log of posts a day.
    "catalogue.posting_sigma": deviation(), "ln", Value("2.73"), "C19: the top quarter of creators makes 98 % of posts (Pew 2024)";
    /// Share of the item parts' variance that belongs to the creator.
    "catalogue.creator_share": share(), "share", Value("0.3"), "chosen";
    /// Median duration of a post.
    "catalogue.duration_median": within(1.0, 3600.0), "seconds", Value("35"), "C17: Kuaishou";
    /// Standard deviation of the log of the duration.
    "catalogue.duration_sigma": within(0.0, 3.0), "ln", Value("1.24"), "C17: Kuaishou, 95th percentile 268 s";
    /// Shortest duration of a post; what would be shorter lasts as long.
    "catalogue.duration_min": within(1.0, 3600.0), "seconds", Value("5"), "KuaiRand-Pure: what is shorter are mostly pictures";
    /// Upper edges of the short and the middle duration class, increasing.
    "catalogue.duration_edges": Kind::List { of: &above(0.0, 3600.0), least: 2, most: 2 }, "seconds", Value("[15.0, 60.0]"), "chosen; C5b shows completion by duration";
    /// Standard deviation over posts of the item part of attention.
    "catalogue.attention_sd": deviation(), "log-odds", Value("0.9929"), "accepted set, fitted to C25 (long view: same video .069) and C7";
    /// Standard deviation over posts of the item part of approval.
    "catalogue.approval_sd": deviation(), "log-odds", Value("0.6838"), "accepted set, fitted to C25 (like: same video .024) and C7";
    /// Correlation between the two item parts.
    "catalogue.latent_correlation": between(-1.0, 1.0), "", Value("0.0"), "C25b: log like rate against log completion rate .02";

    /// Name of the topic.
    "topic[].id": Kind::Slug, "", Required, "author";
    /// English label.
    "topic[].label.en": Kind::Text, "", Derived("the preset's label, else the id"), "author";
    /// German label.
    "topic[].label.de": Kind::Text, "", Derived("the preset's label, else the English one"), "author";
    /// Organic exposure share in every region, or a table of shares by region; sums to 1 over topics.
    "topic[].share": between(0.0, 1.0), "share", Derived("the preset's share, rescaled with all others not given so that the sum is 1; required of a topic of no preset"), "preset tiktok-2025: Mosnar et al. 2025, arXiv:2504.18140; C18, C26";
    /// Organic exposure share in the region of this name.
    "topic[].share.*": between(0.0, 1.0), "share", Derived("as for `share`"), "as for `share`";
    /// Share of new posts; sums to 1 over topics.
    "topic[].supply": between(0.0, 1.0), "share", Derived("the mean of `share` over people, rescaled with all others not given so that the sum is 1"), "chosen: as many posts as are watched";
    /// Politically or socially sensitive.
    "topic[].sensitive": Kind::Boolean, "", Derived("the preset's flag, else false"), "C18 names the topics";
    /// Standard deviation over people of interest in the topic.
    "topic[].interest_sd": deviation(), "log-odds", Value("0.4811"), "accepted set, fitted to C25; hardly identified, show over its range";
    /// Topic part of approval.
    "topic[].approval": within(-10.0, 10.0), "log-odds", Derived("a fixed normal draw from a hash of the id with standard deviation 0.38, rounded to 3 decimals"), "C25b: sd of log like rate across topics .38";
}

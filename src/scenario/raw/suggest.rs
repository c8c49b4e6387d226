//! "Did you mean": the known name closest to a misspelt one.

use strsim::damerau_levenshtein;

/// The candidate that differs least from `word`, if about a third of the letters or fewer differ.
pub(in crate::scenario) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (damerau_levenshtein(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= allowed && distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn the_closest_name_wins() {
        assert_eq!(closest("temprature", ["temperature", "topic_repeat"]), Some("temperature"));
        assert_eq!(closest("protst", ["protest", "politics"]), Some("protest"));
    }

    #[test]
    fn unlike_names_are_not_offered() {
        assert_eq!(closest("zzz", ["temperature", "topic_repeat"]), None);
        assert_eq!(closest("a", ["b"]), None);
    }
}

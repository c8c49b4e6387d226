//! "Did you mean": the known name closest to a misspelt one.

use strsim::damerau_levenshtein;

/// The candidate that differs least from `word`, if about a third of the letters or fewer differ; else the only one that
/// begins with it.
pub(in crate::scenario) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    nearest(word, candidates.clone()).or_else(|| completed(word, candidates))
}

/// Shorter beginnings are the beginnings of too much.
const TELLING: usize = 3;

fn completed<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut longer = candidates.into_iter().filter(|candidate| word.len() >= TELLING && candidate.starts_with(word));
    longer.next().filter(|_| longer.next().is_none())
}

fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
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
    fn a_beginning_of_one_name_alone_is_completed() {
        assert_eq!(closest("burn_in", ["days", "burn_in_days"]), Some("burn_in_days"));
        assert_eq!(closest("approval", ["approval_sd", "approval_range"]), None);
        assert_eq!(closest("ap", ["approval_sd"]), None);
    }

    #[test]
    fn unlike_names_are_not_offered() {
        assert_eq!(closest("zzz", ["temperature", "topic_repeat"]), None);
        assert_eq!(closest("a", ["b"]), None);
    }
}

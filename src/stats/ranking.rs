//! How well a score tells hits from misses.

/// Area under the ROC curve: the probability that a hit scores above a miss, ties counting one half.
///
/// Shape: score and outcome of each case, in any order. Range: 0 to 1, ½ by chance. `None`: no hits, or no misses.
/// Reference: Hanley & McNeil 1982, *Radiology* 143.
pub fn area_under_curve(cases: &[(f64, bool)]) -> Option<f64> {
    let mut sorted = cases.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let hits = cases.iter().filter(|case| case.1).count() as f64;
    let misses = cases.len() as f64 - hits;
    let (mut below, mut won) = (0.0, 0.0);
    for ties in sorted.chunk_by(|a, b| a.0 == b.0) {
        let hits = ties.iter().filter(|case| case.1).count() as f64;
        let misses = ties.len() as f64 - hits;
        won += hits * (below + 0.5 * misses);
        below += misses;
    }
    let area = won / (hits * misses);
    area.is_finite().then_some(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_is_the_share_of_pairs_in_order_with_half_of_the_ties() {
        let cases = [(3.0, true), (1.0, false), (2.0, true), (2.0, false), (0.5, true), (3.0, true), (2.5, false)];
        let (mut won, mut pairs) = (0.0, 0.0);
        for hit in cases.iter().filter(|case| case.1) {
            for miss in cases.iter().filter(|case| !case.1) {
                won += if hit.0 > miss.0 {
                    1.0
                } else if hit.0 == miss.0 {
                    0.5
                } else {
                    0.0
                };
                pairs += 1.0;
            }
        }
        assert_eq!(area_under_curve(&cases), Some(won / pairs));
        assert_eq!(area_under_curve(&[(1.0, true)]), None);
        assert_eq!(area_under_curve(&[(1.0, false), (2.0, true)]), Some(1.0));
    }
}

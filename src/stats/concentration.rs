//! How unevenly counts are spread over their holders.

/// Gini coefficient of non-negative counts; zeros count as holders.
///
/// Definition: G = Σᵢ(2i − n − 1)·x₍ᵢ₎ / (n·Σx), x₍₁₎ ≤ … ≤ x₍ₙ₎. The sums are exact integers, rounded once in the
/// final division (for fewer than 2³¹ counts no sum can overflow).
/// Shape: one count per holder, in any order. Range: 0 (all equal) to 1 − 1/n (one holds all), so values of lists of
/// very different length, or with and without zeros, do not compare. `None`: no counts, or all of them 0.
/// Reference: Gini 1914; Damgaard & Weiner 2000, *Describing inequality in plant size or fecundity*.
pub fn gini(counts: &[u64]) -> Option<f64> {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let total = sum(&sorted);
    let ranked: u128 = (1_u128..).zip(&sorted).map(|(rank, &count)| 2 * rank * u128::from(count)).sum();
    let holders = sorted.len() as u128;
    // Ascending order makes the difference non-negative.
    (total > 0).then(|| (ranked - (holders + 1) * total) as f64 / (holders * total) as f64)
}

/// Share of the total held by the largest `share` of the holders.
///
/// Definition: 1 − L(1 − `share`), L the Lorenz curve with straight lines between holders: the ⌊n·`share`⌋ largest
/// counts, plus the remaining fraction of the next one, over Σx. Shape: one count per holder, zeros included, in any
/// order.
/// Range: `share` (all equal) to 1; 0 for `share` 0. `None`: no counts, all of them 0, or `share` outside 0 to 1.
/// Reference: Lorenz 1905; Gastwirth 1971, *A general definition of the Lorenz curve*.
pub fn top_share(counts: &[u64], share: f64) -> Option<f64> {
    let total = sum(counts);
    if total == 0 || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|first, second| second.cmp(first));
    let holders = share * sorted.len() as f64;
    let (whole, rest) = sorted.split_at(holders as usize);
    let fraction = (holders - whole.len() as f64) * rest.first().map_or(0.0, |&count| count as f64);
    Some(((sum(whole) as f64 + fraction) / total as f64).min(1.0))
}

/// Herfindahl–Hirschman index Σp², p the shares: the probability that two draws from the total have the same holder.
///
/// Shape: one count per holder, in any order. Range: 1/n (all equal) to 1 (one holds all); zeros change nothing.
/// `None`: no counts, or all of them 0. Reference: Herfindahl 1950; Hirschman 1964, *The paternity of an index*.
pub fn herfindahl(counts: &[u64]) -> Option<f64> {
    let total = sum(counts) as f64;
    (total > 0.0).then(|| counts.iter().map(|&count| (count as f64 / total).powi(2)).sum())
}

/// Shannon entropy −Σ p·log₂ p, p the shares, terms with p = 0 being 0.
///
/// Unit: bits. Shape: one count per holder, in any order. Range: 0 (one holds all) to log₂ n (all equal); zeros change
/// nothing. `None`: no counts, or all of them 0. Reference: Shannon 1948, *A mathematical theory of communication*.
pub fn entropy(counts: &[u64]) -> Option<f64> {
    let total = sum(counts) as f64;
    let term = |count: u64| {
        let share = count as f64 / total;
        -share * libm::log2(share)
    };
    // The empty sum and −1·log₂ 1 are minus zero.
    (total > 0.0).then(|| counts.iter().filter(|&&count| count > 0).map(|&count| term(count)).sum::<f64>().max(0.0))
}

fn sum(counts: &[u64]) -> u128 {
    counts.iter().map(|&count| u128::from(count)).sum()
}

#[cfg(test)]
mod tests {
    use super::{entropy, gini, herfindahl, top_share};

    #[test]
    fn gini_matches_its_closed_forms() {
        assert_eq!(gini(&[1, 1, 1, 1]), Some(0.0));
        assert_eq!(gini(&[0, 0, 9, 0]), Some(0.75));
        assert_eq!(gini(&[5]), Some(0.0));
        // The counts 1, 2, …, n have (n − 1) / 3n.
        assert_eq!(gini(&[3, 1, 4, 2]), Some(0.25));
        assert_eq!(gini(&[u64::MAX, u64::MAX, u64::MAX]), Some(0.0));
    }

    #[test]
    fn gini_equals_the_mean_difference_of_all_pairs() {
        let counts = [0_u64, 3, 3, 17, 120, 1];
        let differences: u64 = counts.iter().flat_map(|a| counts.iter().map(|b| a.abs_diff(*b))).sum();
        assert_eq!(gini(&counts), Some(differences as f64 / (2 * 6 * 144) as f64));
    }

    #[test]
    fn top_share_reads_the_lorenz_curve() {
        for share in [0.0, 0.1, 0.5, 1.0] {
            assert_eq!(top_share(&[2, 2, 2, 2], share), Some(share));
        }
        assert_eq!(top_share(&[1, 0, 7, 2], 0.25), Some(0.7));
        assert_eq!(top_share(&[1, 0, 7, 2], 0.375), Some(0.8));
        assert_eq!(top_share(&[1, 0, 7, 2], 0.75), Some(1.0));
    }

    #[test]
    fn herfindahl_and_entropy_match_their_closed_forms() {
        assert_eq!((herfindahl(&[3, 3, 3, 3]), entropy(&[3, 3, 3, 3])), (Some(0.25), Some(2.0)));
        assert_eq!((herfindahl(&[0, 7]), entropy(&[0, 7])), (Some(1.0), Some(0.0)));
        // Shares ½, ¼, ¼: Σp² = 3/8; ½·1 + ½·2 bits.
        assert_eq!((herfindahl(&[2, 1, 1, 0]), entropy(&[2, 1, 1, 0])), (Some(0.375), Some(1.5)));
    }

    #[test]
    fn undefined_concentration_is_none() {
        assert_eq!((herfindahl(&[]), herfindahl(&[0]), entropy(&[]), entropy(&[0])), (None, None, None, None));
        assert_eq!((gini(&[]), gini(&[0, 0])), (None, None));
        assert_eq!((top_share(&[], 0.1), top_share(&[0], 0.1)), (None, None));
        assert!([-0.1, 1.1, f64::NAN].iter().all(|&share| top_share(&[1], share).is_none()));
    }
}

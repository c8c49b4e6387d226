//! How alike two draws of one group are: correlations of pairs and concentration of categories.

/// Correlation of two yes-or-no outcomes of the same group.
///
/// Definition: `ρ = Σ_g [((Σ y − n_g·μ)² − Σ (y − μ)²) ÷ (n_g − 1)] ÷ (Σ_g n_g · μ·(1 − μ))` over groups of two and more, μ the rate over
/// all outcomes: every ordered pair of different outcomes of a group, weighted so that each outcome counts alike. With pairs that count alike,
/// the few groups that are largest by far would decide. Shape: `[outcomes, hits]` per group, in any order; groups of one
/// add to μ alone. Range: −1 to 1, 0 where groups mean nothing. `None`: no pair, or μ is 0 or 1.
/// Reference: Karlin, Cameron & Williams 1981, *PNAS* 78; compared with others by Ridout, Demétrio & Firth 1999, *Biometrics* 55.
pub fn intraclass_correlation(groups: impl IntoIterator<Item = [u64; 2]> + Clone) -> Option<f64> {
    let sums = groups.clone().into_iter().fold([0u64; 2], |sum, [n, hits]| [sum[0] + n, sum[1] + hits]);
    let rate = sums[1] as f64 / sums[0] as f64;
    let (mut products, mut outcomes) = (0.0, 0.0);
    for [n, hits] in groups.into_iter().filter(|group| group[0] > 1) {
        let (n, hits) = (n as f64, hits as f64);
        let away = hits - n * rate;
        let squares = hits * (1.0 - rate) * (1.0 - rate) + (n - hits) * rate * rate;
        products += (away * away - squares) / (n - 1.0);
        outcomes += n;
    }
    let correlation = products / (outcomes * rate * (1.0 - rate));
    correlation.is_finite().then_some(correlation)
}

/// How alike the categories of two draws of the same holder are.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// Correlation over all categories: (P(same category) − Σp²) ÷ (1 − Σp²).
    pub correlation: f64,
    /// Correlation of each category, `None` where it never or always occurs.
    pub by_category: Vec<Option<f64>>,
    /// Share of each category in all draws.
    pub shares: Vec<f64>,
}

impl Concentration {
    /// Of holders with these counts of categories, pairs pooled; holders with fewer than `least` draws are left out. `None`: no
    /// pair, or one category alone.
    ///
    /// Reference: method of moments for the Dirichlet-multinomial law, Mosimann 1962, *Biometrika* 49.
    pub fn of(holders: &[Vec<u32>], least: u64) -> Option<Self> {
        let mut draws = Vec::new();
        let mut same = Vec::new();
        let mut pairs = 0.0;
        for holder in holders {
            let n: u64 = holder.iter().map(|&count| u64::from(count)).sum();
            if n < least.max(2) {
                continue;
            }
            draws.resize(holder.len().max(draws.len()), 0.0);
            same.resize(draws.len(), 0.0);
            for (category, &count) in holder.iter().enumerate() {
                let count = f64::from(count);
                draws[category] += count;
                same[category] += count * (count - 1.0).max(0.0);
            }
            pairs += n as f64 * (n as f64 - 1.0);
        }
        let all: f64 = draws.iter().sum();
        let shares: Vec<f64> = draws.iter().map(|count| count / all).collect();
        let chance: f64 = shares.iter().map(|p| p * p).sum();
        let correlation = (same.iter().sum::<f64>() / pairs - chance) / (1.0 - chance);
        let of_category = |(&same, &p): (&f64, &f64)| {
            let correlation = (same / pairs - p * p) / (p * (1.0 - p));
            correlation.is_finite().then_some(correlation)
        };
        let by_category = same.iter().zip(&shares).map(of_category).collect();
        correlation.is_finite().then_some(Self { correlation, by_category, shares })
    }

    /// Concentration A of the Dirichlet law with this correlation, 1 ÷ (1 + A); `None` where draws are no more alike than by
    /// chance.
    pub fn dirichlet(&self) -> Option<f64> {
        (self.correlation > 0.0).then(|| 1.0 / self.correlation - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_alike_groups_agree_wholly_and_of_opposite_ones_not_at_all() {
        assert_eq!(intraclass_correlation([[2, 2], [2, 0]]), Some(1.0));
        assert_eq!(intraclass_correlation([[2, 1], [2, 1]]), Some(-1.0));
        assert_eq!(intraclass_correlation([[1, 1], [1, 0]]), None);
        assert_eq!(intraclass_correlation([[3, 3]]), None);
    }

    #[test]
    fn intraclass_correlation_is_that_of_all_ordered_pairs() {
        // Brute force over 0/1 lists: each outcome against the others of its group.
        let groups: [&[f64]; 3] = [&[1., 0., 1., 1.], &[0., 0., 1.], &[1., 0., 0., 0., 0.]];
        let all: Vec<f64> = groups.concat();
        let rate = all.iter().sum::<f64>() / all.len() as f64;
        let (mut sum, mut outcomes) = (0.0, 0.0);
        for group in groups {
            for (i, a) in group.iter().enumerate() {
                let others: Vec<f64> = group.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, b)| *b).collect();
                sum += (a - rate) * (others.iter().sum::<f64>() / others.len() as f64 - rate);
                outcomes += 1.0;
            }
        }
        let expected = sum / outcomes / (rate * (1.0 - rate));
        let counts = groups.map(|group| [group.len() as u64, group.iter().sum::<f64>() as u64]);
        assert!((intraclass_correlation(counts).expect("there are pairs") - expected).abs() < 1e-12);
    }

    #[test]
    fn concentration_of_draws_by_hand() {
        // Two holders of two draws: one twice category 0, one of each. Same in 1 of 2 pairs; p = (3/4, 1/4), Σp² = 5/8.
        let found = Concentration::of(&[vec![2, 0], vec![1, 1], vec![1, 0]], 2).expect("there are pairs");
        assert!((found.correlation - (0.5 - 0.625) / 0.375).abs() < 1e-12);
        assert_eq!(found.shares, [0.75, 0.25]);
        assert_eq!(found.dirichlet(), None);
        assert_eq!(Concentration::of(&[vec![1, 0]], 2), None);
        assert_eq!(Concentration::of(&[vec![5, 0]], 2), None);
    }

    #[test]
    fn draws_of_a_known_dirichlet_law_give_its_concentration() {
        // Pólya's urn: A = 9, p = (.5, .3, .2), 4,000 holders of 20 draws. The correlation .1 is known to about ±.002 (one standard
        // error), A to ±.2; five of them: false alarm 6·10⁻⁷. A wrong weighting of Σp² misses by more.
        use crate::rng::Key;
        let (weights, key) = ([4.5, 2.7, 1.8], Key::root(3, 0));
        let holders: Vec<Vec<u32>> = (0..4_000)
            .map(|holder| {
                let mut counts = vec![0u32; 3];
                for draw in 0..20u64 {
                    let mut target = key.at(holder).uniform(draw) * (9.0 + draw as f64);
                    let found = weights.iter().zip(&counts).position(|(w, &c)| {
                        target -= w + f64::from(c);
                        target < 0.0
                    });
                    counts[found.unwrap_or(2)] += 1;
                }
                counts
            })
            .collect();
        let found = Concentration::of(&holders, 2).and_then(|c| c.dirichlet()).expect("more alike than by chance");
        assert!((found - 9.0).abs() < 1.0, "{found}");
    }
}

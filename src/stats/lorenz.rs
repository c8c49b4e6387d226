//! Who bears how much of a total, where some may pull the other way.
//!
//! Contributions may have either sign; what is asked for is their part of the *net* total, which must be above 0. For
//! contributions that are never negative this is the ordinary Lorenz curve. Those that are negative stand first, take the
//! curve below 0 by what they cancel, and let the part of the others exceed 1.

/// Lorenz curve: points (share of the holders, share of the total), the smallest contributions first, from (0, 0) to (1, 1).
///
/// Definition: after i of n holders L = Σ of the i smallest contributions ÷ Σ of all. Shape: one contribution per holder,
/// in any order; n + 1 points. Range: convex, at most the diagonal; below 0 where contributions are negative.
/// `None`: no contributions, one that is not finite, or a total that is not above 0.
/// Reference: Lorenz 1905; Chen, Tsaur & Rhai 1982, *The Gini coefficient and negative income*.
pub fn curve(contributions: &[f64]) -> Option<Vec<[f64; 2]>> {
    let (sorted, total) = sorted(contributions)?;
    let holders = sorted.len() as f64;
    let mut sum = 0.0;
    let mut points = vec![[0.0, 0.0]];
    for (place, contribution) in sorted.iter().enumerate() {
        sum += contribution;
        points.push([(place + 1) as f64 / holders, sum / total]);
    }
    // The sum of all over the sum of all, whatever the rounding.
    points.pop();
    points.push([1.0, 1.0]);
    Some(points)
}

/// Part of the total that the `share` of holders with the largest contributions bear: 1 − L(1 − `share`).
///
/// Definition: the ⌊n·`share`⌋ largest contributions, plus the remaining fraction of the next one, over the total.
/// Range: `share` (all equal) and up; above 1 only where others cancel a part. 0 for `share` 0.
/// `None`: as for [`curve`], or `share` outside 0 to 1. Reference: as for [`curve`].
pub fn top(contributions: &[f64], share: f64) -> Option<f64> {
    let (sorted, total) = sorted(contributions)?;
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let holders = share * sorted.len() as f64;
    let whole = holders as usize;
    let largest = || sorted.iter().rev();
    let next = largest().nth(whole).copied().unwrap_or(0.0);
    Some((largest().take(whole).sum::<f64>() + (holders - whole as f64) * next) / total)
}

/// Ascending, with their sum in that order.
fn sorted(contributions: &[f64]) -> Option<(Vec<f64>, f64)> {
    let mut sorted = contributions.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let total: f64 = sorted.iter().sum();
    (total > 0.0 && total.is_finite()).then_some((sorted, total))
}

#[cfg(test)]
mod tests {
    use super::{curve, top};

    #[test]
    fn equal_contributions_lie_on_the_diagonal() {
        assert_eq!(curve(&[2.0; 4]).unwrap(), [[0.0; 2], [0.25; 2], [0.5; 2], [0.75; 2], [1.0; 2]]);
        for share in [0.0, 0.1, 0.5, 1.0] {
            assert_eq!(top(&[2.0; 4], share), Some(share));
        }
    }

    #[test]
    fn curve_and_top_match_the_worked_example() {
        assert_eq!(
            curve(&[7.0, 0.0, 1.0, 2.0]).unwrap(),
            [[0.0, 0.0], [0.25, 0.0], [0.5, 0.1], [0.75, 0.3], [1.0, 1.0]]
        );
        assert_eq!(top(&[7.0, 0.0, 1.0, 2.0], 0.25), Some(0.7));
        assert_eq!(top(&[7.0, 0.0, 1.0, 2.0], 0.375), Some(0.8));
    }

    #[test]
    fn what_pulls_the_other_way_is_cancelled_by_the_rest() {
        // Net 5: the −5 cancels as much as the net, so the two others bear twice it.
        assert_eq!(curve(&[8.0, -5.0, 2.0]).unwrap()[1..3], [[1.0 / 3.0, -1.0], [2.0 / 3.0, -0.6]]);
        assert_eq!(top(&[8.0, -5.0, 2.0], 2.0 / 3.0), Some(2.0));
    }

    #[test]
    fn top_is_read_off_the_curve() {
        let values = [3.0, -1.0, 0.5, 12.0, 0.0, 4.0, 4.0];
        let points = curve(&values).unwrap();
        for (holders, point) in points.iter().enumerate() {
            let share = (values.len() - holders) as f64 / values.len() as f64;
            assert!((top(&values, share).unwrap() - (1.0 - point[1])).abs() < 1e-12, "{holders}");
        }
    }

    #[test]
    fn without_a_net_total_nobody_bears_it() {
        for bad in [&[][..], &[0.0], &[1.0, -1.0], &[1.0, -2.0], &[f64::NAN, 1.0], &[f64::INFINITY]] {
            assert_eq!((curve(bad), top(bad, 0.5)), (None, None));
        }
        assert!([-0.1, 1.1, f64::NAN].iter().all(|&share| top(&[1.0], share).is_none()));
    }
}

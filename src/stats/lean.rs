//! Values of groups of different sizes that follow from something else: each leans on what follows the more, the fewer stand
//! behind it.

/// A group: how many stand behind it, its value, and what the value may follow from.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How many.
    pub size: f64,
    /// The value.
    pub value: f64,
    /// Predictors, the most important first; as many in every group.
    pub from: Vec<f64>,
}

/// Every group's value, drawn towards the one expected from its predictors: (n·y + m·e) ÷ (n + m), n the group's size.
///
/// Definition: e is linear in the predictors, by least squares with weights n ÷ (n + m), as is best for values that scatter about e
/// with a variance t² beside c²/n of their own, m = c²/t². Predictors that earlier ones explain are left out, so with as many groups as
/// predictors every group keeps its own.
/// Unit: that of the values. Shape: one value a group. Where all are empty: 0.
/// It misleads where groups fall into kinds that no predictor tells apart.
pub fn leaning(groups: &[Group], lean: f64) -> Vec<f64> {
    let weights: Vec<f64> = groups.iter().map(|group| group.size / (group.size + lean)).collect();
    let weighted = |a: &[f64], b: &[f64]| -> f64 { weights.iter().zip(a).zip(b).map(|((w, a), b)| w * a * b).sum() };
    let values: Vec<f64> = groups.iter().map(|group| group.value).collect();
    let mut expected = vec![0.0; groups.len()];
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for number in 0..groups.first().map_or(0, |group| group.from.len()) {
        let mut next: Vec<f64> = groups.iter().map(|group| group.from[number]).collect();
        let before = weighted(&next, &next);
        for known in &basis {
            let along = weighted(&next, known) / weighted(known, known);
            next.iter_mut().zip(known).for_each(|(next, known)| *next -= along * known);
        }
        let squares = weighted(&next, &next);
        // What earlier predictors span has nothing left but rounding.
        if squares > 1e-9 * before {
            let height = weighted(&next, &values) / squares;
            expected.iter_mut().zip(&next).for_each(|(expected, next)| *expected += height * next);
            basis.push(next);
        }
    }
    let drawn = |(group, expected): (&Group, f64)| (group.size * group.value + lean * expected) / (group.size + lean);
    groups.iter().zip(expected).map(drawn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(size: f64, x: f64, value: f64) -> Group {
        Group { size, value, from: vec![1.0, x, x * x] }
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} for {expected:?}");
    }

    #[test]
    fn what_follows_is_left_as_it_is() {
        let at = |x: f64| 2.0 - 3.0 * x + 0.5 * x * x;
        let groups = [-5.0, -4.0, -2.5, -1.0].map(|x| group(30.0 * -x, x, at(x)));
        close(&leaning(&groups, 50.0), &groups.map(|group| group.value));
    }

    #[test]
    fn few_lean_on_the_others_and_many_keep_their_own() {
        // One place: what is expected is the mean with weights 1/2 and 9/10, (.5·0 + .9·1.4) ÷ 1.4 = .9.
        let found = leaning(&[group(10.0, 1.0, 0.0), group(90.0, 1.0, 1.4)], 10.0);
        close(&found, &[0.45, (90.0 * 1.4 + 10.0 * 0.9) / 100.0]);
        close(&leaning(&[group(0.0, 1.0, 7.0), group(40.0, 1.0, 2.0)], 10.0), &[2.0, 2.0]);
    }

    #[test]
    fn two_groups_keep_their_own_and_none_at_all_gives_nothing() {
        close(&leaning(&[group(3.0, -1.0, 5.0), group(800.0, 2.0, 1.0)], 100.0), &[5.0, 1.0]);
        close(&leaning(&[group(0.0, -1.0, 5.0), group(0.0, 2.0, 1.0)], 100.0), &[0.0, 0.0]);
        assert!(leaning(&[], 1.0).is_empty());
    }
}

//! How far pool videos are watched, by their duration, and as if their durations were KuaiRand's.
//!
//! KuaiRand-Pure has the most popular videos alone, which are watched further than what a feed is full of, and more long ones than a
//! catalogue has. So C5 is compared within the pool, its duration classes weighted as in KuaiRand (direct standardisation).

use super::levels::SHORTEST_MS;
use super::{Figures, Seen, share};
use crate::study::calibrate::facts::KUAIRAND_DURATIONS;

/// Upper edges of duration classes, seconds: those of [`KUAIRAND_DURATIONS`].
const EDGES: [u32; 5] = [7, 15, 30, 60, 120];
const FINISHED: [&str; 6] = [
    "watched to the end, 5-7 s",
    "watched to the end, 7-15 s",
    "watched to the end, 15-30 s",
    "watched to the end, 30-60 s",
    "watched to the end, 60-120 s",
    "watched to the end, over 120 s",
];

/// Watch ratios of videos of five seconds and more, by duration class.
#[derive(Debug, Default)]
pub(super) struct Watching {
    ratios: [Vec<f32>; 6],
}

impl Watching {
    pub fn add(&mut self, seen: &Seen) {
        if seen.duration_ms() >= SHORTEST_MS {
            let class = EDGES.iter().filter(|&&edge| seen.duration_ms() >= 1000 * edge).count();
            self.ratios[class].push(seen.ratio() as f32);
        }
    }

    pub fn report(&self, figures: &mut Figures) {
        for (name, ratios) in FINISHED.into_iter().zip(&self.ratios) {
            let finished = ratios.iter().filter(|&&ratio| ratio >= 1.0).count();
            figures.insert(name, share(finished as f64, ratios.len() as f64));
        }
        let all = self.standardised();
        let total: f64 = all.iter().map(|one| one.1).sum();
        let part = |value: &dyn Fn(f64) -> f64| share(all.iter().map(|one| one.1 * value(one.0)).sum(), total);
        figures.insert("watch ratio 1 and above", part(&|ratio| f64::from(u8::from(ratio >= 1.0))));
        figures.insert("watch ratio below .1", part(&|ratio| f64::from(u8::from(ratio < 0.1))));
        figures.insert("watch ratio, mean (clipped at 1)", part(&|ratio| ratio.min(1.0)));
        let mut below = 0.0;
        let median = all.iter().find(|one| {
            below += one.1;
            below >= 0.5 * total
        });
        figures.insert("watch ratio, median", median.map(|one| one.0));
    }

    /// Watch ratios in ascending order with their weights; none where a class is empty.
    fn standardised(&self) -> Vec<(f64, f64)> {
        if self.ratios.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let class = |(ratios, weight): (&Vec<f32>, f64)| {
            let each = weight / ratios.len() as f64;
            ratios.iter().map(move |&ratio| (f64::from(ratio), each)).collect::<Vec<_>>()
        };
        let mut all: Vec<(f64, f64)> = self.ratios.iter().zip(KUAIRAND_DURATIONS).flat_map(class).collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Classes of different size, each with one watch ratio: figures are those of KuaiRand's mix, whatever was met more often.
    #[test]
    fn classes_weigh_as_in_kuairand_however_often_they_are_met() {
        let values = [2.0, 0.9, 0.6, 0.3, 0.12, 0.05f32];
        let ratios = std::array::from_fn(|class| vec![values[class]; 1 + 10 * (6 - class)]);
        let mut figures = Figures::new();
        Watching { ratios }.report(&mut figures);
        let total: f64 = KUAIRAND_DURATIONS.iter().sum();
        let near = |name: &str, expected: f64| {
            let found = figures[name].expect("classes are filled");
            assert!((found - expected).abs() < 1e-6, "{name}: {found}, expected {expected}");
        };
        near("watch ratio 1 and above", KUAIRAND_DURATIONS[0] / total);
        near("watch ratio below .1", KUAIRAND_DURATIONS[5] / total);
        let clipped: f64 = values.iter().zip(KUAIRAND_DURATIONS).map(|(&value, n)| f64::from(value).min(1.0) * n).sum();
        near("watch ratio, mean (clipped at 1)", clipped / total);
        // The two longest classes make up 56 %.
        near("watch ratio, median", f64::from(0.12f32));
        near("watched to the end, 5-7 s", 1.0);
        near("watched to the end, 7-15 s", 0.0);
    }

    #[test]
    fn an_empty_class_leaves_figures_undefined() {
        let mut figures = Figures::new();
        Watching { ratios: std::array::from_fn(|class| vec![0.5; class]) }.report(&mut figures);
        assert_eq!(figures["watch ratio, median"], None);
        assert_eq!(figures["watched to the end, 5-7 s"], None);
        assert_eq!(figures["watched to the end, 7-15 s"], Some(0.0));
    }
}

//! What ghosts drew for one topic, person by person.

use ndarray::{Array2, Array3, Axis};

use crate::stats::interval::{average, standard_error, variance};
use crate::stats::moderate::{Moderated, moderate};
use crate::trace::GhostCourse;
use crate::trace::micro::EXPECTED_UNIT;

/// Weekly changes and counts of one topic; no people where there is no whole week.
#[derive(Debug)]
pub(super) struct Drawn {
    /// `[person][ghost]`: mean over weeks of arm − reference, videos a week.
    changes: Array2<f64>,
    /// `[person][week][ghost]`: videos met in the baseline.
    met: Array3<f64>,
    /// Replicate of each person.
    replicates: Vec<u32>,
}

impl Drawn {
    /// Reads the first `weeks` weeks of one tracked topic in arm, reference and baseline, for the people in the audience of
    /// arm or reference.
    pub fn new(
        [arm, reference, baseline]: [&GhostCourse; 3],
        replicates: &[u32],
        weeks: usize,
        tracked: usize,
    ) -> Self {
        let all = if weeks == 0 { 0 } else { arm.expected.shape()[0] };
        let people: Vec<usize> =
            (0..all).filter(|&person| arm.audience[person] || reference.audience[person]).collect();
        let expected = |course: &GhostCourse, person: usize, ghost: usize| -> i64 {
            (0..weeks).map(|week| course.expected[[person, ghost, week, tracked]] as i64).sum()
        };
        let change = |(place, ghost): (usize, usize)| {
            let person = people[place];
            let moved = expected(arm, person, ghost) - expected(reference, person, ghost);
            moved as f64 * EXPECTED_UNIT / weeks as f64
        };
        Self {
            changes: Array2::from_shape_fn((people.len(), arm.ghosts()), change),
            met: Array3::from_shape_fn((people.len(), weeks, baseline.ghosts()), |(place, week, ghost)| {
                f64::from(baseline.met[[people[place], ghost, week, tracked]])
            }),
            replicates: people.iter().map(|&person| replicates[person]).collect(),
        }
    }

    /// Ghosts per person.
    pub fn ghosts(&self) -> usize {
        self.changes.ncols()
    }

    /// Replicate of each person.
    pub fn replicates(&self) -> &[u32] {
        &self.replicates
    }

    /// Mean change of each person over all ghosts.
    pub fn means(&self) -> Vec<f64> {
        self.means_of(|_| true)
    }

    /// Mean change of each person over each half of the ghosts, the last one left out where their number is odd.
    pub fn halves(&self) -> [Vec<f64>; 2] {
        let paired = self.ghosts() / 2 * 2;
        [0, 1].map(|half| self.means_of(|ghost| ghost < paired && ghost % 2 == half))
    }

    fn means_of(&self, chosen: impl Fn(usize) -> bool) -> Vec<f64> {
        let mean = |ghosts: ndarray::ArrayView1<'_, f64>| {
            let kept: Vec<f64> = ghosts.indexed_iter().filter(|(ghost, _)| chosen(*ghost)).map(|(_, &x)| x).collect();
            average(&kept)
        };
        self.changes.axis_iter(Axis(0)).filter_map(mean).collect()
    }

    /// Standard error of each person's mean change, from its scatter over ghosts; empty with fewer than two.
    pub fn errors(&self) -> Vec<f64> {
        self.changes.axis_iter(Axis(0)).filter_map(|ghosts| standard_error(&ghosts.to_vec())).collect()
    }

    /// Own weekly standard deviation of each person: over ghosts within each week, root mean square over weeks.
    pub fn own_sd(&self) -> Vec<f64> {
        let of_person = |weeks: ndarray::ArrayView2<'_, f64>| {
            let variances: Option<Vec<f64>> = weeks.axis_iter(Axis(0)).map(|week| variance(&week.to_vec())).collect();
            average(&variances?).map(libm::sqrt)
        };
        self.met.axis_iter(Axis(0)).filter_map(of_person).collect()
    }

    /// Their squares, each drawn towards those of other people who meet as much; `None` where too few people met anything.
    pub fn moderated(&self, own_sd: &[f64]) -> Option<Vec<Moderated>> {
        let variances: Vec<f64> = own_sd.iter().map(|sd| sd * sd).collect();
        let means: Vec<f64> = self.met.axis_iter(Axis(0)).filter_map(|weeks| weeks.mean()).collect();
        let degrees = self.met.shape()[1] * self.met.shape()[2].saturating_sub(1);
        moderate(&variances, &means, degrees)
    }

    /// The least standard deviation that so many ghosts can show other than 0: one video in one week of one ghost.
    /// Nobody's weeks are surer than that on the ghosts' word.
    pub fn resolution(&self) -> f64 {
        1.0 / libm::sqrt((self.met.shape()[1] * self.met.shape()[2]) as f64)
    }
}

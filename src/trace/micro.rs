//! Where per-person figures come from: some people of every replicate, their ghosts, and what they really met.
//!
//! A ghost is a person's course drawn again from the state at a fork: it reads the platform's tables, is learned from like
//! a person, and adds to no counter. Ghost g uses the same keys in every arm. Weeks are whole weeks of [`WEEK`] days; a
//! week that the run cuts short is not kept, so a run of fewer than seven days after a fork leaves none.

use ndarray::{Array, Array3, Array4, ArrayView, Axis, RemoveAxis, concatenate};

/// Days in a week.
pub const WEEK: usize = 7;
/// Videos to one unit of [`GhostCourse::expected`].
pub const EXPECTED_UNIT: f64 = 1.0 / (1_u32 << 24) as f64;

/// Per-person counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Micro {
    /// Global ids of the people, in the order of every array's first axis.
    pub users: Vec<u32>,
    /// The replicate that each of them lives in.
    pub replicates: Vec<u32>,
    /// Ghosts, one course per arm and fork day.
    pub courses: Vec<GhostCourse>,
    /// The people themselves, one course per arm.
    pub realised: Vec<RealisedCourse>,
}

/// Ghosts of one arm (0 is the baseline), forked on `fork_day`; a baseline course exists for every distinct fork day.
///
/// Both arrays are `[user][ghost][week since the fork][tracked topic]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GhostCourse {
    /// Arm, as in the tally.
    pub arm: usize,
    /// Day on which the ghosts left the person, counted from day 0.
    pub fork_day: i64,
    /// `[user]`: whether some tilt of the arm has the person in its audience.
    pub audience: Vec<bool>,
    /// Σ over played slots of the conditional probability of the topic, in [`EXPECTED_UNIT`] videos.
    pub expected: Array4<u64>,
    /// Videos of the topic that the ghost met.
    pub met: Array4<u32>,
}

/// What the people themselves met in one arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealisedCourse {
    /// Arm, as in the tally.
    pub arm: usize,
    /// `[user][week since day 0][tracked topic]`: videos of the topic. Before its fork an arm repeats the baseline.
    pub met: Array3<u32>,
}

impl Micro {
    /// People of several replicates of one scenario, in this order. `None` where there are none.
    pub fn join(parts: &[Self]) -> Option<Self> {
        let one = parts.first()?;
        let courses = (0..one.courses.len()).map(|number| {
            let of: Vec<&GhostCourse> = parts.iter().map(|part| &part.courses[number]).collect();
            GhostCourse {
                arm: of[0].arm,
                fork_day: of[0].fork_day,
                audience: of.iter().flat_map(|course| &course.audience).copied().collect(),
                expected: stacked(of.iter().map(|course| course.expected.view())),
                met: stacked(of.iter().map(|course| course.met.view())),
            }
        });
        let realised = (0..one.realised.len()).map(|number| RealisedCourse {
            arm: one.realised[number].arm,
            met: stacked(parts.iter().map(|part| part.realised[number].met.view())),
        });
        Some(Self {
            users: parts.iter().flat_map(|part| &part.users).copied().collect(),
            replicates: parts.iter().flat_map(|part| &part.replicates).copied().collect(),
            courses: courses.collect(),
            realised: realised.collect(),
        })
    }

    /// The ghosts of an arm that were forked on a day.
    pub fn course(&self, arm: usize, fork_day: i64) -> Option<&GhostCourse> {
        self.courses.iter().find(|course| course.arm == arm && course.fork_day == fork_day)
    }

    /// Feeds every integer to a hasher, in the order of the fields, arrays in row-major order after their shape, each as
    /// 8 bytes.
    pub fn hash_into(&self, hasher: &mut blake3::Hasher) {
        let mut put = |x: u64| {
            hasher.update(&x.to_le_bytes());
        };
        [self.users.len(), self.courses.len(), self.realised.len()].iter().for_each(|&n| put(n as u64));
        self.users.iter().chain(&self.replicates).for_each(|&number| put(number.into()));
        for course in &self.courses {
            put(course.arm as u64);
            put(course.fork_day as u64);
            course.audience.iter().for_each(|&within| put(within.into()));
            course.expected.shape().iter().for_each(|&n| put(n as u64));
            course.expected.iter().copied().for_each(&mut put);
            course.met.iter().for_each(|&n| put(n.into()));
        }
        for course in &self.realised {
            put(course.arm as u64);
            course.met.shape().iter().for_each(|&n| put(n as u64));
            course.met.iter().for_each(|&n| put(n.into()));
        }
    }
}

/// Arrays one below the other.
fn stacked<'a, T: Clone + 'a, D: RemoveAxis>(parts: impl Iterator<Item = ArrayView<'a, T, D>>) -> Array<T, D> {
    let parts: Vec<_> = parts.collect();
    concatenate(Axis(0), &parts).expect("replicates of one scenario have courses of one shape")
}

impl GhostCourse {
    /// All zeros, and everybody in the audience but that of the baseline.
    pub fn new(arm: usize, fork_day: i64, [users, ghosts, weeks, tracked]: [usize; 4]) -> Self {
        let shape = (users, ghosts, weeks, tracked);
        let audience = vec![arm > 0; users];
        Self { arm, fork_day, audience, expected: Array4::zeros(shape), met: Array4::zeros(shape) }
    }

    /// Whole weeks kept.
    pub fn weeks(&self) -> usize {
        self.expected.shape()[2]
    }

    /// Ghosts per person.
    pub fn ghosts(&self) -> usize {
        self.expected.shape()[1]
    }
}

impl RealisedCourse {
    /// All zeros.
    pub fn new(arm: usize, [users, weeks, tracked]: [usize; 3]) -> Self {
        Self { arm, met: Array3::zeros((users, weeks, tracked)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micro() -> Micro {
        let mut course = GhostCourse::new(0, 3, [2, 2, 1, 1]);
        course.expected.iter_mut().zip(1..).for_each(|(cell, number)| *cell = number);
        course.met.iter_mut().zip(5..).for_each(|(cell, number)| *cell = number);
        let mut realised = RealisedCourse::new(1, [2, 1, 1]);
        realised.met.iter_mut().zip(9..).for_each(|(cell, number)| *cell = number);
        Micro { users: vec![4, 9], replicates: vec![0, 0], courses: vec![course], realised: vec![realised] }
    }

    fn hash(micro: &Micro) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        micro.hash_into(&mut hasher);
        hasher.finalize()
    }

    /// A change of the data that the hash must see.
    type Change = fn(&mut Micro);

    #[test]
    fn every_integer_and_every_shape_is_part_of_the_hash() {
        let changes: [Change; 12] = [
            |micro| micro.users[1] = 8,
            |micro| micro.users.push(0),
            |micro| micro.replicates[1] = 1,
            |micro| micro.courses[0].arm = 1,
            |micro| micro.courses[0].fork_day = -3,
            |micro| micro.courses[0].audience[1] = true,
            |micro| micro.courses[0].expected[[1, 1, 0, 0]] += 1,
            |micro| micro.courses[0].met[[1, 1, 0, 0]] += 1,
            |micro| {
                let course = &mut micro.courses[0];
                course.expected = course.expected.clone().into_shape_with_order((1, 2, 2, 1)).unwrap();
            },
            |micro| micro.realised[0].arm = 0,
            |micro| micro.realised[0].met[[1, 0, 0]] += 1,
            |micro| micro.realised.clear(),
        ];
        let known = hash(&micro());
        assert_eq!(hash(&micro()), known);
        for (number, change) in changes.iter().enumerate() {
            let mut changed = micro();
            change(&mut changed);
            assert_ne!(hash(&changed), known, "change {number}");
        }
    }

    #[test]
    fn people_of_replicates_are_put_one_below_the_other() {
        let mut second = micro();
        (second.users, second.replicates) = (vec![7, 1], vec![1, 1]);
        second.courses[0].audience = vec![true, false];
        second.courses[0].expected[[1, 1, 0, 0]] = 99;
        second.realised[0].met[[0, 0, 0]] = 98;
        let all = Micro::join(&[micro(), second]).unwrap();
        assert_eq!((all.users, all.replicates), (vec![4, 9, 7, 1], vec![0, 0, 1, 1]));
        let course = &all.courses[0];
        assert_eq!(course.audience, [false, false, true, false]);
        assert_eq!(course.expected.iter().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 1, 2, 3, 99]);
        assert_eq!(course.met.iter().copied().collect::<Vec<_>>(), [5, 6, 7, 8, 5, 6, 7, 8]);
        assert_eq!(all.realised[0].met.iter().copied().collect::<Vec<_>>(), [9, 10, 98, 10]);
        assert_eq!(Micro::join(&[]), None);
    }

    #[test]
    fn a_course_is_found_by_arm_and_day() {
        assert_eq!(micro().course(0, 3).map(|course| (course.weeks(), course.ghosts())), Some((1, 2)));
        assert_eq!((micro().course(1, 3), micro().course(0, 0)), (None, None));
    }
}

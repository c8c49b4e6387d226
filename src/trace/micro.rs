//! Where per-person figures come from: some people of replicate 0, their ghosts, and what they really met.
//!
//! A ghost is a person's course drawn again from the state at a fork: it reads the platform's tables, is learned from like
//! a person, and adds to no counter. Ghost g uses the same keys in every arm. Weeks are whole weeks of [`WEEK`] days; a
//! week that the run cuts short is not kept, so a run of fewer than seven days after a fork leaves none.

use ndarray::{Array3, Array4};

/// Days in a week.
pub const WEEK: usize = 7;
/// Videos to one unit of [`GhostCourse::expected`].
pub const EXPECTED_UNIT: f64 = 1.0 / (1_u32 << 24) as f64;

/// Per-person counts of replicate 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Micro {
    /// Global ids of the people, in the order of every array's first axis.
    pub users: Vec<u32>,
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
        self.users.iter().for_each(|&user| put(user.into()));
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
        Micro { users: vec![4, 9], courses: vec![course], realised: vec![realised] }
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
        let changes: [Change; 11] = [
            |micro| micro.users[1] = 8,
            |micro| micro.users.push(0),
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
    fn a_course_is_found_by_arm_and_day() {
        assert_eq!(micro().course(0, 3).map(|course| (course.weeks(), course.ghosts())), Some((1, 2)));
        assert_eq!((micro().course(1, 3), micro().course(0, 0)), (None, None));
    }
}

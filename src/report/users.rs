//! `users.parquet`: what some people were expected to meet, by how much their weeks vary, and what they met.
//!
//! Ghosts' weeks count from their fork, people's own from day 0. A row is a week of one arm that begins on `from_day`; what
//! was not counted in weeks that begin there is empty.

use super::columns::{Cells, Columns};
use crate::scenario::Scenario;
use crate::stats::interval::variance;
use crate::trace::micro::{EXPECTED_UNIT, WEEK};
use crate::trace::{GhostCourse, Micro, RealisedCourse};

/// Name of the file.
#[cfg(feature = "tables")]
pub const FILE: &str = "users.parquet";
/// Name of the file; Parquet needs the feature `tables`.
#[cfg(not(feature = "tables"))]
pub const FILE: &str = "users.csv";

/// The table. Rows are ordered by arm, fork day (weeks without ghosts last), person, week and topic; echo arms are left out.
pub fn columns<'a>(scenario: &'a Scenario, micro: &Micro) -> Columns<'a> {
    let mut rows = Rows::default();
    for arm in 0..=scenario.arms.len() {
        let realised = micro.realised.iter().find(|course| course.arm == arm);
        let mut courses: Vec<&GhostCourse> = micro.courses.iter().filter(|course| course.arm == arm).collect();
        courses.sort_by_key(|course| course.fork_day);
        for course in &courses {
            rows.add_ghosts(scenario, micro, course, realised);
        }
        if let Some(realised) = realised {
            rows.add_others(scenario, micro, realised, &courses);
        }
    }
    rows.into_columns()
}

/// The table while it grows: one entry per row in each list.
#[derive(Default)]
struct Rows<'a> {
    arm: Vec<&'a str>,
    fork_day: Vec<Option<u64>>,
    replicate: Vec<u16>,
    user: Vec<u64>,
    in_audience: Vec<u8>,
    from_day: Vec<u16>,
    topic: Vec<&'a str>,
    expected: Vec<Option<f64>>,
    own_sd: Vec<Option<f64>>,
    realised: Vec<Option<u64>>,
}

impl<'a> Rows<'a> {
    /// Weeks of ghosts, beside what the people met in those of them that are also weeks from day 0.
    fn add_ghosts(
        &mut self,
        scenario: &'a Scenario,
        micro: &Micro,
        course: &GhostCourse,
        realised: Option<&RealisedCourse>,
    ) {
        for (person, &user) in micro.users.iter().enumerate() {
            for week in 0..course.weeks() {
                let day = course.fork_day as usize + week * WEEK;
                for (tracked, &topic) in scenario.measure.track.iter().enumerate() {
                    self.begin(
                        scenario,
                        course.arm,
                        (micro.replicates[person], user, course.audience[person]),
                        day,
                        topic,
                    );
                    self.fork_day.push(Some(course.fork_day as u64));
                    self.expected.push(Some(expected(course, person, week, tracked)));
                    self.own_sd.push(own_sd(course, person, week, tracked));
                    self.realised.push(realised.and_then(|course| met(course, person, day, tracked)));
                }
            }
        }
    }

    /// Weeks of the people in which no ghosts' week begins.
    fn add_others(
        &mut self,
        scenario: &'a Scenario,
        micro: &Micro,
        realised: &RealisedCourse,
        ghosts: &[&GhostCourse],
    ) {
        let begins = |course: &GhostCourse, day: usize| {
            (0..course.weeks()).any(|week| course.fork_day as usize + week * WEEK == day)
        };
        for (person, &user) in micro.users.iter().enumerate() {
            let within = ghosts.iter().any(|course| course.audience[person]);
            for week in 0..realised.met.shape()[1] {
                let day = week * WEEK;
                if ghosts.iter().any(|course| begins(course, day)) {
                    continue;
                }
                for (tracked, &topic) in scenario.measure.track.iter().enumerate() {
                    self.begin(scenario, realised.arm, (micro.replicates[person], user, within), day, topic);
                    self.fork_day.push(None);
                    self.expected.push(None);
                    self.own_sd.push(None);
                    self.realised.push(met(realised, person, day, tracked));
                }
            }
        }
    }

    fn begin(
        &mut self,
        scenario: &'a Scenario,
        arm: usize,
        (replicate, user, within): (u32, u32, bool),
        day: usize,
        topic: usize,
    ) {
        self.arm.push(arm.checked_sub(1).map_or("baseline", |index| scenario.arms[index].name.as_str()));
        self.replicate.push(replicate as u16);
        self.user.push(user.into());
        self.in_audience.push(within.into());
        self.from_day.push(day as u16);
        self.topic.push(&scenario.topics[topic].id);
    }

    fn into_columns(self) -> Columns<'a> {
        let mut columns = Columns::default();
        columns.push("arm", Cells::Name(self.arm));
        columns.push("fork_day", Cells::CountIfAny(self.fork_day));
        columns.push("replicate", Cells::Short(self.replicate));
        columns.push("user", Cells::Count(self.user));
        columns.push("in_audience", Cells::Small(self.in_audience));
        columns.push("from_day", Cells::Short(self.from_day));
        columns.push("topic", Cells::Name(self.topic));
        columns.push("expected", Cells::RealIfAny(self.expected));
        columns.push("own_sd", Cells::RealIfAny(self.own_sd));
        columns.push("realised", Cells::CountIfAny(self.realised));
        columns
    }
}

/// Mean over ghosts, videos.
fn expected(course: &GhostCourse, person: usize, week: usize, tracked: usize) -> f64 {
    let sum: u64 = (0..course.ghosts()).map(|ghost| course.expected[[person, ghost, week, tracked]]).sum();
    sum as f64 * EXPECTED_UNIT / course.ghosts() as f64
}

/// Standard deviation over ghosts of the week's count, videos.
fn own_sd(course: &GhostCourse, person: usize, week: usize, tracked: usize) -> Option<f64> {
    let counts: Vec<f64> =
        (0..course.ghosts()).map(|ghost| f64::from(course.met[[person, ghost, week, tracked]])).collect();
    variance(&counts).map(libm::sqrt)
}

/// Videos met in the week from a day on, if that is one of the weeks from day 0.
fn met(course: &RealisedCourse, person: usize, day: usize, tracked: usize) -> Option<u64> {
    let week = Some(day / WEEK).filter(|week| day.is_multiple_of(WEEK) && *week < course.met.shape()[1])?;
    Some(course.met[[person, week, tracked]].into())
}

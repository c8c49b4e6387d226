//! Floors, and which of a tally's arms is the echo of which fork day.

use feedtilt::measure::{Shift, cannibalisation, divergence, share};
use feedtilt::report::Figures;
use feedtilt::scenario::{Scenario, TiltKind};
use feedtilt::trace::Tally;

use super::close;
use crate::common::scenario;

/// Four arms that fork on days 2, 0, 2 and 0; four days, two topics.
fn four_arms() -> Scenario {
    let arm = |name: &str, day: u32| {
        format!(
            "[[arm]]\nname = '{name}'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = 0.5\nfrom_day = {day}\nramp_days = 0\n"
        )
    };
    let text = format!(
        "schema = 1\nname = 'x'\n[population]\nusers = 100\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\nshare = 0.2\n\
         [[topic]]\nid = 'b'\nshare = 0.8\n[time]\nburn_in_days = 1\ndays = 4\n{}{}{}{}[replicates]\ncount = 2\n",
        arm("late", 2),
        arm("early", 0),
        arm("late-too", 2),
        arm("early-too", 0)
    );
    scenario(&text, &[])
}

/// Two replicates; impressions of topic a and of both topics by arm, the same on every day. `echoes` follow the arms.
fn tallies(echoes: &[[u64; 2]]) -> Vec<Tally> {
    (0..2)
        .map(|replicate| {
            let mut tally = Tally::new(1, 4, 5 + echoes.len(), 1, 9, 2, 1);
            for day in 0..5 {
                let first = [200, 150, 150, 150, 150].map(|n| n + 20 * replicate).into_iter();
                let echo = echoes.iter().map(|echo| echo[replicate as usize]);
                for (arm, count) in first.chain(echo).enumerate() {
                    tally.exposure[[day, arm, 0, 0, 0, 0]] = count;
                    tally.exposure[[day, arm, 0, 0, 1, 0]] = 1_000 - count;
                }
            }
            tally
        })
        .collect()
}

#[test]
fn every_arm_has_the_echo_of_its_own_fork_day() {
    let scenario = four_arms();
    // Echo of day 0 is off by .001 and .003, that of day 2 by .010 and .030.
    let figures = Figures::new(&scenario, &tallies(&[[201, 217], [210, 190]]), None);
    let floor = |arm: usize, of: fn(&Shift) -> Option<f64>| of(figures.arms[arm].share(0));
    for (arm, larger) in [(0, 0.03), (1, 0.003), (2, 0.03), (3, 0.003)] {
        // Mean square (1 + 9)/2 of the smaller, t(2) = 4.303; worlds off by .02, t(1) = 12.706.
        close(floor(arm, |shift| shift.floor_fork), 4.302_652_729_749_464 * larger / 3.0 * libm::sqrt(5.0));
        close(floor(arm, |shift| shift.floor_worlds), 12.706_204_736_174_707 * 0.02);
        // Of two sizes, the second three times the first, the 95th percentile lies 95 % of the way up.
        let variation = figures.arms[arm].of(&divergence::TOTAL_VARIATION)[0].floor_fork;
        close(variation, larger * (1.0 + 0.95 * 2.0) / 3.0);
    }
}

#[test]
fn without_echoes_the_floor_of_forks_is_undefined() {
    let figures = Figures::new(&four_arms(), &tallies(&[]), None);
    for arm in &figures.arms {
        assert_eq!(arm.of(&share::EXPOSURE)[0].floor_fork, None);
        assert!(arm.of(&share::EXPOSURE)[0].floor_worlds.is_some());
    }
}

#[test]
fn where_a_tilt_means_every_topic_nothing_is_beyond_proportion() {
    let mut wide = four_arms();
    let tilt = &mut wide.arms[0].tilts[0];
    (tilt.kind, tilt.topic) = (TiltKind::NotForFeed { share: 0.5 }, None);
    let everywhere = Figures::new(&wide, &tallies(&[]), None);
    let named = Figures::new(&four_arms(), &tallies(&[]), None);
    let other = |figures: &Figures| figures.arms[0].of(&cannibalisation::BY_TOPIC)[1].difference;
    assert_eq!(other(&everywhere), None);
    // The only other topic takes all that topic a loses, which is its proportion.
    assert!(other(&named).expect("defined").abs() < 1e-12);
}

//! Single people: three of them, their figures by hand; who bears the shift, against brute force.

use feedtilt::measure::UsersEffect;
use feedtilt::measure::micro::{Ghosts, users_effect};
use feedtilt::stats::lorenz;
use feedtilt::trace::{GhostCourse, Micro, RealisedCourse};

use super::{Numbers, close};

/// `[person][ghost][week]`: expected videos and videos met.
pub type Drawn = Vec<Vec<Vec<[f64; 2]>>>;

/// Ghosts of several arms forked on a day, one tracked topic.
pub fn micro_of(fork_day: i64, arms: &[&Drawn]) -> Micro {
    let course = |(arm, drawn): (usize, &&Drawn)| {
        let shape = [drawn.len(), drawn[0].len(), drawn[0][0].len(), 1];
        let mut course = GhostCourse::new(arm, fork_day, shape);
        for (place, value) in course.expected.indexed_iter_mut() {
            *value = libm::round(drawn[place.0][place.1][place.2][0] * f64::from(1 << 24)) as u64;
        }
        for (place, value) in course.met.indexed_iter_mut() {
            *value = drawn[place.0][place.1][place.2][1] as u32;
        }
        course
    };
    let users: Vec<u32> = (0..arms[0].len() as u32).map(|user| 10 * user).collect();
    let realised = vec![RealisedCourse::new(0, [arms[0].len(), 0, 1])];
    Micro { replicates: vec![0; users.len()], users, courses: arms.iter().enumerate().map(course).collect(), realised }
}

/// Three people, two ghosts, two weeks. Expected changes are −4, −3 and ½ videos a week; the first person's weeks vary by √8
/// in the first week and not in the second, the second's by √2 and not, the third met nothing in any ghost.
fn three_people() -> [Drawn; 2] {
    let baseline = vec![
        vec![vec![[10.0, 10.0], [12.0, 9.0]], vec![[14.0, 14.0], [8.0, 9.0]]],
        vec![vec![[6.0, 3.0], [6.0, 5.0]], vec![[6.0, 5.0], [6.0, 5.0]]],
        vec![vec![[1.5, 0.0], [2.5, 0.0]], vec![[1.0, 0.0], [1.0, 0.0]]],
    ];
    let arm = vec![
        vec![vec![[7.0, 90.0], [9.0, 2.0]], vec![[9.0, 90.0], [3.0, 50.0]]],
        vec![vec![[2.0, 3.0], [4.0, 5.0]], vec![[1.0, 5.0], [5.0, 5.0]]],
        vec![vec![[2.5, 0.0], [3.5, 70.0]], vec![[1.0, 0.0], [1.0, 0.0]]],
    ];
    [baseline, arm]
}

const TWO_WEEKS: Ghosts = Ghosts { arm: 1, reference: 0, fork_day: 3, days: 14 };

fn effect(ghosts: Ghosts) -> UsersEffect {
    let [baseline, arm] = three_people();
    let mut effects = users_effect(&micro_of(3, &[&baseline, &arm]), ghosts, &[7]);
    assert_eq!(effects.len(), 1);
    effects.remove(0)
}

#[test]
fn three_people_have_the_figures_worked_out_by_hand() {
    let found = effect(TWO_WEEKS);
    assert_eq!((found.topic, found.weeks, found.ghosts), (7, 2, 2));
    assert_eq!(found.changes, [-4.0, -3.0, 0.5]);
    // Root mean square over weeks: √((8 + 0)/2). The mean of standard deviations would be √2, pooled counts √(16/3).
    assert_eq!(found.own_sd, [2.0, 1.0, 0.0]);
    // Ghosts differ by 2, 0 and 1: standard errors 1, 0 and ½.
    assert_eq!(found.errors, [1.0, 0.0, 0.5]);
    close(found.ghost_error, libm::sqrt(1.25 / 3.0));
    close(found.mean, -6.5 / 3.0);
    close(found.median, -3.0);
    // Type 7: a tenth of the way from the first to the second, nine tenths from the second to the third.
    close(found.p5, -3.9);
    close(found.p95, 0.15);
    close(found.share_below_one_video, 1.0 / 3.0);
    close(found.own_sd_median, 1.0);
    let variance = (4.0f64.powi(2) + 3.0f64.powi(2) + 0.5f64.powi(2) - 6.5f64.powi(2) / 3.0) / 2.0;
    close(found.spread, libm::sqrt(variance));
    close(found.mean_error, libm::sqrt(variance / 3.0));
}

#[test]
fn noticing_takes_two_noisy_weeks_and_at_least_one_video_of_all_ghosts() {
    let found = effect(TWO_WEEKS);
    // Signals −2, −3 and ½ ÷ ½ = 1: two ghosts of two weeks cannot show less than ½ other than 0. Against 1.96 alone the
    // first would notice; without the least the third would, by any change at all.
    close(found.noticeable_share, 1.0 / 3.0);
    close(found.signal_to_noise_median, -2.0);
}

#[test]
fn those_who_move_the_other_way_cancel_and_the_rest_bears_the_net() {
    let found = effect(TWO_WEEKS);
    // Contributions 4, 3 and −½ to a net of 6.5; 1 % of three people is .03 of the first.
    close(found.top_1_percent_bears, 0.03 * 4.0 / 6.5);
    close(found.top_10_percent_bears, 0.3 * 4.0 / 6.5);
    close(found.cancelled, 0.5 / 6.5);
    let expected = [[0.0, 0.0], [1.0 / 3.0, -0.5 / 6.5], [2.0 / 3.0, 2.5 / 6.5], [1.0, 1.0]];
    for (point, expected) in found.lorenz.iter().zip(expected) {
        assert!((point[0] - expected[0]).abs() < 1e-12 && (point[1] - expected[1]).abs() < 1e-12, "{point:?}");
    }
}

#[test]
fn halves_of_the_ghosts_tell_their_noise() {
    // Ghost 0 alone: −3, −3, 1; ghost 1 alone: −5, −3, 0. Twice the whole's variance less the mean of theirs is their
    // covariance, 16/3.
    let noise = effect(TWO_WEEKS).without_noise;
    close(noise.spread, libm::sqrt(16.0 / 3.0));
    // 5th percentiles −3.9 of all, −3 and −4.8 of the halves; 95th .15, .6 and −.3.
    close(noise.p5, 2.0 * -3.9 - 0.5 * (-3.0 - 4.8));
    close(noise.p95, 2.0 * 0.15 - 0.5 * (0.6 - 0.3));
    assert_eq!(noise.noticeable_share, None, "three people tell no trend of variances");
}

#[test]
fn a_week_that_is_not_whole_is_left_out() {
    let one = effect(Ghosts { days: 13, ..TWO_WEEKS });
    assert_eq!((one.weeks, one.changes.as_slice()), (1, &[-4.0, -4.5, 0.5][..]));
    assert_eq!(one.own_sd, [libm::sqrt(8.0), libm::sqrt(2.0), 0.0]);
    for none in [effect(Ghosts { days: 6, ..TWO_WEEKS }), effect(Ghosts { fork_day: 4, ..TWO_WEEKS })] {
        assert_eq!(none, UsersEffect { topic: 7, ghosts: none.ghosts, ..UsersEffect::default() });
    }
}

#[test]
fn an_arm_is_compared_with_the_arm_it_names_but_weeks_vary_as_in_the_baseline() {
    let [baseline, arm] = three_people();
    let micro = micro_of(3, &[&baseline, &baseline, &arm]);
    let of = |arm, reference| users_effect(&micro, Ghosts { arm, reference, ..TWO_WEEKS }, &[7]).remove(0);
    assert_eq!(of(2, 1), of(2, 0));
    let back = of(0, 2);
    assert_eq!((back.changes.as_slice(), back.own_sd.as_slice()), (&[4.0, 3.0, -0.5][..], &[2.0, 1.0, 0.0][..]));
    // The direction of the mean turns, and with it everybody's contribution: the same people bear as much.
    assert_eq!(back.lorenz, effect(TWO_WEEKS).lorenz);
    close(back.signal_to_noise_median, 2.0);
    // An arm of another fork day has no ghosts to be compared with.
    let mut later = micro_of(3, &[&baseline, &arm]);
    later.courses.push(GhostCourse::new(2, 5, [3, 2, 2, 1]));
    let undefined = users_effect(&later, Ghosts { arm: 1, reference: 2, ..TWO_WEEKS }, &[7]).remove(0);
    assert_eq!(undefined, UsersEffect { topic: 7, ..UsersEffect::default() });
}

#[test]
fn tracked_topics_are_told_apart() {
    let mut course = GhostCourse::new(0, 0, [2, 2, 1, 2]);
    let mut arm = course.clone();
    (arm.arm, arm.audience) = (1, vec![true; 2]);
    for (place, value) in arm.expected.indexed_iter_mut() {
        *value = [3 << 24, 5 << 24][place.3];
    }
    course.met[[0, 0, 0, 1]] = 4;
    let micro = Micro { users: vec![0, 1], replicates: vec![0, 0], courses: vec![course, arm], realised: Vec::new() };
    let found = users_effect(&micro, Ghosts { arm: 1, reference: 0, fork_day: 0, days: 7 }, &[9, 2]);
    assert_eq!((found[0].topic, found[0].changes[0], found[0].own_sd[0]), (9, 3.0, 0.0));
    assert_eq!((found[1].topic, found[1].changes[0], found[1].own_sd[0]), (2, 5.0, libm::sqrt(8.0)));
}

#[test]
fn a_shift_within_the_ghosts_noise_has_no_bearers() {
    // Two ghosts pull two videos up and two down, or nearly: the mean change is far within its error.
    let ghost = |expected: f64| vec![[expected, 0.0]];
    let baseline = vec![vec![ghost(5.0), ghost(5.0)]; 4];
    let arm = vec![vec![ghost(7.0), ghost(3.1)]; 4];
    let effect = users_effect(&micro_of(0, &[&baseline, &arm]), Ghosts { fork_day: 0, ..TWO_WEEKS }, &[7]).remove(0);
    assert!(effect.mean.unwrap() > 0.0 && effect.lorenz.is_empty());
    assert_eq!((effect.top_1_percent_bears, effect.top_10_percent_bears, effect.cancelled), (None, None, None));
    assert_eq!(effect.without_noise.top_10_percent_bears, None);
}

#[test]
fn who_met_nothing_is_measured_by_the_least_that_ghosts_and_weeks_can_show() {
    // Two ghosts of two weeks: ½ a video, so that 1.5 more a week are three of it; one week's √½ would hide them.
    let none = |expected: f64| vec![[expected, 0.0]; 2];
    let (baseline, arm) = (vec![vec![none(0.0); 2]; 2], vec![vec![none(1.5); 2]; 2]);
    let effect = users_effect(&micro_of(3, &[&baseline, &arm]), TWO_WEEKS, &[7]).remove(0);
    assert_eq!(effect.own_sd, [0.0, 0.0]);
    close(effect.signal_to_noise_median, 3.0);
    close(effect.noticeable_share, 1.0);
}

#[test]
fn of_an_odd_number_of_ghosts_the_last_is_in_no_half() {
    let ghosts = |expected: [f64; 3]| expected.map(|expected| vec![[expected, 0.0]]).to_vec();
    let baseline = vec![ghosts([10.0; 3]), ghosts([10.0; 3])];
    let arm = vec![ghosts([11.0, 12.0, 13.0]), ghosts([9.0, 10.0, 5.0])];
    let effect = users_effect(&micro_of(0, &[&baseline, &arm]), Ghosts { fork_day: 0, ..TWO_WEEKS }, &[7]).remove(0);
    // Means 2 and −2; from ghost 0 alone 1 and −1, from ghost 1 alone 2 and 0. Variances 8, 2 and 2; a third ghost weighs ½.
    close(effect.spread, libm::sqrt(8.0));
    close(effect.without_noise.spread, libm::sqrt(8.0 - (2.0 - 8.0) * 0.5));
}

#[test]
fn many_people_tell_a_shift_that_none_of_them_could_tell_alone() {
    // Ghosts differ by 2, so a person's change of ½ has a standard error of 1, and the mean of a hundred people one of .1.
    let ghost = |expected: f64| vec![[expected, 0.0]];
    let drawn = |people: usize, up: f64| vec![vec![ghost(5.0 + up + 1.0), ghost(5.0 + up - 1.0)]; people];
    let of = |people: usize| {
        let baseline = vec![vec![ghost(5.0), ghost(5.0)]; people];
        let micro = micro_of(0, &[&baseline, &drawn(people, 0.5)]);
        users_effect(&micro, Ghosts { fork_day: 0, ..TWO_WEEKS }, &[7]).remove(0)
    };
    let (few, many) = (of(10), of(100));
    assert_eq!((few.mean, few.ghost_error), (many.mean, many.ghost_error));
    assert!(few.lorenz.is_empty() && many.lorenz.len() == 101);
    close(many.top_10_percent_bears, 0.1);
}

/// Copies everybody a hundred times, so that 1 % of the people are whole persons, and adds the largest up.
fn brute_force_top(contributions: &[f64], share: f64) -> f64 {
    let mut copies: Vec<f64> = contributions.iter().flat_map(|&x| std::iter::repeat_n(x, 100)).collect();
    copies.sort_by(|one, other| other.total_cmp(one));
    let holders = libm::round(share * copies.len() as f64) as usize;
    copies[..holders].iter().sum::<f64>() / copies.iter().sum::<f64>()
}

#[test]
fn top_shares_and_curves_equal_brute_force() {
    let mut numbers = Numbers(3);
    for people in [1, 2, 7, 37, 150] {
        for opposite in [0.0, 0.5] {
            let contributions: Vec<f64> = (0..people).map(|_| libm::exp(numbers.normal()) - opposite).collect();
            let total: f64 = contributions.iter().sum();
            for share in [0.01, 0.1, 0.5] {
                let Some(found) = lorenz::top(&contributions, share) else {
                    assert!(total <= 0.0);
                    continue;
                };
                assert!((found - brute_force_top(&contributions, share)).abs() < 1e-9, "{people} {share}");
            }
            for (place, [holders, part]) in lorenz::curve(&contributions).unwrap_or_default().into_iter().enumerate() {
                assert!((holders - place as f64 / f64::from(people)).abs() < 1e-12);
                assert!((1.0 - part - brute_force_top(&contributions, 1.0 - holders)).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn a_stronger_tilt_is_noticed_by_more_and_concentration_does_not_depend_on_its_size() {
    let mut numbers = Numbers(4);
    let people: Vec<(f64, Vec<u32>)> = (0..300)
        .map(|_| {
            let usual = 20.0 * libm::exp(numbers.normal());
            let met =
                (0..8).map(|_| libm::round((usual + libm::sqrt(usual) * numbers.normal()).max(0.0)) as u32).collect();
            (usual, met)
        })
        .collect();
    let drawn = |factor: f64| -> Drawn {
        let ghost = |usual: f64, met: u32| vec![[usual * factor, f64::from(met)]];
        people.iter().map(|(usual, met)| met.iter().map(|&met| ghost(*usual, met)).collect()).collect()
    };
    let of = |factor: f64| {
        let micro = micro_of(0, &[&drawn(1.0), &drawn(factor)]);
        users_effect(&micro, Ghosts { fork_day: 0, ..TWO_WEEKS }, &[7]).remove(0)
    };
    let effects: Vec<UsersEffect> = [0.99, 0.8, 0.5, 0.1].into_iter().map(of).collect();
    for pair in effects.windows(2) {
        assert!(pair[0].noticeable_share < pair[1].noticeable_share);
        assert!(pair[0].share_below_one_video > pair[1].share_below_one_video);
        assert!(pair[0].signal_to_noise_median > pair[1].signal_to_noise_median, "more and more negative");
        assert!((pair[0].top_10_percent_bears.unwrap() - pair[1].top_10_percent_bears.unwrap()).abs() < 1e-6);
    }
}

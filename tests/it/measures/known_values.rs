//! Measures of whole tallies against values worked out by hand, and their direction.

use feedtilt::measure::{Measure, cannibalisation, concentration, count, divergence, moved, reach, share};
use feedtilt::trace::{Counter, Tally};

use super::{Counts, close, shifts, shown, tally};

/// Baseline and arm as impressions by topic, topic 0 tilted.
fn of<const N: usize>(baseline: [u64; N], arm: [u64; N], measure: &Measure) -> Vec<feedtilt::measure::Shift> {
    shifts(&[tally(&[&shown(baseline), &shown(arm)])], &[0], measure)
}

#[test]
fn shares_of_impressions_and_of_watch_time_are_told_apart() {
    let (baseline, arm): ([Counts; 2], [Counts; 2]) = ([[200, 30], [800, 70]], [[100, 10], [900, 190]]);
    let tallies = [tally(&[&baseline, &arm])];
    let first = |measure: &Measure| shifts(&tallies, &[0], measure).remove(0);
    let (exposure, watch) = (first(&share::EXPOSURE), first(&share::WATCH));
    close(exposure.difference, -0.1);
    close(exposure.relative, -0.5);
    close(watch.reference, 0.3);
    close(watch.arm, 0.05);
    // Not a share of the baseline's total: 10 ÷ 100 would be .1.
    close(watch.difference, -0.25);
    close(first(&count::WATCH_MS).difference, -20.0);
    close(first(&count::IMPRESSIONS).difference, -100.0);
}

#[test]
fn each_count_reads_its_own_counter() {
    let mut only = Tally::new(0, 1, 2, 1, 9, 1, 0);
    let counters = [
        Counter::Impressions,
        Counter::WatchMs,
        Counter::ValidPlays,
        Counter::LongViews,
        Counter::Likes,
        Counter::Reached,
    ];
    for (number, counter) in counters.into_iter().enumerate() {
        only.exposure[[0, 1, 0, 3, 0, counter as usize]] = 10 + number as u64;
    }
    let measures =
        [count::IMPRESSIONS, count::WATCH_MS, count::VALID_PLAYS, count::LONG_VIEWS, count::LIKES, reach::REACHED];
    for (number, measure) in measures.iter().enumerate() {
        close(shifts(std::slice::from_ref(&only), &[0], measure)[0].arm, 10.0 + number as f64);
    }
}

#[test]
fn replicates_are_averaged_before_they_are_divided() {
    // Ratio of means 150/300 − 1; a mean of ratios would be (100/100 + 200/500)/2 − 1 = −.3.
    let tallies = [tally(&[&shown([100]), &shown([100])]), tally(&[&shown([500]), &shown([200])])];
    close(shifts(&tallies, &[0], &count::IMPRESSIONS)[0].relative, -0.5);
}

#[test]
fn taken_from_all_in_proportion_is_no_finding() {
    // 200 of 2,000 go from topic 0 to the others, which stand 3 to 5: 75 and 125. Totals may differ: ten times the arm.
    let arm = [200, 675, 1_125];
    for factor in [1, 10] {
        let departures = of([400, 600, 1_000], arm.map(|n| n * factor), &cannibalisation::BY_TOPIC);
        assert_eq!(departures[0].difference, None, "the tilted topic");
        for departure in &departures[1..] {
            assert!(departure.difference.unwrap().abs() < 1e-15, "{departure:?}");
        }
        assert!(of([400, 600, 1_000], arm, &cannibalisation::TOTAL)[0].difference.unwrap() < 1e-15);
    }
}

#[test]
fn what_departs_from_proportion_is_told_with_its_sign() {
    // Half each instead of 3 to 5: 25 of 2,000 too many for topic 1. The plain shift would be .05 for both.
    let departures = of([400, 600, 1_000], [200, 700, 1_100], &cannibalisation::BY_TOPIC);
    close(departures[1].difference, 0.0125);
    close(departures[2].difference, -0.0125);
    // Divided by the untilted total alone (800 or 900) it would be another figure.
    close(of([400, 600, 1_000], [200, 700, 1_100], &cannibalisation::TOTAL)[0].difference, 0.0125);
}

#[test]
fn two_tilted_topics_count_as_one() {
    // Topics 0 and 1 are both tilted; the others keep 1 to 3 between them.
    let tallies = [tally(&[&shown([100, 300, 150, 450]), &shown([300, 300, 100, 300])])];
    let departures = shifts(&tallies, &[0, 1], &cannibalisation::BY_TOPIC);
    assert_eq!((departures[0].difference, departures[1].difference), (None, None));
    assert!(departures[2..].iter().all(|departure| departure.difference.unwrap().abs() < 1e-15));
    // With topic 0 alone called tilted, topic 1 seems to gain.
    assert!(shifts(&tallies, &[0], &cannibalisation::BY_TOPIC)[1].difference.unwrap() > 0.05);
}

#[test]
fn where_every_topic_is_tilted_nothing_is_proportional() {
    let tallies = [tally(&[&shown([1, 2]), &shown([2, 1])])];
    for tilted in [&[][..], &[0, 1]] {
        for shift in shifts(&tallies, tilted, &cannibalisation::BY_TOPIC) {
            assert_eq!(shift.difference, None);
        }
        assert_eq!(shifts(&tallies, tilted, &cannibalisation::TOTAL)[0].difference, None);
    }
}

#[test]
fn moved_is_half_of_all_differences() {
    let (baseline, arm): ([Counts; 3], [Counts; 3]) = ([[10, 100], [20, 0], [30, 7]], [[4, 90], [22, 10], [34, 7]]);
    let tallies = [tally(&[&baseline, &arm])];
    // 6 down, 6 up. Gains alone would be the same here, so the feed grows by one in the second case: 6 down, 7 up.
    close(shifts(&tallies, &[0], &moved::IMPRESSIONS)[0].difference, 6.0);
    close(of([10, 20, 30], [4, 22, 35], &moved::IMPRESSIONS)[0].difference, 6.5);
    close(shifts(&tallies, &[0], &moved::WATCH_MS)[0].difference, 10.0);
}

#[test]
fn divergences_match_closed_forms_and_are_not_each_other() {
    let (tv, js) = (&divergence::TOTAL_VARIATION, &divergence::JENSEN_SHANNON);
    // Shares ½, ½ against ¼, ¾, from totals that differ.
    close(of([10, 10], [5, 15], tv)[0].difference, 0.25);
    close(of([10, 10], [50, 150], tv)[0].difference, 0.25);
    close(of([7, 0], [3, 3], js)[0].difference, 1.5 - 0.75 * libm::log2(3.0));
    close(of([7, 0], [0, 3], js)[0].difference, 1.0);
    assert_eq!(of([0, 0], [1, 1], js)[0].difference, None);
}

#[test]
fn concentration_matches_closed_forms() {
    let value = |measure| {
        let shift = of([1, 1, 1, 1], [4, 2, 1, 1], measure).remove(0);
        (shift.reference.unwrap(), shift.arm.unwrap())
    };
    assert_eq!(value(&concentration::GINI), (0.0, (-3.0 - 1.0 + 2.0 + 12.0) / 32.0));
    assert_eq!(value(&concentration::TOP), (0.1, 0.4 * 0.5));
    assert_eq!(value(&concentration::HERFINDAHL), (0.25, (16.0 + 4.0 + 1.0 + 1.0) / 64.0));
    assert_eq!(value(&concentration::ENTROPY), (2.0, 1.75));
}

#[test]
fn pushing_the_largest_topic_concentrates_the_mix() {
    for (arm, sign) in [([70, 20, 10], 1.0), ([40, 35, 25], -1.0)] {
        for measure in [concentration::GINI, concentration::TOP, concentration::HERFINDAHL] {
            let difference = of([60, 25, 15], arm, &measure)[0].difference.unwrap();
            assert!(difference * sign > 0.0, "{}: {difference}", measure.name());
        }
        assert!(of([60, 25, 15], arm, &concentration::ENTROPY)[0].difference.unwrap() * sign < 0.0);
    }
}

#[test]
fn a_larger_move_diverges_more() {
    for measure in [divergence::JENSEN_SHANNON, divergence::TOTAL_VARIATION, moved::IMPRESSIONS] {
        let far = |moved: u64| of([500, 500], [500 - moved, 500 + moved], &measure)[0].difference.unwrap();
        let steps: Vec<f64> = [0, 1, 10, 100, 500].into_iter().map(far).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]), "{}: {steps:?}", measure.name());
    }
    // Half the move is half the distance but a quarter of the divergence, nearly.
    let ratio = |measure: &Measure| {
        let far = |moved: u64| of([5_000, 5_000], [5_000 - moved, 5_000 + moved], measure)[0].difference.unwrap();
        far(100) / far(50)
    };
    assert!((ratio(&divergence::TOTAL_VARIATION) - 2.0).abs() < 1e-9);
    assert!((ratio(&divergence::JENSEN_SHANNON) - 4.0).abs() < 0.01);
}

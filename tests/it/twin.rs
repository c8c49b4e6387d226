//! The naive twin: a second, plain implementation of a world's course gives the same impressions, one by one, and the same
//! tally as the engine; with any of a list of faults planted in it, it does not.

mod extract;
mod plain;

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

use feedtilt::run::Replicate;
use feedtilt::scenario::{Override, parse};
use feedtilt::study::{Prepared, prerun};
use feedtilt::trace::{Impression, Source};

use extract::Recorded;
use plain::{Course, Fault, Path, Shown, Twin, World};

/// A small world in which most people soon run out of good posts: two regions, five topics, four classes of age.
const SMALL: &str = r#"
schema = 1
[population]
users = 60
activity_median = 40
[[population.region]]
id = "de"
share = 0.6
[[population.region]]
id = "at"
share = 0.4
[catalogue]
topics = "none"
impressions_per_post = 40
depth_days = 9
[[topic]]
id = "news"
share = { de = 0.3, at = 0.2 }
[[topic]]
id = "politics"
share = { de = 0.1, at = 0.15 }
[[topic]]
id = "music"
share = 0.25
[[topic]]
id = "sport"
share = 0.3
[[topic]]
id = "rest"
share = { de = 0.05, at = 0.1 }
[time]
burn_in_days = 1
days = 4
epochs_per_day = 3
[feed]
no_repeat_epochs = 2
freshness = [1.2, 1.1, 1.0, 0.9]
topic_repeat = 0.7
forgetting = 0.05
[feed.cold_start]
until = 60
hours = 36
[measure]
echo = false
track = ["sport"]
"#;

/// One arm whose tilt grows for a day, ends, misses posts and takes others for the topic; one with two tilts.
const ARMS: &str = r#"
[[arm]]
name = "push"
[[arm.tilt]]
kind = "score"
topic = "politics"
multiply = 1.3
from_day = 1
until_day = 3
ramp_days = 1.0
audience = { share = 0.5 }
classifier = { recall = 0.8, false_positive_rate = 0.1 }
[[arm]]
name = "hide"
[[arm.tilt]]
kind = "score"
topic = "news"
multiply = 0.8
audience = { regions = ["at"] }
classifier = { recall = 0.9 }
[[arm.tilt]]
kind = "score"
topic = "politics"
multiply = 1.1
from_day = 2
"#;

/// The preset's topics on a flat feed with another grid, short responses, watch time in the value and four kinds of flags.
const MANY: &str = r#"
schema = 1
[population]
users = 60
activity_median = 40
[catalogue]
impressions_per_post = 50
depth_days = 6
[time]
burn_in_days = 0
days = 3
epochs_per_day = 4
[feed]
response = 5
temperature = 0.3
no_repeat_epochs = 7
[feed.value]
watch_second = 0.005
[measure]
echo = false
[feed.tiers]
attention = 3
approval = 5
[[arm]]
name = "push"
[[arm.tilt]]
kind = "score"
topic = "news"
multiply = 1.5
from_day = 1
ramp_days = 1.5
audience = { share = 0.25 }
classifier = { recall = 0.7, false_positive_rate = 0.2 }
[[arm.tilt]]
kind = "score"
topic = "politics"
multiply = 0.5
audience = { share = 0.5 }
classifier = { recall = 0.0, false_positive_rate = 1.0 }
"#;

/// Every kind of tilt, alone and with others, for some and for all people, in a world where people leave and with echo arms.
const KINDS: &str = r#"
[[arm]]
name = "throttle"
[[arm.tilt]]
kind = "throttle"
topic = "sport"
keep = 0.3
ramp_days = 1.0
[[arm.tilt]]
kind = "throttle"
topic = "music"
keep = 0.6
classifier = { recall = 0.8, false_positive_rate = 0.1 }
audience = { share = 0.5 }
[[arm.tilt]]
kind = "heat"
topic = "sport"
share = 0.2
[[arm]]
name = "withhold"
[[arm.tilt]]
kind = "not_for_feed"
topic = "news"
share = 0.4
from_day = 1
[[arm.tilt]]
kind = "not_for_feed"
share = 0.2
audience = { share = 0.5 }
[[arm.tilt]]
kind = "heat"
topic = "politics"
share = 0.2
items = 0.3
classifier = { recall = 0.9 }
[[arm.tilt]]
kind = "heat"
share = 0.1
audience = { regions = ["de"] }
[[arm.tilt]]
kind = "score"
topic = "news"
multiply = 1.5
[[arm]]
name = "feeds"
[[arm.tilt]]
kind = "feed"
ranker = "random"
audience = { regions = ["at"] }
[[arm.tilt]]
kind = "feed"
ranker = "popularity"
audience = { regions = ["de"], share = 0.5 }
[[arm.tilt]]
kind = "not_for_feed"
topic = "news"
share = 0.4
[[arm.tilt]]
kind = "throttle"
topic = "sport"
keep = 0.5
[[arm]]
name = "more-feeds"
[[arm.tilt]]
kind = "feed"
ranker = "oracle"
audience = { regions = ["de"] }
until_day = 2
[[arm.tilt]]
kind = "feed"
ranker = "chronological"
audience = { regions = ["at"] }
[[arm.tilt]]
kind = "score"
topic = "music"
multiply = 2.0
[[arm.tilt]]
kind = "not_for_feed"
share = 0.2
"#;

/// Other value weights for all topics and for one, alone, with each other, with other kinds and for some people; jitter with and without
/// them.
const WEIGHTS: &str = r#"
[[arm]]
name = "heads"
[[arm.tilt]]
kind = "head"
value = { long_view = 0.3, comment = 5.0 }
from_day = 1
until_day = 2
audience = { share = 0.5 }
[[arm.tilt]]
kind = "head"
topic = "news"
value = { watch_second = 0.01, not_interested = -30.0 }
[[arm.tilt]]
kind = "score"
topic = "politics"
multiply = 1.2
[[arm]]
name = "one-topic"
[[arm.tilt]]
kind = "head"
topic = "music"
value = { valid_play = 0.2, like = 3.0 }
[[arm.tilt]]
kind = "throttle"
topic = "sport"
keep = 0.5
[[arm]]
name = "jitter"
[[arm.tilt]]
kind = "jitter"
sigma = 0.5
heads = ["long_view", "like", "share"]
[[arm]]
name = "mixed"
[[arm.tilt]]
kind = "jitter"
sigma = 0.3
heads = ["like", "long_view"]
audience = { regions = ["de"] }
[[arm.tilt]]
kind = "head"
topic = "sport"
value = { share = 5.0 }
[[arm.tilt]]
kind = "feed"
ranker = "popularity"
audience = { regions = ["de"], share = 0.5 }
[[arm.tilt]]
kind = "feed"
ranker = "random"
audience = { regions = ["at"], share = 0.5 }
"#;

/// The kinds that withhold, delay, cap, demote and favour new posts, with regions of origin.
const MORE_KINDS: &str = r#"
[[arm]]
name = "regions"
[[arm.tilt]]
kind = "geo_block"
topic = "news"
share = 0.5
regions = ["at"]
[[arm.tilt]]
kind = "geo_block"
topic = "music"
share = 0.5
own_region_only = true
from_day = 1
[[arm.tilt]]
kind = "score"
topic = "sport"
multiply = 1.4
origin = ["at"]
[[arm.tilt]]
kind = "heat"
share = 0.1
topic = "sport"
origin = ["de"]
[[arm]]
name = "slow"
[[arm.tilt]]
kind = "delay"
topic = "sport"
hours = 16
[[arm.tilt]]
kind = "delay"
topic = "music"
hours = 8
items = 0.5
audience = { regions = ["de"] }
[[arm.tilt]]
kind = "cold_start"
topic = "news"
multiply = 4.0
ramp_days = 1.0
[[arm.tilt]]
kind = "cold_start"
topic = "music"
multiply = 0.2
origin = ["de"]
[[arm.tilt]]
kind = "self_only"
topic = "politics"
share = 1.0
audience = { share = 0.5 }
[[arm]]
name = "capped"
[[arm.tilt]]
kind = "reach_cap"
impressions = 25
[[arm.tilt]]
kind = "reach_cap"
impressions = 9
topic = "sport"
until_day = 2
[[arm.tilt]]
kind = "demote_creators"
topic = "music"
share = 0.5
multiply = 0.5
[[arm.tilt]]
kind = "throttle"
topic = "news"
keep = 0.7
"#;

/// A scenario with its pre-run and the engine's run.
struct Case {
    prepared: Prepared,
    recorded: Recorded,
}

impl Case {
    fn new(text: &str, edits: &[&str], replicate: u32, users: Range<u32>, stocked: bool) -> Self {
        let prepared = prepared(text, edits);
        let recorded = extract::record(&prepared, replicate, users, stocked);
        Self { prepared, recorded }
    }

    fn twin(&self, fault: Option<Fault>) -> Course {
        Twin::new(&self.prepared.setup.scenario, self.recorded.world.clone(), fault).run()
    }

    /// The twin agrees, and took these paths on its way.
    fn agrees(&self, paths: &[Path]) {
        let course = self.twin(None);
        if let Err(difference) = compare(&self.recorded, &course) {
            panic!("{difference}");
        }
        for path in paths {
            assert!(course.paths.get(path).is_some_and(|&count| count > 0), "{path:?} was not met: {:?}", course.paths);
        }
    }
}

fn prepared(text: &str, edits: &[&str]) -> Prepared {
    let edits: Vec<Override> = edits.iter().map(|edit| edit.parse().expect("the test writes KEY=VALUE")).collect();
    let scenario = parse("twin", text, &edits).unwrap_or_else(|error| panic!("{error}"));
    // Appeals of 0 are as good as solved ones here, and the solver's 60 days can be left out.
    let appeal = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    prerun::prepare(&scenario.with_solved(appeal))
}

/// The case of most tests: everything is on.
fn everything() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| Case::new(&format!("{SMALL}{ARMS}"), &[], 0, 0..60, true))
}

/// Nothing is live in the arms, and nothing is known at first.
fn no_loop() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    let edits = ["loops.profile=false", "loops.popularity=false", "feed.cold_start.until=5"];
    CASE.get_or_init(|| Case::new(&format!("{SMALL}{ARMS}"), &edits, 0, 0..60, false))
}

/// Every kind of tilt.
fn kinds() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| {
        let mut edits = FEW.to_vec();
        edits.extend(["measure.echo=true", "loops.stay=true", "stay.hazard=0.15", "stay.strength=1.5"]);
        Case::new(&format!("{SMALL}{KINDS}"), &edits, 0, 0..40, true)
    })
}

/// Other value weights.
fn weights() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| Case::new(&format!("{SMALL}{WEIGHTS}"), &FEW, 0, 0..40, true))
}

/// The other kinds.
fn more_kinds() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| Case::new(&format!("{SMALL}{MORE_KINDS}"), &FEW, 0, 0..40, true))
}

/// Arms that tell where a shift comes from, with three loops on: none of them, each alone, all but each.
fn parts() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| {
        let mut edits = FEW.to_vec();
        edits.extend(["measure.attribution=true", "loops.stay=true", "stay.hazard=0.15", "stay.strength=1.5"]);
        edits.push("measure.echo=true");
        Case::new(&format!("{SMALL}{ARMS}"), &edits, 1, 0..40, true)
    })
}

/// Interests that move a lot, over two weeks with arms that leave in the middle of the first.
fn drifting() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| {
        let edits = [
            "population.users=25",
            "time.burn_in_days=0",
            "time.days=9",
            "loops.interest=true",
            "interest.strength=40",
            "measure.attribution=true",
            "measure.echo=true",
            "arm.push.tilt.0.until_day=9",
            "arm.hide.tilt.0.multiply=0.3",
        ];
        Case::new(&format!("{SMALL}{ARMS}"), &edits, 0, 0..25, true)
    })
}

/// Creators who react strongly, in arms that leave after they have begun to.
fn reacting() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| {
        let edits = [
            "population.users=25",
            "time.burn_in_days=8",
            "time.days=5",
            "loops.supply=true",
            "supply.strength=0.6",
            "supply.bound=2.5",
            "measure.attribution=true",
            "measure.echo=true",
            "arm.hide.tilt.0.multiply=0.3",
        ];
        Case::new(&format!("{SMALL}{ARMS}"), &edits, 0, 0..25, true)
    })
}

/// Fewer people and days.
const FEW: [&str; 3] = ["population.users=40", "time.burn_in_days=0", "time.days=3"];

fn shown(impression: &Impression) -> Shown {
    let &Impression { arm, epoch, user, request, slot, item, watch_ms, signals, source } = impression;
    let source = match source {
        Source::Ordinary => plain::Source::Ordinary,
        Source::ColdStart => plain::Source::ColdStart,
        Source::Heat => plain::Source::Heat,
    };
    Shown { arm, epoch, user, request, slot, item, watch_ms, signals, source }
}

/// The first thing that differs.
fn compare(engine: &Recorded, twin: &Course) -> Result<(), String> {
    for (number, (impression, twin)) in engine.log.iter().zip(&twin.shown).enumerate() {
        let engine = shown(impression);
        if engine != *twin {
            return Err(format!(
                "impression {number} is the first that differs:\n engine {engine:?}\n twin   {twin:?}"
            ));
        }
    }
    let tally = &engine.tally;
    same("number of impressions", &engine.log.len(), &twin.shown.len())?;
    let exposure = tally.exposure.indexed_iter().map(|((a, b, c, d, e, f), &count)| ([a, b, c, d, e, f], count));
    same("exposure", &nonzero(exposure), &nonzero(twin.exposure.clone()))?;
    let slots = tally.slots.indexed_iter().map(|((a, b, c, d, e), &count)| ([a, b, c, d, e], count));
    same("slots", &nonzero(slots), &nonzero(twin.slots.clone()))?;
    same("item impressions", &tally.item_impressions, &twin.item_impressions)?;
    same("ages", &tally.age_epochs, &twin.age_epochs)?;
    same("Gini", &tally.gini, &twin.gini)?;
    same("expected", &tally.expected, &twin.expected)?;
    same("asked", &tally.asked, &twin.asked)?;
    same("acceptance", &tally.acceptance, &twin.acceptance)?;
    let capped = tally.capped.iter().map(|c| [c.posts, c.beyond, c.most_beyond]).collect::<Vec<_>>();
    if capped.is_empty() { Ok(()) } else { same("capped", &capped, &twin.capped) }
}

fn nonzero<K: Ord>(counts: impl IntoIterator<Item = (K, u64)>) -> BTreeMap<K, u64> {
    counts.into_iter().filter(|&(_, count)| count > 0).collect()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, engine: &T, twin: &T) -> Result<(), String> {
    if engine == twin { Ok(()) } else { Err(format!("{what}:\n engine {engine:?}\n twin   {twin:?}")) }
}

#[test]
fn agrees_with_everything_on() {
    let ages = (0..4).map(Path::Age);
    let rest = [
        Path::Expired,
        Path::LeftPoolTooOld,
        Path::ChangedTier,
        Path::OutOfAudience,
        Path::Ramp,
        Path::AfterTheTilt,
        Path::Missed,
        Path::FalsePositive,
        Path::ColdSlot,
        Path::SlowPool,
        Path::SlowWhole,
        Path::Forgotten,
    ];
    everything().agrees(&ages.chain(rest).collect::<Vec<_>>());
}

#[test]
fn agrees_where_both_loops_are_replayed_and_nothing_is_known_at_first() {
    no_loop().agrees(&[Path::Replayed, Path::LeftPoolSeenEnough, Path::ChangedTier, Path::SlowWhole]);
}

#[test]
fn agrees_where_profiles_learn_by_shares_and_popularity_is_replayed() {
    let edits = [
        "feed.profile_rule=share",
        "feed.learning_rate=0.3",
        "feed.no_repeat_epochs=5",
        "feed.cold_start.share=0",
        "loops.popularity=false",
    ];
    let case = Case::new(&format!("{SMALL}{ARMS}"), &edits, 1, 20..60, true);
    case.agrees(&[Path::ClippedStep, Path::Forgotten, Path::Missed]);
    assert!(case.recorded.log.iter().all(|impression| impression.source != Source::ColdStart));
}

#[test]
fn agrees_where_approval_follows_attention() {
    let edits = ["respond.latents=1", "catalogue.approval_sd=1.1", "loops.popularity=false"];
    Case::new(&format!("{SMALL}{ARMS}"), &edits, 0, 0..40, true).agrees(&[Path::Forgotten]);
}

#[test]
fn agrees_where_no_topic_returns_and_little_is_left() {
    let edits = [
        "feed.topic_repeat=0",
        "feed.freshness=[1, 1, 1, 1]",
        "catalogue.depth_days=2",
        "catalogue.impressions_per_post=80",
        "loops.profile=false",
        "replicates.redraw=behaviour",
        "shocks.burst_probability=0.3",
    ];
    let case = Case::new(&format!("{SMALL}{ARMS}"), &edits, 2, 0..60, false);
    case.agrees(&[Path::Replayed, Path::SlowPool, Path::SlowWhole, Path::Unserved, Path::Expired]);
}

#[test]
fn agrees_with_many_topics_two_classifiers_and_a_tilt_on_all_posts() {
    Case::new(MANY, &[], 0, 0..60, true).agrees(&[
        Path::Missed,
        Path::FalsePositive,
        Path::ChangedTier,
        Path::Unserved,
    ]);
}

#[test]
fn agrees_with_every_kind_of_tilt_where_people_leave_and_with_echo_arms() {
    kinds().agrees(&[
        Path::Heated,
        Path::FellBack,
        Path::KeptBack,
        Path::NotYetThere,
        Path::Oracle,
        Path::Left,
        Path::Echoed,
        Path::ColdSlot,
        Path::SlowPool,
        Path::SlowWhole,
        Path::Ramp,
        Path::AfterTheTilt,
        Path::OutOfAudience,
        Path::Missed,
        Path::FalsePositive,
    ]);
}

#[test]
fn agrees_with_every_kind_of_tilt_where_both_loops_are_replayed() {
    let mut edits = FEW.to_vec();
    edits.extend(["loops.profile=false", "loops.popularity=false", "loops.stay=true", "stay.hazard=0.1"]);
    edits.extend(["measure.echo=true", "feed.freshness=[1, 1, 1, 1]", "feed.topic_repeat=0"]);
    let case = Case::new(&format!("{SMALL}{KINDS}"), &edits, 1, 3..40, false);
    case.agrees(&[Path::Replayed, Path::Left, Path::Heated, Path::KeptBack, Path::Oracle, Path::Unserved]);
}

#[test]
fn agrees_with_other_value_weights() {
    weights().agrees(&[
        Path::OtherWeights,
        Path::WeightsByTopic,
        Path::OutOfAudience,
        Path::AfterTheTilt,
        Path::KeptBack,
        Path::SlowWhole,
    ]);
}

#[test]
fn agrees_with_other_value_weights_where_ages_do_not_differ_and_both_loops_are_replayed() {
    let mut edits = FEW.to_vec();
    edits.extend([
        "loops.profile=false",
        "loops.popularity=false",
        "feed.freshness=[1, 1, 1, 1]",
        "feed.topic_repeat=0",
    ]);
    let case = Case::new(&format!("{SMALL}{WEIGHTS}"), &edits, 1, 3..40, false);
    case.agrees(&[Path::OtherWeights, Path::WeightsByTopic, Path::Replayed, Path::Unserved]);
}

#[test]
fn agrees_with_kinds_that_withhold_delay_cap_demote_and_favour() {
    more_kinds().agrees(&[Path::Capped, Path::Thinned, Path::KeptBack, Path::ColdSlot, Path::Heated, Path::SlowWhole]);
}

#[test]
fn agrees_with_these_kinds_where_both_loops_are_replayed() {
    let mut edits = FEW.to_vec();
    edits.extend(["loops.profile=false", "loops.popularity=false", "feed.freshness=[1, 1, 1, 1]"]);
    let case = Case::new(&format!("{SMALL}{MORE_KINDS}"), &edits, 1, 3..40, false);
    case.agrees(&[Path::Replayed, Path::Capped, Path::Thinned]);
}

#[test]
fn agrees_in_arms_that_tell_where_a_shift_comes_from() {
    assert_eq!(parts().recorded.tally.acceptance.len(), 1 + 2 + 2 + 2 * 7);
    parts().agrees(&[Path::Replayed, Path::LeftAsBefore, Path::Left, Path::Echoed, Path::Missed]);
}

#[test]
fn agrees_where_interests_move() {
    drifting().agrees(&[Path::Drifted, Path::Replayed, Path::Echoed, Path::OutOfAudience]);
}

#[test]
fn agrees_where_creators_react() {
    let case = reacting();
    case.agrees(&[Path::Reacted, Path::Replayed, Path::Echoed, Path::OutOfAudience]);
    let spare = case.recorded.log.iter().filter(|shown| feedtilt::id::ItemId(shown.item).is_spare()).count();
    assert!(spare > 100, "{spare} views of posts beyond the usual rates");
}

/// One test for each fault: a twin that has it must disagree with the engine.
macro_rules! faults {
    ($($name:ident: $fault:ident in $case:ident)+) => {
        $(#[test]
        fn $name() {
            let found = compare(&$case().recorded, &$case().twin(Some(Fault::$fault)));
            found.expect_err("the planted fault is found");
        })+
    };
}

faults! {
    finds_a_re_rank_factor_that_is_a_tenth_too_small: WeakRepeat in everything
    finds_a_slow_path_without_the_re_rank_factor: SlowWithoutRepeat in everything
    finds_a_missing_creator_rule: NoCreatorRule in everything
    finds_a_set_of_seen_posts_that_lasts_one_request: SeenPerRequest in everything
    finds_a_dropped_increment_of_one_counter: LostIncrement in everything
    finds_rounding_to_nearest_in_learning: RoundedSteps in everything
    finds_members_moved_in_another_order: ShiftedMembers in everything
    finds_posts_that_stay_an_epoch_too_long: LateExpiry in everything
    finds_a_tilt_that_ends_a_day_late: LateEnd in everything
    finds_a_fork_without_the_learned_profiles: ForkWithoutLearning in everything
    finds_reactions_that_change_within_a_day: NoiseByEpoch in everything
    finds_a_replay_that_stands_still_within_an_epoch: FrozenReplay in no_loop
    finds_a_throttle_that_forgets_the_pool: ThrottleForgetsPool in kinds
    finds_a_throttle_that_is_drawn_each_day: ThrottleByDay in kinds
    finds_withheld_posts_in_reserved_slots: WithheldInPool in kinds
    finds_heat_after_cold_start: HeatAfterColdStart in kinds
    finds_a_random_feed_with_the_re_rank_factor: RandomWithRepeat in kinds
    finds_a_feed_by_popularity_that_reads_profiles: PopularityByProfile in kinds
    finds_readers_who_always_begin_with_the_newest_post: NewestFromTheTop in kinds
    finds_an_oracle_that_goes_by_counters: OracleByCounters in kinds
    finds_people_who_leave_whatever_they_saw: LeavesByChance in kinds
    finds_people_who_come_back_at_once: ComesBack in kinds
    finds_a_weight_of_one_topic_that_acts_on_all: HeadForAllTopics in weights
    finds_a_weight_that_puts_the_others_out: HeadForgetsTheRest in weights
    finds_jitter_in_one_direction: JitterOneWay in weights
    finds_one_sign_for_all_weights_of_a_person: OneSignForAll in weights
    finds_signs_that_are_drawn_each_epoch: SignsByEpoch in weights
    finds_people_who_leave_anew_where_that_is_replayed: LeavesAnew in parts
    finds_a_replay_that_stands_still_in_arms_of_attribution: FrozenReplay in parts
    finds_interests_that_move_with_all_that_is_shown: DriftWithoutReference in drifting
    finds_steps_of_interests_rounded_to_the_nearest: RoundedDrift in drifting
    finds_creators_who_react_before_a_week_is_over: ReactsAtOnce in reacting
    finds_echo_arms_that_learn_with_the_draws_of_the_baseline: EchoOfLearning in kinds
    finds_posts_that_are_blocked_where_they_come_from: BlockedAtTheSource in more_kinds
    finds_posts_that_wait_an_epoch_too_long: DelayedTooLong in more_kinds
    finds_posts_that_are_demoted_without_their_creators: DemotesPosts in more_kinds
    finds_new_posts_that_all_weigh_the_same: NewcomersAlike in more_kinds
    finds_caps_that_thin_by_the_word_of_a_throttle: ThinnedByThrottle in more_kinds
    finds_caps_that_forget_whom_they_have_kept_out: SoughtAsShown in more_kinds
    finds_caps_that_let_one_more_impression_pass: CapPassed in more_kinds
}

#[test]
fn names_the_first_impression_that_differs() {
    let found = compare(&everything().recorded, &everything().twin(Some(Fault::NoCreatorRule)));
    let message = found.expect_err("the planted fault is found");
    assert!(message.contains("is the first that differs:\n engine Shown { arm: 0, epoch: -3, user: "), "{message}");
}

/// Masses are rounded once per cell and once per factor; neither moves a topic's share by 10⁻⁶, whether profiles are real
/// ones, far apart, or all the same from ℓ = −2 up.
#[test]
fn the_shares_of_the_tables_are_those_of_the_formulas_in_f64() {
    for level in [64, 128, 192, 255] {
        let worst = worst_share(|person| [level, level, level, level, level.wrapping_mul(person as u8)]);
        assert!(worst < 1e-6, "level {level}: {worst}");
    }
    let worst = worst_share(|person| [0, 255, 128, person as u8, 255 - person as u8]);
    assert!(worst < 1e-6, "{worst}");
    let worst = worst_share(|person| real_levels(person).try_into().expect("there are five topics"));
    assert!(worst < 1e-6, "{worst}");
}

/// The same where value weights differ between people and topics.
#[test]
fn the_shares_by_other_value_weights_are_those_of_the_formulas_in_f64() {
    let prepared = &weights().prepared;
    let mut replicate = extract::replicate(prepared, 0, 0..40, true);
    let mut world = extract::world(prepared, &replicate);
    while replicate.next_epoch() < 4 {
        extract::step(&mut replicate, &mut world);
    }
    let state = (replicate, world);
    for level in [64_u8, 128, 192, 255] {
        let levels = |person: usize| [level, level, level, level, level.wrapping_mul(person as u8)];
        let worst = worst_share_of(prepared, &state, 1..4, levels);
        assert!(worst < 1e-6, "level {level}: {worst}");
    }
}

/// The one place where rounding shows: to whom nothing at all is believed to appeal. The sharper the ranking, the more bits the keenest
/// take; at ℓ = −3 in every topic shares are right to 5·10⁻⁶, at −4 to 5·10⁻⁵.
#[test]
fn the_shares_of_a_profile_at_the_very_bottom_agree_less_well() {
    for (level, most) in [(32, 5e-6), (0, 5e-5)] {
        let worst = worst_share(|_| [level; 5]);
        assert!(worst < most, "level {level}: {worst}");
    }
}

/// A world of the engine and the twin in the middle of a ramp.
fn midway() -> &'static (Replicate, World) {
    static MIDWAY: OnceLock<(Replicate, World)> = OnceLock::new();
    MIDWAY.get_or_init(|| {
        let prepared = &everything().prepared;
        let mut replicate = extract::replicate(prepared, 0, 0..60, true);
        let mut world = extract::world(prepared, &replicate);
        while replicate.next_epoch() < 4 {
            extract::step(&mut replicate, &mut world);
        }
        (replicate, world)
    })
}

fn real_levels(person: usize) -> Vec<u8> {
    let profiles = midway().0.arm(0).and_then(|arm| arm.profile.as_ref()).expect("the baseline has profiles");
    profiles[person * 5..(person + 1) * 5].to_vec()
}

/// The largest difference between a topic's share in the engine's tables and in f64, over arms, some people and stripes.
fn worst_share(levels: impl Fn(usize) -> [u8; 5]) -> f64 {
    worst_share_of(&everything().prepared, midway(), 0..3, levels)
}

fn worst_share_of(
    prepared: &Prepared,
    (replicate, world): &(Replicate, World),
    arms: Range<usize>,
    levels: impl Fn(usize) -> [u8; 5],
) -> f64 {
    let mut twin = Twin::new(&prepared.setup.scenario, world.clone(), None);
    world.births.iter().for_each(|_| twin.step());
    twin.refresh();
    let mut worst: f64 = 0.0;
    for arm in arms {
        let tables = extract::tables(replicate, arm);
        for (person, &class) in replicate.people().class.iter().enumerate().step_by(5) {
            let levels = levels(person);
            for (stripe, table) in tables.stripes.iter().enumerate() {
                let mass = |topic: usize| table.masses(class.into())[topic * 256 + usize::from(levels[topic])] as f64;
                let engine = shares(&(0..5).map(mass).collect::<Vec<f64>>());
                let plain = shares(&twin.weights(arm, person, stripe, &levels));
                worst = engine.iter().zip(&plain).fold(worst, |worst, (a, b)| worst.max((a - b).abs()));
            }
        }
    }
    worst
}

fn shares(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// The twin may share draws, names, the scenario, the grid and the definition of V⁺ with the engine, and nothing else.
#[test]
fn the_twin_imports_nothing_that_it_checks() {
    let allowed = ["rng::", "id::", "scenario::", "feed::Grid;", "feed::score::{Believed, Heads, value};"];
    let mut files = vec![PathBuf::from("tests/it/twin/plain.rs")];
    let folder = fs::read_dir("tests/it/twin/plain").expect("the folder is there");
    files.extend(folder.map(|entry| entry.expect("the folder can be read").path()));
    assert!(files.len() > 5);
    for file in files {
        let text = fs::read_to_string(&file).expect("the file can be read");
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let from_engine = line.contains("feedtilt");
            let is_allowed = allowed.iter().any(|path| line.starts_with(&format!("use feedtilt::{path}")));
            assert!(!from_engine || is_allowed, "{}: {line}", file.display());
            assert!(!line.contains("extract") && !line.contains("crate::"), "{}: {line}", file.display());
        }
    }
}

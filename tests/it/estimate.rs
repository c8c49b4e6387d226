//! What a run will take, told beforehand, against counts made by hand.

use crate::common::small;
use feedtilt::scenario::Scenario;
use feedtilt::study::estimate::{Estimate, Memory, Work, echoes, fork_days, largest_population};

const THREADS: usize = 2;

fn memory(scenario: &Scenario) -> Memory {
    Estimate::new(scenario, THREADS).memory
}

/// 240 people of 60 videos a day in the median; one arm from day 0, another from day 1; burn-in of a day, two days, twice.
fn two_forks(edits: &[&str]) -> Scenario {
    let second = "arm=[{name='a', tilt=[{kind='score', topic='protest', multiply=0.9}]}, \
                  {name='b', tilt=[{kind='score', topic='protest', multiply=0.9, from_day=1}]}]";
    small(&[&[second, "replicates.count=2"], edits].concat())
}

/// Mean videos of a person on a day: the median × e^(σ²/2).
fn person_day() -> f64 {
    60.0 * libm::exp(0.5 * 0.85 * 0.85)
}

#[test]
fn impressions_are_counted_by_arm_and_day() {
    let work = Work::new(&two_forks(&[]));
    let people_days = 240.0 * person_day();
    // The baseline 3 days, arm a 2, arm b 1; two replicates.
    assert!((work.arms - 2.0 * 6.0 * people_days).abs() < 1e-6);
    // One echo arm from day 0, one from day 1.
    assert!((work.echo - 2.0 * 3.0 * people_days).abs() < 1e-6);
    // All 480 people of both replicates with 16 ghosts: in the arms 2 + 1 days, beside them the baseline as long.
    assert!((work.ghosts - 480.0 * 16.0 * 6.0 * person_day()).abs() < 1e-6);
    assert_eq!(work.accounts, 0.0);
    assert!((work.run() - work.arms - work.echo - work.ghosts).abs() < 1e-6);
}

#[test]
fn what_is_off_takes_nothing() {
    let off = two_forks(&["measure.echo=false", "measure.micro_users=0"]);
    let (work, memory) = (Work::new(&off), memory(&off));
    assert_eq!((work.echo, work.ghosts, work.accounts), (0.0, 0.0, 0.0));
    assert_eq!((memory.echo, memory.micro, memory.accounts, memory.candidates), (0, 0, 0, 0));
    let ranker = small(&["arm=[{name='a', tilt=[{kind='feed', ranker='random'}]}]"]);
    assert_eq!((memory_of_micro(&ranker), Work::new(&ranker).ghosts), (0, 0.0), "nobody is followed without a topic");
    assert!(memory_of_micro(&small(&[])) > 0);
    let alone = small(&["arm=[]"]);
    assert_eq!((echoes(&alone), fork_days(&alone)), (0, Vec::new()));
    assert_eq!((memory_of_micro(&alone), Work::new(&alone).ghosts), (0, 0.0), "nobody is followed without an arm");
}

fn memory_of_micro(scenario: &Scenario) -> u64 {
    memory(scenario).micro
}

#[test]
fn ghosts_and_accounts_take_their_profiles() {
    // Two arms and two baselines; 100 people, 8 ghosts, 23 topics; no whole week, so no courses.
    let scenario = two_forks(&["measure.micro_users=100", "measure.ghosts=8"]);
    assert_eq!(memory_of_micro(&scenario), 4 * 50 * 8 * (23 + 16));
    // With two whole weeks and one tracked topic there are courses of 12 bytes a week, those of both replicates at the end.
    let weeks = two_forks(&["measure.micro_users=100", "measure.ghosts=8", "time.days=15"]);
    assert_eq!(memory_of_micro(&weeks), 4 * 8 * (50 * (23 + 16 + 2 * 12) + 100 * 2 * 12));
    // 10 + 20 accounts in the baseline and two arms, and 2,140 records of 64 bytes, 240 in the table, in each of two replicates.
    let accounts = "account=[{name='p', count=10, sessions=4, sessions_per_day=2, videos_per_session=50}, \
                    {name='q', count=20, from_day=1, sessions=1, videos_per_session=7}]";
    let scenario = two_forks(&[accounts]);
    assert_eq!(memory(&scenario).accounts, (30 * (23 + 16) + 2 * 2_140 * (64 + 240)) * 3);
    // 4 sessions of p in the baseline and arm a, 2 on day 1 in arm b; one of q in all three; twice. Echo arms have none.
    let videos = 10 * 50 * (2 * 4 + 2) + 20 * 7 * 3;
    assert_eq!(Work::new(&scenario).accounts, f64::from(2 * videos));
}

#[test]
fn an_arm_an_echo_and_a_person_more_take_what_is_told_of_them() {
    let scenario = two_forks(&[]);
    let (estimate, without) = (Estimate::new(&scenario, THREADS), memory(&two_forks(&["measure.echo=false"])));
    let with = estimate.memory;
    assert_eq!(with.echo * 3, with.arms * 2, "two echo arms beside a baseline and two arms");
    assert_eq!((with.world, with.arms, with.micro), (without.world, without.arms, without.micro));
    assert!(with.program > without.program, "echo arms have tallies");
    let larger = memory(&two_forks(&["population.users=20240", "population.represents=20240"]));
    let each = estimate.person_shared_bytes + 5 * estimate.person_arm_bytes;
    let posts = |memory: Memory| memory.world + memory.arms + memory.echo;
    assert!(posts(larger) - posts(with) > 20_000 * each, "people, and their posts and creators");
    assert!(memory(&two_forks(&["feed.engine=candidates"])).candidates > 0);
}

#[test]
fn candidates_take_time() {
    let cells = Estimate::new(&two_forks(&[]), THREADS);
    let candidates = |count: u32| {
        let count = format!("feed.candidates={count}");
        Estimate::new(&two_forks(&["feed.engine=candidates", &count]), THREADS).seconds
    };
    assert!(cells.seconds < candidates(1) && candidates(1) < candidates(200));
    assert!((candidates(301) - candidates(201) - (candidates(201) - candidates(101))).abs() < 1e-9, "in proportion");
    assert!((cells.seconds - 2.0 * Estimate::new(&two_forks(&[]), 2 * THREADS).seconds).abs() < 1e-9);
}

#[test]
fn the_largest_population_fits_and_one_more_does_not() {
    let scenario = two_forks(&["population.users=1_000_000", "population.represents=1_000_000"]);
    let of = |users: u32| memory(&two_forks(&[&format!("population.users={users}")])).total();
    let bytes = of(12_345);
    assert_eq!(largest_population(&scenario, THREADS, bytes), Some(12_345));
    assert!(of(12_345) <= bytes && of(12_346) > bytes);
    assert_eq!(largest_population(&scenario, THREADS, u64::MAX), Some(1_000_000), "no more than was asked for");
    assert_eq!(largest_population(&scenario, THREADS, 1_000), None);
}

#[test]
fn fewer_than_seven_tilted_days_are_warned_of_beforehand() {
    let warned = |edits: &[&str]| -> Vec<String> {
        let warnings = Estimate::new(&two_forks(edits), THREADS).warnings;
        let all = warnings.iter().map(ToString::to_string);
        all.filter(|warning| warning.contains("fewer than 7 days")).collect()
    };
    let said = |arms: &str| {
        format!(
            "tilted for fewer than 7 days: {arms}; what single people would have met in a week is not measured there"
        )
    };
    // Arm a is tilted from day 0, arm b from day 1.
    assert_eq!(warned(&["time.days=8"]), [] as [String; 0]);
    assert_eq!(warned(&["time.days=7"]), [said("b")]);
    assert_eq!(warned(&["time.days=6"]), [said("a, b")]);
    assert_eq!(warned(&["time.days=6", "measure.micro_users=0"]), [] as [String; 0]);
}

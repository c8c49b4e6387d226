//! Scripted accounts: one strong interest against none, and a weak interest against none.

use super::Figures;
use crate::scenario::{Account, Scenario};
use crate::stats::agreement::Concentration;
use crate::stats::divergence::total_variation;
use crate::stats::interval::average;
use crate::trace::{Public, Shown};

/// Accounts of each kind.
const STRONG: u32 = 60;
const WEAK: u32 = 38;
/// Largest share of the topic that a strong interest is in.
const LARGEST: f64 = 0.05;
/// Videos of an account with one interest, and of its sessions.
const VIDEOS: u32 = 400;
const SESSION: u32 = 200;
/// Videos of a session of an account with a weak interest, and its sessions: some 800 in all.
const WEAK_SESSION: u32 = 260;
const WEAK_SESSIONS: u32 = 3;
/// Part of their feeds that people on TikTok watch to the end (C3; C23 is of TikTok).
const USUAL: f64 = 0.45;
/// Videos in which a share is looked at.
const WINDOW: u32 = 25;
/// Part of the last share at which growth counts as over.
const SETTLED: f64 = 0.9;

/// The largest topic of no more than [`LARGEST`], else the smallest.
fn topic(scenario: &Scenario) -> usize {
    let share = |k: &usize| scenario.topics[*k].share[0];
    let all = 0..scenario.topic_count();
    let small = all.clone().filter(|k| share(k) <= LARGEST).max_by(|a, b| share(a).total_cmp(&share(b)));
    small.or_else(|| all.min_by(|a, b| share(a).total_cmp(&share(b)))).expect("a scenario has topics")
}

/// The accounts, in the order in which [`report`] expects them. One strong interest: 90 % against 2 % of valid plays. A weak one:
/// twice as often as everything else, which is played as often as people watch their feeds to the end: an account that plays everything more rarely
/// than people do tells the platform that it likes large topics least.
pub(super) fn accounts(scenario: &Scenario) -> Vec<Account> {
    let topic = topic(scenario);
    let account =
        |name: &str, count, liked, engages, otherwise, sessions, videos_per_session, sessions_per_day| Account {
            name: name.to_owned(),
            count,
            region: 0,
            topic: liked,
            engages,
            otherwise,
            from_day: 0,
            sessions,
            sessions_per_day,
            videos_per_session,
            conditioning: sessions * videos_per_session,
        };
    let sessions = VIDEOS / SESSION;
    let a_day = sessions.min(scenario.time.epochs_per_day);
    vec![
        account("one-interest", STRONG, Some(topic), 0.9, 0.02, sessions, SESSION, a_day),
        account("no-interest", STRONG, None, 0.02, 0.02, sessions, SESSION, a_day),
        account("weak-interest", WEAK, Some(topic), 2.0 * USUAL, USUAL, WEAK_SESSIONS, WEAK_SESSION, 1),
        account("weak-control", WEAK, None, USUAL, USUAL, WEAK_SESSIONS, WEAK_SESSION, 1),
    ]
}

/// What the accounts of the baseline were shown.
pub(super) fn report(scenario: &Scenario, public: &Public, figures: &mut Figures) {
    let shown = &public.arms[0];
    let of = |account: u32| -> Vec<&Shown> { shown.iter().filter(|one| one.account == account).collect() };
    strong(&of(0), &of(1), topic(scenario), figures);
    weak(&of(2), &of(3), scenario.topic_count(), figures);
}

/// Number of the video in the account's life, from 0.
fn number(shown: &Shown, session: u32) -> u32 {
    shown.session * session + shown.position
}

fn strong(scripted: &[&Shown], control: &[&Shown], topic: usize, figures: &mut Figures) {
    let share = |shown: &[&Shown], from: u32, until: u32| {
        let within: Vec<&&Shown> = shown.iter().filter(|one| (from..until).contains(&number(one, SESSION))).collect();
        let hits = within.iter().filter(|one| usize::from(one.topic) == topic).count();
        super::share(hits as f64, within.len() as f64)
    };
    let last = share(scripted, VIDEOS - 4 * WINDOW, VIDEOS);
    let usual = share(control, 0, VIDEOS);
    figures.insert(
        "one interest, share over control",
        last.zip(usual).and_then(|(last, usual)| super::share(last, usual)),
    );
    let windows = (0..VIDEOS / WINDOW).map(|window| window * WINDOW);
    let settled = last.and_then(|last| {
        let mut after =
            windows.filter(|&from| share(scripted, from, from + WINDOW).is_some_and(|s| s >= SETTLED * last));
        after.next()
    });
    figures.insert("one interest, videos until settled", settled.map(f64::from));
}

fn weak(scripted: &[&Shown], control: &[&Shown], topics: usize, figures: &mut Figures) {
    let holders = |shown: &[&Shown], key: &dyn Fn(&Shown) -> u32| -> Vec<Vec<u32>> {
        let mut all: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
        for one in shown {
            all.entry(key(one)).or_insert_with(|| vec![0; topics])[usize::from(one.topic)] += 1;
        }
        all.into_values().collect()
    };
    let session = |one: &Shown| one.number * WEAK_SESSIONS + one.session;
    let concentration = |shown: &[&Shown]| Concentration::of(&holders(shown, &session), 2)?.dirichlet();
    figures.insert("session concentration, control", concentration(control));
    figures.insert("session concentration, scripted", concentration(scripted));
    let correlation =
        |shown: &[&Shown]| Concentration::of(&holders(shown, &|one| one.number), 2).map(|found| found.correlation);
    figures.insert("account correlation, control", correlation(control));
    figures.insert("account correlation, scripted", correlation(scripted));
    let third = WEAK_SESSION / 3;
    let same = |from: u32| {
        let part: Vec<&Shown> =
            control.iter().copied().filter(|one| (from..from + third).contains(&one.position)).collect();
        same_topic(&holders(&part, &session))
    };
    figures.insert("same topic in a session, early", same(0));
    figures.insert("same topic in a session, late", same(WEAK_SESSION - third));
    let accounts: Vec<Vec<f64>> = holders(control, &|one| one.number)
        .into_iter()
        .map(|counts| counts.into_iter().map(f64::from).collect())
        .collect();
    let pairs = accounts.iter().enumerate().flat_map(|(i, a)| accounts[..i].iter().map(move |b| total_variation(a, b)));
    figures
        .insert("total variation between controls", pairs.collect::<Option<Vec<f64>>>().and_then(|all| average(&all)));
}

/// Probability that two videos of one holder share their topic.
fn same_topic(holders: &[Vec<u32>]) -> Option<f64> {
    let (mut same, mut pairs) = (0.0, 0.0);
    for holder in holders {
        let n: f64 = holder.iter().map(|&count| f64::from(count)).sum();
        same += holder.iter().map(|&count| f64::from(count) * (f64::from(count) - 1.0)).sum::<f64>();
        pairs += n * (n - 1.0);
    }
    super::share(same, pairs)
}

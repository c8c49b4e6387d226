//! Tilts: when, on whom and on which posts they act, and what that does to weights.

use feedtilt::rng::{Decision, coin};
use feedtilt::scenario::{Arm, Classifier, Loops, Ranker, Scenario, Tilt, TiltKind};

use super::{Fault, ONE, Twin, power, scale};

/// Posts that a tilt means by chance: topic, classifier, share of what is found.
pub(super) type Choice = (Option<usize>, Classifier, f64);

impl<'a> Twin<'a> {
    /// Tilts that act in this arm now, with their strengths.
    pub(super) fn active(&self, arm: usize) -> Vec<(&'a Tilt, f64)> {
        self.tilts_of(arm)
            .iter()
            .map(|tilt| (tilt, self.strength(tilt)))
            .filter(|&(_, strength)| strength > 0.0)
            .collect()
    }

    /// Tilts of an arm of the file, or of one that tells where its shift comes from.
    pub(super) fn tilts_of(&self, arm: usize) -> &'a [Tilt] {
        let number = arm.checked_sub(1).and_then(|number| branches(self.scenario)[number].arm);
        number.map_or(&[], |number| &self.scenario.arms[number].tilts)
    }

    /// Those that act on this person.
    pub(super) fn acting(&self, arm: usize, person: usize) -> Vec<(&'a Tilt, f64)> {
        self.active(arm).into_iter().filter(|(tilt, _)| self.in_audience(tilt, person)).collect()
    }

    /// What they multiply the score by.
    pub(super) fn factors_on_score(&self, arm: usize, person: usize) -> Vec<(&'a Tilt, f64)> {
        let multiplies = |(tilt, strength): (&'a Tilt, f64)| match tilt.kind {
            TiltKind::Score { multiply } => Some((tilt, libm::exp(libm::log(multiply) * strength))),
            _ => None,
        };
        self.acting(arm, person).into_iter().filter_map(multiplies).collect()
    }

    /// What ranks a person's feed instead of the score.
    pub(super) fn ranker(&self, arm: usize, person: usize) -> Option<Ranker> {
        self.acting(arm, person).into_iter().find_map(|(tilt, _)| match tilt.kind {
            TiltKind::Feed { ranker } => Some(ranker),
            _ => None,
        })
    }

    pub(super) fn has_oracle(&self, arm: usize) -> bool {
        self.active(arm).iter().any(|(tilt, _)| matches!(tilt.kind, TiltKind::Feed { ranker: Ranker::Oracle }))
    }

    pub(super) fn strength(&self, tilt: &Tilt) -> f64 {
        let since = self.epoch - i64::from(tilt.schedule.from_day) * self.per_day();
        let late = i64::from(self.planted(Fault::LateEnd));
        if since < 0 || self.day() >= i64::from(tilt.schedule.until_day) + late {
            return 0.0;
        }
        let ramp = tilt.schedule.ramp_days * self.per_day() as f64;
        if ramp == 0.0 { 1.0 } else { ((since + 1) as f64 / ramp).min(1.0) }
    }

    pub(super) fn in_audience(&self, tilt: &Tilt, person: usize) -> bool {
        let person = &self.world.people[person];
        let word = self.world_key.of(Decision::Audience).draw(u64::from(person.id));
        tilt.audience.regions[person.region] && (tilt.audience.share >= 1.0 || word < coin(tilt.audience.share))
    }

    /// Whether a choice means a post.
    pub(super) fn means(&self, &(target, classifier, share): &Choice, post: usize) -> bool {
        let (id, topic) = (self.world.posts[post].id.0, self.world.posts[post].topic);
        let below = |decision: Decision, p: f64| {
            let place = target.map_or(u64::MAX, |topic| topic as u64);
            p >= 1.0 || self.world_key.of(decision).at(place).draw(id) < coin(p)
        };
        let rate = if Some(topic) == target { classifier.recall } else { classifier.false_positive_rate };
        (target.is_none() || below(Decision::Classifier, rate)) && below(Decision::Chosen, share)
    }

    /// Whether a tilt takes posts of this topic and these flags for the ones it means.
    pub(super) fn caught(&self, tilt: &Tilt, topic: usize, flags: usize) -> bool {
        match self.choices.iter().position(|one| *one == choice(tilt)) {
            Some(bit) => (flags >> bit) % 2 == 1,
            None => tilt.topic.is_none_or(|target| target == topic),
        }
    }

    /// Factors on weights by topic and variant, 2⁻³².
    pub(super) fn factors(&self, arm: usize, person: usize) -> Vec<Vec<u64>> {
        let (acting, on_score) = (self.acting(arm, person), self.factors_on_score(arm, person));
        let without_score = matches!(self.ranker(arm, person), Some(Ranker::Random | Ranker::Chronological));
        let tau = self.scenario.feed.temperature;
        let factor = |topic: usize, variant: usize| {
            let (age, flags) = (variant / self.flag_values(), variant % self.flag_values());
            let withheld = |(tilt, _): &(&Tilt, f64)| {
                matches!(tilt.kind, TiltKind::NotForFeed { .. }) && self.caught(tilt, topic, flags)
            };
            if acting.iter().any(withheld) {
                return 0;
            }
            if without_score {
                return ONE;
            }
            let fresh = if self.ages_differ() { power(self.scenario.feed.freshness[age], tau) } else { ONE };
            let caught = on_score.iter().filter(|(tilt, _)| self.caught(tilt, topic, flags));
            caught.fold(fresh, |product, &(_, multiply)| scale(product, power(multiply, tau)))
        };
        let variants = self.flag_values() * if self.ages_differ() { 4 } else { 1 };
        let topics = 0..self.scenario.topic_count();
        topics.map(|topic| (0..variants).map(|variant| factor(topic, variant)).collect()).collect()
    }
}

/// Which posts a tilt means.
pub(super) fn choice(tilt: &Tilt) -> Choice {
    let share = match tilt.kind {
        TiltKind::NotForFeed { share } => share,
        TiltKind::Heat { items, .. } => items,
        _ => 1.0,
    };
    (tilt.topic, tilt.classifier, share)
}

/// Choices by chance in the order in which tilts name them first; heat has no part in them.
pub(super) fn choices(scenario: &Scenario) -> Vec<Choice> {
    let mut all = Vec::new();
    for tilt in scenario.arms.iter().flat_map(|arm| &arm.tilts) {
        let one = choice(tilt);
        let perfect = one.2 == 1.0 && one.1.recall == 1.0 && one.1.false_positive_rate == 0.0;
        if !perfect && !matches!(tilt.kind, TiltKind::Heat { .. }) && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// The day on which an arm begins.
fn first_day(arm: &Arm) -> i64 {
    arm.tilts.iter().map(|tilt| i64::from(tilt.schedule.from_day)).min().expect("an arm has a tilt")
}

/// How an arm beside the baseline begins: whose tilts it has (an echo arm nobody's), when, and what of it is its own.
pub(super) struct Branch {
    pub arm: Option<usize>,
    pub day: i64,
    pub live: Loops,
}

/// Arms of the file, echo arms, arms that tell where shifts come from.
pub(super) fn branches(scenario: &Scenario) -> Vec<Branch> {
    let of_arm = |arm: usize, live| Branch { arm: Some(arm), day: first_day(&scenario.arms[arm]), live };
    let mut all: Vec<Branch> = (0..scenario.arms.len()).map(|arm| of_arm(arm, scenario.loops)).collect();
    let both = Loops { profile: true, popularity: true, ..scenario.loops };
    all.extend(echo_days(scenario).into_iter().map(|day| Branch { arm: None, day, live: both }));
    all.extend(scenario.attribution_arms().into_iter().map(|(arm, live)| of_arm(arm, live)));
    all
}

/// Days on which arms begin, each once: those of the echo arms.
fn echo_days(scenario: &Scenario) -> Vec<i64> {
    let days: std::collections::BTreeSet<i64> = scenario.arms.iter().map(first_day).collect();
    if scenario.measure.echo { days.into_iter().collect() } else { Vec::new() }
}

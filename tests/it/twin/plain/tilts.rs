//! Tilts: when, on whom and on which posts they act, and what that does to weights.

use feedtilt::rng::{Decision, coin};
use feedtilt::scenario::{Arm, Blocked, Classifier, HEADS, Loops, Ranker, RegionSet, Scenario, Tilt, TiltKind, Value};

use super::{Fault, ONE, Twin, power, scale};

/// Posts that a tilt means by chance: topic, classifier, share of what is found, and whether that is a share of creators.
pub(super) type Choice = (Option<usize>, Classifier, f64, bool);

/// What posts of a variant have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variant {
    /// Epochs of life at least.
    pub age: i64,
    pub region: usize,
    pub flags: usize,
}

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
            TiltKind::Score { multiply } | TiltKind::DemoteCreators { multiply, .. } => {
                Some((tilt, libm::exp(libm::log(multiply) * strength)))
            }
            _ => None,
        };
        self.acting(arm, person).into_iter().filter_map(multiplies).collect()
    }

    /// Value weights of each topic in a person's feed.
    pub(super) fn values(&self, arm: usize, person: usize) -> Vec<Value> {
        let acting = self.acting(arm, person);
        if matches!(self.ranker(arm, person), Some(Ranker::Random | Ranker::Chronological)) {
            return vec![self.scenario.feed.value; self.scenario.topic_count()];
        }
        let of_topic = |topic: usize| {
            let mut weights = self.scenario.feed.value.weights();
            for (tilt, _) in &acting {
                let everywhere = tilt.topic.is_none() || self.planted(Fault::HeadForAllTopics);
                if let TiltKind::Head { value } = tilt.kind
                    && (everywhere || tilt.topic == Some(topic))
                {
                    let rest = if self.planted(Fault::HeadForgetsTheRest) { [0.0; HEADS.len()] } else { weights };
                    weights = std::array::from_fn(|head| value[head].unwrap_or(rest[head]));
                }
            }
            for (tilt, _) in &acting {
                if let TiltKind::Jitter { sigma, heads } = tilt.kind {
                    for head in (0..HEADS.len()).filter(|&head| heads[head]) {
                        weights[head] *= libm::exp(if self.is_up(person, head) { sigma } else { -sigma });
                    }
                }
            }
            Value::of_weights(weights)
        };
        (0..self.scenario.topic_count()).map(of_topic).collect()
    }

    /// Whether a person's sign of a weight is positive.
    fn is_up(&self, person: usize, head: usize) -> bool {
        let day = if self.planted(Fault::SignsByEpoch) { self.epoch as u64 } else { 0 };
        let word = self.world_key.of(Decision::Jitter).draw(u64::from(self.world.people[person].id) ^ day << 32);
        let head = if self.planted(Fault::OneSignForAll) { 0 } else { head };
        (word >> head) % 2 == 1 || self.planted(Fault::JitterOneWay)
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
    pub(super) fn means(&self, &(target, classifier, share, of_creators): &Choice, post: usize) -> bool {
        let (id, topic) = (self.world.posts[post].id.0, self.world.posts[post].topic);
        let by_post = self.planted(Fault::DemotesPosts);
        let chosen_creator = |p: f64| {
            let place = target.map_or(u64::MAX, |topic| topic as u64);
            let words = self.world_key.of(Decision::ChosenCreator).at(place);
            p >= 1.0 || words.draw(if by_post { id } else { self.world.posts[post].creator.into() }) < coin(p)
        };
        let below = |decision: Decision, p: f64| {
            let place = target.map_or(u64::MAX, |topic| topic as u64);
            p >= 1.0 || self.world_key.of(decision).at(place).draw(id) < coin(p)
        };
        let rate = if Some(topic) == target { classifier.recall } else { classifier.false_positive_rate };
        let chosen = if of_creators { chosen_creator(share) } else { below(Decision::Chosen, share) };
        (target.is_none() || below(Decision::Classifier, rate)) && chosen
    }

    /// Whether a tilt means a post, where it comes from included.
    pub(super) fn targets(&self, tilt: &Tilt, post: usize) -> bool {
        self.means(&choice(tilt), post) && tilt.origin.has(self.world.posts[post].region)
    }

    /// Whether a tilt takes posts of this topic and variant for the ones it means.
    pub(super) fn caught(&self, tilt: &Tilt, topic: usize, variant: Variant) -> bool {
        let found = match self.choices.iter().position(|one| *one == choice(tilt)) {
            Some(bit) => (variant.flags >> bit) % 2 == 1,
            None => tilt.topic.is_none_or(|target| target == topic),
        };
        found && (!self.regions_differ() || tilt.origin.has(variant.region))
    }

    /// Whether a tilt keeps posts that it means, and that are so old and from there, from everybody in a region.
    pub(super) fn keeps_out(&self, tilt: &Tilt, age: i64, from: usize, to: usize) -> bool {
        match tilt.kind {
            TiltKind::NotForFeed { .. } | TiltKind::SelfOnly { .. } => true,
            TiltKind::GeoBlock { blocked: Blocked::In(regions), .. } => {
                regions.has(if self.planted(Fault::BlockedAtTheSource) { from } else { to })
            }
            TiltKind::GeoBlock { blocked: Blocked::Abroad, .. } => from != to,
            TiltKind::Delay { hours, .. } => {
                let late = i64::from(self.planted(Fault::DelayedTooLong));
                age < delay(hours, self.per_day()) + late
            }
            _ => false,
        }
    }

    /// The lowest cap on a post in an arm.
    pub(super) fn cap(&self, active: &[(&Tilt, f64)], post: usize) -> Option<u32> {
        let cap = |(tilt, _): &(&Tilt, f64)| match tilt.kind {
            TiltKind::ReachCap { impressions, .. } if self.targets(tilt, post) => Some(impressions),
            _ => None,
        };
        active.iter().filter_map(cap).min()
    }

    /// Ages in epochs at which posts come into another variant.
    pub(super) fn borders(&self) -> Vec<i64> {
        let days: &[i64] = if self.ages_differ() { &[1, 2, 7] } else { &[] };
        let tilts = self.scenario.arms.iter().flat_map(|arm| &arm.tilts);
        let delays = tilts.filter_map(|tilt| match tilt.kind {
            TiltKind::Delay { hours, .. } => Some(delay(hours, self.per_day())),
            _ => None,
        });
        let all: std::collections::BTreeSet<i64> =
            days.iter().map(|days| days * self.per_day()).chain(delays).collect();
        all.into_iter().filter(|&border| border > 0).collect()
    }

    pub(super) fn regions_differ(&self) -> bool {
        let regions = self.scenario.population.regions.len();
        let differs = |tilt: &Tilt| {
            !tilt.origin.is_all(regions) || matches!(tilt.kind, TiltKind::GeoBlock { blocked: Blocked::Abroad, .. })
        };
        self.scenario.arms.iter().flat_map(|arm| &arm.tilts).any(differs)
    }

    /// Number of a variant.
    pub(super) fn variant(&self, age: i64, region: usize, flags: usize) -> usize {
        let age = self.borders().iter().filter(|&&border| age >= border).count();
        let (region, regions) = if self.regions_differ() { (region, self.region_count()) } else { (0, 1) };
        (age * regions + region) * self.flag_values() + flags
    }

    fn region_count(&self) -> usize {
        self.scenario.population.regions.len()
    }

    /// All variants by number.
    pub(super) fn variants(&self) -> Vec<Variant> {
        let ages = [0].into_iter().chain(self.borders());
        let regions = if self.regions_differ() { self.region_count() } else { 1 };
        let of_age = |age| (0..regions).map(move |region| (age, region));
        let flags = self.flag_values();
        ages.flat_map(of_age)
            .flat_map(|(age, region)| (0..flags).map(move |flags| Variant { age, region, flags }))
            .collect()
    }

    /// Factors on weights by topic and variant, 2⁻³².
    pub(super) fn factors(&self, arm: usize, person: usize) -> Vec<Vec<u64>> {
        let (acting, on_score) = (self.acting(arm, person), self.factors_on_score(arm, person));
        let without_score = matches!(self.ranker(arm, person), Some(Ranker::Random | Ranker::Chronological));
        let tau = self.scenario.feed.temperature;
        let region = self.world.people[person].region;
        let factor = |topic: usize, variant: Variant| {
            let withheld = |(tilt, _): &(&Tilt, f64)| {
                self.caught(tilt, topic, variant) && self.keeps_out(tilt, variant.age, variant.region, region)
            };
            if acting.iter().any(withheld) {
                return 0;
            }
            if without_score {
                return ONE;
            }
            let class = [1, 2, 7].iter().filter(|&&days| variant.age >= days * self.per_day()).count();
            let fresh = if self.ages_differ() { power(self.scenario.feed.freshness[class], tau) } else { ONE };
            let caught = on_score.iter().filter(|(tilt, _)| self.caught(tilt, topic, variant));
            caught.fold(fresh, |product, &(_, multiply)| scale(product, power(multiply, tau)))
        };
        let variants = self.variants();
        let topics = 0..self.scenario.topic_count();
        topics.map(|topic| variants.iter().map(|&variant| factor(topic, variant)).collect()).collect()
    }
}

/// Weight of posts among new ones, by all tilts that act on the person.
pub(super) fn newcomer(acting: &[(&Tilt, f64)], meant: impl Fn(&Tilt) -> bool) -> f64 {
    acting.iter().fold(1.0, |product, (tilt, strength)| match tilt.kind {
        TiltKind::ColdStart { multiply } if meant(tilt) => product * libm::exp(libm::log(multiply) * strength),
        _ => product,
    })
}

/// Epochs of a delay.
fn delay(hours: f64, per_day: i64) -> i64 {
    libm::round(hours * per_day as f64 / 24.0) as i64
}

/// Posts of a pool for heat: two tilts that mean the same have one.
pub(super) type Pool = (Choice, RegionSet);

/// Which posts a tilt means.
pub(super) fn choice(tilt: &Tilt) -> Choice {
    let share = match tilt.kind {
        TiltKind::NotForFeed { share }
        | TiltKind::SelfOnly { share }
        | TiltKind::GeoBlock { share, .. }
        | TiltKind::DemoteCreators { share, .. } => share,
        TiltKind::Heat { items, .. } | TiltKind::ReachCap { items, .. } | TiltKind::Delay { items, .. } => items,
        _ => 1.0,
    };
    (tilt.topic, tilt.classifier, share, matches!(tilt.kind, TiltKind::DemoteCreators { .. }))
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

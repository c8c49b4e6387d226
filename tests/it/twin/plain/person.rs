//! What a person does and what is learned of it: requests, reactions, profiles.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::rng::{Decision, Key, coin, mix};
use feedtilt::scenario::ProfileRule;
use rand_distr::{Distribution, Poisson, StandardNormal};

use super::{Fault, ONE, Path, Person, Post, Reaction, Twin, fixed, log_odds, logistic, stepped};

impl Twin<'_> {
    pub(super) fn requests(&self, person: &Person) -> u32 {
        let p = &self.scenario.population;
        let today = self.behaviour.of(Decision::Day).at(u64::from(person.id)).at_signed(self.day());
        if today.draw(0) >= coin(p.daily_active_share) {
            return 0;
        }
        let z: f64 = StandardNormal.sample(&mut today.at(0).stream());
        let factor = libm::exp(p.day_sigma * z - 0.5 * p.day_sigma * p.day_sigma);
        let mean = libm::exp(f64::from(person.activity) / 4096.0 - 4.0) / p.daily_active_share * factor;
        let slots = self.per_day() as f64 * f64::from(self.scenario.feed.response);
        let now = self.behaviour.of(Decision::Open).at(u64::from(person.id)).at_signed(self.day());
        let law = Poisson::new((mean / slots).clamp(1e-9, 1e6)).expect("the mean is above 0 and finite");
        law.sample(&mut now.at(self.part() as u64).stream()) as u32
    }

    /// Watch time and the seven signals.
    pub(super) fn react(&self, person: &Person, post: &Post) -> Reaction {
        let r = &self.scenario.respond;
        let today = if self.planted(Fault::NoiseByEpoch) { self.epoch } else { self.day() };
        let today = self.behaviour.of(Decision::React).at(u64::from(person.id)).at_signed(today);
        let first = today.draw(u64::from(mix(post.id.0) as u32));
        let second = mix(first ^ 0x5851_f42d_4c95_7f2d);
        let interest = |weight: f64| {
            (i32::from(person.interests[post.topic]) * libm::round(weight * 4096.0) as i32).div_euclid(256)
        };
        let noise = ((first >> 52) as f64 + 0.5) / 4096.0;
        let common = fixed(r.attention + self.world.appeal[person.region][post.topic])
            + interest(r.interest_weight)
            + post.attention;
        let attention = person.attention
            + common
            + i32::from(self.world.demand[self.row()][post.topic])
            + fixed(libm::log(noise / (1.0 - noise)));
        let duration_ms = post.duration * 100;
        let longest = f64::from(duration_ms) * libm::round(r.rewatch_max * 256.0) / 256.0;
        let until = |attention: i32| {
            let odds = stepped(attention, 4);
            let late = 7.0 * libm::exp(odds / r.watch_slope);
            let left = odds - r.watch_slope * libm::log(r.start_seconds / 7.0);
            let early = r.start_seconds * libm::exp(left / r.start_slope);
            libm::round(1000.0 * if late < r.start_seconds { early } else { late }).min(4e9)
        };
        // Whoever comes to the last tenth needs more to go on.
        let near_end = 0.9 * f64::from(duration_ms);
        let go_on = until(attention - fixed(r.end_drop));
        let watched = if until(attention) <= near_end { until(attention) } else { near_end.max(go_on) };
        let watch_ms = libm::round(watched.min(libm::floor(longest))) as u32;
        let approval = if r.latents == 1 {
            let c = &self.scenario.catalogue;
            let ratio = libm::round(256.0 * c.approval_sd / c.attention_sd) as i32;
            person.approval + (common * ratio).div_euclid(256) - (fixed(r.attention) * ratio).div_euclid(256)
        } else {
            person.approval
                + fixed(self.scenario.topics[post.topic].approval)
                + interest(r.approval_interest_weight)
                + post.approval
        };
        let played = watch_ms >= duration_ms.min(7_000);
        let hit = |signal: usize, approval: i32, base: f64, word: u64| {
            let base = if played { base + r.played[signal] } else { base };
            let log_odds = stepped(approval + fixed(base) + person.propensity[signal], 8);
            (word % (1 << 21)) < libm::round(logistic(log_odds) * f64::from(1 << 21)) as u64
        };
        let signals = [
            played,
            watch_ms >= duration_ms.min(18_000),
            hit(0, approval, r.like, first),
            hit(1, approval, r.comment, first >> 21),
            hit(2, approval, r.share, second),
            hit(3, approval, r.follow, second >> 21),
            hit(4, -approval, r.not_interested, second >> 42),
        ];
        Reaction { attention, watch_ms, signals }
    }

    /// Whether a person leaves after a response that drew `attention` in sum, 1/256 of log-odds.
    pub(super) fn leaves(&self, person: &Person, request: u32, attention: i32, videos: usize) -> bool {
        let stay = &self.scenario.stay;
        if !self.scenario.loops.stay {
            return false;
        }
        let mean = f64::from(attention) / 256.0 / videos.max(1) as f64;
        let strength = if self.planted(Fault::LeavesByChance) { 0.0 } else { stay.strength };
        let odds = libm::log(stay.hazard / (1.0 - stay.hazard)) - strength * (mean - stay.usual);
        let here = self.behaviour.of(Decision::Stay).at(u64::from(person.id)).at_signed(self.epoch);
        here.draw(u64::from(request)) < coin(logistic(odds))
    }

    pub(super) fn learn(&mut self, levels: &mut [u8], played: &[(usize, usize, bool)], key: Key) {
        match self.scenario.feed.profile_rule {
            ProfileRule::Rate => self.learn_rate(levels, played, key),
            ProfileRule::Share => self.learn_share(levels, played, key),
        }
    }

    /// ℓ += η·Σ(y − P), P and η in 2⁻¹⁶.
    fn learn_rate(&self, levels: &mut [u8], played: &[(usize, usize, bool)], key: Key) {
        for (topic, level) in levels.iter_mut().enumerate() {
            let mut surprise = 0;
            for &(_, tier, valid) in played.iter().filter(|play| play.0 == topic) {
                let p = logistic(log_odds(*level) + self.grid.middle(tier).0);
                surprise += i64::from(valid) * 65_536 - libm::round(p * 65_536.0) as i64;
            }
            let rate = libm::round(self.scenario.feed.learning_rate * 32.0 * 65_536.0) as i64;
            *level = self.moved(*level, surprise * rate, key.draw(topic as u64));
        }
    }

    /// `ℓ += η·(n_k − N·s_k)/(s_k + s₀)`, at most ½ of log-odds, which is 16 steps.
    fn learn_share(&mut self, levels: &mut [u8], played: &[(usize, usize, bool)], key: Key) {
        let feed = &self.scenario.feed;
        let all = played.iter().filter(|play| play.2).count();
        if all == 0 {
            return;
        }
        let odds: Vec<f64> = levels.iter().map(|&level| libm::exp(log_odds(level))).collect();
        let total: f64 = odds.iter().fold(0.0, |sum, odds| sum + odds);
        for (topic, level) in levels.iter_mut().enumerate() {
            let engaged = played.iter().filter(|play| play.0 == topic && play.2).count();
            let share = odds[topic] / total;
            let raw = (engaged as f64 - all as f64 * share) / (share + feed.share_floor);
            let steps = raw * (feed.learning_rate * 32.0);
            if steps.abs() > 16.0 {
                self.took(Path::ClippedStep);
            }
            *level = self.moved(*level, (steps.clamp(-16.0, 16.0) * ONE as f64) as i64, key.draw(topic as u64));
        }
    }

    /// A level moved by `step` in 2⁻³² of a level: floor(step + u).
    fn moved(&self, level: u8, step: i64, word: u64) -> u8 {
        let half = if self.planted(Fault::RoundedSteps) { ONE as i64 / 2 } else { 0 };
        let whole = (step + (word >> 32) as i64 + half).div_euclid(ONE as i64);
        (i64::from(level) + whole).clamp(0, 255) as u8
    }

    /// Whether an arm's creators publish a potential post.
    pub(super) fn publishes(&self, arm: usize, post: &Post) -> bool {
        let Some(supply) = &self.arm(arm).supply else { return true };
        let log = supply.logs.get(&post.creator).copied().unwrap_or(0.0);
        let factor = libm::exp(log / 1_048_576.0);
        let word = self.world_key.of(Decision::Supply).draw(post.id.0);
        // The highest bit of a place marks a spare post.
        if (post.id.0 >> 31) % 2 == 1 {
            factor > 1.0 && word < coin((factor - 1.0) / (self.scenario.supply.bound - 1.0))
        } else {
            factor >= 1.0 || word < coin(factor)
        }
    }

    /// Once a day: ln m += γ·ln((views + 1) ÷ (mean of the seven days before + 1)), |ln m| ≤ ln(bound).
    pub(super) fn react_to_reach(&mut self) {
        let today = self.row();
        let settings = self.scenario.supply;
        let most = libm::round(libm::log(settings.bound) * 1_048_576.0);
        let wait = if self.planted(Fault::ReactsAtOnce) { 1 } else { 7 };
        for arm in self.alive() {
            let Some(mut supply) = self.arm_mut(arm).supply.take() else { continue };
            supply.reach.resize(today + 1, BTreeMap::new());
            if today >= wait {
                let before = today.saturating_sub(7)..today;
                let known: BTreeSet<u32> = supply.reach.iter().flat_map(|day| day.keys().copied()).collect();
                for creator in known {
                    let of = |day: usize| supply.reach[day].get(&creator).copied().unwrap_or(0);
                    let usual = before.clone().map(of).sum::<u64>() as f64 / 7.0;
                    let step = settings.strength * libm::log((of(today) as f64 + 1.0) / (usual + 1.0));
                    let log = supply.logs.entry(creator).or_default();
                    *log = (*log + libm::round(step * 1_048_576.0)).clamp(-most, most);
                    self.took(Path::Reacted);
                }
            }
            self.arm_mut(arm).supply = Some(supply);
        }
    }

    /// At the end of a week: x += κ·(share shown in the arm − share shown in the baseline), 16 units to one of log-odds.
    pub(super) fn drift(&mut self) {
        if self.day() < 0 || self.day() % 7 != 6 {
            return;
        }
        let usual = self.arm(0).week.clone();
        let share = |week: &[u64], topic: usize| week[topic] as f64 / week.iter().sum::<u64>() as f64;
        for arm in self.alive() {
            let Some(mut all) = self.arm_mut(arm).interests.take() else { continue };
            let seen = self.arm(arm).week.clone();
            for (index, person) in self.world.people.clone().iter().enumerate() {
                if seen[index].iter().sum::<u64>() == 0 || usual[index].iter().sum::<u64>() == 0 {
                    continue;
                }
                let key = self.behaviour.of(Decision::Drift).at(u64::from(person.id)).at_signed(self.day());
                for (topic, x) in all[index].iter_mut().enumerate() {
                    let rest =
                        if self.planted(Fault::DriftWithoutReference) { 0.0 } else { share(&usual[index], topic) };
                    let step =
                        (share(&seen[index], topic) - rest) * self.scenario.interest.strength * 16.0 * ONE as f64;
                    let u = if self.planted(Fault::RoundedDrift) { 1 << 31 } else { key.draw(topic as u64) >> 32 };
                    let whole = (step as i64 + u as i64).div_euclid(ONE as i64);
                    if whole != 0 {
                        self.took(Path::Drifted);
                    }
                    *x = (i64::from(*x) + whole).clamp(-128, 127) as i8;
                }
            }
            self.arm_mut(arm).interests = Some(all);
        }
    }

    /// Once a day: ℓ −= λℓ.
    pub(super) fn forget(&mut self) {
        let rate = libm::round(self.scenario.feed.forgetting * 65_536.0) as i64;
        for arm in self.alive() {
            let Some(mut all) = self.arm_mut(arm).levels.take() else { continue };
            for (levels, person) in all.iter_mut().zip(self.world.people.clone()) {
                let key = self.platform(arm).of(Decision::Forget).at(u64::from(person.id)).at_signed(self.day());
                for (topic, level) in levels.iter_mut().enumerate().filter(|(_, level)| **level != 128) {
                    let before = *level;
                    let step = (128 - i64::from(before)) * rate * 65_536;
                    *level = self.moved(before, step, key.draw(topic as u64));
                    if *level != before {
                        self.took(Path::Forgotten);
                    }
                }
            }
            self.arm_mut(arm).levels = Some(all);
        }
    }
}

//! One person's epoch in all arms.

use std::collections::BTreeSet;

use feedtilt::rng::{Decision, Key, below};
use feedtilt::scenario::Ranker;

use super::select::{Slot, Went};
use super::tilts::{Variant, branches};
use super::{Chosen, Fault, Path, Person, Reaction, Shown, Source, Twin};

impl Twin<'_> {
    pub(super) fn visit(&mut self, index: usize, fresh: &mut [Vec<[u32; 3]>]) {
        let mut person = self.world.people[index].clone();
        let requests = self.requests(&person);
        let mut baseline: Vec<Vec<u8>> = Vec::new();
        let mut left_after = None;
        let branches = branches(self.scenario);
        for arm in self.alive() {
            person.interests = self.interests(arm, index);
            let factors = self.factors(arm, index);
            self.note_tilts(arm, index);
            let of = |root: Key, decision: Decision| root.of(decision).at(u64::from(person.id)).at_signed(self.epoch);
            let select = of(self.platform(arm), Decision::Select);
            let by_baseline = self.planted(Fault::EchoOfLearning);
            let learn = of(if by_baseline { self.behaviour } else { self.platform(arm) }, Decision::Learn);
            let is_oracle = self.ranker(arm, index) == Some(Ranker::Oracle);
            let mut seen = BTreeSet::new();
            let mut gone = false;
            for request in 0..requests {
                if self.planted(Fault::SeenPerRequest) {
                    seen.clear();
                }
                let own = self.arm(arm).levels.as_ref().map(|all| all[index].clone());
                let learns = own.is_some() && !is_oracle;
                let replayed = if self.planted(Fault::FrozenReplay) { 0 } else { request as usize };
                let mut levels = own.unwrap_or_else(|| baseline[replayed].clone());
                if arm == 0 {
                    baseline.push(levels.clone());
                }
                if gone && !self.planted(Fault::ComesBack) {
                    self.took(Path::Left);
                    continue;
                }
                if is_oracle {
                    levels = self.true_levels(&person);
                    self.took(Path::Oracle);
                }
                let key = select.at(u64::from(request));
                let response = self.respond(arm, index, &levels, &factors, key, &mut seen);
                let (played, attention) = self.watch(arm, index, request, &response, &mut fresh[arm]);
                if learns {
                    self.learn(&mut levels, &played, learn.at(u64::from(request)));
                    self.arm_mut(arm).levels.as_mut().expect("it learns")[index] = levels;
                } else if !is_oracle {
                    self.took(Path::Replayed);
                }
                if self.is_echo(arm) {
                    self.took(Path::Echoed);
                }
                let replays = arm.checked_sub(1).is_some_and(|number| !branches[number].live.stay);
                gone = if replays && !self.planted(Fault::LeavesAnew) {
                    left_after == Some(request)
                } else {
                    self.leaves(&person, request, attention, response.len())
                };
                if gone && arm == 0 {
                    left_after = Some(request);
                }
                if gone && replays {
                    self.took(Path::LeftAsBefore);
                }
            }
        }
    }

    fn interests(&self, arm: usize, index: usize) -> Vec<i8> {
        let own = self.arm(arm).interests.as_ref().map(|all| &all[index]);
        own.unwrap_or(&self.world.people[index].interests).clone()
    }

    fn note_tilts(&mut self, arm: usize, person: usize) {
        for tilt in self.tilts_of(arm) {
            let strength = self.strength(tilt);
            if strength > 0.0 && strength < 1.0 {
                self.took(Path::Ramp);
            }
            if self.day() >= i64::from(tilt.schedule.until_day) {
                self.took(Path::AfterTheTilt);
            }
            if !self.in_audience(tilt, person) {
                self.took(Path::OutOfAudience);
            }
        }
        let values = self.values(arm, person);
        if values[0] != self.scenario.feed.value {
            self.took(Path::OtherWeights);
        }
        if values.iter().any(|value| *value != values[0]) {
            self.took(Path::WeightsByTopic);
        }
    }

    /// Fills a response slot by slot.
    fn respond(
        &mut self,
        arm: usize,
        index: usize,
        levels: &[u8],
        factors: &[Vec<u64>],
        request: Key,
        seen: &mut BTreeSet<usize>,
    ) -> Vec<Chosen> {
        let units = self.units_of(arm, index);
        let person = self.world.people[index].clone();
        let (acting, active) = (self.acting(arm, index), self.active(arm));
        let ranker = self.ranker(arm, index);
        let is_oracle = ranker == Some(Ranker::Oracle) && !self.planted(Fault::OracleByCounters);
        let stripes = i64::from(self.scenario.feed.no_repeat_epochs);
        let start = below(self.world_key.of(Decision::UserStripe).draw(u64::from(person.id)), stripes as u64) as i64;
        let stripe = (start + self.epoch).rem_euclid(stripes) as usize;
        let size = self.scenario.feed.response as usize;
        let mut before: Vec<Chosen> = Vec::new();
        let mut went = Went::default();
        while before.len() < size {
            let slot = Slot {
                twin: self,
                shelf: self.arm(arm).oracle_shelf(is_oracle).unwrap_or(self.open_shelf(arm)),
                stripe,
                levels,
                factors,
                units: &units,
                request,
                acting: &acting,
                active: &active,
                ranker,
                person: person.id,
                region: person.region,
                seen,
                before: &before,
            };
            if before.is_empty() && self.day() >= 0 {
                went.first = slot.topics(&slot.rows(|_| true));
            }
            let Some(chosen) = slot.fill(&mut went) else { break };
            seen.insert(chosen.post);
            before.push(chosen);
        }
        let left = (size - before.len()) as u64;
        self.note_slots(arm, &person, &went, [before.len() as u64, left]);
        before
    }

    fn note_slots(&mut self, arm: usize, person: &Person, went: &Went, [served, unserved]: [u64; 2]) {
        let size = self.scenario.feed.response;
        let cell = [self.row(), arm, person.region, person.group];
        for (kind, count) in [served, unserved].into_iter().enumerate() {
            *self.course.slots.entry([cell[0], cell[1], cell[2], cell[3], kind]).or_default() += count;
        }
        let slow = went.slow_pool + went.slow_whole;
        let sums =
            self.course.acceptance[arm].iter_mut().zip([went.rejected, slow, unserved, went.heats, went.fell_back]);
        sums.for_each(|(sum, count)| *sum += count);
        let paths = [
            (Path::SlowPool, went.slow_pool),
            (Path::SlowWhole, went.slow_whole),
            (Path::Unserved, unserved),
            (Path::FellBack, went.fell_back),
            (Path::KeptBack, went.kept_back),
            (Path::NotYetThere, went.not_yet_there),
        ];
        for (path, count) in paths {
            *self.course.paths.entry(path).or_default() += count;
        }
        if self.day() >= 0 {
            self.course.asked[arm] += u64::from(size);
            let total: u64 = went.first.iter().sum();
            for (tracked, &topic) in self.scenario.measure.track.iter().enumerate() {
                let slots = went.first[topic] as f64 / total as f64 * 4096.0 * f64::from(size);
                self.course.expected[arm][tracked] += if total == 0 { 0 } else { slots as u64 };
            }
        }
    }

    /// The person watches the response. Returns topic, tier and valid play of each slot, and the sum of attention.
    fn watch(
        &mut self,
        arm: usize,
        index: usize,
        request: u32,
        response: &[Chosen],
        fresh: &mut [[u32; 3]],
    ) -> (Vec<(usize, usize, bool)>, i32) {
        let mut played = Vec::new();
        let mut drawn = 0;
        for (slot, chosen) in response.iter().enumerate() {
            let Some([_, topic, variant, tier, _]) = self.shelf(arm).stands[chosen.post] else { continue };
            let person = Person { interests: self.interests(arm, index), ..self.world.people[index].clone() };
            let post = &self.world.posts[chosen.post];
            let (region, group) = (person.region, person.group);
            let Reaction { attention, watch_ms, signals } = self.react(&person, post);
            drawn += attention;
            let bits = signals.iter().enumerate().map(|(bit, &hit)| u8::from(hit) << bit).sum();
            let (user, item, arm_number) = (person.id, post.id.0, arm as u32);
            let (epoch, slot, source) = (self.epoch, slot as u32, chosen.source);
            self.course.shown.push(Shown {
                arm: arm_number,
                epoch,
                user,
                request,
                slot,
                item,
                watch_ms,
                signals: bits,
                source,
            });
            let [valid, long, like] = [signals[0], signals[1], signals[2]].map(u64::from);
            for (counter, count) in [1, u64::from(watch_ms), valid, long, like].into_iter().enumerate() {
                let cell = [self.row(), arm, region, group, topic, counter];
                *self.course.exposure.entry(cell).or_default() += count;
            }
            let counts = [1, u32::from(signals[0]), u32::from(signals[2])];
            fresh[chosen.post].iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            if self.day() >= 0 {
                self.arm_mut(arm).met[index].insert(topic);
                self.arm_mut(arm).week[index][topic] += 1;
            }
            played.push((topic, tier, signals[0]));
            self.note_impression(arm, *chosen, topic, self.variants()[variant]);
        }
        (played, drawn)
    }

    fn note_impression(&mut self, arm: usize, chosen: Chosen, topic: usize, variant: Variant) {
        self.took(Path::Age(self.age_class(chosen.post)));
        match chosen.source {
            Source::ColdStart => self.took(Path::ColdSlot),
            Source::Heat => self.took(Path::Heated),
            Source::Ordinary => {}
        }
        for tilt in self.tilts_of(arm) {
            match (Some(topic) == tilt.topic, self.caught(tilt, topic, variant)) {
                (true, false) => self.took(Path::Missed),
                (false, true) => self.took(Path::FalsePositive),
                _ => {}
            }
        }
    }
}

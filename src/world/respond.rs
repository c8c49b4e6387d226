//! How a person reacts to a video that began to play.
//!
//! Attention A = user + topic + item + interest + logistic noise, and P(watched ≥ t) = σ(mean A − fall(t)) up to `rewatch_max` × the
//! duration, with [`Respond::fall_within`] log-linear from `start_seconds` on and steeper before: quick swipes are many. One law
//! reproduces valid plays, long views and completion at once, with no duration class in it. The
//! five approval signals are logistic in the approval latent, given whether the video was played or swiped away. Everything here is integer arithmetic on tables made once from
//! `libm`.

use crate::rng::{Key, coin};
use crate::scenario::{Respond, Scenario, Spread, Topic, VALID_SECONDS};
use crate::unit::{INTEREST, LOGIT, level_of, logistic, logit};
use crate::world::{ItemTruth, People};

/// What one person did with one video, as far as the simulation goes on from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reaction {
    /// Watch time, milliseconds.
    pub watch_ms: u32,
    /// Watched at least min(duration, 7 s).
    pub valid_play: bool,
    /// Watched at least min(duration, 18 s).
    pub long_view: bool,
    /// Liked.
    pub like: bool,
    /// Attention, log-odds units.
    pub attention: i32,
}

/// What a person brings to every video of a day.
#[derive(Debug, Clone, Copy)]
pub struct Watcher<'a> {
    today: Key,
    attention: i32,
    approval: i32,
    propensity: &'a [i16; 5],
    interests: &'a [i8],
    /// Topic part of attention in the person's region.
    appeal: &'a [i32],
}

const NOISE: usize = 4096;
/// Attention is held within ±16 log-odds.
const REACH: i32 = 16 * LOGIT;
/// Watch time is tabulated at 64 steps per log-odds, signals at 32.
const WATCH_SHIFT: u32 = 2;
const SIGNAL_SHIFT: u32 = 3;
/// Signals compare 21-bit fields: three to a word.
const SIGNAL_BITS: u32 = 21;
/// Seconds that make a valid play and a long view, in milliseconds.
pub const VALID_MS: u32 = (1000.0 * VALID_SECONDS) as u32;
/// See [`VALID_MS`].
pub const LONG_MS: u32 = 18_000;

/// Tables of reactions, made once per scenario.
#[derive(Debug, Clone)]
pub struct Responder {
    /// Quantiles of the standard logistic, log-odds units.
    noise: Vec<i16>,
    watch_ms: Vec<u32>,
    /// P(signal) in 2⁻²¹ by log-odds.
    probability: Vec<u32>,
    /// Log-odds of the five signals at zero approval, of videos swiped away and played.
    base: [[i32; 5]; 2],
    /// Topic part of attention by region: `[region][topic]`.
    appeal: Vec<i32>,
    /// Mean of `appeal` over people.
    typical: Vec<i32>,
    /// The scenario's.
    law: Respond,
    /// Topic part of approval; with one latent what belongs to none of the parts of attention.
    approval: Vec<i32>,
    /// Approval per attention, 1/256: 0 with two latents, and with one all that approval has of topic, interest and post.
    kinship: i32,
    topics: usize,
    /// Weights of interest in the two latents, log-odds units per interest unit × 256.
    interest_weight: i32,
    approval_weight: i32,
    rewatch: u32,
    /// What watching into the last tenth takes, log-odds units.
    end_drop: i32,
    /// How people's approval is spread.
    people: Spread,
    /// Log-odds of leaving after a usual response, how much of it attention takes away, usual attention.
    stay: (f64, f64, f64),
}

/// The part of approval that goes along with `attention` at a ratio of `kinship` in 256.
#[inline(always)]
const fn related(attention: i32, kinship: i32) -> i32 {
    (attention * kinship) >> 8
}

impl Responder {
    /// Tables for a scenario; `appeal[region][topic]` is the solved `b_rk`.
    pub fn new(scenario: &Scenario, appeal: &[Vec<f64>]) -> Self {
        let r = &scenario.respond;
        let units = |x: f64| libm::round(x * f64::from(LOGIT)) as i32;
        let noise = (0..NOISE).map(|i| units(logit((i as f64 + 0.5) / NOISE as f64)) as i16).collect();
        let watch_ms = (0..(2 * REACH) >> WATCH_SHIFT)
            .map(|i| {
                let a = f64::from((i << WATCH_SHIFT) - REACH) / f64::from(LOGIT);
                libm::round(1000.0 * r.seconds(a)).min(4e9) as u32
            })
            .collect();
        let probability = (0..(2 * REACH) >> SIGNAL_SHIFT)
            .map(|i| {
                let l = f64::from((i << SIGNAL_SHIFT) - REACH) / f64::from(LOGIT);
                libm::round(logistic(l) * f64::from(1u32 << SIGNAL_BITS)) as u32
            })
            .collect();
        let weight = |w: f64| libm::round(w * f64::from(LOGIT) / f64::from(INTEREST) * 256.0) as i32;
        let kinship = scenario.approval_per_attention().map_or(0, |ratio| libm::round(ratio * 256.0) as i32);
        // The attention of an average topic and post brings no approval.
        let topic_approval =
            |topic: &Topic| if kinship == 0 { units(topic.approval) } else { -related(units(r.attention), kinship) };
        let own_interest = if kinship == 0 { r.approval_interest_weight } else { 0.0 };
        Self {
            noise,
            watch_ms,
            probability,
            base: {
                let swiped = [r.like, r.comment, r.share, r.follow, r.not_interested];
                let odds = |add: f64| std::array::from_fn(|signal| units(swiped[signal] + add * r.played[signal]));
                [odds(0.0), odds(1.0)]
            },
            appeal: appeal.iter().flatten().map(|&b| units(r.attention + b)).collect(),
            typical: (0..scenario.topic_count())
                .map(|topic| {
                    let regions = appeal.iter().zip(&scenario.population.regions);
                    units(r.attention + regions.map(|(row, region)| row[topic] * region.share).sum::<f64>())
                })
                .collect(),
            law: r.clone(),
            approval: scenario.topics.iter().map(topic_approval).collect(),
            kinship,
            topics: scenario.topic_count(),
            interest_weight: weight(r.interest_weight),
            approval_weight: weight(own_interest),
            rewatch: libm::round(r.rewatch_max * 256.0) as u32,
            end_drop: units(r.end_drop),
            people: scenario.approval_spread(),
            stay: (logit(scenario.stay.hazard), scenario.stay.strength, scenario.stay.usual),
        }
    }

    /// User and topic parts of attention: what a perfect profile of this person would say of the topic.
    #[inline(always)]
    pub fn topic_attention(&self, people: &People, index: usize, topic: usize, interest: i8) -> i32 {
        let x = i32::from(interest);
        i32::from(people.attention[index])
            + self.appeal[people.region[index] as usize * self.topics + topic]
            + ((x * self.interest_weight) >> 8)
    }

    /// Log-odds of a valid play by a person of average attention, and of a like by such people, whose approval is spread: what a platform
    /// would believe that knew all.
    pub fn true_odds(&self, item: &ItemTruth) -> (f64, f64) {
        let (valid, approval) = self.true_latents(item);
        let swiped = approval + f64::from(self.base[0][0]) / f64::from(LOGIT);
        (valid, logit(self.law.rate(0, logistic(valid), swiped, &self.people)))
    }

    /// Log-odds of a valid play by a person of average attention, and what topic and post bring to approval, log-odds.
    pub fn true_latents(&self, item: &ItemTruth) -> (f64, f64) {
        let topic = item.topic as usize;
        let unit = f64::from(LOGIT);
        let seconds = f64::from(item.duration) / 10.0;
        // Videos shorter than seven seconds count as played when they are watched to their end.
        let short = -self.law.fall_within(seconds.min(VALID_SECONDS), seconds);
        let common = self.typical[topic] + i32::from(item.attention);
        let approval = self.approval[topic] + i32::from(item.approval) + related(common, self.kinship);
        (f64::from(common) / unit + short, f64::from(approval) / unit)
    }

    /// How far the person at `index` is above the average for a topic, as a profile level: what a platform would have learned
    /// that knew all.
    pub fn true_level(&self, people: &People, index: usize, topic: usize, interest: i8) -> u8 {
        level_of(self.topic_attention(people, index, topic, interest) - self.typical[topic])
    }

    /// The person at `index` on a day, with these interests. `today` is keyed by (user, day), so that with a post's name the noise is the same in
    /// every arm.
    #[inline(always)]
    pub fn watcher<'a>(&'a self, people: &'a People, index: usize, interests: &'a [i8], today: Key) -> Watcher<'a> {
        let region = people.region[index] as usize;
        Watcher {
            today,
            attention: i32::from(people.attention[index]),
            approval: i32::from(people.approval[index]),
            propensity: &people.propensity[index],
            interests,
            appeal: &self.appeal[region * self.topics..(region + 1) * self.topics],
        }
    }

    /// What the topic, the person's interest in it and the post bring to attention: all but the person's own part and the day's
    /// shock.
    #[inline(always)]
    fn common(&self, watcher: &Watcher, item: &ItemTruth) -> i32 {
        let topic = item.topic as usize;
        let x = i32::from(watcher.interests[topic]);
        watcher.appeal[topic] + ((x * self.interest_weight) >> 8) + i32::from(item.attention)
    }

    /// Approval, given what attention has in [`Responder::common`].
    #[inline(always)]
    fn approval(&self, watcher: &Watcher, item: &ItemTruth, common: i32) -> i32 {
        let topic = item.topic as usize;
        let x = i32::from(watcher.interests[topic]);
        let own =
            watcher.approval + self.approval[topic] + ((x * self.approval_weight) >> 8) + i32::from(item.approval);
        own + related(common, self.kinship)
    }

    /// Means of the two latents of a person and a post on a day without shocks, log-odds units.
    pub fn latents(&self, watcher: &Watcher, item: &ItemTruth) -> [i32; 2] {
        let common = self.common(watcher, item);
        [watcher.attention + common, self.approval(watcher, item, common)]
    }

    /// The reaction of a person to a post. `demand` is the topic's shock of the day.
    #[inline(always)]
    pub fn react(&self, watcher: &Watcher, item: &ItemTruth, demand: i16) -> Reaction {
        let first = watcher.today.draw(u64::from(item.name));
        let common = self.common(watcher, item);
        let mean = watcher.attention + common + i32::from(demand);
        let attention = mean + i32::from(self.noise[(first >> 52) as usize]);
        let duration_ms = u32::from(item.duration) * 100;
        let watch_ms = self
            .watched(attention, duration_ms / 10 * 9)
            .min(((u64::from(duration_ms) * u64::from(self.rewatch)) >> 8) as u32);
        let approval = self.approval(watcher, item, common);
        let valid_play = watch_ms >= duration_ms.min(VALID_MS);
        Reaction {
            watch_ms,
            valid_play,
            long_view: watch_ms >= duration_ms.min(LONG_MS),
            like: self.hit(watcher, 0, approval, valid_play, first),
            attention,
        }
    }

    /// Milliseconds watched of a video whose last tenth begins at `late`.
    #[inline(always)]
    fn watched(&self, attention: i32, late: u32) -> u32 {
        let of = |attention: i32| self.watch_ms[(attention.clamp(-REACH, REACH - 1) + REACH) as usize >> WATCH_SHIFT];
        let watched = of(attention);
        if watched > late { of(attention - self.end_drop).max(late) } else { watched }
    }

    /// The four signals that nothing in the simulation goes on from: comment, share, follow, not interested, of a video that was
    /// `played` (a valid play) or swiped away. Made only where somebody looks.
    pub fn other_signals(&self, watcher: &Watcher, item: &ItemTruth, played: bool) -> [bool; 4] {
        let first = watcher.today.draw(u64::from(item.name));
        let second = crate::rng::mix(first ^ 0x5851_f42d_4c95_7f2d);
        let approval = self.approval(watcher, item, self.common(watcher, item));
        [
            self.hit(watcher, 1, approval, played, first >> SIGNAL_BITS),
            self.hit(watcher, 2, approval, played, second),
            self.hit(watcher, 3, approval, played, second >> SIGNAL_BITS),
            // Who approves is less likely to say "not interested".
            self.hit(watcher, 4, -approval, played, second >> (2 * SIGNAL_BITS)),
        ]
    }

    /// Whether a person leaves after a response whose `videos` drew `attention` in sum: the log-odds of leaving fall with the
    /// mean attention.
    pub fn leaves(&self, attention: i32, videos: usize, person: Key, request: u32) -> bool {
        let mean = f64::from(attention) / f64::from(LOGIT) / videos.max(1) as f64;
        let odds = self.stay.0 - self.stay.1 * (mean - self.stay.2);
        person.draw(u64::from(request)) < coin(logistic(odds))
    }

    #[inline(always)]
    fn hit(&self, watcher: &Watcher, signal: usize, approval: i32, played: bool, field: u64) -> bool {
        let l = approval + self.base[usize::from(played)][signal] + i32::from(watcher.propensity[signal]);
        let row = (l.clamp(-REACH, REACH - 1) + REACH) as usize >> SIGNAL_SHIFT;
        ((field & ((1 << SIGNAL_BITS) - 1)) as u32) < self.probability[row]
    }
}

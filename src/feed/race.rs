//! A race: draws without replacement in proportion to weights, some of which change on the way.
//!
//! Every starter arrives after an exponential time at the rate of its weight, so whoever arrives next is a draw in proportion
//! to the weights of those still on their way, and because exponential times have no memory, so is everybody after. What
//! the rules of a response change, they change from a moment on:
//!
//! - the weight of a topic shrinks by a factor: what is left of its runners' times grows by as much;
//! - a runner may not stand in a slot: it starts anew when the slot is filled.
//!
//! One number for each starter serves a whole response and hangs on the post. So a small change of weights moves few draws:
//! the first arrival differs at most twice as often as the two laws do.
//!
//! Most starters never come near the finish. Whose uniform number v alone shows that it arrives after the *horizon*, for
//! −ln(1 − v) ≥ v, is left out without a logarithm; where the horizon is reached, it moves on.

use crate::feed::select::MAX_LEAVES;
use crate::rng::Key;

/// Who starts. Of each: the weight, the topic, the name that its number hangs on, and a mark by which it is admitted.
#[derive(Debug, Clone, Copy)]
pub struct Starters<'a, F> {
    /// Weights.
    pub weights: &'a [f64],
    /// Their sum.
    pub total: f64,
    /// Topics.
    pub topics: &'a [u8],
    /// Names.
    pub names: &'a [u32],
    /// Keys the numbers.
    pub key: Key,
    /// Mark by index.
    pub mark: F,
}

/// Somebody on the way.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Runner {
    /// When it arrives.
    time: f64,
    mark: u32,
    /// Index among the starters.
    index: u16,
    topic: u8,
    /// Whether `time` knows that the topic's weight has shrunk.
    is_delayed: bool,
}

/// What becomes of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is the draw.
    Taken,
    /// It may not stand in this slot.
    NotNow,
    /// It may not stand in this response any more.
    Gone,
}

/// The race of one response.
#[derive(Debug, Clone)]
pub struct Race {
    /// Everybody who may arrive before the horizon and some who arrive later, the earliest last.
    running: Vec<Runner>,
    /// Those who arrived in a slot that they may not stand in.
    turned_back: Vec<Runner>,
    /// When the last draw arrived.
    clock: f64,
    /// By topic: when its weight shrank; infinite where it has not.
    since: [f64; MAX_LEAVES],
    /// 1 ÷ the factor by which weights shrink; infinite where they vanish.
    slowdown: f64,
    /// The horizon is 2^`reach` ÷ total weight.
    reach: u32,
    horizon: f64,
    /// Runners whose marks are asked for beforehand.
    soon: usize,
    /// By starter: its number, and whether it comes into sight.
    words: Vec<u64>,
    sighted: Vec<u8>,
}

/// Powers of two by which the horizon moves on.
const STRIDE: u32 = 3;
/// From here on everybody is within the horizon.
const EVERYBODY: u32 = 64;
/// The mark of a runner whose mark has not been asked for.
const UNKNOWN: u32 = u32::MAX;
/// More marks than arrivals that are asked for: some arrive in vain.
const SPARE: usize = 3;
/// Starters whose flags are read at a time.
const GROUP: usize = 8;

impl Race {
    /// No race.
    pub const fn new() -> Self {
        Self {
            running: Vec::new(),
            turned_back: Vec::new(),
            clock: 0.0,
            since: [f64::INFINITY; MAX_LEAVES],
            slowdown: 1.0,
            reach: 0,
            horizon: 0.0,
            soon: 0,
            words: Vec::new(),
            sighted: Vec::new(),
        }
    }

    /// Starts it: weights may shrink by `factor` (0 to 1), and about `arrivals` will be asked for.
    #[inline(always)]
    pub fn start(&mut self, starters: &Starters<impl Fn(u32) -> u32>, factor: f64, arrivals: u32) {
        self.running.clear();
        self.turned_back.clear();
        self.clock = 0.0;
        self.since.fill(f64::INFINITY);
        self.slowdown = 1.0 / factor;
        self.soon = arrivals as usize + SPARE;
        let count = starters.names.len();
        self.words.resize(count, 0);
        self.sighted.resize(count.next_multiple_of(GROUP), 0);
        for (word, &name) in self.words.iter_mut().zip(starters.names) {
            *word = starters.key.draw(u64::from(name));
        }
        self.horizon = -1.0;
        self.look(
            starters,
            if starters.total > 0.0 { arrivals.next_power_of_two().trailing_zeros() + 1 } else { EVERYBODY },
        );
    }

    /// Moves the horizon and takes in who comes into sight.
    #[inline(always)]
    fn look(&mut self, starters: &Starters<impl Fn(u32) -> u32>, reach: u32) {
        // A hair beyond the horizon, so that rounding hides nobody.
        const HAIR: f64 = 1.0 + 1e-9;
        let near = self.horizon * HAIR;
        self.reach = reach;
        self.horizon = if reach < EVERYBODY { (1u64 << reach) as f64 / starters.total } else { f64::INFINITY };
        let far = self.horizon * HAIR;
        for ((sighted, &word), &weight) in self.sighted.iter_mut().zip(&self.words).zip(starters.weights) {
            let v = uniform(word);
            *sighted = u8::from(v <= weight * far) & u8::from(v > weight * near);
        }
        // Behind the last starter stand flags of a longer race.
        self.sighted[self.words.len()..].fill(0);
        let (groups, _) = self.sighted.as_chunks::<GROUP>();
        for (group, flags) in groups.iter().enumerate() {
            let mut flags = u64::from_le_bytes(*flags);
            while flags != 0 {
                let index = group * GROUP + flags.trailing_zeros() as usize / 8;
                flags &= flags - 1;
                let time = exponential(self.words[index]) / starters.weights[index];
                let topic = starters.topics[index];
                self.running.push(Runner { time, mark: UNKNOWN, index: index as u16, topic, is_delayed: false });
            }
        }
        sort(&mut self.running);
        // The marks of those who come first, in a short loop of their own: they lie far apart, and so their cache misses overlap.
        let soon = self.running.len().saturating_sub(self.soon);
        for runner in &mut self.running[soon..] {
            runner.mark = (starters.mark)(runner.index.into());
        }
    }

    /// Who arrives next, as far as `admit` lets it by its index and mark.
    #[inline(always)]
    pub fn next(
        &mut self,
        starters: &Starters<impl Fn(u32) -> u32>,
        mut admit: impl FnMut(u32, u32) -> Admission,
    ) -> Option<(u32, u32)> {
        loop {
            let runner = self.arrive(starters)?;
            let index = u32::from(runner.index);
            let mark = if runner.mark == UNKNOWN { (starters.mark)(index) } else { runner.mark };
            match admit(index, mark) {
                Admission::Taken => {
                    self.clock = runner.time;
                    return Some((index, mark));
                }
                Admission::Gone => {}
                Admission::NotNow => self.turned_back.push(runner),
            }
        }
    }

    /// The next arrival.
    #[inline(always)]
    fn arrive(&mut self, starters: &Starters<impl Fn(u32) -> u32>) -> Option<Runner> {
        loop {
            let first = self.running.last().copied().filter(|runner| runner.time <= self.horizon);
            if let Some(runner) = first {
                self.running.pop();
                let since = self.since[runner.topic as usize & (MAX_LEAVES - 1)];
                if runner.is_delayed || since == f64::INFINITY {
                    return Some(runner);
                }
                // What is left of its time since then takes longer.
                self.run(Runner { time: since + (runner.time - since) * self.slowdown, is_delayed: true, ..runner });
            } else if self.reach < EVERYBODY {
                self.look(starters, self.reach + STRIDE);
            } else {
                return None;
            }
        }
    }

    /// Puts a runner among the others; one that never arrives is left out.
    #[inline(always)]
    fn run(&mut self, runner: Runner) {
        if runner.time < f64::INFINITY {
            self.running.push(runner);
            sink(&mut self.running);
        }
    }

    /// From the last draw on, the weights of a topic are smaller by the factor; once in a race.
    #[inline(always)]
    pub fn shrink(&mut self, topic: u8) {
        let since = &mut self.since[topic as usize & (MAX_LEAVES - 1)];
        *since = since.min(self.clock);
    }

    /// A slot is filled: those who could not stand in it start anew from the last draw on. `again` gives a new number to each.
    #[inline(always)]
    pub fn readmit(&mut self, starters: &Starters<impl Fn(u32) -> u32>, again: impl Fn(u32) -> u64) {
        while let Some(runner) = self.turned_back.pop() {
            let is_delayed = self.since[runner.topic as usize & (MAX_LEAVES - 1)] < f64::INFINITY;
            let left = exponential(again(runner.index.into())) / starters.weights[runner.index as usize];
            let time = self.clock + if is_delayed { left * self.slowdown } else { left };
            self.run(Runner { time, is_delayed, ..runner });
        }
    }
}

impl Default for Race {
    fn default() -> Self {
        Self::new()
    }
}

/// Sorts the earliest to the end: the list is short.
#[inline(always)]
fn sort(runners: &mut [Runner]) {
    for end in 2..=runners.len() {
        sink(&mut runners[..end]);
    }
}

/// Sorts the last of a list in whose others are sorted.
#[inline(always)]
fn sink(runners: &mut [Runner]) {
    let Some((&last, _)) = runners.split_last() else { return };
    let mut at = runners.len() - 1;
    while at > 0 && runners[at - 1].time < last.time {
        runners[at] = runners[at - 1];
        at -= 1;
    }
    runners[at] = last;
}

/// The first 52 bits of word ÷ 2⁶⁴.
#[inline(always)]
const fn uniform(word: u64) -> f64 {
    f64::from_bits(word >> 12 | 0x3ff0_0000_0000_0000) - 1.0
}

/// −ln(1 − word ÷ 2⁶⁴).
#[inline(always)]
pub(super) fn exponential(word: u64) -> f64 {
    const UNIT: f64 = 1.0 / 18_446_744_073_709_551_616.0;
    -libm::log(((!word) as f64 + 1.0) * UNIT)
}

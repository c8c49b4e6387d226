//! Selection: a response filled slot by slot, each slot drawing an eligible post with weight V⁺^(1/τ)·r.
//!
//! The order of draws is topic → variant → cell → post. A post that is not allowed (seen, or by the creator of the slot
//! before) rejects the draw and restarts it from the topic; after sixteen rejections the law is enumerated exactly over
//! what is left. The topic is drawn down a keyed binary tree: a small change of one mass moves few draws.
//!
//! There are two ways to the same draws. [`Selector::respond`] makes the first draw of a slot in stages over many people
//! and turns to [`fill`] for what is rarer. Where tilts put rules on an arm that masses cannot express ([`Special`]), every
//! slot is filled by [`fill`] alone: the stages never see such a tilt.
//!
//! [`Special`]: crate::feed::rules::Special

mod draw;
mod fill;
mod lane;
mod odds;
mod seen;
mod tree;

pub(super) use fill::{Fill, draw_from_topic, pick};
pub use lane::{CHUNK, Lane, View};
pub use odds::Odds;
pub use seen::Seen;
pub use tree::leaf_order;
pub(super) use tree::{Branches, MAX_LEAVES, Tree};

use crate::feed::candidates::Scored;
use crate::feed::choose::Normals;
use crate::feed::retrieve::Retriever;
use crate::feed::rules::scale;
use crate::rng::coin;
use crate::scenario::{Choice, Engine, Scenario};
use crate::trace::{SELECTION_COUNTS, Source};
use crate::unit::LEVELS;
use crate::world::Named;
use draw::{high, low, place};
use lane::Draft;

/// Draws rejected before the slow path.
pub const ATTEMPTS: u64 = 16;
/// Most slots of a response.
pub const MOST_SLOTS: usize = 64;
/// Most lanes side by side.
pub const MOST_LANES: usize = 32;

/// One filled slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Index into [`Tables::entries`](crate::feed::Tables::entries).
    pub entry: u32,
    /// Topic.
    pub topic: u8,
    /// Attention row of its tier on the belief grid.
    pub row: u8,
    /// Which kind of slot it was.
    pub source: Source,
}

/// How selection went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Acceptance {
    /// Draws rejected because the post was seen, its creator stood in the slot before, a rule keeps it from the person, or (in
    /// a pool) its topic was in the response and the re-rank coin fell against it.
    pub rejected: u64,
    /// Slots filled by exact enumeration.
    pub slow: u64,
    /// Slots asked for that nothing was left for.
    pub unserved: u64,
    /// Slots that the coin of a heating gave away.
    pub heats: u64,
    /// Those of them for which no heated post was left: they were filled as any other.
    pub unheated: u64,
}

impl Acceptance {
    /// The counts, in the order of the fields.
    pub const fn counts(self) -> [u64; SELECTION_COUNTS] {
        [self.rejected, self.slow, self.unserved, self.heats, self.unheated]
    }

    /// Sums two.
    pub fn add(&mut self, other: Self) {
        self.rejected += other.rejected;
        self.slow += other.slow;
        self.unserved += other.unserved;
        self.heats += other.heats;
        self.unheated += other.unheated;
    }
}

/// The selection rule of one scenario.
#[derive(Debug, Clone)]
pub struct Selector {
    slots: u32,
    pub(super) branches: Branches,
    /// Retrieval, where the engine has it.
    pub(super) retriever: Option<Retriever>,
    /// Factor on the mass of a topic that is in the response, 2⁻³².
    pub(super) repeat: u64,
    repeat_coin: u64,
    cold_coin: u64,
    /// How a slot is filled from candidates.
    pub(super) choice: Choice,
    /// The coin of [`Choice::EpsilonGreedy`].
    pub(super) epsilon_coin: u64,
    /// The noise of [`Choice::NoisyTop`].
    pub(super) normals: Normals,
}

impl Selector {
    /// From the scenario's feed settings and organic shares.
    pub fn new(scenario: &Scenario) -> Self {
        let regions = &scenario.population.regions;
        let shares: Vec<f64> = scenario
            .topics
            .iter()
            .map(|t| t.share.iter().zip(regions).map(|(share, region)| share * region.share).sum())
            .collect();
        let feed = &scenario.feed;
        Self {
            slots: feed.response,
            branches: Branches::new(&shares),
            retriever: (feed.engine == Engine::Candidates).then(|| Retriever::new(feed, &shares)),
            repeat: libm::round(feed.topic_repeat * (1u64 << 32) as f64) as u64,
            repeat_coin: coin(feed.topic_repeat),
            cold_coin: coin(feed.cold_start_share),
            choice: feed.choice,
            epsilon_coin: coin(feed.epsilon),
            normals: if feed.choice == Choice::NoisyTop { Normals::new() } else { Normals::default() },
        }
    }

    /// Slots of a full response.
    pub const fn slots(&self) -> u32 {
        self.slots
    }

    /// Fills a response for every lane, slot by slot. Each lane's result is what it would be alone: lanes share nothing but
    /// the tables. The first draw of an ordinary slot is made in short stages over all lanes, so that their cache misses
    /// overlap; whatever is rarer (cold start, rejections, exact enumeration) is done lane by lane.
    #[inline(always)]
    pub fn respond<P: Copy + Named>(&self, views: &[View<P>], lanes: &mut [Lane]) {
        if let Some(retriever) = &self.retriever {
            // All lanes use the scratch of the first, which then stays near.
            let mut scratch = lanes[0].scratch.take().unwrap_or_default();
            for (lane, view) in lanes.iter_mut().zip(views) {
                self.respond_from_candidates(retriever, view, lane, &mut scratch, |_, _| {});
            }
            lanes[0].scratch = Some(scratch);
            return;
        }
        for (lane, view) in lanes.iter_mut().zip(views) {
            self.begin(view, lane);
        }
        // Beside the lanes, whose parts lie far apart: what is read and written in every stage stays together.
        let mut drafts = [Draft::default(); MOST_LANES];
        for slot in 0..u64::from(self.slots) {
            for ((lane, view), draft) in lanes.iter().zip(views).zip(&mut drafts) {
                self.draw_topic(view, lane, slot, draft);
            }
            for (view, draft) in views.iter().zip(&mut drafts) {
                draft.find_eighth(view);
            }
            for ((lane, view), draft) in lanes.iter().zip(views).zip(&mut drafts) {
                draft.find_entry(view, lane.request, slot);
            }
            for (view, draft) in views.iter().zip(&mut drafts) {
                if draft.drawn {
                    draft.creator = view.entries[draft.entry as usize].creator;
                }
            }
            for ((lane, view), draft) in lanes.iter_mut().zip(views).zip(&drafts) {
                self.fill(view, lane, slot, draft);
            }
        }
    }

    /// Fills a response for one lane, every slot with all rules of the lane's class. Where there are none beyond masses, the
    /// result is that of [`Selector::respond`]. `before` is shown the lane, and the candidates where there are any, before
    /// each slot that is to be filled.
    #[inline(never)]
    pub fn respond_carefully<P: Copy + Named>(
        &self,
        view: &View<P>,
        lane: &mut Lane,
        before: &mut dyn FnMut(&mut Lane, Option<&Scored>),
    ) {
        if let Some(retriever) = self.retriever.as_ref().filter(|_| view.special.retrieves()) {
            let mut scratch = lane.scratch.take().unwrap_or_default();
            self.respond_from_candidates(retriever, view, lane, &mut scratch, |lane, scored| {
                before(lane, Some(scored));
            });
            lane.scratch = Some(scratch);
            return;
        }
        self.begin(view, lane);
        for slot in 0..u64::from(self.slots) {
            if !lane.open {
                return;
            }
            before(lane, None);
            let chosen = Fill { selector: self, view, lane, slot }.slot();
            self.take(view, lane, slot, chosen);
        }
    }

    /// The tree of a response before its first slot.
    #[inline(always)]
    fn begin<P>(&self, view: &View<P>, lane: &mut Lane) {
        lane.candidates += u64::from(!lane.gone) * view.stripe.posts() as u64;
        if lane.planted {
            self.mend(view, lane);
        } else {
            self.plant(view, &lane.profile, &mut lane.tree);
            lane.planted = true;
        }
        lane.begin();
    }

    /// First stage of a slot: the coin of the cold start and the walk down the topic tree.
    #[inline(always)]
    fn draw_topic<P>(&self, view: &View<P>, lane: &Lane, slot: u64, draft: &mut Draft) {
        let total = lane.tree.total;
        let pool = &view.stripe.pool;
        let word = lane.word(slot, 0, draw::COIN_AND_CELL);
        draft.cold = !pool.is_empty() && low(word) < self.cold_coin;
        draft.drawn = lane.open && (draft.cold || total > 0);
        if !draft.drawn {
            // What is left of the last draft points at valid places, and nobody will look at it.
            return;
        }
        if draft.cold {
            draft.entry = lane.request.position(place(slot, draw::POOL, draw::POSITION), pool.len() as u32);
            return;
        }
        let topic = self.branches.walk(&lane.tree, lane.request, slot, 0);
        let level = lane.profile[topic];
        draft.topic = topic as u8;
        draft.level = level;
        draft.row = lane::draw_row(view, lane.request, slot, 0, topic, level) as u32;
        draft.target = high(word);
    }

    /// Last stage of a slot: takes the draft if it is allowed, or finds another.
    #[inline(always)]
    fn fill<P: Copy + Named>(&self, view: &View<P>, lane: &mut Lane, slot: u64, draft: &Draft) {
        if !lane.open {
            return;
        }
        let allowed = draft.drawn && draft.creator != lane.creator && !lane.seen.contains(draft.entry);
        // A pooled post of a topic that is in the response passes the re-rank factor as a coin.
        let kept = !draft.cold
            || lane.present & (1 << draft.topic) == 0
            || lane.word(slot, draw::POOL, draw::REPEAT) < self.repeat_coin;
        if allowed && kept {
            self.put(lane, draft.chosen(), draft.creator, self.repeat);
        } else {
            let chosen = Fill { selector: self, view, lane, slot }.again(draft);
            self.take(view, lane, slot, chosen);
        }
    }

    /// Puts what was found into the response, or ends it.
    fn take<P: Copy>(&self, view: &View<P>, lane: &mut Lane, slot: u64, chosen: Option<Chosen>) {
        if let Some(chosen) = chosen {
            let repeat = view.special.repeat(self.repeat);
            self.put(lane, chosen, view.entries[chosen.entry as usize].creator, repeat);
        } else {
            lane.acceptance.unserved += u64::from(self.slots) - slot;
            lane.open = false;
        }
    }

    /// Puts a post into the response; its topic's mass shrinks by the re-rank factor, once. Without a branch on whether the
    /// topic is in the response already, which nothing could predict.
    #[inline(always)]
    fn put(&self, lane: &mut Lane, chosen: Chosen, creator: u32, repeat: u64) {
        let topic = chosen.topic as usize & (MAX_LEAVES - 1);
        let is_new = lane.present & (1 << topic) == 0;
        let mass = lane.tree.mass[topic];
        let less = (mass - scale(mass, repeat)) * u64::from(is_new);
        self.branches.add(&mut lane.tree, topic, less.wrapping_neg());
        lane.note(chosen, creator);
    }

    /// Writes the masses of a profile into a tree.
    #[inline(always)]
    fn plant<P>(&self, view: &View<P>, profile: &[u8; MAX_LEAVES], tree: &mut Tree) {
        tree.clear();
        let (masses, _) = view.masses.as_chunks::<LEVELS>();
        for (topic, (of_topic, &level)) in masses.iter().zip(profile).enumerate() {
            self.branches.add(tree, topic, of_topic[level as usize]);
        }
    }

    /// Makes the tree of the last response that of the next: only the topics that were in it have another mass.
    #[inline(always)]
    fn mend<P>(&self, view: &View<P>, lane: &mut Lane) {
        let mut left = lane.present;
        while left != 0 {
            let topic = left.trailing_zeros() as usize;
            left &= left - 1;
            let mass = view.masses[topic * LEVELS + lane.profile[topic] as usize];
            let more = mass.wrapping_sub(lane.tree.mass[topic]);
            self.branches.add(&mut lane.tree, topic, more);
        }
    }
}

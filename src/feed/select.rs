//! Selection: a response filled slot by slot, each slot drawing an eligible post with weight V⁺^(1/τ)·r.
//!
//! The order of draws is topic → variant → cell → post. A post that is not allowed (seen, or by the creator of the slot
//! before) rejects the draw and restarts it from the topic; after sixteen rejections the law is enumerated exactly over
//! what is left. The topic is drawn down a keyed binary tree: a small change of one mass moves few draws.

use crate::feed::index::{Entry, Shape, StripeTable, Tables};
use crate::feed::rules::scale;
use crate::feed::{Learner, ScoreTable};
use crate::rng::{Key, below, coin};
use crate::scenario::Scenario;
use crate::unit::LEVELS;

/// Draws rejected before the slow path.
pub const ATTEMPTS: u64 = 16;
/// Leaves of the topic tree, a power of two of at least the number of topics.
const MAX_LEAVES: usize = 64;
/// Its levels.
const MAX_DEPTH: usize = 6;
/// Most slots of a response.
pub const MOST_SLOTS: usize = 64;

/// Places of the draws within a request: slot × 2¹⁶ + attempt × 2⁸ + one of these.
mod draw {
    /// The coin of the cold start in the low half, the cell in the high half.
    pub const COIN_AND_CELL: u64 = 0;
    /// Up to six levels of the tree, two to a word, the upper in the low half: 1 … 3.
    pub const TREE: u64 = 1;
    pub const VARIANT: u64 = 7;
    pub const REPEAT: u64 = 9;
    pub const SLOW: u64 = 10;
    pub const POSITION: u64 = 16;
    /// Attempts in the cold-start pool are numbered from here.
    pub const POOL: u64 = 32;
}

/// One filled slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Index into [`Tables::entries`].
    pub entry: u32,
    /// Topic.
    pub topic: u8,
    /// Attention row of its tier on the belief grid.
    pub row: u8,
    /// From the cold-start pool.
    pub cold: bool,
}

/// How selection went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Acceptance {
    /// Draws rejected because the post was seen, its creator stood in the slot before, or (in the pool) its topic was in the
    /// response and the re-rank coin fell against it.
    pub rejected: u64,
    /// Slots filled by exact enumeration.
    pub slow: u64,
    /// Slots asked for that nothing was left for.
    pub unserved: u64,
}

impl Acceptance {
    /// Sums two.
    pub fn add(&mut self, other: Self) {
        self.rejected += other.rejected;
        self.slow += other.slow;
        self.unserved += other.unserved;
    }
}

/// Posts a person has seen in this epoch: an exact set, cleared for each person.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Entry + 1, 0 for free; open addressing.
    table: Vec<u32>,
    mask: usize,
    /// What is in, in order; the first `count`.
    list: Vec<u32>,
    count: usize,
    /// Posts of each cell that are not in the set, made on the first slow path and kept up from then on.
    left: Vec<u32>,
    /// How many of `list` are taken out of `left`.
    counted: usize,
    /// One bit per hash of a post that is in: most look-ups end at a bit that is not set.
    filter: Vec<u64>,
}

/// Bits of the filter per place of the table.
const FILTER_BITS: usize = 16;

impl Seen {
    /// An empty set.
    pub fn new() -> Self {
        Self {
            table: vec![0; 64],
            mask: 63,
            list: vec![0; 64],
            count: 0,
            left: Vec::new(),
            counted: 0,
            filter: vec![0; 64 * FILTER_BITS / 64],
        }
    }

    /// Empties it and makes room for `most` posts.
    #[inline(always)]
    pub fn reset(&mut self, most: usize) {
        let size = (2 * most).next_power_of_two().max(64);
        if size > self.table.len() {
            self.table.resize(size, 0);
            self.list.resize(size, 0);
            self.filter.resize(size * FILTER_BITS / 64, 0);
        }
        self.mask = size - 1;
        self.table[..size].fill(0);
        self.filter[..size * FILTER_BITS / 64].fill(0);
        self.count = 0;
        self.counted = 0;
    }

    /// Posts of each cell of the stripe that are not in the set.
    fn left(&mut self, stripe: &StripeTable) -> &mut Vec<u32> {
        if self.counted == 0 {
            self.left.clone_from(&stripe.counts);
        }
        for &entry in &self.list[self.counted..self.count] {
            self.left[stripe.cell_of(entry)] -= 1;
        }
        self.counted = self.count;
        &mut self.left
    }

    #[inline(always)]
    fn first_place(&self, entry: u32) -> usize {
        (entry.wrapping_mul(0x9e37_79b1) >> 7) as usize & self.mask
    }

    /// Word and bit of the filter.
    #[inline(always)]
    fn filter_place(&self, entry: u32) -> (usize, u64) {
        let hash = u64::from(entry).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let bit = hash as usize & (self.mask * FILTER_BITS + FILTER_BITS - 1);
        (bit / 64, 1 << (bit % 64))
    }

    /// Whether `entry` is in it.
    #[inline(always)]
    pub fn contains(&self, entry: u32) -> bool {
        let (word, bit) = self.filter_place(entry);
        self.filter[word] & bit != 0 && self.probe(entry)
    }

    #[inline(never)]
    fn probe(&self, entry: u32) -> bool {
        let mut place = self.first_place(entry);
        loop {
            match self.table[place] {
                0 => return false,
                e if e == entry + 1 => return true,
                _ => place = (place + 1) & self.mask,
            }
        }
    }

    /// Puts `entry` in.
    #[inline(always)]
    pub fn insert(&mut self, entry: u32) {
        let mut place = self.first_place(entry);
        while self.table[place] != 0 {
            place = (place + 1) & self.mask;
        }
        self.table[place] = entry + 1;
        let (word, bit) = self.filter_place(entry);
        self.filter[word] |= bit;
        self.list[self.count] = entry;
        self.count += 1;
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self::new()
    }
}

/// Order of topics along the leaves of the tree, level by level: the largest share is paired with the smallest, the second
/// largest with the second smallest, and an odd one in the middle with nothing. A small topic's node is then large from the
/// second level up, and few draws change with its mass. `order[leaf]` is a topic or `None`.
pub fn leaf_order(shares: &[f64]) -> Vec<Option<usize>> {
    let mut groups: Vec<(f64, Vec<Option<usize>>)> =
        shares.iter().enumerate().map(|(topic, &share)| (share, vec![Some(topic)])).collect();
    while groups.len() > 1 {
        groups.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let width = groups[0].1.len();
        if groups.len() % 2 == 1 {
            groups.insert(groups.len() / 2 + 1, (0.0, vec![None; width]));
        }
        let small = groups.split_off(groups.len() / 2);
        for (large, small) in groups.iter_mut().zip(small.into_iter().rev()) {
            large.0 += small.0;
            large.1.extend(small.1);
        }
    }
    groups.pop().map_or_else(Vec::new, |group| group.1)
}

/// The selection rule of one scenario.
#[derive(Debug, Clone)]
pub struct Selector {
    slots: u32,
    depth: u32,
    /// Topic of each node that is a leaf with a topic; no draw ends at any other.
    topic_of: [u8; 256],
    /// By topic: nodes in whose left half it lies, filled up with 0.
    path_of: [[u8; MAX_DEPTH]; MAX_LEAVES],
    /// Factor on the mass of a topic that is in the response, 2⁻³².
    repeat: u64,
    repeat_coin: u64,
    cold_coin: u64,
}

/// What one person's requests are filled from.
#[derive(Debug, Clone, Copy)]
pub struct View<'a, P> {
    /// Shape of the cells.
    pub shape: &'a Shape,
    /// All posts.
    pub entries: &'a [Entry<P>],
    /// The person's stripe.
    pub stripe: &'a StripeTable,
    /// Masses of the person's class.
    pub masses: &'a [u64],
    /// Factors of the person's class.
    pub factors: &'a [u64],
    /// The score.
    pub score: &'a ScoreTable,
}

impl<'a, P> View<'a, P> {
    /// The view of a policy class on a stripe.
    #[inline(always)]
    pub fn new(
        tables: &'a Tables<P>,
        rules: &'a crate::feed::Rules,
        score: &'a ScoreTable,
        stripe: usize,
        class: usize,
    ) -> Self {
        let part = &tables.stripes[stripe];
        let tilted = &part.tilted[class];
        Self {
            shape: &tables.shape,
            entries: &tables.entries,
            stripe: part,
            masses: if tilted.is_empty() { &part.base } else { tilted },
            factors: &rules.factors[class],
            score,
        }
    }
}

/// One person's place in a batch: what selection needs of them, and what it found.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Profile levels.
    pub profile: [u8; MAX_LEAVES],
    /// Keys the draws of the request.
    pub request: Key,
    /// Posts seen in this epoch.
    pub seen: Seen,
    /// The response; see [`Lane::chosen`].
    response: [Chosen; MOST_SLOTS],
    filled: usize,
    /// How selection went, over all requests of the lane.
    pub acceptance: Acceptance,
    /// Total mass before the first slot.
    pub total: u64,
    tree: Tree,
    creator: u32,
    present: u64,
    open: bool,
    /// Whether the tree holds the masses of the profile, but for topics that are in the last response.
    planted: bool,
    draft: Draft,
}

impl Lane {
    /// An empty lane.
    pub fn new() -> Self {
        Self {
            profile: [0; MAX_LEAVES],
            request: Key::root(0, 0),
            seen: Seen::new(),
            response: [Chosen { entry: 0, topic: 0, row: 0, cold: false }; MOST_SLOTS],
            filled: 0,
            acceptance: Acceptance::default(),
            total: 0,
            tree: Tree { total: 0, left: [0; 256], mass: [0; MAX_LEAVES] },
            creator: u32::MAX,
            present: 0,
            open: false,
            planted: false,
            draft: Draft::default(),
        }
    }

    /// Makes room for a person who will be shown at most `most` posts.
    #[inline(always)]
    pub fn enter(&mut self, most: usize) {
        self.seen.reset(most);
        self.acceptance = Acceptance::default();
        self.planted = false;
    }

    /// Says that levels have moved of topics that were not in the last response.
    #[inline(always)]
    pub fn plant_anew(&mut self) {
        self.planted = false;
    }

    /// The response.
    #[inline(always)]
    pub fn chosen(&self) -> &[Chosen] {
        &self.response[..self.filled.min(MOST_SLOTS)]
    }

    /// Moves the profile once for the response; see [`Learner::learn`].
    #[inline(always)]
    pub fn learn(&mut self, learner: &Learner, topics: usize, valid: u64, key: Key) {
        let filled = self.filled.min(MOST_SLOTS);
        learner.learn(&mut self.profile[..topics], &self.response[..filled], valid, key);
        self.planted &= learner.is_local();
    }

    /// Topics in the response, one bit each.
    #[inline(always)]
    pub const fn present(&self) -> u64 {
        self.present
    }

    #[inline(always)]
    fn begin(&mut self) {
        self.total = self.tree.total;
        self.filled = 0;
        self.creator = u32::MAX;
        self.present = 0;
        self.open = true;
        self.draft = Draft::default();
    }

    #[inline(always)]
    fn word(&self, slot: u64, attempt: u64, what: u64) -> u64 {
        self.request.draw(place(slot, attempt, what))
    }
}

impl Default for Lane {
    fn default() -> Self {
        Self::new()
    }
}

#[inline(always)]
const fn place(slot: u64, attempt: u64, what: u64) -> u64 {
    slot << 16 | attempt << 8 | what
}

/// The low half of a word, as a word with 32 random bits at its top: two draws from one mix. Probabilities are met within
/// 2⁻³².
#[inline(always)]
const fn low(word: u64) -> u64 {
    word << 32
}

/// The high half.
#[inline(always)]
const fn high(word: u64) -> u64 {
    word >> 32 << 32
}

/// Cells whose masses are added up without looking in between.
pub const CHUNK: usize = 8;

/// The first draw of a slot on its way through the stages.
#[derive(Debug, Clone, Copy, Default)]
struct Draft {
    drawn: bool,
    cold: bool,
    topic: u8,
    level: u8,
    eighth: u8,
    attention_row: u8,
    row: u32,
    entry: u32,
    creator: u32,
    target: u64,
    /// Running sum before the eighth.
    sum: u64,
}

impl Draft {
    /// Which eighth of the row the target falls into.
    #[inline(always)]
    fn find_eighth<P>(&mut self, view: &View<P>) {
        let sums = &view.stripe.eighths[self.row as usize * LEVELS + self.level as usize].0;
        self.target = below(self.target, sums[7]);
        let eighth: usize = sums[..7].iter().map(|&sum| usize::from(sum <= self.target)).sum();
        self.sum = if eighth == 0 { 0 } else { sums[(eighth + 7) & 7] };
        self.eighth = eighth as u8;
    }

    /// Which cell of the eighth, and which post of the cell.
    #[inline(always)]
    fn find_entry<P>(&mut self, view: &View<P>, request: Key, slot: u64) {
        if self.cold && self.drawn {
            let post = &view.stripe.pool[self.entry as usize];
            (self.entry, self.topic, self.attention_row) = (post.entry, post.topic, post.row);
        } else if self.drawn {
            (self.entry, self.attention_row) = self.find(view, request, slot, 0);
        }
    }

    #[inline(always)]
    fn find<P>(&self, view: &View<P>, request: Key, slot: u64, attempt: u64) -> (u32, u8) {
        let shape = view.shape;
        let row = self.row as usize;
        let size = shape.eighth();
        let mut cell = self.eighth as usize * size;
        let counts = &view.stripe.counts[row * shape.cells + cell..];
        let units = &view.score.units[self.level as usize * shape.cells + cell..];
        let (mut sum, target) = (self.sum, self.target);
        let mut from = 0;
        // By eights, and so perhaps beyond the eighth: there the sum is above the target and counts nothing more.
        while from < size {
            for (&n, &u) in counts[from..from + CHUNK].iter().zip(&units[from..from + CHUNK]) {
                sum += u64::from(n) * u;
                cell += usize::from(sum <= target);
            }
            from += CHUNK;
        }
        let first = view.stripe.start[row * shape.cells + cell];
        let members = view.stripe.counts[row * shape.cells + cell];
        let entry = first + request.position(place(slot, attempt, draw::POSITION), members);
        (entry, view.score.attention_row[cell])
    }

    #[inline(always)]
    const fn chosen(&self) -> Chosen {
        Chosen { entry: self.entry, topic: self.topic, row: self.attention_row, cold: self.cold }
    }
}

/// The variant of a topic, in proportion to its mass after factors.
#[inline(always)]
fn draw_row<P>(view: &View<P>, request: Key, slot: u64, attempt: u64, topic: usize, level: u8) -> usize {
    let variants = view.shape.variants.count();
    let first = topic * variants;
    if variants == 1 {
        return first;
    }
    let word = request.draw(place(slot, attempt, draw::VARIANT));
    let target = below(word, view.masses[topic * LEVELS + level as usize]);
    let mut sum = 0;
    for row in first..first + variants {
        sum += scale(view.stripe.base[row * LEVELS + level as usize], view.factors[row]);
        if target < sum {
            return row;
        }
    }
    first + variants - 1
}

/// Masses along the topic tree. Node 1 is the root, node n has the children 2n and 2n + 1. A node keeps the mass of its left
/// half alone: what is needed on the way down, and half of what a change would have to touch.
#[derive(Debug, Clone)]
struct Tree {
    total: u64,
    /// By node; place 0 belongs to none and takes what paths are filled up with. An index is a byte, so that none needs checking.
    left: [u64; 256],
    /// By topic, re-rank factor included.
    mass: [u64; MAX_LEAVES],
}

impl Tree {
    /// Adds to the mass of a topic, modulo 2⁶⁴. `path` holds the nodes in whose left half it lies.
    #[inline(always)]
    fn add(&mut self, topic: usize, path: [u8; MAX_DEPTH], more: u64) {
        self.total = self.total.wrapping_add(more);
        let mass = &mut self.mass[topic & (MAX_LEAVES - 1)];
        *mass = mass.wrapping_add(more);
        for node in path {
            let left = &mut self.left[node as usize];
            *left = left.wrapping_add(more);
        }
    }
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
        let order = leaf_order(&shares);
        let mut topic_of = [0u8; 256];
        let mut path_of = [[0u8; MAX_DEPTH]; MAX_LEAVES];
        for (leaf, topic) in order.iter().enumerate() {
            if let Some(topic) = *topic {
                let mut node = order.len() + leaf;
                topic_of[node] = topic as u8;
                for above in &mut path_of[topic] {
                    let is_left = node.is_multiple_of(2);
                    node /= 2;
                    *above = if is_left { node as u8 } else { 0 };
                }
            }
        }
        let feed = &scenario.feed;
        Self {
            slots: feed.response,
            depth: order.len().trailing_zeros(),
            topic_of,
            path_of,
            repeat: libm::round(feed.topic_repeat * (1u64 << 32) as f64) as u64,
            repeat_coin: coin(feed.topic_repeat),
            cold_coin: coin(feed.cold_start_share),
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
    pub fn respond<P: Copy>(&self, views: &[View<P>], lanes: &mut [Lane]) {
        for (lane, view) in lanes.iter_mut().zip(views) {
            if lane.planted {
                self.mend(view, lane);
            } else {
                self.plant(view, &lane.profile, &mut lane.tree);
                lane.planted = true;
            }
            lane.begin();
        }
        for slot in 0..self.slots {
            let slot = u64::from(slot);
            for (lane, view) in lanes.iter_mut().zip(views) {
                self.draw_topic(view, lane, slot);
            }
            for (lane, view) in lanes.iter_mut().zip(views) {
                lane.draft.find_eighth(view);
            }
            for (lane, view) in lanes.iter_mut().zip(views) {
                lane.draft.find_entry(view, lane.request, slot);
            }
            for (lane, view) in lanes.iter_mut().zip(views) {
                if lane.draft.drawn {
                    lane.draft.creator = view.entries[lane.draft.entry as usize].creator;
                }
            }
            for (lane, view) in lanes.iter_mut().zip(views) {
                self.fill(view, lane, slot);
            }
        }
    }

    /// First stage of a slot: the coin of the cold start and the walk down the topic tree.
    #[inline(always)]
    fn draw_topic<P>(&self, view: &View<P>, lane: &mut Lane, slot: u64) {
        let total = lane.tree.total;
        let pool = &view.stripe.pool;
        let word = lane.word(slot, 0, draw::COIN_AND_CELL);
        lane.draft.cold = !pool.is_empty() && low(word) < self.cold_coin;
        lane.draft.drawn = lane.open && (lane.draft.cold || total > 0);
        if !lane.draft.drawn {
            // What is left of the last draft points at valid places, and nobody will look at it.
            return;
        }
        if lane.draft.cold {
            lane.draft.entry = lane.request.position(place(slot, draw::POOL, draw::POSITION), pool.len() as u32);
            return;
        }
        let topic = self.walk(&lane.tree, lane.request, slot, 0);
        let level = lane.profile[topic];
        lane.draft.topic = topic as u8;
        lane.draft.level = level;
        lane.draft.row = draw_row(view, lane.request, slot, 0, topic, level) as u32;
        lane.draft.target = high(word);
    }

    /// A topic, down the keyed tree.
    #[inline(always)]
    fn walk(&self, tree: &Tree, request: Key, slot: u64, attempt: u64) -> usize {
        let step = |(node, mass): (usize, u64), half: u64| {
            let left = tree.left[node & 255];
            let is_right = below(half, mass) >= left;
            (2 * node + usize::from(is_right), if is_right { mass - left } else { left })
        };
        let mut at = (1, tree.total);
        for pair in 0..self.depth / 2 {
            let word = request.draw(place(slot, attempt, draw::TREE + u64::from(pair)));
            at = step(step(at, low(word)), high(word));
        }
        if self.depth % 2 == 1 {
            let word = request.draw(place(slot, attempt, draw::TREE + u64::from(self.depth / 2)));
            at = step(at, low(word));
        }
        self.topic_of[at.0 & 255] as usize & (MAX_LEAVES - 1)
    }

    /// Last stage of a slot: takes the draft if it is allowed, or finds another.
    #[inline(always)]
    fn fill<P: Copy>(&self, view: &View<P>, lane: &mut Lane, slot: u64) {
        if !lane.open {
            return;
        }
        let draft = &lane.draft;
        let allowed = draft.drawn && draft.creator != lane.creator && !lane.seen.contains(draft.entry);
        // A pooled post of a topic that is in the response passes the re-rank factor as a coin.
        let kept = !draft.cold
            || lane.present & (1 << draft.topic) == 0
            || lane.word(slot, draw::POOL, draw::REPEAT) < self.repeat_coin;
        let chosen = if allowed && kept {
            Some((draft.chosen(), draft.creator))
        } else {
            let chosen = Fill { selector: self, view, lane, slot }.again();
            chosen.map(|chosen| (chosen, view.entries[chosen.entry as usize].creator))
        };
        let Some((chosen, creator)) = chosen else {
            lane.acceptance.unserved += u64::from(self.slots) - slot;
            lane.open = false;
            return;
        };
        lane.seen.insert(chosen.entry);
        lane.creator = creator;
        self.repeat_topic(&mut lane.tree, chosen.topic, lane.present & (1 << chosen.topic) != 0);
        lane.present |= 1 << chosen.topic;
        lane.response[lane.filled & (MOST_SLOTS - 1)] = chosen;
        lane.filled += 1;
    }

    /// Writes the masses of a profile into a tree.
    #[inline(always)]
    fn plant<P>(&self, view: &View<P>, profile: &[u8; MAX_LEAVES], tree: &mut Tree) {
        tree.total = 0;
        tree.left[..MAX_LEAVES].fill(0);
        tree.mass.fill(0);
        let (masses, _) = view.masses.as_chunks::<LEVELS>();
        for (topic, (of_topic, &level)) in masses.iter().zip(profile).enumerate() {
            tree.add(topic, self.path_of[topic], of_topic[level as usize]);
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
            lane.tree.add(topic, self.path_of[topic], more);
        }
    }

    /// A topic enters the response: its mass shrinks by the re-rank factor, once. Without a branch on `present`, which
    /// nothing could predict.
    #[inline(always)]
    fn repeat_topic(&self, tree: &mut Tree, topic: u8, present: bool) {
        let topic = topic as usize & (MAX_LEAVES - 1);
        let mass = tree.mass[topic];
        let less = (mass - scale(mass, self.repeat)) * u64::from(!present);
        tree.add(topic, self.path_of[topic], less.wrapping_neg());
    }
}

/// The filling of one slot where the first draw did not do: cold start, rejections, exact enumeration.
struct Fill<'a, 'b, P> {
    selector: &'a Selector,
    view: &'a View<'b, P>,
    lane: &'a mut Lane,
    slot: u64,
}

impl<P: Copy> Fill<'_, '_, P> {
    #[inline(always)]
    fn word(&self, attempt: u64, what: u64) -> u64 {
        self.lane.word(self.slot, attempt, what)
    }

    #[inline(always)]
    fn allowed(&self, entry: u32) -> bool {
        self.view.entries[entry as usize].creator != self.lane.creator && !self.lane.seen.contains(entry)
    }

    #[inline(always)]
    fn is_present(&self, topic: usize) -> bool {
        self.lane.present & (1 << topic) != 0
    }

    /// A post other than the draft, which was the first attempt.
    #[inline(never)]
    fn again(&mut self) -> Option<Chosen> {
        let (drawn, cold) = (self.lane.draft.drawn, self.lane.draft.cold);
        self.lane.acceptance.rejected += u64::from(drawn);
        match (cold, drawn) {
            (true, _) => self.cold().or_else(|| self.ordinary(0)),
            (false, true) => self.ordinary(1),
            (false, false) => self.slow_ordinary(),
        }
    }

    /// A post of the pool, uniformly under the same r.
    fn cold(&mut self) -> Option<Chosen> {
        let pool = &self.view.stripe.pool;
        for attempt in draw::POOL + 1..draw::POOL + ATTEMPTS {
            let position = place(self.slot, attempt, draw::POSITION);
            let chosen = pool[self.lane.request.position(position, pool.len() as u32) as usize];
            let repeated = self.is_present(chosen.topic as usize);
            let kept = !repeated || self.word(attempt, draw::REPEAT) < self.selector.repeat_coin;
            if kept && self.allowed(chosen.entry) {
                return Some(chosen);
            }
            self.lane.acceptance.rejected += 1;
        }
        self.slow_cold()
    }

    fn ordinary(&mut self, first: u64) -> Option<Chosen> {
        if self.lane.tree.total > 0 {
            for attempt in first..ATTEMPTS {
                let chosen = self.draw_ordinary(attempt);
                if self.allowed(chosen.entry) {
                    return Some(chosen);
                }
                self.lane.acceptance.rejected += 1;
            }
        }
        self.slow_ordinary()
    }

    fn draw_ordinary(&self, attempt: u64) -> Chosen {
        let (lane, view, slot) = (&*self.lane, self.view, self.slot);
        let topic = self.selector.walk(&lane.tree, lane.request, slot, attempt);
        let level = lane.profile[topic];
        let row = draw_row(view, lane.request, slot, attempt, topic, level) as u32;
        let target = high(self.word(attempt, draw::COIN_AND_CELL));
        let mut draft = Draft { row, level, topic: topic as u8, target, ..Draft::default() };
        draft.find_eighth(view);
        (draft.entry, draft.attention_row) = draft.find(view, lane.request, slot, attempt);
        draft.chosen()
    }

    /// Exact enumeration of the pool: integer weights r in 2⁻³².
    #[cold]
    #[inline(never)]
    fn slow_cold(&mut self) -> Option<Chosen> {
        let weight = |post: &Chosen| -> u64 {
            match (self.allowed(post.entry), self.is_present(post.topic as usize)) {
                (false, _) => 0,
                (true, true) => self.selector.repeat,
                (true, false) => 1 << 32,
            }
        };
        let pool = &self.view.stripe.pool;
        let weights: Vec<u64> = pool.iter().map(weight).collect();
        let total: u64 = weights.iter().sum();
        if total == 0 {
            return None;
        }
        self.lane.acceptance.slow += 1;
        let at = pick(&weights, below(self.word(draw::POOL, draw::SLOW), total));
        Some(pool[at])
    }

    /// Exact enumeration of what is left: the masses of allowed posts by row, after factors and re-rank.
    #[cold]
    #[inline(never)]
    fn slow_ordinary(&mut self) -> Option<Chosen> {
        // Posts by the creator of the slot before come out for this slot alone.
        let theirs: Vec<u32> = self.view.stripe.by_creator(self.view.entries, self.lane.creator).collect();
        let theirs: Vec<usize> =
            theirs.into_iter().filter(|&e| !self.lane.seen.contains(e)).map(|e| self.view.stripe.cell_of(e)).collect();
        let stripe = self.view.stripe;
        let mut left = std::mem::take(self.lane.seen.left(stripe));
        theirs.iter().for_each(|&cell| left[cell] -= 1);
        let chosen = self.enumerate(&left);
        self.lane.acceptance.slow += u64::from(chosen.is_some());
        theirs.iter().for_each(|&cell| left[cell] += 1);
        self.lane.seen.left = left;
        chosen
    }

    fn enumerate(&self, left: &[u32]) -> Option<Chosen> {
        let shape = self.view.shape;
        let level_of = |row: usize| self.lane.profile[row / shape.variants.count()];
        let mass = |row: usize| {
            let range = row * shape.cells..(row + 1) * shape.cells;
            let base = crate::feed::index::row_mass(&left[range], self.view.score.row(level_of(row)));
            let tilted = scale(base, self.view.factors[row]);
            let present = self.is_present(row / shape.variants.count());
            if present { scale(tilted, self.selector.repeat) } else { tilted }
        };
        let masses: Vec<u64> = (0..shape.rows()).map(mass).collect();
        let total: u64 = masses.iter().sum();
        if total == 0 {
            return None;
        }
        let row = pick(&masses, below(self.word(0, draw::SLOW), total));
        let units = self.view.score.row(level_of(row));
        let counts = &left[row * shape.cells..(row + 1) * shape.cells];
        let weights: Vec<u64> = counts.iter().zip(units).map(|(&n, &u)| u64::from(n) * u).collect();
        let cell = pick(&weights, below(self.word(1, draw::SLOW), weights.iter().sum()));
        let rank = below(self.word(2, draw::SLOW), u64::from(counts[cell])) as usize;
        let at = row * shape.cells + cell;
        let members = self.view.stripe.start[at]..self.view.stripe.start[at + 1];
        let entry = members.filter(|&entry| self.allowed(entry)).nth(rank)?;
        Some(self.view.stripe.describe(shape, self.view.score, entry, false))
    }
}

/// Index of the first weight whose running sum exceeds `target`.
fn pick(weights: &[u64], mut target: u64) -> usize {
    for (i, &w) in weights.iter().enumerate() {
        if target < w {
            return i;
        }
        target -= w;
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_one_leaf_and_small_topics_stand_beside_large_ones() {
        let shares = [0.4, 0.3, 0.15, 0.1, 0.04, 0.01];
        let order = leaf_order(&shares);
        assert_eq!(order.len(), 8);
        let mut topics: Vec<usize> = order.iter().flatten().copied().collect();
        topics.sort_unstable();
        assert_eq!(topics, [0, 1, 2, 3, 4, 5]);
        let smallest = order.iter().position(|&t| t == Some(5)).map(|leaf| order[leaf ^ 1]);
        assert_eq!(smallest, Some(Some(0)), "{order:?}");
    }

    #[test]
    fn seen_remembers_exactly_what_was_put_in() {
        let mut seen = Seen::new();
        seen.reset(100);
        for entry in (0..300).step_by(3) {
            seen.insert(entry);
        }
        for entry in 0..300 {
            assert_eq!(seen.contains(entry), entry % 3 == 0);
        }
        seen.reset(10);
        assert!(!seen.contains(0));
    }
}

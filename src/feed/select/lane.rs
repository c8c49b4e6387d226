//! What a person's responses are filled from, and a person's place in a batch with the first draw of a slot on its way
//! through the stages.

use crate::feed::candidates::Scratch;
use crate::feed::index::{Eighths, Entry, Shape, StripeTable, Tables};
use crate::feed::rules::{Special, scale};
use crate::feed::score::Weighted;
use crate::feed::select::draw::{self, place};
use crate::feed::select::seen::Seen;
use crate::feed::select::tree::{MAX_LEAVES, Tree};
use crate::feed::select::{Acceptance, Chosen, MOST_SLOTS};
use crate::feed::{Learner, Rules, ScoreTable, Scores};
use crate::rng::{Key, below};
use crate::trace::Source;
use crate::unit::LEVELS;
use crate::world::Named;

/// What one person's requests are filled from.
#[derive(Debug, Clone, Copy)]
pub struct View<'a, P> {
    /// Shape of the cells.
    pub shape: &'a Shape,
    /// All posts.
    pub entries: &'a [Entry<P>],
    /// The person's stripe.
    pub stripe: &'a StripeTable,
    /// Masses by row and level before factors.
    pub base: &'a [u64],
    /// The same in running sums.
    pub eighths: &'a [Eighths],
    /// Masses of the person's class.
    pub masses: &'a [u64],
    /// Factors of the person's class.
    pub factors: &'a [u64],
    /// What else holds for the person's class.
    pub special: &'a Special,
    /// Whether all factors of the class are 1.
    pub plain: bool,
    /// Topics with another factor in some variant, one bit each.
    pub touched: u64,
    /// The score, where topics do not differ in it.
    pub score: &'a ScoreTable,
    /// The score by topic, where they do.
    pub split: Option<&'a Weighted>,
    /// The score that retrieval goes by: that of an untilted feed.
    pub untilted: &'a ScoreTable,
}

impl<'a, P> View<'a, P> {
    /// The view of a policy class on a stripe.
    #[inline(always)]
    pub fn new(tables: &'a Tables<P>, rules: &'a Rules, scores: &'a Scores, stripe: usize, class: usize) -> Self {
        let part = &tables.stripes[stripe];
        let masses = part.weighted(class);
        let weighted = (rules.weights[class] as usize).checked_sub(1).map(|set| &scores.tilted[set]);
        Self {
            shape: &tables.shape,
            entries: &tables.entries,
            stripe: part,
            base: &masses.base,
            eighths: &masses.eighths,
            masses: masses.of_class(class),
            factors: &rules.factors[class],
            plain: masses.is_plain(class),
            touched: rules.touched[class],
            special: &rules.special[class],
            score: weighted.map_or(&scores.own, |weighted| weighted.of(0)),
            split: weighted.filter(|weighted| weighted.is_split()),
            untilted: &scores.own,
        }
    }

    /// The score of a topic's posts.
    #[inline(always)]
    pub fn score_of(&self, topic: usize) -> &'a ScoreTable {
        self.split.map_or(self.score, |split| split.of(topic))
    }
}

impl<P: Copy + Named> View<'_, P> {
    /// Whether any rule can keep a post from a person of the class.
    #[inline(always)]
    pub fn bars(&self) -> bool {
        self.special.bars() || !self.stripe.thinned.is_empty()
    }

    /// Whether no rule of a tilt keeps the post from the person whose throttle key is `key`.
    pub fn is_open(&self, entry: u32, key: Key) -> bool {
        let row = self.stripe.cell_of(entry) / self.shape.cells;
        self.is_open_in(row, entry, key)
    }

    /// The same where the row of the post is known.
    pub fn is_open_in(&self, row: usize, entry: u32, key: Key) -> bool {
        let name = self.entries[entry as usize].payload.name();
        self.special.admits(row, name, key) && self.stripe.lets_through(entry, name, key)
    }

    /// Entries that throttles and caps may keep from somebody, some of them perhaps twice.
    pub fn doubtful(&self) -> impl Iterator<Item = u32> + '_ {
        let rows = self.special.throttled_rows().flat_map(|row| self.stripe.row_range(self.shape, row));
        rows.chain(self.stripe.thinned.iter().map(|one| one.0))
    }
}

/// One person's place in a batch: what selection needs of them, and what it found.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "states that are independent of one another")]
pub struct Lane {
    /// Profile levels.
    pub profile: [u8; MAX_LEAVES],
    /// Keys the draws of the request.
    pub request: Key,
    /// Keys which posts a throttle keeps from the person.
    pub throttle: Key,
    /// Whether the person has left for this epoch.
    pub gone: bool,
    /// Whether topics are drawn with one word instead of a word per fork of the tree, where slots are filled one draw after the
    /// other: the same law, another coupling of arms.
    pub inverse: bool,
    /// Posts seen in this epoch.
    pub seen: Seen,
    /// Region of the person.
    pub region: u8,
    /// The same posts by number; engine `candidates` alone.
    pub(in crate::feed) shown: Vec<u32>,
    /// Scratch of the engine `candidates`.
    pub(in crate::feed) scratch: Option<Box<Scratch>>,
    /// Masses of the tracked topics before the first slot, where it was drawn from candidates.
    first: Option<[u64; MAX_LEAVES]>,
    /// Topics whose masses over candidates are summed, one bit each.
    pub tracked: u64,
    /// Candidates scored since the person entered.
    pub candidates: u64,
    /// The response; see [`Lane::chosen`].
    pub(in crate::feed) response: [Chosen; MOST_SLOTS],
    pub(in crate::feed) filled: usize,
    /// How selection went, over all requests of the lane.
    pub acceptance: Acceptance,
    /// Total mass before the first slot.
    pub total: u64,
    pub(in crate::feed) tree: Tree,
    pub(in crate::feed) creator: u32,
    pub(in crate::feed) present: u64,
    pub(in crate::feed) open: bool,
    /// Whether the tree holds the masses of the profile, but for topics that are in the last response.
    pub(in crate::feed) planted: bool,
}

impl Lane {
    /// An empty lane.
    pub fn new() -> Self {
        Self {
            profile: [0; MAX_LEAVES],
            request: Key::root(0, 0),
            throttle: Key::root(0, 0),
            gone: false,
            inverse: false,
            seen: Seen::new(),
            region: 0,
            shown: Vec::new(),
            scratch: None,
            first: None,
            tracked: u64::MAX,
            candidates: 0,
            response: [Chosen { entry: 0, topic: 0, row: 0, source: Source::Ordinary }; MOST_SLOTS],
            filled: 0,
            acceptance: Acceptance::default(),
            total: 0,
            tree: Tree::EMPTY,
            creator: u32::MAX,
            present: 0,
            open: false,
            planted: false,
        }
    }

    /// Makes room for a person who will be shown at most `most` posts.
    #[inline(always)]
    pub fn enter(&mut self, most: usize) {
        self.seen.reset(most);
        self.shown.clear();
        self.first = None;
        self.candidates = 0;
        self.acceptance = Acceptance::default();
        self.planted = false;
        self.gone = false;
    }

    /// Says that a post has been shown to the person in this epoch.
    pub fn show<P>(&mut self, entry: u32, view: &View<P>) {
        self.seen.insert(entry);
        if !view.stripe.lists.is_empty() {
            self.shown.push(view.stripe.lists.number(entry));
        }
    }

    /// Topic mass before the first slot of the response; of a tracked topic.
    #[inline(always)]
    pub fn first_mass<P>(&self, view: &View<P>, topic: usize) -> u64 {
        match &self.first {
            Some(first) => first[topic],
            None => view.masses[topic * LEVELS + self.profile[topic] as usize],
        }
    }

    /// Takes masses over candidates for those of the response.
    #[inline(always)]
    pub(in crate::feed) fn take_masses(&mut self, masses: &[u64; MAX_LEAVES], total: u64) {
        self.total = total;
        self.first = Some(*masses);
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

    /// Whether a post is in the response.
    #[inline(always)]
    pub(in crate::feed) fn holds(&self, entry: u32) -> bool {
        self.chosen().iter().any(|chosen| chosen.entry == entry)
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
    pub(in crate::feed) fn begin(&mut self) {
        self.total = self.tree.total;
        self.filled = 0;
        self.creator = u32::MAX;
        self.present = 0;
        self.open = !self.gone;
    }

    /// Puts a post into the response.
    #[inline(always)]
    pub(in crate::feed) fn note(&mut self, chosen: Chosen, creator: u32) {
        self.seen.insert(chosen.entry);
        self.creator = creator;
        self.present |= 1 << (chosen.topic as usize & (MAX_LEAVES - 1));
        self.response[self.filled & (MOST_SLOTS - 1)] = chosen;
        self.filled += 1;
    }

    #[inline(always)]
    pub(in crate::feed) fn word(&self, slot: u64, attempt: u64, what: u64) -> u64 {
        self.request.draw(place(slot, attempt, what))
    }
}

impl Default for Lane {
    fn default() -> Self {
        Self::new()
    }
}

/// Cells whose masses are added up without looking in between.
pub const CHUNK: usize = 8;

/// The first draw of a slot on its way through the stages.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::feed) struct Draft {
    pub(in crate::feed) drawn: bool,
    pub(in crate::feed) cold: bool,
    pub(in crate::feed) topic: u8,
    pub(in crate::feed) level: u8,
    pub(in crate::feed) eighth: u8,
    pub(in crate::feed) attention_row: u8,
    pub(in crate::feed) row: u32,
    pub(in crate::feed) entry: u32,
    pub(in crate::feed) creator: u32,
    pub(in crate::feed) target: u64,
    /// Running sum before the eighth.
    pub(in crate::feed) sum: u64,
}

impl Draft {
    /// Which eighth of the row the target falls into.
    #[inline(always)]
    pub(in crate::feed) fn find_eighth<P>(&mut self, view: &View<P>) {
        let sums = &view.eighths[self.row as usize * LEVELS + self.level as usize].0;
        self.target = below(self.target, sums[7]);
        let eighth: usize = sums[..7].iter().map(|&sum| usize::from(sum <= self.target)).sum();
        self.sum = if eighth == 0 { 0 } else { sums[(eighth + 7) & 7] };
        self.eighth = eighth as u8;
    }

    /// Which cell of the eighth, and which post of the cell.
    #[inline(always)]
    pub(in crate::feed) fn find_entry<P>(&mut self, view: &View<P>, request: Key, slot: u64) {
        if self.cold && self.drawn {
            let post = &view.stripe.pool[self.entry as usize];
            (self.entry, self.topic, self.attention_row) = (post.entry, post.topic, post.row);
        } else if self.drawn {
            (self.entry, self.attention_row) = self.find(view, view.score, request, [slot, 0]);
        }
    }

    #[inline(always)]
    pub(in crate::feed) fn find<P>(
        &self,
        view: &View<P>,
        score: &ScoreTable,
        request: Key,
        [slot, attempt]: [u64; 2],
    ) -> (u32, u8) {
        let shape = view.shape;
        let row = self.row as usize;
        let size = shape.eighth();
        let mut cell = self.eighth as usize * size;
        let counts = &view.stripe.counts[row * shape.cells + cell..];
        let units = &score.units[self.level as usize * shape.cells + cell..];
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
        (entry, score.attention_row[cell])
    }

    #[inline(always)]
    pub(in crate::feed) const fn chosen(&self) -> Chosen {
        let source = if self.cold { Source::ColdStart } else { Source::Ordinary };
        Chosen { entry: self.entry, topic: self.topic, row: self.attention_row, source }
    }
}

/// The variant of a topic, in proportion to its mass after factors.
#[inline(always)]
pub(in crate::feed) fn draw_row<P>(
    view: &View<P>,
    request: Key,
    slot: u64,
    attempt: u64,
    topic: usize,
    level: u8,
) -> usize {
    let variants = view.shape.variants.count();
    let first = topic * variants;
    if variants == 1 {
        return first;
    }
    let word = request.draw(place(slot, attempt, draw::VARIANT));
    let target = below(word, view.masses[topic * LEVELS + level as usize]);
    let mut sum = 0;
    for row in first..first + variants {
        sum += scale(view.base[row * LEVELS + level as usize], view.factors[row]);
        if target < sum {
            return row;
        }
    }
    first + variants - 1
}

//! Retrieval: which posts are candidates for a response.
//!
//! The law. From the stripe of the person, the sources add posts one after the other, in the order of [`Source`]. Source s
//! adds its quota of posts that were not seen in this epoch and are no candidates yet, each draw uniform over those of its
//! list that are left:
//!
//! 1. `interest`: the quota is shared out among topics in proportion to the mass that an *untilted* feed would have there for
//!    this person, rounded up or down at random ([`Allotment`]); within a topic, uniform;
//! 2. `trending`: from the stripe's most viewed posts;
//! 3. `fresh`: from its new posts;
//! 4. `region`: from the posts of creators of the person's region;
//! 5. `all`: from the whole stripe, not uniform but in proportion to the weight in an untilted feed;
//! 6. `explore`: from the whole stripe; what the sources before could not fill is added to its quota.
//!
//! Quotas are the sources' shares of the number of candidates by largest remainder, ties in this order. Where the stripe has no
//! more posts than candidates are asked for, all that were not seen are candidates: what the sources would end with.
//! At the end candidates that a rule keeps from the person are dropped, and nothing takes their places.
//!
//! So neither a score tilt nor a throttle reaches the draws of retrieval. A source's draws are an endless
//! sequence keyed by the request, of which it takes the first that will do; what one source finds moves no draw of
//! another. After some draws in vain the rest is drawn exactly from what is left, which is the same law.

use crate::feed::allot::Allotment;
use crate::feed::rules::scale;
use crate::feed::select::{ATTEMPTS, Branches, Lane, MAX_LEAVES, Tree, View, draw_from_topic, pick};
use crate::rng::{Key, below};
use crate::scenario::Feed;
use crate::unit::LEVELS;
use crate::world::Named;

/// Where a candidate comes from, in the order in which sources are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Topics the person's profile favours.
    Interest,
    /// Posts that are watched most now.
    Trending,
    /// New posts.
    Fresh,
    /// Posts of the person's region.
    Region,
    /// The whole stripe, by score.
    All,
    /// The whole stripe, each with the same chance.
    Explore,
}

/// How many there are.
pub const SOURCES: usize = 6;

/// Places of the draws of source s within a request: (s + 1) · 2⁴⁰ and on, far beyond those of slots.
const fn place(source: Source) -> u64 {
    (source as u64 + 1) << 40
}

/// Draws of a topic are this far apart.
const TOPIC: u64 = 1 << 20;
/// Draws from what is left are this far from others of the source.
const REST: u64 = 1 << 32;

/// The retrieval of one scenario.
#[derive(Debug, Clone)]
pub struct Retriever {
    /// Candidates of a response.
    most: usize,
    /// By source.
    quotas: [u32; SOURCES],
    allotment: Allotment,
    branches: Branches,
}

/// One person's request, as retrieval sees it.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a, P> {
    /// What the person's responses are filled from.
    pub view: &'a View<'a, P>,
    /// Profile, keys, what was shown.
    pub lane: &'a Lane,
}

impl<P: Copy + Named> Ask<'_, P> {
    /// Whether no rule keeps the post from the person.
    fn is_open(&self, number: u32) -> bool {
        let view = self.view;
        let lists = &view.stripe.lists;
        let row = lists.stands[number as usize].topic() * view.shape.variants.count() + lists.variant(number);
        view.is_open_in(row, lists.entries[number as usize], self.lane.throttle)
    }
}

/// Most candidates of a response, rounded up to a power of two with room to spare.
const ROOM: usize = 4096;

/// What a response is drawn from: numbers of posts, each once.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// In the order in which they were found; the first `count`.
    numbers: Box<[u32; ROOM]>,
    count: usize,
    /// By post: the request in which it last was a candidate or could be none.
    stamps: Vec<u8>,
    /// The running request, 1 to 255.
    request: u8,
    /// Topic of each draw of `interest`, and topics of those in vain.
    draws: Box<[u8; ROOM]>,
    again: Box<[u8; ROOM]>,
}

impl Default for Candidates {
    fn default() -> Self {
        Self {
            numbers: Box::new([0; ROOM]),
            count: 0,
            stamps: Vec::new(),
            request: 0,
            draws: Box::new([0; ROOM]),
            again: Box::new([0; ROOM]),
        }
    }
}

impl Candidates {
    /// The posts.
    #[inline(always)]
    pub fn numbers(&self) -> &[u32] {
        &self.numbers[..self.count]
    }

    /// Forgets the last request; what was `shown` cannot be a candidate.
    #[inline(always)]
    fn prepare(&mut self, posts: usize, shown: &[u32]) {
        self.count = 0;
        self.request = self.request.wrapping_add(1);
        if self.request == 0 || self.stamps.len() < posts {
            self.start_stamps_anew(posts);
        }
        for &number in shown {
            self.stamps[number as usize] = self.request;
        }
    }

    #[cold]
    #[inline(never)]
    fn start_stamps_anew(&mut self, posts: usize) {
        self.stamps.fill(0);
        self.stamps.resize(self.stamps.len().max(posts), 0);
        self.request = 1;
    }

    fn is_taken(&self, number: u32) -> bool {
        self.stamps[number as usize] == self.request
    }

    /// Where the next candidates go.
    #[inline(always)]
    fn end(&mut self) -> End<'_> {
        End { numbers: &mut self.numbers, stamps: &mut self.stamps, request: self.request, count: self.count }
    }

    /// Makes a post that is none a candidate.
    fn put(&mut self, number: u32) {
        let mut end = self.end();
        end.offer(number);
        self.count = end.count;
    }

    /// Drops the candidates that a rule keeps from the person.
    fn drop_withheld<P: Copy + Named>(&mut self, ask: &Ask<P>) {
        let mut left = 0;
        for i in 0..self.count {
            let number = self.numbers[i];
            self.numbers[left] = number;
            left += usize::from(ask.is_open(number));
        }
        self.count = left;
    }

    /// Takes the last candidate back.
    #[inline(always)]
    fn withdraw(&mut self) {
        self.count -= 1;
        self.stamps[self.numbers[self.count & (ROOM - 1)] as usize] = 0;
    }
}

/// The end of a list of candidates, in local variables while posts are offered one after the other.
struct End<'a> {
    numbers: &'a mut [u32; ROOM],
    stamps: &'a mut [u8],
    request: u8,
    count: usize,
}

impl End<'_> {
    /// Makes a post a candidate unless it is one or cannot be one, and says whether it did.
    #[inline(always)]
    fn offer(&mut self, number: u32) -> bool {
        let is_new = std::mem::replace(&mut self.stamps[number as usize], self.request) != self.request;
        self.numbers[self.count & (ROOM - 1)] = number;
        self.count += usize::from(is_new);
        is_new
    }
}

/// A topic of `interest`: its numbers, and what makes the index of its words out of that of a draw.
#[derive(Debug, Clone, Copy, Default)]
struct Topic {
    from: u32,
    len: u32,
    word: u64,
}

impl Topic {
    #[inline(always)]
    fn member(&self, word: u64) -> u32 {
        self.from + below(word, u64::from(self.len)) as u32
    }
}

/// A list from which posts are drawn uniformly: `at(i)` for i below `len`, and where its draws hang.
struct List<F> {
    len: u32,
    at: F,
    key: Key,
    first: u64,
}

impl<F: Fn(u32) -> u32> List<F> {
    /// Adds `quota` posts, each draw uniform over those that are left. Returns how many the list has too few.
    #[inline(always)]
    fn draw(&self, quota: usize, into: &mut Candidates) -> usize {
        if quota == 0 || self.len == 0 {
            return quota;
        }
        let goal = into.count + quota;
        let most = quota as u64 + 16;
        let mut pair = 0;
        while into.count < goal && pair < most {
            // Two draws to a word; where the last word has one to spare, it is taken back.
            let words = (goal - into.count).div_ceil(2) as u64;
            let mut end = into.end();
            for word in pair..pair + words {
                let word = self.key.draw(self.first + word);
                end.offer(self.member(word & 0xffff_ffff));
                end.offer(self.member(word >> 32));
            }
            into.count = end.count;
            pair += words;
        }
        if into.count > goal {
            into.withdraw();
        }
        if into.count < goal { self.draw_from_rest(goal - into.count, into) } else { 0 }
    }

    /// Adds one post more, by the words from `next` on. Returns 1 if the list has none left.
    fn draw_one_more(&self, next: &mut u32, into: &mut Candidates) -> usize {
        for _ in 0..ATTEMPTS {
            let word = self.key.draw(self.first + u64::from(*next));
            *next += 1;
            let mut end = into.end();
            if end.offer((self.at)(below(word, self.len.into()) as u32)) {
                into.count = end.count;
                return 0;
            }
        }
        self.draw_from_rest(1, into)
    }

    /// The member that a half word falls on.
    #[inline(always)]
    fn member(&self, half: u64) -> u32 {
        (self.at)(((half * u64::from(self.len)) >> 32) as u32)
    }

    /// The same from what is left, without draws in vain.
    #[cold]
    #[inline(never)]
    fn draw_from_rest(&self, quota: usize, into: &mut Candidates) -> usize {
        let left = |number: &u32| !into.is_taken(*number);
        let mut rest: Vec<u32> = (0..self.len).map(&self.at).filter(left).collect();
        let drawn = quota.min(rest.len());
        for i in 0..drawn {
            let word = self.key.draw(self.first + REST + into.count as u64);
            let other = i + below(word, (rest.len() - i) as u64) as usize;
            rest.swap(i, other);
            into.put(rest[i]);
        }
        quota - drawn
    }
}

impl Retriever {
    /// From the scenario's feed settings; `shares` are the topics' organic ones.
    pub fn new(feed: &Feed, shares: &[f64]) -> Self {
        let sources = &feed.sources;
        // In the order of [`Source`].
        let parts = [sources.interest, sources.trending, sources.fresh, sources.region, sources.all, sources.explore];
        Self {
            most: feed.candidates as usize,
            quotas: quotas(feed.candidates, parts),
            allotment: Allotment::new(shares),
            branches: Branches::new(shares),
        }
    }

    /// Candidates for a request. Returns how many each source found, those included that are dropped.
    #[inline(always)]
    pub fn retrieve<P: Copy + Named>(&self, ask: &Ask<P>, into: &mut Candidates) -> [u32; SOURCES] {
        let found = self.ask(ask, into);
        if ask.view.bars() {
            into.drop_withheld(ask);
        }
        found
    }

    #[inline(always)]
    fn ask<P>(&self, ask: &Ask<P>, into: &mut Candidates) -> [u32; SOURCES] {
        let lists = &ask.view.stripe.lists;
        into.prepare(lists.len(), &ask.lane.shown);
        let mut found = [0; SOURCES];
        let key = ask.lane.request;
        if lists.len() <= self.most {
            let mut end = into.end();
            for number in 0..lists.len() as u32 {
                end.offer(number);
            }
            into.count = end.count;
            found[Source::Explore as usize] = into.count as u32;
            return found;
        }
        let mut missing = 0;
        let mut before = 0;
        let mut note = |source: Source, into: &Candidates| {
            found[source as usize] = (into.count - before) as u32;
            before = into.count;
        };
        let quota = |source: Source| self.quotas[source as usize] as usize;
        if quota(Source::Interest) > 0 {
            missing += self.by_interest(ask, into);
            note(Source::Interest, into);
        }
        let everything = |source: Source| List { len: lists.len() as u32, at: |i| i, key, first: place(source) };
        for (source, list) in [
            (Source::Trending, Some(&lists.trending[..])),
            (Source::Fresh, Some(&lists.fresh[..])),
            (Source::Region, lists.of_region(ask.lane.region)),
        ] {
            missing += match list {
                Some(list) => List { len: list.len() as u32, at: |i: u32| list[i as usize], key, first: place(source) }
                    .draw(quota(source), into),
                None => everything(source).draw(quota(source), into),
            };
            note(source, into);
        }
        if quota(Source::All) > 0 {
            missing += self.by_weight(ask, into);
            note(Source::All, into);
        }
        everything(Source::Explore).draw(quota(Source::Explore) + missing, into);
        note(Source::Explore, into);
        found
    }

    /// Adds the quota of the source `interest`. Returns how many the topics have too few.
    #[inline(always)]
    fn by_interest<P>(&self, ask: &Ask<P>, into: &mut Candidates) -> usize {
        let (lists, profile) = (&ask.view.stripe.lists, &ask.lane.profile);
        let masses = lists.masses(ask.view.stripe.base());
        let mass = |topic: usize| masses[topic * LEVELS + profile[topic] as usize];
        let quota = self.quotas[Source::Interest as usize];
        let first = place(Source::Interest);
        let key = ask.lane.request;
        let places = self.allotment.share_out(quota, mass, key.at(first));
        let mut topics = [Topic::default(); MAX_LEAVES];
        let mut given = 0;
        for (k, (topic, &places)) in topics[..lists.topics()].iter_mut().zip(&places).enumerate() {
            let range = lists.of_topic(k);
            let word = first + k as u64 * TOPIC - given as u64;
            *topic = Topic { from: range.start, len: range.end - range.start, word };
            // Most topics get few places: eight are written at once, without a loop that nothing could predict.
            let end = given + places as usize;
            into.draws[given & (ROOM / 2 - 1)..][..8].fill(k as u8);
            if places > 8 {
                into.draws[given..end].fill(k as u8);
            }
            given = end;
        }
        // One draw for each place first; those in vain are made up for below.
        let mut repeats = 0;
        let mut end =
            End { numbers: &mut into.numbers, stamps: &mut into.stamps, request: into.request, count: into.count };
        for (i, &k) in (0..).zip(&into.draws[..given]) {
            let topic = &topics[k as usize & (MAX_LEAVES - 1)];
            let is_new = end.offer(topic.member(key.draw(topic.word + i)));
            into.again[repeats & (ROOM - 1)] = k;
            repeats += usize::from(!is_new);
        }
        into.count = end.count;
        let mut next = places;
        let mut missing = quota as usize - given;
        for i in 0..repeats {
            let k = into.again[i & (ROOM - 1)] as usize & (MAX_LEAVES - 1);
            let at = |i| topics[k].from + i;
            let list = List { len: topics[k].len, at, key, first: first + k as u64 * TOPIC };
            missing += list.draw_one_more(&mut next[k], into);
        }
        missing
    }

    /// Adds the quota of the source `all`: draws from the whole stripe in proportion to untilted weights. Returns how many
    /// the stripe has too few.
    fn by_weight<P>(&self, ask: &Ask<P>, into: &mut Candidates) -> usize {
        let (stripe, profile) = (ask.view.stripe, &ask.lane.profile);
        let view = View {
            base: stripe.base(),
            eighths: stripe.eighths(),
            masses: stripe.lists.masses(stripe.base()),
            factors: stripe.lists.factors(),
            score: ask.view.untilted,
            split: None,
            ..*ask.view
        };
        let mut tree = Tree::EMPTY;
        for (topic, &level) in profile[..stripe.lists.topics()].iter().enumerate() {
            self.branches.add(&mut tree, topic, view.masses[topic * LEVELS + level as usize]);
        }
        let quota = self.quotas[Source::All as usize] as usize;
        let goal = into.count + quota;
        let key = ask.lane.request.at(place(Source::All));
        let most = if tree.total > 0 { 2 * quota as u64 + 32 } else { 0 };
        for draw in 0..most {
            if into.count == goal {
                return 0;
            }
            let topic = self.branches.walk(&tree, key, draw, 0);
            let chosen = draw_from_topic(&view, profile, topic, key, [draw, 0]);
            let mut end = into.end();
            end.offer(stripe.lists.number(chosen.entry));
            into.count = end.count;
        }
        Self::rest_by_weight(&view, profile, key, goal, into)
    }

    /// The same from what is left, without draws in vain.
    #[cold]
    #[inline(never)]
    fn rest_by_weight<P>(
        view: &View<P>,
        profile: &[u8; MAX_LEAVES],
        key: Key,
        goal: usize,
        into: &mut Candidates,
    ) -> usize {
        let (lists, variants) = (&view.stripe.lists, view.shape.variants.count());
        let weight = |number: u32| {
            let stand = lists.stands[number as usize];
            let units = view.score.row(profile[stand.topic()])[stand.cell()];
            if into.is_taken(number) {
                0
            } else {
                scale(units, view.factors[stand.topic() * variants + lists.variant(number)])
            }
        };
        let mut weights: Vec<u64> = (0..lists.len() as u32).map(weight).collect();
        while into.count < goal {
            let total: u64 = weights.iter().sum();
            if total == 0 {
                break;
            }
            let number = pick(&weights, below(key.draw(REST + into.count as u64), total));
            weights[number] = 0;
            into.put(number as u32);
        }
        goal - into.count
    }
}

/// Shares of `of` by largest remainder, ties in order.
fn quotas(of: u32, shares: [f64; SOURCES]) -> [u32; SOURCES] {
    let exact = shares.map(|share| share * f64::from(of));
    let mut quotas = exact.map(|x| libm::floor(x) as u32);
    let remainder = |source: usize| exact[source] - libm::floor(exact[source]);
    let mut order: [usize; SOURCES] = std::array::from_fn(|source| source);
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)));
    let missing = of.saturating_sub(quotas.iter().sum()) as usize;
    order[..missing.min(SOURCES)].iter().for_each(|&source| quotas[source] += 1);
    quotas
}

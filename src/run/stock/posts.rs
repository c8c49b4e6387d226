//! What a platform knows of posts.

use super::{Donors, by_size};
use crate::feed::Counters;
use crate::feed::score::{Believed, Heads, value};
use crate::run::Setup;
use crate::stats::lean::{Group, leaning};
use crate::stats::line::{Line, common_slope};
use crate::unit::{logistic, logit};
use crate::world::{Catalogue, ItemTruth};

const AGES: [f64; 10] = [6.0, 12.0, 18.0, 24.0, 36.0, 48.0, 72.0, 120.0, 192.0, 360.0];
const AGE_BINS: usize = AGES.len() + 1;
/// Coarser spans of the same ages: the first day, the second, the first week, later.
const SPAN_OF: [usize; AGE_BINS] = [0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 3];
const SPANS: usize = 4;
/// Shares of a topic's posts below the borders of classes of worth: finer at the top, where exposure goes.
const CLASSES: [f64; 8] = [0.25, 0.5, 0.7, 0.82, 0.9, 0.95, 0.975, 0.99];
const WORTHS: usize = CLASSES.len() + 1;
/// A topic's own mean counts as much as what is expected of such a topic from so many posts on. Means of one topic in four pre-runs
/// scatter by .35 (plays) and .7 (likes) log-odds ÷ √posts, topics about what is expected of them by some .05.
const LEAN: [f64; 2] = [50.0, 200.0];
/// Rounds in which means of topics and of classes are told apart.
const ROUNDS: usize = 8;

/// Donors of counters.
#[derive(Debug, Clone)]
pub struct Posts {
    heads: Heads,
    donors: Donors<Post>,
    /// Worth from which each class but the lowest begins.
    borders: Vec<f64>,
    /// Log-odds by which counted rates move per log-odds of truth.
    slope: [f64; 2],
    /// Log-odds by which a topic's posts are played and liked more than others that are worth as much: its people are chosen
    /// better or worse.
    above: [Vec<f64>; 2],
    /// As how many posts that are seen alike a topic's count.
    by_topic: Vec<f64>,
}

/// A donor's counters, and what they would say if the platform knew all: log-odds of a valid play and of a like.
#[derive(Debug, Clone, Copy)]
struct Post {
    topic: u16,
    counters: Counters,
    truth: [f64; 2],
}

impl Post {
    /// Log-odds of a valid play or a like as counted.
    fn log_odds(&self, part: usize) -> f64 {
        let hits = [self.counters.valid_plays, self.counters.likes][part];
        logit((f64::from(hits) + 0.5) / (f64::from(self.counters.impressions) + 1.0))
    }
}

impl Posts {
    /// From a pre-run's counters.
    pub fn collect(setup: &Setup, catalogue: &Catalogue, counters: &[Counters], epoch: i64, born_after: i64) -> Self {
        let topics = setup.scenario.topic_count();
        let mut posts = Self {
            heads: Heads::new(&setup.scenario),
            donors: Donors::new((AGE_BINS + SPANS) * WORTHS + AGE_BINS),
            borders: Vec::new(),
            slope: [1.0; 2],
            above: [vec![0.0; topics], vec![0.0; topics]],
            by_topic: vec![0.0; topics],
        };
        let mut seen: Vec<(f64, i64, Post)> = Vec::new();
        for slot in catalogue.living() {
            let Some(sight) = catalogue.observed().items[slot as usize] else { continue };
            if i64::from(sight.born) >= born_after {
                let truth = catalogue.truth(slot as usize);
                let odds = setup.responder.true_odds(truth).into();
                let post = Post { topic: truth.topic, counters: counters[slot as usize], truth: odds };
                seen.push((posts.worth(setup, truth), epoch - i64::from(sight.born), post));
            }
        }
        let mut worths: Vec<f64> = seen.iter().map(|post| post.0).collect();
        worths.sort_by(f64::total_cmp);
        if !worths.is_empty() {
            posts.borders = CLASSES.map(|part| worths[(part * worths.len() as f64) as usize]).to_vec();
        }
        for &(worth, age, post) in &seen {
            for bin in bins(setup, posts.class(worth), age) {
                posts.donors.bins[bin].push(post);
            }
        }
        let classed: Vec<(usize, Post)> = seen.iter().map(|&(worth, _, post)| (posts.class(worth), post)).collect();
        posts.by_topic = sizes(&classed, topics);
        posts.slope = [0, 1].map(|part| slope(&classed, topics, part));
        posts.above = [0, 1].map(|part| posts.above(setup, &classed, part));
        posts
    }

    /// As how many posts that are seen alike each topic's count.
    pub fn by_topic(&self) -> &[f64] {
        &self.by_topic
    }

    /// Counters for a post, moved by what it is better or worse than the donor: the rates move with the truth, as many
    /// impressions. Without this a world would know its posts less well than the pre-run did.
    pub fn draw(&self, setup: &Setup, word: u64, truth: &ItemTruth, age: i64) -> Counters {
        let class = self.class(self.worth(setup, truth));
        let Some(donor) = self.donors.draw(&bins(setup, class, age), word) else { return Counters::default() };
        let odds: [f64; 2] = setup.responder.true_odds(truth).into();
        let impressions = donor.counters.impressions;
        let hits = |part: usize| {
            let above = &self.above[part];
            let moved = self.slope[part] * (odds[part] - donor.truth[part]);
            let odds = donor.log_odds(part) + moved + above[truth.topic as usize] - above[donor.topic as usize];
            let all = f64::from(impressions);
            libm::round(logistic(odds) * (all + 1.0) - 0.5).clamp(0.0, all) as u32
        };
        Counters { impressions, valid_plays: hits(0), likes: hits(1) }
    }

    /// What a post would be worth to an average person, to a platform that knew all, if all topics were liked as the first is: how
    /// high it stands in its topic. Exposure goes by that. Classed by what they are worth, the best posts of a small topic drew
    /// donors that stand among many better ones and are known by few impressions; chance overrated them, and small topics fell by a
    /// tenth and more in the first three days.
    fn worth(&self, setup: &Setup, truth: &ItemTruth) -> f64 {
        let scenario = &setup.scenario;
        let (attention, approval) = setup.responder.true_latents(&ItemTruth { topic: 0, ..*truth });
        let edges = &scenario.catalogue.duration_edges;
        let class = edges.iter().filter(|&&edge| f64::from(truth.duration) / 10.0 >= edge).count();
        value(scenario, &scenario.feed.value, &self.heads, &Believed { attention, approval }, 0.0, class)
    }

    fn class(&self, worth: f64) -> usize {
        self.borders.iter().filter(|&&border| worth >= border).count()
    }

    /// Means of topics beside those of classes, leaning on what topics of their size have.
    fn above(&self, setup: &Setup, posts: &[(usize, Post)], part: usize) -> Vec<f64> {
        let rest = |post: &Post| post.log_odds(part) - self.slope[part] * post.truth[part];
        let topics = self.by_topic.len();
        let mut of_topic = vec![0.0; topics];
        for _ in 0..ROUNDS {
            let of_class = means(posts, WORTHS, |class, post| (class, rest(post) - of_topic[post.topic as usize]));
            of_topic = means(posts, topics, |class, post| (post.topic as usize, rest(post) - of_class[class]));
        }
        // Also on what the topic's posts are like: better ones are shown to less keen people, whole topics of them too.
        let truth = means(posts, topics, |_, post| (post.topic as usize, post.truth[part]));
        let groups: Vec<Group> = (0..topics)
            .map(|topic| {
                let from = [&by_size(setup, topic)[..], &[truth[topic]]].concat();
                Group { size: self.by_topic[topic], value: of_topic[topic], from }
            })
            .collect();
        leaning(&groups, LEAN[part])
    }
}

/// From fine to coarse: (age, worth), (span of ages, worth), (age).
fn bins(setup: &Setup, class: usize, age: i64) -> [usize; 3] {
    let hours = age as f64 * 24.0 / f64::from(setup.scenario.time.epochs_per_day);
    let age = AGES.iter().filter(|&&border| hours > border).count();
    let spans = AGE_BINS * WORTHS;
    [age * WORTHS + class, spans + SPAN_OF[age] * WORTHS + class, spans + SPANS * WORTHS + age]
}

/// How counted rates follow the truth among posts of a topic that are worth as much. A better post is shown to less keen
/// people, so they move by a little less.
fn slope(posts: &[(usize, Post)], topics: usize, part: usize) -> f64 {
    let mut lines = vec![Line::default(); topics * WORTHS];
    for (class, post) in posts {
        let line = &mut lines[post.topic as usize * WORTHS + class];
        line.add(f64::from(post.counters.impressions), post.truth[part], post.log_odds(part));
    }
    common_slope(&lines).map_or(1.0, |slope| slope.clamp(0.0, 1.0))
}

/// Means by impressions of what `of` gives for every post: group and value.
fn means(posts: &[(usize, Post)], groups: usize, of: impl Fn(usize, &Post) -> (usize, f64)) -> Vec<f64> {
    let mut sums = vec![[0.0; 2]; groups];
    for (class, post) in posts {
        let (group, value) = of(*class, post);
        let n = f64::from(post.counters.impressions);
        sums[group][0] += n;
        sums[group][1] += n * value;
    }
    sums.into_iter().map(|[n, sum]| if n > 0.0 { sum / n } else { 0.0 }).collect()
}

/// (Σn)² ÷ Σn² over a topic's posts.
fn sizes(posts: &[(usize, Post)], topics: usize) -> Vec<f64> {
    let mut sums = vec![[0.0; 2]; topics];
    for (_, post) in posts {
        let n = f64::from(post.counters.impressions);
        sums[post.topic as usize][0] += n;
        sums[post.topic as usize][1] += n * n;
    }
    sums.into_iter().map(|[n, squares]| if squares > 0.0 { n * n / squares } else { 0.0 }).collect()
}

//! Which posts trend: those of a stripe with the most views per day of their life.
//!
//! A member keeps its place in the list for as long as it trends, so that one post that comes or goes changes one place:
//! candidates are drawn by place.

use crate::feed::rules::scale;

/// The trending posts (slots) of every stripe.
#[derive(Debug, Clone, Default)]
pub struct Trending {
    stripes: Vec<Vec<u32>>,
}

/// A post as it stands in the ranking of a stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewed {
    /// Storage slot.
    pub slot: u32,
    /// Views per epoch of life and one day, 2⁻¹⁶; a post that nobody has seen does not trend.
    pub rate: u64,
}

impl Viewed {
    /// A post with so many views after `age` epochs. A day is added, so that the first view of a new post is no trend.
    pub fn new(slot: u32, views: u32, age: u64, per_day: u32) -> Self {
        Self { slot, rate: (u64::from(views) << 16) / (age + u64::from(per_day)) }
    }
}

impl Trending {
    /// A list for each of so many stripes.
    pub fn new(stripes: usize) -> Self {
        Self { stripes: vec![Vec::new(); stripes] }
    }

    /// The list of a stripe.
    pub fn of(&self, stripe: usize) -> &[u32] {
        self.stripes.get(stripe).map_or(&[], |list| list)
    }

    /// Takes out what is not to be kept; the others move up.
    pub fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        self.stripes.iter_mut().for_each(|list| list.retain(|&slot| keep(slot)));
    }

    /// Makes the list anew: `share` (2⁻³²) of the stripe's posts, rounded up, as far as they have been seen.
    pub fn refresh(&mut self, stripe: usize, mut posts: Vec<Viewed>, share: u64) {
        let most = scale(posts.len() as u64, share) as usize + 1;
        posts.retain(|post| post.rate > 0);
        if posts.len() > most {
            posts.select_nth_unstable_by_key(most - 1, |post| (std::cmp::Reverse(post.rate), post.slot));
            posts.truncate(most);
        }
        let mut new: Vec<u32> = posts.iter().map(|post| post.slot).collect();
        new.sort_unstable();
        let list = &mut self.stripes[stripe];
        let mut stays = vec![false; new.len()];
        let mut gaps = Vec::new();
        for (place, slot) in list.iter().enumerate() {
            match new.binary_search(slot) {
                Ok(at) if place < new.len() => stays[at] = true,
                _ => gaps.push(place),
            }
        }
        let coming = new.iter().zip(&stays).filter(|(_, stays)| !**stays).map(|(&slot, _)| slot);
        gaps.extend(list.len()..new.len());
        list.resize(new.len(), 0);
        for (place, slot) in gaps.into_iter().zip(coming) {
            list[place] = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refreshed(before: &[u32], rates: &[(u32, u64)], share: f64) -> Vec<u32> {
        let mut trending = Trending { stripes: vec![before.to_vec()] };
        let posts = rates.iter().map(|&(slot, rate)| Viewed { slot, rate }).collect();
        trending.refresh(0, posts, (share * 4_294_967_296.0) as u64);
        trending.of(0).to_vec()
    }

    #[test]
    fn the_most_viewed_trend_and_members_keep_their_places() {
        let rates = [(1, 5), (2, 9), (3, 0), (4, 7), (5, 8), (6, 1), (7, 6), (8, 2)];
        // A quarter of eight, and one.
        assert_eq!(refreshed(&[], &rates, 0.25), [2, 4, 5]);
        assert_eq!(refreshed(&[5, 7, 2], &rates, 0.25), [5, 4, 2]);
        assert_eq!(refreshed(&[8, 5, 6, 2, 4], &rates, 0.25), [2, 5, 4]);
        assert_eq!(refreshed(&[9], &rates, 0.25), [2, 4, 5]);
    }

    #[test]
    fn what_nobody_has_seen_does_not_trend() {
        assert_eq!(refreshed(&[], &[(1, 0), (2, 3), (3, 0)], 0.9), [2]);
        assert_eq!(refreshed(&[2, 1], &[(1, 0), (2, 0)], 0.9), [0; 0]);
        assert_eq!(refreshed(&[], &[], 0.9), [0; 0]);
    }

    #[test]
    fn of_equally_viewed_posts_the_lowest_slots_trend() {
        assert_eq!(refreshed(&[], &[(4, 3), (1, 3), (3, 3), (2, 3)], 0.25), [1, 2]);
    }

    #[test]
    fn a_new_post_needs_more_than_a_first_view() {
        assert!(Viewed::new(0, 1, 0, 4).rate < Viewed::new(1, 100, 40, 4).rate);
        assert_eq!(Viewed::new(0, 0, 3, 4).rate, 0);
    }
}

//! The keyed binary tree that topics are drawn down: a small change of one mass moves few draws.

use crate::feed::select::draw::{self, high, low, place};
use crate::rng::{Key, below};

/// Leaves of the tree, a power of two of at least the number of topics.
pub(in crate::feed) const MAX_LEAVES: usize = 64;
/// Its levels.
const MAX_DEPTH: usize = 6;

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

/// Where topics stand in the tree. Node 1 is the root, node n has the children 2n and 2n + 1.
#[derive(Debug, Clone)]
pub(in crate::feed) struct Branches {
    depth: u32,
    /// Topic of each node that is a leaf with a topic; no draw ends at any other.
    topic_of: [u8; 256],
    /// By topic: nodes in whose left half it lies, filled up with 0.
    path_of: [[u8; MAX_DEPTH]; MAX_LEAVES],
}

/// Masses along the tree. A node keeps the mass of its left half alone: what is needed on the way down, and half of what a
/// change would have to touch.
#[derive(Debug, Clone)]
pub(in crate::feed) struct Tree {
    pub total: u64,
    /// By node; place 0 belongs to none and takes what paths are filled up with.
    left: [u64; MAX_LEAVES],
    /// By topic.
    pub mass: [u64; MAX_LEAVES],
}

impl Tree {
    pub const EMPTY: Self = Self { total: 0, left: [0; MAX_LEAVES], mass: [0; MAX_LEAVES] };

    #[inline(always)]
    pub fn clear(&mut self) {
        self.total = 0;
        self.left.fill(0);
        self.mass.fill(0);
    }
}

impl Branches {
    /// For topics with these organic shares.
    pub fn new(shares: &[f64]) -> Self {
        let order = leaf_order(shares);
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
        Self { depth: order.len().trailing_zeros(), topic_of, path_of }
    }

    /// Adds to the mass of a topic, modulo 2⁶⁴.
    #[inline(always)]
    pub fn add(&self, tree: &mut Tree, topic: usize, more: u64) {
        let topic = topic & (MAX_LEAVES - 1);
        tree.total = tree.total.wrapping_add(more);
        tree.mass[topic] = tree.mass[topic].wrapping_add(more);
        for node in self.path_of[topic] {
            let left = &mut tree.left[node as usize & (MAX_LEAVES - 1)];
            *left = left.wrapping_add(more);
        }
    }

    /// A topic in proportion to its mass by one word: the inverse of the distribution function along the leaves.
    pub fn walk_at_once(&self, tree: &Tree, word: u64) -> usize {
        let mut target = below(word, tree.total);
        let mut node = 1;
        for _ in 0..self.depth {
            let left = tree.left[node & (MAX_LEAVES - 1)];
            let is_right = target >= left;
            target -= if is_right { left } else { 0 };
            node = 2 * node + usize::from(is_right);
        }
        self.topic_of[node & 255] as usize & (MAX_LEAVES - 1)
    }

    /// A topic in proportion to its mass. The total must not be 0.
    #[inline(always)]
    pub fn walk(&self, tree: &Tree, request: Key, slot: u64, attempt: u64) -> usize {
        let step = |(node, mass): (usize, u64), half: u64| {
            let left = tree.left[node & (MAX_LEAVES - 1)];
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
}

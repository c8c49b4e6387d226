//! What a person has been shown in this epoch.

use crate::feed::index::StripeTable;

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
    pub(super) left: Vec<u32>,
    /// Row and cell within it of each post that is taken out of `left`: the first of `list`.
    pub(super) cells: Vec<[u32; 2]>,
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
            cells: Vec::new(),
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
        self.cells.clear();
    }

    /// Brings [`Seen::left`] and [`Seen::cells`] up to date; a row has so many `cells`.
    pub(super) fn take_stock(&mut self, stripe: &StripeTable, cells: usize) {
        if self.cells.is_empty() {
            self.left.clone_from(&stripe.counts);
        }
        for &entry in &self.list[self.cells.len()..self.count] {
            let cell = stripe.cell_of(entry);
            self.left[cell] -= 1;
            self.cells.push([(cell / cells) as u32, (cell % cells) as u32]);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

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

//! Where the draws of a request hang: slot × 2¹⁶ + attempt × 2⁸ + what is drawn.

/// The coin of the cold start in the low half, the cell in the high half.
pub const COIN_AND_CELL: u64 = 0;
/// Up to six levels of the tree, two to a word, the upper in the low half: 1 … 3.
pub const TREE: u64 = 1;
pub const VARIANT: u64 = 7;
pub const REPEAT: u64 = 9;
pub const SLOW: u64 = 10;
/// Which heating, if any, the slot goes to.
pub const HEAT: u64 = 11;
/// When, within the newest epoch, a reader of a chronological feed arrives.
pub const ARRIVAL: u64 = 12;
/// Whether a post of a reserved slot's pool passes its weight.
pub const WEIGHT: u64 = 13;
pub const POSITION: u64 = 16;
/// Attempts in the cold-start pool are numbered from here.
pub const POOL: u64 = 32;
/// Attempts in the pool of the n-th heating are numbered from here + 32 n; an arm has at most four, so that they stay below 256.
pub const HEAT_POOL: u64 = 64;

#[inline(always)]
pub const fn place(slot: u64, attempt: u64, what: u64) -> u64 {
    slot << 16 | attempt << 8 | what
}

/// The low half of a word, as a word with 32 random bits at its top: two draws from one mix. Probabilities are met within
/// 2⁻³².
#[inline(always)]
pub const fn low(word: u64) -> u64 {
    word << 32
}

/// The high half.
#[inline(always)]
pub const fn high(word: u64) -> u64 {
    word >> 32 << 32
}

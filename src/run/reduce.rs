//! Sums across processes.

/// Adds counters up over all processes that share a world. Every process calls it at the same points with slices of the
/// same length and gets the same sums.
pub trait Reduce {
    /// Number of processes.
    fn processes(&self) -> usize;
    /// Replaces each counter by its sum over all processes.
    fn sum(&self, counters: &mut [u64]);
}

/// One process alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Reduce for Alone {
    fn processes(&self) -> usize {
        1
    }

    fn sum(&self, _counters: &mut [u64]) {}
}

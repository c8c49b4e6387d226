//! What the platform may see of a post: everything but how good it is.

/// What the platform knows of one post from the moment it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Topic index (the ranker knows the true topic; a tilt's classifier may not).
    pub topic: u8,
    /// Duration class, 0 (short) to 2.
    pub duration_class: u8,
    /// Stripe of the catalogue.
    pub stripe: u8,
    /// Which imperfect classifiers took the post for their topic, one bit each.
    pub flags: u8,
    /// Region of the creator.
    pub region: u8,
    /// Creator.
    pub creator: u32,
    /// Epoch of publication, counted from day 0.
    pub born: i32,
}

/// The platform's view of the catalogue, by storage slot; `None` where a slot is empty.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// One entry per slot.
    pub items: &'a [Option<Sight>],
}

/// What is opaque to the feed but for its name.
pub trait Named {
    /// Public name of the post.
    fn name(&self) -> u32;
}

//! A drawn world as plain data: all that the twin is told.

use feedtilt::id::ItemId;

/// A drawn world.
#[derive(Debug, Clone)]
pub struct World {
    pub replicate: u32,
    pub people: Vec<Person>,
    /// Posts that are there before the first epoch, in order of birth.
    pub posts: Vec<Post>,
    /// Posts born in each epoch of the run.
    pub births: Vec<Vec<Post>>,
    /// `b_rk` by region and topic.
    pub appeal: Vec<Vec<f64>>,
    /// Demand shocks by day and topic, 1/256 of log-odds like all parts below.
    pub demand: Vec<Vec<i16>>,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub id: u32,
    pub region: usize,
    pub group: usize,
    /// 1/16 of log-odds.
    pub interests: Vec<i8>,
    pub attention: i32,
    pub approval: i32,
    pub propensity: [i32; 5],
    /// Log of mean impressions a day, 1/4096 above −4.
    pub activity: u16,
    /// The profile at the start.
    pub levels: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Post {
    pub id: ItemId,
    pub topic: usize,
    pub creator: u32,
    /// Region of the creator.
    pub region: usize,
    pub duration_class: usize,
    pub born: i64,
    pub attention: i32,
    pub approval: i32,
    /// Duration in tenths of a second.
    pub duration: u32,
    /// Impressions, valid plays and likes at the start.
    pub known: [u32; 3],
}

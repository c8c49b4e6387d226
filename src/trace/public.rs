//! What injected accounts were shown: the only record of single videos that a run leaves behind.
//!
//! Only what somebody outside could have written down: no kind of slot, no score, nothing of anybody else.

/// Everything that the injected accounts of a replicate were shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    /// By arm as in the tally, without echo arms; each in order of account, number, session and position. Before its fork an
    /// arm repeats the baseline.
    pub arms: Vec<Vec<Shown>>,
}

/// One video that began to play in front of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Lasting identity of the post.
    pub item: u64,
    /// Which accounts, by place in the scenario.
    pub account: u32,
    /// Which of them, from 0.
    pub number: u32,
    /// Session of the account, from 0.
    pub session: u32,
    /// Place in the session, from 0.
    pub position: u32,
    /// Day, counted from day 0.
    pub day: u32,
    /// Epoch, counted from the start of day 0.
    pub epoch: u32,
    /// Who posted it.
    pub creator: u32,
    /// How long ago, epochs.
    pub age_epochs: u32,
    /// Impressions that the platform showed beside it: those before this epoch.
    pub impressions: u32,
    /// Likes, likewise.
    pub likes: u32,
    /// How long the account watched it, milliseconds.
    pub watch_ms: u32,
    /// Topic, as the world knows it; an auditor's own labels may err.
    pub topic: u16,
    /// Duration, tenths of a second.
    pub duration_tenths: u16,
    /// Whether the account played it long enough for a valid play.
    pub played: bool,
}

impl Public {
    /// Feeds every integer to a hasher, each as 8 bytes: the number of arms, and for each its length and its records.
    pub fn hash_into(&self, hasher: &mut blake3::Hasher) {
        let mut put = |x: u64| {
            hasher.update(&x.to_le_bytes());
        };
        put(self.arms.len() as u64);
        for shown in &self.arms {
            put(shown.len() as u64);
            shown.iter().flat_map(Shown::words).for_each(&mut put);
        }
    }
}

impl Shown {
    fn words(&self) -> [u64; 15] {
        let Self { item, account, number, session, position, day, epoch, creator, age_epochs, .. } = *self;
        let Self { impressions, likes, watch_ms, topic, duration_tenths, played, .. } = *self;
        let words = [account, number, session, position, day, epoch, creator, age_epochs, impressions, likes, watch_ms];
        let [a, b, c, d, e, f, g, h, i, j, k] = words.map(u64::from);
        [item, a, b, c, d, e, f, g, h, i, j, k, topic.into(), duration_tenths.into(), played.into()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> Public {
        let shown = Shown {
            item: 1 << 40,
            account: 1,
            number: 2,
            session: 3,
            position: 4,
            day: 5,
            epoch: 6,
            creator: 7,
            age_epochs: 8,
            impressions: 9,
            likes: 10,
            watch_ms: 11,
            topic: 12,
            duration_tenths: 13,
            played: false,
        };
        Public { arms: vec![vec![shown], Vec::new()] }
    }

    fn hash(public: &Public) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        public.hash_into(&mut hasher);
        hasher.finalize()
    }

    /// A change of the data that the hash must see.
    type Change = fn(&mut Shown);

    #[test]
    fn every_integer_and_every_shape_is_part_of_the_hash() {
        let changes: [Change; 15] = [
            |shown| shown.item += 1,
            |shown| shown.account += 1,
            |shown| shown.number += 1,
            |shown| shown.session += 1,
            |shown| shown.position += 1,
            |shown| shown.day += 1,
            |shown| shown.epoch += 1,
            |shown| shown.creator += 1,
            |shown| shown.age_epochs += 1,
            |shown| shown.impressions += 1,
            |shown| shown.likes += 1,
            |shown| shown.watch_ms += 1,
            |shown| shown.topic += 1,
            |shown| shown.duration_tenths += 1,
            |shown| shown.played = true,
        ];
        let known = hash(&public());
        assert_eq!(hash(&public()), known);
        for (number, change) in changes.iter().enumerate() {
            let mut changed = public();
            change(&mut changed.arms[0][0]);
            assert_ne!(hash(&changed), known, "change {number}");
        }
        let mut swapped = public();
        swapped.arms.swap(0, 1);
        assert_ne!(hash(&swapped), known);
    }
}

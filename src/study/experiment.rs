//! An experiment: the replicates of one scenario.

use crate::run::{Alone, Replicate};
use crate::scenario::Scenario;
use crate::study::Prepared;
use crate::trace::{Micro, Public, Tally};

/// A finished experiment.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// One tally per replicate.
    pub tallies: Vec<Tally>,
    /// Single people of all replicates, where some are followed.
    pub micro: Option<Micro>,
    /// What injected accounts were shown, one entry per replicate; empty without accounts.
    pub public: Vec<Public>,
    /// Impressions simulated in all arms, days and replicates, pre-run excluded.
    pub impressions: u64,
    /// Candidates scored: for every request the posts of its stripe, or those retrieved.
    pub candidates: u64,
    /// BLAKE3 over the tallies of all replicates, the single people and the accounts, in hex.
    pub trace_hash: String,
}

/// How far an experiment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Epochs done and to do, all replicates.
    pub epochs: [u64; 2],
    /// Replicate that runs, from 0.
    pub replicate: u32,
    /// Day of the epoch just done.
    pub day: i64,
    /// Impressions so far.
    pub impressions: u64,
}

impl Experiment {
    /// Runs all replicates, one after another; each uses every thread of the present pool. `see` is called per epoch.
    pub fn run(scenario: &Scenario, prepared: &Prepared, see: &mut dyn FnMut(Progress)) -> Self {
        let time = &scenario.time;
        let per_replicate = u64::from(time.burn_in_days + time.days) * u64::from(time.epochs_per_day);
        let all = per_replicate * u64::from(scenario.replicates.count);
        let (mut impressions, mut candidates, mut done) = (0, 0, 0);
        let (mut tallies, mut micro, mut public) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..scenario.replicates.count {
            let users = 0..scenario.population.users;
            let mut world = Replicate::new(prepared.setup.clone(), number, users, Some(&prepared.stock));
            while let Some(epoch) = world.step(&Alone) {
                impressions += epoch.impressions;
                candidates += epoch.candidates;
                done += 1;
                see(Progress { epochs: [done, all], replicate: number, day: epoch.day, impressions });
            }
            let (tally, of_people, of_accounts) = world.into_results();
            tallies.push(tally);
            micro.extend(of_people);
            public.extend(of_accounts);
        }
        let micro = Micro::join(&micro);
        let trace_hash = trace_hash(&tallies, micro.as_ref(), &public);
        Self { tallies, micro, public, impressions, candidates, trace_hash }
    }
}

/// BLAKE3 over tallies in order, then over the counts of single people, then over what accounts were shown.
pub fn trace_hash(tallies: &[Tally], micro: Option<&Micro>, public: &[Public]) -> String {
    let mut hasher = blake3::Hasher::new();
    tallies.iter().for_each(|tally| tally.hash_into(&mut hasher));
    if let Some(micro) = micro {
        micro.hash_into(&mut hasher);
    }
    public.iter().for_each(|public| public.hash_into(&mut hasher));
    hasher.finalize().to_hex().to_string()
}

//! Calibration: the stylised facts of real platforms, what a scenario shows of them, and how near it comes.

pub mod accepted;
pub mod facts;
pub mod fit;
pub mod probe;
pub mod wrong;

use facts::{Fact, Target};
use probe::Figures;

use crate::scenario::TargetSet;

/// One figure of a fact, held against its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// The fact.
    pub fact: &'static Fact,
    /// The figure.
    pub target: &'static Target,
    /// What the simulation shows; `None` where it is undefined.
    pub simulated: Option<f64>,
}

/// How a figure or a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within its tolerance.
    Inside,
    /// Outside of it.
    Outside,
    /// Undefined in this simulation.
    NotApplicable,
}

impl Verdict {
    /// As tables have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::NotApplicable => "n/a",
        }
    }
}

impl Row {
    /// How it stands.
    pub fn verdict(&self) -> Verdict {
        let [low, high] = self.target.bounds();
        match self.simulated {
            None => Verdict::NotApplicable,
            Some(value) if (low..=high).contains(&value) => Verdict::Inside,
            Some(_) => Verdict::Outside,
        }
    }
}

/// Holds figures against the facts of a set, fact by fact.
pub fn table(set: TargetSet, figures: &Figures) -> Vec<Row> {
    let simulated = |target: &Target| figures.get(target.figure).copied().flatten();
    facts::of(set)
        .flat_map(|fact| fact.targets.iter().map(move |target| (fact, target)))
        .map(|(fact, target)| Row { fact, target, simulated: simulated(target) })
        .collect()
}

/// How a whole fact stands: inside when all of its figures are, n/a when one is undefined and none outside.
pub fn verdict(rows: &[Row], id: &str) -> Verdict {
    let verdicts: Vec<Verdict> = rows.iter().filter(|row| row.fact.id == id).map(Row::verdict).collect();
    if verdicts.contains(&Verdict::Outside) {
        Verdict::Outside
    } else if verdicts.is_empty() || verdicts.contains(&Verdict::NotApplicable) {
        Verdict::NotApplicable
    } else {
        Verdict::Inside
    }
}

/// Facts of a use: inside, and decided at all.
pub fn score(rows: &[Row], usage: facts::Use) -> [usize; 2] {
    let mut ids: Vec<&str> = rows.iter().filter(|row| row.fact.usage == usage).map(|row| row.fact.id).collect();
    ids.dedup();
    let verdicts: Vec<Verdict> = ids.iter().map(|id| verdict(rows, id)).collect();
    let of = |wanted: Verdict| verdicts.iter().filter(|&&verdict| verdict == wanted).count();
    [of(Verdict::Inside), of(Verdict::Inside) + of(Verdict::Outside)]
}

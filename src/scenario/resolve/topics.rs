//! The topic list: a preset, overridden and extended by `[[topic]]`, with shares that sum to 1.

use super::view::View;
use super::{Findings, SHARE_TOLERANCE, index_of, rounded};
use crate::scenario::keys::{MOST_TOPICS, TOPIC_APPROVAL_SD};
use crate::scenario::presets::{self, PresetTopic};
use crate::scenario::raw::{Fault, Place};
use crate::scenario::{Region, Topic};
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::{BTreeMap, BTreeSet};

/// Sections that shares are made from.
const READS: &[&str] = &["topic", "catalogue", "population"];

/// Resolves the topic list, the preset's topics first.
pub(super) fn resolve(root: &View<'_>, regions: &[Region], findings: &mut Findings) -> Vec<Topic> {
    let preset = presets::topics(&root.table("catalogue").text("topics"));
    let entries = root.array("topic", "id");
    check_ids(&entries, findings);
    check_region_names(&entries, regions, findings);
    let sources = sources(preset, &entries);
    check_count(root, sources.len(), findings);
    let (shares, supply) = if findings.sound(READS) {
        shares_and_supply(&sources, regions, findings)
    } else {
        (vec![vec![0.0; sources.len()]; regions.len()], vec![0.0; sources.len()])
    };
    let shares_of = |topic: usize| shares.iter().map(|region| region[topic]).collect();
    sources.iter().enumerate().map(|(k, source)| source.topic(shares_of(k), supply[k])).collect()
}

/// Index of the topic of this name, or a fault about the key that names it.
pub(super) fn index(id: &str, topics: &[Topic], place: Place, key: &str, findings: &mut Findings) -> Option<usize> {
    if !findings.typed_well(&["topic", "catalogue"]) {
        return None;
    }
    let known = topics.iter().map(|topic| topic.id.as_str());
    match index_of(id, known, "a topic", place, key) {
        Ok(index) => Some(index),
        Err(fault) => {
            findings.add(list_topics(fault, topics));
            None
        }
    }
}

/// Says which topics there are when none is close to what was typed.
fn list_topics(fault: Fault, topics: &[Topic]) -> Fault {
    if fault.meant.is_some() {
        return fault;
    }
    let ids: Vec<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
    fault.hint(format!("the topics are {}", ids.join(", ")))
}

/// A sum this close to what it should be differs by rounding alone; scaling would only add more.
const ROUNDING: f64 = 1e-9;

/// What a topic is made from: a preset's topic, an entry of the file, or both.
struct Source<'a> {
    id: String,
    preset: Option<&'static PresetTopic>,
    entry: View<'a>,
}

fn sources<'a>(preset: &'static [PresetTopic], entries: &[View<'a>]) -> Vec<Source<'a>> {
    let entry_of = |id: &str| entries.iter().find(|entry| entry.text("id") == id).cloned();
    let from_preset = preset.iter().map(|topic| Source {
        id: topic.id.to_owned(),
        preset: Some(topic),
        entry: entry_of(topic.id).unwrap_or_else(|| View::absent(&format!("topic.{}", topic.id), "topic[]")),
    });
    let added = entries.iter().filter(|entry| preset.iter().all(|topic| topic.id != entry.text("id")));
    from_preset.chain(added.map(|entry| Source { id: entry.text("id"), preset: None, entry: entry.clone() })).collect()
}

impl Source<'_> {
    fn topic(&self, share: Vec<f64>, supply: f64) -> Topic {
        let preset_is_sensitive = self.preset.is_some_and(|topic| topic.sensitive);
        Topic {
            id: self.id.clone(),
            label: self.labels(),
            share,
            supply,
            sensitive: self.entry.given_flag("sensitive").unwrap_or(preset_is_sensitive),
            interest_sd: self.entry.number("interest_sd"),
            approval: self.entry.given_number("approval").unwrap_or_else(|| approval(&self.id)),
        }
    }

    fn labels(&self) -> BTreeMap<String, String> {
        let typed = self.entry.table("label");
        let en = typed.given_text("en").or(self.preset.map(|topic| topic.en)).unwrap_or(&self.id);
        let de = typed.given_text("de").or(self.preset.map(|topic| topic.de)).unwrap_or(en);
        BTreeMap::from([("en".to_owned(), en.to_owned()), ("de".to_owned(), de.to_owned())])
    }

    /// The share typed for a region, by its name or for all of them.
    fn typed_share(&self, region: &str) -> Option<f64> {
        self.entry.given_number("share").or_else(|| self.entry.table("share").given_number(region))
    }
}

/// Topic part of approval when none is given: a fixed normal draw from the id, the same on any machine because it is rounded.
fn approval(id: &str) -> f64 {
    let hash = blake3::derive_key("feedtilt 2026 topic part of approval", id.as_bytes());
    let bits = u64::from_le_bytes(hash[..8].try_into().expect("a BLAKE3 hash has 32 bytes"));
    let uniform = ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let normal = Normal::new(0.0, TOPIC_APPROVAL_SD).expect("the standard deviation is positive");
    (normal.inverse_cdf(uniform) * 1000.0).round() / 1000.0
}

fn check_ids(entries: &[View<'_>], findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for entry in entries {
        let id = entry.text("id");
        if !id.is_empty() && !seen.insert(id.clone()) {
            findings.about(entry, "id", format!("found \"{id}\" a second time; expected each topic once"));
        }
    }
}

fn check_count(root: &View<'_>, count: usize, findings: &mut Findings) {
    if !(2..=MOST_TOPICS).contains(&count) && findings.sound(READS) {
        let problem = format!("found {count} in all; expected 2 to {MOST_TOPICS} topics");
        let hint = "catalogue.topics = \"tiktok-2025\" supplies 23, each [[topic]] of another id adds one";
        findings.about_with_hint(root, "topic", problem, hint);
    }
}

fn check_region_names(entries: &[View<'_>], regions: &[Region], findings: &mut Findings) {
    if !findings.typed_well(&["population"]) {
        return;
    }
    for entry in entries {
        let shares = entry.table("share");
        for name in shares.names() {
            let known = regions.iter().map(|region| region.id.as_str());
            if let Err(fault) = index_of(name, known, "a region", shares.place(name), &shares.path(name)) {
                findings.add(fault);
            }
        }
    }
}

/// Shares by region and topic, and supply by topic.
fn shares_and_supply(sources: &[Source<'_>], regions: &[Region], findings: &mut Findings) -> (Vec<Vec<f64>>, Vec<f64>) {
    let shares: Vec<Vec<f64>> =
        regions.iter().map(|region| region_shares(sources, region, regions.len() == 1, findings)).collect();
    let mean = |k: usize| regions.iter().zip(&shares).map(|(region, share)| region.share * share[k]).sum();
    let means: Vec<f64> = (0..sources.len()).map(mean).collect();
    let typed: Vec<Option<f64>> = sources.iter().map(|source| source.entry.given_number("supply")).collect();
    let supply = fill(&typed, &means).unwrap_or_else(|sum| {
        findings.add(sum_fault(&sum, sources, &typed, "supply", ""));
        means
    });
    (shares, supply)
}

/// Shares typed for a region stay; those of the preset share the rest in their own proportions.
fn region_shares(sources: &[Source<'_>], region: &Region, alone: bool, findings: &mut Findings) -> Vec<f64> {
    let typed: Vec<Option<f64>> = sources.iter().map(|source| source.typed_share(&region.id)).collect();
    let of = if alone { String::new() } else { format!(" for region \"{}\"", region.id) };
    let mut complete = true;
    for (source, _) in sources.iter().zip(&typed).filter(|(source, typed)| typed.is_none() && source.preset.is_none()) {
        let problem = format!("missing{of}; expected a share, because no preset supplies this topic");
        findings.about(&source.entry, "share", problem);
        complete = false;
    }
    let base: Vec<f64> = sources.iter().map(|source| source.preset.map_or(0.0, |topic| topic.share)).collect();
    let filled = if complete { fill(&typed, &base) } else { return base };
    filled.unwrap_or_else(|sum| {
        findings.add(sum_fault(&sum, sources, &typed, "share", &of));
        base
    })
}

/// A sum of shares that cannot be met.
#[derive(Debug, PartialEq)]
struct Sum {
    typed: f64,
    open: usize,
}

/// Keeps what was typed and scales the rest of `base` so that all sums to 1.
fn fill(typed: &[Option<f64>], base: &[f64]) -> Result<Vec<f64>, Sum> {
    let fixed: f64 = typed.iter().flatten().sum();
    let open = typed.iter().filter(|share| share.is_none()).count();
    let rest = 1.0 - fixed;
    if open == 0 && rest.abs() > SHARE_TOLERANCE || open > 0 && rest < SHARE_TOLERANCE {
        return Err(Sum { typed: fixed, open });
    }
    let free: f64 = typed.iter().zip(base).filter(|(typed, _)| typed.is_none()).map(|(_, base)| base).sum();
    let scale = if (rest - free).abs() < ROUNDING { 1.0 } else { rest / free };
    Ok(typed.iter().zip(base).map(|(typed, base)| typed.unwrap_or(base * scale)).collect())
}

/// Points at the largest share typed, which is the likeliest to be wrong.
fn sum_fault(sum: &Sum, sources: &[Source<'_>], typed: &[Option<f64>], name: &str, of: &str) -> Fault {
    let problem = match sum.open {
        0 => format!("the values of all {} topics{of} sum to {}; expected 1", sources.len(), rounded(sum.typed)),
        1 => format!("the values given{of} sum to {}, which leaves nothing for the other topic", rounded(sum.typed)),
        n => {
            format!("the values given{of} sum to {}, which leaves nothing for the other {n} topics", rounded(sum.typed))
        }
    };
    let largest =
        sources.iter().zip(typed).max_by(|(_, a), (_, b)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let place = largest.map(|(source, _)| source.entry.place(name));
    let fault = Fault::new(place.unwrap_or(Place::Whole), format!("topic.{name}"), problem);
    if sum.open == 0 { fault } else { fault.hint("expected a sum below 1") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_shares_stay_and_the_rest_is_rescaled() {
        assert_eq!(fill(&[Some(0.5), None, None], &[0.1, 0.2, 0.6]), Ok(vec![0.5, 0.125, 0.375]));
    }

    #[test]
    fn complete_shares_are_not_touched() {
        assert_eq!(fill(&[Some(0.3), Some(0.700_000_1)], &[0.5, 0.5]), Ok(vec![0.3, 0.700_000_1]));
    }

    #[test]
    fn sums_that_cannot_be_met_are_refused() {
        assert_eq!(fill(&[Some(1.0), None], &[0.5, 0.5]), Err(Sum { typed: 1.0, open: 1 }));
        assert_eq!(fill(&[Some(0.5), Some(0.25)], &[0.5, 0.5]), Err(Sum { typed: 0.75, open: 0 }));
    }

    #[test]
    fn approval_is_a_fixed_draw_of_three_decimals() {
        let drawn: Vec<f64> = (0..2000).map(|k| approval(&format!("topic-{k}"))).collect();
        let mean = drawn.iter().sum::<f64>() / 2000.0;
        let sd = (drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1999.0).sqrt();
        assert!(mean.abs() < 4.0 * TOPIC_APPROVAL_SD / 2000_f64.sqrt(), "mean {mean}");
        assert!((sd / TOPIC_APPROVAL_SD - 1.0).abs() < 4.0 / 4000_f64.sqrt(), "sd {sd}");
        assert_eq!(approval("protest"), approval("protest"));
        assert!(drawn.iter().all(|x| (x * 1000.0 - (x * 1000.0).round()).abs() < 1e-9));
    }
}

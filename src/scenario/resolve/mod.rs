//! From what was typed to what it means: values and defaults become a [`Scenario`], and are held against each other.
//!
//! Every check that needs more than one key is made here. A check is left out when the sections it reads are already at
//! fault, so that one slip is reported once.

mod accounts;
mod arms;
mod feed;
mod limits;
mod reachable;
mod tilt;
mod topics;
mod view;

use super::raw::document::Table;
use super::raw::suggest::closest;
use super::raw::{Fault, Place};
use super::{
    Arm, BandVector, Calibrate, Catalogue, Engine, Interest, Loops, ModelBand, Population, ProfileRule, Record,
    RecordBy, Redraw, Region, Replicates, Respond, SIGNALS, Scenario, Shifts, Shocks, Solved, Stay, Structure,
    Structures, Supply, TargetSet, Time, Topic, Uncertainty, Value, keys,
};
use view::View;

pub use limits::GROUP_COUNT;

/// How far a sum of shares may be from 1.
const SHARE_TOLERANCE: f64 = 1e-6;

/// Resolves a checked document. `stem` is the scenario's name if it gives none; `faults` are those found so far.
pub(super) fn scenario(root: &Table, stem: &str, faults: Vec<Fault>) -> Result<Scenario, Vec<Fault>> {
    let root = View::root(root);
    let mut faults = Findings { typed: faults, found: Vec::new() };
    let population = population(&root, &mut faults);
    let topics = topics::resolve(&root, &population.regions, &mut faults);
    let time = time(&root.table("time"));
    let feed = feed::resolve(&root.table("feed"), &time, &mut faults);
    let depth_days = root.table("catalogue").whole("depth_days");
    let known = Known { topics: &topics, regions: &population.regions, time: &time, value: feed.value, depth_days };
    let arms = arms::resolve(&root, &known, &mut faults);
    let accounts = accounts::resolve(&root, &known, &mut faults);
    let replicates = replicates(&root.table("replicates"));
    let measure = arms::measure(&root, &topics, &arms, replicates.people(population.users), &mut faults);
    let band = band(&root.table("band"), &arms, &topics, &measure.track);
    let structures = structures(&root.table("structure"), &arms, &topics, &measure.track);
    let scenario = Scenario {
        name: name(&root, stem, &mut faults),
        question: root.text("question"),
        expectation: root.text("expectation"),
        sources: root.texts("sources"),
        catalogue: catalogue(&root.table("catalogue"), &mut faults),
        shocks: shocks(&root.table("shocks")),
        respond: respond(&root.table("respond")),
        feed,
        loops: loops(&root.table("loops")),
        stay: stay(&root.table("stay")),
        supply: supply(&root.table("supply")),
        interest: Interest { strength: root.table("interest").number("strength") },
        measure,
        record: record(&root.table("record")),
        calibrate: calibrate(&root.table("calibrate")),
        uncertainty: uncertainty(&root.table("uncertainty")),
        band,
        structures,
        replicates,
        solved: solved(&root.table("solved"), &population.regions, &topics),
        population,
        topics,
        time,
        arms,
        accounts,
        sealed: (),
    };
    limits::check(&root, &scenario, &mut faults);
    reachable::check(&root, &scenario, &mut faults);
    let all = [faults.typed, faults.found].concat();
    if all.is_empty() { Ok(scenario) } else { Err(all) }
}

/// What arms and accounts refer to.
struct Known<'a> {
    topics: &'a [Topic],
    regions: &'a [Region],
    time: &'a Time,
    value: Value,
    /// Days for which posts stay.
    depth_days: u32,
}

/// Faults found so far.
struct Findings {
    /// Faults of single keys and values, found before.
    typed: Vec<Fault>,
    /// Faults of values held against each other.
    found: Vec<Fault>,
}

impl Findings {
    /// Whether each value of these top-level sections is what its key allows.
    fn typed_well(&self, sections: &[&str]) -> bool {
        !self.typed.iter().any(|fault| sections.iter().any(|section| fault.touches(section)))
    }

    /// Whether these top-level sections are free of any fault found so far; for sums over them.
    fn sound(&self, sections: &[&str]) -> bool {
        let touched = self.found.iter().any(|fault| sections.iter().any(|section| fault.touches(section)));
        self.typed_well(sections) && !touched
    }

    fn add(&mut self, fault: Fault) {
        self.found.push(fault);
    }

    /// Whether a fault of this very key, or of one that was meant to be it, was found before.
    fn reported(&self, key: &str) -> bool {
        self.typed.iter().any(|fault| fault.key == key || fault.meant.as_deref() == Some(key))
    }

    /// The same for a table and what lies in it.
    fn reported_within(&self, table: &str) -> bool {
        let within = |key: &str| key == table || key.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'));
        self.typed.iter().any(|fault| within(&fault.key) || fault.meant.as_deref().is_some_and(within))
    }

    /// A fault about one key of a table.
    fn about(&mut self, view: &View<'_>, name: &str, problem: impl Into<String>) {
        self.add(Fault::new(view.place(name), view.path(name), problem));
    }

    fn about_with_hint(&mut self, view: &View<'_>, name: &str, problem: impl Into<String>, hint: impl Into<String>) {
        self.add(Fault::new(view.place(name), view.path(name), problem).hint(hint));
    }
}

/// Index of `name` among `known`, or a fault that suggests what was meant.
fn index_of<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    what: &str,
    place: Place,
    key: &str,
) -> Result<usize, Fault> {
    known.clone().position(|candidate| candidate == name).ok_or_else(|| {
        let meant = closest(name, known).map(|meant| format!("\"{meant}\""));
        Fault::new(place, key, format!("found \"{name}\"; expected {what} of the scenario")).meant(meant)
    })
}

fn name(root: &View<'_>, stem: &str, findings: &mut Findings) -> String {
    let name = root.given_text("name").unwrap_or(stem);
    if !keys::is_slug(name) && findings.typed_well(&["name"]) {
        let slug: String =
            stem.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let problem = format!("missing, and the file's name \"{stem}\" is no name of a-z, 0-9 and -");
        findings.about_with_hint(root, "name", problem, format!("add a line such as name = \"{slug}\""));
    }
    name.to_owned()
}

fn population(root: &View<'_>, findings: &mut Findings) -> Population {
    let view = root.table("population");
    let regions = regions(&view, findings);
    let users = view.whole("users");
    let represents = view.given_whole("represents").and_then(|given| u64::try_from(given).ok());
    let represents = represents.unwrap_or(u64::from(users));
    if represents < u64::from(users) && findings.typed_well(&["population"]) {
        let problem = format!("found {represents}; expected at least population.users, which is {users}");
        findings.about(&view, "represents", problem);
    }
    Population {
        users,
        represents,
        daily_active_share: view.number("daily_active_share"),
        activity_median: view.number("activity_median"),
        activity_sigma: view.number("activity_sigma"),
        day_sigma: view.number("day_sigma"),
        heavy_share: view.number("heavy_share"),
        topic_correlation: view.number("topic_correlation"),
        attention_sd: view.number("attention_sd"),
        approval_sd: view.number("approval_sd"),
        propensity_sd: view.number("propensity_sd"),
        regions,
    }
}

fn regions(population: &View<'_>, findings: &mut Findings) -> Vec<Region> {
    let views = population.array("region", "id");
    if views.is_empty() {
        return vec![Region { id: "all".to_owned(), share: 1.0 }];
    }
    let mut regions: Vec<Region> = Vec::new();
    for view in &views {
        let region = Region { id: view.text("id"), share: view.number("share") };
        if regions.iter().any(|known| known.id == region.id) && findings.typed_well(&["population"]) {
            findings.about(view, "id", format!("found \"{}\" a second time; expected each region once", region.id));
        }
        regions.push(region);
    }
    let sum: f64 = regions.iter().map(|region| region.share).sum();
    if (sum - 1.0).abs() > SHARE_TOLERANCE && findings.sound(&["population"]) {
        let problem = format!("the shares of the {} regions sum to {}; expected 1", regions.len(), rounded(sum));
        findings.add(Fault::new(views[0].place("share"), "population.region", problem));
    }
    regions
}

fn catalogue(view: &View<'_>, findings: &mut Findings) -> Catalogue {
    let duration_edges: [f64; 2] = view.numbers("duration_edges");
    increasing(view, "duration_edges", duration_edges, findings);
    Catalogue {
        preset: view.text("topics"),
        impressions_per_post: view.number("impressions_per_post"),
        depth_days: view.whole("depth_days"),
        creators_per_user: view.number("creators_per_user"),
        posting_sigma: view.number("posting_sigma"),
        creator_share: view.number("creator_share"),
        duration_median: view.number("duration_median"),
        duration_sigma: view.number("duration_sigma"),
        duration_min: view.number("duration_min"),
        duration_edges,
        attention_sd: view.number("attention_sd"),
        approval_sd: view.number("approval_sd"),
        latent_correlation: view.number("latent_correlation"),
    }
}

/// Both ends of a range, or both edges of the duration classes, increase.
fn increasing(view: &View<'_>, name: &str, [low, high]: [f64; 2], findings: &mut Findings) {
    if low >= high && findings.typed_well(&[view.path(name).split('.').next().unwrap_or_default()]) {
        findings.about(view, name, format!("found [{low:?}, {high:?}]; expected the first below the second"));
    }
}

fn time(view: &View<'_>) -> Time {
    Time {
        burn_in_days: view.whole("burn_in_days"),
        days: view.whole("days"),
        epochs_per_day: view.whole("epochs_per_day"),
    }
}

fn shocks(view: &View<'_>) -> Shocks {
    Shocks {
        demand_sd: view.number("demand_sd"),
        supply_sd: view.number("supply_sd"),
        memory: view.number("memory"),
        burst_probability: view.number("burst_probability"),
        burst_size: view.number("burst_size"),
    }
}

fn respond(view: &View<'_>) -> Respond {
    Respond {
        attention: view.number("attention"),
        watch_slope: view.number("watch_slope"),
        start_slope: view.number("start_slope"),
        start_seconds: view.number("start_seconds"),
        end_drop: view.number("end_drop"),
        duration_effect: view.number("duration_effect"),
        rewatch_max: view.number("rewatch_max"),
        interest_weight: view.number("interest_weight"),
        approval_interest_weight: view.number("approval_interest_weight"),
        like: view.number("like"),
        comment: view.number("comment"),
        share: view.number("share"),
        follow: view.number("follow"),
        not_interested: view.number("not_interested"),
        played: SIGNALS.map(|signal| view.table("played").number(signal)),
        latents: view.whole("latents"),
    }
}

fn loops(view: &View<'_>) -> Loops {
    Loops {
        profile: view.flag("profile"),
        popularity: view.flag("popularity"),
        stay: view.flag("stay"),
        supply: view.flag("supply"),
        interest: view.flag("interest"),
    }
}

fn stay(view: &View<'_>) -> Stay {
    Stay { hazard: view.number("hazard"), strength: view.number("strength"), usual: view.number("usual") }
}

fn supply(view: &View<'_>) -> Supply {
    Supply { strength: view.number("strength"), bound: view.number("bound") }
}

fn record(view: &View<'_>) -> Record {
    let by = view.texts("by");
    let has = |column: &str| by.iter().any(|name| name == column);
    let by = RecordBy { day: has("day"), region: has("region"), group: has("group"), topic: has("topic") };
    Record { by, max_rows: view.large("max_rows") }
}

fn calibrate(view: &View<'_>) -> Calibrate {
    let target_set = if view.text("target_set") == "tiktok" { TargetSet::Tiktok } else { TargetSet::Kuaishou };
    Calibrate { target_set, pool_share: view.number("pool_share") }
}

fn replicates(view: &View<'_>) -> Replicates {
    let redraw = if view.text("redraw") == "behaviour" { Redraw::Behaviour } else { Redraw::World };
    Replicates { count: view.whole("count"), seed: view.large("seed"), redraw }
}

fn uncertainty(view: &View<'_>) -> Uncertainty {
    Uncertainty {
        band: view.flag("band"),
        users: view.whole("users"),
        structure: view.flag("structure"),
        structure_users: view.whole("structure_users"),
    }
}

/// A carried band; arms and topics that a vector does not name have no shift.
fn band(view: &View<'_>, arms: &[Arm], topics: &[Topic], track: &[usize]) -> Option<ModelBand> {
    let fingerprint = view.given_text("fingerprint")?.to_owned();
    let vector = |view: &View<'_>| BandVector {
        accuracy: view.number("accuracy"),
        relative: carried(&view.table("relative"), arms, topics, track),
    };
    Some(ModelBand {
        fingerprint,
        version: view.text("version"),
        date: view.text("date"),
        vectors: view.array("vector", "accuracy").iter().map(vector).collect(),
    })
}

/// What other structures say, as carried.
fn structures(view: &View<'_>, arms: &[Arm], topics: &[Topic], track: &[usize]) -> Option<Structures> {
    let fingerprint = view.given_text("fingerprint")?.to_owned();
    let combination = |view: &View<'_>| {
        let figures = |name: &str| carried(&view.table(name), arms, topics, track);
        let engine = if view.text("engine") == "candidates" { Engine::Candidates } else { Engine::Cells };
        Structure {
            engine,
            choice: feed::named_choice(&view.text("choice")),
            profile_rule: if view.text("profile_rule") == "share" { ProfileRule::Share } else { ProfileRule::Rate },
            latents: view.whole("latents"),
            relative: figures("relative"),
            low: figures("low"),
            high: figures("high"),
            weekly: figures("weekly"),
        }
    };
    Some(Structures {
        fingerprint,
        version: view.text("version"),
        date: view.text("date"),
        combinations: view.array("combination", "").iter().map(combination).collect(),
    })
}

/// Figures by arm and topic; those that are not named are undefined.
fn carried(view: &View<'_>, arms: &[Arm], topics: &[Topic], track: &[usize]) -> Shifts {
    let of_arm = |arm: &Arm| {
        let row = view.table(&arm.name);
        track.iter().map(|&topic| row.given_number(&topics[topic].id)).collect()
    };
    arms.iter().map(of_arm).collect()
}

/// Appeals of exactly these regions and topics; anything else belongs to other settings and counts as not solved.
fn solved(view: &View<'_>, regions: &[Region], topics: &[Topic]) -> Option<Solved> {
    let fingerprint = view.given_text("fingerprint")?.to_owned();
    let appeal = view.table("appeal");
    let row = |region: &Region| {
        let row = appeal.table(&region.id);
        let complete = row.names().count() == topics.len();
        complete.then(|| topics.iter().map(|topic| row.given_number(&topic.id)).collect::<Option<Vec<f64>>>())?
    };
    let rows = regions.iter().map(row).collect::<Option<Vec<_>>>()?;
    (appeal.names().count() == regions.len()).then_some(Solved { fingerprint, appeal: rows })
}

/// A sum of shares for messages: without the noise of the last digits.
fn rounded(sum: f64) -> f64 {
    (sum * 1e7).round() / 1e7
}

//! Limits on the whole: rows of the exposure table, policy classes, factors on weights, choices of videos.

use super::Findings;
use super::view::View;
use crate::scenario::raw::Fault;
use crate::scenario::{Chance, Classifier, HEADS, RegionSet, Scenario, Tilt, TiltKind, Value};

/// Groups of people in the exposure table: activity tercile × interest tercile.
pub const GROUP_COUNT: u64 = 9;

/// Most classes of people that tilts may tell apart.
const MOST_POLICY_CLASSES: usize = 256;

/// Largest and smallest factor that tilts and freshness together may put on a topic's weight, as powers of 2: weights are
/// integers, and beyond this a factor would overflow or be off by more than 1 in 1,000.
const WEIGHT_FACTORS: [f64; 2] = [-22.0, 16.0];

/// Most choices of videos by chance, of heat and of all other tilts: each is a bit of a post's flags, and those of other
/// tilts double the rows that every topic is split into. Also most choices for heat in an arm: each has draws of its own.
const MOST_CHOICES: usize = 4;

/// Most approval that may go along with a unit of attention.
const MOST_APPROVAL: f64 = 50.0;

/// Most delays of different length in a file.
const MOST_DELAYS: usize = 4;

/// Most people that a simulated person may stand for where a tilt rests on a threshold in impressions. A video is met by a person
/// at most once a day, so that among few people a threshold is a far larger part of everybody than it is on the platform: at a
/// thousand to one, a cap of 10,000 is out of reach among 30,000 people in most topics where it is ordinary among 30 million.
const MOST_PEOPLE_EACH: f64 = 1_000.0;

/// Checks all limits.
pub(super) fn check(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    check_rows(root, scenario, findings);
    check_policy_classes(root, scenario, findings);
    check_weight_factors(root, scenario, findings);
    check_choices(root, scenario, findings);
    check_rankers(root, scenario, findings);
    check_weights(root, scenario, findings);
    check_heat(root, scenario, findings);
    check_latents(root, scenario, findings);
    check_delays(root, scenario, findings);
    check_thresholds(root, scenario, findings);
}

/// With one latent approval follows attention, by a factor that is kept in 1/256 and may not overflow.
fn check_latents(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let too_steep = scenario.approval_per_attention().is_some_and(|ratio| ratio.is_nan() || ratio > MOST_APPROVAL);
    if too_steep && findings.typed_well(&["catalogue", "respond"]) {
        let problem = format!(
            "found 1 with catalogue.approval_sd {:?} and catalogue.attention_sd {:?}; expected at most {MOST_APPROVAL} times as much \
             approval as attention",
            scenario.catalogue.approval_sd, scenario.catalogue.attention_sd
        );
        findings.about(&root.table("respond"), "latents", problem);
    }
}

/// Every delay is a border between ages, and each of these splits the rows of every topic.
fn check_delays(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm"]) {
        return;
    }
    let mut found: Vec<f64> = Vec::new();
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        for (tilt, view) in arm.tilts.iter().zip(view.array("tilt", "")) {
            let TiltKind::Delay { hours, .. } = tilt.kind else { continue };
            if hours > 0.0 && !found.contains(&hours) {
                found.push(hours);
            }
            if found.len() > MOST_DELAYS {
                let problem = format!("found a fifth delay in the file; expected at most {MOST_DELAYS}");
                findings.about_with_hint(&view, "hours", problem, "each splits the rows of every topic by age");
                return;
            }
        }
    }
}

/// Thresholds in impressions mean the less the more people stand behind a simulated one.
fn check_thresholds(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm", "population"]) {
        return;
    }
    let each = scenario.people_each();
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        for (tilt, view) in arm.tilts.iter().zip(view.array("tilt", "")) {
            let of = match tilt.kind {
                TiltKind::ReachCap { .. } => "the impressions of reach_cap",
                TiltKind::ColdStart { .. } => "feed.cold_start.until, on which cold_start rests,",
                _ => continue,
            };
            if each > MOST_PEOPLE_EACH {
                let problem = format!(
                    "{of} cannot be scaled to {} people: each simulated person would stand for {each:.0}; expected at most {MOST_PEOPLE_EACH}",
                    scenario.population.represents
                );
                let hint = "simulate more people, or let population.represents be fewer";
                findings.about_with_hint(&view, "kind", problem, hint);
                return;
            }
        }
    }
}

/// Whether two tilts ever act on the same person: audiences are nested by hash, so in a common region some people share them.
fn meet(one: &Tilt, other: &Tilt) -> bool {
    let days = one.schedule.from_day < other.schedule.until_day && other.schedule.from_day < one.schedule.until_day;
    let regions = one.audience.regions.iter().zip(&other.audience.regions).any(|(one, other)| *one && *other);
    days && regions && one.audience.share > 0.0 && other.audience.share > 0.0
}

/// A person's feed has one ranker at a time.
fn check_rankers(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm", "time", "population"]) {
        return;
    }
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        let is_feed = |tilt: &Tilt| matches!(tilt.kind, TiltKind::Feed { .. });
        for (number, (tilt, view)) in arm.tilts.iter().zip(view.array("tilt", "")).enumerate() {
            if is_feed(tilt) && arm.tilts[..number].iter().any(|before| is_feed(before) && meet(before, tilt)) {
                let problem = "a second ranker for the same people on the same days; expected one";
                findings.about_with_hint(&view, "ranker", problem, "compare two rankers in two arms");
            }
        }
    }
}

/// A weight has one value at a time for a person and a topic, and one at least stays above 0.
fn check_weights(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm", "time", "population", "feed"]) {
        return;
    }
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        for (number, (tilt, view)) in arm.tilts.iter().zip(view.array("tilt", "")).enumerate() {
            let TiltKind::Head { value } = tilt.kind else { continue };
            let mut weights = scenario.feed.value.weights();
            for (place, other) in arm.tilts[..=number].iter().enumerate() {
                let TiltKind::Head { value: before } = other.kind else { continue };
                if !shares_posts(other, tilt) || !meet(other, tilt) {
                    continue;
                }
                let twice = (0..HEADS.len()).find(|&head| before[head].is_some() && value[head].is_some());
                if let Some(head) = twice.filter(|_| place < number) {
                    let table = view.table("value");
                    let problem = format!(
                        "a second weight of {} for the same people and topic on the same days; expected one",
                        HEADS[head]
                    );
                    findings.about_with_hint(&table, HEADS[head], problem, "compare two weights in two arms");
                    return;
                }
                let named = weights.iter_mut().zip(before);
                named.for_each(|(weight, new)| *weight = new.unwrap_or(*weight));
            }
            if Value::of_weights(weights).is_void() {
                let problem = "leaves all weights at 0 or below; expected at least one above 0";
                findings.about(&view, "value", problem);
                return;
            }
        }
    }
}

/// Whether two tilts without a classifier mean some video in common.
fn shares_posts(one: &Tilt, other: &Tilt) -> bool {
    one.topic.is_none() || other.topic.is_none() || one.topic == other.topic
}

/// All heated posts together cannot take more than every slot.
fn check_heat(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm", "time", "population"]) {
        return;
    }
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        for (number, (tilt, view)) in arm.tilts.iter().zip(view.array("tilt", "")).enumerate() {
            let heat = |other: &Tilt| match other.kind {
                TiltKind::Heat { share, .. } if meet(other, tilt) => share,
                _ => 0.0,
            };
            let total: f64 = arm.tilts[..=number].iter().map(heat).sum();
            if heat(tilt) > 0.0 && total > 1.0 {
                let problem = format!("heat would take {total:?} of all slots of the same people; expected at most 1");
                findings.about(&view, "share", problem);
            }
        }
    }
}

/// At worst all tilts of an arm meet on one post.
fn check_weight_factors(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm", "feed"]) {
        return;
    }
    let power = |multiply: f64| multiply.log2() / scenario.feed.temperature;
    let fresh = scenario.feed.freshness.map(power);
    let allowed = |lowest: f64, highest: f64| lowest >= WEIGHT_FACTORS[0] && highest <= WEIGHT_FACTORS[1];
    let [mut low, mut high] = [fresh.into_iter().fold(0.0, f64::min), fresh.into_iter().fold(0.0, f64::max)];
    if !allowed(low, high) {
        let view = root.table("feed");
        let problem =
            format!("freshness multiplies weights by 2^{low:.1} to 2^{high:.1}; expected within 2^-22 to 2^16");
        findings.about_with_hint(
            &view,
            "freshness",
            problem,
            "a weight is the score to the power 1 / feed.temperature",
        );
        [low, high] = [0.0, 0.0];
    }
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        let [mut lowest, mut highest] = [low, high];
        for (tilt, view) in arm.tilts.iter().zip(view.array("tilt", "")) {
            let Some(multiply) = tilt.kind.on_score() else { continue };
            lowest += power(multiply).min(0.0);
            highest += power(multiply).max(0.0);
            if !allowed(lowest, highest) {
                let problem = format!(
                    "found {multiply}: the arm's tilts together multiply weights by 2^{lowest:.1} to 2^{highest:.1}; \
                     expected within 2^-22 to 2^16"
                );
                let hint = "a weight is the score to the power 1 / feed.temperature";
                findings.about_with_hint(&view, "multiply", problem, hint);
                break;
            }
        }
    }
}

/// Tilts that mean the same videos have one in common.
type Choice = (Option<usize>, Classifier, Chance);

/// Which videos a tilt means: topic, classifier and the chance by which some of what is found is chosen.
fn choice(tilt: &Tilt) -> Choice {
    (tilt.topic, tilt.classifier, tilt.kind.chance())
}

/// Choices by chance are kept as flags of posts: those of heat, and all others, which also split rows. Heat beyond that needs
/// draws of its own in its arm.
fn check_choices(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    if !findings.sound(&["arm"]) {
        return;
    }
    let is_heat = |tilt: &Tilt| matches!(tilt.kind, TiltKind::Heat { .. });
    let by_chance = |tilt: &Tilt| tilt.kind.chance().share < 1.0 || !tilt.classifier.is_perfect();
    let classifier = |tilt: &Tilt| match (tilt.classifier.is_perfect(), tilt.kind) {
        (false, _) => "classifier",
        (true, TiltKind::ReachCap { .. } | TiltKind::Delay { .. }) => "items",
        (true, _) => "share",
    };
    let most = Most {
        of: "imperfect classifier or share of the videos or creators in the file",
        hint: "tilts with equal topic, classifier and share have one in common",
        each_arm: false,
    };
    most.check(&|tilt| (!is_heat(tilt) && by_chance(tilt)).then(|| classifier(tilt)), root, scenario, findings);
    let hint = "tilts with equal topic, classifier and items have one in common";
    let most = Most { of: "share of the videos for heat in the file", hint, each_arm: false };
    let items = |tilt: &Tilt| if tilt.classifier.is_perfect() { "items" } else { "classifier" };
    if !most.check(&|tilt| (is_heat(tilt) && by_chance(tilt)).then(|| items(tilt)), root, scenario, findings) {
        return;
    }
    let most = Most { of: "choice of videos for heat in the arm", hint, each_arm: true };
    most.check(&|tilt| is_heat(tilt).then_some("kind"), root, scenario, findings);
}

/// A limit on choices, in words.
struct Most {
    of: &'static str,
    hint: &'static str,
    /// Whether it begins anew with each arm.
    each_arm: bool,
}

impl Most {
    /// Finds the first tilt with a choice too many; `counts` names the key that makes it one. Whether there was none.
    fn check(
        &self,
        counts: &dyn Fn(&Tilt) -> Option<&'static str>,
        root: &View<'_>,
        scenario: &Scenario,
        findings: &mut Findings,
    ) -> bool {
        // Pools of an arm differ by origin too; flags of posts know none.
        let mut found: Vec<(Choice, Option<RegionSet>)> = Vec::new();
        for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
            if self.each_arm {
                found.clear();
            }
            for (tilt, view) in arm.tilts.iter().zip(view.array("tilt", "")) {
                let Some(key) = counts(tilt) else { continue };
                let one = (choice(tilt), self.each_arm.then_some(tilt.origin));
                if !found.contains(&one) {
                    found.push(one);
                }
                if found.len() > MOST_CHOICES {
                    let problem = format!("found a fifth {}; expected at most {MOST_CHOICES}", self.of);
                    findings.about_with_hint(&view, key, problem, self.hint);
                    return false;
                }
            }
        }
        true
    }
}

impl Scenario {
    /// People that a simulated person stands for.
    pub fn people_each(&self) -> f64 {
        self.population.represents as f64 / f64::from(self.population.users)
    }

    /// Rows of the exposure table: measured days × arms × replicates × the columns of `record.by`.
    pub fn exposure_rows(&self) -> u64 {
        let by = self.record.by;
        let columns = [
            (by.day, u64::from(self.time.days)),
            (by.region, self.population.regions.len() as u64),
            (by.group, GROUP_COUNT),
            (by.topic, self.topics.len() as u64),
        ];
        let cells: u64 = columns.into_iter().filter(|(kept, _)| *kept).map(|(_, values)| values).product();
        cells * (1 + self.arms.len() as u64) * u64::from(self.replicates.count)
    }
}

fn check_rows(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let rows = scenario.exposure_rows();
    let reads = ["record", "time", "arm", "population", "topic", "catalogue", "replicates"];
    if rows > scenario.record.max_rows && findings.sound(&reads) {
        let view = root.table("record");
        let most = scenario.record.max_rows;
        let problem = format!("the exposure table would have {rows} rows; expected at most {most}");
        let hint = "name fewer columns in record.by, or raise record.max_rows";
        findings.about_with_hint(&view, "max_rows", problem, hint);
    }
}

/// People fall into region × interval between the audience shares of all tilts, because audiences are nested by hash, × a sign
/// for each value weight that is jittered.
fn check_policy_classes(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let regions = scenario.population.regions.len();
    let mut thresholds: Vec<f64> = Vec::new();
    let mut jittered = [false; HEADS.len()];
    if !findings.sound(&["arm", "population"]) {
        return;
    }
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        for (tilt, view) in arm.tilts.iter().zip(view.array("tilt", "")) {
            if splits(tilt) && !thresholds.contains(&tilt.audience.share) {
                thresholds.push(tilt.audience.share);
            }
            if let TiltKind::Jitter { heads, .. } = tilt.kind {
                jittered.iter_mut().zip(heads).for_each(|(any, this)| *any |= this);
            }
            let signs = 1 << jittered.iter().filter(|&&head| head).count();
            let classes = regions * (thresholds.len() + 1) * signs;
            if classes > MOST_POLICY_CLASSES {
                let shares = thresholds.len();
                let of_signs = if signs == 1 { String::new() } else { format!(" × {signs} sets of signs") };
                let problem = format!(
                    "this tilt is the first to need more than {MOST_POLICY_CLASSES} classes of people: {regions} regions × \
                     {} intervals between {shares} audience shares{of_signs} make {classes}",
                    shares + 1
                );
                if matches!(tilt.kind, TiltKind::Jitter { .. }) {
                    let hint = "name fewer heads: each has a sign of its own and doubles the classes";
                    findings.about_with_hint(&view, "heads", problem, hint);
                } else {
                    let audience = view.table("audience");
                    let fault = Fault::new(audience.place("share"), audience.path("share"), problem);
                    findings.add(fault.hint("let tilts share the same audience.share"));
                }
                return;
            }
        }
    }
}

/// Whether an audience divides the people of a region.
fn splits(tilt: &Tilt) -> bool {
    tilt.audience.share > 0.0 && tilt.audience.share < 1.0
}

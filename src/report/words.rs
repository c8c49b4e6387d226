//! The result in words: what was changed, what it moved, how sure that is, and what it does not say.
//!
//! Figures are rounded to what their intervals support. The words stay with exposure: nothing here speaks of opinions.

#[cfg(feature = "charts")]
pub mod chart;
pub mod explain;
pub mod language;
pub mod number;
mod persons;
pub mod tilt;

use number::{count, plural, rough, signed, size, supported, whole};

use super::figures::{ArmFigures, Figures, is_partial, tilted_topics};
use crate::measure::{Shift, divergence};
use crate::scenario::{Arm, Redraw, Scenario, Verdict};

/// Holds for every figure without a model band.
pub const SETTINGS: &str = "These figures hold for these settings only.";
/// Holds for every figure.
pub const SCOPE: &str = "They are about exposure, about what people were shown, never about what they think.";

/// Longest line of a wrapped text, characters.
const WIDTH: usize = 100;

/// Text in lines that fit a terminal, broken between words, with a line end.
pub fn wrap(text: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let wide = word.chars().count();
        if length > 0 && length + 1 + wide > WIDTH {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += wide;
    }
    lines.push('\n');
    lines
}

/// One paragraph per arm, then what holds for all of them.
pub fn headline(scenario: &Scenario, figures: &Figures) -> Vec<String> {
    if figures.arms.is_empty() {
        return vec![
            "The scenario has no tilted arm: the baseline alone was simulated, and nothing is compared.".into(),
        ];
    }
    let mut paragraphs: Vec<String> = figures.arms.iter().map(|arm| paragraph(scenario, arm)).collect();
    let banded =
        |arm: usize| told_topics(scenario, &scenario.arms[arm]).iter().all(|&k| scenario.model_band(arm, k).is_some());
    let scope = if figures.arms.iter().all(|arm| banded(arm.arm)) {
        format!("Apart from the range over fitted constants, these figures hold for these settings. {SCOPE}")
    } else {
        format!("{SETTINGS} {SCOPE}")
    };
    paragraphs.push(scope);
    paragraphs
}

fn paragraph(scenario: &Scenario, figures: &ArmFigures) -> String {
    let arm = &scenario.arms[figures.arm];
    let mut sentences = vec![format!("{}: {}.", arm.name, tilt::arm(scenario, arm))];
    if let Some(share) = figures.unheated {
        sentences.push(format!(
            "But for {} % of the places that heating was to have no heated video was left; they were filled as any other.",
            rough(share * 100.0)
        ));
    }
    if !tilts_topics_alone(arm) {
        sentences.extend(mix(scenario, figures));
    }
    for topic in told_topics(scenario, arm) {
        sentences.extend(Told { scenario, figures, topic }.sentences());
    }
    sentences.join(" ")
}

/// Whether every tilt of an arm names a topic.
fn tilts_topics_alone(arm: &Arm) -> bool {
    arm.tilts.iter().all(|tilt| tilt.topic.is_some())
}

/// The topics a paragraph is about: those tilted; every tracked one where a tilt means all topics.
fn told_topics(scenario: &Scenario, arm: &Arm) -> Vec<usize> {
    if tilts_topics_alone(arm) { tilted_topics(arm) } else { scenario.measure.track.clone() }
}

/// How much of the feed went to other topics, all in all.
fn mix(scenario: &Scenario, figures: &ArmFigures) -> Option<String> {
    let shift = figures.of(&divergence::TOTAL_VARIATION).first()?;
    let percent = |share: f64| share * 100.0;
    let moved = percent(shift.difference?);
    let ends = shift.difference_ci95.map(|ends| ends.map(percent));
    let power = supported(moved, ends);
    let certainty = ends.map_or_else(String::new, |[low, high]| {
        let [low, high] = [low.max(0.0), high].map(|end| size(end, power));
        format!(" ({low} % to {high} %; 95 % simulation interval, {})", tilt::replicates(scenario))
    });
    let other = match figures.against {
        None => "in the baseline".to_owned(),
        Some(index) => format!("in the arm {}", scenario.arms[index].name),
    };
    Some(format!(
        "Over all people together, {} % of the videos seen were of other topics than {other}{certainty}.",
        size(moved, power)
    ))
}

/// One tilted topic of one arm.
struct Told<'a> {
    scenario: &'a Scenario,
    figures: &'a ArmFigures,
    topic: usize,
}

impl Told<'_> {
    fn sentences(&self) -> Vec<String> {
        let share = self.figures.share(self.topic);
        let (Some(reference), Some(arm), Some(difference)) = (share.reference, share.arm, share.difference) else {
            return vec![format!("Nobody saw any video, so {} have no share to compare.", self.videos())];
        };
        if share.identical {
            return vec![self.nothing()];
        }
        if let Some(ends) = share.untold() {
            return std::iter::once(self.untold(ends, reference, difference)).chain(self.structures()).collect();
        }
        let told = match share.relative {
            Some(relative) => self.moved(share, [reference, arm], difference, relative),
            None => self.zero_on_one_side(reference, arm, difference),
        };
        let persons =
            self.figures.users(self.topic).and_then(|effect| persons::sentence(self.scenario, effect, self.followed()));
        let (band, structures) = (self.band(), self.structures());
        let rest = [band, structures, self.views(), persons, self.outside(), self.floor(share, difference)];
        [Some(told)].into_iter().chain(rest).flatten().collect()
    }

    /// What reached people whom no tilt reaches, through counters alone.
    fn outside(&self) -> Option<String> {
        let place = self.scenario.measure.track.iter().position(|&topic| topic == self.topic)?;
        let shift = self.figures.outside.get(place)?;
        let (relative, ends) = (shift.relative? * 100.0, shift.relative_ci95.map(|ends| ends.map(|end| end * 100.0)));
        let videos = self.videos();
        if shift.identical {
            return Some(format!("People outside of the audience saw {videos} exactly as often as in the baseline."));
        }
        let power = supported(relative, ends);
        if let Some([low, high]) = ends.filter(|_| shift.untold().is_some()) {
            let [low, high] = [low, high].map(|end| signed(end, power));
            return Some(format!(
                "People outside of the audience saw {videos} as often as in the baseline within {low} % to {high} %: no spill-over \
                 that this run could tell from zero."
            ));
        }
        Some(format!(
            "People outside of the audience, whom {} connect with it, saw {videos} {} % {} often ({}).",
            match (self.scenario.loops.popularity, self.scenario.loops.supply) {
                (true, true) => "the platform's counters and what creators post",
                (false, true) => "the posts of creators alone",
                _ => "the platform's counters alone",
            },
            size(relative, power),
            less_or_more(relative),
            self.certainty(relative, ends)
        ))
    }

    /// Who "people" are, where one might think of the tilt's audience alone.
    fn everybody(&self) -> &'static str {
        if self.scenario.population.regions.len() > 1 {
            " in all regions together"
        } else if is_partial(self.scenario, self.figures.arm) {
            ", in and outside of the audience,"
        } else {
            ""
        }
    }

    /// Who is followed, where that is not everybody.
    fn followed(&self) -> &'static str {
        if is_partial(self.scenario, self.figures.arm) { " in the audience of the tilt" } else { "" }
    }

    fn videos(&self) -> String {
        tilt::videos(self.scenario, self.topic)
    }

    /// Where the reference figure comes from.
    fn reference(&self) -> String {
        match self.figures.against {
            None => "in the baseline".to_owned(),
            Some(index) => format!("in the arm {}", self.scenario.arms[index].name),
        }
    }

    fn nothing(&self) -> String {
        let runs = match self.scenario.replicates.count {
            1 => "the only replicate".to_owned(),
            count => format!("each of the {} replicates", whole(count.into())),
        };
        format!("{} were seen exactly as often as {}, in {runs}: no shift.", self.videos(), self.reference())
    }

    fn untold(&self, ends: [f64; 2], reference: f64, difference: f64) -> String {
        let [low, high] = ends.map(|end| end * 100.0);
        let power = supported(difference * 100.0, Some([low, high]));
        let interval = format!("{} to {} percentage points", signed(low, power), signed(high, power));
        format!(
            "{} made up {} % of what people saw{} {}, and here the same within {interval} (95 % simulation interval, {}): no \
             shift that this run could tell from zero.",
            self.videos(),
            size(reference * 100.0, power),
            self.everybody(),
            self.reference(),
            tilt::replicates(self.scenario)
        )
    }

    fn moved(&self, share: &Shift, [reference, arm]: [f64; 2], difference: f64, relative: f64) -> String {
        let points = supported(difference * 100.0, share.difference_ci95.map(|ends| ends.map(|end| end * 100.0)));
        let percent = share.relative_ci95.map(|ends| ends.map(|end| end * 100.0));
        format!(
            "{} made up {} % of what people saw{} instead of {} % {}: {} % {} ({}), which is {} percentage points.",
            self.videos(),
            size(arm * 100.0, points),
            self.everybody(),
            size(reference * 100.0, points),
            self.reference(),
            size(relative * 100.0, supported(relative * 100.0, percent)),
            less_or_more(difference),
            self.certainty(relative * 100.0, percent),
            size(difference * 100.0, points)
        )
    }

    /// What the shift is with constants that agree with the measured facts.
    fn band(&self) -> Option<String> {
        let ends = self.scenario.model_band(self.figures.arm, self.topic)?.map(|end| end * 100.0);
        let sets = self.scenario.valid_band()?.vectors.len() as u64;
        let power = supported(f64::max(ends[0].abs(), ends[1].abs()), Some(ends));
        let text = |end: f64| format!("{} %", size(end, power));
        let [low, high] = ends;
        let range = if low < 0.0 && high > 0.0 {
            format!("anything from {} less to {} more: even the direction hangs on the settings", text(low), text(high))
        } else {
            let [small, large] = sizes(ends, power);
            let factor = f64::max(low.abs(), high.abs()) / f64::min(low.abs(), high.abs());
            let told =
                if factor >= 10.0 { "; its size hangs on the settings by more than a factor of ten" } else { "" };
            format!("{small} % to {large} % {}{told}", less_or_more(low + high))
        };
        Some(format!(
            "With constants fitted to measured facts in the place of these, it is {range} (5th to 95th percentile of {} sets).",
            whole(sets)
        ))
    }

    /// Where other structures of the model disagree on the direction or the order of magnitude.
    fn structures(&self) -> Option<String> {
        let verdict = self.scenario.verdict(self.figures.arm, self.topic)?;
        let all = whole(self.scenario.valid_structures()?.combinations.len() as u64);
        let built = format!(
            "With the model built otherwise ({all} combinations of engine, rule of choice, profile rule and latents)"
        );
        Some(match verdict {
            Verdict::Direction([less, more]) => {
                let [less, more] = [less, more].map(|count| whole(count as u64));
                format!("{built}, even the direction is not the same: {less} have less of it and {more} more.")
            }
            Verdict::Size([smallest, largest]) => {
                let [small, large] = [smallest, largest].map(|shift| rough((shift * 100.0).abs()));
                format!(
                    "{built}, its size differs by more than a factor of ten: {small} % to {large} % {}.",
                    less_or_more(largest)
                )
            }
        })
    }

    fn certainty(&self, value: f64, interval: Option<[f64; 2]>) -> String {
        let replicates = tilt::replicates(self.scenario);
        let Some(ends) = interval else {
            return format!("a point without an interval, from {replicates}");
        };
        let [low, high] = sizes(ends, supported(value, interval));
        format!("{low} % to {high} %; 95 % simulation interval, {replicates}")
    }

    fn zero_on_one_side(&self, reference: f64, arm: f64, difference: f64) -> String {
        let power = supported(difference * 100.0, None);
        let (videos, place) = (self.videos(), self.reference());
        if arm == 0.0 {
            format!(
                "{videos} were not seen at all; they made up {} % of what people saw {place}.",
                size(reference * 100.0, power)
            )
        } else {
            format!("{videos} made up {} % of what people saw; nobody saw any {place}.", size(arm * 100.0, power))
        }
    }

    /// Impressions moved, scaled to the people represented; left out without an interval or where their sign is not certain.
    fn views(&self) -> Option<String> {
        let population = &self.scenario.population;
        let scale = population.represents as f64 / f64::from(population.users);
        let shift = self.figures.impressions(self.topic);
        let moved = shift.difference? * scale;
        let ends = shift.difference_ci95?.map(|end| end * scale);
        if ends[0] <= 0.0 && 0.0 <= ends[1] {
            return None;
        }
        let power = supported(moved, Some(ends)).max(0);
        let [low, high] = in_order(ends);
        let interval = format!(" ({} to {})", count(low, power), count(high, power));
        let people = population.represents;
        let among = if people > u64::from(population.users) { "Scaled to" } else { "Among the" };
        let fewer = if moved < 0.0 { "fewer" } else { "more" };
        let days = plural(self.figures.days() as u64, "day", "days");
        let people = plural(people, "person", "people");
        Some(format!("{among} {people}, that is {} {fewer} views in {days}{interval}.", count(moved, power)))
    }

    /// How far untilted worlds lie apart; fewer than five give no percentile worth a word.
    fn floor(&self, share: &Shift, difference: f64) -> Option<String> {
        let floor = share.floor_worlds.filter(|_| share.difference_ci95.is_some())?;
        let people = whole(self.scenario.population.users.into());
        let [beside, two] = match self.scenario.replicates.redraw {
            Redraw::World => {
                ["Beside another world without the tilt".to_owned(), format!("two such worlds of {people} people")]
            }
            Redraw::Behaviour => [
                "Beside another course of this world without the tilt".to_owned(),
                format!("two such courses, of {people} people,"),
            ],
        };
        let stands_out = if difference.abs() > floor { "would stand out" } else { "would not stand out" };
        Some(format!(
            "{beside} it {stands_out}: by chance {two} differ by {} percentage points or less in 19 of 20 pairs. Whether somebody \
             who compares before and after would see it has not been looked at.",
            rough(floor * 100.0)
        ))
    }
}

const fn less_or_more(difference: f64) -> &'static str {
    if difference < 0.0 { "less" } else { "more" }
}

/// Ends of an interval that lies on one side of zero, the smaller size first.
fn in_order([low, high]: [f64; 2]) -> [f64; 2] {
    if high < 0.0 { [high, low] } else { [low, high] }
}

fn sizes(ends: [f64; 2], power: i32) -> [String; 2] {
    // An interval that crosses zero keeps its signs.
    if ends[0] < 0.0 && ends[1] > 0.0 {
        ends.map(|end| signed(end, power))
    } else {
        in_order(ends).map(|end| size(end, power))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Choice, Engine, ProfileRule, Structure, Structures, parse};
    use crate::trace::Tally;

    /// Words about impressions of two topics by arm and replicate, on one day.
    fn told(replicates: u32, counts: impl Fn(usize, u64) -> [u64; 2]) -> Vec<String> {
        told_of(&apples(replicates), counts)
    }

    fn apples(replicates: u32) -> Scenario {
        let text = format!(
            "schema = 1\nname = 'x'\n[population]\nusers = 1000\nrepresents = 1_000_000\n[catalogue]\ntopics = 'none'\n\
             [[topic]]\nid = 'a'\nlabel = {{ en = 'Apples' }}\nshare = 0.2\n[[topic]]\nid = 'b'\nshare = 0.8\n\
             [time]\ndays = 1\n[[arm]]\nname = 'less'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = 0.5\n\
             [[arm]]\nname = 'back'\nagainst = 'less'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = 1.25\n\
             [replicates]\ncount = {replicates}\n"
        );
        parse("x.toml", &text, &[]).unwrap()
    }

    fn told_of(scenario: &Scenario, counts: impl Fn(usize, u64) -> [u64; 2]) -> Vec<String> {
        let tally = |replicate: u32| {
            let mut tally = Tally::new(0, 1, 3, 1, 1, 2, 1);
            for arm in 0..3 {
                let [first, second] = counts(arm, u64::from(replicate));
                tally.exposure[[0, arm, 0, 0, 0, 0]] = first;
                tally.exposure[[0, arm, 0, 0, 1, 0]] = second;
            }
            tally
        };
        let tallies: Vec<Tally> = (0..scenario.replicates.count).map(tally).collect();
        headline(scenario, &Figures::new(scenario, &tallies, None))
    }

    #[test]
    fn a_shift_is_told_with_its_interval_scale_and_floor() {
        let words = told(5, |arm, r| [[2_000, 1_000, 1_500][arm] + 10 * r, 8_000]);
        assert_eq!(
            words[0],
            "less: the score of Apples videos is multiplied by 0.5 (50 % lower) on day 0. Apples videos made up 11.31 % of what \
             people saw instead of 20.16 % in the baseline: 43.9 % less (43.4 % to 44.4 %; 95 % simulation interval, 5 \
             replicates), which is 8.85 percentage points. Scaled to 1,000,000 people, that is 1.00 million fewer views in 1 \
             day (1.00 million to 1.00 million). Beside another world without the tilt it would stand out: by chance two \
             such worlds of 1,000 people differ by 0.49 percentage points or less in 19 of 20 pairs. Whether somebody who \
             compares before and after would see it has not been looked at."
        );
        assert!(words[1].starts_with("back: the score of Apples videos is multiplied by 1.25 (25 % higher) on day 0."));
        assert!(words[1].contains("in the arm less: ") && words[1].contains(" % more ("), "{}", words[1]);
        assert_eq!(words[2], format!("{SETTINGS} {SCOPE}"));
    }

    #[test]
    fn a_shift_below_the_floor_is_called_so() {
        let words = told(5, |arm, r| [2_000 - 100 * u64::from(arm > 0) + 200 * r, 8_000]);
        assert!(words[0].contains("it would not stand out: by chance two such worlds of 1,000 people"), "{}", words[0]);
    }

    #[test]
    fn what_cannot_be_told_from_zero_is_not_told_as_a_shift() {
        let words = told(5, |arm, r| [2_000 + u64::from(arm == 1) * 10 * (r % 2), 8_000]);
        assert!(words[0].ends_with("no shift that this run could tell from zero."), "{}", words[0]);
        assert!(words[0].contains("within −0.02 to +0.09 percentage points"), "{}", words[0]);
    }

    #[test]
    fn nothing_is_told_as_nothing() {
        let words = told(5, |_, r| [2_000 + 10 * r, 8_000]);
        assert!(words[0].ends_with("exactly as often as in the baseline, in each of the 5 replicates: no shift."));
        let words = told(1, |_, _| [2_000, 8_000]);
        assert!(
            words[1].ends_with("exactly as often as in the arm less, in the only replicate: no shift."),
            "{}",
            words[1]
        );
    }

    #[test]
    fn few_replicates_give_a_point_and_no_floor() {
        let words = told(2, |arm, r| [[2_000, 1_000, 1_500][arm] + 10 * r, 8_000]);
        assert!(words[0].contains("44 % less (a point without an interval, from 2 replicates)"), "{}", words[0]);
        assert!(
            words[0].ends_with("percentage points.") && !words[0].contains("untilted") && !words[0].contains("views"),
            "{}",
            words[0]
        );
    }

    /// The words on the first arm where structures say so: lower end, shift, upper end of each.
    fn told_where(structures: &[[f64; 3]], counts: impl Fn(usize, u64) -> [u64; 2]) -> String {
        let scenario = apples(5);
        let one = |ends: &[f64; 3]| {
            let [low, relative, high] = ends.map(|end| vec![vec![Some(end)], vec![Some(0.0)]]);
            let weekly = relative.clone();
            let (engine, choice, profile_rule) = (Engine::Cells, Choice::Softmax, ProfileRule::Rate);
            Structure { engine, choice, profile_rule, latents: 2, relative, low, high, weekly }
        };
        let structures = Structures {
            fingerprint: scenario.band_fingerprint(),
            version: String::new(),
            date: String::new(),
            combinations: structures.iter().map(one).collect(),
        };
        told_of(&scenario.with_structures(structures), counts).remove(0)
    }

    #[test]
    fn structures_that_disagree_beyond_chance_are_told() {
        let counts = |arm: usize, r: u64| [[2_000, 1_000, 1_500][arm] + 10 * r, 8_000];
        let flips = [[-0.5, -0.4, -0.3], [0.1, 0.2, 0.3], [-0.6, -0.5, -0.4], [-0.1, 0.0, 0.1]];
        let built = "With the model built otherwise (";
        assert!(
            told_where(&flips, counts).contains(
                "With the model built otherwise (4 combinations of engine, rule of choice, profile rule and latents), even the \
                 direction is not the same: 2 have less of it and 1 more."
            ),
            "{}",
            told_where(&flips, counts)
        );
        let tenfold = [[-0.5, -0.45, -0.4], [-0.04, -0.03, -0.02]];
        assert!(
            told_where(&tenfold, counts).contains("its size differs by more than a factor of ten: 3.0 % to 45 % less."),
            "{}",
            told_where(&tenfold, counts)
        );
        // Told where the run itself can tell nothing.
        let nothing = |arm: usize, r: u64| [2_000 + u64::from(arm == 1) * 10 * (r % 2), 8_000];
        assert!(told_where(&flips, nothing).contains(built));
        // Chance explains it, or there is nothing to explain.
        let by_chance = [[-0.5, -0.45, -0.4], [-0.1, -0.01, 0.08], [-0.1, 0.01, 0.12]];
        let nearly = [[-0.5, -0.45, -0.4], [-0.05, -0.045, -0.041]];
        for agreeing in [&by_chance[..], &nearly, &[[-0.5, -0.45, -0.4]], &[]] {
            assert!(!told_where(agreeing, counts).contains(built), "{agreeing:?}");
        }
    }

    #[test]
    fn structures_of_other_settings_are_not_told() {
        let mut scenario = apples(5);
        let structures = Structures {
            fingerprint: scenario.band_fingerprint(),
            version: String::new(),
            date: String::new(),
            combinations: Vec::new(),
        };
        scenario = scenario.with_structures(structures);
        assert!(scenario.valid_structures().is_some());
        scenario.feed.temperature *= 2.0;
        assert!(scenario.valid_structures().is_none() && scenario.verdict(0, 0).is_none());
    }

    #[test]
    fn what_vanishes_or_appears_has_no_percentage() {
        let words = told(5, |arm, r| [[2_000, 0, 1_500][arm] * (1 + r % 2), 8_000]);
        assert!(words[0].contains("Apples videos were not seen at all; they made up "), "{}", words[0]);
        assert!(words[1].contains("of what people saw; nobody saw any in the arm less."), "{}", words[1]);
        let words = told(5, |_, _| [0, 0]);
        assert!(words[0].ends_with("Nobody saw any video, so Apples videos have no share to compare."), "{}", words[0]);
    }

    #[test]
    fn a_ranker_without_a_topic_is_told_by_the_mix_and_the_tracked_topics() {
        let text = "schema = 1\nname = 'x'\n[population]\nusers = 1000\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\n\
                    label = { en = 'Apples' }\nshare = 0.2\n[[topic]]\nid = 'b'\nlabel = { en = 'Pears' }\nshare = 0.8\n[time]\ndays = 1\n[measure]\n\
                    track = ['b']\ngroup_topic = 'b'\n[[arm]]\nname = 'random'\n[[arm.tilt]]\nkind = 'feed'\nranker = 'random'\n\
                    [replicates]\ncount = 5\n";
        let scenario = parse("x.toml", text, &[]).unwrap();
        let tally = |replicate: u64| {
            let mut tally = Tally::new(0, 1, 2, 1, 1, 2, 1);
            for (arm, first) in [(0, 300), (1, 500 + replicate)] {
                tally.exposure[[0, arm, 0, 0, 0, 0]] = first;
                tally.exposure[[0, arm, 0, 0, 1, 0]] = 1_000 - first;
            }
            tally
        };
        let tallies: Vec<Tally> = (0..5).map(tally).collect();
        let words = headline(&scenario, &Figures::new(&scenario, &tallies, None));
        assert!(
            words[0].contains(
                "Over all people together, 20.20 % of the videos seen were of other topics than in the baseline (20.00 % to 20.40 %; 95 % simulation interval, 5 \
                 replicates). Pears videos made up 49.80 % of what people saw instead of 70.00 %"
            ),
            "{}",
            words[0]
        );
        assert!(!words[0].contains("Apples"), "only tracked topics: {}", words[0]);
    }

    #[test]
    fn lines_are_broken_between_words() {
        let text = "word ".repeat(40);
        assert!(wrap(text.trim()).lines().all(|line| line.len() <= WIDTH && !line.ends_with(' ')));
        assert_eq!(wrap("one two").as_str(), "one two\n");
    }
}

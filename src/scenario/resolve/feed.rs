//! `[feed]`: the engine and what belongs to it, the value, the grid.

use super::view::View;
use super::{Findings, increasing, rounded};
use crate::scenario::keys::{CANDIDATES_TEMPERATURE, CELLS_TEMPERATURE};
use crate::scenario::raw::Fault;
use crate::scenario::{Choice, Engine, Feed, HEADS, ProfileRule, Sources, Time, Value};

/// How far the shares of the sources may be from 1 in all.
const SOURCES_TOLERANCE: f64 = 1e-9;

/// Resolves `[feed]`.
pub(super) fn resolve(view: &View<'_>, time: &Time, findings: &mut Findings) -> Feed {
    let (tiers, prior, cold_start) = (view.table("tiers"), view.table("prior"), view.table("cold_start"));
    let no_repeat_epochs = view.whole("no_repeat_epochs");
    let week = 7 * time.epochs_per_day;
    if no_repeat_epochs > week && findings.typed_well(&["feed", "time"]) {
        let problem = format!("found {no_repeat_epochs}; expected at most a week, which has {week} epochs");
        findings.about(view, "no_repeat_epochs", problem);
    }
    let attention_range = tiers.numbers("attention_range");
    let approval_range = tiers.numbers("approval_range");
    increasing(&tiers, "attention_range", attention_range, findings);
    increasing(&tiers, "approval_range", approval_range, findings);
    let engine = engine(view, "engine").unwrap_or(Engine::Cells);
    let temperature = view.given_number("temperature");
    Feed {
        engine,
        fitted_engine: fitted_engine(view, engine, temperature),
        choice: choice(view, engine, findings),
        epsilon: view.number("epsilon"),
        candidates: view.whole("candidates"),
        sources: sources(&view.table("sources"), findings),
        trending_share: view.number("trending_share"),
        fresh_hours: view.number("fresh_hours"),
        response: view.whole("response"),
        temperature: temperature.unwrap_or_else(|| usual_temperature(engine)),
        no_repeat_epochs,
        profile_rule: if view.text("profile_rule") == "share" { ProfileRule::Share } else { ProfileRule::Rate },
        learning_rate: view.number("learning_rate"),
        forgetting: view.number("forgetting"),
        share_floor: view.number("share_floor"),
        approval_weight: view.number("approval_weight"),
        value: value(&view.table("value"), findings),
        value_floor: view.number("value_floor"),
        tiers_attention: tiers.whole("attention"),
        tiers_approval: tiers.whole("approval"),
        attention_range,
        approval_range,
        prior_impressions: prior.number("impressions"),
        prior_valid_play: prior.number("valid_play"),
        prior_like: prior.number("like"),
        freshness: view.numbers("freshness"),
        topic_repeat: view.number("topic_repeat"),
        cold_start_share: cold_start.number("share"),
        cold_start_until: cold_start.whole("until"),
        cold_start_hours: cold_start.number("hours"),
    }
}

fn value(view: &View<'_>, findings: &mut Findings) -> Value {
    let value = Value::of_weights(HEADS.map(|head| view.number(head)));
    if value.is_void() && findings.typed_well(&["feed"]) {
        let problem = "all weights are 0 or below; expected at least one above 0";
        findings.add(Fault::new(view.place(""), "feed.value", problem));
    }
    value
}

/// The engine of this name, if it is given; a name that is none was reported and taken out.
fn engine(view: &View<'_>, name: &str) -> Option<Engine> {
    [Engine::Cells, Engine::Candidates].into_iter().find(|engine| view.given_text(name) == Some(engine.name()))
}

/// The rule of this name; a name that is none was reported and taken out.
pub(super) fn named_choice(name: &str) -> Choice {
    let all = [Choice::Softmax, Choice::NoisyTop, Choice::EpsilonGreedy];
    all.into_iter().find(|choice| choice.name() == name).unwrap_or(Choice::Softmax)
}

/// The engine `cells` draws by mass and knows nothing else.
fn choice(view: &View<'_>, engine: Engine, findings: &mut Findings) -> Choice {
    let text = view.text("choice");
    let choice = named_choice(&text);
    if choice != Choice::Softmax && engine == Engine::Cells && findings.typed_well(&["feed"]) {
        let problem =
            format!("found \"{text}\"; expected \"softmax\" with the engine \"cells\", which draws by weight");
        findings.about_with_hint(view, "choice", problem, "feed.engine = \"candidates\" knows every choice");
    }
    choice
}

/// A temperature that was typed without a word on the engine is that of the engine `cells`: files were fitted to it first.
fn fitted_engine(view: &View<'_>, used: Engine, temperature: Option<f64>) -> Engine {
    let usual = if temperature.is_some() { Engine::Cells } else { used };
    engine(view, "fitted_engine").unwrap_or(usual)
}

const fn usual_temperature(engine: Engine) -> f64 {
    match engine {
        Engine::Cells => CELLS_TEMPERATURE,
        Engine::Candidates => CANDIDATES_TEMPERATURE,
    }
}

fn sources(view: &View<'_>, findings: &mut Findings) -> Sources {
    let sources = Sources {
        interest: view.number("interest"),
        trending: view.number("trending"),
        fresh: view.number("fresh"),
        region: view.number("region"),
        explore: view.number("explore"),
        all: view.number("all"),
    };
    let sum: f64 = sources.shares().iter().sum();
    if (sum - 1.0).abs() > SOURCES_TOLERANCE && findings.typed_well(&["feed"]) {
        let problem = format!("the shares of the sources sum to {}; expected 1", rounded(sum));
        let hint = "a source that is not given has its default: give the others too, 0 for those that are not used";
        findings.add(Fault::new(view.place(""), "feed.sources", problem).hint(hint));
    }
    sources
}

impl Sources {
    /// The shares in the order of the fields.
    pub const fn shares(&self) -> [f64; 6] {
        let Self { interest, trending, fresh, region, explore, all } = *self;
        [interest, trending, fresh, region, explore, all]
    }
}

impl Value {
    /// The weights in the order of the fields.
    pub const fn weights(&self) -> [f64; HEADS.len()] {
        let Self { valid_play, long_view, like, comment, share, follow, not_interested, watch_second } = *self;
        [valid_play, long_view, like, comment, share, follow, not_interested, watch_second]
    }

    /// Whether nothing is worth anything.
    pub(super) fn is_void(self) -> bool {
        self.weights().iter().all(|&weight| weight <= 0.0)
    }

    /// From weights in the order of the fields.
    pub const fn of_weights(weights: [f64; HEADS.len()]) -> Self {
        let [valid_play, long_view, like, comment, share, follow, not_interested, watch_second] = weights;
        Self { valid_play, long_view, like, comment, share, follow, not_interested, watch_second }
    }
}

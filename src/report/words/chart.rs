//! Words on the pictures, in every language side by side.

pub mod accuracy;
pub mod attribution;
pub mod dose_response;
pub mod exposure_over_time;
pub mod lorenz;
pub mod persistence;
pub mod signature;

use super::language::Language;
use super::number::supported;
use crate::report::chart::input::{Estimate, Label, Origin};

/// A label of more words is no adjective any more.
const MOST_WORDS: usize = 3;

/// The words around a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The finding, in a sentence.
    pub title: String,
    /// What was measured against what.
    pub subtitle: String,
    /// Where the figures come from.
    pub source: String,
    /// The whole picture in words, for those who do not see it.
    pub description: String,
}

/// `Protest videos`, `Videos about Strikes and other protests`, `Videos zum Thema Protest`.
pub fn videos(label: &Label, language: Language) -> String {
    let label = label.text(language);
    let long = label.split(' ').count() > MOST_WORDS;
    match language {
        Language::En if long => format!("Videos about {label}"),
        Language::En => format!("{label} videos"),
        Language::De => format!("Videos zum Thema {label}"),
    }
}

/// The line at the foot.
pub fn source(origin: &Origin, language: Language) -> String {
    let people = language.plural(
        origin.users.into(),
        language.pick("simulated person", "simulierter Mensch"),
        language.pick("simulated people", "simulierte Menschen"),
    );
    let arm = origin.arm.as_ref().map_or_else(String::new, |arm| format!(", {} {arm}", language.pick("arm", "Arm")));
    format!(
        "feedtilt {} · {} {}{arm} · {} {} · {people}, {}",
        origin.version,
        language.pick("scenario", "Szenario"),
        origin.scenario,
        language.pick("seed", "Startwert"),
        origin.seed,
        replicates(origin, language)
    )
}

/// `5 replicates`.
fn replicates(origin: &Origin, language: Language) -> String {
    let [one, many] = language.pick(["replicate", "replicates"], ["Wiederholung", "Wiederholungen"]);
    language.plural(origin.replicates.into(), one, many)
}

/// `over 7 days`.
fn period(origin: &Origin, language: Language) -> String {
    let [one, many] = language.pick(["day", "days"], ["Tag", "Tage"]);
    format!("{} {}", language.pick("over", "über"), language.plural(origin.days.into(), one, many))
}

/// What an arm is compared with.
fn reference(origin: &Origin, language: Language) -> String {
    let reference = match &origin.against {
        None => {
            language.pick("against the same feed without the tilt", "gegenüber demselben Feed ohne den Eingriff").into()
        }
        Some(arm) => format!("{} {arm}", language.pick("against the arm", "gegenüber dem Arm")),
    };
    let Some(share) = origin.unheated else { return reference };
    let share = language.percent(&language.rough(100.0 * share));
    let note = match language {
        Language::En => format!("{share} of the heated places found no heated video"),
        Language::De => format!("{share} der bevorzugten Plätze fanden kein bevorzugtes Video"),
    };
    format!("{reference} ({note})")
}

/// The same, and who is counted where one might think of fewer.
fn against(origin: &Origin, language: Language) -> String {
    let reference = reference(origin, language);
    let people = if origin.regions > 1 {
        language.pick(", all regions together", ", alle Regionen zusammen")
    } else if origin.partial_audience {
        language.pick(", people in and outside of the audience", ", Menschen in und außerhalb der Zielgruppe")
    } else {
        ""
    };
    format!("{reference}{people}")
}

/// Where the interval comes from, or why there is none.
fn certainty(origin: &Origin, has_interval: bool, language: Language) -> String {
    let replicates = replicates(origin, language);
    match (has_interval, language) {
        (true, Language::En) => format!("95\u{a0}% simulation interval from {replicates}"),
        (true, Language::De) => format!("95-%-Simulationsintervall aus {replicates}"),
        (false, Language::En) => format!("a point without an interval, from {replicates}"),
        (false, Language::De) => format!("ein Punkt ohne Intervall, aus {replicates}"),
    }
}

/// Unless a band over calibrated settings stands in the picture.
fn settings(language: Language) -> &'static str {
    language.pick("For these settings only.", "Gilt nur für diese Einstellungen.")
}

/// `−14.7 to −12.9`.
fn range(ends: [f64; 2], power: i32, language: Language) -> String {
    let [low, high] = ends.map(|end| language.signed(end, power));
    format!("{low} {} {high}", language.pick("to", "bis"))
}

/// `−13.8 %`, rounded to what its interval supports.
fn signed_percent(percent: Estimate, language: Language) -> String {
    language.percent(&language.signed(percent.value, supported(percent.value, percent.interval)))
}

/// `13.8 % less`, `13,8 % seltener`.
fn less_or_more(percent: Estimate, language: Language) -> String {
    let size = language.size(percent.value, supported(percent.value, percent.interval));
    let word = if percent.value < 0.0 { language.pick("less", "seltener") } else { language.pick("more", "häufiger") };
    format!("{} {word}", language.percent(&size))
}

/// Sentences of a description.
fn sentences(parts: &[&str]) -> String {
    let full = |part: &&str| if part.ends_with(['.', '?', '!']) { (*part).to_owned() } else { format!("{part}.") };
    parts.iter().filter(|part| !part.is_empty()).map(full).collect::<Vec<_>>().join(" ")
}

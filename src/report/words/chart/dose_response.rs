//! Words of the picture "dose–response".

use super::{Words, against, certainty, less_or_more, period, sentences, settings, signed_percent, source, videos};
use crate::report::chart::dose_response::{Dose, DoseResponse};
use crate::report::words::language::Language;

/// Title, subtitle, source, description.
pub fn words(chart: &DoseResponse, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let description = description(chart, &title, &subtitle, language);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

/// From the weakest factor to the strongest.
fn title(chart: &DoseResponse, language: Language) -> String {
    let videos = videos(&chart.topic, language);
    let told = |dose: &Dose| dose.change.map(|change| (less_or_more(change, language), language.exact(dose.factor)));
    let ends = [chart.doses.iter().find_map(told), chart.doses.iter().rev().find_map(told)];
    let [Some((first, low)), Some((last, high))] = ends else {
        return language.pick(format!("{videos} by strength of the tilt"), format!("{videos} nach Stärke des Eingriffs"));
    };
    match language {
        Language::En => format!("{videos} were seen {first} at a factor of {low} and {last} at {high}"),
        Language::De => format!("{videos} wurden beim Faktor {low} {first} gesehen und beim Faktor {high} {last}"),
    }
}

fn subtitle(chart: &DoseResponse, language: Language) -> String {
    let origin = &chart.origin;
    let has_interval = chart.doses.iter().filter_map(|dose| dose.change).any(|change| change.interval.is_some());
    let what = language.pick(
        "Change of their share of all videos shown, by the factor on their score,",
        "Änderung ihres Anteils an allen gezeigten Videos, nach dem Faktor auf ihre Bewertung,",
    );
    format!(
        "{what} {} {}; {}. {}",
        period(origin, language),
        against(origin, language),
        certainty(origin, has_interval, language),
        settings(language)
    )
}

/// What is counted upwards.
pub fn change_axis(language: Language) -> &'static str {
    language.pick("relative change of the share, log scale", "relative Änderung des Anteils, logarithmisch")
}

/// A height, in per cent, with as many digits as the finest of all heights needs.
pub fn change_tick(percent: f64, all: &[f64], language: Language) -> String {
    let whole = |value: &f64| (value - value.round()).abs() < 1e-6;
    let power = (0..4).find(|power| all.iter().all(|value| whole(&(value * 10f64.powi(*power))))).unwrap_or(4);
    language.percent(&language.signed(percent, -power))
}

/// What is counted to the right.
pub fn factor_axis(chart: &DoseResponse, language: Language) -> String {
    let label = chart.topic.text(language);
    match language {
        Language::En => format!("factor on the score of {label} videos, log scale; 1 is no tilt"),
        Language::De => format!("Faktor auf die Bewertung von Videos zum Thema {label}, logarithmisch; 1 ist kein Eingriff"),
    }
}

/// `× 0.5`.
pub fn factor(factor: f64, language: Language) -> String {
    format!("×\u{a0}{}", language.exact(factor))
}

/// Name of the dashed line.
pub fn proportion(language: Language) -> &'static str {
    language.pick("in proportion", "im gleichen Verhältnis")
}

/// The picture in words.
fn description(chart: &DoseResponse, title: &str, subtitle: &str, language: Language) -> String {
    let doses = chart.doses.iter().filter_map(|dose| {
        Some(format!("{}: {}", factor(dose.factor, language), signed_percent(dose.change?, language)))
    });
    sentences(&[title, subtitle, &doses.collect::<Vec<_>>().join("; ")])
}

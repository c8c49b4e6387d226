//! Words of the picture "dose–response".

use super::{Words, against, certainty, less_or_more, period, sentences, settings, signed_percent, source, videos};
use crate::report::chart::dose_response::{Dose, DoseResponse, On};
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
        Language::De => format!("{videos} wurden {first} gesehen bei Faktor {low} und {last} bei Faktor {high}"),
    }
}

fn subtitle(chart: &DoseResponse, language: Language) -> String {
    let origin = &chart.origin;
    let has_interval = chart.doses.iter().filter_map(|dose| dose.change).any(|change| change.interval.is_some());
    let what = language.pick("Change of their share of all videos shown", "Änderung ihres Anteils an allen gezeigten Videos");
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

/// Doses that a log scale has no place for; nothing where there are none.
pub fn left_out(chart: &DoseResponse, language: Language) -> Option<String> {
    let without = chart.doses.iter().filter(|dose| dose.change.is_none());
    let factors: Vec<String> = without.map(|dose| factor(dose.factor, language)).collect();
    let text = match language {
        Language::En => format!("not drawn, because one of the shares is zero: {}", factors.join(", ")),
        Language::De => format!("nicht gezeichnet, weil einer der Anteile null ist: {}", factors.join(", ")),
    };
    (!factors.is_empty()).then_some(text)
}

/// A height, in per cent, with as many digits as it needs.
pub fn change_tick(percent: f64, language: Language) -> String {
    if percent == 0.0 {
        return "0".to_owned();
    }
    let whole = |value: f64| (value - value.round()).abs() < 1e-6;
    let power = (0..4).find(|power| whole(percent * 10f64.powi(*power))).unwrap_or(4);
    language.percent(&language.signed(percent, -power))
}

/// What is counted to the right.
pub fn factor_axis(chart: &DoseResponse, language: Language) -> String {
    let what = match chart.on {
        On::Score => language.pick("factor on their score", "Faktor auf ihre Bewertung"),
        On::Chance => language.pick("factor on their chance to be shown", "Faktor auf ihre Chance, gezeigt zu werden"),
        On::Videos => language.pick("part of them that is left in the feed", "Teil von ihnen, der im Feed bleibt"),
    };
    format!("{what}, {}", language.pick("log scale; 1 is no tilt", "logarithmisch; 1 ist kein Eingriff"))
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

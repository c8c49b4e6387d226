//! Words of the picture "dose–response".

use super::{Words, against, certainty, less_or_more, period, sentences, settings, signed_percent, source, videos};
use crate::report::chart::dose_response::{Dose, DoseResponse, Strength};
use crate::report::chart::input::Estimate;
use crate::report::words::language::Language;

/// Title, subtitle, source, description.
pub fn words(chart: &DoseResponse, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let description = description(chart, &title, &subtitle, language);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

/// From the lowest strength to the highest.
fn title(chart: &DoseResponse, language: Language) -> String {
    let videos = videos(&chart.topic, language);
    // A title states what can be told from zero.
    let told = |dose: &Dose| {
        let apart = |change: &Estimate| change.interval.is_none_or(|[low, high]| low > 0.0 || high < 0.0);
        let change = dose.change.filter(|change| change.value != 0.0 && apart(change))?;
        Some((less_or_more(change, language), dose.strength))
    };
    let ends = [chart.doses.iter().find_map(told), chart.doses.iter().rev().find_map(told)];
    let [Some((first, low)), Some((last, high))] = ends else {
        return language
            .pick(format!("{videos} by strength of the tilt"), format!("{videos} nach Stärke des Eingriffs"));
    };
    let [low, high] = [low, high].map(|value| strength(chart.strength, value, language));
    let what = match chart.strength {
        Strength::Score => language.pick("a score ", "Bewertung "),
        Strength::Chance => language.pick("a chance ", "Chance "),
        Strength::Videos => language.pick("a loss of ", "Verlust von "),
        Strength::Slots => language.pick("a share of slots of ", "einem Anteil der Plätze von "),
        Strength::Withheld => language.pick("a withheld share of ", "einem gesperrten Anteil von "),
        Strength::Demoted => language.pick("a score of demoted accounts ", "Bewertung herabgestufter Konten "),
        Strength::Reserved => language.pick("a weight in reserved slots ", "Gewicht in reservierten Plätzen "),
        Strength::Hours => language.pick("a delay of ", "einer Verzögerung von "),
        Strength::Spread => language.pick("a spread of weights of ", "einer Streuung der Gewichte von "),
    };
    match language {
        Language::En => format!("{videos} were seen {first} at {what}{low} and {last} at {high}"),
        Language::De => format!("{videos} wurden {first} gesehen bei {what}{low} und {last} bei {high}"),
    }
}

fn subtitle(chart: &DoseResponse, language: Language) -> String {
    let origin = &chart.origin;
    let has_interval = chart.doses.iter().filter_map(|dose| dose.change).any(|change| change.interval.is_some());
    let what =
        language.pick("Change of their share of all videos shown", "Änderung ihres Anteils an allen gezeigten Videos");
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

/// What is counted to the right.
pub fn strength_axis(chart: &DoseResponse, language: Language) -> String {
    let what = match chart.strength {
        Strength::Score => language.pick("factor on their score", "Faktor auf ihre Bewertung"),
        Strength::Chance => {
            language.pick("factor on their chance to be shown", "Faktor auf ihre Chance, gezeigt zu werden")
        }
        Strength::Videos => {
            language.pick("share of them taken out of the feed", "Anteil von ihnen, der aus dem Feed fällt")
        }
        Strength::Slots => {
            language.pick("share of all slots given to chosen videos", "Anteil aller Plätze für ausgewählte Videos")
        }
        Strength::Withheld => language
            .pick("share of them withheld in some regions", "Anteil von ihnen, der in manchen Regionen gesperrt ist"),
        Strength::Demoted => language.pick(
            "factor on the score of videos by demoted accounts",
            "Faktor auf die Bewertung der Videos herabgestufter Konten",
        ),
        Strength::Reserved => language.pick(
            "factor on their weight in slots reserved for new videos",
            "Faktor auf ihr Gewicht in Plätzen, die für neue Videos reserviert sind",
        ),
        Strength::Hours => {
            language.pick("hours for which they are held back", "Stunden, für die sie zurückgehalten werden")
        }
        Strength::Spread => language.pick(
            "spread of people's weights (standard deviation of the logarithm)",
            "Streuung der Gewichte von Mensch zu Mensch (Standardabweichung des Logarithmus)",
        ),
    };
    let scale = if chart.strength.is_factor() {
        language.pick("log scale; × 1 is no tilt", "logarithmisch; × 1 ist kein Eingriff")
    } else {
        language.pick("0 is no tilt", "0 ist kein Eingriff")
    };
    format!("{what}, {}", scale.replace("× ", "×\u{a0}"))
}

/// `× 0.5`, `1.5 %`, `6 h`.
pub fn strength(kind: Strength, value: f64, language: Language) -> String {
    match kind {
        _ if kind.is_factor() => format!("×\u{a0}{}", language.exact(value)),
        _ if value == 0.0 => "0".to_owned(),
        Strength::Hours => format!("{}\u{a0}h", language.exact(value)),
        Strength::Spread => language.exact(value),
        // A share as typed has fewer digits than its hundredfold in binary.
        _ => language.percent(&language.exact((value * 1e8).round() / 1e6)),
    }
}

/// Strengths that the scales have no place for; nothing where there are none.
pub fn left_out(chart: &DoseResponse, language: Language) -> Option<String> {
    let strengths: Vec<String> = chart.left_out().map(|value| strength(chart.strength, value, language)).collect();
    let text = match language {
        Language::En => format!("without a place on these scales: {}", strengths.join(", ")),
        Language::De => format!("ohne Platz auf diesen Skalen: {}", strengths.join(", ")),
    };
    (!strengths.is_empty()).then_some(text)
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

/// Name of the dashed line.
pub fn proportion(language: Language) -> &'static str {
    language.pick("in proportion", "im gleichen Verhältnis")
}

/// The picture in words.
fn description(chart: &DoseResponse, title: &str, subtitle: &str, language: Language) -> String {
    let doses = chart.doses.iter().filter_map(|dose| {
        let change = dose.change.filter(|change| change.value != 0.0)?;
        Some(format!("{}: {}", strength(chart.strength, dose.strength, language), signed_percent(change, language)))
    });
    sentences(&[title, subtitle, &doses.collect::<Vec<_>>().join("; ")])
}

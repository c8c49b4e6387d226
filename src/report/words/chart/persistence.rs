//! Words of the picture "persistence".

use super::{Words, certainty, reference, sentences, settings, source, supported};
use crate::report::chart::input::Estimate;
use crate::report::chart::persistence::Persistence;
use crate::report::words::language::Language;

/// Title, subtitle, source, description.
pub fn words(chart: &Persistence, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let day = |(day, left): (usize, &Estimate)| format!("{}: {}", day, percent(*left, language));
    let days: Vec<String> = (1..).zip(&chart.left).map(day).collect();
    let days = format!("{}: {}", day_axis(language), days.join("; "));
    let description = sentences(&[&title, &subtitle, &days]);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

fn title(chart: &Persistence, language: Language) -> String {
    let label = chart.topic.text(language);
    let Some(last) = chart.left.last() else { return label.to_owned() };
    let day = language.plural(chart.left.len() as u64, language.pick("day", "Tag"), language.pick("days", "Tage"));
    let left = percent(*last, language);
    match (language, last.may_be_zero()) {
        (Language::En, true) => {
            format!("{label}: {day} after the tilt what is left of the shift cannot be told from nothing")
        }
        (Language::De, true) => {
            format!(
                "{label}: {day} nach dem Eingriff ist, was von der Verschiebung bleibt, nicht von nichts zu unterscheiden"
            )
        }
        (Language::En, false) => format!("{label}: {day} after the tilt {left} of the shift is left"),
        (Language::De, false) => format!("{label}: {day} nach dem Eingriff sind {left} der Verschiebung übrig"),
    }
}

fn subtitle(chart: &Persistence, language: Language) -> String {
    let origin = &chart.origin;
    let has_interval = chart.left.iter().any(|left| left.interval.is_some());
    let what = language.pick(
        "Shift of the topic's share over three days from each day on, divided by that of the last three tilted days,",
        "Verschiebung des Anteils des Themas in drei Tagen von jedem Tag an, geteilt durch die der letzten drei Tage des Eingriffs,",
    );
    format!(
        "{what} {}; {}. {}",
        reference(origin, language),
        certainty(origin, has_interval, language),
        settings(language)
    )
}

fn percent(left: Estimate, language: Language) -> String {
    let power = if left.value == 0.0 { 0 } else { supported(left.value, left.interval) };
    let size = language.size(left.value, power);
    language.percent(&if left.value < 0.0 { format!("−{size}") } else { size })
}

/// What is counted upwards.
pub fn left_axis(language: Language) -> &'static str {
    language.pick("part of the shift that is left", "Teil der Verschiebung, der übrig ist")
}

/// What is counted to the right.
pub fn day_axis(language: Language) -> &'static str {
    language.pick("days after the last tilted one", "Tage nach dem letzten des Eingriffs")
}

/// Name of the upper line.
pub fn tilted(language: Language) -> &'static str {
    language.pick("last three tilted days", "letzte drei Tage des Eingriffs")
}

/// A number at the axis.
pub fn tick(value: f64, power: i32, language: Language) -> String {
    let size = language.size(value, power);
    if value == 0.0 { "0".to_owned() } else { language.percent(&if value < 0.0 { format!("−{size}") } else { size }) }
}

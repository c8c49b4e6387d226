//! Words of the picture "exposure over time".

use super::{Words, against, certainty, sentences, settings, source, videos};
use crate::report::chart::exposure_over_time::ExposureOverTime;
use crate::report::words::language::Language;
use crate::report::words::number::supported;

/// Title, subtitle, source, description.
pub fn words(chart: &ExposureOverTime, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let description = description(chart, &title, &subtitle, language);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

fn title(chart: &ExposureOverTime, language: Language) -> String {
    let videos = videos(&chart.topic, language);
    let [without, with] = shares(chart, language);
    let no_shift = chart.difference.may_be_zero() || chart.difference.value == 0.0;
    match (no_shift, language) {
        (true, Language::En) => {
            format!(
                "{videos} made up {without} of what people saw, and with the tilt no other share that this run could tell apart"
            )
        }
        (true, Language::De) => {
            format!(
                "{videos} machten {without} des Gesehenen aus, und mit dem Eingriff keinen Anteil, den dieser Lauf davon unterscheiden könnte"
            )
        }
        (false, Language::En) => format!("{videos} made up {with} of what people saw instead of {without}"),
        (false, Language::De) => format!("{videos} machten {with} des Gesehenen aus statt {without}"),
    }
}

/// The shares without and with the tilt, rounded to what the interval of their difference supports.
fn shares(chart: &ExposureOverTime, language: Language) -> [String; 2] {
    let difference = chart.difference;
    let power = if difference.value == 0.0 {
        supported(chart.shares[0], None)
    } else {
        supported(difference.value, difference.interval)
    };
    chart.shares.map(|share| language.percent(&language.size(share, power)))
}

fn subtitle(chart: &ExposureOverTime, language: Language) -> String {
    let what = language.pick("Share of all videos shown, by day", "Anteil an allen gezeigten Videos, nach Tagen");
    let has_interval = chart.difference.interval.is_some();
    let certainty = certainty(&chart.origin, has_interval, language);
    let against = against(&chart.origin, language);
    let certainty = if has_interval {
        format!("{}: {certainty}", language.pick("Pale, for the difference", "Hell, für den Unterschied"))
    } else {
        capital(&certainty)
    };
    format!("{what}, {against}. {certainty}. {}", settings(language))
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Names of the two lines.
pub fn names(language: Language) -> [&'static str; 2] {
    language.pick(["without the tilt", "with the tilt"], ["ohne Eingriff", "mit Eingriff"])
}

/// Label where the tilt begins.
pub fn tilt(language: Language) -> &'static str {
    language.pick("tilt", "Eingriff")
}

/// Label of the days before the first measured one.
pub fn burn_in(language: Language) -> &'static str {
    language.pick("burn-in", "Vorlauf")
}

/// What is counted upwards.
pub fn share_axis(language: Language) -> &'static str {
    language.pick("share of all videos shown", "Anteil an allen gezeigten Videos")
}

/// A height.
pub fn share_tick(value: f64, power: i32, language: Language) -> String {
    if value == 0.0 { "0".to_owned() } else { language.percent(&language.size(value, power)) }
}

/// What is counted to the right.
pub fn day_axis(burn_in: bool, language: Language) -> &'static str {
    if burn_in {
        language.pick("day; grey: burn-in, not measured", "Tag; grau: Vorlauf, nicht gemessen")
    } else {
        language.pick("day", "Tag")
    }
}

/// A day.
pub fn day_tick(day: i64) -> String {
    day.to_string().replace('-', "−")
}

/// The picture in words.
fn description(chart: &ExposureOverTime, title: &str, subtitle: &str, language: Language) -> String {
    let [first, last] = [chart.days.first(), chart.days.last()].map(|day| day_tick(day.map_or(0, |day| day.day)));
    let [from, until] = [chart.tilted[0], chart.tilted[1] - 1].map(day_tick);
    let days = match language {
        Language::En => format!("Days {first} to {last}; the tilt acts on days {from} to {until}"),
        Language::De => format!("Tage {first} bis {last}; der Eingriff wirkt an den Tagen {from} bis {until}"),
    };
    sentences(&[title, subtitle, &days])
}

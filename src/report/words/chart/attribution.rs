//! Words of the picture "attribution".

use super::{Words, against, certainty, period, range, sentences, settings, source, supported};
use crate::report::chart::attribution::{Attribution, Part, Source};
use crate::report::chart::input::Estimate;
use crate::report::words::language::Language;
use crate::scenario::Loop;

/// Title, subtitle, source, description.
pub fn words(chart: &Attribution, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let part = |part: &Part| format!("{}: {}", name(part, language), figure(part.points, language));
    let total = format!("{}: {}", total(language), figure(chart.total, language));
    let parts: Vec<String> = chart.parts.iter().map(part).chain([total]).collect();
    let note = note(chart, language).unwrap_or_default();
    let description = sentences(&[&title, &subtitle, &parts.join("; "), note]);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

fn title(chart: &Attribution, language: Language) -> String {
    let label = chart.topic.text(language);
    let mechanical = chart.parts.iter().find(|part| part.source == Source::Mechanical).map(|part| part.points);
    match (mechanical, chart.total.may_be_zero() || chart.total.value == 0.0) {
        (Some(mechanical), false) => {
            let [itself, all] = [mechanical, chart.total].map(|points| rounded(points, language));
            match language {
                Language::En => format!("{label}: the tilt itself moves {itself} of {all} points, loops the rest"),
                Language::De => {
                    format!("{label}: Der Eingriff selbst bewegt {itself} von {all} Punkten, Rückkopplungen den Rest")
                }
            }
        }
        _ => match language {
            Language::En => format!("{label}: a shift that cannot be told from none, and its parts"),
            Language::De => {
                format!("{label}: eine Verschiebung, die von keiner nicht zu unterscheiden ist, und ihre Teile")
            }
        },
    }
}

fn subtitle(chart: &Attribution, language: Language) -> String {
    let origin = &chart.origin;
    let has_interval = chart.total.interval.is_some();
    let what = language.pick(
        "Change of the topic's share of all videos shown, percentage points,",
        "Änderung des Anteils des Themas an allen gezeigten Videos, Prozentpunkte,",
    );
    format!(
        "{what} {} {}; {}. {}",
        period(origin, language),
        against(origin, language),
        certainty(origin, has_interval, language),
        settings(language)
    )
}

fn rounded(points: Estimate, language: Language) -> String {
    language.signed(points.value, power(points))
}

fn power(points: Estimate) -> i32 {
    if points.value == 0.0 { -2 } else { supported(points.value, points.interval) }
}

/// `−0.072 (−0.081 to −0.063)`.
pub fn figure(points: Estimate, language: Language) -> String {
    let ends = points.interval.map(|ends| format!(" ({})", range(ends, power(points), language)));
    format!("{}{}", rounded(points, language), ends.unwrap_or_default())
}

/// Name of a part.
pub fn name(part: &Part, language: Language) -> String {
    let name = match part.source {
        Source::Mechanical => language.pick("the tilt itself", "der Eingriff selbst"),
        Source::Loop(Loop::Profile) => language.pick("profiles of people", "Profile der Menschen"),
        Source::Loop(Loop::Popularity) => language.pick("counters of videos", "Zähler der Videos"),
        Source::Loop(Loop::Stay) => language.pick("how long people stay", "wie lange Menschen bleiben"),
        Source::Loop(Loop::Supply) => language.pick("what creators post", "was Creators posten"),
        Source::Loop(Loop::Interest) => language.pick("people's interests", "Interessen der Menschen"),
        Source::Interaction => language.pick("loops together", "Rückkopplungen gemeinsam"),
    };
    if part.separable == Some(false) { format!("{name} *") } else { name.to_owned() }
}

/// Name of the last bar.
pub fn total(language: Language) -> &'static str {
    language.pick("shift", "Verschiebung")
}

/// A number at the axis.
pub fn tick(value: f64, power: i32, language: Language) -> String {
    if value == 0.0 { "0".to_owned() } else { language.signed(value, power) }
}

/// What is counted to the right.
pub fn points_axis(language: Language) -> &'static str {
    language.pick(
        "percentage points; each bar begins where the one before ends",
        "Prozentpunkte; jeder Balken beginnt, wo der vorige endet",
    )
}

/// What the asterisk means, where there is one.
pub fn note(chart: &Attribution, language: Language) -> Option<&'static str> {
    chart.parts.iter().any(|part| part.separable == Some(false)).then(|| {
        language.pick(
            "* not separable: added to all other loops it moves something else than added to the bare tilt",
            "* nicht trennbar: Zu allen anderen Rückkopplungen hinzugefügt bewegt sie anderes als zum bloßen Eingriff",
        )
    })
}

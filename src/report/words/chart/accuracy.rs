//! Words on the picture of the shift against the ranker's accuracy.

use super::{Words, reference, source, videos};
use crate::report::chart::accuracy::Accuracy;
use crate::report::words::language::Language;
use crate::report::words::number::supported;

/// Words around the picture.
pub fn words(chart: &Accuracy, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let description = format!("{title} {subtitle} {}. {}.", shade(chart, language), own(chart, language));
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

fn power(chart: &Accuracy) -> i32 {
    supported(f64::max(chart.band[0].abs(), chart.band[1].abs()), Some(chart.band))
}

fn title(chart: &Accuracy, language: Language) -> String {
    let videos = videos(&chart.topic, language);
    let [low, high] = chart.band.map(|end| language.percent(&language.size(end, power(chart))));
    match (chart.band, language) {
        ([a, b], Language::En) if a < 0.0 && b > 0.0 => {
            format!("{videos}: from {low} less to {high} more, depending on how the ranker is set.")
        }
        ([a, b], Language::De) if a < 0.0 && b > 0.0 => {
            format!("{videos}: von {low} weniger bis {high} mehr, je nachdem, wie das Ranking eingestellt ist.")
        }
        ([_, b], Language::En) if b <= 0.0 => {
            format!("{videos} were seen {high} to {low} less, depending on how the ranker is set.")
        }
        ([_, b], Language::De) if b <= 0.0 => {
            format!("{videos} wurden {high} bis {low} seltener gesehen, je nachdem, wie das Ranking eingestellt ist.")
        }
        (_, Language::En) => format!("{videos} were seen {low} to {high} more, depending on how the ranker is set."),
        (_, Language::De) => {
            format!("{videos} wurden {low} bis {high} häufiger gesehen, je nachdem, wie das Ranking eingestellt ist.")
        }
    }
}

fn subtitle(chart: &Accuracy, language: Language) -> String {
    let sets = language.whole(chart.points.len() as u64);
    let reference = reference(&chart.origin, language);
    match language {
        Language::En => format!(
            "Change of their share of all videos shown {reference}, in {sets} worlds with different constants; each set agrees with the measured \
             facts within their tolerances."
        ),
        Language::De => format!(
            "Änderung ihres Anteils an allen gezeigten Videos {reference}, in {sets} Welten mit verschiedenen Konstanten; jeder Satz stimmt im \
             Rahmen der Toleranzen mit den gemessenen Befunden überein."
        ),
    }
}

/// Above the plot.
pub fn shift_axis(language: Language) -> &'static str {
    language.pick("change of the share", "Änderung des Anteils")
}

/// Below it.
pub fn accuracy_axis(language: Language) -> &'static str {
    language.pick(
        "accuracy of the ranker: how often it scores the longer watched of two random videos higher (AUC within people; 0.5 is chance)",
        "Treffsicherheit des Rankings: wie oft es von zwei zufälligen Videos das länger gesehene höher bewertet (AUC innerhalb der Person; 0,5 ist \
         Zufall)",
    )
}

/// A height.
pub fn tick(value: f64, power: i32, language: Language) -> String {
    if value == 0.0 { "0".to_owned() } else { language.percent(&language.signed(value, power)) }
}

/// What the shade is.
pub fn shade(chart: &Accuracy, language: Language) -> String {
    let [low, high] = chart.band.map(|end| language.percent(&language.signed(end, power(chart))));
    match language {
        Language::En => format!("9 of 10 sets: {low} to {high}"),
        Language::De => format!("9 von 10 Sätzen: {low} bis {high}"),
    }
}

/// What the dashed line is.
pub fn own(chart: &Accuracy, language: Language) -> String {
    let shift = language.percent(&language.signed(chart.shift, power(chart)));
    format!("{}: {shift}", language.pick("this run", "dieser Lauf"))
}

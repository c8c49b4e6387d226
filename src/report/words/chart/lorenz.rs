//! Words of the picture "Lorenz curve".

use super::{Words, period, reference, sentences, settings, source};
use crate::report::chart::lorenz::{Borne, Lorenz};
use crate::report::words::language::Language;

/// Title, subtitle, source, description.
pub fn words(chart: &Lorenz, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let (hundredth, tenth) = (bears(0.01, chart.top_hundredth, language), bears(0.1, chart.top_tenth, language));
    let description = sentences(&[&title, &subtitle, &hundredth, &tenth]);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

fn title(chart: &Lorenz, language: Language) -> String {
    let borne = chart.top_tenth.quoted();
    let (label, part) = (chart.topic.text(language), percent(borne, language));
    match language {
        // Some are moved the other way, so that the others together bear more than what is left.
        Language::En if borne > 1.0 => {
            format!("{label}: a tenth of people bear more than the net shift, because others are moved the other way")
        }
        Language::De if borne > 1.0 => format!(
            "{label}: Ein Zehntel der Menschen trägt mehr als die Verschiebung insgesamt, weil sie bei anderen umgekehrt ausfällt"
        ),
        Language::En => format!("{label}: the tenth of people who bear most of the shift bear {part} of it"),
        Language::De => {
            format!("{label}: Das am stärksten betroffene Zehntel der Menschen trägt {part} der Verschiebung")
        }
    }
}

fn subtitle(chart: &Lorenz, language: Language) -> String {
    let [one, many] = language.pick(["person", "people"], ["Mensch", "Menschen"]);
    let people = language.plural(chart.people, one, many);
    let (period, reference) = (period(&chart.origin, language), reference(&chart.origin, language));
    let whose = if chart.origin.partial_audience { language.pick(" in the audience", " der Zielgruppe") } else { "" };
    let what = match language {
        Language::En => {
            format!(
                "Expected change of videos of the topic per person{whose} {period} {reference}; {people} looked at."
            )
        }
        Language::De => {
            format!(
                "Erwartete Änderung der Videos zum Thema je Mensch{whose} {period} {reference}; {people} betrachtet."
            )
        }
    };
    let noise = match chart.top_tenth.without_noise {
        Some(_) => language.pick(
            "Figures have the noise of the simulation taken out, the curve has not. ",
            "Aus den Zahlen ist das Rauschen der Simulation herausgerechnet, aus der Kurve nicht. ",
        ),
        None => "",
    };
    format!("{what} {noise}{}", settings(language))
}

/// Two digits of a part, in per cent.
fn percent(part: f64, language: Language) -> String {
    language.percent(&language.rough(100.0 * part))
}

/// `the most affected 10 % of people bear 31 % of the shift (drawn: 38 %)`.
pub fn bears(people: f64, borne: Borne, language: Language) -> String {
    let (people, part) = (percent((people * 1e4).round() / 1e4, language), percent(borne.quoted(), language));
    let people = people.replace(".0", "").replace(",0", "");
    let drawn = Some(percent(borne.drawn, language)).filter(|drawn| *drawn != part);
    let drawn =
        drawn.map_or_else(String::new, |drawn| format!(" ({}:\u{a0}{drawn})", language.pick("drawn", "gezeichnet")));
    match language {
        Language::En => format!("the most affected {people} of people bear {part} of the shift{drawn}"),
        Language::De => {
            format!("die am stärksten betroffenen {people} der Menschen tragen {part} der Verschiebung{drawn}")
        }
    }
}

/// A number at an axis.
pub fn tick(part: f64, language: Language) -> String {
    if part == 0.0 { "0".to_owned() } else { language.percent(&language.size(100.0 * part, 0)) }
}

/// What is counted upwards.
pub fn shift_axis(language: Language) -> &'static str {
    language.pick("share of the net shift", "Anteil an der Verschiebung insgesamt")
}

/// What is counted to the right.
pub fn people_axis(language: Language) -> &'static str {
    language.pick("share of people, least affected first", "Anteil der Menschen, am wenigsten betroffene zuerst")
}

/// What the dashed line means.
pub fn even(language: Language) -> &'static str {
    language.pick("if everyone bore the same", "wenn alle gleich viel trügen")
}

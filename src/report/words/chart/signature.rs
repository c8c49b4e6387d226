//! Words of the picture "signature".

use super::{Words, against, certainty, less_or_more, period, range, sentences, settings, source, videos};
use crate::report::chart::input::Origin;
use crate::report::chart::signature::{Noticing, People, Signature, Unit, Verdict};
use crate::report::words::language::Language;
use crate::report::words::number::supported;
use crate::scenario::Redraw;

/// What stands above a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Whom the panel is about.
    pub heading: &'static str,
    /// The figure in large letters.
    pub figure: String,
    /// What it counts.
    pub note: String,
}

/// Title, subtitle, source, description.
pub fn words(chart: &Signature, language: Language) -> Words {
    let (title, subtitle) = (title(chart, language), subtitle(chart, language));
    let description = description(chart, &title, &subtitle, language);
    Words { title, subtitle, source: source(&chart.origin, language), description }
}

fn title(chart: &Signature, language: Language) -> String {
    let videos = videos(&chart.topic, language);
    let shift = chart.population.shift;
    let moved = match (chart.population.verdict, language) {
        (Verdict::Moved, Language::En) => format!("{videos} were seen {}", less_or_more(shift, language)),
        (Verdict::Moved, Language::De) => format!("{videos} wurden {} gesehen", less_or_more(shift, language)),
        (Verdict::Untold, Language::En) => return format!("{videos}: no shift that this run could tell from zero"),
        (Verdict::Untold, Language::De) => {
            return format!("{videos}: keine Verschiebung, die dieser Lauf von null unterscheiden könnte");
        }
        (Verdict::Identical, Language::En) => return format!("{videos} were seen exactly as often: no shift"),
        (Verdict::Identical, Language::De) => {
            return format!("{videos} wurden genau gleich oft gesehen: keine Verschiebung");
        }
        (Verdict::Vanished, Language::En) => format!("{videos} were not seen at all"),
        (Verdict::Vanished, Language::De) => format!("{videos} wurden gar nicht gesehen"),
        (Verdict::Appeared, Language::En) => format!("{videos} were seen under the tilt alone"),
        (Verdict::Appeared, Language::De) => format!("{videos} wurden nur mit dem Eingriff gesehen"),
    };
    let noticed = chart.people.as_ref().and_then(|people| noticed(people, language));
    noticed.map_or_else(|| moved.clone(), |noticed| format!("{moved}; {noticed}"))
}

/// The second half of the title.
fn noticed(people: &People, language: Language) -> Option<String> {
    let all = language.whole(people.count());
    Some(match (people.noticing(), language) {
        (Noticing::Unknown, _) => return None,
        (Noticing::Nobody, Language::En) => format!("none of {all} people was likely to notice"),
        (Noticing::Nobody, Language::De) => format!("keiner von {all} Menschen hätte es wahrscheinlich bemerkt"),
        (Noticing::NextToNobody, Language::En) => format!("next to none of {all} people was likely to notice"),
        (Noticing::NextToNobody, Language::De) => {
            format!("fast keiner von {all} Menschen hätte es wahrscheinlich bemerkt")
        }
        (Noticing::Share(share), Language::En) => {
            format!("{} of people were likely to notice by counting", of_sample(share, people, language))
        }
        (Noticing::Share(share), Language::De) => {
            format!("{} der Menschen hätten es durch Zählen wahrscheinlich bemerkt", of_sample(share, people, language))
        }
    })
}

/// A share of the people, rounded to what a sample of that size supports.
fn of_sample(share: f64, people: &People, language: Language) -> String {
    let error = (share * (1.0 - share) / people.count().max(1) as f64).sqrt();
    let ends = [share - 1.96 * error, share + 1.96 * error].map(|end| end * 100.0);
    language.percent(&language.size(share * 100.0, supported(share * 100.0, Some(ends))))
}

fn subtitle(chart: &Signature, language: Language) -> String {
    let origin = &chart.origin;
    let what =
        language.pick("Change of their share of all videos shown", "Änderung ihres Anteils an allen gezeigten Videos");
    let certainty = certainty(origin, chart.population.shift.interval.is_some(), language);
    let scope = if chart.population.model_band.is_some() { "" } else { settings(language) };
    let what = format!("{what} {} {}; {certainty}.", period(origin, language), against(origin, language));
    format!("{what} {scope}").trim_end().to_owned()
}

/// Above the left panel.
pub fn population(chart: &Signature, language: Language) -> Head {
    let heading = language.pick("Everyone together", "Alle zusammen");
    let (figure, note) = match (chart.population.views, chart.population.verdict) {
        (Some(_), Verdict::Moved | Verdict::Vanished | Verdict::Appeared) => views(chart, language),
        (_, Verdict::Identical) => (
            language.pick("No shift", "Keine Verschiebung").to_owned(),
            language.pick("the same views to the last one", "dieselben Aufrufe bis auf den letzten").to_owned(),
        ),
        (_, Verdict::Untold) => (
            language.pick("No shift", "Keine Verschiebung").to_owned(),
            language
                .pick("that this run could tell from zero", "die dieser Lauf von null unterscheiden könnte")
                .to_owned(),
        ),
        (None, _) => (
            shift(chart, language),
            language.pick("change of the share of exposure", "Änderung des Anteils am Gesehenen").to_owned(),
        ),
    };
    Head { heading, figure, note }
}

/// Impressions moved, and what they are scaled to.
fn views(chart: &Signature, language: Language) -> (String, String) {
    let Some(views) = chart.population.views else { return (String::new(), String::new()) };
    let origin = &chart.origin;
    let power = supported(views.value, views.interval).max(0);
    let figure = language.count(views.value, power);
    let direction = match (views.value < 0.0, figure == "1") {
        (true, false) => language.pick("fewer views of these videos", "weniger Aufrufe dieser Videos"),
        (true, true) => language.pick("view of these videos fewer", "Aufruf dieser Videos weniger"),
        (false, false) => language.pick("more views of these videos", "mehr Aufrufe dieser Videos"),
        (false, true) => language.pick("view of these videos more", "Aufruf dieser Videos mehr"),
    };
    let [one, many] = language.pick(["day", "days"], ["Tag", "Tagen"]);
    let days = language.plural(origin.days.into(), one, many);
    // The German dative has one form for both numbers.
    let people =
        language.plural(origin.represents, language.pick("person", "Menschen"), language.pick("people", "Menschen"));
    let scaled = origin.represents > u64::from(origin.users);
    let among = match (scaled, language) {
        (true, Language::En) => format!("scaled to {people}"),
        (true, Language::De) => format!("hochgerechnet auf {people}"),
        (false, Language::En) => format!("among {people}"),
        (false, Language::De) => format!("unter {people}"),
    };
    let interval = views.interval.map_or_else(String::new, |[low, high]| {
        let [less, more] = if views.value < 0.0 { [-high, -low] } else { [low, high] };
        format!(" ({})", language.counts([less, more], power))
    });
    (figure, format!("{direction} in {days}, {among}{interval}"))
}

/// Above the right panel.
pub fn people(people: &People, origin: &Origin, language: Language) -> Head {
    let heading = if origin.partial_audience {
        language.pick("Each person in the audience", "Jeder einzelne Mensch der Zielgruppe")
    } else {
        language.pick("Each person", "Jeder einzelne Mensch")
    };
    let all = language.whole(people.count());
    let weeks = language
        .pick("who counted a week before and a week after", "die eine Woche davor und eine Woche danach zählten");
    let followed = match language {
        Language::En => format!("({all}\u{a0}followed)"),
        Language::De => format!("({all}\u{a0}begleitet)"),
    };
    let (figure, note) = match (people.noticing(), language) {
        (Noticing::Unknown, Language::En) => ("–".to_owned(), "whether anybody would notice cannot be told".to_owned()),
        (Noticing::Unknown, Language::De) => {
            ("–".to_owned(), "ob es jemand bemerken würde, lässt sich nicht sagen".to_owned())
        }
        (Noticing::Share(share), Language::En) => (
            of_sample(share, people, language),
            format!("of people {weeks} would more likely than not notice {followed}"),
        ),
        (Noticing::Share(share), Language::De) => (
            of_sample(share, people, language),
            format!("der Menschen, {weeks}, würden es eher bemerken als nicht {followed}"),
        ),
        (nobody, Language::En) => {
            let figure = if nobody == Noticing::Nobody { "Nobody" } else { "Next to nobody" };
            (figure.to_owned(), format!("of {all} people {weeks} would more likely than not notice"))
        }
        (nobody, Language::De) => {
            let figure = if nobody == Noticing::Nobody { "Niemand" } else { "Fast niemand" };
            (figure.to_owned(), format!("von {all} Menschen, {weeks}, würde es eher bemerken als nicht"))
        }
    };
    Head { heading, figure, note }
}

/// The shift with its unit.
fn shift(chart: &Signature, language: Language) -> String {
    with_unit(
        chart,
        &{
            let shift = chart.population.shift;
            language.signed(shift.value, supported(shift.value, shift.interval))
        },
        language,
    )
}

/// A number in the unit of the shift.
fn with_unit(chart: &Signature, number: &str, language: Language) -> String {
    match chart.population.unit {
        Unit::Percent => language.percent(number),
        Unit::Points => format!("{number}\u{a0}{}", language.pick("points", "Prozentpunkte")),
    }
}

/// Label of what the tilt did.
pub fn shift_row(chart: &Signature, language: Language) -> String {
    let estimate = chart.population.shift;
    if estimate.value == 0.0 {
        return language.pick("with the tilt: no change", "mit dem Eingriff: keine Änderung").to_owned();
    }
    let power = supported(estimate.value, estimate.interval);
    let interval = estimate.interval.map_or_else(String::new, |ends| format!(" ({})", range(ends, power, language)));
    format!("{}: {}{interval}", language.pick("with the tilt", "mit dem Eingriff"), shift(chart, language))
}

/// Label of the band over calibrated settings.
pub fn model_row(chart: &Signature, band: [f64; 2], language: Language) -> String {
    let power = supported(chart.population.shift.value, Some(band));
    let what = language.pick("over calibrated settings", "über kalibrierte Einstellungen");
    format!("{what}: {}", with_unit(chart, &range(band, power, language), language))
}

/// Label of what untilted worlds differ by.
pub fn worlds_row(chart: &Signature, floor: f64, language: Language) -> String {
    let what = match chart.origin.redraw {
        Redraw::World => language.pick("two worlds without it", "zwei Welten ohne Eingriff"),
        Redraw::Behaviour => language.pick("two courses without it", "zwei Verläufe ohne Eingriff"),
    };
    floor_row(chart, what, floor, language)
}

/// Label of what one world differs by when the ranker draws anew.
pub fn fork_row(chart: &Signature, floor: f64, language: Language) -> String {
    floor_row(chart, language.pick("one world, ranked anew", "dieselbe Welt, neu sortiert"), floor, language)
}

fn floor_row(chart: &Signature, what: &str, floor: f64, language: Language) -> String {
    let [up_to, from] = language.pick(["up to", "from"], ["bis", "von"]);
    // A share cannot fall by more than all of it.
    if chart.population.unit == Unit::Percent && floor > 100.0 {
        let [least, most] = [format!("−{}", language.whole(100)), format!("+{}", language.rough(floor))];
        let to = language.pick("to", "bis");
        return format!("{what}: {from} {least} {to} {}", with_unit(chart, &most, language));
    }
    let size = with_unit(chart, &format!("±{}", language.rough(floor)), language);
    format!("{what}: {up_to} {size}")
}

/// A number at the axis of the shift.
pub fn shift_tick(chart: &Signature, value: f64, power: i32, language: Language) -> String {
    let number = language.signed(value, power);
    match chart.population.unit {
        _ if value == 0.0 => "0".to_owned(),
        Unit::Percent => language.percent(&number),
        Unit::Points => number,
    }
}

/// Title of the axis of the shift.
pub fn shift_axis(chart: &Signature, language: Language) -> String {
    let what = match chart.population.unit {
        Unit::Percent => language.pick("relative change of the share", "relative Änderung des Anteils"),
        Unit::Points => language.pick("change of the share, percentage points", "Änderung des Anteils, Prozentpunkte"),
    };
    let floors = [chart.population.floor_worlds, chart.population.floor_fork];
    let grey = match floors.iter().flatten().next() {
        Some(_) => language.pick("; grey: chance alone, 19 of 20 pairs", "; grau: reiner Zufall, 19 von 20 Paaren"),
        None => "",
    };
    format!("{what}{grey}")
}

/// Caption of the band of ups and downs.
pub fn ups_and_downs(reach: f64, language: Language) -> String {
    let reach = language.rough(reach);
    match language {
        Language::En => {
            format!("grey: two ordinary weeks of the median person differ by up to ±{reach} videos, 19 times in 20")
        }
        Language::De => format!(
            "grau: zwei gewöhnliche Wochen des mittleren Menschen liegen bis ±{reach} Videos auseinander, 19-mal von 20"
        ),
    }
}

/// Label of the median.
pub fn median(median: f64, language: Language) -> String {
    let power = if median == 0.0 { 0 } else { supported(median, None) };
    format!("{} {}", language.pick("median", "Median"), language.signed(median, power))
}

/// Title of the axis of changes.
pub fn change_axis(chart: &Signature, language: Language) -> String {
    let videos = videos(&chart.topic, language);
    match language {
        Language::En => format!("expected change: {videos} a week"),
        Language::De => format!("erwartete Änderung: {videos} pro Woche"),
    }
}

/// A height in the panel of people; the highest says what it is.
pub fn people_tick(value: f64, power: i32, last: bool, language: Language) -> String {
    let percent = language.percent(&language.size(value, power));
    if last { format!("{percent} {}", language.pick("of people", "der Menschen")) } else { percent }
}

/// Who lies outside of the bars; nothing where nobody does.
pub fn beyond(people: usize, all: u64, language: Language) -> Option<String> {
    let percent = 100.0 * people as f64 / all.max(1) as f64;
    let share = language.percent(&language.rough(percent));
    let text = match language {
        Language::En => format!("{share} of people lie beyond the edges"),
        Language::De => format!("{share} der Menschen liegen jenseits der Ränder"),
    };
    (people > 0).then_some(text)
}

/// Where most people lie when the noise of the simulation is taken out.
pub fn without_noise([low, high]: [f64; 2], language: Language) -> String {
    let [low, high] = [low, high].map(|end| language.signed(end, supported(end, None)));
    match language {
        Language::En => format!("9 of 10 people: {low} to {high}, noise of the simulation taken out"),
        Language::De => format!("9 von 10 Menschen: {low} bis {high}, das Rauschen der Simulation herausgerechnet"),
    }
}

/// The picture in words.
fn description(chart: &Signature, title: &str, subtitle: &str, language: Language) -> String {
    let left = population(chart, language);
    let left = format!("{}: {} {}", left.heading, left.figure, left.note);
    let mut parts = vec![title.to_owned(), subtitle.to_owned(), left, shift_row(chart, language)];
    let given = &chart.population;
    parts.extend(given.model_band.map(|band| model_row(chart, band, language)));
    parts.extend(given.floor_worlds.map(|floor| worlds_row(chart, floor, language)));
    parts.extend(given.floor_fork.map(|floor| fork_row(chart, floor, language)));
    parts.push(shift_axis(chart, language));
    if let Some(given) = &chart.people {
        let right = people(given, &chart.origin, language);
        parts.push(format!("{}: {} {}", right.heading, right.figure, right.note));
        let middle = given.median().map(|middle| median(middle, language));
        parts.extend(middle.map(|middle| format!("{}: {middle}", change_axis(chart, language))));
        parts.extend(given.without_noise.map(|ends| without_noise(ends, language)));
        parts.extend(given.ups_and_downs().map(|reach| ups_and_downs(reach, language)));
    }
    sentences(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

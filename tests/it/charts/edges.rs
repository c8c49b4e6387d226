//! Figures at the edge: what is said of them, and that nothing runs into anything.

use feedtilt::report::chart::Chart;
use feedtilt::report::chart::dose_response::{Dose, DoseResponse, Strength};
use feedtilt::report::chart::exposure_over_time::{Day, ExposureOverTime};
use feedtilt::report::chart::input::{Estimate, Label, Origin};
use feedtilt::report::chart::lorenz::{Borne, Lorenz};
use feedtilt::report::chart::signature::{People, Population, Signature, Unit, Verdict};
use feedtilt::report::words::language::Language::{self, De, En};
use feedtilt::scenario::Redraw;

use super::samples::{along, dose_response, estimate, exposure_over_time, label, lorenz, origin, people, signature};
use super::{drawn, sheet, texts};

/// Draws in a language, looks whether it can be read, and gives its texts as they are read.
fn read(name: &str, chart: &dyn Chart, language: Language) -> String {
    let svg = drawn(name, chart, language);
    sheet::assert_readable(&format!("{name}-{}", language.code()), &svg);
    texts(&svg).join(" ")
}

/// A picture whose words must hold something in each language.
fn says(name: &str, chart: &dyn Chart, english: &[&str], german: &[&str]) {
    for (language, expected) in [(En, english), (De, german)] {
        let found = read(name, chart, language);
        for &words in expected {
            assert!(found.contains(words), "{name}-{}: {words:?} in {found:?}", language.code());
        }
    }
}

fn long() -> Label {
    label(
        "Demonstrations, strikes and other public protests in town squares",
        "Demonstrationen, Streiks und andere öffentliche Proteste auf Marktplätzen",
    )
}

/// The sample with some figures changed.
fn changed(change: impl FnOnce(&mut Signature)) -> Signature {
    let mut chart = signature();
    change(&mut chart);
    chart
}

#[test]
fn the_samples_can_be_read() {
    for chart in super::samples() {
        says(chart.stem(), chart.as_ref(), &["seed 20220624"], &["Startwert 20220624"]);
    }
}

#[test]
fn without_people_the_population_stands_alone() {
    let chart = changed(|chart| chart.people = None);
    says("signature-alone", &chart, &["Protest videos were seen 13.8 % less Change"], &["13,8 % seltener gesehen Änd"]);
    let found = read("signature-alone", &chart, En);
    assert!(!found.contains("Each person") && !found.contains("could have"), "{found}");
    let tables: Vec<&str> = chart.tables().iter().map(|table| table.suffix).collect();
    assert_eq!(tables, ["", ".figures"]);
}

#[test]
fn a_shift_that_cannot_be_told_from_zero_is_called_so() {
    let chart = changed(|chart| {
        chart.population.verdict = Verdict::Untold;
        chart.population.shift = estimate(-0.4, -1.2, 0.4);
        chart.population.views = None;
    });
    says(
        "signature-untold",
        &chart,
        &["Protest videos: no shift that this run could tell from zero", "with the tilt: −0.4 % (−1.2 to +0.4)"],
        &[
            "keine Verschiebung, die dieser Lauf von null unterscheiden könnte",
            "mit dem Eingriff: −0,4 % (−1,2 bis +0,4)",
        ],
    );
    assert!(!read("signature-untold", &chart, En).contains("13.8"));
}

#[test]
fn no_shift_at_all_is_called_so() {
    let chart = changed(|chart| {
        chart.population.verdict = Verdict::Identical;
        chart.population.shift = estimate(0.0, 0.0, 0.0);
        chart.population.views = None;
        let (changes, noticeable_share) = (vec![0.0; 1000], Some(0.0));
        chart.people = Some(People { changes, noticeable_share, without_noise: Some([0.0; 2]), ..people() });
    });
    says(
        "signature-identical",
        &chart,
        &[
            "Protest videos were seen exactly as often: no shift",
            "with the tilt: no change",
            "median 0",
            "Nobody of 1,000",
        ],
        &["wurden genau gleich oft gesehen: keine Verschiebung", "keine Änderung", "Median 0", "Niemand von 1.000"],
    );
}

#[test]
fn few_replicates_give_points() {
    let chart = changed(|chart| {
        chart.origin.replicates = 2;
        chart.population.shift.interval = None;
        chart.population.views = Some(Estimate { value: -54.1e6, interval: None });
        chart.population.floor_worlds = None;
        chart.population.floor_fork = None;
    });
    says(
        "signature-few",
        &chart,
        &["14 % less", "a point without an interval, from 2 replicates", "with the tilt: −14 %"],
        &["14 % seltener", "ein Punkt ohne Intervall, aus 2 Wiederholungen", "mit dem Eingriff: −14 %"],
    );
    let found = read("signature-few", &chart, En);
    assert!(!found.contains("chance alone") && !found.contains("two worlds") && !found.contains("simulation interval"));
}

#[test]
fn very_large_shifts_find_room() {
    let chart = changed(|chart| {
        chart.population.shift = estimate(412.0, 395.0, 430.0);
        chart.population.views = Some(estimate(1.61e9, 1.52e9, 1.7e9));
        let changes = along(&[-2.0, 1.0, 8.0, 15.0, 30.0, 55.0, 80.0, 140.0, 400.0], 1000);
        chart.people = Some(People {
            changes,
            noticeable_share: Some(0.85),
            noticeable_without_noise: Some(0.843),
            without_noise: Some([-0.4, 92.0]),
            ..people()
        });
    });
    says(
        "signature-large",
        &chart,
        &["412 % more", "1.61 billion", "(1.52 to 1.70 billion)", "84 %", "(1,000 followed)", "+200 %"],
        &["412 % häufiger", "1,61 Milliarden", "(1,52 bis 1,70 Milliarden)", "84 %", "(1.000 begleitet)", "+200 %"],
    );
}

#[test]
fn long_labels_and_labels_with_markup_stay_text() {
    let chart = changed(|chart| chart.topic = long());
    says(
        "signature-long",
        &chart,
        &["Videos about Demonstrations, strikes and other public protests in town squares were seen 13.8 % less"],
        &["Videos zum Thema Demonstrationen, Streiks und andere öffentliche Proteste auf Marktplätzen wurden 13,8 %"],
    );
    let markup = || label("<script>alert(1)</script> & \"Co\"", "<script>alert(1)</script> & „Co“");
    let word = || label(&"Donaudampfschifffahrt".repeat(6), &"Donaudampfschifffahrt".repeat(6));
    for (name, topic) in [("markup", markup()), ("word", word()), ("long", long())] {
        let charts: [Box<dyn Chart>; 4] = [
            Box::new(changed(|chart| chart.topic = topic.clone())),
            Box::new(ExposureOverTime { topic: topic.clone(), ..exposure_over_time() }),
            Box::new(DoseResponse { topic: topic.clone(), ..dose_response() }),
            Box::new(Lorenz { topic: topic.clone(), ..lorenz() }),
        ];
        for chart in charts {
            for language in Language::ALL {
                let name = format!("{}-{name}", chart.stem());
                read(&name, chart.as_ref(), language);
                let svg = drawn(&name, chart.as_ref(), language);
                assert!(!svg.contains("<script") && !svg.contains("& "), "{name}");
                let escaped = svg.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count();
                assert_eq!(escaped > 1, name.contains("markup"), "{name}: in title and description, {escaped} times");
            }
        }
    }
}

#[test]
fn a_label_that_a_language_lacks_is_english_and_one_that_both_lack_is_the_name() {
    let mut chart = signature();
    chart.topic.by_language.remove("de");
    assert!(read("signature-labels", &chart, De).starts_with("Videos zum Thema Protest "));
    chart.topic.by_language.clear();
    assert!(read("signature-labels", &chart, De).starts_with("Videos zum Thema rallies "));
}

#[test]
fn what_vanishes_or_appears_is_measured_in_points() {
    let population = |verdict, value: f64| Population {
        unit: Unit::Points,
        verdict,
        shift: estimate(value, value - 0.16, value + 0.16),
        model_band: None,
        floor_worlds: Some(0.25),
        floor_fork: Some(0.02),
        views: Some(estimate(5e8 * value, 5e8 * (value - 0.16), 5e8 * (value + 0.16))),
    };
    let chart = changed(|chart| chart.population = population(Verdict::Vanished, -0.74));
    says(
        "signature-vanished",
        &chart,
        &["Protest videos were not seen at all", "with the tilt: −0.74 points (−0.90 to −0.58)", "percentage points"],
        &["wurden gar nicht gesehen", "mit dem Eingriff: −0,74 Prozentpunkte (−0,90 bis −0,58)"],
    );
    let columns = &chart.tables()[0].columns.0;
    assert_eq!(columns[1].0, "change_points");
    let chart = changed(|chart| chart.population = population(Verdict::Appeared, 0.74));
    says("signature-appeared", &chart, &["were seen under the tilt alone"], &["wurden nur mit dem Eingriff gesehen"]);
}

#[test]
fn a_model_band_stands_beside_the_interval() {
    let chart = changed(|chart| chart.population.model_band = Some([-19.2, -8.4]));
    says(
        "signature-band",
        &chart,
        &["over calibrated settings: −19 to −8 %"],
        &["über kalibrierte Einstellungen: −19 bis −8 %"],
    );
    assert!(!read("signature-band", &chart, En).contains("For these settings only"));
    assert!(read("signature", &signature(), En).contains("For these settings only"));
}

#[test]
fn regions_audiences_and_arms_compared_with_are_named() {
    let chart = changed(|chart| {
        chart.origin.regions = 2;
        chart.origin.redraw = Redraw::Behaviour;
        chart.origin.against = Some("throttle-10".into());
    });
    says(
        "signature-regions",
        &chart,
        &["against the arm throttle-10, all regions together;", "two courses without it: up to ±34 %"],
        &["gegenüber dem Arm throttle-10, alle Regionen zusammen;", "zwei Verläufe ohne Eingriff: bis ±34 %"],
    );
    let chart = changed(|chart| chart.origin.unheated = Some(0.656));
    says(
        "signature-unheated",
        &chart,
        &["(66 % of the heated places found no heated video)"],
        &["(66 % der bevorzugten Plätze fanden kein bevorzugtes Video)"],
    );
    let chart = changed(|chart| chart.origin.partial_audience = true);
    says(
        "signature-audience",
        &chart,
        &["people in and outside of the audience", "Each person in the audience"],
        &["Menschen in und außerhalb der Zielgruppe", "Jeder einzelne Mensch der Zielgruppe"],
    );
}

#[test]
fn a_change_that_nobody_could_notice_is_called_so() {
    let chart = changed(|chart| {
        let changes = people().changes.iter().map(|change| 0.05 * change).collect();
        chart.people = Some(People { changes, noticeable_share: Some(0.0), without_noise: None, ..people() });
    });
    says(
        "signature-nobody",
        &chart,
        &["none of 1,000 people was likely to notice", "Nobody of 1,000 people who counted", "median −0.095"],
        &["keiner von 1.000 Menschen hätte es wahrscheinlich bemerkt", "Niemand von 1.000 Menschen", "Median −0,095"],
    );
    let hardly = changed(|chart| chart.people = Some(People { noticeable_without_noise: Some(0.0), ..people() }));
    says(
        "signature-hardly",
        &hardly,
        &["next to none of 1,000 people was likely to notice", "Next to nobody of 1,000 people who counted"],
        &["fast keiner von 1.000 Menschen hätte es wahrscheinlich bemerkt", "Fast niemand von 1.000 Menschen"],
    );
    let plain = changed(|chart| chart.people = Some(People { noticeable_without_noise: None, ..people() }));
    says("signature-plain", &plain, &["3.1 % of people were likely to notice"], &["3,1 % der Menschen hätten"]);
    let unknown = changed(|chart| {
        chart.people = Some(People { own_sd: Vec::new(), noticeable_share: None, ..people() });
    });
    says(
        "signature-unknown",
        &unknown,
        &["were seen 13.8 % less Change", "whether anybody would notice cannot be told"],
        &["13,8 % seltener gesehen Änderung", "ob es jemand bemerken würde, lässt sich nicht sagen"],
    );
}

#[test]
fn one_of_each_is_singular() {
    let chart = changed(|chart| {
        chart.origin = Origin { replicates: 1, days: 1, users: 1, represents: 1, ..origin() };
        chart.population.shift.interval = None;
        chart.population.views = Some(Estimate { value: -1.0, interval: None });
        let (changes, own_sd) = (vec![-2.0], vec![0.0]);
        chart.people = Some(People {
            changes,
            own_sd,
            noticeable_share: Some(1.0),
            noticeable_without_noise: Some(1.0),
            without_noise: None,
        });
    });
    says(
        "signature-one",
        &chart,
        &["1 view of these videos fewer in 1 day, among 1 person", "over 1 day", "1 simulated person, 1 replicate"],
        &[
            "1 Aufruf dieser Videos weniger in 1 Tag, unter 1 Menschen",
            "über 1 Tag ",
            "1 simulierter Mensch, 1 Wiederholung",
        ],
    );
    let single = Lorenz { people: 1, ..lorenz() };
    says("lorenz-one", &single, &["; 1 person looked at"], &["; 1 Mensch betrachtet"]);
}

#[test]
fn labels_of_heights_stand_where_bars_are_low() {
    let narrow = changed(|chart| {
        let own_sd = people().own_sd.iter().map(|sd| 0.1 * sd).collect();
        chart.people =
            Some(People { own_sd, noticeable_share: Some(0.81), noticeable_without_noise: None, ..people() });
    });
    let place = |chart: &Signature| {
        let svg = drawn("signature-narrow", chart, En);
        let (before, _) = svg.split_once("\u{a0}% of people\n").unwrap();
        let tag = before.rsplit_once("<text").unwrap().1;
        tag.contains("text-anchor=\"start\"")
    };
    assert!(place(&narrow), "bars at the right, labels at the left");
    assert!(!place(&signature()), "bars at the left, labels at the right");
    says("signature-narrow", &narrow, &["81 %"], &["81 %"]);
}

#[test]
fn chance_larger_than_the_share_ends_at_nothing_left() {
    let chart = changed(|chart| chart.population.floor_worlds = Some(152.0));
    says("signature-rough", &chart, &["from −100 to +150 %"], &["von −100 bis +150 %"]);
    let csv = String::from_utf8(chart.tables()[0].columns.csv("a table").unwrap()).unwrap();
    assert!(csv.contains("two untilted worlds,,-100,152\n"), "{csv}");
}

#[test]
fn courses_of_every_length_can_be_read() {
    let mut middle = exposure_over_time();
    middle.days.drain(..3);
    middle.tilted = [2, 5];
    for day in middle.days.iter_mut().filter(|day| !(2..5).contains(&day.day)) {
        (day.with, day.difference) = (day.without, Some([0.0; 2]));
    }
    says("exposure-over-time-middle", &middle, &["tilt", "without the tilt"], &["Eingriff", "ohne Eingriff"]);
    assert!(!read("exposure-over-time-middle", &middle, En).contains("burn-in"));
    let one = ExposureOverTime {
        days: vec![Day { day: 0, without: 0.7, with: 0.61, difference: Some([-0.14, -0.04]) }],
        tilted: [0, 1],
        origin: Origin { days: 1, ..origin() },
        ..exposure_over_time()
    };
    says("exposure-over-time-one", &one, &[" 0 day "], &[" 0 Tag "]);
    let day = |day: i64| {
        let without = 0.75 + 0.08 * libm::sin(day as f64 * 0.4);
        let moved = if day < 0 { 0.0 } else { -0.003 * without * day as f64 };
        Day { day, without, with: without + moved, difference: Some([moved - 0.03, moved + 0.03]) }
    };
    let weeks = ExposureOverTime { days: (-14..70).map(day).collect(), tilted: [0, 56], ..exposure_over_time() };
    says("exposure-over-time-weeks", &weeks, &[" −14 −7 0 7 14 "], &["grau: Vorlauf, nicht gemessen"]);
}

#[test]
fn courses_without_an_interval_or_a_shift_are_called_so() {
    let mut few = exposure_over_time();
    for day in &mut few.days {
        let factor = if day.day < 0 { 1.0 } else { 4.1 };
        (day.with, day.difference) = (factor * day.without, None);
    }
    (few.shares, few.difference) = ([0.74, 3.04], Estimate { value: 2.3, interval: None });
    says(
        "exposure-over-time-few",
        &few,
        &["made up 3.0 % of what people saw instead of 0.7 %", "A point without an interval, from 5 replicates."],
        &["machten 3,0 % des Gesehenen aus statt 0,7 %", "Ein Punkt ohne Intervall, aus 5 Wiederholungen."],
    );
    let untold = ExposureOverTime { difference: estimate(-0.004, -0.02, 0.012), ..exposure_over_time() };
    says(
        "exposure-over-time-untold",
        &untold,
        &["made up 0.740 % of what people saw, and with the tilt no other share that this run could tell apart"],
        &[
            "machten 0,740 % des Gesehenen aus, und mit dem Eingriff keinen Anteil, den dieser Lauf davon unterscheiden könnte",
        ],
    );
}

/// Strengths with changes and their intervals.
fn doses(strength: Strength, doses: &[(f64, Option<[f64; 3]>)]) -> DoseResponse {
    let change = |[value, low, high]: [f64; 3]| estimate(value, low, high);
    let doses = doses.iter().map(|&(strength, ends)| Dose { strength, change: ends.map(change) }).collect();
    DoseResponse { strength, doses, ..dose_response() }
}

#[test]
fn strengths_of_every_kind_are_named_and_those_without_a_place_too() {
    let small = doses(
        Strength::Score,
        &[(0.99, Some([-2.8, -2.9, -2.7])), (1.0, Some([0.0; 3])), (1.02, Some([5.5, 4.9, 6.2]))],
    );
    says("dose-response-small", &small, &["2.80 % less at a score × 0.99", "in proportion"], &["bei Bewertung × 0,99"]);
    let throttle =
        doses(Strength::Chance, &[(0.0, None), (0.5, None), (0.8, Some([-20.0, -22.0, -18.0])), (1.0, Some([0.0; 3]))]);
    says(
        "dose-response-chance",
        &throttle,
        &["factor on their chance to be shown", "without a place on these scales: × 0, × 0.5"],
        &["Faktor auf ihre Chance, gezeigt zu werden", "ohne Platz auf diesen Skalen: × 0, × 0,5"],
    );
    let videos = doses(
        Strength::Videos,
        &[
            (0.0, Some([0.0; 3])),
            (0.5, Some([-49.0, -55.0, -40.0])),
            (0.9, Some([-91.0, -95.0, -88.0])),
            (0.999, Some([-99.9, -99.95, -99.8])),
        ],
    );
    says(
        "dose-response-videos",
        &videos,
        &["49 % less at a loss of 50 %", "share of them taken out of the feed, 0 is no tilt", "−99.9 % −99 % −90 % 0"],
        &["bei Verlust von 50 %", "Anteil von ihnen, der aus dem Feed fällt, 0 ist kein Eingriff"],
    );
    let slots = doses(
        Strength::Slots,
        &[(0.0, Some([0.0; 3])), (0.005, Some([60.0, 55.0, 65.0])), (0.015, Some([190.0, 180.0, 200.0]))],
    );
    says(
        "dose-response-slots",
        &slots,
        &["60 % more at a share of slots of 0.5 % and 190 % more at 1.5 %", " 0 +50 % +100 % +150 % +200 % "],
        &["60 % häufiger gesehen bei einem Anteil der Plätze von 0,5 % und 190 % häufiger bei 1,5 %"],
    );
    let some = [(0.2, Some([-9.0, -10.0, -8.0])), (0.6, Some([-30.0, -33.0, -27.0]))];
    let shares = [(0.0, Some([0.0; 3]))].into_iter().chain(some).collect::<Vec<_>>();
    let factors = some.into_iter().chain([(1.0, Some([0.0; 3]))]).collect::<Vec<_>>();
    for (name, strength, strengths, english, german) in [
        (
            "withheld",
            Strength::Withheld,
            &shares,
            [
                "at a withheld share of 20 % and 30 % less at 60 %",
                "share of them withheld in some regions, 0 is no tilt",
            ],
            "bei einem gesperrten Anteil von 20 % und 30 % seltener bei 60 %",
        ),
        (
            "demoted",
            Strength::Demoted,
            &factors,
            ["at a score of demoted accounts × 0.2", "factor on the score of videos by demoted accounts, log scale"],
            "bei Bewertung herabgestufter Konten × 0,2",
        ),
        (
            "reserved",
            Strength::Reserved,
            &factors,
            ["at a weight in reserved slots × 0.2", "factor on their weight in slots reserved for new videos"],
            "bei Gewicht in reservierten Plätzen × 0,2",
        ),
        (
            "hours",
            Strength::Hours,
            &vec![(0.0, Some([0.0; 3])), (6.0, Some([-9.0, -10.0, -8.0])), (24.0, Some([-30.0, -33.0, -27.0]))],
            ["at a delay of 6 h and 30 % less at 24 h", "hours for which they are held back, 0 is no tilt"],
            "bei einer Verzögerung von 6 h und 30 % seltener bei 24 h",
        ),
        (
            "spread",
            Strength::Spread,
            &shares,
            [
                "at a spread of weights of 0.2 and 30 % less at 0.6",
                "weights (standard deviation of the logarithm), 0 is no tilt",
            ],
            "bei einer Streuung der Gewichte von 0,2",
        ),
    ] {
        says(&format!("dose-response-{name}"), &doses(strength, strengths), &english, &[german]);
    }
    let untold = doses(Strength::Score, &[(0.5, None), (1.0, Some([0.0; 3]))]);
    let by_chance = doses(
        Strength::Score,
        &[(0.5, Some([-30.0, -60.0, 20.0])), (0.8, Some([-9.0, -20.0, 3.0])), (1.0, Some([0.0; 3]))],
    );
    says(
        "dose-response-chance-alone",
        &by_chance,
        &["Protest videos by strength of the tilt"],
        &["nach Stärke des Eingriffs"],
    );
    says("dose-response-untold", &untold, &["Protest videos by strength of the tilt"], &["nach Stärke des Eingriffs"]);
}

/// A part as drawn, noise not told apart.
const fn borne(drawn: f64) -> Borne {
    Borne { drawn, without_noise: None }
}

#[test]
fn a_shift_that_few_bear_and_one_that_goes_both_ways_can_be_read() {
    let curve = |bend: fn(f64) -> f64| {
        let parts = (0..=200).map(|number| f64::from(number) / 200.0);
        parts.map(|part| [part, bend(part)]).collect::<Vec<_>>()
    };
    let few = Lorenz {
        curve: curve(|part| libm::pow(part, 60.0)),
        top_tenth: borne(0.998),
        top_hundredth: borne(0.45),
        ..lorenz()
    };
    says(
        "lorenz-few",
        &few,
        &["the most affected 1 % of people bear 45 %"],
        &["betroffenen 1 % der Menschen tragen 45 %"],
    );
    let bend = |part: f64| 1.9 * libm::pow(part, 12.0) - 0.9 * part;
    let (top_tenth, top_hundredth) = (borne(1.0 - bend(0.9)), borne(1.0 - bend(0.99)));
    let both = Lorenz { curve: curve(bend), top_tenth, top_hundredth, ..lorenz() };
    says(
        "lorenz-both",
        &both,
        &["a tenth of people bear more than the net shift", "of people bear 130 % of the shift"],
        &["trägt mehr als die Verschiebung insgesamt", "der Menschen tragen 130 % der Verschiebung"],
    );
    let even =
        Lorenz { curve: vec![[0.0, 0.0], [1.0, 1.0]], top_tenth: borne(0.1), top_hundredth: borne(0.01), ..lorenz() };
    says("lorenz-even", &even, &["bear 10 % of it", "bear 1.0 % of the shift"], &["trägt 10 % der Verschiebung"]);
}

//! The model band: what direct runs give, carried by the file as long as it belongs to it, and told in the words it deserves.

use std::sync::Mutex;

use feedtilt::measure::{Comparison, Part, Window, shift::Sides};
use feedtilt::report::Figures;
use feedtilt::report::words::headline;
use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::{BandVector, ModelBand, Scenario};
use feedtilt::study::Experiment;
use feedtilt::study::band::bands;
use feedtilt::study::calibrate::accepted::Accepted;
use feedtilt::study::calibrate::fit::constants::{of, with};
use feedtilt::study::prerun::prepare_roughly;

use crate::common::small;

/// Two vectors: the defaults, and a far sharper feed.
fn accepted(scenario: &Scenario) -> [Accepted; 2] {
    let mut sharp = scenario.clone();
    sharp.feed.temperature *= 0.5;
    [scenario, &sharp].map(|one| Accepted { vector: of(one), accuracy: one.feed.temperature })
}

fn few() -> Scenario {
    small(&["population.users=200", "uncertainty.users=120", "time.burn_in_days=0", "feed.value.share=2"])
}

#[test]
fn a_band_is_what_direct_runs_with_each_vector_give() {
    let asked = few();
    let vectors = accepted(&asked);
    let parts = Mutex::new(Vec::new());
    let see = |done| parts.lock().expect("nobody panicked").push(done);
    // A second scenario that differs in its arm alone shares the pre-run and must not see the other's.
    let pushed = small(&[
        "population.users=200",
        "uncertainty.users=120",
        "time.burn_in_days=0",
        "arm.protest-5.tilt.0.multiply=1.4",
    ]);
    let found = bands(&[asked.clone(), pushed.clone()], &vectors, &see);
    assert_eq!(parts.into_inner().expect("nobody panicked").len(), 2);
    for (scenario, band) in [&asked, &pushed].into_iter().zip(&found) {
        for (number, (one, of_band)) in vectors.iter().zip(&band.vectors).enumerate() {
            let mut direct = with(scenario, &one.vector);
            direct.population.users = 120;
            let prepared = prepare_roughly(&direct);
            let mut world = Replicate::new(prepared.setup, number as u32, 0..120, Some(&prepared.stock));
            while world.step(&Alone).is_some() {}
            let (tallies, track) = ([world.into_tally()], &scenario.measure.track);
            let sides = Sides { arm: 1, reference: 0, echo: None, tilted: &[], track };
            let compared = Comparison::new(&tallies, sides, Window { from: 0, until: 2 }, Part::Everybody);
            let shift = compared.shifts(&feedtilt::measure::share::EXPOSURE)[track[0]].relative.expect("seen");
            let told = of_band.relative[0][0].expect("seen");
            assert!((shift - told).abs() < 6e-6, "vector {number}: {shift} {told}");
            assert_eq!(of_band.accuracy, one.accuracy);
        }
    }
    assert!(found[0].vectors[1].relative[0][0] < Some(0.0) && found[1].vectors[1].relative[0][0] > Some(0.0));
}

/// A band with these relative shifts.
fn planted(scenario: &Scenario, shifts: &[f64]) -> Scenario {
    let vector = |&shift: &f64| BandVector { accuracy: 0.7, relative: vec![vec![Some(shift)]] };
    let band = ModelBand {
        fingerprint: scenario.band_fingerprint(),
        version: "0.1.0".to_owned(),
        date: "2026-11-27".to_owned(),
        vectors: shifts.iter().map(vector).collect(),
    };
    scenario.clone().with_band(band)
}

#[test]
fn a_carried_band_is_read_back_until_a_setting_that_bears_on_it_changes() {
    let shifts: Vec<f64> = (0..=100).map(|i| -0.3 + 0.001 * f64::from(i)).collect();
    let carried = planted(&few(), &shifts).to_toml();
    let read = |edits: &[&str]| crate::common::scenario(&carried, edits);
    let topic = read(&[]).measure.track[0];
    let [low, high] = read(&[]).model_band(0, topic).expect("it belongs to the settings");
    assert!((low + 0.295).abs() < 1e-9 && (high + 0.205).abs() < 1e-9, "5th and 95th percentile: {low} {high}");
    // People, replicates and measures are no part of the model.
    for kept in ["population.users=150", "replicates.count=3", "measure.echo=false"] {
        assert!(read(&[kept]).valid_band().is_some(), "{kept}");
    }
    for moved in [
        "feed.temperature=0.4",
        "arm.protest-5.tilt.0.multiply=0.9",
        "time.days=3",
        "loops.popularity=false",
        "catalogue.attention_sd=0.9",
        "respond.latents=1",
    ] {
        let moved_arm =
            if moved == "time.days=3" { vec![moved, "arm.protest-5.tilt.0.until_day=3"] } else { vec![moved] };
        assert!(read(&moved_arm).valid_band().is_none(), "{moved}");
        assert!(read(&moved_arm).model_band(0, topic).is_none(), "{moved}");
    }
}

#[test]
fn too_few_vectors_or_one_without_a_shift_make_no_band() {
    let scenario = few();
    let topic = scenario.measure.track[0];
    assert!(planted(&scenario, &[-0.1; 19]).model_band(0, topic).is_none());
    let mut full = planted(&scenario, &[-0.1; 20]);
    assert_eq!(full.model_band(0, topic), Some([-0.1, -0.1]));
    full.band.as_mut().expect("planted").vectors[7].relative[0][0] = None;
    assert!(full.model_band(0, topic).is_none());
}

#[test]
fn the_headline_tells_the_band_and_says_when_direction_or_size_hang_on_the_settings() {
    let scenario = few();
    let experiment = Experiment::run(&scenario, &prepare_roughly(&scenario), &mut |_| {});
    let figures = Figures::new(&scenario, &experiment.tallies, None);
    let say = |shifts: &[f64]| headline(&planted(&scenario, shifts), &figures).join("\n");
    let spread =
        |low: f64, high: f64| -> Vec<f64> { (0..21).map(|i| low + (high - low) * f64::from(i) / 20.0).collect() };
    let one_way = say(&spread(-0.3, -0.1));
    assert!(one_way.contains("less (5th to 95th percentile of 21 sets)"), "{one_way}");
    assert!(one_way.contains("11 % to 29 % less") && !one_way.contains("hangs on the settings"), "{one_way}");
    assert!(!one_way.contains("for these settings only"), "{one_way}");
    let far = say(&spread(-0.4, -0.001));
    assert!(far.contains("its size hangs on the settings by more than a factor of ten"), "{far}");
    let both = say(&spread(-0.2, 0.1));
    assert!(both.contains("even the direction hangs on the settings"), "{both}");
    let none = headline(&scenario, &figures).join("\n");
    assert!(none.contains("These figures hold for these settings only.") && !none.contains("percentile"), "{none}");
}

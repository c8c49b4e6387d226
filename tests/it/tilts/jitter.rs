//! Jittered value weights: everybody's table is that of their own signs, half of the people have each, and means hardly move.

use feedtilt::rng::{Decision, coin};
use feedtilt::scenario::{HEADS, Value};
use feedtilt::world::{audience_word, region_of, sign_word};

use super::head::{Eve, first_slots};
use super::z;

/// Long view, like, share: places in [`HEADS`].
const JITTERED: [usize; 3] = [1, 2, 4];

fn eve(sigma: f64) -> Eve {
    let tilt = format!("kind = \"jitter\", sigma = {sigma:?}, heads = [\"long_view\", \"like\", \"share\"]");
    Eve::new(&first_slots(&[&tilt], ""), 0)
}

/// Weights by signs, from the definition.
fn by_signs(old: Value, sigma: f64, up: impl Fn(usize) -> bool) -> Vec<Value> {
    let mut weights = old.weights();
    for head in JITTERED {
        weights[head] *= if up(head) { sigma.exp() } else { (-sigma).exp() };
    }
    vec![Value::of_weights(weights); 5]
}

#[test]
fn everybodys_table_is_that_of_their_own_signs() {
    let (sigma, eve) = (0.4, eve(0.4));
    assert_eq!(JITTERED.map(|head| HEADS[head]), ["long_view", "like", "share"]);
    assert!(!eve.rules.is_special());
    assert_eq!(eve.setup().plan.classes.count(), 16);
    assert_eq!(eve.setup().score.tilted.len(), 8);
    let old = eve.scenario().feed.value;
    let (mut worst, mut of_others): (f64, f64) = (0.0, 1.0);
    for person in 0..150 {
        let word = eve.world.seeds().world.of(Decision::Jitter).draw(eve.world.people().id[person].into());
        let up = |head: usize| word >> head & 1 == 1;
        let class = usize::from(eve.world.people().class[person]);
        let law = eve.law(person, class);
        let furthest = |other: &[f64]| law.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        worst = worst.max(furthest(&eve.naive(person, &by_signs(old, sigma, up))));
        // Planted: the opposite signs.
        of_others = of_others.min(furthest(&eve.naive(person, &by_signs(old, sigma, |head| !up(head)))));
    }
    assert!(worst < 1e-6, "{worst}");
    assert!(of_others > 1e-5, "{of_others}");
}

/// 40,000 people; one head each, two heads together, a head and an audience: 6 tests of |z| < 4, false alarm 4·10⁻⁴.
#[test]
fn half_of_the_people_have_each_sign_whatever_else_they_have() {
    let eve = eve(0.4);
    let (world, count) = (eve.world.seeds().world, 40_000);
    let (mut up, mut same, mut inside) = ([0; 3], [0; 2], [0; 2]);
    for id in 0..count as u32 {
        let signs = sign_word(world, id);
        let class = eve.setup().plan.classes.of(region_of(eve.scenario(), world, id), audience_word(world, id), signs);
        let is_up = JITTERED.map(|head| eve.setup().plan.classes.is_up(class.into(), head));
        assert_eq!(is_up, JITTERED.map(|head| signs >> head & 1 == 1));
        up.iter_mut().zip(is_up).for_each(|(sum, is_up)| *sum += usize::from(is_up));
        same[0] += usize::from(is_up[0] == is_up[1]);
        same[1] += usize::from(is_up[1] == is_up[2]);
        if audience_word(world, id) < coin(0.5) {
            inside[0] += 1;
            inside[1] += usize::from(is_up[0]);
        }
    }
    for (count, of) in up.into_iter().chain(same).map(|up| (up, count)).chain([(inside[1], inside[0])]) {
        assert!(z(count, of, 0.5).abs() < 4.0, "{count} of {of}");
    }
}

/// A person's share moves in proportion to σ; the mean over all signs by its square: at half of σ a half and a quarter.
#[test]
fn the_mean_effect_is_of_second_order() {
    let [large, small] = [0.2, 0.1].map(|sigma| {
        let eve = eve(sigma);
        let old = vec![eve.scenario().feed.value; 5];
        let (mut single, mut mean) = (0.0, 0.0);
        for person in 0..150 {
            let plain = eve.naive(person, &old);
            let region = usize::from(eve.world.people().region[person]);
            let laws: Vec<Vec<f64>> = (region * 8..(region + 1) * 8).map(|class| eve.law(person, class)).collect();
            for (k, plain) in plain.iter().enumerate() {
                single += laws.iter().map(|law| (law[k] - plain).abs()).sum::<f64>() / 8.0;
                mean += (laws.iter().map(|law| law[k] - plain).sum::<f64>() / 8.0).abs();
            }
        }
        [single, mean]
    });
    let (single, mean) = (large[0] / small[0], large[1] / small[1]);
    println!("single {large:?} {small:?}: half of sigma moves 1/{single:.3}, the mean 1/{mean:.3}");
    assert!((single - 2.0).abs() < 0.05, "{single}");
    assert!((mean - 4.0).abs() < 0.2, "{mean}");
    assert!(large[1] < 0.2 * large[0], "{large:?}");
}

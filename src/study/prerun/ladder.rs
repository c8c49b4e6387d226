//! Posts in the order in which a feed would value them, so that a few can stand for all.

use crate::feed::score::{Believed, Heads, value};
use crate::scenario::{Scenario, VALID_SECONDS};
use crate::unit::normal_quantile;

/// Posts on the ladder.
const RUNGS: u32 = 16_384;
/// Steps of M. Roberts' additive recurrence in three dimensions: powers of the inverse of the real root of x⁴ = x + 1.
const STEPS: [f64; 3] = [0.819_172_513_396_164_4, 0.671_043_606_703_789_3, 0.549_700_477_901_960_3];

/// Standard normals of attention, approval and log duration that cover their joint distribution evenly, from the post of least
/// value to the post of most. Exposure falls to the best posts of a topic, so a sample must be even in value above all.
pub fn ladder(scenario: &Scenario) -> Vec<[f64; 3]> {
    let heads = Heads::new(scenario);
    let mut rungs: Vec<(f64, [f64; 3])> = (0..RUNGS)
        .map(|number| {
            let normals = STEPS.map(|step| {
                let u = 0.5 + f64::from(number) * step;
                normal_quantile((u - libm::floor(u)).clamp(1e-9, 1.0 - 1e-9))
            });
            (worth(scenario, &heads, normals), normals)
        })
        .collect();
    rungs.sort_by(|a, b| a.0.total_cmp(&b.0));
    rungs.into_iter().map(|rung| rung.1).collect()
}

/// The post's value to an average person.
fn worth(scenario: &Scenario, heads: &Heads, [attention, approval, duration]: [f64; 3]) -> f64 {
    let (c, r) = (&scenario.catalogue, &scenario.respond);
    let seconds = c.seconds(duration);
    let class = usize::from(seconds >= c.duration_edges[0]) + usize::from(seconds >= c.duration_edges[1]);
    // A video shorter than a valid play's seconds is one as soon as it ends.
    let effect = r.watch_slope * r.duration_effect * libm::log(seconds / c.duration_median);
    let attention = c.attention_sd * attention;
    let approval = match scenario.approval_per_attention() {
        Some(ratio) => ratio * (attention + effect),
        None => c.approval_sd * approval,
    };
    let attention = r.attention + attention + effect - r.fall_within(seconds.min(VALID_SECONDS), seconds);
    value(scenario, &scenario.feed.value, heads, &Believed { attention, approval }, 0.0, class)
}

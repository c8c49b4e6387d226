//! The tilt `heat`: a share of all slots goes to chosen posts, by a keyed coin per slot.
//!
//! Meaning: Forbes' "heating" of 2023, 1 to 2 % of daily views. A heated slot draws uniformly from the chosen posts of the
//! person's stripe under the usual rules (nothing twice, no creator after themselves, the re-rank factor, what other tilts keep
//! out); when none is allowed it is filled as any other. The coin falls before that of the cold start, which gets its share of
//! what is left. It misleads for counts of few chosen posts in small worlds: everybody then meets each of them once a day and
//! the rest of the slots stays ordinary. Feeds without a score (`random`, `chronological`) have no heated slots.

use crate::feed::Rules;
use crate::feed::rules::Heat;
use crate::rng::coin;
use crate::tilt::Acting;

pub(super) fn compile(acting: &Acting, share: f64, rules: &mut Rules) {
    let catch = acting.plan.marks.catch(acting.tilt);
    let pool = rules.pools.iter().position(|&one| one == catch).unwrap_or_else(|| {
        rules.pools.push(catch);
        rules.pools.len() - 1
    });
    for class in acting.classes() {
        rules.special[class].heats.push(Heat { coin: coin(share * acting.strength), pool });
    }
}

//! The tilt `geo_block`: a share of the posts is withheld in some regions, by hash.
//!
//! Meaning: netzpolitik.org's report of 2019; its "Risk 4" leaves a post to its own country, `own_region_only`. Where a post
//! is blocked it stands in no slot of any kind, elsewhere nothing changes; a post's own region is that of its creator. With
//! a list of regions it does what `not_for_feed` does for an audience of these regions, and means the same posts. The word
//! of a post hangs on no region. It misleads where people have videos sent to them from abroad or travel, and where regions
//! have catalogues of their own: here all share one, and a foreign post is as likely to be shown as one from next door.

use crate::feed::Rules;
use crate::scenario::Blocked;
use crate::tilt::Acting;

pub(super) fn compile(acting: &Acting, blocked: Blocked, rules: &mut Rules) {
    for class in acting.classes() {
        let region = acting.plan.classes.region(class);
        let rows = match blocked {
            Blocked::In(regions) => acting.rows_where(|_| regions.has(region)),
            Blocked::Abroad => acting.rows_where(|kin| kin.region != region),
        };
        rules.withhold(class, &rows);
    }
}

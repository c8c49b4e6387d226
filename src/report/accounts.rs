//! `accounts.parquet`: every video that injected accounts were shown, as they could have written it down themselves.

use super::columns::{Cells, Columns};
use crate::scenario::Scenario;
use crate::trace::{Public, Shown};

/// Name of the file.
#[cfg(feature = "tables")]
pub const FILE: &str = "accounts.parquet";
/// Name of the file; Parquet needs the feature `tables`.
#[cfg(not(feature = "tables"))]
pub const FILE: &str = "accounts.csv";

/// The table. Rows are ordered by arm, replicate, account (in the order of the scenario), number, session and position; echo
/// arms have no accounts.
pub fn columns<'a>(scenario: &'a Scenario, public: &[Public]) -> Columns<'a> {
    let mut rows = Vec::new();
    for arm in 0..=scenario.arms.len() {
        for (replicate, public) in public.iter().enumerate() {
            rows.extend(public.arms[arm].iter().map(|shown| Row { arm, replicate, shown }));
        }
    }
    let arm = |row: &Row| row.arm.checked_sub(1).map_or("baseline", |index| scenario.arms[index].name.as_str());
    let count = |of: fn(&Shown) -> u64| Cells::Count(rows.iter().map(|row| of(row.shown)).collect());
    let short = |of: fn(&Shown) -> u16| Cells::Short(rows.iter().map(|row| of(row.shown)).collect());
    let account = |row: &Row| scenario.accounts[row.shown.account as usize].name.as_str();
    let topic = |row: &Row| scenario.topics[row.shown.topic as usize].id.as_str();
    let mut columns = Columns::default();
    columns.push("arm", Cells::Name(rows.iter().map(arm).collect()));
    columns.push("replicate", Cells::Short(rows.iter().map(|row| row.replicate as u16).collect()));
    columns.push("account", Cells::Name(rows.iter().map(account).collect()));
    columns.push("number", short(|shown| shown.number as u16));
    columns.push("session", count(|shown| shown.session.into()));
    columns.push("position", short(|shown| shown.position as u16));
    columns.push("day", short(|shown| shown.day as u16));
    columns.push("epoch", count(|shown| shown.epoch.into()));
    columns.push("item", count(|shown| shown.item));
    columns.push("topic", Cells::Name(rows.iter().map(topic).collect()));
    columns.push("creator", count(|shown| shown.creator.into()));
    columns.push("age_epochs", count(|shown| shown.age_epochs.into()));
    columns.push("duration_tenths", short(|shown| shown.duration_tenths));
    columns.push("impressions_so_far", count(|shown| shown.impressions.into()));
    columns.push("likes_so_far", count(|shown| shown.likes.into()));
    columns.push("played", Cells::Small(rows.iter().map(|row| row.shown.played.into()).collect()));
    columns.push("watched_ms", short(|shown| shown.watch_ms as u16));
    columns
}

/// One video of one arm and replicate.
struct Row<'a> {
    arm: usize,
    replicate: usize,
    shown: &'a Shown,
}

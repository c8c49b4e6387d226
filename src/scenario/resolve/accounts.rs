//! Injected accounts, and whether their sessions fit into the run.

use super::view::View;
use super::{Findings, Known, index_of, topics};
use crate::scenario::keys::MOST_ACCOUNTS;
use crate::scenario::{Account, Region};
use std::collections::BTreeSet;

/// Resolves all entries of `[[account]]`, in file order.
pub(super) fn resolve(root: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Vec<Account> {
    let views = root.array("account", "name");
    let accounts: Vec<Account> = views.iter().map(|view| account(view, known, findings)).collect();
    check_names(&views, findings);
    check_total(&views, &accounts, findings);
    if findings.typed_well(&["account", "time"]) {
        views.iter().zip(&accounts).for_each(|(view, account)| check_calendar(view, account, known, findings));
    }
    accounts
}

fn account(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Account {
    let topic = view
        .given_text("topic")
        .and_then(|id| topics::index(id, known.topics, view.place("topic"), &view.path("topic"), findings));
    let (sessions, videos_per_session) = (view.whole("sessions"), view.whole("videos_per_session"));
    let conditioning = view.given_whole("conditioning").and_then(|videos| u32::try_from(videos).ok());
    Account {
        name: view.text("name"),
        count: view.whole("count"),
        region: region(view, known.regions, findings),
        topic,
        engages: view.number("engages"),
        otherwise: view.number("otherwise"),
        from_day: view.whole("from_day"),
        sessions,
        sessions_per_day: view.whole("sessions_per_day"),
        videos_per_session,
        conditioning: conditioning.unwrap_or(sessions * videos_per_session),
    }
}

/// The region named, or the first.
fn region(view: &View<'_>, regions: &[Region], findings: &mut Findings) -> usize {
    let Some(id) = view.given_text("region") else { return 0 };
    if !findings.typed_well(&["population"]) {
        return 0;
    }
    let known = regions.iter().map(|region| region.id.as_str());
    index_of(id, known, "a region", view.place("region"), &view.path("region")).unwrap_or_else(|fault| {
        findings.add(fault);
        0
    })
}

fn check_names(views: &[View<'_>], findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for view in views {
        let name = view.text("name");
        if !name.is_empty() && !seen.insert(name.clone()) {
            findings.about(view, "name", format!("found \"{name}\" a second time; expected each name once"));
        }
    }
}

fn check_total(views: &[View<'_>], accounts: &[Account], findings: &mut Findings) {
    let mut total = 0;
    for (view, account) in views.iter().zip(accounts) {
        total += u64::from(account.count);
        if total > MOST_ACCOUNTS {
            let problem = format!("with these there are {total} accounts; expected at most {MOST_ACCOUNTS} in all");
            findings.about(view, "count", problem);
            return;
        }
    }
}

/// Sessions fill the epochs of a day from the first, on as many days as are left.
fn check_calendar(view: &View<'_>, account: &Account, known: &Known<'_>, findings: &mut Findings) {
    let (epochs, days) = (known.time.epochs_per_day, known.time.days);
    let Account { from_day, sessions, sessions_per_day, .. } = *account;
    let room = sessions_per_day * days.saturating_sub(from_day);
    let videos = sessions * account.videos_per_session;
    if sessions_per_day > epochs {
        let problem = format!("found {sessions_per_day}; expected at most time.epochs_per_day, which is {epochs}");
        findings.about(view, "sessions_per_day", problem);
    } else if from_day >= days {
        let problem = format!("found {from_day}; expected at most {}, the last day of the run", days.saturating_sub(1));
        findings.about_with_hint(view, "from_day", problem, "time.days says how many days are measured");
    } else if sessions > room {
        let problem = format!(
            "found {sessions}; expected at most {room}: {sessions_per_day} a day from day {from_day} to the end of the run"
        );
        findings.about_with_hint(view, "sessions", problem, "raise sessions_per_day or time.days, or begin earlier");
    } else if account.conditioning > videos {
        let problem = format!("found {}; expected at most {videos}, all videos of all sessions", account.conditioning);
        findings.about(view, "conditioning", problem);
    }
}

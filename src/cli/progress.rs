//! How far a run is: a bar with rate and time left on a terminal, plain lines otherwise.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use crate::report::figures::first_day;
use crate::report::words::number::{count, supported};
use crate::scenario::Scenario;
use crate::study::Progress;

/// Plain lines appear each time another tenth of the work is done.
const LINES: u64 = 10;

/// Shows something that takes a while and says nothing on the way.
pub fn waiting<T>(console: Console, what: &str, work: impl FnOnce() -> T) -> T {
    if !console.draws_bar() {
        if console.shows_progress() {
            console.say(what);
        }
        return work();
    }
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(100));
    let result = work();
    spinner.finish_and_clear();
    result
}

/// Shows how much of some work is done.
#[derive(Debug)]
pub struct Share {
    console: Console,
    what: &'static str,
    bar: Option<ProgressBar>,
    shown: u64,
}

impl Share {
    /// Nothing is done yet.
    pub fn new(console: Console, what: &'static str) -> Self {
        Self { console, what, bar: console.draws_bar().then(|| bar(1000).with_message(what)), shown: 0 }
    }

    /// This share of it is done.
    pub fn see(&mut self, done: f64) {
        let tenths = (done * LINES as f64) as u64;
        if let Some(bar) = &self.bar {
            bar.set_position((done * 1000.0) as u64);
        } else if self.console.shows_progress() && tenths > self.shown {
            self.console.say(format_args!("{} %: {}", tenths * 100 / LINES, self.what));
        }
        self.shown = tenths;
    }

    /// All is done.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Shows the epochs of an experiment. Work is counted in epochs of single arms, because an epoch costs more after a fork.
#[derive(Debug)]
pub struct Epochs {
    console: Console,
    bar: Option<ProgressBar>,
    forks: Vec<i64>,
    replicates: u32,
    total: u64,
    done: u64,
}

impl Epochs {
    /// Of a scenario.
    pub fn new(console: Console, scenario: &Scenario) -> Self {
        let forks: Vec<i64> = scenario.arms.iter().map(|arm| first_day(arm).into()).collect();
        let days = -i64::from(scenario.time.burn_in_days)..i64::from(scenario.time.days);
        let arm_days: u64 = days.map(|day| living(&forks, day)).sum();
        let replicates = scenario.replicates.count;
        let total = arm_days * u64::from(scenario.time.epochs_per_day) * u64::from(replicates);
        let bar = console.draws_bar().then(|| bar(total));
        Self { console, bar, forks, replicates, total, done: 0 }
    }

    /// An epoch is done.
    pub fn see(&mut self, progress: Progress) {
        let before = self.done * LINES / self.total;
        self.done += living(&self.forks, progress.day);
        let replicate = progress.replicate + 1;
        let place = format!("replicate {replicate} of {}, day {}", self.replicates, progress.day);
        if let Some(bar) = &self.bar {
            let rate = progress.impressions as f64 / bar.elapsed().as_secs_f64().max(1e-3);
            bar.set_message(format!("{place}, {} impressions/s", about(rate)));
            bar.set_position(self.done);
        } else if self.console.shows_progress() && self.done * LINES / self.total > before {
            let percent = self.done * 100 / self.total;
            self.console.say(format_args!("{percent} %: {place}, {} impressions", about(progress.impressions as f64)));
        }
    }

    /// All epochs are done.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Arms that are simulated on a day, the baseline included.
fn living(forks: &[i64], day: i64) -> u64 {
    1 + forks.iter().filter(|&&fork| fork <= day).count() as u64
}

fn bar(total: u64) -> ProgressBar {
    let template = "{wide_bar} {percent} %, {eta} left, {msg}";
    let style = ProgressStyle::with_template(template).expect("the template is valid").progress_chars("━╸─");
    ProgressBar::new(total).with_style(style)
}

fn about(value: f64) -> String {
    count(value, supported(value, None).max(0))
}

//! Where a result comes from: version, commit, machine, clock. Nothing here enters a result itself.
//!
//! The clock is read here and nowhere else (a progress bar keeps its own).

#![allow(clippy::disallowed_methods, reason = "the one place that reads a clock")]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System};

/// Version of feedtilt.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Commit it was built from, where the build was told by the environment variable of this name.
pub const COMMIT: Option<&str> = option_env!("FEEDTILT_COMMIT");

/// The machine a run was made on. No figure depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system and its version.
    pub system: Option<String>,
    /// Name of the processor.
    pub processor: Option<String>,
    /// Logical cores the process may use.
    pub cores: usize,
    /// Memory the process may use, bytes; a container's limit where it has one.
    pub memory_bytes: u64,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        let kinds = RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()).with_memory(memory());
        let system = System::new_with_specifics(kinds);
        let processor = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned());
        Self {
            system: System::long_os_version(),
            processor: processor.filter(|name| !name.is_empty()),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_bytes: available_to(&system),
        }
    }
}

fn memory() -> MemoryRefreshKind {
    MemoryRefreshKind::nothing().with_ram()
}

fn available_to(system: &System) -> u64 {
    let limit = system.cgroup_limits().map(|limits| limits.total_memory).filter(|&limit| limit > 0);
    limit.map_or(system.total_memory(), |limit| limit.min(system.total_memory()))
}

/// Memory that the process can still have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeMemory {
    /// Bytes.
    pub bytes: u64,
    /// Whether a control group allows less than the machine has.
    pub limited: bool,
}

/// What is free now: of the machine, or of the process's control group (a container) where that allows less. Memory that
/// holds files the system could drop counts as free. `None` where the system does not say.
pub fn free_memory() -> Option<FreeMemory> {
    let own = Pid::from_u32(std::process::id());
    let mut system = System::new_with_specifics(RefreshKind::nothing().with_memory(memory()));
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, ProcessRefreshKind::nothing());
    let limits = system.process(own).and_then(sysinfo::Process::cgroup_limits).or_else(|| system.cgroup_limits());
    let group = limits.filter(|limits| limits.total_memory < system.total_memory());
    free_of(system.available_memory(), group.map(|limits| limits.total_memory.saturating_sub(limits.rss)))
}

fn free_of(machine: u64, group: Option<u64>) -> Option<FreeMemory> {
    let free = match group.filter(|&group| group < machine) {
        Some(bytes) => FreeMemory { bytes, limited: true },
        None => FreeMemory { bytes: machine, limited: false },
    };
    (machine > 0).then_some(free)
}

/// Largest memory the process has held so far, bytes; known on Linux alone.
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok().map(|kilobytes: u64| kilobytes * 1024)
}

/// Time spent on something, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spent {
    /// On the clock.
    pub wall: f64,
    /// Over all threads of the process; `None` where the system does not say.
    pub cpu: Option<f64>,
}

/// A watch that runs.
#[derive(Debug)]
pub struct Stopwatch {
    started: Instant,
    cpu: Option<f64>,
}

impl Stopwatch {
    /// Starts one.
    pub fn start() -> Self {
        Self { started: Instant::now(), cpu: cpu_seconds() }
    }

    /// Time since the start.
    pub fn spent(&self) -> Spent {
        let cpu = cpu_seconds().zip(self.cpu).map(|(now, then)| now - then);
        Spent { wall: self.started.elapsed().as_secs_f64(), cpu }
    }
}

fn cpu_seconds() -> Option<f64> {
    let own = Pid::from_u32(std::process::id());
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, ProcessRefreshKind::nothing().with_cpu());
    system.process(own).map(|process| process.accumulated_cpu_time() as f64 / 1000.0)
}

/// The present moment as `2026-11-23T14:05:09Z`.
pub fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    timestamp(seconds)
}

/// Seconds since 1970 as a date and time in UTC.
fn timestamp(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day counted from 1970-01-01 in the Gregorian calendar.
///
/// Counts from 0000-03-01, so that the leap day is the last of its year (Hinnant, *chrono-compatible date algorithms*).
const fn civil(day: u64) -> (u64, u64, u64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + (month <= 2) as u64, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_calendar_has_them() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(timestamp(1_656_028_800), "2022-06-24T00:00:00Z");
        assert_eq!(timestamp(4_107_542_399), "2100-02-28T23:59:59Z");
        assert_eq!(timestamp(4_107_542_400), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn the_tighter_of_machine_and_control_group_counts() {
        assert_eq!(free_of(0, None), None);
        assert_eq!(free_of(10, None), Some(FreeMemory { bytes: 10, limited: false }));
        assert_eq!(free_of(10, Some(12)), Some(FreeMemory { bytes: 10, limited: false }));
        assert_eq!(free_of(10, Some(4)), Some(FreeMemory { bytes: 4, limited: true }));
    }

    #[test]
    fn no_more_is_free_than_there_is() {
        let (free, machine) = (free_memory(), Machine::this());
        assert!(free.is_none_or(|free| free.bytes <= machine.memory_bytes && free.bytes > 0), "{free:?}");
    }

    #[test]
    fn a_watch_runs_forward() {
        let watch = Stopwatch::start();
        assert!(watch.spent().wall >= 0.0 && watch.spent().cpu.is_none_or(|cpu| cpu >= 0.0));
    }
}

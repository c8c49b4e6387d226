//! What a scenario will do, in plain language, before anything is simulated.

use super::number::{count, exact, plural, size, supported, whole};
use super::tilt;
use crate::report::figures::first_day;
use crate::scenario::{Arm, Loops, Redraw, Scenario};

/// The page of `feedtilt check --explain`; `schedule` names the steps of an epoch and what happens
/// in each, `impressions` is how many are expected in all.
pub fn page(scenario: &Scenario, schedule: &[(&str, &str)], impressions: f64) -> String {
    let mut sections = vec![head(scenario), world(scenario), calendar(scenario), arms(scenario)];
    sections.extend([repetition(scenario, impressions), steps(scenario, schedule)]);
    sections.join("\n\n") + "\n"
}

fn head(scenario: &Scenario) -> String {
    let mut lines = vec![format!("Scenario {}", scenario.name)];
    lines.extend(labelled("Question", &scenario.question));
    lines.extend(labelled("Expected", &scenario.expectation));
    lines.join("\n")
}

fn labelled(label: &str, text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| format!("{label}: {}", text.trim()))
}

fn world(scenario: &Scenario) -> String {
    let population = &scenario.population;
    let people = plural(population.users.into(), "person is", "people are");
    let represents = if population.represents > u64::from(population.users) {
        format!(" Counts are also scaled to {} people.", whole(population.represents))
    } else {
        String::new()
    };
    let each = scenario.impressions_per_day() / f64::from(population.users);
    format!(
        "World: {people} simulated one to one, in {}.{represents} Each is shown about {} videos on an average day. There are {} \
         and about {} new videos a day; a video stays for {}.",
        plural(population.regions.len() as u64, "region", "regions"),
        size(each, supported(each, None)),
        plural(scenario.topic_count() as u64, "topic", "topics"),
        about(scenario.posts_per_day()),
        plural(scenario.catalogue.depth_days.into(), "day", "days")
    )
}

fn about(value: f64) -> String {
    count(value, supported(value, None))
}

fn calendar(scenario: &Scenario) -> String {
    let time = &scenario.time;
    let burn_in = match time.burn_in_days {
        0 => "There is no burn-in".to_owned(),
        days => {
            format!("{} of burn-in let the platform settle and are not measured", plural(days.into(), "day", "days"))
        }
    };
    format!(
        "Calendar: {burn_in}; {} {} measured. A day has {}; within an epoch the platform's tables stand still.",
        plural(time.days.into(), "day", "days"),
        if time.days == 1 { "is" } else { "are" },
        plural(time.epochs_per_day.into(), "epoch", "epochs")
    )
}

fn arms(scenario: &Scenario) -> String {
    let mut lines = vec!["Arms, the same people, videos and luck in each:".to_owned()];
    lines.push("- baseline: the ranking as it is.".to_owned());
    lines.extend(scenario.arms.iter().map(|arm| arm_line(scenario, arm)));
    if !scenario.arms.is_empty() {
        lines.push(loops(scenario.loops));
    }
    lines.join("\n")
}

fn arm_line(scenario: &Scenario, arm: &Arm) -> String {
    let against =
        arm.against.map_or("the baseline".to_owned(), |index| format!("the arm {}", scenario.arms[index].name));
    format!(
        "- {}: {}. It is a copy of the baseline until day {} and is compared with {against}.",
        arm.name,
        tilt::arm(scenario, arm),
        first_day(arm)
    )
}

fn loops(loops: Loops) -> String {
    let answer = |live: bool| if live { "learn from what the tilt moved" } else { "are replayed from the baseline" };
    format!(
        "In a tilted arm the platform's profiles of people {}, and its counters of videos {}.",
        answer(loops.profile),
        answer(loops.popularity)
    )
}

fn repetition(scenario: &Scenario, impressions: f64) -> String {
    let anew = match scenario.replicates.redraw {
        Redraw::World => "other people, other videos and other luck",
        Redraw::Behaviour => "the same people and videos and other luck",
    };
    format!(
        "Repetition: {} with {anew}; their spread gives the intervals. In all about {} impressions are simulated.",
        plural(scenario.replicates.count.into(), "replicate", "replicates"),
        about(impressions)
    )
}

fn steps(scenario: &Scenario, schedule: &[(&str, &str)]) -> String {
    let hours = 24.0 / f64::from(scenario.time.epochs_per_day);
    let hours = exact((hours * 100.0).round() / 100.0);
    let mut lines = vec![format!("Each epoch of {hours} hours, in every arm:")];
    lines.extend(schedule.iter().enumerate().map(|(number, (name, what))| format!("{}. {name}: {what}.", number + 1)));
    lines.join("\n")
}

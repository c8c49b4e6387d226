//! What a scenario will do, in plain language, before anything is simulated.

use super::number::{count, exact, plural, size, supported, whole};
use super::tilt;
use crate::report::figures::first_day;
use crate::scenario::{Account, Arm, Engine, Feed, Loops, Redraw, Scenario};

/// The page of `feedtilt check --explain`; `schedule` names the steps of an epoch and what happens
/// in each, `impressions` is how many are expected in all.
pub fn page(scenario: &Scenario, schedule: &[(&str, &str)], impressions: f64) -> String {
    let mut sections = vec![head(scenario), world(scenario), calendar(scenario), ranking(scenario), arms(scenario)];
    sections.extend(accounts(scenario));
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

fn ranking(scenario: &Scenario) -> String {
    let feed = &scenario.feed;
    let from = match feed.engine {
        Engine::Cells => "the whole catalogue".to_owned(),
        Engine::Candidates => format!("{} that are retrieved first ({})", candidates(feed.candidates), sources(feed)),
    };
    let reserved = match feed.cold_start_share {
        0.0 => String::new(),
        share => format!(" {} % of the slots are reserved for new videos.", percent(share)),
    };
    format!(
        "Ranking: {} a request, drawn from {from}; a higher score is drawn more often.{reserved}",
        plural(feed.response.into(), "video", "videos")
    )
}

fn candidates(count: u32) -> String {
    plural(count.into(), "candidate", "candidates")
}

/// `40 % by interest, 20 % trending`.
fn sources(feed: &Feed) -> String {
    let names = ["by interest", "trending", "new", "of the region", "at random", "from all by score"];
    let named = feed.sources.shares().into_iter().zip(names).filter(|(share, _)| *share > 0.0);
    named.map(|(share, name)| format!("{} % {name}", percent(share))).collect::<Vec<_>>().join(", ")
}

/// A share as typed, in per cent.
fn percent(share: f64) -> String {
    exact((share * 1e8).round() / 1e6)
}

fn arms(scenario: &Scenario) -> String {
    let mut lines = vec!["Arms, the same people, videos and luck in each:".to_owned()];
    lines.push("- baseline: the ranking as it is.".to_owned());
    lines.extend(scenario.arms.iter().map(|arm| arm_line(scenario, arm)));
    if !scenario.arms.is_empty() {
        lines.extend(echo(scenario));
        lines.push(loops(scenario.loops));
        lines.extend(attribution(scenario));
        lines.extend(followed(scenario));
    }
    lines.join("\n")
}

/// The baseline goes on with other luck from each day on which arms leave it.
fn echo(scenario: &Scenario) -> Option<String> {
    let mut days: Vec<u32> = scenario.arms.iter().map(first_day).collect();
    days.sort_unstable();
    days.dedup();
    let days: Vec<String> = days.iter().map(u32::to_string).collect();
    let from = match days.split_last() {
        Some((last, [])) => format!("day {last}"),
        Some((last, before)) => format!("days {} and {last}, once each", before.join(", ")),
        None => return None,
    };
    scenario.measure.echo.then(|| {
        format!("- echo: the baseline again, with other luck from {from}: what two identical feeds differ by.")
    })
}

/// Arms that tell where a shift comes from.
fn attribution(scenario: &Scenario) -> Option<String> {
    let arms = scenario.attribution_arms().len() as u64;
    (arms > 0).then(|| {
        format!(
            "{} beside them {} the same tilts while some or all loops are replayed from the baseline: where a shift comes from.",
            plural(arms, "arm", "arms"),
            if arms == 1 { "has" } else { "have" }
        )
    })
}

/// Whose expected exposure to tracked topics is followed one by one.
fn followed(scenario: &Scenario) -> Option<String> {
    let measure = &scenario.measure;
    (measure.micro_users > 0 && !measure.track.is_empty()).then(|| {
        let among = match scenario.replicates.count {
            1 => String::new(),
            count => format!(" in {} replicates together", whole(count.into())),
        };
        format!(
            "{}{among} {} followed one by one: in every arm each has {} ghosts, the same person with other luck, so that what a \
             tilt does to a person can be told from chance.",
            plural(measure.micro_users.into(), "person", "people"),
            if measure.micro_users == 1 { "is" } else { "are" },
            measure.ghosts
        )
    })
}

fn accounts(scenario: &Scenario) -> Option<String> {
    let head = "Accounts injected from outside; they are shown videos and learned from, and add to no count:";
    let lines = scenario.accounts.iter().map(|account| account_line(scenario, account));
    (!scenario.accounts.is_empty()).then(|| [head.to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n"))
}

fn account_line(scenario: &Scenario, account: &Account) -> String {
    let behaviour = match account.topic {
        Some(topic) => format!(
            "play {} % of {} and {} % of other videos",
            percent(account.engages),
            tilt::videos(scenario, topic),
            percent(account.otherwise)
        ),
        None => format!("play {} % of all videos", percent(account.otherwise)),
    };
    let all = account.sessions * account.videos_per_session;
    let until = match (account.topic, account.conditioning) {
        (None, _) => String::new(),
        (Some(_), conditioning) if conditioning == all => String::new(),
        (Some(_), conditioning) => {
            format!("; after {} they play {} % of all", videos(conditioning), percent(account.otherwise))
        }
    };
    format!(
        "- {}: {} in {} {behaviour}, in {} of {}, {} a day from day {} on{until}.",
        account.name,
        plural(account.count.into(), "account", "accounts"),
        scenario.population.regions[account.region].id,
        plural(account.sessions.into(), "session", "sessions"),
        videos(account.videos_per_session),
        account.sessions_per_day,
        account.from_day
    )
}

fn videos(count: u32) -> String {
    plural(count.into(), "video", "videos")
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
    let stay = if loops.stay { " People stay longer or leave earlier with what they are shown." } else { "" };
    let interest = if loops.interest {
        " Interests move with what people are shown more or less of than in the baseline."
    } else {
        ""
    };
    let supply = if loops.supply { " Creators post more or less with their reach." } else { "" };
    format!(
        "In a tilted arm the platform's profiles of people {}, and its counters of videos {}.{stay}{supply}{interest}",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, load, parse};

    fn told(edits: &[&str]) -> String {
        let edits: Vec<Override> = edits.iter().map(|edit| edit.parse().expect("KEY=VALUE")).collect();
        let scenario = load("tests/scenarios/valid/every-key.toml", &edits).unwrap_or_else(|error| panic!("{error}"));
        page(&scenario, &[("publish", "creators post")], 1e6)
    }

    #[test]
    fn every_part_of_a_scenario_is_told() {
        let page = told(&[]);
        for line in [
            "Ranking: 6 videos a request, drawn from 150 candidates that are retrieved first (30 % by interest, 10 % trending, \
             20 % new, 5 % of the region, 10 % at random, 25 % from all by score); a higher score is drawn more often. 10 % of \
             the slots are reserved for new videos.",
            "- third: the feed is ordered by what each person would really like, which no platform can know, on all 12 days. It is a copy of the baseline until day 0 and is compared with the baseline.",
            "profiles of people are replayed from the baseline, and its counters of videos are replayed from the baseline. \
             People stay longer or leave earlier with what they are shown.",
            "500 people in 3 replicates together are followed one by one: in every arm each has 8 ghosts",
            "- personas: 60 accounts in at play 80 % of Protest videos and 5 % of other videos, in 8 sessions of 250 videos, 2 a \
             day from day 2 on; after 300 videos they play 5 % of all.",
            "- controls: 60 accounts in de play 2 % of all videos, in 4 sessions of 250 videos, 1 a day from day 0 on.",
        ] {
            assert!(page.contains(line), "{line}\n{page}");
        }
        assert!(!page.contains("- echo"));
    }

    #[test]
    fn what_is_off_is_not_told() {
        let off = [
            "measure.micro_users=0",
            "loops.stay=false",
            "account=[]",
            "feed.engine=cells",
            "feed.choice=softmax",
            "measure.echo=true",
            "arm.second.tilt.0.from_day=3",
        ];
        let page = told(&off);
        for words in ["followed", "People stay", "Accounts", "candidates"] {
            assert!(!page.contains(words), "{words}\n{page}");
        }
        assert!(page.contains("drawn from the whole catalogue;"));
        assert!(page.contains("- echo: the baseline again, with other luck from days 0 and 3, once each: "), "{page}");
    }

    #[test]
    fn nobody_is_followed_where_no_topic_is_tracked() {
        let of = |tilt: &str| {
            let text = format!(
                "schema = 1\n[population]\nusers = 2000\n[[arm]]\nname = 'a'\ntilt = [{{ {tilt}, until_day = 7 }}]"
            );
            page(&parse("x", &text, &[]).unwrap_or_else(|error| panic!("{error}")), &[], 1e6)
        };
        assert!(!of("kind = 'feed', ranker = 'oracle'").contains("followed"));
        assert!(of("kind = 'heat', topic = 'news', share = 0.1").contains("followed"));
    }

    #[test]
    fn a_baseline_alone_has_no_echo_and_nobody_is_followed() {
        let scenario =
            parse("x", "schema = 1\n[population]\nusers = 100", &[]).unwrap_or_else(|error| panic!("{error}"));
        let page = page(&scenario, &[], 1e6);
        assert!(!page.contains("echo") && !page.contains("followed"), "{page}");
    }
}

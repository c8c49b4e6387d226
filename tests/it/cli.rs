//! The command line: exit codes, exact messages, what stands on which stream, and what is left on disk.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Program, TINY};

const EXPOSURE: &str = if cfg!(feature = "tables") { "exposure.parquet" } else { "exposure.csv" };

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

// Start.

#[test]
fn without_a_command_the_help_is_printed() {
    let said = Program::new().done("");
    assert!(said.out.contains("Usage: feedtilt") && said.out.contains("verify"), "{}", said.out);
    assert!(!said.out.contains("bench"), "a hidden command is not listed");
    assert_eq!(said.err, "");
}

#[test]
fn the_page_of_commands_equals_the_arguments() {
    let page = feedtilt::cli::reference::page();
    if std::env::var_os("FEEDTILT_BLESS").is_some() {
        std::fs::write("docs/cli.md", &page).expect("the page can be written");
    }
    let stored = std::fs::read_to_string("docs/cli.md").unwrap_or_default();
    assert!(stored == page, "docs/cli.md differs; FEEDTILT_BLESS=1 accepts this:\n{page}");
}

#[test]
fn init_writes_a_copy_and_overwrites_nothing() {
    let program = Program::new();
    let said = program.done("init");
    assert_eq!(
        said.err,
        "wrote quickstart.toml, a copy of quickstart, and feedtilt.schema.json, by which editors know its keys; \
         next: feedtilt check quickstart.toml\n"
    );
    assert_eq!(program.read("feedtilt.schema.json"), feedtilt::scenario::keys::schema());
    program.write("feedtilt.schema.json", "mine");
    let said = program.done("init my-nudge");
    assert_eq!(said.err, "wrote my-nudge.toml, with the settings of quickstart; next: feedtilt check my-nudge.toml\n");
    assert_eq!(program.read("feedtilt.schema.json"), "mine", "a file that is there is left alone");
    let copy = program.read("my-nudge.toml");
    assert!(copy.starts_with("#:schema ./feedtilt.schema.json\n") && copy.contains("name = \"my-nudge\""));
    program.done("check my-nudge.toml");
    program.fails(
        "init my-nudge",
        2,
        "error: my-nudge.toml: is there already; feedtilt does not overwrite it\n\
         hint: feedtilt init OTHER-NAME writes OTHER-NAME.toml",
    );
    assert_eq!(program.read("my-nudge.toml"), copy);
}

#[test]
fn a_new_scenario_has_the_settings_of_its_model_and_nothing_it_says() {
    for (shipped, _) in feedtilt::scenario::presets::SHIPPED {
        let program = Program::new();
        program.done(&format!("init mine --from {shipped}"));
        let text = program.read("mine.toml");
        let mine = feedtilt::scenario::parse("mine.toml", &text, &[]).unwrap_or_else(|error| panic!("{error}"));
        let mut expected = feedtilt::scenario::load(shipped, &[]).unwrap_or_else(|error| panic!("{error}"));
        for said in [&expected.question, &expected.expectation] {
            assert!(!said.is_empty() && !text.contains(said.lines().next().unwrap_or_default()), "{shipped}: {said}");
        }
        (expected.name, expected.question, expected.expectation) = ("mine".into(), String::new(), String::new());
        expected.sources.clear();
        assert_eq!(mine, expected);
    }
}

/// The lines of a scenario that begin with # and no blank, switched on.
fn switched_on(text: &str) -> String {
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with([' ', ':']) => rest.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(|line| on(line) + "\n").collect()
}

#[test]
fn the_examples_that_init_writes_hold_when_they_are_switched_on() {
    let program = Program::new();
    program.done("init mine");
    let text = switched_on(&program.read("mine.toml"));
    let mine = feedtilt::scenario::parse("mine.toml", &text, &[]).unwrap_or_else(|error| panic!("{error}"));
    let tilt = &mine.arms[0].tilts[0];
    assert_eq!(mine.population.regions.len(), 2);
    assert_eq!((tilt.schedule.from_day, tilt.schedule.until_day, tilt.schedule.ramp_days), (2, 6, 1.0));
    assert_eq!((&tilt.audience.regions, tilt.audience.share), (&vec![true, false], 0.5));
    assert_eq!((tilt.classifier.recall, tilt.classifier.false_positive_rate), (0.9, 0.001));
    let protest = mine.topics.iter().find(|topic| topic.id == "protest").expect("a topic of the preset");
    assert_eq!((protest.share.as_slice(), protest.supply), ([0.008, 0.012].as_slice(), 0.01));
    assert_eq!(mine.arms[1].tilts[0].kind, feedtilt::scenario::TiltKind::Throttle { keep: 0.95 });
}

#[test]
fn init_names_what_it_cannot_use() {
    let program = Program::new();
    program.fails(
        "init x --from nothing",
        2,
        "error: --from nothing: no shipped scenario has this name\nhint: shipped scenarios are quickstart, small-nudge, dose-response, heating, reference-arms, x-2026-08-25, jitter, chronological-holdout, tiktok, loops-off, netzpolitik-2019, cold-start, demoted-creators, two-rulebooks, roll-out, null",
    );
    program.fails(
        "init My/Nudge",
        2,
        "error: My/Nudge: expected a name of a-z, 0-9 and -, at most 64 characters\n\
         hint: the name becomes the name of the file and of the run folder",
    );
    assert!(program.names(".").is_empty());
}

#[test]
fn init_lists_the_shipped_scenarios_with_their_questions() {
    let said = Program::new().done("init --list");
    for (name, _) in feedtilt::scenario::presets::SHIPPED {
        assert!(said.out.lines().any(|line| line == *name), "{name}");
    }
    assert!(said.out.contains("    Protest videos get a 5 % lower score"));
}

// Generate.

#[test]
fn what_editors_and_shells_need_is_written_to_standard_output() {
    let program = Program::new();
    let written = |arguments: &str| {
        let said = program.done(arguments);
        assert_eq!(said.err, "", "{arguments}");
        said.out
    };
    assert_eq!(written("generate schema"), feedtilt::scenario::keys::schema());
    for (shell, sign) in [
        ("bash", "complete -F _feedtilt"),
        ("zsh", "#compdef feedtilt"),
        ("fish", "complete -c feedtilt"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "set edit:completion:arg-completer[feedtilt]"),
    ] {
        let script = written(&format!("generate completions {shell}"));
        assert!(script.contains(sign) && script.contains("replicates"), "{shell}: {script}");
    }
    let page = written("generate man");
    assert!(page.contains(&format!(".TH feedtilt 1  \"feedtilt {}\"", env!("CARGO_PKG_VERSION"))), "{page}");
    let page = written("generate man run");
    assert!(page.contains(".TH feedtilt-run 1") && page.contains("\\-\\-replicates"), "{page}");
    program.fails(
        "generate man rnu",
        2,
        "error: generate man rnu: no command has this name\nhint: the commands are init, check, run, verify, calibrate",
    );
    assert!(program.names(".").is_empty());
}

// Check.

#[test]
fn check_prints_the_resolved_scenario_and_writes_nothing() {
    let program = Program::tiny();
    let said = program.done("check tiny.toml --set feed.temperature=0.3 --threads 2");
    let resolved = feedtilt::scenario::parse("resolved.toml", &said.out, &[]).expect("what is printed is a scenario");
    assert_eq!(resolved.to_toml(), said.out);
    assert_eq!(resolved.feed.temperature, 0.3);
    for start in [
        "exposure table: 216 rows",
        "memory: about ",
        "  of that 1 echo arm: ",
        "  of that 400 people followed with 16 ghosts each: ",
        "time: about ",
        "warning: replicates: 2; below 5",
    ] {
        assert!(said.err.lines().any(|line| line.starts_with(start)), "{start}: {}", said.err);
    }
    assert_eq!(program.names("."), ["tiny.toml"]);
}

#[test]
fn check_says_the_same_as_json() {
    let program = Program::tiny();
    let said = program.done("check tiny.toml --json --threads 3");
    let checked = json(&said.out);
    let scenario =
        feedtilt::scenario::parse("tiny", crate::program::TINY, &[]).unwrap_or_else(|error| panic!("{error}"));
    let estimate = feedtilt::study::estimate::Estimate::new(&scenario, 3);
    assert_eq!(checked["memory_bytes"], estimate.memory.total());
    assert_eq!(checked["memory_bytes_by_use"]["micro"], estimate.memory.micro);
    assert_eq!(checked["impressions"], estimate.work.run().round());
    assert_eq!(checked["impressions_by_use"]["pre_run"], estimate.work.pre_run.round());
    assert_eq!(said.err, "");
    assert_eq!((&checked["exposure_rows"], &checked["threads"]), (&216.into(), &3.into()));
    assert!(checked["memory_bytes"].as_u64().is_some_and(|bytes| bytes > 0));
    assert!(checked["cells_at_all_levels"]["at_the_floor"].as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)));
    assert!(checked["resolved"].as_str().is_some_and(|text| text.contains("[feed.value]")));
}

#[test]
fn accounts_candidates_and_an_engine_without_a_fit_are_told_of() {
    let account = "[{name=\"p\",count=120,sessions=2,videos_per_session=50}]";
    let program = Program::tiny();
    let said = program.done(&format!("check tiny.toml --set feed.engine=candidates --set account={account}"));
    for start in ["  of that 120 injected accounts: ", "  of that retrieval: "] {
        assert!(said.err.lines().any(|line| line.starts_with(start)), "{start}: {}", said.err);
    }
    let warning = "warning: feed.temperature was fitted for the engine cells, and the engine is candidates";
    assert!(!said.err.contains(warning), "the temperature is that engine's own: {}", said.err);
    let said = program.done("check tiny.toml --set feed.engine=candidates --set feed.temperature=0.2");
    assert!(said.err.contains(warning), "{}", said.err);
}

#[test]
fn weights_too_small_for_integers_are_warned_of_before_and_after_a_run() {
    let program = Program::tiny();
    let sharp = "tiny.toml --set arm.half.tilt.0.multiply=0.9 --set feed.temperature=0.02";
    let message = " % of score cells at a neutral profile have a weight that is off by more than 1 %";
    assert!(program.done(&format!("check {sharp}")).err.contains(message));
    assert!(program.done(&format!("run {sharp}")).err.contains(message));
    assert!(!program.done("check tiny.toml").err.contains(message));
}

#[test]
fn check_explains_arms_and_steps_in_order() {
    let said = Program::tiny().done("check tiny.toml --explain");
    assert!(said.out.contains("- half: the score of Rare videos is multiplied by 0.5 (50 % lower) on all 2 days."));
    let mut rest = said.out.as_str();
    for (number, (name, _)) in feedtilt::run::step::SCHEDULE.iter().enumerate() {
        let line = format!("\n{}. {name}: ", number + 1);
        rest = rest.split_once(&line).unwrap_or_else(|| panic!("{line} in {}", said.out)).1;
    }
}

// Errors.

#[test]
fn errors_of_scenarios_end_with_exit_code_2() {
    let program = Program::tiny();
    for command in ["run", "check"] {
        program.fails(
            &format!("{command} quikstart"),
            2,
            "error: quikstart: no such file, and no shipped scenario of this name\n\
             hint: did you mean the shipped scenario quickstart?",
        );
        program.fails(
            &format!("{command} tiny.toml --set feed.temprature=1"),
            2,
            "error: --set feed.temprature: unknown key; did you mean feed.temperature?",
        );
        program.fails(
            &format!("{command} tiny.toml --set feed.temperature"),
            2,
            "error: --set feed.temperature: expected KEY=VALUE, such as feed.temperature=0.3",
        );
        let said = program.run(&format!("{command} tiny.toml --users 0"));
        assert_eq!(said.code, Some(2));
        assert!(said.err.starts_with("error: invalid value '0' for '--users <N>'"), "{}", said.err);
    }
    assert_eq!(program.names("."), ["tiny.toml"], "nothing was begun");
}

#[test]
fn a_scenario_that_cannot_fit_is_refused_before_it_starts() {
    let program = Program::tiny();
    let said = program
        .run("run tiny.toml --set population.represents=1000000000 --users 1000000000 --set topic.rare.id=seldom");
    assert_eq!(said.code, Some(2), "a fault of the scenario comes first: {}", said.err);
    // Some hundreds of posts for each of a billion people: petabytes.
    let huge = "tiny.toml --set population.represents=1000000000 --users 1_000_000_000 --set catalogue.depth_days=365 \
                --set catalogue.impressions_per_post=1";
    for command in ["run", "check -q", "check -q --json", "check -q --explain"] {
        let said = program.run(&format!("{command} {huge}"));
        assert_eq!(said.code, Some(2), "{command}: {}", said.err);
        let place = if said.err.contains("control group") {
            "to this process (its control group has a limit)"
        } else {
            "on this machine"
        };
        assert_eq!(
            without_numbers(&said.err),
            format!(
                "error: population.users: this scenario needs about # #B of memory; # #B are free {place}\n\
                 hint: --users # would fit; --force-memory runs it all the same\n"
            ),
            "{command}"
        );
        assert_eq!(said.out.is_empty(), command == "run", "what was asked of a check is told first");
    }
    assert!(!program.has("output"));
    program.done(&format!("check -q {huge} --force-memory"));
    let fits = program.run(&format!("check -q {huge}")).err;
    let users = fits.split("--users ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a number of people");
    program.done(&format!("check -q {huge} --users {users}").replacen("--users 1_000_000_000", "", 1));
    program.done("run tiny.toml -q --force-memory");
}

#[test]
fn a_share_that_no_appeal_reaches_is_named_with_what_was_reached() {
    let program = Program::tiny();
    // Ten posts of the topic for people who are to be shown twelve or thirteen of them a day.
    let rare = "--set topic.rare.share=0.6 --set topic.rare.supply=0.02 --set topic.calm.share=0.3 \
                --set topic.loud.share=0.1 -q";
    let said = program.run(&format!("run tiny.toml {rare}"));
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{}", said.err);
    let reached = said.err.split("it came to ").nth(1).and_then(|rest| rest.split(" %").next()).expect("a figure");
    let reached: f64 = reached.parse().expect("a number");
    assert!((1.0..50.0).contains(&reached), "{}", said.err);
    assert_eq!(
        said.err,
        format!(
            "error: topic.rare.share: 60 % of what people see is out of reach; with the best appeal it came to {reached} %\n\
             hint: raise topic.rare.supply, which is 2.0 % of all posts, or ask for a share nearer to it\n"
        )
    );
    assert!(program.names("output").is_empty(), "nothing is left behind: {:?}", program.names("output"));
}

/// A text with # for each number and for the prefix of a unit of bytes.
fn without_numbers(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_ascii_digit() || c == '_' { '#' } else { c }).collect();
    let mut plain = plain.replace("#.#", "#");
    while plain.contains("##") {
        plain = plain.replace("##", "#");
    }
    ["kB", "MB", "GB", "TB"].iter().fold(plain, |plain, unit| plain.replace(&format!("# {unit}"), "# #B"))
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let program = Program::tiny();
    program.fails("run tiny.toml --out ..", 2, "error: --out ..: expected the name of a folder to be made");
    program.write("file", "x");
    let said = program.run("run tiny.toml --out file/run");
    assert_eq!(said.code, Some(2));
    assert!(said.err.starts_with("error: file/run"), "{}", said.err);
}

// Run.

#[test]
fn a_run_leaves_its_folder_and_says_what_moved() {
    let program = Program::tiny();
    let said = program.done("run tiny.toml");
    assert_eq!(program.names("output"), ["tiny"]);
    let users = EXPOSURE.replace("exposure", "users");
    let expected = [
        EXPOSURE,
        "manifest.json",
        "scenario.toml",
        "shift.csv",
        "shift_by_group.csv",
        "summary.json",
        "summary.md",
        users.as_str(),
    ];
    let charts = if cfg!(feature = "charts") { vec!["charts"] } else { Vec::new() };
    assert_eq!(program.names("output/tiny"), [charts.as_slice(), &expected].concat());
    assert!(said.out.starts_with("half: the score of Rare videos is multiplied by 0.5"), "{}", said.out);
    assert!(said.out.contains("two worlds, points"), "the table stands below: {}", said.out);
    assert!(said.err.ends_with("written to output/tiny\n"), "{}", said.err);
    assert!(said.err.lines().any(|line| line.starts_with("100 %: replicate 2 of 2, day 1, ")), "{}", said.err);
    assert!(said.err.contains("warning: replicates: 2; below 5"));
}

#[test]
fn a_finished_run_is_not_repeated_and_another_is_not_overwritten() {
    let program = Program::tiny();
    let first = program.done("run tiny.toml");
    let manifest = program.bytes("output/tiny/manifest.json");
    let again = program.done("run tiny.toml --threads 1");
    let warnings = |err: &str| -> Vec<String> {
        err.lines().filter(|line| line.starts_with("warning: ")).map(str::to_owned).collect()
    };
    assert!(again.err.ends_with("\ntiny is already done, in output/tiny; --force runs it again\n"), "{}", again.err);
    assert!(!warnings(&again.err).is_empty() && warnings(&again.err).iter().all(|line| first.err.contains(line)));
    assert!(first.out.starts_with(&again.out), "the same headline");
    program.fails(
        "run tiny.toml --seed 7",
        2,
        "error: output/tiny: holds a run of another scenario, or of tiny with other settings\n\
         hint: name another folder with --out, or replace it with --force",
    );
    assert_eq!(program.bytes("output/tiny/manifest.json"), manifest);
    program.done("run tiny.toml --seed 7 --force");
    assert_ne!(program.bytes("output/tiny/manifest.json"), manifest);
    let own = program.done("run output/tiny/scenario.toml");
    assert!(own.err.contains("already done"), "the stored scenario is the same run: {}", own.err);
}

#[test]
fn a_run_of_another_version_is_named() {
    let program = Program::tiny();
    program.done("run tiny.toml -q");
    let manifest = program.read("output/tiny/manifest.json");
    let version = env!("CARGO_PKG_VERSION");
    program.write("output/tiny/manifest.json", manifest.replace(&format!("\"{version}\""), "\"0.0.1\""));
    program.fails(
        "run tiny.toml",
        2,
        &format!(
            "error: output/tiny: holds a run of tiny by feedtilt 0.0.1; this is {version}\n\
             hint: name another folder with --out, or replace it with --force"
        ),
    );
}

#[test]
fn an_unfinished_run_is_left_alone_unless_forced() {
    let program = Program::tiny();
    program.write("output/tiny.partial/summary.json", "{}");
    program.fails("run tiny.toml", 2, "error: output/tiny.partial: holds an unfinished run\nhint: --force starts over");
    program.done("run tiny.toml --force");
    assert_eq!(program.names("output"), ["tiny"]);
}

#[test]
fn what_feedtilt_did_not_write_is_never_replaced() {
    let program = Program::tiny();
    program.write("docs/letter.txt", "dear");
    let message = "error: docs: there is something else, not a run; feedtilt does not replace it\n\
                   hint: name another folder with --out";
    program.fails("run tiny.toml --out docs", 2, message);
    program.fails("run tiny.toml --out docs --force", 2, message);
    program.done("run tiny.toml -q");
    program.write("output/tiny/notes.txt", "mine");
    program.fails(
        "run tiny.toml --force",
        2,
        "error: output/tiny: holds notes.txt, which feedtilt did not write; it does not replace this folder\n\
         hint: move the file away, or name another folder with --out",
    );
    assert_eq!(
        (program.read("docs/letter.txt"), program.read("output/tiny/notes.txt")),
        ("dear".into(), "mine".into())
    );
}

#[test]
fn json_on_standard_output_is_the_summary() {
    let program = Program::tiny();
    let fresh = program.done("run tiny.toml --json --out here");
    assert_eq!(fresh.out, program.read("here/summary.json"));
    assert_eq!(program.done("run tiny.toml --json --out here").out, fresh.out, "a run that was already done as well");
}

#[test]
fn the_summary_has_the_promised_fields() {
    let program = Program::tiny();
    let summary = json(&program.done("run tiny.toml --json").out);
    assert_eq!(summary["baseline"], "baseline");
    let arm = &summary["arms"][0];
    assert_eq!(arm["name"], "half");
    let people = &arm["users_effect"][0];
    assert_eq!((&people["topic"], &people["weeks"]), (&"rare".into(), &0.into()), "two days hold no week");
    for undefined in ["share_below_one_video", "signal_to_noise_median", "noticeable_share", "top_1_percent_bears"] {
        assert!(people.get(undefined).is_some_and(Value::is_null), "{undefined} is there and null");
    }
    assert!(people["expected_change_per_week"]["median"].is_null());
    let topics = arm["topics"].as_array().expect("a list");
    assert_eq!(
        topics.iter().map(|topic| topic["topic"].as_str().unwrap()).collect::<Vec<_>>(),
        ["calm", "loud", "rare"]
    );
    let (calm, rare) = (&topics[0], &topics[2]);
    assert_eq!((&calm["tilted"], &rare["tilted"]), (&false.into(), &true.into()));
    assert!(rare["relative"].as_f64().is_some_and(|relative| relative < -0.3), "{rare}");
    assert!(rare["elasticity"].as_f64().is_some_and(|elasticity| elasticity > 0.5), "{rare}");
    assert!(calm["elasticity"].is_null(), "no tilt of its own");
    for undefined in ["model_band", "shift_pp_ci95", "relative_ci95"] {
        assert!(rare.get(undefined).is_some_and(Value::is_null), "{undefined} is there and null");
    }
    let number = |key: &str| rare[key].as_f64().expect("a number");
    assert!(number("floor_fork_pp") > 0.0, "an echo has draws of its own");
    assert!((number("impressions_moved_represented") - 20.0 * number("impressions_moved")).abs() < 1e-6);
    let kinds: Vec<&str> =
        summary["warnings"].as_array().expect("a list").iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    // Some of 200 people run out of 400 posts.
    assert_eq!(kinds, ["too_few_replicates", "no_whole_week", "burn_in_too_short", "unserved", "no_model_band"]);
}

#[test]
fn no_table_depends_on_the_number_of_threads() {
    let program = Program::tiny();
    program.done("run tiny.toml --threads 1 --out one");
    program.done("run tiny.toml --threads 3 --out three");
    let users = EXPOSURE.replace("exposure", "users");
    for name in [EXPOSURE, "scenario.toml", "shift.csv", "shift_by_group.csv", "summary.json", "summary.md", &users] {
        assert_eq!(program.bytes(&format!("one/{name}")), program.bytes(&format!("three/{name}")), "{name}");
    }
}

#[test]
fn a_tilt_by_one_is_told_as_no_shift() {
    let program = Program::tiny();
    let said = program.done("run tiny.toml --set arm.half.tilt.0.multiply=1 --replicates 5");
    let words = said.out.replace('\n', " ");
    assert!(
        words.contains(
            "Rare videos were seen exactly as often as in the baseline, in each of the 5 replicates: no shift."
        )
    );
    let summary = json(&program.read("output/tiny/summary.json"));
    let rare = &summary["arms"][0]["topics"][2];
    assert_eq!(rare["relative_ci95"], json("[0.0, 0.0]"));
    assert!(rare["elasticity"].is_null());
}

#[test]
fn an_arm_against_another_is_compared_with_that() {
    let program = Program::new();
    let second = "\n[[arm]]\nname = \"more\"\nagainst = \"half\"\n[[arm.tilt]]\nkind = \"score\"\ntopic = \"rare\"\n\
                  multiply = 2.0\nfrom_day = 1\n";
    program.write("two.toml", TINY.replace("name = \"tiny\"", "name = \"two\"") + second);
    let summary = json(&program.done("run two.toml --json").out);
    let (half, more) = (&summary["arms"][0], &summary["arms"][1]);
    assert_eq!((&more["against"], &more["from_day"], &more["until_day"]), (&"half".into(), &1.into(), &2.into()));
    assert!(more["topics"][2]["elasticity"].is_null(), "the arm compared with tilts the topic too");
    assert!(half["topics"][2]["shift_pp"].as_f64() < Some(0.0) && more["topics"][2]["shift_pp"].as_f64() > Some(0.0));
    assert!(summary["headline"][1].as_str().unwrap().contains("% in the arm half"));
}

#[test]
fn a_scenario_without_arms_runs_and_says_so() {
    let program = Program::new();
    let (before, after) = (TINY.find("[[arm]]").unwrap(), TINY.find("[replicates]").unwrap());
    program.write("tiny.toml", [&TINY[..before], &TINY[after..]].concat());
    let said = program.done("run tiny.toml -q");
    assert!(said.out.starts_with("The scenario has no tilted arm"), "{}", said.out);
    assert_eq!(json(&program.read("output/tiny/summary.json"))["arms"], Value::Array(Vec::new()));
}

#[cfg(not(feature = "tables"))]
#[test]
fn the_exposure_table_has_the_recorded_columns() {
    let program = Program::tiny();
    program.done("run tiny.toml -q");
    let full = program.read("output/tiny/exposure.csv");
    assert!(full.starts_with("arm,replicate,day,region,group,topic,impressions,watch_ms,"));
    assert_eq!(full.lines().count(), 1 + 216);
    program.write("by.toml", TINY.to_owned() + "\n[record]\nby = [\"region\"]\n");
    program.done("run by.toml -q --out by");
    let coarse = program.read("by/exposure.csv");
    assert!(coarse.starts_with("arm,replicate,region,impressions,"));
    assert_eq!(coarse.lines().count(), 1 + 4);
    let column = |text: &str, place: usize| -> u64 {
        let cells = |line: &str| line.split(',').nth(place).and_then(|cell| cell.parse::<u64>().ok());
        text.lines().skip(1).filter_map(cells).sum()
    };
    assert_eq!(column(&full, 6), column(&coarse, 3), "the same impressions in all");
    assert_eq!(column(&full, 12), 3 * column(&coarse, 9), "slots are repeated for each of three topics");
    assert_eq!(column(&full, 6), column(&coarse, 9), "every slot served is an impression");
}

// Bench.

#[test]
fn a_timing_is_stored_and_compared() {
    let program = Program::new();
    let bench = "bench quickstart --users 200 --epochs 1 --threads 2";
    let no_timing =
        "error: --compare: output/bench.jsonl has no timing of the same workload, size, threads and machine";
    let said = program.run(&format!("{bench} --compare"));
    assert_eq!((said.code, said.err), (Some(2), format!("{no_timing}\nhint: --append stores one\n")));
    let timing = json(&program.done(&format!("{bench} --json --append")).out);
    assert_eq!((&timing["users"], &timing["epochs"], &timing["threads"]), (&200.into(), &1.into(), &2.into()));
    for key in ["items", "impressions", "candidates", "impressions_per_second", "pre_run_seconds"] {
        assert!(timing[key].as_f64().is_some_and(|number| number > 0.0), "{key}: {timing}");
    }
    assert_eq!(json(&program.read("output/bench.jsonl")), timing);
    program.done(&format!("{bench} --compare --max-loss 1"));
    assert_eq!(
        program.run(&format!("{bench} --compare --max-loss=-1000")).code,
        Some(1),
        "no speed is that much higher"
    );
}

// Streams.

#[test]
fn quiet_runs_say_results_alone() {
    let program = Program::tiny();
    let said = program.done("run tiny.toml --quiet");
    assert!(said.err.is_empty() && !said.out.is_empty(), "{}", said.err);
    let said = program.done("run tiny.toml --no-progress --out b");
    assert!(said.err.starts_with("warning: "), "no progress lines: {}", said.err);
    let said = program.done("run tiny.toml --verbose --out c");
    assert!(said.err.contains("\nshift.csv: ") && said.err.contains("impressions/s"), "{}", said.err);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let program = Program::tiny();
    for arguments in ["check tiny.toml --quiet", "run tiny.toml --quiet", "run tiny.toml --json -q --out b"] {
        let mut child = program.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments}");
    }
    assert!(program.has("output/tiny/manifest.json"), "the run was finished all the same");
}

#[test]
fn colour_is_used_where_it_is_wanted() {
    let escape = '\u{1b}';
    let coloured = |program: Program, arguments: &str| program.run(arguments).err.contains(escape);
    assert!(!coloured(Program::new(), "check nothing.toml"), "not in a pipe");
    assert!(coloured(Program::new(), "check nothing.toml --color always"));
    assert!(coloured(Program::new().with("CLICOLOR_FORCE", "1"), "check nothing.toml"));
    assert!(!coloured(Program::new().with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1"), "check nothing.toml"));
    assert!(!coloured(Program::new().with("CLICOLOR_FORCE", "1"), "check nothing.toml --color never"));
}

// Documentation.

/// Names of all keys in a JSON value; the names of tables are no keys.
fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(entries) => entries.iter().for_each(|entry| keys(entry, found)),
        Value::Object(entries) => {
            for (key, below) in entries.iter().filter(|(key, _)| !key.contains('.')) {
                found.push(key.clone());
                keys(below, found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_column_and_key_stands_in_the_page_of_outputs() {
    let program = Program::tiny();
    program.done("run tiny.toml -q");
    let mut names = Vec::new();
    for file in ["summary.json", "manifest.json"] {
        keys(&json(&program.read(&format!("output/tiny/{file}"))), &mut names);
    }
    let columns = program.read("output/tiny/shift.csv");
    names.extend(columns.lines().next().expect("a line of names").split(',').map(ToOwned::to_owned));
    names.extend(feedtilt::measure::Measure::ALL.iter().map(|measure| measure.name().to_owned()));
    names.extend(["day", "region", "group", "topic", "served_slots", "unserved_slots"].map(ToOwned::to_owned));
    let page = std::fs::read_to_string("docs/output.md").expect("the page is there");
    for name in names {
        assert!(page.contains(&format!("`{name}`")) || page.contains(&format!("`{name}[]`")), "{name}");
    }
}

//! Writes a resolved scenario as a complete TOML file: every key stands in it, and it parses to the same scenario.

mod fingerprint;
mod literal;

use super::{
    Account, Arm, Blocked, Calibrate, Catalogue, Feed, Interest, Loops, Measure, Population, Record, Redraw,
    Replicates, Respond,
};
use super::{
    HEADS, ModelBand, RegionSet, SIGNALS, Scenario, Shifts, Shocks, Solved, Stay, Structures, Supply, Tilt, TiltKind,
    Time, Topic, Uncertainty, Value,
};
use literal::{File, Inline};

/// The complete file.
pub fn scenario(scenario: &Scenario) -> String {
    let mut file = File::default();
    head(&mut file, scenario);
    population(&mut file, &scenario.population);
    catalogue(&mut file, &scenario.catalogue);
    for topic in &scenario.topics {
        topic_entry(&mut file, topic, &scenario.population);
    }
    time(&mut file, &scenario.time);
    shocks(&mut file, &scenario.shocks);
    respond(&mut file, &scenario.respond);
    feed(&mut file, &scenario.feed);
    loops(&mut file, scenario.loops);
    stay(&mut file, scenario.stay);
    supply(&mut file, scenario.supply);
    interest(&mut file, scenario.interest);
    measure(&mut file, &scenario.measure, &scenario.topics);
    record(&mut file, &scenario.record);
    for arm in &scenario.arms {
        arm_entry(&mut file, arm, scenario);
    }
    for account in &scenario.accounts {
        account_entry(&mut file, account, scenario);
    }
    calibrate(&mut file, scenario.calibrate);
    uncertainty(&mut file, scenario.uncertainty);
    replicates(&mut file, &scenario.replicates);
    if let Some(appeals) = &scenario.solved {
        solved(&mut file, appeals, scenario);
    }
    if let Some(computed) = &scenario.band {
        band(&mut file, computed, scenario);
    }
    if let Some(computed) = &scenario.structures {
        structures(&mut file, computed, scenario);
    }
    file.0
}

fn head(file: &mut File, scenario: &Scenario) {
    file.set("schema", 1_u32)
        .set("name", &scenario.name)
        .set("question", &scenario.question)
        .set("expectation", &scenario.expectation)
        .set("sources", scenario.sources.iter().collect::<Vec<_>>());
}

fn population(file: &mut File, population: &Population) {
    file.header("[population]")
        .set("users", population.users)
        .set("represents", population.represents)
        .set("daily_active_share", population.daily_active_share)
        .set("activity_median", population.activity_median)
        .set("activity_sigma", population.activity_sigma)
        .set("day_sigma", population.day_sigma)
        .set("heavy_share", population.heavy_share)
        .set("topic_correlation", population.topic_correlation)
        .set("attention_sd", population.attention_sd)
        .set("approval_sd", population.approval_sd)
        .set("propensity_sd", population.propensity_sd);
    for region in &population.regions {
        file.header("[[population.region]]").set("id", &region.id).set("share", region.share);
    }
}

fn catalogue(file: &mut File, catalogue: &Catalogue) {
    file.header("[catalogue]")
        .set("topics", &catalogue.preset)
        .set("impressions_per_post", catalogue.impressions_per_post)
        .set("depth_days", catalogue.depth_days)
        .set("creators_per_user", catalogue.creators_per_user)
        .set("posting_sigma", catalogue.posting_sigma)
        .set("creator_share", catalogue.creator_share)
        .set("duration_median", catalogue.duration_median)
        .set("duration_sigma", catalogue.duration_sigma)
        .set("duration_min", catalogue.duration_min)
        .set("duration_edges", catalogue.duration_edges)
        .set("attention_sd", catalogue.attention_sd)
        .set("approval_sd", catalogue.approval_sd)
        .set("latent_correlation", catalogue.latent_correlation);
}

fn topic_entry(file: &mut File, topic: &Topic, population: &Population) {
    let labels = topic.label.iter().map(|(language, label)| (language.clone(), label));
    file.header("[[topic]]").set("id", &topic.id).set("label", Inline(labels.collect()));
    if topic.share.iter().all(|&share| share == topic.share[0]) {
        file.set("share", topic.share[0]);
    } else {
        let by_region = population.regions.iter().zip(&topic.share).map(|(region, &share)| (region.id.clone(), share));
        file.set("share", Inline(by_region.collect()));
    }
    file.set("supply", topic.supply)
        .set("sensitive", topic.sensitive)
        .set("interest_sd", topic.interest_sd)
        .set("approval", topic.approval);
}

fn time(file: &mut File, time: &Time) {
    file.header("[time]")
        .set("burn_in_days", time.burn_in_days)
        .set("days", time.days)
        .set("epochs_per_day", time.epochs_per_day);
}

fn shocks(file: &mut File, shocks: &Shocks) {
    file.header("[shocks]")
        .set("demand_sd", shocks.demand_sd)
        .set("supply_sd", shocks.supply_sd)
        .set("memory", shocks.memory)
        .set("burst_probability", shocks.burst_probability)
        .set("burst_size", shocks.burst_size);
}

fn respond(file: &mut File, respond: &Respond) {
    file.header("[respond]")
        .set("attention", respond.attention)
        .set("watch_slope", respond.watch_slope)
        .set("start_slope", respond.start_slope)
        .set("start_seconds", respond.start_seconds)
        .set("end_drop", respond.end_drop)
        .set("duration_effect", respond.duration_effect)
        .set("rewatch_max", respond.rewatch_max)
        .set("interest_weight", respond.interest_weight)
        .set("approval_interest_weight", respond.approval_interest_weight)
        .set("like", respond.like)
        .set("comment", respond.comment)
        .set("share", respond.share)
        .set("follow", respond.follow)
        .set("not_interested", respond.not_interested)
        .set("latents", respond.latents);
    file.header("[respond.played]");
    for (signal, &odds) in SIGNALS.iter().zip(&respond.played) {
        file.set(signal, odds);
    }
}

fn feed(file: &mut File, feed: &Feed) {
    ranking(file, feed);
    choice(file, feed);
    file.set("fitted_engine", feed.fitted_engine.name());
    retrieval(file, feed);
    value(file, feed.value);
    belief(file, feed);
}

fn ranking(file: &mut File, feed: &Feed) {
    file.header("[feed]")
        .set("engine", feed.engine.name())
        .set("response", feed.response)
        .set("temperature", feed.temperature)
        .set("no_repeat_epochs", feed.no_repeat_epochs)
        .set("profile_rule", feed.profile_rule.name())
        .set("learning_rate", feed.learning_rate)
        .set("forgetting", feed.forgetting)
        .set("share_floor", feed.share_floor)
        .set("approval_weight", feed.approval_weight)
        .set("value_floor", feed.value_floor)
        .set("freshness", feed.freshness)
        .set("topic_repeat", feed.topic_repeat);
}

/// Goes on with `[feed]`.
fn choice(file: &mut File, feed: &Feed) {
    file.set("choice", feed.choice.name()).set("epsilon", feed.epsilon);
}

fn retrieval(file: &mut File, feed: &Feed) {
    file.set("candidates", feed.candidates);
    file.set("trending_share", feed.trending_share).set("fresh_hours", feed.fresh_hours);
    file.header("[feed.sources]")
        .set("interest", feed.sources.interest)
        .set("trending", feed.sources.trending)
        .set("fresh", feed.sources.fresh)
        .set("region", feed.sources.region)
        .set("explore", feed.sources.explore)
        .set("all", feed.sources.all);
}

fn belief(file: &mut File, feed: &Feed) {
    file.header("[feed.tiers]")
        .set("attention", feed.tiers_attention)
        .set("approval", feed.tiers_approval)
        .set("attention_range", feed.attention_range)
        .set("approval_range", feed.approval_range);
    file.header("[feed.prior]")
        .set("impressions", feed.prior_impressions)
        .set("valid_play", feed.prior_valid_play)
        .set("like", feed.prior_like);
    file.header("[feed.cold_start]")
        .set("share", feed.cold_start_share)
        .set("until", feed.cold_start_until)
        .set("hours", feed.cold_start_hours);
}

fn value(file: &mut File, value: Value) {
    file.header("[feed.value]")
        .set("valid_play", value.valid_play)
        .set("long_view", value.long_view)
        .set("like", value.like)
        .set("comment", value.comment)
        .set("share", value.share)
        .set("follow", value.follow)
        .set("not_interested", value.not_interested)
        .set("watch_second", value.watch_second);
}

fn loops(file: &mut File, loops: Loops) {
    early_loops(file, loops).set("supply", loops.supply).set("interest", loops.interest);
}

/// Those that were there when fingerprints were first taken.
fn early_loops(file: &mut File, loops: Loops) -> &mut File {
    file.header("[loops]").set("profile", loops.profile).set("popularity", loops.popularity).set("stay", loops.stay)
}

fn stay(file: &mut File, stay: Stay) {
    file.header("[stay]").set("hazard", stay.hazard).set("strength", stay.strength).set("usual", stay.usual);
}

fn supply(file: &mut File, supply: Supply) {
    file.header("[supply]").set("strength", supply.strength).set("bound", supply.bound);
}

fn interest(file: &mut File, interest: Interest) {
    file.header("[interest]").set("strength", interest.strength);
}

fn measure(file: &mut File, measure: &Measure, topics: &[Topic]) {
    let track: Vec<&String> = measure.track.iter().map(|&topic| &topics[topic].id).collect();
    file.header("[measure]")
        .set("track", track)
        .set("group_topic", &topics[measure.group_topic].id)
        .set("micro_users", measure.micro_users)
        .set("ghosts", measure.ghosts)
        .set("echo", measure.echo)
        .set("attribution", measure.attribution)
        .set("persistence", measure.persistence);
}

fn record(file: &mut File, record: &Record) {
    let by = record.by;
    let columns = [("day", by.day), ("region", by.region), ("group", by.group), ("topic", by.topic)];
    let kept: Vec<&str> = columns.into_iter().filter(|(_, kept)| *kept).map(|(name, _)| name).collect();
    file.header("[record]").set("by", kept).set("max_rows", record.max_rows);
}

fn arm_entry(file: &mut File, arm: &Arm, scenario: &Scenario) {
    let against = arm.against.map_or("baseline", |index| scenario.arms[index].name.as_str());
    file.header("[[arm]]").set("name", &arm.name).set("against", against);
    for tilt in &arm.tilts {
        tilt_entry(file, tilt, scenario);
    }
}

fn tilt_entry(file: &mut File, tilt: &Tilt, scenario: &Scenario) {
    file.header("[[arm.tilt]]");
    match tilt.kind {
        TiltKind::Score { multiply } => file.set("kind", "score").set("multiply", multiply),
        TiltKind::Throttle { keep } => file.set("kind", "throttle").set("keep", keep),
        TiltKind::NotForFeed { share } => file.set("kind", "not_for_feed").set("share", share),
        TiltKind::Heat { share, items } => file.set("kind", "heat").set("share", share).set("items", items),
        TiltKind::Feed { ranker } => file.set("kind", "feed").set("ranker", ranker.name()),
        TiltKind::Head { .. } => file.set("kind", "head"),
        TiltKind::Jitter { sigma, heads } => {
            let named: Vec<&str> =
                HEADS.into_iter().zip(heads).filter(|(_, named)| *named).map(|(head, _)| head).collect();
            file.set("kind", "jitter").set("sigma", sigma).set("heads", named)
        }
        TiltKind::SelfOnly { share } => file.set("kind", "self_only").set("share", share),
        TiltKind::GeoBlock { share, blocked: Blocked::Abroad } => {
            file.set("kind", "geo_block").set("share", share).set("own_region_only", true)
        }
        TiltKind::GeoBlock { share, blocked: Blocked::In(regions) } => {
            file.set("kind", "geo_block").set("share", share).set("regions", named(regions, &scenario.population))
        }
        TiltKind::ReachCap { impressions, items } => {
            file.set("kind", "reach_cap").set("impressions", impressions).set("items", items)
        }
        TiltKind::Delay { hours, items } => file.set("kind", "delay").set("hours", hours).set("items", items),
        TiltKind::ColdStart { multiply } => file.set("kind", "cold_start").set("multiply", multiply),
        TiltKind::DemoteCreators { share, multiply } => {
            file.set("kind", "demote_creators").set("share", share).set("multiply", multiply)
        }
    };
    if let Some(topic) = tilt.topic {
        file.set("topic", &scenario.topics[topic].id);
    }
    if !tilt.origin.is_all(scenario.population.regions.len()) {
        file.set("origin", named(tilt.origin, &scenario.population));
    }
    let regions = scenario.population.regions.iter().zip(&tilt.audience.regions);
    let named: Vec<&String> = regions.filter(|(_, reached)| **reached).map(|(region, _)| &region.id).collect();
    file.set("from_day", tilt.schedule.from_day)
        .set("until_day", tilt.schedule.until_day)
        .set("ramp_days", tilt.schedule.ramp_days);
    file.header("[arm.tilt.audience]").set("regions", named).set("share", tilt.audience.share);
    if let TiltKind::Head { value } = tilt.kind {
        file.header("[arm.tilt.value]");
        for (head, weight) in HEADS.into_iter().zip(value) {
            if let Some(weight) = weight {
                file.set(head, weight);
            }
        }
    }
    if !matches!(
        tilt.kind,
        TiltKind::Feed { .. } | TiltKind::Head { .. } | TiltKind::Jitter { .. } | TiltKind::DemoteCreators { .. }
    ) {
        file.header("[arm.tilt.classifier]")
            .set("recall", tilt.classifier.recall)
            .set("false_positive_rate", tilt.classifier.false_positive_rate);
    }
}

/// Ids of some regions.
fn named(some: RegionSet, population: &Population) -> Vec<&String> {
    let regions = population.regions.iter().enumerate();
    regions.filter(|&(region, _)| some.has(region)).map(|(_, region)| &region.id).collect()
}

fn account_entry(file: &mut File, account: &Account, scenario: &Scenario) {
    file.header("[[account]]")
        .set("name", &account.name)
        .set("count", account.count)
        .set("region", &scenario.population.regions[account.region].id);
    if let Some(topic) = account.topic {
        file.set("topic", &scenario.topics[topic].id);
    }
    file.set("engages", account.engages)
        .set("otherwise", account.otherwise)
        .set("from_day", account.from_day)
        .set("sessions", account.sessions)
        .set("sessions_per_day", account.sessions_per_day)
        .set("videos_per_session", account.videos_per_session)
        .set("conditioning", account.conditioning);
}

fn calibrate(file: &mut File, calibrate: Calibrate) {
    file.header("[calibrate]").set("target_set", calibrate.target_set.name()).set("pool_share", calibrate.pool_share);
}

fn uncertainty(file: &mut File, uncertainty: Uncertainty) {
    file.header("[uncertainty]")
        .set("band", uncertainty.band)
        .set("users", uncertainty.users)
        .set("structure", uncertainty.structure)
        .set("structure_users", uncertainty.structure_users);
}

fn band(file: &mut File, band: &ModelBand, scenario: &Scenario) {
    file.header("[band]").set("fingerprint", &band.fingerprint).set("version", &band.version).set("date", &band.date);
    for vector in &band.vectors {
        let relative = by_arm(&vector.relative, scenario);
        file.header("[[band.vector]]").set("accuracy", vector.accuracy).set("relative", relative);
    }
}

fn structures(file: &mut File, structures: &Structures, scenario: &Scenario) {
    file.header("[structure]")
        .set("fingerprint", &structures.fingerprint)
        .set("version", &structures.version)
        .set("date", &structures.date);
    for one in &structures.combinations {
        file.header("[[structure.combination]]")
            .set("engine", one.engine.name())
            .set("choice", one.choice.name())
            .set("profile_rule", one.profile_rule.name())
            .set("latents", one.latents)
            .set("relative", by_arm(&one.relative, scenario))
            .set("low", by_arm(&one.low, scenario))
            .set("high", by_arm(&one.high, scenario))
            .set("weekly", by_arm(&one.weekly, scenario));
    }
}

/// Figures by arm and tracked topic; those undefined are left out.
fn by_arm(figures: &Shifts, scenario: &Scenario) -> Inline<Inline<f64>> {
    let of_arm = |(arm, row): (&Arm, &Vec<Option<f64>>)| {
        let figures = scenario.measure.track.iter().zip(row);
        let named = figures.filter_map(|(&topic, figure)| Some((scenario.topics[topic].id.clone(), (*figure)?)));
        (arm.name.clone(), Inline(named.collect()))
    };
    Inline(scenario.arms.iter().zip(figures).map(of_arm).collect())
}

fn replicates(file: &mut File, replicates: &Replicates) {
    let redraw = match replicates.redraw {
        Redraw::World => "world",
        Redraw::Behaviour => "behaviour",
    };
    file.header("[replicates]").set("count", replicates.count).set("seed", replicates.seed).set("redraw", redraw);
}

fn solved(file: &mut File, solved: &Solved, scenario: &Scenario) {
    file.header("[solved]").set("fingerprint", &solved.fingerprint);
    for (region, appeal) in scenario.population.regions.iter().zip(&solved.appeal) {
        file.header(&format!("[solved.appeal.{}]", region.id));
        for (topic, &appeal) in scenario.topics.iter().zip(appeal) {
            file.set(&topic.id, appeal);
        }
    }
}

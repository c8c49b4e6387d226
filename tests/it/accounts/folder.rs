//! The table of accounts in the run folder.

use feedtilt::report::accounts::{FILE, columns};
use feedtilt::trace::{Public, Shown};

use crate::cli::json;
use crate::common::small;
use crate::program::Program;

const RUN: &str =
    "run tiny.toml -q --out run --set account=[{name='p',count=2,topic='rare',sessions=2,videos_per_session=15}]";

/// One video in each of two arms and two replicates.
fn public() -> [Public; 2] {
    let shown = Shown {
        item: 10_995_116_277_760,
        account: 0,
        number: 1,
        session: 2,
        position: 3,
        day: 4,
        epoch: 17,
        creator: 5,
        age_epochs: 6,
        impressions: 7,
        likes: 8,
        watch_ms: 900,
        topic: 0,
        duration_tenths: 18,
        played: false,
    };
    [0, 1].map(|replicate| Public {
        arms: [0, 1].map(|arm| vec![Shown { position: 3 + 2 * arm + replicate, played: arm == 1, ..shown }]).to_vec(),
    })
}

#[test]
fn rows_stand_by_arm_and_replicate_and_every_column_is_documented() {
    let scenario = small(&["account=[{name='p', count=2, sessions=2, videos_per_session=9}]"]);
    let table = columns(&scenario, &public());
    let text = String::from_utf8(table.csv(FILE).expect("it can be made")).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    let topic = &scenario.topics[0].id;
    assert_eq!(
        lines[0],
        "arm,replicate,account,number,session,position,day,epoch,item,topic,creator,age_epochs,duration_tenths,\
         impressions_so_far,likes_so_far,played,watched_ms"
    );
    assert_eq!(lines[1], format!("baseline,0,p,1,2,3,4,17,10995116277760,{topic},5,6,18,7,8,0,900"));
    assert_eq!(lines[2], format!("baseline,1,p,1,2,4,4,17,10995116277760,{topic},5,6,18,7,8,0,900"));
    assert_eq!(lines[3], format!("protest-5,0,p,1,2,5,4,17,10995116277760,{topic},5,6,18,7,8,1,900"));
    assert_eq!(lines[4], format!("protest-5,1,p,1,2,6,4,17,10995116277760,{topic},5,6,18,7,8,1,900"));
    let page = std::fs::read_to_string("docs/output.md").expect("the page is there");
    let section = page.split("## `accounts.parquet`").nth(1).and_then(|rest| rest.split("\n## ").next());
    let section = section.expect("the table has a section");
    for (name, _) in &table.0 {
        assert!(section.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn a_run_with_accounts_writes_their_table_and_repeats_it_to_the_byte() {
    let program = Program::tiny();
    program.done("run tiny.toml -q --out without");
    program.done(RUN);
    assert!(program.has(&format!("run/{FILE}")) && !program.has(&format!("without/{FILE}")));
    let manifest = |run: &str| json(&program.read(&format!("{run}/manifest.json")));
    assert!(manifest("run")["tables"].get(FILE).is_some());
    assert_ne!(manifest("run")["trace_hash"], manifest("without")["trace_hash"]);
    for table in ["shift.csv", "shift_by_group.csv"] {
        assert_eq!(program.read(&format!("run/{table}")), program.read(&format!("without/{table}")), "{table}");
    }
    program.done("verify run -q --threads 3");
    let name = format!("run/{FILE}");
    let mut spoilt = program.bytes(&name);
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 1;
    program.write(&name, spoilt);
    let said = program.run("verify run -q");
    assert_eq!((said.code, said.out), (Some(1), format!("{FILE}: has been changed since the run\n")));
}

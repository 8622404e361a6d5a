//! Ids, names, instants and the queue's pace on the screen: enough to tell them apart, and in one form.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::stage::{MID, Stage};
use runwatch::source::delivery::{Delivery, Status};

/// A log of runs with these ids and instants of creation, each of the task of this name.
fn log(runs: &[(&str, u64, &str)]) -> String {
    let mut lines = String::new();
    let mut sequence = 0;
    let mut event = |event: String| {
        sequence += 1;
        lines += &format!("{{\"sequence\":{sequence},\"event\":{event}}}\n");
    };
    for (number, (run, at, name)) in runs.iter().enumerate() {
        let task = format!("0badcafe-0000-4000-8000-{number:012x}");
        if !name.is_empty() {
            event(format!(
                r#"{{"TaskCreated":{{"task_spec":{{"id":"{task}","payload":{{"bytes":[]}},"run_policy":"Once","constraints":{{"max_attempts":3}},"metadata":{{"tags":[],"priority":0,"description":"{name}"}}}},"timestamp":{at}}}}}"#,
            ));
        }
        event(format!(
            r#"{{"RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","attempt_count":0,"created_at":{at},"scheduled_at":{at},"effective_priority":0,"last_state_change_at":{at}}}}}}}"#,
        ));
    }
    lines
}

/// The first column of each run's row.
fn ids(screen: &str) -> Vec<String> {
    let rows =
        screen.lines().filter_map(|row| row.split_once(" ◦ ")).filter(|(before, _)| before.trim().is_empty());
    let ids = rows.filter_map(|(_, row)| row.split_whitespace().next());
    ids.filter(|id| *id != "Scheduled").map(str::to_owned).collect()
}

#[test]
fn what_is_shown_of_ids_tells_them_apart_and_finds_each() {
    let families: [(&str, [&str; 4]); 6] = [
        (
            "in order of time",
            [
                "01a1fa09-12ba-706b-b84c-77fa8d0038ec",
                "01a1fa09-12bb-7d11-9a3c-5c1f0a2b9e70",
                "01a1fa09-12bb-7d12-8f00-0ab1c2d3e4f5",
                "01a1fa09-12bc-7001-8f00-9988776655aa",
            ],
        ),
        (
            "random",
            [
                "7ef10564-5239-4a8a-8750-4366287dfb0b",
                "9c0f1a22-5239-4a8a-8750-4366287dfb0b",
                "1b2c3d4e-aaaa-4a8a-8750-4366287dfb0b",
                "ffffffff-5239-4a8a-8750-000000000000",
            ],
        ),
        (
            "short numbers",
            [
                "00000000-0000-4000-8000-00000000002a",
                "00000000-0000-4000-8000-00000000002b",
                "00000000-0000-4000-8000-00000000012a",
                "00000000-0000-4000-8000-000000000001",
            ],
        ),
        (
            "alike at both ends",
            [
                "aaaaaaaa-0001-4000-8000-00000000002a",
                "aaaaaaaa-0002-4000-8000-00000000002a",
                "aaaaaaaa-0003-4000-8000-00000000002a",
                "aaaaaaaa-0004-4000-8000-00000000002a",
            ],
        ),
        (
            "one unlike the others",
            [
                "aaaaaaaa-0001-4000-8000-00000000002a",
                "aaaaaaaa-0001-4000-8000-00000000002b",
                "bbbbbbbb-0001-4000-8000-00000000002a",
                "cccccccc-0004-4000-8000-00000000002c",
            ],
        ),
        (
            "mixed",
            [
                "01a1fa09-12ba-706b-b84c-77fa8d0038ec",
                "01a1fa09-12bb-7d11-9a3c-5c1f0a2b9e70",
                "7ef10564-5239-4a8a-8750-4366287dfb0b",
                "00000000-0000-4000-8000-00000000002a",
            ],
        ),
    ];
    for (family, runs) in families {
        let text = log(&runs.map(|run| (run, MID - 60, "import")));
        for width in [80, 120, 200] {
            let stage = || Stage::with_control(width, 30, MID).read(text.as_bytes());
            let shown = ids(&stage().text());
            let all: BTreeSet<&String> = shown.iter().collect();
            assert_eq!((shown.len(), all.len()), (4, 4), "{family}: {shown:?}");
            for id in &shown {
                for typed in [id.clone(), id.replace('…', ""), id.to_uppercase(), id.replace('…', "~")] {
                    let found = ids(&stage().press(&format!("/id:{typed}<enter>")).text());
                    assert_eq!(found.as_slice(), std::slice::from_ref(id), "{family}: `{typed}`");
                }
            }
            // The page and the question's answer name the run as its row does.
            let page = stage().press("j<enter>").text();
            assert!(page.contains(&format!("─ Run {} ─", shown[0])), "{page}");
            let mut asked = stage().press("jc");
            asked.draw();
            asked.app.shown(asked.now());
            asked.pass(Duration::from_secs(1));
            let asked = asked.press("y").text();
            assert!(asked.contains(&format!("cancel of {} asked", shown[0])), "{asked}");
        }
    }
}

#[test]
fn the_column_of_ids_stays_as_wide_while_the_list_is_gone_through() {
    let ids: Vec<String> =
        (0..120_u64).map(|n| format!("{:08x}-0000-7000-8000-{:012x}", n / 40, n * 7919)).collect();
    let runs: Vec<(&str, u64, &str)> = ids.iter().map(|id| (id.as_str(), MID - 60, "import")).collect();
    let mut stage = Stage::new(80, 24, MID).read(log(&runs).as_bytes()).press("<enter>");
    let mut columns = BTreeSet::new();
    for _ in 0..130 {
        let text = stage.text();
        columns.extend(text.lines().filter(|row| row.contains(" ◦ …")).map(|row| row.find("import")));
        assert!(text.contains("◦ …"), "{text}");
        stage = stage.press("j");
    }
    assert_eq!(columns.len(), 1);
}

#[test]
fn the_day_and_the_time_of_creation_are_told_in_one_form() {
    let runs = [
        ("10000000-0000-4000-8000-000000000001", MID, "today"),
        ("20000000-0000-4000-8000-000000000001", MID - 86_400, "yesterday"),
        ("30000000-0000-4000-8000-000000000001", MID - 30 * 86_400, "long ago"),
    ];
    for (width, expected) in [
        (50, ["11-20 17:37", "11-19 17:37", "10-21 17:37"]),
        (80, ["11-20 17:37:52", "11-19 17:37:52", "10-21 17:37:52"]),
        (220, ["2026-11-20 17:37:52", "2026-11-19 17:37:52", "2026-10-21 17:37:52"]),
    ] {
        let stage = Stage::new(width, 20, MID).read(log(&runs).as_bytes());
        let text = stage.press(":columns run task in_state created<enter>z").text();
        let columns: BTreeSet<usize> =
            expected.iter().filter_map(|told| text.lines().find_map(|row| row.find(told))).collect();
        assert!(expected.iter().all(|told| text.contains(told)), "{text}");
        assert_eq!(columns.len(), 1, "{text}");
    }
}

#[test]
fn instants_on_both_sides_of_midnight_stand_below_each_other() {
    // 2026-11-21 00:00:00 in UTC.
    let midnight = 1_795_219_200;
    let run = "10000000-0000-4000-8000-000000000001";
    let mut text = log(&[(run, midnight - 90, "nightly")]);
    let states = [
        ("Scheduled", "Ready", midnight - 60),
        ("Ready", "Leased", midnight - 1),
        ("Leased", "Running", midnight + 5),
    ];
    for (sequence, (from, to, at)) in (3..).zip(states) {
        text += &format!(
            "{{\"sequence\":{sequence},\"event\":{{\"RunStateChanged\":{{\"run_id\":\"{run}\",\"previous_state\":\"{from}\",\"new_state\":\"{to}\",\"timestamp\":{at}}}}}}}\n"
        );
    }
    let page = Stage::new(120, 60, midnight + 60).read(text.as_bytes()).press("j<enter>").text();
    let told = ["11-20 23:58:30", "11-20 23:59:00", "11-20 23:59:59", "11-21 00:00:05"];
    let states: Vec<&str> = page.lines().skip_while(|row| row.trim() != "States").skip(1).take(4).collect();
    for (row, told) in states.iter().zip(told) {
        assert_eq!(row.find(told), Some(3), "{page}");
    }
}

#[test]
fn the_pace_beside_live_is_the_queues_own() {
    let runs = |from: u32, n: u32| {
        let ids: Vec<String> =
            (from..from + n).map(|n| format!("{n:08x}-0000-4000-8000-000000000001")).collect();
        ids.iter().map(|id| (id.clone(), MID)).collect::<Vec<_>>()
    };
    let lines = |from: u32, n: u32| {
        let runs = runs(from, n);
        log(&runs.iter().map(|(id, at)| (id.as_str(), *at, "")).collect::<Vec<_>>())
    };
    let header = |stage: &mut Stage| stage.text().lines().next().unwrap().to_owned();
    let mut stage = Stage::new(200, 24, MID).read(lines(0, 5_000).as_bytes());
    assert!(header(&mut stage).contains("LIVE  – ev/s"), "{}", header(&mut stage));
    stage.pass(Duration::from_secs(2));
    assert!(header(&mut stage).contains("LIVE  0 ev/s"), "{}", header(&mut stage));
    stage.append(lines(5_000, 40).replace("\"sequence\":", "\"sequence\":5").as_bytes());
    stage.pass(Duration::from_secs(1));
    assert!(header(&mut stage).contains("LIVE  40 ev/s"), "{}", header(&mut stage));
    // What came while the view was frozen is no pace.
    let mut stage = stage.press("<space>");
    stage.append(lines(6_000, 3_000).replace("\"sequence\":", "\"sequence\":9").as_bytes());
    assert!(!header(&mut stage).contains("/s"), "{}", header(&mut stage));
    let mut stage = stage.press("<space>");
    while stage.app.is_behind() {
        let now = stage.now();
        stage.app.catch_up(now);
    }
    stage.pass(Duration::from_millis(500));
    assert!(header(&mut stage).contains("LIVE  – ev/s"), "{}", header(&mut stage));
    stage.pass(Duration::from_millis(1500));
    stage.pass(Duration::from_millis(1500));
    assert!(header(&mut stage).contains("LIVE  0 ev/s"), "{}", header(&mut stage));
}

#[test]
fn while_it_is_read_the_pace_is_said_to_be_that_of_reading() {
    let ids: Vec<String> = (0..2_000).map(|n| format!("{n:08x}-0000-4000-8000-000000000001")).collect();
    let runs: Vec<(&str, u64, &str)> = ids.iter().map(|id| (id.as_str(), MID, "")).collect();
    let mut stage = Stage::new(200, 24, MID);
    let now = stage.now();
    let reading = Status { offset: 50, size: 100, ..Status::default() };
    stage.app.ingest(Delivery::Status(reading), now);
    stage.append(log(&runs).as_bytes());
    let header = stage.text().lines().next().unwrap().to_owned();
    assert!(header.contains("READING 50 %") && header.contains("reading 2,000 lines/s"), "{header}");
    assert!(!header.contains("ev/s"), "{header}");
}

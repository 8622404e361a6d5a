//! The clock: what is typed, what is shown, and every unit.

use super::*;

/// 2026-11-20 17:37:41 in UTC.
const NOW: u64 = 1_795_196_261;

static UTC: Clock = Clock::utc();

#[test]
fn a_time_is_read_as_people_write_it() {
    for (typed, expected) in [
        ("17:37:41", Some(NOW)),
        ("17:37", Some(NOW - 41)),
        ("23:59:59", Some(NOW + 22_938)),
        ("2026-11-20 17:37:41", Some(NOW)),
        ("2026-11-20T17:37", Some(NOW - 41)),
        ("2026-11-20", Some(NOW - 63_461)),
        ("2026-11-20T17:37:41Z", Some(NOW)),
        ("2026-11-20 18:37:41+01:00", Some(NOW)),
        ("2026-11-20T17:37:41.9Z", Some(NOW)),
        ("-5m", Some(NOW - 300)),
        ("+30s", Some(NOW + 30)),
        ("-1h30m", Some(NOW - 5400)),
        ("-1h30", Some(NOW - 5400)),
        ("+1.5h", Some(NOW + 5400)),
        ("-2d", Some(NOW - 172_800)),
        ("-1 hour 30 minutes", Some(NOW - 5400)),
        ("-PT90S", Some(NOW - 90)),
        ("-100y", Some(0)),
        ("-30000y", None),
        ("1969-12-31T23:00Z", Some(0)),
        ("24:00", None),
        ("17", None),
        ("1737", None),
        ("17:37 tomorrow", None),
        ("2026-11-31 10:00", None),
        ("5m", None),
        ("-5", None),
        ("-5 apples", None),
        ("-", None),
        ("now", None),
        ("", None),
    ] {
        let found = TypedTime::parse(typed).ok().map(|typed| UTC.of(Unit::Seconds).instant(&typed, NOW));
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn a_time_without_a_zone_is_that_of_the_clock_and_a_day_is_as_long_as_it_was() {
    // Clocks were set from 2:00 to 3:00 on 2026-03-29, and from 3:00 to 2:00 on 2026-10-25.
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    let clock = Clock { zone };
    let spring: u64 = 1_774_778_400; // 12:00 on that day.
    let autumn: u64 = 1_792_926_000; // The same in autumn.
    for (typed, reference, expected) in [
        ("12:00", spring + 3600, spring),
        ("2026-03-29 12:00", 0, spring),
        ("2026-03-29 12:00Z", 0, spring + 7200),
        ("-1d", spring, spring - 23 * 3600),
        ("-1d", autumn, autumn - 25 * 3600),
        ("-24h", autumn, autumn - 24 * 3600),
        ("02:30", spring, spring - 8 * 3600 - 1800),
        ("02:30", autumn, autumn - 10 * 3600 - 1800),
        ("14:00", u64::MAX, u64::MAX),
    ] {
        let typed_time = TypedTime::parse(typed).unwrap();
        assert_eq!(
            clock.of(Unit::Seconds).instant(&typed_time, reference),
            expected,
            "{typed} of {reference}"
        );
    }
}

#[test]
fn the_day_is_told_only_when_it_is_another_and_nonsense_is_a_question_mark() {
    let now = 1_795_196_261;
    for (at, expected) in [
        (now, "17:37:41"),
        (now - 60, "17:36:41"),
        (now - 86_400, "2026-11-19 17:37:41"),
        (164, "?"),
        (u64::MAX, "?"),
        (u64::MAX / 2, "?"),
    ] {
        assert_eq!(UTC.of(Unit::Seconds).time(at, now), expected);
    }
    assert_eq!(UTC.of(Unit::Seconds).minute(now), "17:37");
    for (step, expected) in [(5, "17:37:41"), (60, "17:37"), (86_400, "11-20 17:37")] {
        assert_eq!(UTC.of(Unit::Seconds).tick(now, step), expected);
    }
    for (at, expected) in [(now, "17:37:41"), (now - 86_400, "11-19 17:37:41"), (164, "?")] {
        assert_eq!(UTC.of(Unit::Seconds).brief(at, now), expected);
    }
}

#[test]
fn the_instants_of_a_list_have_one_form() {
    let now = 1_795_196_261;
    for (instants, expected) in [
        (vec![now, now - 60], ["17:37:41", "17:36:41"]),
        (vec![now, now - 86_400], ["11-20 17:37:41", "11-19 17:37:41"]),
        (vec![now - 400 * 86_400, now], ["2025-10-16 17:37:41", "2026-11-20 17:37:41"]),
        // What is no time has no say.
        (vec![164, now], ["?", "17:37:41"]),
    ] {
        let form = UTC.of(Unit::Seconds).form(instants.iter().copied(), now);
        let told: Vec<String> = instants.iter().map(|at| UTC.of(Unit::Seconds).listed(*at, form)).collect();
        assert_eq!(told, expected);
        assert!(told.iter().all(|it| it == "?" || it.len() == form.columns()));
    }
}

#[test]
fn a_finer_unit_has_more_digits_where_there_is_room() {
    use Unit::{Microseconds, Milliseconds, Nanoseconds, Seconds};
    for (unit, parts, exactly, stamped) in [
        (Seconds, 0, "17:37:41", "2026-11-20T17:37:41Z"),
        (Milliseconds, 340, "17:37:41.340", "2026-11-20T17:37:41.340Z"),
        (Microseconds, 7, "17:37:41.000007", "2026-11-20T17:37:41.000007Z"),
        (Nanoseconds, 0, "17:37:41.000000000", "2026-11-20T17:37:41.000000000Z"),
    ] {
        let (clock, at) = (UTC.of(unit), unit.of_seconds(NOW) + parts);
        assert_eq!(clock.time(at, at), "17:37:41");
        assert_eq!(clock.exactly(at, clock.brief(at, at)), exactly);
        assert_eq!(clock.exact_columns(TimeForm::Second), exactly.len());
        assert_eq!(clock.exactly(7, clock.brief(7, at)), "?");
        assert_eq!(stamp(at, unit), stamped);
        assert_eq!(clock.minute(at), "17:37");
        assert_eq!(clock.tick(at, unit.of_seconds(1)), "17:37:41");
    }
    let at = Microseconds.of_seconds(NOW) + 340_007;
    for (step, expected) in [(200_000, "17:37:41.340"), (500, "17:37:41.340007"), (1_000_000, "17:37:41")] {
        assert_eq!(UTC.of(Microseconds).tick(at, step), expected, "{step}");
    }
}

#[test]
fn a_second_that_is_typed_is_meant_to_its_end_and_its_parts_as_they_are() {
    let now = 1_000 * NOW + 340;
    for (typed, expected) in [
        ("17:37:41", 1_000 * NOW + 999),
        ("2026-11-20T17:37:41Z", 1_000 * NOW + 999),
        ("17:37:41.25", 1_000 * NOW + 250),
        ("-500ms", now - 500),
        ("+1s", now + 1_000),
        ("-100y", 0),
    ] {
        let typed_time = TypedTime::parse(typed).unwrap();
        assert_eq!(UTC.of(Unit::Milliseconds).instant(&typed_time, now), expected, "{typed}");
    }
}

#[test]
fn no_instant_of_any_unit_is_too_large() {
    for unit in Unit::ALL {
        let clock = UTC.of(unit);
        for at in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
            for now in [0, u64::MAX, at] {
                let form = clock.form([at], now);
                let told = [clock.time(at, now), clock.brief(at, now), clock.listed(at, form)];
                assert!(told.into_iter().all(|told| clock.exactly(at, told).len() <= 29));
                let _ = (clock.minute(at), clock.tick(at, now), stamp(at, unit));
                for typed in ["12:00", "-1s", "+9000y", "2026-11-20"] {
                    let _ = clock.instant(&TypedTime::parse(typed).unwrap(), at);
                }
            }
        }
    }
}

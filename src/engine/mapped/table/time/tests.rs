//! Instants in every form.

use proptest::prelude::*;

use super::*;

fn of(unit: TimeUnit, zone_name: &str) -> TimeOf {
    TimeOf { at: Pick::Element, unit, zone: zone(zone_name).unwrap() }
}

fn text(text: &str) -> FoundValue<'_> {
    FoundValue::Text(text.into())
}

#[test]
fn texts_are_read_with_and_without_a_zone() {
    for (given, zone, expected) in [
        ("2026-11-21T14:03:10.250Z", "UTC", Some(1_795_269_790_250)),
        ("2026-11-21T14:03:10Z", "UTC", Some(1_795_269_790_000)),
        ("2026-11-21t14:03:10z", "UTC", Some(1_795_269_790_000)),
        ("2026-11-21T14:03:10", "UTC", Some(1_795_269_790_000)),
        ("2026-11-21 14:03:10", "UTC", Some(1_795_269_790_000)),
        ("2026-11-21 14:03:10,5", "UTC", Some(1_795_269_790_500)),
        ("2026-11-21T16:03:10+02:00", "UTC", Some(1_795_269_790_000)),
        ("2026-11-21T16:03:10+0200", "UTC", Some(1_795_269_790_000)),
        ("2026-11-21T09:03:10.999999999-05:00", "UTC", Some(1_795_269_790_999)),
        ("2026-11-21T14:03:10.250", "+02:00", Some(1_795_262_590_250)),
        ("2026-11-21T14:03:10", "Europe/Berlin", Some(1_795_266_190_000)),
        ("2026-07-21T14:03:10", "Europe/Berlin", Some(1_784_635_390_000)),
        // Where a text has a zone, that of the table says nothing.
        ("2026-11-21T14:03:10Z", "Europe/Berlin", Some(1_795_269_790_000)),
        // A whole day.
        ("2026-11-21", "UTC", Some(1_795_219_200_000)),
        ("2024-02-29T00:00:00Z", "UTC", Some(1_709_164_800_000)),
        ("2000-02-29T00:00:00Z", "UTC", Some(951_782_400_000)),
        ("2100-02-29T00:00:00Z", "UTC", None),
        ("2026-13-01T00:00:00Z", "UTC", None),
        ("2026-11-31T00:00:00Z", "UTC", None),
        ("2026-11-21T24:00:01Z", "UTC", None),
        ("1969-12-31T23:59:59Z", "UTC", None),
        ("1970-01-01T00:00:00Z", "UTC", Some(0)),
        ("9999-12-31T23:59:59.999", "UTC", Some(LAST)),
        ("1970-01-01T00:00:00+01:00", "UTC", None),
        ("", "UTC", None),
        ("soon", "UTC", None),
        ("2026-11-21T14:03", "UTC", Some(1_795_269_780_000)),
    ] {
        assert_eq!(of(TimeUnit::Auto, zone).read(&text(given)), expected, "{given} {zone}");
    }
}

#[test]
fn numbers_are_read_by_their_size_or_their_unit() {
    use TimeUnit::{Auto, Microseconds, Milliseconds, Nanoseconds, Seconds};
    for (unit, given, expected) in [
        (Auto, "1795269790", Some(1_795_269_790_000)),
        (Auto, "1795269790250", Some(1_795_269_790_250)),
        (Auto, "1795269790250999", Some(1_795_269_790_250)),
        (Auto, "1795269790250999999", Some(1_795_269_790_250)),
        (Auto, "1757903534.819338", Some(1_757_903_534_819)),
        (Auto, "1757903534.5", Some(1_757_903_534_500)),
        (Auto, "1795269790250.9", Some(1_795_269_790_250)),
        (Auto, "1.795269790e9", Some(1_795_269_790_000)),
        (Auto, "1795269790E3", Some(1_795_269_790_000)),
        (Auto, "0", Some(0)),
        (Auto, "99999999999", Some(99_999_999_999_000)),
        (Auto, "100000000000", Some(100_000_000_000)),
        (Auto, "99999999999999", Some(99_999_999_999_999)),
        (Auto, "100000000000000", Some(100_000_000_000)),
        (Auto, "99999999999999999999", Some(99_999_999_999_999)),
        (Auto, "999999999999999999999", None),
        (Seconds, "253402300799", Some(253_402_300_799_000)),
        (Seconds, "253402300800", None),
        (Seconds, "1795269790250", None),
        (Seconds, "340282366920938463463374607431768211456", None),
        (Milliseconds, "1795269790", Some(1_795_269_790)),
        (Milliseconds, "1795269790250", Some(1_795_269_790_250)),
        (Microseconds, "1795269790250999", Some(1_795_269_790_250)),
        (Nanoseconds, "1651539480501042702", Some(1_651_539_480_501)),
        (Auto, "-1", None),
        (Auto, "-1795269790", None),
        (Auto, "1e400", None),
        (Auto, "1e22", None),
    ] {
        let time = of(unit, "UTC");
        assert_eq!(time.read(&FoundValue::Number(given.into())), expected, "{unit:?} {given}");
        if !given.contains(['e', 'E', '-']) {
            assert_eq!(time.read(&text(given)), expected, "{unit:?} {given:?} as a text");
        }
    }
    for value in [FoundValue::Absent, FoundValue::Null, FoundValue::Bool(true), text("."), text("1.2.3")] {
        assert_eq!(of(Auto, "UTC").read(&value), None, "{value:?}");
    }
}

#[test]
fn zones_are_names_or_offsets() {
    for name in ["UTC", "Z", "Europe/Berlin", "+02:00", "-05:30"] {
        assert!(zone(name).is_some(), "{name}");
    }
    for name in ["", "Mars/Olympus", "+2", "+02:60", "+99:00", "02:00", "+0a:00"] {
        assert!(zone(name).is_none(), "{name}");
    }
}

proptest! {
    #[test]
    fn the_quick_way_reads_as_the_calendar_does(
        at in 0_i64..253_402_214_400_000,
        offset in -1439_i32..1440,
        precision in 0_usize..10,
    ) {
        let instant = Timestamp::from_millisecond(at).unwrap();
        let zone = TimeZone::fixed(Offset::from_seconds(offset * 60).unwrap());
        let zoned = instant.to_zoned(zone);
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        let written = format!("{:.precision$}{sign}{hours:02}:{minutes:02}", zoned.datetime());
        let slow = of(TimeUnit::Auto, "UTC").slow(&written);
        if let Some((quick, has_zone)) = quick(written.as_bytes()) {
            prop_assert!(has_zone);
            prop_assert_eq!(Some(quick), slow, "{}", written);
        } else {
            prop_assert!(written.as_str() < "1970-01-02" || slow.is_none(), "{}", written);
        }
    }

    #[test]
    fn no_text_is_read_in_two_ways(written in "[0-9TZtz:+., -]{0,32}") {
        if let Some((quick, true)) = quick(written.as_bytes()) {
            prop_assert_eq!(Some(quick), of(TimeUnit::Auto, "UTC").slow(&written), "{}", written);
        }
    }
}

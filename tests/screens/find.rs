//! Whole screens of what a query finds, of groups and orders, of marks and of many cancels, at fixed times and sizes.

use std::time::Duration;

use insta::assert_snapshot;
use runwatch::app::Step;
use runwatch::control::outcome::Outcome;
use runwatch::control::refusal::SendError;
use runwatch::ui::Theme;
use runwatch::ui::theme::Palette;

use crate::common::lines_of;
use crate::stage::{MID, Stage};

const ASCII: Theme = Theme { color: false, unicode: false, palette: Palette::Dark };

/// A recording of ActionQueue 0.1 with runs in each of its nine states.
fn mid() -> Vec<u8> {
    lines_of("tests/logs/live-small-mid.jsonl")
}

#[test]
fn what_a_query_finds_fits_every_size() {
    for (width, height) in [(40, 10), (80, 24), (120, 40), (200, 60)] {
        let stage = Stage::new(width, height, MID).read(&mid());
        let mut kept = stage.press("/state:live attempts>=1<enter>jj");
        assert_snapshot!(format!("found_{width}x{height}"), kept.text());
    }
    let typed = |keys: &str| Stage::new(80, 24, MID).read(&mid()).press(keys).text();
    assert_snapshot!("typed_80x24", typed("/state:run attempts>=2 or ta"));
    assert_snapshot!("wrong_80x24", typed("/state:live attempst>=2"));
    assert_snapshot!("nothing_80x24", typed("/tag:nowhere<enter>"));
    assert_snapshot!("command_80x24", typed(":so"));
}

#[test]
fn groups_and_orders_are_seen() {
    let shown =
        |size: (u16, u16), keys: &str| Stage::new(size.0, size.1, MID).read(&mid()).press(keys).text();
    assert_snapshot!("by_task_120x40", shown((120, 40), ":group task<enter>jj<enter>"));
    assert_snapshot!("by_owner_80x24", shown((80, 24), ":group owner<enter>"));
    assert_snapshot!("not_grouped_80x24", shown((80, 24), ":group nothing<enter>:sort attempts<enter>"));
    assert_snapshot!(
        "columns_200x60",
        shown((200, 60), "z:columns run task in_state key created waiting<enter>:sort waiting<enter>")
    );
    let mut ascii = Stage::new(80, 24, MID).theme(ASCII).read(&mid());
    ascii = ascii.press("/live<enter>:group task<enter>:sort run<enter>j<enter>jmm");
    let ascii = ascii.text();
    assert!(ascii.is_ascii());
    assert_snapshot!("by_task_80x24_ascii", ascii);
}

#[test]
fn many_are_asked_about_and_counted() {
    for (width, height) in [(40, 10), (80, 24), (120, 40)] {
        let stage = Stage::with_control(width, height, MID).read(&mid());
        let mut asked = stage.press("/state:retrywait or state:running<enter>Mc");
        assert_snapshot!(format!("many_{width}x{height}"), asked.text());
    }
    let mut stage = Stage::with_control(120, 40, MID).read(&mid()).press("/state:retrywait<enter>Mc");
    stage.draw();
    stage.pass(Duration::from_secs(1));
    assert_eq!(stage.type_keys("y"), Step::Stay);
    assert_snapshot!("many_without_the_number", stage.text());
    assert_eq!(stage.type_keys("13y"), Step::Stay);
    let now = stage.now();
    for (number, command) in stage.app.send_due(8, now).into_iter().enumerate() {
        let result = if number == 0 { Err(SendError::Dead) } else { Ok(()) };
        stage.app.answered(&Outcome { id: command.id, kind: command.kind, result }, now);
    }
    assert_snapshot!("sending_120x40", stage.text());
    let stage = stage.press(":ledger<enter>");
    let mut stage = stage;
    assert_snapshot!("ledger_120x40", stage.text());
}

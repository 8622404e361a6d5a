//! The engine obeys what a script asks, and its own log proves it.

use std::num::NonZeroU32;
use std::time::Duration;

use runwatch::args::{Cancel, Environment};
use runwatch::commands::cancel;
use runwatch::control::target::Target;
use runwatch::query::QueryText;
use runwatch::source::origin::Origin;

use crate::running::Running;

#[test]
fn what_a_script_cancels_is_proved_by_the_log_of_the_real_engine() {
    let mut running = Running::start(20.0);
    let run = running.wait_for("run that runs", |log| log.run_in("Running"));
    let cancel = Cancel {
        given: runwatch::args::GivenArgs::default(),
        source: Origin::Path(running.log_path()),
        runs: vec![run.clone()],
        query: Some(QueryText::parse("state:scheduled or state:awaiting").unwrap()),
        all: false,
        control: Target::File(running.control_path()),
        token_file: None,
        control_rate: NonZeroU32::new(1000).unwrap(),
        evidence_timeout: Duration::from_secs(20),
        wait: true,
        json: false,
        yes: true,
    };
    // Runs that end by themselves meanwhile are overtaken; nothing is refused, and the log is silent about
    // none.
    let code = format!("{:?}", cancel::run(&cancel, &Environment::read().unwrap()).unwrap());
    assert!(["(0)", "(3)"].iter().any(|expected| code.contains(expected)), "{code}");
    running.wait_for("its end", |log| {
        ["Canceled", "Completed", "Failed"].contains(&log.state_of(&run)).then_some(())
    });
    running.stop();
}

//! The `runwatch` program: reads what was typed, runs one command, and turns its end into an exit code.

use std::io::{self, Write as _};
use std::num::NonZeroU32;
use std::process::ExitCode;

use runwatch::args::{
    self, Args, CancelArgs, Command, ConfigArgs, DiffArgs, FollowArgs, GenArgs, InstantArgs, OwnArgs,
    Program, ReplayArgs, RetainArgs, ScreenshotArgs, StatsArgs, Surroundings, WaitArgs, WatchArgs,
};
use runwatch::commands::cancel::Cancel;
use runwatch::commands::config::Question;
use runwatch::commands::diff::{self, Diff};
use runwatch::commands::follow::{self, Follow};
use runwatch::commands::instant::Report;
use runwatch::commands::replay::Replay;
use runwatch::commands::sample::Plan;
use runwatch::commands::screenshot::{self, Output, Screenshot};
use runwatch::commands::wait::Wait;
use runwatch::commands::watch::Watch;
use runwatch::commands::{self, FAILED, Failure, check};
use runwatch::config::{self, Config};
use runwatch::history::Keep;
use runwatch::model::event::Vocabulary;
use runwatch::query::Query;
use runwatch::runtime::Telling;
use runwatch::source::origin::Origin;
use runwatch::store::{Retain, Rules};
use runwatch::terminal::output::guard::Gate;
use runwatch::terminal::panics;
use runwatch::ui::Theme;

fn main() -> color_eyre::Result<ExitCode> {
    let gate = panics::install()?;
    let args = Args::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    let outcome = match Surroundings::read() {
        Ok(surroundings) => run(args, surroundings, &gate),
        Err(unknown) => Err(Failure {
            what: format!("failed to read RUNWATCH_FAULT: {unknown}"),
            hint: Some(unknown.hint()),
        }),
    };
    Ok(outcome.unwrap_or_else(|failure| complain(&failure)))
}

fn run(args: Args, surroundings: Surroundings, gate: &Gate) -> Result<ExitCode, Failure> {
    match args.command {
        Some(Command::Stats(StatsArgs { instant, retain: wanted })) => {
            commands::stats::run(&report(instant), retain(wanted, Retain::default()))
        }
        Some(Command::Check { report, strict }) => {
            let rules = if strict { Rules::Strict } else { Rules::Lenient };
            check::run(&report.source(), check::Style { rules, json: report.json })
        }
        Some(Command::Runs(asked)) => commands::runs::run(&report(asked)),
        Some(Command::Diff(DiffArgs { report, from, to })) => {
            diff::run(&Diff { source: report.source(), from, to, json: report.json })
        }
        Some(Command::Screenshot(args)) => screenshot(args),
        Some(Command::Config(args)) => {
            commands::config::run(&question(args), surroundings.config_home.as_deref())
        }
        Some(Command::Gen(wanted)) => commands::sample::run(&plan(&wanted)),
        Some(Command::Cancel(args)) => cancel(args, &surroundings),
        Some(Command::Wait(args)) => commands::wait::run(&wait(args)),
        Some(Command::Follow(args)) => follow(args, &surroundings),
        Some(Command::Replay(args)) => replay(args, surroundings, gate),
        None if args.print_man => commands::print(args::man),
        None => match args.print_completions {
            Some(shell) => commands::print(|out| args::completions(shell, out)),
            None => watch(args.watch, surroundings, gate),
        },
    }
}

fn report(asked: InstantArgs) -> Report {
    let InstantArgs { report, at, query } = asked;
    Report { source: report.source(), at, query, json: report.json }
}

fn plan(wanted: &GenArgs) -> Plan {
    let vocabulary = if wanted.vocabulary == "0.1" { Vocabulary::Aq01 } else { Vocabulary::Aq02 };
    let GenArgs { events, runs, seed, scattered, .. } = *wanted;
    let runs = runs.unwrap_or_else(|| Plan::runs_of(events));
    Plan { events, runs, vocabulary, seed, scattered }
}

fn question(args: ConfigArgs) -> Question {
    match args.check {
        Some(named) => Question::Check(named),
        None if args.path => Question::Path,
        None => Question::Default,
    }
}

/// What the environment says, and what the config file does; arguments win over both.
fn own(args: &OwnArgs, mut surroundings: Surroundings) -> Result<(Surroundings, Config), Failure> {
    let home = surroundings.config_home.as_deref();
    let (mut config, unreachable) = config::load_if_reachable(args.config.as_deref(), home)?;
    surroundings.warning = unreachable.map(|it| it.to_string());
    surroundings.theme.unicode &= !(args.ascii || config.ascii);
    config.theme = args.theme.unwrap_or(config.theme);
    Ok((surroundings, config))
}

fn watch(args: WatchArgs, surroundings: Surroundings, gate: &Gate) -> Result<ExitCode, Failure> {
    let Some(log) = args.log else {
        let what = "there is no log to show".to_owned();
        return Err(Failure {
            what,
            hint: Some("name one: `runwatch LOG`, or see `runwatch --help`".to_owned()),
        });
    };
    let (surroundings, mut config) = own(&args.own, surroundings)?;
    let rate = args.control_rate.map_or(config.taste.control_rate, NonZeroU32::get);
    config.taste.control_rate = rate;
    let history = args.history.unwrap_or(config.history);
    let alerts = (args.bell || config.taste.bell, args.notify || config.taste.notify);
    let telling = telling(args.on, args.exec, alerts)?;
    let watch = Watch {
        source: Origin::from(log),
        telling,
        control: args.control,
        token_file: args.token_file,
        read_only: args.read_only,
        evidence_timeout: args.evidence_timeout.unwrap_or(config.evidence_timeout),
        retain: retain(args.retain, config.retain),
        keep: if history == 0 { Keep::Nothing } else { Keep::Lines(history) },
        taste: config.taste,
        theme: config.theme,
    };
    commands::watch::run(&watch, &surroundings, gate)
}

/// Which ended runs are kept: arguments win over the file.
fn retain(args: RetainArgs, config: Retain) -> Retain {
    Retain { ended: args.retain.unwrap_or(config.ended), memory: args.memory.unwrap_or(config.memory) }
}

/// What is told of, and how: each `--exec` belongs to an `--on`.
fn telling(on: Vec<Query>, exec: Vec<Program>, (bell, notify): (bool, bool)) -> Result<Telling, Failure> {
    let refused =
        |what: &str, hint: &str| Err(Failure { what: what.to_owned(), hint: Some(hint.to_owned()) });
    if !exec.is_empty() && exec.len() != on.len() {
        return refused("some --on have an --exec, and some have none", "give each --on an --exec, or none");
    }
    if !on.is_empty() && exec.is_empty() && !bell && !notify {
        return refused("--on does not say how to tell", "add --bell, --notify or --exec COMMAND");
    }
    let queries = if on.is_empty() && (bell || notify) {
        Query::parse("state:Failed").ok().into_iter().collect()
    } else {
        on
    };
    Ok(Telling { queries, programs: exec.into_iter().map(|Program(argv)| argv).collect(), bell, notify })
}

fn replay(args: ReplayArgs, surroundings: Surroundings, gate: &Gate) -> Result<ExitCode, Failure> {
    let (surroundings, config) = own(&args.own, surroundings)?;
    let retain = retain(args.retain, config.retain);
    let Config { taste, theme, .. } = config;
    let replay = Replay { source: Origin::from(args.log), at: args.at, retain, taste, theme };
    commands::replay::run(&replay, &surroundings, gate)
}

fn follow(args: FollowArgs, surroundings: &Surroundings) -> Result<ExitCode, Failure> {
    let FollowArgs { log, every, retain: wanted, json } = args;
    let (source, retain) = (Origin::from(log), retain(wanted, Retain::default()));
    follow::run(&Follow { source, every, json, retain, faults: surroundings.faults })
}

fn cancel(args: CancelArgs, surroundings: &Surroundings) -> Result<ExitCode, Failure> {
    let cancel = Cancel {
        source: Origin::from(args.log),
        runs: args.runs,
        query: args.query,
        target: args.control,
        token_file: args.token_file,
        rate: args.control_rate.get(),
        evidence_timeout: args.evidence_timeout,
        waits: args.wait,
        json: args.json,
        yes: args.yes,
    };
    commands::cancel::run(&cancel, surroundings)
}

fn wait(args: WaitArgs) -> Wait {
    let WaitArgs { log, query, condition, timeout, json } = args;
    Wait { source: Origin::from(log), query, condition, timeout, json }
}

fn screenshot(args: ScreenshotArgs) -> Result<ExitCode, Failure> {
    let shot = Screenshot {
        source: Origin::from(args.log),
        output: Output::from(args.output),
        size: args.size,
        at: args.at,
        replay: args.replay,
        query: args.query,
        keys: args.keys,
        now: args.now,
        control: args.control,
        theme: Theme { color: !args.no_color, unicode: !args.ascii, palette: args.theme },
    };
    screenshot::run(&shot)
}

/// Says what failed and what to do next.
fn complain(failure: &Failure) -> ExitCode {
    let mut err = io::stderr().lock();
    // Nobody is left to be told when this fails too.
    let _ = writeln!(err, "runwatch: {failure}");
    for line in failure.hint.iter().flat_map(|hint| hint.lines()) {
        let _ = writeln!(err, "  {line}");
    }
    ExitCode::from(FAILED)
}

//! The tables of the house rules: the floors, the doors, and what is not written.

/// The floors, lowest first. A floor knows those on lines above its own, and no sibling on the same line.
pub(crate) const FLOORS: &[&[&str]] = &[
    &["model", "fault"],
    &["log", "store", "input", "control", "terminal", "errand"],
    &["fold", "projection"],
    &["history"],
    &["query"],
    &["view"],
    &["app"],
    &["ui"],
    &["export"],
    &["runtime", "args", "config"],
    &["commands"],
    &["main"],
];

/// Floors that know less than they stand above: these paths and what is in them.
pub(crate) const NARROW: &[(&str, &[&str])] = &[
    ("terminal", &["model", "fault"]),
    ("input", &[]),
    ("errand", &[]),
    ("fold", &["model", "log", "store"]),
    ("history", &["model", "log", "store", "fold"]),
    ("projection", &["model", "store"]),
    ("query", &["model", "store"]),
    // The types that it parses into, and how sizes are read.
    (
        "args",
        &[
            "control::command::Operator",
            "control::target::Target",
            "control::token",
            "fault",
            "log::source::Source",
            "model::size",
            // What is told of arguments is clean.
            "model::text",
            "query::Query",
            // What was probably meant by a misspelled word.
            "query::nearest",
            "store::Ended",
            "ui::Theme",
            "ui::theme",
            "view::instant::When",
        ],
    ),
];

/// Floors that not everybody above may know.
pub(crate) const KNOWN_BY: &[(&str, &[&str])] = &[
    ("terminal", &["runtime", "commands", "main"]),
    ("args", &["commands", "main"]),
    ("config", &["commands", "main"]),
];

/// The doors: which files may name a dependency. A `*` at the end stands for any rest; `*` alone for every file.
pub(crate) const DOORS: &[(&str, &[&str])] = &[
    ("bytesize", &["model/size.rs"]),
    ("chrono", &["model/cron.rs"]),
    ("clap", &["args.rs", "args/*"]),
    ("clap_complete", &["args.rs", "args/*"]),
    ("clap_mangen", &["args/*"]),
    ("color_eyre", &["main.rs", "terminal/panics.rs"]),
    ("cron", &["model/cron.rs"]),
    ("crokey", &["input/key.rs"]),
    (
        "crossterm",
        &[
            "input/key.rs",
            "input/keymap.rs",
            "input/pointer.rs",
            "terminal/gate.rs",
            "terminal/keys.rs",
            "terminal/order.rs",
            "terminal/events.rs",
            "terminal/events/coded.rs",
        ],
    ),
    ("csv", &["export/table.rs"]),
    ("emojis", &["model/text/joiner.rs"]),
    ("etcetera", &["args/surroundings.rs"]),
    ("fastrand", &["commands/generate.rs", "commands/generate/life.rs"]),
    ("foldhash", &["store/index.rs", "store/name.rs", "store/spec.rs"]),
    ("hashbrown", &["store/name.rs", "store/spec.rs"]),
    ("hdrhistogram", &["view/times/spread.rs"]),
    ("jiff", &["view/clock.rs"]),
    (
        "memchr",
        &["log/archive.rs", "log/block.rs", "log/lines.rs", "log/follow/generation.rs", "terminal/typing.rs"],
    ),
    ("notify", &["log/follow/watch.rs"]),
    ("nucleo_matcher", &["query/complete.rs"]),
    ("ratatui", &["ui.rs", "ui/*", "terminal.rs", "terminal/sparing.rs", "terminal/sparing/*"]),
    ("regex", &["query/text.rs"]),
    ("reqwest", &["control/http.rs", "control/target.rs"]),
    (
        "rustix",
        &[
            "args/surroundings.rs",
            "config/*",
            "control/*",
            "errand.rs",
            "log/hole.rs",
            "log/limit.rs",
            "log/mishap.rs",
            "log/open.rs",
            "log/spool.rs",
            "terminal.rs",
            "terminal/*",
        ],
    ),
    ("rustls", &["control/http.rs"]),
    ("self_cell", &["log/decode/batch.rs"]),
    ("serde", &["log/decode*", "control/answer.rs", "control/command.rs", "commands/*", "projection.rs"]),
    ("serde_json", &["log/decode.rs", "control/answer.rs", "control/command.rs", "projection.rs"]),
    ("strsim", &["query/error.rs"]),
    ("tempfile", &["export.rs", "log/spool.rs"]),
    // Each floor has errors of its own.
    ("thiserror", &["*"]),
    (
        "tokio",
        &[
            "commands/cancel.rs",
            "commands/cancel/stops.rs",
            "commands/follow.rs",
            "commands/wait.rs",
            "commands/watch.rs",
            "control/channel.rs",
            "control/exec.rs",
            "control/http.rs",
            "control/sender.rs",
            "log/feed.rs",
            "log/feed/pipe.rs",
            "runtime.rs",
            "terminal/keys.rs",
            "terminal/queue.rs",
            "terminal/signals.rs",
        ],
    ),
    ("toml", &["config/*"]),
    ("tui_input", &["app/prompt.rs"]),
    ("unicode_joining_type", &["model/text/joiner.rs"]),
    ("unicode_normalization", &["query/composed.rs"]),
    ("unicode_segmentation", &["model/text.rs", "model/text/joiner.rs", "model/text/letters.rs"]),
    ("unicode_width", &["model/text.rs", "model/text/joiner.rs"]),
    (
        "uuid",
        &[
            "model/id.rs",
            "log/decode/scalar.rs",
            "log/decode/shape/cursor.rs",
            "commands/generate/life.rs",
            "query/digits.rs",
        ],
    ),
    ("xterm_color", &["terminal/background.rs"]),
];

/// What no file does, but for so many places in a file that say why: what, where, how often.
pub(crate) const NEVER: &[(&str, &[(&str, usize)])] = &[
    ("todo", &[]),
    ("unimplemented", &[]),
    ("dbg", &[]),
    ("unsafe", &[]),
    ("process::exit", &[]),
    ("process::abort", &[]),
    (
        "thread::sleep",
        &[
            // A busy writer is looked at a few hundred times a second, not thousands.
            ("log/feed.rs", 1),
            // Somebody made our input non-blocking.
            ("log/once.rs", 1),
            // Threads that wait for nothing but the terminal.
            ("terminal/gate.rs", 1),
            ("terminal/keys.rs", 2),
        ],
    ),
];

/// A longer file is split.
pub(crate) const LONGEST: usize = 500;

/// Files that are longer all the same, and why.
pub(crate) const LONG: &[(&str, &str)] = &[];

/// Words that say that something is not done. Spelled so that this file does not hold them.
pub(crate) const UNDONE: &[&str] = &[concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

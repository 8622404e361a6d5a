//! The tables of the house rules: the floors, the doors, and what is not written.

/// The floors, lowest first. A floor knows those on lines above its own, and no sibling on the same line.
pub(crate) const FLOORS: &[&[&str]] = &[
    &["model", "fault", "process", "trust"],
    &["source", "store", "input", "control", "terminal"],
    &["engine"],
    &["history", "query", "projection"],
    &["view", "session"],
    &["app"],
    &["ui"],
    &["export"],
    &["runtime", "args", "config"],
    &["commands"],
    &["main"],
];

/// Floors that know less than those below them: these paths and what is in them.
pub(crate) const NARROW: &[(&str, &[&str])] = &[
    ("terminal", &["model", "fault"]),
    ("input", &[]),
    ("process", &[]),
    ("trust", &[]),
    ("source", &["model", "fault"]),
    ("store", &["model"]),
    ("projection", &["model", "store", "engine"]),
    ("query", &["model", "store", "engine"]),
    ("session", &["model", "source", "store", "engine", "history"]),
    // The types that it parses into, and how sizes are read.
    (
        "args",
        &[
            "control::command::Operator",
            "control::target::Target",
            "control::token",
            "fault",
            "source::origin::Origin",
            "engine::actionqueue::event::Vocabulary",
            "model::clock::Period",
            // What was probably meant by a misspelled word.
            "model::nearest",
            "model::size",
            // What is told of arguments is clean.
            "model::text",
            "query::Compare",
            "query::QueryText",
            "store::Ended",
            "store::Retain",
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

/// Paths behind a seam: outside of tests, only the floor that they are in and these name them.
pub(crate) const HIDDEN: &[(&str, &[&str])] = &[
    ("model::position::Parts", &["source"]),
    ("model::position::UNKNOWN", &["source"]),
    ("source::archive", &[]),
    ("source::file", &[]),
    ("source::handle", &[]),
    ("source::spool", &[]),
    ("source::stdin", &[]),
];

/// The doors: which files may name a dependency. A `*` at the end fits any rest; `*` alone every file.
pub(crate) const DOORS: &[(&str, &[&str])] = &[
    ("bytesize", &["model/size.rs"]),
    ("chrono", &["engine/actionqueue/cron.rs"]),
    ("clap", &["args.rs", "args/*"]),
    ("clap_complete", &["args.rs", "args/*"]),
    ("clap_mangen", &["args/*"]),
    ("color_eyre", &["main.rs", "terminal/panics.rs"]),
    ("crc32fast", &["engine/actionqueue/wal/frame.rs"]),
    ("cron", &["engine/actionqueue/cron.rs"]),
    ("crokey", &["input/key.rs"]),
    (
        "crossterm",
        &[
            "input/key.rs",
            "input/keymap.rs",
            "input/pointer.rs",
            "terminal/output/guard.rs",
            "terminal/keys.rs",
            "terminal/order.rs",
            "terminal/events.rs",
            "terminal/events/coded.rs",
        ],
    ),
    ("csv", &["export/table.rs"]),
    ("emojis", &["model/text/joiner.rs"]),
    ("etcetera", &["args/environment.rs"]),
    ("fastrand", &["commands/sample.rs", "engine/actionqueue/sample.rs"]),
    (
        "foldhash",
        &[
            "store/versioned/index.rs",
            "store/versioned/map.rs",
            "store/name.rs",
            "store/spec.rs",
            "model/id/texts.rs",
        ],
    ),
    ("hashbrown", &["store/name.rs", "store/spec.rs"]),
    ("hdrhistogram", &["view/times/spread.rs"]),
    ("itoa", &["engine/actionqueue/wal/literal.rs"]),
    ("jiff", &["engine/mapped/table/*", "model/clock.rs", "model/clock/*"]),
    (
        "memchr",
        &[
            "engine/actionqueue/wal/resync.rs",
            "engine/mapped/scan/cursor.rs",
            "source/lines.rs",
            "source/lines/*",
            "terminal/typing.rs",
        ],
    ),
    ("notify", &["source/file/watch.rs"]),
    ("nucleo_matcher", &["query/complete.rs"]),
    (
        "ratatui",
        &[
            "ui.rs",
            "ui/*",
            "terminal.rs",
            "terminal/output/diff_backend.rs",
            "terminal/output/diff_backend/*",
        ],
    ),
    ("regex", &["query/text.rs"]),
    ("reqwest", &["control/http.rs", "control/target.rs"]),
    (
        "rustix",
        &[
            "args/environment.rs",
            "config/*",
            "control/*",
            "process.rs",
            "source/directory/inotify.rs",
            "source/file/hole.rs",
            "source/limit.rs",
            "source/fault_injection.rs",
            "source/open.rs",
            "source/spool.rs",
            "terminal.rs",
            "terminal/*",
            "trust.rs",
        ],
    ),
    ("rustls", &["control/http.rs"]),
    ("self_cell", &["engine/batch.rs"]),
    (
        "serde",
        &[
            "model/json.rs",
            "model/json/ascii.rs",
            "engine/actionqueue/decode*",
            "engine/actionqueue/wal/disposition.rs",
            "engine/actionqueue/wal/envelope.rs",
            "engine/dag_executor/*",
            // A run in the form of its own engine.
            "engine.rs",
            "engine/mapped/projection.rs",
            "engine/mapped/ranges.rs",
            "control/answer.rs",
            "control/command.rs",
            "commands/*",
            "projection*",
        ],
    ),
    (
        "serde_json",
        &[
            "model/json.rs",
            "model/json/ascii.rs",
            "engine/actionqueue/decode.rs",
            "engine/actionqueue/wal/disposition.rs",
            "engine/actionqueue/wal/envelope.rs",
            "engine/dag_executor/*",
            "engine/mapped/decode.rs",
            "engine/mapped/projection.rs",
            "engine/mapped/ranges.rs",
            "engine/mapped/scan/*",
            "control/answer.rs",
        ],
    ),
    ("sha2", &["engine/dag_executor/envelope.rs"]),
    ("simdutf8", &["engine/mapped/scan.rs"]),
    ("strsim", &["model/nearest.rs"]),
    ("tempfile", &["export.rs", "source/spool.rs"]),
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
            "control/http.rs",
            "control/sender.rs",
            "engine/feed.rs",
            "process.rs",
            "process/hook.rs",
            "runtime.rs",
            "terminal/keys.rs",
            "terminal/output/queue.rs",
            "terminal/signals.rs",
        ],
    ),
    ("toml", &["config/*", "engine/mapped/table/*"]),
    ("tui_input", &["app/prompt.rs"]),
    ("unicode_joining_type", &["model/text/joiner.rs"]),
    ("unicode_normalization", &["query/composed.rs"]),
    ("unicode_segmentation", &["model/text.rs", "model/text/joiner.rs", "model/text/letters.rs"]),
    ("unicode_width", &["model/text.rs", "model/text/joiner.rs"]),
    (
        "uuid",
        &[
            "model/id.rs",
            "engine/actionqueue/decode/scalar.rs",
            "engine/actionqueue/decode/shape/cursor.rs",
            "engine/actionqueue/sample.rs",
        ],
    ),
    ("xterm_color", &["terminal/background.rs"]),
];

/// Deeds that are allowed only in places that say why: what, where, how often.
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
            ("engine/feed.rs", 1),
            // A file that is being written is read again.
            ("source/directory/once.rs", 1),
            // A program made our input non-blocking.
            ("source/passing.rs", 1),
            // Threads that wait for nothing but the terminal.
            ("terminal/output/guard.rs", 1),
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

/// Phrases that no identifier, comment or text uses, spelled so that this file does not hold them. Behind a colon: the
/// words after which a phrase is one of plain English all the same.
pub(crate) const PHRASES: &[&str] = &[
    concat!("some", "body"),
    concat!("no", "body"),
    concat!("any", "body"),
    concat!("who", "ever"),
    concat!("what", "ever"),
    concat!("a", "new"),
    "l\u{65}t go",
    "l\u{65}ts go",
    "l\u{65}tting go",
    "s\u{6f} many",
    concat!("st", "ands:for"),
];

/// The one such word that programs read: a key of `follow --json`.
pub(crate) const WIRE_KEY: &str = concat!("begun_a", "new");

/// Words that no comment of documentation begins with: it begins with a verb or with what it is about.
pub(crate) const BEGINNINGS: &[&str] = &["What", "Whether", "How", "Who", "Whose", "Whom"];

/// Names of more than one public type, each of which is to become a name of its own.
pub(crate) const NAMED_TWICE: &[&str] = &[];

//! The whole config file with every setting at its default, from the tables that it is read by.

use super::Config;
use super::setting::{SETTINGS, quoted};
use crate::input::{Action, Binding, KeyGroup, Keymap, Mode};

const HEAD: &str = "\
# The config file of runwatch, with every setting at its default. A file needs only what is to be otherwise.
# `runwatch config --path` says where it is looked for, `runwatch config --check` whether it is right.
";

const KEYS: &str = "\
# An action and its key, or its keys in brackets; none with []. Keys are signs and letters (\"x\", \"X\", \"?\"), names
# (\"Enter\", \"Space\", \"PgUp\", \"F5\"), and both with Ctrl- and Alt-. Where text is typed, a letter is a letter.
# What has other keys in other places is a row of those: keep = { dialog = \"n\", find = \"Esc\" }.
";

const QUERIES: &str = "\
# Queries by a name of yours:
# stuck = \"in_state>10m -state:scheduled\"
# mine = \"@stuck owner:worker-*\"
";

/// Maximum width of a row of keys with its help text beside it.
const BESIDE: usize = 34;

/// The text of the file.
#[must_use]
pub fn default_file() -> String {
    let config = Config::default();
    let mut text = HEAD.to_owned();
    for setting in &SETTINGS {
        text.push('\n');
        (setting.about)().lines().for_each(|line| text += &format!("# {line}\n"));
        text += &format!("{} = {}\n", setting.name, (setting.write)(&config));
    }
    text += &format!("\n[queries]\n{QUERIES}\n[keys]\n{KEYS}");
    let keymap = &config.taste.keymap;
    let mut written: Vec<Action> = Vec::new();
    for group in KeyGroup::ALL {
        text += &format!("\n# {}\n", group.label());
        for entry in keymap.entries(group) {
            for row in entry {
                // An entry may be of several actions, and an action of several entries.
                if written.contains(&row.action) {
                    continue;
                }
                written.push(row.action);
                let (name, keys) = (row.action.name(), keys(keymap, row.action));
                let line = format!("{name} = {keys}");
                if line.len() <= BESIDE {
                    text += &format!("{line:<BESIDE$} # {}\n", row.help);
                } else {
                    text += &format!("# {}:\n{line}\n", row.help);
                }
            }
        }
    }
    text
}

/// The keys of an action as TOML: one, several, or what holds in each mode.
fn keys(keymap: &Keymap, action: Action) -> String {
    let modes: Vec<Mode> = keymap.modes(action).iter().collect();
    let in_mode = |mode: Mode| {
        let rows = keymap.in_mode(mode).filter(|row| row.action == action);
        list(&rows.collect::<Vec<_>>())
    };
    let each: Vec<String> = modes.iter().map(|mode| in_mode(*mode)).collect();
    if each.windows(2).all(|pair| pair[0] == pair[1]) {
        return each.into_iter().next().unwrap_or_else(|| "[]".to_owned());
    }
    let each = modes.iter().zip(each).map(|(mode, keys)| format!("{} = {keys}", mode.name()));
    format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
}

fn list(rows: &[&Binding]) -> String {
    let keys: Vec<String> = rows.iter().map(|row| quoted(&row.key.label())).collect();
    if let [key] = &keys[..] { key.clone() } else { format!("[{}]", keys.join(", ")) }
}

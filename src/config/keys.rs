//! The section of keys: an action, and the key or the keys that mean it, everywhere or mode by mode.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigFault;
use crate::input::key::{KeyError, NAMES};
use crate::input::keymap::Rebinding;
use crate::input::{Action, Key, Keymap, Mode};

/// The keymap of the section; none when something is wrong in it.
pub(super) fn read(table: &DeTable<'_>, faults: &mut Vec<ConfigFault>) -> Option<Keymap> {
    let n_faults = faults.len();
    let mut rebindings: Vec<(Range<usize>, Rebinding)> = Vec::new();
    for (name, value) in table {
        let key = format!("keys.{}", name.get_ref());
        let Some(action) = Action::named(name.get_ref()) else {
            let names = Action::NAMED.iter().map(|(name, _)| *name);
            let fault = ConfigFault::new(name.span(), key, "no action is called so");
            faults.push(fault.near(name.get_ref(), names));
            continue;
        };
        let Some(modes) = value.get_ref().as_table() else {
            let keys = keys(&key, value, faults);
            rebindings.push((name.span(), Rebinding { action, mode: None, keys }));
            continue;
        };
        for (mode, value) in modes {
            let key = format!("{key}.{}", mode.get_ref());
            let Some(found) = Mode::ALL.into_iter().find(|it| it.name() == mode.get_ref()) else {
                let fault = ConfigFault::new(mode.span(), key, "no mode is called so");
                faults.push(fault.near(mode.get_ref(), Mode::ALL.map(Mode::name)));
                continue;
            };
            let keys = keys(&key, value, faults);
            rebindings.push((mode.span(), Rebinding { action, mode: Some(found), keys }));
        }
    }
    if faults.len() > n_faults {
        // What is missing for a mistake of another kind would be told as a second one.
        return None;
    }
    rebindings.sort_by_key(|(span, _)| span.start);
    let (spans, rebindings): (Vec<_>, Vec<_>) = rebindings.into_iter().unzip();
    match Keymap::rebound(&rebindings) {
        Ok(keymap) => Some(keymap),
        Err(found) => {
            faults.extend(found.into_iter().map(|fault| {
                let name = rebindings[fault.rebinding].action.name();
                ConfigFault::new(spans[fault.rebinding].clone(), format!("keys.{name}"), fault.what)
            }));
            None
        }
    }
}

/// A key, or a row of them.
fn keys(key: &str, value: &Spanned<DeValue<'_>>, faults: &mut Vec<ConfigFault>) -> Vec<Key> {
    match value.get_ref() {
        DeValue::Array(values) => values.iter().filter_map(|value| one(key, value, faults)).collect(),
        _ => one(key, value, faults).into_iter().collect(),
    }
}

fn one(key: &str, value: &Spanned<DeValue<'_>>, faults: &mut Vec<ConfigFault>) -> Option<Key> {
    let Some(text) = value.get_ref().as_str() else {
        let what = "a key is a text in quotes: \"x\", \"Ctrl-d\", \"F5\"; several are in brackets";
        faults.push(ConfigFault::new(value.span(), key, what));
        return None;
    };
    match Key::parse(text) {
        Ok(key) => Some(key),
        Err(error) => {
            let fault = ConfigFault::new(value.span(), key, format!("{text:?}: {error}"));
            faults.push(if error == KeyError::Unknown { fault.near(text, NAMES) } else { fault });
            None
        }
    }
}

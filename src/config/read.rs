//! Reads a config, setting by setting, and goes on where something is wrong, so that all of it is told.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::{ConfigFault, ConfigProblem};
use super::setting::{REFUSED, SETTINGS};
use super::{Config, keys, queries};

/// The sections.
const SECTIONS: [&str; 2] = ["keys", "queries"];

/// The config of a text, or everything that is wrong in it.
pub(super) fn config(text: &str) -> Result<Config, Vec<ConfigProblem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut config = Config::default();
    let mut faults: Vec<ConfigFault> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            ConfigFault { span, key: None, what: error.message().trim_end().replace('\n', ", ") }
        })
        .collect();
    // The meaning of a text that is no TOML cannot be known.
    if faults.is_empty() {
        for (name, value) in table.get_ref() {
            one((name, value), text, &mut config, &mut faults);
        }
    }
    if faults.is_empty() {
        return Ok(config);
    }
    faults.sort_by_key(|fault| fault.span.start);
    Err(faults.into_iter().map(|fault| fault.placed(text)).collect())
}

fn one(
    (name, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>),
    source: &str,
    config: &mut Config,
    faults: &mut Vec<ConfigFault>,
) {
    let key: &str = name.get_ref();
    if let Some((_, why)) = REFUSED.iter().find(|(names, _)| names.contains(&key)) {
        faults.push(ConfigFault::new(name.span(), key, *why));
    } else if SECTIONS.contains(&key) {
        let Some(table) = value.get_ref().as_table() else {
            faults.push(ConfigFault::new(value.span(), key, format!("this is a section: [{key}]")));
            return;
        };
        if key == "keys" {
            config.taste.keymap = keys::read(table, faults).unwrap_or_default();
        } else {
            config.taste.queries = queries::read(table, source, faults);
        }
    } else if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == key) {
        if let Err(misfit) = (setting.read)(value.get_ref(), config) {
            faults.push(ConfigFault::new(value.span(), key, misfit.what).near(&misfit.typed, misfit.names));
        }
    } else {
        let names = SETTINGS.iter().map(|setting| setting.name).chain(SECTIONS);
        faults.push(ConfigFault::new(name.span(), key, "no setting is called so").near(key, names));
    }
}

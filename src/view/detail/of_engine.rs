//! Facts of a run that only its engine has, as lines of its page.

use super::Detail;
use super::line::{DetailLine, Tone, fact};
use crate::engine;
use crate::engine::run_facts::{FactValue, RunFact};
use crate::model::json::pretty;
use crate::store::RunKey;
use crate::view::format::thousands;

/// Maximum number of lines of a text of JSON.
const MAX_JSON_LINES: usize = 40;

impl Detail<'_> {
    /// Adds the facts of the engine.
    pub(super) fn of_engine(&self, lines: &mut Vec<DetailLine>) {
        for RunFact { label, value } in engine::run_facts(self.store, self.key) {
            match value {
                FactValue::Note(words) => self.add_fact(label, Tone::Dim, &words, lines),
                FactValue::Warning(words) => self.add_fact(label, Tone::Warn, &words, lines),
                FactValue::Instant(at) => self.add_fact(label, Tone::Plain, &self.time(at), lines),
                FactValue::Unknown => {
                    self.add_fact(label, Tone::Dim, "? the log does not show it", lines);
                }
                FactValue::Runs(runs, total) => self.add_runs(label, &runs, total, lines),
                FactValue::Text(name) => self.add_fact(label, Tone::Plain, self.store.text(name), lines),
                FactValue::Json(name) => self.add_json(label, self.store.text(name), lines),
            }
        }
    }

    fn add_fact(&self, label: &str, tone: Tone, value: &str, lines: &mut Vec<DetailLine>) {
        lines.extend(fact(label, tone, value, self.width));
    }

    /// Adds runs with their states, one a line, each indented by its depth, and the number of the others.
    fn add_runs(&self, label: &str, runs: &[(usize, RunKey)], total: usize, lines: &mut Vec<DetailLine>) {
        for (index, (depth, run)) in runs.iter().enumerate() {
            let (label, indent) = (if index == 0 { label } else { "" }, "  ".repeat(*depth));
            let state = self.store.state_of(*run);
            let id = self.ids.whole(self.store.record(*run).id());
            let line = DetailLine::empty()
                .with(Tone::Dim, format!("  {label:<14}{indent}"))
                .with(Tone::Sign(state), "")
                .with(Tone::Plain, format!(" {id}"))
                .with(Tone::Dim, format!("  {}", state.name()));
            if line.width() <= self.width {
                lines.push(line);
            } else {
                self.add_fact(label, Tone::Plain, &format!("{indent}{id}  {}", state.name()), lines);
            }
        }
        self.add_rest(total.saturating_sub(runs.len()), "", lines);
    }

    /// Adds how many more there are than are shown, if there are.
    fn add_rest(&self, n: usize, kind: &str, lines: &mut Vec<DetailLine>) {
        if n > 0 {
            self.add_fact("", Tone::Dim, &format!("and {} more{kind}", thousands(n as u64)), lines);
        }
    }

    fn add_json(&self, label: &str, json: &str, lines: &mut Vec<DetailLine>) {
        // A short one is easier to read as it is.
        let is_short = fact(label, Tone::Plain, json, self.width).len() == 1;
        let pretty = pretty(json.as_bytes()).filter(|_| !is_short);
        let pretty = pretty.as_deref().unwrap_or(json);
        let mut label = label;
        let n_lines = pretty.lines().count();
        for line in pretty.lines().take(MAX_JSON_LINES) {
            self.add_fact(label, Tone::Plain, line, lines);
            label = "";
        }
        self.add_rest(n_lines.saturating_sub(MAX_JSON_LINES), " lines", lines);
    }
}

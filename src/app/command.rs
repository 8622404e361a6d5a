//! Typing, and the commands that are typed: everything that has no key has a name.

use super::export::Existing;
use super::prompt::{Candidate, Prompt, PromptKind};
use super::{App, Now, Step};
use crate::input::{Action, COMMANDS, CommandRow, THEMES, Takes};
use crate::model::text;
use crate::view::arrange::{Grouping, Sort};
use crate::view::{Column, Severity};

impl App {
    /// What is being typed.
    #[must_use]
    pub const fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    /// Does what a key means to what is being typed: a line, or the number that many are confirmed with.
    pub(super) fn type_in_prompt(&mut self, action: Action) {
        if self.dialog.is_some() {
            match action {
                Action::Type(digit) => self.type_count(Some(digit)),
                Action::Erase => self.type_count(None),
                _ => (),
            }
            return;
        }
        let Some(prompt) = &mut self.prompt else { return };
        let changed = match action {
            Action::Older | Action::Newer => {
                let typed = match prompt.kind {
                    PromptKind::Query => &self.finding.typed,
                    PromptKind::Instant | PromptKind::Command => &self.commands,
                };
                prompt.recall(action, typed)
            }
            Action::Complete => prompt.complete(),
            action => prompt.edit(action),
        };
        if changed && prompt.kind == PromptKind::Query {
            self.try_query();
        } else {
            self.suggest();
        }
    }

    /// Takes a text that was pasted, where one is being typed; anywhere else it is nobody's intent.
    pub fn paste(&mut self, text: &str, now: Now) {
        self.now = now;
        if self.dialog.is_some() || self.prompt.is_none() {
            return;
        }
        let letters = text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter });
        let Some(prompt) = &mut self.prompt else { return };
        for letter in letters {
            prompt.edit(Action::Type(letter));
        }
        self.is_dirty = true;
        match self.prompt.as_ref().map(|prompt| prompt.kind) {
            Some(PromptKind::Query) => self.try_query(),
            _ => self.suggest(),
        }
        self.settle();
    }

    pub(super) fn ask_command(&mut self) {
        self.prompt = Some(Prompt::new(PromptKind::Command, ""));
        self.suggest();
    }

    /// Takes what was typed.
    pub(super) fn accept(&mut self) -> Step {
        match self.prompt.as_ref().map(|prompt| prompt.kind) {
            Some(PromptKind::Query) => self.keep_query(),
            Some(PromptKind::Instant) => {
                let typed = self.prompt.take().map(|prompt| prompt.text().to_owned());
                self.go_to_named(&typed.unwrap_or_default());
            }
            Some(PromptKind::Command) => {
                let typed = self.prompt.take().map(|prompt| prompt.text().to_owned()).unwrap_or_default();
                self.commands.remember(&typed);
                return self.obey(&typed);
            }
            None => (),
        }
        self.settle();
        Step::Stay
    }

    /// Leaves what is being typed.
    pub(super) fn leave_prompt(&mut self) {
        match self.prompt.as_ref().map(|prompt| prompt.kind) {
            Some(PromptKind::Query) => self.leave_query(),
            _ => self.prompt = None,
        }
    }

    /// Does what a command says.
    fn obey(&mut self, typed: &str) -> Step {
        let (name, rest) = split(typed.trim());
        if name.is_empty() {
            return Step::Stay;
        }
        if CommandRow::named(name).is_none() {
            let words =
                format!("there is no command `{}`: Tab shows those that there are", text::clean(name));
            self.notify(Severity::Warning, words);
            return Step::Stay;
        }
        match name {
            "find" => self.find_named(rest),
            "sort" => self.sort_named(rest),
            "group" => self.group_named(rest),
            "columns" => self.choose_columns(rest),
            "goto" => self.go_to_named(rest),
            "cancel" => self.ask(),
            "cancel-task" => self.ask_task(),
            "stop" if self.bulk.is_none() => self.notify(Severity::Note, "no cancels are on their way"),
            "stop" => drop(self.stop_sending()),
            "export" => return self.export_shown(rest, Existing::Keep),
            "export!" => return self.export_shown(rest, Existing::Replace),
            "ledger" => self.open_ledger(),
            "unmark" => drop(self.clear_marks()),
            "theme" => return Step::Theme(rest.to_owned()),
            "help" => self.help = Some(0),
            "quit" => return Step::Quit,
            _ => (),
        }
        self.settle();
        Step::Stay
    }

    fn find_named(&mut self, text: &str) {
        match self.setup.taste.parse(text) {
            Ok(query) => {
                self.finding.typed.remember(text);
                self.find(query);
            }
            Err(error) => {
                let words = format!(
                    "{error}{}",
                    error.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default()
                );
                self.notify(Severity::Warning, text::clean(&words).into_owned());
            }
        }
    }

    fn sort_named(&mut self, name: &str) {
        match Sort::ALL.into_iter().find(|sort| sort.name() == name) {
            Some(sort) if sort == self.sort().0 => self.turn_order(),
            Some(sort) => self.sort_by(sort),
            None => self.not_one_of("column to sort by", name, Sort::ALL.map(Sort::name)),
        }
    }

    fn group_named(&mut self, name: &str) {
        match Grouping::ALL.into_iter().find(|grouping| grouping.name() == name) {
            Some(grouping) => self.group_by(grouping),
            None => self.not_one_of("grouping", name, Grouping::ALL.map(Grouping::name)),
        }
    }

    fn choose_columns(&mut self, names: &str) {
        let mut columns = Vec::new();
        for name in names.split([' ', ',']).filter(|name| !name.is_empty()) {
            let Some(column) = Column::ALL.into_iter().find(|column| column.name() == name) else {
                return self.not_one_of("column", name, Column::ALL.map(Column::name));
            };
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        self.setup.taste.columns = (!columns.is_empty()).then_some(columns);
    }

    /// Says that nothing is called so, and what there is.
    fn not_one_of<const N: usize>(&mut self, what: &str, name: &str, names: [&str; N]) {
        let said = if name.is_empty() { "none".to_owned() } else { format!("`{}`", text::clean(name)) };
        self.notify(Severity::Warning, format!("{said} is no {what}: {}", names.join(", ")));
    }

    /// What may be meant by a command that was begun.
    pub(super) fn complete_command(&self, typed: &str, caret: usize) -> Vec<Candidate> {
        let before = typed.get(..caret).unwrap_or(typed);
        let Some((name, rest)) = before.split_once(' ') else {
            let names = COMMANDS.iter().filter(|row| row.name.starts_with(before));
            return names
                .map(|row| {
                    let gap = if row.takes == Takes::Nothing { "" } else { " " };
                    let label = format!("{} {}", row.name, row.argument()).trim().to_owned();
                    Candidate { at: 0..caret, text: format!("{}{gap}", row.name), label }
                })
                .collect();
        };
        let begun = rest.rsplit([' ', ',']).next().unwrap_or(rest);
        let at = caret - begun.len()..caret;
        let of = |names: &[&str]| -> Vec<Candidate> {
            let names = names.iter().filter(|name| name.starts_with(begun));
            names
                .map(|name| Candidate { at: at.clone(), text: (*name).to_owned(), label: (*name).to_owned() })
                .collect()
        };
        match CommandRow::named(name).map(|row| row.takes) {
            Some(Takes::Query) => {
                let from = caret - rest.len();
                let mut candidates = self.setup.taste.complete(rest, rest.len(), self.history.store());
                for candidate in &mut candidates {
                    candidate.at = candidate.at.start + from..candidate.at.end + from;
                }
                candidates
            }
            Some(Takes::Sort) => of(&Sort::ALL.map(Sort::name)),
            Some(Takes::Grouping) => of(&Grouping::ALL.map(Grouping::name)),
            Some(Takes::Columns) => of(&Column::ALL.map(Column::name)),
            Some(Takes::Theme) => of(&THEMES),
            Some(Takes::Nothing | Takes::Instant | Takes::File) | None => Vec::new(),
        }
    }
}

/// A command's name, and what follows it.
fn split(typed: &str) -> (&str, &str) {
    typed.split_once(' ').map_or((typed, ""), |(name, rest)| (name, rest.trim()))
}

//! Typing, and the commands that are typed: everything that has no key has a name.

mod words;

use super::export::Existing;
use super::find::said;
use super::prompt::{Candidate, Prompt, PromptKind};
use super::{App, Now, Step};
use words::{Words, Wrong};

use crate::input::{Action, COMMANDS, CommandRow, Takes};
use crate::model::text;
use crate::model::theme::Wanted;
use crate::query::nearest;
use crate::view::arrange::{Grouping, Sort};
use crate::view::instant::When;
use crate::view::{Column, Severity};

/// Columns of an instant that is named again where it is wrong.
const MOST_REPEATED: usize = 16;

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
                Action::EraseWord | Action::ErasePart | Action::EraseLine => self.clear_count(),
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
        self.typed(changed);
    }

    /// Takes in that what is being typed is another text, or that its caret has moved.
    fn typed(&mut self, changed: bool) {
        let Some(prompt) = &mut self.prompt else { return };
        if !changed {
            return self.suggest();
        }
        if prompt.kind == PromptKind::Query {
            return self.try_query();
        }
        // It is another one than the one that was wrong.
        prompt.wrong = None;
        self.suggest();
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
        self.typed(true);
        self.settle();
    }

    pub(super) fn ask_command(&mut self) {
        self.prompt = Some(Prompt::new(PromptKind::Command, ""));
        self.suggest();
    }

    /// Takes what was typed. What is wrong is not taken: it stays to be mended.
    pub(super) fn accept(&mut self) -> Step {
        let Some(prompt) = &self.prompt else { return Step::Stay };
        let typed = prompt.text().to_owned();
        let taken = match prompt.kind {
            PromptKind::Query => {
                self.keep_query();
                Ok(Step::Stay)
            }
            PromptKind::Instant => self.take_instant(&typed).map(|()| Step::Stay),
            PromptKind::Command => self.take_command(&typed),
        };
        let step = taken.unwrap_or_else(|wrong| {
            self.mark_wrong(wrong);
            Step::Stay
        });
        self.settle();
        step
    }

    /// Marks what is wrong in what is being typed, and puts the caret behind it.
    fn mark_wrong(&mut self, Wrong { at, words }: Wrong) {
        let Some(prompt) = &mut self.prompt else { return };
        prompt.go_to(at.end);
        prompt.wrong = Some((at, words));
    }

    fn take_instant(&mut self, typed: &str) -> Result<(), Wrong> {
        let when = parsed_instant(typed).map_err(|words| Wrong { at: 0..typed.len(), words })?;
        self.prompt = None;
        self.go_to_when(&when);
        Ok(())
    }

    fn take_command(&mut self, typed: &str) -> Result<Step, Wrong> {
        let prompt = self.prompt.take();
        let step = self.obey(typed);
        if step.is_err() {
            self.prompt = prompt;
        } else {
            self.commands.remember(typed.trim());
        }
        step
    }

    /// Says that the command that was typed last could not be done as it is, and brings it back to be mended.
    pub fn refuse_command(&mut self, words: &str) {
        let words = text::clean(words).into_owned();
        let Some(last) = self.commands.latest(0).filter(|_| self.prompt.is_none() && self.dialog.is_none())
        else {
            return self.notify(Severity::Warning, words);
        };
        let (start, end) = (last.find(' ').map_or(0, |space| space + 1), last.len());
        self.prompt = Some(Prompt::new(PromptKind::Command, last));
        self.mark_wrong(Wrong { at: start..end, words });
        self.is_dirty = true;
    }

    /// Leaves what is being typed.
    pub(super) fn leave_prompt(&mut self) {
        match self.prompt.as_ref().map(|prompt| prompt.kind) {
            Some(PromptKind::Query) => self.leave_query(),
            _ => self.prompt = None,
        }
    }

    /// Does what a command says.
    fn obey(&mut self, typed: &str) -> Result<Step, Wrong> {
        let words = Words::of(typed);
        if words.name.is_empty() {
            return Ok(Step::Stay);
        }
        let Some(row) = CommandRow::named(words.name) else {
            let names = COMMANDS.iter().map(|row| row.name);
            let words_said = match nearest(words.name, names) {
                Some(name) => format!("there is no command `{}`; did you mean `{name}`?", words.name),
                None => format!("there is no command `{}`: Tab shows those that there are", words.name),
            };
            return Err(Wrong::new(words.at_name(), &words_said));
        };
        words.check_number(row)?;
        let rest = words.rest;
        match row.name {
            "find" => self.find_named(&words)?,
            "sort" => self.sort_named(&words)?,
            "group" => self.group_named(&words)?,
            "columns" => self.choose_columns(&words)?,
            "goto" => {
                let when = parsed_instant(rest).map_err(|said| Wrong { at: words.at_rest(), words: said })?;
                self.go_to_when(&when);
            }
            "cancel" => self.ask(),
            "cancel-task" => self.ask_task(),
            "stop" if self.bulk.is_none() => self.notify(Severity::Note, "no cancels are on their way"),
            "stop" => drop(self.stop_sending()),
            "export" => return self.export_named(&words, Existing::Keep),
            "export!" => return self.export_named(&words, Existing::Replace),
            "ledger" => self.open_ledger(),
            "unmark" => drop(self.clear_marks()),
            "theme" => {
                let wanted = Wanted::named(rest);
                return wanted
                    .map(Step::Theme)
                    .ok_or_else(|| words.is_none_of("theme", Wanted::ALL.map(Wanted::name)));
            }
            "help" => self.help = Some(0),
            "quit" => return Ok(Step::Quit),
            _ => (),
        }
        Ok(Step::Stay)
    }

    fn find_named(&mut self, words: &Words<'_>) -> Result<(), Wrong> {
        let query = self.setup.taste.parse(words.rest).map_err(|error| {
            let start = words.at_rest().start;
            Wrong { at: start + error.at.start..start + error.at.end, words: said(&error) }
        })?;
        self.finding.typed.remember(words.rest);
        self.find(query);
        Ok(())
    }

    fn sort_named(&mut self, words: &Words<'_>) -> Result<(), Wrong> {
        match Sort::ALL.into_iter().find(|sort| sort.name() == words.rest) {
            Some(sort) if sort == self.sort().0 => self.turn_order(),
            Some(sort) => self.sort_by(sort),
            None => return Err(words.is_none_of("column to sort by", Sort::ALL.map(Sort::name))),
        }
        Ok(())
    }

    fn group_named(&mut self, words: &Words<'_>) -> Result<(), Wrong> {
        let found = Grouping::ALL.into_iter().find(|grouping| grouping.name() == words.rest);
        self.group_by(found.ok_or_else(|| words.is_none_of("grouping", Grouping::ALL.map(Grouping::name)))?);
        Ok(())
    }

    fn choose_columns(&mut self, words: &Words<'_>) -> Result<(), Wrong> {
        let mut columns = Vec::new();
        for name in words.rest.split([' ', ',']).filter(|name| !name.is_empty()) {
            let Some(column) = Column::ALL.into_iter().find(|column| column.name() == name) else {
                return Err(words.with_rest(name).is_none_of("column", Column::ALL.map(Column::name)));
            };
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        self.setup.taste.columns = (!columns.is_empty()).then_some(columns);
        Ok(())
    }

    fn export_named(&mut self, words: &Words<'_>, existing: Existing) -> Result<Step, Wrong> {
        let step = self.export_shown(&words.file()?, existing);
        step.map_err(|said| Wrong { at: words.at_rest(), words: said })
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
            Some(Takes::Theme) => of(&Wanted::ALL.map(Wanted::name)),
            Some(Takes::Nothing | Takes::Instant | Takes::File) | None => Vec::new(),
        }
    }
}

/// An instant by what people call it, or why it is none, in words that are safe for a screen.
fn parsed_instant(name: &str) -> Result<When, String> {
    When::parse(name).map_err(|error| {
        let (words, named) = (error.to_string(), format!("`{}` ", name.trim()));
        // What is long stands before the words, and is not said again.
        let is_long = text::width(&text::clean(name)) > MOST_REPEATED;
        let words = words.strip_prefix(&named).filter(|_| is_long).unwrap_or(&words);
        text::clean(words).into_owned()
    })
}

#[cfg(test)]
mod tests;

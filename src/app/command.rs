//! The commands that are typed: everything that has no key has a name.

mod words;

use super::export::{Existing, Export, shown};
use super::find::said;
use super::page::Page;
use super::prompt::{PromptError, PromptKind};
use super::{App, Now, Step};
use words::Words;

use crate::input::{Action, COMMANDS, CommandRow};
use crate::model::text;
use crate::model::theme::ThemeChoice;
use crate::query::{Query, nearest};
use crate::view::arrange::{Grouping, Sort};
use crate::view::instant::When;
use crate::view::{Column, Severity};

/// Columns of an instant that is named again where it is wrong.
const MOST_REPEATED: usize = 16;

impl App {
    /// Does what a key means to what is being typed: a line, or the number that many are confirmed with.
    pub(super) fn type_in_prompt(&mut self, action: Action) {
        if self.cancels.dialog().is_some() {
            return self.cancels.type_count(action);
        }
        let changed = self.typing.edit(action);
        self.typed(changed);
    }

    /// Takes in that what is being typed is another text, or that its caret has moved.
    fn typed(&mut self, changed: bool) {
        if let Some(text) = self.typing.text_of(PromptKind::Query).filter(|_| changed) {
            match self.setup.taste.parse(text, self.session.store().states()) {
                Ok(query) => drop(self.find(Some(query))),
                Err(error) => self.typing.mark(PromptError { at: error.at.clone(), words: said(&error) }),
            }
        }
        self.suggest();
    }

    pub(super) fn suggest(&mut self) {
        self.typing.suggest(&self.setup.taste, self.session.store());
    }

    /// Takes a text that was pasted, where one is being typed; anywhere else it is meant for nothing here.
    pub fn paste(&mut self, text: &str, now: Now) {
        self.now = now;
        if self.cancels.dialog().is_some() || self.typing.prompt().is_none() {
            return;
        }
        self.typing.paste(text);
        self.is_dirty = true;
        self.typed(true);
        self.settle();
    }

    /// Takes what was typed. What is wrong is not taken: it stays to be mended.
    pub(super) fn accept(&mut self) -> Step {
        let taken = match self.typing.kind() {
            None => return Step::Stay,
            Some(PromptKind::Query) => {
                self.keep_query();
                Ok(Step::Stay)
            }
            Some(PromptKind::Instant) => self.take_instant().map(|()| Step::Stay),
            Some(PromptKind::Command) => self.take_command(),
        };
        let step = taken.unwrap_or_else(|wrong| {
            self.typing.refuse(wrong);
            Step::Stay
        });
        self.settle();
        step
    }

    fn keep_query(&mut self) {
        if self.typing.keep_query() {
            self.finding.keep();
        } else {
            self.suggest();
        }
    }

    fn take_instant(&mut self) -> Result<(), PromptError> {
        let typed = self.typing.text_of(PromptKind::Instant).unwrap_or_default();
        let when = parsed_instant(typed).map_err(|words| PromptError { at: 0..typed.len(), words })?;
        self.typing.leave();
        self.go_to_when(&when);
        Ok(())
    }

    fn take_command(&mut self) -> Result<Step, PromptError> {
        let Some(prompt) = self.typing.take() else { return Ok(Step::Stay) };
        let step = self.obey(prompt.text());
        if step.is_ok() {
            self.typing.remember_command(prompt.text().trim());
        } else {
            self.typing.put_back(prompt);
        }
        step
    }

    /// Says that the command that was typed last could not be done as it is, and brings it back to be mended.
    pub fn refuse_command(&mut self, words: &str) {
        let words = text::clean(words).into_owned();
        let is_busy = self.typing.prompt().is_some() || self.cancels.dialog().is_some();
        let Some(last) = self.typing.last_command().filter(|_| !is_busy).map(str::to_owned) else {
            return self.notify(Severity::Warning, words);
        };
        let (start, end) = (last.find(' ').map_or(0, |space| space + 1), last.len());
        self.typing.begin(PromptKind::Command, &last);
        self.typing.refuse(PromptError { at: start..end, words });
        self.is_dirty = true;
    }

    /// Does what a command says.
    fn obey(&mut self, typed: &str) -> Result<Step, PromptError> {
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
            return Err(PromptError::new(words.at_name(), &words_said));
        };
        words.check_number(row)?;
        let rest = words.rest;
        match row.name {
            "find" => {
                let query = self.query_of(&words)?;
                self.typing.remember_query(rest);
                self.find(Some(query));
            }
            "sort" => match sort_of(&words)? {
                sort if sort == self.finding.sort().0 => self.finding.turn_order(),
                sort => {
                    self.finding.sort_by(sort);
                    self.look_through();
                }
            },
            "group" => self.group_by(grouping_of(&words)?),
            "columns" => self.setup.taste.columns = columns_of(&words)?,
            "goto" => {
                let when =
                    parsed_instant(rest).map_err(|said| PromptError { at: words.at_rest(), words: said })?;
                self.go_to_when(&when);
            }
            "cancel" => self.ask(),
            "cancel-task" => self.ask_task(),
            "stop" if self.cancels.bulk.is_none() => {
                self.notify(Severity::Note, "no cancels are on their way");
            }
            "stop" => drop(self.stop_sending()),
            "export" => return self.export_named(&words, Existing::Keep),
            "export!" => return self.export_named(&words, Existing::Replace),
            "ledger" => self.open_ledger(),
            "unmark" => drop(self.marking.clear()),
            "theme" => {
                let wanted = ThemeChoice::named(rest);
                return wanted
                    .map(Step::Theme)
                    .ok_or_else(|| words.is_none_of("theme", ThemeChoice::ALL.map(ThemeChoice::name)));
            }
            "help" => self.pages.open(Page::Help(0)),
            "quit" => return Ok(Step::Quit),
            _ => (),
        }
        Ok(Step::Stay)
    }

    fn query_of(&self, words: &Words<'_>) -> Result<Query, PromptError> {
        let states = self.session.store().states();
        self.setup.taste.parse(words.rest, states).map_err(|error| {
            let start = words.at_rest().start;
            PromptError { at: start + error.at.start..start + error.at.end, words: said(&error) }
        })
    }

    fn export_named(&self, words: &Words<'_>, existing: Existing) -> Result<Step, PromptError> {
        let runs = shown(self.finding.shelves(self.session.store()).runs());
        let export = Export::named(&words.file()?, existing, runs);
        export.map(Step::Export).map_err(|said| PromptError { at: words.at_rest(), words: said })
    }
}

fn sort_of(words: &Words<'_>) -> Result<Sort, PromptError> {
    let found = Sort::ALL.into_iter().find(|sort| sort.name() == words.rest);
    found.ok_or_else(|| words.is_none_of("column to sort by", Sort::ALL.map(Sort::name)))
}

fn grouping_of(words: &Words<'_>) -> Result<Grouping, PromptError> {
    let found = Grouping::ALL.into_iter().find(|grouping| grouping.name() == words.rest);
    found.ok_or_else(|| words.is_none_of("grouping", Grouping::ALL.map(Grouping::name)))
}

/// The columns that are named, each once; none for those that fit.
fn columns_of(words: &Words<'_>) -> Result<Option<Vec<Column>>, PromptError> {
    let mut columns = Vec::new();
    for name in words.rest.split([' ', ',']).filter(|name| !name.is_empty()) {
        let Some(column) = Column::ALL.into_iter().find(|column| column.name() == name) else {
            return Err(words.with_rest(name).is_none_of("column", Column::ALL.map(Column::name)));
        };
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    Ok((!columns.is_empty()).then_some(columns))
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

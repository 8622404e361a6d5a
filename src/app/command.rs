//! The commands that are typed: everything that has no key has a name.

mod words;

use super::cancel::AskedRuns;
use super::export::{Existing, Export, shown};
use super::page::Page;
use super::preferences::Preferences;
use super::prompt::PromptError;
use super::remark::Remark;
use super::{App, Now, Step};
use words::Words;

use crate::input::{COMMANDS, CommandRow};
use crate::model::nearest::nearest;
use crate::model::text;
use crate::model::theme::ThemeChoice;
use crate::query::{Query, QueryError};
use crate::store::Store;
use crate::view::arrange::{Grouping, Sort};
use crate::view::instant::When;
use crate::view::{Column, Severity, Shelf};

/// Maximum width, in columns, of a wrong instant that its error repeats.
const MAX_REPEATED_WIDTH: usize = 16;

/// Effect of a typed line.
#[derive(Debug)]
pub(super) enum Order {
    /// Keep the query that was typed.
    KeepQuery,
    /// Narrow to what a query finds.
    Find(Query),
    /// Sort by this, or turn the order where that is so already.
    Sort(Sort),
    /// Group by this.
    Group(Grouping),
    /// Show these columns; without any, those that fit.
    Columns(Option<Vec<Column>>),
    /// Go to an instant.
    GoTo(When),
    /// Ask whether to cancel this.
    Cancel(AskedRuns),
    /// Stop sending.
    Stop,
    /// Show what became of each cancel.
    Ledger,
    /// Take all marks away.
    Unmark,
    /// Show the help.
    Help,
    /// Have this done outside of the app.
    Do(Step),
}

impl Order {
    /// Goes to the instant that was typed.
    pub(super) fn of_instant(typed: &str) -> Result<Self, PromptError> {
        let when = parsed_instant(typed);
        when.map(Self::GoTo).map_err(|words| PromptError { at: 0..typed.len(), words })
    }

    /// Reads a command; nothing where none is typed. `runs` are those that an export takes.
    pub(super) fn parse(
        typed: &str,
        taste: &Preferences,
        runs: Shelf<'_>,
    ) -> Result<Option<Self>, PromptError> {
        let words = Words::of(typed);
        if words.name.is_empty() {
            return Ok(None);
        }
        let Some(row) = CommandRow::named(words.name) else {
            let names = COMMANDS.iter().map(|row| row.name);
            let error = match nearest(words.name, names) {
                Some(name) => format!("there is no command `{}`; did you mean `{name}`?", words.name),
                None => format!("there is no command `{}`: Tab shows those that there are", words.name),
            };
            return Err(PromptError::new(words.at_name(), &error));
        };
        words.check_number(row)?;
        Ok(Some(match row.name {
            "find" => Self::Find(query_of(&words, taste, runs.store())?),
            "sort" => Self::Sort(sort_of(&words)?),
            "group" => Self::Group(grouping_of(&words)?),
            "columns" => Self::Columns(columns_of(&words)?),
            "goto" => {
                let when = parsed_instant(words.rest);
                Self::GoTo(when.map_err(|error| PromptError { at: words.at_rest(), words: error })?)
            }
            "cancel" => Self::Cancel(AskedRuns::Marked),
            "cancel-task" => Self::Cancel(AskedRuns::Task),
            "stop" => Self::Stop,
            "export" => Self::Do(Step::Export(export_of(&words, Existing::Keep, runs)?)),
            "export!" => Self::Do(Step::Export(export_of(&words, Existing::Replace, runs)?)),
            "ledger" => Self::Ledger,
            "unmark" => Self::Unmark,
            "theme" => Self::Do(Step::Theme(theme_of(&words)?)),
            "help" => Self::Help,
            "quit" => Self::Do(Step::Quit),
            _ => return Ok(None),
        }))
    }
}

impl App {
    /// Inserts a text that was pasted into the line that is being typed; ignores it otherwise.
    pub fn paste(&mut self, text: &str, now: Now) {
        self.now = now;
        if self.cancels.dialog().is_some() || self.typing.prompt().is_none() {
            return;
        }
        let query = self.typing.paste(text, &self.setup.taste, self.session.store());
        self.is_dirty = true;
        if query.is_some() {
            self.find(query);
        }
        self.settle();
    }

    /// Carries out the line that was typed.
    pub(super) fn accept(&mut self) -> Step {
        let runs = self.finding.shelves(self.session.store()).runs();
        let order = self.typing.accept(&self.setup.taste, runs);
        let step = order.map_or(Step::Stay, |order| self.obey(order));
        self.settle();
        step
    }

    /// Reports that the last typed command failed, and brings it back to be corrected.
    pub fn refuse_command(&mut self, words: &str) {
        let words = text::clean(words).into_owned();
        let is_busy = self.typing.prompt().is_some() || self.cancels.dialog().is_some();
        if is_busy || !self.typing.bring_back(&words) {
            return self.notify(Severity::Warning, words);
        }
        self.is_dirty = true;
    }

    pub(super) fn obey(&mut self, order: Order) -> Step {
        match order {
            Order::KeepQuery => self.finding.keep(),
            Order::Find(query) => drop(self.find(Some(query))),
            Order::Sort(sort) if sort == self.finding.sort().0 => self.finding.turn_order(),
            Order::Sort(sort) => {
                self.finding.sort_by(sort);
                self.look_through();
            }
            Order::Group(grouping) => {
                self.finding.group_by(grouping);
                self.look_through();
                self.board.runs.regroup();
            }
            Order::Columns(columns) => self.setup.taste.columns = columns,
            Order::GoTo(when) => {
                let remarks = self.travel.go_to_when(&when, &self.session.history, &self.setup.clock);
                self.report(remarks);
            }
            Order::Cancel(target) => self.ask(target),
            Order::Stop => match self.cancels.stop_sending() {
                Some(remarks) => self.report(remarks),
                None => self.report(Remark::note("no cancels are on their way")),
            },
            Order::Ledger => {
                let remark = self.board.pages.open_ledger(&self.cancels.ledger);
                self.report(remark);
            }
            Order::Unmark => drop(self.marking.clear()),
            Order::Help => self.board.pages.open(Page::Help(0)),
            Order::Do(step) => return step,
        }
        Step::Stay
    }
}

fn query_of(words: &Words<'_>, taste: &Preferences, store: &Store) -> Result<Query, PromptError> {
    taste.parse(words.rest, store.states()).map_err(|error| {
        let start = words.at_rest().start;
        PromptError { at: start + error.at.start..start + error.at.end, words: error_words(&error) }
    })
}

/// An error of a query in words that are safe for a screen.
pub(super) fn error_words(error: &QueryError) -> String {
    let hint = error.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    text::clean(&format!("{}{hint}", error.what)).into_owned()
}

fn export_of(words: &Words<'_>, existing: Existing, runs: Shelf<'_>) -> Result<Export, PromptError> {
    let export = Export::named(&words.file()?, existing, shown(runs));
    export.map_err(|error| PromptError { at: words.at_rest(), words: error })
}

fn theme_of(words: &Words<'_>) -> Result<ThemeChoice, PromptError> {
    let theme = ThemeChoice::named(words.rest);
    theme.ok_or_else(|| words.is_none_of("theme", ThemeChoice::ALL.map(ThemeChoice::name)))
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

/// An instant by its name, or why it is none, in words that are safe for a screen.
fn parsed_instant(name: &str) -> Result<When, String> {
    When::parse(name).map_err(|error| {
        let (words, named) = (error.to_string(), format!("`{}` ", name.trim()));
        // A long instant precedes the words, and is not repeated in them.
        let is_long = text::width(&text::clean(name)) > MAX_REPEATED_WIDTH;
        let words = words.strip_prefix(&named).filter(|_| is_long).unwrap_or(&words);
        text::clean(words).into_owned()
    })
}

#[cfg(test)]
mod tests;

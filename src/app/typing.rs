//! The line that is being typed, if one is, and the lines that were typed before.
//!
//! Must not know the use of a line.

use super::candidates::candidates;
use super::command::{Order, error_words};
use super::preferences::Preferences;
use super::prompt::{Prompt, PromptError, PromptKind, Recollection};
use crate::input::Action;
use crate::query::Query;
use crate::store::Store;
use crate::view::Shelf;

/// The prompt.
#[derive(Debug, Default)]
pub(super) struct Typing {
    prompt: Option<Prompt>,
    queries: Recollection,
    commands: Recollection,
}

impl Typing {
    pub(super) const fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    pub(super) const fn kind(&self) -> Option<PromptKind> {
        match &self.prompt {
            Some(prompt) => Some(prompt.kind),
            None => None,
        }
    }

    /// The text of a line of this kind, while one is typed.
    fn text_of(&self, kind: PromptKind) -> Option<&str> {
        self.prompt.as_ref().filter(|prompt| prompt.kind == kind).map(Prompt::text)
    }

    /// Begins a line.
    pub(super) fn begin(&mut self, kind: PromptKind, text: &str) {
        self.prompt = Some(Prompt::new(kind, text));
    }

    /// Does what a key means to the line. Yields the query that is typed, if that is another one now.
    pub(super) fn press(&mut self, action: Action, taste: &Preferences, store: &Store) -> Option<Query> {
        let changed = self.edit(action);
        self.judge(changed, taste, store)
    }

    /// Puts a text at the caret, on one line. Yields the query that is typed.
    pub(super) fn paste(&mut self, text: &str, taste: &Preferences, store: &Store) -> Option<Query> {
        for letter in text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
            self.edit(Action::Type(letter));
        }
        self.judge(true, taste, store)
    }

    /// Parses the query that is typed, if the line `changed`; marks its error, and proposes completions.
    fn judge(&mut self, changed: bool, taste: &Preferences, store: &Store) -> Option<Query> {
        let text = self.text_of(PromptKind::Query).filter(|_| changed);
        let query = match text.map(|text| taste.parse(text, store.states())) {
            Some(Ok(query)) => Some(query),
            Some(Err(error)) => {
                self.mark(PromptError { at: error.at.clone(), words: error_words(&error) });
                None
            }
            None => None,
        };
        self.suggest(taste, store);
        query
    }

    /// Does what a key means to the line; says whether it is another one now.
    fn edit(&mut self, action: Action) -> bool {
        let Some(prompt) = &mut self.prompt else { return false };
        let changed = match action {
            Action::Older | Action::Newer => {
                let typed = match prompt.kind {
                    PromptKind::Query => &self.queries,
                    PromptKind::Instant | PromptKind::Command => &self.commands,
                };
                prompt.recall(action, typed)
            }
            Action::Complete => prompt.complete(),
            action => prompt.edit(action),
        };
        // Another line is not the one that was wrong. A query is judged again at once.
        if changed {
            prompt.wrong = None;
        }
        changed
    }

    /// Proposes completions of the word at the caret.
    pub(super) fn suggest(&mut self, taste: &Preferences, store: &Store) {
        let Some(prompt) = self.prompt.as_mut().filter(|prompt| !prompt.is_completing()) else { return };
        let (typed, caret) = (prompt.text(), prompt.caret());
        prompt.candidates = match prompt.kind {
            PromptKind::Instant => Vec::new(),
            PromptKind::Query => taste.complete(typed, caret, store),
            PromptKind::Command => candidates(typed, caret, taste, store),
        };
    }

    /// Marks the error in the line.
    fn mark(&mut self, PromptError { at, words }: PromptError) {
        if let Some(prompt) = &mut self.prompt {
            prompt.wrong = Some((at, words));
        }
    }

    /// Marks the error in the line, and puts the caret behind it.
    fn refuse(&mut self, wrong: PromptError) {
        self.prompt.iter_mut().for_each(|prompt| prompt.go_to(wrong.at.end));
        self.mark(wrong);
    }

    /// Takes the line, and yields its order. A wrong line stays to be corrected.
    pub(super) fn accept(&mut self, taste: &Preferences, runs: Shelf<'_>) -> Option<Order> {
        let prompt = self.prompt.as_ref()?;
        let text = prompt.text();
        let order = match prompt.kind {
            PromptKind::Query => return self.keep_query(taste, runs.store()),
            PromptKind::Instant => Order::of_instant(text).map(Some),
            PromptKind::Command => Order::parse(text, taste, runs),
        };
        let order = match order {
            Ok(order) => order,
            Err(wrong) => {
                self.refuse(wrong);
                return None;
            }
        };
        if let Some(prompt) = self.prompt.take().filter(|prompt| prompt.kind == PromptKind::Command) {
            self.commands.remember(prompt.text().trim());
        }
        if let Some(Order::Find(query)) = &order {
            self.queries.remember(query.text());
        }
        order
    }

    /// Keeps the query that was typed. A wrong one stays to be corrected, with the caret at its error.
    fn keep_query(&mut self, taste: &Preferences, store: &Store) -> Option<Order> {
        let prompt = self.prompt.as_mut()?;
        if let Some((at, _)) = &prompt.wrong {
            let end = at.end;
            prompt.go_to(end);
            self.suggest(taste, store);
            return None;
        }
        self.queries.remember(prompt.text().trim());
        self.prompt = None;
        Some(Order::KeepQuery)
    }

    /// Leaves the line. A wrong query can be recalled and corrected.
    pub(super) fn leave(&mut self) {
        let wrong = self.prompt.take().filter(|it| it.kind == PromptKind::Query && it.wrong.is_some());
        wrong.into_iter().for_each(|prompt| self.queries.remember(prompt.text().trim()));
    }

    /// Recalls the command that was typed last, with its arguments marked as wrong; says whether there was one.
    pub(super) fn bring_back(&mut self, words: &str) -> bool {
        let Some(last) = self.commands.latest(0).map(str::to_owned) else { return false };
        let (start, end) = (last.find(' ').map_or(0, |space| space + 1), last.len());
        self.begin(PromptKind::Command, &last);
        self.refuse(PromptError { at: start..end, words: words.to_owned() });
        true
    }
}

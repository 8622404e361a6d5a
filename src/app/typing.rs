//! The line that is being typed, if one is, and the lines that were typed before.
//!
//! Must not know what is done with it.

use super::candidates::candidates;
use super::preferences::Preferences;
use super::prompt::{Prompt, PromptError, PromptKind, Recollection};
use crate::input::Action;
use crate::store::Store;

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
    pub(super) fn text_of(&self, kind: PromptKind) -> Option<&str> {
        self.prompt.as_ref().filter(|prompt| prompt.kind == kind).map(Prompt::text)
    }

    /// Begins a line.
    pub(super) fn begin(&mut self, kind: PromptKind, text: &str) {
        self.prompt = Some(Prompt::new(kind, text));
    }

    /// Does what a key means to the line; says whether it is another one now.
    pub(super) fn edit(&mut self, action: Action) -> bool {
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

    /// Puts a text at the caret, on one line.
    pub(super) fn paste(&mut self, text: &str) {
        for letter in text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
            self.edit(Action::Type(letter));
        }
    }

    /// Says what may be meant by what was begun.
    pub(super) fn suggest(&mut self, taste: &Preferences, store: &Store) {
        let Some(prompt) = self.prompt.as_mut().filter(|prompt| !prompt.is_completing()) else { return };
        let (typed, caret) = (prompt.text(), prompt.caret());
        prompt.candidates = match prompt.kind {
            PromptKind::Instant => Vec::new(),
            PromptKind::Query => taste.complete(typed, caret, store),
            PromptKind::Command => candidates(typed, caret, taste, store),
        };
    }

    /// Marks what is wrong in the line.
    pub(super) fn mark(&mut self, PromptError { at, words }: PromptError) {
        if let Some(prompt) = &mut self.prompt {
            prompt.wrong = Some((at, words));
        }
    }

    /// Marks what is wrong in the line, and puts the caret behind it.
    pub(super) fn refuse(&mut self, wrong: PromptError) {
        self.prompt.iter_mut().for_each(|prompt| prompt.go_to(wrong.at.end));
        self.mark(wrong);
    }

    /// Keeps the query that was typed; says whether it was taken. One that is wrong is not: it stays to be mended, with
    /// the caret where it is wrong.
    pub(super) fn keep_query(&mut self) -> bool {
        let Some(prompt) = &mut self.prompt else { return false };
        if let Some((at, _)) = &prompt.wrong {
            let end = at.end;
            prompt.go_to(end);
            return false;
        }
        self.queries.remember(prompt.text().trim());
        self.prompt = None;
        true
    }

    /// Leaves the line. A query that is wrong can be brought back and mended.
    pub(super) fn leave(&mut self) {
        let wrong = self.prompt.take().filter(|it| it.kind == PromptKind::Query && it.wrong.is_some());
        wrong.into_iter().for_each(|prompt| self.queries.remember(prompt.text().trim()));
    }

    pub(super) fn remember_query(&mut self, text: &str) {
        self.queries.remember(text);
    }

    /// Takes the prompt, to do what its line says.
    pub(super) const fn take(&mut self) -> Option<Prompt> {
        self.prompt.take()
    }

    /// Puts a prompt back whose line could not be done.
    pub(super) fn put_back(&mut self, prompt: Prompt) {
        self.prompt = Some(prompt);
    }

    pub(super) fn remember_command(&mut self, text: &str) {
        self.commands.remember(text);
    }

    /// The command that was typed last.
    pub(super) fn last_command(&self) -> Option<&str> {
        self.commands.latest(0)
    }
}

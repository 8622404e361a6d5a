//! The page of one run: its scroll position, and the lines of the log that it shows.

use super::context::Context;
use super::moments::Moments;
use super::scroll::Distance;
use crate::input::Action;
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::source::reread::Reread;
use crate::store::RunKey;
use crate::view::detail::{Detail, Drawn, Scroll};

/// A run's page.
#[derive(Debug)]
pub(super) struct DetailPage {
    run: RunId,
    scroll: Scroll,
    /// The line of its selected event, once it was read again, and its place.
    raw: Option<(Position, String)>,
    /// The drawing of its life, as it was made last.
    drawn: Option<Drawn>,
    moments: Moments,
}

impl DetailPage {
    pub(super) fn of(run: RunId) -> Self {
        Self { run, scroll: Scroll::default(), raw: None, drawn: None, moments: Moments::default() }
    }

    /// The run, which need not be there at the instant at hand.
    pub(super) const fn run(&self) -> RunId {
        self.run
    }

    pub(super) const fn top(&self) -> Scroll {
        self.scroll
    }

    /// The page as it is drawn; none when its run is not there at the instant at hand.
    pub(super) fn detail<'a>(&'a self, cx: &Context<'a>) -> Option<Detail<'a>> {
        let store = cx.store();
        let key = store.find(self.run)?;
        let wanted = self.place_of_selected(cx, key);
        Some(Detail {
            store,
            key,
            life: store.life(key),
            now: cx.at.view_at,
            clock: cx.clock(),
            ids: cx.ids(),
            waiting: cx.scene.why(store, key, cx.at.view_at),
            standing: cx.ledger.standing(self.run).map(ToString::to_string),
            moments: self.moments.before(cx.history.position()),
            lines: self.moments.lines(),
            selected: self.moments.selected(),
            raw: self.raw.as_ref().filter(|(place, _)| place.is_same(wanted)).map(|(_, text)| text.as_str()),
            drawn: self.drawn.as_ref(),
            width: cx.width(),
        })
    }

    /// Draws the life of its run, unless it is drawn as it is now.
    pub(super) fn draw_life(&mut self, cx: &Context<'_>) {
        let drawn = self.detail(cx).filter(|detail| !detail.is_drawn()).map(|detail| detail.draw());
        if drawn.is_some() {
            self.drawn = drawn;
        }
    }

    /// Position of the line of the selected event, or else of the run's last one.
    fn place_of_selected(&self, cx: &Context<'_>, key: RunKey) -> Position {
        let moments = self.moments.before(cx.history.position());
        let selected = self.moments.selected().and_then(|selected| moments.get(selected));
        selected.map_or_else(|| cx.store().run(key).last.place, |moment| moment.place)
    }

    pub(super) fn wanted_line(&self, cx: &Context<'_>) -> Option<Position> {
        let wanted = self.place_of_selected(cx, cx.store().find(self.run)?);
        self.raw.as_ref().is_none_or(|(place, _)| !place.is_same(wanted)).then_some(wanted)
    }

    pub(super) fn give_line(&mut self, cx: &Context<'_>, place: Position, text: String) {
        self.raw = Some((place, text));
        self.show_selected_event(cx);
    }

    pub(super) fn scroll(&mut self, cx: &Context<'_>, distance: Distance) {
        let height = cx.height();
        let Some(detail) = self.detail(cx) else { return };
        self.scroll = match distance {
            Distance::Key(Action::Top) => Scroll::default(),
            Distance::Key(Action::Bottom) => detail.end(height),
            _ => detail.scrolled(self.scroll, distance.steps(height), height),
        };
    }

    /// Is true while lines of its run are to be read, by [`DetailPage::read_moments`].
    pub(super) fn wants_moments(&self, cx: &Context<'_>) -> bool {
        self.moments.wants() && self.key(cx).is_some()
    }

    /// Reads some lines of its run.
    pub(super) fn read_moments(&mut self, cx: &Context<'_>, log: &dyn Reread) {
        if let Some(key) = self.key(cx) {
            self.moments.read(cx.history, log, key);
        }
    }

    /// The run, also at an instant before it was created: its lines can be read all the same.
    fn key(&self, cx: &Context<'_>) -> Option<RunKey> {
        cx.store().find_ever(self.run)
    }

    /// Asks for the events that have come since.
    pub(super) fn settle(&mut self, cx: &Context<'_>) {
        if let Some(key) = self.key(cx) {
            self.moments.update(cx.history, key);
        }
    }

    /// Brings the selected event back into view, after the page has taken another shape.
    pub(super) fn show_selected_event(&mut self, cx: &Context<'_>) {
        let Some(detail) = self.detail(cx) else { return };
        let Some(selected) = detail.selected else { return };
        self.scroll = detail.scrolled_to_event(selected, self.scroll, cx.height());
    }

    /// Selects another event, whose line is shown whole.
    pub(super) fn select_event(&mut self, cx: &Context<'_>, action: Action) {
        let Some(detail) = self.detail(cx) else { return };
        let Some(last) = detail.moments.len().checked_sub(1) else { return };
        let selected = detail.selected.unwrap_or(last);
        let to =
            if action == Action::NextEvent { (selected + 1).min(last) } else { selected.saturating_sub(1) };
        self.moments.select(to);
        self.show_selected_event(cx);
    }
}

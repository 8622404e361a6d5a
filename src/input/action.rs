//! Actions: the meanings of keys, in the imperative.
//!
//! Must not know which key means it.

/// Action that the user asks of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Go to the next row, or scroll down by one.
    Down,
    /// Go to the row before, or scroll up by one.
    Up,
    /// Go half a page down.
    PageDown,
    /// Go half a page up.
    PageUp,
    /// Go to the first row.
    Top,
    /// Go to the last row.
    Bottom,
    /// Go to the next section of the list.
    NextSection,
    /// Go to the section before.
    PreviousSection,
    /// Open what is under the cursor: a run's details, a section.
    Open,
    /// Go back a step. Never quits.
    Back,
    /// Go back a step, and quit when there is none.
    Leave,
    /// Quit, wherever one is.
    Quit,
    /// Give the next pane the keys.
    NextPane,
    /// Give the pane before the keys.
    PreviousPane,
    /// Give the pane with this number the keys.
    Pane(u8),
    /// Let one pane have the whole screen, or give it back.
    Zoom,
    /// Freeze the view, or let it go on; in the past, play.
    Pause,
    /// Stay at the live edge, or stop doing so; from the past, return to it.
    Follow,
    /// Go to the next problem of the log; in the past, to the instant of the next problem or failure.
    NextProblem,
    /// Go to the problem before.
    PreviousProblem,
    /// Go one event back in time.
    StepBack,
    /// Go one event on in time.
    StepForward,
    /// Go to the event before of the run under the cursor.
    PreviousOfRun,
    /// Go to the next event of the run under the cursor.
    NextOfRun,
    /// Go a minute back in time.
    MinuteBack,
    /// Go a minute on in time.
    MinuteForward,
    /// Select the next event on a run's page.
    NextEvent,
    /// Select the event before.
    PreviousEvent,
    /// Go to the start of the log, or of a list that is not in the past.
    Start,
    /// Go to the end of the log, or of a list that is not in the past.
    End,
    /// Mark the instant at hand, to compare others with.
    Mark,
    /// Tell what is different from the instant that was marked.
    Changes,
    /// Ask for an instant to go to.
    GoTo,
    /// Play faster.
    Faster,
    /// Play slower.
    Slower,
    /// Ask for a query that narrows what is shown.
    Find,
    /// Ask for a command by its name.
    Command,
    /// Take what was typed.
    Accept,
    /// Type a letter.
    Type(char),
    /// Take the last letter back.
    Erase,
    /// Take the last word back, to the blank before it.
    EraseWord,
    /// Take letters and digits back, to the start of the word.
    ErasePart,
    /// Take everything back that was typed before the caret.
    EraseLine,
    /// Take everything away that follows the caret.
    EraseRest,
    /// Take away the letter under the caret.
    Delete,
    /// Take letters and digits away, to the end of the word.
    DeletePart,
    /// Go a letter to the left.
    CaretLeft,
    /// Go a letter to the right.
    CaretRight,
    /// Go to the start of the word.
    CaretWordLeft,
    /// Go to the end of the word.
    CaretWordRight,
    /// Go to the start of what was typed.
    CaretStart,
    /// Go to its end.
    CaretEnd,
    /// Bring back what was typed before.
    Older,
    /// Bring back what was typed after that.
    Newer,
    /// Complete what was typed.
    Complete,
    /// Sort by the next column.
    NextSort,
    /// Sort by the column before.
    PreviousSort,
    /// Turn the order round.
    InvertSort,
    /// Group by the next thing there is to group by.
    NextGrouping,
    /// Mark the run under the cursor, or take its mark away.
    MarkRun,
    /// Begin a range of marks at the cursor, or end it there.
    MarkRange,
    /// Mark every run that the query shows, or take all marks away.
    MarkAll,
    /// Copy the id of the run under the cursor.
    CopyId,
    /// Copy the run under the cursor as JSON.
    CopyRow,
    /// Let the mouse be used, or leave it to the terminal.
    Mouse,
    /// Ask whether the run under the cursor is to be canceled.
    CancelRun,
    /// Answer yes to that.
    Confirm,
    /// Answer no to that.
    Keep,
    /// Explain the keys, or stop doing so.
    Help,
    /// Repaint every cell.
    Redraw,
    /// Go to the background.
    Suspend,
}

impl Action {
    /// Every action that may have a key, with what it is called in a config file. A name, once given, stays.
    pub const NAMED: [(&str, Self); 74] = [
        ("down", Self::Down),
        ("up", Self::Up),
        ("page_down", Self::PageDown),
        ("page_up", Self::PageUp),
        ("top", Self::Top),
        ("bottom", Self::Bottom),
        ("next_section", Self::NextSection),
        ("previous_section", Self::PreviousSection),
        ("open", Self::Open),
        ("back", Self::Back),
        ("leave", Self::Leave),
        ("quit", Self::Quit),
        ("next_pane", Self::NextPane),
        ("previous_pane", Self::PreviousPane),
        ("pane_1", Self::Pane(1)),
        ("pane_2", Self::Pane(2)),
        ("pane_3", Self::Pane(3)),
        ("pane_4", Self::Pane(4)),
        ("pane_5", Self::Pane(5)),
        ("zoom", Self::Zoom),
        ("pause", Self::Pause),
        ("follow", Self::Follow),
        ("next_problem", Self::NextProblem),
        ("previous_problem", Self::PreviousProblem),
        ("step_back", Self::StepBack),
        ("step_forward", Self::StepForward),
        ("previous_of_run", Self::PreviousOfRun),
        ("next_of_run", Self::NextOfRun),
        ("minute_back", Self::MinuteBack),
        ("minute_forward", Self::MinuteForward),
        ("next_event", Self::NextEvent),
        ("previous_event", Self::PreviousEvent),
        ("start", Self::Start),
        ("end", Self::End),
        ("mark", Self::Mark),
        ("changes", Self::Changes),
        ("go_to", Self::GoTo),
        ("faster", Self::Faster),
        ("slower", Self::Slower),
        ("find", Self::Find),
        ("command", Self::Command),
        ("accept", Self::Accept),
        ("erase", Self::Erase),
        ("erase_word", Self::EraseWord),
        ("erase_part", Self::ErasePart),
        ("erase_line", Self::EraseLine),
        ("erase_rest", Self::EraseRest),
        ("delete", Self::Delete),
        ("delete_part", Self::DeletePart),
        ("caret_left", Self::CaretLeft),
        ("caret_right", Self::CaretRight),
        ("caret_word_left", Self::CaretWordLeft),
        ("caret_word_right", Self::CaretWordRight),
        ("caret_start", Self::CaretStart),
        ("caret_end", Self::CaretEnd),
        ("older", Self::Older),
        ("newer", Self::Newer),
        ("complete", Self::Complete),
        ("next_sort", Self::NextSort),
        ("previous_sort", Self::PreviousSort),
        ("invert_sort", Self::InvertSort),
        ("next_grouping", Self::NextGrouping),
        ("mark_run", Self::MarkRun),
        ("mark_range", Self::MarkRange),
        ("mark_all", Self::MarkAll),
        ("copy_id", Self::CopyId),
        ("copy_row", Self::CopyRow),
        ("mouse", Self::Mouse),
        ("cancel_run", Self::CancelRun),
        ("confirm", Self::Confirm),
        ("keep", Self::Keep),
        ("help", Self::Help),
        ("redraw", Self::Redraw),
        ("suspend", Self::Suspend),
    ];

    /// Returns the name used in a config file.
    #[must_use]
    pub fn name(self) -> &'static str {
        // A letter that is typed has no name, and needs none.
        Self::NAMED.iter().find(|(_, action)| *action == self).map_or("type", |(name, _)| name)
    }

    /// The action that is called so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(it, _)| *it == name).map(|(_, action)| *action)
    }

    /// Returns true if holding the key down repeats it. Nothing that opens, sends or ends does.
    #[must_use]
    pub const fn repeats(self) -> bool {
        matches!(
            self,
            Self::Down
                | Self::Up
                | Self::PageDown
                | Self::PageUp
                | Self::NextSection
                | Self::PreviousSection
                | Self::NextProblem
                | Self::PreviousProblem
                | Self::NextEvent
                | Self::PreviousEvent
                | Self::StepBack
                | Self::StepForward
                | Self::PreviousOfRun
                | Self::NextOfRun
                | Self::MinuteBack
                | Self::MinuteForward
                | Self::Faster
                | Self::Slower
                | Self::Type(_)
                | Self::Erase
                | Self::EraseWord
                | Self::ErasePart
                | Self::Delete
                | Self::DeletePart
                | Self::CaretLeft
                | Self::CaretRight
                | Self::CaretWordLeft
                | Self::CaretWordRight
                | Self::Older
                | Self::Newer
        )
    }
}

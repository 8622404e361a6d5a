//! What a key means, in the imperative.
//!
//! Must not know which key means it.

/// What somebody asks of the dashboard.
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
    /// Answer that: go there.
    GoThere,
    /// Type a letter of it.
    Type(char),
    /// Take the last letter back.
    Erase,
    /// Play faster.
    Faster,
    /// Play slower.
    Slower,
    /// Ask whether the run under the cursor is to be canceled.
    CancelRun,
    /// Answer yes to that.
    Confirm,
    /// Answer no to that.
    Keep,
    /// Explain the keys, or stop doing so.
    Help,
    /// Paint every cell anew.
    Redraw,
    /// Go to the background.
    Suspend,
}

impl Action {
    /// Whether holding the key down repeats it. Nothing that opens, sends or ends does.
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
        )
    }
}

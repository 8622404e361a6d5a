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
    /// Freeze the view, or let it go on.
    Pause,
    /// Stay at the live edge, or stop doing so.
    Follow,
    /// Go to the next problem of the log.
    NextProblem,
    /// Go to the problem before.
    PreviousProblem,
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
        )
    }
}

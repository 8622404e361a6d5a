//! Keyboard input: a thread reads the terminal, so that the loop only ever waits.
//!
//! Each input carries the instant at which it was read, because a dialog must not be answered by a key that was
//! typed before it was drawn. Must not know what a key means.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseEvent, MouseEventKind};
use tokio::sync::mpsc;

use super::output::guard::TerminalGuard;
use super::tty::is_gone;
use super::tty::{erase, is_ready, read_some, tty};
use super::typing::InputPiece;
use super::{background, events};
use crate::fault::{Fault, Faults};

/// Number of inputs that may wait for the loop. More than a user types while a frame is drawn; what a stuck
/// program does not take is dropped, since it was typed at a screen that was never drawn.
const MAX_QUEUED_INPUTS: usize = 1024;

/// As much is read at once: many turns of a wheel, or a part of a paste.
const READ: usize = 16 << 10;

/// Interval between the threads' checks that the receiver is still there, and that the screen is still ours.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Input from the terminal.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A key went down, or is held.
    Press {
        /// The key.
        key: KeyEvent,
        /// Is true if it was held. Good for moving, never for an answer. Few terminals report it.
        repeat: bool,
    },
    /// The mouse did something, while it is ours.
    Mouse {
        /// The last event of its kind.
        event: MouseEvent,
        /// Number of times in a row: a burst is one move.
        times: u16,
    },
    /// A text was pasted.
    Paste(String),
    /// The terminal came to the front.
    FocusGained,
    /// The terminal went to the back.
    FocusLost,
    /// The terminal says how light its background is.
    Background {
        /// From black at 0 to white at 1.
        lightness: f32,
    },
    /// The terminal has answered all that it was asked.
    Answered,
}

/// An input, and when it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedInput {
    /// Input as typed.
    pub input: Input,
    /// When it was read from the terminal, which may be long before the loop gets to it.
    pub at: Instant,
}

/// Why nothing can be typed any more.
#[derive(Debug)]
pub enum InputEnd {
    /// The terminal is gone.
    Gone,
    /// The reader of the keys has ended, though the terminal is there.
    Dead(Option<io::Error>),
}

/// The inputs of the terminal, until it is gone.
#[derive(Debug)]
pub struct Keys {
    inputs: mpsc::Receiver<io::Result<TimedInput>>,
    /// Nothing is ever sent: it closes when the terminal is gone.
    terminal: mpsc::Receiver<()>,
}

impl Keys {
    /// Starts to read the terminal, whenever `gate` is open.
    pub(super) fn start(gate: TerminalGuard, faults: Faults) -> io::Result<Self> {
        faults.start(Fault::StartKeys)?;
        let (sender, inputs) = mpsc::channel(MAX_QUEUED_INPUTS);
        let (alive, terminal) = mpsc::channel(1);
        let tty = tty()?;
        thread::Builder::new().name("keys".to_owned()).spawn(move || {
            if let Err(error) = read(&gate, tty, &sender, faults) {
                // A full queue loses why, and not that.
                let _ = sender.try_send(Err(error));
            }
        })?;
        thread::Builder::new().name("hang-up".to_owned()).spawn(move || watch(&alive))?;
        Ok(Self { inputs, terminal })
    }

    /// Drops what was typed and not asked for yet: it was meant for a screen that is not there any more.
    pub fn discard(&mut self) {
        while let Ok(Ok(_)) = self.inputs.try_recv() {}
    }

    /// Waits for the next input. May be dropped while it waits, and loses none.
    ///
    /// # Errors
    /// When there will be none.
    pub async fn recv(&mut self) -> Result<TimedInput, InputEnd> {
        let typed = tokio::select! {
            biased;
            typed = self.inputs.recv() => typed,
            _ = self.terminal.recv() => return Err(InputEnd::Gone),
        };
        match typed {
            Some(Ok(typed)) => Ok(typed),
            _ if is_gone() => Err(InputEnd::Gone),
            Some(Err(error)) => Err(InputEnd::Dead(Some(error))),
            None => Err(InputEnd::Dead(None)),
        }
    }
}

/// Reads the terminal until it fails or the receiver is gone.
///
/// It is waited for without the gate, and read behind it: once that is closed, what comes is left where it is.
fn read(
    gate: &TerminalGuard,
    mut tty: File,
    sender: &mpsc::Sender<io::Result<TimedInput>>,
    faults: Faults,
) -> io::Result<()> {
    let mut buffer = [0; READ];
    while !sender.is_closed() {
        if !gate.is_read() {
            thread::sleep(POLL_INTERVAL);
            continue;
        }
        let until = gate.typed_until().map(|until| until.saturating_duration_since(Instant::now()));
        let is_ready = is_ready(tty.as_fd(), until.map_or(POLL_INTERVAL, |until| until.min(POLL_INTERVAL)))?;
        let read = gate.reading(|typing| -> io::Result<usize> {
            let n = if is_ready { read_some(&mut tty, &mut buffer)? } else { 0 };
            let at = Instant::now();
            let pieces = if n == 0 { typing.expire(at) } else { typing.take(&buffer[..n], at) };
            if n > 0 && faults.has(Fault::DeadKeys) {
                return Ok(n);
            }
            hand_on(pieces, at, erase(&tty), gate, sender);
            Ok(n)
        });
        if read.transpose()?.is_some_and(|n| n > 0) {
            faults.strike(Fault::PanicKeys);
            if faults.has(Fault::DeadKeys) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Hands on what was typed. A full queue drops it; a closed one is seen elsewhere.
fn hand_on(
    pieces: Vec<InputPiece>,
    at: Instant,
    erase: Option<char>,
    gate: &TerminalGuard,
    sender: &mpsc::Sender<io::Result<TimedInput>>,
) {
    let send = |input| drop(sender.try_send(Ok(TimedInput { input, at })));
    for piece in &pieces {
        if let InputPiece::Background(color) = piece
            && let Some(lightness) = background::lightness(color)
        {
            send(Input::Background { lightness });
        } else if background::is_last_answer(piece) {
            gate.answered();
            send(Input::Answered);
        }
    }
    for (event, times) in moves(pieces.into_iter().filter_map(|piece| events::event(piece, erase))) {
        if let Some(input) = input(&event, times) {
            send(input);
        }
    }
}

/// Events, with how often each came in a row that is one move: a wheel is turned faster than rows are found.
fn moves(events: impl Iterator<Item = Event>) -> Vec<(Event, u16)> {
    let mut moves: Vec<(Event, u16)> = Vec::new();
    for event in events {
        match moves.last_mut() {
            Some((last, times)) if is_move(last) && goes_on(last, &event) => {
                *last = event;
                *times = times.saturating_add(1);
            }
            _ => moves.push((event, 1)),
        }
    }
    moves
}

/// Returns true if an event may be one of many that are one move.
const fn is_move(event: &Event) -> bool {
    use MouseEventKind::{Drag, ScrollDown, ScrollUp};
    matches!(event, Event::Mouse(MouseEvent { kind: Drag(_) | ScrollDown | ScrollUp, .. }))
}

/// Returns true if `next` only continues `event`: a drag anywhere, a wheel over the same place.
fn goes_on(event: &Event, next: &Event) -> bool {
    let (Event::Mouse(event), Event::Mouse(next)) = (event, next) else { return false };
    let is_drag = matches!(event.kind, MouseEventKind::Drag(_));
    event.kind == next.kind && (is_drag || (event.column, event.row) == (next.column, next.row))
}

/// Checks that the terminal is still there, until the receiver is gone.
///
/// A thread that is stopped in a read, or waits for another program to give the terminal back, would not
/// notice.
fn watch(alive: &mpsc::Sender<()>) {
    while !alive.is_closed() && !is_gone() {
        thread::sleep(POLL_INTERVAL);
    }
}

/// Translates an event that came `times` in a row; releases of keys mean nothing.
fn input(event: &Event, times: u16) -> Option<Input> {
    match *event {
        Event::Key(key) => match key.kind {
            KeyEventKind::Press => Some(Input::Press { key, repeat: false }),
            KeyEventKind::Repeat => Some(Input::Press { key, repeat: true }),
            KeyEventKind::Release => None,
        },
        Event::Paste(ref text) => Some(Input::Paste(text.clone())),
        // A signal tells of that.
        Event::Resize(..) => None,
        Event::FocusGained => Some(Input::FocusGained),
        Event::FocusLost => Some(Input::FocusLost),
        Event::Mouse(event) => Some(Input::Mouse { event, times }),
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers, MouseButton};

    use super::*;

    #[test]
    fn a_key_counts_when_it_goes_down() {
        let key = |kind| KeyEvent::new_with_kind(KeyCode::Char('y'), KeyModifiers::NONE, kind);
        let pressed = key(KeyEventKind::Press);
        let held = key(KeyEventKind::Repeat);
        let mouse =
            MouseEvent { kind: MouseEventKind::Moved, column: 1, row: 1, modifiers: KeyModifiers::NONE };
        for (event, expected) in [
            (Event::Key(pressed), Some(Input::Press { key: pressed, repeat: false })),
            (Event::Key(held), Some(Input::Press { key: held, repeat: true })),
            (Event::Key(key(KeyEventKind::Release)), None),
            (Event::Paste("cy\n".to_owned()), Some(Input::Paste("cy\n".to_owned()))),
            (Event::Resize(80, 24), None),
            (Event::FocusGained, Some(Input::FocusGained)),
            (Event::FocusLost, Some(Input::FocusLost)),
            (Event::Mouse(mouse), Some(Input::Mouse { event: mouse, times: 4 })),
        ] {
            assert_eq!(input(&event, 4), expected, "{event:?}");
        }
    }

    #[test]
    fn a_burst_of_the_mouse_is_one_move_as_long_as_it_goes_on_alike() {
        use MouseEventKind::{Down, Drag, ScrollDown, ScrollUp};
        let mouse =
            |kind, column| Event::Mouse(MouseEvent { kind, column, row: 3, modifiers: KeyModifiers::NONE });
        let (left, right) = (MouseButton::Left, MouseButton::Right);
        for (event, next, expected) in [
            (mouse(ScrollDown, 1), mouse(ScrollDown, 1), true),
            (mouse(ScrollDown, 1), mouse(ScrollDown, 9), false),
            (mouse(ScrollDown, 1), mouse(ScrollUp, 1), false),
            (mouse(Drag(left), 1), mouse(Drag(left), 9), true),
            (mouse(Drag(left), 1), mouse(Drag(right), 9), false),
            (mouse(Down(left), 1), mouse(Down(left), 1), false),
            (mouse(ScrollDown, 1), Event::FocusLost, false),
        ] {
            let times: Vec<u16> =
                moves([event.clone(), next.clone()].into_iter()).iter().map(|(_, times)| *times).collect();
            assert_eq!(times, if expected { vec![2] } else { vec![1, 1] }, "{event:?} {next:?}");
        }
    }
}

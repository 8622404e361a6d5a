//! What is typed: a thread reads the terminal, so that the loop only ever waits.
//!
//! Each input carries the instant at which it was read, because a dialog must not be answered by a key that was
//! typed before it was drawn. Must not know what a key means.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event, KeyEvent, KeyEventKind, MouseEvent, MouseEventKind};
use tokio::sync::mpsc;

use crate::fault::{Fault, Faults};
use crate::terminal::gate::Gate;
use crate::terminal::is_gone;
use crate::terminal::strays::Strays;

/// How many inputs may wait for the loop. More than anybody types while a frame is drawn; what a stuck program
/// does not take is dropped, since it was typed at a screen that nobody has seen.
const WAITING: usize = 1024;

/// How long the threads wait before they look whether anybody still listens, and whether the screen is still ours.
const GLANCE: Duration = Duration::from_millis(100);

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key went down, or is held.
    Press {
        /// The key.
        key: KeyEvent,
        /// Whether it was held. Good for moving, never for an answer. Few terminals can tell.
        repeat: bool,
    },
    /// The mouse did something, while it is ours.
    Mouse {
        /// What it did last.
        event: MouseEvent,
        /// How often it did so in a row: a burst is one move.
        times: u16,
    },
    /// A text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resize {
        /// In columns.
        width: u16,
        /// In rows.
        height: u16,
    },
    /// The terminal came to the front.
    FocusGained,
    /// The terminal went to the back.
    FocusLost,
}

/// An input, and when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// What was typed.
    pub input: Input,
    /// When it was read from the terminal, which may be long before the loop gets to it.
    pub at: Instant,
}

/// The inputs of the terminal, until it is gone.
#[derive(Debug)]
pub struct Keys {
    inputs: mpsc::Receiver<Typed>,
    /// Nothing is ever sent: it closes when the terminal is gone.
    terminal: mpsc::Receiver<()>,
}

impl Keys {
    /// Starts to read the terminal, whenever `gate` is open.
    pub(super) fn start(gate: Gate, strays: Strays, faults: Faults) -> io::Result<Self> {
        faults.start(Fault::StartKeys)?;
        let (sender, inputs) = mpsc::channel(WAITING);
        let (alive, terminal) = mpsc::channel(1);
        thread::Builder::new().name("keys".to_owned()).spawn(move || read(&gate, strays, &sender))?;
        thread::Builder::new().name("hang-up".to_owned()).spawn(move || watch(&alive))?;
        Ok(Self { inputs, terminal })
    }

    /// Waits for the next input; none when the terminal is gone. May be dropped while it waits, and loses none.
    pub async fn recv(&mut self) -> Option<Typed> {
        tokio::select! {
            biased;
            typed = self.inputs.recv() => typed,
            _ = self.terminal.recv() => None,
        }
    }
}

/// Reads the terminal until it fails or nobody listens.
fn read(gate: &Gate, mut strays: Strays, sender: &mpsc::Sender<Typed>) {
    let mut held = None;
    while !sender.is_closed() {
        match gate.reading(|| read_one(&mut held)) {
            Some(Ok(Some((event, times)))) => {
                let at = Instant::now();
                if strays.takes(&event, at) {
                    continue;
                }
                if let Some(input) = input(&event, times) {
                    // A full queue drops the key; a closed one is seen above.
                    let _ = sender.try_send(Typed { input, at });
                }
            }
            Some(Ok(None)) => {}
            Some(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            Some(Err(_)) => return,
            None => {
                held = None;
                thread::sleep(GLANCE);
            }
        }
    }
}

/// Reads one event, if one comes soon, and how often it is there already: a wheel is turned faster than rows are found.
/// What comes after that is held for the next time.
fn read_one(held: &mut Option<Event>) -> io::Result<Option<(Event, u16)>> {
    let mut event = match held.take() {
        Some(event) => event,
        None if event::poll(GLANCE)? => event::read()?,
        None => return Ok(None),
    };
    let mut times = 1;
    while is_move(&event) && times < u16::MAX && event::poll(Duration::ZERO).unwrap_or(false) {
        let next = event::read()?;
        if !goes_on(&event, &next) {
            *held = Some(next);
            break;
        }
        event = next;
        times += 1;
    }
    Ok(Some((event, times)))
}

/// Whether an event may be one of many that are one move.
const fn is_move(event: &Event) -> bool {
    use MouseEventKind::{Drag, ScrollDown, ScrollUp};
    matches!(event, Event::Mouse(MouseEvent { kind: Drag(_) | ScrollDown | ScrollUp, .. }))
}

/// Whether `next` only goes on with what `event` does: a drag anywhere, a wheel over the same place.
fn goes_on(event: &Event, next: &Event) -> bool {
    let (Event::Mouse(event), Event::Mouse(next)) = (event, next) else { return false };
    let is_drag = matches!(event.kind, MouseEventKind::Drag(_));
    event.kind == next.kind && (is_drag || (event.column, event.row) == (next.column, next.row))
}

/// Looks whether the terminal is still there, until nobody listens.
///
/// crossterm does not notice a terminal that is closed without a signal: it reads an endless end of file. The
/// terminal itself answers every question with an error from then on.
fn watch(alive: &mpsc::Sender<()>) {
    while !alive.is_closed() && !is_gone() {
        thread::sleep(GLANCE);
    }
}

/// What an event means to us that came so many times; releases of keys mean nothing.
fn input(event: &Event, times: u16) -> Option<Input> {
    match *event {
        Event::Key(key) => match key.kind {
            KeyEventKind::Press => Some(Input::Press { key, repeat: false }),
            KeyEventKind::Repeat => Some(Input::Press { key, repeat: true }),
            KeyEventKind::Release => None,
        },
        Event::Paste(ref text) => Some(Input::Paste(text.clone())),
        Event::Resize(width, height) => Some(Input::Resize { width, height }),
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
            (Event::Resize(80, 24), Some(Input::Resize { width: 80, height: 24 })),
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
            assert_eq!(is_move(&event) && goes_on(&event, &next), expected, "{event:?} {next:?}");
        }
    }
}

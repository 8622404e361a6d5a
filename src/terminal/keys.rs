//! What is typed: a thread reads the terminal, so that the loop only ever waits.
//!
//! Each input carries the instant at which it was read, because a dialog must not be answered by a key that was
//! typed before it was drawn. Must not know what a key means.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseEvent, MouseEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::{stdio, termios};
use tokio::sync::mpsc;

use crate::fault::{Fault, Faults};
use crate::terminal::gate::Gate;
use crate::terminal::typing::Typing;
use crate::terminal::{events, is_gone};

/// How many inputs may wait for the loop. More than anybody types while a frame is drawn; what a stuck program
/// does not take is dropped, since it was typed at a screen that nobody has seen.
const WAITING: usize = 1024;

/// As much is read at once: many turns of a wheel, or a part of a paste.
const READ: usize = 16 << 10;

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

/// Why nothing can be typed any more.
#[derive(Debug)]
pub enum End {
    /// The terminal is gone.
    Gone,
    /// What reads the keys has ended, though the terminal is there.
    Dead(Option<io::Error>),
}

/// The inputs of the terminal, until it is gone.
#[derive(Debug)]
pub struct Keys {
    inputs: mpsc::Receiver<io::Result<Typed>>,
    /// Nothing is ever sent: it closes when the terminal is gone.
    terminal: mpsc::Receiver<()>,
}

impl Keys {
    /// Starts to read the terminal, whenever `gate` is open.
    pub(super) fn start(gate: Gate, faults: Faults) -> io::Result<Self> {
        faults.start(Fault::StartKeys)?;
        let (sender, inputs) = mpsc::channel(WAITING);
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

    /// Waits for the next input. May be dropped while it waits, and loses none.
    ///
    /// # Errors
    /// When there will be none.
    pub async fn recv(&mut self) -> Result<Typed, End> {
        let typed = tokio::select! {
            biased;
            typed = self.inputs.recv() => typed,
            _ = self.terminal.recv() => return Err(End::Gone),
        };
        match typed {
            Some(Ok(typed)) => Ok(typed),
            _ if is_gone() => Err(End::Gone),
            Some(Err(error)) => Err(End::Dead(Some(error))),
            None => Err(End::Dead(None)),
        }
    }
}

/// The terminal that keys come from: the standard input, or the process's own where that is something else.
fn tty() -> io::Result<File> {
    if termios::isatty(stdio::stdin()) {
        let fd: OwnedFd = rustix::io::fcntl_dupfd_cloexec(stdio::stdin(), 3)?;
        return Ok(fd.into());
    }
    File::open("/dev/tty")
}

/// Reads the terminal until it fails or nobody listens.
fn read(
    gate: &Gate,
    mut tty: File,
    sender: &mpsc::Sender<io::Result<Typed>>,
    faults: Faults,
) -> io::Result<()> {
    let mut typing = Typing::after_question(Instant::now());
    let mut buffer = [0; READ];
    while !sender.is_closed() {
        let patience = typing
            .until()
            .map_or(GLANCE, |until| until.saturating_duration_since(Instant::now()).min(GLANCE));
        let Some(read) = gate.reading(|| read_some(&mut tty, &mut buffer, patience)) else {
            typing.forget();
            thread::sleep(GLANCE);
            continue;
        };
        let bytes = &buffer[..read?];
        let at = Instant::now();
        let pieces = if bytes.is_empty() { typing.expire(at) } else { typing.take(bytes, at) };
        if !bytes.is_empty() {
            faults.strike(Fault::PanicKeys);
            if faults.has(Fault::DeadKeys) {
                return Ok(());
            }
        }
        for (event, times) in moves(pieces.into_iter().filter_map(events::event)) {
            if let Some(input) = input(&event, times) {
                // A full queue drops the key; a closed one is seen above.
                let _ = sender.try_send(Ok(Typed { input, at }));
            }
        }
    }
    Ok(())
}

/// Reads what is there, if something comes soon. A terminal that is gone is an error, and not an endless end of file.
fn read_some(tty: &mut File, buffer: &mut [u8], patience: Duration) -> io::Result<usize> {
    let patience = Timespec::try_from(patience).ok();
    let mut asked = [PollFd::new(tty, PollFlags::IN)];
    match poll(&mut asked, patience.as_ref()) {
        Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(0),
        Ok(_) => (),
        Err(error) => return Err(error.into()),
    }
    match tty.read(buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => Ok(0),
        read => read,
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
/// Whoever is stopped in a read, or waits for another program to give the terminal back, would not notice.
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

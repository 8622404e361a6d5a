//! Keys and the mouse: one table from keys to actions, which dispatches, hints and explains itself.
//!
//! Must not know what an action does, nor anything of runs and logs.

pub mod action;
pub mod command;
pub mod key;
pub mod keymap;
mod layout;
pub mod pointer;

pub use action::Action;
pub use command::{COMMANDS, CommandRow, Takes};
pub use key::Key;
pub use keymap::{Binding, KEYMAP, KeyGroup, Keymap, Mode};
pub use pointer::{Deed, Pointing};

//! What keys mean: one table from keys to actions, which dispatches, hints and explains itself. And what the mouse does.
//!
//! Must not know what an action does, nor anything of runs and logs.

pub mod action;
pub mod keymap;
pub mod pointer;

pub use action::Action;
pub use keymap::{Binding, Group, KEYMAP, Key, Mode};
pub use pointer::{Deed, Pointing};

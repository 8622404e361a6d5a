//! The content of the panes: rows and figures borrowed from the store, as many as a pane is high.
//!
//! Nothing here costs more when there are more runs, but for [`times`], which goes over them in slices, and
//! [`changes`], which is computed on request. Must not know colors, cells or keys.

pub mod arrange;
pub mod attempts;
pub mod beyond;
pub mod changes;
pub mod charts;
pub mod column;
pub mod detail;
pub mod dialog;
pub mod format;
pub mod found;
pub mod help;
pub mod ids;
pub mod instant;
pub mod layout;
pub mod ledger;
pub mod list;
pub mod notice;
pub mod panes;
pub mod problems;
pub mod row;
pub mod screen;
pub mod sending;
pub mod summary;
pub mod suspended;
#[cfg(test)]
mod testing;
pub mod timeline;
pub mod times;
pub mod title;
pub mod waiting;

pub use crate::model::clock::{Clock, LogClock};
pub use column::Column;
pub use ids::{IdForms, Ids};
pub use layout::{Area, Layout, Pane, Shape};
pub use list::{Cursor, Fold, List, Outline, Shelf};
pub use notice::{Notice, Notices, Severity};
pub use row::RunRow;
pub use timeline::Timeline;
pub use times::Times;

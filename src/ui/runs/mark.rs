//! What became of a wish to cancel a run, in a word or two on its row.

use crate::control::ledger::Standing;
use crate::ui::theme::Meaning;
use crate::view::format::sequence;

/// The mark of a run that somebody wished to cancel.
pub(super) fn mark(standing: &Standing) -> (Meaning, String) {
    match standing {
        Standing::Asked => (Meaning::Warn, "cancel asked".to_owned()),
        Standing::Sent => (Meaning::Warn, "cancel sent".to_owned()),
        Standing::NoEvidence { .. } => (Meaning::Bad, "no evidence".to_owned()),
        Standing::Proved { at_sequence } => (Meaning::Good, format!("proved {}", sequence(*at_sequence))),
        Standing::Overtaken { .. } => (Meaning::Warn, "overtaken".to_owned()),
        Standing::Refused { .. } => (Meaning::Bad, "cancel refused".to_owned()),
    }
}

//! Tables as a whole.

use super::*;

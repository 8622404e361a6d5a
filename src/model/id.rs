//! The ids that a log names things by: 16 bytes, each in a type of its own so that none stands for another.
//!
//! They are UUIDs, or digests of texts: those of runs, tasks and attempts may be any text, which [`IdTexts`] keeps. Must
//! not know what the ids name, nor how a log spells them.

mod texts;

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

use uuid::Uuid;

pub use texts::{IdTexts, LONGEST_ID};

/// The digest of a text has these 40 bits first. No UUID that is written by its standard has them.
const MARK: u128 = 0xff_ffff_ff1d << DIGEST_BITS;
/// The bits of a digest that its text decides.
const DIGEST_BITS: u32 = 88;

/// An id of any kind, as a number.
pub trait Id: Copy + Ord + fmt::Display {
    /// Its 16 bytes.
    fn bits(self) -> u128;

    /// The id of 16 bytes.
    fn from_bits(bits: u128) -> Self;

    /// Is true of the digest of a text, and of a UUID that looks like one: the store can tell.
    fn is_digest(self) -> bool {
        self.bits() >> DIGEST_BITS == MARK >> DIGEST_BITS
    }

    /// The digest of a text, the same in each process. `nth` tells texts apart that have the same.
    fn digest(text: &str, nth: u32) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let low = u128::from(hasher.finish());
        nth.hash(&mut hasher);
        let high = u128::from(hasher.finish());
        Self::from_bits(MARK | ((high << 64 | low) & ((1 << DIGEST_BITS) - 1)))
    }

    /// The UUID that a text is in its canonical form, if it is one that names a thing and is not taken for a digest.
    fn canonical(text: &str) -> Option<Self> {
        let uuid = Uuid::try_parse(text).ok().filter(|uuid| !uuid.is_nil())?;
        let id = Self::from_bits(uuid.as_u128());
        let is_canonical = uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text;
        (is_canonical && !id.is_digest()).then_some(id)
    }
}

impl RunId {
    /// The id that stands for a text, as long as no other text has the same digest: a UUID is its own.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self::canonical(text).unwrap_or_else(|| Self::digest(text, 0))
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl Hash for $name {
            /// As one number: hashed as bytes, their length would be hashed with them.
            fn hash<H: Hasher>(&self, state: &mut H) {
                state.write_u128(self.0.as_u128());
            }
        }

        impl $name {
            /// Makes a new random id.
            #[must_use]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// Takes a UUID as this kind of id.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id of nothing: all bits are zero.
            #[must_use]
            pub const fn nil() -> Self {
                Self(Uuid::nil())
            }

            /// The UUID itself.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// Returns true if all bits are zero, which no engine gives to a thing that exists.
            #[must_use]
            pub const fn is_nil(&self) -> bool {
                self.0.is_nil()
            }
        }

        impl Id for $name {
            #[inline]
            fn bits(self) -> u128 {
                self.0.as_u128()
            }

            fn from_bits(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

id! {
    /// Names a run: one scheduled occurrence of a task. Ordered by its bytes, as the engine breaks ties.
    RunId;
    /// Names a task: what is to be done, once or again and again.
    TaskId;
    /// Names one attempt to execute a run.
    AttemptId;
    /// Names what an awaiting run waits for (0.2 and later).
    WaitId;
    /// Names a tenant, the owner of tasks on a shared queue.
    TenantId;
    /// Names the state that a run saved before it yielded (0.2 and later).
    CheckpointId;
    /// Names one intent to cancel; kept when the intent is sent again.
    CommandId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_uuid_is_the_same_id() {
        let id: RunId = "7ef1a3c2-0000-4000-8000-000000000001".parse().unwrap();
        for spelling in [
            "7EF1A3C2-0000-4000-8000-000000000001",
            "7ef1a3c2000040008000000000000001",
            "{7ef1a3c2-0000-4000-8000-000000000001}",
            "urn:uuid:7ef1a3c2-0000-4000-8000-000000000001",
        ] {
            assert_eq!(spelling.parse::<RunId>().unwrap(), id);
        }
        assert_eq!(id.to_string(), "7ef1a3c2-0000-4000-8000-000000000001");
    }
}

//! Scalar shapes: ids, states, results, texts and bytes, as the log spells them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::engine::actionqueue::event::SignalDelivery;
use crate::engine::actionqueue::states::RunState;
use crate::model::facts::TaskEnd;
use crate::model::facts::{AttemptResult, Dimension};
use crate::model::id::{AttemptId, CheckpointId, RunId, TaskId, TenantId, WaitId};

/// A text that borrows from the line unless it holds escapes.
pub(super) struct Str<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text))
            }
        }
        deserializer.deserialize_str(Borrow).map(Str)
    }
}

/// A UUID in any of its spellings.
pub(super) struct UuidText(pub(super) Uuid);

impl<'de> Deserialize<'de> for UuidText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parse;
        impl Visitor<'_> for Parse {
            type Value = Uuid;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a UUID string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Uuid::try_parse(text).map_err(|error| E::custom(format_args!("no UUID: {error}")))
            }
        }
        deserializer.deserialize_str(Parse).map(UuidText)
    }
}

macro_rules! ids {
    ($($name:ident)+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                UuidText::deserialize(deserializer).map(|id| Self::from_uuid(id.0))
            }
        }
    )+};
}

ids! { RunId TaskId AttemptId WaitId TenantId CheckpointId }

/// Deserializes a unit-only enum of the model under the log's own names.
macro_rules! names {
    ($wire:ident => $model:ident { $($name:ident)+ }) => {
        #[derive(Clone, Copy, Deserialize)]
        pub(super) enum $wire { $($name,)+ }

        impl From<$wire> for $model {
            fn from(wire: $wire) -> Self {
                match wire { $($wire::$name => Self::$name,)+ }
            }
        }
    };
}

names! { State01 => RunState { Scheduled Ready Leased Running RetryWait Suspended Completed Failed Canceled } }
names! { State02 => RunState {
    Scheduled Ready Leased Running RetryWait Suspended Completed Failed Canceled Awaiting
} }
names! { Result01 => AttemptResult { Success Failure Timeout Suspended } }
names! { Result02 => AttemptResult { Success Failure Timeout Suspended Awaiting } }
names! { DimensionName => Dimension { Token CostCents TimeSecs } }
names! { DeliveryName => SignalDelivery { Initial Retry Recovery } }
names! { TaskEndName => TaskEnd { Succeeded Failed Canceled } }

/// An array of bytes that is checked and discarded.
pub(super) struct SkippedBytes;

impl<'de> Deserialize<'de> for SkippedBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Skip;
        impl<'de> Visitor<'de> for Skip {
            type Value = SkippedBytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<Self::Value, A::Error> {
                while bytes.next_element::<u8>()?.is_some() {}
                Ok(SkippedBytes)
            }
        }
        deserializer.deserialize_seq(Skip)
    }
}

pub(super) fn texts(texts: Vec<Str<'_>>) -> Vec<Cow<'_, str>> {
    texts.into_iter().map(|text| text.0).collect()
}

pub(super) fn text(text: Option<Str<'_>>) -> Option<Cow<'_, str>> {
    text.map(|text| text.0)
}

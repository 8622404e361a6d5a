//! Forms of values as data: how they follow each other on the wire, and the text of JSON around them.

use super::literal::FixedText;
use super::walk::Walk;
use super::wire::Refused;

/// Form of one value.
pub(super) enum WireShape {
    /// Nothing on the wire and nothing in the text: the key of such a field has its value.
    Given,
    U8,
    U32,
    U64,
    I32,
    Text,
    Uuid,
    /// Bytes of any number, as a list of numbers.
    Bytes,
    /// 32 bytes, as a list of numbers.
    Hash,
    Option(&'static WireShape),
    List(&'static WireShape),
    /// Two values as a list.
    Pair(&'static WireShape, &'static WireShape),
    /// A value and what is behind it on the wire without a text of its own.
    Then(&'static WireShape, &'static WireShape),
    /// Fields of an object. Each key has what parts it from the one before.
    Object(&'static [WireField]),
    /// Variants without a value, in quotes.
    Names(&'static [FixedText]),
    Variants(&'static [Variant]),
    /// Place of a name that comes later on the wire; the text is its first name.
    Place(LatePolicy, &'static str),
    /// The name of a [`WireShape::Place`] before, as a byte. Nothing is written here.
    Later(LatePolicy, &'static [&'static str]),
    /// A value whose text is another than on the wire.
    Own(for<'a, 'l> fn(&mut Walk<'a, 'l>) -> Result<(), Refused>),
}

/// Names that come later on the wire than in the text.
#[derive(Clone, Copy)]
pub(super) enum LatePolicy {
    WaitPolicy,
    ChildPolicy,
}

/// WireField of an object.
pub(super) struct WireField {
    /// `{"key":` of the first, `,"key":` of the others.
    pub(super) key: FixedText,
    pub(super) shape: &'static WireShape,
}

/// Variant of an enum.
pub(super) enum Variant {
    /// Without a value: its name in quotes.
    Name(FixedText),
    /// `{"Name":` and what is in it.
    Of(FixedText, &'static WireShape),
}

/// Object of fields `name: &shape`; `name = "text"` is a field that is not on the wire.
macro_rules! object {
    ($($key:tt)*) => { $crate::engine::actionqueue::wal::shape::fields!([] "{\"" $($key)*) };
}

/// List of the fields of an object, the beginning of the next key at hand.
macro_rules! fields {
    ([$($done:tt)*] $open:literal) => {
        $crate::engine::actionqueue::wal::shape::WireShape::Object(&[$($done)*])
    };
    ([$($done:tt)*] $open:literal $key:ident: $shape:expr $(, $($rest:tt)*)?) => {
        $crate::engine::actionqueue::wal::shape::fields!([$($done)* $crate::engine::actionqueue::wal::shape::WireField {
            key: $crate::engine::actionqueue::wal::literal::FixedText::new(concat!($open, stringify!($key), "\":")),
            shape: $shape,
        },] ",\"" $($($rest)*)?)
    };
    ([$($done:tt)*] $open:literal $key:ident = $text:literal $(, $($rest:tt)*)?) => {
        $crate::engine::actionqueue::wal::shape::fields!([$($done)* $crate::engine::actionqueue::wal::shape::WireField {
            key: $crate::engine::actionqueue::wal::literal::FixedText::new(concat!($open, stringify!($key), "\":", $text)),
            shape: &$crate::engine::actionqueue::wal::shape::WireShape::Given,
        },] ",\"" $($($rest)*)?)
    };
}

/// Enum of variants `Name` and `Name(&shape)`, in the order of the wire.
macro_rules! variants {
    ($($name:ident $(($shape:expr))?),* $(,)?) => {
        $crate::engine::actionqueue::wal::shape::WireShape::Variants(&[
            $($crate::engine::actionqueue::wal::shape::variant!($name $(($shape))?)),*
        ])
    };
}

macro_rules! variant {
    ($name:ident) => {
        $crate::engine::actionqueue::wal::shape::Variant::Name(
            $crate::engine::actionqueue::wal::literal::FixedText::new(concat!("\"", stringify!($name), "\"")),
        )
    };
    ($name:ident ($shape:expr)) => {
        $crate::engine::actionqueue::wal::shape::Variant::Of(
            $crate::engine::actionqueue::wal::literal::FixedText::new(concat!(
                "{\"",
                stringify!($name),
                "\":"
            )),
            $shape,
        )
    };
}

/// Enum of names alone, in the order of the wire.
macro_rules! names {
    ($($name:ident),* $(,)?) => {
        $crate::engine::actionqueue::wal::shape::WireShape::Names(&[$($crate::engine::actionqueue::wal::literal::FixedText::new(concat!("\"", stringify!($name), "\""))),*])
    };
}

pub(super) use {fields, names, object, variant, variants};

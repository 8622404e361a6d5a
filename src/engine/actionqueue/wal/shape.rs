//! Forms of values as data: how they follow each other on the wire, and the text of JSON around them.

use super::literal::Fixed;
use super::walk::Walk;
use super::wire::Refused;

/// Form of one value.
pub(super) enum Shape {
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
    Option(&'static Shape),
    List(&'static Shape),
    /// Two values as a list.
    Pair(&'static Shape, &'static Shape),
    /// A value and what is behind it on the wire without a text of its own.
    Then(&'static Shape, &'static Shape),
    /// Fields of an object. Each key has what parts it from the one before.
    Object(&'static [Field]),
    /// Variants without a value, in quotes.
    Names(&'static [Fixed]),
    Variants(&'static [Variant]),
    /// Place of a name that comes later on the wire; the text is its first name.
    Place(Late, &'static str),
    /// The name of a [`Shape::Place`] before, as a byte. Nothing is written here.
    Later(Late, &'static [&'static str]),
    /// A value whose text is another than on the wire.
    Own(for<'a, 'l> fn(&mut Walk<'a, 'l>) -> Result<(), Refused>),
}

/// Names that come later on the wire than in the text.
#[derive(Clone, Copy)]
pub(super) enum Late {
    WaitPolicy,
    ChildPolicy,
}

/// Field of an object.
pub(super) struct Field {
    /// `{"key":` of the first, `,"key":` of the others.
    pub(super) key: Fixed,
    pub(super) shape: &'static Shape,
}

/// Variant of an enum.
pub(super) enum Variant {
    /// Without a value: its name in quotes.
    Name(Fixed),
    /// `{"Name":` and what is in it.
    Of(Fixed, &'static Shape),
}

/// Object of fields `name: &shape`; `name = "text"` is a field that is not on the wire.
macro_rules! object {
    ($($key:tt)*) => { $crate::engine::actionqueue::wal::shape::fields!([] "{\"" $($key)*) };
}

/// List of the fields of an object, the beginning of the next key at hand.
macro_rules! fields {
    ([$($done:tt)*] $open:literal) => {
        $crate::engine::actionqueue::wal::shape::Shape::Object(&[$($done)*])
    };
    ([$($done:tt)*] $open:literal $key:ident: $shape:expr $(, $($rest:tt)*)?) => {
        $crate::engine::actionqueue::wal::shape::fields!([$($done)* $crate::engine::actionqueue::wal::shape::Field {
            key: $crate::engine::actionqueue::wal::literal::Fixed::new(concat!($open, stringify!($key), "\":")),
            shape: $shape,
        },] ",\"" $($($rest)*)?)
    };
    ([$($done:tt)*] $open:literal $key:ident = $text:literal $(, $($rest:tt)*)?) => {
        $crate::engine::actionqueue::wal::shape::fields!([$($done)* $crate::engine::actionqueue::wal::shape::Field {
            key: $crate::engine::actionqueue::wal::literal::Fixed::new(concat!($open, stringify!($key), "\":", $text)),
            shape: &$crate::engine::actionqueue::wal::shape::Shape::Given,
        },] ",\"" $($($rest)*)?)
    };
}

/// Enum of variants `Name` and `Name(&shape)`, in the order of the wire.
macro_rules! variants {
    ($($name:ident $(($shape:expr))?),* $(,)?) => {
        $crate::engine::actionqueue::wal::shape::Shape::Variants(&[
            $($crate::engine::actionqueue::wal::shape::variant!($name $(($shape))?)),*
        ])
    };
}

macro_rules! variant {
    ($name:ident) => {
        $crate::engine::actionqueue::wal::shape::Variant::Name(
            $crate::engine::actionqueue::wal::literal::Fixed::new(concat!("\"", stringify!($name), "\"")),
        )
    };
    ($name:ident ($shape:expr)) => {
        $crate::engine::actionqueue::wal::shape::Variant::Of(
            $crate::engine::actionqueue::wal::literal::Fixed::new(concat!("{\"", stringify!($name), "\":")),
            $shape,
        )
    };
}

/// Enum of names alone, in the order of the wire.
macro_rules! names {
    ($($name:ident),* $(,)?) => {
        $crate::engine::actionqueue::wal::shape::Shape::Names(&[$($crate::engine::actionqueue::wal::literal::Fixed::new(concat!("\"", stringify!($name), "\""))),*])
    };
}

pub(super) use {fields, names, object, variant, variants};

//! The walker: reads values of the wire in their order and writes them as JSON.

use super::literal;
use super::shape::{LatePolicy, Variant, WireShape};
use super::walk::Walk;
use super::wire::Refused;

const UNKNOWN_VARIANT: Refused = "a variant that this form does not have";

impl Walk<'_, '_> {
    /// Reads a value of this form and writes it.
    pub(super) fn value(&mut self, shape: &WireShape) -> Result<(), Refused> {
        match shape {
            WireShape::Uuid => literal::uuid(self.wire.uuid()?, self.line),
            WireShape::U64 => literal::number(self.wire.u64()?, self.line),
            WireShape::Object(fields) => {
                for field in *fields {
                    field.key.write(self.line);
                    self.value(field.shape)?;
                }
                self.line.push(b'}');
            }
            WireShape::Names(names) => {
                let n = self.wire.u32()? as usize;
                names.get(n).ok_or(UNKNOWN_VARIANT)?.write(self.line);
            }
            WireShape::Variants(variants) => {
                let n = self.wire.u32()? as usize;
                match variants.get(n).ok_or(UNKNOWN_VARIANT)? {
                    Variant::Name(name) => name.write(self.line),
                    Variant::Of(open, inner) => {
                        open.write(self.line);
                        self.value(inner)?;
                        self.line.push(b'}');
                    }
                }
            }
            WireShape::Text => literal::text(self.wire.text()?, self.line),
            WireShape::Option(inner) if self.wire.is_some()? => self.value(inner)?,
            WireShape::Option(_) => self.line.extend_from_slice(b"null"),
            WireShape::Given => {}
            WireShape::U8 => literal::number(self.wire.byte()?, self.line),
            WireShape::U32 => literal::number(self.wire.u32()?, self.line),
            WireShape::I32 => literal::number(self.wire.i32()?, self.line),
            WireShape::Bytes => literal::bytes(self.wire.bytes()?, self.line),
            WireShape::Hash => literal::bytes(self.wire.fixed(32)?, self.line),
            WireShape::List(inner) => self.list(inner)?,
            WireShape::Pair(one, other) => {
                self.line.push(b'[');
                self.value(one)?;
                self.line.push(b',');
                self.value(other)?;
                self.line.push(b']');
            }
            WireShape::Then(one, other) => {
                self.value(one)?;
                self.value(other)?;
            }
            WireShape::Place(late, name) => {
                self.late[*late as usize] = self.line.len();
                self.line.extend_from_slice(name.as_bytes());
            }
            WireShape::Later(late, names) => self.later(*late, names)?,
            WireShape::Own(own) => own(self)?,
        }
        Ok(())
    }

    fn list(&mut self, inner: &WireShape) -> Result<(), Refused> {
        self.line.push(b'[');
        for n in 0..self.wire.len()? {
            if n > 0 {
                self.line.push(b',');
            }
            self.value(inner)?;
        }
        self.line.push(b']');
        Ok(())
    }

    /// Puts a name at its place, where another than the first is read.
    fn later(&mut self, late: LatePolicy, names: &[&str]) -> Result<(), Refused> {
        let n = usize::from(self.wire.byte()?);
        let name = names.get(n).ok_or(UNKNOWN_VARIANT)?;
        if n == 0 {
            return Ok(());
        }
        let (at, old) = (self.late[late as usize], names[0].len());
        self.line.splice(at..at + old, name.bytes());
        for other in self.late.iter_mut().filter(|other| **other > at) {
            *other = *other + name.len() - old;
        }
        Ok(())
    }
}

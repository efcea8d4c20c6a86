//! The canonical encoding of values, as the table in ARCHITECTURE.md has it, over the tests' own values. The package has
//! the same over those of a browser (`pkg/src/audit/canonical.ts`); `tests/canonical-cases.json` holds for both.

use std::rc::Rc;

use tabweave::engine::{Digest, Digests};

use super::value::{Number, VIEWS, Value};

const DEPTH_MAX: usize = 500;
const BYTES_MAX: usize = 32 << 20;

/// A value that has no canonical encoding: it is nested too deep, or its encoding would be too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

/// The canonical encoding of a value.
///
/// # Errors
/// It has none.
pub fn canonical(value: &Value) -> Result<Vec<u8>, Unfit> {
    let mut encoding = Encoding { bytes: Vec::new(), depth: 0 };
    encoding.value(value)?;
    Ok(encoding.bytes)
}

/// Digests the tests' own values.
pub struct Canonical;

impl Digests<Value> for Canonical {
    fn digest(&mut self, value: &Value) -> Digest {
        Digest::of(&canonical(value).unwrap_or_else(|Unfit| vec![0]))
    }
}

struct Encoding {
    bytes: Vec<u8>,
    depth: usize,
}

impl Encoding {
    fn value(&mut self, value: &Value) -> Result<(), Unfit> {
        match value {
            Value::Undefined => self.bytes.push(1),
            Value::Null => self.bytes.push(2),
            Value::Bool(flag) => self.bytes.push(3 + u8::from(*flag)),
            Value::Number(number) => self.number(5, *number),
            Value::BigInt(number) => {
                let magnitude = number.unsigned_abs().to_be_bytes();
                let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
                self.bytes.push(6 + u8::from(*number < 0));
                self.raw(&magnitude[zeros..]);
            }
            Value::Text(text) => {
                self.bytes.push(8);
                self.text(text);
            }
            Value::Units(units) => {
                self.bytes.push(8);
                self.units(units);
            }
            Value::Date(moment) => self.number(9, *moment),
            Value::Bytes(bytes) => {
                self.bytes.push(0x0a);
                self.raw(bytes);
            }
            Value::View(kind, bytes) => {
                let kind = VIEWS.iter().position(|known| known == kind).expect("a kind of view");
                self.bytes.extend([0x0b, kind as u8]);
                self.raw(bytes);
            }
            container => {
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return Err(Unfit);
                }
                self.container(container)?;
                self.depth -= 1;
            }
        }
        if self.bytes.len() > BYTES_MAX { Err(Unfit) } else { Ok(()) }
    }

    fn container(&mut self, value: &Value) -> Result<(), Unfit> {
        match value {
            Value::List(items) => self.items(0x0c, items),
            Value::Set(items) => self.items(0x0f, items),
            Value::Map(pairs) => {
                self.bytes.push(0x0e);
                self.count(pairs.len());
                pairs.iter().try_for_each(|(key, part)| self.value(key).and_then(|()| self.value(part)))
            }
            Value::Sparse(length, fields) => {
                self.bytes.push(0x0d);
                self.count(*length as usize);
                self.fields(fields.iter())
            }
            Value::Object(fields) => {
                self.bytes.push(0x10);
                self.fields(fields.iter())
            }
            _ => unreachable!("it is no container"),
        }
    }

    fn items(&mut self, tag: u8, items: &[Value]) -> Result<(), Unfit> {
        self.bytes.push(tag);
        self.count(items.len());
        items.iter().try_for_each(|item| self.value(item))
    }

    fn fields<'a>(
        &mut self,
        fields: impl ExactSizeIterator<Item = (&'a Rc<str>, &'a Value)>,
    ) -> Result<(), Unfit> {
        self.count(fields.len());
        let mut fields: Vec<_> = fields.collect();
        fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
        for (name, part) in fields {
            self.text(name);
            self.value(part)?;
        }
        Ok(())
    }

    fn number(&mut self, tag: u8, Number(number): Number) {
        self.bytes.push(tag);
        let bits = if number.is_nan() { 0x7ff8_0000_0000_0000 } else { number.to_bits() };
        self.bytes.extend(bits.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.units(&text.encode_utf16().collect::<Vec<_>>());
    }

    fn units(&mut self, units: &[u16]) {
        self.count(units.len());
        self.bytes.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.bytes.extend(bytes);
    }

    fn count(&mut self, count: usize) {
        self.bytes.extend((count as u32).to_be_bytes());
    }
}

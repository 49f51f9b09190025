//! The numbers that an array may hold, and how they are stored.

use npyz::{DType, Endianness, TypeChar};

use super::Stated;

/// How a number is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    kind: Kind,
    /// The size in bytes: 1, 2, 4 or 8.
    pub(super) size: usize,
    pub(super) big_endian: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unsigned,
    Signed,
    Float,
}

impl Element {
    /// The element with this code of IDX; `None` where IDX has no such code.
    pub(super) fn of_idx(code: u8) -> Option<Self> {
        let (kind, size) = match code {
            0x08 => (Kind::Unsigned, 1),
            0x09 => (Kind::Signed, 1),
            0x0b => (Kind::Signed, 2),
            0x0c => (Kind::Signed, 4),
            0x0d => (Kind::Float, 4),
            0x0e => (Kind::Float, 8),
            _ => return None,
        };
        Some(Element { kind, size, big_endian: true })
    }

    /// The element of a type of NumPy; `None` for other types than plain numbers of up to 64 bits.
    pub(super) fn of_npy(dtype: &DType) -> Option<Self> {
        let DType::Plain(text) = dtype else {
            return None;
        };
        let kind = match (text.type_char(), text.size_field()) {
            (TypeChar::Bool, 1) | (TypeChar::Uint, 1 | 2 | 4 | 8) => Kind::Unsigned,
            (TypeChar::Int, 1 | 2 | 4 | 8) => Kind::Signed,
            (TypeChar::Float, 2 | 4 | 8) => Kind::Float,
            _ => return None,
        };
        Some(Element { kind, size: text.num_bytes()?, big_endian: text.endianness() == Endianness::Big })
    }

    /// The number whose bytes, from the least to the most, are those of `bits`.
    pub(super) fn decode(self, bits: u64) -> Stated<'static> {
        let unused = u64::BITS - 8 * self.size as u32;
        match self.kind {
            Kind::Unsigned => Stated::Integer(bits.into()),
            Kind::Signed => Stated::Integer(((bits << unused) as i64 >> unused).into()),
            Kind::Float if self.size == 2 => Stated::Double(half(bits as u16).to_bits()),
            Kind::Float if self.size == 4 => Stated::Double(f64::from(f32::from_bits(bits as u32)).to_bits()),
            Kind::Float => Stated::Double(bits),
        }
    }
}

/// A float of 16 bits: a sign, an exponent of 5 bits and a fraction of 10.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

//! Arrays in NumPy's `.npy` format, as exact rationals.

use npyz::{NpyFile, Order};
use rug::Rational;

use crate::Matrix;

/// More than a plain header ever has; a longer one is not read.
const LONGEST_HEADER: usize = 1 << 12;

/// Why the bytes are no matrix of rationals.
#[derive(Debug)]
pub(super) enum Unusable {
    /// The file is not an array of numbers; why.
    File(String),
    /// An entry is not finite; its row and column, from 0.
    Entry { row: usize, column: usize, value: f64 },
}

/// The numbers of a one- or two-dimensional array; one dimension is a column.
pub(super) fn read(bytes: &[u8]) -> Result<Matrix<Rational>, Unusable> {
    let invalid = |message: &str| Unusable::File(message.to_owned());
    if !has_plain_header(bytes) {
        return Err(invalid("expected a .npy file with a plain array of numbers"));
    }
    let file = NpyFile::new(bytes).map_err(|error| Unusable::File(error.to_string()))?;
    let (rows, columns) = match *file.shape() {
        [rows] => (rows, 1),
        [rows, columns] => (rows, columns),
        _ => return Err(Unusable::File(format!("shape {:?}: expected one or two dimensions", file.shape()))),
    };
    // Every entry takes at least a byte, so the file bounds what its header may announce.
    let entries = rows.checked_mul(columns).filter(|&entries| entries <= bytes.len() as u64);
    if entries.is_none() {
        return Err(Unusable::File(format!("shape {:?}: expected as many entries as the file holds", file.shape())));
    }
    let (rows, columns, order) = (rows as usize, columns as usize, file.order());
    let values = numbers(file)?;
    let position = |k: usize| match order {
        Order::C => (k / columns, k % columns),
        Order::Fortran => (k % rows, k / rows),
    };
    let mut M = Matrix::zeros(rows, columns);
    for (k, value) in values.into_iter().enumerate() {
        let (row, column) = position(k);
        M[(row, column)] = value.map_err(|value| Unusable::Entry { row, column, value })?;
    }
    Ok(M)
}

/// The entries in the order of the file; `Err` holds one that is not finite.
fn numbers(file: NpyFile<&[u8]>) -> Result<Vec<Result<Rational, f64>>, Unusable> {
    let dtype = file.dtype().descr();
    let truncated = |error: std::io::Error| Unusable::File(error.to_string());
    let finite = |value: f64| Rational::from_f64(value).ok_or(value);
    let file = match file.try_data::<f64>() {
        Ok(data) => return data.map(|value| value.map(finite)).collect::<Result<_, _>>().map_err(truncated),
        Err(file) => file,
    };
    let file = match file.try_data::<f32>() {
        Ok(data) => {
            return data.map(|value| value.map(|v| finite(v.into()))).collect::<Result<_, _>>().map_err(truncated);
        }
        Err(file) => file,
    };
    match file.try_data::<i64>() {
        Ok(data) => data.map(|value| value.map(|v| Ok(v.into()))).collect::<Result<_, _>>().map_err(truncated),
        Err(_) => Err(Unusable::File(format!("data type {dtype}: expected float64, float32 or int64"))),
    }
}

/// Whether the header could be one that NumPy writes for numbers: short, with one dictionary and one tuple in it.
///
/// The parser behind [`NpyFile`] takes any Python literal, recurses on nested ones, and panics on some malformed ones;
/// none of them passes here.
fn has_plain_header(bytes: &[u8]) -> bool {
    let (start, length) = match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, a, b, ..] => (10, usize::from(u16::from_le_bytes([*a, *b]))),
        [0x93, b'N', b'U', b'M', b'P', b'Y', 2 | 3, _, a, b, c, d, ..] => {
            (12, u32::from_le_bytes([*a, *b, *c, *d]) as usize)
        }
        _ => return false,
    };
    let Some(header) = bytes.get(start..).and_then(|rest| rest.get(..length.min(LONGEST_HEADER + 1))) else {
        return false;
    };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"{}():,'<>=|_ \n".contains(byte);
    header.len() <= LONGEST_HEADER
        && header.iter().all(plain)
        && header.iter().filter(|&byte| b"{(".contains(byte)).count() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use npyz::WriterBuilder;
    use proptest::prelude::*;

    fn npy(order: Order, shape: &[u64], values: &[f64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let options = npyz::WriteOptions::new().default_dtype().shape(shape).order(order);
        let mut writer = options.writer(&mut bytes).begin_nd().unwrap();
        writer.extend(values.iter().copied()).unwrap();
        writer.finish().unwrap();
        bytes
    }

    /// A file without entries.
    fn with_header(text: &str) -> Vec<u8> {
        let length = (text.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\x00".as_slice(), &length, text.as_bytes()].concat()
    }

    fn rational(rows: usize, columns: usize, entries: &[i64]) -> Matrix<Rational> {
        Matrix::from_row_iterator(rows, columns, entries.iter().map(|&v| Rational::from(v)))
    }

    #[test]
    fn both_orders_give_the_same_matrix() {
        let by_rows = read(&npy(Order::C, &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])).unwrap();
        let by_columns = read(&npy(Order::Fortran, &[2, 3], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0])).unwrap();
        assert_eq!(by_rows, rational(2, 3, &[1, 2, 3, 4, 5, 6]));
        assert_eq!(by_rows, by_columns);
    }

    #[test]
    fn one_dimension_is_a_column_and_a_double_is_exact() {
        let M = read(&npy(Order::C, &[2], &[0.1, -3.0])).unwrap();
        assert_eq!(M.shape(), (2, 1));
        assert_eq!(M[0], Rational::from_f64(0.1).unwrap());
        assert_ne!(M[0], Rational::from((1, 10)));
    }

    #[test]
    fn an_entry_that_is_not_finite_is_found() {
        let found = read(&npy(Order::C, &[2, 2], &[0.0, 1.0, f64::NAN, 2.0]));
        assert!(matches!(found, Err(Unusable::Entry { row: 1, column: 0, value }) if value.is_nan()), "{found:?}");
    }

    #[test]
    fn a_header_that_announces_more_than_the_file_holds_is_refused() {
        let mut bytes = npy(Order::C, &[9], &[0.0; 9]);
        bytes.truncate(bytes.len() - 1);
        assert!(matches!(read(&bytes), Err(Unusable::File(_))));
        let at = bytes.windows(2).position(|window| window == b"(9").unwrap();
        // The product of the last shape is 2⁶⁴.
        for shape in ["(99999999999, )}", "(99999999999, 99999999999)}", "(4294967296, 4294967296)}"] {
            bytes[at..at + 30].copy_from_slice(format!("{shape:30}").as_bytes());
            let told = read(&bytes).unwrap_err();
            let expected = "expected as many entries as the file holds";
            assert!(matches!(&told, Unusable::File(message) if message.ends_with(expected)), "{told:?}");
        }
    }

    #[test]
    fn a_header_that_numpy_never_writes_is_not_parsed() {
        let nested = "(".repeat(4000);
        for header in ["{'shape': (1+2j, )}", "{'descr': [('a', '<f8')]}", "{'\\U00110000': 1}", nested.as_str()] {
            let told = read(&with_header(header)).unwrap_err();
            let expected = "expected a .npy file with a plain array of numbers";
            assert!(matches!(&told, Unusable::File(message) if message == expected), "{told:?}");
        }
    }

    proptest! {
        #[test]
        fn no_damage_panics(damage in prop::collection::vec((0usize..140, any::<u8>()), 1..6), length in 0usize..160) {
            let mut bytes = npy(Order::C, &[2, 1], &[0.5, 0.25]);
            for (at, byte) in damage {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes.truncate(length);
            let _ = read(&bytes);
        }

        #[test]
        fn no_header_text_panics(text in "[{}():,'<>=|_ a-f0-9eFTrux]{0,60}") {
            let _ = read(&with_header(&text));
        }
    }
}

//! Arrays of numbers in one piece of memory: NumPy's `.npy` format, and the IDX format of MNIST.
//!
//! The bytes stay as they are, and an entry is decoded where it is asked for.
//!
//! Deliberately absent: NumPy's structured and complex types, and floats of more than 64 bits.

mod element;

use std::io::Read;

use npyz::{NpyHeader, Order};

use super::echo;
use super::number::Stated;
use super::source::LARGEST_DATA;
use element::Element;

/// The most bytes of a header that is read: more than a plain one ever has.
const LONGEST_HEADER: usize = 1 << 12;

/// How `.npy` files begin.
pub(super) const NPY: &[u8] = b"\x93NUMPY";
/// How IDX files begin; the type of an element and the number of dimensions follow, a byte each.
pub(super) const IDX: &[u8] = &[0, 0];

/// A matrix of numbers.
#[derive(Debug)]
pub(super) struct Array {
    rows: usize,
    columns: usize,
    order: Order,
    element: Element,
    bytes: Vec<u8>,
}

impl Array {
    /// A `.npy` file of one or two dimensions; one dimension is a column.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(super) fn npy(mut bytes: impl Read) -> Result<Self, String> {
        let header = plain_header(&mut bytes)?.ok_or("expected a .npy file with a plain array of numbers")?;
        let header = NpyHeader::from_reader(header.as_slice()).map_err(|error| echo::sentence(&error.to_string()))?;
        let dtype = header.dtype();
        let element = Element::of_npy(&dtype).ok_or_else(|| {
            let found = echo::sentence(&dtype.descr());
            format!("data type {found}: expected bool, an integer of 8 to 64 bits, or a float of 16, 32 or 64 bits")
        })?;
        let shape = header.shape();
        if !(1..=2).contains(&shape.len()) {
            let found = echo::word(&format!("{shape:?}"));
            return Err(format!("shape {found}: expected one or two dimensions"));
        }
        Array::read(shape, header.order(), element, bytes)
    }

    /// An IDX file: the first dimension counts the rows, all others are flattened, the last one fastest.
    ///
    /// ```text
    /// 00 00 type n   d₁ … dₙ   entries          type: 08 u8, 09 i8, 0b i16, 0c i32, 0d f32, 0e f64
    /// ```
    ///
    /// Dimensions are unsigned numbers of four bytes; everything is big-endian.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(super) fn idx(mut bytes: impl Read) -> Result<Self, String> {
        let found = next(&mut bytes, 4)?;
        let magic: [u8; 4] = *found.first_chunk().ok_or_else(|| {
            format!("a file of {} bytes: expected an IDX file, which begins with a magic number of 4", found.len())
        })?;
        let element = match magic {
            [0, 0, _, 0] => None,
            [0, 0, code, _] => Element::of_idx(code),
            _ => None,
        };
        let element = element.ok_or_else(|| {
            let magic = u32::from_be_bytes(magic);
            format!("magic number 0x{magic:08x}: expected 0x00000803 (images), 0x00000801 (labels) or another of IDX")
        })?;
        let dimensions = usize::from(magic[3]);
        let header = next(&mut bytes, 4 * dimensions)?;
        if header.len() < 4 * dimensions {
            let (found, expected) = (4 + header.len(), 4 + 4 * dimensions);
            return Err(format!(
                "a file of {found} bytes: expected a header of {expected}, for {dimensions} dimensions"
            ));
        }
        let shape = Vec::from_iter(header.as_chunks().0.iter().map(|d| u64::from(u32::from_be_bytes(*d))));
        Array::read(&shape, Order::C, element, bytes)
    }

    /// Reads the entries. A shape that the file only announces takes no memory, and no more than one byte is read
    /// behind the last entry.
    fn read(shape: &[u64], order: Order, element: Element, mut bytes: impl Read) -> Result<Self, String> {
        let bits = 8 * element.size;
        let announced = || {
            let shape = echo::word(&Vec::from_iter(shape.iter().map(u64::to_string)).join("×"));
            format!("shape {shape} of {bits}-bit entries")
        };
        let product = |dimensions: &[u64]| {
            dimensions.iter().try_fold(1usize, |product, &d| product.checked_mul(usize::try_from(d).ok()?))
        };
        let fits = || {
            let (rows, columns) = (product(&shape[..1])?, product(&shape[1..])?);
            let size = rows.checked_mul(columns)?.checked_mul(element.size)?;
            (size as u64 <= LARGEST_DATA).then_some((rows, columns, size))
        };
        let (rows, columns, size) =
            fits().ok_or_else(|| format!("{}: expected at most {LARGEST_DATA} bytes", announced()))?;
        let entries = next(&mut bytes, size + 1)?;
        if entries.len() != size {
            let held = if entries.len() < size { format!("{} bytes", entries.len()) } else { "more bytes".into() };
            return Err(format!("{}, {size} bytes: expected as many as the file holds, found {held}", announced()));
        }
        Ok(Array { rows, columns, order, element, bytes: entries })
    }

    /// Rows and columns.
    pub(super) fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// An entry inside the shape.
    pub(super) fn cell(&self, row: usize, column: usize) -> Stated<'static> {
        let index = match self.order {
            Order::C => row * self.columns + column,
            Order::Fortran => column * self.rows + row,
        };
        let element = &self.element;
        let size = element.size;
        let bytes = &self.bytes[index * size..][..size];
        let append = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        let bits = if element.big_endian { bytes.iter().fold(0, append) } else { bytes.iter().rev().fold(0, append) };
        element.decode(bits)
    }
}

/// The next bytes, fewer only where the file ends.
fn next(bytes: &mut impl Read, count: usize) -> Result<Vec<u8>, String> {
    let mut found = Vec::new();
    let read = bytes.by_ref().take(count as u64).read_to_end(&mut found);
    read.map_err(|error| format!("cannot be read: {}", echo::sentence(&error.to_string())))?;
    Ok(found)
}

/// A header that could be one that NumPy writes for numbers: short, with one dictionary and one tuple in it.
///
/// The parser behind [`NpyHeader`] takes any Python literal, recurses on nested ones, and panics on some malformed
/// ones; none of them passes here.
fn plain_header(bytes: &mut impl Read) -> Result<Option<Vec<u8>>, String> {
    let mut header = next(bytes, 8)?;
    let length = match header.strip_prefix(NPY) {
        Some([1, _]) => next(bytes, 2)?,
        Some([2 | 3, _]) => next(bytes, 4)?,
        _ => return Ok(None),
    };
    header.extend(&length);
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte));
    if length > LONGEST_HEADER {
        return Ok(None);
    }
    let text = next(bytes, length)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"{}():,'<>=|_ \n".contains(byte);
    let is_plain =
        text.len() == length && text.iter().all(plain) && text.iter().filter(|&byte| b"{(".contains(byte)).count() <= 2;
    header.extend(text);
    Ok(is_plain.then_some(header))
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

    fn read_npy(bytes: Vec<u8>) -> Result<Array, String> {
        Array::npy(bytes.as_slice())
    }

    fn read_idx(bytes: Vec<u8>) -> Result<Array, String> {
        Array::idx(bytes.as_slice())
    }

    /// A file of `entries` behind a header that NumPy would write.
    fn with_header(text: &str, entries: &[u8]) -> Vec<u8> {
        let length = (text.len() as u16).to_le_bytes();
        [NPY, b"\x01\x00", &length, text.as_bytes(), entries].concat()
    }

    fn idx(code: u8, shape: &[u32], entries: &[u8]) -> Vec<u8> {
        let dimensions = Vec::from_iter(shape.iter().flat_map(|d| d.to_be_bytes()));
        [[0, 0, code, shape.len() as u8].as_slice(), &dimensions, entries].concat()
    }

    /// The entries, row by row.
    fn doubles(array: &Array) -> Vec<f64> {
        let (rows, columns) = array.shape();
        let position = |k| (k / columns, k % columns);
        (0..rows * columns).map(position).map(|(i, j)| array.cell(i, j).to().unwrap()).collect()
    }

    #[test]
    fn both_orders_give_the_same_matrix() {
        let expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let by_rows = read_npy(npy(Order::C, &[2, 3], &expected)).unwrap();
        let by_columns = read_npy(npy(Order::Fortran, &[2, 3], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0])).unwrap();
        assert_eq!((by_rows.shape(), doubles(&by_rows)), ((2, 3), expected.into()));
        assert_eq!((by_columns.shape(), doubles(&by_columns)), ((2, 3), expected.into()));
    }

    #[test]
    fn one_dimension_is_a_column() {
        assert_eq!(read_npy(npy(Order::C, &[2], &[0.1, -3.0])).unwrap().shape(), (2, 1));
        assert_eq!(read_idx(idx(8, &[2], &[7, 9])).unwrap().shape(), (2, 1));
    }

    #[test]
    fn an_image_is_flattened_row_by_row() {
        let images = read_idx(idx(8, &[2, 2, 3], &[0, 1, 2, 3, 4, 255, 6, 7, 8, 9, 10, 11])).unwrap();
        assert_eq!(images.shape(), (2, 6));
        assert_eq!(doubles(&images)[..6], [0.0, 1.0, 2.0, 3.0, 4.0, 255.0]);
        assert_eq!(images.cell(1, 0), Stated::Integer(6));
    }

    #[test]
    fn every_type_of_element_is_decoded() {
        let values = [-2.0, 1.5];
        let whole = [-2i32, 100];
        let big = |code, entries: Vec<u8>| doubles(&read_idx(idx(code, &[2], &entries)).unwrap());
        assert_eq!(big(0x08, vec![254, 100]), [254.0, 100.0]);
        assert_eq!(big(0x09, whole.map(|v| v as i8 as u8).to_vec()), [-2.0, 100.0]);
        assert_eq!(big(0x0b, whole.map(|v| (v as i16).to_be_bytes()).concat()), [-2.0, 100.0]);
        assert_eq!(big(0x0c, whole.map(i32::to_be_bytes).concat()), [-2.0, 100.0]);
        assert_eq!(big(0x0d, values.map(|v| (v as f32).to_be_bytes()).concat()), values);
        assert_eq!(big(0x0e, values.map(f64::to_be_bytes).concat()), values);
        let little = |dtype: &str, entries: Vec<u8>| {
            let header = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': (2,), }}");
            doubles(&read_npy(with_header(&header, &entries)).unwrap())
        };
        assert_eq!(little("|u1", vec![254, 100]), [254.0, 100.0]);
        assert_eq!(little("<i2", whole.map(|v| (v as i16).to_le_bytes()).concat()), [-2.0, 100.0]);
        assert_eq!(little("<i8", whole.map(|v| i64::from(v).to_le_bytes()).concat()), [-2.0, 100.0]);
        assert_eq!(little("<f4", values.map(|v| (v as f32).to_le_bytes()).concat()), values);
        assert_eq!(little("|b1", vec![0, 1]), [0.0, 1.0]);
        // The least, the largest below 1, the largest of all, and a negative one.
        assert_eq!(little("<f2", vec![1, 0, 0xff, 0x3b]), [2f64.powi(-24), 1.0 - 2f64.powi(-11)]);
        assert_eq!(little("<f2", vec![0xff, 0x7b, 0, 0xc1]), [65504.0, -2.5]);
        let header = "{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }";
        let large = read_npy(with_header(header, &[u64::MAX, 3].map(u64::to_le_bytes).concat())).unwrap();
        assert_eq!(large.cell(0, 0).to(), Some(rug::Rational::from(u64::MAX)));
        assert_eq!(large.cell(0, 0).to(), Some(u64::MAX as f64));
        assert_eq!(large.cell(1, 0), Stated::Integer(3));
        assert_eq!(little(">f8", values.map(f64::to_be_bytes).concat()), values);
    }

    #[test]
    fn a_type_that_is_no_number_is_refused() {
        let header = "{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }";
        let told = read_npy(with_header(header, &[0; 16])).unwrap_err();
        assert_eq!(
            told,
            "data type '<c16': expected bool, an integer of 8 to 64 bits, or a float of 16, 32 or 64 bits"
        );
        let magic = |code: u8, dimensions: u8| read_idx(vec![0, 0, code, dimensions, 0, 0, 0, 0]).unwrap_err();
        let expected = "expected 0x00000803 (images), 0x00000801 (labels) or another of IDX";
        assert_eq!(magic(0x0a, 1), format!("magic number 0x00000a01: {expected}"));
        assert_eq!(magic(0x08, 0), format!("magic number 0x00000800: {expected}"));
    }

    #[test]
    fn a_header_that_announces_more_than_the_file_holds_is_refused() {
        let mut bytes = npy(Order::C, &[9], &[0.0; 9]);
        bytes.truncate(bytes.len() - 1);
        let told = read_npy(bytes.clone()).unwrap_err();
        assert_eq!(told, "shape 9 of 64-bit entries, 72 bytes: expected as many as the file holds, found 71 bytes");
        let at = bytes.windows(2).position(|window| window == b"(9").unwrap();
        // The product of the last shape is 2⁶⁴.
        for shape in ["(99999999999, )}", "(99999999999, 99999999999)}", "(4294967296, 4294967296)}"] {
            bytes[at..at + 30].copy_from_slice(format!("{shape:30}").as_bytes());
            let told = read_npy(bytes.clone()).unwrap_err();
            assert!(told.ends_with("of 64-bit entries: expected at most 4294967295 bytes"), "{told}");
        }
        let told = |shape: &[u32]| read_idx(idx(8, shape, &[0; 8])).unwrap_err();
        let expected = "expected as many as the file holds, found";
        assert_eq!(told(&[3, 2, 2]), format!("shape 3×2×2 of 8-bit entries, 12 bytes: {expected} 8 bytes"));
        let huge = u32::MAX;
        let at_most = "expected at most 4294967295 bytes";
        assert_eq!(told(&[huge; 3]), format!("shape {huge}×{huge}×{huge} of 8-bit entries: {at_most}"));
        assert_eq!(told(&[7]), format!("shape 7 of 8-bit entries, 7 bytes: {expected} more bytes"));
        // 2⁶⁴ is no way to say 0.
        let told = read_idx(idx(8, &[1 << 16; 4], &[])).unwrap_err();
        assert!(told.ends_with(at_most), "{told}");
    }

    #[test]
    fn a_truncated_header_is_refused() {
        let whole = idx(8, &[1, 1, 1], &[0]);
        let told = |length| read_idx(whole[..length].to_vec()).unwrap_err();
        assert_eq!(told(3), "a file of 3 bytes: expected an IDX file, which begins with a magic number of 4");
        assert_eq!(told(15), "a file of 15 bytes: expected a header of 16, for 3 dimensions");
    }

    #[test]
    fn a_header_that_numpy_never_writes_is_not_parsed() {
        let nested = "(".repeat(4000);
        for header in ["{'shape': (1+2j, )}", "{'descr': [('a', '<f8')]}", "{'\\U00110000': 1}", nested.as_str()] {
            let told = read_npy(with_header(header, &[])).unwrap_err();
            assert_eq!(told, "expected a .npy file with a plain array of numbers");
        }
    }

    /// Every entry of whatever was let in.
    fn visit(array: Result<Array, String>) {
        if let Ok(array) = array {
            let (rows, columns) = array.shape();
            (0..rows).for_each(|i| (0..columns).for_each(|j| _ = array.cell(i, j)));
        }
    }

    proptest! {
        #[test]
        fn no_damage_panics(damage in prop::collection::vec((0usize..140, any::<u8>()), 1..6), length in 0usize..160) {
            for (read, mut bytes) in [
                (read_npy as fn(_) -> _, npy(Order::C, &[2, 1], &[0.5, 0.25])),
                (read_idx, idx(0x0e, &[2, 2, 1], &[0; 32])),
            ] {
                for (at, byte) in &damage {
                    let at = at % bytes.len();
                    bytes[at] = *byte;
                }
                bytes.truncate(length);
                visit(read(bytes));
            }
        }

        #[test]
        fn no_idx_header_panics(header in prop::collection::vec(prop_oneof![0u8..16, any::<u8>()], 0..24)) {
            visit(read_idx([IDX, &header].concat()));
        }

        #[test]
        fn no_header_text_panics(text in "[{}():,'<>=|_ a-f0-9eFTrux]{0,60}") {
            visit(read_npy(with_header(&text, &[])));
        }
    }
}

//! A data file: a rectangle of numbers with named columns, whatever its format.

use std::io::Read;
use std::path::Path;

use csv::StringRecord;
use flate2::read::MultiGzDecoder;

use super::Fault;
use super::array::{self, Array};
use super::number::{Number, Stated};
use super::table::Entry;
use crate::matrix::Matrix;

/// How gzip files begin.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// A data file as an entry names it.
pub(super) struct File<'a> {
    name: &'a str,
    content: Content,
}

enum Content {
    Table(Table),
    Array(Array),
}

/// A CSV file, column by column, as it is read from here.
struct Table {
    header: StringRecord,
    columns: Vec<Column>,
    /// Where each row begins in the file.
    lines: Vec<u64>,
}

/// The cells of a column, one after the other, and where each one ends.
#[derive(Default)]
struct Column {
    text: String,
    ends: Vec<usize>,
}

impl<'a> File<'a> {
    /// The file that `entry` names, from `folder` if the name is not absolute.
    pub(super) fn load(entry: &'a Entry, folder: &Path) -> Result<Self, Fault> {
        let name = entry.text().ok_or_else(|| entry.wrong("the name of a file"))?;
        File::open(name, &folder.join(name)).map_err(|message| entry.unusable(message))
    }

    /// The file at `path`, unpacked if it is gzipped, or what is wrong with it; `name` is what messages call it.
    ///
    /// The format is that of the name, `.csv`, `.npy` or `-ubyte`, and otherwise told by the first bytes.
    pub(super) fn open(name: &'a str, path: &Path) -> Result<Self, String> {
        let unreadable = |error| format!("cannot be read: {error}");
        let mut bytes = std::fs::read(path).map_err(unreadable)?;
        if bytes.starts_with(GZIP) {
            let mut unpacked = Vec::new();
            MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).map_err(unreadable)?;
            bytes = unpacked;
        }
        let lower = name.to_ascii_lowercase();
        let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
        let named = [".csv", ".npy", "-ubyte"].iter().any(|end| plain.ends_with(end));
        let is = |end: &str, magic: &[u8]| plain.ends_with(end) || !named && bytes.starts_with(magic);
        let content = if is(".npy", array::NPY) {
            Content::Array(Array::npy(bytes)?)
        } else if is("-ubyte", array::IDX) {
            Content::Array(Array::idx(bytes)?)
        } else {
            Content::Table(Table::read(&bytes).map_err(|error| error.to_string())?)
        };
        Ok(File { name, content })
    }

    /// The names of the columns; `None` where they have none.
    pub(super) fn header(&self) -> Option<&StringRecord> {
        match &self.content {
            Content::Table(table) => Some(&table.header),
            Content::Array(_) => None,
        }
    }

    /// Rows and columns.
    pub(super) fn shape(&self) -> (usize, usize) {
        match &self.content {
            Content::Table(table) => (table.lines.len(), table.columns.len()),
            Content::Array(array) => array.shape(),
        }
    }

    /// An entry inside the shape.
    pub(super) fn cell(&self, row: usize, column: usize) -> Stated<'_> {
        match &self.content {
            Content::Table(table) => Stated::Decimal(table.columns[column].cell(row)),
            Content::Array(array) => array.cell(row, column),
        }
    }

    /// The refusal of an entry.
    pub(super) fn not_a_number(&self, row: usize, column: usize) -> Fault {
        let line = match &self.content {
            Content::Table(table) => table.lines[row],
            Content::Array(_) => row as u64 + 1,
        };
        let value = self.cell(row, column).to_string();
        Fault::Cell { file: self.name.to_owned(), line, column: self.column_name(column), value }
    }

    /// The refusal of a column that holds `value` only.
    pub(super) fn constant(&self, column: usize, value: f64) -> Fault {
        Fault::ConstantColumn { file: self.name.to_owned(), column: self.column_name(column), value }
    }

    /// Every entry.
    pub(super) fn numbers<T: Number>(&self) -> Result<Matrix<T>, Fault> {
        let (rows, columns) = self.shape();
        let places = (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j)));
        let entries = places.map(|(i, j)| self.cell(i, j).to().ok_or_else(|| self.not_a_number(i, j)));
        Ok(Matrix::from_vec(rows, columns, entries.collect::<Result<_, _>>()?))
    }

    /// In messages: the name in quotes, or the number from 1.
    fn column_name(&self, column: usize) -> String {
        self.header().map_or_else(|| (column + 1).to_string(), |names| format!("{:?}", &names[column]))
    }
}

impl Table {
    fn read(bytes: &[u8]) -> Result<Self, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers()?.clone();
        let mut columns = Vec::from_iter(header.iter().map(|_| Column::default()));
        let (mut record, mut lines) = (StringRecord::new(), Vec::new());
        // The reader refuses a record that is not as long as the header.
        while reader.read_record(&mut record)? {
            lines.push(record.position().map_or(0, |position| position.line()));
            columns.iter_mut().zip(&record).for_each(|(column, cell)| column.push(cell));
        }
        Ok(Table { header, columns, lines })
    }
}

impl Column {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn cell(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

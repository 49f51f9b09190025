//! CSV files: a header with the names of columns, and a row for each sample.

use std::io::{self, BufRead, Read};

use csv::{ErrorKind, StringRecord};

use super::echo;
use super::source::LARGEST_DATA;

/// The most bytes of a line: what is longer has no columns that anybody named.
const LONGEST_LINE: usize = 1 << 24;
/// Bytes that each cell takes beside its text, and each row.
const OFFSET: u64 = size_of::<u32>() as u64;

/// A CSV file, held column by column, which is how its entries are asked for.
pub(super) struct Table {
    header: StringRecord,
    columns: Vec<Column>,
    /// Where each row begins in the file.
    lines: Vec<u32>,
}

/// The cells of a column, one after the other, and where each one ends.
#[derive(Default)]
struct Column {
    text: String,
    ends: Vec<u32>,
}

impl Table {
    /// Reads row by row, so that what is no table is refused before it is held.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(super) fn read(bytes: impl BufRead) -> Result<Self, String> {
        let lines = Lines { bytes, length: 0 };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(lines);
        let header = reader.headers().map_err(message)?.clone();
        if header.is_empty() {
            return Err(
                "an empty file: expected a header with the names of the columns, and a row for each sample".into()
            );
        }
        if let (1, Some(other)) = (header.len(), header[0].chars().find(|c| matches!(c, ';' | '\t' | '|'))) {
            let name = match other {
                ';' => "semicolons",
                '\t' => "tabs",
                _ => "bars",
            };
            return Err(format!("columns are separated by {name} in the header: expected commas"));
        }
        let mut columns = Vec::from_iter(header.iter().map(|_| Column::default()));
        let (mut record, mut lines, mut held) = (StringRecord::new(), Vec::new(), 0);
        // The reader refuses a record that is not as long as the header.
        while reader.read_record(&mut record).map_err(message)? {
            held += record.as_slice().len() as u64 + OFFSET * (record.len() as u64 + 1);
            if held > LARGEST_DATA {
                return Err(format!("expected a table that takes at most {LARGEST_DATA} bytes"));
            }
            let line = record.position().map_or(0, |position| position.line());
            lines.push(u32::try_from(line).unwrap_or(u32::MAX));
            columns.iter_mut().zip(&record).for_each(|(column, cell)| column.push(cell));
        }
        Ok(Table { header, columns, lines })
    }

    pub(super) fn header(&self) -> &StringRecord {
        &self.header
    }

    /// Rows and columns.
    pub(super) fn shape(&self) -> (usize, usize) {
        (self.lines.len(), self.columns.len())
    }

    /// The line of the file in which a row begins, from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.lines[row].into()
    }

    /// An entry inside the shape.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        self.columns[column].cell(row)
    }
}

impl Column {
    /// Appends a cell. What is held is below 2³² bytes, and so is every offset.
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len() as u32);
    }

    fn cell(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start as usize..self.ends[row] as usize]
    }
}

/// An error of the reader of a table, in the words of the other messages.
fn message(error: csv::Error) -> String {
    let line = error.position().map_or(1, |position| position.line());
    match error.kind() {
        ErrorKind::Io(error) => format!("cannot be read: {}", echo::sentence(&error.to_string())),
        ErrorKind::Utf8 { err, .. } => format!("line {line}, column {}: expected UTF-8 text", err.field() + 1),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line} has {len} values: expected {expected_len}, as the header has")
        }
        _ => echo::sentence(&error.to_string()),
    }
}

/// A reader that refuses a line which does not end.
struct Lines<R> {
    bytes: R,
    /// Bytes since the last end of a line.
    length: usize,
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(into)?;
        self.length = match into[..count].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) => count - end - 1,
            None => self.length + count,
        };
        if self.length > LONGEST_LINE {
            return Err(io::Error::other(format!("a line of more than {LONGEST_LINE} bytes, expected CSV")));
        }
        Ok(count)
    }
}

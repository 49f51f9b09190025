//! A data file: a rectangle of numbers with named columns, whatever its format.

use std::io::{self, BufReader};
use std::path::Path;

use csv::StringRecord;
use zip::ZipArchive;

use super::array::{self, Array};
use super::delimited::Table;
use super::number::{Number, Stated};
use super::source::{self, Stream};
use super::table::Entry;
use super::{Fault, echo};
use numbers::matrix::Matrix;

/// How ZIP archives begin, `.npz` among them.
const ZIP: &[u8] = b"PK\x03\x04";
/// How the name of an archive ends.
const NPZ: &str = ".npz";

/// A data file as an entry names it.
pub(super) struct File<'a> {
    name: &'a str,
    content: Content,
}

enum Content {
    Table(Table),
    Array(Array),
}

/// The archive and its array that a name such as `samples.npz:x` means; the array may be left out.
fn member(name: &str) -> Option<(&str, Option<&str>)> {
    let is_archive = |name: &str| name.len() >= NPZ.len() && name.to_ascii_lowercase().ends_with(NPZ);
    match name.rsplit_once(':') {
        Some((archive, member)) if is_archive(archive) => Some((archive, Some(member))),
        _ => is_archive(name).then_some((name, None)),
    }
}

/// The path of the file itself.
fn path_of(name: &str) -> &str {
    member(name).map_or(name, |(archive, _)| archive)
}

impl<'a> File<'a> {
    /// The file that `entry` names, from `folder` if the name is not absolute.
    pub(super) fn load(entry: &'a Entry, folder: &Path) -> Result<Self, Fault> {
        let name = entry.text().ok_or_else(|| entry.wrong("the name of a file"))?;
        File::open(name, &folder.join(path_of(name))).map_err(|message| entry.unusable(message))
    }

    /// Whether there is a file of this name.
    pub(super) fn exists(name: &str, folder: &Path) -> bool {
        folder.join(path_of(name)).exists()
    }

    /// The file at `path`, unpacked if it is gzipped, or what is wrong with it; `name` is what messages call it.
    ///
    /// The format is that of the name, `.csv`, `.npy`, `.npz` or `-ubyte`, and otherwise told by the first bytes.
    pub(super) fn open(name: &'a str, path: &Path) -> Result<Self, String> {
        let unreadable = |error: io::Error| format!("cannot be read: {}", echo::sentence(&error.to_string()));
        let file = source::regular(path).map_err(unreadable)?;
        if let Some((_, member)) = member(name) {
            return Ok(File { name, content: Content::Array(from_archive(file, member)?) });
        }
        let stream = Stream::open(file).map_err(unreadable)?;
        let lower = name.to_ascii_lowercase();
        let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
        let named = [".csv", ".npy", "-ubyte"].iter().any(|end| plain.ends_with(end));
        let is = |end: &str, magic: &[u8]| plain.ends_with(end) || !named && stream.magic.starts_with(magic);
        let content = if is(".npy", array::NPY) {
            Content::Array(Array::npy(stream.bytes)?)
        } else if is("-ubyte", array::IDX) {
            Content::Array(Array::idx(stream.bytes)?)
        } else if stream.magic.starts_with(ZIP) {
            return Err(format!("a ZIP archive: expected a name that ends in {NPZ}, or a file of another format"));
        } else {
            Content::Table(Table::read(stream.bytes)?)
        };
        Ok(File { name, content })
    }

    /// The names of the columns; `None` where they have none.
    pub(super) fn header(&self) -> Option<&StringRecord> {
        match &self.content {
            Content::Table(table) => Some(table.header()),
            Content::Array(_) => None,
        }
    }

    /// Rows and columns.
    pub(super) fn shape(&self) -> (usize, usize) {
        match &self.content {
            Content::Table(table) => table.shape(),
            Content::Array(array) => array.shape(),
        }
    }

    /// An entry inside the shape.
    pub(super) fn cell(&self, row: usize, column: usize) -> Stated<'_> {
        match &self.content {
            Content::Table(table) => Stated::Decimal(table.cell(row, column)),
            Content::Array(array) => array.cell(row, column),
        }
    }

    /// The refusal of an entry.
    pub(super) fn not_a_number(&self, row: usize, column: usize) -> Fault {
        let line = match &self.content {
            Content::Table(table) => table.line(row),
            Content::Array(_) => row as u64 + 1,
        };
        let cell = self.cell(row, column);
        let (value, expected) = (cell.to_string(), cell.expected());
        Fault::Cell { file: echo::word(self.name), line, column: self.column_name(column), value, expected }
    }

    /// The refusal of a column without a name.
    pub(super) fn nameless(&self, column: usize) -> Fault {
        Fault::NamelessColumn { file: echo::word(self.name), column: column + 1 }
    }

    /// The refusal of a column that holds `value` only.
    pub(super) fn constant(&self, column: usize, value: f64) -> Fault {
        Fault::ConstantColumn { file: echo::word(self.name), column: self.column_name(column), value }
    }

    /// Every entry.
    pub(super) fn numbers<T: Number>(&self) -> Result<Matrix<T>, Fault> {
        let (rows, columns) = self.shape();
        // A file may announce any number of columns with no rows.
        let columns = if rows == 0 { 0 } else { columns };
        let places = (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j)));
        let entries = places.map(|(i, j)| self.cell(i, j).to().ok_or_else(|| self.not_a_number(i, j)));
        Ok(Matrix::from_vec(rows, columns, entries.collect::<Result<_, _>>()?))
    }

    /// A column in messages: its name in quotes, or its number from 1.
    fn column_name(&self, column: usize) -> String {
        self.header().map_or_else(|| (column + 1).to_string(), |names| echo::quoted(&names[column]))
    }
}

/// An array of a `.npz` archive: that of this name, or the only one.
fn from_archive(file: std::fs::File, member: Option<&str>) -> Result<Array, String> {
    let undecodable = |error: zip::result::ZipError| echo::sentence(&error.to_string());
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(undecodable)?;
    let names =
        Vec::from_iter(archive.file_names().filter_map(|name| Some(name.ok()?.strip_suffix(".npy")?.to_owned())));
    let named = |name: &&String| member.is_none_or(|member| *name == member);
    let mut found = names.iter().filter(named);
    let (Some(name), None) = (found.next(), found.next()) else {
        let arrays = match names.len() {
            0 => "none".into(),
            _ => echo::listed(names.iter().map(String::as_str)),
        };
        return Err(format!("expected one of its arrays behind a colon, as in \"file.npz:name\": found {arrays}"));
    };
    let array = archive.by_name(&format!("{name}.npy")).map_err(undecodable)?;
    Array::npy(BufReader::new(array))
}

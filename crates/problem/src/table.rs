//! The tables of a problem file, and what their entries may hold.
//!
//! Every reader names the key, the value and what was expected when it refuses. The document is kept as text, not as
//! doubles, so that a number stays the decimal that was written.

use std::borrow::Cow;
use std::fmt::{self, Write};

use rug::Rational;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, echo, number};
use numbers::matrix::{self, Definiteness, Matrix, Vector};
use symbols::BatchSize;

const NUMBER: &str = number::FINITE;

/// A table of the file, `[name]`.
pub(super) struct Section<'a> {
    name: &'static str,
    entries: &'a DeTable<'a>,
}

/// An entry of a table, `key = value`.
pub(super) struct Entry<'a> {
    key: String,
    value: &'a DeValue<'a>,
}

/// Refuses a key that is not among `known`; `prefix` is the table and a dot.
pub(super) fn only_keys(prefix: &str, table: &DeTable, known: &[&'static str]) -> Result<(), Fault> {
    match table.iter().find(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
        None => Ok(()),
        Some((key, value)) => Err(Fault::UnknownKey {
            key: format!("{prefix}{}", echo::word(key.get_ref())),
            value: echo::value(|text| write(text, value.get_ref())),
            expected: known.to_vec(),
        }),
    }
}

impl<'a> Section<'a> {
    /// The table `[name]` with no keys but `known`, or `None` where the document has no such table.
    pub(super) fn find(
        document: &'a DeTable<'a>,
        name: &'static str,
        known: &[&'static str],
    ) -> Result<Option<Self>, Fault> {
        let Some(value) = document.get(name) else {
            return Ok(None);
        };
        let Some(entries) = value.get_ref().as_table() else {
            return Err(Entry { key: name.into(), value: value.get_ref() }.wrong(format!("a table, [{name}]")));
        };
        only_keys(&format!("{name}."), entries, known)?;
        Ok(Some(Section { name, entries }))
    }

    pub(super) fn get(&self, key: &'static str) -> Option<Entry<'a>> {
        let value = self.entries.get(key)?;
        Some(Entry { key: format!("{}.{key}", self.name), value: value.get_ref() })
    }

    pub(super) fn require(&self, key: &'static str, expected: &'static str) -> Result<Entry<'a>, Fault> {
        self.get(key).ok_or_else(|| Fault::missing(format!("{}.{key}", self.name), expected))
    }
}

impl Entry<'_> {
    /// The refusal of this entry.
    pub(super) fn wrong(&self, expected: impl Into<Cow<'static, str>>) -> Fault {
        wrong(self.key.clone(), self.value, expected)
    }

    /// The refusal of the data file that this entry names.
    pub(super) fn unusable(&self, message: impl ToString) -> Fault {
        let file = echo::word(self.text().unwrap_or_default());
        Fault::DataFile { key: self.key.clone(), file, message: message.to_string() }
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.value.as_str()
    }

    pub(super) fn flag(&self) -> Result<bool, Fault> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    /// A batch size.
    pub(super) fn count(&self) -> Result<BatchSize, Fault> {
        let integer = self.value.as_integer().and_then(|value| u32::from_str_radix(value.as_str(), value.radix()).ok());
        integer
            .and_then(|value| BatchSize::new(value).ok())
            .ok_or_else(|| self.wrong(format!("an integer from 1 to {}", u32::MAX)))
    }

    pub(super) fn number(&self) -> Result<Rational, Fault> {
        rational(self.value).ok_or_else(|| self.wrong(expected(self.value)))
    }

    /// A column of `length` numbers.
    pub(super) fn vector(&self, length: usize) -> Result<Vector<Rational>, Fault> {
        let other_shape = || self.wrong(format!("{length} numbers, one for each feature"));
        let entries = self.value.as_array().filter(|entries| entries.len() == length).ok_or_else(other_shape)?;
        let numbers = entries.iter().enumerate().map(|(i, entry)| {
            let key = || format!("{}, entry {}", self.key, i + 1);
            rational(entry.get_ref()).ok_or_else(|| wrong(key(), entry.get_ref(), expected(entry.get_ref())))
        });
        Ok(Vector::from_vec(numbers.collect::<Result<_, _>>()?))
    }

    /// A symmetric D×D matrix, or a number times the identity.
    pub(super) fn number_or_matrix(&self, D: usize) -> Result<Matrix<Rational>, Fault> {
        if !self.value.is_array() {
            let expected = || format!("{}, or a {D}×{D} matrix", expected(self.value));
            let value = rational(self.value).ok_or_else(|| self.wrong(expected()))?;
            return Ok(matrix::identity::<Rational>(D) * value);
        }
        let M = self.symmetric_matrix()?;
        if M.nrows() == D { Ok(M) } else { Err(self.wrong(format!("a number or a {D}×{D} matrix"))) }
    }

    /// A symmetric matrix of any order from 1.
    pub(super) fn symmetric_matrix(&self) -> Result<Matrix<Rational>, Fault> {
        let rows = self.value.as_array().ok_or_else(|| self.wrong("a matrix, [[…], …]"))?;
        let D = rows.len();
        let shape = || self.wrong(format!("a square matrix, {D} rows of {D} numbers"));
        if D == 0 {
            return Err(self.wrong("at least one row"));
        }
        let mut M = Matrix::zeros(D, D);
        for (i, row) in rows.iter().enumerate() {
            let row = row.get_ref().as_array().filter(|row| row.len() == D).ok_or_else(shape)?;
            for (j, entry) in row.iter().enumerate() {
                let key = || format!("{}, row {}, column {}", self.key, i + 1, j + 1);
                let entry = entry.get_ref();
                M[(i, j)] = rational(entry).ok_or_else(|| wrong(key(), entry, expected(entry)))?;
            }
        }
        for row in 0..D {
            for column in 0..row {
                let difference = Rational::from(&M[(row, column)] - &M[(column, row)]);
                if difference != 0 {
                    let entry = |i: usize, j: usize| rows[i].get_ref().as_array().and_then(|row| row.get(j));
                    let text = |entry: Option<&Spanned<DeValue>>| {
                        echo::value(|text| entry.map_or(Ok(()), |entry| write(text, entry.get_ref())))
                    };
                    return Err(Fault::NotSymmetric {
                        key: self.key.clone(),
                        row: row + 1,
                        column: column + 1,
                        entry: text(entry(row, column)),
                        mirrored: text(entry(column, row)),
                        difference: difference.abs(),
                    });
                }
            }
        }
        Ok(M)
    }

    /// Refuses a symmetric `M`, the value of this entry, unless it is proved to have no negative eigenvalue.
    pub(super) fn positive_semidefinite(&self, M: &Matrix<Rational>) -> Result<(), Fault> {
        match matrix::definiteness(M) {
            Definiteness::Semidefinite => Ok(()),
            Definiteness::Indefinite { eigenvalue } => {
                Err(Fault::NotPositiveSemidefinite { key: self.key.clone(), eigenvalue })
            }
            Definiteness::Undecided => Err(Fault::NearlySingular { key: self.key.clone(), order: M.nrows() }),
        }
    }
}

fn wrong(key: String, value: &DeValue, expected: impl Into<Cow<'static, str>>) -> Fault {
    Fault::Wrong { key, value: echo::value(|text| write(text, value)), expected: expected.into() }
}

fn rational(value: &DeValue) -> Option<Rational> {
    match value {
        DeValue::Integer(value) => number::integer(value.as_str(), value.radix()),
        DeValue::Float(value) => number::decimal(value.as_str()),
        _ => None,
    }
}

/// What should stand in the place of a value that is no number here.
fn expected(value: &DeValue) -> &'static str {
    match value {
        DeValue::Integer(value) => number::expected(value.as_str()),
        DeValue::Float(value) => number::expected(value.as_str()),
        _ => NUMBER,
    }
}

/// The value, about as the user wrote it, on one line.
fn write(text: &mut dyn Write, value: &DeValue) -> fmt::Result {
    match value {
        DeValue::String(string) => write!(text, "\"{}\"", string.escape_debug()),
        // The parser lets numbers through in which no character is one of a number.
        DeValue::Integer(value) => write!(text, "{}", value.to_string().escape_debug()),
        DeValue::Float(value) => write!(text, "{}", value.to_string().escape_debug()),
        DeValue::Boolean(value) => write!(text, "{value}"),
        DeValue::Datetime(value) => write!(text, "{value}"),
        DeValue::Array(entries) => {
            text.write_char('[')?;
            for (i, entry) in entries.iter().enumerate() {
                text.write_str(if i == 0 { "" } else { ", " })?;
                write(text, entry.get_ref())?;
            }
            text.write_char(']')
        }
        DeValue::Table(_) => text.write_str("{…}"),
    }
}

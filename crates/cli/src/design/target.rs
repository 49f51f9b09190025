//! The target on the command line.

use std::path::PathBuf;
use std::str::FromStr;

use numbers::{Matrix, matrix};
use rug::Rational;

use crate::number::{EXPECTED, fraction};

/// A covariance as it is written on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A number, times the identity.
    Number(Rational),
    /// A matrix, row by row.
    Matrix(Matrix<Rational>),
    /// A data file with its numbers.
    File(PathBuf),
}

impl FromStr for Written {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with('[') {
            return rows(text).map(Written::Matrix);
        }
        Ok(fraction(text).map_or_else(|| Written::File(text.into()), Written::Number))
    }
}

impl Written {
    /// The matrix, where there are `dimension` weights.
    ///
    /// # Errors
    /// Why a file has none.
    pub fn matrix(&self, dimension: usize) -> Result<Matrix<Rational>, problem::ProblemError> {
        match self {
            Written::Number(number) => Ok(matrix::identity::<Rational>(dimension) * number.clone()),
            Written::Matrix(matrix) => Ok(matrix.clone()),
            Written::File(path) => problem::numbers(path),
        }
    }
}

/// `[[0.1, 0], [0, 1/5]]`.
fn rows(text: &str) -> Result<Matrix<Rational>, String> {
    let shape = || "expected a matrix, such as [[0.1, 0], [0, 1/5]]".to_owned();
    let mut rest = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).ok_or_else(shape)?.trim();
    let mut entries = Vec::new();
    let (mut height, mut width) = (0, None);
    loop {
        let (row, after) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(shape)?;
        let row = row.split(',').map(|entry| fraction(entry).ok_or_else(|| format!("{entry}: expected {EXPECTED}")));
        let row = row.collect::<Result<Vec<_>, _>>()?;
        if width.is_some_and(|width| width != row.len()) {
            return Err("expected rows of one length".into());
        }
        width = Some(row.len());
        height += 1;
        entries.extend(row);
        rest = match after.trim_start() {
            "" => break,
            after => after.strip_prefix(',').ok_or_else(shape)?.trim_start(),
        };
    }
    Ok(Matrix::from_row_iterator(height, width.unwrap_or(0), entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_number_a_matrix_or_a_file() {
        let q = |n, d| Rational::from((n, d));
        let of = |text: &str| text.parse::<Written>();
        assert_eq!(of("1/71"), Ok(Written::Number(q(1, 71))));
        let matrix = Matrix::from_row_iterator(2, 2, [q(1, 10), q(0, 1), q(0, 1), q(1, 5)]);
        assert_eq!(of(" [[0.1, 0], [0,1/5]] "), Ok(Written::Matrix(matrix.clone())));
        assert_eq!(of("[[0.1,0] , [ 0 , 0.2 ]]"), Ok(Written::Matrix(matrix)));
        assert_eq!(of("target.npy"), Ok(Written::File("target.npy".into())));
        let square = Written::Number(q(2, 1)).matrix(3).unwrap();
        assert_eq!(square, matrix::identity::<Rational>(3) * q(2, 1));
        for text in
            ["[", "[]", "[[]]", "[1, 2]", "[[1, 2], [3]]", "[[1, x]]", "[[1] [2]]", "[[1]]]", "[[1],]", "[[1/0]]"]
        {
            assert!(of(text).is_err(), "{text}: {:?}", of(text));
        }
    }
}

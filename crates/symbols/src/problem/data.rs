//! `[data]`: samples from a CSV file or from two `.npy` files.

use std::path::Path;

use csv::StringRecord;
use rug::float::Round;
use rug::{Float, Rational};

use super::table::{Entry, Section};
use super::{Fault, array, number};
use crate::matrix::{Matrix, Vector};
use crate::{DataSet, nearest_f64};

/// Digits for (x − mean)/deviation before it is rounded to a double: enough that it is the nearest one.
const STANDARDIZING_BITS: u32 = 192;

/// The samples of `[data]`, standardized if it says so.
pub(super) fn read(section: &Section, folder: &Path) -> Result<DataSet<Rational>, Fault> {
    let features = section.require("features", "the name of a CSV or .npy file")?;
    let label = section.require("label", "the name of a column, or of a .npy file")?;
    let Some(file) = features.text() else {
        return Err(features.wrong("the name of a CSV or .npy file"));
    };
    let is_array = |name: &str| Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("npy"));
    let (names, data) = if is_array(file) {
        if !label.text().is_some_and(is_array) {
            return Err(label.wrong("the name of a .npy file, as data.features is one"));
        }
        arrays(&features, &label, folder)?
    } else {
        table(&features, &label, folder)?
    };
    match section.get("standardize").map(|entry| entry.flag()).transpose()? {
        Some(true) => standardized(data, file, &names),
        _ => Ok(data),
    }
}

fn load(entry: &Entry, folder: &Path) -> Result<Vec<u8>, Fault> {
    let name = entry.text().ok_or_else(|| entry.wrong("the name of a file"))?;
    std::fs::read(folder.join(name)).map_err(|error| entry.unusable(format!("cannot be read: {error}")))
}

/// A CSV file: the column `label`, and all others as features. With their names.
fn table(features: &Entry, label: &Entry, folder: &Path) -> Result<(Vec<String>, DataSet<Rational>), Fault> {
    let bytes = load(features, folder)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| features.unusable(error))?.clone();

    let columns = format!("one of the {} columns of data.features", header.len());
    let is_label = |name: &str| label.text() == Some(name);
    let position = match header.iter().filter(|name| is_label(name)).count() {
        1 => header.iter().position(is_label),
        _ => None,
    };
    let position = position.ok_or_else(|| label.wrong(format!("the name of exactly {columns}")))?;
    let names: Vec<_> = header.iter().map(|name| format!("{name:?}")).collect();
    let D = header.len() - 1;
    if D == 0 {
        return Err(features.unusable("expected a column besides the label"));
    }

    let (mut entries, mut labels) = (Vec::new(), Vec::new());
    let file = features.text().unwrap_or_default();
    for record in reader.records() {
        let record = record.map_err(|error| features.unusable(error))?;
        for (column, cell) in record.iter().enumerate() {
            let value = number::decimal(cell).ok_or_else(|| not_a_number(file, &record, &names[column], cell))?;
            if column == position { labels.push(value) } else { entries.push(value) }
        }
    }
    if labels.is_empty() {
        return Err(features.unusable("expected at least one row below the header"));
    }
    let features = Matrix::from_row_iterator(labels.len(), D, entries);
    let names = names.into_iter().enumerate().filter(|(column, _)| *column != position).map(|(_, name)| name);
    Ok((names.collect(), DataSet { features, labels: Vector::from_vec(labels) }))
}

fn not_a_number(file: &str, record: &StringRecord, column: &str, cell: &str) -> Fault {
    let line = record.position().map_or(0, |position| position.line());
    Fault::Cell { file: file.to_owned(), line, column: column.to_owned(), value: format!("{cell:?}") }
}

/// Two `.npy` files. With the numbers of the columns, from 1, as their names.
fn arrays(features: &Entry, label: &Entry, folder: &Path) -> Result<(Vec<String>, DataSet<Rational>), Fault> {
    let load = |entry: &Entry| {
        array::read(&load(entry, folder)?).map_err(|unusable| match unusable {
            array::Unusable::File(message) => entry.unusable(message),
            array::Unusable::Entry { row, column, value } => Fault::Cell {
                file: entry.text().unwrap_or_default().to_owned(),
                line: row as u64 + 1,
                column: (column + 1).to_string(),
                value: value.to_string(),
            },
        })
    };
    let (x, y) = (load(features)?, load(label)?);
    let (N, D) = x.shape();
    if N == 0 || D == 0 {
        return Err(features.unusable(format!("shape {N}×{D}: expected at least one sample and one feature")));
    }
    if y.shape() != (N, 1) {
        let (rows, columns) = y.shape();
        let expected = format!("expected {N}×1, as data.features is {N}×{D}");
        return Err(label.unusable(format!("shape {rows}×{columns}: {expected}")));
    }
    let names = (1..=D).map(|column| column.to_string()).collect();
    Ok((names, DataSet { features: x, labels: y.column(0).into_owned() }))
}

/// Features of mean 0 and population standard deviation 1, each rounded to the nearest double; a label of mean 0.
fn standardized(data: DataSet<Rational>, file: &str, names: &[String]) -> Result<DataSet<Rational>, Fault> {
    let DataSet { mut features, mut labels } = data;
    for (mut column, name) in features.column_iter_mut().zip(names) {
        let mean = mean(column.iter());
        column.iter_mut().for_each(|x| *x -= &mean);
        let squares: Vec<_> = column.iter().map(|x| x.clone().square()).collect();
        let variance = self::mean(squares.iter());
        if variance == 0 {
            return Err(Fault::ConstantColumn {
                file: file.to_owned(),
                column: name.clone(),
                value: nearest_f64(&mean),
            });
        }
        let deviation = Float::with_val(STANDARDIZING_BITS, &variance).sqrt();
        for x in column.iter_mut() {
            let double = (Float::with_val(STANDARDIZING_BITS, &*x) / &deviation).to_f64_round(Round::Nearest);
            // |x| ≤ √N deviation, so this is always finite.
            *x = Rational::from_f64(double).unwrap_or_default();
        }
    }
    let mean = mean(labels.iter());
    labels.iter_mut().for_each(|y| *y -= &mean);
    Ok(DataSet { features, labels })
}

fn mean<'a>(values: impl ExactSizeIterator<Item = &'a Rational>) -> Rational {
    let count = values.len();
    values.sum::<Rational>() / Rational::from(count)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::tests::{CSV, SAMPLES, ratio, refused};
    use super::*;
    use crate::Population;
    use npyz::WriterBuilder;
    use proptest::prelude::*;

    fn samples(text: &str, csv: &str) -> DataSet<Rational> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.csv"), csv).unwrap();
        match parse(text.as_bytes(), folder.path()).unwrap().population() {
            Population::Data(data) => data.clone(),
            Population::Gaussian(_) => panic!("expected a data set"),
        }
    }

    fn npy(shape: &[u64], values: &[f64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(shape).writer(&mut bytes).begin_nd().unwrap();
        writer.extend(values.iter().copied()).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn a_table_has_its_label_in_any_column() {
        let data = samples(SAMPLES, CSV);
        let rational = |v: &f64| Rational::from_f64(*v).unwrap();
        assert_eq!(data.features, Matrix::from_row_slice(3, 2, &[0.5, 2.0, 1.5, 4.0, 2.5, 6.0]).map(|v| rational(&v)));
        assert_eq!(data.labels.as_slice(), [ratio(1, 1), ratio(2, 1), ratio(6, 1)]);
        assert_eq!(data, samples(SAMPLES, "bmi,y,age\n0.5,1,2\n1.5,2,4\n2.5,6,6\n"));
    }

    #[test]
    fn two_arrays_are_the_same_data_set_as_one_table() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name, bytes| std::fs::write(folder.path().join(name), bytes).unwrap();
        write("x.npy", npy(&[3, 2], &[0.5, 2.0, 1.5, 4.0, 2.5, 6.0]));
        write("y.npy", npy(&[3], &[1.0, 2.0, 6.0]));
        let text = SAMPLES.replace("x.csv", "x.npy").replace("\"y\"", "\"y.npy\"");
        let setting = parse(text.as_bytes(), folder.path()).unwrap();
        assert_eq!(*setting.population(), Population::Data(samples(SAMPLES, CSV)));
    }

    #[test]
    fn standardized_columns_have_mean_0_and_deviation_1() {
        let data = samples(&format!("{SAMPLES}standardize = true"), CSV);
        // Each column is equally spaced: (−1, 0, 1) √(3/2).
        let expected = [-1.5f64.sqrt(), 0.0, 1.5f64.sqrt()].map(|v| Rational::from_f64(v).unwrap());
        for column in data.features.column_iter() {
            assert_eq!(column.as_slice(), expected);
        }
        assert_eq!(data.labels.as_slice(), [ratio(-2, 1), ratio(-1, 1), ratio(3, 1)]);
    }

    #[test]
    fn bad_data_are_located() {
        let told = |text: &str, csv: &str| refused(text, &[("x.csv", csv.as_bytes())]);
        assert_eq!(
            told(SAMPLES, &CSV.replace("1.5", "n/a")),
            "\"x.csv\", line 3, column \"bmi\" = \"n/a\": expected a finite decimal number"
        );
        assert_eq!(
            told(&format!("{SAMPLES}standardize = true"), "y,bmi,age\n1,3,2\n2,3,4\n"),
            "\"x.csv\", column \"bmi\" = 3 in every row: expected a varying feature, as data.standardize = true"
        );
        assert_eq!(
            told(&SAMPLES.replace("\"y\"", "\"z\""), CSV),
            "data.label = \"z\": expected the name of exactly one of the 3 columns of data.features"
        );
        assert_eq!(
            told(SAMPLES, "y,y,age\n1,2,3\n"),
            "data.label = \"y\": expected the name of exactly one of the 3 columns of data.features"
        );
        assert!(told(SAMPLES, "y,x\n1,2\n3\n").starts_with("data.features = \"x.csv\": CSV error: record 2 (line: 3"));
        let at_least = "data.features = \"x.csv\": expected at least one row below the header";
        assert_eq!(told(SAMPLES, "y,x\n"), at_least);
        assert_eq!(told(SAMPLES, "y\n1\n"), "data.features = \"x.csv\": expected a column besides the label");
        let arrays = SAMPLES.replace("x.csv", "x.npy");
        assert_eq!(
            refused(&arrays, &[]),
            "data.label = \"y\": expected the name of a .npy file, as data.features is one"
        );
        assert_eq!(
            refused(&arrays.replace("\"y\"", "\"y.npy\""), &[("x.npy", b"PK"), ("y.npy", b"PK")]),
            "data.features = \"x.npy\": expected a .npy file with a plain array of numbers"
        );
    }

    #[test]
    fn bad_arrays_are_located() {
        let text = SAMPLES.replace("x.csv", "x.npy").replace("\"y\"", "\"y.npy\"");
        let told = |x: &[u8], y: &[u8]| refused(&text, &[("x.npy", x), ("y.npy", y)]);
        let x = npy(&[2, 2], &[1.0, 2.0, 3.0, f64::INFINITY]);
        assert_eq!(told(&x, &x), "\"x.npy\", line 2, column 2 = inf: expected a finite decimal number");
        let x = npy(&[2, 2], &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(told(&x, &x), "data.label = \"y.npy\": shape 2×2: expected 2×1, as data.features is 2×2");
    }

    proptest! {
    #[test]
    fn no_damage_to_a_table_panics(damage in prop::collection::vec((0usize..40, any::<u8>()), 1..4)) {
        let mut csv = CSV.as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at % csv.len();
            csv[at] = byte;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.csv"), csv).unwrap();
        if let Err(fault) = parse(SAMPLES.as_bytes(), folder.path()) {
            prop_assert!(!fault.to_string().contains('\n'), "{}", fault);
        }
    }
    }
}

//! `[data]`: samples from a table with a column of labels, or from two arrays.

use std::path::Path;

use csv::StringRecord;

use super::column::{Treatment, column};
use super::file::File;
use super::number::Number;
use super::table::{Entry, Section};
use super::{Fault, echo};
use numbers::matrix::{Matrix, Vector};
use symbols::DataSet;

/// The samples of `[data]`, centred or standardized if it says so.
pub(super) fn read<T: Number>(section: &Section, folder: &Path) -> Result<DataSet<T>, Fault> {
    let features = section.require("features", "the name of a CSV, .npy, .npz or IDX file")?;
    let label = section.require("label", "the name of a column, or of a .npy, .npz or IDX file")?;
    let flag = |key| section.get(key).map_or(Ok(false), |entry| entry.flag());
    let (of_features, of_labels) = match (flag("standardize")?, flag("center")?) {
        (true, _) => (Treatment::Standardized, Treatment::Centered),
        (false, true) => (Treatment::Centered, Treatment::Centered),
        (false, false) => (Treatment::AsStated, Treatment::AsStated),
    };

    let file = File::load(&features, folder)?;
    let (N, columns) = file.shape();
    let (labels, position) = match file.header() {
        Some(names) => {
            let position = label_column(&label, names)?;
            if let Some(column) = names.iter().position(str::is_empty) {
                return Err(file.nameless(column));
            }
            if columns == 1 {
                return Err(features.unusable("expected a column besides the label"));
            }
            if N == 0 {
                return Err(features.unusable("expected at least one row below the header"));
            }
            (column(&file, position, of_labels)?, Some(position))
        }
        None => {
            if N == 0 || columns == 0 {
                let shape = format!("shape {N}×{columns}");
                return Err(features.unusable(format!("{shape}: expected at least one sample and one feature")));
            }
            let second = second_array(&label, folder, (N, columns))?;
            (column(&second, 0, of_labels)?, None)
        }
    };
    let mut entries = Vec::with_capacity(N * columns);
    for j in (0..columns).filter(|j| Some(*j) != position) {
        entries.append(&mut column(&file, j, of_features)?);
    }
    let features = Matrix::from_vec(N, entries.len() / N, entries);
    Ok(DataSet { features, labels: Vector::from_vec(labels) })
}

/// The one column that `label` names.
fn label_column(label: &Entry, names: &StringRecord) -> Result<usize, Fault> {
    let count = names.len();
    let mut found = names.iter().enumerate().filter(|(_, name)| label.text() == Some(name));
    let expected = "the name of exactly one column of data.features";
    match (found.next(), found.next()) {
        (Some((position, _)), None) => Ok(position),
        (Some((first, _)), Some((second, _))) => {
            Err(label.wrong(format!("{expected}, found columns {} and {}", first + 1, second + 1)))
        }
        (None, _) => {
            let names = echo::listed(Vec::from_iter(names).into_iter());
            Err(label.wrong(format!("{expected}, which has {count}: {names}")))
        }
    }
}

/// The file of one label for each row of features of shape N×D.
fn second_array<'a>(label: &'a Entry, folder: &Path, (N, D): (usize, usize)) -> Result<File<'a>, Fault> {
    if !label.text().is_some_and(|name| File::exists(name, folder)) {
        return Err(label.wrong(format!("the name of a file of {N} labels, as data.features is an array")));
    }
    let file = File::load(label, folder)?;
    let (rows, columns) = file.shape();
    if file.header().is_some() {
        return Err(label.unusable("expected a .npy, .npz or IDX file, as data.features is one"));
    }
    if (rows, columns) != (N, 1) {
        let expected = format!("expected {N}×1, as data.features is {N}×{D}");
        return Err(label.unusable(format!("shape {rows}×{columns}: {expected}")));
    }
    Ok(file)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use npyz::WriterBuilder;
    use proptest::prelude::*;
    use rug::Rational;

    use super::super::parse;
    use super::super::tests::{CSV, SAMPLES, is_a_line, ratio, refused};
    use super::*;
    use symbols::{Population, Setting};

    /// The problem `text` with files beside it.
    pub(in super::super) fn problem<T: Number>(text: &str, files: &[(&str, &[u8])]) -> Result<Setting<T>, Fault> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        parse(text.as_bytes(), folder.path())
    }

    pub(in super::super) fn data<T: Number>(text: &str, files: &[(&str, &[u8])]) -> DataSet<T> {
        match problem(text, files).unwrap().population() {
            Population::Data(data) => data.clone(),
            Population::Gaussian(_) => panic!("expected a data set"),
        }
    }

    pub(in super::super) fn samples(text: &str, csv: &str) -> DataSet<Rational> {
        data(text, &[("x.csv", csv.as_bytes())])
    }

    /// The problem `SAMPLES` with two arrays in place of its table.
    pub(in super::super) fn of_arrays(x: &str, y: &str) -> String {
        SAMPLES.replace("\"x.csv\"", &format!("{x:?}")).replace("\"y\"", &format!("{y:?}"))
    }

    /// An IDX file of bytes.
    pub(in super::super) fn idx(shape: &[u32], entries: &[u8]) -> Vec<u8> {
        let dimensions = Vec::from_iter(shape.iter().flat_map(|d| d.to_be_bytes()));
        [[0, 0, 8, shape.len() as u8].as_slice(), &dimensions, entries].concat()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    const PIXELS: [u8; 6] = [1, 2, 3, 4, 255, 6];

    pub(in super::super) fn npy(shape: &[u64], values: &[f64]) -> Vec<u8> {
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
    fn every_format_gives_the_same_data_set() {
        let table = "a,b,y\n1,2,7\n3,4,8\n255,6,9\n";
        let expected = samples(SAMPLES, table);
        let (x, y) = (idx(&[3, 1, 2], &PIXELS), idx(&[3], &[7, 8, 9]));
        let doubles = PIXELS.map(f64::from);
        let (x_npy, y_npy) = (npy(&[3, 2], &doubles), npy(&[3], &[7.0, 8.0, 9.0]));
        for (x_name, y_name) in [("x-idx3-ubyte", "y-idx1-ubyte"), ("x.npy", "y.npy"), ("x", "y.dat"), ("X.NPY", "y")] {
            let of = |name: &str, idx, npy| if name.to_lowercase().ends_with("npy") { npy } else { idx };
            let files: [(&str, &[u8]); 2] = [(x_name, of(x_name, &x, &x_npy)), (y_name, of(y_name, &y, &y_npy))];
            assert_eq!(data::<Rational>(&of_arrays(x_name, y_name), &files), expected, "{x_name} {y_name}");
        }
        let packed = [gzipped(&x), gzipped(&y), gzipped(table.as_bytes())];
        let files: [(&str, &[u8]); 2] = [("x-ubyte.gz", &packed[0]), ("y.gz", &packed[1])];
        assert_eq!(data::<Rational>(&of_arrays("x-ubyte.gz", "y.gz"), &files), expected);
        for name in ["x.csv", "x.csv.gz", "x.table"] {
            let text = SAMPLES.replace("x.csv", name);
            assert_eq!(data::<Rational>(&text, &[(name, &packed[2])]), expected, "{name}");
        }
    }

    #[test]
    fn an_absolute_path_is_taken_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("x"), idx(&[3, 2], &PIXELS)).unwrap();
        std::fs::write(path("y"), idx(&[3], &[7, 8, 9])).unwrap();
        assert_eq!(data::<f64>(&of_arrays(&path("x"), &path("y")), &[]).labels.as_slice(), [7.0, 8.0, 9.0]);
    }

    #[test]
    fn bad_data_are_located() {
        let told = |text: &str, csv: &str| refused(text, &[("x.csv", csv.as_bytes())]);
        assert_eq!(
            told(SAMPLES, &CSV.replace("1.5", "n/a")),
            "\"x.csv\", line 3, column \"bmi\" = \"n/a\": expected a finite number"
        );
        assert_eq!(
            told(&format!("{SAMPLES}standardize = true"), "y,bmi,age\n1,3,2\n2,3,4\n"),
            "\"x.csv\", column \"bmi\" = 3 in every row: expected a varying feature, as data.standardize = true \
             (data.center = true takes any)"
        );
        assert_eq!(
            told(&SAMPLES.replace("\"y\"", "\"z\""), CSV),
            "data.label = \"z\": expected the name of exactly one column of data.features, which has 3: \"y\", \"bmi\", \"age\""
        );
        assert_eq!(
            told(SAMPLES, "y,y,age\n1,2,3\n"),
            "data.label = \"y\": expected the name of exactly one column of data.features, found columns 1 and 2"
        );
        let row = "data.features = \"x.csv\": line 3 has 1 values: expected 2, as the header has";
        assert_eq!(told(SAMPLES, "y,x\n1,2\n3\n"), row);
        let empty = "an empty file: expected a header with the names of the columns, and a row for each sample";
        assert_eq!(told(SAMPLES, ""), format!("data.features = \"x.csv\": {empty}"));
        assert_eq!(told(SAMPLES, "\n\n"), told(SAMPLES, ""));
        for (separator, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
            let separated = format!("columns are separated by {name} in the header: expected commas");
            assert_eq!(told(SAMPLES, &CSV.replace(',', separator)), format!("data.features = \"x.csv\": {separated}"));
        }
        assert_eq!(
            told(SAMPLES, ",y,a\n0,1,2\n1,3,4\n"),
            "\"x.csv\", column 1 has no name: expected one, as each column but the label is a feature (an index that \
             pandas wrote is left out by to_csv(index=False))"
        );
        let binary = refused(SAMPLES, &[("x.csv", &[b'y', b',', 0xff, b'\n', b'1'])]);
        assert_eq!(binary, "data.features = \"x.csv\": line 1, column 2: expected UTF-8 text");
        let at_least = "data.features = \"x.csv\": expected at least one row below the header";
        assert_eq!(told(SAMPLES, "y,x\n"), at_least);
        assert_eq!(told(SAMPLES, "y\n1\n"), "data.features = \"x.csv\": expected a column besides the label");
        let told = told(SAMPLES, "\u{1f}\u{8b}");
        assert!(told.ends_with("data.features, which has 1: \"\\u{1f}\\u{8b}\""), "{told}");
        let told = refused(SAMPLES, &[("x.csv", &gzipped(CSV.as_bytes())[..20])]);
        assert!(told.starts_with("data.features = \"x.csv\": cannot be read: "), "{told}");
    }

    #[test]
    fn bad_arrays_are_located() {
        let text = of_arrays("x.npy", "y.npy");
        let told = |x: &[u8], y: &[u8]| refused(&text, &[("x.npy", x), ("y.npy", y)]);
        let bad = npy(&[2, 2], &[1.0, 2.0, 3.0, f64::INFINITY]);
        let y = npy(&[2], &[1.0, 2.0]);
        assert_eq!(told(&bad, &y), "\"x.npy\", line 2, column 2 = inf: expected a finite number");
        let x = npy(&[2, 2], &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(told(&x, &x), "data.label = \"y.npy\": shape 2×2: expected 2×1, as data.features is 2×2");
        let plain = "expected a .npy file with a plain array of numbers";
        assert_eq!(told(b"PK", &y), format!("data.features = \"x.npy\": {plain}"));
        let at_least = "expected at least one sample and one feature";
        assert_eq!(told(&npy(&[0, 2], &[]), &y), format!("data.features = \"x.npy\": shape 0×2: {at_least}"));
        assert_eq!(
            refused(&of_arrays("x.npy", "target"), &[("x.npy", &x)]),
            "data.label = \"target\": expected the name of a file of 2 labels, as data.features is an array"
        );
        assert_eq!(
            refused(&of_arrays("x.npy", "y.csv"), &[("x.npy", &x), ("y.csv", CSV.as_bytes())]),
            "data.label = \"y.csv\": expected a .npy, .npz or IDX file, as data.features is one"
        );
    }

    #[test]
    fn bad_idx_files_are_located() {
        let text = of_arrays("x-ubyte", "y-ubyte");
        let (x, y) = (idx(&[3, 1, 2], &PIXELS), idx(&[3], &[7, 8, 9]));
        let told = |x: &[u8], y: &[u8]| refused(&text, &[("x-ubyte", x), ("y-ubyte", y)]);
        assert_eq!(
            told(&x, &idx(&[2], &[7, 8])),
            "data.label = \"y-ubyte\": shape 2×1: expected 3×1, as data.features is 3×2"
        );
        assert_eq!(
            told(&x[..x.len() - 1], &y),
            "data.features = \"x-ubyte\": shape 3×1×2 of 8-bit entries, 6 bytes: \
             expected as many as the file holds, found 5 bytes"
        );
        assert_eq!(
            told(b"PK\x03\x04", &y),
            "data.features = \"x-ubyte\": magic number 0x504b0304: \
             expected 0x00000803 (images), 0x00000801 (labels) or another of IDX"
        );
        assert_eq!(
            told(&[], &y),
            "data.features = \"x-ubyte\": a file of 0 bytes: \
             expected an IDX file, which begins with a magic number of 4"
        );
        assert_eq!(
            told(&idx(&[0, 28, 28], &[]), &y),
            "data.features = \"x-ubyte\": shape 0×784: expected at least one sample and one feature"
        );
        assert_eq!(
            refused(&format!("{text}standardize = true"), &[("x-ubyte", &idx(&[3, 2], &[0; 6])), ("y-ubyte", &y)]),
            "\"x-ubyte\", column 1 = 0 in every row: expected a varying feature, as data.standardize = true \
             (data.center = true takes any)"
        );
    }

    /// An archive as `numpy.savez` and `savez_compressed` write it.
    fn npz(arrays: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in arrays {
            let options = zip::write::SimpleFileOptions::default().compression_method(method);
            writer.start_file(format!("{name}.npy"), options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn arrays_of_an_archive_are_read_by_name() {
        let expected = samples(SAMPLES, "a,b,y\n1,2,7\n3,4,8\n255,6,9\n");
        let (x, y) = (npy(&[3, 2], &PIXELS.map(f64::from)), npy(&[3], &[7.0, 8.0, 9.0]));
        for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
            let both = npz(&[("x", &x), ("y", &y)], method);
            let alone = npz(&[("arr_0", &y)], method);
            let files: [(&str, &[u8]); 2] = [("s.npz", &both), ("y.npz", &alone)];
            assert_eq!(data::<Rational>(&of_arrays("s.npz:x", "s.npz:y"), &files), expected);
            assert_eq!(data::<Rational>(&of_arrays("s.npz:x", "y.npz"), &files), expected);
            let told = |x: &str| refused(&of_arrays(x, "y.npz"), &files);
            let which = "expected one of its arrays behind a colon, as in \"file.npz:name\": found \"x\", \"y\"";
            for name in ["s.npz", "s.npz:z"] {
                assert_eq!(told(name), format!("data.features = \"{name}\": {which}"));
            }
        }
        let archive = npz(&[("x", &x)], zip::CompressionMethod::Stored);
        let told = refused(SAMPLES, &[("x.csv", &archive)]);
        assert!(
            told.ends_with("a ZIP archive: expected a name that ends in .npz, or a file of another format"),
            "{told}"
        );
    }

    /// What unpacks to a thousand times its size is refused where it ceases to be a table or an array.
    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let line = gzipped(&vec![b'0'; 1 << 25]);
        let told = refused(SAMPLES, &[("x.csv", &line)]);
        assert!(told.ends_with("cannot be read: a line of more than 16777216 bytes, expected CSV"), "{told}");
        let longer = gzipped(&[npy(&[3, 2], &[0.5; 6]), vec![0; 1 << 25]].concat());
        let told = refused(&of_arrays("x.npy.gz", "y.npy"), &[("x.npy.gz", &longer)]);
        assert!(told.ends_with("48 bytes: expected as many as the file holds, found more bytes"), "{told}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_before_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status();
        if made.is_ok_and(|status| status.success()) {
            let text = SAMPLES.replace("x.csv", "pipe");
            let told = parse::<f64>(text.as_bytes(), folder.path()).unwrap_err().to_string();
            let expected = "cannot be read: a pipe, a socket or a device, expected a regular file";
            assert_eq!(told, format!("data.features = \"pipe\": {expected}"));
            let told = super::super::read::<f64>(&folder.path().join("pipe")).unwrap_err().to_string();
            assert!(told.ends_with(expected), "{told}");
        }
    }

    proptest! {
        #[test]
        fn no_damage_to_a_data_file_panics(
            format in 0usize..6,
            damage in prop::collection::vec((0usize..500, any::<u8>()), 0..4),
            length in 0usize..500,
        ) {
            let (x, y) = (idx(&[3, 1, 2], &PIXELS), idx(&[3], &[7, 8, 9]));
            let array = npy(&[3, 2], &[0.5; 6]);
            let archives = [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated];
            let [stored, deflated] = archives.map(|method| npz(&[("x", &array)], method));
            let csv = CSV.as_bytes().to_vec();
            let mut damaged = [csv, array, x.clone(), gzipped(&x), stored, deflated][format].clone();
            for (at, byte) in damage {
                let at = at % damaged.len();
                damaged[at] = byte;
            }
            damaged.truncate(length);
            let name = ["x.csv", "x.npy", "x-ubyte", "x", "x.npz", "x.npz"][format];
            let text = if format == 0 { SAMPLES.to_owned() } else { of_arrays(name, "y") };
            if let Err(fault) = problem::<f64>(&text, &[(name, &damaged), ("y", &y)]) {
                is_a_line(&fault.to_string())?;
            }
        }
    }
}

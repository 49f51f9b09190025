//! Bytes as a data file of each format, alone and beside a problem: numbers, or one line that says why not.
#![no_main]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use fuzz::is_a_line;
use libfuzzer_sys::fuzz_target;
use numbers::{DoubleDouble, nearest_f64};
use problem::{numbers, parse};
use rug::Rational;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// In the folder that `TMPDIR` names.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().unwrap_or_else(|error| panic!("{error}")));

/// The endings that tell a format, and none.
const NAMES: [&str; 8] = ["x", "x.csv", "x.npy", "x-ubyte", "x.npz", "x.npz:a", "x.csv.gz", "x.NPY.gz"];

fuzz_target!(|bytes: &[u8]| {
    let [choice, wrapped, options, content @ ..] = bytes else { return };
    let name = NAMES[usize::from(*choice) % NAMES.len()];
    let file = name.split(':').next().unwrap_or(name);
    let content = match wrapped % 8 {
        6 => gzipped(content),
        7 => archived(content),
        _ => content.to_vec(),
    };
    let path = FOLDER.path().join(file);
    fs::write(&path, &content).unwrap_or_else(|error| panic!("{error}"));
    // The name of an array of an archive is no part of a path, but of what a problem says.
    alone(&FOLDER.path().join(name));
    beside_a_problem(name, *options);
});

fn alone(path: &Path) {
    let exact = numbers::<Rational>(path);
    match (&exact, &numbers::<f64>(path)) {
        (Ok(exact), Ok(doubles)) => assert!(exact.map(|value| nearest_f64(&value)) == *doubles),
        (Err(exact), Err(doubles)) => {
            assert_eq!(exact.to_string(), doubles.to_string());
            is_a_line(&exact.to_string());
        }
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => panic!("over one kind of numbers alone: {error}"),
    }
}

fn beside_a_problem(name: &str, options: u8) {
    let label = if options & 1 == 0 { "y" } else { name };
    let (standardize, center) = (options & 2 != 0, options & 4 != 0);
    let sampling = if options & 8 != 0 { "without-replacement" } else { "with-replacement" };
    let text = format!(
        "[sgd]\nbatch_size = 2\nlearning_rate = 0.1\nsampling = \"{sampling}\"\n[data]\nfeatures = \"{name}\"\n\
         label = \"{label}\"\nstandardize = {standardize}\ncenter = {center}\n"
    );
    let exact = parse::<Rational>(text.as_bytes(), FOLDER.path());
    let doubles = parse::<f64>(text.as_bytes(), FOLDER.path());
    match (&exact, &doubles) {
        (Ok(exact), Ok(doubles)) => {
            assert!(exact.map(nearest_f64) == *doubles);
            let double_double = parse::<DoubleDouble>(text.as_bytes(), FOLDER.path());
            assert!(double_double.is_ok_and(|double_double| exact.map(DoubleDouble::from_rational) == double_double));
        }
        (Err(exact), Err(doubles)) => {
            assert_eq!(exact.to_string(), doubles.to_string());
            is_a_line(&exact.to_string());
        }
        (Ok(_), Err(fault)) | (Err(fault), Ok(_)) => panic!("over one kind of numbers alone: {fault}"),
    }
}

/// Packed, as no fuzzer gets a checksum right.
fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(content).and_then(|()| packed.finish()).unwrap_or_else(|error| panic!("{error}"))
}

/// As the array `a` of an archive.
fn archived(content: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("a.npy", stored).unwrap_or_else(|error| panic!("{error}"));
    archive.write_all(content).unwrap_or_else(|error| panic!("{error}"));
    archive.finish().unwrap_or_else(|error| panic!("{error}")).into_inner()
}

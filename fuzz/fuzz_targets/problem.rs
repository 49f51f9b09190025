//! Bytes as a problem file, over each kind of numbers: a setting, or one line that says why not; and the same over all.
#![no_main]

use std::path::Path;

use fuzz::is_a_line;
use libfuzzer_sys::fuzz_target;
use numbers::{DoubleDouble, nearest_f64};
use problem::parse;
use rug::Rational;

/// No data file is found here.
const NOWHERE: &str = "no-such-folder";

fuzz_target!(|bytes: &[u8]| {
    let exact = parse::<Rational>(bytes, Path::new(NOWHERE));
    let doubles = parse::<f64>(bytes, Path::new(NOWHERE));
    let double_double = parse::<DoubleDouble>(bytes, Path::new(NOWHERE));
    match (&exact, &doubles) {
        (Ok(exact), Ok(doubles)) => assert_eq!(exact.map(nearest_f64), *doubles),
        (Ok(_), Err(fault)) => assert!(fault.to_string().contains("does not round to 1"), "{fault}"),
        (Err(exact), Err(doubles)) => assert_eq!(exact.to_string(), doubles.to_string()),
        (Err(fault), Ok(_)) => panic!("over doubles alone: {fault}"),
    }
    match (&exact, &double_double) {
        (Ok(exact), Ok(double_double)) => assert_eq!(exact.map(DoubleDouble::from_rational), *double_double),
        (Ok(_), Err(fault)) => assert!(fault.to_string().contains("does not round to 1"), "{fault}"),
        (Err(exact), Err(double_double)) => assert_eq!(exact.to_string(), double_double.to_string()),
        (Err(fault), Ok(_)) => panic!("over double-double numbers alone: {fault}"),
    }
    if let Err(fault) = exact {
        is_a_line(&fault.to_string());
    }
    if let Err(fault) = doubles {
        is_a_line(&fault.to_string());
    }
});

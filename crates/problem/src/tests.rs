//! Tests of whole problem files: what they mean, and what each malformed one is told.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use rug::Rational;

use super::*;
use numbers::{DoubleDouble, matrix, nearest_f64};

const EXAMPLE: &str = r#"
[sgd]
batch_size = 4
learning_rate = 0.5
momentum = 0.3
[model]
feature_covariance = [[1.0, 0.2], [0.2, 0.8]]
label_noise_variance = 0.7
weight_decay = 0.1
input_noise_covariance = [[0.1, 0.0], [0.0, 0.1]]
true_weights = [0.4, -1.1]
"#;

/// A problem on samples, and its data file.
pub(super) const SAMPLES: &str =
    "[sgd]\nbatch_size = 2\nlearning_rate = 0.1\n[data]\nfeatures = \"x.csv\"\nlabel = \"y\"\n";
pub(super) const CSV: &str = "y,bmi,age\n1,0.5,2\n2,1.5,4\n6,2.5,6\n";

pub(super) fn ratio(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

/// The message for `text`, with the files `(name, content)` beside it.
pub(super) fn refused(text: &str, files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let message = parse::<f64>(text.as_bytes(), folder.path()).unwrap_err().to_string();
    is_a_line(&message).unwrap();
    message
}

/// A person can read it, in any terminal.
pub(super) fn is_a_line(message: &str) -> Result<(), TestCaseError> {
    prop_assert!(message.chars().count() <= 400 && !message.contains(char::is_control), "{message:?}");
    Ok(())
}

/// The message for the example with `from` replaced.
pub(super) fn changed(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "{from}");
    refused(&EXAMPLE.replacen(from, to, 1), &[])
}

#[test]
fn a_data_file_alone_is_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    std::fs::write(&path, CSV).unwrap();
    let expected = Matrix::from_row_slice(3, 3, &[1.0, 0.5, 2.0, 2.0, 1.5, 4.0, 6.0, 2.5, 6.0]);
    assert_eq!(numbers::<f64>(&path).unwrap(), expected);
    let told = || numbers::<f64>(&path).unwrap_err().to_string();
    std::fs::write(&path, CSV.replace("1.5", "x")).unwrap();
    assert!(told().ends_with("line 3, column \"bmi\" = \"x\": expected a finite number"), "{}", told());
    std::fs::write(&path, [0xff, b'\n', 0xff]).unwrap();
    assert!(told().ends_with("x.csv: line 1, column 1: expected UTF-8 text"), "{}", told());
    std::fs::remove_file(&path).unwrap();
    assert!(told().contains("x.csv: cannot be read: "), "{}", told());
}

#[test]
fn every_number_is_the_decimal_that_was_written() {
    let setting = parse(EXAMPLE.as_bytes(), Path::new("")).unwrap();
    assert_eq!(setting.batch_size().get(), 4);
    assert_eq!(*setting.momentum(), ratio(3, 10));
    assert_eq!(*setting.learning_rate(), matrix::identity::<Rational>(2) * ratio(1, 2));
    assert_eq!(*setting.weight_decay(), matrix::identity::<Rational>(2) * ratio(1, 10));
    assert_eq!(setting.sampling(), Sampling::WithReplacement);
    let rows = |a, b, c, d| Matrix::from_row_slice(2, 2, &[a, b, c, d]);
    let A = rows(ratio(1, 1), ratio(1, 5), ratio(1, 5), ratio(4, 5));
    let B = rows(ratio(1, 10), Rational::new(), Rational::new(), ratio(1, 10));
    let expected = Gaussian {
        feature_covariance: A,
        input_noise_covariance: B,
        label_noise_variance: ratio(7, 10),
        true_weights: Vector::from_vec(vec![ratio(2, 5), ratio(-11, 10)]),
    };
    assert_eq!(*setting.population(), Population::Gaussian(expected));
}

#[test]
fn every_key_but_three_has_a_default() {
    let text = "sgd = { batch_size = 1, learning_rate = 1 }\nmodel.feature_covariance = [[2]]";
    let setting = parse(text.as_bytes(), Path::new("")).unwrap();
    assert_eq!((setting.momentum(), setting.weight_decay()), (&Rational::new(), &Matrix::zeros(1, 1)));
    let expected = Gaussian {
        feature_covariance: matrix::scalar(ratio(2, 1)),
        input_noise_covariance: Matrix::zeros(1, 1),
        label_noise_variance: Rational::new(),
        true_weights: Vector::zeros(1),
    };
    assert_eq!(*setting.population(), Population::Gaussian(expected));
}

#[test]
fn the_shipped_problems_are_problems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            read::<Rational>(&path).unwrap();
            found += 1;
        }
    }
    assert!(found >= 4, "{found}");
}

#[test]
fn a_missing_file_is_named() {
    let message = read::<f64>(Path::new("no/such/problem.toml")).unwrap_err().to_string();
    assert!(message.starts_with("no/such/problem.toml: cannot be read: "), "{message}");
    let message = refused(SAMPLES, &[]);
    assert!(message.starts_with("data.features = \"x.csv\": cannot be read: "), "{message}");
}

#[test]
fn a_syntax_error_is_located() {
    let message = refused("[sgd]\nbatch_size = = 4", &[]);
    assert!(message.starts_with("line 2, column 14: "), "{message}");
    let message = parse::<f64>(b"[sgd]\nx = \"\xff\"", Path::new("")).unwrap_err().to_string();
    assert_eq!(message, "line 2, column 6: expected UTF-8 text");
    let message = changed("momentum = 0.3", "momentum = 0.25f");
    assert_eq!(message, "line 5, column 16: invalid float: \"f\" does not belong there");
}

#[test]
fn a_number_out_of_its_range_is_told_the_range() {
    let sgd = "sgd.batch_size = 0: expected an integer from 1 to 4294967295";
    assert_eq!(changed("batch_size = 4", "batch_size = 0"), sgd);
    assert_eq!(changed("batch_size = 4", "batch_size = 4.0"), sgd.replace("= 0", "= 4.0"));
    assert_eq!(changed("batch_size = 4", "batch_size = 4294967296"), sgd.replace("= 0", "= 4294967296"));
    for value in ["1", "1.5", "-0.1"] {
        let message = changed("momentum = 0.3", &format!("momentum = {value}"));
        assert_eq!(message, format!("sgd.momentum = {value}: expected 0 ≤ momentum < 1"));
    }
    let nearly = "0.99999999999999999999999999";
    assert_eq!(
        changed("momentum = 0.3", &format!("momentum = {nearly}")),
        format!(
            "sgd.momentum = {nearly}: expected a momentum that does not round to 1, or fractions (solve --engine exact)"
        )
    );
    let text = EXAMPLE.replacen("0.3", nearly, 1);
    let momentum = number::decimal(nearly).unwrap();
    assert_eq!(*parse::<Rational>(text.as_bytes(), Path::new("")).unwrap().momentum(), momentum);
    let double_double = *parse::<DoubleDouble>(text.as_bytes(), Path::new("")).unwrap().momentum();
    assert_eq!(double_double, DoubleDouble::from_rational(&momentum));
    let message = changed("label_noise_variance = 0.7", "label_noise_variance = -0.7");
    assert_eq!(message, "model.label_noise_variance = -0.7: expected label_noise_variance ≥ 0");
}

#[test]
fn a_number_that_is_none_is_told_so() {
    for (values, expected) in [
        (["nan", "-inf", "true", "\"0.3\"", "[]"].as_slice(), "a finite number"),
        (&["1e999", "1e999999999", "-1e400"], "a number of at most 1.797e308, as doubles hold"),
        (&["1e-400", "1e-999999999"], "0, or a number of at least 5e-324, as doubles hold"),
    ] {
        for value in values {
            let message = changed("momentum = 0.3", &format!("momentum = {value}"));
            assert_eq!(message, format!("sgd.momentum = {value}: expected {expected}"));
        }
    }
    let message = changed("[0.2, 0.8]", "[0.2, nan]");
    assert_eq!(message, "model.feature_covariance, row 2, column 2 = nan: expected a finite number");
    let message = changed("[0.4, -1.1]", "[0.4, inf]");
    assert_eq!(message, "model.true_weights, entry 2 = inf: expected a finite number");
    let message = changed("learning_rate = 0.5", "learning_rate = 2020-01-01");
    assert_eq!(message, "sgd.learning_rate = 2020-01-01: expected a finite number, or a 2×2 matrix");
}

#[test]
fn a_matrix_of_the_wrong_shape_is_told_the_shape() {
    let message = changed("[[1.0, 0.2], [0.2, 0.8]]", "[[1.0, 0.2, 0.3], [0.2, 0.8, 0.3]]");
    let value = "model.feature_covariance = [[1.0, 0.2, 0.3], [0.2, 0.8, 0.3]]";
    assert_eq!(message, format!("{value}: expected a square matrix, 2 rows of 2 numbers"));
    let message = changed("[[1.0, 0.2], [0.2, 0.8]]", "[[1.0], [0.2, 0.8]]");
    assert_eq!(
        message,
        "model.feature_covariance = [[1.0], [0.2, 0.8]]: expected a square matrix, 2 rows of 2 numbers"
    );
    let message = changed("learning_rate = 0.5", "learning_rate = [[0.5]]");
    assert_eq!(message, "sgd.learning_rate = [[0.5]]: expected a number or a 2×2 matrix");
    let message = changed("feature_covariance = [[1.0, 0.2], [0.2, 0.8]]", "feature_covariance = []");
    assert_eq!(message, "model.feature_covariance = []: expected at least one row");
    let message = changed("feature_covariance = [[1.0, 0.2], [0.2, 0.8]]", "feature_covariance = 1.0");
    assert_eq!(message, "model.feature_covariance = 1.0: expected a matrix, [[…], …]");
    let message = changed("[0.4, -1.1]", "[0.4]");
    assert_eq!(message, "model.true_weights = [0.4]: expected 2 numbers, one for each feature");
}

#[test]
fn an_asymmetric_matrix_is_told_where() {
    for (key, from) in [
        ("model.feature_covariance", "[[1.0, 0.2], [0.2, 0.8]]"),
        ("model.input_noise_covariance", "[[0.1, 0.0], [0.0, 0.1]]"),
    ] {
        assert_eq!(
            changed(from, "[[1.0, 0.2], [0.25, 0.8]]"),
            format!(
                "{key} is not symmetric: row 2, column 1 = 0.25, row 1, column 2 = 0.2: expected the same number twice, \
                 not 5.000e-2 apart"
            )
        );
    }
    let message = changed("[[1.0, 0.2], [0.2, 0.8]]", "[[1.0, 0.1], [0.1000000000000000055511151231257827, 0.8]]");
    assert!(message.contains("column 1 = 0.1000000000000000055511151231257827, row 1, column 2 = 0.1: "), "{message}");
    assert!(message.ends_with("not 5.551e-18 apart"), "{message}");
}

#[test]
fn a_negative_direction_is_refused_where_a_covariance_is_meant() {
    let indefinite = "[[1, 2], [2, 1]]";
    let message = |key, eigenvalue: &str| {
        format!(
            "{key} is not positive semidefinite: its smallest eigenvalue is at most {eigenvalue}, expected ≥ 0 (if \
             rounding made it so, add a little more than that to each entry of the diagonal, or round no entry)"
        )
    };
    let A = "[[1.0, 0.2], [0.2, 0.8]]";
    assert_eq!(changed(A, indefinite), message("model.feature_covariance", "-1.000e0"));
    let message_of_B = message("model.input_noise_covariance", "-1.000e0");
    assert_eq!(changed("[[0.1, 0.0], [0.0, 0.1]]", indefinite), message_of_B);
    let message_of_rate = message("sgd.learning_rate", "-1.000e0");
    assert_eq!(changed("learning_rate = 0.5", &format!("learning_rate = {indefinite}")), message_of_rate);
    assert_eq!(changed("learning_rate = 0.5", "learning_rate = -1"), message_of_rate);
    let barely = changed(A, "[[1, 1.0000000000000002], [1.0000000000000002, 1]]");
    assert_eq!(barely, message("model.feature_covariance", "-2.000e-16"));
    let singular = EXAMPLE.replacen(A, "[[1, 1], [1, 1.0]]", 1);
    assert!(parse::<Rational>(singular.as_bytes(), Path::new("")).is_ok());
    let negative = EXAMPLE.replacen("weight_decay = 0.1", &format!("weight_decay = {indefinite}"), 1);
    assert!(parse::<Rational>(negative.as_bytes(), Path::new("")).is_ok());
}

#[test]
fn a_key_that_is_unknown_or_missing_is_named() {
    assert_eq!(
        changed("momentum = 0.3", "moment = 0.3"),
        "sgd.moment = 0.3: unknown key, expected one of batch_size, learning_rate, momentum, sampling"
    );
    assert_eq!(changed("[sgd]", "[sdg]"), "sdg = {…}: unknown key, expected one of sgd, model, data");
    assert_eq!(changed("batch_size = 4", ""), "sgd.batch_size is missing: expected an integer ≥ 1");
    assert_eq!(
        refused("[sgd]\nbatch_size = 1\nlearning_rate = 1", &[]),
        "expected exactly one of [model] and [data], found neither"
    );
    assert_eq!(refused(&format!("{EXAMPLE}\n[data]\n"), &[]), "expected exactly one of [model] and [data], found both");
    assert_eq!(refused("sgd = 3", &[]), "sgd = 3: expected a table, [sgd]");
    // `true_weights` belongs to [model]: a data set has its labels.
    let message = refused(&format!("{SAMPLES}true_weights = [1, 1]"), &[]);
    assert!(message.starts_with("data.true_weights = [1, 1]: unknown key"), "{message}");
}

#[test]
fn true_weights_are_needed_where_they_matter() {
    let told =
        "model.true_weights is missing: expected 2 numbers, as weight_decay or input_noise_covariance is not zero";
    assert_eq!(changed("true_weights = [0.4, -1.1]", ""), told);
    let anonymous = EXAMPLE.replace("true_weights = [0.4, -1.1]", "");
    let decaying = anonymous.replace("input_noise_covariance = [[0.1, 0.0], [0.0, 0.1]]", "");
    assert_eq!(refused(&decaying, &[]), told);
    assert_eq!(refused(&anonymous.replace("weight_decay = 0.1", "weight_decay = 0"), &[]), told);
    assert!(parse::<Rational>(decaying.replace("weight_decay = 0.1", "").as_bytes(), Path::new("")).is_ok());
}

#[test]
fn sampling_without_replacement_needs_enough_samples() {
    assert_eq!(
        changed("momentum = 0.3", "sampling = \"without\""),
        "sgd.sampling = \"without\": expected \"with-replacement\" or \"without-replacement\""
    );
    assert_eq!(
        changed("momentum = 0.3", "sampling = \"without-replacement\""),
        "sgd.sampling = \"without-replacement\": \
         expected \"with-replacement\": the samples of [model] are infinitely many"
    );
    let text = SAMPLES.replace("batch_size = 2", "sampling = \"without-replacement\"\nbatch_size = 4");
    assert_eq!(
        refused(&text, &[("x.csv", CSV.as_bytes())]),
        "sgd.batch_size = 4: expected at most the 3 samples of the data set, drawn without replacement"
    );
}

/// A setting as a problem file.
fn printed(setting: &Setting<Rational>) -> String {
    let rows = |M: &Matrix<f64>| {
        let rows: Vec<_> = M.row_iter().map(|row| format!("{:?}", row.iter().collect::<Vec<_>>())).collect();
        format!("[{}]", rows.join(", "))
    };
    let setting = setting.map(nearest_f64);
    let mut text = format!("[sgd]\nbatch_size = {}\n", setting.batch_size().get());
    writeln!(text, "learning_rate = {}", rows(setting.learning_rate())).unwrap();
    writeln!(text, "momentum = {:?}\nsampling = \"{}\"", setting.momentum(), setting.sampling()).unwrap();
    let Population::Gaussian(model) = setting.population() else { panic!("expected a model") };
    writeln!(text, "[model]\nfeature_covariance = {}", rows(&model.feature_covariance)).unwrap();
    writeln!(text, "input_noise_covariance = {}", rows(&model.input_noise_covariance)).unwrap();
    writeln!(text, "weight_decay = {}", rows(setting.weight_decay())).unwrap();
    writeln!(text, "label_noise_variance = {:?}", model.label_noise_variance).unwrap();
    writeln!(text, "true_weights = {:?}", model.true_weights.as_slice()).unwrap();
    text
}

/// Settings of three weights whose numbers are short decimals, with covariances F Fᵀ of any rank.
fn settings() -> impl Strategy<Value = Setting<Rational>> {
    let tenths = |count: usize| prop::collection::vec((-30i64..31).prop_map(|v| ratio(v, 10)), count);
    let gram = |rank: usize| {
        tenths(3 * rank).prop_map(move |entries| {
            let F = Matrix::from_vec(3, rank, entries);
            &F * F.transpose()
        })
    };
    let symmetric = tenths(9).prop_map(|entries| {
        let M = Matrix::from_vec(3, 3, entries);
        &M + M.transpose()
    });
    (1u32..100, 0i64..1000, gram(3), gram(2), gram(1), symmetric, tenths(3), 0i64..9).prop_map(|parts| {
        let (batch_size, momentum, learning_rate, A, B, decay, u, variance) = parts;
        let population = Population::Gaussian(Gaussian {
            feature_covariance: A,
            input_noise_covariance: B,
            label_noise_variance: ratio(variance, 5),
            true_weights: Vector::from_vec(u),
        });
        Setting::new(population, learning_rate, BatchSize::new(batch_size).unwrap())
            .and_then(|setting| setting.with_weight_decay(decay))
            .unwrap()
            .with_momentum(Momentum::new(ratio(momentum, 1000)).unwrap())
    })
}

proptest! {
    #[test]
    fn a_printed_setting_is_read_back(setting in settings()) {
        let text = printed(&setting);
        prop_assert_eq!(parse::<f64>(text.as_bytes(), Path::new("")).unwrap(), setting.map(nearest_f64));
        prop_assert_eq!(parse(text.as_bytes(), Path::new("")).unwrap(), setting);
    }

    /// A covariance of low rank is hardly ever semidefinite when a program has rounded its entries. That of exact
    /// products is.
    #[test]
    fn a_covariance_of_low_rank_is_let_in_where_nothing_was_rounded(factor in prop::collection::vec(-99i32..100, 6), unit in -150i32..150) {
        let row = |x: &i32| {
            let entries = factor.iter().map(|y| format!("{}e{unit}", x * y));
            format!("[{}]", Vec::from_iter(entries).join(","))
        };
        let rows = Vec::from_iter(factor.iter().map(row)).join(",");
        let text = format!("sgd = {{ batch_size = 1, learning_rate = 1 }}\nmodel.feature_covariance = [{rows}]");
        prop_assert!(parse::<Rational>(text.as_bytes(), Path::new("")).is_ok());
    }

    #[test]
    fn no_damage_to_a_file_panics(
        of_samples in any::<bool>(),
        damage in prop::collection::vec((0usize..400, any::<u8>()), 0..4),
        moved in (0usize..400, 0usize..400, 0usize..40),
    ) {
        let mut bytes = if of_samples { SAMPLES } else { EXAMPLE }.as_bytes().to_vec();
        let (from, to, length) = moved;
        let from = from % bytes.len();
        let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
        let to = to % bytes.len();
        bytes.splice(to..to, piece);
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Err(fault) = parse::<f64>(&bytes, Path::new("")) {
            is_a_line(&fault.to_string())?;
        }
    }
}

//! Every text that has to be sayable has shapes and units that fit, and a value.
use formula::tree::Text;
use formula::{Context, EvaluationError, Formula, Given, Kind, LearningRate, Mistake, Spelling, Weights};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{Minibatch, Moments, Setting};

use crate::build::{q, three_samples, two_weights};

/// The statements and definitions of `texts.toml`.
fn texts() -> Vec<Text> {
    let all: toml::Table = include_str!("../texts.toml").parse().unwrap();
    let strings = |value: Option<&toml::Value>| -> Vec<String> {
        let values = value.and_then(toml::Value::as_array).into_iter().flatten();
        values.map(|text| text.as_str().unwrap().to_string()).collect()
    };
    let read = |table: &toml::Value| {
        let [statements, definitions] = ["formula", "definitions"].map(|key| strings(table.get(key)));
        let [statements, definitions] =
            [&statements, &definitions].map(|texts| Vec::from_iter(texts.iter().map(String::as_str)));
        Text::read(&statements, &definitions).unwrap()
    };
    Vec::from_iter(all["text"].as_array().unwrap().iter().map(read))
}

/// What hypotheses make of a text, from the least of them on.
fn contexts() -> Vec<Context> {
    let mut contexts = Vec::new();
    for natural_units in [false, true] {
        for weights in [Weights::Any, Weights::OneDirection, Weights::One] {
            for learning_rate in [LearningRate::Any, LearningRate::Scalar, LearningRate::Newton] {
                let plain = Context { weights, learning_rate, natural_units, data_set: true, ..Context::default() };
                contexts.push(plain);
            }
        }
    }
    contexts
}

/// Without the definitions that it does not use, some of which stand beside several texts of a claim.
fn checked(text: &Text) -> Result<(Formula, Context), Vec<Mistake>> {
    let mut first = Vec::new();
    let shared = std::mem::take(&mut text.clone().definitions);
    let bare = Text { definitions: Vec::new(), ..text.clone() };
    for context in contexts() {
        match Formula::with_shared(bare.clone(), &shared, &context) {
            Ok(formula) => return Ok((formula, context)),
            Err(mistakes) if first.is_empty() => first = mistakes,
            Err(_) => {}
        }
    }
    Err(first)
}

/// A text that no definition makes whole.
const UNFINISHED: &str = "Σ₀ ⪰ 0 iff κ ≥ 0";

#[test]
fn every_text_is_checked() {
    let mut failures = Vec::new();
    for text in texts() {
        let written = text.statements[0].written(Spelling::Unicode);
        match checked(&text) {
            Err(mistakes) if written == UNFINISHED => {
                assert!(mistakes.iter().any(|mistake| mistake.message.starts_with("α is no symbol")), "{mistakes:?}");
            }
            Err(mistakes) => failures.push(format!("{written}: {mistakes:?}")),
            Ok(_) => assert_ne!(written, UNFINISHED),
        }
    }
    assert!(failures.is_empty(), "{} texts\n{}", failures.len(), failures.join("\n"));
}

fn moments() -> Moments<Rational> {
    Moments {
        fluctuation: Matrix::from_row_slice(2, 2, &[5, 1, 1, 4].map(|v| q(v, 1))),
        noise_covariance: Matrix::from_row_slice(2, 2, &[7, -2, -2, 6].map(|v| q(v, 1))),
        train_loss: q(11, 2),
        test_loss: Some(q(13, 3)),
    }
}

/// Both sides, or why there are none.
fn value(formula: &Formula, setting: &Setting<Rational>) -> Result<[Matrix<Rational>; 2], EvaluationError> {
    let moments = moments();
    let minibatch = Minibatch {
        gradient: Vector::from_vec(vec![q(1, 1), q(2, 1)]),
        noise_covariance: moments.noise_covariance.clone(),
    };
    let given = Given { setting, moments: Some(&moments), minibatch: Some(&minibatch) };
    match formula.kind() {
        Kind::Stability | Kind::Equivalence => {
            formula.holds(setting)?;
            Ok([Matrix::zeros(0, 0), Matrix::zeros(0, 0)])
        }
        _ => Ok([formula.found(&given)?, formula.claimed(&given)?]),
    }
}

/// What no engine answers yet.
const WITHOUT_VALUE: [&str; 2] = ["sᵢ", "E[mmᵀ]"];

#[test]
fn every_text_has_a_value() {
    let mut failures = Vec::new();
    for text in texts() {
        let Ok((formula, context)) = checked(&text) else { continue };
        // Formulas about one weight have their own settings.
        if context.weights == Weights::One {
            continue;
        }
        let written = text.statements[0].written(Spelling::Unicode);
        match [two_weights(), three_samples()].map(|setting| value(&formula, &setting)) {
            [Ok([found, claimed]), _] | [_, Ok([found, claimed])] => {
                if found.shape() != claimed.shape() {
                    failures.push(format!("{written}: {:?} and {:?}", found.shape(), claimed.shape()));
                }
            }
            [Err(error), Err(EvaluationError::Undefined { symbol, .. })]
                if WITHOUT_VALUE.contains(&symbol.as_str()) =>
            {
                assert!(matches!(error, EvaluationError::Undefined { .. }));
            }
            [one, other] => failures.push(format!("{written}: {one:?} {other:?}")),
        }
    }
    assert!(failures.is_empty(), "{} texts\n{}", failures.len(), failures.join("\n"));
}

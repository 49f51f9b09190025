//! Every text that has to be sayable has shapes and units that fit, and a value.
use formula::{EvaluationError, Formula, Given, Kind};
use notation::tree::Text;
use notation::{Context, LearningRate, Mistake, Spelling, Weights};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{BufferMoments, Minibatch, Moments, Setting};

use super::build::{Scale, q, three_samples_in, two_weights_in};

/// The statements and definitions of `texts.toml`.
fn texts() -> Vec<Text> {
    let all: toml::Table = include_str!("../../../../reader/tests/it/texts.toml").parse().unwrap();
    let strings = |value: Option<&toml::Value>| -> Vec<String> {
        let values = value.and_then(toml::Value::as_array).into_iter().flatten();
        values.map(|text| text.as_str().unwrap().to_string()).collect()
    };
    let read = |table: &toml::Value| {
        let [statements, definitions] = ["formula", "definitions"].map(|key| strings(table.get(key)));
        let [statements, definitions] =
            [&statements, &definitions].map(|texts| Vec::from_iter(texts.iter().map(String::as_str)));
        reader::text(&statements, &definitions).unwrap()
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

/// Both sides, or why there are none. The answers are any.
fn value(
    formula: &Formula,
    setting: &Setting<Rational>,
    scale: &Scale,
) -> Result<[Matrix<Rational>; 2], EvaluationError> {
    let square = |entries: [i64; 4]| Matrix::from_row_slice(2, 2, &entries.map(|v| q(v, 1)));
    let noise_covariance = square([7, -2, -2, 6]) * scale.of(2, 4);
    let moments = Moments {
        mean: None,
        fluctuation: square([5, 1, 1, 4]) * scale.of(2, 0),
        noise_covariance: noise_covariance.clone(),
        train_loss: q(11, 2) * scale.of(2, 2),
        test_loss: Some(q(13, 3) * scale.of(2, 2)),
        buffer: Some(BufferMoments {
            with_weights: square([1, 2, -3, 8]) * scale.of(2, 2),
            square: square([9, 2, 2, 3]) * scale.of(2, 4),
        }),
    };
    let gradient = Vector::from_vec(vec![q(1, 1), q(2, 1)]) * scale.of(1, 2);
    let minibatch = Minibatch { gradient, noise_covariance };
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
const WITHOUT_VALUE: [&str; 1] = ["sᵢ"];

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
        let one = Scale::one();
        match [two_weights_in(&one), three_samples_in(&one)].map(|setting| value(&formula, &setting, &one)) {
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

/// In other units both sides are the same multiple of what they were, as the units of all symbols are those of the
/// table.
#[test]
fn both_sides_change_with_the_units() {
    let (one, other) = (Scale::one(), Scale { weight: q(3, 1), feature: q(5, 7) });
    let mut compared = 0;
    for text in texts() {
        let Ok((formula, context)) = checked(&text) else { continue };
        if context.weights == Weights::One || context.natural_units || text.statements.len() > 1 {
            continue;
        }
        for settings in [two_weights_in, three_samples_in] {
            let values = [&one, &other].map(|scale| value(&formula, &settings(scale), scale));
            let [Ok([found, claimed]), Ok([found_then, claimed_then])] = values else { continue };
            let both = || found.iter().zip(&found_then).chain(claimed.iter().zip(&claimed_then));
            let Some((before, after)) = both().find(|(before, _)| **before != 0) else { continue };
            let factor = Rational::from(after / before);
            assert!(
                both().all(|(before, after)| Rational::from(&factor * before) == *after),
                "{}",
                text.statements[0].written(Spelling::Unicode)
            );
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

//! Symmetries that every closed form and the exact engine must respect: rotations of the weights, changes of units,
//! and symmetric covariances.

use claims::{Claim, Kind};
use formula::Given;
use numbers::{Matrix, matrix};
use properties::{Seeded, rescaled, rotated, rotation};
use registry::closed_forms;
use rug::{Rational, ops::Pow};
use symbols::{Quantity, Setting};

/// The value of a claim's quantity by the exact engine, and by the claim.
struct Said {
    found: Matrix<Rational>,
    claimed: Matrix<Rational>,
}

fn said(claim: &Claim, setting: &Setting<Rational>) -> Option<Said> {
    let (mut moments, mut minibatch) = (None, None);
    match claim.is_of_one_minibatch() {
        true => minibatch = Some(exact::minibatch(setting).ok()?),
        false => moments = Some(exact::stationary(setting).ok()?),
    }
    let given = Given { setting, moments: moments.as_ref(), minibatch: minibatch.as_ref() };
    Some(Said { found: claim.printed.found(&given).ok()?, claimed: claim.printed.claimed(&given).ok()? })
}

/// Checks a property of every claim at a few settings of a dimension where claim and engine have a value.
fn at_settings(dimension: usize, check: impl Fn(&Claim, Quantity, &Setting<Rational>, &Said, &str)) {
    // A condition of stability is a sign. It has no units, and neither have several equations together.
    for claim in closed_forms().iter().filter(|claim| !matches!(claim.kind, Kind::Stability)) {
        let Some(quantity) = claim.quantity() else { continue };
        let mut tried = 0;
        for seed in 0..20 {
            let setting = claim.draw(dimension, &[], &mut Seeded::new(seed)).ok().flatten();
            let Some((setting, said)) = setting.and_then(|s| said(claim, &s).map(|said| (s, said))) else { continue };
            check(
                claim,
                quantity,
                &setting,
                &said,
                &format!("{}, seed {seed}: {}", claim.id, verify::describe(&setting)),
            );
            tried += 1;
            if tried == 3 {
                break;
            }
        }
        assert!(tried > 0, "{} was tried nowhere", claim.id);
    }
}

#[test]
fn rotating_the_weights_rotates_the_answer() {
    let Q = rotation();
    at_settings(2, |claim, quantity, setting, before, context| {
        let turn = |M: &Matrix<Rational>| match quantity {
            Quantity::TrainLoss | Quantity::TestLoss => M.clone(),
            Quantity::MinibatchGradient => &Q * M,
            _ => &Q * M * Q.transpose(),
        };
        let after = said(claim, &rotated(setting, &Q).unwrap()).expect(context);
        assert_eq!(after.found, turn(&before.found), "engine, {context}");
        assert_eq!(after.claimed, turn(&before.claimed), "claim, {context}");
    });
}

#[test]
fn units_of_weights_and_features_carry_through() {
    let (weight, feature) = (Rational::from((3, 2)), Rational::from((5, 7)));
    at_settings(2, |claim, quantity, setting, before, context| {
        if claim.printed.context().natural_units {
            return;
        }
        // The units (weight, feature) are those of the table of notation.
        let (of_weight, of_feature) = match quantity {
            Quantity::Fluctuation | Quantity::StepCovariance => (2, 0),
            Quantity::TrainLoss | Quantity::TestLoss => (2, 2),
            Quantity::MinibatchGradient => (1, 2),
            Quantity::NoiseCovariance | Quantity::MinibatchNoise => (2, 4),
        };
        let unit: Rational = weight.clone().pow(of_weight) * feature.clone().pow(of_feature);
        let after = said(claim, &rescaled(setting, &weight, &feature).unwrap()).expect(context);
        assert_eq!(after.found, &before.found * unit.clone(), "engine, {context}");
        assert_eq!(after.claimed, &before.claimed * unit, "claim, {context}");
    });
}

#[test]
fn covariances_are_symmetric_and_positive() {
    for dimension in [1, 2] {
        at_settings(dimension, |claim, quantity, _, said, context| match quantity {
            Quantity::Fluctuation => {
                // A refuted form need not be a covariance.
                let claimed = claim.correction.is_some() || matrix::is_symmetric(&said.claimed);
                assert!(matrix::is_symmetric(&said.found) && claimed, "{context}");
                assert!(matrix::is_positive_definite(&said.found), "{context}");
            }
            Quantity::NoiseCovariance | Quantity::StepCovariance | Quantity::MinibatchNoise => {
                assert!(matrix::is_symmetric(&said.found) && matrix::is_symmetric(&said.claimed), "{context}");
            }
            Quantity::TrainLoss | Quantity::TestLoss | Quantity::MinibatchGradient => {}
        });
    }
}

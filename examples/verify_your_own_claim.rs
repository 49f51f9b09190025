//! A claim of your own: the test loss of one weight under label noise, first as it is and then with a mistake in a
//! moment.
//!
//! ```text
//! L_test = σ²λa / (2 (2S − λa (S + 2)))
//! ```
//!
//! The 2 beside S comes from E\[x⁴\] − E\[x²\]² = 3a² − a². The mistake is to take 2a² for E\[x⁴\], which makes it 1.

use std::error::Error;

use claims::hypotheses::{
    FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY, ONE_WEIGHT, STATIONARY,
};
use claims::{Claim, ClaimError, Correction, Rival, closed};
use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};
use verify::{Effort, Options, Record};

/// The claim. Its hypotheses are code: they draw the settings, and each of them is broken in turn.
///
/// `Claim::new` makes an equality of one's own; the fields `kind`, `source`, `equations` and `provenance` can say
/// something else.
const CLAIM: Claim = Claim {
    // `claims::hypotheses` has more of them. Without ONE_WEIGHT the claim would be judged for several weights, too.
    hypotheses: &[
        &ONE_WEIGHT,
        &GAUSSIAN_FEATURES,
        &NO_WEIGHT_DECAY,
        &NO_INPUT_NOISE,
        &NO_MOMENTUM,
        &FULL_RANK,
        &STATIONARY,
    ],
    ..Claim::new(
        "mine/test-loss",
        "L_test = σ²λa/(2(2S − λa(S + 2)))",
        // Other quantities are Fluctuation (Σ, D×D), NoiseCovariance, TrainLoss and more; losses are 1×1.
        Quantity::TestLoss,
        closed!(right),
        // A wrong formula that every engine must be able to tell from the claim.
        Rival { name: "E[x⁴] = 2a²", form: closed!(wrong) },
    )
};

/// The claim with the mistake in it, and with the right form as its correction.
const MISTAKE: Claim = Claim {
    id: "mine/test-loss-mistaken",
    statement: "L_test = σ²λa/(2(2S − λa(S + 1)))",
    printed: closed!(wrong),
    rival: Rival { name: "no fluctuation", form: closed!(nothing) },
    correction: Some(Correction { statement: CLAIM.statement, form: closed!(right) }),
    ..CLAIM
};

/// One function serves all fields: ℚ, doubles, intervals, degrees, residues. `T` is not `Copy`: clone a number that is
/// used twice.
fn right<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    with(setting, 2)
}

fn wrong<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    with(setting, 1)
}

fn nothing<T: Scalar>(_: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(T::zero()))
}

/// σ²λa / (2 (2S − λa (S + `excess`))).
fn with<T: Scalar>(setting: &Setting<T>, excess: i64) -> Result<Matrix<T>, ClaimError> {
    let noise = setting.label_noise_variance().map_err(|source| ClaimError::Inverse { matrix: "A", source })?;
    let step = matrix::trace(&(setting.learning_rate() * setting.feature_covariance()));
    let S = setting.draws();
    let two = T::from_integer(2);
    let denominator = (two.clone() * S - step.clone() * (S.clone() + T::from_integer(excess))) * two;
    if denominator.is_zero() {
        return Err(ClaimError::Pole { denominator: "2S − λa(S + 2)" });
    }
    Ok(matrix::scalar(noise * step / denominator))
}

fn judged() -> Vec<Record> {
    // Effort::Brief has a hundredth of the draws of Effort::Standard. For a verdict to rely on, take the latter.
    let options = Options::default().with_effort(Effort::Brief);
    verify::run(&[&CLAIM, &MISTAKE], &options, &()).claims
}

fn main() -> Result<(), Box<dyn Error>> {
    for record in judged() {
        println!("{}: {}\n  {}", record.id, record.verdict.name(), record.statement);
        for evidence in &record.evidence {
            let [engine, strength, verdict] =
                [evidence.engine.name(), evidence.strength.name(), evidence.verdict.name()];
            println!("  {engine}, {strength}: {verdict}, {}", evidence.measured);
        }
        for hypothesis in record.hypotheses.iter().filter(|hypothesis| hypothesis.needed == Some(true)) {
            println!("  needs {}: {}", hypothesis.statement, hypothesis.witness);
        }
        if let Some(counterexample) = &record.counterexample {
            println!("  fails at {counterexample}");
        }
        let told = if record.rival.rejected { "told" } else { "NOT told, so that the verdict says little," };
        println!("  {told} from its rival\n");
    }
    Ok(())
}

#[test]
fn the_mistake_is_found() {
    let verdicts = Vec::from_iter(judged().iter().map(|record| record.verdict));
    assert_eq!(verdicts, [verify::Verdict::Agrees, verify::Verdict::Differs]);
}

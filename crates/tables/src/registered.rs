//! Claims of the registry whose formulas a study evaluates.

use claims::{Claim, Form};
use formula::Given;
use numbers::Matrix;
use rug::Rational;
use symbols::Setting;

use crate::table::StudyError;

/// Theorem 2: Σ under label noise.
pub const FLUCTUATION: &str = "label-noise/fluctuation";
/// Section 6.2: which learning rates are stable under label noise.
pub const STABILITY: &str = "label-noise/stability";
/// Theorem 4: L_test under regularization.
pub const TEST_LOSS: &str = "regularization/test-loss";
/// Corollary 4: L_test of one weight under regularization.
pub const TEST_LOSS_OF_ONE: &str = "regularization/test-loss-in-one-dimension";
/// Corollary 4: which settings of one weight are stable under regularization.
pub const STABILITY_OF_ONE: &str = "regularization/stability-in-one-dimension";

/// The claim of a name.
///
/// # Errors
/// [`StudyError::Unregistered`], if the registry has none.
pub fn claim(id: &'static str) -> Result<&'static Claim, StudyError> {
    registry::claim(id).ok_or(StudyError::Unregistered { id })
}

/// The value of a closed form.
///
/// # Errors
/// [`StudyError::Formula`] where it has none.
pub fn value(form: &Form, setting: &Setting<Rational>) -> Result<Matrix<Rational>, StudyError> {
    Ok(form.claimed(&Given::setting(setting))?)
}

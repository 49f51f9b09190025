//! What closed forms of several topics read of a setting.

use numbers::matrix::{outer, trace};
use numbers::{Matrix, Scalar, Vector};
use symbols::Setting;

use crate::ClaimError;

/// S, in the field.
pub(crate) fn batch_size<T: Scalar>(setting: &Setting<T>) -> T {
    setting.draws().clone()
}

/// λ of Λ = λI; any other Λ contributes its mean eigenvalue Tr\[Λ\]/D.
pub(crate) fn learning_rate<T: Scalar>(setting: &Setting<T>) -> T {
    trace(setting.learning_rate()) / T::from_integer(setting.dimension() as i64)
}

/// u.
pub(crate) fn true_weights<T: Scalar>(setting: &Setting<T>) -> Result<Vector<T>, ClaimError> {
    setting.true_weights().map_err(|source| ClaimError::Inverse { matrix: "A", source })
}

/// U = uuᵀ.
pub(crate) fn true_square<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let u = true_weights(setting)?;
    Ok(outer(&u, &u))
}

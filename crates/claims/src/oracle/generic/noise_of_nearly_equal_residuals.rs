//! Theorem 5 for Γ = 0: by which order it fails where the losses of samples differ.

use numbers::matrix::{Matrix, outer};
use numbers::{Scalar, Vector};
use symbols::{Population, Quantity, Setting};

use super::{batch_size, noise};
use crate::hypotheses::{DATA_SET, HALF_SPREAD_OF_RESIDUALS, NO_WEIGHT_DECAY, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rewritten, Rival, Strengthened, closed, paper};

/// The record. The error is (1/(SN)) Σ 2(ℓᵢ − L₀) ∇fᵢ∇fᵢᵀ, of first order in |L₀ − ℓᵢ|: it is o(L₀) exactly where that
/// is.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-of-nearly-equal-residuals",
    source: paper::THEOREM_5,
    equations: &["14"],
    provenance: Provenance::Printed,
    statement: "C(w) → (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ, |L₀ − ℓᵢ| → 0",
    kind: Kind::Limit { path: &HALF_SPREAD_OF_RESIDUALS, order: 1 },
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &NO_WEIGHT_DECAY],
    printed: closed!(noise::printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(noise::rival) },
    strengthened: Some(Strengthened {
        statement: "any Γ, with ∇L₀ and not ∇L_Γ",
        form: closed!(noise::of_plain_loss),
        without: &[&NO_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten {
        reason: "2L₀H₀ − ∇L₀∇L₀ᵀ, where residuals and features agree in their leading digits: half the mean square of rⱼxᵢ − rᵢxⱼ \
                 over all pairs instead, by differences to the first sample",
        form: closed!(by_pairs),
    }),
};

/// (1/(2SN²)) Σ qᵢⱼqᵢⱼᵀ over all pairs, qᵢⱼ = rⱼxᵢ − rᵢxⱼ = pᵢ − pⱼ + δⱼξᵢ − δᵢξⱼ with x = x₁ + ξ, r = r₁ + δ and
/// p = r₁ξ − δx₁. With ⟨·⟩ the mean over samples, the sum is
///
/// ```text
/// ⟨ppᵀ⟩ − ⟨p⟩⟨p⟩ᵀ + ⟨δ²⟩⟨ξξᵀ⟩ − ⟨δξ⟩⟨δξ⟩ᵀ + R + Rᵀ,    R = ⟨δ⟩⟨pξᵀ⟩ − ⟨δp⟩⟨ξ⟩ᵀ
/// ```
fn by_pairs<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Population::Data(data) = setting.population() else { return Err(ClaimError::NeedsDataSet) };
    let (w, D) = (setting.initial_weights(), setting.dimension());
    let (first, label) = (data.features.row(0).transpose(), &data.labels[0]);
    let residual = first.dot(w) - label;
    // The columns δ, p and ξ of each sample, so that one square holds every product.
    let size = 2 * D + 1;
    let mut mean = Vector::zeros(size);
    let mut square = Matrix::zeros(size, size);
    let N = T::from_integer(data.labels.len() as i64);
    for (x, y) in data.features.row_iter().zip(&data.labels) {
        let spread: Vector<T> = x.transpose() - &first;
        let rest = spread.dot(w) - (y.clone() - label);
        let step = &spread * residual.clone() - &first * rest.clone();
        let parts = Vector::from_iterator(size, [rest].iter().chain(&step).chain(&spread).cloned());
        square += outer(&parts, &parts) / N.clone();
        mean += parts / N.clone();
    }
    let (p, xi) = (1, 1 + D);
    let [step, spread] = [p, xi].map(|start| mean.rows(start, D).into_owned());
    let [rest_step, rest_spread] = [p, xi].map(|start| square.view((start, 0), (D, 1)).column(0).into_owned());
    let turned = square.view((p, xi), (D, D)) * mean[0].clone() - outer(&rest_step, &spread);
    let linear = square.view((p, p), (D, D)) - outer(&step, &step);
    let product = square.view((xi, xi), (D, D)) * square[(0, 0)].clone() - outer(&rest_spread, &rest_spread);
    Ok((linear + product + &turned + turned.transpose()) / batch_size(setting))
}

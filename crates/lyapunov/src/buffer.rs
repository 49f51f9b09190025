//! The moments of the buffer of the momentum, from those of the weights.

use numbers::{Matrix, Scalar, matrix};
use symbols::{BufferMoments, Setting};

/// E\[vmᵀ\] and E\[mmᵀ\] of one time, with v = w − w*, from Σ and C.
///
/// With m' = μm + Kv + ξ and v' = v − Λm', second moments that a step leaves as they are satisfy
///
/// ```text
/// E[vmᵀ] = (ΣK − ΛM)/(1 − μ),    F M + M Fᵀ = C + (1 + μ)/(1 − μ) KΣK,
/// M = E[mmᵀ],    F = ½(1 − μ²) I + μ/(1 − μ) KΛ,
/// ```
///
/// the equations of E\[v'm'ᵀ\] and E\[m'm'ᵀ\]. That of E\[v'v'ᵀ\] is not used. The second one is solved as a system
/// for all D² entries, over any scalars: where those are intervals, with Σ, C and the setting inside, the moments are
/// enclosed, too.
///
/// `None` where Λ is singular, as weights that stay have gradients whose mean is not zero, and where F and −F share an
/// eigenvalue.
pub fn buffer<T: Scalar>(
    setting: &Setting<T>,
    fluctuation: &Matrix<T>,
    noise_covariance: &Matrix<T>,
) -> Option<BufferMoments<T>> {
    let (L, K, momentum) = (setting.learning_rate(), setting.hessian(), setting.momentum().clone());
    matrix::inverse(L).ok()?;
    let [one, two] = [1, 2].map(T::from_integer);
    let left = one.clone() - &momentum;
    let pull = fluctuation * &K;
    let both = one + &momentum;
    let right = noise_covariance + &K * &pull * (both.clone() / &left);
    let square = if momentum.is_zero() {
        right
    } else {
        let I = matrix::identity(setting.dimension());
        let F = &I * (both * &left / two) + &K * L * (momentum / &left);
        let system = I.kronecker(&F) + F.kronecker(&I);
        let column = Matrix::from_column_slice(right.len(), 1, right.as_slice());
        let entries = matrix::solve(&system, &column).ok()?;
        Matrix::from_column_slice(right.nrows(), right.ncols(), entries.as_slice())
    };
    Some(BufferMoments { with_weights: (pull - L * &square) / left, square })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::{diagonal, gaussian, one_weight};
    use crate::stationary;
    use proptest::prelude::*;
    use symbols::Momentum;

    fn found(setting: &Setting<f64>) -> BufferMoments<f64> {
        let moments = stationary(setting).unwrap().moments;
        buffer(setting, &moments.fluctuation, &moments.noise_covariance).unwrap()
    }

    /// S = 4, λ = 1/10, μ = 9/10, where Σ = 19/110 and C = (2Σ + 1)/4: nothing changes E\[v²\] = E\[(v' + λm')²\], and
    /// (1 − μ)E\[vm\] = Σ − λE\[m²\], so that E\[m²\] = 20/11 and E\[vm\] = −1/11. Without momentum, λ = ½ and S = 1
    /// have Σ = 1, E\[m²\] = Σ + C = 4, and E\[vm\] = Σ − 2.
    #[test]
    fn one_weight_by_hand() {
        let momentum = |mu| Momentum::new(mu).unwrap();
        let moments = found(&one_weight(0.1, 4).with_momentum(momentum(0.9)));
        assert!((moments.square[(0, 0)] - 20.0 / 11.0).abs() < 1e-13, "{moments:?}");
        assert!((moments.with_weights[(0, 0)] + 1.0 / 11.0).abs() < 1e-13, "{moments:?}");
        let moments = found(&one_weight(0.5, 1));
        assert!((moments.square[(0, 0)] - 4.0).abs() < 1e-13, "{moments:?}");
        assert!((moments.with_weights[(0, 0)] + 1.0).abs() < 1e-13, "{moments:?}");
        assert_eq!(buffer(&one_weight(0.0, 1), &diagonal(&[1.0]), &diagonal(&[1.0])), None);
    }

    proptest! {
        /// The equation that is not used: E\[v'v'ᵀ\] is E\[vvᵀ\] for v = v' + Λm'.
        #[test]
        fn a_step_back_leaves_the_fluctuation(entries in prop::collection::vec(-3..4_i32, 8), tenths in 0..10_u32) {
            let gram = |entries: &[i32]| {
                let X = Matrix::from_iterator(2, 2, entries.iter().map(|&e| f64::from(e)));
                &X * X.transpose() + Matrix::identity(2, 2)
            };
            let (A, L) = (gram(&entries[..4]), gram(&entries[4..]));
            let L = &L * (0.05 / (A.norm() * L.norm()));
            let setting = gaussian(A, L.clone(), 3).with_momentum(Momentum::new(f64::from(tenths) / 10.0).unwrap());
            let BufferMoments { with_weights, square } = found(&setting);
            let across = &with_weights * &L;
            let change = &across + across.transpose() + &L * &square * &L;
            prop_assert!(change.norm() <= 1e-12 * (across.norm() + (&L * square * &L).norm()), "{}", change);
        }
    }
}

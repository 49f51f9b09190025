//! The moments of the buffer, from those that the recursion holds.

use numbers::{Matrix, Scalar, matrix};
use symbols::{BufferMoments, Setting};

use crate::recursion::Recursion;

/// E\[vmᵀ\] and E\[mmᵀ\] of one time.
///
/// `None` where Λ is singular and not all weights move: those that stay have gradients and a buffer all the same, which
/// the recursion does not hold.
pub(super) fn moments<T: Scalar>(
    setting: &Setting<T>,
    recursion: &Recursion<T>,
    P: &Matrix<T>,
    fluctuation: &Matrix<T>,
    noise_covariance: &Matrix<T>,
) -> Option<BufferMoments<T>> {
    let L = setting.learning_rate();
    let inverse = match recursion.basis() {
        Some(_) => Some(matrix::inverse(L).ok()?),
        None => None,
    };
    let Some([with_weights, square]) = recursion.of_buffer(P) else {
        // m = ĝ = Kv + ξ, and v' = v − Λm.
        let K = setting.hessian();
        let pull = fluctuation * &K;
        let square = noise_covariance + &K * &pull;
        return Some(BufferMoments { with_weights: pull - L * &square, square });
    };
    Some(match (recursion.basis(), inverse) {
        // v = Qs and m = Λ⁻¹Qr.
        (Some(Q), Some(inverse)) => {
            let of_buffer = inverse * Q;
            let with_weights = Q * with_weights * of_buffer.transpose();
            BufferMoments { with_weights, square: matrix::sandwich(&of_buffer, &square) }
        }
        _ => BufferMoments { with_weights, square },
    })
}

#[cfg(test)]
mod tests {
    use rug::Rational;
    use symbols::{BatchSize, Gaussian, Momentum, Population};

    use super::super::stationary;
    use super::*;

    fn q(numerator: i32, denominator: i32) -> Rational {
        Rational::from((numerator, denominator))
    }

    /// a = σ² = 1, u = 0.
    fn one_weight(lambda: Rational, S: u32, mu: Rational) -> Setting<Rational> {
        let model = Gaussian {
            feature_covariance: matrix::scalar(q(1, 1)),
            input_noise_covariance: matrix::scalar(q(0, 1)),
            label_noise_variance: q(1, 1),
            true_weights: numbers::Vector::from_element(1, q(0, 1)),
        };
        let setting = Setting::new(Population::Gaussian(model), matrix::scalar(lambda), BatchSize::new(S).unwrap());
        setting.unwrap().with_momentum(Momentum::new(mu).unwrap())
    }

    /// S = 4, λ = 1/10, μ = 9/10, where Σ = 19/110 and C = (2Σ + 1)/4 = 37/110.
    ///
    /// Nothing changes E\[v²\] = E\[(v' + λm')²\]: 0 = 2λE\[vm\] + λ²E\[m²\]. As v' = v − λm' and E\[vm'\] = aΣ +
    /// μE\[vm\], (1 − μ)E\[vm\] = aΣ − λE\[m²\]. Together E\[m²\] (1 − (1 − μ)/2) λ = aΣ: E\[m²\] = (19/110)/(19/200)
    /// = 20/11, and E\[vm\] = −1/11. The third equation agrees: (1 − μ²)E\[m²\] = a²Σ + C + 2μaE\[vm\], both sides
    /// 19/55.
    #[test]
    fn moments_are_those_found_by_hand() {
        let found = stationary(&one_weight(q(1, 10), 4, q(9, 10))).unwrap();
        assert_eq!(
            (found.fluctuation, found.noise_covariance),
            (matrix::scalar(q(19, 110)), matrix::scalar(q(37, 110)))
        );
        let expected = BufferMoments { with_weights: matrix::scalar(q(-1, 11)), square: matrix::scalar(q(20, 11)) };
        assert_eq!(found.buffer, Some(expected));
    }

    /// λ = 1/2, S = 1: Σ = 1, C = 2Σ + 1 = 3, and m = ĝ has E\[m²\] = 3 + 1 and E\[vm\] = 1 − 4/2.
    #[test]
    fn without_momentum_the_buffer_is_the_gradient() {
        let found = stationary(&one_weight(q(1, 2), 1, q(0, 1))).unwrap();
        let expected = BufferMoments { with_weights: matrix::scalar(q(-1, 1)), square: matrix::scalar(q(4, 1)) };
        assert_eq!(found.buffer, Some(expected));
    }

    /// A feature that is given twice has the same gradient twice: m = (m₁, m₁), and w₁ + w₂ is the one weight.
    #[test]
    fn dependent_features_have_one_buffer() {
        for mu in [q(0, 1), q(1, 2)] {
            let model = Gaussian {
                feature_covariance: Matrix::from_element(2, 2, q(1, 1)),
                input_noise_covariance: Matrix::from_element(2, 2, q(0, 1)),
                label_noise_variance: q(1, 1),
                true_weights: numbers::Vector::from_element(2, q(0, 1)),
            };
            let L = matrix::identity(2) * q(1, 8);
            let twice = Setting::new(Population::Gaussian(model), L, BatchSize::new(3).unwrap()).unwrap();
            let twice = stationary(&twice.with_momentum(Momentum::new(mu.clone()).unwrap())).unwrap();
            let alone = stationary(&one_weight(q(1, 4), 3, mu)).unwrap();
            let (twice, alone) = (twice.buffer.unwrap(), alone.buffer.unwrap());
            let all = |M: &Matrix<Rational>, part: Rational| Matrix::from_element(2, 2, M[(0, 0)].clone() * part);
            assert_eq!(twice.square, all(&alone.square, q(1, 1)));
            assert_eq!(twice.with_weights, all(&alone.with_weights, q(1, 2)));
        }
    }

    /// A weight that is not trained has a gradient whose mean is not zero, and a buffer that nothing tells.
    #[test]
    fn a_weight_that_stays_has_a_buffer_that_nothing_tells() {
        let setting = one_weight(q(1, 2), 1, q(1, 2)).with_learning_rate(matrix::scalar(q(0, 1))).unwrap();
        assert_eq!(stationary(&setting).unwrap().buffer, None);
    }
}

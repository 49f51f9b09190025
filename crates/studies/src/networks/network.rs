//! The model: two tanh units, with its derivatives.

use numbers::{Matrix, Vector, matrix::outer};
use rug::{Float, Rational};

/// The precision to which f and its derivatives are rounded, in bits.
pub(super) const BITS: u32 = 256;

/// The nearest number of [`BITS`] bits. A number that is finite stays finite, so that the default is never taken.
pub(super) fn rounded(value: &Rational) -> Rational {
    Float::with_val(BITS, value).to_rational().unwrap_or_default()
}

/// f at a weight and an input, with derivatives; each entry is rounded once.
pub(super) struct Jet {
    /// f.
    pub value: Rational,
    /// ∇f, a column of D.
    pub gradient: Vector<Rational>,
    /// ∇²f, symmetric D×D.
    pub hessian: Matrix<Rational>,
    /// ∂∇f/∂x₁, a column of D: how ∇f moves with the first component of the input.
    pub by_input: Vector<Rational>,
}

/// f(w, x) = Σⱼ aⱼ tanh(bⱼᵀx) for w = (a₁, b₁, a₂, b₂, …), each bⱼ as long as x, and its derivatives.
///
/// ```text
/// t = tanh(bᵀx),  d = 1 − t²:    ∂t/∂b = d x,    ∂d/∂b = −2td x
/// ```
///
/// Where the last component of every input is 1, the last one of b is a bias. Second derivatives between units vanish.
pub(super) fn jet(w: &Vector<Rational>, x: &Vector<Rational>) -> Jet {
    let D = w.len();
    let width = x.len() + 1;
    let mut jet = Jet {
        value: Rational::new(),
        gradient: Vector::zeros(D),
        hessian: Matrix::zeros(D, D),
        by_input: Vector::zeros(D),
    };
    for unit in (0..D).step_by(width) {
        let (a, b) = (&w[unit], w.rows(unit + 1, x.len()));
        // Two guard words, so that a rounded result is right in all but its last bit.
        let t = Float::with_val(BITS + 128, b.dot(x)).tanh().to_rational().unwrap_or_default();
        let d: Rational = 1 - t.clone().square();
        // The second derivative of a·tanh, where d is the first derivative of tanh.
        let curvature: Rational = -2 * a.clone() * &t * &d;
        jet.value += a.clone() * &t;
        jet.gradient[unit] = t;
        jet.by_input[unit] = d.clone() * &b[0];
        let mut by_input = x * (curvature.clone() * &b[0]);
        by_input[0] += a.clone() * &d;
        jet.by_input.rows_mut(unit + 1, x.len()).copy_from(&by_input);
        jet.gradient.rows_mut(unit + 1, x.len()).copy_from(&(x * (a.clone() * &d)));
        jet.hessian.view_mut((unit + 1, unit + 1), (x.len(), x.len())).copy_from(&(outer(x, x) * curvature));
        for (k, entry) in x.iter().enumerate() {
            let mixed = d.clone() * entry;
            jet.hessian[(unit, unit + 1 + k)] = mixed.clone();
            jet.hessian[(unit + 1 + k, unit)] = mixed;
        }
    }
    Jet {
        value: rounded(&jet.value),
        gradient: jet.gradient.map(|v| rounded(&v)),
        hessian: jet.hessian.map(|v| rounded(&v)),
        by_input: jet.by_input.map(|v| rounded(&v)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A step whose square is still seen at [`BITS`] bits, and whose fourth power is not far above them.
    fn step() -> Rational {
        Rational::from((1, 1_i64 << 60))
    }

    /// (F(+h) − F(−h))/2h: its error is of the order h², 2⁻¹²⁰.
    fn slope<F: Fn(Rational) -> Vector<Rational>>(of: F) -> Vector<Rational> {
        (of(step()) - of(-step())) / (2 * step())
    }

    fn close(found: &Vector<Rational>, expected: &Vector<Rational>) -> bool {
        let bound = Rational::from((1, 1_i64 << 60)) * Rational::from((1, 1_i64 << 40));
        (found - expected).iter().all(|error| error.clone().abs() < bound)
    }

    fn quarters(count: usize) -> impl Strategy<Value = Vector<Rational>> {
        prop::collection::vec(-12i64..13, count).prop_map(|entries| {
            Vector::from_iterator(entries.len(), entries.into_iter().map(|k| Rational::from((k, 4))))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        /// f against its definition in the doubles of another library, and each derivative against differences of the
        /// one before.
        #[test]
        fn derivatives_are_the_limits_of_differences(w in quarters(6), x in quarters(2)) {
            let at = jet(&w, &x);
            let double = |q: &Rational| q.to_f64();
            let unit = |j: usize| double(&w[j]) * (double(&w[j + 1]) * double(&x[0]) + double(&w[j + 2]) * double(&x[1])).tanh();
            prop_assert!((double(&at.value) - unit(0) - unit(3)).abs() < 1e-14);
            for k in 0..6 {
                let moved = |h: Rational| {
                    let mut w = w.clone();
                    w[k] += h;
                    jet(&w, &x)
                };
                let value = slope(|h| Vector::from_element(1, moved(h).value));
                prop_assert!(close(&value, &Vector::from_element(1, at.gradient[k].clone())));
                prop_assert!(close(&slope(|h| moved(h).gradient), &at.hessian.column(k).into_owned()));
            }
            let by_input = slope(|h| {
                let mut x = x.clone();
                x[0] += h;
                jet(&w, &x).gradient
            });
            prop_assert!(close(&by_input, &at.by_input));
        }
    }
}

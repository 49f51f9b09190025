//! The largest θ with θ a∘X = b∘X + Ĉ(X), by Davidson's method.
//!
//! For a > 0 that is the largest eigenvalue of a symmetric operator on √a∘X. The operators that are asked about map
//! positive semidefinite matrices to such. So an X of the largest θ is positive semidefinite, and a positive definite
//! start cannot miss it.

use numbers::{Matrix, Vector};

use crate::modes::{Modes, Room};

/// Vectors that are kept at most, and after a restart.
const BASIS: usize = 16;
const KEPT: usize = 4;
const ITERATIONS: usize = 400;

pub(crate) struct Extreme {
    pub(crate) value: f64,
    /// X, of norm 1 as √a∘X.
    pub(crate) X: Vector<f64>,
}

/// Matrices are columns, as `packed` makes them.
pub(crate) struct Pencil<'a> {
    pub(crate) modes: &'a Modes,
    /// a.
    pub(crate) mass: Vector<f64>,
    /// b.
    pub(crate) elements: Vector<f64>,
    /// What Ĉ does to each entry alone, its trace included.
    pub(crate) noise: &'a Vector<f64>,
}

impl Pencil<'_> {
    /// The largest θ to a relative error of about `tolerance`, from the X of `starts`.
    pub(crate) fn largest(&self, starts: &[Vector<f64>], tolerance: f64) -> Extreme {
        let root = self.mass.map(f64::sqrt);
        let diagonal = self.diagonal();
        let mut room = Room::new(self.modes.count());
        let mut space = Space::default();
        let mut candidates = Vec::from_iter(starts.iter().map(|start| start.component_mul(&root)));
        let mut best = Extreme { value: f64::NEG_INFINITY, X: Vector::zeros(root.len()) };
        for _ in 0..ITERATIONS {
            let before = space.vectors.len();
            for candidate in candidates.drain(..) {
                if let Some(vector) = space.orthonormal(candidate) {
                    let image = self.image(&vector, &root, &mut room);
                    space.push(vector, image);
                }
            }
            if space.vectors.len() == before {
                break;
            }
            let (values, combinations) = space.ritz();
            let value = values[0];
            let combination = combinations.column(0).into_owned();
            let u = combined(&space.vectors, &combination);
            let mut residual = combined(&space.images, &combination);
            residual.axpy(-value, &u, 1.0);
            best = Extreme { value, X: u.component_div(&root) };
            let error = error(residual.norm(), &values);
            if error.is_nan() || error <= tolerance * value.abs() {
                break;
            }
            if space.vectors.len() >= BASIS {
                space.restart(&combinations);
            }
            let directed = residual.zip_map(&diagonal, |r, d| r / distance(value, d));
            candidates.push(if space.orthonormal(directed.clone()).is_some() { directed } else { residual });
        }
        best
    }

    /// The single entry at which the diagonal of the operator is largest: a start for where the diagonal decides.
    pub(crate) fn peak(&self) -> Vector<f64> {
        let diagonal = self.diagonal();
        let peak = diagonal.iter().enumerate().max_by(|p, q| p.1.total_cmp(q.1)).map_or(0, |(k, _)| k);
        Vector::from_fn(diagonal.len(), |k, _| if k == peak { 1.0 } else { 0.0 })
    }

    /// What the operator does to each entry alone.
    fn diagonal(&self) -> Vector<f64> {
        (&self.elements + self.noise).component_div(&self.mass)
    }

    /// (b∘X + Ĉ(X))/√a for X = u/√a.
    fn image(&self, u: &Vector<f64>, root: &Vector<f64>, room: &mut Room) -> Vector<f64> {
        let X = u.component_div(root);
        let mut out = Vector::zeros(u.len());
        self.modes.noise(&X, &mut out, room);
        let parts = X.as_slice().iter().zip(self.elements.as_slice());
        for ((out, root), (x, b)) in out.as_mut_slice().iter_mut().zip(root.as_slice()).zip(parts) {
            *out = (*out + b * x) / root;
        }
        out
    }
}

/// About how far the first of `values` is off if its residual has this size: to second order where the next value is
/// apart.
fn error(residual: f64, values: &[f64]) -> f64 {
    let gap = values.get(1).map_or(0.0, |second| values[0] - second);
    if gap > 0.0 { residual.min(residual * residual / gap) } else { residual }
}

/// The distance from an entry of the operator to the value, kept away from zero so that Davidson's direction does not
/// explode where they meet.
fn distance(value: f64, entry: f64) -> f64 {
    let floor = 1e-6 * value.abs();
    let distance = value - entry;
    if distance.abs() < floor { floor } else { distance }
}

/// An orthonormal basis and what the operator makes of it.
#[derive(Default)]
struct Space {
    vectors: Vec<Vector<f64>>,
    images: Vec<Vector<f64>>,
    /// ⟨vᵢ, image of vⱼ⟩, i ≤ j, column by column.
    projected: Vec<Vec<f64>>,
}

impl Space {
    /// What is new in a vector, of norm 1; `None` where nothing is.
    fn orthonormal(&self, mut vector: Vector<f64>) -> Option<Vector<f64>> {
        for _ in 0..2 {
            let size = vector.norm();
            if !(size.is_finite() && size > 0.0) {
                return None;
            }
            vector /= size;
            for known in &self.vectors {
                vector.axpy(-known.dot(&vector), known, 1.0);
            }
            if vector.norm() < 1e-10 {
                return None;
            }
        }
        let size = vector.norm();
        Some(vector / size)
    }

    fn push(&mut self, vector: Vector<f64>, image: Vector<f64>) {
        self.vectors.push(vector);
        self.projected.push(self.vectors.iter().map(|known| known.dot(&image)).collect());
        self.images.push(image);
    }

    /// Eigenvalues in nonincreasing order, and the combinations of the basis that belong to them.
    fn ritz(&self) -> (Vec<f64>, Matrix<f64>) {
        let m = self.vectors.len();
        let projected = Matrix::from_fn(m, m, |i, j| self.projected[i.max(j)][i.min(j)]);
        let Some(found) = projected.try_symmetric_eigen(f64::EPSILON, 1000) else {
            return (vec![f64::NAN; m], Matrix::identity(m, m));
        };
        let mut order = Vec::from_iter(0..m);
        order.sort_by(|&i, &j| found.eigenvalues[j].total_cmp(&found.eigenvalues[i]));
        (order.iter().map(|&k| found.eigenvalues[k]).collect(), found.eigenvectors.select_columns(&order))
    }

    fn restart(&mut self, combinations: &Matrix<f64>) {
        let old = std::mem::take(self);
        for k in 0..KEPT {
            let column = combinations.column(k).into_owned();
            self.push(combined(&old.vectors, &column), combined(&old.images, &column));
        }
    }
}

fn combined(parts: &[Vector<f64>], combination: &Vector<f64>) -> Vector<f64> {
    let mut sum = &parts[0] * combination[0];
    for (part, &c) in parts.iter().zip(combination).skip(1) {
        sum.axpy(c, part, 1.0);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::one_weight;
    use crate::step::Step;

    /// 0.01²/0.5, unless that is more than 0.01.
    #[test]
    fn the_error_of_a_value_is_of_second_order_in_its_residual() {
        assert_eq!(error(0.25, &[3.0, 1.0]), 0.03125);
        assert_eq!(error(0.25, &[3.0, 2.875]), 0.25);
        assert_eq!(error(0.25, &[3.0, 3.0]), 0.25);
        assert_eq!(error(0.25, &[3.0]), 0.25);
    }

    #[test]
    fn a_direction_does_not_explode() {
        for (entry, expected) in [(3.0, -1.0), (1.0, 1.0), (2.0 - 4e-6, 4e-6), (2.0 - 1e-6, 2e-6), (2.0 + 1e-6, 2e-6)] {
            assert!((distance(2.0, entry) - expected).abs() < 1e-15, "{entry}: {}", distance(2.0, entry));
        }
        assert_eq!(distance(-2.0, -2.0), 2e-6);
    }

    #[test]
    fn what_is_new_in_a_vector_is_orthogonal_to_what_is_known() {
        let vector = |x: f64, y: f64, z: f64| Vector::from_row_slice(&[x, y, z]);
        let mut space = Space::default();
        space.push(space.orthonormal(vector(3.0, 0.0, 4.0)).unwrap(), vector(1.0, 2.0, 3.0));
        let new = space.orthonormal(vector(3.0, 1e-6, 4.0)).unwrap();
        assert!(new[1] > 0.999 && (new.norm() - 1.0).abs() < 1e-15 && space.vectors[0].dot(&new).abs() < 1e-15);
        // Within rounding, nothing, or not a number.
        for old in [[3.0, 1e-11, 4.0], [0.0; 3], [f64::NAN, 0.0, 0.0], [f64::INFINITY, 0.0, 0.0]] {
            assert!(space.orthonormal(Vector::from_row_slice(&old)).is_none());
        }
    }

    /// The operator diag(1, …, 20) plus ones, which is the sum of a basis and its images, before and after a restart.
    #[test]
    fn a_restart_keeps_the_largest_values() {
        let n = 20;
        let operator = Matrix::from_fn(n, n, |i, j| 1.0 + if i == j { (i + 1) as f64 } else { 0.0 });
        let mut space = Space::default();
        for k in 0..BASIS {
            let vector = space.orthonormal(Vector::from_fn(n, |i, _| ((i * k + i + k) as f64).sin())).unwrap();
            let image = &operator * &vector;
            space.push(vector, image);
        }
        let (values, combinations) = space.ritz();
        assert!(values.is_sorted_by(|a, b| a >= b));
        space.restart(&combinations);
        assert_eq!(space.vectors.len(), KEPT);
        let (kept, _) = space.ritz();
        for (k, (kept, value)) in kept.iter().zip(&values).enumerate() {
            assert!((kept - value).abs() < 1e-12, "{k}: {kept} {value}");
            let apart = &operator * &space.vectors[k] - &space.images[k];
            assert!(apart.norm() < 1e-12);
        }
    }

    /// θ · 2x = 3x + (2 · 1 + 1 · 1) x for one weight with M̂ = 1 and S = 1, whatever the start; and the largest entry
    /// of the operator.
    #[test]
    fn one_weight_by_hand() {
        let setting = one_weight(1.0, 1);
        let step = Step::of_setting(&setting);
        let modes = Modes::new(&step).unwrap().unwrap();
        let of = |x: f64| Vector::from_element(1, x);
        let pencil = Pencil { modes: &modes, mass: of(2.0), elements: of(3.0), noise: &of(2.0) };
        let found = pencil.largest(&[of(-7.0)], 1e-13);
        assert!((found.value - 2.5).abs() < 1e-15 && (found.X[0].abs() - 0.5_f64.sqrt()).abs() < 1e-15);
        assert_eq!((pencil.diagonal()[0], pencil.peak()), (2.5, of(1.0)));
    }
}

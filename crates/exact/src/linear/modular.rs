//! Factorization modulo a prime of 58 bits.

use rug::Integer;
use rug::ops::RemRounding;

/// Primes just below 2⁵⁸: a sum of 4096 products of residues fits 128 bits.
pub(super) const PRIMES: [u64; 3] = [(1 << 58) - 27, (1 << 58) - 57, (1 << 58) - 63];

/// x mod p, from an integer of either sign.
pub(super) fn residue(x: &Integer, p: u64) -> u64 {
    Integer::from(x.rem_euc(p)).to_u64().unwrap_or_default()
}

/// Σ xᵢyᵢ modulo 2¹²⁸, in either reading of the sign.
pub(super) fn sum_of_products<T: Copy>(x: &[T], y: &[u64], product: impl Fn(T, u64) -> u128) -> u128 {
    let length = x.len().min(y.len());
    let ((blocks, rest), (others, others_rest)) = (x[..length].as_chunks::<4>(), y[..length].as_chunks::<4>());
    // Four sums, so that one addition need not wait for the last.
    let mut sums = [0_u128; 4];
    for (x, y) in blocks.iter().zip(others) {
        for k in 0..4 {
            sums[k] = sums[k].wrapping_add(product(x[k], y[k]));
        }
    }
    let rest = rest.iter().zip(others_rest).fold(0, |sum: u128, (&x, &y)| sum.wrapping_add(product(x, y)));
    sums.iter().fold(rest, |sum, part| sum.wrapping_add(*part))
}

/// Σ xᵢyᵢ mod p. Residues below 2⁵⁸ and at most 4096 of them: the sum is below 2¹²⁸.
fn dot(x: &[u64], y: &[u64], p: u64) -> u64 {
    (sum_of_products(x, y, |x, y| u128::from(x).wrapping_mul(u128::from(y))) % u128::from(p)) as u64
}

fn times(x: u64, y: u64, p: u64) -> u64 {
    (u128::from(x) * u128::from(y) % u128::from(p)) as u64
}

/// x⁻¹ mod p; `None` for 0.
fn inverse(x: u64, p: u64) -> Option<u64> {
    Integer::from(x).invert(&Integer::from(p)).ok()?.to_u64()
}

/// PA = LU modulo p, with L and U by rows, each row as long as it is.
pub(super) struct Factors {
    pub(super) p: u64,
    /// Row i of PA is row `exchanges[i]` of A.
    exchanges: Vec<usize>,
    /// Row i: the entries left of the diagonal, which is 1.
    lower: Vec<Vec<u64>>,
    /// Row i: the entries right of the diagonal.
    upper: Vec<Vec<u64>>,
    /// The inverses of the diagonal of U.
    pivots: Vec<u64>,
}

impl Factors {
    /// Crout's order: every entry is one inner product, reduced once. `None` where a column has no pivot.
    pub(super) fn new(rows: &[Vec<Integer>], order: usize, p: u64) -> Option<Self> {
        let mut A = Vec::from_iter(rows.iter().map(|row| Vec::from_iter(row[..order].iter().map(|x| residue(x, p)))));
        let mut exchanges = Vec::from_iter(0..order);
        // Rows of L as they stand, columns of U.
        let mut lower: Vec<Vec<u64>> = vec![Vec::with_capacity(order); order];
        let mut columns: Vec<Vec<u64>> = Vec::with_capacity(order);
        let mut pivots = Vec::with_capacity(order);
        for k in 0..order {
            let mut column = Vec::with_capacity(k + 1);
            for i in 0..k {
                let known = dot(&lower[i][..i], &column, p);
                column.push(minus(A[i][k], known, p));
            }
            let mut below = Vec::from_iter((k..order).map(|i| minus(A[i][k], dot(&lower[i], &column, p), p)));
            let pivot = below.iter().position(|&entry| entry != 0)?;
            A.swap(k, k + pivot);
            lower.swap(k, k + pivot);
            exchanges.swap(k, k + pivot);
            below.swap(0, pivot);
            let inverse = inverse(below[0], p)?;
            for (i, entry) in below.iter().enumerate().skip(1) {
                lower[k + i].push(times(*entry, inverse, p));
            }
            pivots.push(inverse);
            columns.push(column);
        }
        let upper = Vec::from_iter((0..order).map(|i| Vec::from_iter((i + 1..order).map(|j| columns[j][i]))));
        Some(Factors { p, exchanges, lower, upper, pivots })
    }

    /// A⁻¹ r.
    pub(super) fn solve(&self, r: &[u64]) -> Vec<u64> {
        let (order, p) = (r.len(), self.p);
        let mut y = Vec::with_capacity(order);
        for i in 0..order {
            let known = dot(&self.lower[i], &y, p);
            y.push(minus(r[self.exchanges[i]], known, p));
        }
        for i in (0..order).rev() {
            let known = dot(&self.upper[i], &y[i + 1..], p);
            y[i] = times(minus(y[i], known, p), self.pivots[i], p);
        }
        y
    }
}

fn minus(x: u64, y: u64, p: u64) -> u64 {
    if x >= y { x - y } else { x + p - y }
}

#[cfg(test)]
mod tests {
    use rug::integer::IsPrime;

    use super::*;

    #[test]
    fn primes_are_prime_and_short() {
        for p in PRIMES {
            assert!(p < 1 << 58 && Integer::from(p).is_probably_prime(40) != IsPrime::No, "{p}");
            assert_eq!(inverse(12_345, p).map(|inverse| times(inverse, 12_345, p)), Some(1));
            assert_eq!(inverse(0, p), None);
        }
    }
}

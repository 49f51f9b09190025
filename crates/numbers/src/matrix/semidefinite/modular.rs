//! Elimination modulo primes: a proof that a rank is not larger.

use rug::Integer;

use super::scaled::{Budget, Scaled};

/// Primes have this many bits, so that products have 58, and 32 of them and a remainder fit into 64.
const BITS: u32 = 29;
const TERMS: usize = 32;
/// Primes that may divide a minor of M_KK.
const USELESS: usize = 8;
/// About how many nanoseconds a product takes, and the reduction of 64 bits of an entry.
const PRODUCT: f64 = 0.5;
const REDUCTION: f64 = 10.0;

/// Whether S = M_LL − M_LK M_KK⁻¹ M_KL is zero, for rows K and L; `None` where the budget does not suffice.
///
/// The answer is false, too, where M_KK seems to be singular, as S is not defined then.
///
/// det M_KK times an entry of S is a minor of M: its rows are K and one more, and so are its columns.
pub(super) fn is_zero_below(scaled: &Scaled, K: &[usize], L: &[usize], budget: &mut Budget) -> Option<bool> {
    let n = scaled.order();
    let (k, l) = (K.len() as f64, L.len() as f64);
    let products = k.powi(3) / 6.0 + l * k * k / 2.0 + l * l * k / 2.0;
    let bits = Vec::from_iter((0..n).map(|i| bits_of_row(scaled, i)));
    let needed = K.iter().map(|&i| bits[i]).sum::<u64>() + L.iter().map(|&i| bits[i]).max().unwrap_or(0);
    let words = scaled.whole.iter().flatten().map(|entry| f64::from(1 + entry.significant_bits() / 64)).sum::<f64>();

    let rows = Vec::from_iter(K.iter().chain(L).copied());
    let mut prime = Integer::from(1) << (BITS - 1);
    let mut product_bits = 0;
    let mut useless = 0;
    // The sign of a minor takes one bit more.
    while product_bits <= needed + 1 {
        prime.next_prime_mut();
        budget.spend(products * PRODUCT + words * REDUCTION)?;
        let p = prime.to_u32()?;
        match vanishes(scaled, &rows, K.len(), p) {
            Some(true) => product_bits += u64::from(BITS - 1),
            Some(false) => return Some(false),
            // A minor of M_KK is zero modulo this prime, which tells nothing, and hardly ever happens.
            None if useless == USELESS => return Some(false),
            None => useless += 1,
        }
    }
    Some(true)
}

/// 2 to this power is more than the norm of the row.
fn bits_of_row(scaled: &Scaled, i: usize) -> u64 {
    let square: Integer = (0..scaled.order()).map(|j| scaled.entry(i, j).square_ref()).sum();
    u64::from(square.significant_bits().div_ceil(2))
}

/// Whether S is zero modulo p; `None` where a pivot is.
fn vanishes(scaled: &Scaled, rows: &[usize], rank: usize, p: u32) -> Option<bool> {
    let p64 = u64::from(p);
    // L, and L Δ.
    let (mut factors, mut products) = (Vec::<Vec<u32>>::new(), Vec::<Vec<u32>>::new());
    let mut reciprocals = Vec::new();
    for (i, &row) in rows.iter().enumerate() {
        let (mut own_factors, mut own_products) = (Vec::with_capacity(rank), Vec::with_capacity(rank));
        for (j, &column) in rows[..=i].iter().enumerate() {
            let entry = u64::from(scaled.entry(row, column).mod_u(p));
            let other = if i == j { &own_products } else { &products[j] };
            let sum = dot(&own_factors[..j.min(rank)], &other[..j.min(rank)], p64);
            let left = (entry + p64 - sum) % p64;
            if j >= rank {
                if left != 0 {
                    return Some(false);
                }
            } else if i == j {
                reciprocals.push(inverse(left, p64)?);
            } else {
                own_products.push(left as u32);
                own_factors.push((left * reciprocals[j] % p64) as u32);
            }
        }
        factors.push(own_factors);
        products.push(own_products);
    }
    Some(true)
}

fn dot(x: &[u32], y: &[u32], p: u64) -> u64 {
    let mut sum = 0;
    for (x, y) in x.chunks(TERMS).zip(y.chunks(TERMS)) {
        sum = (sum + x.iter().zip(y).map(|(x, y)| u64::from(*x) * u64::from(*y)).sum::<u64>()) % p;
    }
    sum
}

/// 1/v modulo the prime p; `None` for 0.
fn inverse(v: u64, p: u64) -> Option<u64> {
    Integer::from(v).invert(&Integer::from(p)).ok()?.to_u64()
}

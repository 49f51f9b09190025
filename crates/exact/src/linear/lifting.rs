//! Dixon's p-adic lifting: the solution modulo pᵏ digit by digit, from one factorization modulo p.
//!
//! With A⁻¹ known modulo a prime p, the digits of x = A⁻¹b = y₀ + y₁p + y₂p² + … follow from
//!
//! ```text
//! r₀ = b,    y_k = A⁻¹ r_k mod p,    r_{k+1} = (r_k − A y_k)/p
//! ```
//!
//! at O(n²) word operations a digit. A common denominator d is found by rational reconstruction of a few entries, and
//! then n = dx mod pᵏ is the numerator:
//!
//! # Proof of an answer
//! A n ≡ d b modulo pᵏ by construction. If every entry of A n − d b is smaller than pᵏ, it is therefore zero, and n/d
//! is the solution. The sizes of A, n, d and b decide that, without a multiplication, and no bound on the solution is
//! needed.
//!
//! # Source
//! Dixon, Exact solution of linear equations using p-adic expansions, Numer. Math. 40 (1982).

use numbers::Matrix;
use rug::ops::{Pow, RemRounding};
use rug::{Assign, Complete, Integer, Rational};

use super::modular::{Factors, PRIMES, residue, sum_of_products};

/// Bits by which a modulus must exceed the fraction that is read off it.
const SURPLUS: u32 = 32;
/// Bits of a limb of A, so that a sum of 4096 products with residues fits 127 bits.
const LIMB: u32 = 56;
/// The largest order for which these sums fit.
const LARGEST: usize = 4096;

/// X with [A, B] the rows and A X = B; `None` where A is singular modulo every prime tried, or too large.
pub(super) fn solve(rows: &[Vec<Integer>], order: usize) -> Option<Matrix<Rational>> {
    if order > LARGEST {
        return None;
    }
    let factors = PRIMES.iter().find_map(|&p| Factors::new(rows, order, p))?;
    let limbs = Limbs::new(rows, order);
    let width = rows.first()?.len();
    let mut X = Matrix::zeros(order, width - order);
    let mut denominator = Integer::from(1);
    for column in order..width {
        let size = Size::of(rows, order, column);
        let residual = Residual::new(rows, column, factors.p, &limbs, &size);
        let mut lift = Lift { factors: &factors, limbs: &limbs, size, order, residual, digits: vec![] };
        let numerators = lift.solve(&mut denominator)?;
        for (i, fraction) in fractions(numerators, &denominator).into_iter().enumerate() {
            X[(i, column - order)] = fraction;
        }
    }
    Some(X)
}

/// n/d in lowest terms, for many n.
///
/// With g = gcd(Π n, d), a common divisor of n and d divides g, and gcd(n, d) = gcd(n, g). As a rule g is short, so
/// that one long gcd does for all: a quarter of the time of a solution otherwise.
fn fractions(numerators: Vec<Integer>, d: &Integer) -> Vec<Rational> {
    let nonzero = numerators.iter().filter(|n| !n.is_zero());
    let product = nonzero.fold(Integer::from(1), |product, n| (product * n) % d);
    let common = product.gcd(d);
    let lowest = |n: Integer| {
        if n.is_zero() {
            return Rational::new();
        }
        let divisor = n.gcd_ref(&common).complete();
        let (n, d) = (n.div_exact(&divisor), d.div_exact_ref(&divisor).complete());
        // SAFETY: d is positive, and n and d are coprime, as divided by gcd(n, g) = gcd(n, d).
        #[allow(unsafe_code)]
        unsafe {
            Rational::from_canonical(n, d)
        }
    };
    Vec::from_iter(numerators.into_iter().map(lowest))
}

/// A = Σ A_l 2^(56 l) with the sign on every limb.
struct Limbs {
    planes: Vec<Vec<Vec<i64>>>,
}

impl Limbs {
    fn new(rows: &[Vec<Integer>], order: usize) -> Self {
        let bits = rows.iter().flat_map(|row| &row[..order]).map(Integer::significant_bits).max().unwrap_or(0);
        let plane = |l: u32| {
            let limb = |x: &Integer| {
                let magnitude = (x.clone().abs() >> (LIMB * l)).keep_bits(LIMB).to_i64().unwrap_or_default();
                if *x < 0 { -magnitude } else { magnitude }
            };
            Vec::from_iter(rows.iter().map(|row| Vec::from_iter(row[..order].iter().map(limb))))
        };
        Limbs { planes: Vec::from_iter((0..bits.div_ceil(LIMB)).map(plane)) }
    }

    /// Entry i of A y.
    fn times(&self, i: usize, y: &[u64]) -> Integer {
        self.planes.iter().rev().fold(Integer::new(), |total, plane| (total << LIMB) + signed_dot(&plane[i], y))
    }
}

/// Σ aᵢyᵢ. Limbs below 2⁵⁶, residues below 2⁵⁸ and at most 4096 of them: the sum is below 2¹²⁶.
fn signed_dot(a: &[i64], y: &[u64]) -> i128 {
    sum_of_products(a, y, |a, y| i128::from(a).wrapping_mul(i128::from(y as i64)) as u128) as i128
}

/// The sizes that the proof of an answer asks for: bits of the largest row sum of |A| and of |b|; and how long an
/// answer can be.
struct Size {
    row: u32,
    right: u32,
    /// Bits of any determinant of A with b in the place of a column, by Hadamard's bound.
    determinant: u32,
}

impl Size {
    fn of(rows: &[Vec<Integer>], order: usize, column: usize) -> Self {
        let sum = |row: &Vec<Integer>| row[..order].iter().fold(Integer::new(), |sum, x| sum + &*x.as_abs());
        let norm = |row: &Vec<Integer>| {
            let entries = row[..order].iter().chain([&row[column]]);
            entries.fold(Integer::new(), |sum, x| sum + x.square_ref()).significant_bits().div_ceil(2)
        };
        Size {
            row: rows.iter().map(|row| sum(row).significant_bits()).max().unwrap_or(0),
            right: rows.iter().map(|row| row[column].significant_bits()).max().unwrap_or(0),
            determinant: rows.iter().map(norm).sum(),
        }
    }

    /// Digits from which on Cramer's fraction is found.
    fn digits(&self, p: u64) -> usize {
        ((2 * self.determinant + self.row.max(self.right) + SURPLUS + 2) / p.ilog2()) as usize + 1
    }

    /// Whether |A n − d b| < M for numerators of so many bits.
    fn proves(&self, numerator: u32, denominator: &Integer, modulus: &Integer) -> bool {
        // Two summands below 2^(m − 2) are together below 2^(m − 1) ≤ M.
        let largest = (self.row + numerator).max(self.right + denominator.significant_bits());
        largest + 2 <= modulus.significant_bits()
    }
}

/// r_k.
enum Residual {
    /// Integers of any length.
    Long(Vec<Integer>),
    /// Below 2¹²⁶, as is A y; a division by p without remainder is a product with 1/p modulo 2¹²⁸.
    Short { residual: Vec<i128>, inverse: i128 },
}

impl Residual {
    fn new(rows: &[Vec<Integer>], column: usize, p: u64, limbs: &Limbs, size: &Size) -> Self {
        let right = || rows.iter().map(|row| &row[column]);
        // |A y| < 2^(row + 58), and so |r_{k+1}| < 2^(row + 1) once |r_k| is no longer than A y.
        if limbs.planes.len() == 1 && size.row <= 64 && size.right <= 120 {
            let residual = Vec::from_iter(right().map(|r| r.to_i128().unwrap_or_default()));
            // Newton's iteration doubles the digits, of which p·p ≡ 1 modulo 8 gives three.
            let p = i128::from(p);
            let newton = |x: i128, _| x.wrapping_mul(2_i128.wrapping_sub(p.wrapping_mul(x)));
            Residual::Short { residual, inverse: (0..6).fold(p, newton) }
        } else {
            Residual::Long(right().cloned().collect())
        }
    }

    fn modulo(&self, p: u64) -> Vec<u64> {
        match self {
            Residual::Long(residual) => Vec::from_iter(residual.iter().map(|r| residue(r, p))),
            Residual::Short { residual, .. } => {
                let modulo = |&r: &i128| match i64::try_from(r) {
                    Ok(r) => r.rem_euclid(p as i64) as u64,
                    Err(_) => r.rem_euclid(i128::from(p)) as u64,
                };
                Vec::from_iter(residual.iter().map(modulo))
            }
        }
    }
}

/// The digits of one right side so far.
struct Lift<'a> {
    factors: &'a Factors,
    limbs: &'a Limbs,
    size: Size,
    order: usize,
    residual: Residual,
    digits: Vec<Vec<u64>>,
}

impl Lift<'_> {
    /// Numerators over `denominator`, which grows where it has to.
    ///
    /// Tries whenever the digits have become half as many again, and when they are certain to suffice.
    fn solve(&mut self, denominator: &mut Integer) -> Option<Vec<Integer>> {
        let (mut next, certain) = (4, self.size.digits(self.factors.p));
        loop {
            while self.digits.len() < next {
                self.step();
            }
            if let Some(numerators) = self.reconstruct(denominator) {
                return Some(numerators);
            }
            // Twice as many as are certain to suffice: the residuals must be wrong, and elimination is asked instead.
            if next > 2 * certain {
                return None;
            }
            let longer = next + next / 2;
            // The last try before certainty would come too close to it to be worth while.
            next = if next < certain && longer + longer / 2 > certain { certain } else { longer };
        }
    }

    fn step(&mut self) {
        let (p, limbs) = (self.factors.p, self.limbs);
        let y = self.factors.solve(&self.residual.modulo(p));
        match &mut self.residual {
            Residual::Long(residual) => {
                let divisor = Integer::from(p);
                for (i, r) in residual.iter_mut().enumerate() {
                    *r -= limbs.times(i, &y);
                    r.div_exact_mut(&divisor);
                }
            }
            Residual::Short { residual, inverse } => {
                for (r, row) in residual.iter_mut().zip(&limbs.planes[0]) {
                    *r = r.wrapping_sub(signed_dot(row, &y)).wrapping_mul(*inverse);
                }
            }
        }
        self.digits.push(y);
    }

    fn reconstruct(&self, denominator: &mut Integer) -> Option<Vec<Integer>> {
        let (p, size) = (self.factors.p, &self.size);
        let whole = Powers::new(p, self.digits.len());
        let mut d = denominator.clone();
        let mut numerators: Vec<Integer> = Vec::with_capacity(self.order);
        // Once a fraction is found, its numerators are shorter than it, and fewer digits show them.
        let mut short: Option<Powers> = None;
        let mut fewest = self.digits.len();
        for i in 0..self.order {
            let powers = short.as_ref().unwrap_or(&whole);
            fewest = fewest.min(powers.digits);
            let mut numerator = centered(powers.assembled(&self.digits, i) * &d, &powers.modulus);
            if !size.proves(numerator.significant_bits(), &d, &powers.modulus) {
                numerator = centered(whole.assembled(&self.digits, i) * &d, &whole.modulus);
                let factor = smallest_denominator(&numerator, &whole.modulus);
                d *= &factor;
                numerator = centered(numerator * &factor, &whole.modulus);
                // With too few digits any residue has a fraction, about as long as the modulus.
                let length = numerator.significant_bits() + d.significant_bits();
                if length + SURPLUS > whole.modulus.significant_bits() {
                    return None;
                }
                numerators.iter_mut().for_each(|known| *known *= &factor);
                let expected = (size.row + numerator.significant_bits()).max(size.right + d.significant_bits());
                let digits = (expected + SURPLUS) / p.ilog2() + 1;
                short = Some(Powers::new(p, self.digits.len().min(digits as usize)));
            }
            numerators.push(numerator);
        }
        let longest = |numerators: &[Integer]| numerators.iter().map(Integer::significant_bits).max().unwrap_or(0);
        if !size.proves(longest(&numerators), &d, &Powers::new(p, fewest).modulus) {
            // Some were read off before the denominator had grown: all again, off all digits.
            let again = |i| centered(whole.assembled(&self.digits, i) * &d, &whole.modulus);
            numerators = Vec::from_iter((0..self.order).map(again));
            if !size.proves(longest(&numerators), &d, &whole.modulus) {
                return None;
            }
        }
        denominator.assign(&d);
        Some(numerators)
    }
}

/// p, p², p⁴, …, and the modulus pᵏ.
struct Powers {
    squares: Vec<Integer>,
    digits: usize,
    modulus: Integer,
}

impl Powers {
    fn new(p: u64, digits: usize) -> Self {
        let mut squares = vec![Integer::from(p)];
        while 1 << squares.len() < digits {
            squares.extend(squares.last().map(|square| square.square_ref().complete()));
        }
        Powers { squares, digits, modulus: Integer::from(p).pow(digits as u32) }
    }

    /// y₀ + y₁p + y₂p² + … of entry i, neighbours first.
    fn assembled(&self, digits: &[Vec<u64>], i: usize) -> Integer {
        // Two digits are below 2¹¹⁶.
        let p = self.squares.first().and_then(Integer::to_u128).unwrap_or_default();
        let two = |pair: &[Vec<u64>]| pair.iter().rev().fold(0, |sum, y| sum * p + u128::from(y[i]));
        let mut parts = Vec::from_iter(digits[..self.digits].chunks(2).map(|pair| Integer::from(two(pair))));
        for base in self.squares.iter().skip(1) {
            parts = Vec::from_iter(parts.chunks(2).map(|pair| match pair {
                [low, high] => (high * base).complete() + low,
                _ => pair[0].clone(),
            }));
        }
        parts.pop().unwrap_or_default()
    }
}

/// The residue of least magnitude.
fn centered(x: Integer, modulus: &Integer) -> Integer {
    let x = x.rem_euc(modulus);
    let complement = (modulus - &x).complete();
    if complement < x { -complement } else { x }
}

/// The first d of Euclid's algorithm for which |dx mod M| ≤ √M: the denominator of x, if it has a short one.
fn smallest_denominator(x: &Integer, modulus: &Integer) -> Integer {
    let enough = modulus.significant_bits() / 2;
    let (mut before, mut now) = (modulus.clone(), x.clone().abs());
    let (mut d_before, mut d) = (Integer::new(), Integer::from(1));
    let mut remainder = Integer::new();
    while now.significant_bits() > enough {
        remainder.assign(&now);
        before.div_rem_mut(&mut remainder);
        // The quotient stands in the place of the dividend now.
        let quotient = std::mem::replace(&mut before, now);
        now = std::mem::replace(&mut remainder, Integer::new());
        // Signs alternate, so that magnitudes add.
        d_before += quotient * &d;
        std::mem::swap(&mut d_before, &mut d);
    }
    d
}

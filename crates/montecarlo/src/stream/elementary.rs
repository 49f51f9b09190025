//! The elementary functions that a normal number needs, as loops over them vectorize: no branch, no table, no call.
//!
//! They are their Taylor series, cut where the rest is below what any number of draws could notice. Written in +, −, ×,
//! ÷ and √ alone they have the same bits on any machine, as those of a C library have not.

use std::f64::consts::{FRAC_PI_2, LN_2};

/// An odd multiple of 2⁻⁵³ in (0, 1), from the upper 52 bits of a word: uniform, symmetric about ½, never 0 or 1.
#[inline(always)]
pub(crate) fn uniform(word: u64) -> f64 {
    // The bits are the fraction of a number in [1, 2). The difference is a 53-bit number, so that it is exact.
    f64::from_bits(0x3ff0_0000_0000_0000 | (word >> 12)) - (1.0 - 0.5 * f64::EPSILON)
}

/// ln x for a positive normal x, with a relative error below 2.5·10⁻¹⁵.
///
/// ```text
/// x = 2^e m with √½ ≤ m < √2,   ln x = e ln 2 + 2 artanh s,   s = (m − 1)/(m + 1),   s² < 0.0295
/// ```
///
/// The series of artanh s / s is cut after s¹⁶: the rest is below 10⁻¹⁵.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const BIAS: u64 = 1 << 10;
    let bits = x.to_bits();
    let exponent = bits.wrapping_sub(SQRT_HALF).wrapping_add(BIAS << 52) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(exponent.wrapping_sub(BIAS) << 52));
    // The exponent as the fraction of a number in [2⁵², 2⁵³): a conversion that every instruction set has.
    let e = f64::from_bits(0x4330_0000_0000_0000 | exponent) - (4_503_599_627_370_496.0 + BIAS as f64);
    let s = (m - 1.0) / (m + 1.0);
    let (z, z2, z4) = powers(s * s);
    let rest = (2.0 / 3.0 + z * (2.0 / 5.0) + z2 * (2.0 / 7.0 + z * (2.0 / 9.0)))
        + z4 * ((2.0 / 11.0 + z * (2.0 / 13.0)) + z2 * (2.0 / 15.0 + z * (2.0 / 17.0)));
    e * LN_2 + (2.0 * s + s * z * rest)
}

/// Two independent standard normal numbers, from two words:
///
/// ```text
/// r (cos θ, sin θ),   r = √(−2 ln U),   θ uniform on the circle
/// ```
///
/// An angle of at most π/4 comes from the upper bits of the second word. Its lowest two bits decide about a reflection
/// at the diagonal and one at the origin, which carry that quarter of the circle onto the other three. U > 2⁻⁵³ bounds
/// r by 8.6, beyond which a normal number falls once in 10¹⁷.
///
/// Source: Box and Muller, *A note on the generation of random normal deviates*, Ann. Math. Statist. 29 (1958).
#[inline(always)]
pub(crate) fn normals(word: u64, angle: u64) -> (f64, f64) {
    let radius = (-2.0 * ln(uniform(word))).sqrt();
    let radius = f64::from_bits(radius.to_bits() ^ (angle << 63));
    let x = (uniform(angle) - 0.5) * FRAC_PI_2;
    let (z, z2, z4) = powers(x * x);
    // The rests of both series are below 3·10⁻¹⁴.
    let sine = x + x
        * z
        * ((-1.0 / 6.0 + z * (1.0 / 120.0) + z2 * (-1.0 / 5_040.0 + z * (1.0 / 362_880.0)))
            + z4 * (-1.0 / 39_916_800.0 + z * (1.0 / 6_227_020_800.0)));
    let cosine = (1.0 - 0.5 * z)
        + z2 * ((1.0 / 24.0 - z * (1.0 / 720.0) + z2 * (1.0 / 40_320.0 - z * (1.0 / 3_628_800.0)))
            + z4 * (1.0 / 479_001_600.0 - z * (1.0 / 87_178_291_200.0)));
    // Exchanging by masks, where a branch would be one for each lane.
    let (sine, cosine) = (sine.to_bits(), cosine.to_bits());
    let exchange = (sine ^ cosine) & ((angle >> 1) & 1).wrapping_neg();
    (radius * f64::from_bits(cosine ^ exchange), radius * f64::from_bits(sine ^ exchange))
}

/// z, z², z⁴: short chains of operations, where Horner's rule would wait for every one.
#[inline(always)]
fn powers(z: f64) -> (f64, f64, f64) {
    (z, z * z, (z * z) * (z * z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ln_is_the_logarithm(exponent in -1000.0..1000.0f64, near_one in 0.5..2.0f64) {
            for x in [exponent.exp2(), near_one, 1.0 + exponent * 1e-12] {
                let (found, exact) = (ln(x), x.ln());
                // The rest of the series, and half a dozen roundings.
                prop_assert!((found - exact).abs() <= 2.5e-15 * exact.abs(), "ln {x} = {exact}: {found}");
            }
        }

        #[test]
        fn two_words_are_a_radius_and_a_direction(word: u64, angle: u64) {
            let (a, b) = normals(word, angle);
            let radius = (-2.0 * uniform(word).ln()).sqrt();
            prop_assert!((a.hypot(b) / radius - 1.0).abs() < 1e-13, "{a} {b} {radius}");
            let direction = std::f64::consts::FRAC_PI_2 * (uniform(angle) - 0.5);
            let (sine, cosine) = direction.sin_cos();
            let (x, y) = if angle & 2 == 0 { (cosine, sine) } else { (sine, cosine) };
            let sign = if angle & 1 == 0 { radius } else { -radius };
            prop_assert!((a - sign * x).abs() < 1e-13 * radius && (b - sign * y).abs() < 1e-13 * radius);
        }
    }

    #[test]
    fn uniform_numbers_are_odd_multiples_of_their_unit() {
        let unit = 2f64.powi(-53);
        assert_eq!(uniform(0), unit);
        assert_eq!(uniform(1 << 12), 3.0 * unit);
        assert_eq!(uniform(u64::MAX), 1.0 - unit);
        assert_eq!(uniform(0x7fff_ffff_ffff_ffff), 0.5 - unit);
    }
}

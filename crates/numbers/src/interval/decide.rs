//! Questions that a fine enough enclosure answers.

use std::ops::RangeInclusive;

/// A question that no precision up to the last one answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("undecided with {precision} bits of precision")]
pub struct Undecided {
    /// The last precision that was tried, in bits.
    pub precision: u32,
}

/// The first answer that `ask` gives as the precision doubles from the start of `precisions` to their end.
///
/// # Errors
/// [`Undecided`], where none of them gives one.
///
/// # Example
/// The 40-th convergent of √2 is larger than √2, which 64 bits cannot tell:
/// ```
/// use rug::{Float, Rational};
/// use numbers::{Interval, decide};
/// let (mut p, mut q) = (1_u64, 1_u64);
/// for _ in 1..40 {
///     (p, q) = (p + 2 * q, p + q);
/// }
/// let convergent = Interval::from(Rational::from((p, q)));
/// let root = |bits| Interval::from(Rational::from(2)).increasing(bits, Float::sqrt_round);
/// assert_eq!((root(64) - &convergent).sign(), None);
/// let sign = decide(64..=1024, |bits| (root(bits) - &convergent).sign())?;
/// assert!(sign.is_lt());
/// # Ok::<(), numbers::Undecided>(())
/// ```
pub fn decide<R>(precisions: RangeInclusive<u32>, mut ask: impl FnMut(u32) -> Option<R>) -> Result<R, Undecided> {
    let (mut precision, limit) = precisions.into_inner();
    loop {
        if let Some(answer) = ask(precision) {
            return Ok(answer);
        }
        if precision >= limit {
            return Err(Undecided { precision });
        }
        // From a start of zero there is nothing to double.
        precision = precision.max(1).saturating_mul(2).min(limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_the_limit_and_names_it() {
        let mut tried = Vec::new();
        let answer = decide(64..=300, |precision| {
            tried.push(precision);
            None::<()>
        });
        assert_eq!(answer, Err(Undecided { precision: 300 }));
        assert_eq!(tried, [64, 128, 256, 300]);
        assert_eq!(decide(0..=5, |precision| (precision == 4).then_some("yes")), Ok("yes"));
    }
}

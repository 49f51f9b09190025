//! How many subsets and multisets there are, before any is formed.

/// The number of subsets of k out of n things, n choose k; [`u128::MAX`] for that many and more.
pub(crate) fn subsets(n: usize, k: usize) -> u128 {
    let Some(others) = n.checked_sub(k) else { return 0 };
    let step = |count: u128, i: usize| {
        // (n choose i) (n − i)/(i + 1) is n choose i + 1: with the quotient and the remainder of the division first,
        // nothing is larger on the way than the result.
        let (factor, divisor) = ((n - i) as u128, i as u128 + 1);
        (count / divisor).checked_mul(factor)?.checked_add(count % divisor * factor / divisor)
    };
    // Up to the middle the counts of smaller subsets grow: where one of them does not fit, the last does not.
    (0..k.min(others)).try_fold(1, step).unwrap_or(u128::MAX)
}

/// The number of multisets of k out of n things, n + k − 1 choose k; [`u128::MAX`] for that many and more.
pub(crate) fn multisets(n: usize, k: usize) -> u128 {
    match (n.checked_sub(1), k) {
        (_, 0) => 1,
        (None, _) => 0,
        // A sum that does not fit is of more things than a memory holds.
        (Some(others), k) => others.checked_add(k).map_or(u128::MAX, |places| subsets(places, k)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Integer;

    proptest! {
        #[test]
        fn subsets_and_multisets_are_binomial_coefficients(n in 0u32..300, k in 0u32..300) {
            let saturated = |count: Integer| count.to_u128().unwrap_or(u128::MAX);
            let (things, chosen) = (n as usize, k as usize);
            prop_assert_eq!(subsets(things, chosen), saturated(Integer::from(n).binomial(k)));
            if n > 0 {
                prop_assert_eq!(multisets(things, chosen), saturated(Integer::from(n + k - 1).binomial(k)));
            }
        }
    }

    #[test]
    fn the_largest_counts_are_told_at_once() {
        assert_eq!((subsets(usize::MAX, usize::MAX / 2), multisets(usize::MAX, usize::MAX)), (u128::MAX, u128::MAX));
        assert_eq!((multisets(2, u32::MAX as usize), multisets(1, usize::MAX)), (1 << 32, 1));
        assert_eq!((multisets(0, 0), multisets(0, 1), subsets(2, 3)), (1, 0, 0));
    }
}

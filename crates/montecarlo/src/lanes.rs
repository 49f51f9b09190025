//! Eight chains side by side.
//!
//! Everything that a step does, it does to eight chains at once: one number of each of them is a [`Lanes`], and a
//! column of D numbers is a slice of D of them. The loops over lanes are what the compiler turns into vector
//! instructions; [`vectorized`] lets it use those that the processor at hand has.
//!
//! No lane ever looks at another. Together with IEEE arithmetic, which Rust neither reorders nor contracts, this is why
//! a chain has the same bits in any company and on any instruction set.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

/// How many chains run side by side.
pub(crate) const LANES: usize = 8;

/// One number of each of eight chains.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[repr(align(64))]
pub(crate) struct Lanes(pub [f64; LANES]);

impl Lanes {
    pub(crate) const ZERO: Lanes = Lanes([0.0; LANES]);

    /// self += factor · x.
    #[inline(always)]
    pub(crate) fn add_multiple(&mut self, factor: f64, x: &Lanes) {
        for l in 0..LANES {
            self.0[l] += factor * x.0[l];
        }
    }

    /// self += x · y.
    #[inline(always)]
    pub(crate) fn add_product(&mut self, x: &Lanes, y: &Lanes) {
        for l in 0..LANES {
            self.0[l] += x.0[l] * y.0[l];
        }
    }

    /// factor · self.
    #[inline(always)]
    pub(crate) fn times(&self, factor: f64) -> Lanes {
        Lanes(std::array::from_fn(|l| factor * self.0[l]))
    }

    /// f of every lane.
    #[inline(always)]
    pub(crate) fn map(self, f: impl Fn(f64) -> f64) -> Lanes {
        Lanes(std::array::from_fn(|l| f(self.0[l])))
    }
}

impl Deref for Lanes {
    type Target = [f64; LANES];
    #[inline(always)]
    fn deref(&self) -> &[f64; LANES] {
        &self.0
    }
}

impl DerefMut for Lanes {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; LANES] {
        &mut self.0
    }
}

/// A column of zeros.
pub(crate) fn zeros(length: usize) -> Vec<Lanes> {
    vec![Lanes::ZERO; length]
}

/// Rows, one after the other.
///
/// A compiler that sees a loop over rows, each of eight equal operations, may take the rows for what is to be
/// vectorized, and gather the lanes from eight rows: many times slower than to take the lanes of a row. Between the
/// rows of this iterator stands an empty statement that it cannot see through.
#[inline(always)]
pub(crate) fn rows<T>(rows: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    rows.inspect(|_| std::hint::black_box(()))
}

/// Work to be compiled once for each instruction set. Mark `run` as `#[inline(always)]`, and all that it calls.
pub(crate) trait Kernel {
    /// The result of the work.
    type Output;
    /// The work.
    fn run(self) -> Self::Output;
}

/// Instruction sets that kernels are compiled for. No other module can name one that the processor may not have.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Instructions {
    /// The instructions that the target promises: on x86-64 two doubles a register.
    Baseline,
    /// Four.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Eight.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    /// The best that this processor has.
    #[inline]
    fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            // Detection is done once by the standard library; asking again costs a load.
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
            {
                return Instructions::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Instructions::Avx2;
            }
        }
        Instructions::Baseline
    }
}

/// Runs a kernel with the best instructions that this processor has.
#[inline]
pub(crate) fn vectorized<K: Kernel>(kernel: K) -> K::Output {
    with_instructions(Instructions::best(), kernel)
}

/// Runs a kernel with given instructions, which must be no better than [`Instructions::best`].
///
/// The one place of this crate with `unsafe`, and what it buys: the normals of a pack are drawn 1.9 times as fast with AVX2 as
/// without, and 4.1 times with AVX-512. The crate `pulp` would hide it, but it has AVX-512 only with its feature
/// `x86-v4`: without, a run takes 15 to 40 % longer on a processor that has it; with it, faer in the same build rounds
/// differently.
#[inline]
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "instructions that the target does not promise"))]
fn with_instructions<K: Kernel>(instructions: Instructions, kernel: K) -> K::Output {
    match instructions {
        Instructions::Baseline => kernel.run(),
        // SAFETY: both values come from this module alone: from `best`, which makes them only after the processor has
        // said that it has every feature the function enables, and from a test, which takes AVX2 where `best` is
        // AVX-512, of which it is a part.
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => unsafe { with_avx2(kernel) },
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => unsafe { with_avx512(kernel) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
fn with_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

/// Every result of a kernel, from the instructions of the target to the best ones at hand.
#[cfg(test)]
pub(crate) fn on_all_instructions<K: Kernel>(kernel: impl Fn() -> K) -> Vec<K::Output> {
    let mut all = vec![Instructions::Baseline];
    #[cfg(target_arch = "x86_64")]
    match Instructions::best() {
        Instructions::Baseline => {}
        Instructions::Avx2 => all.push(Instructions::Avx2),
        Instructions::Avx512 => all.extend([Instructions::Avx2, Instructions::Avx512]),
    }
    all.into_iter().map(|instructions| with_instructions(instructions, kernel())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lane l holds l + x.
    fn from(x: f64) -> Lanes {
        Lanes(std::array::from_fn(|l| l as f64 + x))
    }

    #[test]
    fn lanes_are_added_and_multiplied_one_by_one() {
        let each = |f: &dyn Fn(f64) -> f64| Lanes(std::array::from_fn(|l| f(l as f64)));
        let mut sum = from(1.0);
        sum.add_multiple(3.0, &from(2.0));
        assert_eq!(sum, each(&|l| (l + 1.0) + 3.0 * (l + 2.0)));
        sum.add_product(&from(3.0), &from(5.0));
        assert_eq!(sum, each(&|l| (l + 1.0) + 3.0 * (l + 2.0) + (l + 3.0) * (l + 5.0)));
        assert_eq!(from(2.0).times(3.0), each(&|l| 3.0 * (l + 2.0)));
        assert_eq!(from(2.0).map(|x| x * x), each(&|l| (l + 2.0) * (l + 2.0)));
        assert_eq!(zeros(2), [Lanes([0.0; LANES]); 2]);
        assert_eq!(rows([1, 2, 3].into_iter()).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_kernel_runs_with_any_instructions() {
        struct Square(f64);
        impl Kernel for Square {
            type Output = f64;
            #[inline(always)]
            fn run(self) -> f64 {
                self.0 * self.0
            }
        }
        assert_eq!(vectorized(Square(3.0)), 9.0);
        assert!(on_all_instructions(|| Square(3.0)).iter().all(|&square| square == 9.0));
        assert_eq!(on_all_instructions(|| Square(3.0)).len() > 1, Instructions::best() != Instructions::Baseline);
    }
}

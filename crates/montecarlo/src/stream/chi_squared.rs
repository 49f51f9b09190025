//! χ² with S degrees of freedom: what is left of S squared residuals once only their sum matters.

use rand_distr::Distribution;

use super::{Numbers, ROWS, Stream, elementary};
use crate::lanes::{Kernel, LANES, Lanes, vectorized};

/// The law of Σ_{i≤S} ζᵢ² for independent standard normal ζᵢ.
///
/// Up to 16 degrees of freedom the sum is drawn in pairs, ζ₁² + ζ₂² = −2 ln U with U uniform:
///
/// ```text
/// X = −2 ln(U₁ ⋯ U_⌊S/2⌋) + ζ² (if S is odd)
/// ```
///
/// The product of eight U > 2⁻⁵³ is far from underflow. Beyond, with d = S/2 − 1/3 and c = 1/√(9d),
///
/// ```text
/// X = 2dV,   V = (1 + cζ)³,   accepted where V > 0 and ln U < ζ²/2 + d − dV + d ln V
/// ```
///
/// which rejects 1 − e^d d^{1/2 − S/2} Γ(S/2)/√(2π), one in 287 at S = 17 and ever fewer beyond. A lane that is
/// rejected takes an independent number of the same law from its spare stream: both ways have the law of X, so has the
/// mixture.
///
/// Source: Marsaglia and Tsang, *A simple method for generating gamma variables*, ACM Trans. Math. Softw. 26 (2000).
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChiSquared {
    freedom: u32,
    again: rand_distr::ChiSquared<f64>,
}

impl ChiSquared {
    const IN_PAIRS: u32 = 16;

    /// `freedom` ≥ 1.
    pub(crate) fn new(freedom: u32) -> Self {
        let again = rand_distr::ChiSquared::new(f64::from(freedom)).expect("a batch has at least one sample");
        ChiSquared { freedom, again }
    }
}

impl Stream {
    /// A row of χ² numbers.
    #[inline(always)]
    pub(crate) fn chi_squared(&mut self, law: &ChiSquared) -> Lanes {
        if self.others.is_empty() {
            self.refill_chi_squared(law);
        }
        self.others.take()
    }

    #[inline(never)]
    fn refill_chi_squared(&mut self, law: &ChiSquared) {
        if law.freedom <= ChiSquared::IN_PAIRS {
            self.in_pairs(law.freedom);
        } else {
            self.by_rejection(law);
        }
        self.others.next = 0;
    }

    fn in_pairs(&mut self, freedom: u32) {
        self.others.numbers.0.fill(1.0);
        for _ in 0..freedom / 2 {
            self.uniform_batch();
            vectorized(Multiply { product: &mut self.others.numbers, factor: &self.uniforms.numbers });
        }
        vectorized(Logarithm { of: &mut self.others.numbers });
        if freedom % 2 == 1 {
            for row in 0..ROWS {
                let normal = self.normal();
                let sums = &mut self.others.numbers.0.as_chunks_mut::<LANES>().0[row];
                for l in 0..LANES {
                    sums[l] += normal[l] * normal[l];
                }
            }
        }
    }

    fn by_rejection(&mut self, law: &ChiSquared) {
        // A batch of normals first, to be overwritten with what comes of them.
        self.refill_normals();
        self.normals.next = ROWS;
        self.uniform_batch();
        let numbers = &mut self.others.numbers;
        numbers.0.copy_from_slice(&self.normals.numbers.0);
        vectorized(MarsagliaTsang { freedom: law.freedom, uniforms: &self.uniforms.numbers, numbers });
        for row in numbers.0.as_chunks_mut::<LANES>().0 {
            for (number, spare) in row.iter_mut().zip(&mut self.spare) {
                if *number <= 0.0 {
                    *number = law.again.sample(spare);
                }
            }
        }
    }
}

/// product ∘= factor.
struct Multiply<'a> {
    product: &'a mut Numbers,
    factor: &'a Numbers,
}

impl Kernel for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (product, factor) in self.product.0.iter_mut().zip(&self.factor.0) {
            *product *= factor;
        }
    }
}

/// x → −2 ln x.
struct Logarithm<'a> {
    of: &'a mut Numbers,
}

impl Kernel for Logarithm<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for x in &mut self.of.0 {
            *x = -2.0 * elementary::ln(*x);
        }
    }
}

/// From normal numbers to proposals, 0 where they are rejected.
struct MarsagliaTsang<'a> {
    freedom: u32,
    uniforms: &'a Numbers,
    numbers: &'a mut Numbers,
}

impl Kernel for MarsagliaTsang<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let d = 0.5 * f64::from(self.freedom) - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        for (number, &uniform) in self.numbers.0.iter_mut().zip(&self.uniforms.0) {
            let normal = *number;
            let root = 1.0 + c * normal;
            // Where V ≤ 0 its logarithm means nothing, and does not count.
            let V = root * root * root;
            let bound = 0.5 * normal * normal + d - d * V + d * elementary::ln(V);
            let accepted = (V > 0.0) & (elementary::ln(uniform) < bound);
            *number = if accepted { 2.0 * d * V } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::on_all_instructions;
    use crate::statistics::{assert_follows, z_of_mean};
    use crate::stream::Use;
    use statrs::distribution::ContinuousCDF;

    #[test]
    fn sums_of_squares_follow_their_law() {
        for freedom in [1, 2, 3, 8, 15, 16, 17, 18, 32, 100, 10_000, 1_000_000] {
            let law = ChiSquared::new(freedom);
            let mut stream = Stream::new(u64::from(freedom), Use::Chain, 0);
            let sample: Vec<f64> = (0..1 << 15).flat_map(|_| stream.chi_squared(&law).0).collect();
            let exact = statrs::distribution::ChiSquared::new(f64::from(freedom)).unwrap();
            assert_follows(&sample, |x| exact.cdf(x), 1e-6, &format!("{freedom} degrees of freedom"));
            // The mean is S, the variance 2S.
            let s = f64::from(freedom);
            let z =
                [z_of_mean(sample.iter().map(|x| x - s)), z_of_mean(sample.iter().map(|x| (x - s).powi(2) - 2.0 * s))];
            assert!(z.iter().all(|z| z.abs() < 5.0), "{freedom} degrees of freedom: {z:?}");
        }
    }

    #[test]
    fn rejected_lanes_are_few_and_every_instruction_set_rejects_the_same() {
        struct Proposals(Box<(Numbers, Numbers)>);
        impl Kernel for Proposals {
            type Output = Vec<u64>;
            #[inline(always)]
            fn run(mut self) -> Vec<u64> {
                MarsagliaTsang { freedom: 17, uniforms: &self.0.0, numbers: &mut self.0.1 }.run();
                self.0.1.0.map(f64::to_bits).to_vec()
            }
        }
        let mut rejected = 0;
        for segment in 0..200 {
            let mut stream = Stream::new(1, Use::Chain, 0);
            stream.seek(segment);
            stream.refill_normals();
            let normals = (*stream.normals.numbers).clone();
            let uniforms = stream.uniform_batch().clone();
            let all = on_all_instructions(|| Proposals(Box::new((uniforms.clone(), normals.clone()))));
            assert!(all.iter().all(|bits| *bits == all[0]), "segment {segment}");
            rejected += all[0].iter().filter(|bits| **bits == 0).count() as u32;
        }
        // 200 batches of 512 proposals; one in 287, and five standard deviations.
        let expected = 200.0 * 512.0 / 287.0;
        assert!((f64::from(rejected) - expected).abs() < 5.0 * f64::sqrt(expected), "{rejected}");
    }

    /// The rows of a batch of χ² numbers, and the stream as it was before.
    fn batch(freedom: u32) -> (Vec<Lanes>, Stream) {
        let mut stream = Stream::new(9, Use::Chain, 0);
        let before = stream.clone();
        let law = ChiSquared::new(freedom);
        ((0..ROWS).map(|_| stream.chi_squared(&law)).collect(), before)
    }

    fn assert_close(found: f64, expected: f64, what: &str) {
        assert!((found / expected - 1.0).abs() < 1e-12, "{what}: {found}, expected {expected}");
    }

    /// −2 ln(U₁ ⋯ U_⌊S/2⌋), and ζ² where S is odd: uniform numbers first, a batch after the other, then normal ones.
    #[test]
    fn few_squares_are_drawn_in_pairs() {
        for freedom in [1, 2, 5, 15, 16] {
            let (found, mut stream) = batch(freedom);
            let uniforms: Vec<Numbers> = (0..freedom / 2).map(|_| stream.uniform_batch().clone()).collect();
            for (row, found) in found.iter().enumerate() {
                let normal = if freedom % 2 == 1 { stream.normal() } else { Lanes::ZERO };
                for l in 0..LANES {
                    let logarithms: f64 = uniforms.iter().map(|uniform| uniform.0[row * LANES + l].ln()).sum();
                    let expected = normal[l] * normal[l] - 2.0 * logarithms;
                    assert_close(found[l], expected, &format!("{freedom} squares, row {row}, chain {l}"));
                }
            }
        }
    }

    /// S = 17: d = 17/2 − 1/3 = 49/6 and c = 1/√(147/2). A lane that is rejected draws from its spare stream.
    #[test]
    fn many_squares_are_drawn_by_rejection() {
        let mut again = 0;
        for seed in 0..8 {
            let mut stream = Stream::new(seed, Use::Chain, 0);
            let mut before = stream.clone();
            let law = ChiSquared::new(17);
            let found: Vec<Lanes> = (0..ROWS).map(|_| stream.chi_squared(&law)).collect();
            let normals: Vec<Lanes> = (0..ROWS).map(|_| before.normal()).collect();
            let uniforms = before.uniform_batch().clone();
            for (row, (found, normal)) in found.iter().zip(&normals).enumerate() {
                for l in 0..LANES {
                    let expected = proposal(17, normal[l], uniforms.0[row * LANES + l]).unwrap_or_else(|| {
                        again += 1;
                        law.again.sample(&mut before.spare[l])
                    });
                    assert_close(found[l], expected, &format!("seed {seed}, row {row}, chain {l}"));
                }
            }
            // Whatever was left of the normal numbers is gone: the next are new.
            assert_eq!(stream.normal(), before.normal());
        }
        assert!(again > 0, "nothing was rejected");
    }

    /// 2dV, where V > 0 and ln U < ζ²/2 + d − dV + d ln V.
    fn proposal(freedom: u32, normal: f64, uniform: f64) -> Option<f64> {
        let d = f64::from(freedom) / 2.0 - 1.0 / 3.0;
        let V = (1.0 + normal / (9.0 * d).sqrt()).powi(3);
        let accepted = V > 0.0 && uniform.ln() < 0.5 * normal * normal + d - d * V + d * V.ln();
        accepted.then_some(2.0 * d * V)
    }

    /// V is negative for ζ < −√(9d), which is −8.6 for S = 17 and no number that is ever drawn.
    #[test]
    fn proposals_by_hand() {
        let mut numbers = Numbers([0.0; ROWS * LANES]);
        let mut uniforms = numbers.clone();
        for i in 0..ROWS * LANES {
            numbers.0[i] = (i / 8) as f64 * 0.375 - 12.0;
            uniforms.0[i] = [1e-15, 1e-6, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0 - 1e-9][i % 8];
        }
        let normals = numbers.clone();
        for freedom in [17, 40] {
            numbers = normals.clone();
            MarsagliaTsang { freedom, uniforms: &uniforms, numbers: &mut numbers }.run();
            for i in 0..ROWS * LANES {
                let what = format!("S = {freedom}, ζ = {}, U = {}", normals.0[i], uniforms.0[i]);
                match proposal(freedom, normals.0[i], uniforms.0[i]) {
                    Some(expected) => assert_close(numbers.0[i], expected, &what),
                    None => assert_eq!(numbers.0[i], 0.0, "{what}"),
                }
            }
        }
        // ζ = 0 proposes V = 1, which every U < 1 accepts: 2d = 17 − 2/3.
        numbers = Numbers([0.0; ROWS * LANES]);
        MarsagliaTsang { freedom: 17, uniforms: &uniforms, numbers: &mut numbers }.run();
        numbers.0.iter().for_each(|&number| assert_close(number, 49.0 / 3.0, "ζ = 0"));
    }
}

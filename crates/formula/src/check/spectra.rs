//! Whose eigenvalues a term reads, and whether these have a common basis, so that one index means one direction.

use notation::symbol::Spectrum;
use notation::tree::Index;
use notation::{Context, LearningRate, Weights};

/// A set of spectra, each with an index.
#[derive(Clone, Copy, Default)]
pub(super) struct Spectra(u16);

/// The number of spectra.
const COUNT: u32 = Spectrum::ALL.len() as u32;

/// The matrices of which the others are sums.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    A,
    B,
    Decay,
    Rate,
}

impl Spectra {
    pub(super) fn one(spectrum: Spectrum, index: Index) -> Self {
        Spectra(1 << (index as u32 * COUNT + spectrum as u32))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Spectra(self.0 | other.0)
    }

    fn of_index(self, index: Index) -> impl Iterator<Item = Spectrum> {
        Spectrum::ALL.into_iter().filter(move |spectrum| self.0 & Spectra::one(*spectrum, index).0 != 0)
    }

    /// Two matrices that need not commute, one of each set, whose eigenvalues have one index.
    pub(super) fn apart_from(self, other: Self, context: &Context) -> Option<[Spectrum; 2]> {
        let of = |index| {
            let mut pairs = self.of_index(index).flat_map(|x| other.of_index(index).map(move |y| [x, y]));
            pairs.find(|[x, y]| !commute(*x, *y, context))
        };
        of(Index::I).or_else(|| of(Index::J))
    }
}

/// What would make two matrices commute.
pub(super) fn help(pair: [Spectrum; 2], context: &Context) -> String {
    match unknown(pair, context) {
        Some([Part::A, Part::B] | [Part::B, Part::A]) => "assume \"commuting input noise\", or write a trace",
        Some([Part::A, Part::Decay] | [Part::Decay, Part::A]) => "assume \"commuting weight decay\", or write a trace",
        Some([Part::A, Part::Rate] | [Part::Rate, Part::A]) => "assume \"commuting learning rate\", or write a trace",
        Some([Part::Rate, _] | [_, Part::Rate]) => "assume \"scalar learning rate\", or write a trace",
        _ => "write a trace",
    }
    .into()
}

/// Whether two matrices are known to commute.
pub fn commute(x: Spectrum, y: Spectrum, context: &Context) -> bool {
    use Spectrum::{Hessian, PlainHessian, WeightDecay};
    let of_hessian = |spectrum| matches!(spectrum, Hessian | PlainHessian | WeightDecay);
    x == y
        || context.weights == Weights::One
        || (context.commuting.hessian && of_hessian(x) && of_hessian(y))
        || unknown([x, y], context).is_none()
}

/// Parts of two matrices that need not commute.
fn unknown([x, y]: [Spectrum; 2], context: &Context) -> Option<[Part; 2]> {
    let mut pairs = parts(x, context).into_iter().flat_map(|x| parts(y, context).into_iter().map(move |y| [x, y]));
    pairs.find(|pair| !is_known(*pair, context))
}

fn is_known(pair: [Part; 2], context: &Context) -> bool {
    let commuting = context.commuting;
    match pair {
        [x, y] if x == y => true,
        [Part::A, Part::B] | [Part::B, Part::A] => commuting.input_noise,
        // Without input noise H₀ is A.
        [Part::A, Part::Decay] | [Part::Decay, Part::A] => {
            commuting.weight_decay || (commuting.hessian && context.no_input_noise)
        }
        [Part::A, Part::Rate] | [Part::Rate, Part::A] => commuting.learning_rate,
        _ => false,
    }
}

/// The matrices of which one is a sum, without multiples of I.
fn parts(spectrum: Spectrum, context: &Context) -> Vec<Part> {
    let B = (!context.no_input_noise).then_some(Part::B);
    let A = (!context.isotropic_features).then_some(Part::A);
    // In one direction Γ is γI.
    let is_scalar = context.scalar_weight_decay || context.weights != Weights::Any;
    let decay = (!context.no_weight_decay && !is_scalar).then_some(Part::Decay);
    let rate = match context.learning_rate {
        LearningRate::Any => Some(Part::Rate),
        LearningRate::Scalar => None,
        // λA⁻¹ commutes with what commutes with A.
        LearningRate::Newton => A,
    };
    let parts = match spectrum {
        Spectrum::FeatureCovariance => [A, None, None],
        Spectrum::InputNoiseCovariance => [B, None, None],
        Spectrum::WeightDecay => [decay, None, None],
        Spectrum::Hessian => [A, B, decay],
        Spectrum::PlainHessian => [A, B, None],
        Spectrum::LearningRate => [rate, None, None],
    };
    Vec::from_iter(parts.into_iter().flatten())
}

//! What is known of a symbol: its shape, its units, its meaning, and when it has one.

use std::fmt;

use crate::tree::{Expr, Index, Name, Node};
use crate::{Context, LearningRate, Spelling, Weights};

/// Rows and columns as powers of the number of weights: Dᵃ×Dᵇ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    /// a.
    pub rows: u8,
    /// b.
    pub columns: u8,
}

/// Powers of the unit of a weight and of the unit of a feature. A label has both to the first power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units {
    /// The power of the unit of a weight.
    pub weight: i32,
    /// The power of the unit of a feature.
    pub feature: i32,
}

/// What a symbol stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Λ.
    LearningRate,
    /// λ.
    ScalarLearningRate,
    /// A = E\[xxᵀ\].
    FeatureCovariance,
    /// B.
    InputNoiseCovariance,
    /// Γ.
    WeightDecay,
    /// K = A + B + Γ.
    Hessian,
    /// H₀ = A + B.
    PlainHessian,
    /// U = uuᵀ.
    TrueSquare,
    /// J = E\[∇ℓ∇ℓᵀ\].
    Fisher,
    /// Σ.
    Fluctuation,
    /// C.
    Noise,
    /// I.
    Identity,
    /// u.
    TrueWeights,
    /// w*.
    Minimizer,
    /// w.
    Weights,
    /// w₀.
    InitialWeights,
    /// ∇L, the regularizer included.
    Gradient,
    /// ∇L₀.
    PlainGradient,
    /// ĝ.
    MinibatchGradient,
    /// m.
    Buffer,
    /// L, the regularizer included.
    Loss,
    /// L₀.
    PlainLoss,
    /// L_train.
    TrainLoss,
    /// L_test.
    TestLoss,
    /// σ².
    LabelNoise,
    /// μ.
    Momentum,
    /// S.
    BatchSize,
    /// D.
    Dimension,
    /// N.
    SampleCount,
    /// a.
    ScalarFeatureCovariance,
    /// b.
    ScalarInputNoise,
    /// γ.
    ScalarWeightDecay,
    /// xᵢ.
    Sample,
    /// yᵢ.
    Label,
    /// rᵢ.
    Residual,
    /// ℓᵢ.
    SampleLoss,
    /// ∇ℓᵢ.
    SampleGradient,
    /// sᵢ.
    Draws,
    /// An eigenvalue of a symmetric matrix, that of [`Meaning::FeatureCovariance`] for aᵢ.
    Eigenvalue(Spectrum),
}

/// A matrix of the setting whose eigenvalues have a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spectrum {
    /// A, with aᵢ.
    FeatureCovariance,
    /// B, with bᵢ.
    InputNoiseCovariance,
    /// Γ, with γᵢ.
    WeightDecay,
    /// K, with kᵢ.
    Hessian,
    /// H₀, with hᵢ.
    PlainHessian,
    /// Λ, with λᵢ.
    LearningRate,
}

impl Spectrum {
    /// All of them.
    pub const ALL: [Spectrum; 6] = [
        Spectrum::FeatureCovariance,
        Spectrum::InputNoiseCovariance,
        Spectrum::WeightDecay,
        Spectrum::Hessian,
        Spectrum::PlainHessian,
        Spectrum::LearningRate,
    ];

    /// The matrix, and the letter of its eigenvalues.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Spectrum::FeatureCovariance => ("A", "a"),
            Spectrum::InputNoiseCovariance => ("B", "b"),
            Spectrum::WeightDecay => ("Γ", "γ"),
            Spectrum::Hessian => ("K", "k"),
            Spectrum::PlainHessian => ("H₀", "h"),
            Spectrum::LearningRate => ("Λ", "λ"),
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symbol {
    /// In Unicode; of a symbol with an index, what stands before the index.
    pub name: &'static str,
    /// Whether it stands with an index: xᵢ.
    pub indexed: bool,
    /// Its shape.
    pub shape: Shape,
    /// Its units.
    pub units: Units,
    /// What it stands for.
    pub meaning: Meaning,
    /// The same for a reader: a whole sentence.
    pub sentence: &'static str,
    /// What must be given for it to be defined; empty where it always is.
    pub needs: &'static str,
}

impl Shape {
    /// 1.
    pub const SCALAR: Shape = Shape { rows: 0, columns: 0 };
    /// A column of D.
    pub const VECTOR: Shape = Shape { rows: 1, columns: 0 };
    /// D×D.
    pub const MATRIX: Shape = Shape { rows: 1, columns: 1 };

    /// Whether it is 1.
    pub fn is_scalar(self) -> bool {
        self == Shape::SCALAR
    }

    /// Whether rows and columns are as many.
    pub fn is_square(self) -> bool {
        self.rows == self.columns
    }

    /// Rows for columns.
    pub fn transposed(self) -> Self {
        Shape { rows: self.columns, columns: self.rows }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = |exponent: u8| match exponent {
            0 => "1".into(),
            1 => "D".into(),
            _ => format!("D{}", superscript(exponent.into())),
        };
        match (self.rows, self.columns) {
            (0, 0) => f.write_str("a scalar"),
            (1, 0) => f.write_str("a vector"),
            (rows, columns) => write!(f, "a {}×{} matrix", power(rows), power(columns)),
        }
    }
}

impl Units {
    /// Those of a number.
    pub const NONE: Units = Units::new(0, 0);

    /// The powers.
    pub const fn new(weight: i32, feature: i32) -> Self {
        Units { weight, feature }
    }

    /// Those of a product.
    pub fn times(self, other: Units) -> Self {
        Units { weight: self.weight.saturating_add(other.weight), feature: self.feature.saturating_add(other.feature) }
    }

    /// Those of a power.
    pub fn power(self, exponent: i32) -> Self {
        Units { weight: self.weight.saturating_mul(exponent), feature: self.feature.saturating_mul(exponent) }
    }

    /// Whether they are the same, in natural units where weight · feature = 1.
    pub fn agree(self, other: Units, natural: bool) -> bool {
        let single = |units: Units| units.feature.saturating_sub(units.weight);
        if natural { single(self) == single(other) } else { self == other }
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |name: &str, power: i32| match power {
            0 => None,
            1 => Some(name.to_owned()),
            _ => Some(format!("{name}{}", superscript(power))),
        };
        let parts = Vec::from_iter([part("weight", self.weight), part("feature", self.feature)].into_iter().flatten());
        match parts.as_slice() {
            [] => f.write_str("no units"),
            parts => write!(f, "{}", parts.join(" · ")),
        }
    }
}

/// An integer in raised digits.
fn superscript(value: i32) -> String {
    let raised = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit),
    };
    value.to_string().chars().map(raised).collect()
}

impl Symbol {
    /// The symbol in a spelling, with the index i where it stands with one.
    pub fn written(&self, spelling: Spelling) -> String {
        let name = Name(self.name.into());
        Expr::of(if self.indexed { Node::Indexed(name, Index::I) } else { Node::Name(name) }).written(spelling)
    }

    /// Its shape where the context says how many weights there are.
    pub fn shape_in(&self, context: &Context) -> Shape {
        if context.weights == Weights::One { Shape::SCALAR } else { self.shape }
    }

    /// Its units where the context says what λ means.
    pub fn units_in(&self, context: &Context) -> Units {
        match (self.meaning, context.learning_rate) {
            (Meaning::ScalarLearningRate, LearningRate::Newton) => Units::NONE,
            _ => self.units,
        }
    }

    /// Why it has no meaning in the context, as a sentence and what would help; `None` where it has one.
    pub fn missing_in(&self, context: &Context) -> Option<(&'static str, &'static str)> {
        let any = context.weights == Weights::Any;
        match self.meaning {
            Meaning::ScalarLearningRate if context.learning_rate == LearningRate::Any && any => {
                Some(("λ has a meaning where Λ = λI", "assume \"scalar learning rate\", or write Λ"))
            }
            Meaning::ScalarFeatureCovariance if any && !context.isotropic_features => Some((
                "a has a meaning where A = aI, and where there is one direction",
                "assume \"isotropic features\" or \"one weight\", or write A",
            )),
            Meaning::ScalarInputNoise if any => Some((
                "b has a meaning where there is one weight or one direction",
                "assume \"one weight\", or write B",
            )),
            Meaning::ScalarWeightDecay if any && !context.scalar_weight_decay => {
                Some(("γ has a meaning where Γ = γI", "assume \"scalar weight decay\" or \"one weight\", or write Γ"))
            }
            Meaning::SampleCount | Meaning::Sample | Meaning::Label | Meaning::Residual if !context.data_set => {
                Some(("samples are counted where there is a data set", "assume \"data set\""))
            }
            Meaning::SampleLoss | Meaning::SampleGradient | Meaning::Draws if !context.data_set => {
                Some(("samples are counted where there is a data set", "assume \"data set\""))
            }
            _ => None,
        }
    }

    /// A number of its class of equal values in the context; symbols of one class are the same value.
    pub(super) fn class(&self, context: &Context) -> Meaning {
        let one = context.weights == Weights::One;
        match self.meaning {
            Meaning::ScalarLearningRate if one && context.learning_rate != LearningRate::Newton => {
                Meaning::LearningRate
            }
            Meaning::ScalarFeatureCovariance if one => Symbol::least(Meaning::FeatureCovariance, context),
            Meaning::ScalarInputNoise if one => Meaning::InputNoiseCovariance,
            Meaning::ScalarWeightDecay if one => Meaning::WeightDecay,
            meaning => Symbol::least(meaning, context),
        }
    }

    /// A for K and H₀ where nothing is added to it, and w* for the weights that are there.
    fn least(meaning: Meaning, context: &Context) -> Meaning {
        let plain = if context.no_input_noise { Meaning::FeatureCovariance } else { Meaning::PlainHessian };
        match meaning {
            Meaning::PlainHessian => plain,
            Meaning::Hessian if context.no_weight_decay => plain,
            Meaning::PlainGradient if context.no_weight_decay => Meaning::Gradient,
            Meaning::PlainLoss if context.no_weight_decay => Meaning::Loss,
            Meaning::Weights | Meaning::InitialWeights if context.at_minimum => {
                Symbol::least(Meaning::Minimizer, context)
            }
            Meaning::Minimizer if context.no_weight_decay && context.no_input_noise => Meaning::TrueWeights,
            meaning => meaning,
        }
    }
}

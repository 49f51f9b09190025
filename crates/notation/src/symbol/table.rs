//! The lines of the table.

use super::kind::{Meaning, Shape, Spectrum, Symbol, Units};

const SCALAR: Shape = Shape::SCALAR;
const VECTOR: Shape = Shape::VECTOR;
const MATRIX: Shape = Shape::MATRIX;

const RATE: Units = Units::new(0, -2);
const CURVATURE: Units = Units::new(0, 2);
const WEIGHT: Units = Units::new(1, 0);
const SPREAD: Units = Units::new(2, 0);
const LABEL: Units = Units::new(1, 1);
const LOSS: Units = Units::new(2, 2);
const GRADIENT: Units = Units::new(1, 2);
const NOISE: Units = Units::new(2, 4);

const WHERE_ONE: &str = "one weight, or one direction";
const WHERE_GIVEN: &str = "weights that are given, or E[·]";
const WHERE_DATA: &str = "a data set";

const fn line(
    name: &'static str,
    shape: Shape,
    units: Units,
    meaning: Meaning,
    sentence: &'static str,
    needs: &'static str,
) -> Symbol {
    Symbol { name, indexed: false, shape, units, meaning, sentence, needs }
}

const fn indexed(
    name: &'static str,
    shape: Shape,
    units: Units,
    meaning: Meaning,
    sentence: &'static str,
    needs: &'static str,
) -> Symbol {
    Symbol { indexed: true, ..line(name, shape, units, meaning, sentence, needs) }
}

/// Every symbol that a text may use without defining it. In a class of equal values the first one stands for all.
pub const TABLE: &[Symbol] = &[
    line("Λ", MATRIX, RATE, Meaning::LearningRate, "Λ is the learning rate, a symmetric matrix.", ""),
    line(
        "λ",
        SCALAR,
        RATE,
        Meaning::ScalarLearningRate,
        "λ is the learning rate where Λ = λI; for damped Newton steps Λ = λA⁻¹, and λ has no units.",
        "a scalar learning rate, one weight, or damped Newton steps",
    ),
    line("A", MATRIX, CURVATURE, Meaning::FeatureCovariance, "A = E[xxᵀ] is the covariance of the features.", ""),
    line(
        "B",
        MATRIX,
        CURVATURE,
        Meaning::InputNoiseCovariance,
        "B is the covariance of the input noise, and zero for a data set.",
        "",
    ),
    line("Γ", MATRIX, CURVATURE, Meaning::WeightDecay, "Γ is the weight decay, a symmetric matrix.", ""),
    line("K", MATRIX, CURVATURE, Meaning::Hessian, "K = A + B + Γ is the Hessian of the full loss.", ""),
    line("H", MATRIX, CURVATURE, Meaning::Hessian, "H = K = A + B + Γ is the Hessian of the full loss.", ""),
    line("H₀", MATRIX, CURVATURE, Meaning::PlainHessian, "H₀ = A + B is the Hessian of the loss without Γ.", ""),
    line(
        "U",
        MATRIX,
        SPREAD,
        Meaning::TrueSquare,
        "U = uuᵀ is the square of the true weights.",
        "true weights, so an invertible A for a data set",
    ),
    line(
        "J",
        MATRIX,
        NOISE,
        Meaning::Fisher,
        "J = E[∇ℓ∇ℓᵀ] is the second moment of the gradients of samples, J(w) at given weights.",
        "",
    ),
    line(
        "Σ",
        MATRIX,
        SPREAD,
        Meaning::Fluctuation,
        "Σ = lim cov(w) is the fluctuation, the covariance of the weights in the stationary state.",
        "a stationary state",
    ),
    line(
        "C",
        MATRIX,
        NOISE,
        Meaning::Noise,
        "C = lim E[C(w)] is the covariance of the minibatch gradient in the stationary state, C(w) at given weights.",
        "a stationary state",
    ),
    line("I", MATRIX, Units::NONE, Meaning::Identity, "I is the identity matrix.", ""),
    line(
        "u",
        VECTOR,
        WEIGHT,
        Meaning::TrueWeights,
        "u are the true weights; for a data set the least-squares weights.",
        "an invertible A for a data set",
    ),
    line(
        "w*",
        VECTOR,
        WEIGHT,
        Meaning::Minimizer,
        "w* are the weights at which the gradient of the full loss vanishes.",
        "an invertible K",
    ),
    line("w", VECTOR, WEIGHT, Meaning::Weights, "w are the weights, given or under E[·] random.", WHERE_GIVEN),
    line("w₀", VECTOR, WEIGHT, Meaning::InitialWeights, "w₀ are the initial weights.", ""),
    line("∇L", VECTOR, GRADIENT, Meaning::Gradient, "∇L = K(w − w*) is the gradient of the full loss.", WHERE_GIVEN),
    line(
        "∇L_Γ",
        VECTOR,
        GRADIENT,
        Meaning::Gradient,
        "∇L_Γ = K(w − w*) is the gradient of the full loss.",
        WHERE_GIVEN,
    ),
    line(
        "∇L₀",
        VECTOR,
        GRADIENT,
        Meaning::PlainGradient,
        "∇L₀ = ∇L − Γw is the gradient of the loss without Γ.",
        WHERE_GIVEN,
    ),
    line(
        "ĝ",
        VECTOR,
        GRADIENT,
        Meaning::MinibatchGradient,
        "ĝ is the gradient of the next minibatch, with the mean ∇L and the covariance C(w) given w.",
        "E[·]",
    ),
    line("m", VECTOR, GRADIENT, Meaning::Buffer, "m is the buffer of the momentum, of the same time as w.", "E[·]"),
    line("L", SCALAR, LOSS, Meaning::Loss, "L is the full loss, the regularizer included.", WHERE_GIVEN),
    line("L_Γ", SCALAR, LOSS, Meaning::Loss, "L_Γ = L₀ + ½wᵀΓw is the full loss.", WHERE_GIVEN),
    line("L₀", SCALAR, LOSS, Meaning::PlainLoss, "L₀ is the loss without the regularizer ½wᵀΓw.", WHERE_GIVEN),
    line(
        "L_train",
        SCALAR,
        LOSS,
        Meaning::TrainLoss,
        "L_train = lim E[L(w)] is the mean full loss in the stationary state.",
        "a stationary state",
    ),
    line(
        "L_test",
        SCALAR,
        LOSS,
        Meaning::TestLoss,
        "L_test = lim E[½(w − u)ᵀA(w − u)] is the mean test loss in the stationary state.",
        "a stationary state, and Gaussian features",
    ),
    line(
        "σ²",
        SCALAR,
        LOSS,
        Meaning::LabelNoise,
        "σ² is the variance of the label noise; for a data set the mean square of the residuals of u.",
        "an invertible A for a data set",
    ),
    line("μ", SCALAR, Units::NONE, Meaning::Momentum, "μ is the momentum.", ""),
    line("S", SCALAR, Units::NONE, Meaning::BatchSize, "S is the number of samples in a minibatch.", ""),
    line("D", SCALAR, Units::NONE, Meaning::Dimension, "D is the number of weights.", ""),
    line("N", SCALAR, Units::NONE, Meaning::SampleCount, "N is the number of samples.", WHERE_DATA),
    line(
        "a",
        SCALAR,
        CURVATURE,
        Meaning::ScalarFeatureCovariance,
        "a is the variance of the features where A = aI; where there is one direction, a = Tr[A].",
        "isotropic features, one weight, or one direction",
    ),
    line("b", SCALAR, CURVATURE, Meaning::ScalarInputNoise, "b = Tr[B] is the one eigenvalue of B.", WHERE_ONE),
    line(
        "γ",
        SCALAR,
        CURVATURE,
        Meaning::ScalarWeightDecay,
        "γ is the weight decay where Γ = γI.",
        "a scalar weight decay, one weight, or one direction",
    ),
    indexed("x", VECTOR, Units::new(0, 1), Meaning::Sample, "xᵢ are the features of sample i.", WHERE_DATA),
    indexed("y", SCALAR, LABEL, Meaning::Label, "yᵢ is the label of sample i.", WHERE_DATA),
    indexed("r", SCALAR, LABEL, Meaning::Residual, "rᵢ = xᵢᵀw − yᵢ is the residual of sample i.", WHERE_DATA),
    indexed("ℓ", SCALAR, LOSS, Meaning::SampleLoss, "ℓᵢ = ½rᵢ² + ½wᵀΓw is the full loss of sample i.", WHERE_DATA),
    indexed(
        "∇ℓ",
        VECTOR,
        GRADIENT,
        Meaning::SampleGradient,
        "∇ℓᵢ = rᵢxᵢ + Γw is the gradient of the full loss of sample i.",
        WHERE_DATA,
    ),
    indexed(
        "s",
        SCALAR,
        Units::NONE,
        Meaning::Draws,
        "sᵢ counts how often a minibatch draws sample i.",
        "a data set, and E[·]",
    ),
    eigenvalue("a", CURVATURE, Spectrum::FeatureCovariance, "aᵢ are the eigenvalues of A."),
    eigenvalue("b", CURVATURE, Spectrum::InputNoiseCovariance, "bᵢ are the eigenvalues of B."),
    eigenvalue("γ", CURVATURE, Spectrum::WeightDecay, "γᵢ are the eigenvalues of Γ."),
    eigenvalue("k", CURVATURE, Spectrum::Hessian, "kᵢ are the eigenvalues of K."),
    eigenvalue("h", CURVATURE, Spectrum::PlainHessian, "hᵢ are the eigenvalues of H₀."),
    eigenvalue("λ", RATE, Spectrum::LearningRate, "λᵢ are the eigenvalues of Λ."),
];

const fn eigenvalue(name: &'static str, units: Units, matrix: Spectrum, sentence: &'static str) -> Symbol {
    indexed(name, SCALAR, units, Meaning::Eigenvalue(matrix), sentence, "∑ᵢ")
}

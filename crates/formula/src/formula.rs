//! A text that was checked: what it claims, and its value at a setting.

use numbers::{Matrix, Scalar};
use rug::Rational;
use symbols::{Minibatch, Moments, Quantity, Setting};

use crate::tree::{Limit, Text};
use crate::{EvaluationError, Mistake};

/// What a text may take for granted, so that its symbols have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// What a, b, γ and λ mean, and whether every shape is 1×1.
    pub weights: Weights,
    /// What λ means.
    pub learning_rate: LearningRate,
    /// Whether the samples are a data set: N and sums over samples have a meaning.
    pub data_set: bool,
    /// Whether weight · feature = 1, as where σ² = 1 was left out.
    pub natural_units: bool,
}

/// How many weights there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weights {
    /// Any number.
    #[default]
    Any,
    /// One direction holds everything: a, b and γ are numbers, and matrices stay matrices.
    OneDirection,
    /// One: every shape is 1×1.
    One,
}

/// What λ means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LearningRate {
    /// Nothing: Λ is any matrix.
    #[default]
    Any,
    /// Λ = λI.
    Scalar,
    /// Λ = λA⁻¹, so that λ has no units.
    Newton,
}

/// In which sense a formula claims to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Equality.
    Exact,
    /// The relative error vanishes, with this order; ≈ alone says order 1.
    Approximation(Limit, u32),
    /// The absolute error vanishes, with this order.
    Limit(Limit, u32),
    /// Found ≤ claimed, or the other way round, at every setting.
    Bound,
    /// Found > claimed at some setting.
    Existence,
    /// A stationary state exists just where, if, or only if a condition holds.
    Stability,
    /// Two conditions hold at the same settings.
    Equivalence,
}

/// Whose answer a formula speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The setting alone.
    Setting,
    /// The first step, from w₀.
    Minibatch,
    /// The stationary state.
    Stationary,
}

/// Where a formula is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a, T> {
    /// The setting.
    pub setting: &'a Setting<T>,
    /// Its stationary state, where the formula reads it.
    pub moments: Option<&'a Moments<T>>,
    /// Its first step, where the formula reads it.
    pub minibatch: Option<&'a Minibatch<T>>,
}

/// A checked text, ready to be evaluated over any field.
#[derive(Debug, Clone)]
pub struct Formula {
    text: Text,
}

impl<'a, T> Given<'a, T> {
    /// A setting alone.
    pub fn setting(setting: &'a Setting<T>) -> Self {
        Given { setting, moments: None, minibatch: None }
    }
}

impl Formula {
    /// Checks names, shapes and units, and prepares the evaluation.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn new(text: Text, context: &Context) -> Result<Self, Vec<Mistake>> {
        let _ = context;
        Ok(Formula { text })
    }

    /// What was read.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// In which sense it claims to hold.
    pub fn kind(&self) -> Kind {
        todo!()
    }

    /// Whose answer it speaks about.
    pub fn subject(&self) -> Subject {
        todo!()
    }

    /// The quantity that it is a closed form of, or a relation for: one side of its only statement.
    pub fn quantity(&self) -> Option<Quantity> {
        todo!()
    }

    /// Whether the claimed side reads moments, so that an engine must be asked first: no closed form.
    pub fn needs_moments(&self) -> bool {
        todo!()
    }

    /// The side that an engine finds: the quantity, or the left side. Several equations stand below each other, in one
    /// column.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn found<T: Scalar>(&self, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        let _ = given;
        todo!()
    }

    /// The side that is claimed.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn claimed<T: Scalar>(&self, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        let _ = given;
        todo!()
    }

    /// Whether the condition of a formula of stability holds.
    ///
    /// # Errors
    /// [`EvaluationError`] where a side has no value.
    pub fn holds(&self, setting: &Setting<Rational>) -> Result<bool, EvaluationError> {
        let _ = setting;
        todo!()
    }
}

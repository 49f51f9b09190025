//! The symbols of the paper as types: settings, stationary moments, minibatches, parameters, and the table of notation.
//!
//! A [`Setting`] says what is run; an engine answers with [`Moments`] (the stationary state) or a [`Minibatch`] (the
//! first step); a [`Quantity`] names a part of an answer. Settings and answers are generic over a
//! [`Scalar`](numbers::Scalar), so that one text runs over ℚ, in doubles and over enclosures.
//!
//! Deliberately absent: everything that would follow from a theorem, and files. A setting knows what was put into it
//! and what the definitions make of that, such as K and w*; what SGD makes of it is for the engines to find.
//!
//! # Notation
//!
//! Public names are the paper's own words. Identifiers are ASCII. A Greek letter whose capital means another symbol is
//! not spelled out, because λ/Λ, γ/Γ and σ/Σ differ only by case; inside a function body `kappa` or `mu` may stand for
//! one that has no such double, and Latin matrices keep their letter.
//!
//! | symbol | name | shape | units (weight, feature) |
//! |---|---|---|---|
//! | λ, Λ | `learning_rate` (λ is Λ = λI) | D×D | (0, −2) |
//! | μ | `momentum`, heavy ball, undamped | 1 | (0, 0) |
//! | S | `batch_size` | 1 | (0, 0) |
//! | γ, Γ | `weight_decay` (γ is Γ = γI) | D×D | (0, 2) |
//! | A | `feature_covariance`, E\[xxᵀ\] | D×D | (0, 2) |
//! | B | `input_noise_covariance` | D×D | (0, 2) |
//! | K | `hessian`, K = A + B + Γ | D×D | (0, 2) |
//! | σ² | `label_noise_variance` | 1 | (2, 2) |
//! | u | `true_weights` | D | (1, 0) |
//! | w₀ | `initial_weights` | D | (1, 0) |
//! | Σ | `fluctuation`, lim cov(w_t) | D×D | (2, 0) |
//! | C | `noise_covariance`, lim E\[C(w_t)\] | D×D | (2, 4) |
//! | L_train | `train_loss`, regularizer included | 1 | (2, 2) |
//! | L_test | `test_loss` | 1 | (2, 2) |
//!
//! # Example
//! One problem over two fields: fractions, and doubles rounded from them.
//! ```
//! use rug::Rational;
//! use numbers::{Vector, matrix, nearest_f64};
//! use symbols::{BatchSize, Gaussian, Population, Setting};
//!
//! let q = |n, d| Rational::from((n, d));
//! let model = Gaussian {
//!     feature_covariance: matrix::scalar(q(1, 1)),
//!     input_noise_covariance: matrix::scalar(q(1, 4)),
//!     label_noise_variance: q(1, 2),
//!     true_weights: Vector::from_element(1, q(2, 1)),
//! };
//! let setting = Setting::new(Population::Gaussian(model), matrix::scalar(q(1, 3)), BatchSize::new(4)?)?
//!     .with_weight_decay(matrix::scalar(q(1, 12)))?;
//! // K = A + B + Γ.
//! assert_eq!(setting.hessian(), matrix::scalar(q(4, 3)));
//! let rounded = setting.map(nearest_f64);
//! assert_eq!(rounded.learning_rate()[(0, 0)], 1.0 / 3.0);
//! # Ok::<(), symbols::SettingError>(())
//! ```

mod epoch;
mod moments;
mod parameter;
mod population;
mod setting;

pub use epoch::LastBatch;
pub use moments::{BufferMoments, Minibatch, Moments, Quantity};
pub use parameter::{BatchSize, Momentum, Sampling, SettingError};
pub use population::{DataSet, Gaussian, Population};
pub use setting::Setting;

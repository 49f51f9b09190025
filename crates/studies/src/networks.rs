//! Section 6 on a model that is not linear: the noise of a two-layer tanh network near a minimum, eqs. (14) to (17).
//!
//! What section 6 calls H₀ is the Hessian, and that of a network is not the mean of ∇fᵢ∇fᵢᵀ, which a linear model has and which
//! the noise is made of. With rᵢ = f(w, xᵢ) − yᵢ, ℓᵢ = ½rᵢ² and minibatches with replacement
//!
//! ```text
//! H₀ = G₀ + (1/N) Σ rᵢ∇²fᵢ,    G₀ = (1/N) Σ ∇fᵢ∇fᵢᵀ
//! SC = (1/N) Σ rᵢ²∇fᵢ∇fᵢᵀ − ∇L₀∇L₀ᵀ
//!    = 2L₀H₀ − ∇L₀∇L₀ᵀ + (2/N) Σ (ℓᵢ − L₀)∇fᵢ∇fᵢᵀ − 2L₀ (1/N) Σ rᵢ∇²fᵢ
//! ```
//!
//! so that eq. (14) has two errors: one that Assumption 2 makes small beside L₀, and one of the order L₀^{3/2}, small beside L₀
//! only where L₀ is small itself. The tables measure both, at data sets made so that w* is a minimum (`design`); C is the
//! definition. f and its derivatives are rounded once, at 256 bits; what is made of them is exact. The batch size is a factor 1/S
//! of C and of each formula.
//!
//! Deliberately absent: Corollary 3. The stationary Σ of a network has no closed form to be judged by; to leading order in 1/S it
//! is what eq. (3) makes of the Hessian H₀ + Γ and C(w*), and that step is judged in `claims`.

mod course;
mod design;
mod judgements;
mod local;
mod network;
mod tables;

pub use tables::STUDY;

//! Section 6 on a model that is not linear: the noise of a two-layer tanh network near a minimum, eqs. (14) to (17).
//!
//! H₀ of section 6 is the Hessian. The noise is made of the mean of ∇fᵢ∇fᵢᵀ, which is the Hessian of a linear model and
//! not that of a network. With rᵢ = f(w, xᵢ) − yᵢ, ℓᵢ = ½rᵢ² and minibatches with replacement
//!
//! ```text
//! H₀ = G₀ + (1/N) Σ rᵢ∇²fᵢ,    G₀ = (1/N) Σ ∇fᵢ∇fᵢᵀ
//! SC = (1/N) Σ rᵢ²∇fᵢ∇fᵢᵀ − ∇L₀∇L₀ᵀ
//!    = 2L₀H₀ − ∇L₀∇L₀ᵀ + (2/N) Σ (ℓᵢ − L₀)∇fᵢ∇fᵢᵀ − 2L₀ (1/N) Σ rᵢ∇²fᵢ
//! ```
//!
//! so that eq. (14) has two errors. Assumption 2 makes one of them small beside L₀. The other is of the order
//! L₀^{3/2}, small beside L₀ only where L₀ is small itself.
//!
//! The tables measure both, at data sets made so that w* is a minimum (`design`), and take C from its definition. f and
//! its derivatives are rounded once, at 256 bits; the numbers that are made of them are exact. The batch size is a
//! factor 1/S of C and of each formula. At one place of each path minibatches are drawn (`draws`), which know neither
//! these derivatives nor that factor.
//!
//! Deliberately absent: Corollary 3. The stationary Σ of a network has no closed form to be judged by. To leading order
//! in 1/S it follows by eq. (3) from the Hessian H₀ + Γ and C(w*), and eq. (3) is judged as a closed form.

mod course;
mod design;
mod draws;
mod judgements;
mod local;
mod near;
mod network;
mod tables;

pub use tables::STUDY;

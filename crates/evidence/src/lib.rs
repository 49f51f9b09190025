//! What each engine finds of a claim where it is tried: instance × engine × form → evidence.
//!
//! ```text
//! Claim ── draw ──> Setting ──> engine ──> value of the quantity ─┐
//!   └── printed, rival, strengthened, correction ──> values ──────┴─> Outcome ──> Evidence
//! ```
//!
//! Each engine judges in its own currency (equality, certified bounds, z-scores, orders of convergence), by the
//! thresholds of [`allowances`]. The engines know nothing of the claims; this crate knows nothing of how an engine
//! works inside.
//!
//! Deliberately absent: the verdict on a claim as a whole, its hypotheses and its counterexamples, which are for
//! `verify`; other formulas near it, which are for `rivals`.

pub mod admission;
pub mod allowances;
pub mod change;
pub mod choices;
mod draw;
pub mod edge;
mod enclose;
mod engine;
mod evidence;
mod hunt;
pub mod inequality;
pub mod instance;
mod options;
mod part;
pub mod proof;
mod rate;
mod settings;
mod verdict;

pub use choices::Seeded;
pub use draw::Draw;
pub use enclose::{DIGITS_LIMIT, EncloseError, enclose, exact_value};
pub use engine::exact::{Exact, ask as ask_exact};
pub use engine::lyapunov::{Lyapunov, ask as ask_lyapunov, certifies};
pub use engine::montecarlo::MonteCarlo;
pub use engine::{Answer, Comparison, Incomparable, Judge, Outcome, Remark, subject};
pub use evidence::{Budget, Case, Evidence, Finding, Line, Proofs};
pub use hunt::Hunt;
pub use instance::describe;
pub use options::{Effort, Engine, Options, Progress};
pub use part::Part;
pub use settings::{Drawn, Settings};
pub use verdict::{Strength, Verdict};

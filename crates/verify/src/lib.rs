//! From a claim to a verdict: instance × engine × claim.
//!
//! ```text
//! Claim ── draw ──> Setting ──> engine ──> value of the quantity ─┐
//!   └── printed, rival, strengthened, correction ──> values ──────┴─> Evidence ──> Record
//! ```
//!
//! [`run`] takes any list of claims, so that users can judge claims of their own. Each engine judges in its own currency
//! (equality, digits, z-scores, orders of convergence); every threshold is in [`allowances`]. The engines know nothing of
//! the claims; this crate knows nothing of how an engine works inside.
//!
//! # Example
//! ```
//! use claims::minibatch::samplings_of_one;
//! use verify::{Effort, Engine, Options, Progress, Verdict};
//!
//! struct Silent;
//!
//! impl Progress for Silent {
//!     fn begin(&self, _steps: u64) {}
//!     fn step(&self, _what: &str) {}
//! }
//!
//! let options = Options { seed: 1, effort: Effort::Brief, engines: vec![Engine::Exact] };
//! let report = verify::run(&[&samplings_of_one::CLAIM], &options, &Silent);
//! assert_eq!(report.claims[0].verdict, Verdict::Agrees);
//! assert!(report.claims[0].rival.rejected && report.failures().is_empty());
//! ```
//!
//! Deliberately absent: the terminal, files, and the comparison with recorded snapshots ([`snapshot`] only writes their
//! text).

mod ablation;
pub mod allowances;
pub mod approximation;
mod calibration;
mod choices;
mod enclose;
mod engine;
pub mod figures;
mod findings;
pub mod high_dimension;
pub mod html;
mod inequality;
mod instance;
pub mod networks;
mod pages;
pub mod precision;
mod proof;
mod rate;
mod rational;
mod run;
mod settings;
pub mod snapshot;
pub mod study;
mod table;
pub mod tail;
pub mod typeset;
mod verdict;
pub mod weight_decay;

pub use calibration::{Calibration, calibrate};
pub use enclose::{DIGITS_LIMIT, enclose, exact_value};
pub use engine::Engine;
pub use instance::describe;
pub use pages::{Page, pages};
pub use proof::{Line, Proofs};
pub use run::{Effort, Options, Progress, run};
pub use table::{Maker, StudyError, Table};
pub use verdict::{Case, Evidence, Finding, HypothesisRecord, Record, Report, RivalRecord, Strength, Verdict};

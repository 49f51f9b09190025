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
//! use verify::{Effort, Engine, Options, Verdict};
//!
//! let options = Options::default().with_effort(Effort::Brief).with_engines([Engine::Exact]);
//! let report = verify::run(&[&samplings_of_one::CLAIM], &options, &());
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
mod options;
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
pub use instance::describe;
pub use options::{Effort, Engine, Options, Progress};
pub use pages::{Page, pages};
pub use run::run;
pub use table::{Maker, StudyError, Table};
pub use verdict::{
    Case, Evidence, Finding, HypothesisRecord, Line, Proofs, Record, Report, RivalRecord, Strength, Verdict,
};

//! From a claim to a verdict: instance × engine × claim.
//!
//! ```text
//! Claim ── draw ──> Setting ──> engine ──> value of the quantity ─┐
//!   └── printed, rival, strengthened, correction ──> values ──────┴─> Evidence ──> Record
//! ```
//!
//! [`run`] takes any list of claims, so that users can judge claims of their own. Each engine judges in its own
//! currency (equality, certified bounds, z-scores, orders of convergence), by the thresholds of [`allowances`]. The
//! engines know nothing of the claims; this crate knows nothing of how an engine works inside.
//!
//! Beside a claim stand its neighbours: the texts that are a small change away. [`Mutants`] says how many of them are told
//! from a claim that holds, and why the others hold, too; [`Repairs`] finds those that hold where a claim does not.
//!
//! # Example
//! ```
//! use verify::{Effort, Engine, Options, Verdict};
//!
//! let options = Options::default().with_effort(Effort::Brief).with_engines([Engine::Exact]);
//! let claim = claims::claim("minibatch/samplings-of-one").unwrap();
//! let report = verify::run(&[claim], &options, &());
//! assert_eq!(report.claims[0].verdict, Verdict::Agrees);
//! assert!(report.claims[0].rival.as_ref().is_some_and(|rival| rival.rejected) && report.failures().is_empty());
//! ```
//!
//! Deliberately absent: the terminal, files, text for a reader beyond a line, and what no single setting decides, which
//! is for the crate `studies`.

mod ablation;
pub mod allowances;
mod calibration;
pub mod choices;
mod enclose;
mod engine;
mod evidence;
mod inequality;
mod instance;
mod mutants;
mod options;
mod part;
mod proof;
mod rate;
mod record;
mod repair;
mod report;
mod run;
mod search;
mod settings;
mod verdict;
mod witness;

pub use calibration::{Calibration, calibrate};
pub use enclose::{DIGITS_LIMIT, EncloseError, enclose, exact_value};
pub use engine::Answer;
pub use engine::exact::ask as ask_exact;
pub use engine::lyapunov::ask as ask_lyapunov;
pub use evidence::{Case, Evidence, Finding, Line, Proofs};
pub use instance::describe;
pub use mutants::{Because, Equal, Mutants};
pub use options::{Effort, Engine, Options, Progress};
pub use record::{
    Companion, HypothesisRecord, Record, RefutationRecord, RepairRecord, RivalRecord, StudyRecord, TableEvidence,
};
pub use repair::{Budget as RepairBudget, Repair, Repairs, strengthenings};
pub use report::{Budget, Report};
pub use run::run;
pub use verdict::{Strength, Verdict};

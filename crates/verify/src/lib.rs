//! From claims to verdicts, in one report.
//!
//! ```text
//!          ┌── evidence: setting × engine × form ──┐
//! Claim ───┼── search: counterexamples made small ─┼──> Record ──> Report
//!          ├── rivals: mutants and repairs ────────┤
//!          └── ablation: each hypothesis broken ───┘
//! ```
//!
//! [`run()`] takes any list of claims, so that users can judge claims of their own.
//!
//! # Example
//! ```
//! use verify::{Effort, Engine, Options, Verdict};
//!
//! let options = Options::default().with_effort(Effort::Brief).with_engines([Engine::Exact]);
//! let claim = registry::claim("minibatch/samplings-of-one").unwrap();
//! let report = verify::run(&[claim], &options, &());
//! assert_eq!(report.claims[0].verdict, Verdict::Agrees);
//! assert!(report.claims[0].rival.as_ref().is_some_and(|rival| rival.rejected) && report.failures().is_empty());
//! ```
//!
//! Deliberately absent: the terminal, files, text for a reader beyond a line, and what no single setting decides, which
//! is for the crate `studies`.

mod ablation;
mod calibration;
mod contradiction;
mod record;
mod report;
mod run;
mod search;
mod witness;

pub use calibration::{Calibration, calibrate};
pub use contradiction::contradiction;
// A user of this crate needs no other.
pub use evidence::{
    Answer, Budget, Case, DIGITS_LIMIT, Effort, EncloseError, Engine, Evidence, Finding, Line, Options, Progress,
    Proofs, Strength, Verdict, allowances, ask_exact, ask_lyapunov, certifies, choices, describe, enclose, exact_value,
};
pub use record::{
    Companion, HypothesisRecord, Record, RefutationRecord, RepairRecord, RivalRecord, StudyRecord, TableEvidence,
};
pub use report::Report;
pub use rivals::{Because, Equal, Mutants, Operator};
pub use run::run;

//! What a claim is, with what a tool needs to draw, cite and judge it.
//!
//! Each claim says where it stands, which equations it is, how its wording came about ([`Provenance`]) and, where it is
//! refuted, what holds in its place and what the refutation is of ([`Refutation`]). There are two kinds:
//!
//! - A [`Claim`] is a formula that engines judge setting by setting. It comes from a claim file ([`mod@file`]): text as
//!   printed, hypotheses, and the rival, the nearest plausible wrong formula. What was read and checked is a [`Form`];
//!   nothing else says what a claim is. A hypothesis draws the settings that satisfy it and, for the ablation, settings
//!   that break it and nothing else; the caller decides where choices come from ([`Choices`]).
//! - A [`StudyClaim`] is one that no single setting decides: a limit over random data sets, the root of a
//!   transcendental equation, an optimum.
//!
//! Public names are the paper's words.
//!
//! Deliberately absent: the claims of the paper themselves, which `registry` lists; engines, verdicts, randomness,
//! rounding and I/O. A claim may hold a correction, but nothing here computes whether it is true.

mod claim;
pub mod design;
pub mod draw;
mod error;
pub mod family;
pub mod file;
mod form;
mod glob;
pub mod hypotheses;
mod hypothesis;
mod kind;
mod parameters;
mod provenance;
mod refutation;
mod study;

pub use claim::{Claim, Correction, Rewritten, Rival, Strengthened, topic};
pub use draw::{Choices, Rare, Simplest};
pub use error::ClaimError;
pub use family::Family;
pub use form::{Form, context};
pub use glob::glob;
pub use hypotheses::paths;
pub use hypothesis::{Breaking, Change, Hypothesis, Twin};
pub use kind::{Kind, Path};
pub use parameters::Parameter;
pub use provenance::{OWN, Provenance};
pub use refutation::{Refutation, Refutes};
pub use study::StudyClaim;

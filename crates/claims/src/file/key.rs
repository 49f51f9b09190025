//! The keys of a claim file, by table.

/// Those of the file.
pub(super) const FILE: &[&str] = &["title", "source", "notation", "definitions", "claim"];

/// Those of a claim.
pub(super) const CLAIM: &[&str] = &[
    "id",
    "source",
    "equations",
    "provenance",
    "formula",
    "definitions",
    "assume",
    "units",
    "kind",
    "quantity",
    "order",
    "path",
    "rival",
    "strengthened",
    "corrected",
    "refutation",
    "rewritten",
    "note",
    "proof",
];

/// Those of the rival.
pub(super) const RIVAL: &[&str] = &["formula", "definitions", "units", "note"];

/// Those of the strengthened form.
pub(super) const STRENGTHENED: &[&str] = &["formula", "definitions", "without", "note", "proof"];

/// Those of the corrected form.
pub(super) const CORRECTED: &[&str] = &["formula", "definitions", "note", "proof"];

/// Those of the refutation.
pub(super) const REFUTATION: &[&str] = &["refutes", "claims", "because"];

/// Those of the rewritten form.
pub(super) const REWRITTEN: &[&str] = &["formula", "definitions", "reason"];

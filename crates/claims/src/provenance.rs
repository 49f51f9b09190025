//! How the wording of a record came about.

/// The source of a claim that no paper makes.
pub const OWN: &str = "the project's own";

/// How the wording of a record came about, by the marks that docs/PAPER.md puts to each formula.
///
/// Where a record combines formulas of several marks, it has the one that claims least: what is refuted then may be
/// what was added, and not what was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// \[P\]: the formula of the main text of the paper, compared with two copies of it.
    Printed,
    /// \[T\]: an assertion in words, from the running text, a remark or a caption; its formal reading is the project's.
    Text,
    /// \[R\]: a formula of the appendix, of which no copy was at hand, rebuilt from the statement and the proof around
    /// it. Who refutes it refutes the reconstruction.
    Reconstructed,
    /// A claim of the project's own, which the paper does not make.
    Own,
}

impl Provenance {
    /// All, the one closest to the printed page first.
    pub const ALL: [Provenance; 4] =
        [Provenance::Printed, Provenance::Text, Provenance::Reconstructed, Provenance::Own];

    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Provenance::Printed => "printed",
            Provenance::Text => "text",
            Provenance::Reconstructed => "reconstructed",
            Provenance::Own => "own",
        }
    }
}

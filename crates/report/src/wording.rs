//! What is said of a claim, by how its wording came about: «printed» is said of the printed page alone.

use claims::Provenance;
use verify::Verdict;

/// The word before the statement of a claim.
pub fn stated(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Printed => "printed",
        Provenance::Text => "said in the text, read as",
        Provenance::Reconstructed => "reconstructed",
        Provenance::Own => "the project's own",
    }
}

/// What a verdict is a verdict on: «the reconstruction of Theorem 8 holds».
pub fn judged(provenance: Provenance, source: &str, verdict: Verdict) -> String {
    // «Theorem 8», but «the appendix to Theorem 4».
    let article = if source.starts_with(char::is_lowercase) { "the " } else { "" };
    let subject = match provenance {
        Provenance::Printed => format!("the formula of {article}{source} as printed"),
        Provenance::Text => format!("the project's reading of {article}{source}"),
        Provenance::Reconstructed => format!("the reconstruction of {article}{source}"),
        Provenance::Own => "the project's own claim".into(),
    };
    let predicate = match verdict {
        Verdict::Agrees => "holds",
        Verdict::Differs => "does not hold",
        Verdict::Undecided => "is undecided",
        Verdict::Vacuous => "was tried nowhere",
    };
    format!("{subject} {predicate}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_is_said_of_the_printed_page_alone() {
        for provenance in Provenance::ALL {
            let said = format!("{} {}", stated(provenance), judged(provenance, "Theorem 8", Verdict::Agrees));
            assert_eq!(said.contains("printed"), provenance == Provenance::Printed, "{said}");
        }
        let said = |source, verdict| judged(Provenance::Reconstructed, source, verdict);
        assert_eq!(said("Theorem 8", Verdict::Agrees), "the reconstruction of Theorem 8 holds");
        let of_appendix = said("appendix to Theorem 4", Verdict::Differs);
        assert_eq!(of_appendix, "the reconstruction of the appendix to Theorem 4 does not hold");
    }
}

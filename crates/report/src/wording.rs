//! The words for a claim, by how its wording came about. Only what is on the printed page is called «printed».

use claims::{Provenance, Refutes};
use verify::{Engine, Evidence, Mutants, RefutationRecord, Report, Verdict};

/// The word before the statement of a claim.
pub fn stated(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Printed => "printed",
        Provenance::Text => "said in the text, read as",
        Provenance::Reconstructed => "reconstructed",
        Provenance::Own => "the project's own",
    }
}

/// A verdict in words that say what it is on: «the reconstruction of Theorem 8 holds».
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
        Verdict::Unsatisfiable => "is neither true nor false, as nothing satisfies what it assumes",
    };
    format!("{subject} {predicate}")
}

/// What a counterexample refutes, and what it leaves standing: «it contradicts …, and they cannot all hold».
pub fn refuted(refutation: &RefutationRecord, report: &Report) -> String {
    // A claim that was judged in this run is named with its figures.
    let cited = |id: &String| match report.measured(id) {
        Some(measured) => format!("{id} ({measured})"),
        None => id.clone(),
    };
    let claims = Vec::from_iter(refutation.claims.iter().map(cited)).join(", ");
    let what = match refutation.refutes {
        Refutes::Formula => "the formula fails.".into(),
        Refutes::Hypotheses { .. } => format!("its hypotheses are too few; the formula holds under more, as {claims}."),
        Refutes::AwayFromTheLimit { .. } => {
            format!("it differs away from the limit, at the counterexample, and agrees in the limit, as {claims}.")
        }
        Refutes::Contradiction { .. } => format!("it contradicts {claims}, and they cannot all hold."),
        Refutes::StatedByThePaper => "no news, as the paper itself says that it fails.".into(),
        Refutes::Unsatisfiable => "nothing satisfies what it assumes.".into(),
    };
    format!("{what} {}", refutation.because)
}

/// Evidence by engine: «exact agrees: proved (D = 1), identity (7); lyapunov agrees: digits (5)».
pub fn by_engines(evidence: &[Evidence]) -> String {
    let by = |engine: Engine| evidence.iter().filter(move |evidence| evidence.engine == engine);
    let engines = Engine::ALL.into_iter().filter(|engine| by(*engine).next().is_some()).map(|engine| {
        let verdict = Verdict::of_all(by(engine).map(|evidence| evidence.verdict));
        format!("{} {}: {}", engine.name(), verdict.name(), Evidence::strengths(by(engine)))
    });
    Vec::from_iter(engines).join("; ")
}

/// What became of the mutants of a claim: «40 texts are a small change away from the formula: 12 caught by the checker, …».
pub fn neighbours(mutants: &Mutants) -> String {
    let form = if mutants.of_correction { "correction" } else { "formula" };
    let counts = [
        (mutants.caught, "caught by the checker, as shapes or units do not fit"),
        (mutants.told, "fail where it holds"),
        (mutants.without_value, "without a value there"),
        (mutants.duplicates, "the function of another one"),
        (mutants.equal.len(), "hold wherever it does"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    format!("{} texts are a small change away from the {form}: {}", mutants.total(), Vec::from_iter(counts).join("; "))
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

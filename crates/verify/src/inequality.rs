//! Claims that something is larger, or exists: bounds, witnesses and conditions of stability.

use claims::{Form, Kind};
use numbers::matrix::is_positive_definite;
use rug::Rational;
use symbols::Setting;

use crate::allowances::AGREEMENT;
use crate::engine::{Outcome, Remark};
use crate::verdict::Verdict;

/// What was found, beside what is claimed to bound it, entry by entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    /// Larger in some entry.
    Exceeded,
    /// Larger in none.
    NotExceeded,
    /// Larger in none by more than is certain, and so nearly equal.
    Equal,
}

/// Whether what was found may exceed what is claimed (a witness), or must not (a bound).
pub(crate) fn bound(kind: Kind, excess: Excess, claimed: &str) -> Outcome {
    let wanted = matches!(kind, Kind::Existence);
    let line = match excess {
        Excess::Exceeded => format!("{claimed}, which is exceeded"),
        Excess::NotExceeded => format!("{claimed}, which is not exceeded"),
        Excess::Equal => format!("{claimed}, which it equals within {AGREEMENT:e}"),
    };
    outcome((excess == Excess::Exceeded) == wanted, line)
}

/// Whether a stationary state exists, if an engine knows, just where a form is positive definite.
pub(crate) fn stability(stable: Result<bool, String>, form: &Form, setting: &Setting<Rational>) -> Outcome {
    let (stable, claimed) = match (stable, form.rational.evaluate(setting, None)) {
        (Ok(stable), Ok(claimed)) => (stable, is_positive_definite(&claimed)),
        (Err(reason), _) => return Outcome::undecided(reason),
        (_, Err(error)) => return Outcome::undecided(error.to_string()),
    };
    let line = format!("{}, {}", word(claimed), if stable == claimed { "as it is" } else { "which it is not" });
    outcome(stable == claimed, line)
}

/// At how many settings it holds.
pub(crate) fn measured(outcomes: &[Outcome]) -> String {
    let holding = outcomes.iter().filter(|o| o.verdict == Verdict::Agrees).count();
    format!("holds at {holding} of {} points", outcomes.len())
}

/// For a reader.
pub(crate) fn word(stable: bool) -> &'static str {
    if stable { "stable" } else { "unstable" }
}

fn outcome(holds: bool, line: String) -> Outcome {
    match holds {
        true => Outcome::certain(Verdict::Agrees, 0.0, Remark::Claims(line)),
        false => Outcome::certain(Verdict::Differs, 1.0, Remark::Claims(line)),
    }
}

//! Claims that something is larger, or exists: bounds, witnesses and conditions of stability.

use claims::{Form, Kind};
use numbers::matrix::is_positive_definite;
use rug::Rational;
use symbols::Setting;

use crate::allowances::AGREEMENT;
use crate::engine::{Outcome, Remark};
use crate::verdict::Verdict;

/// Whether the value that was found exceeds the claimed one in any entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    /// It is larger in some entry.
    Exceeded,
    /// It is larger in no entry.
    NotExceeded,
    /// It is certain to be larger in no entry, and equals the claimed value within [`AGREEMENT`].
    Equal,
}

/// Judges a claim of existence, which holds where the claimed value is exceeded, or a bound, which holds where it is
/// not.
pub(crate) fn bound(kind: Kind, excess: Excess, claimed: &str) -> Outcome {
    let wanted = matches!(kind, Kind::Existence);
    let line = match excess {
        Excess::Exceeded => format!("{claimed}, which is exceeded"),
        Excess::NotExceeded => format!("{claimed}, which is not exceeded"),
        Excess::Equal => format!("{claimed}, which it equals within {AGREEMENT:e}"),
    };
    outcome((excess == Excess::Exceeded) == wanted, line)
}

/// Judges a condition of stability at a setting: the form has to be positive definite just where a stationary state
/// exists. `stable` is an engine's word on that, or why it has none.
pub(crate) fn stability(stable: Result<bool, String>, form: &Form, setting: &Setting<Rational>) -> Outcome {
    let (stable, claimed) = match (stable, form.rational.evaluate(setting, None)) {
        (Ok(stable), Ok(claimed)) => (stable, is_positive_definite(&claimed)),
        (Err(reason), _) => return Outcome::undecided(reason),
        (_, Err(error)) => return Outcome::undecided(error.to_string()),
    };
    let line = format!("{}, {}", word(claimed), if stable == claimed { "as it is" } else { "which it is not" });
    outcome(stable == claimed, line)
}

/// The number of settings at which the claim holds, in words.
pub(crate) fn measured(outcomes: &[Outcome]) -> String {
    let holding = outcomes.iter().filter(|o| o.verdict == Verdict::Agrees).count();
    format!("holds at {holding} of {} points", outcomes.len())
}

/// The word for a reader.
pub(crate) fn word(stable: bool) -> &'static str {
    if stable { "stable" } else { "unstable" }
}

fn outcome(holds: bool, line: String) -> Outcome {
    match holds {
        true => Outcome::certain(Verdict::Agrees, 0.0, Remark::Claims(line)),
        false => Outcome::certain(Verdict::Differs, 1.0, Remark::Claims(line)),
    }
}

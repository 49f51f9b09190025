//! Claims that something is larger, or exists: bounds, witnesses and conditions of stability.

use claims::Kind;

use crate::engine::Outcome;
use crate::verdict::Verdict;

/// Whether what was found may exceed what is claimed (a witness), or must not (a bound).
pub(crate) fn bound(kind: Kind, exceeds: bool, claimed: &str) -> Outcome {
    let wanted = matches!(kind, Kind::Existence);
    let line = format!("{claimed}, which is {}", if exceeds { "exceeded" } else { "not exceeded" });
    outcome(exceeds == wanted, line)
}

/// Whether a stationary state exists just where it is claimed.
pub(crate) fn stability(stable: bool, claimed: bool) -> Outcome {
    let line = match stable == claimed {
        true => format!("{}, as it is", word(claimed)),
        false => format!("{}, and it is {}", word(claimed), word(stable)),
    };
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
        true => Outcome::certain(Verdict::Agrees, 0.0, line),
        false => Outcome::certain(Verdict::Differs, 1.0, line),
    }
}

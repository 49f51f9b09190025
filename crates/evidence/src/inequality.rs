//! Claims that something is larger, or exists: bounds, witnesses and conditions of stability.

use claims::{Form, Kind};
use formula::tree::{Statement, When};
use numbers::matrix::{self, is_positive_definite};
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

/// Judges a condition of stability at a setting: it has to hold just where a stationary state exists, or there at
/// least, or there at most. `stable` is an engine's word on that, or why it has none.
pub fn stability(stable: Result<bool, String>, form: &Form, setting: &Setting<Rational>) -> Outcome {
    let (stable, claimed) = match (stable, form.holds(setting)) {
        (Ok(stable), Ok(claimed)) => (stable, claimed),
        (Err(reason), _) => return Outcome::undecided(reason),
        (_, Err(error)) => return Outcome::undecided(error.to_string()),
    };
    let holds = match direction(form) {
        When::Iff => stable == claimed,
        When::If => stable || !claimed,
        When::OnlyIf => claimed || !stable,
    };
    let line = match (stable == claimed, holds) {
        (true, _) => format!("{}, as it is", word(claimed)),
        (false, false) => format!("{}, which it is not", word(claimed)),
        (false, true) => "nothing".into(),
    };
    outcome(holds, line)
}

/// Whether a condition of stability is about the mean alone, and not about second moments.
pub(crate) fn is_of_mean(form: &Form) -> bool {
    form.text().statements.iter().any(|statement| matches!(statement, Statement::Stationary { in_mean: true, .. }))
}

/// Whether the mean of the weights converges from any start: 0 < x < 2(1 + μ) for every eigenvalue x of ΛK. For Λ ≻ 0
/// these are the eigenvalues of a symmetric matrix, and the condition is K ≻ 0 and 2(1 + μ)Λ⁻¹ − K ≻ 0.
pub(crate) fn is_stable_in_mean(setting: &Setting<Rational>) -> Result<bool, String> {
    let L = setting.learning_rate();
    if !is_positive_definite(L) {
        return Err("the mean is judged for Λ ≻ 0 alone".into());
    }
    let K = setting.hessian();
    let inverse = matrix::inverse(L).map_err(|error| error.to_string())?;
    let edge = inverse * ((setting.momentum() + Rational::from(1)) * Rational::from(2)) - &K;
    Ok(is_positive_definite(&K) && is_positive_definite(&edge))
}

/// Which way a condition of stability is claimed.
fn direction(form: &Form) -> When {
    let when = form.text().statements.iter().find_map(|statement| match statement {
        Statement::Stationary { when, .. } => Some(*when),
        _ => None,
    });
    when.unwrap_or(When::Iff)
}

/// Judges whether two conditions hold both or neither at a setting.
pub fn equivalence(form: &Form, setting: &Setting<Rational>) -> Outcome {
    match form.holds(setting) {
        Ok(true) => Outcome::certain(Verdict::Agrees, 0.0, Remark::Says("both hold or neither does".into())),
        Ok(false) => Outcome::certain(Verdict::Differs, 1.0, Remark::Says("one holds and the other does not".into())),
        Err(error) => Outcome::undecided(error.to_string()),
    }
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

//! Claims that something is larger, or exists: bounds, witnesses and conditions of stability.

use std::cmp::Ordering;

use claims::{Claim, Form, Kind};
use notation::Spelling;
use notation::tree::{Relation, Statement, When};
use numbers::matrix::{self, Definiteness, definiteness, is_positive_definite};
use numbers::{Interval, Matrix, Scalar, nearest_f64};
use rug::Rational;
use symbols::Setting;

use crate::allowances::{AGREEMENT, ROUNDING};
use crate::engine::{Comparison, Outcome, Remark};
use crate::verdict::Verdict;

/// Whether what is found stands to what is claimed as a bound, or a claim of existence, says. Symmetric matrices are
/// compared in the Loewner order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It does, and strictly so: the larger side less the smaller one is positive definite.
    Met,
    /// The two sides are equal, or are so in some direction.
    Reached,
    /// It does not.
    Missed,
    /// The two sides differ by at most [`AGREEMENT`] of their size, and it is not known which one is larger.
    Equal,
}

impl Standing {
    /// How two sides compare, exactly.
    ///
    /// # Errors
    /// Where an order does not compare them, or its answer takes too long, in words.
    pub(crate) fn of(form: &Form, comparison: &Comparison<Rational>) -> Result<Standing, String> {
        let excess = excess(form, comparison);
        if has_several_statements(form) {
            return Ok(several(form, excess.iter().map(Rational::cmp0)));
        }
        if !matrix::is_symmetric(&excess) {
            return Err(format!("{} less the other side is not symmetric, and has no sign", form.found_side()));
        }
        Ok(match definiteness(&excess) {
            _ if is_positive_definite(&excess) => Standing::Met,
            Definiteness::Semidefinite => Standing::Reached,
            Definiteness::Indefinite { .. } => Standing::Missed,
            Definiteness::Undecided => return Err("the matrix is too close to a singular one to have a sign".into()),
        })
    }

    /// How two sides compare that are enclosed; `unit` is their size. `None` where that is not known.
    pub(crate) fn enclosed(form: &Form, comparison: &Comparison<Interval>, unit: f64) -> Option<Standing> {
        let excess = excess(form, comparison);
        if has_several_statements(form) {
            let signs = excess.iter().map(Interval::sign).collect::<Option<Vec<_>>>()?;
            return Some(several(form, signs.into_iter()));
        }
        if excess.len() == 1 && excess[(0, 0)].sign() == Some(Ordering::Equal) {
            return Some(Standing::Reached);
        }
        let D = excess.nrows();
        let middles = excess.iter().map(Interval::midpoint).collect::<Option<Vec<_>>>()?;
        let middle = Matrix::from_vec(D, excess.ncols(), middles);
        let symmetric = (&middle + middle.transpose()) / Rational::from(2);
        let mut radius = Rational::new();
        for width in excess.iter().map(Interval::width) {
            radius += width? / Rational::from(2);
        }
        // Entries that mirror each other have to have a number in common.
        let is_symmetric = (&middle - &symmetric).iter().all(|part| part.clone().abs() <= radius);
        if !is_symmetric {
            return None;
        }
        // The sum of the radii is at least the norm of the error, which moves no eigenvalue further.
        let moved = |by: Rational| &symmetric + matrix::identity::<Rational>(D) * by;
        if is_positive_definite(&moved(-radius.clone())) {
            return Some(Standing::Met);
        }
        if matches!(definiteness(&moved(radius.clone())), Definiteness::Indefinite { .. }) {
            return Some(Standing::Missed);
        }
        let allowed = Rational::from_f64(AGREEMENT * unit)? - radius;
        let is_close = allowed >= 0 && definiteness(&moved(allowed)) == Definiteness::Semidefinite;
        is_close.then_some(Standing::Equal)
    }
}

/// The larger side less the smaller one, as the form has it: what has to be positive semidefinite, or definite where the
/// order is strict. Of several comparisons, of scalars, each has a row.
fn excess<T: Scalar>(form: &Form, Comparison { found, claimed }: &Comparison<T>) -> Matrix<T> {
    let mut excess = claimed - found;
    let descending = form.formula().relations().map(Relation::is_descending);
    match has_several_statements(form) {
        true => {
            descending.enumerate().filter(|(_, descends)| *descends).for_each(|(i, _)| excess[i] = -excess[i].clone())
        }
        false if descending.into_iter().any(|descends| descends) => excess = -excess,
        false => {}
    }
    excess
}

/// How far a bound is from being broken, or a claim of existence from having its witness, relative to the size of both
/// sides: the least eigenvalue of the excess, with the other sign for an existence. Of several comparisons, of scalars,
/// the nearest one breaks a bound, and the farthest one makes a witness. Only a search follows it, so that the
/// eigenvalues of two rows and more may be those of doubles.
pub(crate) fn slack(kind: Kind, form: &Form, comparison: &Comparison<Rational>) -> Option<Rational> {
    let Comparison { found, claimed } = comparison;
    let excess = excess(form, comparison);
    let of_kind = |slack: Rational| if matches!(kind, Kind::Existence) { -slack } else { slack };
    if has_several_statements(form) || found.len() == 1 {
        let entries = excess.iter().zip(found.iter().zip(claimed)).filter_map(|(excess, (found, claimed))| {
            let size = Rational::from(found.abs_ref()) + Rational::from(claimed.abs_ref());
            (!size.is_zero()).then(|| excess / size)
        });
        return entries.min().map(of_kind);
    }
    let size = [found, claimed].map(|M| M.map(|v| nearest_f64(&v)).norm()).iter().sum::<f64>();
    let difference = excess.map(|v| nearest_f64(&v)) / size;
    let slack = matrix::is_symmetric(&excess).then(|| difference.symmetric_eigenvalues().min())?;
    Rational::from_f64(if slack.abs() < ROUNDING { 0.0 } else { slack }).map(of_kind)
}

/// Whether the sides of several comparisons, of scalars, stand below each other.
fn has_several_statements(form: &Form) -> bool {
    form.text().statements.len() > 1
}

/// Several comparisons of scalars, by the signs of what has to be positive.
fn several(form: &Form, signs: impl Iterator<Item = Ordering> + Clone) -> Standing {
    let is_missed = |(sign, relation): (Ordering, Relation)| sign.is_lt() || sign.is_eq() && relation.is_strict();
    match signs.zip(form.formula().relations()).any(is_missed) {
        true => Standing::Missed,
        false => Standing::Met,
    }
}

/// Judges a bound or a claim of existence at a setting. Where the two sides are equal, or are in some direction, a
/// strict order does not hold. `found` and `claimed` are the values of the sides; `found` is said where the form
/// calls it by another name than the printed one, of which an engine tells the value.
pub(crate) fn bound(claim: &Claim, form: &Form, standing: Standing, [found, claimed]: [String; 2]) -> Outcome {
    let exists = matches!(claim.kind, Kind::Existence);
    let relations = Vec::from_iter(form.formula().relations());
    let is_strict = relations.iter().any(|relation| relation.is_strict());
    let (holds, how) = match standing {
        Standing::Met => (true, "as it is".into()),
        Standing::Missed => (false, "which it is not".into()),
        Standing::Reached => (!is_strict, "which it reaches".into()),
        // That a bound is strict is not told; a witness of an existence it is not, as nothing is known to be exceeded.
        Standing::Equal if is_strict && !exists => {
            return Outcome::undecided(format!("not told from the claimed value, which is {claimed}"));
        }
        Standing::Equal => (!exists, format!("which it equals within {AGREEMENT:e}")),
    };
    let mut symbols = Vec::from_iter(relations.iter().map(|relation| relation.written(Spelling::Unicode)));
    symbols.dedup();
    let symbols = symbols.join(" and ");
    let side = form.found_side();
    let other = if side == claim.printed.found_side() { String::new() } else { format!("{side} = {found}, ") };
    outcome(holds, format!("{other}{symbols} {claimed}, {how}"))
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
pub fn direction(form: &Form) -> When {
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

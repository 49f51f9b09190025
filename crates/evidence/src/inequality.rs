//! Claims that something is larger, or exists: bounds, witnesses and conditions of stability.

use std::cmp::Ordering;

use claims::{Form, Kind};
use notation::tree::{Relation, Statement, When};
use numbers::matrix::{self, Definiteness, definiteness, is_positive_definite};
use numbers::{Interval, Matrix, Scalar, nearest_f64};
use rug::Rational;
use symbols::Setting;

use crate::allowances::{AGREEMENT, ROUNDING};
use crate::engine::{Comparison, Outcome, Remark};
use crate::verdict::Verdict;

/// How the value that was found compares with the claimed one. Symmetric matrices are compared in the Loewner order: one
/// exceeds another where their difference has a positive eigenvalue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    /// It exceeds what is claimed; for an existence, in all directions.
    Exceeded,
    /// It does not exceed what is claimed, and is equal to it in some direction.
    Reached,
    /// It does not exceed what is claimed; for a bound, it is smaller in all directions.
    NotExceeded,
    /// It is certain to exceed what is claimed by at most [`AGREEMENT`], and may be equal.
    Equal,
}

impl Excess {
    /// How two sides compare, exactly.
    ///
    /// # Errors
    /// Where an order does not compare them, or its answer takes too long, in words.
    pub(crate) fn of(kind: Kind, form: &Form, comparison: &Comparison<Rational>) -> Result<Excess, String> {
        let wanted = wanted(kind, comparison);
        if has_several_statements(form) {
            return Ok(several(kind, form, wanted.iter().map(Rational::cmp0)));
        }
        if !matrix::is_symmetric(&wanted) {
            return Err(format!("{} less the other side is not symmetric, and has no sign", form.found_side()));
        }
        Ok(match definiteness(&wanted) {
            _ if is_positive_definite(&wanted) => Excess::met(kind),
            Definiteness::Semidefinite => Excess::Reached,
            Definiteness::Indefinite { .. } => Excess::missed(kind),
            Definiteness::Undecided => return Err("the matrix is too close to a singular one to have a sign".into()),
        })
    }

    /// How two sides compare that are enclosed; `unit` is their size. `None` where that is not known.
    pub(crate) fn enclosed(kind: Kind, form: &Form, comparison: &Comparison<Interval>, unit: f64) -> Option<Excess> {
        let wanted = wanted(kind, comparison);
        if has_several_statements(form) {
            let signs = wanted.iter().map(Interval::sign).collect::<Option<Vec<_>>>()?;
            return Some(several(kind, form, signs.into_iter()));
        }
        if wanted.len() == 1 && wanted[(0, 0)].sign() == Some(Ordering::Equal) {
            return Some(Excess::Reached);
        }
        let D = wanted.nrows();
        let middles = wanted.iter().map(Interval::midpoint).collect::<Option<Vec<_>>>()?;
        let middle = Matrix::from_vec(D, wanted.ncols(), middles);
        let symmetric = (&middle + middle.transpose()) / Rational::from(2);
        let mut radius = Rational::new();
        for width in wanted.iter().map(Interval::width) {
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
            return Some(Excess::met(kind));
        }
        if matches!(definiteness(&moved(radius.clone())), Definiteness::Indefinite { .. }) {
            return Some(Excess::missed(kind));
        }
        let allowed = Rational::from_f64(AGREEMENT * unit)? - radius;
        let is_close = allowed >= 0 && definiteness(&moved(allowed)) == Definiteness::Semidefinite;
        is_close.then_some(Excess::Equal)
    }

    fn met(kind: Kind) -> Self {
        if matches!(kind, Kind::Existence) { Excess::Exceeded } else { Excess::NotExceeded }
    }

    fn missed(kind: Kind) -> Self {
        if matches!(kind, Kind::Existence) { Excess::NotExceeded } else { Excess::Exceeded }
    }
}

/// The matrix that has to be positive semidefinite, or definite where the order is strict: claimed − found for a bound,
/// found − claimed for an existence.
fn wanted<T: Scalar>(kind: Kind, Comparison { found, claimed }: &Comparison<T>) -> Matrix<T> {
    if matches!(kind, Kind::Existence) { found - claimed } else { claimed - found }
}

/// How far a bound is from being broken, or a claim of existence from having its witness, relative to the size of both
/// sides: for a bound the least eigenvalue of claimed − found, for an existence the largest one. Several comparisons of
/// scalars have the least of their slacks. Only a search follows it, so that the eigenvalues of two rows and more may be
/// those of doubles.
pub(crate) fn slack(kind: Kind, form: &Form, comparison: &Comparison<Rational>) -> Option<Rational> {
    let Comparison { found, claimed } = comparison;
    if has_several_statements(form) || found.len() == 1 {
        let entries = found.iter().zip(claimed).filter_map(|(found, claimed)| {
            let size = Rational::from(found.abs_ref()) + Rational::from(claimed.abs_ref());
            let slack = Rational::from(claimed - found);
            (!size.is_zero()).then(|| slack / size)
        });
        return entries.min();
    }
    let size = [found, claimed].map(|M| M.map(|v| nearest_f64(&v)).norm()).iter().sum::<f64>();
    let difference = (claimed - found).map(|v| nearest_f64(&v)) / size;
    let eigenvalues = matrix::is_symmetric(&(claimed - found)).then(|| difference.symmetric_eigenvalues())?;
    let slack = if matches!(kind, Kind::Existence) { eigenvalues.max() } else { eigenvalues.min() };
    Rational::from_f64(if slack.abs() < ROUNDING { 0.0 } else { slack })
}

/// Whether the sides of several comparisons, of scalars, stand below each other.
fn has_several_statements(form: &Form) -> bool {
    form.text().statements.len() > 1
}

/// Several comparisons of scalars, by the signs of what has to be positive.
fn several(kind: Kind, form: &Form, signs: impl Iterator<Item = Ordering> + Clone) -> Excess {
    match () {
        _ if signs.clone().any(Ordering::is_lt) => Excess::missed(kind),
        _ if signs.zip(&form.text().statements).any(|(sign, of)| sign.is_eq() && is_strict(of)) => Excess::missed(kind),
        _ => Excess::met(kind),
    }
}

fn is_strict(statement: &Statement) -> bool {
    use Relation::{Greater, Less, Precedes, Succeeds};
    let Statement::Comparison { comparison, .. } = statement else { return false };
    comparison.rest.iter().all(|(relation, _)| matches!(relation, Less | Greater | Precedes | Succeeds))
}

/// Judges a claim of existence, which holds where the claimed value is exceeded, or a bound, which holds where it is
/// not. Where the two are equal, or are in some direction, a strict order holds nowhere.
pub(crate) fn bound(kind: Kind, form: &Form, excess: Excess, claimed: &str) -> Outcome {
    let exists = matches!(kind, Kind::Existence);
    let is_strict = form.text().statements.iter().any(is_strict);
    let (holds, line) = match excess {
        Excess::Exceeded => (exists, "which is exceeded".into()),
        Excess::NotExceeded => (!exists, "which is not exceeded".into()),
        Excess::Reached if exists == is_strict => (!exists, "which is not exceeded".into()),
        Excess::Reached => (exists, "which is reached".into()),
        // That a bound is strict is not told; a witness of an existence it is not, as nothing is known to be exceeded.
        Excess::Equal if is_strict && !exists => {
            return Outcome::undecided(format!("not told from the claimed value, which is {claimed}"));
        }
        Excess::Equal => (!exists, format!("which it equals within {AGREEMENT:e}")),
    };
    outcome(holds, format!("{claimed}, {line}"))
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

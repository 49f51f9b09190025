//! Claims of other papers, as they stand in `papers/`: that they are read, and what the exact engine says of them.

use crate::choices::Seeded;
use claims::hypotheses::ONE_WEIGHT;
use claims::{Claim, Form, Hypothesis, Kind, file};
use exact::{ExactError, minibatch, stationary};
use formula::{Given, Subject};
use notation::tree::{Statement, When};
use numbers::{Matrix, Residue, matrix};
use rug::ops::RemRounding;
use rug::{Integer, Rational};
use symbols::{Minibatch, Setting};

const PAPERS: [(&str, &str); 2] = [
    ("papers/mulayoff-michaeli-2024.toml", include_str!("../../../../papers/mulayoff-michaeli-2024.toml")),
    ("papers/yaida-2019.toml", include_str!("../../../../papers/yaida-2019.toml")),
];

/// How many settings a claim is tried at, in each dimension.
const SETTINGS: usize = 10;

/// How often a setting is drawn at most.
const DRAWS: usize = 200;

fn claims() -> Vec<Claim> {
    let read = |(name, text)| file::read(name, text).unwrap_or_else(|error| panic!("{error}"));
    PAPERS.into_iter().flat_map(read).collect()
}

/// The claim of this name.
fn claim(id: &str) -> Claim {
    claims().into_iter().find(|claim| claim.id == id).unwrap()
}

/// Whether it is about one weight alone.
fn has_one_weight(claim: &Claim) -> bool {
    claim.hypotheses.iter().any(|h| h.name == ONE_WEIGHT.name)
}

/// Settings of one weight and of two.
fn settings(claim: &Claim, without: &[&Hypothesis]) -> Vec<Setting<Rational>> {
    let most = if has_one_weight(claim) { 1 } else { 2 };
    let drawn = Vec::from_iter((1..=most).flat_map(|D| {
        let mut choices = Seeded::new(D as u64);
        Vec::from_iter((0..DRAWS).filter_map(|_| claim.draw(D, without, &mut choices).ok().flatten()))
    }));
    assert!(drawn.len() >= SETTINGS, "{} without {without:?}: {} drawn", claim.id, drawn.len());
    drawn
}

/// The image of a fraction modulo the prime.
fn residue(value: &Rational) -> Residue {
    let modulus = Integer::from(Residue::MODULUS);
    let [numerator, denominator] = [value.numer(), value.denom()]
        .map(|integer| Residue::new(integer.clone().rem_euc(&modulus).to_u128().unwrap()));
    numerator / denominator
}

/// Whether found is claimed at a setting; `None` where nothing is stationary.
fn agrees(form: &Form, setting: &Setting<Rational>) -> Option<bool> {
    let moments = match form.subject() {
        Subject::Stationary => match stationary(setting) {
            Err(ExactError::Unstable) => return None,
            moments => Some(moments.unwrap()),
        },
        Subject::Setting | Subject::Minibatch => None,
    };
    let step = (form.subject() == Subject::Minibatch).then(|| minibatch(setting).unwrap());
    let given = Given { setting, moments: moments.as_ref(), minibatch: step.as_ref() };
    let [found, claimed] = [form.found(&given).unwrap(), form.claimed(&given).unwrap()];
    let agrees = Some(found == claimed);
    // Modulo a prime a pseudo-inverse is an inverse.
    if matrix::inverse(&setting.hessian()).is_err() {
        return agrees;
    }
    let (setting, moments) = (setting.map(residue), moments.map(|moments| moments.map(residue)));
    let step = step.map(|step| Minibatch {
        gradient: step.gradient.map(|v| residue(&v)),
        noise_covariance: step.noise_covariance.map(|v| residue(&v)),
    });
    let given = Given { setting: &setting, moments: moments.as_ref(), minibatch: step.as_ref() };
    let modular = [form.found(&given).unwrap(), form.claimed(&given).unwrap()];
    let exact = [found, claimed].map(|side| side.map(|v| residue(&v)));
    assert_eq!(exact, modular, "{} at {setting:?}", form.written());
    agrees
}

/// At how many settings a form holds, and at how many it fails, of the first with a stationary state.
fn verdicts(claim: &Claim, form: &Form, without: &[&Hypothesis]) -> [usize; 2] {
    let mut counts = [[0; 2]; 2];
    for setting in settings(claim, without) {
        let of_dimension = &mut counts[setting.dimension() - 1];
        if of_dimension.iter().sum::<usize>() < SETTINGS
            && let Some(agrees) = agrees(form, &setting)
        {
            of_dimension[usize::from(!agrees)] += 1;
        }
    }
    let counts = [0, 1].map(|verdict| counts[0][verdict] + counts[1][verdict]);
    assert!(counts.iter().sum::<usize>() >= SETTINGS, "{}: {counts:?}", claim.id);
    counts
}

#[test]
fn every_statement_is_a_claim() {
    let claims = claims();
    assert_eq!(claims.iter().filter(|claim| claim.id.starts_with("mulayoff-michaeli/")).count(), 17);
    assert_eq!(claims.iter().filter(|claim| claim.id.starts_with("yaida/")).count(), 4);
    let of = |name: &str| claims.iter().filter(|claim| claim.kind.name() == name).count();
    assert_eq!((of("exact"), of("stability"), of("equivalence")), (12, 6, 3));
}

#[test]
fn equalities_hold() {
    for claim in claims().iter().filter(|claim| matches!(claim.kind, Kind::Exact)) {
        let [_, failed] = verdicts(claim, &claim.printed, &[]);
        assert_eq!(failed, 0, "{}", claim.id);
    }
}

#[test]
fn strengthened_equalities_hold() {
    for claim in claims().iter().filter(|claim| matches!(claim.kind, Kind::Exact)) {
        let Some(strengthened) = &claim.strengthened else { continue };
        let [_, failed] = verdicts(claim, &strengthened.form, &strengthened.without);
        assert_eq!(failed, 0, "{}: {}", claim.id, strengthened.form.written());
    }
}

/// Whether a statement is as claimed, where there is a verdict.
fn is_true(form: &Form, setting: &Setting<Rational>) -> Option<bool> {
    match form.kind() {
        formula::Kind::Stability => Some(is_stable_as_claimed(form, setting)),
        formula::Kind::Equivalence => Some(form.holds(setting).unwrap()),
        _ => agrees(form, setting),
    }
}

#[test]
fn rivals_fail() {
    for claim in claims() {
        let Some(rival) = &claim.rival else { continue };
        let fails = settings(&claim, &[]).iter().any(|setting| is_true(&rival.form, setting) == Some(false));
        assert!(fails, "{}: {}", claim.id, rival.form.written());
    }
}

/// Whether the mean of v = w − w* converges: without momentum it is multiplied by F = I − ΛK, whose powers vanish where
/// Y = FYFᵀ + I has a positive definite solution.
fn mean_converges(setting: &Setting<Rational>) -> bool {
    let D = setting.dimension();
    let I = matrix::identity::<Rational>(D);
    let F = &I - setting.learning_rate() * setting.hessian();
    let column = Matrix::from_column_slice(D * D, 1, I.as_slice());
    let Ok(Y) = matrix::solve(&(matrix::identity(D * D) - F.kronecker(&F)), &column) else { return false };
    matrix::is_positive_definite(&Matrix::from_column_slice(D, D, Y.as_slice()))
}

/// The direction of a statement of stability, and whether it is about the mean.
fn stability(form: &Form) -> (When, bool) {
    match form.text().statements.as_slice() {
        [Statement::Stationary { in_mean, when, .. }] => (*when, *in_mean),
        statements => panic!("{statements:?}"),
    }
}

/// Whether the condition holds, and whether there is what it is about.
fn sides(form: &Form, setting: &Setting<Rational>) -> [bool; 2] {
    let (_, in_mean) = stability(form);
    [form.holds(setting).unwrap(), if in_mean { mean_converges(setting) } else { stationary(setting).is_ok() }]
}

fn is_stable_as_claimed(form: &Form, setting: &Setting<Rational>) -> bool {
    let [holds, is_stationary] = sides(form, setting);
    match stability(form).0 {
        When::Iff => holds == is_stationary,
        When::If => is_stationary || !holds,
        When::OnlyIf => holds || !is_stationary,
    }
}

fn assert_stability(claim: &Claim, form: &Form, without: &[&Hypothesis]) {
    let settings = settings(claim, without);
    for setting in &settings {
        assert!(is_stable_as_claimed(form, setting), "{}: {:?} at {setting:?}", claim.id, sides(form, setting));
    }
    let count = |wanted| settings.iter().filter(|setting| sides(form, setting) == wanted).count();
    let ([neither, both], enough) = ([[false; 2], [true; 2]].map(count), count([true, false]));
    assert!(neither >= SETTINGS && both >= SETTINGS, "{}: {neither} and {both}", claim.id);
    // What is necessary is not enough; the bound by the top eigenvector is where there is no other vector.
    let is_sharp = stability(form).0 == When::Iff || has_one_weight(claim);
    assert_eq!(is_sharp, enough == 0, "{}", claim.id);
}

#[test]
fn stability_is_as_claimed() {
    for claim in claims().iter().filter(|claim| matches!(claim.kind, Kind::Stability)) {
        assert_stability(claim, &claim.printed, &[]);
        if let Some(strengthened) = &claim.strengthened {
            assert_stability(claim, &strengthened.form, &strengthened.without);
        }
    }
}

/// At B = n the two conditions are one, and elsewhere they are not.
#[test]
fn full_batches_hide_nothing() {
    let (of_square, of_mean) = (claim("mulayoff-michaeli/stability"), claim("mulayoff-michaeli/mean-stability"));
    let differ = |setting: &&Setting<Rational>| {
        of_square.printed.holds(setting).unwrap() != of_mean.printed.holds(setting).unwrap()
    };
    let settings = settings(&of_square, &[]);
    let full = |setting: &&Setting<Rational>| Some(setting.batch_size().get() as usize) == setting.sample_count();
    assert!(settings.iter().filter(full).count() > 0);
    assert_eq!(settings.iter().filter(full).filter(differ).count(), 0);
    assert!(settings.iter().filter(differ).count() > 0);
}

#[test]
fn equivalences_hold() {
    for claim in claims().iter().filter(|claim| matches!(claim.kind, Kind::Equivalence)) {
        let mut count = 0;
        for setting in settings(claim, &[]) {
            assert!(claim.printed.holds(&setting).unwrap(), "{} at {setting:?}", claim.id);
            count += 1;
        }
        assert!(count >= SETTINGS, "{}", claim.id);
    }
}

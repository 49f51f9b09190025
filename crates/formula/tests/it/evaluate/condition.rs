//! Conditions at settings, and in which sense statements claim to hold.

use formula::{EvaluationError, Formula, Given, Kind, Subject};
use notation::tree::{Limit, Relation};
use notation::{Context, LearningRate};
use symbols::{BatchSize, Moments, Quantity};

use super::build::{one_weight, q, two_weights};

const SCALAR: LearningRate = LearningRate::Scalar;

fn formula(statement: &str) -> Formula {
    let text = reader::text(&[statement], &[]).unwrap();
    let context = Context { learning_rate: SCALAR, data_set: true, ..Context::default() };
    Formula::new(text, &context).unwrap()
}

#[test]
fn a_condition_holds_at_settings() {
    // a = 1, λ = ½, S = 2.
    let holds = |statement: &str| formula(statement).holds(&one_weight());
    assert_eq!(holds("stationary iff 2I − λA ≻ 0"), Ok(true));
    assert_eq!(holds("stationary iff ∑ᵢ 1/(2/(λaᵢ) − 1 − 1/S) < S and 2I − λ(1 + 1/S)A ≻ 0"), Ok(true));
    assert_eq!(holds("stationary iff 4I − 2λA ≺ 0"), Ok(false));
    assert_eq!(holds("stationary iff Tr[A] > 0 and S < 2"), Ok(false));
    // Beside "stationary" the edge counts as outside, elsewhere not.
    assert_eq!(holds("stationary iff S ≥ 2"), Ok(false));
    assert_eq!(holds("S ≥ 2 iff S > 1"), Ok(true));
    assert_eq!(holds("S > 2 iff S > 1"), Ok(false));
    assert_eq!(holds("1 < S ≤ 2 iff S = 2"), Ok(true));
    assert_eq!(formula("stationary iff S ≥ 2").kind(), Kind::Stability);
    assert_eq!(formula("stationary iff S ≥ 2").subject(), Subject::Stationary);
    assert_eq!(formula("S ≥ 2 iff S > 1").kind(), Kind::Equivalence);
}

#[test]
fn a_matrix_is_compared_on_the_range_of_another() {
    let holds = |statement: &str| formula(statement).holds(&two_weights());
    assert_eq!(holds("stationary iff U ≻ 0"), Ok(false));
    assert_eq!(holds("stationary iff U ≻ 0 on U"), Ok(true));
    assert_eq!(holds("U ⪰ 0 iff S > 0"), Ok(true));
    let crooked = holds("stationary iff ΛA ≻ 0").unwrap_err();
    assert!(matches!(crooked, EvaluationError::Undefined { .. }), "{crooked}");
}

#[test]
fn kinds_follow_from_the_text() {
    assert_eq!(formula("L_train = σ²/2 + O(λ²)").kind(), Kind::Limit(Limit::LearningRate, 2));
    assert_eq!(formula("L_train → σ²/2, λ → 0").kind(), Kind::Limit(Limit::LearningRate, 1));
    let approximation = formula("Σ ≈ σ²Λ/(2S), S → ∞");
    assert_eq!(approximation.kind(), Kind::Approximation(Limit::BatchSize, 1));
    assert_eq!(approximation.with_order(2).kind(), Kind::Approximation(Limit::BatchSize, 2));
    assert_eq!(formula("L_test ≤ L_train").kind(), Kind::Bound);
}

#[test]
fn what_is_found_of_a_bound_is_its_quantity_or_its_left_side() {
    let setting = one_weight();
    let square = numbers::matrix::scalar(q(1, 1));
    let moments = Moments {
        fluctuation: square.clone(),
        noise_covariance: square,
        train_loss: q(5, 1),
        test_loss: Some(q(7, 1)),
        mean: None,
        buffer: None,
    };
    let given = Given { setting: &setting, moments: Some(&moments), minibatch: None };
    let sides = |statement: &str| {
        let formula = formula(statement);
        let entry = |side: numbers::Matrix<rug::Rational>| side[(0, 0)].clone();
        let relation = formula.relations().next().unwrap();
        (entry(formula.found(&given).unwrap()), relation, entry(formula.claimed(&given).unwrap()), formula.quantity())
    };
    let [train, test] = [Quantity::TrainLoss, Quantity::TestLoss].map(Some);
    assert_eq!(sides("L_test ≤ L_train"), (q(7, 1), Relation::AtMost, q(5, 1), test));
    assert_eq!(sides("L_train ≥ L_test"), (q(5, 1), Relation::AtLeast, q(7, 1), train));
    assert_eq!(sides("L_test > L_train somewhere"), (q(7, 1), Relation::Greater, q(5, 1), test));
    assert_eq!(sides("½ σ² < L_test somewhere"), (q(7, 1), Relation::Greater, q(1, 2), test));
    assert_eq!(sides("L_test ≥ ½ σ²"), (q(7, 1), Relation::AtLeast, q(1, 2), test));
    assert_eq!(sides("½ σ² ≤ L_test"), (q(7, 1), Relation::AtLeast, q(1, 2), test));
    assert_eq!(sides("σ² ≤ 2L_train"), (q(1, 1), Relation::AtMost, q(10, 1), None));
    // What is found has the name of its own side.
    for (statement, found) in [
        ("L_test ≤ L_train", "L_test"),
        ("L_train ≥ L_test", "L_train"),
        ("2 L_train ≥ σ²", "2L_train"),
        ("L_test ≥ ½ σ²", "L_test"),
        ("½ σ² < L_test somewhere", "L_test"),
        ("½ σ² = L_test", "L_test"),
        ("2L_train = 3L_test", "2L_train"),
    ] {
        let formula = formula(statement);
        assert_eq!(formula.found_side(), found);
        assert_eq!(formula.found(&given), self::formula(&format!("{found} = {found}")).found(&given), "{statement}");
    }
}

#[test]
fn several_equations_stand_below_each_other() {
    let text = reader::text(&["A = K", "S = 2"], &[]).unwrap();
    let formula = Formula::new(text, &Context::default()).unwrap();
    assert_eq!(formula.quantity(), None);
    assert_eq!(formula.subject(), Subject::Setting);
    let setting = one_weight().with_batch_size(BatchSize::new(5).unwrap()).unwrap();
    let given = Given::setting(&setting);
    assert_eq!(formula.found(&given).unwrap().as_slice(), [q(1, 1), q(5, 1)]);
    assert_eq!(formula.claimed(&given).unwrap().as_slice(), [q(1, 1), q(2, 1)]);
    let mixed = reader::text(&["A = K", "S > 2"], &[]).unwrap();
    let found = Formula::new(mixed, &Context::default()).unwrap_err();
    assert_eq!(found[0].message, "the statements of one claim are of different kinds");
}

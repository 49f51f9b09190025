//! What formulas are worth, by hand and by other routes.

mod build;
mod checked;
mod condition;
mod mistakes;
mod naive;
mod robust;

use build::*;
use formula::{EvaluationError, Formula, Given, Kind, Subject};
use notation::tree::{Expr, Index, Name, Node, Point};
use notation::{Context, LearningRate, Weights};
use numbers::matrix::{self, identity};
use numbers::{Degrees, Matrix, Residue};
use rug::Rational;
use symbols::{BufferMoments, Minibatch, Moments, Quantity};

/// Theorem 2 with its definitions: Σ = (σ²/S)(1 + κ/S) ΛG⁻¹.
fn theorem_2() -> notation::tree::Text {
    let half = over(less(number(1), name("μ")), sum([number(1), name("μ")]));
    let curvature = sum([half, over(number(1), name("S"))]);
    let G = less(times([number(2), less(number(1), name("μ")), name("I")]), times([curvature, name("Λ"), name("A")]));
    let response = || trace(times([name("Λ"), name("A"), power(name("G"), -1)]));
    let kappa = over(response(), less(number(1), times([over(number(1), name("S")), response()])));
    let growth = sum([number(1), over(name("κ"), name("S"))]);
    let right = times([over(name("σ²"), name("S")), growth, name("Λ"), power(name("G"), -1)]);
    text(equation(name("Σ"), right), [is("κ", kappa), is("G", G)])
}

#[test]
fn theorem_2_of_one_weight_by_hand() {
    let formula = Formula::new(theorem_2(), &Context::default()).unwrap();
    assert_eq!(formula.kind(), Kind::Exact);
    assert_eq!(formula.subject(), Subject::Stationary);
    assert_eq!(formula.quantity(), Some(Quantity::Fluctuation));
    assert!(!formula.needs_moments());
    let setting = one_weight();
    assert_eq!(formula.claimed(&Given::setting(&setting)).unwrap(), matrix::scalar(q(1, 4)));
    // One weight makes numbers of matrices.
    let one = Context { weights: Weights::One, ..Context::default() };
    let formula = Formula::new(theorem_2(), &one).unwrap();
    assert_eq!(formula.claimed(&Given::setting(&setting)).unwrap(), matrix::scalar(q(1, 4)));
    assert!(matches!(formula.claimed(&Given::setting(&two_weights())), Err(EvaluationError::Undefined { .. })));
}

#[test]
fn a_formula_is_evaluated_over_every_field() {
    let formula = Formula::new(theorem_2(), &Context::default()).unwrap();
    let exact = formula.claimed(&Given::setting(&two_weights())).unwrap();
    let double = formula.claimed(&Given::setting(&two_weights().map(numbers::nearest_f64))).unwrap();
    assert!((double - exact.map(|v| numbers::nearest_f64(&v))).amax() < 1e-12);
    let whole = |v: &rug::Integer| Residue::new(v.clone().abs().to_u128().unwrap());
    let residue = |v: &Rational| {
        let size = whole(v.numer()) / whole(v.denom());
        if *v < 0 { -size } else { size }
    };
    let modular = formula.claimed(&Given::setting(&two_weights().map(residue))).unwrap();
    assert!(modular.iter().zip(exact.iter()).all(|(found, exact)| *found == residue(exact)));
    let bounds = formula.claimed(&Given::setting(&one_weight().map(|_| Degrees::variables(1, &[]).remove(0))));
    assert!(bounds.is_ok());
}

#[test]
fn the_stationary_equation_has_a_quantity_on_the_right() {
    let drift = times([name("Λ"), name("K"), name("Σ")]);
    let step = times([name("Λ"), name("C"), name("Λ")]);
    let formula = Formula::new(text(equation(drift, step), []), &Context::default()).unwrap();
    assert_eq!(formula.quantity(), Some(Quantity::StepCovariance));
    assert!(formula.needs_moments());
    let setting = two_weights();
    let moments = moments();
    let given = Given { setting: &setting, moments: Some(&moments), minibatch: None };
    let L = setting.learning_rate();
    assert_eq!(formula.found(&given).unwrap(), L * &moments.noise_covariance * L);
    assert_eq!(formula.claimed(&given).unwrap(), L * setting.hessian() * &moments.fluctuation);
    let missing = formula.claimed(&Given::setting(&setting)).unwrap_err();
    assert!(matches!(missing, EvaluationError::Undefined { ref symbol, .. } if symbol == "Σ"));
}

/// Any moments.
fn moments() -> Moments<Rational> {
    let square = |entries: [i64; 3]| {
        let [a, b, d] = entries.map(|v| q(v, 1));
        Matrix::from_row_slice(2, 2, &[a, b.clone(), b, d])
    };
    Moments {
        mean: None,
        fluctuation: square([5, 1, 4]),
        noise_covariance: square([7, -2, 6]),
        train_loss: q(11, 2),
        test_loss: Some(q(13, 3)),
        buffer: Some(buffer()),
    }
}

/// Any moments of the buffer.
fn buffer() -> BufferMoments<Rational> {
    let square = |entries: [i64; 4]| Matrix::from_row_slice(2, 2, &entries.map(|v| q(v, 1)));
    BufferMoments { with_weights: square([1, 2, -3, 8]), square: square([9, 2, 2, 3]) }
}

fn minimizer() -> Expr {
    name("w*")
}

fn stationary(statement: notation::tree::Statement) -> [Matrix<Rational>; 2] {
    let formula = Formula::new(text(statement, []), &Context::default()).unwrap();
    assert_eq!(formula.subject(), Subject::Stationary);
    let (setting, moments) = (two_weights(), moments());
    let given = Given { setting: &setting, moments: Some(&moments), minibatch: None };
    [formula.found(&given).unwrap(), formula.claimed(&given).unwrap()]
}

#[test]
fn means_are_second_moments() {
    let holds = |left: Expr, right: Expr| {
        let [left, right] = stationary(equation(left, right));
        assert_eq!(left, right);
    };
    let w = || name("w");
    // E[wᵀBw] = Tr[BΣ] + w*ᵀBw*.
    let still = || times([turned(minimizer()), name("B"), minimizer()]);
    holds(mean(times([turned(w()), name("B"), w()])), sum([trace(times([name("B"), name("Σ")])), still()]));
    // E[(w − w*)(w − w*)ᵀ] = Σ.
    let away = || less(w(), minimizer());
    holds(mean(times([away(), turned(away())])), name("Σ"));
    // E[wᵀ∇L] = Tr[KΣ], E[∇Lwᵀ] = KΣ, E[∇L] = 0.
    holds(mean(times([turned(w()), name("∇L")])), trace(times([name("K"), name("Σ")])));
    holds(mean(times([name("∇L"), turned(w())])), times([name("K"), name("Σ")]));
    holds(mean(name("∇L")), number(0));
    // E[ĝĝᵀ] = C + KΣK, E[ĝwᵀ] = KΣ.
    let K_spread = || times([name("K"), name("Σ")]);
    let square = sum([name("C"), times([K_spread(), name("K")])]);
    holds(mean(times([name("ĝ"), turned(name("ĝ"))])), square);
    holds(mean(times([name("ĝ"), turned(w())])), K_spread());
    // A scalar beside a vector, twice over: E[(uᵀw) w] = E[wwᵀ] u, and E[w (uᵀw)].
    let along = || times([turned(name("u")), w()]);
    let second = || sum([name("Σ"), times([minimizer(), turned(minimizer())])]);
    holds(mean(times([along(), w()])), times([second(), name("u")]));
    holds(mean(times([w(), along()])), times([second(), name("u")]));
    holds(mean(power(along(), 2)), times([turned(name("u")), second(), name("u")]));
    // E[|w − w*|²] = Tr[Σ].
    let norm = Expr::of(Node::Norm(Box::new(away())));
    holds(mean(power(norm, 2)), trace(name("Σ")));
}

#[test]
fn means_of_the_buffer_are_its_moments() {
    let (setting, moments) = (two_weights(), moments());
    let given = Given { setting: &setting, moments: Some(&moments), minibatch: None };
    let formula = |text: &str| {
        let text = reader::text(&[text], &[]).unwrap();
        Formula::new(text, &Context::default()).unwrap()
    };
    let value = |text: &str| formula(&format!("{text} = 0")).found(&given).unwrap();
    let (K, BufferMoments { with_weights, square }) = (setting.hessian(), buffer());
    // w lies around w*, and m around 0.
    assert_eq!(value("E[m]"), Matrix::zeros(2, 1));
    assert_eq!(value("E[mmᵀ]"), square);
    assert_eq!(value("E[wmᵀ]"), with_weights);
    assert_eq!(value("E[mwᵀ]"), with_weights.transpose());
    assert_eq!(value("E[mᵀm]"), matrix::scalar(q(12, 1)));
    assert_eq!(value("E[|m|²]"), matrix::scalar(q(12, 1)));
    assert_eq!(value("E[wᵀm]"), matrix::scalar(q(9, 1)));
    // The next gradient has the mean K(w − w*), whatever m is.
    assert_eq!(value("E[ĝmᵀ]"), &K * &with_weights);
    assert_eq!(value("E[mĝᵀ]"), with_weights.transpose() * &K);
    assert_eq!(value("E[∇Lmᵀ]"), &K * &with_weights);
    // The squares of w − Λ(μm + ĝ) − w* and of μm + ĝ, of the next step.
    let [L, mu] = [setting.learning_rate().clone(), matrix::identity(2) * setting.momentum().clone()];
    let of_step = &square * setting.momentum().clone() * setting.momentum().clone()
        + (&K * &with_weights + with_weights.transpose() * &K) * setting.momentum().clone()
        + &K * &moments.fluctuation * &K
        + &moments.noise_covariance;
    assert_eq!(value("E[(μm + ĝ)(μm + ĝ)ᵀ]"), of_step);
    let before = &with_weights * mu + &moments.fluctuation * &K;
    let across = &before * &L;
    let next = &moments.fluctuation - &across - across.transpose() + &L * of_step * &L;
    assert_eq!(value("E[(w − Λ(μm + ĝ) − w*)(w − Λ(μm + ĝ) − w*)ᵀ]"), next);
    assert!(formula("E[wᵀ∇L] = E[wᵀm]").needs_moments());

    // One weight: a = σ² = 1, S = 4, λ = 1/10, μ = 9/10 has E[m²] = 20/11 and E[(w − w*)m] = −1/11. Here λ = ½.
    let one = |v: (i64, i64)| matrix::scalar(q(v.0, v.1));
    let of_one = Moments {
        mean: None,
        fluctuation: one((19, 110)),
        noise_covariance: one((37, 110)),
        train_loss: q(1, 2),
        test_loss: None,
        buffer: Some(BufferMoments { with_weights: one((-1, 11)), square: one((20, 11)) }),
    };
    let text = reader::text(&["E[λm² + (w − w*)m] = 0"], &[]).unwrap();
    let context = Context { weights: Weights::One, ..Context::default() };
    let setting_of_one = one_weight();
    let at_one = Given { setting: &setting_of_one, moments: Some(&of_one), minibatch: None };
    assert_eq!(Formula::new(text, &context).unwrap().found(&at_one).unwrap(), one((9, 11)));

    let without = Moments { buffer: None, ..moments.clone() };
    let given = Given { moments: Some(&without), ..given };
    let missing = formula("E[mᵀm] = 0").found(&given).unwrap_err();
    assert!(matches!(missing, EvaluationError::Undefined { ref symbol, .. } if symbol == "E[mmᵀ]"), "{missing}");
}

#[test]
fn means_that_relations_are_made_of() {
    let (setting, moments) = (two_weights(), moments());
    let given = Given { setting: &setting, moments: Some(&moments), minibatch: None };
    let value = |text: &str| {
        let text = reader::text(&[&format!("{text} = 0")], &[]).unwrap();
        Formula::new(text, &Context::default()).unwrap().found(&given).unwrap()
    };
    let (K, Moments { fluctuation, noise_covariance, .. }) = (setting.hessian(), &moments);
    let square = &K * fluctuation * &K;
    assert_eq!(value("E[w∇Lᵀ]"), fluctuation * &K);
    assert_eq!(value("E[wᵀ∇L]"), matrix::scalar(matrix::trace(&(fluctuation * &K))));
    assert_eq!(value("E[|w − w*|²]"), matrix::scalar(matrix::trace(fluctuation)));
    assert_eq!(value("E[|∇L|²]"), matrix::scalar(matrix::trace(&square)));
    assert_eq!(value("E[ĝĝᵀ]"), noise_covariance + &square);
    // A number behind a matrix leaves it a matrix, which has a trace.
    assert_eq!(value("E[Tr[ĝĝᵀS]] − SE[|ĝ|²]"), Matrix::zeros(1, 1));
    assert_eq!(value("E[|ĝ|²]"), matrix::scalar(matrix::trace(&(noise_covariance + square))));
    // J of any sample of an infinite population, S of which make a minibatch.
    assert_eq!(value("J"), noise_covariance * setting.draws().clone() + &K * fluctuation * &K);
    assert_eq!(value("E[L] − L(w*)"), matrix::scalar(matrix::trace(&(K * fluctuation)) / q(2, 1)));
}

#[test]
fn the_mean_of_the_loss_is_that_of_its_square() {
    let half = || over(number(1), number(2));
    let at = |text: &str| Expr::of(Node::At(Name(text.into()), None, Point::Minimizer));
    let [left, right] =
        stationary(equation(mean(name("L")), sum([at("L"), times([half(), trace(times([name("K"), name("Σ")]))])])));
    assert_eq!(left, right);
    // L₀ = L − ½wᵀΓw.
    let penalty = times([half(), turned(name("w")), name("Γ"), name("w")]);
    let [left, right] = stationary(equation(mean(name("L₀")), mean(less(name("L"), penalty))));
    assert_eq!(left, right);
    let [left, right] = stationary(equation(
        mean(times([name("∇L₀"), turned(name("w"))])),
        mean(times([less(name("∇L"), times([name("Γ"), name("w")])), turned(name("w"))])),
    ));
    assert_eq!(left, right);
}

fn data() -> Context {
    Context { data_set: true, ..Context::default() }
}

#[test]
fn sums_over_samples_are_means_of_the_data() {
    let setting = three_samples();
    let one_over_n = || over(number(1), name("N"));
    let A = times([one_over_n(), over_all(times([indexed("x"), turned(indexed("x"))]))]);
    let [left, right] = sides(text(equation(A, name("A")), []), &data(), &setting).unwrap();
    assert_eq!(left, right);
    let gradient = times([one_over_n(), over_all(indexed("∇ℓ"))]);
    let formula = Formula::new(text(equation(gradient, name("∇L")), []), &data()).unwrap();
    assert_eq!(formula.subject(), Subject::Minibatch);
    let given = Given::setting(&setting);
    assert_eq!(formula.found(&given).unwrap(), formula.claimed(&given).unwrap());
    // The gradient vanishes at w*.
    let at_minimum = Expr::of(Node::At(Name("∇ℓ".into()), Some(Index::I), Point::Minimizer));
    let [left, right] = sides(text(equation(over_all(at_minimum), number(0)), []), &data(), &setting).unwrap();
    assert_eq!(left, right);
    let losses = times([one_over_n(), over_all(indexed("ℓ"))]);
    let [left, right] = sides(text(equation(losses, name("L")), []), &data(), &setting).unwrap();
    assert_eq!(left, right);
}

#[test]
fn a_definition_with_an_index_is_taken_inside_the_sum() {
    let center = notation::tree::Definition {
        head: notation::tree::Head::Indexed(Name("d".into()), Index::I),
        body: notation::tree::Body::Is(less(indexed("∇ℓ"), name("∇L"))),
        place: notation::Place::default(),
    };
    let of_sums = times([over_all(indexed("d")), turned(over_all(indexed("d")))]);
    let [left, right] = sides(text(equation(of_sums, number(0)), [center.clone()]), &data(), &three_samples()).unwrap();
    assert_eq!(left, right);
    // ∑ᵢ dᵢdᵢᵀ = ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − N∇L∇Lᵀ.
    let square = |x: fn() -> Expr| times([x(), turned(x())]);
    let centered = over_all(square(|| indexed("d")));
    let plain = less(over_all(square(|| indexed("∇ℓ"))), times([name("N"), name("∇L"), turned(name("∇L"))]));
    let [left, right] = sides(text(equation(centered, plain), [center]), &data(), &three_samples()).unwrap();
    assert_eq!(left, right);
}

#[test]
fn a_given_w_takes_the_answer_of_the_first_step() {
    let setting = three_samples();
    let noise = moments().noise_covariance;
    let minibatch =
        Minibatch { gradient: numbers::Vector::from_vec(vec![q(1, 1), q(2, 1)]), noise_covariance: noise.clone() };
    let given = Given { setting: &setting, moments: None, minibatch: Some(&minibatch) };
    let formula = Formula::new(text(equation(mean(name("ĝ")), name("∇L")), []), &data()).unwrap();
    assert_eq!(formula.quantity(), Some(Quantity::MinibatchGradient));
    assert_eq!(formula.found(&given).unwrap().as_slice(), minibatch.gradient.as_slice());
    assert!(!formula.needs_moments());
    let noise_at_w = Expr::of(Node::At(Name("C".into()), None, Point::Weights));
    let square = mean(times([name("ĝ"), turned(name("ĝ"))]));
    let formula = Formula::new(text(equation(noise_at_w, square), []), &data()).unwrap();
    assert_eq!(formula.quantity(), Some(Quantity::MinibatchNoise));
    assert!(formula.needs_moments());
    let outer = matrix::outer(&minibatch.gradient, &minibatch.gradient);
    assert_eq!(formula.claimed(&given).unwrap(), noise + outer);
}

#[test]
fn sums_over_eigenvalues_are_traces() {
    let setting = one_weight();
    let scalar = Context { learning_rate: LearningRate::Scalar, ..Context::default() };
    // ∑ᵢ 1/(2/(λaᵢ) − 1) = 1/(4 − 1).
    let inner = less(over(number(2), times([name("λ"), indexed("a")])), number(1));
    let [left, _] = sides(text(equation(over_all(over(number(1), inner)), number(0)), []), &scalar, &setting).unwrap();
    assert_eq!(left, matrix::scalar(q(1, 3)));
    // ∑ᵢ aᵢ² = Tr[A²], and ∑ᵢ∑ⱼ aᵢaⱼ = Tr[A]².
    let setting = two_weights();
    assert_eq!(value(over_all(power(indexed("a"), 2)), &setting), value(trace(power(name("A"), 2)), &setting));
    let other = Expr::of(Node::Indexed(Name("a".into()), Index::J));
    let both = over_all(Expr::of(Node::Over(Index::J, Box::new(times([indexed("a"), other])))));
    assert_eq!(value(both, &setting), value(power(trace(name("A")), 2), &setting));
}

#[test]
fn an_equation_is_solved_for_its_unknown() {
    // X solves ΛKX + XKΛ − Tr[ΛAX] I = U, where nothing commutes.
    let left = less(
        sum([times([name("Λ"), name("K"), name("X")]), times([name("X"), name("K"), name("Λ")])]),
        times([trace(times([name("Λ"), name("A"), name("X")])), name("I")]),
    );
    let X = || name("X");
    let setting = two_weights();
    let statement = equation(left.clone(), name("U"));
    let [found, U] = sides(text(statement, [solves("X", left, name("U"))]), &Context::default(), &setting).unwrap();
    assert_eq!(found, U);
    let K = || name("K");
    // A vector, and a number whose part without it stands on the left.
    let vector = solves("p", times([K(), name("p")]), name("u"));
    let statement = equation(times([K(), name("p")]), name("u"));
    let [left, right] = sides(text(statement, [vector]), &Context::default(), &setting).unwrap();
    assert_eq!(left, right);
    let tau = || over(number(1), name("S"));
    let number_of = solves("κ", name("κ"), times([tau(), sum([number(1), name("κ")])]));
    let statement = equation(name("κ"), over(tau(), less(number(1), tau())));
    let [left, right] = sides(text(statement, [number_of]), &Context::default(), &setting).unwrap();
    assert_eq!(left, right);
    // Not linear.
    let square = solves("X", times([X(), name("A"), X()]), name("I"));
    let found = mistakes(text(equation(X(), name("A")), [square]), &Context::default());
    assert!(found.iter().any(|mistake| mistake.message.contains("not linear in X")), "{found:?}");
}

#[test]
fn a_pole_is_reported_by_its_text() {
    // At S = 2, 1/(2 − S).
    let below = less(number(2), name("S"));
    let found = sides(text(equation(over(number(1), below), number(0)), []), &Context::default(), &one_weight());
    assert_eq!(found, Err(EvaluationError::Pole { denominator: "2 − S".into() }));
    assert_eq!(found.unwrap_err().to_string(), "the formula has a pole: 2 − S = 0");
    let found = sides(text(equation(over(number(1), number(0)), number(0)), []), &Context::default(), &one_weight());
    assert_eq!(found.unwrap_err().to_string(), "the formula divides by 0");
    let singular = power(less(name("A"), name("A")), -1);
    let found = sides(text(equation(singular, number(0)), []), &Context::default(), &two_weights());
    assert!(matches!(found, Err(EvaluationError::Inverse { ref matrix, .. }) if matrix == "A − A"), "{found:?}");
}

#[test]
fn a_pseudoinverse_is_exact_over_fractions() {
    let pseudo = Expr::of(Node::Pseudoinverse(Box::new(name("U"))));
    let product = times([name("U"), pseudo, name("U")]);
    assert_eq!(value(less(product, name("U")), &two_weights()), Matrix::zeros(2, 2));
}

#[test]
fn kronecker_products_and_vec_agree() {
    // vec[AXB] = (Bᵀ⊗A) vec[X].
    let vec = |part: Expr| Expr::of(Node::Vec(Box::new(part)));
    let kron = |x: Expr, y: Expr| Expr::of(Node::Kronecker(vec![x, y]));
    let left = vec(times([name("A"), name("U"), name("B")]));
    let right = times([kron(turned(name("B")), name("A")), vec(name("U"))]);
    assert_eq!(value(less(left, right), &two_weights()), Matrix::zeros(4, 1));
    let both = Expr::of(Node::KroneckerSum(vec![name("A"), name("B")]));
    let (A, B, I) = (two_weights().feature_covariance(), two_weights().input_noise_covariance(), identity(2));
    assert_eq!(value(both, &two_weights()), A.kronecker(&I) + I.kronecker(&B));
}

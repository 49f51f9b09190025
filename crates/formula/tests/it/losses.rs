//! Where formulas lose digits: places that are known, and what holds of all formulas.

use formula::{Cause, Digits, Formula, Given, Losses, Placed, Rounding};
use notation::{Context, Weights};
use numbers::{Matrix, Rounded, Vector, matrix, nearest_f64};
use proptest::prelude::*;
use rug::{Float, Rational};
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

fn q(above: i64, below: i64) -> Rational {
    Rational::from((above, below))
}

/// 2ᵏ.
fn power(k: i32) -> Rational {
    Rational::from(1) << k
}

fn digits_of_f64() -> f64 {
    f64::from(f64::MANTISSA_DIGITS) * 2_f64.log10()
}

fn one_weight(a: Rational, rate: Rational, S: u32, momentum: Rational) -> Setting<Rational> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: matrix::scalar(a),
        input_noise_covariance: Matrix::zeros(1, 1),
        label_noise_variance: q(7, 3),
        true_weights: Vector::zeros(1),
    });
    let setting = Setting::new(population, matrix::scalar(rate), BatchSize::new(S).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(momentum).unwrap())
}

/// A formula of one weight, or of any number of them.
fn placed(formula: &str, definitions: &[&str], weights: Weights) -> Placed {
    let context = Context { weights, natural_units: true, ..Context::default() };
    let text = reader::text(&[formula], definitions).unwrap();
    Placed::new(&Formula::new(text, &context).unwrap()).unwrap()
}

fn in_doubles(placed: &Placed, setting: &Setting<Rational>) -> Losses {
    let rounding =
        Rounding { nearest: &nearest_f64, exact: &|v: &f64| Rational::from_f64(*v), digits: digits_of_f64() };
    placed.losses(&Given::setting(setting), &rounding).unwrap()
}

/// The digits that x − y loses, by a subtraction of doubles.
fn lost_by(x: &Rational, y: &Rational) -> f64 {
    let exact = Rational::from(x - y);
    let found = Rational::from_f64(nearest_f64(x) - nearest_f64(y)).unwrap();
    digits_of_f64()
        + (Float::with_val(200, (found - &exact).abs()) / Float::with_val(200, exact.abs())).log10().to_f64()
}

/// The part that loses most is this one, by its own operation, and it loses so many digits.
fn loses(placed: &Placed, setting: &Setting<Rational>, part: &str, digits: f64) {
    let losses = in_doubles(placed, setting);
    let worst = losses.parts.first().unwrap();
    assert_eq!((placed.part(worst.place), worst.cause), (part, Cause::Operation), "{losses:?}");
    // What follows makes a little more or less of an error of 10⁻⁶.
    assert!((worst.digits - digits).abs() < 1e-6, "{losses:?}, expected {digits}");
    assert!(digits > 4.0);
}

#[test]
fn the_distance_to_the_edge_is_where_digits_are_lost() {
    let placed = placed("L_test = σ²λa/(2(2S − λa(S + 2)))", &[], Weights::One);
    let (a, S) = (q(5, 7), 3);
    let rate = q(6, 5) / &a * (Rational::from(1) - power(-20) * q(3, 7));
    let product = Rational::from(&rate * &a) * Rational::from(5);
    let setting = one_weight(a, rate, S, Rational::new());
    loses(&placed, &setting, "2S − λa(S + 2)", lost_by(&q(6, 1), &product));
}

#[test]
fn a_difference_of_nearly_equal_products_is_where_digits_are_lost() {
    let placed = placed("L_test = σ²/(S − Sλa)", &[], Weights::One);
    let (a, rate) = (q(7, 3) * (Rational::from(1) + power(-30) / Rational::from(3)), q(3, 7));
    let product = Rational::from(&rate * &a) * Rational::from(2);
    let setting = one_weight(a, rate, 2, Rational::new());
    loses(&placed, &setting, "S − Sλa", lost_by(&Rational::from(2), &product));
}

#[test]
fn a_place_is_in_the_definition_that_holds_it() {
    let placed = placed("L_test = σ²f/S", &["f = 1/(S − Sμ²) + λa"], Weights::One);
    let momentum = Rational::from(1) - power(-25) / Rational::from(3);
    let square = Rational::from(&momentum * &momentum) * Rational::from(3);
    let setting = one_weight(q(2, 3), q(1, 7), 3, momentum);
    loses(&placed, &setting, "S − Sμ²", lost_by(&q(3, 1), &square));
    let worst = in_doubles(&placed, &setting).parts[0];
    assert_eq!(placed.range(worst.place).0, 1);
    assert_eq!(placed.texts()[1], "f = 1/(S − Sμ²) + λa");
}

#[test]
fn a_partial_sum_is_a_place_of_its_own_with_its_brackets() {
    let placed = placed("L_test = 1 − a(λ + λ) + S", &[], Weights::One);
    let (a, rate) = (Rational::from(1) + power(-30) / Rational::from(3), q(1, 2));
    let setting = one_weight(a, rate, 1000, Rational::new());
    // Nobody misses the digits of 1 − 2λa beside S.
    assert!(in_doubles(&placed, &setting).parts.is_empty());

    let placed = self::placed("L_test = 1 − a(λ + λ) + μ", &[], Weights::One);
    let (a, momentum) = (Rational::from(1) + power(-30) / Rational::from(3), power(-40) / Rational::from(3));
    let setting = one_weight(a.clone(), q(1, 2), 1, momentum);
    let losses = in_doubles(&placed, &setting);
    assert_eq!(placed.part(losses.parts[0].place), "1 − a(λ + λ)");
    assert!(losses.parts[0].digits <= lost_by(&Rational::from(1), &a) + 1e-6, "{losses:?}");
}

/// The product between two differences hands on what it was given. Only operands that have all digits show that.
#[test]
fn what_an_operand_lost_is_not_lost_again() {
    // With this number the product is rounded, by two units in the last place.
    let whole = "262151σ²(S − Sλa) − μ";
    let placed = placed(&format!("L_test = {whole}"), &[], Weights::One);
    let a = q(7, 3) * (Rational::from(1) - power(-20) * q(3, 7));
    let setting = one_weight(a, q(3, 7), 2, q(262151, 1 << 19) - power(-14) / Rational::from(3));
    let losses = in_doubles(&placed, &setting);
    assert!(losses.parts.iter().all(|part| part.cause == Cause::Operation), "{losses:?}");
    let mut parts = Vec::from_iter(losses.parts.iter().map(|part| placed.part(part.place)));
    parts.sort_unstable();
    assert_eq!(parts, [whole, "S − Sλa"], "{losses:?}");
}

/// S − Sλa has few digits left, but stands beside 1; 1 − μ has an error that stands above the stroke and below it.
#[test]
fn what_does_not_arrive_is_not_lost() {
    let almost_one = Rational::from(1) - power(-40) / Rational::from(3);
    let setting = one_weight(Rational::from(&almost_one * 3), q(1, 3), 2, almost_one);
    for formula in ["L_test = 1 + (S − Sλa)", "L_test = S(1 − μ)/(2(1 − μ))"] {
        let losses = in_doubles(&placed(formula, &[], Weights::One), &setting);
        assert!(losses.parts.is_empty(), "{formula}: {losses:?}");
        assert!(losses.whole.lost(digits_of_f64()) < 1.0, "{formula}: {losses:?}");
    }
}

/// AΛ and ΛA are equal matrices, and rounded to equal ones. Their products are rounded in another order.
#[test]
fn a_rounding_is_named_where_no_operation_loses_digits() {
    let A = Matrix::from_row_slice(2, 2, &[q(5, 7), q(1, 3), q(1, 3), q(2, 9)]);
    let rate = &A * &A;
    let population = Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(2, 2),
        label_noise_variance: q(1, 1),
        true_weights: Vector::zeros(2),
    });
    let setting = Setting::new(population, rate, BatchSize::new(2).unwrap()).unwrap();
    let placed = placed("Σ = 1000000000000(AΛ − ΛA)Λ + Λ", &[], Weights::Any);
    let losses = in_doubles(&placed, &setting);
    assert!(losses.whole.lost(digits_of_f64()) > 10.0, "{losses:?}");
    assert!(losses.parts.iter().all(|part| part.cause == Cause::Rounding), "{losses:?}");
    let parts = Vec::from_iter(losses.parts.iter().map(|part| placed.part(part.place)));
    assert!(parts.contains(&"AΛ") && parts.contains(&"ΛA"), "{parts:?}");
}

fn data_set(mean: i32) -> Setting<Rational> {
    let labels = [0, 507, 12289, 24571].map(|y| q(y, 4096) + power(mean));
    let data = DataSet { features: Matrix::from_element(4, 1, q(1, 1)), labels: Vector::from_row_slice(&labels) };
    Setting::new(Population::Data(data), matrix::scalar(q(1, 1)), BatchSize::new(1).unwrap()).unwrap()
}

#[test]
fn squares_of_a_mean_are_where_the_noise_of_a_data_set_loses_digits() {
    let context = Context { data_set: true, ..Context::default() };
    let text = reader::text(&["C(w₀) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ"], &[]).unwrap();
    let placed = Placed::new(&Formula::new(text, &context).unwrap()).unwrap();
    assert!(in_doubles(&placed, &data_set(0)).parts.is_empty());
    let setting = data_set(21);
    // The two squares, by another route.
    let Population::Data(data) = setting.population() else { unreachable!() };
    let mean = data.labels.iter().sum::<Rational>() / Rational::from(4);
    let squares = data.labels.iter().map(|y| Rational::from(y * y)).sum::<Rational>() / Rational::from(4);
    loses(&placed, &setting, "(1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ", lost_by(&squares, &Rational::from(&mean * &mean)));
}

/// Expressions over positive numbers; with differences or without.
fn scalars(depth: u32, differences: bool) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec!["λa", "S", "μ", "σ²", "3"]).prop_map(str::to_owned);
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || scalars(depth - 1, differences);
    let joined = |sign: &'static str| (inner(), inner()).prop_map(move |(x, y)| format!("({x}){sign}({y})"));
    let mut kinds = vec![leaf.boxed(), joined(" + ").boxed(), joined(" · ").boxed(), joined("/").boxed()];
    if differences {
        kinds.push(joined(" − ").boxed());
        kinds.push(joined(" − ").boxed());
    }
    prop::strategy::Union::new(kinds).boxed()
}

fn settings() -> impl Strategy<Value = Setting<Rational>> {
    ((1i64..99, 1i64..99), (1i64..99, 1i64..99), 1u32..5, 1i64..98)
        .prop_map(|(a, rate, S, momentum)| one_weight(Rational::from(a), Rational::from(rate), S, q(momentum, 98)))
}

fn with_bits(placed: &Placed, setting: &Setting<Rational>, bits: u32) -> Option<Losses> {
    let nearest = |v: &Rational| Rounded::nearest(v, bits).unwrap();
    let digits = f64::from(bits) * 2_f64.log10();
    placed.losses(&Given::setting(setting), &Rounding { nearest: &nearest, exact: &Rounded::to_rational, digits }).ok()
}

proptest! {
    /// A product or a quotient is wrong by two or three units in the last place on rounded operands, and so is a sum of
    /// positive numbers.
    #[test]
    fn only_differences_lose_digits(text in scalars(3, false), setting in settings()) {
        let placed = placed(&format!("L_test = {text}"), &[], Weights::One);
        for bits in [24, 53, 100] {
            let losses = with_bits(&placed, &setting, bits).unwrap();
            prop_assert!(losses.parts.is_empty(), "{losses:?}");
            prop_assert!(losses.whole.lost(f64::from(bits) * 2_f64.log10()) < 1.2, "{losses:?}");
        }
    }

    /// What is named holds a minus sign, and is a whole expression; it loses no more than there is.
    #[test]
    fn what_is_named_is_a_difference(text in scalars(4, true), setting in settings()) {
        let text = reader::text(&[&format!("L_test = {text}")], &[]).unwrap();
        let context = Context { weights: Weights::One, natural_units: true, ..Context::default() };
        let formula = Formula::new(text, &context);
        prop_assume!(formula.is_ok());
        let placed = Placed::new(&formula.unwrap()).unwrap();
        let Some(losses) = with_bits(&placed, &setting, 53) else { return Err(TestCaseError::reject("pole")) };
        for part in losses.parts.iter().filter(|part| part.cause == Cause::Operation) {
            let text = placed.part(part.place);
            prop_assert!(text.contains('−'), "{text}");
            prop_assert!(reader::text(&[&format!("L_test = {text}")], &[]).is_ok(), "{text}");
            prop_assert!((1.0..=digits_of_f64()).contains(&part.digits), "{part:?}");
        }
    }
}

#[test]
fn a_pole_is_no_loss() {
    let placed = placed("L_test = 1/(S − Sλa)", &[], Weights::One);
    let setting = one_weight(q(1, 3), q(3, 1), 1, Rational::new());
    let rounding = Rounding { nearest: &nearest_f64, exact: &|v: &f64| Rational::from_f64(*v), digits: 16.0 };
    assert!(placed.losses(&Given::setting(&setting), &rounding).is_err());
    // Where only rounding makes a pole, all is lost.
    let setting = one_weight(q(1, 3), q(3, 1) + power(-80), 1, Rational::new());
    let losses = placed.losses(&Given::setting(&setting), &rounding).unwrap();
    assert_eq!(losses.whole, Digits::None);
    assert_eq!((placed.part(losses.parts[0].place), losses.parts[0].digits), ("S − Sλa", 16.0));
}

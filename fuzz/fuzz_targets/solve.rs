//! A small problem: the answer in doubles against the exact engine. No verdict that is wrong, no error above its bound, and no
//! zero that is not one.
#![no_main]

use arbitrary::{Result, Unstructured};
use exact::State;
use fuzz::{at_the_edge, broken, decimal, is_a_line, length, off, problem, rational, square_off};
use libfuzzer_sys::fuzz_target;
use lyapunov::{Enclosures, LyapunovError, Problem, Solution, approximate, stability};
use numbers::{DoubleDouble, nearest_f64};
use rug::Rational;
use symbols::Setting;

/// Bits of the numbers that the exact engine is asked about.
const SHORT: u32 = 400;

type Answer = std::result::Result<(Solution, Enclosures), LyapunovError>;

fuzz_target!(|bytes: &[u8]| {
    // Too few bytes make no problem.
    _ = run(&mut Unstructured::new(bytes));
});

fn run(u: &mut Unstructured) -> Result<()> {
    let mut setting = problem(u)?;
    if u.ratio(1, 8)? {
        let setting = broken(u, &setting)?;
        _ = answer(&Problem::read(&setting)).map_err(|error| is_a_line(&error.to_string()));
        _ = stability(&setting).map_err(|error| is_a_line(&error.to_string()));
        return Ok(());
    }
    if u.ratio(3, 4)? {
        setting = at_the_edge(u, setting)?;
    }
    let (doubles, double_double) = (setting.map(nearest_f64), setting.map(DoubleDouble::from_rational));
    let is_double_double = u.ratio(3, 4)?;
    let found = answer(&if is_double_double { Problem::written(&double_double) } else { Problem::nearest(&doubles) });
    agrees_with_stability(&found, &doubles);
    match found {
        Ok((solution, enclosures)) => {
            is_sound(&solution, &enclosures);
            if length(&setting) <= SHORT {
                let state = exact::stationary_state(&setting);
                let state = state.unwrap_or_else(|error| panic!("stable in doubles, and {error}: {setting:?}"));
                is_within_bounds(&solution, &state);
                let far = u.ratio(1, 4).unwrap_or_default();
                if far {
                    ends_of_the_margin(&enclosures, &setting);
                }
            }
        }
        Err(LyapunovError::Unstable(stability)) => {
            assert!(stability.spectral_radius >= 1.0 && stability.margin <= 1.0, "{stability:?}");
            let is_stable = length(&setting) <= SHORT && exact::stationary_state(&setting).is_ok();
            assert!(!is_stable, "unstable in doubles, and stable: {setting:?}");
        }
        Err(error) => is_a_line(&error.to_string()),
    }
    Ok(())
}

fn answer(problem: &Problem) -> Answer {
    let approximation = approximate(problem, &mut ())?;
    let solution = approximation.certify()?;
    let enclosures = approximation.enclosures(&solution);
    Ok((solution, enclosures))
}

/// What doubles alone find is no proof, but not far from one.
fn agrees_with_stability(found: &Answer, doubles: &Setting<f64>) {
    let stability = stability(doubles);
    match (found, &stability) {
        (Ok(_), Ok(stability)) => assert!(stability.spectral_radius < 1.0 + 1e-6, "{stability:?} {doubles:?}"),
        (Err(LyapunovError::Unstable(_)), Ok(stability)) => {
            assert!(stability.spectral_radius > 1.0 - 1e-6, "{stability:?} {doubles:?}");
        }
        (_, Ok(_)) => {}
        (_, Err(error)) => is_a_line(&error.to_string()),
    }
}

fn is_sound(solution: &Solution, enclosures: &Enclosures) {
    let (stability, margin, radius) = (solution.stability, enclosures.margin, enclosures.spectral_radius);
    assert!(stability.spectral_radius < 1.0 && stability.margin > 1.0, "{stability:?}");
    assert!(margin.low >= 1.0 && margin.low <= margin.high, "{margin:?}");
    assert!(radius.low <= radius.high && radius.high < 1.0, "{radius:?}");
    let moments = &solution.moments;
    assert!(moments.fluctuation.iter().chain(&moments.noise_covariance).all(|value| value.is_finite()), "{moments:?}");
}

/// Every number of an answer against its bound.
fn is_within_bounds(solution: &Solution, state: &State) {
    let (found, errors, exact) = (&solution.moments, &solution.errors, &state.moments);
    let within = |off: Rational, error: f64| error.is_infinite() || off <= rational(error);
    for (place, exact) in exact.fluctuation.iter().enumerate() {
        let (found, error) = (found.fluctuation[place], errors.fluctuation_entries[place]);
        assert!(within(off(found, exact), error), "entry {place} of Σ: {found:e} ± {error:e}, not {}", exact.to_f64());
        assert!(found != 0.0 || error != 0.0 || exact.is_zero(), "entry {place} of Σ is no zero");
    }
    let within_norm = |off: Rational, error: f64| error.is_infinite() || off <= rational(error).square();
    assert!(within_norm(square_off(&found.fluctuation, &exact.fluctuation), errors.fluctuation), "Σ");
    assert!(within_norm(square_off(&found.noise_covariance, &exact.noise_covariance), errors.noise_covariance), "C");
    let (loss, error) = (found.train_loss, errors.train_loss);
    assert!(within(off(loss, &exact.train_loss), error), "L_train: {loss:e} ± {error:e}");
    if let (Some(loss), Some(exact), Some(error)) = (found.test_loss, &exact.test_loss, errors.test_loss) {
        assert!(within(off(loss, exact), error), "L_test: {loss:e} ± {error:e}");
    }
    let still = solution.null_space.as_ref().map_or(0, |basis| basis.ncols());
    assert_eq!(still, found.fluctuation.nrows() - state.moving.ncols(), "still directions");
}

/// At the proven ends of the margin the exact engine sees what was proven.
fn ends_of_the_margin(enclosures: &Enclosures, setting: &Setting<Rational>) {
    let margin = enclosures.margin;
    for (factor, is_stable) in [(margin.low, true), (margin.high, false)] {
        let Some(factor) = Rational::from_f64(factor).filter(|factor| *factor > 0) else { continue };
        let rate = setting.learning_rate() * if is_stable { factor } else { factor * decimal(1_000_001, -6) };
        let Ok(setting) = setting.clone().with_learning_rate(rate) else { continue };
        assert_eq!(exact::stationary_state(&setting).is_ok(), is_stable, "{margin:?} {setting:?}");
    }
}

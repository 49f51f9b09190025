//! The tail index of one weight, enclosed, against what is known of it by hand.
#![no_main]

use std::cmp::Ordering;

use arbitrary::{Result, Unstructured};
use exact::ExactError;
use exact::tail::{Threshold, index, moment, threshold};
use fuzz::{decimal, number};
use libfuzzer_sys::fuzz_target;
use numbers::Interval;
use rug::Rational;

fuzz_target!(|bytes: &[u8]| {
    // Too few bytes make no question.
    _ = run(&mut Unstructured::new(bytes));
});

fn run(u: &mut Unstructured) -> Result<()> {
    let S = if u.ratio(1, 8)? { u.arbitrary()? } else { u.int_in_range(0..=64)? };
    let step_size = if u.arbitrary()? { number(u)? } else { decimal(u.int_in_range(0..=9999)?, -3) };
    let digits = u.int_in_range(0..=30)?;
    match u.int_in_range(0..=2)? {
        0 => moments(u, &step_size, S),
        1 => indices(&step_size, S, digits),
        _ => thresholds(u, S, digits),
    }
}

fn told<T>(outcome: std::result::Result<T, ExactError>) -> Option<T> {
    // A rational is written in full.
    outcome.map_err(|error| assert!(!error.to_string().contains(char::is_control))).ok()
}

/// E ρ² = 1 − 2L + L²(S + 2)/S, and E|ρ|^α is convex in α with E|ρ|⁰ = 1.
fn moments(u: &mut Unstructured, L: &Rational, S: u32) -> Result<()> {
    let precision = u.int_in_range(0..=256)?;
    let alpha = if u.arbitrary()? { number(u)? } else { u.int_in_range(0..=8)?.into() };
    if let Some(found) = told(moment(&alpha, L, S, precision)) {
        let (low, high) = ends(&found);
        assert!(
            low >= 0 && high - &low <= (low.clone() + &found.width().unwrap_or_default()) >> (precision - 1),
            "{found}"
        );
        if alpha == 2 {
            let S = Rational::from(S);
            let by_hand = Rational::from(1) - L.clone() * 2u32 + L.clone().square() * (S.clone() + 2u32) / S;
            assert!(found.contains(&by_hand), "{found} {by_hand}");
        }
        assert!(alpha != 0 || found.contains(&Rational::from(1)), "{found}");
    }
    Ok(())
}

/// The index is above 2 or 4 just where the second or fourth moment is below 1.
fn indices(L: &Rational, S: u32, digits: u32) -> Result<()> {
    let Some(found) = told(index(L, S, digits)) else { return Ok(()) };
    let (low, high) = ends(&found);
    assert!(low > 0 && found.digits() >= digits, "{found}");
    for alpha in [2, 4] {
        let alpha = Rational::from(alpha);
        if let Some(sign) = told(moment(&alpha, L, S, 128)).and_then(|m| (m - Interval::from(Rational::from(1))).sign())
        {
            assert!(sign != Ordering::Less || high > alpha, "{found}");
            assert!(sign != Ordering::Greater || low < alpha, "{found}");
        }
    }
    let Some(finer) = told(index(L, S, digits + 10)) else { panic!("{found}, and no more digits") };
    let (finer_low, finer_high) = ends(&finer);
    assert!(finer_low <= high && low <= finer_high, "{found} {finer}");
    Ok(())
}

fn thresholds(u: &mut Unstructured, S: u32, digits: u32) -> Result<()> {
    let of = |which| told(threshold(which, S, digits));
    let all = [Threshold::Kurtosis, Threshold::Variance, Threshold::Stationarity];
    if u.arbitrary()? {
        if let [Some(kurtosis), Some(variance), Some(stationarity)] = all.map(of) {
            assert!(ends(&kurtosis).0 <= ends(&variance).1 && ends(&variance).0 <= ends(&stationarity).1);
        }
    } else if let Some(found) = of(*u.choose(&all)?) {
        assert!(ends(&found).0 > 0 && found.digits() >= digits, "{found}");
    }
    Ok(())
}

fn ends(found: &Interval) -> (Rational, Rational) {
    let (Some(low), Some(high)) = (found.low(), found.high()) else { panic!("{found} has no ends") };
    assert!(low <= high, "{found}");
    (low, high)
}

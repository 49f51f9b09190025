//! Each closed form at a small problem: the enclosure holds the value over ℚ, and where all hypotheses hold, the exact engine's.
#![no_main]

use arbitrary::{Result, Unstructured};
use claims::{Choices, Claim, Kind};
use registry::closed_forms;
use formula::Given;
use fuzz::{length, problem};
use libfuzzer_sys::fuzz_target;
use numbers::Matrix;
use rug::Rational;
use verify::{enclose, exact_value};

/// Bits of the numbers of a problem.
const SHORT: u32 = 200;

fuzz_target!(init: fuzz::on_one_thread(), |bytes: &[u8]| {
    // Too few bytes make no problem.
    _ = run(&mut Unstructured::new(bytes));
});

fn run(u: &mut Unstructured) -> Result<()> {
    let claim: &Claim = u.choose(closed_forms())?;
    let digits = u.int_in_range(1..=40)?;
    let drawn = u.arbitrary()?;
    let setting = if drawn {
        let D = u.int_in_range(1..=2)?;
        match claim.draw(D, &[], &mut Bytes(u)) {
            Ok(Some(setting)) => setting,
            _ => return Ok(()),
        }
    } else {
        problem(u)?
    };
    if length(&setting) > SHORT {
        return Ok(());
    }
    let is_equality = matches!(claim.kind, Kind::Exact) && claim.correction.is_none();
    let holds = is_equality && claim.hypotheses.iter().all(|hypothesis| hypothesis.may_hold(&setting));
    let exact = told(exact_value(claim, &setting).map_err(|error| error.to_string()));
    let Some(value) = told(enclose(claim, &setting, digits).map_err(|error| error.to_string())) else {
        return Ok(());
    };
    let inside = |exact: &Matrix<Rational>| {
        value.shape() == exact.shape() && value.iter().zip(exact).all(|(entry, exact)| entry.contains(exact))
    };
    if let Some(exact) = exact.filter(|_| holds) {
        assert!(inside(&exact), "{} at {setting:?}: {value:?}, not {exact:?}", claim.id);
    }
    let moments = exact::stationary(&setting).ok();
    if let Ok(over_rationals) = claim.printed.claimed(&Given { moments: moments.as_ref(), ..Given::setting(&setting) }) {
        assert!(inside(&over_rationals), "{} at {setting:?}: {value:?}, not {over_rationals:?}", claim.id);
    }
    Ok(())
}

/// Choices by the bytes of the fuzzer; the first where there are no more.
struct Bytes<'a, 'b>(&'a mut Unstructured<'b>);

impl Choices for Bytes<'_, '_> {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        self.0.int_in_range(low..=high).unwrap_or(low)
    }
}

fn told<T>(outcome: std::result::Result<T, String>) -> Option<T> {
    outcome.map_err(|why| assert!(!why.contains(char::is_control), "{why:?}")).ok()
}

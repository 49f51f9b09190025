//! The edge of stability of a small problem, from all its sides: no side contradicts another.
#![no_main]

use arbitrary::{Result, Unstructured};
use fuzz::{at_the_edge, broken, is_a_line, problem};
use libfuzzer_sys::fuzz_target;
use lyapunov::{LyapunovError, best_momenta, bounds, stability, stable_batch_sizes};
use numbers::nearest_f64;
use symbols::{BatchSize, Setting};

/// What doubles may be off.
const ROUNDING: f64 = 1e-6;

fuzz_target!(|bytes: &[u8]| {
    // Too few bytes make no problem.
    _ = run(&mut Unstructured::new(bytes));
});

fn run(u: &mut Unstructured) -> Result<()> {
    let mut setting = problem(u)?;
    if u.arbitrary()? {
        setting = at_the_edge(u, setting)?;
    }
    if u.ratio(1, 8)? {
        let setting = broken(u, &setting)?;
        for outcome in [
            stability(&setting).map(|_| ()),
            stable_batch_sizes(&setting).map(|_| ()),
            best_momenta(&setting).map(|_| ()),
            bounds(&setting).map(|_| ()),
        ] {
            _ = told(outcome);
        }
    } else {
        sides(&setting.map(nearest_f64));
    }
    Ok(())
}

/// An answer, or a line that says why there is none.
fn told<T>(outcome: std::result::Result<T, LyapunovError>) -> Option<T> {
    outcome.map_err(|error| is_a_line(&error.to_string())).ok()
}

fn sides(setting: &Setting<f64>) {
    let margin = told(stability(setting)).map(|stability| {
        assert!(stability.spectral_radius >= 0.0 && stability.margin >= 0.0, "{stability:?} {setting:?}");
        stability.margin
    });
    if let (Some(margin), Some(bounds)) = (margin, told(bounds(setting))) {
        let all = [Some(bounds.full_batch), Some(bounds.top_direction), Some(bounds.all_directions), bounds.alignment];
        for bound in all.into_iter().flatten() {
            assert!(margin <= bound * (1.0 + ROUNDING), "{margin} {bounds:?} {setting:?}");
        }
    }
    if let Some(found) = told(stable_batch_sizes(setting)) {
        assert!(found.threshold >= 0.0, "{found:?} {setting:?}");
        let next = found.smallest.and_then(|S| BatchSize::new(S).ok());
        if let Some(Ok(next)) = next.map(|S| setting.clone().with_batch_size(S)) {
            let radius = told(stability(&next)).map_or(0.0, |stability| stability.spectral_radius);
            assert!(radius < 1.0 + ROUNDING, "{found:?} {radius} {setting:?}");
        }
    }
    if let Some(best) = told(best_momenta(setting)) {
        let (some, all) = (best.not_negative, best.of_all);
        assert!((0.0..1.0).contains(&some.momentum) && all.momentum.abs() < 1.0, "{best:?} {setting:?}");
        assert!(all.spectral_radius <= some.spectral_radius * (1.0 + ROUNDING), "{best:?} {setting:?}");
    }
}

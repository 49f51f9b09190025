//! Problems for the Monte Carlo engine, on all threads.

use ::montecarlo::{Draws, Run, standard_normals};
use rayon::prelude::*;
use serde_json::{Map, json};

use super::measure::{Bench, Keys, rounded, timed};

/// The problem of the engine's own benchmark. It is included as a file, so that it is in one place and the library need
/// not export it.
#[path = "../../../../crates/montecarlo/benches/problem/mod.rs"]
mod problem;

/// Fills of the buffer that are timed together.
const FILLS: usize = 256;
/// Numbers in the buffer, few enough for the second cache of a processor.
pub(super) const NUMBERS: usize = 1 << 15;

/// Times steps of the problems with D weights, literal and in distribution. `median_s` is the time of one step of one chain,
/// measuring included; `of_normals` is the rate of its random numbers over that of the generator alone.
pub(super) fn steps(D: usize, bench: &mut Bench) -> anyhow::Result<()> {
    let workers = rayon::current_num_threads();
    let floor = 1.0 / seconds_of_normal(NUMBERS, workers)?[0];
    for (D, S) in problem::SIZES.into_iter().filter(|size| size.0 == D) {
        let setting = problem::setting(D, S)?;
        for (peer, draws, numbers) in [
            ("montecarlo: literal", Draws::default(), (D + 1) * S as usize),
            ("montecarlo: in distribution", Draws::InDistribution, D + 1),
        ] {
            let plan = problem::plan(D, S, draws);
            let task = &mut || {
                Run::new(&setting, &plan)?.advance(usize::MAX, &())?;
                Ok(Map::new())
            };
            let times = per(timed(task)?.0, plan.chains * plan.steps);
            let rate = 1.0 / times[times.len() / 2];
            let normals = rate * numbers as f64;
            bench.line(
                peer,
                &format!("sgd D={D} S={S}"),
                None,
                &times,
                Map::from_iter([
                    ("threads".into(), json!(workers.to_string())),
                    ("workers".into(), json!(workers)),
                    ("chains".into(), json!(plan.chains)),
                    ("steps_per_s".into(), rounded(rate)),
                    ("normals_per_s".into(), rounded(normals)),
                    ("of_normals".into(), rounded(normals / floor)),
                ]),
            )?;
        }
    }
    Ok(())
}

/// Times normal numbers alone, on one thread and on all: no step can be faster than its numbers.
pub(super) fn normals(n: usize, bench: &mut Bench) -> anyhow::Result<()> {
    for workers in [1, rayon::current_num_threads()] {
        let times = seconds_of_normal(n, workers)?;
        bench.line(
            "montecarlo: standard_normals",
            "normals",
            None,
            &times,
            Map::from_iter([
                ("threads".into(), json!(workers.to_string())),
                ("workers".into(), json!(workers)),
                ("normals_per_s".into(), rounded(1.0 / times[times.len() / 2])),
            ]),
        )?;
    }
    Ok(())
}

/// Seconds for one number, in ascending order, where each worker fills a buffer of its own.
fn seconds_of_normal(n: usize, workers: usize) -> anyhow::Result<Vec<f64>> {
    let mut buffers = vec![vec![0.0; n]; workers];
    let task = &mut || {
        buffers.par_iter_mut().for_each(|buffer| (0..FILLS).for_each(|seed| standard_normals(seed as u64, buffer)));
        Ok(Keys::new())
    };
    Ok(per(timed(task)?.0, n * workers * FILLS))
}

fn per(mut times: Vec<f64>, count: usize) -> Vec<f64> {
    times.iter_mut().for_each(|time| *time /= count as f64);
    times
}

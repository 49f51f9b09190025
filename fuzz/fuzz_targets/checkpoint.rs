//! Bytes as the checkpoint of a run, with a checksum that is right: a run that goes on, or one line that says why not.
#![no_main]

use std::sync::LazyLock;

use fuzz::is_a_line;
use libfuzzer_sys::fuzz_target;
use montecarlo::{Draws, Plan, Run};
use numbers::{Vector, matrix};
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

/// Magic, version, checksum.
const HEAD: usize = 16;

/// Checkpoints by dimension and segments done.
static WHOLE: LazyLock<[[Vec<u8>; 6]; 2]> = LazyLock::new(|| {
    let after = |D, segments| {
        let mut run = fresh(D);
        run.advance(segments, &()).unwrap_or_else(|error| panic!("{error}"));
        run.to_bytes()
    };
    [1, 2].map(|D| [0, 1, 2, 3, 4, 5].map(|segments| after(D, segments)))
});

fuzz_target!(init: fuzz::on_one_thread(), |bytes: &[u8]| {
    let [D, segments, kind, rest @ ..] = bytes else { return };
    let D = 1 + usize::from(D % 2);
    let whole = WHOLE[D - 1][usize::from(segments % 6)].clone();
    let bytes = match kind % 4 {
        0 => rest.to_vec(),
        1 => sealed([&whole[..HEAD], rest].concat()),
        _ => sealed(damaged(whole, rest)),
    };
    match fresh(D).with_bytes(&bytes) {
        Ok(mut read) => {
            // An integer can be encoded in more bytes than it needs: what is written is the shortest.
            let shortest = read.to_bytes();
            assert!(shortest.len() <= bytes.len());
            let again = fresh(D).with_bytes(&shortest).unwrap_or_else(|problem| panic!("{problem}"));
            assert_eq!(again.to_bytes(), shortest);
            outcome(&read);
            if let Err(error) = read.advance(usize::MAX, &()) {
                is_a_line(&error.to_string());
            }
            outcome(&read);
        }
        Err(problem) => is_a_line(&problem.to_string()),
    }
});

/// Two packs of 8 and 1 chains, one segment of burn-in and four of one step each.
fn fresh(D: usize) -> Run {
    let made = || -> Result<Run, Box<dyn std::error::Error>> {
        let population = Population::Gaussian(Gaussian {
            feature_covariance: matrix::identity::<f64>(D),
            input_noise_covariance: matrix::identity::<f64>(D) * 0.25,
            label_noise_variance: 0.5,
            true_weights: Vector::from_element(D, -0.5),
        });
        let setting = Setting::new(population, matrix::identity::<f64>(D) * 0.125, BatchSize::new(3)?)?;
        let setting = setting.with_momentum(Momentum::new(0.25)?);
        Ok(Run::new(
            &setting,
            &Plan::new().with_chains(9).with_burn_in(1).with_steps(4).with_seed(3).with_draws(Draws::InDistribution),
        )?)
    };
    made().unwrap_or_else(|error| panic!("{error}"))
}

/// Three bytes for a place and a kind each, and up to eight to be put there, or before it; or as many are taken out.
fn damaged(mut bytes: Vec<u8>, mut damage: &[u8]) -> Vec<u8> {
    while let [low, high, kind, rest @ ..] = damage {
        let length = bytes.len() - HEAD;
        if length == 0 {
            break;
        }
        let at = HEAD + usize::from(u16::from_le_bytes([*low, *high])) % length;
        let (put, rest) = rest.split_at(rest.len().min(8));
        let over = (at + put.len()).min(bytes.len());
        match kind % 4 {
            0..=1 => bytes.splice(at..over, put.iter().copied()),
            2 => bytes.splice(at..at, put.iter().copied()),
            _ => bytes.splice(at..over, [].iter().copied()),
        };
        damage = rest;
    }
    bytes
}

/// With the checksum of what follows the head.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&bytes[HEAD..]);
    bytes[HEAD - 4..HEAD].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Numbers that are finite, or a line that says why there are none.
fn outcome(run: &Run) {
    match run.estimate() {
        Ok(estimate) => {
            assert!(estimate.chains.iter().all(|moments| {
                moments.fluctuation.iter().chain(&moments.noise_covariance).all(|value| value.is_finite())
            }));
            _ = estimate.trust().map_err(|distrust| is_a_line(&distrust.to_string()));
        }
        Err(error) => is_a_line(&error.to_string()),
    }
}

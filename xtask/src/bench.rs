//! `bench`: throughput, one JSON object a line, with the keys of the scripts that time other tools.

use std::process::ExitCode;
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::ops::RemRounding;
use rug::{Integer, Rational};
use serde_json::{Map, Value, json};
use symbols::{BatchSize, Gaussian, Interval, Matrix, Population, Residue, Setting, Vector, matrix};

use crate::say;

/// Time the exact engine, one JSON object a line
#[derive(clap::Args)]
#[command(
    after_help = "Keys: peer, problem, n, median_s and min_s (of up to 15 repetitions after a warm-up), rel_residual (0: exact), threads.

Examples:
  cargo xtask bench                         every problem
  cargo xtask bench --problem 'common denominator' --size 120 --size 210
  cargo bench -p exact                      the same and more by criterion, with confidence intervals"
)]
pub struct Args {
    /// Only this problem (may be repeated)
    #[arg(long, value_name = "NAME")]
    problem: Vec<String>,
    /// Only this size (may be repeated)
    #[arg(long, value_name = "N")]
    size: Vec<usize>,
}

/// Solves a problem once; the keys and values that it adds to a line.
type Task = Box<dyn FnMut() -> anyhow::Result<Map<String, Value>>>;

/// A problem of a size, set up, with the residual of its answer, 0 where that is exact.
type Prepared = anyhow::Result<(f64, Task)>;

/// Who solves, what, in which sizes, and how one is set up.
type Problem = (&'static str, &'static str, &'static [usize], fn(usize) -> Prepared);

const PROBLEMS: [Problem; 5] = [
    ("exact::solve", "common denominator", &[21, 55, 120, 210], |n| rational_system(n, true)),
    ("exact::solve", "random fractions", &[21, 55], |n| rational_system(n, false)),
    ("symbols::Interval", "100 digits", &[21, 55, 120], enclosed_system),
    ("exact::stationary", "stationary state", &[2, 4, 8, 12], stationary_state),
    ("exact::tail::index", "tail index, 30 digits", &[1, 2, 10, 100], tail_index),
];

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let names = Vec::from_iter(PROBLEMS.iter().map(|(_, problem, _, _)| *problem));
    for name in &args.problem {
        anyhow::ensure!(names.contains(&name.as_str()), "no problem is named {name}; there are {}", names.join(", "));
    }
    for (peer, problem, sizes, set_up) in PROBLEMS {
        if !args.problem.is_empty() && !args.problem.iter().any(|name| name == problem) {
            continue;
        }
        for &n in sizes.iter().filter(|n| args.size.is_empty() || args.size.contains(n)) {
            let (residual, task) = set_up(n)?;
            let (times, more) = timed(task)?;
            let mut line = Map::new();
            line.extend([
                ("peer".into(), json!(peer)),
                ("problem".into(), json!(problem)),
                ("n".into(), json!(n)),
                ("median_s".into(), rounded(times[times.len() / 2])),
                ("rel_residual".into(), json!(residual)),
                ("threads".into(), json!("1")),
                ("min_s".into(), rounded(times[0])),
            ]);
            line.extend(more);
            say(&Value::Object(line).to_string())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Up to 15 repetitions in 4 s, after a warm-up unless that takes longer; times in ascending order.
fn timed(mut task: Task) -> anyhow::Result<(Vec<f64>, Map<String, Value>)> {
    let mut once = || {
        let start = Instant::now();
        task().map(|more| (start.elapsed().as_secs_f64(), more))
    };
    const BUDGET: f64 = 4.0;
    let (first, mut more) = once()?;
    let mut times = vec![first];
    if first <= BUDGET {
        times.clear();
        while times.is_empty() || times.len() < 15 && times.iter().sum::<f64>() + first < BUDGET {
            let (time, again) = once()?;
            times.push(time);
            more = again;
        }
    }
    times.sort_by(f64::total_cmp);
    Ok((times, more))
}

/// Four significant digits.
fn rounded(seconds: f64) -> Value {
    format!("{seconds:.3e}").parse::<f64>().map_or(Value::Null, |value| json!(value))
}

/// Entries of ten digits over ten digits, or over one common denominator of ten.
fn fractions(n: usize, common: bool) -> (Matrix<Rational>, Matrix<Rational>) {
    let mut random = ChaCha8Rng::seed_from_u64(3000 + n as u64);
    let mut ten = || random.random_range(1_000_000_000_i64..10_000_000_000);
    let denominator = ten();
    let mut entry = |signed: bool| {
        let sign = if signed && ten() % 2 == 0 { -1 } else { 1 };
        Rational::from((sign * ten(), if common { denominator } else { ten() }))
    };
    (Matrix::from_fn(n, n, |_, _| entry(true)), Matrix::from_fn(n, 1, |_, _| entry(false)))
}

fn rational_system(n: usize, common: bool) -> Prepared {
    let (M, R) = fractions(n, common);
    let X = exact::solve(&M, &R)?;
    // Modulo a prime: the product over the rationals takes a hundred times as long as the solution.
    let [left, solution, right] = [&M, &X, &R].map(|M| M.map(|v| residue(&v)));
    let residual = if left * solution == right { 0.0 } else { 1.0 };
    let task = move || {
        let X = exact::solve(&M, &R)?;
        let bits = X.iter().map(|x| x.numer().significant_bits().max(x.denom().significant_bits())).max();
        Ok(Map::from_iter([("solution_bits".into(), json!(bits))]))
    };
    Ok((residual, Box::new(task)))
}

fn residue(value: &Rational) -> Residue {
    let part = |integer: &Integer| {
        let least = Integer::from(integer.rem_euc(&Integer::from(Residue::MODULUS)));
        Residue::new(least.to_u128_wrapping())
    };
    part(value.numer()) / part(value.denom())
}

fn enclosed_system(n: usize) -> Prepared {
    // A hundred digits, and what elimination of this order loses.
    const BITS: u32 = 333 + 128;
    let (M, R) = fractions(n, true);
    let enclosed = |M: &Matrix<Rational>| {
        let entries = M.iter().map(|v| Interval::enclosing(v, BITS)).collect::<Result<Vec<_>, _>>();
        entries.map(|entries| Matrix::from_vec(M.nrows(), M.ncols(), entries))
    };
    let (M, R) = (enclosed(&M)?, enclosed(&R)?);
    let task = move || {
        let X = matrix::solve(&M, &R)?;
        let digits = X.iter().map(Interval::digits).min();
        Ok(Map::from_iter([("digits_certified".into(), json!(digits))]))
    };
    Ok((0.0, Box::new(task)))
}

fn stationary_state(D: usize) -> Prepared {
    let tridiagonal = |denominator: u32| {
        Matrix::from_fn(D, D, |i, j| match i.abs_diff(j) {
            0 => Rational::from((3 + i as u32 % 4, denominator)),
            1 => Rational::from((1, denominator)),
            _ => Rational::new(),
        })
    };
    let population = Population::Gaussian(Gaussian {
        feature_covariance: tridiagonal(5),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from((1, 4)),
        true_weights: Vector::zeros(D),
    });
    let setting = Setting::new(population, tridiagonal(100), BatchSize::new(4)?)?;
    let task = move || {
        let moments = exact::stationary(&setting)?;
        let bits = moments.fluctuation.iter().map(|x| Integer::from(x.denom()).significant_bits()).max();
        Ok(Map::from_iter([("solution_bits".into(), json!(bits))]))
    };
    Ok((0.0, Box::new(task)))
}

fn tail_index(S: usize) -> Prepared {
    let S = u32::try_from(S)?;
    let task = move || {
        let index = exact::tail::index(&Rational::from(1), S, 30)?;
        Ok(Map::from_iter([("digits_certified".into(), json!(index.digits()))]))
    };
    Ok((0.0, Box::new(task)))
}

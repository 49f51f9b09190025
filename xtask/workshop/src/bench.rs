//! `bench`: the times of the engines, one JSON object a line.

mod exact;
mod lyapunov;
mod measure;
mod montecarlo;

use std::process::ExitCode;

use measure::Bench;

/// Time the engines, one JSON object a line
#[derive(clap::Args)]
#[command(
    after_help = "Keys: peer, problem, n, median_s and min_s (of up to 15 repetitions after a warm-up), rel_residual (0: exact), threads.
For draws the times are those of one step of one chain, or of one number.

Examples:
  cargo xtask bench                         every problem
  cargo xtask bench --problem 'common denominator' --size 120 --size 210
  cargo xtask bench --problem stationary --size 500
  cargo xtask bench --problem sgd --problem normals
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

/// A name, the sizes, and how one of them is set up and timed.
type Problem = (&'static str, &'static [usize], fn(usize, &mut Bench) -> anyhow::Result<()>);

const PROBLEMS: [Problem; 10] = [
    ("common denominator", &[21, 55, 120, 210], |n, bench| exact::rational_system(n, true, bench)),
    ("random fractions", &[21, 55], |n, bench| exact::rational_system(n, false, bench)),
    ("100 digits", &[21, 55, 120], exact::enclosed_system),
    ("stationary state", &[2, 4, 8, 12], exact::stationary_state),
    ("tail index, 30 digits", &[1, 2, 10, 100], exact::tail_index),
    ("stationary", &[5, 10, 20, 50, 100, 200, 500], lyapunov::stationary),
    ("discrete", &[10, 50, 100, 200, 500, 1000], lyapunov::stein),
    ("continuous", &[10, 50, 100, 200, 500, 1000], lyapunov::lyapunov),
    ("normals", &[montecarlo::NUMBERS], montecarlo::normals),
    ("sgd", &[1, 2, 10, 100], montecarlo::steps),
];

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let names = Vec::from_iter(PROBLEMS.iter().map(|(problem, _, _)| *problem));
    for name in &args.problem {
        anyhow::ensure!(names.contains(&name.as_str()), "no problem is named {name}; there are {}", names.join(", "));
    }
    for (problem, sizes, set_up) in PROBLEMS {
        if !args.problem.is_empty() && !args.problem.iter().any(|name| name == problem) {
            continue;
        }
        for &n in sizes.iter().filter(|n| args.size.is_empty() || args.size.contains(n)) {
            set_up(n, &mut Bench { problem, n })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

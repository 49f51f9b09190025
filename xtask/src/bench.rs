//! `bench`: the times of the engines, one JSON object a line.

mod exact;
mod lyapunov;
mod montecarlo;

use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Map, Value, json};

use cli::say;

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

/// The keys that a task adds to its line.
type Keys = Map<String, Value>;

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

/// One problem in one size.
struct Bench {
    problem: &'static str,
    n: usize,
}

impl Bench {
    /// Times a task and prints its line, with the residual of its answer, 0 where that is exact.
    fn time(&self, peer: &str, residual: f64, mut task: impl FnMut() -> anyhow::Result<Keys>) -> anyhow::Result<()> {
        let (times, more) = timed(&mut task)?;
        self.line(peer, self.problem, Some(residual), &times, more)
    }

    /// Prints the line of times in ascending order; `more` may replace what all lines have.
    fn line(&self, peer: &str, problem: &str, residual: Option<f64>, times: &[f64], more: Keys) -> anyhow::Result<()> {
        let mut line = Map::new();
        line.extend([
            ("peer".into(), json!(peer)),
            ("problem".into(), json!(problem)),
            ("n".into(), json!(self.n)),
            ("median_s".into(), rounded(times[times.len() / 2])),
            ("rel_residual".into(), json!(residual)),
            ("threads".into(), json!("1")),
            ("min_s".into(), rounded(times[0])),
        ]);
        line.extend(more);
        say(&Value::Object(line).to_string())?;
        Ok(())
    }
}

/// Times up to 15 repetitions in 4 s, after a warm-up unless that takes longer. The times are in ascending order.
fn timed(task: &mut dyn FnMut() -> anyhow::Result<Keys>) -> anyhow::Result<(Vec<f64>, Keys)> {
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

/// A number to four significant digits.
fn rounded(number: f64) -> Value {
    format!("{number:.3e}").parse::<f64>().map_or(Value::Null, |value| json!(value))
}

//! Times a task, and prints the line of it.

use std::time::Instant;

use cli::say;
use serde_json::{Map, Value, json};

/// What a task adds to its line.
pub type Keys = Map<String, Value>;

/// One problem in one size.
pub struct Bench {
    pub problem: &'static str,
    pub n: usize,
}

impl Bench {
    /// Times a task and prints its line, with the residual of its answer, 0 where that is exact.
    pub fn time(
        &self,
        peer: &str,
        residual: f64,
        mut task: impl FnMut() -> anyhow::Result<Keys>,
    ) -> anyhow::Result<()> {
        let (times, more) = timed(&mut task)?;
        self.line(peer, self.problem, Some(residual), &times, more)
    }

    /// Prints the line of times in ascending order; `more` may replace what all lines have.
    pub fn line(
        &self,
        peer: &str,
        problem: &str,
        residual: Option<f64>,
        times: &[f64],
        more: Keys,
    ) -> anyhow::Result<()> {
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

/// Up to 15 repetitions in 4 s, after a warm-up unless that takes longer; times in ascending order.
pub fn timed(task: &mut dyn FnMut() -> anyhow::Result<Keys>) -> anyhow::Result<(Vec<f64>, Keys)> {
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
pub fn rounded(number: f64) -> Value {
    format!("{number:.3e}").parse::<f64>().map_or(Value::Null, |value| json!(value))
}

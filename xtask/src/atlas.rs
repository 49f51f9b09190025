//! `atlas`: the edge of stability of a problem file, from all its sides.

use std::path::PathBuf;
use std::process::ExitCode;

use lyapunov::{BatchSizes, BestMomentum, Bounds, Stability};
use serde::Serialize;
use symbols::{BatchSize, Setting, problem};

use crate::laid_out;
use crate::output::{Destination, MALFORMED, refuse};
use crate::progress::Watch;
use crate::solve::describe;

/// Batch sizes of the table, as far as there are samples.
const BATCH_SIZES: [u32; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/// The edge of stability of a problem file: learning rate, batch size, momentum
#[derive(clap::Args)]
#[command(
    after_help = "The exact factor is where the second moments cease to converge. Beside it, what is cheaper and says less: no noise \
at all; two necessary conditions of Mulayoff and Michaeli (2024), whose exact threshold for plain SGD the exact factor \
is; the necessary condition of Wu, Wang and Su (2022), for plain SGD without weight decay.

Examples:
  cargo xtask atlas data/digits.toml
  cargo xtask atlas data/gaussian.toml --batch-size 3 --batch-size 5 --json -"
)]
pub struct Args {
    /// The problem file
    file: PathBuf,
    /// A batch size of the table (may be repeated); powers of two by default
    #[arg(long, value_name = "S")]
    batch_size: Vec<u32>,
    /// Write the answer as one JSON object; `-` is the standard output, instead of the tables
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Serialize)]
struct Atlas {
    spectral_radius: f64,
    stability_margin: f64,
    batch_size_threshold: Option<f64>,
    smallest_batch_size: Option<u32>,
    best_momentum: f64,
    spectral_radius_at_best_momentum: f64,
    by_batch_size: Vec<Row>,
}

/// Factors on the learning rate.
#[derive(Serialize)]
struct Row {
    batch_size: u32,
    exact: f64,
    full_batch: f64,
    top_direction: f64,
    all_directions: f64,
    alignment: Option<f64>,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let setting: Setting<f64> = match problem::read(&args.file) {
        Ok(setting) => setting,
        Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
    };
    let destination = Destination::new(args.json.as_deref(), None)?;
    let atlas = match atlas(&setting, &args.batch_size) {
        Ok(atlas) => atlas,
        Err(error) => return Ok(refuse(MALFORMED, &format!("{}: {error:#}", args.file.display()))),
    };
    let text = || format!("{}: {}\n\n{}", args.file.display(), describe(&setting), text(&setting, &atlas));
    destination.write(&atlas, [], text)?;
    Ok(ExitCode::SUCCESS)
}

/// What a problem is, and the tables of its edge of stability.
pub fn summary(setting: &Setting<f64>) -> anyhow::Result<(String, String)> {
    Ok((describe(setting), text(setting, &atlas(setting, &[])?)))
}

fn atlas(setting: &Setting<f64>, asked: &[u32]) -> anyhow::Result<Atlas> {
    let sizes = if asked.is_empty() { &BATCH_SIZES[..] } else { asked };
    let settings = sizes.iter().map(|&S| Ok((S, setting.clone().with_batch_size(BatchSize::new(S)?)?)));
    // Of the sizes that nobody asked for, those that the sampling allows.
    let settings: Vec<(u32, Setting<f64>)> = match asked.is_empty() {
        true => settings.filter_map(anyhow::Result::ok).collect(),
        false => settings.collect::<anyhow::Result<_>>()?,
    };
    let watch = Watch::steps(settings.len() as u64 + 3, "stability");
    let Stability { spectral_radius, margin } = lyapunov::stability(setting)?;
    watch.step();
    watch.say("batch sizes");
    let BatchSizes { threshold, smallest } = lyapunov::stable_batch_sizes(setting)?;
    watch.step();
    watch.say("momentum");
    let BestMomentum { momentum, spectral_radius: at_best } = lyapunov::best_momentum(setting)?;
    watch.step();
    let mut by_batch_size = Vec::new();
    for (batch_size, setting) in settings {
        watch.say(format!("S = {batch_size}"));
        let Bounds { full_batch, top_direction, all_directions, alignment } = lyapunov::bounds(&setting)?;
        let exact = lyapunov::stability(&setting)?.margin;
        by_batch_size.push(Row { batch_size, exact, full_batch, top_direction, all_directions, alignment });
        watch.step();
    }
    drop(watch);
    Ok(Atlas {
        spectral_radius,
        stability_margin: margin,
        batch_size_threshold: threshold.is_finite().then_some(threshold),
        smallest_batch_size: smallest,
        best_momentum: momentum,
        spectral_radius_at_best_momentum: at_best,
        by_batch_size,
    })
}

fn text(setting: &Setting<f64>, atlas: &Atlas) -> String {
    let number = |value: f64| format!("{value:.10}");
    let smallest = atlas.smallest_batch_size.map_or_else(|| "none".into(), |S| S.to_string());
    let threshold = atlas
        .batch_size_threshold
        .map_or_else(|| "no batch size is stable".into(), |threshold| format!("stable above S = {threshold:.10}"));
    let lines = [
        ("stability margin", number(atlas.stability_margin), "the largest factor on the learning rate".to_owned()),
        ("spectral radius", number(atlas.spectral_radius), "of the second-moment recursion: stable below 1".to_owned()),
        ("smallest batch size", smallest, threshold),
        (
            "best momentum",
            number(atlas.best_momentum),
            format!("where the spectral radius is smallest: {:.10}", atlas.spectral_radius_at_best_momentum),
        ),
    ];
    let mut text = String::new();
    for (name, value, meaning) in lines {
        text.push_str(format!("{name:<21}{value:<16}{meaning}").trim_end());
        text.push('\n');
    }
    let rate = number_rate(setting);
    let mut header = vec!["S", "exact", "full batch", "top direction", "all directions", "alignment"];
    header.extend(rate.map(|_| "learning rate"));
    let rows = atlas.by_batch_size.iter().map(|row| {
        let factor = |value: f64| format!("{value:.6}");
        let mut cells = vec![row.batch_size.to_string(), factor(row.exact), factor(row.full_batch)];
        cells.extend([factor(row.top_direction), factor(row.all_directions)]);
        cells.push(row.alignment.map_or_else(|| "–".into(), factor));
        cells.extend(rate.map(|rate| format!("{:.6e}", rate * row.exact)));
        cells
    });
    let table = laid_out(header.into_iter().map(str::to_owned).collect(), rows.collect());
    format!("{text}\nThe largest stable factor on the learning rate, and bounds that it cannot pass\n{table}")
}

/// λ, where Λ = λI.
fn number_rate(setting: &Setting<f64>) -> Option<f64> {
    let L = setting.learning_rate();
    let rate = L[(0, 0)];
    let D = L.nrows();
    (0..D).all(|j| (0..D).all(|i| L[(i, j)] == if i == j { rate } else { 0.0 })).then_some(rate)
}

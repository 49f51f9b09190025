//! `atlas`: the limits of stability of a problem file in the learning rate, the batch size and the momentum.

use std::path::PathBuf;
use std::process::ExitCode;

use lyapunov::{BatchSizes, BestMomenta, BestMomentum, Bounds, Problem, Stability};
use numbers::decimal;
use report::tables::laid_out;
use serde::Serialize;
use symbols::{BatchSize, Setting};

use crate::output::{Destination, MALFORMED, refuse};
use crate::progress::Watch;
use crate::words::problem as describe;

/// The batch sizes of the table by default, as far as the sampling allows them.
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
    undecided_batch_size: Option<u32>,
    stable: Option<bool>,
    /// The best with 0 ≤ μ < 1, the range that a run may have.
    best_momentum: f64,
    spectral_radius_at_best_momentum: f64,
    /// The best with −1 < μ < 1.
    best_signed_momentum: f64,
    spectral_radius_at_best_signed_momentum: f64,
    by_batch_size: Vec<Row>,
}

/// Factors on the learning rate at one batch size: the largest stable one, and bounds on it.
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
    // A size that nobody asked for is left out where the sampling does not allow it.
    let settings: Vec<(u32, Setting<f64>)> = match asked.is_empty() {
        true => settings.filter_map(anyhow::Result::ok).collect(),
        false => settings.collect::<anyhow::Result<_>>()?,
    };
    let watch = Watch::steps(settings.len() as u64 + 3, "stability");
    let verdict = lyapunov::decide(&Problem::nearest(setting))?;
    let Stability { spectral_radius, margin, .. } = verdict.stability();
    watch.step();
    watch.say("batch sizes");
    let BatchSizes { threshold, smallest, undecided, .. } = lyapunov::stable_batch_sizes(setting)?;
    watch.step();
    watch.say("momentum");
    let BestMomenta { not_negative, of_all, .. } = lyapunov::best_momenta(setting)?;
    watch.step();
    let mut by_batch_size = Vec::new();
    for (batch_size, setting) in settings {
        watch.say(format!("S = {batch_size}"));
        let Bounds { full_batch, top_direction, all_directions, alignment, .. } = lyapunov::bounds(&setting)?;
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
        undecided_batch_size: undecided,
        stable: verdict.is_stable(),
        best_momentum: not_negative.momentum,
        spectral_radius_at_best_momentum: not_negative.spectral_radius,
        best_signed_momentum: of_all.momentum,
        spectral_radius_at_best_signed_momentum: of_all.spectral_radius,
        by_batch_size,
    })
}

fn text(setting: &Setting<f64>, atlas: &Atlas) -> String {
    let smallest = atlas.smallest_batch_size.map_or_else(|| "none".into(), |S| S.to_string());
    let threshold = match atlas.batch_size_threshold {
        None => "no batch size is stable".into(),
        Some(0.0) => "every batch size is stable".into(),
        Some(threshold) => format!("stable above S = {}", number(threshold)),
    };
    let threshold = match atlas.undecided_batch_size {
        None => threshold,
        Some(size) => format!("{threshold}; S = {size} is undecided in doubles"),
    };
    let verdict = match atlas.stable {
        Some(_) => "of the second-moment recursion: stable below 1",
        None => {
            "of the second-moment recursion: stable below 1; undecided in doubles, solve decides where fractions can"
        }
    };
    let factor = match atlas.stability_margin {
        f64::INFINITY => "every factor on the learning rate is stable: nothing moves, or nothing is pulled",
        0.0 => "no factor on the learning rate is stable",
        _ => "the largest factor on the learning rate",
    };
    let mut lines = vec![
        ("stability margin", number(atlas.stability_margin), factor.to_owned()),
        ("spectral radius", number(atlas.spectral_radius), verdict.to_owned()),
        ("smallest batch size", smallest, threshold),
    ];
    let momentum =
        BestMomentum { momentum: atlas.best_momentum, spectral_radius: atlas.spectral_radius_at_best_momentum };
    lines.push(best("best momentum", "0 ≤ μ < 1", momentum));
    if atlas.best_signed_momentum < 0.0 {
        let momentum = BestMomentum {
            momentum: atlas.best_signed_momentum,
            spectral_radius: atlas.spectral_radius_at_best_signed_momentum,
        };
        lines.push(best("of either sign", "−1 < μ < 1", momentum));
    }
    let mut text = String::new();
    for (name, value, meaning) in lines {
        text.push_str(format!("{name:<21}{value:<15} {meaning}").trim_end());
        text.push('\n');
    }
    let rate = number_rate(setting);
    let mut header = vec!["S", "exact", "full batch", "top direction", "all directions", "alignment"];
    header.extend(rate.map(|_| "learning rate"));
    let rows = atlas.by_batch_size.iter().map(|row| {
        let factor = |value: f64| in_range(value, 6, 7);
        let mut cells = vec![row.batch_size.to_string(), factor(row.exact), factor(row.full_batch)];
        cells.extend([factor(row.top_direction), factor(row.all_directions)]);
        cells.push(row.alignment.map_or_else(|| "–".into(), factor));
        // No factor makes another learning rate of 0.
        cells.extend(rate.map(|rate| if rate == 0.0 { "–".into() } else { format!("{:.6e}", rate * row.exact) }));
        cells
    });
    let table = laid_out(header.into_iter().map(str::to_owned).collect(), rows.collect());
    format!("{text}\nThe largest stable factor on the learning rate, and bounds that it cannot pass\n{table}")
}

/// The line of a best momentum. There is none where no momentum is stable, because the radius falls up to the end of
/// the interval.
fn best(name: &'static str, among: &str, best: BestMomentum) -> (&'static str, String, String) {
    let radius = number(best.spectral_radius);
    if best.spectral_radius < 1.0 {
        (name, number(best.momentum), format!("among {among}, where the spectral radius is smallest: {radius}"))
    } else {
        (name, "none".into(), format!("among {among} none is stable: the spectral radius is {radius} or more"))
    }
}

/// Ten places, or as many as tell a number from 0 and 1.
fn number(value: f64) -> String {
    let text = in_range(value, 10, 10);
    if value != 1.0 && text.parse() == Ok(1.0) { value.to_string() } else { text }
}

/// A number to so many places, or to so many digits where it is too small or too large for that.
fn in_range(value: f64, places: usize, digits: usize) -> String {
    match value.abs() {
        0.0 | 1e-3..1e3 => decimal::to_places(value, places),
        _ => decimal::measured(value, digits),
    }
}

/// The number λ, where Λ = λI.
fn number_rate(setting: &Setting<f64>) -> Option<f64> {
    let L = setting.learning_rate();
    let rate = L[(0, 0)];
    let D = L.nrows();
    (0..D).all(|j| (0..D).all(|i| L[(i, j)] == if i == j { rate } else { 0.0 })).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_becomes_another_by_its_places() {
        for (value, text) in [
            (1.0 / 3.0, "0.3333333333"),
            (0.0, "0.0000000000"),
            (1.0, "1.0000000000"),
            (0.999_999_999_999, "0.999999999999"),
            (1.000_000_000_000_2, "1.0000000000002"),
            (1.25e-9, "1.250000000e-9"),
            (750_000.000_000_000_1, "750000.0000"),
            (2.5e12, "2.500000000e12"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    fn atlas_of(text: &str) -> (String, Atlas) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("problem.toml");
        std::fs::write(&path, text).unwrap();
        let setting = problem::read(&path).unwrap();
        let atlas = atlas(&setting, &[]).unwrap();
        (super::text(&setting, &atlas), atlas)
    }

    fn one_weight(rate: f64, curvature: f64) -> (String, Atlas) {
        atlas_of(&format!(
            "[sgd]\nbatch_size = 1\nlearning_rate = {rate}\n[model]\nfeature_covariance = [[{curvature}]]\nlabel_noise_variance = 1\n"
        ))
    }

    #[test]
    fn the_best_momentum_is_the_best_of_those_that_are_named() {
        let (text, atlas) = one_weight(0.5, 1.0);
        assert_eq!((atlas.best_momentum, atlas.spectral_radius_at_best_momentum), (0.0, 0.75));
        assert!(text.contains("among 0 ≤ μ < 1") && text.contains("\nof either sign       -0.212"), "{text}");
        let (text, _) = one_weight(5.0, 1.0);
        assert!(text.contains("best momentum        none            among 0 ≤ μ < 1 none is stable"), "{text}");
    }

    #[test]
    fn nothing_is_not_a_number() {
        for (rate, curvature) in [(0.0, 1.0), (0.5, 0.0), (0.0, 0.0), (1e-9, 1.0), (5.0, 1.0), (1e50, 1.0)] {
            let (text, _) = one_weight(rate, curvature);
            assert!(!text.contains("NaN"), "{text}");
        }
        let (text, atlas) = one_weight(0.0, 1.0);
        assert!(
            atlas.stability_margin == f64::INFINITY && text.contains("every factor on the learning rate"),
            "{text}"
        );
        assert!(text.contains("every batch size is stable"), "{text}");
    }
}

//! `evaluate`: one closed form at a problem of one's own, to any number of digits.

use std::path::PathBuf;
use std::process::ExitCode;

use claims::{Claim, Kind, hypotheses};
use numbers::{Interval, Matrix, decimal};
use registry::closed_forms;
use report::program;
use rug::Rational;
use symbols::Setting;
use verify::{DIGITS_LIMIT, enclose, exact_value};

use crate::judge;
use crate::output::{MALFORMED, refuse};
use crate::progress::Watch;
use crate::say;
use crate::verify::spelled_alike;

/// Evaluate the printed closed form of a claim at a problem file, certain to the last digit
#[derive(clap::Args)]
#[command(
    after_help = "The form is evaluated whether or not the problem satisfies its hypotheses; the exact engine's answer stands beside it.

A claim file says what is claimed in general; here a claim of it is asked about one problem.

Examples:
  cargo xtask evaluate label-noise/fluctuation data/label_noise.toml
  cargo xtask evaluate mine/test-loss data/label_noise.toml --from mine.toml
  cargo xtask evaluate label-noise/test-loss data/label_noise.toml --digits 100

Exit codes: 0 evaluated, whether or not the engine agrees; 2 malformed options, claim file or problem file, or no value."
)]
pub struct Args {
    /// The claim, as in the table of `cargo xtask verify` or in the file of --from
    claim: String,
    /// The problem file
    file: PathBuf,
    /// A claim file in which the claim stands
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Significant digits
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=i64::from(DIGITS_LIMIT)))]
    digits: u32,
}

impl Args {
    /// The claim, or what to say of a name or a file that has none.
    fn claim(&self) -> Result<Claim, String> {
        let Some(file) = &self.from else {
            let nearest = || spelled_alike(&self.claim, closed_forms().iter().map(|claim| claim.id.as_str()));
            let found = closed_forms().iter().find(|claim| claim.id == self.claim).map(|claim| Claim::clone(claim));
            return found
                .ok_or_else(|| format!("error: {}: expected a claim with a closed form, {}", self.claim, nearest()));
        };
        let claims = judge::input::read(&[file])?;
        let names = Vec::from_iter(claims.iter().map(|claim| claim.id.clone())).join(", ");
        let found = claims.into_iter().find(|claim| claim.id == self.claim);
        found.ok_or_else(|| format!("error: {}: expected a claim of {}: {names}", self.claim, file.display()))
    }
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let claim = &match args.claim() {
        Ok(claim) => claim,
        Err(told) => {
            eprintln!("{told}");
            return Ok(ExitCode::from(MALFORMED));
        }
    };
    if matches!(claim.kind, Kind::Stability) {
        let file = args.file.display();
        let why = format!(
            "{} is a condition of stability, and no value: `{} atlas {file}` tells the edge",
            claim.id,
            program::name(),
        );
        return Ok(refuse(MALFORMED, &why));
    }
    let setting: Setting<Rational> = match problem::read(&args.file) {
        Ok(setting) => setting,
        Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
    };
    let watch = Watch::new("the closed form");
    let value = match enclose(claim, &setting, args.digits) {
        Ok(value) => value,
        Err(why) => {
            let said = match setting.dimension() {
                D if D > 1 && claim.assumes(&hypotheses::ONE_WEIGHT, &[]) => {
                    format!("the claim is about one weight, and your problem has {D} weights")
                }
                _ => why.to_string(),
            };
            return Ok(refuse(MALFORMED, &format!("{}: {}: {said}", args.file.display(), claim.id)));
        }
    };
    let digits = args.digits as usize;
    let is_inequality = matches!(claim.kind, Kind::Bound | Kind::Existence);
    let (claimed, found) = if is_inequality {
        ("the other side".into(), claim.printed.found_side())
    } else {
        let quantity = claim.quantity().map_or_else(|| "its sides".into(), |quantity| quantity.to_string());
        (quantity.clone(), quantity)
    };
    watch.pause(|| say(&format!("{}\nprinted  {claimed} =\n{}", claim.statement(), printed(&value, args.digits))))?;
    watch.say("the exact engine");
    let exact = exact_value(claim, &setting);
    drop(watch);
    match exact {
        Ok(exact) => {
            let inside = value.iter().zip(&exact).all(|(entry, exact)| entry.contains(exact));
            say(&format!("exact    {found} =\n{}", rows(&exact.map(|v| decimal::exact(&v, digits)))))?;
            say(match claim.kind {
                _ if is_inequality => "An inequality compares the two by size.",
                _ if inside => "The exact value lies within the enclosure.",
                Kind::Approximation { .. } | Kind::Limit { .. } => {
                    "They differ, as an approximation may: it is claimed in a limit."
                }
                _ => "They differ: the form is wrong, or the problem breaks a hypothesis.",
            })?;
        }
        Err(why) => say(&format!("The exact engine has no answer here: {why}."))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The entries with digits that are all certain, or with the most that an entry can be.
fn printed(value: &Matrix<Interval>, digits: u32) -> String {
    let entry = |entry: Interval| match (entry.midpoint(), entry.low(), entry.high()) {
        (Some(middle), ..) if entry.digits() >= digits => decimal::exact(&middle, digits as usize),
        (_, Some(low), Some(high)) => format!("0 ± {}", decimal::exact(&low.abs().max(high.abs()), 2)),
        _ => "unknown".into(),
    };
    rows(&value.map(entry))
}

fn rows(entries: &Matrix<String>) -> String {
    let row = |i: usize| Vec::from_iter(entries.row(i).iter().cloned()).join("  ");
    Vec::from_iter((0..entries.nrows()).map(|i| format!("  {}", row(i)))).join("\n")
}

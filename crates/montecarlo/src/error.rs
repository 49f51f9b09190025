//! Everything that can be wrong with a run.

use std::fmt;
use std::io;
use std::path::PathBuf;

use numbers::matrix::Singular;
use symbols::Sampling;

use crate::draws::Draws;
use crate::shard::Shard;

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MonteCarloError {
    /// A count of the plan outside its range.
    #[error("{quantity} = {value}: expected {minimum} to {maximum}")]
    OutOfRange {
        /// The name of the count.
        quantity: &'static str,
        /// Its value.
        value: usize,
        /// The smallest that is accepted.
        minimum: usize,
        /// The largest that is accepted.
        maximum: usize,
    },
    /// A part of the setting, or what follows from it, with an infinite entry or NaN.
    #[error("{quantity} has an entry {value}: expected finite numbers")]
    NotFinite {
        /// The name of the quantity.
        quantity: &'static str,
        /// The first such entry.
        value: f64,
    },
    /// A variance below zero: nothing can be drawn.
    #[error("{quantity} = {value}: expected a variance ≥ 0")]
    NegativeVariance {
        /// The name of the quantity.
        quantity: &'static str,
        /// Its value.
        value: f64,
    },
    /// A covariance with a negative direction: nothing can be drawn.
    #[error("{quantity} has a pivot {pivot}: expected a positive semidefinite matrix")]
    NotPositiveSemidefinite {
        /// The name of the quantity.
        quantity: &'static str,
        /// The negative number that elimination left on its diagonal.
        pivot: f64,
    },
    /// K = A + B + Γ without an inverse: no single minimizer to measure the fluctuation from.
    #[error("hessian: {source}")]
    SingularHessian {
        /// The column without a pivot.
        source: Singular,
    },
    /// A chain that left every bound.
    #[error("chain {chain} diverged in step {step}")]
    Diverged {
        /// The first such chain, from 0.
        chain: usize,
        /// The step, from 1, burn-in included.
        step: u64,
    },
    /// A pilot run that was stopped.
    #[error("stopped before it was known how long a chain has to be run before it counts")]
    Interrupted,
    /// Draws that the samples cannot be had by.
    #[error("draws = {draws}: expected {expected}")]
    UnfitDraws {
        /// The draws that were asked for.
        draws: Draws,
        /// What such draws need.
        expected: &'static str,
    },
    /// A run that was stopped before its chains could be compared.
    #[error("{blocks} of {expected} blocks of steps are done: expected at least 2 of its parts")]
    TooShort {
        /// Blocks that are done.
        blocks: usize,
        /// Blocks of the whole run.
        expected: usize,
    },
    /// More shards than there are packs of chains.
    #[error("{count} shards: {chains} chains, which run eight side by side, make at most {most}")]
    TooManyShards {
        /// How many shards were asked for.
        count: usize,
        /// The chains of the plan.
        chains: usize,
        /// The most shards that they make.
        most: usize,
    },
    /// Parts that are no parts of one run.
    #[error("shards of different runs: their {quantity} is {one} and {other}")]
    DifferentRuns {
        /// The first thing that differs.
        quantity: &'static str,
        /// Its value in the first shard.
        one: ParameterValue,
        /// Its value in another.
        other: ParameterValue,
    },
    /// A shard that is there more than once.
    #[error("shard {shard} is given twice")]
    RepeatedShard {
        /// The shard.
        shard: Shard,
    },
    /// Shards that are not there.
    #[error("missing: {}, expected every shard once", listed(.missing))]
    MissingShards {
        /// How many there should be.
        count: usize,
        /// The shards that are missing.
        missing: Vec<Shard>,
    },
    /// A checkpoint that another process writes.
    #[error("{}: another process keeps its run in this file", .path.display())]
    InUse {
        /// Its path.
        path: PathBuf,
    },
    /// A file that could not be read or written. One that was there before is as it was.
    #[error("{}: {reason}", .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The kind of error that the operating system reports.
        kind: io::ErrorKind,
        /// The error in the words of the operating system.
        reason: String,
    },
    /// A checkpoint that cannot be read. Nothing was changed.
    #[error("{}: {problem}", .path.display())]
    Checkpoint {
        /// Its path.
        path: PathBuf,
        /// What is wrong with the file.
        problem: CheckpointProblem,
    },
}

/// What is wrong with a checkpoint.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointProblem {
    /// The first bytes are not those of a checkpoint.
    #[error("no checkpoint of a Monte Carlo run")]
    Foreign,
    /// Written by a program with another format.
    #[error("checkpoint version {found}: expected {expected}")]
    Version {
        /// The version of the file.
        found: u32,
        /// The version that this program reads and writes.
        expected: u32,
    },
    /// Cut short, or with bytes that are not those that were written.
    #[error("damaged: checksum {found:08x}: expected {expected:08x}")]
    Damaged {
        /// The checksum of the bytes.
        found: u32,
        /// The checksum that the file names.
        expected: u32,
    },
    /// Whole, but of a run with another setting or plan.
    #[error("checkpoint of another run: its {quantity} is {found}, expected {expected}")]
    AnotherRun {
        /// The first thing that differs.
        quantity: &'static str,
        /// Its value in the file.
        found: ParameterValue,
        /// Its value in the run.
        expected: ParameterValue,
    },
    /// With a checksum that is right, of bytes that encode nothing.
    #[error("no state of this run, though its checksum is right: {quantity} cannot be decoded")]
    Undecodable {
        /// The quantity that should be encoded there.
        quantity: &'static str,
    },
    /// With a checksum that is right, and decoded, to what no run has written.
    #[error(
        "no state of this run, though its checksum is right: {quantity} = {found}, expected {}",
        range(*.minimum, *.maximum)
    )]
    Inconsistent {
        /// The quantity that is wrong.
        quantity: &'static str,
        /// Its value.
        found: u64,
        /// The smallest that it could be.
        minimum: u64,
        /// The largest that it could be.
        maximum: u64,
    },
}

/// The value of a parameter in which two runs differ.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ParameterValue {
    /// A number of things, or the seed.
    Count(u64),
    /// A number, and, of a vector or a matrix column by column, which entry it is, from 1.
    Number(f64, Option<usize>),
    /// How minibatches are drawn.
    Draws(Draws),
    /// How the samples of a minibatch are drawn.
    Sampling(Sampling),
    /// The number of samples of a data set; none for Gaussian features.
    Samples(Option<u64>),
    /// Which chains.
    Shard(Shard),
}

impl fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterValue::Count(count) => count.fmt(f),
            // Debug, because it is short for numbers of any size.
            ParameterValue::Number(value, None) => write!(f, "{value:?}"),
            ParameterValue::Number(value, Some(entry)) => write!(f, "{value:?} in entry {entry}"),
            ParameterValue::Draws(draws) => draws.fmt(f),
            ParameterValue::Sampling(sampling) => sampling.fmt(f),
            ParameterValue::Samples(None) => f.write_str("Gaussian features"),
            ParameterValue::Samples(Some(count)) => write!(f, "a data set of {count} samples"),
            ParameterValue::Shard(shard) => shard.fmt(f),
        }
    }
}

/// A range of counts, or the only one in it.
fn range(minimum: u64, maximum: u64) -> String {
    if minimum == maximum { minimum.to_string() } else { format!("{minimum} to {maximum}") }
}

/// So many of them by name, and how many others there are.
fn listed(shards: &[Shard]) -> String {
    const MOST: usize = 10;
    let mut words = Vec::from_iter(shards.iter().take(MOST).map(|shard| format!("shard {shard}")));
    if shards.len() > MOST {
        words.push(format!("{} more", shards.len() - MOST));
    }
    words.join(", ")
}

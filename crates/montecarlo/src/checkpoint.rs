//! Runs on disk.
//!
//! A checkpoint is: eight bytes that say what it is, the version of the format, a CRC-32 of all that follows, the
//! parameters of the run, how far it is, and the sums and places of its chains. Version and checksum are little-endian;
//! all that follows is encoded by `postcard`: integers of variable length, doubles by their bits. Random streams need
//! nothing: a segment starts them where its number says.
//!
//! A checkpoint takes the place of an older one in a single step, after it has reached the disk: whatever happens, the
//! path holds one or the other.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use symbols::Setting;

use crate::error::ParameterValue;
use crate::error::{CheckpointProblem, MonteCarloError};
use crate::lanes::LANES;
use crate::pack::Pack;
use crate::plan::Plan;
use crate::run::Run;
use crate::shard::Shard;
use crate::state::State;
use file::file_error;

pub use file::CheckpointFile;

mod file;
mod parameters;

use parameters::Difference;
pub(crate) use parameters::Parameters;

const MAGIC: [u8; 8] = *b"sgd-mc\r\n";
/// To be raised with every change of what a run draws or stores.
const VERSION: u32 = 3;
/// Magic, version, checksum.
const HEAD: usize = 16;
/// Bytes of the longest integer.
const INTEGER: usize = 10;

impl Run {
    /// Setting and plan.
    pub(crate) fn parameters(&self) -> Parameters {
        Parameters::of(&self.setting, &self.plan)
    }

    /// Writes a checkpoint to `path`, in place of one that may be there.
    ///
    /// # Errors
    /// [`MonteCarloError::File`], where it cannot be written: then the old one is as it was.
    /// [`MonteCarloError::InUse`], where another process keeps its run there. What stopped a run that diverged.
    pub fn save(&self, path: &Path) -> Result<(), MonteCarloError> {
        CheckpointFile::open(path)?.write(self)
    }

    /// Reads a checkpoint of the run of this setting and plan, or of a shard of it.
    ///
    /// # Errors
    /// [`MonteCarloError::File`] where there is none to be read, [`MonteCarloError::Checkpoint`] where it is of another
    /// version, damaged, or of another run; those of [`Run::new`].
    pub fn load(path: &Path, setting: &Setting<f64>, plan: &Plan) -> Result<Run, MonteCarloError> {
        Run::new(setting, plan)?.read(path)
    }

    /// This run, brought to where a checkpoint of it stands. Where it is a shard, the checkpoint has to be of the same
    /// chains.
    ///
    /// # Errors
    /// Those of [`Run::load`]; [`CheckpointProblem::AnotherRun`] where the checkpoint is of another shard.
    pub fn resume(self, path: &Path) -> Result<Run, MonteCarloError> {
        let own = self.shard;
        let run = self.read(path)?;
        if run.shard == own {
            return Ok(run);
        }
        let [found, expected] = [run.shard, own].map(ParameterValue::Shard);
        let problem = CheckpointProblem::AnotherRun { quantity: "shard", found, expected };
        Err(MonteCarloError::Checkpoint { path: path.into(), problem })
    }

    fn read(self, path: &Path) -> Result<Run, MonteCarloError> {
        let failed = |error| file_error(path, &error);
        let mut file = File::open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(failed(std::io::Error::other("expected a regular file")));
        }
        // Of a file that is longer than any checkpoint of this run, the rest is needed for its checksum alone.
        let mut bytes = Vec::new();
        (&file).take(self.longest()).read_to_end(&mut bytes).map_err(failed)?;
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(bytes.get(HEAD..).unwrap_or_default());
        let (mut rest, mut chunk) = (0, vec![0; 1 << 16]);
        loop {
            let count = file.read(&mut chunk).map_err(failed)?;
            checksum.update(&chunk[..count]);
            rest += count as u64;
            if count == 0 {
                break;
            }
        }
        let read = self.decoded(&bytes, checksum.finalize(), rest);
        read.map_err(|problem| MonteCarloError::Checkpoint { path: path.into(), problem })
    }

    /// The run as a checkpoint: magic, version and checksum; then, encoded one after the other, the parameters, the
    /// segments done, the shard, and what each pack of eight chains carries on.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([0; HEAD - 12]);
        for parameter in self.parameters().0 {
            bytes = with(bytes, &parameter.value);
        }
        bytes = with(bytes, &[self.done, self.shard.index(), self.shard.count()].map(|count| count as u64));
        for pack in &self.packs {
            bytes = with(bytes, &pack.state);
        }
        let checksum = crc32fast::hash(&bytes[HEAD..]);
        bytes[12..HEAD].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The run as the bytes of a checkpoint have it, with the chains of the shard that they are of.
    ///
    /// Nothing that the bytes say is trusted: room for a vector grows as its entries are read, whatever its length is
    /// said to be.
    ///
    /// # Errors
    /// Any [`CheckpointProblem`].
    pub fn with_bytes(self, bytes: &[u8]) -> Result<Run, CheckpointProblem> {
        let checksum = crc32fast::hash(bytes.get(HEAD..).unwrap_or_default());
        self.decoded(bytes, checksum, 0)
    }

    /// From bytes, the checksum `found` of all after the head, and how many bytes are left out at the end.
    fn decoded(mut self, bytes: &[u8], found: u32, left_out: u64) -> Result<Run, CheckpointProblem> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(CheckpointProblem::Foreign)?;
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        if head[..8] != MAGIC {
            return Err(CheckpointProblem::Foreign);
        }
        let (version, expected) = (word(8), word(12));
        if version != VERSION {
            return Err(CheckpointProblem::Version { found: version, expected: VERSION });
        }
        if found != expected {
            return Err(CheckpointProblem::Damaged { found, expected });
        }
        let mut rest = body;
        for own in self.parameters().0 {
            let found = take(&mut rest, own.name)?;
            if !own.value.is_like(&found) {
                return Err(CheckpointProblem::Undecodable { quantity: own.name });
            }
            if let Some(Difference { quantity, own: expected, other: found }) = own.difference(&found) {
                return Err(CheckpointProblem::AnotherRun { quantity, found, expected });
            }
        }
        let within = |quantity, found, minimum, maximum| match (minimum..=maximum).contains(&found) {
            true => Ok(found as usize),
            false => Err(CheckpointProblem::Inconsistent { quantity, found, minimum, maximum }),
        };
        let [done, index, count] = take(&mut rest, "progress")?;
        self.done = within("segments done", done, 0, self.segments() as u64)?;
        let most = self.plan.chains.div_ceil(LANES) as u64;
        let count = within("number of shards", count, 1, most)?;
        let index = within("shard", index, 1, count as u64)?;
        // Both are in their ranges.
        let unfit = |_| CheckpointProblem::Undecodable { quantity: "shard" };
        self.shard = Shard::new(index, count).map_err(unfit)?;
        let share = self.shard.packs(self.plan.chains).map_err(unfit)?;
        let expected = self.state_after(self.done).sizes();
        let mut packs = Vec::with_capacity(share.len());
        for number in share {
            let mut pack = Pack::new(&self.recursion, number);
            pack.state = take(&mut rest, "chains")?;
            for (found, (quantity, expected)) in pack.state.sizes().into_iter().zip(&expected) {
                within(quantity, found.1 as u64, *expected as u64, *expected as u64)?;
            }
            packs.push(pack);
        }
        self.packs = packs;
        let (length, used) = (body.len() as u64 + left_out, (body.len() - rest.len()) as u64);
        within("number of bytes", length, used, used)?;
        Ok(self)
    }

    /// A state with room for the sums of so many segments.
    fn state_after(&self, segments: usize) -> State {
        let (D, noise_width) = (self.recursion.size_weights.len(), self.recursion.frame.noise_width());
        State::after(segments, &self.recursion.schedule, D, noise_width)
    }

    /// A bound on the bytes of the longest checkpoint of the whole run.
    fn longest(&self) -> u64 {
        let parameters = self.parameters().0.iter().fold(Vec::new(), |bytes, own| with(bytes, &own.value));
        let pack = with(Vec::new(), &self.state_after(self.segments()));
        let packs = self.plan.chains.div_ceil(LANES);
        (HEAD + parameters.len() + 3 * INTEGER) as u64 + packs as u64 * pack.len() as u64
    }
}

/// Bytes, and a value after them.
fn with<T: Serialize>(bytes: Vec<u8>, value: &T) -> Vec<u8> {
    postcard::to_extend(value, bytes).expect("a vector takes any bytes, and every length is known")
}

/// The value that comes next, taken off the bytes.
fn take<T: DeserializeOwned>(bytes: &mut &[u8], quantity: &'static str) -> Result<T, CheckpointProblem> {
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(|_| CheckpointProblem::Undecodable { quantity })?;
    *bytes = rest;
    Ok(value)
}

#[cfg(test)]
mod tests;

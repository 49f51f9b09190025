//! Runs on disk.
//!
//! A checkpoint is: eight bytes that say what it is, the version of the format, a CRC-32 of all that follows, the
//! parameters of the run, how far it is, and the sums and places of its chains. All numbers are little-endian words of
//! eight bytes, doubles by their bits. Random streams need nothing: a segment starts them where its number says.
//!
//! A checkpoint takes the place of an older one in a single step, after it has reached the disk: whatever happens, the
//! path holds one or the other.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::lanes::{Lanes, zeros};
use crate::pack::{BlockSums, Pack, PartSums};
use crate::{CheckpointProblem, MonteCarloError, Plan, Run, Shard};
use file::file_error;
use symbols::Setting;

pub use file::CheckpointFile;

mod file;
mod parameters;

pub(crate) use parameters::Parameters;

const MAGIC: [u8; 8] = *b"sgd-mc\r\n";
/// To be raised with every change of what a run draws or stores.
const VERSION: u32 = 2;
/// Magic, version, checksum.
const HEAD: usize = 16;

impl Run {
    /// Setting and plan.
    pub(crate) fn parameters(&self) -> Parameters {
        Parameters::of(&self.setting, &self.plan)
    }

    /// Writes a checkpoint to `path`, in place of one that may be there.
    ///
    /// # Errors
    /// [`MonteCarloError::File`], where it cannot be written: then the old one is as it was. [`MonteCarloError::InUse`], where
    /// another process keeps its run there. What stopped a run that diverged.
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

    /// The same run, as far as a checkpoint of it says that it is. Where this is a shard, that has to be of the same chains.
    ///
    /// # Errors
    /// As [`Run::load`].
    pub fn resume(self, path: &Path) -> Result<Run, MonteCarloError> {
        let own = self.shard;
        let run = self.read(path)?;
        if run.shard == own {
            return Ok(run);
        }
        let (found, expected) = (run.shard.to_string(), own.to_string());
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
        (&file).take(self.longest() as u64).read_to_end(&mut bytes).map_err(failed)?;
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

    /// The run as a checkpoint: magic, version and checksum; then in words of 64 bits, little-endian, setting and plan, the
    /// segments done, the shard, and for each pack its first chain and all that it has summed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut words = self.parameters().words();
        words.extend([self.done, self.shard.index(), self.shard.count()].map(|count| count as u64));
        for pack in &self.packs {
            words.push(pack.first_chain as u64);
            let lanes = arrays(pack).into_iter().flatten();
            words.extend(lanes.flat_map(|lanes| lanes.0.map(f64::to_bits)));
        }
        let body: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(crc32fast::hash(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// The run as the bytes of a checkpoint have it, with the chains of the shard that they are of.
    ///
    /// Nothing that the bytes say is trusted: no more is allocated than what they hold.
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
        let (words, rest) = body.as_chunks::<8>();
        if found != expected || !rest.is_empty() || !left_out.is_multiple_of(8) {
            return Err(CheckpointProblem::Damaged { found, expected });
        }
        let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
        self.parameters().check(&mut words)?;
        let inconsistent =
            |quantity, found, expected: String| CheckpointProblem::Inconsistent { quantity, found, expected };
        let length = words.len() as u64 + left_out / 8;
        let mut count =
            |quantity: &str| words.next().ok_or_else(|| inconsistent("number of words", length, quantity.to_owned()));
        let (done, index, shards) = (count("segments done")?, count("shard")?, count("number of shards")?);
        if done > self.segments() as u64 {
            return Err(inconsistent("segments done", done, format!("at most {}", self.segments())));
        }
        self.done = done as usize;
        let most = self.plan.chains as u64;
        let shard = Shard::new(index.min(most + 1) as usize, shards.min(most + 1) as usize);
        let unfit = |_| inconsistent("shard", index, format!("one of at most {most}, not of {shards}"));
        let shard = shard.map_err(unfit)?;
        let share = shard.packs(self.plan.chains).map_err(unfit)?;
        // From here on the lengths are known: they follow from the plan, the segments done and the shard.
        let expected = share.len() * self.words_of_pack(self.done);
        if words.len() != expected || left_out > 0 {
            return Err(inconsistent("number of words", length, (expected + 3).to_string()));
        }
        let mut packs = Vec::with_capacity(share.len());
        for number in share {
            let mut pack = self.room(number);
            let first_chain = words.next().unwrap_or_default();
            if first_chain != pack.first_chain as u64 {
                return Err(inconsistent("first chain", first_chain, pack.first_chain.to_string()));
            }
            for (lane, word) in
                arrays_mut(&mut pack).into_iter().flatten().flat_map(|lanes| &mut lanes.0).zip(&mut words)
            {
                *lane = f64::from_bits(word);
            }
            packs.push(pack);
        }
        (self.shard, self.packs) = (shard, packs);
        Ok(self)
    }

    /// A pack with room for what it has summed after `self.done` segments, and with the steps that were measured by then.
    fn room(&self, number: usize) -> Pack {
        let (schedule, D) = (&self.recursion.schedule, self.recursion.size_weights.len());
        let mut pack = Pack::new(&self.recursion, number);
        for segment in (0..self.done).map(|i| schedule.segment(i)) {
            let Some(part) = segment.part else { continue };
            if part == pack.parts.len() {
                pack.parts.push(PartSums { measured: 0, first: zeros(D), second: zeros(D), fourth: zeros(D) });
            }
            if let Some(sums) = pack.parts.last_mut() {
                sums.measured += schedule.measured(segment);
            }
        }
        let blocks = schedule.blocks_done(self.done);
        pack.blocks = vec![BlockSums::default(); blocks];
        pack.draws = zeros(blocks * D);
        pack
    }

    /// Words of a pack after so many segments: its first chain, and rows of eight numbers.
    fn words_of_pack(&self, done: usize) -> usize {
        let (schedule, D) = (&self.recursion.schedule, self.recursion.size_weights.len());
        let triangle = |n: usize| n * (n + 1) / 2;
        let blocks = schedule.blocks_done(done);
        let parts = done.checked_sub(1).and_then(|last| schedule.segment(last).part).map_or(0, |part| part + 1);
        let rows =
            2 * D + triangle(D) + triangle(self.recursion.frame.noise_width()) + blocks * (D + 2) + parts * 3 * D;
        1 + rows * crate::lanes::LANES
    }

    /// Bytes of the longest checkpoint of the whole run.
    fn longest(&self) -> usize {
        let packs = self.plan.chains.div_ceil(crate::lanes::LANES);
        HEAD + 8 * (self.parameters().words().len() + 3 + packs * self.words_of_pack(self.segments()))
    }
}

/// Everything that a pack has summed, and where it is.
fn arrays(pack: &Pack) -> Vec<Vec<&Lanes>> {
    let mut all: Vec<Vec<&Lanes>> = Vec::new();
    all.extend([&pack.y, &pack.k, &pack.draws, &pack.fluctuation.lower, &pack.noise.lower].map(|x| x.iter().collect()));
    all.push(pack.blocks.iter().flat_map(|block| [&block.largest, &block.mean]).collect());
    all.extend(
        pack.parts.iter().flat_map(|part| [&part.first, &part.second, &part.fourth]).map(|x| x.iter().collect()),
    );
    all
}

/// The same, to be read into.
fn arrays_mut(pack: &mut Pack) -> Vec<Vec<&mut Lanes>> {
    let mut all: Vec<Vec<&mut Lanes>> = Vec::new();
    let Pack { y, k, draws, fluctuation, noise, blocks, parts, .. } = pack;
    all.extend([y, k, draws, &mut fluctuation.lower, &mut noise.lower].map(|x| x.iter_mut().collect()));
    all.push(blocks.iter_mut().flat_map(|block| [&mut block.largest, &mut block.mean]).collect());
    for PartSums { first, second, fourth, .. } in parts {
        all.extend([first, second, fourth].map(|x| x.iter_mut().collect()));
    }
    all
}

#[cfg(test)]
mod tests;

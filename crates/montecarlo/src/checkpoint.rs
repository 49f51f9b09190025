//! Runs on disk.
//!
//! A checkpoint is: eight bytes that say what it is, the version of the format, a CRC-32 of all that follows, the
//! parameters of the run, how far it is, and the sums and places of its chains. All numbers are little-endian words of
//! eight bytes, doubles by their bits. Random streams need nothing: a segment starts them where its number says.
//!
//! A checkpoint takes the place of an older one in a single step, after it has reached the disk: whatever happens, the
//! path holds one or the other.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use symbols::{Population, Setting};

use crate::lanes::{LANES, Lanes, zeros};
use crate::pack::{BlockSums, Pack, PartSums};
use crate::{CheckpointProblem, Draws, LabelNoise, MonteCarloError, Plan, Run};

const MAGIC: [u8; 8] = *b"sgd-mc\r\n";
/// To be raised with every change of what a run draws or stores.
const VERSION: u32 = 1;
/// Magic, version, checksum.
const HEAD: usize = 16;

/// What makes a run the run that it is, by name.
pub(crate) struct Parameters(Vec<(&'static str, Vec<u64>)>);

impl Parameters {
    /// The name of the first parameter that differs.
    pub(crate) fn first_difference(&self, other: &Parameters) -> Option<&'static str> {
        // Where one has more of them, their names differ before: they are of another population.
        self.0.iter().zip(&other.0).find(|(mine, theirs)| mine != theirs).map(|(mine, _)| mine.0)
    }

    fn words(&self) -> Vec<u64> {
        self.0.iter().flat_map(|(_, words)| std::iter::once(words.len() as u64).chain(words.iter().copied())).collect()
    }
}

impl Run {
    /// Setting and plan.
    pub(crate) fn parameters(&self) -> Parameters {
        parameters(&self.setting, &self.plan)
    }

    /// Writes a checkpoint to `path`, in place of one that may be there.
    ///
    /// # Errors
    /// [`MonteCarloError::File`], where it cannot be written: then the old one is as it was. What stopped a run that
    /// diverged.
    pub fn save(&self, path: &Path) -> Result<(), MonteCarloError> {
        // Its chains stand in the middle of a segment.
        self.check_convergence()?;
        let failed = |error: io::Error| file_error(path, &error);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(&self.to_bytes()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        // The new name reaches the disk with its folder, where folders can be synced.
        match File::open(folder) {
            Ok(folder) if cfg!(unix) => folder.sync_all().map_err(failed),
            _ => Ok(()),
        }
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
        let chains = |run: &Run| Vec::from_iter(run.packs.iter().map(|pack| pack.first_chain));
        let own = chains(&self);
        let run = self.read(path)?;
        if chains(&run) == own {
            return Ok(run);
        }
        let problem = CheckpointProblem::AnotherRun { quantity: "shard" };
        Err(MonteCarloError::Checkpoint { path: path.into(), problem })
    }

    fn read(self, path: &Path) -> Result<Run, MonteCarloError> {
        let bytes = fs::read(path).map_err(|error| file_error(path, &error))?;
        self.with_bytes(&bytes).map_err(|problem| MonteCarloError::Checkpoint { path: path.into(), problem })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut words = self.parameters().words();
        words.extend([self.done as u64, self.packs.len() as u64]);
        for pack in &self.packs {
            words.push(pack.first_chain as u64);
            for part in &pack.parts {
                words.push(part.measured);
            }
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

    /// The run as the bytes of a checkpoint have it, with the chains that they have.
    fn with_bytes(mut self, bytes: &[u8]) -> Result<Run, CheckpointProblem> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(CheckpointProblem::Foreign)?;
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        if head[..8] != MAGIC {
            return Err(CheckpointProblem::Foreign);
        }
        let (version, expected) = (word(8), word(12));
        if version != VERSION {
            return Err(CheckpointProblem::Version { found: version, expected: VERSION });
        }
        let found = crc32fast::hash(body);
        let damaged = CheckpointProblem::Damaged { found, expected };
        let (words, rest) = body.as_chunks::<8>();
        if found != expected || !rest.is_empty() {
            return Err(damaged);
        }
        let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
        for (name, own) in &self.parameters().0 {
            let another = CheckpointProblem::AnotherRun { quantity: name };
            if words.next() != Some(own.len() as u64) || !own.iter().all(|&word| words.next() == Some(word)) {
                return Err(another);
            }
        }
        // What follows was written by this version for this run, so that its shape is known.
        self.done = usize::try_from(words.next().ok_or(damaged)?).map_err(|_| damaged)?;
        let packs = words.next().ok_or(damaged)?;
        if self.done > self.segments() || packs > self.plan.chains.div_ceil(LANES) as u64 {
            return Err(damaged);
        }
        let schedule = &self.recursion.schedule;
        let D = self.setting.dimension();
        let blocks = schedule.blocks_done(self.done);
        let parts = (0..self.done).filter_map(|i| schedule.segment(i).part).max().map_or(0, |part| part + 1);
        let mut read = Vec::new();
        for _ in 0..packs {
            let first_chain = words.next().ok_or(damaged)? as usize;
            if !first_chain.is_multiple_of(LANES) || first_chain >= self.plan.chains {
                return Err(damaged);
            }
            let mut pack = Pack::new(&self.recursion, first_chain / LANES);
            for _ in 0..parts {
                let measured = words.next().ok_or(damaged)?;
                pack.parts.push(PartSums { measured, first: zeros(D), second: zeros(D), fourth: zeros(D) });
            }
            pack.blocks = vec![BlockSums::default(); blocks];
            pack.draws = zeros(blocks * D);
            for lanes in arrays_mut(&mut pack).into_iter().flatten() {
                for lane in &mut lanes.0 {
                    *lane = f64::from_bits(words.next().ok_or(damaged)?);
                }
            }
            read.push(pack);
        }
        self.packs = read;
        if words.next().is_some() { Err(damaged) } else { Ok(self) }
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

fn parameters(setting: &Setting<f64>, plan: &Plan) -> Parameters {
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    let draws = match plan.draws {
        Draws::Literal(LabelNoise::Gaussian) => 0,
        Draws::Literal(LabelNoise::Uniform) => 1,
        Draws::Literal(LabelNoise::Rademacher) => 2,
        Draws::Literal(LabelNoise::Laplace) => 3,
        Draws::InLaw => 4,
        Draws::ShuffledEpochs => 5,
    };
    let mut all = vec![
        ("seed", vec![plan.seed]),
        ("number of chains", vec![plan.chains as u64]),
        ("burn-in", vec![plan.burn_in as u64]),
        ("number of steps", vec![plan.steps as u64]),
        ("draws", vec![draws]),
        ("dimension", vec![setting.dimension() as u64]),
        ("batch size", vec![u64::from(setting.batch_size().get())]),
        ("sampling", vec![setting.sampling() as u64]),
        ("learning rate", bits(setting.learning_rate().as_slice())),
        ("momentum", bits(&[*setting.momentum()])),
        ("weight decay", bits(setting.weight_decay().as_slice())),
    ];
    match setting.population() {
        Population::Gaussian(model) => all.extend([
            ("feature covariance", bits(model.feature_covariance.as_slice())),
            ("input noise covariance", bits(model.input_noise_covariance.as_slice())),
            ("label noise variance", bits(&[model.label_noise_variance])),
            ("true weights", bits(model.true_weights.as_slice())),
        ]),
        Population::Data(data) => {
            all.extend([("features", bits(data.features.as_slice())), ("labels", bits(data.labels.as_slice()))]);
        }
    }
    Parameters(all)
}

fn file_error(path: &Path, error: &io::Error) -> MonteCarloError {
    MonteCarloError::File { path: path.into(), kind: error.kind(), reason: error.to_string() }
}

#[cfg(test)]
mod tests;

//! Finished runs, a line each, so that stopping costs only the runs on their way.
//!
//! ```text
//! {"panel":"right","images":[1438,359], …}                                 the parameters, once
//! {"run":{"curve":"logistic","x":0.001,"seed":3},"outcome":{"logistic":{…}}}
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail, ensure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::train::{Outcome, Panel, Run};

/// What decides the outcome of every run: runs of other parameters are not mixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// The panel.
    pub panel: Panel,
    /// Images to learn from, and for the test.
    pub images: [usize; 2],
    /// The checksum of all pixels and labels.
    pub checksum: u32,
    /// The epochs of the right panel; 1 for the others.
    pub epochs: usize,
    /// The batch size S.
    pub batch_size: usize,
    /// λ at the base width.
    pub learning_rate: f64,
    /// The base width d₀.
    pub base_width: f64,
}

/// A run and what it came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// What it started from.
    pub run: Run,
    /// What it came to.
    pub outcome: Outcome,
}

/// A file of finished runs that is added to.
pub struct State {
    file: File,
    finished: Vec<Finished>,
}

impl State {
    /// Opens the file, or begins it.
    ///
    /// A last line without an end was cut off when the program was killed: it is taken away, and its run is done again.
    ///
    /// # Errors
    /// Where the file holds runs of other parameters, or anything else.
    pub fn open(path: &Path, parameters: &Parameters) -> anyhow::Result<Self> {
        State::open_unnamed(path, parameters).with_context(|| path.display().to_string())
    }

    fn open_unnamed(path: &Path, parameters: &Parameters) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        let text = fs::read_to_string(path)?;
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        file.set_len(whole.len() as u64)?;
        let mut lines = whole.lines().enumerate();
        match lines.next() {
            None => writeln!(file, "{}", serde_json::to_string(parameters)?)?,
            Some((_, first)) => {
                let there: Parameters = serde_json::from_str(first).context("line 1: expected the parameters")?;
                let own = serde_json::to_string(parameters)?;
                ensure!(
                    there == *parameters,
                    "holds runs of other parameters, {first}, and not {own}: remove it, or choose another --name"
                );
            }
        }
        let parse = |(i, line)| serde_json::from_str(line).with_context(|| format!("line {}: expected a run", i + 1));
        Ok(State { file, finished: lines.map(parse).collect::<anyhow::Result<_>>()? })
    }

    /// Does the runs that are not done yet, and returns all outcomes in the order of the runs; `None` if it was stopped
    /// before.
    pub fn complete(
        self,
        runs: &[Run],
        stop: &AtomicBool,
        note: impl Fn() + Sync,
        train: impl Fn(&Run) -> anyhow::Result<Outcome> + Sync,
    ) -> anyhow::Result<Option<Vec<Finished>>> {
        let open = runs.iter().filter(|run| self.outcome(run).is_none());
        let open = Vec::from_iter(open);
        (0..runs.len() - open.len()).for_each(|_| note());
        let state = Mutex::new(self);
        open.into_par_iter().try_for_each(|run| {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let finished = Finished { run: *run, outcome: train(run)? };
            let Ok(mut state) = state.lock() else { bail!("another run panicked") };
            // A line is written in one piece, so that it is there as a whole, or cut off.
            state.file.write_all(format!("{}\n", serde_json::to_string(&finished)?).as_bytes())?;
            state.finished.push(finished);
            note();
            Ok(())
        })?;
        let state = state.into_inner().context("another run panicked")?;
        Ok(runs.iter().map(|run| Some(Finished { run: *run, outcome: state.outcome(run)? })).collect())
    }

    fn outcome(&self, run: &Run) -> Option<Outcome> {
        self.finished.iter().find(|finished| finished.run == *run).map(|finished| finished.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Curve, tests::toy, train};

    fn parameters() -> Parameters {
        let (panel, learning_rate, base_width) = (Panel::Left, 0.5, 64.0);
        Parameters { panel, images: [96, 96], checksum: 7, epochs: 1, batch_size: 32, learning_rate, base_width }
    }

    fn runs() -> Vec<Run> {
        [4.0, 8.0].iter().flat_map(|&x| [1, 2, 3].map(|seed| Run { curve: Curve::Constant, x, seed })).collect()
    }

    fn complete(path: &Path, stop: &AtomicBool, note: impl Fn() + Sync) -> Option<Vec<Finished>> {
        let data = toy();
        let state = State::open(path, &parameters()).unwrap();
        state.complete(&runs(), stop, note, |run| Ok(train(Panel::Left, run, &data, 1)?)).unwrap()
    }

    #[test]
    fn a_run_that_was_stopped_and_cut_off_ends_as_if_it_had_not_been() {
        let folder = tempfile::tempdir().unwrap();
        let [whole, cut] = ["whole", "cut"].map(|name| folder.path().join(name));
        let wanted = complete(&whole, &AtomicBool::new(false), || ()).unwrap();
        let stop = AtomicBool::new(false);
        assert_eq!(complete(&cut, &stop, || stop.store(true, Ordering::Relaxed)), None);
        let text = fs::read_to_string(&cut).unwrap();
        assert!((2..7).contains(&text.lines().count()), "{text}");
        fs::write(&cut, &text[..text.len() - 9]).unwrap();
        assert_eq!(complete(&cut, &AtomicBool::new(false), || ()).unwrap(), wanted);
        // Nothing is done twice.
        assert_eq!(fs::read_to_string(&cut).unwrap().lines().count(), 7);
        assert_eq!(complete(&cut, &AtomicBool::new(true), || ()).unwrap(), wanted);
    }

    #[test]
    fn other_parameters_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        State::open(&path, &parameters()).unwrap();
        let error = State::open(&path, &Parameters { checksum: 8, ..parameters() }).err().unwrap();
        assert!(format!("{error:#}").contains("other parameters"), "{error:#}");
        fs::write(&path, "not JSON\n").unwrap();
        assert!(State::open(&path, &parameters()).is_err());
    }
}

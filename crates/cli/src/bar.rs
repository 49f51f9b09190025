//! The progress of a run that judges claims, with the time of each step.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use verify::Progress;

use crate::progress::Watch;

/// What is being judged, and when that began.
pub struct Bar {
    watch: Watch,
    /// When each step began.
    begun: Mutex<Vec<(String, Instant)>>,
}

impl Bar {
    /// How long each step took, to the millisecond; the last until now.
    #[must_use]
    pub fn seconds(&self) -> BTreeMap<String, f64> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = begun.iter().skip(1).map(|(_, begin)| *begin).chain([Instant::now()]);
        let rounded = |begin: Instant, end: Instant| (1000.0 * (end - begin).as_secs_f64()).round() / 1000.0;
        begun.iter().zip(ends).map(|((step, begin), end)| (step.clone(), rounded(*begin, end))).collect()
    }
}

/// A run whose steps are not known yet.
impl Default for Bar {
    fn default() -> Self {
        Bar { watch: Watch::steps(0, ""), begun: Mutex::default() }
    }
}

impl Progress for Bar {
    fn begin(&self, steps: u64) {
        // `--quick` begins a run for each claim.
        self.watch.more_steps(steps);
    }

    fn step(&self, what: &str) {
        self.watch.step();
        self.watch.say(what);
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push((what.to_owned(), Instant::now()));
    }
}

//! Why a run gives no estimate.

use std::fmt;

use lyapunov::{LyapunovError, Stability};
use montecarlo::MonteCarloError;

use crate::output::{MALFORMED, UNDECIDED, UNSTABLE};
use crate::words::unstable;

/// Why there is no estimate.
pub enum Refusal {
    /// The second moments diverge.
    Unstable(Stability),
    /// Doubles cannot tell whether the second moments diverge.
    Undecided(Stability),
    /// Anything else, a chain that diverged included.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error> + std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Refusal::Failed(error.into())
    }
}

impl Refusal {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Refusal::Unstable(_) => UNSTABLE,
            Refusal::Undecided(_) => UNDECIDED,
            Refusal::Failed(error) => match error.downcast_ref() {
                Some(MonteCarloError::Diverged { .. }) => UNSTABLE,
                _ => MALFORMED,
            },
        }
    }

    /// Whether the message names a file of its own.
    pub fn names_a_file(&self) -> bool {
        let Refusal::Failed(error) = self else { return false };
        use MonteCarloError::{Checkpoint, File, InUse};
        matches!(error.downcast_ref(), Some(File { .. } | Checkpoint { .. } | InUse { .. }))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Unstable(stability) => f.write_str(&unstable(stability)),
            Refusal::Undecided(stability) => {
                write!(f, "{}; solve decides where fractions can", LyapunovError::Undecided(*stability))
            }
            Refusal::Failed(error) => error.fmt(f),
        }
    }
}

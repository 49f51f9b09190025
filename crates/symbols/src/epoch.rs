//! Shuffled epochs, as frameworks cut them into minibatches.

use std::fmt;

/// The treatment of the last samples of a shuffled epoch, when fewer than S of them are left. Where S divides N, all
/// three treatments are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LastBatch {
    /// They are a smaller minibatch, whose gradient is the mean over them: `drop_last=False`, the default of PyTorch's
    /// `DataLoader`.
    #[default]
    Keep,
    /// They are not used in this epoch: `drop_last=True`.
    Drop,
    /// The first of the next epoch make the minibatch full: `shuffle`, `repeat` and `batch` in this order in `tf.data`.
    Straddle,
}

impl LastBatch {
    /// All of them.
    pub const ALL: [LastBatch; 3] = [LastBatch::Keep, LastBatch::Drop, LastBatch::Straddle];
}

impl fmt::Display for LastBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LastBatch::Keep => "keep",
            LastBatch::Drop => "drop",
            LastBatch::Straddle => "straddle",
        })
    }
}

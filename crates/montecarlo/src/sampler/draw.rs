//! What every sampler does.

use crate::lanes::Lanes;
use crate::stream::Stream;

/// A source of minibatches.
pub(crate) trait Sampler: Sync {
    /// The memory that a draw works in. It carries nothing from one segment of a run to the next.
    type Scratch: Send;

    /// Room for [`Sampler::draw`].
    fn scratch(&self) -> Self::Scratch;

    /// The cost of a draw, in products.
    fn cost(&self) -> usize;

    /// One minibatch of each chain at the weights y, where the mean of g is p: the minibatch number `step`, from 0.
    fn draw(&self, at: At<'_>, step: u64, stream: &mut Stream, scratch: &mut Self::Scratch, g: &mut [Lanes]);
}

/// Where a minibatch is drawn.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// Coordinates of the weights.
    pub(crate) y: &'a [Lanes],
    /// The mean of g.
    pub(crate) p: &'a [Lanes],
}

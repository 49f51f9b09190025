//! Observers, who watch an iteration and may end it.

use std::ops::ControlFlow;

/// The progress of an iteration.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Applications of the operator so far.
    pub iteration: usize,
    /// ‖R‖/‖Q‖ in units of the noise of each direction.
    pub residual: f64,
}

/// An observer of the iterations: `()` sees nothing, and a closure from [`Progress`] to [`ControlFlow`] is one, too.
///
/// # Example
/// ```
/// use std::ops::ControlFlow;
/// use lyapunov::{Observer, Progress};
///
/// let mut last = None;
/// let mut observer = |progress: Progress| {
///     last = Some(progress.iteration);
///     ControlFlow::Continue(())
/// };
/// let _: &mut dyn Observer = &mut observer;
/// let _: &mut dyn Observer = &mut ();
/// ```
pub trait Observer {
    /// Called after every iteration; [`ControlFlow::Break`] ends them.
    fn observe(&mut self, progress: Progress) -> ControlFlow<()>;
}

impl Observer for () {
    fn observe(&mut self, _: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Progress) -> ControlFlow<()>> Observer for F {
    fn observe(&mut self, progress: Progress) -> ControlFlow<()> {
        self(progress)
    }
}

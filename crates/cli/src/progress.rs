//! A sign of life while a command works: a line that moves on a terminal, and lines on the standard error elsewhere.
//!
//! No command is silent for more than 5 s. Where the standard error is no terminal, the first line comes after 2 s, and
//! another every 4 s; what is done within 2 s is done without a word.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

const FIRST: Duration = Duration::from_secs(2);
const THEN: Duration = Duration::from_secs(4);

/// Shows what is being done, until it is dropped.
pub struct Watch {
    bar: ProgressBar,
    /// The thread that writes the lines where there is no terminal; it ends when the sender is dropped.
    lines: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Watch {
    /// Work of unknown length.
    pub fn new(what: impl Into<String>) -> Self {
        Self::of(ProgressBar::new_spinner(), "{spinner} {msg}, {elapsed}", what.into())
    }

    /// Work of so many steps.
    pub fn steps(count: u64, what: impl Into<String>) -> Self {
        Self::of(ProgressBar::new(count), "{bar:40} {pos} of {len}, {elapsed} (left: {eta}) {msg}", what.into())
    }

    fn of(bar: ProgressBar, template: &str, what: String) -> Self {
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        let lines = if bar.is_hidden() {
            let (sender, end) = channel();
            let shown = bar.clone();
            // A reader who went away has seen enough.
            let write = move |line: String| _ = writeln!(io::stderr(), "{line}");
            Some((sender, thread::spawn(move || tell(&shown, &end, [FIRST, THEN], write))))
        } else {
            bar.enable_steady_tick(Duration::from_millis(200));
            None
        };
        Watch { bar, lines }
    }

    /// Says what is being done from now on.
    pub fn say(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }

    /// Counts a step that is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Adds steps that were not known of.
    pub fn more_steps(&self, count: u64) {
        self.bar.inc_length(count);
    }

    /// Prints, while the line that moves is away.
    pub fn pause<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Some((end, lines)) = self.lines.take() {
            drop(end);
            // A thread that panicked has told nothing wrong.
            _ = lines.join();
        }
    }
}

/// Writes a line after the wait `first`, and after each further wait `then`, until the other side ends.
fn tell(bar: &ProgressBar, end: &Receiver<()>, [first, then]: [Duration; 2], mut write: impl FnMut(String)) {
    let mut wait = first;
    while end.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        write(line(bar));
        wait = then;
    }
}

/// The line that is written: «3 of 40: eigenvectors, 7 s».
fn line(bar: &ProgressBar) -> String {
    let count = bar.length().map(|all| format!("{} of {all}", bar.position()));
    let what = Some(bar.message()).filter(|what| !what.is_empty());
    let parts = Vec::from_iter(count.into_iter().chain(what));
    format!("{}, {} s", parts.join(": "), bar.elapsed().as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_is_done_and_for_how_long() {
        let watch = Watch::steps(3, "");
        watch.step();
        assert_eq!(line(&watch.bar), "1 of 3, 0 s");
        watch.more_steps(37);
        watch.say("eigenvectors");
        assert_eq!(line(&watch.bar), "1 of 40: eigenvectors, 0 s");
        assert_eq!(line(&Watch::new("a linear system over ℚ").bar), "a linear system over ℚ, 0 s");
    }

    #[test]
    fn lines_come_after_two_waits_until_the_work_ends() {
        let (bar, (sender, end)) = (ProgressBar::hidden(), channel());
        bar.set_message("work");
        let mut sender = Some(sender);
        let mut lines = Vec::new();
        tell(&bar, &end, [Duration::from_millis(1); 2], |line| {
            lines.push(line);
            if lines.len() == 3 {
                sender = None;
            }
        });
        assert_eq!(lines, ["work, 0 s"; 3]);
        // What ends before the first wait leaves no line.
        let (sender, end) = channel();
        drop(sender);
        tell(&bar, &end, [Duration::from_secs(60); 2], |line| panic!("{line}"));
    }
}

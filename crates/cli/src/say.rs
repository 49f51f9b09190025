//! The standard output.

use std::io::{self, Write};

/// Prints a text and ends the line. A reader that closes the pipe early has seen enough.
///
/// # Errors
/// Those of the standard output, but for a pipe that was closed.
pub fn say(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}").or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

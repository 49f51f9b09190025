//! What every binary does first and last: threads, the command line, the exit code.

use std::env;
use std::num::NonZero;
use std::process::ExitCode;
use std::thread;

use clap::builder::StyledStr;
use clap::error::ContextKind;
use clap::{Arg, Parser};
use report::program::{self, XTASK};

use crate::output::{MALFORMED, Unwritable};

/// Reads the command line, runs the command, and says what went wrong.
pub fn enter<P: Parser>(run: impl FnOnce(P) -> anyhow::Result<ExitCode>) -> ExitCode {
    limit_threads();
    run(parse()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        if error.is::<Unwritable>() { ExitCode::from(MALFORMED) } else { ExitCode::FAILURE }
    })
}

/// The command line, or clap's refusal.
///
/// For an option that it does not know, clap suggests to put `--` before it, as a file may have such a name. That is of
/// use only where what follows `--` goes to another program.
fn parse<P: Parser>() -> P {
    let mut root = P::command();
    program::set_name(root.get_bin_name().unwrap_or(XTASK));
    // Help is written for the workspace, and examples are to be copied.
    let here = |text: &StyledStr| StyledStr::from(text.to_string().replace(XTASK, program::name()));
    root = root.mut_subcommands(|command| {
        let command = command.mut_args(|arg| match arg.get_help().map(here) {
            Some(help) => arg.help(help),
            None => arg,
        });
        match command.get_after_help().map(here) {
            Some(help) => command.after_help(help),
            None => command,
        }
    });
    let matches = root.clone().try_get_matches();
    matches.and_then(|matches| P::from_arg_matches(&matches)).unwrap_or_else(|mut error| {
        let command = env::args().nth(1).and_then(|name| root.find_subcommand(name));
        if command.is_none_or(|command| !command.get_arguments().any(Arg::is_last_set)) {
            error.remove(ContextKind::Suggested);
        }
        error.exit()
    })
}

/// Takes at most as many threads as there are cores, whatever RAYON_NUM_THREADS asks for: more only wait for each
/// other.
fn limit_threads() {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let asked = env::var("RAYON_NUM_THREADS").ok().and_then(|asked| asked.parse().ok()).filter(|&asked| asked > 0);
    // Nothing has made threads yet.
    _ = rayon::ThreadPoolBuilder::new()
        .num_threads(asked.map_or(cores, |asked: usize| asked.min(cores)))
        .build_global();
}

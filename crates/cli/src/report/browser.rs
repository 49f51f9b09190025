//! Tests the report in a browser: whether links lead somewhere, its head counts what is below, the filter filters,
//! formulas are rendered, nothing is too wide or too faint, and no error is logged.
//!
//! A copy of the report carries the script that tests it, and the browser prints what became of that copy.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

/// Widths of a window: a desk and a phone.
const WIDTHS: [u32; 2] = [1200, 360];
const HEIGHT: u32 = 900;

/// The colour schemes that a reader may prefer, as Chromium numbers them.
const SCHEMES: [(&str, u32); 2] = [("dark", 0), ("light", 1)];

const SCRIPT: &str = include_str!("browser.js");

/// What the script says.
#[derive(Deserialize)]
struct Tested {
    claims: usize,
    formulas: usize,
    figures: usize,
    width: u32,
    failures: Vec<String>,
}

/// Opens a page at each width and in each scheme. Returns what was seen and what is wrong, a line each.
pub fn test(browser: &str, page: &Path) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let (mut seen, mut failures) = (Vec::new(), Vec::new());
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let copy = fs::canonicalize(page)?.with_extension("tested.html");
    fs::write(&copy, text.replacen("<head>", &format!("<head><script>{SCRIPT}</script>"), 1))?;
    for width in WIDTHS {
        for (scheme, number) in SCHEMES {
            let place = format!("{width} px, {scheme}");
            let tested = open(browser, &copy, width, number).with_context(|| place.clone())?;
            ensure!(tested.width == width, "{browser} made a window of {} px, not of {width}", tested.width);
            let Tested { claims, formulas, figures, .. } = tested;
            seen.push(format!("{place}: {claims} claims, {formulas} formulas, {figures} figures"));
            failures.extend(tested.failures.into_iter().map(|failure| format!("{place}: {failure}")));
        }
    }
    fs::remove_file(&copy)?;
    Ok((seen, failures))
}

fn open(browser: &str, page: &Path, width: u32, scheme: u32) -> anyhow::Result<Tested> {
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--virtual-time-budget=20000"]);
    command.arg(format!("--window-size={width},{HEIGHT}"));
    command.arg(format!("--blink-settings=preferredColorScheme={scheme}"));
    // What it says of buses and sockets that a machine lacks is nobody's concern.
    let output = command.arg(format!("file://{}", page.display())).stderr(Stdio::null()).output();
    let output =
        output.with_context(|| format!("{browser}; `apt-get install chromium-headless-shell` installs one"))?;
    ensure!(output.status.success(), "{browser}: {}", output.status);
    let document = String::from_utf8(output.stdout)?;
    let (_, tested) = document.rsplit_once("id=\"tested\">").context("the test did not end")?;
    let (tested, _) = tested.split_once("</script>").context("the test did not end")?;
    Ok(serde_json::from_str(tested)?)
}

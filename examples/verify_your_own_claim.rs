//! A claim of your own: the test loss of one weight under label noise, first as it is and then with a mistake in a
//! moment.
//!
//! ```text
//! L_test = σ²λa / (2 (2S − λa (S + 2)))
//! ```
//!
//! The 2 beside S comes from E\[x⁴\] − E\[x²\]² = 3a² − a². The mistake is to take 2a² for E\[x⁴\], which makes it 1.

use std::error::Error;

use claims::file;
use notation::prose::plain;
use verify::{Effort, Options, Record};

/// Two claims, as they could stand in a file of their own. Hypotheses draw the settings, and each of them is broken in
/// turn; `claims::hypotheses` has all of them. Without "one weight" the claim would be judged for several weights, too.
///
/// A rival is a wrong formula that every engine must be able to tell from the claim. The second claim has the mistake in
/// it, and the right form as its correction.
const CLAIMS: &str = r#"
[[claim]]
id = "mine/test-loss"
formula = "L_test = σ²λa/(2(2S − λa(S + 2)))"
assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum", "full rank"]
rival = { formula = "L_test = σ²λa/(2(2S − λa(S + 1)))", note = "E[x⁴] = 2a²" }

[[claim]]
id = "mine/test-loss-mistaken"
formula = "L_test = σ²λa/(2(2S − λa(S + 1)))"
assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum", "full rank"]
rival = { formula = "L_test = 0", note = "no fluctuation" }
corrected = "L_test = σ²λa/(2(2S − λa(S + 2)))"
"#;

fn judged() -> Result<Vec<Record>, Box<dyn Error>> {
    let claims = file::read("these claims", CLAIMS)?;
    // Effort::Brief has a hundredth of the draws of Effort::Standard. For a verdict to rely on, take the latter.
    let options = Options::default().with_effort(Effort::Brief);
    Ok(verify::run(&Vec::from_iter(&claims), &options, &()).claims)
}

fn main() -> Result<(), Box<dyn Error>> {
    for record in judged()? {
        println!("{}: {}\n  {}", record.id, record.verdict.name(), record.statement);
        for evidence in &record.evidence {
            let [engine, strength, verdict] =
                [evidence.engine.name(), evidence.strength.name(), evidence.verdict.name()];
            println!("  {engine}, {strength}: {verdict}, {}", evidence.measured);
        }
        for hypothesis in record.hypotheses.iter().filter(|hypothesis| hypothesis.needed == Some(true)) {
            println!("  needs {}: {}", plain(hypothesis.statement), plain(&hypothesis.witness));
        }
        if let Some(counterexample) = &record.counterexample {
            println!("  fails at {counterexample}");
        }
        let told = if record.rival.as_ref().is_some_and(|rival| rival.rejected) {
            "told"
        } else {
            "NOT told, so that the verdict says little,"
        };
        println!("  {told} from its rival\n");
    }
    Ok(())
}

#[test]
fn the_mistake_is_found() {
    let verdicts = Vec::from_iter(judged().unwrap().iter().map(|record| record.verdict));
    assert_eq!(verdicts, [verify::Verdict::Agrees, verify::Verdict::Differs]);
}

//! The run: every claim by every engine that applies.

use std::borrow::Cow;

use claims::{Claim, Correction, Form, Kind};
use evidence::allowances::FALSE_ALARM;
use evidence::{
    Drawn, Engine, Evidence, Exact, Finding, Judge, Line, Lyapunov, MonteCarlo, Options, Progress, Settings, Verdict,
    describe, proof,
};
use rayon::prelude::*;
use rivals::{Budget, Mutants, Repair, Repairs};

use crate::record::{Companion, HypothesisRecord, Record, RivalRecord};
use crate::report::Report;
use crate::{ablation, search};

/// Judges the claims to which one of the engines applies, and finds which of their hypotheses they need.
///
/// Progress is counted in steps: one for each claim and engine, and two for the neighbours and the hypotheses of each
/// claim.
pub fn run(claims: &[&Claim], options: &Options, progress: &dyn Progress) -> Report {
    let claims =
        Vec::from_iter(claims.iter().filter(|claim| Engine::ALL.into_iter().any(|engine| options.asks(engine, claim))));
    let judged = claims.iter().flat_map(|claim| Engine::ALL.map(|engine| options.asks(engine, claim)));
    progress.begin((judged.filter(|is_asked| *is_asked).count() + 2 * claims.len()) as u64);

    // Every claim has engines of its own, so that claims are judged side by side, and answers of one do not wait in memory
    // for the end of all.
    let judged = Vec::from_par_iter(claims.par_iter().map(|claim| Judged::of(claim, options, progress)));
    let mut montecarlo = MonteCarlo::new(options.seed, options.effort);
    let by_draws = judged.iter().filter(|judged| options.asks(Engine::MonteCarlo, judged.claim));
    let by_draws = Vec::from_iter(by_draws.map(|judged| (judged.claim, &judged.drawn)));
    montecarlo.draw_first(&by_draws, |claim| progress.step(&format!("{} by {}", claim.id, Engine::MonteCarlo.name())));
    by_draws.iter().for_each(|(claim, drawn)| montecarlo.prepare(claim, drawn, true));
    // The z-scores that share the false-alarm probability are all known only now.
    let budget = montecarlo.share(FALSE_ALARM);
    let claims = judged.into_iter().map(|mut judged| {
        if options.asks(Engine::MonteCarlo, judged.claim) {
            let [satisfying, breaking] = montecarlo.trusted(judged.claim, &judged.drawn);
            judged.findings.push(montecarlo.find(judged.claim, &satisfying, &breaking));
        }
        record(judged)
    });
    Report { claims: claims.collect(), studied: Vec::new(), budget, seed: options.seed }
}

/// A claim with all that is known of it without draws.
struct Judged<'a> {
    claim: &'a Claim,
    /// The settings for draws.
    drawn: Drawn,
    findings: Vec<Finding>,
    hypotheses: Vec<HypothesisRecord>,
    examples: Examples,
    neighbours: Neighbours,
}

impl<'a> Judged<'a> {
    fn of(claim: &'a Claim, options: &Options, progress: &dyn Progress) -> Self {
        let (exact, lyapunov) = (&mut Exact::default(), &mut Lyapunov::default());
        let mut settings = Settings::draw(claim, options, exact, lyapunov);
        let example = |verdict| search::example(claim, verdict, options.seed, options.effort.ablations());
        let exists = matches!(claim.kind, Kind::Existence);
        let witness = exists.then(|| example(Verdict::Agrees)).flatten();
        // One witness decides, wherever it was found.
        if let Some((setting, _)) = &witness
            && settings.satisfying.iter().all(|s| exact.judge(claim, &claim.printed, s).verdict != Verdict::Agrees)
        {
            settings.satisfying.push(setting.clone());
        }
        let mut findings = Vec::new();
        for engine in [Engine::Exact, Engine::Lyapunov].into_iter().filter(|engine| options.asks(*engine, claim)) {
            progress.step(&format!("{} by {}", claim.id, engine.name()));
            findings.push(match engine {
                Engine::Exact => Finding {
                    proofs: proof::of(claim, options.effort.grid(), options.seed),
                    ..exact.find(claim, &settings.satisfying, &settings.breaking)
                },
                _ => lyapunov.find(claim, &settings.satisfying, &settings.breaking),
            });
        }
        let differs = findings.iter().any(|finding| finding.verdict() == Verdict::Differs);
        let counterexample = (differs && !exists).then(|| example(Verdict::Differs)).flatten();
        let [counterexample, witness] = [counterexample, witness].map(|found| found.map(|(_, text)| text));
        progress.step(&format!("neighbours of {}", claim.id));
        let exactly = options.asks(Engine::Exact, claim);
        let repairs = match exactly && differs {
            true => Repairs::of(claim, Budget::default(), options.seed),
            false => Repairs::default(),
        };
        let mended = mended(claim, repairs.found.first());
        let mutants = exactly.then(|| Mutants::of(&mended, options.seed)).flatten();
        progress.step(&format!("hypotheses of {}", claim.id));
        let verdict = Verdict::of_all(findings.iter().map(Finding::verdict));
        let hypotheses = match verdict {
            Verdict::Differs if mended.correction.is_none() => {
                ablation::of_none(claim, "the claim fails where all hold")
            }
            // Without an exact or a certified word of an engine nothing speaks against asking.
            Verdict::Undecided | Verdict::Vacuous if !findings.is_empty() => {
                ablation::of_none(claim, "nothing is decided where all hold")
            }
            _ => ablation::of_all(&mended, options.seed, options.effort.ablations(), exact),
        };
        Judged {
            claim,
            drawn: settings.drawn,
            findings,
            hypotheses,
            examples: Examples { counterexample, witness },
            neighbours: Neighbours { mutants, repairs },
        }
    }
}

/// The claim, with what holds in its place where a search found that and nothing stands there.
fn mended<'a>(claim: &'a Claim, repair: Option<&Repair>) -> Cow<'a, Claim> {
    match repair.filter(|_| claim.correction.is_none()) {
        Some(Repair { form, .. }) => {
            let correction = Some(Correction { form: form.clone(), note: None, proof: None });
            Cow::Owned(Claim { correction, ..claim.clone() })
        }
        None => Cow::Borrowed(claim),
    }
}

/// Settings that are easy to check, with what is found there.
struct Examples {
    /// Where the claim fails.
    counterexample: Option<String>,
    /// Where there is what the claim says to exist.
    witness: Option<String>,
}

/// Texts that are a small change away.
struct Neighbours {
    mutants: Option<Mutants>,
    repairs: Repairs,
}

fn record(judged: Judged) -> Record {
    let Judged { claim, findings, hypotheses, examples, neighbours, .. } = judged;
    let evidence =
        Vec::from_iter(findings.iter().flat_map(|finding| {
            proof::evidence(&finding.proofs.printed).into_iter().chain([finding.evidence.clone()])
        }));
    let verdict = Verdict::of_all(evidence.iter().map(|e| e.verdict));
    // An engine that accepts the claim must reject the rival at the same tolerance.
    let accepting = || findings.iter().filter(|f| matches!(f.evidence.verdict, Verdict::Agrees | Verdict::Differs));
    let rejected = accepting().count() > 0
        && accepting().all(|f| f.rival.as_ref().is_some_and(|rival| rival.verdict == Verdict::Differs));
    let companion = |form: &Form, found: fn(&Finding) -> (&Option<Evidence>, &[Line])| Companion {
        note: None,
        proof: None,
        statement: form.statement(),
        definitions: form.definitions(),
        evidence: Vec::from_iter(
            findings
                .iter()
                .map(found)
                .flat_map(|(evidence, proofs)| proof::evidence(proofs).into_iter().chain(evidence.clone())),
        ),
    };
    let tried = || findings.iter().flat_map(|finding| &finding.cases).find(|c| c.verdict == Verdict::Differs);
    let tried = || tried().map(|case| format!("{}: {}", describe(&case.setting), case.lines.join("; ")));
    let counterexample = examples.counterexample.or_else(tried).filter(|_| verdict == Verdict::Differs);
    Record {
        id: claim.id.clone(),
        source: claim.source.clone(),
        equations: claim.equations.clone(),
        provenance: claim.provenance,
        statement: claim.statement(),
        definitions: claim.printed.definitions(),
        note: claim.note.clone(),
        proof: claim.proof.clone(),
        kind: claim.kind.name(),
        verdict,
        hypotheses,
        rival: claim.rival.as_ref().map(|rival| RivalRecord {
            name: rival.name.clone(),
            statement: rival.form.statement(),
            definitions: rival.form.definitions(),
            rejected,
        }),
        strengthened: claim.strengthened.as_ref().map(|s| Companion {
            note: s.note.clone(),
            proof: s.proof.clone(),
            ..companion(&s.form, |f| (&f.strengthened, &f.proofs.strengthened))
        }),
        witness: examples.witness,
        counterexample,
        correction: claim.correction.as_ref().map(|c| Companion {
            note: c.note.clone(),
            proof: c.proof.clone(),
            ..companion(&c.form, |f| (&f.correction, &f.proofs.correction))
        }),
        refutation: claim.refutation.as_ref().map(Into::into),
        rewritten: claim.rewritten.as_ref().map(|r| Companion {
            note: Some(r.reason.clone()),
            ..companion(&r.form, |f| (&None, &f.proofs.rewritten))
        }),
        mutants: neighbours.mutants,
        repairs_tried: neighbours.repairs.tried,
        repairs: Vec::from_iter(neighbours.repairs.found.into_iter().map(Into::into)),
        evidence,
        findings,
    }
}

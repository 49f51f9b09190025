//! The smallest setting at which a form of a claim fails, for a reader who checks it by hand.
//!
//! A setting that was drawn is changed, number by number, into ones with fewer weights' worth of digits: each number is
//! replaced by 0, by small integers and by small fractions as long as the hypotheses hold and the exact engine says the
//! same. What counts is the [`Size`] of the setting and of the values found and claimed together. The search is
//! deterministic, and its work is bounded.

mod size;

use std::collections::HashSet;

use claims::{Claim, Form, Hypothesis, Simplest};
use evidence::admission::{admits, is_stationary_as_assumed};
use evidence::allowances::ORDER;
use evidence::change::{Change, simple};
use evidence::instance::{matrix as written, parts};
use evidence::{Comparison, Exact, Judge, Outcome, Part, Remark, Verdict, subject};
use formula::Subject;
use rayon::prelude::*;
use rug::Rational;
use symbols::Setting;

pub(crate) use size::{Size, is_singular};

/// How long a search goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// The largest height of the fractions that are tried.
    height: u32,
    /// The largest height of those with a minus sign.
    negative: u32,
    /// Whether two changes at once are tried where no single one helps.
    pairs: bool,
    /// The number of settings at which the engine is asked, for each start.
    evaluations: usize,
    /// The number of settings from which the search starts, the smallest ones.
    starts: usize,
}

impl Patience {
    /// For the one counterexample of a claim.
    pub(crate) const LONG: Patience = Patience { height: 6, negative: 3, pairs: true, evaluations: 900, starts: 4 };
    /// For the many witnesses of an ablation.
    pub(crate) const SHORT: Patience = Patience { height: 2, negative: 1, pairs: false, evaluations: 60, starts: 1 };
}

/// The question that an exact engine answers in one way at all settings of a search.
pub(crate) struct Question<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) form: &'a Form,
    /// The hypothesis that the settings break; `None` where all hold.
    pub(crate) broken: Option<&'a Hypothesis>,
    /// The verdict on the form. One that is undecided has to be so for the same reason everywhere.
    pub(crate) verdict: Verdict,
}

impl Question<'_> {
    /// A small setting with this verdict, found from settings that have it; `None` where there is none to start from.
    pub(crate) fn smallest(
        &self,
        starts: &[Setting<Rational>],
        patience: Patience,
        exact: &mut Exact,
    ) -> Option<Setting<Rational>> {
        let mut starts = Vec::from_iter(starts.iter().filter_map(|start| Descent::new(self, start, patience, exact)));
        starts.sort_by(|one, other| one.size.cmp(&other.size));
        starts.truncate(patience.starts);
        // Thousands of settings are tried that nobody asks for again.
        let ends = Vec::from_par_iter(starts.into_par_iter().map(|start| start.end(&mut Exact::default())));
        ends.into_iter().min_by(|one, other| one.size.cmp(&other.size)).map(|end| end.setting)
    }

    /// The setting in one line, with what was found there. What does not matter is left out: w₀ where nothing depends
    /// on it, u and σ² likewise, and Λ at the first step.
    pub(crate) fn text(&self, setting: &Setting<Rational>, exact: &mut Exact) -> String {
        let said = self.said(setting, exact);
        let setting = parts(setting, |part| self.matters(part, setting, &said, exact));
        format!("{setting}: {said}")
    }

    /// What was found at a setting, and what is claimed.
    fn said(&self, setting: &Setting<Rational>, exact: &mut Exact) -> String {
        let outcome = exact.judge(self.claim, self.form, setting);
        if outcome.verdict == Verdict::Undecided {
            return outcome.line.to_string();
        }
        // A correction may be of another quantity.
        let found = match self.form.found_side() == self.claim.printed.found_side() {
            true => exact.found(self.claim, setting),
            false => exact.found(&Claim { printed: self.form.clone(), ..self.claim.clone() }, setting),
        };
        match (&outcome.line, exact.compare(self.claim, self.form, setting)) {
            // An order is no value.
            (Remark::Says(said), Ok(Comparison { claimed, .. })) if self.claim.kind.path().is_some() => {
                format!("{found}, claimed {}; {said}", written(&claimed))
            }
            (line, _) => line.after(&found),
        }
    }

    fn matters(&self, part: Part, setting: &Setting<Rational>, said: &str, exact: &mut Exact) -> bool {
        let may_not = match part {
            Part::LabelNoise | Part::TrueWeights | Part::InitialWeights => true,
            Part::LearningRate => subject(self.claim) == Subject::Minibatch,
            _ => false,
        };
        let other = part.of(setting).filter(|_| may_not).map(|value| value.map(|entry| entry.square() + 1u32));
        match other.and_then(|other| part.put(setting.clone(), other)) {
            Some(other) => self.said(&other, exact) != said,
            None => true,
        }
    }

    /// The size of a setting alone. A counterexample to a claim, whose hypotheses all hold, is rather large than degenerate:
    /// it is to fail where readers expect it to hold. Breaking a hypothesis may ask for a degenerate one.
    pub(crate) fn size_of(&self, setting: &Setting<Rational>) -> Size {
        let size = Size::of(setting);
        match self.broken.is_none() && self.verdict == Verdict::Differs {
            true => size.shunning_the_degenerate(setting),
            false => size,
        }
    }

    /// The size of a setting, and of what is found and claimed there.
    pub(crate) fn size(&self, setting: &Setting<Rational>, exact: &mut Exact) -> Size {
        let size = self.size_of(setting);
        match exact.compare(self.claim, self.form, setting) {
            Ok(Comparison { found, claimed }) => size.with(&found).with(&claimed),
            Err(_) => size,
        }
    }

    /// Whether a setting is one, and satisfies the hypotheses or breaks the one that is to be broken, as far as that can
    /// be told without an engine.
    fn admits(&self, setting: &Setting<Rational>) -> bool {
        admits(self.claim, self.broken.as_slice(), setting)
    }

    /// Whether a stationary state exists where one is assumed, and none where that is to be broken.
    fn is_stationary_as_assumed(&self, setting: &Setting<Rational>) -> bool {
        is_stationary_as_assumed(self.claim, self.broken.as_slice(), setting)
    }

    /// A setting that is admitted: this one, or this one with the hypotheses imposed that it breaks.
    fn mended(&self, setting: Setting<Rational>) -> Option<Setting<Rational>> {
        if self.admits(&setting) {
            return Some(setting);
        }
        let is_broken = |hypothesis: &Hypothesis| self.broken.is_some_and(|broken| broken.name == hypothesis.name);
        let mended = self.claim.hypotheses.iter().try_fold(setting, |setting, hypothesis| {
            match is_broken(hypothesis) || hypothesis.may_hold(&setting) {
                true => Ok(setting),
                false => (hypothesis.impose)(setting, &mut Simplest),
            }
        });
        mended.ok().filter(|setting| self.admits(setting))
    }
}

/// A way from a setting to smaller ones.
struct Descent<'a> {
    question: &'a Question<'a>,
    patience: Patience,
    /// What is said at the start.
    outcome: Outcome,
    setting: Setting<Rational>,
    size: Size,
    tried: HashSet<Setting<Rational>>,
    evaluations: usize,
}

impl<'a> Descent<'a> {
    /// `None` where the setting is not admitted, or the engine's word is another one there.
    fn new(
        question: &'a Question<'a>,
        setting: &Setting<Rational>,
        patience: Patience,
        exact: &mut Exact,
    ) -> Option<Self> {
        let outcome = exact.judge(question.claim, question.form, setting);
        let is_admitted = || question.admits(setting) && question.is_stationary_as_assumed(setting);
        if outcome.verdict != question.verdict || !is_admitted() {
            return None;
        }
        let size = question.size(setting, exact);
        let setting = setting.clone();
        Some(Descent { question, patience, outcome, setting, size, tried: HashSet::new(), evaluations: 0 })
    }

    /// Goes on until no change helps, or patience is at its end.
    ///
    /// The simplest numbers come first: where all heights are small, hardly any other setting is smaller, and the engine
    /// is hardly asked.
    fn end(mut self, exact: &mut Exact) -> Self {
        loop {
            for height in 1..=self.patience.height {
                while self.pass(&simple(height, height.min(self.patience.negative)), exact) {}
            }
            if !self.patience.pairs || !self.pair(&simple(2, 1), exact) {
                return self;
            }
        }
    }

    /// Every change once. Returns whether one helped.
    fn pass(&mut self, numbers: &[Rational], exact: &mut Exact) -> bool {
        if self.is_over() {
            return false;
        }
        let mut helps = false;
        for changes in Change::all(&self.setting, numbers) {
            // What comes behind the first number that helps makes the setting larger.
            for change in changes {
                let changed = change.apply(&self.setting);
                if self.consider(changed, exact) {
                    helps = true;
                    break;
                }
            }
        }
        helps
    }

    /// Two changes at once, up to the first two that help. Returns whether there are two.
    fn pair(&mut self, numbers: &[Rational], exact: &mut Exact) -> bool {
        let changes = Change::all(&self.setting, numbers);
        let firsts = changes.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |first| (i, first)));
        for (i, first) in firsts {
            let Some(changed) = first.apply(&self.setting) else { continue };
            for second in changes[i + 1..].iter().flatten() {
                let changed = second.apply(&changed);
                if self.consider(changed, exact) {
                    return true;
                }
                if self.is_over() {
                    return false;
                }
            }
        }
        false
    }

    fn is_over(&self) -> bool {
        self.evaluations >= self.patience.evaluations
    }

    /// Whether an outcome is that of the start: one without an answer for the same reason, and a limit with the same
    /// order. Far from its limit an error has any order, and that refutes nothing.
    fn is_alike(&self, outcome: &Outcome) -> bool {
        let (one, other) = (self.outcome.figure, outcome.figure);
        match self.question.claim.kind.path() {
            _ if self.outcome.verdict == Verdict::Undecided => self.outcome.line == outcome.line,
            Some(_) => (one - other).abs() <= ORDER || !one.is_finite() && !other.is_finite(),
            None => true,
        }
    }

    /// Takes a changed setting if it is smaller, admitted, and has the same verdict.
    fn consider(&mut self, changed: Option<Setting<Rational>>, exact: &mut Exact) -> bool {
        let question = self.question;
        if self.is_over() {
            return false;
        }
        let is_small = |setting: &Setting<Rational>| question.size_of(setting) < self.size;
        let mended = changed.filter(is_small).and_then(|setting| question.mended(setting)).filter(is_small);
        let Some(setting) = mended else { return false };
        if !self.tried.insert(setting.clone()) {
            return false;
        }
        self.evaluations += 1;
        let size = question.size(&setting, exact);
        if size >= self.size {
            return false;
        }
        // An order takes two more.
        self.evaluations += if question.claim.kind.path().is_some() { 2 } else { 0 };
        let outcome = exact.judge(question.claim, question.form, &setting);
        let smaller = outcome.verdict == question.verdict
            && self.is_alike(&outcome)
            && question.is_stationary_as_assumed(&setting);
        if smaller {
            (self.setting, self.size) = (setting, size);
        }
        smaller
    }
}

//! Settings drawn one after the other until one has the verdict that is sought, and then made small.

use claims::hypotheses::FULL_RANK;
use claims::{Breaking, Claim, Form, Hypothesis, Simplest};
use evidence::instance::{matrix, row};
use evidence::{Draw, Exact, Hunt, Judge, Seeded, Verdict};
use rug::Rational;
use symbols::{DataSet, Setting};

use crate::witness::{Patience, Question, Size, is_singular};

/// The smallest setting that satisfies all hypotheses of a claim and has the `sought` verdict on its printed form, of
/// the least dimension up to three. A counterexample that is degenerate, although the hypotheses do not ask for that, is
/// the answer where no dimension has a better one.
fn smallest(claim: &Claim, sought: Verdict, seed: u64, tries: usize) -> Option<Setting<Rational>> {
    let exact = &mut Exact::default();
    let mut best: Option<(usize, Setting<Rational>)> = None;
    for dimension in 1..=3 {
        let mut search = Search { claim, form: &claim.printed, broken: None, sought, seed, tries, exact };
        let question = search.question(sought);
        let degenerate = |setting: &Setting<Rational>| question.size_of(setting).degenerate;
        let drawn = search.at(dimension).sought.into_iter().map(|place| place.setting);
        // The parameter of a limit has to be small at first, as it is where it is drawn.
        let plain = claim.kind.path().is_none().then(|| claim.draw(dimension, &[], &mut Simplest));
        let plain = plain.and_then(|plain| plain.ok().flatten());
        let is_better =
            |setting: &Setting<Rational>| best.as_ref().is_none_or(|(least, _)| degenerate(setting) < *least);
        let starts = Vec::from_iter(drawn.chain(plain).filter(is_better));
        let Some(found) = question.smallest(&starts, Patience::LONG, search.exact) else { continue };
        let is_asked_for = search.drawn(dimension).all(|setting| degenerate(&setting) >= degenerate(&found));
        best = Some((degenerate(&found), found));
        if is_asked_for {
            break;
        }
    }
    best.map(|(_, setting)| setting)
}

/// The smallest setting with the `sought` verdict, and one line with what was found there.
pub(crate) fn example(claim: &Claim, sought: Verdict, seed: u64, tries: usize) -> Option<(Setting<Rational>, String)> {
    let setting = smallest(claim, sought, seed, tries)?;
    let question = Question { claim, form: &claim.printed, broken: None, verdict: sought };
    let text = question.text(&setting, &mut Exact::default());
    let only_there = sought == Verdict::Differs && is_singular(&setting) && !claim.assumes(&FULL_RANK, &[]);
    let advice = if only_there { NO_FULL_RANK } else { "" };
    Some((setting, format!("{text}{advice}")))
}

/// What follows a counterexample with a singular A: `smallest` prefers any other one.
const NO_FULL_RANK: &str = "; no counterexample with A ≻ 0 was found: assume \"full rank\"?";

/// How many times as often an inequality is tried: it may hold at most settings and fail at some.
const PATIENCE: usize = 20;

/// Settings drawn one after the other, each judged by the exact engine.
pub(crate) struct Search<'a, 'e> {
    pub(crate) claim: &'a Claim,
    pub(crate) form: &'a Form,
    /// The hypothesis that is broken; `None` where all hold.
    pub(crate) broken: Option<&'a Hypothesis>,
    /// The verdict that ends the search.
    pub(crate) sought: Verdict,
    pub(crate) seed: u64,
    pub(crate) tries: usize,
    pub(crate) exact: &'e mut Exact,
}

/// A setting, and the data set that is sampled in place of its model.
pub(crate) struct Place {
    pub(crate) setting: Setting<Rational>,
    pub(crate) beside: Option<DataSet<Rational>>,
}

/// The result of a search.
pub(crate) struct Found {
    /// The settings with the verdict that was sought.
    pub(crate) sought: Vec<Place>,
    /// The number of settings at which the form holds.
    pub(crate) agreed: usize,
    /// The first setting at which nothing can be said.
    pub(crate) without_answer: Option<Place>,
}

impl<'a> Search<'a, '_> {
    pub(crate) fn question(&self, verdict: Verdict) -> Question<'a> {
        Question { claim: self.claim, form: self.form, broken: self.broken, verdict }
    }

    pub(crate) fn at(&mut self, dimension: usize) -> Found {
        let mut found = Found { sought: Vec::new(), agreed: 0, without_answer: None };
        let most = if self.claim.kind.is_inequality() { PATIENCE * self.tries } else { self.tries };
        for i in 0..most {
            if i >= self.tries && !found.sought.is_empty() {
                break;
            }
            let Some(place) = self.draw(dimension, i) else { continue };
            let verdict = match &place.beside {
                Some(data) => Exact::beside(data.clone()).judge(self.claim, self.form, &place.setting).verdict,
                None => self.exact.judge(self.claim, self.form, &place.setting).verdict,
            };
            found.agreed += usize::from(verdict == Verdict::Agrees);
            match verdict {
                verdict if verdict == self.sought => found.sought.push(place),
                Verdict::Agrees | Verdict::Differs => {}
                _ => found.without_answer = found.without_answer.or(Some(place)),
            }
        }
        if found.sought.is_empty() && self.sought == Hunt::sought(self.claim) {
            found.sought = self.hunt(dimension);
        }
        found
    }

    /// The settings that satisfy all hypotheses, as they are drawn.
    fn drawn(&self, dimension: usize) -> impl Iterator<Item = Setting<Rational>> {
        (0..self.tries).filter_map(move |i| Some(self.draw(dimension, i)?.setting))
    }

    /// Settings that draws seldom meet. Where a hypothesis is broken that is those with a singular A: an inequality that
    /// holds without it is never said to hold at all settings.
    fn hunt(&mut self, dimension: usize) -> Vec<Place> {
        let &mut Search { claim, form, broken, seed, ref mut exact, .. } = self;
        let hunt = Hunt { claim, form, without: broken.as_slice(), dimension, seed };
        let found = match broken.map(|hypothesis| &hypothesis.breaking) {
            None => hunt.find_all(exact),
            Some(Breaking::By(_)) => hunt.find_rare(exact),
            Some(_) => Vec::new(),
        };
        Vec::from_iter(found.into_iter().map(|setting| Place { setting, beside: None }))
    }

    /// Draws a setting.
    fn draw(&self, dimension: usize, i: usize) -> Option<Place> {
        let &Search { claim, broken, seed, .. } = self;
        let draw = |without: &[&Hypothesis], name: &str| {
            let name = &format!("{name} {i}");
            Draw { claim, without, dimension, seed, name, sparse: false }.setting(|_| true)
        };
        match broken.map(|hypothesis| (hypothesis, &hypothesis.breaking)) {
            None => Some(Place { setting: draw(&[], "counterexample")?, beside: None }),
            Some((hypothesis, Breaking::Beside(twin))) => {
                let choices = &mut Seeded::new(seed, &format!("beside {} {dimension} {i}", hypothesis.name));
                let (setting, data) = twin(draw(&[], "ablation")?, choices).ok()?;
                let holds = claim.hypotheses.iter().all(|other| other.may_hold(&setting));
                holds.then_some(Place { setting, beside: Some(data) })
            }
            Some((hypothesis, _)) => Some(Place { setting: draw(&[hypothesis], "ablation")?, beside: None }),
        }
    }
}

impl Question<'_> {
    /// A line about the smallest of these places, or one that is smaller and has the same verdict.
    ///
    /// A model and the data set beside it stay as they were drawn: a change of one asks for a change of the other.
    pub(crate) fn witness(&self, places: &[Place]) -> String {
        let beside = places.iter().filter_map(|place| Some((&place.setting, place.beside.as_ref()?)));
        let size = |(setting, data): &(&Setting<Rational>, &DataSet<Rational>)| Size::of(setting).with(&data.features);
        if let Some((setting, data)) = beside.min_by_key(size) {
            let samples = format!("x̃ = {}, y = {}", matrix(&data.features), row(data.labels.iter()));
            let moments = self.text(setting, &mut Exact::beside(data.clone()));
            return format!("{samples}, with the first and second moments of {moments}");
        }
        let settings = Vec::from_iter(places.iter().map(|place| place.setting.clone()));
        let smallest = self.smallest(&settings, Patience::SHORT, &mut Exact::default());
        // A setting that was judged is one that the search starts from.
        let setting = smallest.or(settings.into_iter().next());
        setting.map_or_else(String::new, |setting| self.text(&setting, &mut Exact::default()))
    }
}

#[cfg(test)]
mod tests {
    use claims::{Kind, file};
    use evidence::{ask_lyapunov as ask, subject};
    use numbers::{Matrix, nearest_f64};
    use registry::closed_forms;

    use super::*;

    /// The largest numerator or denominator that a counterexample to an equality or a condition of the registry shows.
    const HEIGHT: u32 = 13;
    /// The same for a limit.
    const HEIGHT_OF_LIMIT: u32 = 200;

    fn claim(formula: &str, assume: &[&str]) -> Claim {
        let assume = assume.join("\", \"");
        let text = format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [\"{assume}\"]\n");
        file::read("a.toml", &text).unwrap().remove(0)
    }

    const LABEL_NOISE: [&str; 4] = ["gaussian features", "no weight decay", "no input noise", "no momentum"];

    /// One weight has Σ = λσ²/(2S − λa(S + 1 + 1)), so that this formula fails wherever there is noise, at A = 0, too.
    #[test]
    fn a_counterexample_is_degenerate_only_where_no_other_is() {
        let assume = [&LABEL_NOISE[..], &["scalar learning rate"]].concat();
        let wrong = claim("Σ = (λσ²/(2S)) (I − λA/2)⁻¹", &assume);
        let setting = smallest(&wrong, Verdict::Differs, 1, 6).unwrap();
        assert!(!is_singular(&setting) && setting.label_noise_variance().is_ok_and(|v| !v.is_zero()), "{setting:?}");
        assert!(!example(&wrong, Verdict::Differs, 1, 6).unwrap().1.contains("full rank"));
        let singular = claim("A⁺A = I", &LABEL_NOISE);
        let text = example(&singular, Verdict::Differs, 1, 6).unwrap().1;
        assert_eq!(text, format!("A = 0, Λ = 1, S = 1: A⁺A = 0, claimed 1{NO_FULL_RANK}"));
    }

    /// Eq. (12) is checked by hand: Σ = (I − λK)Σ(I − λK) + λ²(AMA + Tr[AM]A) holds for the Σ that is found, with
    /// M = Σ + (w* − u)(w* − u)ᵀ and w* = [1/2, 2]; what is claimed is not even symmetric.
    #[test]
    fn equation_12_fails_where_features_have_several_variances() {
        let claim = closed_forms().iter().find(|claim| claim.id == "regularization/fluctuation").unwrap();
        let text = example(claim, Verdict::Differs, 1, 6).unwrap().1;
        let setting =
            "A = [[1/2, 0], [0, 2]], σ² = 0, u = [3/2, 3], Λ = [[1/3, 0], [0, 1/3]], Γ = [[1, 0], [0, 1]], S = 1";
        let values = "Σ = [[2, 1/8], [1/8, 11]], claimed [[2, 1/10], [4/13, 11]]";
        assert_eq!(text, format!("{setting}: {values}"));
    }

    /// The counterexample of which doubles do not know whether every direction moves. By hand: each step is along Λe₁ =
    /// [1/2, 1/2], and v₁ is multiplied by 1 − z²/2 and moved by εz/2, so that E[v₁²] = (3/4) E[v₁²] + 1/4 = 1 and Σ is 1
    /// everywhere.
    const BY_HAND: (&str, &str) = (
        "generic/null-space-of-any-learning-rate",
        "A = [[1, 0], [0, 0]], σ² = 1, Λ = [[1/2, 1/2], [1/2, 1]], S = 1: (I − H₀⁺H₀) Σ = [[0, 0], [1, 1]], claimed [[0, 0], [0, 0]]",
    );

    /// What doubles find at a setting, and what a form claims there in doubles: a way to both that the search does not
    /// take. `None` where nothing is stationary.
    fn in_doubles(claim: &Claim, setting: &Setting<Rational>) -> Option<[Matrix<f64>; 2]> {
        let setting = setting.map(nearest_f64);
        let answer = ask(subject(claim), &setting).ok()?;
        let given = answer.given(&setting);
        Some([claim.printed.found(&given), claim.printed.claimed(&given)].map(Result::unwrap))
    }

    #[test]
    fn every_refuted_claim_has_a_small_counterexample() {
        let mut tried = 0;
        for claim in closed_forms().iter().filter(|claim| claim.correction.is_some()) {
            let setting = smallest(claim, Verdict::Differs, 1, 6).unwrap();
            let question = Question { claim, form: &claim.printed, broken: None, verdict: Verdict::Differs };
            let exact = &mut Exact::default();
            let text = question.text(&setting, exact);
            assert!(claim.hypotheses.iter().all(|hypothesis| hypothesis.may_hold(&setting)), "{text}");
            let most = if claim.kind.path().is_some() { HEIGHT_OF_LIMIT } else { HEIGHT };
            assert!(question.size(&setting, exact).height <= most, "{text}");
            match (claim.kind, in_doubles(claim, &setting)) {
                (Kind::Stability, found) => {
                    assert_ne!(found.is_some(), claim.printed.holds(&setting).unwrap(), "{text}");
                }
                (Kind::Equivalence, _) => assert!(!claim.printed.holds(&setting).unwrap(), "{text}"),
                (_, None) => assert_eq!(BY_HAND, (claim.id.as_str(), text.as_str())),
                (_, Some([found, claimed])) => assert!((found - claimed).norm() > 1e-3, "{text}"),
            }
            tried += 1;
        }
        assert_eq!(tried, 29);
    }
}

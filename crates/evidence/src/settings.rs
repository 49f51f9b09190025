//! The settings at which a claim is tried.

use claims::{Claim, Form, Hypothesis, Kind};
use numbers::{matrix, nearest_f64};
use rug::Rational;
use symbols::Setting;

use crate::allowances::{ALIKE, LARGEST_INVERSE, TELLING};
use crate::draw::Draw;
use crate::engine::exact::Exact;
use crate::engine::lyapunov::Lyapunov;
use crate::engine::{Answer, Judge};
use crate::hunt::Hunt;
use crate::options::{Effort, Engine, Options};
use crate::part::Part;
use crate::verdict::Verdict;

/// The number of settings in each dimension among which draws choose those at which they say most.
const CANDIDATES: usize = 64;
/// The factors on the learning rate of each candidate, as far as it stays stable: hypotheses impose a small one.
const FACTORS: [u32; 3] = [1, 2, 4];
/// The largest number of settings that are tried in each dimension, where the standard errors of the first ones mean
/// nothing.
const TRIED: usize = 8;

/// The numbers of weights at which a formula of somebody's own is tried besides, at one setting each: one that is right
/// for up to three weights may be wrong for more.
const MANY_WEIGHTS: [usize; 2] = [4, 5];
/// How many settings with so many weights are drawn until one has an answer.
const MANY_WEIGHTS_TRIES: usize = 3;

/// The settings at which a claim is tried.
pub struct Settings {
    /// Settings that satisfy its hypotheses: some that were drawn and, where a form holds at all of them, one more at
    /// which it fails, if a search finds it.
    pub satisfying: Vec<Setting<Rational>>,
    /// Settings that break the hypotheses that the strengthened form does not need.
    pub breaking: Vec<Setting<Rational>>,
    /// Settings for draws.
    pub drawn: Drawn,
}

/// Settings for draws: those that satisfy the hypotheses, and those that break what the strengthened form does not
/// need. Each dimension has several to choose from.
pub type Drawn = [Vec<Vec<Setting<Rational>>>; 2];

impl Settings {
    /// The settings of a claim, for all engines that are asked.
    pub fn draw(claim: &Claim, options: &Options, exact: &mut Exact, lyapunov: &mut Lyapunov) -> Self {
        let draws = options.asks(Engine::MonteCarlo, claim);
        let mut drawing = Drawing { claim, options, exact, lyapunov };
        let mut satisfying = drawing.spread(&[]);
        drawing.hunt(&claim.printed, &[], &mut satisfying);
        if let Some(correction) = &claim.correction {
            drawing.hunt(&correction.form, &[], &mut satisfying);
        }
        if options.effort == Effort::Prompt {
            satisfying.extend(drawing.of_many_weights());
        }
        let mut breaking = Vec::new();
        if let Some(strengthened) = &claim.strengthened {
            breaking = drawing.spread(&strengthened.without);
            drawing.hunt(&strengthened.form, &strengthened.without, &mut breaking);
        }
        Settings { satisfying, breaking, drawn: if draws { drawing.drawn() } else { Drawn::default() } }
    }

    /// The settings for draws alone.
    pub fn drawn(claim: &Claim, options: &Options, lyapunov: &mut Lyapunov) -> Drawn {
        Drawing { claim, options, exact: &mut Exact::default(), lyapunov }.drawn()
    }
}

/// A setting among those for draws.
#[derive(Clone)]
struct Candidate {
    /// Whether it tells the rival from the claim.
    tells: bool,
    /// Of how many parts draws see that a formula may read; see [`seen`].
    seen: usize,
    /// How well draws see what is peculiar to minibatches.
    power: f64,
    setting: Setting<Rational>,
}

/// Which candidates come first among those that tell as much.
#[derive(Clone, Copy)]
enum Preference {
    /// Those without momentum.
    Plain,
    /// Those with most of what may be left out. Where the hypotheses leave all of it free, that is all.
    All,
}

/// The best candidates, the best first.
fn preferring(preference: Preference, candidates: &[Candidate]) -> Vec<Setting<Rational>> {
    let rank = |candidate: &Candidate| {
        let preferred = match preference {
            Preference::Plain => usize::from(candidate.setting.momentum().is_zero()),
            Preference::All => candidate.seen,
        };
        (candidate.tells, preferred)
    };
    let mut ranked = Vec::from_iter(candidates.iter().cloned());
    ranked.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.power.total_cmp(&a.power)));
    // Settings that differ in units alone differ for draws in the name of their stream, and in nothing else.
    ranked.dedup_by(|a, b| (a.power / b.power - 1.0).abs() < ALIKE);
    ranked.truncate(TRIED);
    Vec::from_iter(ranked.into_iter().map(|candidate| candidate.setting))
}

/// The number of parts of a setting that a formula may miss where they vanish: Γ, B, μ, σ² and u, and whether Λ is no
/// multiple of I. A formula that is wrong in one of them is right where it is left out.
fn seen(setting: &Setting<Rational>) -> usize {
    let parts = [Part::WeightDecay, Part::InputNoise, Part::Momentum, Part::LabelNoise, Part::TrueWeights];
    let vanishes = |part: &Part| part.of(setting).is_none_or(|value| value.iter().all(Rational::is_zero));
    let L = setting.learning_rate();
    let multiple = matrix::identity::<Rational>(L.nrows()) * L[(0, 0)].clone();
    parts.iter().filter(|part| !vanishes(part)).count() + usize::from(*L != multiple)
}

/// Draws settings of a claim that have an answer.
struct Drawing<'a> {
    claim: &'a Claim,
    options: &'a Options,
    exact: &'a mut Exact,
    lyapunov: &'a mut Lyapunov,
}

impl<'a> Drawing<'a> {
    /// The hypotheses that the strengthened form does not need.
    fn without(&self) -> Option<&'a [&'static Hypothesis]> {
        self.claim.strengthened.as_ref().map(|strengthened| strengthened.without.as_slice())
    }

    fn drawn(&mut self) -> Drawn {
        [Some(&[] as &[_]), self.without()]
            .map(|without| without.map_or_else(Vec::new, |without| self.telling_most(without)))
    }

    /// Adds a setting at which a form fails that holds at all of these, or a witness of its existence, if one is found.
    fn hunt(&mut self, form: &Form, without: &[&Hypothesis], settings: &mut Vec<Setting<Rational>>) {
        let (claim, seed, sought) = (self.claim, self.options.seed, Hunt::sought(self.claim));
        if settings.iter().any(|setting| self.exact.judge(claim, form, setting).verdict == sought) {
            return;
        }
        settings.extend(match self.options.effort {
            // A bound of the registry has a proof beside it, and was tried at many more settings.
            Effort::Prompt if without.is_empty() => Hunt::thoroughly(claim, form, seed, self.exact),
            _ => Hunt::anywhere(claim, form, without, seed, self.exact),
        });
    }

    /// Settings in all dimensions. Every second one tells the rival from the claim, if such a one is found; the others
    /// are as they come. A rival that is told nowhere slips through, and the run says so.
    fn spread(&mut self, without: &[&Hypothesis]) -> Vec<Setting<Rational>> {
        let (claim, seed) = (self.claim, self.options.seed);
        let mut settings = Vec::new();
        // An equality is proved besides. An inequality is not, and so it is tried more often.
        let times = if claim.kind.is_inequality() { 4 } else { 1 };
        let dimensions = self.options.effort.dimensions().iter().cycle();
        for (i, &dimension) in dimensions.take(times * self.options.effort.dimensions().len()).enumerate() {
            let draw = Draw { claim, without, dimension, seed, name: &i.to_string(), sparse: false };
            let telling = match i % 2 {
                0 => None,
                _ if claim.rival.is_none() => None,
                _ => draw.setting(|setting| self.exists(setting) && self.tells(setting)),
            };
            settings.extend(telling.or_else(|| draw.setting(|setting| self.exists(setting))));
        }
        settings
    }

    /// One setting for each number of weights beyond those of the others, as far as the formula has a value in seconds.
    fn of_many_weights(&mut self) -> Vec<Setting<Rational>> {
        let (claim, seed) = (self.claim, self.options.seed);
        let is_small = |dimension: &usize| claim.printed.formula().largest_inverse(*dimension) <= LARGEST_INVERSE;
        let settings = MANY_WEIGHTS.into_iter().filter(is_small).filter_map(|dimension| {
            (0..MANY_WEIGHTS_TRIES).find_map(|i| {
                let name = &format!("many weights {i}");
                let draw = Draw { claim, without: &[], dimension, seed, name, sparse: false };
                draw.setting(|_| true).filter(|setting| self.exists(setting))
            })
        });
        settings.collect()
    }

    /// Several settings for draws by dimension, the one at which draws say most first. In every second dimension those
    /// come first at which draws see all that a formula may read, in the others those without momentum, where chains
    /// forget fast. One dimension has both, the former to be tried first: a claim that holds there alone, or that is
    /// believed in no two others, is so never tried without momentum alone where it speaks of momentum.
    ///
    /// In three dimensions and more the settings are sparse. So features are nearly independent, steps have one size in
    /// all directions, and chains forget fast.
    fn telling_most(&mut self, without: &[&Hypothesis]) -> Vec<Vec<Setting<Rational>>> {
        let dimensions = self.options.effort.drawn_dimensions().iter().enumerate();
        let lists = dimensions.flat_map(|(i, &dimension)| {
            let candidates = self.candidates(i, dimension, without);
            match dimension {
                1 => vec![preferring(Preference::Plain, &candidates), preferring(Preference::All, &candidates)],
                _ if i % 2 == 0 => vec![preferring(Preference::Plain, &candidates)],
                _ => vec![preferring(Preference::All, &candidates)],
            }
        });
        Vec::from_iter(lists)
    }

    /// Settings for draws in the i-th dimension that is tried, each with all factors on its learning rate.
    fn candidates(&mut self, i: usize, dimension: usize, without: &[&Hypothesis]) -> Vec<Candidate> {
        let (claim, seed) = (self.claim, self.options.seed);
        let mut candidates = Vec::new();
        for j in 0..CANDIDATES {
            let name = &format!("drawn {i} {j}");
            let draw = Draw { claim, without, dimension, seed, name, sparse: dimension > 2 };
            let Some(drawn) = draw.setting(|setting| self.lyapunov.nearest(claim, setting).is_ok()) else {
                continue;
            };
            for factor in FACTORS {
                let rate = drawn.learning_rate() * Rational::from(factor);
                let Ok(setting) = drawn.clone().with_learning_rate(rate) else { continue };
                if self.lyapunov.nearest(claim, &setting).is_ok() {
                    candidates.push(Candidate {
                        tells: self.tells(&setting),
                        seen: seen(&setting),
                        power: self.power(&setting),
                        setting,
                    });
                }
            }
        }
        candidates
    }

    fn exists(&mut self, setting: &Setting<Rational>) -> bool {
        match self.claim.kind {
            Kind::Stability => self.exact.is_stable(self.claim, setting).is_ok(),
            _ => self.exact.answer(self.claim, setting).is_ok(),
        }
    }

    /// Whether a setting tells the rival from the claim. Where both are nearly the same number, nothing can.
    fn tells(&mut self, setting: &Setting<Rational>) -> bool {
        let Some(rival) = self.claim.rival.as_ref().map(|rival| &rival.form) else { return false };
        match self.claim.kind {
            Kind::Exact => self.lyapunov.distance(self.claim, rival, setting) >= TELLING,
            _ => self.exact.judge(self.claim, rival, setting).verdict == Verdict::Differs,
        }
    }

    /// How well draws see what is peculiar to minibatches, by a rule of thumb: s (1 − s)^(1 + 2/D) √(1 − ρ), with s the
    /// share of the noise that is there because the weights fluctuate, and ρ the spectral radius.
    ///
    /// Where s is small, so is the effect of a wrong coefficient. Where s is large, the tail is heavy, and the heavier
    /// the fewer weights there are: the fourth moment of one weight ends near s = 0.36. For quantities of the first
    /// minibatch nothing fluctuates, and no setting is better than another.
    fn power(&mut self, setting: &Setting<Rational>) -> f64 {
        let Ok(Answer::Stationary(moments)) = self.lyapunov.nearest(self.claim, setting) else { return 0.0 };
        let all = matrix::trace(&moments.noise_covariance);
        let setting = setting.map(nearest_f64);
        let power = || {
            let still = setting.clone().with_initial_weights(setting.minimizer().ok()?).ok()?;
            let still = lyapunov::minibatch(&still).ok()?;
            let share = 1.0 - matrix::trace(&still.noise_covariance) / all;
            let exponent = 1.0 + 2.0 / setting.dimension() as f64;
            let radius = lyapunov::stability(&setting).ok()?.spectral_radius;
            Some(share * (1.0 - share).powf(exponent) * (1.0 - radius).sqrt())
        };
        power().filter(|power| power.is_finite()).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use registry::closed_forms;

    use super::*;

    /// Draws end with two settings that are believed, so that one of any two lists in sequence has to have all.
    #[test]
    fn draws_see_every_parameter_that_the_hypotheses_leave_free() {
        let claims = closed_forms().iter().filter(|claim| Engine::MonteCarlo.applies(claim));
        let (mut with_momentum, lyapunov) = (0, &mut Lyapunov::default());
        for claim in claims.filter(|claim| matches!(claim.kind, Kind::Exact)) {
            let [satisfying, _] = Settings::drawn(claim, &Options::default(), lyapunov);
            let lists = Vec::from_iter(satisfying.into_iter().rev().filter(|list| !list.is_empty()));
            let first = Vec::from_iter(lists.iter().filter_map(|list| list.first()));
            let is_free = lists.iter().flatten().any(|setting| !setting.momentum().is_zero());
            if is_free {
                with_momentum += 1;
                let seen = |pair: &[&Setting<Rational>]| pair.iter().any(|setting| !setting.momentum().is_zero());
                assert!(first.len() > 1 && first.windows(2).all(seen), "{}", claim.id);
            }
            let most = lists.iter().flatten().filter(|setting| setting.dimension() < 3).map(seen).max();
            let best = first.iter().filter(|setting| setting.dimension() < 3).map(|setting| seen(setting)).max();
            assert_eq!(best, most, "{}", claim.id);
        }
        assert!(with_momentum > 10, "{with_momentum}");
    }

    /// A term with the factor (D − 1)(D − 2)(D − 3) vanishes for up to three weights.
    #[test]
    fn a_formula_of_somebodys_own_is_tried_for_many_weights() {
        let formula = "L_test = ½ Tr[AΣ] + (D − 1)(D − 2)(D − 3) σ²/S";
        let assume = "\"gaussian-features\", \"no-weight-decay\", \"no-input-noise\", \"full-rank\"";
        let text = format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [{assume}]\n");
        let claim = claims::file::read("a.toml", &text).unwrap().remove(0);
        let options = Options::default().with_engines([Engine::Exact]);
        let (exact, lyapunov) = (&mut Exact::default(), &mut Lyapunov::default());
        let mut failing = |effort| {
            let settings = Settings::draw(&claim, &options.clone().with_effort(effort), exact, lyapunov).satisfying;
            let fails =
                |setting: &&Setting<Rational>| exact.judge(&claim, &claim.printed, setting).verdict == Verdict::Differs;
            Vec::from_iter(settings.iter().filter(fails).map(Setting::dimension))
        };
        assert_eq!(failing(Effort::Standard), Vec::<usize>::new());
        assert_eq!(failing(Effort::Prompt), MANY_WEIGHTS);
    }
}

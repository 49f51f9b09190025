//! The names of a text: what each stands for, which are used, and whether w is given or random.

use std::collections::{HashMap, HashSet};

use crate::Subject;
use notation::symbol::{self, Meaning, Symbol};
use notation::tree::{
    Body, Comparison, Condition, Definition, Expr, Head, Name, Node, Point, Relation, Statement, Text,
};
use notation::{Mistake, Spelling};

/// The definitions of a text, by name.
pub(super) struct Scope<'a> {
    definitions: HashMap<&'a str, &'a Definition>,
}

impl<'a> Scope<'a> {
    /// The definitions, and what is wrong with their heads.
    pub(super) fn of(text: &'a Text) -> (Self, Vec<Mistake>) {
        let mut scope = Scope { definitions: HashMap::new() };
        let mut mistakes = Vec::new();
        for definition in &text.definitions {
            let name = definition.head.name();
            if let Some(symbol) = fixed(&definition.head) {
                let message = format!("{name} is a symbol of the notation and cannot be defined", name = name.as_str());
                let help =
                    format!("{} Leave the definition out if it says so, or choose another name.", symbol.sentence);
                mistakes.push(Mistake::new(definition.place, message).help(help));
            }
            if scope.definitions.insert(name.as_str(), definition).is_some() {
                mistakes.push(
                    Mistake::new(definition.place, format!("{} is defined twice", name.as_str()))
                        .help("keep one of the definitions"),
                );
            }
        }
        let used = used_names(text, &scope);
        for definition in &text.definitions {
            let name = definition.head.name().as_str();
            if !used.contains(name) {
                mistakes.push(
                    Mistake::new(definition.place, format!("{name} is defined and not used"))
                        .help("use it, or leave it out"),
                );
            }
        }
        (scope, mistakes)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Definition> {
        self.definitions.get(name).copied()
    }

    /// The known name that is nearest to one, and all that are as near.
    pub(super) fn nearest(&self, name: &str, with_index: bool) -> Vec<String> {
        let of_table = symbol::TABLE.iter().filter(|symbol| symbol.indexed == with_index).map(|symbol| symbol.name);
        let known = of_table.chain(self.definitions.keys().copied());
        let mut rated = Vec::from_iter(known.map(|known| (strsim::damerau_levenshtein(name, known), known)));
        rated.sort_unstable();
        rated.dedup();
        // One letter for another is no likeness where there is but one.
        let limit = name.chars().count().saturating_sub(1).min(2);
        let least = rated.first().map_or(usize::MAX, |(distance, _)| *distance);
        let near = rated.into_iter().filter(|(distance, _)| *distance == least && *distance <= limit);
        near.take(3).map(|(_, name)| name.to_owned()).collect()
    }
}

/// The symbol of a head that stays what it is: capital letters and what engines find. Small letters may be defined anew.
fn fixed(head: &Head) -> Option<&'static Symbol> {
    let symbol = match head {
        Head::Name(name) | Head::Function(name, _) => symbol::symbol(name.as_str()),
        Head::Indexed(name, _) => symbol::indexed(name.as_str()),
    }?;
    let capital = symbol.name.chars().next().is_some_and(char::is_uppercase);
    let found = capital
        || matches!(
            symbol.meaning,
            Meaning::Minimizer
                | Meaning::Weights
                | Meaning::InitialWeights
                | Meaning::Gradient
                | Meaning::PlainGradient
                | Meaning::MinibatchGradient
                | Meaning::LabelNoise
                | Meaning::SampleGradient
                | Meaning::SampleLoss
        );
    found.then_some(symbol)
}

/// The definitions of a text that its statements need, with those of `shared` that they need.
pub(crate) fn used(text: &Text, shared: &[Definition]) -> Vec<Definition> {
    let own = |name: &Name| text.definitions.iter().any(|definition| definition.head.name() == name);
    let others = Vec::from_iter(shared.iter().filter(|definition| !own(definition.head.name())).cloned());
    let all = Text {
        statements: text.statements.clone(),
        definitions: text.definitions.iter().cloned().chain(others.iter().cloned()).collect(),
    };
    let scope = Scope { definitions: all.definitions.iter().map(|d| (d.head.name().as_str(), d)).collect() };
    let used = used_names(&all, &scope);
    let needed = others.iter().filter(|definition| used.contains(definition.head.name().as_str()));
    text.definitions.iter().chain(needed).cloned().collect()
}

/// The sides of a statement, from left to right.
pub(super) fn sides(statement: &Statement) -> Vec<&Expr> {
    fn of_comparison(comparison: &Comparison) -> Vec<&Expr> {
        let rest = comparison.rest.iter().map(|(_, expr): &(Relation, Expr)| expr);
        [&comparison.first].into_iter().chain(rest).chain(&comparison.on).collect()
    }
    fn of_condition(condition: &Condition) -> impl Iterator<Item = &Expr> {
        condition.0.iter().flat_map(of_comparison)
    }
    match statement {
        Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => vec![left, right],
        Statement::Comparison { comparison, .. } => of_comparison(comparison),
        Statement::Equivalence { left, right } => of_comparison(left).into_iter().chain(of_condition(right)).collect(),
        Statement::Stationary { condition, .. } => of_condition(condition).collect(),
    }
}

/// The expressions of a definition.
pub(super) fn bodies(definition: &Definition) -> Vec<&Expr> {
    match &definition.body {
        Body::Is(expr) => vec![expr],
        Body::Solves(left, right) => vec![left, right],
    }
}

/// The names that an expression itself says.
fn names(expr: &Expr, found: &mut Vec<String>) {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.node {
            Node::Name(name) | Node::Indexed(name, _) | Node::At(name, ..) | Node::Call(name, _) => {
                found.push(name.as_str().into());
            }
            _ => {}
        }
        open.extend(expr.parts());
    }
}

fn used_names(text: &Text, scope: &Scope) -> HashSet<String> {
    text.statements.iter().flat_map(sides).flat_map(|side| used_by(side, scope)).collect()
}

/// The names that an expression says, through definitions, too.
fn used_by(expr: &Expr, scope: &Scope) -> HashSet<String> {
    let (mut open, mut used) = (Vec::new(), HashSet::new());
    names(expr, &mut open);
    while let Some(name) = open.pop() {
        if let Some(definition) = scope.get(&name)
            && !used.contains(&name)
        {
            bodies(definition).into_iter().for_each(|body| names(body, &mut open));
        }
        used.insert(name);
    }
    used
}

/// What a text says outside of E\[·\].
#[derive(Default)]
struct Said<'a> {
    /// The first that depends on w.
    given: Option<&'a Expr>,
    /// Whether C is taken at w* or u.
    noise: bool,
    /// The first that belongs to a stationary state.
    moment: Option<&'a Expr>,
    mean: bool,
    /// Whether a mean is taken over something else than the next minibatch.
    over_weights: bool,
}

/// Whose answer a text speaks about. A symbol that depends on w and stands outside of E\[·\] makes w given.
pub(super) fn subject<'a>(text: &'a Text, scope: &Scope<'a>) -> Result<Subject, Mistake> {
    let mut said = Said::default();
    let mut seen = HashSet::new();
    let mut open = Vec::from_iter(text.statements.iter().rev().flat_map(|s| sides(s).into_iter().rev()));
    while let Some(expr) = open.pop() {
        let mut defined = |name: &Name, open: &mut Vec<&'a Expr>| {
            let definition = scope.get(name.as_str());
            if let Some(definition) = definition
                && seen.insert(name.as_str().to_owned())
            {
                open.extend(bodies(definition).into_iter().rev());
            }
            definition.is_some()
        };
        match &expr.node {
            Node::Mean(_) => {
                said.mean = true;
                said.over_weights |= !used_by(expr, scope).contains("ĝ");
                continue;
            }
            Node::Name(name) | Node::Call(name, _) => {
                if !defined(name, &mut open)
                    && let Some(symbol) = symbol::symbol(name.as_str())
                {
                    match symbol.meaning {
                        Meaning::Fluctuation | Meaning::Noise | Meaning::TrainLoss | Meaning::TestLoss => {
                            said.moment.get_or_insert(expr);
                        }
                        meaning if depends_on_weights(meaning) => {
                            said.given.get_or_insert(expr);
                        }
                        _ => {}
                    }
                }
            }
            Node::Indexed(name, _) => {
                if !defined(name, &mut open)
                    && let Some(symbol) = symbol::indexed(name.as_str())
                    && depends_on_weights(symbol.meaning)
                {
                    said.given.get_or_insert(expr);
                }
            }
            Node::At(name, _, point) => {
                let is_noise = symbol::symbol(name.as_str()).is_some_and(|symbol| symbol.meaning == Meaning::Noise);
                if matches!(point, Point::Weights | Point::Initial) {
                    said.given.get_or_insert(expr);
                } else {
                    said.noise |= is_noise;
                }
            }
            _ => {}
        }
        open.extend(expr.parts().into_iter().rev());
    }
    let stability = text.statements.iter().any(|statement| matches!(statement, Statement::Stationary { .. }));
    match said {
        Said { given: Some(given), moment: Some(_), .. } => {
            let function = match &given.node {
                Node::At(name, index, _) => {
                    Expr::of(index.map_or(Node::Name(name.clone()), |i| Node::Indexed(name.clone(), i)))
                }
                _ => given.clone(),
            };
            let [symbol, function] = [given, &function].map(|expr| expr.written(Spelling::Unicode));
            let (message, help) = match function.as_str() {
                "w" => ("w is random in the stationary state".into(), "w* or E[w]?".into()),
                _ => (
                    format!("{symbol} depends on w, which is random in the stationary state"),
                    format!("{function}(w*) or E[{function}]?"),
                ),
            };
            Err(Mistake::new(given.place, message).help(help))
        }
        Said { given: Some(_), .. } => Ok(Subject::Minibatch),
        Said { moment, over_weights, .. } if moment.is_some() || over_weights || stability => Ok(Subject::Stationary),
        // Beside nothing but means over minibatches, these are drawn at w*.
        Said { noise: true, .. } => Ok(Subject::Minibatch),
        Said { mean: true, .. } => Ok(Subject::Stationary),
        _ => Ok(Subject::Setting),
    }
}

/// Whether a symbol is a function of the weights, or of the next minibatch.
pub(super) fn depends_on_weights(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Weights
            | Meaning::Gradient
            | Meaning::PlainGradient
            | Meaning::MinibatchGradient
            | Meaning::Buffer
            | Meaning::Loss
            | Meaning::PlainLoss
            | Meaning::Residual
            | Meaning::SampleLoss
            | Meaning::SampleGradient
    )
}

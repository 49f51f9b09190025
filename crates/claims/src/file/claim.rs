//! Claims of a claim file.

use std::borrow::Cow;
use std::ops::Range;

use formula::Subject;
use notation::Context;
use notation::tree::{Node, Point, Statement};
use reader::{Notation, NotationError};

use super::assumed::assumed;
use super::document::{Document, Said, Table};
use super::error::{Fault, Located, misplaced};
use super::form::Texts;
use super::key;
use crate::form::context;
use crate::hypotheses::paths;
use crate::hypotheses::{AT_MINIMUM, NEAR_THE_EDGE, STATIONARY};
use crate::{
    Claim, Correction, Form, Hypothesis, Kind, Path, Provenance, Refutation, Refutes, Rewritten, Rival, Strengthened,
};

type Refusals = Vec<Located>;

/// The claims of a document.
pub(super) fn all(document: &Document) -> Result<Vec<Claim>, Refusals> {
    let root = document.root();
    let (mut claims, mut refusals) = (Vec::<Claim>::new(), misplaced(root.unknown_keys(key::FILE)));
    refusals.extend(["title", "source"].into_iter().filter_map(|key| root.text(key).err()));
    let outer = root.texts("definitions").map_err(|refusal| vec![refusal])?;
    let notation = notation(&root)?;
    for table in root.tables("claim", "a claim").map_err(|refusal| vec![refusal])? {
        match claim(&table, &outer, &notation) {
            Ok((claim, id)) if claims.iter().any(|other| other.id == claim.id) => {
                refusals.push(id.refused(Fault::DuplicateId { id: claim.id }));
            }
            Ok((claim, _)) => claims.push(claim),
            Err(more) => refusals.extend(more),
        }
    }
    if refusals.is_empty() { Ok(claims) } else { Err(refusals) }
}

/// A claim, and where its name stands.
fn claim<'a>(table: &Table<'a>, outer: &[Said<'a>], notation: &Notation) -> Result<(Claim, Said<'a>), Refusals> {
    none(table.unknown_keys(key::CLAIM))?;
    let id = id(table)?;
    let source = table.text("source").map_err(one)?.map_or(crate::OWN.into(), |source| source.text.to_string());
    let provenance = provenance(table)?;
    let mut hypotheses = assumed(table, "assume", notation)?;
    let natural = natural_units(table)?;
    let order = table.count("order").map_err(one)?;
    let (statements, definitions) = (formula(table)?, texts(table, "definitions")?);
    let base = Base { statements, definitions, outer, notation, order };
    let printed = base.printed(context(hypotheses.iter().copied(), natural))?;
    let kind = kind(table, &printed, &hypotheses)?;
    contradicted(table, "quantity", printed.quantity().map(|quantity| quantity.to_string()))?;
    let companions = Companions { claim: *table, base: &base, hypotheses: &hypotheses, natural, printed: &printed };
    let (rival, strengthened) = (companions.rival()?, companions.strengthened()?);
    let (correction, rewritten) = (companions.correction()?, companions.rewritten()?);
    for implied in implied(&printed) {
        if hypotheses.iter().all(|hypothesis| hypothesis.name != implied.name) {
            hypotheses.push(implied);
        }
    }
    let claim = Claim {
        id: id.text.into(),
        source,
        equations: owned(table, "equations")?,
        provenance,
        kind,
        hypotheses,
        printed,
        rival,
        strengthened,
        correction,
        refutation: refutation(table)?,
        rewritten,
        notation: notation.clone(),
        note: words(table, "note")?,
        proof: words(table, "proof")?,
    };
    Ok((claim, id))
}

/// The texts of a claim, and those around it.
struct Base<'a> {
    statements: Vec<Said<'a>>,
    definitions: Vec<Said<'a>>,
    outer: &'a [Said<'a>],
    notation: &'a Notation,
    /// Of the relative error, if stated.
    order: Option<u32>,
}

impl<'a> Base<'a> {
    /// The printed form.
    fn printed(&self, context: Context) -> Result<Form, Refusals> {
        self.scoped(&self.statements, &[&self.definitions, self.outer], context)
    }

    /// Another one, of the same statements if it has none.
    fn form(&self, statements: &[Said<'a>], definitions: &[Said<'a>], context: Context) -> Result<Form, Refusals> {
        let statements = if statements.is_empty() { &self.statements } else { statements };
        self.scoped(statements, &[definitions, &self.definitions, self.outer], context)
    }

    fn scoped(&self, statements: &[Said<'a>], scopes: &[&[Said<'a>]], context: Context) -> Result<Form, Refusals> {
        let form = Texts { statements, scopes, notation: self.notation }.form(context)?;
        Ok(match (form.kind(), self.order) {
            (formula::Kind::Approximation(..), Some(order)) => form.with_order(order),
            _ => form,
        })
    }
}

/// What the other forms of a claim share.
struct Companions<'a, 'b> {
    claim: Table<'a>,
    base: &'b Base<'a>,
    hypotheses: &'b [&'static Hypothesis],
    natural: bool,
    printed: &'b Form,
}

impl<'a> Companions<'a, '_> {
    fn rival(&self) -> Result<Option<Rival>, Refusals> {
        let what = "a rival";
        let Some(rival) = Companion::of(&self.claim, "rival", what, key::RIVAL)? else { return Ok(None) };
        let natural = match rival.table {
            Some(table) if table.span("units").is_some() => natural_units(&table)?,
            _ => {
                rival.is_another(what)?;
                self.natural
            }
        };
        let form = self.form(&rival, &[], natural)?;
        Ok(Some(Rival { name: rival.words("note")?.unwrap_or_else(|| form.marked()), form }))
    }

    fn strengthened(&self) -> Result<Option<Strengthened>, Refusals> {
        let what = "a strengthened form";
        let Some(strengthened) = Companion::of(&self.claim, "strengthened", what, key::STRENGTHENED)? else {
            return Ok(None);
        };
        let without = strengthened
            .table
            .map_or_else(|| Ok(Vec::new()), |table| assumed(&table, "without", self.base.notation))?;
        if without.is_empty() {
            let expected = "a list of hypotheses";
            return Err(vec![Fault::MissingKey { key: "without", table: what, expected }.at(strengthened.span)]);
        }
        let unknown = |h: &&Hypothesis| self.hypotheses.iter().all(|other| other.name != h.name);
        if let Some(other) = without.iter().copied().find(unknown) {
            return Err(vec![Fault::NotAssumed { name: other.name }.at(strengthened.span_of("without"))]);
        }
        let form = self.form(&strengthened, &without, self.natural)?;
        Ok(Some(Strengthened { form, without, note: strengthened.words("note")?, proof: strengthened.words("proof")? }))
    }

    fn correction(&self) -> Result<Option<Correction>, Refusals> {
        let what = "a corrected form";
        let Some(corrected) = Companion::of(&self.claim, "corrected", what, key::CORRECTED)? else { return Ok(None) };
        corrected.is_another(what)?;
        let form = self.form(&corrected, &[], self.natural)?;
        Ok(Some(Correction { form, note: corrected.words("note")?, proof: corrected.words("proof")? }))
    }

    fn rewritten(&self) -> Result<Option<Rewritten>, Refusals> {
        let what = "a rewritten form";
        let Some(rewritten) = Companion::of(&self.claim, "rewritten", what, key::REWRITTEN)? else { return Ok(None) };
        rewritten.is_another(what)?;
        let form = self.form(&rewritten, &[], self.natural)?;
        let expected = "the subtraction that loses digits as printed";
        let missing = || vec![Fault::MissingKey { key: "reason", table: what, expected }.at(rewritten.span.clone())];
        Ok(Some(Rewritten { reason: rewritten.words("reason")?.ok_or_else(missing)?, form }))
    }

    /// A form of the kind of the printed one.
    fn form(
        &self,
        companion: &Companion<'a>,
        without: &[&'static Hypothesis],
        natural: bool,
    ) -> Result<Form, Refusals> {
        let kept = self.hypotheses.iter().copied().filter(|h| without.iter().all(|other| other.name != h.name));
        let form = self.base.form(&companion.statements, &companion.definitions, context(kept, natural))?;
        let [found, claimed] = [&form, self.printed].map(|form| form.kind());
        if found == claimed {
            return Ok(form);
        }
        let [found, claimed] = [found, claimed].map(|kind| Kind::of(kind, |limit| paths(limit, &[])[0]).name());
        Err(vec![Fault::OtherKind { found, claimed }.at(companion.span_of("formula"))])
    }
}

/// Another form of a claim, as it is written: a table, or its formula alone.
struct Companion<'a> {
    statements: Vec<Said<'a>>,
    definitions: Vec<Said<'a>>,
    table: Option<Table<'a>>,
    span: Range<usize>,
}

impl<'a> Companion<'a> {
    fn of(
        claim: &Table<'a>,
        key: &'static str,
        name: &'static str,
        known: &'static [&'static str],
    ) -> Result<Option<Self>, Refusals> {
        let Some(span) = claim.span(key) else { return Ok(None) };
        if claim.is_text(key) {
            let (statements, definitions) = (texts(claim, key)?, Vec::new());
            return Ok(Some(Companion { statements, definitions, table: None, span }));
        }
        let table = claim.table(key, name).map_err(one)?;
        if let Some(table) = &table {
            none(table.unknown_keys(known))?;
        }
        let texts = |key| table.as_ref().map_or_else(|| Ok(Vec::new()), |table| texts(table, key));
        Ok(Some(Companion { statements: texts("formula")?, definitions: texts("definitions")?, table, span }))
    }

    /// That it has a formula or a definition of its own: without both it is the form that it stands beside.
    fn is_another(&self, table: &'static str) -> Result<(), Refusals> {
        if self.statements.is_empty() && self.definitions.is_empty() {
            return Err(vec![missing_formula(table).at(self.span.clone())]);
        }
        Ok(())
    }

    /// The words of a key, if it is there.
    fn words(&self, key: &'static str) -> Result<Option<String>, Refusals> {
        self.table.map_or(Ok(None), |table| words(&table, key))
    }

    /// Where a key stands, or else the whole.
    fn span_of(&self, key: &str) -> Range<usize> {
        self.table.and_then(|table| table.span(key)).unwrap_or(self.span.clone())
    }
}

/// The letters of another paper that stand for those of the table.
fn notation(root: &Table) -> Result<Notation, Refusals> {
    root.pairs("notation").map_err(one)?.into_iter().try_fold(Notation::default(), |notation, (theirs, span, ours)| {
        notation.with(theirs, ours.text).map_err(|error| match error {
            NotationError::NoSymbol { .. } => vec![ours.refused(Fault::Notation(error))],
            _ => vec![Fault::Notation(error).at(span)],
        })
    })
}

fn one(refusal: Located) -> Refusals {
    vec![refusal]
}

fn none(refusals: Refusals) -> Result<(), Refusals> {
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

fn texts<'a>(table: &Table<'a>, key: &'static str) -> Result<Vec<Said<'a>>, Refusals> {
    table.texts(key).map_err(one)
}

fn owned(table: &Table, key: &'static str) -> Result<Vec<String>, Refusals> {
    Ok(texts(table, key)?.iter().map(|said| said.text.into()).collect())
}

fn words(table: &Table, key: &'static str) -> Result<Option<String>, Refusals> {
    Ok(table.text(key).map_err(one)?.map(|said| said.text.into()))
}

fn formula<'a>(table: &Table<'a>) -> Result<Vec<Said<'a>>, Refusals> {
    let formula = texts(table, "formula")?;
    if formula.is_empty() { Err(vec![missing_formula("a claim").at(table.head())]) } else { Ok(formula) }
}

fn missing_formula(table: &'static str) -> Fault {
    Fault::MissingKey { key: "formula", table, expected: "\"…\"" }
}

fn id<'a>(table: &Table<'a>) -> Result<Said<'a>, Refusals> {
    const EXPECTED: &str = "\"topic/quantity\"";
    let id = table.required("id", EXPECTED).map_err(one)?;
    let parts = Vec::from_iter(id.text.split('/'));
    let plain = |part: &&str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '*');
    if parts.len() == 2 && parts.iter().all(plain) {
        return Ok(id);
    }
    Err(vec![id.refused(Fault::Wrong { key: "id".into(), expected: EXPECTED.into() })])
}

fn provenance(table: &Table) -> Result<Provenance, Refusals> {
    let Some(said) = table.text("provenance").map_err(one)? else { return Ok(Provenance::Own) };
    let known = Provenance::ALL.into_iter().find(|provenance| provenance.name() == said.text);
    known.ok_or_else(|| {
        let names = Provenance::ALL.map(Provenance::name).join(", ");
        vec![said.refused(Fault::Wrong { key: "provenance".into(), expected: format!("one of {names}") })]
    })
}

/// Whether weight · feature = 1.
fn natural_units(table: &Table) -> Result<bool, Refusals> {
    let Some(said) = table.text("units").map_err(one)? else { return Ok(false) };
    match said.text {
        "paper" => Ok(false),
        "natural" => Ok(true),
        _ => {
            let expected = "\"paper\" or \"natural\"".into();
            Err(vec![said.refused(Fault::Wrong { key: "units".into(), expected })])
        }
    }
}

/// The kind of the printed form, with the path that the claim states.
fn kind(table: &Table, printed: &Form, hypotheses: &[&Hypothesis]) -> Result<Kind, Refusals> {
    let said = table.text("path").map_err(one)?;
    let limit = match printed.kind() {
        formula::Kind::Approximation(limit, _) | formula::Kind::Limit(limit, _) => Some(limit),
        _ => None,
    };
    let known = limit.map_or_else(Vec::new, |limit| paths(limit, hypotheses));
    let stated = |path: &&Path| said.as_ref().is_none_or(|said| said.text == path.parameter);
    let path = known.iter().copied().find(stated);
    if let (Some(said), None) = (&said, path) {
        let known = known.iter().map(|path| path.parameter).collect();
        return Err(vec![said.refused(Fault::UnknownPath { path: said.text.into(), known })]);
    }
    if let (Some(span), false) = (table.span("order"), matches!(printed.kind(), formula::Kind::Approximation(..))) {
        return Err(vec![Fault::OrderOfNoLimit.at(span)]);
    }
    let kind = Kind::of(printed.kind(), |limit| path.unwrap_or(paths(limit, hypotheses)[0]));
    contradicted(table, "kind", Some(kind.name().into()))?;
    Ok(kind)
}

/// Refuses a statement about the formula that is not so.
fn contradicted(table: &Table, what: &'static str, found: Option<String>) -> Result<(), Refusals> {
    let Some(said) = table.text(what).map_err(one)? else { return Ok(()) };
    let found = found.unwrap_or_else(|| "none".into());
    if said.text == found { Ok(()) } else { Err(vec![said.refused(Fault::Contradicted { what, found })]) }
}

fn refutation(table: &Table) -> Result<Option<Refutation>, Refusals> {
    let Some(table) = table.table("refutation", "a refutation").map_err(one)? else { return Ok(None) };
    none(table.unknown_keys(key::REFUTATION))?;
    let refutes = table.required("refutes", "what fails").map_err(one)?;
    let because = table.required("because", "why that and no more").map_err(one)?;
    let mut others = owned(&table, "claims")?.into_iter().map(Cow::Owned);
    let missing = || Fault::MissingKey { key: "claims", table: "a refutation", expected: "a claim" }.at(table.head());
    let mut other = || others.next().ok_or_else(|| one(missing()));
    let refutes = match refutes.text {
        "formula" => Refutes::Formula,
        "hypotheses" => Refutes::Hypotheses { holds_as: other()? },
        "away from the limit" => Refutes::AwayFromTheLimit { agrees_as: other()? },
        "contradiction" => Refutes::Contradiction { with: others.collect() },
        "stated by the paper" => Refutes::StatedByThePaper,
        "unsatisfiable" => Refutes::Unsatisfiable,
        _ => {
            let expected = "\"formula\", \"hypotheses\", \"away from the limit\", \"contradiction\", \"stated by the paper\" \
                            or \"unsatisfiable\"";
            let key = "refutes".into();
            return Err(vec![refutes.refused(Fault::Wrong { key, expected: expected.into() })]);
        }
    };
    Ok(Some(Refutation { refutes, because: Cow::Owned(because.text.into()) }))
}

/// What a form takes for granted without saying so: a stationary state where it speaks of one, settings on both sides
/// of an edge where it speaks of that, and the minimizer where it speaks of a minibatch there.
fn implied(printed: &Form) -> Vec<&'static Hypothesis> {
    let mut implied = Vec::<&Hypothesis>::new();
    if printed.subject() == Subject::Minibatch && at_minimum(printed) {
        implied.push(&AT_MINIMUM);
    }
    match (printed.kind(), printed.subject()) {
        (formula::Kind::Stability, _) => implied.push(&NEAR_THE_EDGE),
        (_, Subject::Stationary) => implied.push(&STATIONARY),
        _ => {}
    }
    implied
}

/// Whether it speaks of the minibatch noise at the minimizer.
fn at_minimum(printed: &Form) -> bool {
    let mut open = Vec::from_iter(printed.text().statements.iter().flat_map(|statement| match statement {
        Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => vec![left, right],
        _ => Vec::new(),
    }));
    while let Some(expr) = open.pop() {
        if matches!(&expr.node, Node::At(name, _, Point::Minimizer) if name.as_str() == "C") {
            return true;
        }
        open.extend(expr.parts());
    }
    false
}

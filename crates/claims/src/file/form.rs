//! Formulas of a claim file, with the definitions around them.

use formula::tree::{Body, Definition, Expr, Head, Name, Text};
use formula::{Context, Mistake};

use super::document::Said;
use super::error::{Fault, Located};
use crate::Form;

/// The number of the first text of a claim, and of a file, where a form counts its own from 0.
const OF_CLAIM: usize = 1 << 20;
const OF_FILE: usize = 1 << 21;

/// Definitions that forms share: those of a claim, or of a file.
pub(super) struct Scope<'a> {
    said: Vec<Said<'a>>,
    definitions: Vec<Definition>,
    first: usize,
}

/// The texts of a form. Its own definitions take the place of shared ones of the same name, and only they must be of
/// use to it.
pub(super) struct Texts<'a, 'b> {
    pub(super) statements: &'b [Said<'a>],
    pub(super) definitions: &'b [Said<'a>],
    /// The innermost first.
    pub(super) scopes: &'b [&'b Scope<'a>],
}

impl<'a> Scope<'a> {
    pub(super) fn of_claim(said: Vec<Said<'a>>) -> Result<Self, Vec<Located>> {
        Scope::of(said, OF_CLAIM)
    }

    pub(super) fn of_file(said: Vec<Said<'a>>) -> Result<Self, Vec<Located>> {
        Scope::of(said, OF_FILE)
    }

    fn of(said: Vec<Said<'a>>, first: usize) -> Result<Self, Vec<Located>> {
        // A text says something.
        let statement = ["0 = 0"];
        let texts = Vec::from_iter(said.iter().map(|said| said.text));
        let read = Text::read(&statement, &texts);
        let moved = |place: usize| place.saturating_sub(statement.len()) + first;
        let mut scope = Scope { said, definitions: Vec::new(), first };
        match read {
            Ok(text) => scope.definitions = text.definitions,
            Err(mut mistake) => {
                mistake.place.text = moved(mistake.place.text);
                return Err(vec![scope.located(mistake)]);
            }
        }
        for definition in &mut scope.definitions {
            definition.place.text = moved(definition.place.text);
            let mut open = match &mut definition.body {
                Body::Is(expr) => vec![expr],
                Body::Solves(left, right) => vec![left, right],
            };
            while let Some(expr) = open.pop() {
                expr.place.text = moved(expr.place.text);
                open.extend(Expr::parts_mut(expr));
            }
        }
        Ok(scope)
    }

    /// The text of a number.
    fn said(&self, text: usize) -> Option<&Said<'a>> {
        self.said.get(text.checked_sub(self.first)?)
    }

    /// A mistake of this scope, in the file.
    fn located(&self, mistake: Mistake) -> Located {
        located(self.said(mistake.place.text), mistake)
    }
}

impl Texts<'_, '_> {
    /// The form.
    pub(super) fn form(&self, context: Context) -> Result<Form, Vec<Located>> {
        let [statements, definitions] =
            [self.statements, self.definitions].map(|said| Vec::from_iter(said.iter().map(|said| said.text)));
        let text = Text::read(&statements, &definitions).map_err(|mistake| vec![self.located(mistake)])?;
        let mut shared = Vec::<Definition>::new();
        for definition in self.scopes.iter().flat_map(|scope| &scope.definitions) {
            if shared.iter().all(|other| defined(other) != defined(definition)) {
                shared.push(definition.clone());
            }
        }
        let all = |mistakes: Vec<Mistake>| mistakes.into_iter().map(|mistake| self.located(mistake)).collect();
        Form::with_shared(text, &shared, context).map_err(all)
    }

    /// A mistake of this form, in the file.
    fn located(&self, mistake: Mistake) -> Located {
        let text = mistake.place.text;
        let shared = || self.scopes.iter().find_map(|scope| scope.said(text));
        located(self.statements.iter().chain(self.definitions).nth(text).or_else(shared), mistake)
    }
}

fn located(said: Option<&Said>, mistake: Mistake) -> Located {
    let span = said.map_or(0..0, |said| said.part(mistake.place.start..mistake.place.end));
    Fault::Formula(mistake).at(span)
}

/// The name that a definition gives.
fn defined(definition: &Definition) -> &Name {
    match &definition.head {
        Head::Name(name) | Head::Indexed(name, _) | Head::Function(name, _) => name,
    }
}

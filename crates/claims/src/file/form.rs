//! Formulas of a claim file, with the definitions around them.

use notation::tree::{Definition, Head, Name};
use notation::{Context, Mistake};
use reader::Notation;

use super::document::Said;
use super::error::{Fault, Located};
use crate::Form;

/// The texts of a form.
///
/// The scopes hold definitions, the innermost first: its own, those of its claim, those of the file. A definition takes
/// the place of one of the same name further out, and only its own must be of use to it.
pub(super) struct Texts<'a> {
    pub(super) statements: &'a [Said<'a>],
    pub(super) scopes: &'a [&'a [Said<'a>]],
    pub(super) notation: &'a Notation,
}

impl Texts<'_> {
    /// The form.
    pub(super) fn form(&self, context: Context) -> Result<Form, Vec<Located>> {
        let definitions = self.scopes.iter().copied().flatten();
        let [statements, definitions] = [Vec::from_iter(self.statements), Vec::from_iter(definitions)]
            .map(|said| Vec::from_iter(said.iter().map(|said| said.text)));
        let mut text =
            reader::text_in(self.notation, &statements, &definitions).map_err(|mistake| vec![self.refusal(mistake)])?;
        let mut shared = Vec::<Definition>::new();
        let all = std::mem::take(&mut text.definitions);
        for definition in all {
            if self.is_own(&definition) {
                text.definitions.push(definition);
            } else if shared.iter().all(|other| defined(other) != defined(&definition)) {
                shared.push(definition);
            }
        }
        let refusals = |mistakes: Vec<Mistake>| mistakes.into_iter().map(|mistake| self.refusal(mistake)).collect();
        Form::with_shared(text, &shared, context).map_err(refusals)
    }

    /// The same mistake, in the file.
    fn refusal(&self, mistake: Mistake) -> Located {
        let said = self.statements.iter().chain(self.scopes.iter().copied().flatten()).nth(mistake.place.text);
        let span = said.map_or(0..0, |said| said.part(mistake.place.start..mistake.place.end));
        // The sentences have the letters of the table.
        let besides = match self.notation.is_empty() {
            false => format!("here {}", self.notation),
            true if self.has_letter('B') && !self.has_letter('S') => {
                "B is the input noise here; if it is your batch size, say so at the head of the file: \
                 notation = { \"B\" = \"S\" }"
                    .into()
            }
            true => return Fault::Formula(mistake).at(span),
        };
        let help = match (&mistake.help, self.notation.is_empty()) {
            (None, _) => besides,
            (Some(help), true) if help.ends_with(['.', '?', '!']) => format!("{help} {besides}"),
            (Some(help), true) => format!("{help}. {besides}"),
            (Some(help), false) => format!("{help} ({besides})"),
        };
        Fault::Formula(mistake.help(help)).at(span)
    }

    /// Whether a letter stands in the form, and not in a longer word.
    fn has_letter(&self, letter: char) -> bool {
        let said = self.statements.iter().chain(self.scopes.iter().copied().flatten());
        let mut words = said.flat_map(|said| said.text.split(|c: char| !c.is_ascii_alphabetic()));
        words.any(|word| word.len() == 1 && word.starts_with(letter))
    }

    /// Whether a definition stands behind a statement, or in the innermost scope.
    fn is_own(&self, definition: &Definition) -> bool {
        definition.place.text < self.statements.len() + self.scopes.first().map_or(0, |scope| scope.len())
    }
}

/// The name that a definition gives.
fn defined(definition: &Definition) -> &Name {
    match &definition.head {
        Head::Name(name) | Head::Indexed(name, _) | Head::Function(name, _) => name,
    }
}

//! What is wrong with a text, and where.

/// A place in one of the texts that were read together.
///
/// Two trees are equal where they say the same, wherever they stand: any two places are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// Which text, in the order in which they were given: statements first, then definitions.
    pub text: usize,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl Eq for Place {}

impl std::hash::Hash for Place {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// One mistake: a sentence that says what is wrong, and one that says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Mistake {
    /// A mistake without advice.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Mistake { place, message: message.into(), help: None }
    }

    /// With advice.
    pub fn help(self, help: impl Into<String>) -> Self {
        Mistake { help: Some(help.into()), ..self }
    }
}

//! The spellings.

/// How a formula is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As in the paper: σ²ΛG⁻¹.
    Unicode,
    /// For a keyboard: sigma^2 Lambda G^-1.
    Ascii,
    /// For a typesetter, in display style: \sigma^{2}\Lambda G^{-1}.
    Latex,
}

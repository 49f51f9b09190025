//! In which sense a claim holds, and along which path where it holds in a limit.

use notation::tree::Limit;
use rug::Rational;
use symbols::{Setting, SettingError};

/// In which sense a claim holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Equality.
    Exact,
    /// The relative error vanishes along `path` with the given order in the parameter that each step halves.
    Approximation {
        /// How the parameter shrinks.
        path: &'static Path,
        /// The order of the relative error.
        order: u32,
    },
    /// The absolute error vanishes along `path` with the given order.
    Limit {
        /// How the parameter shrinks.
        path: &'static Path,
        /// The order of the absolute error.
        order: u32,
    },
    /// Found ≤ claimed, entry by entry, at every setting.
    Bound,
    /// Found > claimed in some entry, at some setting.
    Existence,
    /// A stationary state exists just where a condition holds.
    Stability,
    /// Two conditions hold at the same settings.
    Equivalence,
}

/// A small parameter, and how to halve it.
#[derive(Debug)]
pub struct Path {
    /// The parameter, for a reader.
    pub parameter: &'static str,
    /// Returns the setting in which the parameter is half as large.
    pub halve: fn(Setting<Rational>) -> Result<Setting<Rational>, SettingError>,
}

impl Kind {
    /// The kind of a formula. `path` chooses the path of its limit.
    pub(crate) fn of(kind: formula::Kind, path: impl FnOnce(Limit) -> &'static Path) -> Kind {
        match kind {
            formula::Kind::Exact => Kind::Exact,
            formula::Kind::Approximation(limit, order) => Kind::Approximation { path: path(limit), order },
            formula::Kind::Limit(limit, order) => Kind::Limit { path: path(limit), order },
            formula::Kind::Bound => Kind::Bound,
            formula::Kind::Existence => Kind::Existence,
            formula::Kind::Stability => Kind::Stability,
            formula::Kind::Equivalence => Kind::Equivalence,
        }
    }

    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Approximation { .. } => "approximation",
            Kind::Limit { .. } => "limit",
            Kind::Bound => "bound",
            Kind::Existence => "existence",
            Kind::Stability => "stability",
            Kind::Equivalence => "equivalence",
        }
    }

    /// Whether it says that something is larger, or exists: no equality, and so never proved by an identity.
    pub fn is_inequality(self) -> bool {
        matches!(self, Kind::Bound | Kind::Existence | Kind::Stability | Kind::Equivalence)
    }

    /// The path along which a parameter shrinks, and the order claimed; `None` for equalities.
    pub fn path(self) -> Option<(&'static Path, u32)> {
        match self {
            Kind::Approximation { path, order } | Kind::Limit { path, order } => Some((path, order)),
            Kind::Exact | Kind::Bound | Kind::Existence | Kind::Stability | Kind::Equivalence => None,
        }
    }
}

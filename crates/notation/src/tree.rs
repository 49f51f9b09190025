//! What a text says: expressions, statements, definitions.
//!
//! The tree is what was printed, not what it is worth. Nothing is reassociated, cancelled or folded, because the order
//! of evaluation decides which digits are kept. Brackets are no nodes: a sum in a product is a node below a node, and
//! whoever writes it puts the brackets.
//!
//! Invariants, which reading and changing keep:
//! - a [`Node::Sum`] has two summands or more, or one that is negative;
//! - a [`Node::Product`] has two factors or more, and none divides but the last: what stands behind a quotient has it
//!   for a factor, as (a/b) c is what LaTeX says by a fraction;
//! - [`Node::Kronecker`] and [`Node::KroneckerSum`] have two operands or more;
//! - a [`Node::Number`] is not negative and a finite decimal; its sign belongs to a sum;
//! - a [`Node::Power`] has an exponent other than 0 and 1;
//! - no index stands behind a summand that ends with a sum over it, where it would seem to belong to that sum: brackets
//!   are no nodes, and ∑ᵢ xᵢ + yᵢ may be meant either way.

use rug::Rational;

use crate::Place;

/// An expression, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Where it stands.
    pub place: Place,
}

/// A name in its Unicode spelling: "Λ", "κ_μ", "L_test", "Γ'", "w*", "σ²", "∇L_Γ", "ĝ", "x₁".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub String);

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// 2, 0.1, ½.
    Number(Rational),
    /// A symbol, or a name that a definition gives.
    Name(Name),
    /// xᵢ.
    Indexed(Name, Index),
    /// L₀(w*), ∇ℓᵢ(w*).
    At(Name, Option<Index>, Point),
    /// f(s, t), of a defined function.
    Call(Name, Vec<Expr>),
    /// a − b + c.
    Sum(Vec<Summand>),
    /// ab/c: factors, in the order of the text, each multiplying or dividing.
    Product(Vec<Factor>),
    /// A⊗B.
    Kronecker(Vec<Expr>),
    /// A⊕B = A⊗I + I⊗B.
    KroneckerSum(Vec<Expr>),
    /// Mⁿ; of a vector or a norm, its square.
    Power(Box<Expr>, i32),
    /// Mᵀ.
    Transpose(Box<Expr>),
    /// M⁺, of Moore and Penrose.
    Pseudoinverse(Box<Expr>),
    /// (x)₊ = max{0, x}.
    PositivePart(Box<Expr>),
    /// Tr\[M\].
    Trace(Box<Expr>),
    /// vec\[M\], the columns below each other.
    Vec(Box<Expr>),
    /// E\[X\].
    Mean(Box<Expr>),
    /// |x| or ‖M‖, only below an even power: the sum of the squares of the entries.
    Norm(Box<Expr>),
    /// ∑ᵢ X, over samples or over eigenvalues.
    Over(Index, Box<Expr>),
}

/// A part of a sum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Summand {
    /// Whether it is taken off.
    pub negative: bool,
    /// The part.
    pub expr: Expr,
}

/// A part of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Factor {
    /// Whether it stands below the stroke.
    pub divides: bool,
    /// The part.
    pub expr: Expr,
}

/// An index of samples, or of eigenvalues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// i.
    I,
    /// j.
    J,
}

impl Index {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Index::I => Index::J,
            Index::J => Index::I,
        }
    }
}

/// Weights at which a function of w is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// w, any.
    Weights,
    /// w*, the minimizer.
    Minimizer,
    /// w₀, the initial weights.
    Initial,
    /// u, the true weights.
    True,
}

/// What a text asserts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Statement {
    /// left = right, or left = right + O(λ²): an equality, or a limit of that order.
    Equation {
        /// The left side.
        left: Expr,
        /// The right side.
        right: Expr,
        /// What may be missing.
        remainder: Option<Remainder>,
    },
    /// left ≈ right, λ → 0: the relative error vanishes; left → right, λ → 0: the absolute one.
    Limit {
        /// The left side.
        left: Expr,
        /// The right side.
        right: Expr,
        /// Whether the error is relative.
        relative: bool,
        /// What becomes small, or large.
        limit: Limit,
    },
    /// left ≤ right at every setting, or "somewhere".
    Comparison {
        /// What is compared.
        comparison: Comparison,
        /// Whether one setting is enough.
        somewhere: bool,
    },
    /// One holds just where the other does.
    Equivalence {
        /// The one.
        left: Comparison,
        /// The other.
        right: Condition,
    },
    /// A stationary state exists just where, if, or only if the condition holds.
    Stationary {
        /// Whether of the mean alone, and not of second moments.
        in_mean: bool,
        /// In which direction.
        when: When,
        /// The condition.
        condition: Condition,
    },
}

/// Which way an implication runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Both ways.
    Iff,
    /// The condition is sufficient.
    If,
    /// The condition is necessary.
    OnlyIf,
}

/// What becomes small, or large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// λ → 0.
    LearningRate,
    /// S → ∞.
    BatchSize,
    /// N → ∞.
    Samples,
    /// σ² → 0.
    LabelNoise,
    /// |L₀ − ℓᵢ| → 0.
    Residuals,
}

/// O(λ²), O(S⁻²), O(|L₀ − ℓᵢ|).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Remainder {
    /// Of what.
    pub limit: Limit,
    /// To which power: of λ, σ² or |L₀ − ℓᵢ|, of 1/S or 1/N. At least 1.
    pub order: u32,
}

/// a < b ≤ c.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Comparison {
    /// What stands first.
    pub first: Expr,
    /// What it is compared with, one after the other; at least one.
    pub rest: Vec<(Relation, Expr)>,
    /// The matrix on whose range it is meant; everywhere if there is none.
    pub on: Option<Expr>,
}

/// Comparisons that all hold; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition(pub Vec<Comparison>);

/// How two sides are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// <
    Less,
    /// ≤
    AtMost,
    /// >
    Greater,
    /// ≥
    AtLeast,
    /// =
    Equal,
    /// ≠
    Unequal,
    /// ≺: the difference is negative definite.
    Precedes,
    /// ⪯: the difference is negative semidefinite.
    PrecedesOrEquals,
    /// ≻: the difference is positive definite.
    Succeeds,
    /// ⪰: the difference is positive semidefinite.
    SucceedsOrEquals,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Definition {
    /// What is defined.
    pub head: Head,
    /// As what.
    pub body: Body,
    /// Where.
    pub place: Place,
}

/// What is defined.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Head {
    /// κ.
    Name(Name),
    /// dᵢ.
    Indexed(Name, Index),
    /// f(s, t).
    Function(Name, Vec<Name>),
}

/// As what it is defined.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Body {
    /// = X.
    Is(Expr),
    /// solves left = right, an equation that is linear in it.
    Solves(Expr, Expr),
}

/// What a formula inside a sentence says: a claim, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Passage {
    /// Σ = zA⁻¹: statements.
    Claim(Text),
    /// ΛG⁻¹.
    Expr(Expr),
    /// λ → 0.
    Limit(Limit),
    /// O(λ²).
    Remainder(Remainder),
}

/// Statements that all hold, with the definitions of their names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// What is said; at least one.
    pub statements: Vec<Statement>,
    /// What the names stand for, in the order of the text.
    pub definitions: Vec<Definition>,
}

impl Name {
    /// The name, in Unicode.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Expr {
    /// An expression that stands nowhere.
    pub fn of(node: Node) -> Self {
        Expr { node, place: Place::default() }
    }

    /// The direct parts, from left to right.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Number(_) | Node::Name(_) | Node::Indexed(..) | Node::At(..) => Vec::new(),
            Node::Call(_, parts) | Node::Kronecker(parts) | Node::KroneckerSum(parts) => parts.iter().collect(),
            Node::Sum(summands) => summands.iter().map(|summand| &summand.expr).collect(),
            Node::Product(factors) => factors.iter().map(|factor| &factor.expr).collect(),
            Node::Power(part, _) | Node::Over(_, part) => vec![part],
            Node::Transpose(part)
            | Node::Pseudoinverse(part)
            | Node::PositivePart(part)
            | Node::Trace(part)
            | Node::Vec(part)
            | Node::Mean(part)
            | Node::Norm(part) => vec![part],
        }
    }

    /// The direct parts, from left to right, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.node {
            Node::Number(_) | Node::Name(_) | Node::Indexed(..) | Node::At(..) => Vec::new(),
            Node::Call(_, parts) | Node::Kronecker(parts) | Node::KroneckerSum(parts) => parts.iter_mut().collect(),
            Node::Sum(summands) => summands.iter_mut().map(|summand| &mut summand.expr).collect(),
            Node::Product(factors) => factors.iter_mut().map(|factor| &mut factor.expr).collect(),
            Node::Power(part, _) | Node::Over(_, part) => vec![part],
            Node::Transpose(part)
            | Node::Pseudoinverse(part)
            | Node::PositivePart(part)
            | Node::Trace(part)
            | Node::Vec(part)
            | Node::Mean(part)
            | Node::Norm(part) => vec![part],
        }
    }
}

impl Head {
    /// What is defined.
    pub fn name(&self) -> &Name {
        match self {
            Head::Name(name) | Head::Indexed(name, _) | Head::Function(name, _) => name,
        }
    }
}

impl Relation {
    /// Whether it compares symmetric matrices.
    pub fn is_of_matrices(self) -> bool {
        use Relation::{Precedes, PrecedesOrEquals, Succeeds, SucceedsOrEquals};
        matches!(self, Precedes | PrecedesOrEquals | Succeeds | SucceedsOrEquals)
    }

    /// Whether it compares numbers, by size.
    pub fn is_of_scalars(self) -> bool {
        matches!(self, Relation::Less | Relation::AtMost | Relation::Greater | Relation::AtLeast)
    }

    /// Whether what stands left is the larger.
    pub fn is_descending(self) -> bool {
        use Relation::{AtLeast, Greater, Succeeds, SucceedsOrEquals};
        matches!(self, Greater | AtLeast | Succeeds | SucceedsOrEquals)
    }

    /// Whether equal sides do not satisfy it.
    pub fn is_strict(self) -> bool {
        use Relation::{Greater, Less, Precedes, Succeeds, Unequal};
        matches!(self, Less | Greater | Precedes | Succeeds | Unequal)
    }

    /// What holds of y and x where this holds of x and y.
    pub fn turned(self) -> Self {
        match self {
            Relation::Less => Relation::Greater,
            Relation::AtMost => Relation::AtLeast,
            Relation::Greater => Relation::Less,
            Relation::AtLeast => Relation::AtMost,
            Relation::Precedes => Relation::Succeeds,
            Relation::PrecedesOrEquals => Relation::SucceedsOrEquals,
            Relation::Succeeds => Relation::Precedes,
            Relation::SucceedsOrEquals => Relation::PrecedesOrEquals,
            Relation::Equal | Relation::Unequal => self,
        }
    }
}

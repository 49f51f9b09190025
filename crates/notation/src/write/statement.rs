//! The spellings of statements and definitions.

use super::expr::Writer;
use super::name::name;
use super::number::superscript;
use super::spelling::Spelling;
use crate::tree::{
    Body, Comparison, Condition, Definition, Head, Limit, Name, Relation, Remainder, Statement, Text, When,
};

impl Relation {
    /// The sign in a spelling.
    pub fn written(self, spelling: Spelling) -> &'static str {
        let [unicode, ascii, latex] = match self {
            Relation::Less => ["<", "<", "<"],
            Relation::AtMost => ["≤", "<=", "\\leq"],
            Relation::Greater => [">", ">", ">"],
            Relation::AtLeast => ["≥", ">=", "\\geq"],
            Relation::Equal => ["=", "=", "="],
            Relation::Unequal => ["≠", "!=", "\\neq"],
            Relation::Precedes => ["≺", "<<", "\\prec"],
            Relation::PrecedesOrEquals => ["⪯", "<<=", "\\preceq"],
            Relation::Succeeds => ["≻", ">>", "\\succ"],
            Relation::SucceedsOrEquals => ["⪰", ">>=", "\\succeq"],
        };
        match spelling {
            Spelling::Unicode => unicode,
            Spelling::Ascii => ascii,
            Spelling::Latex => latex,
        }
    }
}

impl Writer {
    /// The statement.
    pub(super) fn statement(self, statement: &Statement) -> String {
        match statement {
            Statement::Equation { left, right, remainder } => {
                let equation = format!("{} = {}", self.expr(left), self.expr(right));
                match remainder {
                    Some(remainder) => format!("{equation} + {}", self.remainder(remainder)),
                    None => equation,
                }
            }
            Statement::Limit { left, right, relative, limit } => {
                let sign = if *relative { self.pick(["≈", "~", "\\approx"]) } else { self.arrow() };
                format!("{} {sign} {}, {}", self.expr(left), self.expr(right), self.limit(*limit))
            }
            Statement::Comparison { comparison, somewhere } => {
                let comparison = self.comparison(comparison);
                if *somewhere { comparison + self.space() + &self.words("somewhere") } else { comparison }
            }
            Statement::Equivalence { left, right } => {
                format!("{}{}{}", self.comparison(left), self.between_words("iff"), self.condition(right))
            }
            Statement::Stationary { in_mean, when, condition } => {
                let when = match when {
                    When::Iff => "iff",
                    When::If => "if",
                    When::OnlyIf => "only if",
                };
                let words = if *in_mean { format!("stationary in mean {when}") } else { format!("stationary {when}") };
                self.words(&words) + self.space() + &self.condition(condition)
            }
        }
    }

    /// The definition.
    pub(super) fn definition(self, definition: &Definition) -> String {
        let head = match &definition.head {
            Head::Name(symbol) => name(symbol, self.spelling),
            Head::Indexed(symbol, index) => self.indexed(symbol, *index),
            Head::Function(symbol, parameters) => {
                let parameters: Vec<String> =
                    parameters.iter().map(|parameter| name(parameter, self.spelling)).collect();
                name(symbol, self.spelling) + &self.bracketed(&parameters.join(", "))
            }
        };
        match &definition.body {
            Body::Is(expr) => format!("{head} = {}", self.expr(expr)),
            Body::Solves(left, right) => {
                format!("{head}{}{} = {}", self.between_words("solves"), self.expr(left), self.expr(right))
            }
        }
    }

    /// The statements, and behind "where" the definitions.
    pub(super) fn text(self, text: &Text) -> String {
        let statements: Vec<String> = text.statements.iter().map(|statement| self.statement(statement)).collect();
        let definitions: Vec<String> = text.definitions.iter().map(|definition| self.definition(definition)).collect();
        let statements = statements.join(", ");
        if definitions.is_empty() {
            statements
        } else {
            format!("{statements}{}{}", self.between_words("where"), definitions.join("; "))
        }
    }

    /// The remainder.
    pub(super) fn remainder(self, remainder: &Remainder) -> String {
        let order = i32::try_from(remainder.order).unwrap_or(i32::MAX);
        let exponent = match remainder.limit {
            Limit::BatchSize | Limit::Samples => -order,
            Limit::LearningRate | Limit::LabelNoise | Limit::Residuals => order,
        };
        let parameter = self.parameter(remainder.limit);
        let parameter = match remainder.limit {
            Limit::LabelNoise if exponent != 1 => self.bracketed(&parameter),
            _ => parameter,
        };
        let power = match self.spelling {
            _ if exponent == 1 => parameter,
            Spelling::Unicode => parameter + &superscript(exponent),
            Spelling::Ascii => format!("{parameter}^{exponent}"),
            Spelling::Latex => format!("{parameter}^{{{exponent}}}"),
        };
        format!("O{}", self.bracketed(&power))
    }

    /// The limit.
    pub(super) fn limit(self, limit: Limit) -> String {
        let value = match limit {
            Limit::LearningRate | Limit::LabelNoise | Limit::Residuals => "0",
            Limit::BatchSize | Limit::Samples => self.pick(["∞", "inf", "\\infty"]),
        };
        format!("{} {} {value}", self.parameter(limit), self.arrow())
    }

    fn parameter(self, limit: Limit) -> String {
        let symbol = match limit {
            Limit::LearningRate => "λ",
            Limit::BatchSize => "S",
            Limit::Samples => "N",
            Limit::LabelNoise => "σ²",
            Limit::Residuals => {
                return self.pick(["|L₀ − ℓᵢ|", "|L_0 - l_i|", "\\left|L_{0} - \\ell_{i}\\right|"]).to_string();
            }
        };
        name(&Name(symbol.to_string()), self.spelling)
    }

    fn condition(self, condition: &Condition) -> String {
        let parts: Vec<String> = condition.0.iter().map(|comparison| self.comparison(comparison)).collect();
        parts.join(&self.between_words("and"))
    }

    /// The comparison.
    pub(super) fn comparison(self, comparison: &Comparison) -> String {
        let mut text = self.expr(&comparison.first);
        for (relation, expr) in &comparison.rest {
            text.push_str(&format!(" {} {}", relation.written(self.spelling), self.expr(expr)));
        }
        if let Some(on) = &comparison.on {
            text.push_str(&self.between_words("on"));
            text.push_str(&self.expr(on));
        }
        text
    }

    fn arrow(self) -> &'static str {
        self.pick(["→", "->", "\\to"])
    }

    /// Words between two expressions.
    fn between_words(self, words: &str) -> String {
        let space = self.space();
        format!("{space}{}{space}", self.words(words))
    }

    /// Words alone. In LaTeX each is a text of its own, as a reader may drop the spaces inside.
    fn words(self, words: &str) -> String {
        match self.spelling {
            Spelling::Latex => {
                let words: Vec<String> = words.split(' ').map(|word| format!("\\text{{{word}}}")).collect();
                words.join(self.space())
            }
            _ => words.to_string(),
        }
    }

    /// A space that is seen.
    fn space(self) -> &'static str {
        self.pick([" ", " ", " \\ "])
    }
}

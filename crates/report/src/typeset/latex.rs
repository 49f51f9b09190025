//! Writes a formula in LaTeX.
//!
//! No backslash stands before punctuation, as in `\,` or `\|`, and there is no `|`, `<` or `>`, because other languages
//! read these in their own way.

use super::formula::{Base, Factor, Node, Script};
use super::symbols::{Role, symbol};

/// A formula in LaTeX.
pub fn write(nodes: &[Node]) -> String {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Space if out.is_empty() => {}
            Node::Space => out.push(' '),
            Node::Operator(latex) => push(&mut out, latex),
            Node::Factor(factor) => push(&mut out, &of_factor(factor)),
        }
    }
    out.trim_end().into()
}

/// Appends LaTeX, apart from a command that its first letter would make longer.
pub fn push(out: &mut String, latex: &str) {
    let letters = out.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if letters.len() < out.len() && letters.ends_with('\\') && latex.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.push(' ');
    }
    out.push_str(latex);
}

/// Prose within a formula.
pub fn text(prose: &str) -> String {
    let mut out = String::from(r"\text{");
    for c in prose.chars() {
        match (c, symbol(c)) {
            ('#' | '$' | '%' | '&' | '_' | '{' | '}', _) => out.extend(['\\', c]),
            ('|', _) => out += r"}\vert\text{",
            // Characters that would begin a command, or that Markdown and HTML would read in their own way.
            ('\\' | '^' | '~' | '<' | '>' | '`', Some((_, latex))) => out += &format!(r"}}{latex}\text{{"),
            _ => out.push(c),
        }
    }
    out + "}"
}

fn of_factor(factor: &Factor) -> String {
    let mut out = match &factor.base {
        Base::Symbol(latex) => latex.clone(),
        Base::Name(latex) => (*latex).into(),
        Base::Bracket([open, close], inner) if is_tall(inner) => format!(r"\left{open} {} \right{close}", write(inner)),
        Base::Bracket([open, close], inner) => {
            let mut out = String::from(*open);
            push(&mut out, &write(inner));
            push(&mut out, close);
            out
        }
        Base::Matrix(rows) => {
            let row = |row: &Vec<Vec<Node>>| Vec::from_iter(row.iter().map(|entry| write(entry))).join(" & ");
            let rows = Vec::from_iter(rows.iter().map(row)).join(r" \\ ");
            format!(r"\begin{{pmatrix}} {rows} \end{{pmatrix}}")
        }
        Base::Fraction(above, below) => format!(r"\frac{{{}}}{{{}}}", write(above), write(below)),
        Base::Root(inner) => format!(r"\sqrt{{{}}}", write(inner)),
    };
    let mut roles = Vec::new();
    for (role, _) in &factor.scripts {
        if !roles.contains(role) {
            roles.push(*role);
        }
    }
    for role in roles {
        let mut script = String::new();
        for (_, part) in factor.scripts.iter().filter(|(other, _)| *other == role) {
            match part {
                Script::Latex(latex) => push(&mut script, latex),
                Script::Formula(nodes) => push(&mut script, &write(nodes)),
            }
        }
        out += &format!("{}{{{script}}}", if role == Role::Subscript { '_' } else { '^' });
    }
    out
}

/// Whether brackets have to grow to enclose it.
fn is_tall(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Factor(Factor { base: Base::Fraction(..) | Base::Matrix(_), .. }) => true,
        Node::Factor(Factor { base: Base::Bracket(_, inner) | Base::Root(inner), .. }) => is_tall(inner),
        _ => false,
    })
}

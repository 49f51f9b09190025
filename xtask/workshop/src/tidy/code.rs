//! Rust sources as code: a list of tokens, without comments and the content of strings, by the lexer of `proc-macro2`.

use proc_macro2::{Delimiter, LexError, Span, TokenStream, TokenTree};
use syn::Lit;

/// A word, a number or a mark of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its text; a mark is a single character.
    pub text: String,
    /// The line on which it starts, from 1.
    pub line: usize,
    /// Whether it is a float literal.
    pub is_float: bool,
}

/// The tokens of a Rust source.
pub fn tokens(source: &str) -> Result<Vec<Token>, LexError> {
    let mut tokens = Vec::new();
    flatten(source.parse()?, &mut tokens);
    Ok(tokens)
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        let (text, is_float) = match &tree {
            TokenTree::Group(group) => {
                let (open, close) = marks(group.delimiter());
                let mark = |text: &str, span: Span| Token { text: text.into(), line: line(span), is_float: false };
                tokens.push(mark(open, group.span_open()));
                flatten(group.stream(), tokens);
                tokens.push(mark(close, group.span_close()));
                continue;
            }
            TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
                Lit::Float(_) => (literal.to_string(), !follows_point(tokens)),
                Lit::Int(number) => (literal.to_string(), number.suffix().starts_with('f')),
                // What a string says is no code.
                _ => continue,
            },
            other => (other.to_string(), false),
        };
        tokens.push(Token { text, line: line(tree.span()), is_float });
    }
}

fn line(span: Span) -> usize {
    span.start().line
}

fn marks(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Whether a point, but no range, comes before: `0.1` in `pair.0.1` is two indices.
fn follows_point(tokens: &[Token]) -> bool {
    matches!(tokens, [.., before, last] if last.text == "." && before.text != ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(source: &str) -> Vec<String> {
        tokens(source).unwrap().into_iter().filter(|token| token.is_float).map(|token| token.text).collect()
    }

    #[test]
    fn prose_and_literals_are_no_code() {
        let source = "a // 1.5\nb /* 2.5 /* 3.5 */ 4.5 */ c \"5.5 \\\" 6.5\" d r#\"7.5 \" 8.5\"# '\"' (e) '\\'' g";
        let tokens = tokens(source).unwrap();
        let words: Vec<_> = tokens.iter().map(|token| (token.text.as_str(), token.line)).collect();
        assert_eq!(words, [("a", 1), ("b", 2), ("c", 2), ("d", 2), ("(", 2), ("e", 2), (")", 2), ("g", 2)]);
    }

    #[test]
    fn every_form_of_float_literal_is_found() {
        let source = "1.5 2. 3e4 5E-6 7f64 8_f32 1_0.2_5e+3f64 f(9.) 0..4.5";
        assert_eq!(floats(source), ["1.5", "2.", "3e4", "5E-6", "7f64", "8_f32", "1_0.2_5e+3f64", "9.", "4.5"]);
    }

    #[test]
    fn integers_ranges_and_indices_are_no_floats() {
        let source = "0..3 1..=4 pair.0.1 2.pow(3) 0xe5 0x1f64 7usize+1 8u32 x1e5 10_isize 0x1e+3 \"1.5\"";
        assert_eq!(floats(source), Vec::<String>::new());
    }
}

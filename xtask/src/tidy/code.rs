//! Rust sources as code: without comments and the content of literals, and as a list of tokens.
//!
//! Enough of the lexical grammar to look for words and numbers without being fooled by prose. Deliberately absent: a
//! parser; what a macro makes of its tokens is not looked into.

/// A word, a number or a mark of the code, and its line, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its text; a mark is a single character.
    pub text: &'a str,
    /// The line on which it starts.
    pub line: usize,
}

/// The code of a Rust source: comments, strings and characters become blanks, line by line in the old places.
pub fn code(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        // `r"` starts a string only where the `r` starts a word.
        let length = if after_word { 0 } else { raw_string(rest) };
        let length = if length > 0 { length } else { skipped(rest) };
        if length > 0 {
            out.extend(rest[..length].chars().map(|c| if c == '\n' { c } else { ' ' }));
            rest = &rest[length..];
            after_word = false;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            after_word = is_word(first);
        }
    }
    out
}

/// The tokens of [`code`].
pub fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut rest, mut line) = (code, 1);
    while let Some(first) = rest.chars().next() {
        // After a point stands a tuple index: `pair.0.1` holds no float.
        let index = matches!(tokens.as_slice(), [.., before, last] if last.text == "." && before.text != ".");
        let length = match first {
            '0'..='9' if !index => number(rest),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        if !first.is_whitespace() {
            tokens.push(Token { text: &rest[..length], line });
        }
        line += usize::from(first == '\n');
        rest = &rest[length..];
    }
    tokens
}

/// Whether a token is a float literal: digits, and then a point, an exponent or the suffix of a float.
pub fn is_float(token: &str) -> bool {
    let Some(tail) = token.find(|c: char| !c.is_ascii_digit() && c != '_').map(|at| &token[at..]) else {
        return false;
    };
    let exponent = tail.strip_prefix(['e', 'E']).is_some_and(|power| !power.is_empty());
    token.starts_with(|c: char| c.is_ascii_digit()) && (tail.starts_with('.') || tail.starts_with('f') || exponent)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the number that `rest` starts with: a point belongs to it unless a range or a method follows.
fn number(rest: &str) -> usize {
    let word = |from: usize| rest[from..].find(|c| !is_word(c)).map_or(rest.len(), |length| from + length);
    let mut end = word(0);
    if rest[end..].starts_with('.') && !rest[end + 1..].starts_with(|c: char| c == '.' || c == '_' || c.is_alphabetic())
    {
        end = word(end + 1);
    }
    let mantissa = rest[..end].strip_suffix(['e', 'E']).unwrap_or("");
    let signed = mantissa.ends_with(|c: char| c.is_ascii_digit() || "._".contains(c)) && !mantissa.starts_with("0x");
    if signed && rest[end..].starts_with(['+', '-']) { word(end + 1) } else { end }
}

/// The length of the comment, string or character that `rest` starts with, or 0.
fn skipped(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if let Some(body) = rest.strip_prefix('"') {
        return 1 + closing(body, '"');
    }
    if let Some(body) = rest.strip_prefix('\'') {
        let mut next = body.chars();
        // `'a'` is a character, `'a` a lifetime.
        return match (next.next(), next.next()) {
            (Some('\\'), _) | (Some(_), Some('\'')) => 1 + closing(body, '\''),
            _ => 0,
        };
    }
    0
}

/// The length up to and including the closing `quote`.
fn closing(body: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    body.len()
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of the raw string `r#"…"#` that `rest` starts with, or 0.
fn raw_string(rest: &str) -> usize {
    let word = if rest.starts_with('r') { 1 } else { 2 };
    if word == 2 && !rest.starts_with("br") && !rest.starts_with("cr") {
        return 0;
    }
    let hashes = rest[word..].chars().take_while(|c| *c == '#').count();
    let open = word + hashes;
    if !rest[open..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    rest[open + 1..].find(&end).map_or(rest.len(), |at| open + 1 + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(source: &str) -> Vec<String> {
        let code = code(source);
        tokens(&code).into_iter().filter(|token| is_float(token.text)).map(|token| token.text.to_owned()).collect()
    }

    #[test]
    fn prose_and_literals_are_no_code() {
        let source = "a // 1.5\nb /* 2.5 /* 3.5 */ 4.5 */ c \"5.5 \\\" 6.5\" d r#\"7.5 \" 8.5\"# '\"' e 'x f '\\'' g";
        let code = code(source);
        let words: Vec<_> = tokens(&code).into_iter().map(|token| (token.text, token.line)).collect();
        let expected = [("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 2), ("'", 2), ("x", 2), ("f", 2), ("g", 2)];
        assert_eq!(words, expected);
        assert_eq!(code.lines().map(|line| line.chars().count()).collect::<Vec<_>>(), [8, source[9..].len()]);
    }

    #[test]
    fn every_form_of_float_literal_is_found() {
        let source = "1.5 2. 3e4 5E-6 7f64 8_f32 1_0.2_5e+3f64 f(9.) 0..4.5";
        assert_eq!(floats(source), ["1.5", "2.", "3e4", "5E-6", "7f64", "8_f32", "1_0.2_5e+3f64", "9.", "4.5"]);
    }

    #[test]
    fn integers_ranges_and_indices_are_no_floats() {
        assert_eq!(
            floats("0..3 1..=4 pair.0.1 2.pow(3) 0xe5 0x1f64 7usize+1 8u32 x1e5 10_isize 0x1e+3"),
            Vec::<String>::new()
        );
    }
}

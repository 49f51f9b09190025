//! Texts of a figure: words, and formulas between backticks, whose letters are set as letters are.
//!
//! ```text
//! "loss `L_test`"  ──>  loss <tspan …>L</tspan><tspan dy="3" …>test</tspan>
//! ```
//!
//! Deliberately absent: what a formula says. A run of letters is a product of them, unless it is one of [`WORDS`].

/// The mark on both sides of a formula.
const MARK: char = '`';

/// Names of functions, which stand upright.
const WORDS: [&str; 9] = ["Tr", "cov", "diag", "lim", "ln", "log", "max", "min", "tanh"];

/// The width of a character on average, in sizes of its font.
const CHARACTER: f64 = 0.56;

/// Characters below the line, and what they are on it.
const LOWERED: [(char, char); 14] = [
    ('₀', '0'),
    ('₁', '1'),
    ('₂', '2'),
    ('₃', '3'),
    ('₄', '4'),
    ('₅', '5'),
    ('₆', '6'),
    ('₇', '7'),
    ('₈', '8'),
    ('₉', '9'),
    ('ᵢ', 'i'),
    ('ⱼ', 'j'),
    ('₊', '+'),
    ('₋', '−'),
];

/// Characters above the line, and what they are on it.
const RAISED: [(char, char); 13] = [
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁺', '+'),
    ('⁻', '−'),
    ('ᵀ', 'T'),
];

/// Where a piece of a text stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Height {
    /// Below the line, as an index.
    Low,
    /// On the line.
    Base,
    /// Above the line, as an exponent.
    High,
}

impl Height {
    /// How far above the line, in sizes of the font.
    fn rise(self) -> f64 {
        match self {
            Height::Low => -0.22,
            Height::Base => 0.0,
            Height::High => 0.36,
        }
    }
}

/// A piece of a text that has one look.
#[derive(Debug, PartialEq)]
struct Piece {
    text: String,
    is_letter: bool,
    height: Height,
}

/// The content of a `text` element, for a font of so many pixels.
pub(crate) fn set(text: &str, size: f64) -> String {
    let mut out = String::new();
    let mut rise = 0.0;
    for Piece { text, is_letter, height } in pieces(text) {
        let mut look = String::new();
        if height.rise() != rise {
            look += &format!(" dy=\"{}\"", number((rise - height.rise()) * size));
        }
        if height != Height::Base {
            look += &format!(" font-size=\"{}\"", number(0.72 * size));
        }
        if is_letter {
            look += " font-family=\"serif\" font-style=\"italic\"";
        }
        rise = height.rise();
        let text = escaped(&text);
        out += &if look.is_empty() { text } else { format!("<tspan{look}>{text}</tspan>") };
    }
    out
}

/// A text without its marks, for a terminal or a table of the points.
pub fn plain(text: &str) -> String {
    text.replace(MARK, "")
}

/// The width of a text in pixels, as nearly as it is known without a font.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let characters = pieces(text).iter().map(|piece| piece.text.chars().count()).sum::<usize>();
    CHARACTER * size * characters as f64
}

/// A text in lines that are at most so wide, where its words allow. A formula is not broken.
pub(crate) fn broken(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(&word, size) + CHARACTER * size <= most => {
                *line += &format!(" {word}");
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// A number of pixels to a tenth, without a sign before zero.
pub(crate) fn number(value: f64) -> String {
    let tenths = (10.0 * value).round();
    format!("{}", if tenths == 0.0 { 0.0 } else { tenths / 10.0 })
}

/// The words of a text, between which it may be broken.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut in_formula = false;
    for c in text.chars() {
        in_formula ^= c == MARK;
        match words.last_mut() {
            Some(word) if !c.is_whitespace() || in_formula => word.push(c),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (i, part) in text.split(MARK).enumerate() {
        if i % 2 == 0 {
            push(&mut pieces, part, false, Height::Base);
        } else {
            formula(part, &mut pieces);
        }
    }
    pieces
}

/// Appends to the last piece where that has the same look.
fn push(pieces: &mut Vec<Piece>, text: &str, is_letter: bool, height: Height) {
    match pieces.last_mut() {
        Some(last) if last.is_letter == is_letter && last.height == height => last.text += text,
        _ if text.is_empty() => {}
        _ => pieces.push(Piece { text: text.into(), is_letter, height }),
    }
}

fn formula(text: &str, pieces: &mut Vec<Piece>) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        let moved = |table: &[(char, char)]| table.iter().find(|(from, _)| *from == c).map(|(_, to)| to.to_string());
        rest = if c == '_' || c == '^' {
            let is_part = |c: char| c.is_alphanumeric() && stands_on_line(c) || c == '−';
            let (part, behind) = split(behind, is_part);
            push(pieces, part, is_letter(part), if c == '_' { Height::Low } else { Height::High });
            behind
        } else if let Some(lowered) = moved(&LOWERED) {
            push(pieces, &lowered, is_letter(&lowered), Height::Low);
            behind
        } else if let Some(raised) = moved(&RAISED) {
            push(pieces, &raised, false, Height::High);
            behind
        } else if c.is_alphabetic() {
            // A mark above a letter follows it.
            let (word, behind) = split(rest, |c| c.is_alphabetic() && stands_on_line(c) || is_accent(c));
            match WORDS.contains(&word) {
                true => push(pieces, word, false, Height::Base),
                false => word.chars().for_each(|c| {
                    let is_letter = if is_accent(c) {
                        pieces.last().is_some_and(|last| last.is_letter)
                    } else {
                        !is_capital_greek(c)
                    };
                    push(pieces, c.encode_utf8(&mut [0; 4]), is_letter, Height::Base);
                }),
            }
            behind
        } else {
            push(pieces, c.encode_utf8(&mut [0; 4]), false, Height::Base);
            behind
        };
    }
}

/// The characters at the start that are wanted, and those behind them.
fn split(text: &str, is_wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_wanted(c)).unwrap_or(text.len()))
}

/// Whether a character stands on the line.
fn stands_on_line(c: char) -> bool {
    LOWERED.iter().chain(&RAISED).all(|(from, _)| *from != c)
}

/// Whether a text is one letter, as an index i is and the word «test» is not.
fn is_letter(text: &str) -> bool {
    text.chars().count() == 1 && text.chars().all(|c| c.is_alphabetic() && !is_capital_greek(c))
}

/// Capital Greek letters stand upright.
fn is_capital_greek(c: char) -> bool {
    ('Α'..='Ω').contains(&c)
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces, with a sign before each that tells letters, indices and exponents.
    fn shown(text: &str) -> String {
        let shown = |piece: &Piece| {
            let height = match piece.height {
                Height::Low => "_",
                Height::Base => "",
                Height::High => "^",
            };
            format!("{height}{}{}", if piece.is_letter { "/" } else { "" }, piece.text)
        };
        Vec::from_iter(pieces(text).iter().map(shown)).join("|")
    }

    #[test]
    fn letters_are_told_from_words_and_numbers() {
        assert_eq!(shown("a loss of 2"), "a loss of 2");
        assert_eq!(shown("`L_test` at `w₁`"), "/L|_test| at |/w|_1");
        assert_eq!(shown("`2S/(aλ) − S`"), "2|/S|/(|/aλ|) − |/S");
        assert_eq!(shown("`Tr[ÂΣ]`, `x_i²`"), "Tr[|/Â|Σ], |/x|_/i|^2");
        assert_eq!(shown("`2^−7`: `κ\u{302}uᵀ`"), "2|^−7|: |/κ\u{302}u|^T");
    }

    #[test]
    fn what_stands_behind_an_index_is_on_the_line_again() {
        let svg = set("`w₁ < u`", 10.0);
        let index = "<tspan dy=\"2.2\" font-size=\"7.2\">1</tspan><tspan dy=\"-2.2\"> &lt; </tspan>";
        assert!(svg.contains(index), "{svg}");
        assert_eq!(set("plain & simple", 10.0), "plain &amp; simple");
    }

    #[test]
    fn a_text_is_broken_between_words_and_not_in_a_formula() {
        let most = 8.0 * CHARACTER * 10.0;
        assert_eq!(broken("one two three", 10.0, most), ["one two", "three"]);
        assert_eq!(broken("`a = 1` or `b < 2` is", 10.0, most), ["`a = 1` or", "`b < 2` is"]);
        assert_eq!(broken("immeasurable", 10.0, 3.0), ["immeasurable"]);
        assert!(broken(" ", 10.0, most).is_empty());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([-0.01, 2.0, 1.26, -7.04].map(number), ["0", "2", "1.3", "-7"]);
    }
}

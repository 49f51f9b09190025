//! Settings as MathML: `A = [[0, 1], [1, 0]]` with a matrix, `S = 1/2` with a fraction.
//!
//! A line that describes a setting has parts between commas and colons. A part that is no equation and no number is set as
//! words.

use maud::html;
use pulldown_latex::config::DisplayMode;

use super::{latex, rendered};

/// What stands before the value that is claimed.
const CLAIMED: &str = "claimed ";

/// The line in HTML.
pub fn setting(line: &str) -> String {
    let mut out = String::new();
    for (part, end) in parts(line) {
        out += &set(part).unwrap_or_else(|| html! { (part) }.into_string());
        out += end;
    }
    out
}

/// The parts of a line outside of brackets, each with what separates it from the next.
fn parts(line: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for (i, c) in line.char_indices() {
        depth += i32::from("[(".contains(c)) - i32::from("])".contains(c));
        if depth == 0 && ",:;".contains(c) && line[i + 1..].starts_with(' ') && i >= start {
            parts.push((&line[start..i], &line[i..i + 2]));
            start = i + 2;
        }
    }
    parts.push((&line[start..], ""));
    parts
}

/// An equation or a claimed value as MathML; `None` where it is words.
fn set(part: &str) -> Option<String> {
    let mathml = |latex: &str| rendered(latex, DisplayMode::Inline);
    if let Some(claimed) = part.strip_prefix(CLAIMED) {
        return Some(CLAIMED.to_owned() + &mathml(&value(claimed)?));
    }
    let (name, written) = part.split_once(" = ")?;
    Some(mathml(&format!("{} = {}", latex(name)?, value(written)?)))
}

/// A number, a row or a matrix in LaTeX; `None` where it is none of these.
fn value(text: &str) -> Option<String> {
    let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return number(text) };
    let rows = if inside.starts_with('[') { entries(inside) } else { vec![text] };
    let row = |row: &&str| {
        let cells = entries(row.strip_prefix('[')?.strip_suffix(']')?).into_iter().map(number);
        Some(cells.collect::<Option<Vec<_>>>()?.join(" & "))
    };
    let rows = rows.iter().map(row).collect::<Option<Vec<_>>>()?;
    Some(format!("\\begin{{pmatrix}} {} \\end{{pmatrix}}", rows.join(" \\\\ ")))
}

/// The entries of a list, without its brackets.
fn entries(list: &str) -> Vec<&str> {
    parts(list).into_iter().map(|(entry, _)| entry).collect()
}

/// An integer, a fraction or a decimal in LaTeX.
fn number(text: &str) -> Option<String> {
    let is_plain = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = if digits.len() < text.len() { "-" } else { "" };
    match digits.split_once('/') {
        Some((above, below)) => {
            (is_plain(above) && is_plain(below)).then(|| format!("{sign}\\tfrac{{{above}}}{{{below}}}"))
        }
        None => is_plain(digits).then(|| format!("{sign}{digits}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbers_rows_and_matrices() {
        assert_eq!(value("-1/2").unwrap(), "-\\tfrac{1}{2}");
        assert_eq!(value("[-1, 1]").unwrap(), "\\begin{pmatrix} -1 & 1 \\end{pmatrix}");
        let matrix = "\\begin{pmatrix} 0 & 0 \\\\ \\tfrac{1}{3} & 1 \\end{pmatrix}";
        assert_eq!(value("[[0, 0], [1/3, 1]]").unwrap(), matrix);
        for words in ["", "unstable", "[a, 1]", "1/", "1.5e-3", "[[1, 2], 3]"] {
            assert_eq!(value(words), None, "{words}");
        }
    }

    #[test]
    fn a_line_keeps_its_words_and_separators() {
        let html = setting("A = [[1, 0], [0, 1]], with-replacement, S = 2: C(w₀) = 1/2, claimed 1; it is < 3");
        assert_eq!(html.matches("<math").count(), 4, "{html}");
        assert_eq!(html.matches("<mtr").count(), 2, "{html}");
        assert!(html.contains("</math>, with-replacement, <math") && html.ends_with("</math>; it is &lt; 3"), "{html}");
        assert!(html.contains("</math>: <math") && html.contains(", claimed <math"), "{html}");
    }
}

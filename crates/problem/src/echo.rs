//! What a message repeats of a user's file: on one line, short, and without control characters.

use std::fmt::{self, Write};

/// The most characters of a value, a key or a name.
const LONGEST: usize = 60;
/// The most characters of a path, or of what another library says.
const LONGEST_SENTENCE: usize = 120;

/// A text that takes no more characters than its limit, and then ends in an ellipsis.
struct Short {
    text: String,
    left: usize,
}

impl Write for Short {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for c in more.chars() {
            if self.left == 0 {
                self.text.push('…');
                return Err(fmt::Error);
            }
            self.left -= 1;
            self.text.push(c);
        }
        Ok(())
    }
}

/// What `write` writes, up to the limit; it is stopped there, so that a huge value costs no more than a short one.
fn short(limit: usize, write: impl FnOnce(&mut Short) -> fmt::Result) -> String {
    let mut short = Short { text: String::new(), left: limit };
    // The only error is that of the limit.
    _ = write(&mut short);
    short.text
}

/// A value, as it writes itself.
pub(super) fn value(write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> String {
    short(LONGEST, |text| write(text))
}

/// A key or a word of a file.
pub(super) fn word(text: &str) -> String {
    short(LONGEST, |short| write!(short, "{}", text.escape_debug()))
}

/// A name in quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", word(name))
}

/// Some names in quotes, with commas between them.
pub(super) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 6;
    let left = names.len().saturating_sub(MOST);
    let named = Vec::from_iter(names.take(MOST).map(|name| {
        let short = short(16, |short| write!(short, "{}", name.escape_debug()));
        format!("\"{short}\"")
    }));
    let more = if left > 0 { format!(" and {left} more") } else { String::new() };
    named.join(", ") + &more
}

/// A path, or what another library says of a file.
pub(super) fn sentence(text: &str) -> String {
    short(LONGEST_SENTENCE, |short| {
        text.chars().try_for_each(|c| match c {
            '\n' | '\t' => short.write_char(' '),
            '\'' | '"' | '\\' => short.write_char(c),
            c => write!(short, "{}", c.escape_debug()),
        })
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read;
    use super::super::tests::{SAMPLES, changed, is_a_line, refused};
    use super::*;

    #[test]
    fn what_is_long_is_cut_and_what_controls_is_escaped() {
        assert_eq!(word("a\u{1b}[31m\u{202e}\n"), "a\\u{1b}[31m\\u{202e}\\n");
        assert_eq!(word(&"k".repeat(100_000)), "k".repeat(60) + "…");
        assert_eq!(sentence("a 'b'\nc\u{7}"), "a 'b' c\\u{7}");
        assert_eq!(sentence(&"p".repeat(121)), "p".repeat(120) + "…");
        let names = ["a"; 9];
        assert_eq!(listed(names[..2].iter().copied()), "\"a\", \"a\"");
        assert!(listed(names.iter().copied()).ends_with(", \"a\" and 3 more"));
    }

    #[test]
    fn a_value_is_written_no_further_than_it_is_shown() {
        let mut written = 0;
        let text = value(|text| {
            (0..1_000_000).try_for_each(|i| {
                written = i;
                text.write_str("0, ")
            })
        });
        assert_eq!((text.chars().count(), written), (61, 20));
    }

    #[test]
    fn nothing_is_echoed_whole_or_raw() {
        let cut = |c: &str| c.repeat(60) + "…";
        let digits = "1".repeat(1_000_000);
        let many = "expected a number of at most 10000 characters";
        assert_eq!(
            changed("momentum = 0.3", &format!("momentum = {digits}")),
            format!("sgd.momentum = {}: {many}", cut("1"))
        );
        let message = changed("momentum = 0.3", &format!("momentum = 0.{digits}"));
        assert_eq!(message, format!("sgd.momentum = 0.{}…: {many}", "1".repeat(58)));
        let message = changed("momentum = 0.3", &format!("{} = 0.3", "k".repeat(100_000)));
        assert!(message.starts_with(&format!("sgd.{} = 0.3: unknown key", cut("k"))), "{message}");
        let message = changed("momentum = 0.3", "\"\\u001b[31m\" = \"\\u001b[0m\"");
        assert!(message.starts_with("sgd.\\u{1b}[31m = \"\\u{1b}[0m\": unknown key"), "{message}");
        let message = refused("sgd = 1_0*\u{13}\u{202e}3", &[]);
        assert_eq!(message, "sgd = 10*\\u{13}\\u{202e}3: expected a table, [sgd]");
        let message = changed("momentum = 0.3", &format!("momentum = [{}]", "0, ".repeat(100_000)));
        assert!(message.starts_with("sgd.momentum = [0, 0, "), "{message}");
        let name = format!("\u{1b}[31m{}", "n".repeat(10_000));
        let header = format!("y,{name}\n1,\u{1b}[0m\n");
        refused(SAMPLES, &[("x.csv", header.as_bytes())]);
        refused(&SAMPLES.replace("\"y\"", "\"z\""), &[("x.csv", format!("y{}", ",column".repeat(10_000)).as_bytes())]);
        refused(&SAMPLES.replace("x.csv", &"x".repeat(10_000)), &[]);
        let path = Path::new("folder").join("n".repeat(5000));
        is_a_line(&read::<f64>(&path).unwrap_err().to_string()).unwrap();
        is_a_line(&read::<f64>(Path::new("\u{1b}[31m")).unwrap_err().to_string()).unwrap();
    }
}

//! What is no text of the language, and what is said about it: where, what is wrong, what would be right.

use super::spelled::wrong;
use notation::Mistake;

fn are_wrong(rows: &[(&str, &str, &str, &str)]) {
    for (text, place, message, help) in rows {
        let (said, advice, found) = wrong(text);
        assert_eq!(found, *place, "{text}: {said}");
        assert!(said.contains(message), "{text}: {said}");
        assert!(advice.contains(help), "{text}: {advice}");
    }
}

#[test]
fn two_readings_are_shown() {
    are_wrong(&[
        ("1/S(1 + κ/S)", "(1 + κ/S)", "is the bracket below the stroke?", "(1/S)(1 + κ/S) or 1/(S(1 + κ/S))"),
        ("1/(S)A", "A", "is A below the stroke?", "(1/(S))A or 1/(SA)"),
        ("a/b·c", "c", "is c below the stroke?", "(a/b)·c or a/(b·c)"),
        ("a/b/c", "c", "is c below the stroke?", "(a/b)/c or a/(b/c)"),
        ("1/2 · A", "A", "is A below the stroke?", "(1/2)·A or 1/(2·A)"),
        ("1/2Tr[A]", "Tr[A]", "is Tr[A] below the stroke?", "(1/2)Tr[A] or 1/(2Tr[A])"),
        ("1/λ|x|²", "|x|²", "is |x|² below the stroke?", "(1/λ)|x|² or 1/(λ|x|²)"),
        ("1/∑ᵢ aᵢ", "∑ᵢ", "where does this sum below the stroke end?", "brackets"),
        ("Tr AB", "B", "does B belong to the argument of Tr?", "Tr[AB] or Tr[A]B"),
        ("Tr A²", "²", "does ² belong to the argument of Tr?", "Tr[A²] or Tr[A]²"),
        ("vec Aᵀ", "ᵀ", "argument of vec?", "vec[Aᵀ] or vec[A]ᵀ"),
        ("H0", "H0", "H0 can be read in two ways", "H₀ (H_0) is a name, H·0 a product"),
        ("A⊗B⊕C", "⊕", "neither comes first", "(A⊗B)⊕C or A⊗(B⊕C)"),
        ("2 3", "3", "two numbers", "2·3"),
    ]);
}

#[test]
fn a_fraction_is_as_ambiguous_in_every_spelling() {
    let bracket = "is the bracket below the stroke?";
    are_wrong(&[
        ("σ²λ/2(S − 1)", "(S − 1)", bracket, "(σ²λ/2)(S − 1) or σ²λ/(2(S − 1))"),
        ("sigma^2 lambda/2(S - 1)", "(S - 1)", bracket, "(sigma^2 lambda/2)(S - 1) or sigma^2 lambda/(2(S - 1))"),
        (r"\sigma^2/2(S - 1)", "(S - 1)", bracket, r"(\sigma^2/2)(S - 1) or \sigma^2/(2(S - 1))"),
        ("σ²/2S(1 + μ)", "(1 + μ)", bracket, "(σ²/2S)(1 + μ) or σ²/(2S(1 + μ))"),
        ("sigma^2/2S(1 + mu)", "(1 + mu)", bracket, "(sigma^2/2S)(1 + mu) or sigma^2/(2S(1 + mu))"),
        (r"\sigma^2/2S(1 + \mu)", r"(1 + \mu)", bracket, r"(\sigma^2/2S)(1 + \mu) or \sigma^2/(2S(1 + \mu))"),
        // Spaces mean nothing in LaTeX, and the sizes of brackets do not either.
        (r"\sigma^2/2 S (1 + \mu)", r"(1 + \mu)", bracket, r"\sigma^2/(2 S(1 + \mu))"),
        (
            r"\mu/2\left(1 + S\right)",
            r"\left(1 + S\right)",
            bracket,
            r"(\mu/2)\left(1 + S\right) or \mu/(2\left(1 + S\right))",
        ),
        (r"\mu/2 \bigl[1 + S\bigr]", r"\bigl[1 + S\bigr]", bracket, r"(\mu/2)\bigl[1 + S\bigr]"),
        (r"\mu/2\left.(1 + S\right)", r"(1 + S\right)", bracket, ""),
        (r"\mu/(2S) \Lambda", r"\Lambda", r"is \Lambda below the stroke?", r"(\mu/(2S))\Lambda or \mu/(2S\Lambda)"),
        (r"\mu/2\frac{1}{S}", r"\frac{1}{S}", r"is \frac{1}{S} below", r"(\mu/2)\frac{1}{S} or \mu/(2\frac{1}{S})"),
        (r"\mu/2\operatorname{Tr}[A]", r"\operatorname{Tr}[A]", r"is \operatorname{Tr}[A] below", "Write"),
        ("a/2|w|²", "|w|²", "is |w|² below", "(a/2)|w|² or a/(2|w|²)"),
        (r"\mu/2\|w\|^2", r"\|w\|^2", r"is \|w\|^2 below", r"(\mu/2)\|w\|^2"),
    ]);
}

#[test]
fn powers_are_whole_numbers() {
    are_wrong(&[
        ("A²⁻¹", "²⁻¹", "one run", "(M²)⁻¹"),
        ("A^2^-1", "^-1", "a power of a power", "(M²)⁻¹"),
        ("A^0", "0", "the power 0", "I"),
        ("A¹", "¹", "changes nothing", "Leave it out"),
        ("A^n", "n", "no exponent", "whole numbers"),
        ("A^100", "100", "from −99 to 99", ""),
        ("A ⁻¹", "⁻¹", "behind a space", "directly behind"),
        ("A ^2", "^2", "behind a space", "directly behind"),
        ("σ", "σ", "σ has no value of its own", "σ²"),
        ("σ³", "σ", "σ has no value of its own", "σ⁴"),
        ("sigma/S", "sigma", "σ has no value of its own", "σ²"),
        ("|x|", "|x|", "a norm is a root", "|x|²"),
        ("|x|³", "|x|³", "a norm is a root", "|x|²"),
        ("‖M‖ᵀ", "‖M‖ᵀ", "a norm is a root", "‖M‖²"),
        (r"\sqrt{2}", r"\sqrt", "not in the language", "state the square"),
        ("√2", "√", "(U+221A)", "state the square"),
    ]);
}

#[test]
fn sums_are_no_fluctuations() {
    are_wrong(&[
        ("(1/N) Σᵢ ∇ℓᵢ∇ℓᵢᵀ", "Σᵢ", "Σ is the fluctuation", "∑ᵢ (U+2211), in ASCII sum_i"),
        ("Sigma_i x_i", "Sigma_i", "Σ is the fluctuation", "sum_i"),
        ("Σᵢⱼ", "Σᵢⱼ", "two indices", "KΣ + ΣK"),
        (r"\Sigma_{ij}", r"\Sigma_{ij}", "two indices", "KΣ + ΣK"),
        ("∑ f", "∑", "no index", "Σ (U+03A3)"),
        ("∑ᵢ f + gᵢ", "gᵢ", "i stands behind its sum", "∑ᵢ (f + g)"),
        ("2 ∑ᵢ xᵢxᵢᵀ − 2 xᵢyᵢ", "xᵢ", "i stands behind its sum", "∑ᵢ (f + g)"),
        ("∑ⱼ ∑ᵢ xᵢyⱼ + 2xᵢ", "xᵢ", "i stands behind its sum", "∑ᵢ (f + g)"),
        (r"\Sigma_{i=1}^N x_i", "_{i=1}", "behind a sum only", r"\sum_{i=1}^{N}"),
        (r"\Sigma_i x_i", r"\Sigma_i", "Σ is the fluctuation", r"\sum_{i=1}^{N}"),
        (r"\sum_{i=1}^{S} x_i", "^{S}", "runs to N", "Leave the bound out"),
        ("∑_k x", "_k", "over i or j", "sum_i"),
    ]);
}

#[test]
fn names_are_letters() {
    are_wrong(&[
        ("E", "E", "E is the expectation", "E[X]"),
        ("E(x)", "E", "E is the expectation", "E[X]"),
        ("LambdaG", "LambdaG", "letter by letter", "Lambda G"),
        (r"\frac{sigma^2}{S}", "sigma", "letter by letter", r"Write \sigma, with a backslash"),
        (r"\lambda sigmaA", "sigmaA", "letter by letter", r"Write \sigma A, with a backslash"),
        (r"\lambda + nabla L", "nabla", "letter by letter", r"Write \nabla, with a backslash"),
        (r"\lambda + frac{1}{S}", "frac", "letter by letter", r"\frac{a}{b}"),
        ("frac{1}{S}", "frac", "letter by letter", r"\frac{a}{b}"),
        ("Ltest", "Ltest", "letter by letter", "Write L_test."),
        (r"\lambda Ltrain", "Ltrain", "letter by letter", "Write L_train."),
        (r"\mathbb{E}_{w \sim p}[w]", "E", "E has no index", "Write E[…]"),
        ("E_x[w]", "E", "E has no index", "Write E[…]"),
        (r"\langle w \rangle", r"\langle", "not in the language", "E[…]"),
        ("⟨w⟩", "⟨", "(U+27E8)", "E[…]"),
        ("1/STr[A]", "STr", "letter by letter", "S Tr"),
        ("diag[A]", "diag", "not in the language", "definition"),
        ("exp(x)", "exp", "not in the language", "exactly"),
        ("x_i_j", "x_i_j", "two subscripts", "space"),
        ("L_test_i", "L_test_i", "two subscripts", "space"),
        ("(A)'", "'", "a prime stands behind a letter", "ᵀ"),
        ("∇G", "∇", "nothing that has a gradient", "ℓᵢ"),
        ("O(λ)", "(", "at the end of an equation", "l = r + O(λ²)"),
        ("f(s, t)", ",", "only a defined function", "f(s, t) = …"),
        (r"\eta_{\text {v a r}} ^ {*}", "^ {*}", "behind w only", "w*"),
        ("η*", "", "a factor is missing", "w*"),
        (r"\lamda", r"\lamda", "not in the language", r"Nearest: \lambda"),
        (r"\lim_{t} x", r"\lim", "not in the language", "l → r, λ → 0"),
        (r"\bar{x}", r"\bar", "not in the language", "hat"),
        (r"\begin{array}", r"\begin", "not in the language", "a text of its own"),
        (r"\text{trace}[A]", r"\text{trace}", "trace is not in the language", "Tr[…]"),
    ]);
}

#[test]
fn look_alikes_are_told() {
    are_wrong(&[
        ("∆ − 1", "∆", "∆ (U+2206) is not in the language", "Δ (U+0394)"),
        ("К", "К", "К (U+041A) is not in the language", "K (U+004B)"),
        ("Α", "Α", "(U+0391)", "A (U+0041)"),
        ("𝐀", "𝐀", "(U+1D400)", "A (U+0041)"),
        ("а", "а", "а (U+0430) is not in the language", "It looks like a (U+0061). Write that."),
        ("е", "е", "(U+0435)", "e (U+0065)"),
        ("о", "о", "(U+043E)", "o (U+006F)"),
        ("р", "р", "(U+0440)", "p (U+0070)"),
        ("с", "с", "(U+0441)", "c (U+0063)"),
        ("х", "х", "(U+0445)", "x (U+0078)"),
        ("λѕ", "ѕ", "(U+0455)", "s (U+0073)"),
        (r"\lambda І", "І", "(U+0406)", "I (U+0049)"),
        ("Ѕ", "Ѕ", "(U+0405)", "S (U+0053)"),
        ("ɡ", "ɡ", "(U+0261)", "g (U+0067)"),
        ("γɑ", "ɑ", "(U+0251)", "It looks like α (U+03B1) or a (U+0061). Write that."),
        ("ɣ", "ɣ", "(U+0263)", "γ (U+03B3)"),
        ("Г", "Г", "(U+0413)", "Γ (U+0393)"),
        ("Ʌ", "Ʌ", "(U+0245)", "Λ (U+039B)"),
        ("Ʃ", "Ʃ", "(U+01A9)", "Σ (U+03A3)"),
        ("κ\u{302}к", "к", "(U+043A)", "κ (U+03BA) or k (U+006B)"),
        ("L_tеst", "е", "(U+0435)", "e (U+0065)"),
        ("α ± β", "±", "± (U+00B1)", "two formulas"),
        ("a ∈ b", "∈", "∈ (U+2208)", ""),
        ("x\u{301}", "x\u{301}", "x\u{301} (U+0078)", ""),
        ("a\u{200b}b", "\u{200b}", "(U+200B)", ""),
        ("\u{c}rac{1}{S}", "\u{c}", "TOML reads \\f in \"…\" as a control character", "between '''"),
        ("\tau", "\t", "TOML reads \\t", "between '''"),
        ("\nabla L", "\n", "TOML reads \\n", "between '''"),
    ]);
}

#[test]
fn brackets_are_closed() {
    are_wrong(&[
        ("(A", "", ") is missing", ""),
        ("A)", ")", "closes nothing", ""),
        ("[A)", ")", "] is missing", ""),
        ("|A", "", "the second bar is missing", ""),
        ("{a}", "{", "behind max only", "( ) or [ ]"),
        ("λ_{", "", "not closed", "}"),
        (r"\frac{1}{S", "{", "not closed", "}"),
        (r"\alpha}", "}", "closes nothing", ""),
        (r"\frac\sigma^2 2", r"\frac\sigma^", "a numerator that has no braces", r"\frac{\sigma^…}{…}"),
        (r"\frac{1}", "", "an argument of this command is missing", r"\frac{a}{b}"),
        (r"\frac{}{S}", "", "in this fraction a factor is missing", ""),
        (r"\hat{AB}", r"{AB}", "over one letter", r"\hat{g}"),
        ("a +", "", "a factor is missing", ""),
        ("a + + b", "+", "a factor is missing", "brackets"),
        ("a . b", ".", "a full stop", "A · B"),
        ("max{1, x}", "1", "the first of the two", "max{0, x}"),
        ("A^{}", "}", "nothing stands above", ""),
    ]);
}

fn refused(statements: &[&str], definitions: &[&str]) -> Mistake {
    match crate::text(statements, definitions) {
        Ok(read) => panic!("{statements:?} {definitions:?} is read: {read:?}"),
        Err(mistake) => mistake,
    }
}

#[test]
fn statements_claim_something() {
    for (text, message, help) in [
        ("", "empty", "l = r"),
        (" . ", "empty", "l = r"),
        ("C", "nothing is claimed", "l = r"),
        ("C = ", "a factor is missing", ""),
        ("C ≈ A", "≈ needs a limit", "λ → 0"),
        ("C → A, μ → 0", "μ → 0 is no limit", "λ → 0"),
        ("C ≈ A, λ → ∞", "λ → ∞ is no limit", "λ → 0"),
        ("C = A + O(x)", "O(x) does not say which limit is meant", "O(S⁻²)"),
        ("C = A + O(S)", "O(S) does not say which limit is meant", "O(S⁻²)"),
        ("C = A + o(L₀)", "o(L₀) does not say which limit is meant", "O(|L₀ − ℓᵢ|)"),
        ("C = A + O(λ) + O(S⁻²)", "one remainder", ""),
        ("a = b ≈ c", "≈ does not belong here", ""),
        ("stationary", "iff, if or only if is missing", ""),
        ("stationary iff g", "a relation", ""),
        ("a < b and c < d", "and stands between conditions", "commas"),
        ("κ := 2", "nothing is claimed", ":="),
        ("κ + 1 := 2", "a definition", "κ = …"),
    ] {
        let mistake = refused(&[text], &[]);
        let (said, advice) = (mistake.message, mistake.help.unwrap_or_default());
        assert!(said.contains(message), "{text}: {said}");
        assert!(advice.contains(help), "{text}: {advice}");
    }
}

#[test]
fn definitions_define_names() {
    for (text, message) in [
        ("2 = κ", "begins with the name"),
        ("κ", "a definition is name = …"),
        ("κ > 2", "a definition is name = …"),
        ("f(s, s) = s", "two arguments have the same name"),
        ("X solves A", "= is missing"),
        ("dᵢ solves A = B", "a definition is name = …"),
    ] {
        let mistake = refused(&["0 = 0"], &[text]);
        assert!(mistake.message.contains(message), "{text}: {mistake}");
        assert_eq!(mistake.place.text, 1, "{text}");
    }
    let mistake = refused(&["f(1) = 0"], &["f(s, t) = st"]);
    assert_eq!(mistake.message, "f has 2 arguments, and not 1");
    let mistake = refused(&["f = 0"], &["f(s, t) = st"]);
    assert!(mistake.message.contains("its argument is missing"), "{mistake}");
}

#[test]
fn long_and_deep_texts_are_refused() {
    let deep =
        |open: &str, inside: &str, close: &str| format!("0 = {}{inside}{}", open.repeat(10_000), close.repeat(10_000));
    for text in [
        deep("(", "a", ")"),
        deep("[(", "a", ")]"),
        deep("(", "", ""),
        deep("a(−", "a", ")"),
        deep("∑ᵢ ", "xᵢ", ""),
        deep("Tr[", "A", "]"),
        deep("‖(", "A", ")‖²"),
        deep("max{0, ", "a", "}"),
        deep(r"\frac{1}{", "a", "}"),
        deep(r"\frac{", "a", "}{2}"),
        deep(r"\frac", "a", ""),
        deep(r"\hat", "a", ""),
        deep(r"\hat{", "a", "}"),
        deep("{", r"\alpha", "}"),
        deep("x_{", "a", "}"),
        deep("x^{", "a", "}"),
        deep("A", "ᵀ", "ᵀ"),
        deep("1/(1 + ", "a", ")"),
    ] {
        let mistake = crate::text(&[&text], &[]);
        // Braces that LaTeX does not show are no nesting.
        assert_eq!(mistake.is_ok(), text.contains("{\\alpha}"), "{}: {mistake:?}", &text[..20]);
    }
    let long = format!("0 = {}a", "a + ".repeat(25_000));
    assert!(refused(&[&long], &[]).message.contains("more than 20000 symbols"));
    let long = format!("0 = {}", "9".repeat(100_000));
    assert!(refused(&[&long], &[]).message.contains("more than 60 digits"));
    let long = format!("0 = a{}", "\u{302}".repeat(100_000));
    assert!(refused(&[&long], &[]).message.contains("not in the language"));
    for (piece, last) in
        [("\\text{", "a"), ("Lambda", "G"), ("a'", ""), ("\\mathrm{a ", ""), ("κ_{a", ""), ("Q", "(a, b)"), (". ", "")]
    {
        let mistake = refused(&[&format!("0 = {}{last}", piece.repeat(100_000 / piece.len()))], &[]);
        assert!(mistake.message.chars().count() <= 301, "{mistake}");
    }
    let command = format!("\\{}", "lambda".repeat(10_000));
    assert!(refused(&[&command], &[]).message.chars().count() <= 301);
    let wide = format!("0 = {}a", "a + ".repeat(9_000));
    assert!(crate::text(&[&wide], &[]).is_ok());
    let deep = format!("0 = {}a{}", "(−".repeat(199), ")".repeat(199));
    assert!(crate::text(&[&deep], &[]).is_ok());
}

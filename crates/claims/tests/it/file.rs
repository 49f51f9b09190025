//! Claim files: every key, and what a mistake looks like.

use claims::{Claim, Kind, Provenance, Refutes, file};
use proptest::prelude::*;

fn read(text: &str) -> Vec<Claim> {
    file::read("mine.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// The message about a file with one claim, whose table ends with these lines.
fn told(lines: &str) -> String {
    told_of(&format!("[[claim]]\nid = \"a/b\"\n{lines}\n"))
}

fn told_of(text: &str) -> String {
    match file::read("mine.toml", text) {
        Ok(claims) => panic!("{claims:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_claim_needs_a_name_and_a_formula() {
    let claims = read("[[claim]]\nid = \"a/b\"\nformula = \"Σ = 0\"\n");
    let [claim] = &claims[..] else { panic!("{claims:?}") };
    assert_eq!((claim.id.as_str(), claim.statement().as_str()), ("a/b", "Σ = 0"));
    assert_eq!((claim.source.as_str(), claim.provenance), ("the project's own", Provenance::Own));
    assert!(claim.rival.is_none() && claim.strengthened.is_none() && claim.correction.is_none());
    // A moment is that of a stationary state.
    assert_eq!(Vec::from_iter(claim.hypotheses.iter().map(|h| h.name)), ["stationary"]);
    assert!(read("").is_empty());
}

#[test]
fn every_key_is_read() {
    let claims = read(
        r#"
definitions = ["G = 2I − ΛA", "q = 3"]

[[claim]]
id = "mine/fluctuation"
source = "eq. (1) of somebody"
equations = ["1", "2–4"]
provenance = "printed"
formula = "Σ ≈ (t/S) ΛG⁻¹, λ → 0"
definitions = ["t = σ²"]
assume = ["gaussian features", "[Λ, A] = 0", "no-weight-decay"]
units = "paper"
kind = "approximation"
quantity = "Σ"
order = 2
path = "λ"
note = "words"

[claim.rival]
definitions = ["G = 2I"]
note = "no curvature"

[claim.strengthened]
formula = "Σ ≈ (t/S) G⁻¹Λ, λ → 0"
without = ["commuting learning rate"]
note = "any Λ"
proof = "because"

[claim.corrected]
formula = "Σ ≈ (t/(2S)) Λ, λ → 0"

[claim.refutation]
refutes = "contradiction"
claims = ["a/b", "c/d"]
because = "Reasons."

[claim.rewritten]
formula = "Σ ≈ (1/S) tΛG⁻¹, λ → 0"
reason = "digits"
"#,
    );
    let claim = &claims[0];
    assert_eq!(claim.equations, ["1", "2–4"]);
    assert_eq!(claim.provenance, Provenance::Printed);
    assert!(matches!(claim.kind, Kind::Approximation { path, order: 2 } if path.parameter == "λ"));
    let names = Vec::from_iter(claim.hypotheses.iter().map(|h| h.name));
    assert_eq!(names, ["gaussian-features", "commuting-learning-rate", "no-weight-decay", "stationary"]);
    assert_eq!(claim.printed.written(), "Σ ≈ (t/S) ΛG⁻¹, λ → 0, t = σ², G = 2I − ΛA");
    let rival = claim.rival.as_ref().unwrap();
    assert_eq!(
        (rival.name.as_str(), rival.form.written().as_str()),
        ("no curvature", "Σ ≈ (t/S) ΛG⁻¹, λ → 0, G = 2I, t = σ²")
    );
    let strengthened = claim.strengthened.as_ref().unwrap();
    assert_eq!(strengthened.statement(), "any Λ: `Σ ≈ (t/S) G⁻¹Λ, λ → 0`, `t = σ²`, `G = 2I − ΛA`");
    assert_eq!(
        (strengthened.without[0].name, strengthened.proof.as_deref()),
        ("commuting-learning-rate", Some("because"))
    );
    assert_eq!(claim.correction.as_ref().unwrap().statement(), "`Σ ≈ (t/(2S)) Λ, λ → 0`, `t = σ²`");
    let refutation = claim.refutation.as_ref().unwrap();
    assert!(matches!(refutation.refutes, Refutes::Contradiction { .. }));
    assert_eq!(refutation.refutes.others(), ["a/b", "c/d"]);
    assert_eq!(claim.rewritten.as_ref().unwrap().reason, "digits");
}

#[test]
fn a_form_may_stand_as_a_text() {
    let claims = read(
        "[[claim]]\nid = \"a/b\"\nformula = ['Σ = zI', 'C = σ²A']\ndefinitions = 'z = Tr[Σ]/D'\nrival = ['Σ = 0']\n",
    );
    let claim = &claims[0];
    assert_eq!(claim.statement(), "Σ = zI, C = σ²A");
    assert_eq!(claim.quantity(), None);
    assert_eq!(claim.rival.as_ref().unwrap().name, "`Σ = 0`");
}

#[test]
fn latex_is_read_between_three_quotes() {
    let formula = r"\Sigma = \frac{\sigma^2}{S}\left(1+\frac{\kappa_\mu}{S}\right)\Lambda G_\mu^{-1}";
    let definitions = [
        r"\kappa_\mu := \frac{\operatorname{Tr}[\Lambda A G_\mu^{-1}]}{1 - \frac{1}{S}\operatorname{Tr}[\Lambda A G_\mu^{-1}]}",
        r"G_\mu := 2(1-\mu)I_D - \left(\frac{1-\mu}{1+\mu} + \frac{1}{S}\right)\Lambda A",
    ];
    let definitions = definitions.map(|text| format!("'''{text}'''")).join(", ");
    let claims = read(&format!("[[claim]]\nid = 'a/b'\nformula = '''{formula}'''\ndefinitions = [{definitions}]\n"));
    let printed = claims[0].printed.written();
    assert!(
        printed.starts_with("Σ = (σ²/S)(1 + κ_μ/S) ΛG_μ⁻¹, κ_μ = Tr[ΛAG_μ⁻¹]/(1 − (1/S) Tr[ΛAG_μ⁻¹])"),
        "{printed}"
    );
}

#[test]
fn a_function_of_the_file_is_one_in_its_claims() {
    let claims = read("definitions = ['f(s, t) = s + 2t']\n[[claim]]\nid = 'a/b'\nformula = 'C = f(σ²A, σ²B)'\n");
    assert_eq!(claims[0].printed.written(), "C = f(σ²A, σ²B), f(s, t) = s + 2t");
}

#[test]
fn another_papers_letters_stand_for_those_of_the_table() {
    let claims = read(
        r#"
notation = { "η" = "λ", B = "S", theta = "w" }
definitions = ["κ = ηTr[A]"]
[[claim]]
id = "a/b"
formula = "Σ ≈ (ησ²/2B) I, η → 0"
assume = ["scalar learning rate"]
rival = '''\Sigma \approx \frac{\eta \sigma^2}{B} I, \eta \to 0'''
[[claim]]
id = "a/c"
formula = "E[θᵀ∇L] = κ E[L]/B"
assume = ["scalar learning rate"]
"#,
    );
    assert_eq!(claims[0].printed.written(), "Σ ≈ (λσ²/(2S)) I, λ → 0");
    assert_eq!(claims[0].rival.as_ref().unwrap().form.written(), "Σ ≈ (λσ²/S) I, λ → 0");
    assert_eq!(claims[1].printed.written(), "E[wᵀ∇L] = κE[L]/S, κ = λTr[A]");
    assert_eq!(claims[0].notation.to_string(), "B is S, θ is w, η is λ");
    let told = |notation: &str, formula: &str| {
        told_of(&format!("notation = {notation}\n[[claim]]\nid = 'a/b'\nformula = '{formula}'\n"))
    };
    for (told, message, place, help) in [
        (told("'η'", "Σ = 0"), "notation is not a table of texts", "1:12", ""),
        (told("{ 'η' = 1 }", "Σ = 0"), "notation is not a table of texts", "1:20", ""),
        (told("{ \"\\eta\" = 'λ' }", "Σ = 0"), "TOML reads \\e in \"…\" as a control character", "1:15", "between '''"),
        (told("{ 'ηη' = 'λ' }", "Σ = 0"), "ηη is no name of one letter", "1:14", "\"η\" = \"λ\""),
        (told("{ eta = 'τ' }", "Σ = 0"), "τ is the letter of no symbol", "1:21", "that of a symbol"),
        (told("{ 'η' = 'λ', 'ε' = 'λ' }", "Σ = 0"), "λ stands twice in the notation", "1:14", "stands for one"),
        (told("{ 'η' = 'λ' }", "Σ = λI"), "λ is written η here", "4:16", "Write η"),
        (told("{ 'η' = 'λ' }", "Σ = ησ²I"), "λ has a meaning where Λ = λI", "4:16", "write Λ (here η is λ)"),
    ] {
        assert!(told.contains(message), "{message}\n{told}");
        assert!(told.contains(&format!("mine.toml:{place}\n")), "{place}\n{told}");
        assert!(told.contains(help), "{help}\n{told}");
    }
}

#[test]
fn what_a_formula_takes_for_granted_is_added() {
    let names = |formula: &str| {
        let claims = read(&format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [\"data set\"]\n"));
        Vec::from_iter(claims[0].hypotheses.iter().map(|h| h.name))
    };
    assert_eq!(names("C(w*) = 0"), ["data-set", "at-minimum"]);
    assert_eq!(names("C(w*) = E[ĝĝᵀ]"), ["data-set", "at-minimum"]);
    assert_eq!(names("C ≈ C(w*), λ → 0"), ["data-set", "stationary"]);
    assert_eq!(names("E[∇L∇Lᵀ] = C(w*)"), ["data-set", "stationary"]);
    assert_eq!(names("E[ĝ] = ∇L"), ["data-set"]);
    assert_eq!(names("L_train > 0 somewhere"), ["data-set", "stationary"]);
    assert_eq!(names("stationary iff 2I − ΛK ≻ 0"), ["data-set", "near-the-edge"]);
}

#[test]
fn mistakes_have_a_place_and_advice() {
    let of_formula = |formula: &str| told(&format!("formula = {formula}"));
    for (told, message, place, help) in [
        (told("formulas = 'Σ = 0'"), "formulas is no key of a claim", "3:1", "formula"),
        (told("formulaz = 'Σ = 0'"), "formulaz is no key of a claim", "3:1", "Nearest: formula."),
        (told_of("[[claims]]\nid = 'a/b'\n"), "claims is no key of a claim file", "1:3", "Nearest: claim."),
        (told("assume = []"), "formula is missing in a claim", "1:1", "Add formula = \"…\"."),
        (told("formula = 3"), "formula is not a text, or a list of texts", "3:11", ""),
        (told("formula = 'Σ = 0'\nassume = ['one wait']"), "one wait is no hypothesis", "4:12", "Nearest: one-weight."),
        (
            told("formula = 'Σ = 0'\nassume = ['xyz']"),
            "xyz is no hypothesis",
            "4:12",
            "`judge --hypotheses` lists all.",
        ),
        (told("formula = 'Σ = 0'\nassume = ['S → ∞']"), "S → ∞ is a limit, and no hypothesis", "4:12", "l ≈ r, λ → 0"),
        (
            told("formula = 'Σ = 0'\nassume = 'one weight, gaussian features'"),
            "names 2 hypotheses in one text",
            "4:11",
            "Make a list of 2: [\"one weight\", \"gaussian features\"].",
        ),
        (told("formula = 'Σ = 0'\nassume = ['full rank', 'full-rank']"), "full-rank is assumed twice", "4:25", ""),
        (told("formula = 'Σ = 0'\nkind = 'limit'"), "the formula is of kind exact", "4:9", ""),
        (told("formula = 'Σ = 0'\nquantity = 'C'"), "the formula is of quantity Σ", "4:13", ""),
        (told("formula = 'Σ = 0'\norder = 2"), "order is of use beside ≈ only", "4:9", ""),
        (told("formula = 'Σ → 0, λ → 0'\npath = 'S'"), "S is no path of this formula", "4:9", "It has λ."),
        (told("formula = 'Σ = 0'\nunits = 'SI'"), "units is not \"paper\" or \"natural\"", "4:10", ""),
        (told("formula = 'Σ = 0'\nrival = 'Σ → 0, λ → 0'"), "this form is of kind limit", "4:9", ""),
        (
            told("formula = 'Σ = 0'\nstrengthened = { without = ['full rank'] }"),
            "the claim does not assume full-rank",
            "4:28",
            "",
        ),
        (told("formula = 'Σ = 0'\nstrengthened = {}"), "without is missing in a strengthened form", "4:16", ""),
        (told("formula = 'Σ = 0'\nrival = {}"), "formula is missing in a rival", "4:9", "Add formula"),
        (
            told("formula = 'Σ = 0'\ncorrected = { note = 'so' }"),
            "formula is missing in a corrected form",
            "4:13",
            "Add",
        ),
        (
            told("formula = 'Σ = 0'\nrewritten = { reason = 'so' }"),
            "formula is missing in a rewritten form",
            "4:13",
            "Add",
        ),
        (told("formula = 'Σ = Λ = A'"), "an equation has two sides", "3:12", "statements of their own"),
        (told("formula = 'Σ < Λ < A'"), "a bound has two sides", "3:12", "statements of their own"),
        (told("data = 'x.csv'\nformula = 'Σ = 0'"), "data is no key of a claim", "3:1", "Keys are id,"),
        (told("formula = 'Σ = 0'\nprovenance = 'seen'"), "provenance is not one of printed", "4:15", ""),
        (told_of("[[claim]]\nid = \"a\"\nformula = 'Σ = 0'"), "id is not \"topic/quantity\"", "2:7", ""),
        (
            told_of("[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\n[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'"),
            "a/b is the name of two claims",
            "5:7",
            "",
        ),
        (told_of("claim = 3"), "claim is not a list of tables", "1:9", ""),
        (told_of("[[claim]\n"), "", "1:", ""),
        // What the formula itself says wrong, in each kind of quotes.
        (of_formula("'Σ = 1 + τ/S'"), "τ is no symbol", "3:20", "add \"τ = …\""),
        (of_formula("\"Σ = τ/S I\""), "τ is no symbol", "3:16", ""),
        (of_formula("'''\nΣ = τ/S I'''"), "τ is no symbol", "4:5", ""),
        (of_formula("\"Σ = \\u03c4/S I\""), "τ is no symbol", "3:16", ""),
        (of_formula("\"\\\\Sigma = \\frac{1}{S}\""), "TOML reads \\f in \"…\" as a control character", "3:22", "'''"),
        (of_formula("\"\\Sigma = 0\""), "", "3:13", "'''"),
        (of_formula("'Σ = t I'\ndefinitions = ['t = τ']"), "τ is no symbol", "4:21", ""),
        (of_formula("'Σ = I'\ndefinitions = ['t = 3']"), "t is defined and not used", "4:17", ""),
    ] {
        assert!(told.contains(message), "{message}\n{told}");
        assert!(told.contains(&format!("mine.toml:{place}")), "{place}\n{told}");
        assert!(told.contains(help), "{help}\n{told}");
    }
}

#[test]
fn a_forgotten_head_is_told_once() {
    let told = told_of("id = 'a/b'\nformula = 'Σ = 0'\nassume = 'D = 1'\n");
    assert!(
        told.starts_with("error: id belongs to a claim, and stands above every [[claim]]\n --> mine.toml:1:1"),
        "{told}"
    );
    assert!(told.contains("Write [[claim]]") && told.matches("error").count() == 1, "{told}");
    let told = told_of("formula = 'Σ = 0'\nzzz = 3\n[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\n");
    assert!(told.contains("formula belongs to a claim") && told.contains("zzz is no key of a claim file"), "{told}");
}

#[test]
fn every_mistake_is_told_once() {
    let shared = "definitions = ['G = τ']\n[[claim]]\nid = 'a/b'\nformula = 'Σ = GI'\nrival = 'Σ = 2G I'\n";
    assert_eq!(told_of(shared).matches("τ is no symbol").count(), 1);
    // What no claim uses must be readable, and no more.
    assert!(read("definitions = ['G = τ']\n[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\n").len() == 1);
    let told = told_of("definitions = ['G = )']\n[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\n");
    assert!(told.contains("mine.toml:1:21"), "{told}");
    let told = told_of("[[claim]]\nid = 'a/b'\nformula = 'Σ = τ'\n[[claim]]\nid = 'c/d'\nformula = 'Σ = ρ'\n");
    assert!(told.contains("τ is no symbol") && told.contains("ρ is no symbol"), "{told}");
}

const TEXT: &str = include_str!("../../../registry/texts/label-noise.toml");

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A file from which something is cut, or into which something is put, is read or refused.
    #[test]
    fn no_file_panics(place in 0usize..6000, cut in 0usize..40, put in "[\\\\\"'\\[\\]={}aΣ\n^(]{0,3}") {
        let boundary = |place: usize| (place..TEXT.len()).find(|place| TEXT.is_char_boundary(*place)).unwrap_or(0);
        let start = boundary(place);
        let end = boundary(start + cut).max(start);
        let until = TEXT[end..].find("\n[[claim]]").map_or(TEXT.len(), |more| end + more);
        let text = format!("{}{put}{}", &TEXT[..start], &TEXT[end..until]);
        if let Err(error) = file::read("x.toml", &text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

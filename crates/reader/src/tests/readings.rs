//! How a text reads: the table of the language, one row after the other.

use super::spelled::{defines, reads, with};
use notation::tree::{Body, Head, Limit, Relation, Remainder, Statement, When};

fn read_as(rows: &[(&str, &str)]) {
    for (text, tree) in rows {
        assert_eq!(reads(text), *tree, "{text}");
    }
}

#[test]
fn below_a_stroke_stands_what_touches_it() {
    read_as(&[
        ("1/2S", "[1/[2·S]]"),
        ("2/λaᵢ", "[2/[λ·aᵢ]]"),
        ("uuᵀ/uᵀu", "[u·uᵀ/[uᵀ·u]]"),
        ("1/2 S", "[[1/2]·S]"),
        ("1/2 S/λ", "[[1/2]·S/λ]"),
        ("1/(2S) A · B/2", "[[1/[2·S]]·A·B/2]"),
        ("1 / 2S", "[1/[2·S]]"),
        ("λσ²/(gS − λD) A⁻¹", "[[λ·σ²/(+[g·S]-[λ·D])]·A^-1]"),
        ("1/(2S)²", "[1/[2·S]^2]"),
        ("1/SL₀(w*)", "[1/[S·L₀@w*]]"),
        ("λTr[K]/(4S)", "[λ·Tr⟨K⟩/[4·S]]"),
        ("1/Tr[A]", "[1/Tr⟨A⟩]"),
        ("(σ²/S)(1 + κ/S) ΛG⁻¹", "[[σ²/S]·(+1+[κ/S])·Λ·G^-1]"),
    ]);
}

#[test]
fn a_postfix_binds_to_the_factor_before_it() {
    read_as(&[
        ("ΛG⁻¹", "[Λ·G^-1]"),
        ("w*ᵀ", "w*ᵀ"),
        ("Γ'ᵀ", "Γ'ᵀ"),
        ("(A + B)⁺[A]⁻¹", "[(+A+B)⁺·A^-1]"),
        ("A⁻¹ᵀ", "A^-1ᵀ"),
        ("(A²)⁻¹", "A^2^-1"),
        ("−A²", "(-A^2)"),
        ("u²", "u^2"),
        ("|w − w*|²", "‖(+w-w*)‖^2"),
        ("‖M‖²‖A‖⁻²", "[‖M‖^2·‖A‖^-2]"),
        ("||M||^2", "‖M‖^2"),
        ("|(A|w|²B)|²", "‖[A·‖w‖^2·B]‖^2"),
    ]);
}

#[test]
fn functions_take_brackets_or_one_symbol() {
    read_as(&[
        ("Tr[A]B", "[Tr⟨A⟩·B]"),
        ("Tr A", "Tr⟨A⟩"),
        ("Tr A + B", "(+Tr⟨A⟩+B)"),
        ("Tr(A)", "Tr⟨A⟩"),
        ("vec Σ_g", "vec⟨Σ_g⟩"),
        ("vec[K²]ᵀ(2F − λQ)⁺ vec Σ_g", "[vec⟨K^2⟩ᵀ·(+[2·F]-[λ·Q])⁺·vec⟨Σ_g⟩]"),
        ("½ λTr[E[ĝĝᵀ]]", "[1/2·λ·Tr⟨E⟨[ĝ·ĝᵀ]⟩⟩]"),
        ("SE[w]", "[S·E⟨w⟩]"),
        ("E[sᵢsⱼ] − E[sᵢ] E[sⱼ]", "(+E⟨[sᵢ·sⱼ]⟩-[E⟨sᵢ⟩·E⟨sⱼ⟩])"),
        ("λ[(a + γ)² + 2a²/S]", "[λ·(+(+a+γ)^2+[2·a^2/S])]"),
        ("(x)₊", "max⟨x⟩"),
        ("max{0, x − λ}", "max⟨(+x-λ)⟩"),
    ]);
}

#[test]
fn a_latin_name_is_one_letter() {
    read_as(&[
        ("SN", "[S·N]"),
        ("gS", "[g·S]"),
        ("zA⁻¹", "[z·A^-1]"),
        ("2L_trainA", "[2·L_train·A]"),
        ("κ_μ", "κ_μ"),
        ("L_Γ", "L_Γ"),
        ("I_D", "I"),
        ("T₀", "T₀"),
        ("x₁", "x₁"),
        ("A'", "A'"),
        ("w*", "w*"),
        ("w · x", "[w·x]"),
        ("w * x", "[w·x]"),
        ("w*x", "[w*·x]"),
        ("∇L_Γ∇L_Γᵀ", "[∇L_Γ·∇L_Γᵀ]"),
        ("∇ℓᵢ(w*)", "∇ℓᵢ@w*"),
        ("P_{r'}", "P_{r'}"),
        ("ℓᵢ", "ℓᵢ"),
        ("lᵢ", "ℓᵢ"),
        ("g\u{302}", "ĝ"),
        ("κ\u{302}", "κ\u{302}"),
        ("Kₜ", "K_t"),
        ("σ²", "σ²"),
        ("σ⁴", "σ²^2"),
        ("σ⁻²", "σ²^-1"),
    ]);
}

#[test]
fn a_sum_ends_at_the_next_sign() {
    read_as(&[
        ("∑ᵢ f g + h", "(+∑ᵢ⟨[f·g]⟩+h)"),
        ("(1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ", "[[1/N]·∑ᵢ⟨[∇ℓᵢ·∇ℓᵢᵀ]⟩]"),
        ("∑ᵢ 1/(2/(λaᵢ) − 1)", "∑ᵢ⟨[1/(+[2/[λ·aᵢ]]-1)]⟩"),
        ("∑ᵢ ∑ⱼ xᵢxⱼᵀ", "∑ᵢ⟨∑ⱼ⟨[xᵢ·xⱼᵀ]⟩⟩"),
        ("∑ᵢⱼ xᵢxⱼᵀ", "∑ᵢ⟨∑ⱼ⟨[xᵢ·xⱼᵀ]⟩⟩"),
        ("∑ᵢ₌₁ᴺ xᵢ", "∑ᵢ⟨xᵢ⟩"),
        ("∑_{i=1}^N xᵢ", "∑ᵢ⟨xᵢ⟩"),
        ("xᵢ − (1/N) ∑ᵢ xᵢ", "(+xᵢ-[[1/N]·∑ᵢ⟨xᵢ⟩])"),
        ("∑ᵢ xᵢ + ∑ᵢ wᵢ", "(+∑ᵢ⟨xᵢ⟩+∑ᵢ⟨wᵢ⟩)"),
    ]);
}

#[test]
fn a_point_stands_in_round_brackets() {
    read_as(&[
        ("C(w)", "C@w"),
        ("C(w*)", "C@w*"),
        ("L₀(w₀)", "L₀@w₀"),
        ("J(u)", "J@u"),
        ("L₀(S + 1)", "[L₀·(+S+1)]"),
        ("L₀ (w)", "[L₀·w]"),
        ("2L₀(w*)H₀(H₀+Γ)⁺", "[2·L₀@w*·H₀·(+H₀+Γ)⁺]"),
    ]);
}

#[test]
fn scalars_stand_in_front_of_kronecker_products() {
    read_as(&[
        ("½ H⊕H", "[1/2·(H⊕H)]"),
        ("(½ H)⊕H", "([1/2·H]⊕H)"),
        ("AB⊗CD", "([A·B]⊗[C·D])"),
        ("A⊗B⊗K", "(A⊗B⊗K)"),
        ("(1 − μ)(I − λK)⊗(I − λK)", "[(+1-μ)·((+I-[λ·K])⊗(+I-[λ·K]))]"),
        ("λ/S K⊗K", "[[λ/S]·(K⊗K)]"),
        ("λ/S⊗K", "([λ/S]⊗K)"),
        ("λK/S⊗K", "[λ·([K/S]⊗K)]"),
        ("λμ⊗K", "[λ·(μ⊗K)]"),
        ("uuᵀ⊗K", "([u·uᵀ]⊗K)"),
        ("uᵀuK⊗K", "([uᵀ·u·K]⊗K)"),
        ("(p/N) ∑ᵢ Mᵢ⊗Mᵢ", "[[p/N]·∑ᵢ⟨(Mᵢ⊗Mᵢ)⟩]"),
    ]);
    // What a name is, its definition says.
    let matrix = with("tK⊗K", &["t = Tr[A]"]).unwrap();
    assert_eq!(matrix, "[t·(K⊗K)]");
    let matrix = with("tK⊗K", &["t = A + B"]).unwrap();
    assert_eq!(matrix, "([t·K]⊗K)");
    assert_eq!(with("tK⊗K", &["t = tA"]).unwrap(), "([t·K]⊗K)");
}

#[test]
fn numbers_are_whole_or_finite_decimals() {
    read_as(&[
        ("0.1", "1/10"),
        ("0.50", "1/2"),
        ("½", "1/2"),
        ("¼ S", "[1/4·S]"),
        ("12", "12"),
        ("2·3", "[2·3]"),
        ("1/2", "[1/2]"),
        ("+a", "a"),
        ("−2", "(-2)"),
        ("a − (b − c)", "(+a-(+b-c))"),
        ("(ab)c", "[[a·b]·c]"),
    ]);
}

#[test]
fn ascii_and_unicode_mix() {
    for (ascii, unicode) in [
        ("sigma^2 Lambda G^-1", "σ²ΛG⁻¹"),
        ("(sigma^2/S)(1 + kappa/S) Lambda G^-1", "(σ²/S)(1 + κ/S) ΛG⁻¹"),
        ("grad L grad L^T - grad L_0 grad L_Gamma^T", "∇L∇Lᵀ − ∇L₀∇L_Γᵀ"),
        ("sum_i grad l_i grad l_i^T", "∑ᵢ ∇ℓᵢ∇ℓᵢᵀ"),
        ("E[ghat ghat^T]", "E[ĝĝᵀ]"),
        ("kappahat + Ahat'", "κ̂ + Â'"),
        ("w_0 + w*", "w₀ + w*"),
        ("w*^T A w*", "w*ᵀAw*"),
        ("kappa_mu + L_test + G_muS", "κ_μ + L_test + G_μS"),
        ("K^+ + K^{+}", "K⁺ + K⁺"),
        ("K^{-1} + K^T", "K⁻¹ + Kᵀ"),
        ("A ox B", "A⊗B"),
        ("H o+ H", "H⊕H"),
        ("o + H", "o + H"),
        ("Gamma'^T A Gamma' U", "Γ'ᵀAΓ'U"),
        ("a * b", "a · b"),
        ("µ − ϕ", "μ - φ"),
        ("K⊤ × A†", "Kᵀ · A⁺"),
        ("A′ + A’", "A' + A'"),
        ("sum_{i=1}^N x_i", "∑ᵢ xᵢ"),
        ("max{0, S - 1}", "max{0, S − 1}"),
    ] {
        assert_eq!(reads(ascii), reads(unicode), "{ascii}");
    }
}

#[test]
fn latex_has_no_spaces() {
    for (latex, unicode) in [
        (r"\tfrac12 \Lambda", "½ Λ"),
        (r"\frac12 \Lambda", "(1/2) Λ"),
        (r"\frac{\lambda\sigma^2}{2 S}I_{D}", "(λσ²/(2S)) I"),
        (r"\frac{(2 S)}{a}", "(2S)/a"),
        (r"\frac{a/b}{c}", "(a/b)/c"),
        (r"\frac{a + b}{c + d}", "(a + b)/(c + d)"),
        (r"1/2 S + \mu", "1/2S + μ"),
        (r"(1/(2)) \Lambda", "1/2 Λ"),
        (r"2 / \lambda a _ i - 1 + 1 / S", "2/λaᵢ − 1 + 1/S"),
        (r"\operatorname {T r} [ A ] \operatorname{vec} \left( B \right)", "Tr[A] vec[B]"),
        (r"\mathrm{Tr}\!\left[\hat A\,\hat{\mathbf{G}}\right]", "Tr[ÂĜ]"),
        (r"\Gamma^ {\prime \mathrm {T}} A \Gamma'^{\top}", "Γ'ᵀAΓ'ᵀ"),
        (r"\mathbf{w}^{* \top} G _ {\mu} ^ {- 1} G^{-1}_\mu", "w*ᵀG_μ⁻¹G_μ⁻¹"),
        (r"\nabla \ell_ {i} (\mathbf {w}) \nabla L_\Gamma", "∇ℓᵢ(w)∇L_Γ"),
        (r"\sum_{i=1}^{N} x_i x_i^\mathrm{T}", "∑ᵢ xᵢxᵢᵀ"),
        (r"\sum\nolimits^N_{i = 1} x_i", "∑ᵢ xᵢ"),
        (r"\max \left\{0, 1 - \frac1\alpha\right\} \hat {\kappa}", "max{0, 1 − (1/α)} κ̂"),
        (r"\left(x\right)_{+}", "(x)₊"),
        (r"\| M \|_{\mathrm F}^2 + \lVert w - u \rVert ^ {2}", "‖M‖² + ‖w − u‖²"),
        (r"\left\| M \right\|^{2}", "‖M‖²"),
        (r"\boldsymbol {H} \otimes K", "H⊗K"),
        (r"\mathbb{E}\left[\hat{g} \hat{g}^{\top}\right]", "E[ĝĝᵀ]"),
        (r"L _ {\text {t e s t}} + L_{\mathrm{train}} + L_\text{test}", "L_test + L_train + L_test"),
        (r"C ^ {\dagger} \cdot D", "C⁺ · D"),
        (r"\lambda_ {\max } ^ {2}", "λ_max²"),
        (r"\varepsilon_0 - \ell", "ε₀ − ℓ"),
        (r"\alpha {b} % c", "αb"),
    ] {
        assert_eq!(reads(latex), reads(unicode), "{latex}");
    }
}

fn statement(text: &str) -> Statement {
    let mut read = crate::text(&[text], &[]).unwrap_or_else(|mistake| panic!("{text}: {mistake} {:?}", mistake.help));
    assert_eq!(read.statements.len(), 1, "{text}");
    read.statements.remove(0)
}

#[test]
fn limits_say_what_becomes_small() {
    for (text, expected, is_relative) in [
        ("C ≈ A, λ → 0", Limit::LearningRate, true),
        ("C ~ A, lambda -> 0", Limit::LearningRate, true),
        (r"C \approx A, \lambda \to 0", Limit::LearningRate, true),
        ("L_train → σ²/2, S → ∞", Limit::BatchSize, false),
        ("L_train -> sigma^2/2, S -> inf", Limit::BatchSize, false),
        ("C(w) ≈ A, N → ∞", Limit::Samples, true),
        ("C ≈ A, σ² → 0", Limit::LabelNoise, true),
        ("C ≈ A, |L₀ − ℓᵢ| → 0", Limit::Residuals, true),
    ] {
        match statement(text) {
            Statement::Limit { relative, limit, .. } => {
                assert_eq!((limit, relative), (expected, is_relative), "{text}")
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn remainders_have_an_order() {
    for (text, limit, order) in [
        ("C = A + O(λ²)", Limit::LearningRate, 2),
        ("C = A + O(λ)", Limit::LearningRate, 1),
        ("C = A + O(S⁻²)", Limit::BatchSize, 2),
        ("C = A + O(1/S)", Limit::BatchSize, 1),
        ("C = A + O(1/N^2)", Limit::Samples, 2),
        ("C = A + O(σ⁴)", Limit::LabelNoise, 2),
        ("C = A − B + O(|L₀ − ℓᵢ|)", Limit::Residuals, 1),
        (r"C = A + \mathcal{O}\left(S ^ {- 2}\right).", Limit::BatchSize, 2),
    ] {
        let expected = Some(Remainder { limit, order });
        match statement(text) {
            Statement::Equation { remainder, .. } => assert_eq!(remainder, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn conditions_say_when() {
    for (text, mean, expected, comparisons) in [
        ("stationary iff gS > λD", false, When::Iff, 1),
        ("stationary if 2F − λQ ≻ 0", false, When::If, 1),
        ("stationary only if 2F − λQ ⪰ 0 on C", false, When::OnlyIf, 1),
        ("stationary in mean iff 2I - lambda K >> 0 and S >= 1", true, When::Iff, 2),
    ] {
        match statement(text) {
            Statement::Stationary { in_mean, when, condition } => {
                assert_eq!((in_mean, when, condition.0.len()), (mean, expected, comparisons), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(
        matches!(statement("Σ₀ ⪰ 0 iff κ ≥ 0 and S > 1"), Statement::Equivalence { right, .. } if right.0.len() == 2)
    );
    assert!(matches!(statement("L_test > L_train somewhere"), Statement::Comparison { somewhere: true, .. }));
    assert!(matches!(statement("0 < S ≤ N"), Statement::Comparison { comparison, .. } if comparison.rest.len() == 2));
}

#[test]
fn relations_have_three_spellings() {
    use Relation::{
        AtLeast, AtMost, Equal, Greater, Less, Precedes, PrecedesOrEquals, Succeeds, SucceedsOrEquals, Unequal,
    };
    for (texts, expected) in [
        (["<", "<", r"\lt"], Less),
        (["≤", "<=", r"\leq"], AtMost),
        ([">", ">", r"\gt"], Greater),
        (["≥", ">=", r"\geqslant"], AtLeast),
        (["=", "=", "="], Equal),
        (["≠", "!=", r"\neq"], Unequal),
        (["≺", "<<", r"\prec"], Precedes),
        (["⪯", "<<=", r"\preceq"], PrecedesOrEquals),
        (["≻", ">>", r"\succ"], Succeeds),
        (["⪰", ">>=", r"\succeq"], SucceedsOrEquals),
    ] {
        for sign in texts {
            match statement(&format!("0 = 0 iff A {sign} K")) {
                Statement::Equivalence { right, .. } => assert_eq!(right.0[0].rest[0].0, expected, "{sign}"),
                other => panic!("{sign}: {other:?}"),
            }
        }
    }
}

#[test]
fn definitions_have_heads() {
    let text = "C = f(S, 1/S) A where f(s, t) = s + t; dᵢ = ∇ℓᵢ − ∇L; X solves KX + XK = A; κ := 2";
    let read = crate::text(&[text], &["B' = K⁻¹B, T₀ = f(λ, 2)"]).unwrap();
    let heads = read.definitions.iter().map(|definition| match &definition.head {
        Head::Name(name) => name.as_str().to_string(),
        Head::Indexed(name, _) => format!("{}ᵢ", name.as_str()),
        Head::Function(name, parameters) => format!("{}{}", name.as_str(), parameters.len()),
    });
    let heads = heads.collect::<Vec<_>>();
    assert_eq!(heads, ["f2", "dᵢ", "X", "κ", "B'", "T₀"]);
    assert!(matches!(read.definitions[2].body, Body::Solves(..)));
    assert_eq!(defines("X solves KX + XK = A"), "(+[K·X]+[X·K]) = A");
    assert_eq!(with("f(w) + f(2)", &["f(s) = s²"]).unwrap(), "(+f⟨w⟩+f⟨2⟩)");
    let Statement::Equation { right, .. } = &read.statements[0] else { panic!("no equation") };
    assert_eq!(super::spelled::spelled(right), "[f⟨S, [1/S]⟩·A]");
}

#[test]
fn one_text_holds_several_statements() {
    let read = crate::text(&["Σ = zA⁻¹, C ≈ A, λ → 0, z > 0, z := 2."], &[]).unwrap();
    assert_eq!((read.statements.len(), read.definitions.len()), (3, 1));
}

#[test]
fn places_point_into_the_text_that_was_given() {
    let (statement, definition) = ("Σ = g\u{302} κ\u{302}Λ⁻¹ + τ", r"\tau = \frac{\lambda}{S}");
    let read = crate::text(&[statement], &[definition]).unwrap();
    let Statement::Equation { right, .. } = &read.statements[0] else { panic!("no equation") };
    let places: Vec<&str> =
        right.parts()[0].parts().iter().map(|part| &statement[part.place.start..part.place.end]).collect();
    assert_eq!(places, ["g\u{302}", "κ\u{302}", "Λ⁻¹"]);
    let place = read.definitions[0].place;
    assert_eq!((place.text, &definition[place.start..place.end]), (1, definition));
}

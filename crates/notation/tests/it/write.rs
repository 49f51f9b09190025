//! Texts as they are written. The Unicode ones are those of the paper's claims.

use crate::common::build::*;
use notation::Spelling::{Ascii, Latex, Unicode};
use notation::tree::{
    Body, Comparison, Condition, Definition, Expr, Head, Index, Limit, Node, Point, Relation, Statement, When,
};
use notation::{Place, Spelling};

fn written(expr: &Expr) -> [String; 3] {
    [Unicode, Ascii, Latex].map(|spelling| expr.written(spelling))
}

fn assert_written(expr: Expr, expected: [&str; 3]) {
    assert_eq!(written(&expr), expected);
}

/// ΛAG⁻¹
fn lag() -> Expr {
    p([n("Λ"), n("A"), inv(n("G"))])
}

/// 1 + κ/S
fn one_plus_kappa() -> Expr {
    add(q(1), over([n("κ")], n("S")))
}

/// σ²/S
fn noise() -> Expr {
    over([n("σ²")], n("S"))
}

/// 1/S
fn batch() -> Expr {
    over([q(1)], n("S"))
}

#[test]
fn names_have_three_spellings() {
    for (name, ascii, latex) in [
        ("Λ", "Lambda", r"\Lambda"),
        ("σ²", "sigma^2", r"\sigma^{2}"),
        ("w*", "w*", r"\mathbf{w}^{*}"),
        ("w₀", "w_0", r"\mathbf{w}_{0}"),
        ("Γ'", "Gamma'", r"\Gamma'"),
        ("κ_μ", "kappa_mu", r"\kappa_{\mu}"),
        ("L_test", "L_test", r"L_{\text{test}}"),
        ("L_Γ", "L_Gamma", r"L_{\Gamma}"),
        ("∇L_Γ", "grad L_Gamma", r"\nabla L_{\Gamma}"),
        ("ĝ", "ghat", r"\hat{g}"),
        ("Σ_g", "Sigma_g", r"\Sigma_{g}"),
        ("x₁₂", "x_12", "x_{12}"),
        ("ℓ", "l", r"\ell"),
    ] {
        assert_written(n(name), [name, ascii, latex]);
    }
    assert_written(i("∇ℓ"), ["∇ℓᵢ", "grad l_i", r"\nabla \ell_{i}"]);
    assert_written(
        Expr::of(Node::At(named("∇ℓ"), Some(Index::I), Point::Minimizer)),
        ["∇ℓᵢ(w*)", "grad l_i(w*)", r"\nabla \ell_{i}(\mathbf{w}^{*})"],
    );
    assert_written(at("L₀", Point::Minimizer), ["L₀(w*)", "L_0(w*)", r"L_{0}(\mathbf{w}^{*})"]);
}

#[test]
fn numbers_are_decimals_and_halves() {
    assert_written(half(), ["½", "0.5", r"\tfrac12"]);
    assert_written(q((1, 4)), ["¼", "0.25", r"\tfrac14"]);
    assert_written(q((1, 1000)), ["0.001"; 3]);
    assert_written(q((12345, 100)), ["123.45"; 3]);
    assert_written(q(120), ["120"; 3]);
    assert_written(q(0), ["0"; 3]);
}

#[test]
fn a_name_with_marks_takes_exponents_above_them() {
    assert_written(t(n("w*")), ["w*ᵀ", "w*^T", r"\mathbf{w}^{*\top}"]);
    assert_written(t(n("Γ'")), ["Γ'ᵀ", "Gamma'^T", r"\Gamma^{\prime\top}"]);
    assert_written(inv(n("Γ'")), ["Γ'⁻¹", "Gamma'^-1", r"\Gamma^{\prime-1}"]);
    assert_written(t(i("∇ℓ")), ["∇ℓᵢᵀ", "grad l_i^T", r"\nabla \ell_{i}^{\top}"]);
    assert_written(pow(n("σ²"), 2), ["(σ²)²", "(sigma^2)^2", r"\left(\sigma^{2}\right)^{2}"]);
    assert_written(inv(pow(n("A"), 2)), ["(A²)⁻¹", "(A^2)^-1", r"\left(A^{2}\right)^{-1}"]);
    assert_written(pow(n("K"), -12), ["K⁻¹²", "K^-12", "K^{-12}"]);
}

#[test]
fn the_fluctuation_of_theorem_2() {
    let sigma = p([noise(), one_plus_kappa(), n("Λ"), inv(n("G"))]);
    assert_written(
        sigma.clone(),
        [
            "(σ²/S)(1 + κ/S) ΛG⁻¹",
            "(sigma^2/S)(1 + kappa/S) Lambda G^-1",
            r"\frac{\sigma^{2}}{S}\left(1 + \frac{\kappa}{S}\right)\Lambda G^{-1}",
        ],
    );
    let mu = over([one_minus_mu()], one_plus_mu());
    let g = sub(p([q(2), one_minus_mu(), n("I")]), p([add(mu, batch()), n("Λ"), n("A")]));
    let kappa = over([tr(lag())], sub(q(1), p([batch(), tr(lag())])));
    let text = text(vec![equation(n("Σ"), sigma)], vec![is("G", g), is("κ", kappa)]);
    assert_eq!(
        text.written(Unicode),
        "Σ = (σ²/S)(1 + κ/S) ΛG⁻¹ where G = 2(1−μ)I − ((1−μ)/(1+μ) + 1/S) ΛA; κ = Tr[ΛAG⁻¹]/(1 − (1/S) Tr[ΛAG⁻¹])"
    );
    assert_eq!(text.definitions[0].written(Ascii), "G = 2(1 - mu) I - ((1 - mu)/(1 + mu) + 1/S) Lambda A");
    assert_eq!(
        text.definitions[1].written(Latex),
        r"\kappa = \frac{\operatorname{Tr}\left[\Lambda A G^{-1}\right]}{1 - \frac{1}{S}\operatorname{Tr}\left[\Lambda A G^{-1}\right]}"
    );
}

#[test]
fn the_texts_of_claims_are_written_as_they_are_printed() {
    let two_s = || p([q(2), n("S")]);
    let mu2 = || pow(n("μ"), 2);
    let t0 = || tr(p([n("A"), pow(n("K"), -2), pow(n("Γ"), 2), n("U")]));
    let r1 = || p([n("∇L"), t(n("∇L"))]);
    let samples = || over_i(p([i("∇ℓ"), t(i("∇ℓ"))]));
    let d_sum = || over_i(i("d"));
    for (expr, expected) in [
        (p([over([q(1)], letters("SN")), samples()]), "(1/(SN)) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ"),
        (
            sub(p([over([q(1)], letters("SN")), samples()]), p([batch(), n("∇L"), t(n("∇L"))])),
            "(1/(SN)) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − (1/S) ∇L∇Lᵀ",
        ),
        (
            p([
                over([q(1)], letters("SN")),
                sub(over_i(p([i("d"), t(i("d"))])), p([over([q(1)], n("N")), d_sum(), t(d_sum())])),
            ]),
            "(1/(SN))(∑ᵢ dᵢdᵢᵀ − (1/N)(∑ᵢ dᵢ)(∑ᵢ dᵢ)ᵀ)",
        ),
        (
            p([
                over([sub(n("N"), n("S"))], sub(n("N"), q(1))),
                batch(),
                sub(p([over([q(1)], n("N")), samples()]), r1()),
            ]),
            "((N − S)/(N − 1))(1/S)((1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ)",
        ),
        (
            p([over([add(q(1), mu2())], sub(q(1), mu2())), n("Λ"), n("H"), n("Σ"), n("H"), n("Λ")]),
            "((1+μ²)/(1−μ²)) ΛHΣHΛ",
        ),
        (p([one_minus_mu(), add(letters("ΛHΣ"), letters("ΣHΛ"))]), "(1−μ)(ΛHΣ + ΣHΛ)"),
        (
            p([batch(), sum([plus(letters("AΣA")), plus(p([tr(letters("AΣ")), n("A")])), plus(p([n("σ²"), n("A")]))])]),
            "(1/S)(AΣA + Tr[AΣ]A + σ²A)",
        ),
        (p([over([n("λ"), n("σ²")], two_s()), n("I")]), "(λσ²/(2S)) I"),
        (p([over([n("σ²")], p([q(2), n("S"), one_minus_mu()])), n("Λ")]), "(σ²/(2S(1−μ))) Λ"),
        (over([n("σ²"), n("κ")], two_s()), "σ²κ/(2S)"),
        (over([n("σ²"), tr(lag())], two_s()), "σ² Tr[ΛAG⁻¹]/(2S)"),
        (over([n("σ²")], q(2)), "σ²/2"),
        (
            over_i(over([q(1)], sum([plus(over([q(2)], p([n("λ"), i("a")]))), minus(q(1)), plus(batch())]))),
            "∑ᵢ 1/(2/(λaᵢ) − 1 + 1/S)",
        ),
        (sub(p([q(2), n("I")]), p([n("λ"), sub(q(1), batch()), n("A")])), "2I − λ(1 − 1/S)A"),
        (over([n("σ²"), n("Λ"), n("A"), n("Λ")], n("S")), "σ²ΛAΛ/S"),
        (p([noise(), n("Λ"), inv(sub(q(2), letters("ΛA")))]), "(σ²/S) Λ(2 − ΛA)⁻¹"),
        (
            add(
                over([n("σ²"), tr(p([n("Λ"), n("A"), inv(sub(q(2), letters("ΛA")))]))], two_s()),
                over([n("σ²")], q(2)),
            ),
            "σ² Tr[ΛA(2 − ΛA)⁻¹]/(2S) + σ²/2",
        ),
        (tr(p([t(n("Γ'")), n("A"), n("Γ'"), n("U")])), "Tr[Γ'ᵀAΓ'U]"),
        (p([n("Γ"), n("A'"), n("U"), n("A'"), n("Γ")]), "ΓA'UA'Γ"),
        (
            p([
                over([n("λ")], n("S")),
                t0(),
                add(q(1), over([n("λ"), n("κ")], n("S"))),
                n("A"),
                inv(n("K")),
                inv(n("G")),
            ]),
            "(λ/S) Tr[AK⁻²Γ²U](1 + λκ/S) AK⁻¹G⁻¹",
        ),
        (
            add(p([over([n("λ")], two_s()), add(p([t0(), n("κ")]), n("r"))]), p([half(), t0()])),
            "(λ/(2S))(Tr[AK⁻²Γ²U]κ + r) + ½ Tr[AK⁻²Γ²U]",
        ),
        (
            sub(p([q(2), n("I")]), p([n("λ"), add(n("K"), p([batch(), inv(n("K")), pow(n("A"), 2)]))])),
            "2I − λ(K + (1/S) K⁻¹A²)",
        ),
        (over([n("a"), n("γ"), pow(n("u"), 2)], p([q(2), n("k")])), "aγu²/(2k)"),
        (
            sub(
                p([q(2), add(n("a"), n("γ"))]),
                p([n("λ"), add(pow(add(n("a"), n("γ")), 2), over([q(2), pow(n("a"), 2)], n("S")))]),
            ),
            "2(a + γ) − λ((a + γ)² + 2a²/S)",
        ),
        (p([half(), add(n("K"), n("H"))]), "½ (K + H)"),
        (
            p([
                over([n("λ")], n("S")),
                add(p([n("T₀"), n("A")]), p([n("A"), n("Γ'"), n("U"), n("Γ'"), n("A")])),
                inv(n("K")),
                inv(sub(q(2), letters("λK"))),
            ]),
            "(λ/S)(T₀A + AΓ'UΓ'A) K⁻¹(2 − λK)⁻¹",
        ),
        (p([over([q(2), at("L₀", Point::Minimizer)], n("S")), n("H₀")]), "(2L₀(w*)/S) H₀"),
        (p([batch(), n("Γ"), n("w*"), t(n("w*")), n("Γ")]), "(1/S) Γw*w*ᵀΓ"),
        (sub(over([n("λ"), n("D")], n("g")), n("S")), "λD/g − S"),
        (p([half(), mean(p([t(n("w")), n("B"), n("w")]))]), "½ E[wᵀBw]"),
        (mean(pow(norm(n("∇L")), 2)), "E[|∇L|²]"),
        (sub(p([q(2), at("L₀", Point::Minimizer), n("H₀")]), p([n("λ"), n("H₀")])), "2L₀(w*)H₀ − λH₀"),
        (sub(p([over([one_minus_mu()], one_plus_mu()), n("λ")]), p([batch(), n("A")])), "((1−μ)/(1+μ))λ − (1/S) A"),
        (p([batch(), over_i(i("p")), over_i(i("ξ"))]), "(1/S)(∑ᵢ pᵢ)(∑ᵢ ξᵢ)"),
    ] {
        assert_eq!(expr.written(Unicode), expected);
    }
}

#[test]
fn brackets_stand_where_a_reader_would_be_in_doubt() {
    let product = p([n("a"), n("b")]);
    for (expr, expected) in [
        (over([n("a")], product.clone()), ["a/(ab)", "a/(a b)", r"\frac{a}{a b}"]),
        (over([n("a")], over([n("b")], n("c"))), ["a/(b/c)", "a/(b/c)", r"\frac{a}{\frac{b}{c}}"]),
        (over([over([n("a")], n("b"))], n("c")), ["(a/b)/c", "(a/b)/c", r"\frac{\left(\frac{a}{b}\right)}{c}"]),
        (over([product.clone()], n("c")), ["(ab)/c", "(a b)/c", r"\frac{\left(a b\right)}{c}"]),
        (over([n("a"), n("b")], n("c")), ["ab/c", "a b/c", r"\frac{a b}{c}"]),
        (p([product.clone(), n("c")]), ["(ab)c", "(a b) c", r"\left(a b\right) c"]),
        (
            over([n("a")], pow(add(n("b"), n("c")), 2)),
            ["a/(b + c)²", "a/(b + c)^2", r"\frac{a}{\left(b + c\right)^{2}}"],
        ),
        (sub(n("a"), add(n("b"), n("c"))), ["a − (b + c)", "a - (b + c)", r"a - \left(b + c\right)"]),
        (sum([minus(n("a")), plus(n("b"))]), ["−a + b", "-a + b", "-a + b"]),
        (p([n("a"), sum([minus(n("b"))])]), ["a(−b)", "a(-b)", r"a\left(-b\right)"]),
        (p([over_i(i("x")), n("a")]), ["(∑ᵢ xᵢ)a", "(sum_i x_i) a", r"\left(\sum_{i} x_{i}\right) a"]),
        (
            p([n("a"), over_i(add(i("x"), n("b")))]),
            ["a ∑ᵢ (xᵢ + b)", "a sum_i (x_i + b)", r"a\sum_{i} \left(x_{i} + b\right)"],
        ),
        (over([over_i(i("x"))], n("N")), ["(∑ᵢ xᵢ)/N", "(sum_i x_i)/N", r"\frac{\sum_{i} x_{i}}{N}"]),
        (over_i(over([i("x")], n("N"))), ["∑ᵢ xᵢ/N", "sum_i x_i/N", r"\sum_{i} \frac{x_{i}}{N}"]),
        (ox(vec![p([n("A"), n("B")]), n("C")]), ["(AB)⊗C", "(A B) ox C", r"\left(A B\right) \otimes C"]),
        (p([half(), oplus(vec![n("K"), n("K")])]), ["½ (K⊕K)", "0.5(K o+ K)", r"\tfrac12\left(K \oplus K\right)"]),
        (t(p([n("A"), n("B")])), ["(AB)ᵀ", "(A B)^T", r"\left(A B\right)^{\top}"]),
        (t(inv(n("A"))), ["(A⁻¹)ᵀ", "(A^-1)^T", r"\left(A^{-1}\right)^{\top}"]),
    ] {
        assert_written(expr, expected);
    }
}

#[test]
fn a_dot_stands_before_a_number_and_a_space_before_a_possible_argument() {
    assert_written(p([n("λ"), q(2)]), ["λ·2", "lambda * 2", r"\lambda\cdot 2"]);
    assert_written(p([q(2), half(), n("A")]), ["2·½ A", "2 * 0.5 A", r"2\cdot \tfrac12 A"]);
    assert_written(p([n("C"), positive(n("w"))]), ["C (w)₊", "C max{0, w}", r"C\max\left\{0, \mathbf{w}\right\}"]);
    assert_written(p([n("L_test"), n("A")]), ["L_test A", "L_test A", r"L_{\text{test}} A"]);
}

#[test]
fn letters_side_by_side_make_no_word() {
    assert_eq!(letters("mu").written(Unicode), "m·u");
    assert_eq!(letters("ghat").written(Unicode), "gha·t");
    assert_eq!(letters("on").written(Unicode), "o·n");
    assert_eq!(letters("au").written(Unicode), "au");
    assert_eq!(p([n("S"), tr(n("A"))]).written(Unicode), "S Tr[A]");
    assert_eq!(p([n("λ"), tr(n("A"))]).written(Unicode), "λTr[A]");
}

#[test]
fn bars_in_bars_are_double_outside() {
    let inner = pow(norm(n("u")), 2);
    assert_written(inner.clone(), ["|u|²", "|u|^2", r"\left|u\right|^{2}"]);
    let outer = pow(norm(p([inner, n("u")])), 2);
    assert_written(outer, ["‖|u|²u‖²", "|||u|^2 u||^2", r"\left\|\left|u\right|^{2} u\right\|^{2}"]);
}

#[test]
fn statements_have_three_spellings() {
    let write = |statement: &Statement| [Unicode, Ascii, Latex].map(|spelling| statement.written(spelling));
    for (statement, expected) in [
        (
            equation_up_to(n("L_train"), over([n("σ²")], q(2)), Limit::LearningRate, 2),
            [
                "L_train = σ²/2 + O(λ²)",
                "L_train = sigma^2/2 + O(lambda^2)",
                r"L_{\text{train}} = \frac{\sigma^{2}}{2} + O\left(\lambda^{2}\right)",
            ],
        ),
        (
            equation_up_to(n("L"), q(0), Limit::BatchSize, 2),
            ["L = 0 + O(S⁻²)", "L = 0 + O(S^-2)", r"L = 0 + O\left(S^{-2}\right)"],
        ),
        (
            equation_up_to(n("L"), q(0), Limit::Residuals, 1),
            ["L = 0 + O(|L₀ − ℓᵢ|)", "L = 0 + O(|L_0 - l_i|)", r"L = 0 + O\left(\left|L_{0} - \ell_{i}\right|\right)"],
        ),
        (
            approximately(n("Σ"), n("X"), Limit::BatchSize),
            ["Σ ≈ X, S → ∞", "Sigma ~ X, S -> inf", r"\Sigma \approx X, S \to \infty"],
        ),
        (
            tends(n("L_test"), q(0), Limit::LabelNoise),
            ["L_test → 0, σ² → 0", "L_test -> 0, sigma^2 -> 0", r"L_{\text{test}} \to 0, \sigma^{2} \to 0"],
        ),
        (
            Statement::Comparison {
                comparison: compared(n("L_test"), Relation::Greater, n("L_train")),
                somewhere: true,
            },
            [
                "L_test > L_train somewhere",
                "L_test > L_train somewhere",
                r"L_{\text{test}} > L_{\text{train}} \ \text{somewhere}",
            ],
        ),
        (
            stationary(
                When::Iff,
                vec![
                    compared(p([n("g"), n("S")]), Relation::Greater, p([n("λ"), n("D")])),
                    Comparison { on: Some(n("C")), ..compared(n("K"), Relation::SucceedsOrEquals, q(0)) },
                ],
            ),
            [
                "stationary iff gS > λD and K ⪰ 0 on C",
                "stationary iff g S > lambda D and K >>= 0 on C",
                r"\text{stationary} \ \text{iff} \ g S > \lambda D \ \text{and} \ K \succeq 0 \ \text{on} \ C",
            ],
        ),
        (
            Statement::Stationary {
                in_mean: true,
                when: When::OnlyIf,
                condition: Condition(vec![compared(n("S"), Relation::AtLeast, n("D"))]),
            },
            [
                "stationary in mean only if S ≥ D",
                "stationary in mean only if S >= D",
                r"\text{stationary} \ \text{in} \ \text{mean} \ \text{only} \ \text{if} \ S \geq D",
            ],
        ),
        (
            Statement::Equivalence {
                left: compared(n("K"), Relation::Succeeds, q(0)),
                right: Condition(vec![compared(n("S"), Relation::Unequal, n("D"))]),
            },
            ["K ≻ 0 iff S ≠ D", "K >> 0 iff S != D", r"K \succ 0 \ \text{iff} \ S \neq D"],
        ),
    ] {
        assert_eq!(write(&statement), expected);
    }
}

#[test]
fn definitions_have_three_spellings() {
    let write = |head, body| {
        let definition = Definition { head, body, place: Place::default() };
        [Unicode, Ascii, Latex].map(|spelling: Spelling| definition.written(spelling))
    };
    assert_eq!(
        write(Head::Indexed(named("d"), Index::I), Body::Is(sub(i("∇ℓ"), n("∇L")))),
        ["dᵢ = ∇ℓᵢ − ∇L", "d_i = grad l_i - grad L", r"d_{i} = \nabla \ell_{i} - \nabla L"]
    );
    assert_eq!(
        write(Head::Function(named("f"), vec![named("s"), named("t")]), Body::Is(add(n("s"), n("t")))),
        ["f(s, t) = s + t", "f(s, t) = s + t", r"f\left(s, t\right) = s + t"]
    );
    assert_eq!(
        write(Head::Name(named("X")), Body::Solves(letters("KX"), n("I"))),
        ["X solves KX = I", "X solves K X = I", r"X \ \text{solves} \ K X = I"]
    );
    assert_written(
        Expr::of(Node::Call(named("f"), vec![n("λ"), q(2)])),
        ["f(λ, 2)", "f(lambda, 2)", r"f\left(\lambda, 2\right)"],
    );
    assert_written(vec_of(n("I")), ["vec[I]", "vec[I]", r"\operatorname{vec}\left[I\right]"]);
    assert_written(pinv(add(n("H₀"), n("Γ"))), ["(H₀ + Γ)⁺", "(H_0 + Gamma)^+", r"\left(H_{0} + \Gamma\right)^{+}"]);
}

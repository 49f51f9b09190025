//! The commands of LaTeX: what they stand for, and which of them only set type.

/// Whether a word is a command whose backslash may have been forgotten.
pub(super) fn is_command(word: &str) -> bool {
    let others = FONTS.iter().chain(&UPRIGHT).chain(EMPTY).chain(&["hat"]);
    CHARACTERS.iter().map(|(command, _)| command).chain(others).any(|command| *command == word)
}

/// Commands that stand for a character.
pub(super) const CHARACTERS: &[(&str, char)] = &[
    ("ell", 'ℓ'),
    ("varepsilon", 'ε'),
    ("vartheta", 'θ'),
    ("varphi", 'φ'),
    ("varrho", 'ρ'),
    ("varkappa", 'κ'),
    ("nabla", '∇'),
    ("sum", '∑'),
    ("infty", '∞'),
    ("top", 'ᵀ'),
    ("intercal", 'ᵀ'),
    ("transpose", 'ᵀ'),
    ("dagger", '⁺'),
    ("prime", '\''),
    ("ast", '*'),
    ("star", '*'),
    ("cdot", '·'),
    ("times", '·'),
    ("otimes", '⊗'),
    ("oplus", '⊕'),
    ("le", '≤'),
    ("leq", '≤'),
    ("leqslant", '≤'),
    ("ge", '≥'),
    ("geq", '≥'),
    ("geqslant", '≥'),
    ("lt", '<'),
    ("gt", '>'),
    ("ne", '≠'),
    ("neq", '≠'),
    ("prec", '≺'),
    ("preceq", '⪯'),
    ("preccurlyeq", '⪯'),
    ("succ", '≻'),
    ("succeq", '⪰'),
    ("succcurlyeq", '⪰'),
    ("approx", '≈'),
    ("simeq", '≈'),
    ("sim", '≈'),
    ("to", '→'),
    ("rightarrow", '→'),
    ("longrightarrow", '→'),
    ("coloneqq", '≔'),
    ("coloneq", '≔'),
    ("triangleq", '≔'),
    ("vcentcolon", ':'),
    ("colon", ':'),
    ("iff", '⇔'),
    ("Leftrightarrow", '⇔'),
    ("Longleftrightarrow", '⇔'),
    ("wedge", '∧'),
    ("land", '∧'),
    ("vert", '|'),
    ("lvert", '|'),
    ("rvert", '|'),
    ("mid", '|'),
    ("|", '‖'),
    ("Vert", '‖'),
    ("lVert", '‖'),
    ("rVert", '‖'),
    ("{", '{'),
    ("}", '}'),
    ("lbrace", '{'),
    ("rbrace", '}'),
    ("lbrack", '['),
    ("rbrack", ']'),
    ("lparen", '('),
    ("rparen", ')'),
    ("\\", ';'),
    ("newline", ';'),
];

/// Commands whose one argument is dropped with them.
pub(super) const DROPPED: [&str; 6] = ["tag", "label", "ref", "eqref", "hspace", "vspace"];

/// Commands that set their argument in a font, in which letters are letters.
pub(super) const FONTS: &[&str] = &[
    "mathbf",
    "boldsymbol",
    "bm",
    "pmb",
    "mathcal",
    "mathbb",
    "mathscr",
    "mathfrak",
    "mathsf",
    "mathit",
    "ensuremath",
    "mathrel",
    "mathbin",
];

/// Commands that set their argument upright, as words are.
pub(super) const UPRIGHT: [&str; 8] =
    ["mathrm", "operatorname", "text", "textrm", "textit", "textnormal", "mbox", "mathop"];

/// Commands that have no argument and no meaning.
pub(super) const EMPTY: &[&str] = &[
    "left",
    "right",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "biggl",
    "biggr",
    "Biggl",
    "Biggr",
    "middle",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "limits",
    "nolimits",
    "nonumber",
    "notag",
    "bf",
    "rm",
    "it",
    ",",
    ":",
    ";",
    "!",
    ">",
    " ",
    "/",
    "thinspace",
    "[",
    "]",
    "(",
    ")",
];

/// Words that LaTeX has as commands.
pub(super) const WORDS: [&str; 4] = ["Tr", "max", "vec", "E"];

/// What to write in place of angle brackets.
pub(super) const MEAN: &str = "A mean is written E[…], an inner product uᵀw.";

/// What LaTeX has and the language has not, with what to write instead.
pub(super) const MISSING: &[(&str, &str)] = &[
    ("sqrt", "Formulas are evaluated exactly, so that there are no roots: state the square."),
    ("begin", "Arrays and environments are not read: give each formula as a text of its own."),
    ("end", "Arrays and environments are not read: give each formula as a text of its own."),
    ("pm", "Write two formulas, one with + and one with −."),
    ("mp", "Write two formulas, one with + and one with −."),
    ("partial", "Derivatives are symbols: ∇L, ∇ℓᵢ, and K, H₀ for second ones."),
    ("int", "A mean is E[…]."),
    ("langle", MEAN),
    ("rangle", MEAN),
    ("propto", "Write the factor out: l = r, with a number or a name in r."),
    ("in", "A sum runs over all samples or all eigenvalues: \\sum_i."),
    ("bar", "A letter can have a hat, a prime and a subscript: \\hat{g}, A', G_\\mu."),
    ("tilde", "A letter can have a hat, a prime and a subscript: \\hat{g}, A', G_\\mu."),
    ("dot", "A letter can have a hat, a prime and a subscript: \\hat{g}, A', G_\\mu."),
    ("overline", "A letter can have a hat, a prime and a subscript: \\hat{g}, A', G_\\mu."),
    ("underline", "A letter can have a hat, a prime and a subscript: \\hat{g}, A', G_\\mu."),
    ("perp", "A letter can have a hat, a prime and a subscript: \\hat{g}, A', G_\\mu."),
    ("dots", "Write the formula out, or use \\sum_i."),
    ("ldots", "Write the formula out, or use \\sum_i."),
    ("cdots", "Write the formula out, or use \\sum_i."),
    ("gg", "M ≻ 0 is \\succ."),
    ("ll", "M ≺ 0 is \\prec."),
];

//! The mutants of a source, by the names that cargo-mutants gives them.
//!
//! Every change of an operator is named, except in methods called `new`, which cargo-mutants skips. Changed results are
//! named as far as it takes to ask whether a type is among them. cargo-mutants itself need not be installed.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, BinOp, ExprBinary, ExprUnary, ImplItemFn, Item, ItemFn, ItemImpl, ItemMod, ItemTrait, PathSegment,
    ReturnType, TraitItemFn, UnOp,
};

use super::names::is_test;

/// The names of the mutants of a file.
pub fn mutants(path: &str, text: &str) -> syn::Result<Vec<String>> {
    let mut found = Mutants { path, inside: Vec::new(), names: Vec::new() };
    found.visit_file(&syn::parse_file(text)?);
    Ok(found.names)
}

struct Mutants<'a> {
    path: &'a str,
    /// The modules, types and functions around, as a name shows them.
    inside: Vec<String>,
    names: Vec<String>,
}

/// What an operator is replaced with.
fn replacements(operator: &BinOp) -> (&'static str, &'static [&'static str]) {
    match operator {
        BinOp::Add(_) => ("+", &["-", "*"]),
        BinOp::Sub(_) => ("-", &["+", "/"]),
        BinOp::Mul(_) => ("*", &["+", "/"]),
        BinOp::Div(_) => ("/", &["%", "*"]),
        BinOp::Rem(_) => ("%", &["/", "+"]),
        BinOp::AddAssign(_) => ("+=", &["-=", "*="]),
        BinOp::SubAssign(_) => ("-=", &["+=", "/="]),
        BinOp::MulAssign(_) => ("*=", &["+=", "/="]),
        BinOp::DivAssign(_) => ("/=", &["%=", "*="]),
        BinOp::RemAssign(_) => ("%=", &["/=", "+="]),
        BinOp::And(_) => ("&&", &["||"]),
        BinOp::Or(_) => ("||", &["&&"]),
        BinOp::Eq(_) => ("==", &["!="]),
        BinOp::Ne(_) => ("!=", &["=="]),
        BinOp::Lt(_) => ("<", &["==", ">", "<="]),
        BinOp::Gt(_) => (">", &["==", "<", ">="]),
        BinOp::Le(_) => ("<=", &[">"]),
        BinOp::Ge(_) => (">=", &["<"]),
        BinOp::Shl(_) => ("<<", &[">>"]),
        BinOp::Shr(_) => (">>", &["<<"]),
        BinOp::BitAnd(_) => ("&", &["|", "^"]),
        BinOp::BitOr(_) => ("|", &["&", "^"]),
        BinOp::BitXor(_) => ("^", &["|", "&"]),
        BinOp::ShlAssign(_) => ("<<=", &[">>="]),
        BinOp::ShrAssign(_) => (">>=", &["<<="]),
        BinOp::BitAndAssign(_) => ("&=", &["|="]),
        BinOp::BitOrAssign(_) => ("|=", &["&="]),
        BinOp::BitXorAssign(_) => ("^=", &["|=", "&="]),
        _ => ("", &[]),
    }
}

impl Mutants<'_> {
    fn push(&mut self, span: Span, change: &str) {
        let start = span.start();
        self.names.push(format!("{}:{}:{}: {change}", self.path, start.line, start.column + 1));
    }

    /// A change in the body of a function, or of a constant, which a name does not show.
    fn push_within(&mut self, span: Span, change: &str) {
        let function = if self.inside.is_empty() { String::new() } else { format!(" in {}", self.inside.join("::")) };
        self.push(span, &format!("{change}{function}"));
    }

    fn within(&mut self, name: String, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        if !is_test(attributes) {
            self.inside.push(name);
            visit(self);
            self.inside.pop();
        }
    }

    /// Results of the type that a function returns, and of those in it.
    fn results(&mut self, function: Span, output: &ReturnType) {
        let ReturnType::Type(_, returned) = output else { return };
        let mut types = Types(Vec::new());
        types.visit_type(returned);
        let calls = ["new()", "new(Default::default())", "from(Default::default())", "from_iter([Default::default()])"];
        let made = types.0.iter().flat_map(|name| calls.map(|call| format!("{name}::{call}")));
        let returned = text(returned.span());
        for value in Vec::from_iter(made.chain(["Default::default()".into()])) {
            for value in [format!("Ok({value})"), format!("Some({value})"), value] {
                self.push(function, &format!("replace {} -> {returned} with {value}", self.inside.join("::")));
            }
        }
    }
}

/// The source of a span, with single blanks.
fn text(span: Span) -> String {
    span.source_text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Types(Vec<String>);

impl<'a> Visit<'a> for Types {
    fn visit_path_segment(&mut self, segment: &'a PathSegment) {
        self.0.push(segment.ident.to_string());
        visit::visit_path_segment(self, segment);
    }
}

impl<'a> Visit<'a> for Mutants<'_> {
    fn visit_item(&mut self, item: &'a Item) {
        // Constants of tests are no code either.
        if !matches!(item, Item::Const(constant) if is_test(&constant.attrs)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        self.within(module.ident.to_string(), &module.attrs, |inside| visit::visit_item_mod(inside, module));
    }

    fn visit_item_impl(&mut self, block: &'a ItemImpl) {
        let of = text(block.self_ty.span());
        let name = match &block.trait_ {
            Some((path, _)) => format!("<impl {} for {of}>", text(path.span())),
            None => of,
        };
        self.within(name, &block.attrs, |inside| visit::visit_item_impl(inside, block));
    }

    fn visit_item_trait(&mut self, block: &'a ItemTrait) {
        self.within(block.ident.to_string(), &block.attrs, |inside| visit::visit_item_trait(inside, block));
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        self.within(function.sig.ident.to_string(), &function.attrs, |inside| {
            inside.results(function.block.span(), &function.sig.output);
            visit::visit_item_fn(inside, function);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        if function.sig.ident == "new" {
            return;
        }
        self.within(function.sig.ident.to_string(), &function.attrs, |inside| {
            inside.results(function.block.span(), &function.sig.output);
            visit::visit_impl_item_fn(inside, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'a TraitItemFn) {
        self.within(function.sig.ident.to_string(), &function.attrs, |inside| {
            visit::visit_trait_item_fn(inside, function);
        });
    }

    fn visit_expr_binary(&mut self, expression: &'a ExprBinary) {
        let (operator, others) = replacements(&expression.op);
        for other in others {
            self.push_within(expression.op.span(), &format!("replace {operator} with {other}"));
        }
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_unary(&mut self, expression: &'a ExprUnary) {
        match expression.op {
            UnOp::Neg(_) => self.push_within(expression.op.span(), "delete -"),
            UnOp::Not(_) => self.push_within(expression.op.span(), "delete !"),
            _ => {}
        }
        visit::visit_expr_unary(self, expression);
    }
}

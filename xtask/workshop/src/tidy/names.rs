//! The names in a Rust source, by the parser `syn`: what a module defines, imports and mentions.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, Meta, MetaList, Path, UseTree, Visibility};

/// The names of a module, without those of its tests.
#[derive(Default)]
pub struct Names {
    /// What it defines, but for modules.
    pub items: BTreeSet<String>,
    /// What it imports.
    pub imports: Vec<Import>,
    /// The paths in its code.
    pub mentions: Vec<Mention>,
    /// The modules that it holds.
    pub inline: Vec<(String, Names)>,
    /// The modules that it declares, whose text is in another file.
    pub elsewhere: Vec<String>,
}

/// A name that `use` makes.
pub struct Import {
    /// The name, or `None` for all those of a module.
    pub name: Option<String>,
    /// What it stands for.
    pub mention: Mention,
    /// Whether others may import it from here.
    pub public: bool,
}

/// A path, and where it stands.
pub struct Mention {
    /// Its words.
    pub path: Vec<String>,
    /// Its line, from 1.
    pub line: usize,
}

impl Names {
    /// The names in the text of a file.
    pub fn read(text: &str) -> syn::Result<Self> {
        let mut names = Names::default();
        names.visit_file(&syn::parse_file(text)?);
        Ok(names)
    }

    fn import(&mut self, tree: &UseTree, prefix: &[String], public: bool) {
        let and = |word: &syn::Ident| [prefix, &[word.to_string()]].concat();
        let (name, word, path) = match tree {
            UseTree::Path(path) => return self.import(&path.tree, &and(&path.ident), public),
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, prefix, public));
            }
            // `a::{self}` is `a`.
            UseTree::Name(name) if name.ident == "self" => (prefix.last().cloned(), name.ident.span(), prefix.to_vec()),
            UseTree::Name(name) => (Some(name.ident.to_string()), name.ident.span(), and(&name.ident)),
            UseTree::Rename(name) => (Some(name.rename.to_string()), name.ident.span(), and(&name.ident)),
            UseTree::Glob(glob) => (None, glob.star_token.spans[0], prefix.to_vec()),
        };
        self.imports.push(Import { name, mention: Mention { path, line: word.start().line }, public });
    }

    /// The paths among tokens that are not parsed: words with two colons between them.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Option<Mention> = None;
        let mut colons = 0;
        for tree in tokens {
            match tree {
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Ident(word) => {
                    if let Some(path) = path.as_mut().filter(|_| colons == 2) {
                        path.path.push(word.to_string());
                    } else {
                        let line = word.span().start().line;
                        self.mentions.extend(path.replace(Mention { path: vec![word.to_string()], line }));
                    }
                    colons = 0;
                }
                other => {
                    self.mentions.extend(path.take());
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.scan(group.stream());
                    }
                }
            }
        }
        self.mentions.extend(path);
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_item(&mut self, item: &'a Item) {
        let (name, attributes) = match item {
            Item::Const(item) => (Some(&item.ident), &item.attrs),
            Item::Enum(item) => (Some(&item.ident), &item.attrs),
            Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
            Item::Macro(item) => (item.ident.as_ref(), &item.attrs),
            Item::Static(item) => (Some(&item.ident), &item.attrs),
            Item::Struct(item) => (Some(&item.ident), &item.attrs),
            Item::Trait(item) => (Some(&item.ident), &item.attrs),
            Item::TraitAlias(item) => (Some(&item.ident), &item.attrs),
            Item::Type(item) => (Some(&item.ident), &item.attrs),
            Item::Union(item) => (Some(&item.ident), &item.attrs),
            Item::Impl(item) => (None, &item.attrs),
            Item::Use(item) => (None, &item.attrs),
            Item::Mod(item) if is_test(&item.attrs) => return,
            Item::Mod(item) => {
                let name = item.ident.to_string();
                return match &item.content {
                    None => self.elsewhere.push(name),
                    Some((_, items)) => {
                        let mut inside = Names::default();
                        items.iter().for_each(|item| inside.visit_item(item));
                        self.inline.push((name, inside));
                    }
                };
            }
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            self.items.extend(name.map(|name| name.to_string()));
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        self.import(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'a Path) {
        let words = path.segments.iter().map(|segment| segment.ident.to_string());
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        self.mentions.push(Mention { path: words.collect(), line });
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'a Macro) {
        self.visit_path(&called.path);
        self.scan(called.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'a MetaList) {
        self.scan(list.tokens.clone());
    }

    /// `pub(in crate::x)` tells who may look, and looks nowhere.
    fn visit_visibility(&mut self, _: &'a Visibility) {}
}

/// Whether attributes leave something to tests.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            let words = Vec::from_iter(list.tokens.clone().into_iter().map(|token| token.to_string()));
            words.iter().any(|word| word == "test" || word.starts_with("(test")) && words[0] != "not"
        }
        _ => false,
    })
}

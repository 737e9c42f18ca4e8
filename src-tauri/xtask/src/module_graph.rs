//! Which source file of a package uses which other one, read from the code, and the circles in that graph.
//!
//! A file uses another when one of its paths (`crate::…`, `super::…`, a child module, an imported module) ends in it.
//! What is re-exported counts for the file that re-exports it: `super::Type` uses the parent. A `mod`
//! declaration alone is no use, and code that only tests compile may use anything.
//!
//! `cargo-modules` answers the same question with rust-analyzer's libraries, which take longer to compile than the app.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::error::{Error, Result};

/// Each file with the files that it uses.
pub(crate) type Graph = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// The graph of everything that these crate roots (`lib.rs`, `main.rs`) are made of.
///
/// # Errors
/// When a file cannot be read, or is not Rust.
pub(crate) fn read(roots: &[PathBuf]) -> Result<Graph> {
    let mut graph = Graph::new();
    for root in roots {
        let tree = Tree::read(root)?;
        for (id, module) in tree.modules.iter().enumerate() {
            let used = graph.entry(module.file.clone()).or_default();
            used.extend(tree.used_by(id).filter(|file| *file != module.file));
        }
    }
    Ok(graph)
}

/// Groups of files of which each uses, through others, all the rest. Sorted.
pub(crate) fn circles(graph: &Graph) -> Vec<Vec<PathBuf>> {
    let mut files = DiGraph::<&PathBuf, ()>::new();
    let nodes: BTreeMap<_, _> = graph
        .keys()
        .map(|file| (file, files.add_node(file)))
        .collect();
    for (file, used) in graph {
        for other in used.iter().filter_map(|other| nodes.get(other)) {
            files.add_edge(nodes[file], *other, ());
        }
    }
    let mut circles: Vec<Vec<PathBuf>> = tarjan_scc(&files)
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| group.into_iter().map(|node| files[node].clone()).collect())
        .collect();
    circles.iter_mut().for_each(|circle| circle.sort());
    circles.sort();
    circles
}

/// A module of a crate, in a file of its own or inline.
#[derive(Default)]
struct Module {
    file: PathBuf,
    parent: Option<usize>,
    /// Modules by name; several where the platform decides which one is compiled.
    children: BTreeMap<String, Vec<usize>>,
    paths: Paths,
}

/// The modules of one crate; the root comes first.
#[derive(Default)]
struct Tree {
    modules: Vec<Module>,
}

impl Tree {
    fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        tree.add_file(root, None, &folder)?;
        Ok(tree)
    }

    /// Adds the module of a file, whose submodules stand in `folder`.
    fn add_file(&mut self, file: &Path, parent: Option<usize>, folder: &Path) -> Result<usize> {
        let text = fs::read_to_string(file).map_err(Error::file(file))?;
        let syntax = syn::parse_file(&text)
            .map_err(|error| Error::Unexpected(format!("{}: {error}", file.display())))?;
        self.add_module(file, parent, folder, &syntax.items)
    }

    fn add_module(
        &mut self,
        file: &Path,
        parent: Option<usize>,
        folder: &Path,
        items: &[syn::Item],
    ) -> Result<usize> {
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            ..Module::default()
        });
        let mut paths = Paths::default();
        for item in items {
            let syn::Item::Mod(module) = item else {
                paths.visit_item(item);
                continue;
            };
            if is_for_tests(&module.attrs) {
                continue;
            }
            let name = module.ident.to_string();
            let child = if let Some((_, items)) = &module.content {
                self.add_module(file, Some(id), &folder.join(&name), items)?
            } else {
                let child = file_of(module, file, folder);
                // Submodules of `a/mod.rs` and of `a.rs` stand in `a`, unless `#[path]` says where the file is.
                let below = match (path_of(&module.attrs), child.file_stem()) {
                    (Some(_), _) => child.parent().unwrap_or(folder).to_owned(),
                    _ => folder.join(&name),
                };
                self.add_file(&child, Some(id), &below)?
            };
            self.modules[id]
                .children
                .entry(name)
                .or_default()
                .push(child);
        }
        self.modules[id].paths = paths;
        Ok(id)
    }

    /// Files that a module's paths end in.
    fn used_by(&self, id: usize) -> impl Iterator<Item = PathBuf> {
        let paths = &self.modules[id].paths;
        // A module that is imported counts where it is used, for what is used of it.
        let mut imported = BTreeMap::new();
        let mut used = BTreeSet::new();
        for import in &paths.imports {
            let ends = self.resolve(id, &import.path, &BTreeMap::new());
            let (modules, others): (Vec<End>, Vec<End>) = ends
                .into_iter()
                .partition(|end| end.is_whole && !import.is_kept);
            used.extend(others.into_iter().map(|end| end.module));
            if !modules.is_empty() {
                let modules = modules.into_iter().map(|end| end.module).collect();
                imported.insert(import.name.clone(), modules);
            }
        }
        for path in &paths.used {
            let ends = self.resolve(id, path, &imported);
            used.extend(ends.into_iter().map(|end| end.module));
        }
        used.into_iter()
            .map(|module| self.modules[module].file.clone())
    }

    /// The modules that a path leads to; none when it leads out of the crate.
    fn resolve(
        &self,
        from: usize,
        path: &[String],
        imported: &BTreeMap<String, Vec<usize>>,
    ) -> Vec<End> {
        let Some((first, mut rest)) = path.split_first() else {
            return Vec::new();
        };
        // As in `pub(crate)`, within a macro.
        if rest.is_empty() && matches!(first.as_str(), "crate" | "self" | "super") {
            return Vec::new();
        }
        let children = &self.modules[from].children;
        let mut modules = match first.as_str() {
            "crate" => vec![0],
            "self" => vec![from],
            "super" => self.modules[from].parent.into_iter().collect(),
            name => match imported.get(name).or_else(|| children.get(name)) {
                Some(modules) => modules.clone(),
                None => return Vec::new(),
            },
        };
        while let Some((name, after)) = rest.split_first() {
            let next: Vec<usize> = modules
                .iter()
                .flat_map(|module| {
                    let module = &self.modules[*module];
                    match name.as_str() {
                        "super" => module.parent.into_iter().collect(),
                        name => module.children.get(name).cloned().unwrap_or_default(),
                    }
                })
                .collect();
            if next.is_empty() {
                break;
            }
            (modules, rest) = (next, after);
        }
        let is_whole = rest.is_empty();
        modules
            .into_iter()
            .map(|module| End { module, is_whole })
            .collect()
    }
}

/// Where a path ends.
struct End {
    module: usize,
    /// Whether the path names the module itself, not something in it.
    is_whole: bool,
}

/// A name that `use` brings into a module.
struct Import {
    name: String,
    path: Vec<String>,
    /// Whether it counts although nothing here uses it: a re-export, or everything in a module.
    is_kept: bool,
}

/// The paths in the code of one module.
#[derive(Default)]
struct Paths {
    imports: Vec<Import>,
    used: Vec<Vec<String>>,
}

impl Paths {
    fn add_import(&mut self, tree: &syn::UseTree, mut path: Vec<String>, is_public: bool) {
        match tree {
            syn::UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.add_import(&part.tree, path, is_public);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_import(tree, path.clone(), is_public);
                }
            }
            syn::UseTree::Glob(_) => self.imports.push(Import {
                name: String::new(),
                path,
                is_kept: true,
            }),
            syn::UseTree::Name(name) => {
                let name = name.ident.to_string();
                if name != "self" {
                    path.push(name);
                }
                self.imports.push(Import {
                    name: path.last().cloned().unwrap_or_default(),
                    path,
                    is_kept: is_public,
                });
            }
            syn::UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    path.push(rename.ident.to_string());
                }
                self.imports.push(Import {
                    name: rename.rename.to_string(),
                    path,
                    is_kept: is_public,
                });
            }
        }
    }

    /// Paths in what a macro is given, which need not be an expression.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.used.push(std::mem::take(&mut path));
                    }
                    path.push(ident.to_string());
                }
                TokenTree::Group(group) => {
                    self.used.push(std::mem::take(&mut path));
                    self.add_tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.used.push(std::mem::take(&mut path));
                }
            }
            colons = 0;
        }
        self.used.push(path);
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !attributes(item).is_some_and(|attributes| is_for_tests(attributes)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_public = !matches!(item.vis, syn::Visibility::Inherited);
        self.add_import(&item.tree, Vec::new(), is_public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let names: Vec<String> = names.collect();
        // A name alone is a variable, or was imported.
        if names.len() > 1 {
            self.used.push(names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    /// `#[serde(with = "super::moment")]` is a use; text that is documentation is none.
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            let literals = list
                .tokens
                .clone()
                .into_iter()
                .filter_map(|token| match token {
                    TokenTree::Literal(literal) => Some(literal.to_string()),
                    _ => None,
                });
            for text in literals {
                if let Ok(path) = syn::parse_str::<syn::Path>(text.trim_matches('"')) {
                    self.visit_path(&path);
                }
            }
        }
    }

    /// `pub(in crate::store)` says who may see it and uses nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
}

/// The file of `mod name;` in `file`.
fn file_of(module: &syn::ItemMod, file: &Path, folder: &Path) -> PathBuf {
    if let Some(path) = path_of(&module.attrs) {
        return file.parent().unwrap_or(folder).join(path);
    }
    let name = module.ident.to_string();
    let own = folder.join(format!("{name}.rs"));
    if own.exists() {
        own
    } else {
        folder.join(name).join("mod.rs")
    }
}

/// The value of `#[path = "…"]`.
fn path_of(attributes: &[syn::Attribute]) -> Option<String> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
}

/// Whether `#[cfg(test)]` or `#[cfg(all(test, …))]` keeps it out of the program.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return false;
        };
        let condition = list.tokens.to_string().replace(' ', "");
        list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all(test,"))
    })
}

/// The attributes of an item; none for those that hold no paths of their own.
fn attributes(item: &syn::Item) -> Option<&Vec<syn::Attribute>> {
    Some(match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

//! The rules of the tree, checked.
//!
//! `src/lib.rs` is the map: a module may use only the modules declared above it.

use std::{
    fs,
    path::{Path, PathBuf},
};

const MAX_LINES: usize = 400;

/// Words of a statement after which a table is named.
const BEFORE_A_TABLE: [&str; 4] = ["from", "join", "into", "update"];

/// Every `.rs` file of the module `root`, be it a folder or a single file.
fn files(root: PathBuf) -> Vec<PathBuf> {
    if !root.is_dir() {
        return vec![root.with_extension("rs")];
    }
    let entries = fs::read_dir(root).unwrap().map(|e| e.unwrap().path());
    let code = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|e| e == "rs");
    entries.filter(code).flat_map(files).collect()
}

/// The code of a file, without its tests and comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let body = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    let lines = body.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules of `lib.rs`, lowest first.
fn modules() -> Vec<String> {
    let text = code(Path::new("src/lib.rs"));
    let names = text.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The `x` of every `crate::x…` and of every `crate::{x…, x…}`.
fn uses(code: &str) -> Vec<String> {
    let head = |s: &str| {
        s.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            found.push(head(rest));
            continue;
        };
        let mut depth = 0;
        found.push(head(list));
        for (i, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(head(&list[i + 1..])),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn a_module_uses_only_what_is_declared_above_it() {
    let modules = modules();
    let mut wrong = Vec::new();
    for (rank, module) in modules.iter().enumerate() {
        for file in files(Path::new("src").join(module)) {
            let used = uses(&code(&file));
            let below = modules[rank + 1..].iter().filter(|m| used.contains(m));
            wrong.extend(below.map(|m| format!("{} uses {m}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "src/lib.rs forbids:\n{}", wrong.join("\n"));
}

#[test]
fn sql_lives_in_queries() {
    let marks = ["query!(", "query_as!(", "query_scalar!(", "sqlx::query", "QueryBuilder"];
    let mut wrong = files(PathBuf::from("src"));
    wrong.retain(|f| {
        let path = f.display().to_string();
        // The composition root asks the database whether it is there, and locks it while it loads.
        let machinery = path.starts_with("src/platform") || path.starts_with("src/app");
        !path.contains("queries") && !machinery && marks.iter().any(|m| code(f).contains(m))
    });
    assert!(wrong.is_empty(), "SQL outside queries: {wrong:?}");
}

/// A slice reads and writes its own schema; of another it may only read `*_report` views.
#[test]
fn a_slice_touches_only_its_own_schema() {
    let mut wrong = Vec::new();
    let schemas = modules();
    for module in modules() {
        for file in files(Path::new("src").join(&module)) {
            let text = code(&file);
            let words: Vec<_> =
                text.split(|c: char| c.is_whitespace() || c == '"' || c == '(').collect();
            for pair in words.windows(2) {
                let named = BEFORE_A_TABLE.contains(&pair[0].to_lowercase().as_str());
                let Some((schema, table)) = pair[1].split_once('.').filter(|_| named) else {
                    continue;
                };
                let published =
                    table.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with("_report");
                if schema != module && !published && schemas.contains(&schema.to_owned()) {
                    wrong.push(format!("{}: {schema}.{table}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "tables of other slices:\n{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let mut long = files(PathBuf::from("src"));
    long.retain(|f| code(f).lines().count() > MAX_LINES);
    assert!(long.is_empty(), "split these: {long:?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut silent = files(PathBuf::from("src"));
    silent.retain(|f| f.ends_with("mod.rs") && !fs::read_to_string(f).unwrap().starts_with("//!"));
    assert!(silent.is_empty(), "no module doc: {silent:?}");
}

//! Rules of the house that no compiler checks. A rule without a check does not exist.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

const FILE_LINES_MAX: usize = 400;

/// Built, fetched or generated: not ours to keep tidy.
const FOREIGN_FOLDERS: &str =
    "node_modules dist dev-dist target _generated pkg/wasm test-results playwright-report";

/// A file of the checkout, by its path from the root with forward slashes.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn has_extension(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.path.ends_with(&format!(".{extension}")))
    }

    /// The text without comments that take a whole line: those may name what the code must not use.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let comment = |line: &str| ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(move |(_, line)| !comment(line))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the checkout that people wrote.
fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(root(), &mut found);
    assert!(found.len() > 20, "the walk over the checkout found only {} files", found.len());
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("folder can be read").map(|entry| entry.expect("entry").path()).collect();
    entries.sort();
    for entry in entries {
        let path = entry.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        let name = path.rsplit('/').next().expect("a path has a last part");
        let hidden = name.starts_with('.') && name != ".ci";
        if hidden || FOREIGN_FOLDERS.split(' ').any(|foreign| foreign == name || foreign == path) {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, found);
        } else if let Ok(text) = fs::read_to_string(&entry) {
            found.push(Source { path, text });
        }
    }
}

/// Fails with every finding at once, each on a line of its own.
fn expect_none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}

/// Whether `word` stands in `line` by itself: not as a part of a longer name.
fn mentions(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part_of_name);
        let after = line[at + word.len()..].chars().next().is_some_and(part_of_name);
        let part_of_longer =
            (before && word.starts_with(part_of_name)) || (after && word.ends_with(part_of_name));
        !part_of_longer
    })
}

fn findings(sources: &[Source], applies: impl Fn(&Source) -> bool, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| applies(source)) {
        for (number, line) in source.code_lines() {
            for word in words.split_whitespace().filter(|word| mentions(line, word)) {
                found.push(format!("{}:{number} mentions {word}", source.path));
            }
        }
    }
    found
}

#[test]
fn the_engine_knows_no_browser_clock_entropy_or_unordered_map() {
    let sources = sources();
    let engine = |source: &Source| source.path.starts_with("src/engine/") || source.path == "src/engine.rs";
    assert!(sources.iter().any(engine), "src/engine is empty");
    let words = "crate::web wasm_bindgen js_sys web_sys gloo_timers gloo_events gloo_storage std::time \
        Instant SystemTime HashMap HashSet rand:: getrandom std::fs std::net std::env std::thread \
        std::process";
    expect_none("The engine is told everything by its arguments", &findings(&sources, engine, words));
}

/// A room of the package `tabweave`: who may import whom.
struct Layer {
    folder: &'static str,
    may_import: &'static [&'static str],
    packages: &'static [&'static str],
}

/// The longest folder that fits a file is its layer; "" is the core, which knows no framework.
const LAYERS: [Layer; 7] = [
    Layer {
        folder: "convex/server/",
        may_import: &["convex/server/"],
        packages: &["convex/server", "convex/values"],
    },
    Layer { folder: "convex/", may_import: &["convex/", ""], packages: &["convex"] },
    Layer {
        folder: "live-interaction/",
        may_import: &["live-interaction/", "react/", ""],
        packages: &["react"],
    },
    Layer { folder: "resolve/", may_import: &["resolve/", ""], packages: &["diff"] },
    Layer {
        folder: "ui/",
        may_import: &["ui/", "resolve/", "react/", ""],
        packages: &["react", "react-aria"],
    },
    Layer { folder: "react/", may_import: &["react/", ""], packages: &["react"] },
    Layer { folder: "", may_import: &[""], packages: &[] },
];

fn layer_of(path: &str) -> &'static Layer {
    LAYERS.iter().find(|layer| path.starts_with(layer.folder)).expect("the core takes every path")
}

/// What a TypeScript file imports, with the number of the line.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in source.code_lines() {
        for lead in ["from \"", "import \"", "import(\""] {
            for (at, _) in line.match_indices(lead) {
                let rest = &line[at + lead.len()..];
                found.push((number, rest.split('"').next().expect("split gives one part").to_owned()));
            }
        }
    }
    found
}

/// `specifier` seen from the file at `path`, without `.` and `..`; may lead out of the folder.
fn resolve(path: &str, specifier: &str) -> String {
    let folder = Path::new(path).parent().expect("a file lies in a folder");
    let mut parts: Vec<String> = Vec::new();
    for part in folder.join(specifier).components() {
        match part {
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    parts.join("/")
}

/// Why this import is not allowed, if it is not.
fn objection(path: &str, specifier: &str) -> Option<String> {
    let layer = layer_of(path);
    if !specifier.starts_with('.') {
        let known = layer
            .packages
            .iter()
            .any(|name| specifier == *name || specifier.starts_with(&format!("{name}/")));
        return (!known).then(|| format!("imports the package {specifier}"));
    }
    let target = resolve(path, specifier);
    if target.starts_with("../wasm/") {
        let engine_room = path == "init.ts" || path.starts_with("engine/");
        return (!engine_room).then(|| "imports the engine's glue, which init.ts does".to_owned());
    }
    let allowed = layer.may_import.contains(&layer_of(&target).folder) && !target.starts_with("..");
    (!allowed).then(|| format!("imports {target}"))
}

#[test]
fn the_package_is_imported_downwards_only() {
    let mut found = Vec::new();
    let mut checked = 0;
    for source in sources().iter().filter(|source| source.has_extension(&["ts", "tsx"])) {
        let Some(path) = source.path.strip_prefix("pkg/src/") else {
            continue;
        };
        for (number, specifier) in imports(source) {
            checked += 1;
            found.extend(objection(path, &specifier).map(|why| format!("pkg/src/{path}:{number} {why}")));
        }
    }
    assert!(checked > 0, "no import was found in pkg/src");
    expect_none("React and Convex stand on the core, never the other way", &found);
}

#[test]
fn the_package_for_servers_touches_no_browser() {
    let server = |source: &Source| source.path.starts_with("pkg/src/convex/server/");
    let words = "window. document. navigator. localStorage indexedDB BroadcastChannel";
    expect_none("Convex functions run on a server", &findings(&sources(), server, words));
}

#[test]
fn the_demo_uses_the_package_as_its_users_do() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("www/")) {
        for (number, specifier) in imports(source) {
            if source.has_extension(&["ts", "tsx"]) && resolve(&source.path, &specifier).starts_with("pkg/") {
                found.push(format!("{}:{number} imports {specifier}", source.path));
            }
        }
    }
    expect_none("The demo imports `tabweave`, not its sources", &found);
}

#[test]
fn files_are_short() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.has_extension(&["rs", "ts", "tsx", "mjs", "css"])) {
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            found.push(format!("{} has {lines} lines", source.path));
        }
    }
    expect_none("A file holds one noun in at most 400 lines", &found);
}

/// The keys of the object literal `CODES`, which stand at its first level of indentation.
fn codes() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("pkg/src/errors/codes.ts")).expect("pkg/src/errors/codes.ts");
    let (_, table) = text.split_once("export const CODES = {\n").expect("codes.ts exports CODES");
    let (table, _) = table.split_once("\n}").expect("CODES is closed");
    let key = |line: &str| {
        let (name, _) = line.strip_prefix("  ")?.split_once(": ")?;
        let is_code = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        is_code.then(|| name.to_owned())
    };
    table.lines().filter_map(key).collect()
}

#[test]
fn every_error_code_is_explained() {
    let manual = fs::read_to_string(root().join("ERRORS.md")).expect("ERRORS.md");
    let mut explained = BTreeSet::new();
    let mut found = Vec::new();
    for section in manual.split("\n## ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let code = heading.trim().trim_matches('`').to_owned();
        for part in ["Cause", "What to do"] {
            if !body.contains(part) {
                found.push(format!("ERRORS.md: {code} has no “{part}”"));
            }
        }
        explained.insert(code);
    }
    let codes = codes();
    assert!(codes.len() > 5, "only {} codes were found in CODES", codes.len());
    found.extend(codes.difference(&explained).map(|code| format!("ERRORS.md does not explain {code}")));
    found.extend(explained.difference(&codes).map(|code| format!("{code} is explained, but no code")));
    expect_none("ERRORS.md explains the codes there are", &found);
}

#[test]
fn nothing_is_left_for_later_or_skipped() {
    let code = |source: &Source| {
        source.has_extension(&["rs", "ts", "tsx", "mjs", "css", "html"]) && source.path != "tests/tidy.rs"
    };
    let words = "todo! unimplemented! dbg! #[ignore TODO FIXME XXX .only( test.skip( it.skip( describe.skip( \
        test.fixme( waitForTimeout @ts-ignore @ts-nocheck debugger;";
    let mut found = findings(&sources(), code, words);
    for source in sources().iter().filter(|source| code(source)) {
        for (at, line) in source.text.lines().enumerate() {
            for word in ["TODO", "FIXME", "@ts-ignore", "@ts-nocheck"] {
                if line.trim_start().starts_with("//") && mentions(line, word) {
                    found.push(format!("{}:{} mentions {word}", source.path, at + 1));
                }
            }
        }
    }
    expect_none("Finish it, or leave it out", &found);
}

#[test]
fn no_path_of_one_machine() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.path != "tests/tidy.rs") {
        for (at, line) in source.text.lines().enumerate() {
            for path in ["/work/", "/root/", "/home/", "/Users/", "/tmp/", "C:\\\\"] {
                // In an address it is the path of a page.
                let machine = line
                    .split(|c: char| c.is_whitespace() || "\"'`(=,:".contains(c))
                    .any(|word| word.starts_with(path));
                if machine {
                    found.push(format!("{}:{} names {path}", source.path, at + 1));
                }
            }
        }
    }
    expect_none("The checkout works wherever it lies", &found);
}

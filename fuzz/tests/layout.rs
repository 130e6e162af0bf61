//! Nothing about a target is forgotten: program, options, dictionary, seeds.

#![allow(clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tokens_fuzz::TARGETS;

fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The names in a directory, without what follows the last dot; none where it is not there.
fn names(directory: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(place(directory)).into_iter().flatten().flatten();
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    entries.filter_map(|entry| stem(&entry.path())).collect()
}

fn targets() -> BTreeSet<String> {
    TARGETS.iter().map(|target| target.name.to_owned()).collect()
}

#[test]
fn each_target_has_a_program_options_and_seeds_and_nothing_else_has() {
    assert_eq!(names("fuzz_targets"), targets());
    assert_eq!(names("options"), targets());
    assert_eq!(names("seeds"), targets());
    assert!(names("regressions").is_subset(&targets()));
}

#[test]
fn the_manifest_names_each_program() {
    let manifest = fs::read_to_string(place("Cargo.toml")).expect("the manifest");
    let named = manifest.lines().filter_map(|line| line.strip_prefix("path = "));
    let named: BTreeSet<String> = named.map(|path| path.trim_matches('"').to_owned()).collect();
    let program = |directory: &'static str| move |name: String| format!("{directory}/{name}.rs");
    let targets = names("fuzz_targets").into_iter().map(program("fuzz_targets"));
    let yardsticks = names("throughput").into_iter().map(program("throughput"));
    assert_eq!(named, targets.chain(yardsticks).collect());
}

#[test]
fn each_dictionary_is_used_and_can_be_read() {
    let mut used = BTreeSet::new();
    for target in targets() {
        let options = fs::read_to_string(place("options").join(format!("{target}.options")));
        let options = options.expect("options");
        assert!(options.starts_with("[libfuzzer]\n"), "{target}");
        assert!(options.contains("\nmax_len = "), "{target}");
        let dictionary = options.lines().find_map(|line| line.strip_prefix("dict = "));
        used.extend(dictionary.and_then(|name| name.strip_suffix(".dict")).map(str::to_owned));
    }
    assert_eq!(names("dictionaries"), used);
    for name in used {
        let text = fs::read_to_string(place("dictionaries").join(format!("{name}.dict")));
        for line in text.expect("a dictionary").lines().filter(|line| !line.starts_with('#')) {
            assert!(line.is_empty() || is_entry(line), "{name}: {line}");
        }
    }
}

#[test]
fn a_line_of_a_dictionary_is_judged_as_libfuzzer_judges_it() {
    for (line, can_be_read) in [
        (r#""a b""#, true),
        (r#""\\\"\x0a""#, true),
        (r#""""#, false),
        (r#""a"#, false),
        (r#""a\""#, false),
        (r#""\q""#, false),
        (r#""\n""#, false),
        (r#""\x0""#, false),
        (r#""\xg0""#, false),
        ("\"\u{e9}\"", false),
    ] {
        assert_eq!(is_entry(line), can_be_read, "{line}");
    }
}

/// Printable ASCII in quotes, where `\\`, `\"` and `\xAB` stand for bytes: all else stops libFuzzer.
fn is_entry(line: &str) -> bool {
    let inside = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut rest = inside.unwrap_or_default().as_bytes();
    while !rest.is_empty() {
        rest = match rest {
            [b'\\', b'\\' | b'"', rest @ ..] => rest,
            [b'\\', b'x', a, b, rest @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                rest
            }
            [b' '..=b'[' | b']'..=b'~', rest @ ..] => rest,
            _ => return false,
        };
    }
    line.len() > 2
}

//! Writes what the vectors and chance give for each target: `DIRECTORY/material/TARGET/NAME`, from which
//! `cargo xtask seeds` has libFuzzer choose what is committed, and `DIRECTORY/kept/TARGET/NAME`, all of
//! which is.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use conformance::protocol::{Document, Request};
use conformance::vector::Case;
use conformance::{DOCUMENTS, suite};

/// The targets whose bytes stand for values, and how many bytes nearly each value is made of.
const STRUCTURED: [(&str, usize); 4] = [
    ("permission_structured", 64),
    ("load_structured", 512),
    ("append_history", 512),
    ("access_decisions", 128),
];

/// How many values of each are kept.
const KEPT: u64 = 64;

/// The files of each target.
type Seeds = BTreeMap<&'static str, Files>;

/// No file is there twice under two names.
#[derive(Default)]
struct Files {
    files: Vec<(String, Vec<u8>)>,
    seen: HashSet<Vec<u8>>,
}

impl Files {
    fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        if self.seen.insert(bytes.clone()) {
            self.files.push((name.into(), bytes));
        }
    }
}

#[allow(clippy::print_stderr, reason = "this is a program for people")]
fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Name the directory to write to.");
        return ExitCode::from(2);
    };
    match write_all(&directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_all(directory: &Path) -> Result<(), Box<dyn std::error::Error>> {
    write(&directory.join("material"), &material()?)?;
    write(&directory.join("kept"), &kept())
}

fn write(directory: &Path, seeds: &Seeds) -> Result<(), Box<dyn std::error::Error>> {
    for (target, Files { files, .. }) in seeds {
        let directory = directory.join(target);
        fs::create_dir_all(&directory)?;
        for (name, bytes) in files {
            fs::write(directory.join(name), bytes)?;
        }
    }
    Ok(())
}

fn material() -> Result<Seeds, Box<dyn std::error::Error>> {
    let mut seeds = Seeds::new();
    for case in suite::load()?.iter().flat_map(|file| &file.cases) {
        add_vector(&mut seeds, case)?;
    }
    add_sessions(seeds.entry("driver_lines").or_default());
    add_lifetimes(seeds.entry("expiry_text").or_default());
    for (stream, (target, _)) in (0..).zip(STRUCTURED) {
        add_chance(seeds.entry(target).or_default(), stream);
    }
    Ok(seeds)
}

/// Values that differ in nothing but their data reach the same edges: to libFuzzer one is as good as all, and to
/// an oracle it is not.
fn kept() -> Seeds {
    let mut seeds = Seeds::new();
    for (stream, (target, length)) in (0..).zip(STRUCTURED) {
        let files = seeds.entry(target).or_default();
        for at in 0..KEPT {
            let seed = (1 << 63) + (stream << 32) + at;
            files.add(format!("value-{at:02}"), testkit::source::bytes(seed, length));
        }
    }
    seeds
}

fn add_vector(seeds: &mut Seeds, case: &Case) -> Result<(), Box<dyn std::error::Error>> {
    let name = case.id.replace('/', ".");
    let members = case.request.get().trim_start().trim_start_matches('{');
    let line = format!("{{\"seq\":1,\"op\":\"{}\",{}\n", case.op, members.replace('\n', " "));
    seeds.entry("driver_lines").or_default().add(&name, line);
    let document = match case.request()? {
        Request::Permission(request) => {
            add_names(seeds, &name, request.text.split([':', ',']));
            seeds.entry("permission_text").or_default().add(&name, request.text.as_bytes());
            return Ok(());
        }
        Request::Load(request) => Some(request.document),
        Request::Access(request) => Some(request.document),
        Request::Append(request) => request.document,
        Request::Plan(request) => Some(request.document),
    };
    if let Some(document) = document.as_ref() {
        add_document(seeds, &name, document)?;
    }
    Ok(())
}

fn add_document(
    seeds: &mut Seeds,
    name: &str,
    document: &Document<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = document.bytes().map_err(|error| error.to_string())?;
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let databases = json.get("create_databases").and_then(|names| names.as_array());
    add_names(seeds, name, databases.into_iter().flatten().filter_map(|name| name.as_str()));
    seeds.entry("load_bytes").or_default().add(name, bytes);
    Ok(())
}

fn add_names<'n>(seeds: &mut Seeds, case: &str, names: impl Iterator<Item = &'n str>) {
    for (at, name) in names.enumerate() {
        seeds.entry("database_name").or_default().add(format!("{case}.{at}"), name);
    }
}

/// The session in `PROTOCOL.md`, whole: vectors are one request each.
fn add_sessions(seeds: &mut Files) {
    let protocol = DOCUMENTS.iter().find(|(name, _)| *name == "PROTOCOL.md");
    let requests = protocol.into_iter().flat_map(|(_, text)| text.lines());
    let requests: Vec<&str> = requests.filter_map(|line| line.strip_prefix("→ ")).collect();
    seeds.add("protocol", requests.join("\n"));
    for request in requests {
        seeds.add(format!("protocol.{}", seeds.files.len()), format!("{request}\n"));
    }
    for (name, line) in [("no-json", "x"), ("no-op", "{\"seq\":1}"), ("no-request", "")] {
        seeds.add(name, format!("{line}\n"));
    }
}

fn add_lifetimes(seeds: &mut Files) {
    let units = "ns nsec us usec ms msec millis s sec seconds m min minutes h hr hours d day days w week weeks \
                 M month months y year years";
    for unit in units.split(' ') {
        for number in ["1", "1.5", "0"] {
            seeds.add(format!("{number}{unit}"), format!("{number}{unit}"));
        }
    }
    let texts =
        ["1h 30m", "1month 2weeks", "1m 999ms", "-1d", "soon", "", "10", "1 d", "1d 1d", "٣d"];
    for (at, text) in texts.into_iter().enumerate() {
        seeds.add(format!("text-{at}"), text);
    }
    for number in ["292277024y", "292277025y", "584554530872y", "18446744073709551616s"] {
        seeds.add(number, number);
    }
}

/// Bytes of all lengths for the generators, the same in each run.
fn add_chance(seeds: &mut Files, stream: u64) {
    for length in [8, 16, 32, 64, 128, 256, 512, 1024] {
        for at in 0..150 {
            let seed = (stream << 32) + (length as u64) * 1000 + at;
            // Small numbers choose what generators put first, so some files have many of them.
            let mask = if at % 2 == 0 { 0xff } else { 0x0f };
            let bytes = testkit::source::bytes(seed, length).into_iter().map(|byte| byte & mask);
            seeds.add(format!("chance-{length}-{at}"), bytes.collect::<Vec<u8>>());
        }
    }
}

//! `cargo xtask dist`: the archive of a release for machines as this one, and its checksum. Whoever makes it
//! again from the same sources, with the same compiler and in the same place, gets the same bytes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::run::{self, cargo, top};

const PROGRAM: &str = "influxdb3-tokens";
const DOCUMENTS: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Each shell, and the name by which it finds a script.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "influxdb3-tokens.bash"),
    ("elvish", "influxdb3-tokens.elv"),
    ("fish", "influxdb3-tokens.fish"),
    ("powershell", "_influxdb3-tokens.ps1"),
    ("zsh", "_influxdb3-tokens"),
];

/// When everything was changed last, whenever that was: the first moment of 2026.
const MODIFIED: u64 = 1_767_225_600;

/// A file of the archive.
#[derive(Clone)]
struct Entry {
    /// Where it is, below the directory of the release.
    path: String,
    mode: u32,
    content: Vec<u8>,
}

impl Entry {
    fn new(path: impl Into<String>, content: Vec<u8>) -> Self {
        Entry { path: path.into(), mode: 0o644, content }
    }
}

pub(crate) fn run() -> Result<(), String> {
    let mut build = cargo(&["build", "--release", "--locked", "--package", PROGRAM]);
    run::run(build.env_remove("CARGO_BUILD_TARGET"))?;
    let target = target_directory()?;
    let release = release(env!("CARGO_PKG_VERSION"), &host()?);
    let archive = archive(&release, entries(&target.join("release").join(PROGRAM))?)?;
    let directory = target.join("dist");
    fs::create_dir_all(&directory)
        .map_err(|error| format!("{} cannot be made: {error}", directory.display()))?;
    let name = file_name(&release);
    let checksum = format!("{}  {name}\n", sha256(&archive));
    write(&directory.join(format!("{name}.sha256")), checksum.as_bytes())?;
    write(&directory.join(name), &archive)
}

/// What a release for one kind of machine is called: the directory that its archive unpacks to.
fn release(version: &str, target: &str) -> String {
    format!("{PROGRAM}-v{version}-{target}")
}

fn file_name(release: &str) -> String {
    format!("{release}.tar.gz")
}

/// The kind of machine that is built for.
fn host() -> Result<String, String> {
    let about = run::output(&mut cargo(&["-vV"]))?;
    let about = String::from_utf8_lossy(&about).into_owned();
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "cargo does not say what it builds for".to_owned())
}

fn target_directory() -> Result<PathBuf, String> {
    let args = ["metadata", "--no-deps", "--format-version", "1", "--locked"];
    let metadata = run::output(&mut cargo(&args))?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata)
        .map_err(|error| format!("what cargo says of the workspace is no JSON: {error}"))?;
    let directory = metadata.get("target_directory").and_then(|directory| directory.as_str());
    directory.map(PathBuf::from).ok_or_else(|| "cargo does not say where it builds".to_owned())
}

/// The program, and what belongs to it; it makes completions and manual pages itself.
fn entries(program: &Path) -> Result<Vec<Entry>, String> {
    let mut entries = vec![Entry { mode: 0o755, ..Entry::new(PROGRAM, read(program)?) }];
    for document in DOCUMENTS {
        entries.push(Entry::new(document, read(&top().join(document))?));
    }
    for (shell, name) in COMPLETIONS {
        let script = run::output(Command::new(program).args(["completions", shell]))?;
        entries.push(Entry::new(format!("completions/{name}"), script));
    }
    entries.extend(manual(program)?);
    Ok(entries)
}

fn manual(program: &Path) -> Result<Vec<Entry>, String> {
    let directory = tempfile::tempdir().map_err(|error| format!("no directory: {error}"))?;
    let pages = run::output(Command::new(program).args(["man", "--dir"]).arg(directory.path()))?;
    let pages = String::from_utf8_lossy(&pages).into_owned();
    let page = |path: &str| {
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
        Ok(Entry::new(format!("man/{name}"), read(Path::new(path))?))
    };
    pages.lines().map(page).collect()
}

/// A compressed archive in which nothing depends on who made it, when, or in which order.
fn archive(release: &str, mut entries: Vec<Entry>) -> Result<Vec<u8>, String> {
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for Entry { path, mode, content } in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(MODIFIED);
        archive
            .append_data(&mut header, format!("{release}/{path}"), content.as_slice())
            .map_err(|error| format!("{path} cannot be put into the archive: {error}"))?;
    }
    let compressed = archive.into_inner().and_then(GzEncoder::finish);
    compressed.map_err(|error| format!("the archive cannot be ended: {error}"))
}

fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    fs::write(path, content)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    eprintln!("{}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn an_archive_depends_on_its_files_alone() {
        let program = Entry { mode: 0o755, ..Entry::new(PROGRAM, vec![7; 3000]) };
        let page = Entry::new("man/page.1", b"page".to_vec());
        let one = archive("r", vec![program.clone(), page.clone()]).unwrap();
        assert_eq!(archive("r", vec![page.clone(), program]).unwrap(), one);
        // The moment in gzip's own header.
        assert_eq!(one[4..8], [0; 4]);
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(one.as_slice()));
        let mut found = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert_eq!(header.mtime().unwrap(), MODIFIED);
            let path = entry.path().unwrap().display().to_string();
            found.push((path, header.mode().unwrap(), content));
        }
        let program = (format!("r/{PROGRAM}"), 0o755, vec![7; 3000]);
        assert_eq!(found, [program, ("r/man/page.1".to_owned(), 0o644, b"page".to_vec())]);
    }

    /// A template of `[package.metadata.binstall]`, as cargo-binstall fills it in.
    fn filled(member: &str) -> String {
        let manifest = fs::read_to_string(top().join("Cargo.toml")).unwrap();
        let line = manifest.lines().find_map(|line| line.strip_prefix(&format!("{member} = ")));
        let template = line.unwrap().trim_matches('"');
        [
            ("{ repo }", "https://example.org/repository"),
            ("{ name }", PROGRAM),
            ("{ bin }", PROGRAM),
            ("{ version }", "1.2.3"),
            ("{ target }", "x86_64-unknown-linux-gnu"),
            ("{ binary-ext }", ""),
        ]
        .into_iter()
        .fold(template.to_owned(), |text, (field, value)| text.replace(field, value))
    }

    #[test]
    fn binstall_looks_for_what_is_made_here() {
        let release = release("1.2.3", "x86_64-unknown-linux-gnu");
        let url = "https://example.org/repository/releases/download/v1.2.3";
        assert_eq!(filled("pkg-url"), format!("{url}/{}", file_name(&release)));
        assert_eq!(filled("bin-dir"), format!("{release}/{PROGRAM}"));
        assert_eq!(filled("pkg-fmt"), "tgz");
    }

    #[test]
    fn a_checksum_is_as_sha256sum_has_it() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
    }
}

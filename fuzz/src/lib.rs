//! What is fuzzed: nine targets, each a name and an oracle that any bytes are put to.
//!
//! Generators and oracles are those of the crate `testkit`, and know no engine. Built by cargo-fuzz, a
//! target is a libFuzzer program; built by cargo, it replays the files and directories on its command
//! line, for a debugger or a machine without an engine.
//!
//! ```
//! assert!(tokens_fuzz::TARGETS.iter().all(|target| (target.test)(b"db:sensors:read")));
//! ```

mod driver;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arbitrary::Arbitrary;
use testkit::{oracle, source};

/// A fuzz target: it panics where something is broken.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its program, seeds, regressions and options.
    pub name: &'static str,
    /// Its oracle; false for bytes that say nothing to it, which no corpus should keep.
    pub test: fn(&[u8]) -> bool,
}

macro_rules! targets {
    ($($(#[$doc:meta])* $name:ident($bytes:ident) $test:expr;)*) => {
        /// All of them.
        pub const TARGETS: &[Target] =
            &[$(Target { name: stringify!($name), test: $name }),*];

        $($(#[$doc])* pub fn $name($bytes: &[u8]) -> bool { $test })*
    };
}

targets! {
    /// Any text, read as a permission.
    permission_text(bytes) text(bytes, oracle::permission::text);
    /// Permissions that are right, or almost.
    permission_structured(bytes) structured(bytes, oracle::permission::structured);
    /// Any bytes, read as a tokens file.
    load_bytes(bytes) any(bytes, oracle::load::bytes);
    /// Tokens files that are right, or almost, in any layout.
    load_structured(bytes) structured(bytes, oracle::load::structured);
    /// Tokens appended to a file, one after the other.
    append_history(bytes) structured(bytes, oracle::append::history);
    /// Tokens, databases and requests.
    access_decisions(bytes) structured(bytes, oracle::access::decisions);
    /// Any bytes, as the standard input of the reference's driver.
    driver_lines(bytes) any(bytes, driver::lines);
    /// Any text, read as a lifetime.
    expiry_text(bytes) text(bytes, oracle::expiry::text);
    /// Any text, read as the name of a database.
    database_name(bytes) text(bytes, oracle::database::name);
}

fn any(bytes: &[u8], oracle: fn(&[u8])) -> bool {
    oracle(bytes);
    true
}

fn text(bytes: &[u8], oracle: fn(&str)) -> bool {
    std::str::from_utf8(bytes).map(oracle).is_ok()
}

fn structured<T: for<'a> Arbitrary<'a> + fmt::Debug>(bytes: &[u8], oracle: fn(&T)) -> bool {
    let case = source::from_bytes(bytes);
    case.map(|case| oracle(ShownIfBroken(&case).0)).is_some()
}

/// Shows what broke an oracle: the bytes of a structured target say nothing to people.
struct ShownIfBroken<'c, T: fmt::Debug>(&'c T);

impl<T: fmt::Debug> Drop for ShownIfBroken<'_, T> {
    #[allow(clippy::print_stderr, reason = "a panic is reported there too")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{:?}", self.0);
        }
    }
}

/// Makes the file a target's program: for an engine, or to replay files.
#[macro_export]
macro_rules! target {
    ($test:expr) => {
        #[cfg(fuzzing)]
        ::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> ::libfuzzer_sys::Corpus {
            if ($test)(bytes) {
                ::libfuzzer_sys::Corpus::Keep
            } else {
                ::libfuzzer_sys::Corpus::Reject
            }
        });

        #[cfg(not(fuzzing))]
        fn main() -> ::std::process::ExitCode {
            $crate::replay($test)
        }
    };
}

/// Puts the files and directories on the command line to an oracle, and names each before.
#[allow(clippy::print_stderr, reason = "this is a program for people")]
pub fn replay(test: fn(&[u8]) -> bool) -> ExitCode {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        eprintln!("Name the files or directories to replay.");
        return ExitCode::from(2);
    }
    for path in paths.iter().flat_map(|path| files(path)) {
        eprintln!("{}", path.display());
        match std::fs::read(&path) {
            Ok(bytes) if test(&bytes) => {}
            Ok(_) => {
                eprintln!("note: this says nothing to the target, and no fuzzer would keep it")
            }
            Err(error) => {
                eprintln!("error: it cannot be read: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}

/// The files of a directory, sorted; what is none stands for itself.
pub fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

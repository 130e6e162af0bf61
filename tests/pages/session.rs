//! A page as a session at a terminal: what it shows as typed is run, and what it shows as printed is
//! compared with what is printed now.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A command and what it printed, standard output before standard error.
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) printed: String,
}

/// The steps of a page's `console` blocks. `$ ` begins a command, and `> ` goes on with it.
pub(crate) fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), line.strip_prefix("> "), steps.last_mut()) {
                (Some(command), ..) => {
                    steps.push(Step { command: command.to_owned(), printed: String::new() });
                }
                (None, Some(more), Some(step)) if step.printed.is_empty() => {
                    step.command.extend(["\n", more]);
                }
                (None, _, Some(step)) => step.printed.extend([line, "\n"]),
                (None, _, None) => {}
            },
        }
    }
    steps
}

impl Step {
    /// The file that the step shows, where it shows one.
    pub(crate) fn file(&self) -> Option<&str> {
        self.command.strip_prefix("cat ").filter(|file| !file.contains([' ', '\n']))
    }
}

/// A directory to type commands in.
pub(crate) struct Terminal {
    directory: TempDir,
    /// Programs, the variables that were exported, and what stand-ins keep.
    aside: TempDir,
    shown: Strings,
    printed: Strings,
}

impl Terminal {
    /// One that finds these programs before all others.
    pub(crate) fn with(programs: impl IntoIterator<Item = PathBuf>) -> Self {
        let [directory, aside] = [(); 2].map(|()| TempDir::new().expect("a directory"));
        let bin = aside.path().join("bin");
        fs::create_dir(&bin).expect("a directory");
        for program in programs {
            let name = program.file_name().expect("a name");
            symlink(&program, bin.join(name)).expect("a link");
        }
        let path = std::env::var("PATH").expect("a path");
        let path = format!("export PATH='{}:{path}'\n", bin.display());
        fs::write(aside.path().join("variables"), path).expect("written");
        Terminal { directory, aside, shown: Strings::default(), printed: Strings::default() }
    }

    /// Goes through a page.
    pub(crate) fn follow(&mut self, steps: &[Step]) {
        for step in steps {
            let path = step.file().map(|file| self.directory.path().join(file));
            match path.filter(|path| !path.exists()) {
                Some(path) => write(&path, &step.printed),
                None => self.compare(step),
            }
        }
    }

    /// Whether a command succeeds, and what it prints.
    pub(crate) fn run(&self, command: &str) -> (bool, String) {
        let variables = self.aside.path().join("variables");
        let variables = variables.display();
        let script = format!("umask 022\n. '{variables}'\n{command}\nexport -p > '{variables}'");
        let output = Command::new("sh")
            .args(["-euc", &script])
            .current_dir(self.directory.path())
            .env("ASIDE", self.aside.path())
            .env("LC_ALL", "C")
            .env_remove("INFLUXDB3_PERMISSION_TOKENS_FILE")
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        (output.status.success(), printed)
    }

    fn compare(&mut self, step: &Step) {
        let shown = step.printed.trim_end();
        let (succeeded, printed) = self.run(&step.command);
        let command = &step.command;
        // A failure has to be in sight.
        assert!(succeeded || !matches!(shown, "" | "…"), "{command} fails:\n{printed}");
        let printed = shortened(printed.trim_end(), shown);
        let (printed, shown) = (self.printed.numbered(&printed), self.shown.numbered(shown));
        assert_eq!(printed, shown, "this is printed, and that is shown, for {command}");
    }
}

/// What a page shows of a file is what is in it.
fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a directory")).expect("made");
    fs::write(path, text).expect("written");
}

/// What is printed, without the lines that the page leaves out: those where it shows `…`.
fn shortened(printed: &str, shown: &str) -> String {
    let (all, kept): (Vec<&str>, Vec<&str>) = (printed.lines().collect(), shown.lines().collect());
    let at = kept.iter().position(|line| *line == "…");
    match at.map(|at| (at, kept.len() - at - 1)) {
        Some((before, after)) if before + after <= all.len() => {
            let (begin, end) = (&all[..before], &all[all.len() - after..]);
            [begin, &["…"], end].concat().join("\n")
        }
        _ => printed.to_owned(),
    }
}

/// Fingerprints and token strings, which are new each time. They are compared by their numbers, so that
/// what is the same one on the page has to be the same one in what is printed.
#[derive(Default)]
struct Strings(Vec<String>);

impl Strings {
    fn numbered(&mut self, text: &str) -> String {
        let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let words = text.split_inclusive(|c| !is_inside(c));
        let words = words.map(|word| {
            let name = word.trim_end_matches(|c| !is_inside(c));
            if is_new_each_time(name) {
                word.replacen(name, &format!("#{}", self.number(name)), 1)
            } else {
                word.to_owned()
            }
        });
        words.collect()
    }

    fn number(&mut self, name: &str) -> usize {
        let known = self.0.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        })
    }
}

fn is_new_each_time(word: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_fingerprint = word.len() == 9 && word.bytes().all(is_hex);
    is_fingerprint || word.starts_with("apiv3_")
}

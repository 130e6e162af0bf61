//! The tokens that a list asks for: CSV with a line of names first, or JSON Lines.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use serde::Deserialize;
use tokens::{DatabaseName, Lifetime, Permission, TokenName, quote, visible};

/// What a list asks for.
#[derive(Default)]
pub(super) struct List {
    pub(super) rows: Vec<Row>,
    /// The databases that the rows bring along, each once.
    pub(super) databases: Vec<DatabaseName<'static>>,
    known: HashSet<String>,
    mistakes: Vec<String>,
    /// Mistakes that are not said.
    more: usize,
}

/// A token to be made.
pub(super) struct Row {
    line: u64,
    pub(super) name: TokenName<'static>,
    pub(super) permissions: Vec<Permission<'static>>,
    pub(super) lifetime: Option<Lifetime>,
}

/// A row as it is written.
struct Written<'w, P, D> {
    line: u64,
    name: &'w str,
    permissions: P,
    expiry: Option<&'w str>,
    databases: D,
}

/// More mistakes are only counted.
const MOST_MISTAKES: usize = 20;

/// Reads a list; JSON Lines where it begins with `{`, else CSV. `on_row` is called for each row.
///
/// # Errors
///
/// What is wrong with it, in words, a line for each mistake.
pub(super) fn read(list: &[u8], on_row: impl Fn()) -> Result<List, String> {
    let text = std::str::from_utf8(list).map_err(|error| {
        let line = 1 + list.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        format!("line {line}: the list is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut list = List::default();
    if text.trim_start().starts_with('{') {
        list.add_json_lines(text, on_row);
    } else if !text.trim().is_empty() {
        list.add_csv(text, on_row)?;
    }
    list.find_repeated_names();
    if list.mistakes.is_empty() && list.rows.is_empty() {
        list.mistakes.push("there is no token in it".to_owned());
    }
    if list.mistakes.is_empty() { Ok(list) } else { Err(list.mistakes_in_words()) }
}

/// A line of JSON Lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonRow<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    permissions: Vec<Cow<'a, str>>,
    #[serde(default, borrow)]
    expiry: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    databases: Vec<Cow<'a, str>>,
}

const COLUMNS: [&str; 4] = ["name", "permissions", "expiry", "databases"];

impl List {
    fn add_json_lines(&mut self, text: &str, on_row: impl Fn()) {
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            on_row();
            match serde_json::from_str::<JsonRow<'_>>(text) {
                Ok(row) => self.add(Written {
                    line,
                    name: &row.name,
                    permissions: row.permissions.iter().map(AsRef::as_ref),
                    expiry: row.expiry.as_deref(),
                    databases: row.databases.iter().map(AsRef::as_ref),
                }),
                Err(error) => self.mistake(line, &without_line(&error)),
            }
        }
    }

    fn add_csv(&mut self, text: &str, on_row: impl Fn()) -> Result<(), String> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        if let Some(column) = header.iter().find(|column| !COLUMNS.contains(column)) {
            let (column, known) = (quote(column), COLUMNS.join(", "));
            return Err(format!("line 1: there is no column {column}; there are {known}"));
        }
        let place = |column| header.iter().position(|name| name == column);
        let [Some(name), Some(permissions), expiry, databases] = COLUMNS.map(place) else {
            return Err("line 1: it has to name the columns `name` and `permissions`".to_owned());
        };
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {
                    on_row();
                    let field = |at: Option<usize>| record.get(at?).filter(|text| !text.is_empty());
                    let list = |at| field(at).unwrap_or_default();
                    self.add(Written {
                        line: line_of(text, record.position()),
                        name: list(Some(name)),
                        permissions: parts(list(Some(permissions)), &[';']),
                        expiry: field(expiry),
                        databases: parts(list(databases), &[';', ',']),
                    });
                }
                Err(error) => {
                    let line = line_of(text, error.position());
                    self.mistake(line, &csv_mistake(&error));
                }
            }
        }
    }

    /// Adds a row, where nothing is wrong with it.
    fn add<'w>(
        &mut self,
        row: Written<'w, impl Iterator<Item = &'w str>, impl Iterator<Item = &'w str>>,
    ) {
        let Written { line, name, permissions, expiry, databases } = row;
        let name = TokenName::parse(name.to_owned());
        let name = name.map_err(|error| self.mistake(line, &error.to_string()));
        let mut understood = Vec::new();
        let mut is_right = true;
        for text in permissions {
            match Permission::parse(text.to_owned()) {
                Ok(permission) => understood.push(permission),
                Err(error) => {
                    is_right = false;
                    self.mistake(line, &format!("{error}; {}", error.help()));
                }
            }
        }
        if is_right && understood.is_empty() {
            is_right = false;
            self.mistake(line, "the token has no permission");
        }
        let lifetime = expiry.map(str::parse::<Lifetime>).transpose();
        let lifetime = lifetime.map_err(|error| self.mistake(line, &error.to_string()));
        databases.for_each(|name| self.declare(line, name));
        if let (Ok(name), Ok(lifetime), true) = (name, lifetime, is_right) {
            self.rows.push(Row { line, name, permissions: understood, lifetime });
        }
    }

    fn declare(&mut self, line: u64, name: &str) {
        if self.known.contains(name) {
            return;
        }
        self.known.insert(name.to_owned());
        match DatabaseName::parse(name.to_owned()) {
            Ok(name) => self.databases.push(name),
            Err(error) => self.mistake(line, &format!("{error}; {}", error.help())),
        }
    }

    /// TOK-06.
    fn find_repeated_names(&mut self) {
        let mut first = HashMap::with_capacity(self.rows.len());
        let mut repeated = Vec::new();
        for Row { line, name, .. } in &self.rows {
            match first.get(name.as_str()) {
                None => drop(first.insert(name.as_str(), *line)),
                Some(before) => {
                    let name = quote(name.as_str());
                    repeated.push((*line, format!("line {before} has the name {name} already")));
                }
            }
        }
        for (line, message) in repeated {
            self.mistake(line, &message);
        }
    }

    fn mistake(&mut self, line: u64, what: &str) {
        if self.mistakes.len() < MOST_MISTAKES {
            self.mistakes.push(format!("line {line}: {what}"));
        } else {
            self.more += 1;
        }
    }

    fn mistakes_in_words(mut self) -> String {
        if self.more > 0 {
            self.mistakes.push(format!("and {} more", self.more));
        }
        self.mistakes.join("\n")
    }
}

/// The parts of a field, between white space or these.
fn parts<'w>(field: &'w str, between: &'static [char]) -> impl Iterator<Item = &'w str> {
    let parts = field.split(move |c: char| c.is_whitespace() || between.contains(&c));
    parts.filter(|part| !part.is_empty())
}

/// The line of a record, which for the reader begins with the blank lines before it.
fn line_of(text: &str, position: Option<&Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let before = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..));
    let blank = before.unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

/// serde_json counts lines from the text that it was given, which is one.
fn without_line(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    format!("{} at column {}", visible(words), error.column())
}

fn csv_mistake(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => format!(
            "the line has {len} fields, and the first one has {expected_len}: quote a field that \
             holds a comma"
        ),
        _ => visible(&error.to_string()).into_owned(),
    }
}

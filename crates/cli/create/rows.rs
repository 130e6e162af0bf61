//! The tokens that a list asks for: CSV with a line of names first, or JSON Lines.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use csv::{Position, ReaderBuilder, StringRecord};
use serde::Deserialize;
use tokens::{DatabaseName, Lifetime, Permission, Timestamp, TokenName, quote, visible};

/// What a list asks for.
#[derive(Default)]
pub(super) struct List {
    pub(super) rows: Vec<Row>,
    /// The databases that the rows bring along, each once.
    pub(super) databases: Vec<DatabaseName<'static>>,
    known: HashSet<String>,
    /// The names, and the line of each.
    names: HashMap<String, u64>,
    mistakes: Vec<String>,
    /// Mistakes that are not said.
    more: usize,
}

/// A token to be made.
pub(super) struct Row {
    pub(super) name: TokenName<'static>,
    pub(super) permissions: Vec<Permission<'static>>,
    pub(super) expiry_millis: Option<i64>,
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

/// Reads a list; JSON Lines where it begins with `{`, else CSV. Tokens expire so long after `now` as they
/// say. `on_row` is called for each row.
///
/// # Errors
///
/// What is wrong with it, in words, a line for each mistake.
pub(super) fn read(list: &[u8], now: Timestamp, on_row: impl Fn()) -> Result<List, String> {
    let text = std::str::from_utf8(list).map_err(|error| {
        let line = 1 + list.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        format!("line {line}: the list is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut list = List::default();
    match text.trim_start().chars().next() {
        Some('{') => list.add_json_lines(text, now, on_row),
        Some('[') => return Err(NO_ARRAY.to_owned()),
        Some(_) => list.add_csv(text, now, on_row)?,
        None => {}
    }
    if list.mistakes.is_empty() && list.rows.is_empty() {
        list.mistakes.push("there is no token in it".to_owned());
    }
    if list.mistakes.is_empty() { Ok(list) } else { Err(list.mistakes_in_words()) }
}

const NO_ARRAY: &str =
    "line 1: a list is CSV, or one JSON object on each line, without brackets around them";

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
    databases: Option<Vec<Cow<'a, str>>>,
}

const COLUMNS: [&str; 4] = ["name", "permissions", "expiry", "databases"];

impl List {
    fn add_json_lines(&mut self, text: &str, now: Timestamp, on_row: impl Fn()) {
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            on_row();
            if !text.trim_start().starts_with('{') {
                self.mistake(line, "each line holds one JSON object");
                continue;
            }
            match serde_json::from_str::<JsonRow<'_>>(text) {
                Ok(row) => self.add(
                    Written {
                        line,
                        name: &row.name,
                        permissions: row.permissions.iter().map(AsRef::as_ref),
                        expiry: row.expiry.as_deref().filter(|text| !text.is_empty()),
                        databases: row.databases.iter().flatten().map(AsRef::as_ref),
                    },
                    now,
                ),
                Err(error) => self.mistake(line, &json_mistake(&error)),
            }
        }
    }

    fn add_csv(&mut self, text: &str, now: Timestamp, on_row: impl Fn()) -> Result<(), String> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| visible(&error.to_string()).into_owned())?;
        let header: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        let [Some(name), Some(permissions), expiry, databases] = columns(&header)? else {
            return Err("line 1: it has to name the columns `name` and `permissions`".to_owned());
        };
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                // Tables that people save end with such rows.
                Ok(true) if record.iter().all(|field| field.trim().is_empty()) => {}
                Ok(true) => {
                    on_row();
                    let line = line_of(text, record.position());
                    if record.len() != header.len() {
                        self.mistake(line, &wrong_length(record.len(), header.len()));
                        continue;
                    }
                    let field = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("");
                    let [name, permissions] = [name, permissions].map(|at| field(Some(at)));
                    let [expiry, databases] = [expiry, databases].map(field);
                    if name != name.trim() {
                        let name = quote(name);
                        self.mistake(line, &format!("white space is around the name {name}"));
                        continue;
                    }
                    let expiry = Some(expiry.trim()).filter(|text| !text.is_empty());
                    let permissions = parts(permissions, &[';']);
                    let databases = parts(databases, &[';', ',']);
                    self.add(Written { line, name, permissions, expiry, databases }, now);
                }
                Err(error) => {
                    let words = visible(&error.to_string()).into_owned();
                    self.mistake(line_of(text, error.position()), &words);
                }
            }
        }
    }

    /// Adds a row, where nothing is wrong with it.
    fn add<'w>(
        &mut self,
        row: Written<'w, impl Iterator<Item = &'w str>, impl Iterator<Item = &'w str>>,
        now: Timestamp,
    ) {
        let Written { line, name, permissions, expiry, databases } = row;
        self.know_name(line, name);
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
        let expiry = expiry.map(|text| text.parse::<Lifetime>()?.expiry_from(now)).transpose();
        let expiry = expiry.map_err(|error| {
            self.mistake(line, &format!("{error}; leave it empty for a token that never expires"));
        });
        databases.for_each(|name| self.declare(line, name));
        if let (Ok(name), Ok(expiry), true) = (name, expiry, is_right) {
            let expiry_millis = expiry.map(|moment| moment.0);
            self.rows.push(Row { name, permissions: understood, expiry_millis });
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
    fn know_name(&mut self, line: u64, name: &str) {
        match self.names.get(name) {
            None => drop(self.names.insert(name.to_owned(), line)),
            Some(before) => {
                let message = format!("line {before} has the name {} already", quote(name));
                self.mistake(line, &message);
            }
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

/// Where each of the columns stands, of which the first line names some.
fn columns(header: &[String]) -> Result<[Option<usize>; 4], String> {
    let known = COLUMNS.join(", ");
    for (at, column) in header.iter().enumerate() {
        let shown = quote(column);
        if header.iter().take(at).any(|before| before == column) {
            return Err(format!("line 1: the column {shown} stands twice"));
        }
        if !COLUMNS.contains(&column.as_str()) {
            let parted = "between them stand commas";
            return Err(format!(
                "line 1: there is no column {shown}; there are {known}, and {parted}"
            ));
        }
    }
    Ok(COLUMNS.map(|column| header.iter().position(|name| name == column)))
}

fn wrong_length(length: usize, expected: usize) -> String {
    let fields = crate::output::count(length, "field");
    format!(
        "the line has {fields}, and the first line has {expected}: quote a field that holds a comma, right \
         behind the comma before it"
    )
}

/// What serde_json has to say, without what was found: it may be a secret, or be long.
fn json_mistake(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    if let Some((name, _)) =
        words.strip_prefix("unknown field `").and_then(|w| w.rsplit_once("`, expected"))
    {
        return format!("there is no member {}; there are {}", quote(name), COLUMNS.join(", "));
    }
    let is_said =
        !error.is_data() || words.starts_with("missing") || words.starts_with("duplicate");
    let said = if is_said {
        words
    } else {
        "`name` and `expiry` are strings, `permissions` and `databases` are lists of strings, and this is \
         none"
    };
    format!("{said}, at column {}", error.column())
}

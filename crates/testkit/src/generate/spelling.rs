//! How a tree becomes text: everything that JSON leaves free, and where each value then stands.

use std::fmt::Write as _;
use std::ops::Range;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::tree::{Json, Part, Route};
use crate::shrink::{Shrink, shrink_fields};
use crate::source::{list, one_in, pick};

/// The usual white space of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    newline: &'static str,
    indent: &'static str,
    after_colon: &'static str,
    after_comma: &'static str,
}

/// How a tree is spelled; by default without any white space or escape that is not needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// The usual white space.
    pub layout: Layout,
    /// White space beside the usual: one number a gap, over and over.
    pub spaces: Vec<u8>,
    /// How characters are escaped: one number a character, over and over.
    pub escapes: Vec<u8>,
}

/// A text, and where each value of the tree stands in it.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The text.
    pub text: String,
    places: Vec<Place>,
    spelling: Spelling,
}

#[derive(Clone, Debug)]
struct Place {
    route: Route,
    name: Range<usize>,
    value: Range<usize>,
    /// How many characters had been spelled before the value.
    spelled: usize,
}

impl Spelling {
    /// Plain, with every character escaped, and with a line for each value: of one of these kinds is what a
    /// program stumbles over, if it is not the values.
    pub fn kinds() -> [Self; 3] {
        let escaped = Spelling { escapes: vec![1], ..Spelling::default() };
        let layout = Layout { newline: "\n", ..Layout::default() };
        [Spelling::default(), escaped, Spelling { layout, ..Spelling::default() }]
    }

    /// The text of a tree.
    pub fn print(&self, tree: &Json) -> Printed {
        let mut printer = self.printed(tree, Some(Vec::new()));
        let places = printer.places.take().unwrap_or_default();
        Printed { text: printer.text, places, spelling: self.clone() }
    }

    /// The text alone.
    pub fn text(&self, tree: &Json) -> String {
        self.printed(tree, None).text
    }

    fn printed(&self, tree: &Json, places: Option<Vec<Place>>) -> Printer<'_> {
        let text = String::with_capacity(256);
        let mut printer = Printer {
            spelling: self,
            text,
            places,
            route: Vec::new(),
            depth: 0,
            gaps: 0,
            spelled: 0,
        };
        printer.gap();
        printer.value(tree, 0..0);
        printer.gap();
        printer
    }
}

struct Printer<'s> {
    spelling: &'s Spelling,
    text: String,
    /// Where values stand; none if nobody wants to know.
    places: Option<Vec<Place>>,
    /// The way to the value that is printed, for the places.
    route: Route,
    depth: usize,
    gaps: usize,
    spelled: usize,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn here(&self) -> usize {
        self.text.len()
    }

    fn gap(&mut self) {
        const SPACES: [&str; 7] = ["", "", " ", "\t", "\n", "\r\n", " \n\t\r "];
        let spaces = &self.spelling.spaces;
        if !spaces.is_empty() {
            let space = SPACES[usize::from(spaces[self.gaps % spaces.len()]) % SPACES.len()];
            self.gaps += 1;
            self.push(space);
        }
    }

    fn line(&mut self) {
        let Layout { newline, indent, .. } = self.spelling.layout;
        if !newline.is_empty() {
            self.push(newline);
            (0..self.depth).for_each(|_| self.push(indent));
        }
        self.gap();
    }

    fn string(&mut self, text: &str) -> Range<usize> {
        self.push("\"");
        let start = self.here();
        self.spelling.spell(&mut self.text, text, self.spelled);
        self.spelled += text.chars().count();
        self.push("\"");
        start..self.here() - 1
    }

    fn value(&mut self, tree: &Json, name: Range<usize>) {
        let (start, spelled) = (self.here(), self.spelled);
        let index = self.places.as_ref().map_or(0, Vec::len);
        if let Some(places) = &mut self.places {
            places.push(Place { route: self.route.clone(), name, value: start..start, spelled });
        }
        let value = match tree {
            Json::Raw(raw) => {
                self.push(raw);
                start..self.here()
            }
            Json::Text(text) => self.string(text),
            Json::Array(elements) => {
                let elements = elements.iter().map(|element| (None, element));
                self.brackets(["[", "]"], elements);
                start..self.here()
            }
            Json::Object(members) => {
                let members = members.iter().map(|(name, value)| (Some(name.as_str()), value));
                self.brackets(["{", "}"], members);
                start..self.here()
            }
        };
        if let Some(place) = self.places.as_mut().and_then(|places| places.get_mut(index)) {
            place.value = value;
        }
    }

    fn brackets<'t>(
        &mut self,
        [open, close]: [&str; 2],
        values: impl ExactSizeIterator<Item = (Option<&'t str>, &'t Json)>,
    ) {
        let count = values.len();
        self.push(open);
        self.depth += 1;
        for (at, (name, value)) in values.enumerate() {
            if at > 0 {
                self.push(",");
                self.push(self.spelling.layout.after_comma);
            }
            self.line();
            let name = name.map_or(0..0, |name| {
                let place = self.string(name);
                self.gap();
                self.push(":");
                self.push(self.spelling.layout.after_colon);
                self.gap();
                place
            });
            self.route.push(at);
            self.value(value, name);
            self.route.pop();
            self.gap();
        }
        self.depth -= 1;
        if count > 0 {
            self.line();
        } else {
            self.gap();
        }
        self.push(close);
    }
}

impl Spelling {
    /// A string without its quotes, when so many characters were spelled before it.
    fn spell(&self, spelled: &mut String, text: &str, before: usize) {
        let needs_no_escape = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\');
        if self.escapes.is_empty() && text.bytes().all(needs_no_escape) {
            spelled.push_str(text);
            return;
        }
        for (at, character) in text.chars().enumerate() {
            let how = match self.escapes.len() {
                0 => 0,
                length => self.escapes[(before + at) % length] % 4,
            };
            push_character(spelled, character, how);
        }
    }
}

fn push_character(text: &mut String, character: char, how: u8) {
    let short = match character {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '/' => Some("\\/"),
        '\u{8}' => Some("\\b"),
        '\u{c}' => Some("\\f"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    };
    let must = character < ' ' || matches!(character, '"' | '\\');
    match (how, short) {
        (0, None) if !must => text.push(character),
        (0, Some(_)) if !must => text.push(character),
        (0 | 3, Some(short)) => text.push_str(short),
        (3, None) if !must => text.push(character),
        (how, _) => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = if how == 2 {
                    write!(text, "\\u{unit:04X}")
                } else {
                    write!(text, "\\u{unit:04x}")
                };
            }
        }
    }
}

impl Printed {
    /// Where a part of the value at a route stands, in bytes; none if there is no such value.
    pub fn place(&self, route: &[usize], part: &Part, tree: &Json) -> Option<Range<usize>> {
        let place = self.places.iter().find(|place| place.route == route)?;
        Some(match part {
            Part::Value => place.value.clone(),
            Part::Opening => place.value.start..place.value.start + 1,
            Part::Name => place.name.clone(),
            Part::Inside(range) => {
                let Json::Text(text) = tree.at(route)? else { return None };
                let until = |at| {
                    let mut head = String::new();
                    self.spelling.spell(&mut head, text.get(..at)?, place.spelled);
                    Some(place.value.start + head.len())
                };
                until(range.start)?..until(range.end)?
            }
        })
    }
}

impl<'a> Arbitrary<'a> for Layout {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let newline = pick(u, &["", "\n", "\r\n", "\n\n", "\r"])?;
        let indent = pick(u, &["", "  ", "    ", "\t"])?;
        let [after_colon, after_comma] = [pick(u, &["", " "])?, pick(u, &["", " "])?];
        let after_comma = if newline.is_empty() { after_comma } else { "" };
        Ok(Layout { newline, indent, after_colon, after_comma })
    }
}

impl<'a> Arbitrary<'a> for Spelling {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let layout = Layout::arbitrary(u)?;
        let spaces = if one_in(u, 3)? { list(u, 6, u8::arbitrary)? } else { Vec::new() };
        let escapes = if one_in(u, 3)? { list(u, 6, u8::arbitrary)? } else { Vec::new() };
        Ok(Spelling { layout, spaces, escapes })
    }
}

impl Shrink for Layout {
    fn simpler(&self) -> Vec<Self> {
        if *self == Layout::default() { Vec::new() } else { vec![Layout::default()] }
    }
}

shrink_fields!(Spelling { layout, spaces, escapes });

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Json {
        let array = Json::Array(vec![Json::raw("1"), Json::text("x/é\"")]);
        Json::Object(vec![("a".to_owned(), array), ("b".to_owned(), Json::Object(Vec::new()))])
    }

    #[test]
    fn by_default_nothing_is_added() {
        assert_eq!(Spelling::default().text(&tree()), r#"{"a":[1,"x/é\""],"b":{}}"#);
    }

    #[test]
    fn a_place_is_found_in_any_spelling() {
        let layout = Layout { newline: "\r\n", indent: "\t", after_colon: " ", after_comma: "" };
        let spelling = Spelling { layout, spaces: vec![2, 4, 0], escapes: vec![1, 0, 3] };
        let printed = spelling.print(&tree());
        let meant: serde_json::Value = serde_json::from_str(&printed.text).expect("JSON");
        assert_eq!(meant, serde_json::json!({"a": [1, "x/é\""], "b": {}}), "{}", printed.text);
        let slice =
            |route: &[usize], part| printed.text.get(printed.place(route, &part, &tree())?);
        assert_eq!(slice(&[0, 0], Part::Value), Some("1"));
        assert_eq!(slice(&[0, 1], Part::Value), Some("x\\/\\u00e9\\\""));
        assert_eq!(slice(&[0, 1], Part::Inside(2..4)), Some("\\u00e9"));
        assert_eq!(slice(&[0, 1], Part::Inside(4..5)), Some("\\\""));
        assert_eq!(slice(&[1], Part::Opening), Some("{"));
        assert_eq!(slice(&[1], Part::Name), Some("b"));
    }
}

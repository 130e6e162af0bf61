//! The white space that a file uses, taken from its own text, so that what is appended looks like
//! what was there.

use crate::reader::json;
use crate::{Permission, Span, Token};

use super::push_json_string;

/// The white space inside one array or object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spacing {
    /// After the opening bracket.
    pub(super) open: String,
    /// After each comma.
    pub(super) between: String,
    /// Before the closing bracket.
    pub(super) close: String,
}

impl Spacing {
    /// All elements on their own lines, which begin with `indent` and `unit`.
    fn lines(newline: &str, indent: &str, unit: &str) -> Self {
        let line = format!("{newline}{indent}{unit}");
        Spacing { open: line.clone(), between: line, close: format!("{newline}{indent}") }
    }

    fn one_line(between: &str) -> Self {
        Spacing { open: String::new(), between: between.to_owned(), close: String::new() }
    }

    /// That of a bracket with these contents, which are slices of it in order; none without any. A
    /// single element on one line does not tell what stands after a comma: `hint` does.
    pub(super) fn of(bracket: &str, contents: &[&str], hint: &str) -> Option<Self> {
        let first = Span::of(bracket, contents.first()?);
        let last = Span::of(bracket, contents.last()?);
        let open = Span::new(1, first.start).slice(bracket).to_owned();
        let close = Span::new(last.end, bracket.len().saturating_sub(1)).slice(bracket).to_owned();
        let between = match contents {
            [.., before, _] => after_comma(bracket, Span::of(bracket, before).end, last.start),
            _ if open.contains('\n') => open.clone(),
            _ => hint.to_owned(),
        };
        Some(Spacing { open, between, close })
    }

    /// What stands after a comma, where that is no line break; else the usual space.
    pub(super) fn hint(&self) -> &str {
        if self.between.contains('\n') { " " } else { &self.between }
    }

    /// Writes elements with this spacing, between brackets.
    pub(super) fn write<T>(
        &self,
        (open, close): (char, char),
        elements: impl IntoIterator<Item = T>,
        text: &mut String,
        write: impl Fn(T, &mut String),
    ) {
        text.push(open);
        let mut is_empty = true;
        for element in elements {
            if is_empty {
                text.push_str(&self.open);
            } else {
                text.push(',');
                text.push_str(&self.between);
            }
            write(element, text);
            is_empty = false;
        }
        if !is_empty {
            text.push_str(&self.close);
        }
        text.push(close);
    }
}

/// The white space between a comma and the next element, where both lie in a known gap.
fn after_comma(text: &str, from: usize, to: usize) -> String {
    let gap = Span::new(from, to).slice(text);
    gap.split_once(',').map_or("", |(_, after)| after).to_owned()
}

/// How a file lays out its token objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenStyle {
    members: Spacing,
    /// Between a member's colon and its value.
    after_colon: String,
    permissions: Spacing,
}

impl TokenStyle {
    /// The style of this object, the last of a file.
    pub(super) fn of(object: &str) -> Option<Self> {
        let found = json::members(object);
        let members = Spacing::of(object, &pairs(object, &found), " ")?;
        let (name, value) = found.first()?;
        let gap = Span::new(Span::of(object, name).end, Span::of(object, value).start);
        let after_colon = gap.slice(object).split_once(':').map_or("", |(_, after)| after);
        let list =
            found.iter().find(|(name, _)| *name == "\"permissions\"").map(|(_, value)| *value);
        let permissions = list
            .and_then(|list| Spacing::of(list, &json::elements(list), members.hint()))
            .unwrap_or_else(|| nested(&members));
        Some(TokenStyle { members, after_colon: after_colon.to_owned(), permissions })
    }

    /// The style of a file without tokens, whose members stand as `top` says.
    pub(super) fn within(top: &Spacing) -> Self {
        let tokens = nested(top);
        let members = nested(&tokens);
        let permissions = nested(&members);
        let after_colon = " ".to_owned();
        TokenStyle { members, after_colon, permissions }
    }

    /// What stands after a comma on one line.
    pub(super) fn hint(&self) -> &str {
        self.members.hint()
    }

    /// Writes a token in this style.
    pub(super) fn render(&self, token: &Token<'_>, text: &mut String) {
        let expiry = token.expiry_millis.map(|millis| ("expiry_millis", Value::Number(millis)));
        let members = [
            Some(("token", Value::Text(token.secret.expose()))),
            Some(("name", Value::Text(token.name.as_str()))),
            expiry,
            Some(("permissions", Value::Permissions(&token.permissions))),
        ];
        self.members.write(
            ('{', '}'),
            members.into_iter().flatten(),
            text,
            |(name, value), text| {
                self.member(name, text);
                match value {
                    Value::Text(value) => push_json_string(text, value),
                    Value::Number(number) => text.push_str(&number.to_string()),
                    Value::Permissions(list) => {
                        self.permissions.write(('[', ']'), list, text, |p, text| {
                            push_json_string(text, p.as_str());
                        })
                    }
                }
            },
        );
    }

    /// A member to stand behind another one.
    pub(super) fn further_member(&self, name: &str, value: &str) -> String {
        let mut text = format!(",{}", self.members.between);
        self.member(name, &mut text);
        text + value
    }

    /// Writes all of a member but its value.
    fn member(&self, name: &str, text: &mut String) {
        for part in ["\"", name, "\":", &self.after_colon] {
            text.push_str(part);
        }
    }
}

/// What a member of a token holds.
enum Value<'t> {
    Text(&'t str),
    Number(i64),
    Permissions(&'t [Permission<'t>]),
}

/// The spacing one level deeper: lines inside lines, and one line inside one line.
pub(super) fn nested(outer: &Spacing) -> Spacing {
    let Some((newline, indent)) = split_indent(&outer.between) else {
        return Spacing::one_line(&outer.between);
    };
    let (_, closing) = split_indent(&outer.close).unwrap_or(("", ""));
    let unit = indent.strip_prefix(closing).filter(|unit| !unit.is_empty()).unwrap_or("  ");
    Spacing::lines(newline, indent, unit)
}

/// The last line break in white space, and the indentation after it.
fn split_indent(space: &str) -> Option<(&str, &str)> {
    let at = space.rfind('\n')?;
    let newline = if space.get(..at)?.ends_with('\r') { "\r\n" } else { "\n" };
    Some((newline, space.get(at + 1..)?))
}

/// The members of an object, each from its name to the end of its value.
pub(super) fn pairs<'t>(object: &'t str, members: &[(&'t str, &'t str)]) -> Vec<&'t str> {
    let pair = |(name, value): &(&str, &str)| {
        Span::new(Span::of(object, name).start, Span::of(object, value).end).slice(object)
    };
    members.iter().map(pair).collect()
}

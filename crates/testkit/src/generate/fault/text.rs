//! Faults in the text, which no tree has.

use std::ops::Range;

use tokens::Code;

use super::{BrokenFile, Fault, Kind, Surroundings, word};
use crate::generate::spelling::Printed;
use crate::generate::tree::{Json, Part, Route};
use crate::words::NO_VALUES;

/// Puts a fault into a printed document.
pub(super) fn put(fault: Fault, printed: &Printed, tree: &Json) -> BrokenFile {
    let file = Text { fault, printed, tree };
    file.broken()
        .unwrap_or_else(|| panic!("{:?} cannot be put into {:?}", fault.kind, printed.text))
}

struct Text<'t> {
    fault: Fault,
    printed: &'t Printed,
    tree: &'t Json,
}

fn found(bytes: Vec<u8>, code: Code, pointer: &str, place: Range<usize>) -> BrokenFile {
    let place = Some((pointer.to_owned(), place));
    BrokenFile { bytes, code, place, related: None, surroundings: Surroundings::Unknown }
}

impl Text<'_> {
    fn broken(&self) -> Option<BrokenFile> {
        let text = self.printed.text.as_str();
        let number = self.fault.word;
        Some(match self.fault.kind {
            Kind::Cut => {
                let end = text.rfind('}')?;
                let at = floor(text, usize::from(self.fault.at) * 256 + usize::from(number), end);
                found(text.get(..at)?.into(), Code::JsonSyntax, "", at..at)
            }
            Kind::TrailingComma => {
                let at = self.closing(|value| !value.is_empty())?;
                self.put(",", at, at + 1..at + 2)
            }
            Kind::Comment => {
                let at = self.closing(|_| true)?;
                self.put(word(&["//x\n", "/* x */", "# x\n"], number), at, at..at + 1)
            }
            Kind::TextAfter => {
                let at = text.len();
                let more = word(&["x", "{}", "]", ",", "\"", "0"], number);
                self.put(more, at, at..at + 1)
            }
            Kind::ControlCharacter => {
                let at = self.of_token("name")?.start;
                self.put(word(&["\u{1}", "\t", "\n", "\0", "\u{1f}"], number), at, at..at + 1)
            }
            Kind::LoneSurrogate => {
                let route = self.member("name")?;
                let at = self.printed.place(&route, &Part::Value, self.tree)?.start;
                let half = word(&["\\ud800", "\\uDBFF", "\\udc00", "\\uDFFF"], number);
                // A half that stands before a half would be a pair.
                let broken = self.put(&format!("{half}-"), at, 0..0);
                found(
                    broken.bytes,
                    Code::JsonSyntax,
                    &self.tree.pointer(&route),
                    at..at + half.len(),
                )
            }
            Kind::BareWord => {
                let (value, offset) = word(&NO_VALUES, number);
                let expiry = self.of_token("name")?;
                // In place of the name, with its quotes.
                let (start, end) = (expiry.start - 1, expiry.end + 1);
                let text = format!("{}{value}{}", text.get(..start)?, text.get(end..)?);
                let at = start + offset;
                found(text.into(), Code::JsonSyntax, "", at..at + 1)
            }
            Kind::ByteOrderMark => {
                let text = format!("\u{feff}{text}");
                found(text.into(), Code::JsonEncoding, "", 0..3)
            }
            Kind::InvalidUtf8 => {
                let wrong: &[u8] =
                    word(&[&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xe0\x80\x80"], number);
                let at = floor(text, usize::from(self.fault.at), text.len());
                let bytes =
                    [text.get(..at)?.as_bytes(), wrong, text.get(at..)?.as_bytes()].concat();
                let broken = found(bytes, Code::JsonEncoding, "", 0..0);
                BrokenFile { place: None, ..broken }
            }
            _ => return None,
        })
    }

    fn put(&self, what: &str, at: usize, place: Range<usize>) -> BrokenFile {
        let (head, tail) = self.printed.text.split_at(at);
        found(format!("{head}{what}{tail}").into_bytes(), Code::JsonSyntax, "", place)
    }

    /// Where the closing bracket of one of the arrays and objects stands.
    fn closing(&self, accepts: impl Fn(&Json) -> bool) -> Option<usize> {
        let mut routes = self.tree.routes();
        routes.retain(|route| {
            let value = self.tree.at(route);
            value.is_some_and(|v| matches!(v, Json::Array(_) | Json::Object(_)) && accepts(v))
        });
        let route = routes.get(usize::from(self.fault.at) % routes.len())?;
        Some(self.printed.place(route, &Part::Value, self.tree)?.end - 1)
    }

    /// The way to a member of the token that the fault names.
    fn member(&self, name: &str) -> Option<Route> {
        let tokens = self.tree.member("tokens")?;
        let token = usize::from(self.fault.token) % self.tree.at(&[tokens])?.len();
        let member = self.tree.at(&[tokens, token])?.member(name)?;
        Some(vec![tokens, token, member])
    }

    fn of_token(&self, name: &str) -> Option<Range<usize>> {
        self.printed.place(&self.member(name)?, &Part::Value, self.tree)
    }
}

/// The boundary between characters at or before `number`, taken modulo a length.
fn floor(text: &str, number: usize, length: usize) -> usize {
    let mut at = number % length.max(1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

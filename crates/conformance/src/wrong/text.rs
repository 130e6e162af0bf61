//! Mistakes in reading JSON, before there is any document.

use super::Fault::Load;
use super::edit::{inside_strings, outside_strings};
use super::load::{Fault, before};
use super::{Wrong, must};

const fn bytes(name: &'static str, mistake: &'static str, change: fn(&[u8]) -> String) -> Wrong {
    must(name, mistake, Load(Fault::Bytes(change)))
}

/// Takes comments out.
fn without_comments(text: &str) -> String {
    outside_strings(text, |outside| {
        let lines = outside.lines().map(|line| line.split("//").next().unwrap_or_default());
        let mut text = lines.collect::<Vec<_>>().join("\n");
        while let Some((before, rest)) = text.split_once("/*") {
            let after = rest.split_once("*/").map_or("", |(_, after)| after);
            text = format!("{before} {after}");
        }
        text
    })
}

/// Takes commas out that a closing bracket follows.
fn without_last_commas(text: &str) -> String {
    outside_strings(text, |outside| {
        let mut kept: Vec<char> = Vec::new();
        for character in outside.chars() {
            if matches!(character, ']' | '}') {
                let last = kept.iter().rposition(|kept| !kept.is_ascii_whitespace());
                if let Some(at) = last.filter(|at| kept.get(*at) == Some(&',')) {
                    kept.remove(at);
                }
            }
            kept.push(character);
        }
        kept.into_iter().collect()
    })
}

fn numbers_of_python(text: &str) -> String {
    outside_strings(text, |outside| {
        outside.replace("-Infinity", "0").replace("Infinity", "0").replace("NaN", "0")
    })
}

/// Escapes what may only stand in a string escaped.
fn with_escaped_controls(text: &str) -> String {
    inside_strings(text, |inside| {
        let escape = |character: char| match character {
            '\0'..='\x1f' => format!("\\u{:04x}", u32::from(character)),
            other => other.to_string(),
        };
        inside.chars().map(escape).collect()
    })
}

/// Puts U+FFFD in the place of surrogates that stand alone.
fn without_lone_surrogates(text: &str) -> String {
    inside_strings(text, |inside| {
        let (mut new, mut rest) = (String::new(), inside);
        while let Some((before, after)) = rest.split_once("\\u") {
            let pair = after.get(..10).is_some_and(|pair| is_string(&format!("\\u{pair}")));
            let digits = after.get(..4).unwrap_or_default();
            let is_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let alone = !is_hex || is_string(&format!("\\u{digits}"));
            let length = if pair { 10 } else { 4 };
            let (escape, behind) = after.split_at_checked(length).unwrap_or((after, ""));
            new.extend([before, "\\u", if pair || alone { escape } else { "fffd" }]);
            rest = behind;
        }
        new + rest
    })
}

fn is_string(inside: &str) -> bool {
    serde_json::from_str::<String>(&format!("\"{inside}\"")).is_ok()
}

/// The first JSON value of a text that has more.
fn first_value(text: &str) -> String {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => text.get(..values.byte_offset()).unwrap_or(text).to_owned(),
        _ => text.to_owned(),
    }
}

pub(super) const RIGHT: &[Wrong] =
    &[before("json/right", "takes the text apart and puts it together again", |text| {
        inside_strings(&outside_strings(text, str::to_owned), str::to_owned)
    })];

pub(super) const WRONG: &[Wrong] = &[
    before("json/comments", "reads JSON with comments", without_comments),
    before(
        "json/last-comma",
        "lets a list end in a comma, as JavaScript's own literals may",
        without_last_commas,
    ),
    before(
        "json/single-quotes",
        "takes single quotes, as a reader of YAML or JSON5 does",
        |text| outside_strings(text, |outside| outside.replace('\'', "\"")),
    ),
    before("json/nan", "takes NaN and Infinity, as Python's json does", numbers_of_python),
    before(
        "json/control-characters",
        "takes raw control characters in strings, as Python's json does with strict=False",
        with_escaped_controls,
    ),
    before(
        "json/lone-surrogates",
        "takes lone surrogates, as Python and JavaScript do",
        without_lone_surrogates,
    ),
    before(
        "json/first-value",
        "reads one value and not to the end of the text, as Go's Decoder.Decode does",
        first_value,
    ),
    before("json/first-line", "reads one line, as a shell's `read` does", |text| {
        text.lines().next().unwrap_or_default().to_owned()
    }),
    before(
        "json/unicode-space",
        "trims the text before it reads it, and so takes white space that JSON does not have",
        |text| text.trim().to_owned(),
    ),
    before("json/ends-at-nul", "ends the text at a NUL, as C's strings do", |text| {
        text.split('\0').next().unwrap_or_default().to_owned()
    }),
    before("json/empty-file", "takes an empty file for one without tokens", |text| {
        if text.is_empty() { "{\"tokens\": []}".to_owned() } else { text.to_owned() }
    }),
    bytes(
        "json/replaces-bytes",
        "puts a replacement in the place of invalid UTF-8, as Go and many decoders do",
        |bytes| String::from_utf8_lossy(bytes).into_owned(),
    ),
    bytes("json/latin-1", "reads the file as Latin-1", |bytes| {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }),
];

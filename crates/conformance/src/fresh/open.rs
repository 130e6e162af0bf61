//! What is left open: where implementations may differ, and why (`either` in `SPEC.md`).

use std::borrow::Cow;

use testkit::json;
use testkit::words::SYSTEM_NAMES;
use tokens::diagnostic::{Diagnostic, rules};
use tokens::{Code, Kind, Permission, Reading};

use crate::protocol::{AccessRequest, Answer, AppendRequest, Document, PlanValue, Request, Value};
use crate::reference::alone;

/// Why no rule decides what comes of a request that the reference gave this answer to; none where one does.
///
/// With `codes` a text with several faults is open, too: which of them is named is this project's choice.
pub fn open(request: &Request<'_>, answer: &Answer, codes: bool) -> Option<&'static str> {
    let rejects = matches!(answer, Answer::Reject(_));
    match (request, answer) {
        (Request::Permission(request), _) => permission(&request.text, codes).filter(|_| rejects),
        (Request::Load(request), _) => document(&request.document, codes, rejects),
        (Request::Access(request), Answer::Accept(Value::Access(value))) => {
            document(&request.document, codes, false).or_else(|| probes(request, &value.decisions))
        }
        (Request::Access(request), _) => document(&request.document, codes, true),
        (Request::Append(request), _) => append(request, codes, rejects),
        (Request::Plan(request), Answer::Accept(Value::Plan(value))) => {
            document(&request.document, codes, false).or_else(|| plan(value))
        }
        (Request::Plan(request), _) => document(&request.document, codes, true),
    }
}

const SEVERAL: &str =
    "it has several faults, and which of them is named first is this project's choice";
const SYSTEM: &str = "servers lower-case and trim system names";
const STARS: &str = "3.10 takes several `*`, and 3.9 refuses them";

/// PERM-03, PERM-06: of a text that is refused.
fn permission(text: &str, codes: bool) -> Option<&'static str> {
    let parts: Vec<&str> = text.split(':').collect();
    let [resource_type, names, actions] = parts[..] else { return None };
    let split: Vec<&str> = names.split(',').collect();
    if split.len() > 1 && split.iter().all(|name| name.trim() == "*") {
        let alone = format!("{resource_type}:*:{actions}");
        if Permission::parse(alone).is_ok() {
            return Some(STARS);
        }
    }
    if resource_type == "system" {
        let folded: Vec<String> = split.iter().map(|name| name.trim().to_lowercase()).collect();
        let is_known = |name: &String| SYSTEM_NAMES.contains(&name.as_str());
        let folded_text = format!("system:{}:{actions}", folded.join(","));
        let is_other = folded.iter().zip(&split).any(|(folded, name)| folded != name);
        let is_star = folded.iter().all(|name| name == "*");
        if is_other
            && (folded.iter().all(is_known) || is_star)
            && Permission::parse(folded_text).is_ok()
        {
            return Some(SYSTEM);
        }
    }
    (codes && faults(resource_type, &split, actions) > 1).then_some(SEVERAL)
}

/// How many parts of a permission are wrong, each looked at by itself.
fn faults(resource_type: &str, names: &[&str], actions: &str) -> usize {
    let refused = |text: String| usize::from(Permission::parse(text).is_err());
    let kind = if resource_type == "system" { "system" } else { "db" };
    let is_type = matches!(resource_type, "db" | "system");
    let is_mixed = names.len() > 1 && names.contains(&"*");
    usize::from(!is_type)
        + usize::from(is_mixed)
        + names.iter().map(|name| refused(format!("{kind}:{name}:read"))).sum::<usize>()
        + actions.split(',').map(|action| refused(format!("{kind}:*:{action}"))).sum::<usize>()
}

fn document(document: &Document<'_>, codes: bool, rejects: bool) -> Option<&'static str> {
    match document.bytes() {
        Ok(bytes) => file(&bytes, codes, MOST_DIGITS, rejects),
        Err(_) => None,
    }
}

/// Of a file: all that is wrong with it is open, or something in what loads is. What was not rejected loads.
fn file(bytes: &[u8], codes: bool, most_digits: usize, rejects: bool) -> Option<&'static str> {
    if let (false, Ok(text)) = (rejects, std::str::from_utf8(bytes)) {
        return in_what_loads(text, most_digits);
    }
    let reading = tokens::read(bytes, Some(Kind::Permission));
    match reading.errors() {
        [] => in_what_loads(reading.text(), most_digits),
        errors => {
            let open = errors.iter().map(|error| fault(&reading, error));
            let open =
                open.collect::<Option<Vec<_>>>().and_then(|reasons| reasons.first().copied());
            open.or((codes && errors.len() > 1).then_some(SEVERAL))
        }
    }
}

/// A fault that others may not see.
fn fault(reading: &Reading<'_>, error: &Diagnostic) -> Option<&'static str> {
    let place = error.place.as_ref()?;
    let here = place.span.slice(reading.text());
    match error.code {
        Code::JsonEncoding if error.rule == rules::DOC_02 => {
            Some("a byte-order mark may be skipped")
        }
        Code::NotAnObject if is_positional(here, &place.pointer) => {
            Some("servers read objects from arrays by position")
        }
        Code::EmptyName => Some("servers take an empty name"),
        Code::WrongType if here == "-0" => Some("`-0` may be read as an integer"),
        Code::PermissionMixedWildcard | Code::PermissionSystemName => {
            let value: serde_json::Value = serde_json::from_str(reading.text()).ok()?;
            permission(value.pointer(&place.pointer)?.as_str()?, false)
        }
        _ => None,
    }
}

/// DOC-06: an array whose first element could be the first member of a file, or of a token.
fn is_positional(array: &str, pointer: &str) -> bool {
    let elements = json::elements(array).unwrap_or_default();
    let first = elements.first().copied().unwrap_or_default();
    match pointer {
        "" => first.starts_with('[') || first == "null",
        _ => first.starts_with('"'),
    }
}

/// More digits than a reader has to take. Who appends keeps them all (FILE-02).
const MOST_DIGITS: usize = 19;
/// Deeper values may be refused (DOC-09).
const MOST_DEPTH: usize = 60;

/// DOC-01, DOC-08, DOC-09: what loads here, and not everywhere.
fn in_what_loads(text: &str, most_digits: usize) -> Option<&'static str> {
    let is_null = |(name, value): &(String, &str)| name == "create_databases" && *value == "null";
    if text.contains("null") && json::members(text).ok()?.iter().any(is_null) {
        return Some("null in the place of `create_databases` may be refused");
    }
    let mut depth = 0_usize;
    for token in json::tokens(text) {
        match token.bytes().next() {
            Some(b'{' | b'[') => depth += 1,
            Some(b'}' | b']') => depth = depth.saturating_sub(1),
            Some(b'"') if is_no_text(token) => return Some("unknown strings may be decoded"),
            Some(b'-' | b'0'..=b'9') if is_huge(token, most_digits) => {
                return Some("numbers are limited in different ways");
            }
            _ => {}
        }
        if depth > MOST_DEPTH {
            return Some("the depth may be limited");
        }
    }
    None
}

/// A lone surrogate, which only an escape can be.
fn is_no_text(string: &str) -> bool {
    string.contains("\\u") && serde_json::from_str::<Cow<'_, str>>(string).is_err()
}

fn is_huge(number: &str, most_digits: usize) -> bool {
    if number.len() < most_digits && !number.contains(['e', 'E']) {
        return false;
    }
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let value: f64 = number.parse().unwrap_or(f64::INFINITY);
    let is_underflow = value == 0.0 && number.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    digits > most_digits || !value.is_finite() || is_underflow
}

/// ACC-04, ACC-05, ACC-07.
fn probes(request: &AccessRequest<'_>, decisions: &[String]) -> Option<&'static str> {
    if request.later.iter().any(|name| request.databases.contains(name)) {
        return Some("a name in both lists may be a database made again");
    }
    let exists = |name: &str| {
        [&request.databases, &request.later].iter().any(|l| l.iter().any(|d| d == name))
    };
    request.probes.iter().zip(decisions).find_map(|(probe, decision)| {
        let folded = probe.resource_name.trim().to_lowercase();
        let is_other = folded != probe.resource_name && SYSTEM_NAMES.contains(&folded.as_str());
        if probe.resource_type == "system" && is_other {
            return Some("nothing is said of the case of a request");
        }
        let creates = probe.action.iter().chain(&probe.actions).any(|action| action == "create");
        // What is not granted is denied, whatever it would do.
        let is_granted = decision == "allow" && probe.resource_type == "db";
        (creates && is_granted && exists(&probe.resource_name))
            .then_some("to create what exists has no effect")
    })
}

fn append(request: &AppendRequest<'_>, codes: bool, rejects: bool) -> Option<&'static str> {
    let old = request.document.as_ref().map(Document::bytes).and_then(Result::ok);
    let old = old.filter(|bytes| !bytes.is_empty());
    let new = alone(request.token, request.create_databases);
    let new = tokens::read(new.as_bytes(), Some(Kind::Permission));
    if request.create_databases.is_some_and(|list| list.get() == "null") {
        return Some("null in the place of `create_databases` may be refused");
    }
    let known = ["token", "name", "expiry_millis", "permissions"];
    let given = json::members(request.token.get()).unwrap_or_default();
    if given.iter().any(|(name, _)| !known.contains(&name.as_str())) {
        return Some("nothing is said of what else a new token holds");
    }
    let open = new.errors().iter().map(|error| fault(&new, error));
    let open: Option<Vec<_>> = open.collect();
    let in_old = old.and_then(|old| file(&old, codes, usize::MAX, rejects));
    in_old.or_else(|| open?.first().copied()).or_else(|| {
        let several = codes && new.errors().len() > 1;
        several.then_some(SEVERAL).or_else(|| in_what_loads_of(request))
    })
}

/// What is in a new token that not everybody takes.
fn in_what_loads_of(request: &AppendRequest<'_>) -> Option<&'static str> {
    in_what_loads(&format!("{{\"token\":{}}}", request.token.get()), MOST_DIGITS)
}

/// BOOT-01: whether databases are made where no token is, is not said.
fn plan(value: &PlanValue) -> Option<&'static str> {
    (value.create_tokens.is_empty() && !value.create_databases.is_empty())
        .then_some("whether databases are made where no token is, is left open")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::{Expect, Version};

    /// Vectors that are decided, and open here, since to tell them apart would take more than it gives.
    const CAUTIOUS: [&str; 9] = [
        "acc-08/all-five",
        "acc-08/four-of-five",
        "acc-10-actions/create-on-one",
        "acc-10-actions/create-on-all",
        "acc-10/star-create",
        "acc-10/all-but-delete",
        "acc-10/create-then-write",
        "doc-05/numbers",
        "perm-06/star-with-space",
    ];

    /// The vectors say what is open, too: no less, and no more but what is listed.
    #[test]
    fn open_is_what_is_either_in_the_vectors() {
        let files = crate::suite::load().expect("vectors");
        let newest = crate::reference::TARGET.parse().unwrap_or(Version::NEWEST);
        let mut cautious = Vec::new();
        for case in files.iter().flat_map(|file| &file.cases).filter(|case| case.applies_to(newest))
        {
            let request = case.request().expect("a request");
            let answer = crate::reference::answer(&request).expect("an answer");
            let reason = open(&request, &answer, false);
            let is_either = matches!(case.expect, Expect::Either { .. });
            if is_either {
                assert!(reason.is_some(), "{} is decided", case.id);
            } else if reason.is_some() {
                cautious.push(case.id.as_str());
            }
        }
        assert_eq!(cautious, CAUTIOUS);
    }
}

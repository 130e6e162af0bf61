//! The rules that a wrong answer is about, where the right one was to accept: by the first part that differs.

use tokens::Code;
use tokens::access::Reason;

use crate::protocol::{Answer, Request, Value};
use crate::reference;
use crate::subject::Reply;
use crate::vector::{Case, Expect};

/// The rules; none where no part tells.
pub(super) fn rules(case: &Case, reply: &Reply) -> Option<Vec<String>> {
    let Expect::Accept(accept) = &case.expect else { return None };
    let rules = match reply {
        Reply::Answer(Answer::Accept(actual)) => {
            let expected = Value::parse(case.op, accept.value.get()).ok()?;
            of_values(case, &expected, actual)?.to_vec()
        }
        Reply::Answer(Answer::Reject(reject)) => {
            let code = Code::from_name(reject.code.as_deref()?)?;
            code.rules().iter().map(|rule| rule.id()).collect()
        }
        _ => return None,
    };
    Some(rules.into_iter().map(str::to_owned).collect())
}

fn of_values(case: &Case, expected: &Value, actual: &Value) -> Option<&'static [&'static str]> {
    let differ: &[(bool, &'static [&'static str])] = match (expected, actual) {
        (Value::Permission(expected), Value::Permission(actual)) => &[
            (expected.resource_type != actual.resource_type, &["PERM-02"]),
            (expected.resource_names != actual.resource_names, &["PERM-09"]),
            (expected.actions != actual.actions, &["PERM-09", "PERM-11"]),
        ],
        (Value::Load(expected), Value::Load(actual)) => {
            let mut pairs = expected.tokens.iter().zip(&actual.tokens);
            let pair = pairs.find(|(expected, actual)| expected != actual);
            &[
                (expected.create_databases != actual.create_databases, &["DB-03", "DOC-08"]),
                (expected.tokens.len() != actual.tokens.len(), &["DOC-06"]),
                (pair.is_some_and(|(e, a)| e.name != a.name), &["TOK-05", "TOK-06"]),
                (pair.is_some_and(|(e, a)| e.token_sha512 != a.token_sha512), &["TOK-01"]),
                (pair.is_some_and(|(e, a)| e.expiry_millis != a.expiry_millis), &["TOK-08"]),
                (pair.is_some_and(|(e, a)| e.permissions != a.permissions), &["TOK-10", "PERM-11"]),
            ]
        }
        (Value::Access(expected), Value::Access(actual)) => {
            let mut pairs = expected.decisions.iter().zip(&actual.decisions);
            let at = pairs.position(|(expected, actual)| expected != actual)?;
            return of_decision(case, at, actual.decisions.get(at)?);
        }
        (Value::Plan(expected), Value::Plan(actual)) => &[
            (expected.create_databases != actual.create_databases, &["BOOT-01"]),
            (expected.create_tokens != actual.create_tokens, &["BOOT-02", "BOOT-03"]),
        ],
        _ => return None,
    };
    differ.iter().find(|(differs, _)| *differs).map(|(_, rules)| *rules)
}

fn of_decision(case: &Case, probe: usize, came: &str) -> Option<&'static [&'static str]> {
    let Ok(Request::Access(request)) = case.request() else { return None };
    Some(match reference::reason(&request, request.probes.get(probe)?)? {
        Reason::UnknownToken => &["ACC-01"],
        Reason::Expired(_) => &["TOK-09"],
        _ if came == "unauthenticated" => &["TOK-09"],
        Reason::InternalDatabase => &["ACC-06"],
        Reason::UnknownSystemName => &["ACC-07"],
        Reason::NoGrant => &["ACC-04"],
        Reason::Decided { .. } => &["ACC-02", "ACC-03"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fresh::{Wanted, of_request};
    use crate::protocol::Op;

    /// What is accepted is answered as if by an implementation that gets this wrong.
    #[test]
    fn a_difference_is_about_the_rules_of_its_part() {
        let load = r#"{"document":{"text":"{\"create_databases\":[\"a\"],\"tokens\":[{\"token\":\"apiv3_x\",\"name\":\"n\",\"expiry_millis\":0,\"permissions\":[\"db:a:read\"]}]}"}}"#;
        let access = |granted: &str, database: &str, now: i64| {
            let document = r#"{\"tokens\":[{\"token\":\"apiv3_x\",\"name\":\"n\",\"expiry_millis\":9,\"permissions\":[\"GRANT\"]}]}"#;
            let document = document.replace("GRANT", granted);
            format!(
                r#"{{"document":{{"text":"{document}"}},"databases":["a"],"now_millis":{now},"probes":[{{"token":"apiv3_x","resource_type":"db","resource_name":"{database}","action":"read"}}]}}"#
            )
        };
        let wrong = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        for (op, request, (from, to), rules) in [
            (
                Op::Permission,
                r#"{"text":"db:a:read"}"#.to_owned(),
                wrong("[\"a\"]", "[\"A\"]"),
                "PERM-09",
            ),
            (Op::Load, load.to_owned(), wrong("\"n\"", "\"N\""), "TOK-05, TOK-06"),
            (
                Op::Load,
                load.to_owned(),
                wrong("expiry_millis\":0", "expiry_millis\":null"),
                "TOK-08",
            ),
            (Op::Load, load.to_owned(), wrong("[\"read\"]", "[]"), "TOK-10, PERM-11"),
            (
                Op::Load,
                load.to_owned(),
                wrong("{\"create_databases\":[\"a\"]", "{\"create_databases\":[]"),
                "DB-03, DOC-08",
            ),
            (Op::Access, access("db:*:read", "a", 5), wrong("allow", "deny"), "ACC-02, ACC-03"),
            (Op::Access, access("db:*:read", "a", 5), wrong("allow", "unauthenticated"), "TOK-09"),
            (Op::Access, access("db:*:read", "a", 10), wrong("unauthenticated", "allow"), "TOK-09"),
            (Op::Access, access("db:*:read", "_internal", 5), wrong("deny", "allow"), "ACC-06"),
            (Op::Access, access("db:b:read", "b", 5), wrong("deny", "allow"), "ACC-04"),
        ] {
            let case = of_request(op, &request, &Wanted::default(), false).expect("a case");
            let Expect::Accept(accept) = &case.expect else { panic!("{request} is refused") };
            let json = accept.value.get().replacen(&from, &to, 1);
            assert_ne!(json, accept.value.get(), "{from} is in it");
            let reply = Reply::Answer(Answer::Accept(Value::parse(op, &json).expect("a value")));
            assert_eq!(super::rules(&case, &reply).unwrap_or_default().join(", "), rules, "{json}");
        }
    }
}

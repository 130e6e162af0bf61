//! Appending: what is added, kept and refused (FILE-01 to FILE-03).

use super::place::{APP, FILE, Place, databases, same, token_names};
use super::{Check, Fault, Generator, Outcome};
use testkit::json;

/// FILE-01 to FILE-03.
pub(super) const CHECKS: &[Check] = &[
    Check::must(
        "file-01/append",
        &["FILE-01"],
        "three appends to a file with a token",
        "four tokens, the new ones last and in their order",
        append,
    ),
    Check::must(
        "file-01/databases-added",
        &["FILE-01"],
        "databases of which the file has one",
        "the others at the end of `create_databases`, in their order",
        |generator| adds_databases(generator, r#""create_databases":["b"],"#, &["b", "a", "c"]),
    ),
    Check::must(
        "file-01/databases-made",
        &["FILE-01"],
        "databases, and a file without `create_databases`",
        "the list is made",
        |generator| adds_databases(generator, "", &["a", "b", "c"]),
    ),
    Check::should(
        "file-01/databases-null",
        &["FILE-01", "DOC-08"],
        "databases, and a file whose `create_databases` is null",
        "the list is made",
        |generator| adds_databases(generator, r#""create_databases":null,"#, &["a", "b", "c"]),
    ),
    Check::must(
        "file-01/no-databases",
        &["FILE-01"],
        "no databases, and a file without `create_databases`",
        "still none",
        no_databases,
    ),
    Check::should(
        "file-02/unknown-members",
        &["FILE-02", "DOC-05"],
        "a file with members that no server knows, at the top and in a token",
        "they have the same values in the same places",
        |generator| {
            keeps(
                generator,
                r#"{"_note": {"b": [1, {}], "a": null}, "tokens": [{"x": [], "token": "apiv3_a", "name": "a",
                    "description": "d", "permissions": []}], "zzz": "tokens"}"#,
            )
        },
    ),
    Check::should(
        "file-02/repeated-members",
        &["FILE-02", "DOC-05"],
        "a file with members that no server knows, twice",
        "both are kept",
        |generator| {
            keeps(
                generator,
                r#"{"_n": 1, "tokens": [{"token": "apiv3_a", "name": "a", "permissions": [],
                    "_x": {"y": 1, "y": 2}, "_x": 3}], "_n": 2}"#,
            )
        },
    ),
    Check::should(
        "file-02/numbers",
        &["FILE-02"],
        "a file with numbers that no 64 bits hold, and with zeros at their ends",
        "they are the same to the digit",
        |generator| {
            keeps(
                generator,
                r#"{"_big": 12345678901234567890123, "_fine": 1.000000000000000000001, "_exp": 1E+2,
                    "tokens": [{"token": "apiv3_a", "name": "a", "expiry_millis": 9007199254740993,
                    "permissions": [], "_price": 1.50}], "_tiny": -0.0}"#,
            )
        },
    ),
    Check::should(
        "file-02/escapes",
        &["FILE-02"],
        "a file with escapes in names and values",
        "they have the same values",
        |generator| {
            keeps(
                generator,
                r#"{"_\u006eote": "\b\f\u0000\/", "t\u006fkens": [{"token": "apiv3_\u0061",
                    "n\u0061me": "\ud83d\ude00 \u00e9\n\"\\", "permissions": ["db:\u0078:read"]}]}"#,
            )
        },
    ),
    Check::should(
        "file-02/member-order",
        &["FILE-02"],
        "a file with its members in another order than usual",
        "they keep that order",
        |generator| {
            keeps(
                generator,
                r#"{"tokens": [{"permissions": ["db:z:write,read", "db:a:read"], "name": "z", "token": "apiv3_z"},
                    {"name": "a", "expiry_millis": null, "permissions": [], "token": "apiv3_a"}],
                    "create_databases": ["z", "a"]}"#,
            )
        },
    ),
    Check::must(
        "file-03/duplicate-name",
        &["FILE-03", "TOK-06"],
        "a name that the file has, spelled with an escape there",
        "a refusal, and the file as it was",
        |generator| {
            refuses(
                generator,
                &[r#"{"tokens":[{"token":"apiv3_a","name":"\u0061pp","permissions":[]}]}"#],
            )
        },
    ),
    Check::must(
        "file-03/broken-json",
        &["FILE-03", "DOC-01"],
        "files that are no JSON: cut, with a comment, with text after the value, with spaces alone",
        "a refusal, and the file as it was",
        |generator| {
            refuses(
                generator,
                &["{\"tokens\": [", "{\"tokens\": [] /* none */}", "{\"tokens\": []} {}", " \n"],
            )
        },
    ),
    Check::must(
        "file-03/not-utf8",
        &["FILE-03", "DOC-01"],
        "a file that is not UTF-8",
        "a refusal, and the file as it was",
        |generator| {
            Place::with(generator, b"{\"tokens\": [], \"_note\": \"caf\xe9\"}")?.refuses(&APP)
        },
    ),
    Check::must(
        "file-03/wrong-types",
        &["FILE-03", "DOC-06", "DOC-08", "TOK-08"],
        "files that are no tokens files: an array, no `tokens`, tokens or databases of another type",
        "a refusal, and the file as it was",
        |generator| {
            refuses(
                generator,
                &[
                    "[]",
                    "{}",
                    r#"{"tokens": {}}"#,
                    r#"{"tokens": [], "create_databases": "a"}"#,
                    r#"{"tokens": [{"token": "apiv3_a", "name": "a"}]}"#,
                    r#"{"tokens": [{"token":"apiv3_a","name":"a","expiry_millis":1.0,"permissions":[]}]}"#,
                ],
            )
        },
    ),
    Check::must(
        "file-03/bad-values",
        &["FILE-03", "TOK-01", "TOK-06", "TOK-11", "DOC-04"],
        "files with a bad permission, a token without its prefix, a name twice, a member twice",
        "a refusal, and the file as it was",
        |generator| {
            refuses(
                generator,
                &[
                    r#"{"tokens": [{"token": "apiv3_a", "name": "a", "permissions": ["db:a:raed"]}]}"#,
                    r#"{"tokens": [{"token": "abc", "name": "a", "permissions": []}]}"#,
                    r#"{"tokens": [{"token": "apiv3_a", "name": "a", "permissions": []},
                                   {"token": "apiv3_b", "name": "a", "permissions": []}]}"#,
                    r#"{"tokens": [], "tokens": []}"#,
                ],
            )
        },
    ),
    Check::must(
        "file-03/admin-file",
        &["FILE-03"],
        "an admin token file",
        "a refusal, and the file as it was",
        |generator| refuses(generator, &[r#"{"token": "apiv3_a", "name": "_admin"}"#]),
    ),
    Check::should(
        "file-03/empty-file",
        &["FILE-03"],
        "a file of no bytes",
        "a new file, as if there had been none",
        empty_file,
    ),
];

/// The flags for a token of this name.
fn named(name: &str) -> [&str; 4] {
    ["--name", name, "--permission", "db:*:read"]
}

fn old(members: &str) -> String {
    format!(
        r#"{{{members}"tokens":[{{"token":"apiv3_o","name":"old","permissions":["db:a:read"]}}]}}"#
    )
}

fn append(generator: &Generator) -> Outcome {
    let place = Place::with(generator, old(""))?;
    for name in ["z", "a", "m"] {
        place.succeeds(&named(name))?;
    }
    same("names", &["old", "z", "a", "m"], &token_names(&place.document()?))
}

fn adds_databases(generator: &Generator, members: &str, expected: &[&str]) -> Outcome {
    let place = Place::with(generator, old(members))?;
    let document = place.makes(&[&APP[..], &["--create-databases", "a,b,c"]].concat())?;
    same("names", &["old", "app"], &token_names(&document))?;
    same("databases", expected, &databases(&document))
}

fn no_databases(generator: &Generator) -> Outcome {
    let place = Place::with(generator, old(""))?;
    same("names", &["old", "app"], &token_names(&place.makes(&APP)?))?;
    let text = place.text()?;
    let members = json::members(&text).map_err(|error| error.to_string())?;
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    same("members", &["tokens"], &names)
}

/// That an append, of a token and a database, keeps all that this file says.
fn keeps(generator: &Generator, old: &str) -> Outcome {
    let place = Place::with(generator, old)?;
    let document = place.makes(&[&APP[..], &["--create-databases", "new"]].concat())?;
    if document.token("app").is_none() {
        return Err("the new token is not there".into());
    }
    is_kept(old, &place.text()?).map_err(|error| match error {
        Unkept::Words(words) => words.into(),
        Unkept::NoJson(error) => Fault::NotRun(error.to_string()),
    })
}

/// What an append did not keep.
enum Unkept {
    Words(String),
    NoJson(serde_json::Error),
}

impl From<serde_json::Error> for Unkept {
    fn from(error: serde_json::Error) -> Self {
        Unkept::NoJson(error)
    }
}

/// That a new text, which loads, says all that the old one did, in the same order. White space and the
/// way strings are escaped do not count.
fn is_kept(old: &str, new: &str) -> Result<(), Unkept> {
    let (old, mut new) = (json::members(old)?, json::members(new)?);
    if !old.iter().any(|(name, _)| name == "create_databases") {
        new.retain(|(name, _)| name != "create_databases");
    }
    if !old.iter().map(|(name, _)| name).eq(new.iter().map(|(name, _)| name)) {
        return Err(Unkept::Words("the members of the file are not those that were there".into()));
    }
    for ((name, old), (_, new)) in old.iter().zip(&new) {
        let is_kept = match name.as_str() {
            "tokens" | "create_databases" => {
                begins_with(&json::elements(old)?, &json::elements(new)?)
            }
            _ => json::canonical(old) == json::canonical(new),
        };
        if !is_kept {
            return Err(Unkept::Words(format!("{} is not as it was", tokens::quote(name))));
        }
    }
    Ok(())
}

/// Whether one element came behind those that were there.
fn begins_with(old: &[&str], new: &[&str]) -> bool {
    new.len() == old.len() + 1
        && old.iter().zip(new).all(|(old, new)| json::canonical(old) == json::canonical(new))
}

/// That an append to each of these files is refused, and changes nothing.
fn refuses(generator: &Generator, files: &[&str]) -> Outcome {
    let place = Place::new(generator)?;
    files.iter().try_for_each(|old| {
        place.put(FILE, old)?;
        place.refuses(&APP).map_err(|fault| fault.about(old))
    })
}

fn empty_file(generator: &Generator) -> Outcome {
    let document = Place::with(generator, "")?.makes(&APP)?;
    same("names", &["app"], &token_names(&document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_seen() {
        let old = r#"{"_n": 1.0, "tokens": [{"token": "a", "_x": 1}], "_m": "\u0061"}"#;
        let kept = |new: &str| is_kept(old, new).is_ok();
        let new = r#"{"_n": 1.0, "create_databases": ["d"], "tokens": [{"token": "a", "_x": 1}, {}], "_m": "a"}"#;
        assert!(kept(new));
        for (from, to) in [
            ("1.0", "1"),
            (r#""_n": 1.0, "#, ""),
            (", {}", ""),
            (r#"{"token": "a", "_x": 1}"#, r#"{"_x": 1, "token": "a"}"#),
            (r#"{"token": "a", "_x": 1}, {}"#, r#"{}, {"token": "a", "_x": 1}"#),
            (r#""_m": "a""#, r#""_m": "b""#),
        ] {
            assert!(!kept(&new.replace(from, to)), "{from} → {to}");
        }
    }
}

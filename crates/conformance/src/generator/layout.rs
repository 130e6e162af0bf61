//! The layout of a new file (GEN-04).

use super::place::{APP, Place, newest, same};
use super::{Check, Fault, Generator, Outcome};
use testkit::json;

/// GEN-04.
pub(super) const CHECKS: &[Check] = &[
    Check::must(
        "gen-04/least",
        &["GEN-04"],
        "a name and a permission",
        "two spaces a level, one member or element a line, a final newline",
        least,
    ),
    Check::must(
        "gen-04/most",
        &["GEN-04"],
        "databases, an expiry and two permissions",
        "two spaces a level, one member or element a line, a final newline",
        most,
    ),
    Check::must(
        "gen-04/member-order",
        &["GEN-04"],
        "databases, an expiry and a permission",
        "`create_databases`, `tokens`; `token`, `name`, `expiry_millis`, `permissions`",
        member_order,
    ),
    Check::must(
        "gen-04/absent-members",
        &["GEN-04"],
        "no databases and no expiry",
        "neither `create_databases` nor `expiry_millis`, not even as `null`",
        absent_members,
    ),
];

const MOST: [&str; 10] = [
    "--name",
    "app",
    "--permission",
    "db:a:read",
    "--permission",
    "system:ping:read",
    "--expiry",
    "10d",
    "--create-databases",
    "a,b",
];

fn least(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    let document = place.makes(&APP)?;
    let token = newest(&document)?.secret.expose();
    let expected = format!(
        r#"{{
  "tokens": [
    {{
      "token": "{token}",
      "name": "app",
      "permissions": [
        "db:*:read"
      ]
    }}
  ]
}}
"#
    );
    is_laid_out(&expected, &place.text()?)
}

fn most(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    let document = place.makes(&MOST)?;
    let newest = newest(&document)?;
    let token = newest.secret.expose();
    let expiry = newest.expiry_millis.ok_or("the token has no `expiry_millis`")?;
    let expected = format!(
        r#"{{
  "create_databases": [
    "a",
    "b"
  ],
  "tokens": [
    {{
      "token": "{token}",
      "name": "app",
      "expiry_millis": {expiry},
      "permissions": [
        "db:a:read",
        "system:ping:read"
      ]
    }}
  ]
}}
"#
    );
    is_laid_out(&expected, &place.text()?)
}

/// That a text is this one. It holds a secret, and so is not shown where it is not.
pub(super) fn is_laid_out(expected: &str, found: &str) -> Outcome {
    if expected == found {
        return Ok(());
    }
    let alike = expected.split('\n').zip(found.split('\n')).take_while(|(a, b)| a == b).count();
    Err(format!("the layout is another from line {} on", alike + 1).into())
}

/// The names of the members of the file, and of its only token.
fn members(text: &str) -> Result<(Vec<String>, Vec<String>), Fault> {
    let no_json = |error: serde_json::Error| Fault::Wrong(format!("this is no such file: {error}"));
    let names = |object: &str| -> Result<Vec<String>, Fault> {
        let members = json::members(object).map_err(no_json)?;
        Ok(members.into_iter().map(|(name, _)| name).collect())
    };
    let top = json::members(text).map_err(no_json)?;
    let tokens = top.iter().find(|(name, _)| name == "tokens");
    let tokens = tokens.map(|(_, tokens)| json::elements(tokens)).transpose().map_err(no_json)?;
    let token = tokens.and_then(|tokens| tokens.first().copied()).ok_or("there is no token")?;
    Ok((names(text)?, names(token)?))
}

fn are_members(text: &str, top: &[&str], token: &[&str]) -> Outcome {
    fn texts(names: &[String]) -> Vec<&str> {
        names.iter().map(String::as_str).collect()
    }
    let found = members(text)?;
    same("members of the file", top, &texts(&found.0))?;
    same("members of the token", token, &texts(&found.1))
}

fn member_order(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    place.succeeds(&MOST)?;
    let token = ["token", "name", "expiry_millis", "permissions"];
    are_members(&place.text()?, &["create_databases", "tokens"], &token)
}

fn absent_members(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    place.succeeds(&APP)?;
    are_members(&place.text()?, &["tokens"], &["token", "name", "permissions"])
}

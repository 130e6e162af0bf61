//! Every diagnostic code as a person sees it: one table from code to the smallest document, flags,
//! mode and state that show it, and a snapshot of the text. `cargo xtask snapshots --bless` accepts
//! what the program says now.

#![allow(clippy::expect_used, clippy::panic)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use tokens::Code;

/// What shows a code. The file is `tokens.json`, checked on 1 November 2026 unless said otherwise.
struct Case {
    document: Vec<u8>,
    mode: u32,
    state: Option<&'static str>,
    args: &'static [&'static str],
}

const CHECK: &[&str] = &["check", "--now", "2026-11-01T00:00:00Z", "tokens.json"];

/// The document in the explanation of a code: `explain` shows it, so it must be true.
fn example(code: Code) -> Case {
    let explanation = code.explanation();
    let (_, after) = explanation.split_once("```json\n").expect("an example");
    let (document, _) = after.split_once("```").expect("its end");
    Case { document: document.into(), mode: 0o600, state: None, args: CHECK }
}

fn clean() -> Case {
    let document = br#"{
  "tokens": [
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "app", "permissions": ["db:*:read"]}
  ]
}
"#;
    Case { document: document.to_vec(), mode: 0o600, state: None, args: CHECK }
}

const WITH_STATE: &[&str] =
    &["check", "--now", "2026-11-01T00:00:00Z", "--state", "state.json", "tokens.json"];

/// A new code does not compile before it has a row here.
fn case(code: Code) -> Case {
    match code {
        Code::JsonSyntax
        | Code::DuplicateMember
        | Code::NotAnObject
        | Code::MissingMember
        | Code::WrongType
        | Code::ExpiryOutOfRange
        | Code::PermissionShape
        | Code::PermissionResourceType
        | Code::PermissionAdminOnly
        | Code::PermissionEmptyElement
        | Code::PermissionMixedWildcard
        | Code::PermissionSystemName
        | Code::PermissionAction
        | Code::DatabaseName
        | Code::TokenPrefix
        | Code::DuplicateToken
        | Code::EmptyName
        | Code::DuplicateName
        | Code::UnknownMember
        | Code::NoTokens
        | Code::NoPermissions
        | Code::WeakToken
        | Code::PlaceholderToken
        | Code::UnusableToken
        | Code::ReservedName
        | Code::Expired
        | Code::ExpiryLooksLikeSeconds
        | Code::DuplicateGrant
        | Code::ShadowedGrant
        | Code::IneffectiveGrant
        | Code::UndeclaredDatabase
        | Code::DuplicateDatabase
        | Code::LongDatabaseName
        | Code::OpenOperatorSlot => example(code),
        Code::JsonEncoding => {
            Case { document: b"{\"tokens\": [], \"_site\": \"M\xfcnchen\"}\n".to_vec(), ..clean() }
        }
        Code::MissingDatabase => {
            Case { args: &["check", "--databases", "sensors", "tokens.json"], ..example(code) }
        }
        Code::WrongKind => {
            Case { args: &["check", "--kind", "permission", "tokens.json"], ..example(code) }
        }
        Code::ExpiresSoon => Case {
            args: &[
                "check",
                "--now",
                "2099-12-20T00:00:00Z",
                "--expiring-within",
                "30d",
                "tokens.json",
            ],
            ..example(code)
        },
        Code::ServerVersion => {
            Case { args: &["check", "--server", "3.9", "tokens.json"], ..example(code) }
        }
        Code::FileExists => Case {
            args: &["create", "token", "--admin", "--offline", "--output-file", "tokens.json"],
            ..clean()
        },
        Code::FileMode => Case { mode: 0o644, ..clean() },
        Code::TooManyDatabases => {
            let names: Vec<String> = (0..101).map(|number| format!("\"db{number}\"")).collect();
            let list = format!("{{\"create_databases\": [{}],", names.join(","));
            let document = String::from_utf8_lossy(&clean().document).replacen('{', &list, 1);
            Case { document: document.into(), ..clean() }
        }
        Code::TokensExist => Case {
            state: Some(
                r#"{"tokens": [{"name": "x", "token_sha512": "0123456789", "resource": true}]}"#,
            ),
            args: WITH_STATE,
            ..clean()
        },
        Code::SameNameNewSecret => Case {
            state: Some(
                r#"{"tokens": [{"name": "app", "token_sha512": "0123456789", "resource": true}]}"#,
            ),
            args: WITH_STATE,
            ..clean()
        },
        Code::NameTaken => Case {
            state: Some(
                r#"{"tokens": [{"name": "app", "token_sha512": "0123456789", "resource": false}]}"#,
            ),
            args: WITH_STATE,
            ..clean()
        },
    }
}

/// Standard output and standard error of a case, and its exit status.
fn run(case: &Case, directory: &Path, extra: &[&str]) -> String {
    let path = directory.join("tokens.json");
    fs::write(&path, &case.document).expect("a file");
    fs::set_permissions(&path, Permissions::from_mode(case.mode)).expect("its mode");
    fs::write(directory.join("state.json"), case.state.unwrap_or("{}")).expect("a state");
    let output = Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(case.args)
        .args(extra)
        .current_dir(directory)
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let status = output.status.code().expect("an exit status");
    format!("{}{}exit status {status}\n", text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_code_reads_as_it_should() {
    let directory = TempDir::new().expect("a directory");
    for code in Code::ALL {
        let shown = run(&case(*code), directory.path(), &[]);
        assert!(shown.contains(code.name()), "{code} is not shown:\n{shown}");
        insta::assert_snapshot!(code.name(), shown);
    }
}

#[test]
fn every_example_of_an_explanation_shows_its_code_alone() {
    let directory = TempDir::new().expect("a directory");
    for code in Code::ALL.iter().filter(|code| code.explanation().contains("```json")) {
        let shown = run(&case(*code), directory.path(), &["--format", "json"]);
        let values = |member: &str| -> Vec<String> {
            let before = format!("\"{member}\":\"");
            let values = shown.split(&before).skip(1);
            values.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        assert_eq!(values("code"), [code.name()], "{shown}");
        let rules: Vec<&str> = code.rules().iter().map(|rule| rule.id()).collect();
        assert!(values("rule").iter().all(|rule| rules.contains(&rule.as_str())), "{shown}");
    }
}

//! Runs of the program that print JSON, and the files they are about.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Where each run takes its files from. The modes are 0600, so that nothing is said of them.
const FILES: &[(&str, &[u8])] = &[
    (
        "clean.json",
        br#"{
  "create_databases": ["sensors"],
  "tokens": [
    {
      "token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs",
      "name": "app",
      "expiry_millis": 4000000000000,
      "permissions": ["db:sensors:read"]
    }
  ]
}
"#,
    ),
    (
        "faulty.json",
        r#"{
  "create_databases": ["sensors", "sensors", "my db"],
  "tokens": [
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "แอป",
     "permissions": ["db:*:read,write", "db:sensors:read", "db:sensors:raed"]},
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "แอป", "permissions": [], "expiry": 1},
    {"token": "Zt3Kx0Lw7Rb2Yc5Nf1VdHsq8", "name": "", "name": "b", "expiry_millis": true,
     "permissions": "db:sensors:read"},
    {"token": "apiv3_q8Zt", "name": "c", "permissions": ["db:sensor:create"], "a/b~c": null}
  ]
}
"#
        .as_bytes(),
    ),
    // Broken in a way for which there is no help.
    ("broken.json", br#"{"tokens": []; "name": "n"}"#),
    ("latin1.json", b"{\"tokens\": [], \"_site\": \"M\xfcnchen\"}"),
    ("empty.json", b""),
    ("number.json", b"5"),
    ("admin.json", br#"{"token": "apiv3_Wd4Jm9Tz2Hs6Xk1Pv8Ry3QfN", "name": "_admin"}"#),
    (
        "grants.json",
        br#"{
  "create_databases": ["sensors/30d", "sensors/30d"],
  "tokens": [
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "old",
     "expiry_millis": -9223372036854775808,
     "permissions": ["db:*:write,read", "db:sensors/30d,sensors/30d:read", "system:ping:read"]},
    {"token": "apiv3_Hn7Cv2Lp5Gx9Bd4Ty8Zs1KwM", "name": "for ever",
     "expiry_millis": 9223372036854775807, "permissions": []}
  ]
}
"#,
    ),
    // Declares no database, so a server has to have `sensors`.
    (
        "undeclared.json",
        br#"{"tokens": [{"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "app",
            "permissions": ["db:sensors:read"]}]}"#,
    ),
    (
        "rotated.json",
        br#"{"tokens": [{"token": "apiv3_Hn7Cv2Lp5Gx9Bd4Ty8Zs1KwM", "name": "app",
            "permissions": ["db:*:create,write"]}]}"#,
    ),
    (
        "state.json",
        br#"{"databases": ["sensors"],
            "tokens": [{"name": "app", "token_sha512": "0123456789", "resource": true}]}"#,
    ),
];

/// A run of the program with `--format json`.
pub(crate) struct Run {
    /// The schema of what it prints.
    pub(crate) schema: &'static str,
    /// The arguments, separated by spaces.
    pub(crate) args: &'static str,
    status: i32,
    /// A part of what it prints, for which the run is here.
    pub(crate) shows: (&'static str, &'static str),
}

const fn run(
    schema: &'static str,
    args: &'static str,
    status: i32,
    shows: (&'static str, &'static str),
) -> Run {
    Run { schema, args, status, shows }
}

pub(crate) const RUNS: &[Run] = &[
    run("check", "check clean.json", 0, ("/files/0/diagnostics", "[]")),
    run("check", "check faulty.json", 1, ("/files/0/diagnostics/0/related/0/line", "2")),
    run("check", "check broken.json", 1, ("/files/0/diagnostics/0/help", "null")),
    run("check", "check latin1.json", 1, ("/files/0/diagnostics/0/code", "\"json-encoding\"")),
    run("check", "check empty.json", 1, ("/files/0/diagnostics/0/end_column", "1")),
    run("check", "check number.json", 1, ("/files/0/kind", "\"unknown\"")),
    run("check", "check admin.json", 0, ("/files/0/kind", "\"admin\"")),
    run("check", "check -", 1, ("/files/0/path", "\"-\"")),
    run("check", "check missing.json", 3, ("/files/0/diagnostics", "[]")),
    run("check", "check clean.json missing.json faulty.json", 3, ("/files/2/tokens", "4")),
    run("check", "check --admin-token-file admin.json grants.json", 0, ("/files/1/tokens", "1")),
    run("check", "check --state state.json clean.json", 0, ("/files/0/diagnostics/0/line", "null")),
    run("check", "check --deny all grants.json", 1, ("/files/0/loads", "true")),
    run("inspect", "inspect clean.json", 0, ("/tokens/0/expiry_millis", "4000000000000")),
    run("inspect", "inspect --now 4000000000000 clean.json", 0, ("/tokens/0/expired", "true")),
    run("inspect", "inspect grants.json", 0, ("/tokens/0/grants/1/shadows", "[\"write\"]")),
    run("inspect", "inspect undeclared.json", 0, ("/tokens/0/expiry_millis", "null")),
    run("inspect", "inspect admin.json", 0, ("/tokens/0/permissions", "[\"*:*:*\"]")),
    run("plan", "plan clean.json", 0, ("/create_tokens/0/name", "\"app\"")),
    run("plan", "plan clean.json --state state.json", 0, ("/diagnostics/0/severity", "\"note\"")),
    run("plan", "plan undeclared.json", 1, ("/diagnostics/0/code", "\"missing-database\"")),
    run("plan", "plan faulty.json", 1, ("/diagnostics/0/code", "\"database-name\"")),
    run("plan", "plan latin1.json", 1, ("/starts", "false")),
    run("plan", "plan admin.json", 1, ("/diagnostics/0/code", "\"wrong-kind\"")),
    run("diff", "diff undeclared.json grants.json", 1, ("/tokens/0/change", "\"removed\"")),
    run("diff", "diff clean.json undeclared.json", 1, ("/tokens/0/new/expiry_millis", "null")),
    run("diff", "diff rotated.json clean.json", 1, ("/tokens/0/grants/1/new", "[\"read\"]")),
    run("diff", "diff clean.json clean.json", 0, ("/tokens", "[]")),
    run("create-token", CREATE, 0, ("/permissions/1", "\"system:*:read\"")),
    run("create-token", CREATE_EXPIRING, 0, ("/expiry_millis", "86400000")),
    run("create-token", CREATE_ADMIN, 0, ("/name", "\"_admin\"")),
    run("create-token", CREATE_NAMED_ADMIN, 0, ("/permissions/0", "\"*:*:*\"")),
];

pub(crate) const CREATE: &str = "create token --offline --output-file new.json --name dash \
                      --permission db:b,a,b:write,read --permission system:*:read";
const CREATE_EXPIRING: &str = "create token --offline --output-file clean.json --name dash \
                               --permission db:*:read --expiry 1d --now 0";
const CREATE_ADMIN: &str = "create token --admin --offline --output-file new.json";
const CREATE_NAMED_ADMIN: &str =
    "create token --admin --offline --output-file new.json --name ci --expiry 90d";

impl Run {
    /// What it prints. Each run has a directory of its own, so that none sees what another wrote.
    pub(crate) fn report(&self) -> Value {
        let directory = TempDir::new().expect("a directory");
        for (name, bytes) in FILES {
            write(&directory.path().join(name), bytes);
        }
        let args: Vec<&str> = self.args.split_whitespace().collect();
        let (report, status) = report(directory.path(), &args);
        assert_eq!(status, self.status, "the exit status of `{}`", self.args);
        report
    }
}

pub(crate) fn write(path: &Path, bytes: &[u8]) {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes)).expect("a file");
}

pub(crate) fn report(directory: &Path, args: &[&str]) -> (Value, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(args)
        .args(["--format", "json"])
        .current_dir(directory)
        .output()
        .expect("the program runs");
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("`{}` prints no JSON: {error}", args.join(" ")));
    (report, output.status.code().expect("an exit status"))
}

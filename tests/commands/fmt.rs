//! `fmt`: files in, the same files in canonical layout out.

use crate::support::{GOOD, Place, SHADOWED, finish};

fn untidy() -> String {
    format!(
        r#"{{"tokens":[{{"name":"ก","permissions":["db:b,b:write,read"],"token":"{GOOD}","n":1.0}}],"_x":1}}"#
    )
}

fn tidy() -> String {
    format!(
        r#"{{
  "tokens": [
    {{
      "token": "{GOOD}",
      "name": "ก",
      "permissions": [
        "db:b:read,write"
      ],
      "n": 1.0
    }}
  ],
  "_x": 1
}}
"#
    )
}

#[test]
fn a_file_is_formatted_in_place_and_then_left_alone() {
    let place = Place::with(untidy());
    let run = place.run(&["fmt", "tokens.json"]);
    assert_eq!((run.status, run.all()), (0, "formatted tokens.json\n".to_owned()));
    assert_eq!(place.read("tokens.json"), tidy());
    let inode = |place: &Place| {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(place.path("tokens.json")).expect("there").ino()
    };
    let before = inode(&place);
    let again = place.run(&["fmt", "tokens.json"]);
    assert_eq!((again.status, again.all(), inode(&place)), (0, String::new(), before));
    assert_eq!(place.names(), ["tokens.json"]);
}

#[test]
fn to_check_names_the_files_and_writes_nothing() {
    let place = Place::with(untidy());
    place.write("tidy.json", tidy());
    place.write("shadowed.json", SHADOWED);
    let run = place.run(&["fmt", "--check", "tokens.json", "tidy.json", "shadowed.json"]);
    assert_eq!((run.status, run.all()), (1, "tokens.json\nshadowed.json\n".to_owned()));
    assert_eq!(place.read("tokens.json"), untidy());
    assert_eq!(place.run(&["fmt", "--check", "tidy.json"]).status, 0);
}

#[test]
fn standard_input_goes_to_standard_output_with_its_secrets() {
    let place = Place::new();
    let run = finish(place.command(&["fmt", "-"]).write_stdin(untidy()));
    assert_eq!((run.status, run.all()), (0, tidy()));
    let check = finish(place.command(&["fmt", "--check", "-"]).write_stdin(untidy()));
    assert_eq!((check.status, check.all()), (1, "<stdin>\n".to_owned()));
}

#[test]
fn what_cannot_be_formatted_stays_and_the_others_are_formatted() {
    let broken = format!("{{\"tokens\": [{{\"token\": \"{GOOD}\"");
    let place = Place::with(untidy());
    place.write("broken.json", &broken);
    place.write("empty.json", "");
    let run = place.run(&["fmt", "broken.json", "missing.json", "empty.json", ".", "tokens.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, "formatted tokens.json\n"));
    assert_eq!(run.stderr.lines().count(), 4, "{}", run.stderr);
    assert!(run.stderr.contains("see `check broken.json`") && !run.stderr.contains(GOOD));
    assert_eq!((place.read("broken.json"), place.read("empty.json")), (broken, String::new()));
    std::os::unix::fs::symlink("tokens.json", place.path("link.json")).expect("a link");
    place.write("tokens.json", untidy());
    let link = place.run(&["fmt", "link.json"]);
    assert_eq!(link.status, 3, "links are not written to: {}", link.all());
    let fifo = place.process("mkfifo", &["fifo"]).status().expect("mkfifo runs");
    assert!(fifo.success());
    assert_eq!(place.run(&["fmt", "fifo"]).status, 3, "nobody waits for a writer");
    assert_eq!(place.run(&["fmt"]).status, 2);
    assert_eq!(place.run(&["fmt", "-", "-"]).status, 2);
}

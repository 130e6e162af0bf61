//! `diff`: two files in, what a server would notice out.

use serde_json::json;

use crate::support::{GOOD, Place, SHADOWED};

const OTHER: &str = "apiv3_Wd4Jm9Tz2Hs6Xk1Pv8Ry3QfN";

const NOW: [&str; 2] = ["--now", "2026-11-01T00:00:00Z"];

/// The file as it was, one with every kind of difference, and one that is only spelled otherwise.
fn place() -> Place {
    let place = Place::new();
    place.write("old.json", SHADOWED);
    place.write(
        "new.json",
        format!(
            r#"{{"create_databases": ["b", "c"], "tokens": [
                {{"token": "{OTHER}", "name": "app", "permissions": ["db:*:read", "db:d:write"]}},
                {{"token": "{GOOD}", "name": "ผู้ใช้", "permissions": ["db:b,b:read"]}}]}}"#
        ),
    );
    place.write("same.json", SHADOWED.replace([' ', '\n'], "").replace("read,write", "write,read"));
    place
}

#[test]
fn files_that_mean_the_same_do_not_differ() {
    let place = place();
    let run = place.run(&["diff", "old.json", "same.json"]);
    assert_eq!((run.status, run.all()), (0, String::new()));
}

#[test]
fn differences_are_told_by_name_and_fingerprint() {
    let place = place();
    let run = place.run(&[&["diff", "old.json", "new.json"], &NOW[..]].concat());
    assert_eq!(run.status, 1);
    assert!(!run.all().contains(&GOOD["apiv3_".len()..]) && !run.all().contains(&OTHER[6..]));
    insta::assert_snapshot!(run.all());
}

#[test]
fn programs_get_json() {
    let place = place();
    let json = place.run(&["diff", "--format", "json", "old.json", "new.json"]).json();
    assert_eq!(json["removed_databases"], json!(["a"]));
    assert_eq!(json["added_databases"], json!(["c"]));
    let changes: Vec<_> = json["tokens"].as_array().expect("tokens").iter().collect();
    assert_eq!(
        (&changes[0]["change"], &changes[1]["change"]),
        (&json!("changed"), &json!("added"))
    );
    assert_eq!(changes[0]["old"]["expiry_millis"], json!(1_900_000_000_000_i64));
    assert_eq!(changes[0]["new"]["expiry_millis"], json!(null));
    let grants = &changes[0]["grants"][0];
    assert_eq!((&grants["old"], &grants["new"]), (&json!(["read", "write"]), &json!(["read"])));
    assert_eq!(changes[1]["old"], json!(null));
    let all = &changes[1]["grants"][0];
    assert_eq!((&all["resource_name"], &all["new"]), (&json!("b"), &json!(["read"])));
    assert_eq!(all["old"], json!([]));
}

#[test]
fn what_a_server_passes_over_is_said() {
    let place = place();
    place.write("empty.json", r#"{"create_databases": ["a", "b"], "tokens": []}"#);
    let said = |old: &str, new: &str| place.run(&["diff", old, new]).stderr;
    let all = said("old.json", "new.json");
    for rule in ["BOOT-01", "BOOT-02", "BOOT-03"] {
        assert!(all.contains(rule), "{all}");
    }
    assert_eq!(said("empty.json", "old.json"), "", "such a server takes the tokens");
}

#[test]
fn admin_files_are_compared_with_their_like_only() {
    let place = place();
    let admin = |secret: &str| format!(r#"{{"token": "{secret}", "name": "_admin"}}"#);
    place.write("admin.json", admin(GOOD));
    place.write("rotated.json", admin(OTHER));
    let run = place.run(&["diff", "admin.json", "rotated.json"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("another string, before fingerprint"), "{}", run.all());
    assert_eq!(run.stderr, "");
    let mixed = place.run(&["diff", "admin.json", "old.json"]);
    assert_eq!(mixed.status, 3);
    assert!(mixed.stderr.contains("is an admin token file"), "{}", mixed.stderr);
    for other in ["missing.json", "."] {
        assert_eq!(place.run(&["diff", "old.json", other]).status, 3);
    }
    assert_eq!(place.run(&["diff", "-", "-"]).status, 2);
}

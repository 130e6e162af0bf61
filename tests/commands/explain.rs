//! `explain`: every code, and the list of them.

use tokens::Code;

use crate::support::Place;

#[test]
fn every_code_is_listed_and_explained() {
    let place = Place::new();
    let list = place.run(&["explain"]).stdout;
    assert_eq!(list.lines().count(), Code::ALL.len());
    for code in Code::ALL {
        assert!(list.contains(code.name()), "{code}");
        let run = place.run(&["explain", code.name()]);
        assert_eq!(run.status, 0);
        let rule = code.rules()[0].id();
        assert!(run.stdout.starts_with(&format!("{}[{code}]: ", code.severity())));
        assert!(run.stdout.contains(rule) && run.stdout.contains("The way out: "), "{code}");
    }
}

#[test]
fn a_misspelled_code_gets_its_neighbour() {
    let run = Place::new().run(&["explain", "shadow-grant"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `shadowed-grant`?"), "{}", run.stderr);
}

#[test]
fn a_rule_leads_to_its_codes() {
    for rule in ["DB-05", "db-05"] {
        let run = Place::new().run(&["explain", rule]);
        assert_eq!(run.status, 2);
        assert!(
            run.stderr.contains("rests on it is missing-database, undeclared-database"),
            "{}",
            run.stderr
        );
    }
}

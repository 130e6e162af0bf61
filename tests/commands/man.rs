//! `man`: pages on standard output and in a directory.

use crate::support::Place;

/// The words of every subcommand, nested ones too, by asking `--help` again and again.
fn subcommands(place: &Place, words: &[&str]) -> Vec<Vec<String>> {
    let help = place.run(&[words, &["--help"]].concat()).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names =
        listed.take_while(|line| !line.is_empty()).filter_map(|line| line.split(' ').nth(2));
    let mut found = vec![words.iter().map(|word| (*word).to_owned()).collect()];
    for name in names.filter(|name| *name != "help") {
        found.extend(subcommands(place, &[words, &[name]].concat()));
    }
    found
}

#[test]
fn every_subcommand_has_a_page_and_each_is_named() {
    let place = Place::new();
    let subcommands = subcommands(&place, &[]);
    assert!(subcommands.contains(&vec!["create".to_owned(), "token".to_owned()]));
    let run = place.run(&["man", "--dir", "share/man1"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout.lines().count(), subcommands.len(), "{}", run.stdout);
    for words in subcommands {
        let name = [vec!["influxdb3-tokens".to_owned()], words.clone()].concat().join("-");
        let path = format!("share/man1/{name}.1");
        assert!(run.stdout.lines().any(|line| line == path), "{path}");
        let page = place.read(&path);
        assert!(page.contains(&format!(".TH {name} 1 ")), "{page}");
        assert!(page.contains(&format!("influxdb3-tokens {}", env!("CARGO_PKG_VERSION"))));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let printed = place.run(&[&["man"], words.as_slice()].concat());
        assert_eq!((printed.status, printed.stdout), (0, page), "{words:?}");
    }
}

#[test]
fn hidden_flags_and_long_lists_of_values_stay_out_of_a_page() {
    let place = Place::new();
    let create = place.run(&["man", "create", "token"]).stdout;
    assert!(
        create.contains("output\\-file") && !create.contains("tls") && !create.contains("host")
    );
    let check = place.run(&["man", "check"]).stdout;
    assert!(check.contains("\\-\\-allow") && !check.contains("shadowed"), "{check}");
}

#[test]
fn what_cannot_be_done_is_said_with_the_place_and_the_cause() {
    let place = Place::with("");
    std::fs::create_dir_all(place.path("taken/influxdb3-tokens.1")).expect("a directory");
    for (args, status, words) in [
        (["man", "--dir", "tokens.json"], 3, "cannot make the directory tokens.json: File exists"),
        (["man", "--dir", "tokens.json/x"], 3, "tokens.json/x: Not a directory"),
        (["man", "--dir", "taken"], 3, "cannot write taken/influxdb3-tokens.1: Is a directory"),
        (["man", "create", "\u{1b}"], 2, "`influxdb3-tokens create` has no subcommand `\\u{1b}`"),
        (["man", "create", "--dir=x"], 2, "cannot be used with"),
    ] {
        let run = place.run(&args);
        assert_eq!((run.status, run.stdout.as_str()), (status, ""), "{args:?}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    assert_eq!(place.read("tokens.json"), "");
}

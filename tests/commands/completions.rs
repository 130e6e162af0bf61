//! `completions`: what shells make of the scripts.

use crate::support::{PROGRAM, Place, Run};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// What bash offers for the last of these words, with the script for it.
fn offered(place: &Place, words: &[&str]) -> Vec<String> {
    let asked = r#"
        source ./script
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        # It is a builtin that works during completion only.
        compopt() { :; }
        complete -p "$1" >&2
        _influxdb3__tokens "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = place.process("bash", &["-c", asked, "bash", "influxdb3-tokens"]);
    let run = Run::from(bash.args(words).output().expect("bash"));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("-F _influxdb3__tokens"), "{}", run.stderr);
    let offered = run.stdout.lines().filter(|line| !line.is_empty());
    offered.map(str::to_owned).collect()
}

#[test]
fn bash_offers_subcommands_values_codes_and_files() {
    let place = Place::with("");
    place.write("script", place.run(&["completions", "bash"]).stdout);
    for (words, expected) in [
        ("che", "check"),
        ("create t", "token tokens"),
        ("create token --out", "--output-file"),
        ("create token --output-file tok", "tokens.json"),
        ("create token --tl", ""),
        ("create token --name tok", "tok"),
        ("check --format j", "json"),
        ("check --strict --allow shad", "shadowed-grant"),
        ("check --allow json", ""),
        ("check --deny json", "json-syntax json-encoding"),
        ("check --admin-token-file tok", "tokens.json"),
        ("explain shad", "shadowed-grant"),
        ("can app wr", "write"),
        ("completions z", "zsh"),
        ("man --d", "--dir"),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let offered = offered(&place, &words);
        let missing = expected.split_whitespace().find(|word| !offered.iter().any(|o| o == word));
        assert_eq!(missing, None, "{words:?}: {offered:?}");
        assert_eq!(offered.is_empty(), expected.is_empty(), "{words:?}: {offered:?}");
    }
}

#[test]
fn every_script_names_the_subcommands_and_no_hidden_flag() {
    let place = Place::new();
    for shell in SHELLS {
        let run = place.run(&["completions", shell]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{shell}");
        for word in ["create", "rotate", "completions", "output-file", "lock-timeout"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
        for hidden in ["regenerate", "tls-ca", "tls-no-verify"] {
            assert!(!run.stdout.contains(hidden), "{shell}: {hidden}");
        }
    }
}

/// For bash, and for those of the others that are installed.
#[test]
fn a_shell_can_read_its_script() {
    let place = Place::new();
    for shell in ["bash", "fish", "zsh"] {
        place.write("script", place.run(&["completions", shell]).stdout);
        match place.process(shell, &["-n", "script"]).output() {
            Err(error) if shell != "bash" => eprintln!("not tried: {shell}: {error}"),
            read => {
                let run = Run::from(read.expect("bash"));
                assert_eq!((run.status, run.all().as_str()), (0, ""), "{shell}");
            }
        }
    }
}

#[test]
fn an_unknown_shell_is_refused_with_those_that_are_known() {
    let run = Place::new().run(&["completions", "tcsh"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains(&SHELLS.join(", ")), "{}", run.stderr);
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    for args in [["completions", "bash"], ["man", "check"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = Place::new().process(PROGRAM, &args).stdout(writer).output();
        let run = Run::from(output.expect("the program runs"));
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{args:?}");
    }
}

//! Whatever is asked for loads again (GEN-05), admin token files among it (GEN-06).

use super::flags::lies_between;
use super::layout::is_laid_out;
use super::place::{FILE, Place, same, token_names};
use super::{Check, Generator, Outcome};

/// GEN-05 and GEN-06.
pub(super) const CHECKS: &[Check] = &[
    Check::must(
        "gen-05/quotation-marks",
        &["GEN-05", "GEN-02", "DOC-01"],
        "a name with quotation marks",
        "the file loads and has this name",
        |generator| is_named(generator, r#"the "new" app"#),
    ),
    Check::must(
        "gen-05/backslashes",
        &["GEN-05", "GEN-02", "DOC-01"],
        "a name with backslashes that could be escapes",
        "the file loads and has this name",
        |generator| is_named(generator, r"C:\new\u0041\"),
    ),
    Check::must(
        "gen-05/newline",
        &["GEN-05", "GEN-02", "DOC-01"],
        "a name of two lines",
        "the file loads and has this name",
        |generator| is_named(generator, "one\ntwo\n"),
    ),
    Check::must(
        "gen-05/control-characters",
        &["GEN-05", "GEN-02", "DOC-01"],
        "a name with control characters",
        "the file loads and has this name",
        |generator| is_named(generator, "\u{1}\t\r\u{1b}[31m\u{1f}\u{7f}"),
    ),
    Check::must(
        "gen-05/thai",
        &["GEN-05", "GEN-02"],
        "a name in Thai script",
        "the file loads and has this name",
        |generator| is_named(generator, "ระบบวัดน้ำ"),
    ),
    Check::must(
        "gen-05/emoji",
        &["GEN-05", "GEN-02"],
        "a name beyond 16 bits, with joined and combined characters",
        "the file loads and has this name, character by character",
        |generator| is_named(generator, "👩‍🚀 e\u{301} \u{fb01} \u{2028}"),
    ),
    Check::must(
        "gen-05/white-space",
        &["GEN-05", "GEN-02", "TOK-06"],
        "a name with spaces around it and two of them inside",
        "the file loads and has this name, untrimmed",
        |generator| is_named(generator, "  my  app "),
    ),
    Check::must(
        "gen-05/shell-characters",
        &["GEN-05", "GEN-02"],
        "a name full of what means something to a shell, or to formatted printing",
        "the file loads and has this name",
        |generator| is_named(generator, "$(id) `id` $HOME ${x} %s %n * ~ 'x' & | ; # !!"),
    ),
    Check::should(
        "gen-05/nothing-to-say",
        &["GEN-05"],
        "two databases and grants on them",
        "the reference's checks have nothing to say about the file",
        nothing_to_say,
    ),
    Check::must(
        "gen-06/admin",
        &["GEN-06"],
        "`--admin`",
        "`token` and `name`, which is `_admin`, laid out as any file",
        admin,
    ),
    Check::must(
        "gen-06/name",
        &["GEN-06"],
        "`--admin --name`",
        "an admin token of that name",
        admin_name,
    ),
    Check::must(
        "gen-06/expiry-with-name",
        &["GEN-06", "GEN-03"],
        "`--admin --name --expiry`",
        "an admin token with that end",
        |generator| admin_expires(generator, &["--admin", "--name", "ops", "--expiry", "10d"]),
    ),
    Check::should(
        "gen-06/expiry-without-name",
        &["GEN-06", "GEN-03"],
        "`--admin --expiry`",
        "an admin token with that end",
        |generator| admin_expires(generator, &["--admin", "--expiry", "10d"]),
    ),
    Check::should(
        "gen-06/existing",
        &["GEN-06"],
        "`--admin` where an admin token file, a tokens file or an empty file is",
        "a refusal, and the file as it was",
        admin_existing,
    ),
];

fn is_named(generator: &Generator, name: &str) -> Outcome {
    let flags = ["--name", name, "--permission", "db:*:read"];
    let document = Place::new(generator)?.makes(&flags)?;
    same("names", &[name], &token_names(&document))
}

fn nothing_to_say(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    let grants = ["--permission", "db:a,b:read", "--permission", "system:health:read"];
    let name = ["--name", "app", "--expiry", "30d", "--create-databases", "a,b"];
    place.succeeds(&[&name[..], &grants].concat())?;
    let bytes = place.bytes()?;
    let context = tokens::Context::at(tokens::os::now());
    match tokens::check(&tokens::read(&bytes, None), &context).first() {
        None => Ok(()),
        Some(found) => {
            Err(format!("the reference says: {} ({})", found.message, found.code).into())
        }
    }
}

fn admin(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    let token = place.makes_admin(&["--admin"])?;
    let secret = token.secret.expose();
    let expected = format!("{{\n  \"token\": \"{secret}\",\n  \"name\": \"_admin\"\n}}\n");
    is_laid_out(&expected, &place.text()?)
}

fn admin_name(generator: &Generator) -> Outcome {
    let token = Place::new(generator)?.makes_admin(&["--admin", "--name", "ops \"1\""])?;
    same("names", &["ops \"1\""], &[token.name.as_str()])
}

fn admin_expires(generator: &Generator, flags: &[&str]) -> Outcome {
    let place = Place::new(generator)?;
    let begin = tokens::os::now().0;
    let token = place.makes_admin(flags)?;
    let found = token.expiry_millis.ok_or("the token has no `expiry_millis`")?;
    lies_between(found, begin, tokens::os::now().0, 864_000)
}

fn admin_existing(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    let admin = r#"{"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "_admin"}"#;
    for old in [admin, r#"{"tokens": []}"#, ""] {
        place.put(FILE, old)?;
        place.refuses(&["--admin"])?;
    }
    Ok(())
}

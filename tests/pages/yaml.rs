//! The YAML of the pages: all of it can be read, its parts fit together, and what jobs run is run.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::session::steps;
use crate::{every_page, terminal, text};

/// The documents of a page: blocks of their own, and files that it shows.
fn documents(page: &str) -> Vec<Value> {
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let is_yaml = |file: &str| file.ends_with(".yaml") || file.ends_with(".yml");
    let steps = steps(page);
    let files = steps.iter().filter(|step| step.file().is_some_and(is_yaml));
    let texts = blocks.chain(files.map(|step| step.printed.as_str()));
    texts.map(|text| serde_norway::from_str(text).expect(text)).collect()
}

fn texts(values: &Value) -> impl Iterator<Item = &str> {
    values.as_array().into_iter().flatten().filter_map(Value::as_str)
}

pub(crate) fn fits_together() {
    let documents: Vec<Value> = every_page().flat_map(|page| documents(&text(page))).collect();
    let having =
        |member: &'static str| documents.iter().filter(move |document| !document[member].is_null());
    assert!(having("services").next().is_some() && having("spec").next().is_some());
    having("services").for_each(compose_file);
    having("spec").for_each(job);
}

/// Every secret that a service takes is declared, and every path to one is that of a secret it takes.
fn compose_file(document: &Value) {
    for service in document["services"].as_object().expect("services").values() {
        let secrets = texts(&service["secrets"]);
        let paths: BTreeSet<String> = secrets.map(|name| format!("/run/secrets/{name}")).collect();
        for secret in texts(&service["secrets"]) {
            assert!(document["secrets"][secret]["file"].is_string(), "{secret} has no file");
        }
        let variables = service["environment"].as_object().expect("variables").values();
        let used = variables.filter_map(Value::as_str).map(str::to_owned);
        let used = used.filter(|value| value.starts_with("/run/secrets/"));
        assert_eq!(used.collect::<BTreeSet<_>>(), paths);
    }
}

/// Every volume that is mounted is there, and the command is about where it is mounted.
fn job(document: &Value) {
    let pod = &document["spec"]["template"]["spec"];
    let volumes = pod["volumes"].as_array().expect("volumes");
    for container in pod["containers"].as_array().expect("containers") {
        for mount in container["volumeMounts"].as_array().expect("mounts") {
            assert!(volumes.iter().any(|volume| volume["name"] == mount["name"]), "{mount}");
            assert!(texts(&container["command"]).any(|word| word == mount["mountPath"]), "{mount}");
        }
    }
}

/// Runs the scripts of the jobs of CI systems on a page, each job in a directory of its own.
pub(crate) fn run_jobs(page: &str) {
    for document in documents(page) {
        let nested = document["jobs"].as_object().into_iter().flatten();
        for (_, job) in document.as_object().into_iter().flatten().chain(nested) {
            run_job(job);
        }
    }
}

/// A job has `steps` on GitHub, and a `script` on GitLab.
fn run_job(job: &Value) {
    let steps = job["steps"].as_array().into_iter().flatten();
    let scripts = steps.filter_map(|step| step["run"].as_str()).chain(texts(&job["script"]));
    let secret = "export APP_TOKEN=apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs";
    let terminal = terminal();
    for script in [secret].into_iter().chain(scripts) {
        let (succeeded, printed) = terminal.run(script);
        assert!(succeeded, "{script} fails:\n{printed}");
    }
}

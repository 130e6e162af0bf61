//! What libFuzzer prints.

use std::path::PathBuf;

/// A line such as `#8 NEW cov: 40 ft: 41 corp: 2/3b exec/s: 4 rss: 30Mb`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) executions: u64,
    pub(crate) coverage: u64,
    pub(crate) features: u64,
    pub(crate) corpus: u64,
    pub(crate) per_second: u64,
}

impl Status {
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let executions = line.strip_prefix('#')?.split_whitespace().next()?.parse().ok()?;
        let after = |name: &str| -> Option<u64> {
            let mut words = line.split_whitespace().skip_while(|word| *word != name).skip(1);
            words.next()?.split('/').next()?.parse().ok()
        };
        Some(Status {
            executions,
            coverage: after("cov:").unwrap_or(0),
            features: after("ft:").unwrap_or(0),
            corpus: after("corp:").unwrap_or(0),
            per_second: after("exec/s:")?,
        })
    }
}

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// After the seeds.
    pub(crate) first: Option<Status>,
    pub(crate) last: Status,
    /// Where the input was written that broke the oracle.
    pub(crate) artifact: Option<PathBuf>,
    /// What was printed since the last status.
    pub(crate) since: Vec<String>,
}

impl Log {
    pub(crate) fn take(&mut self, line: &str) {
        if let Some(status) = Status::parse(line) {
            if line.contains("INITED") {
                self.first = Some(status);
            }
            self.last = status;
            self.since.clear();
        } else if let Some((_, number)) = line.split_once("stat::number_of_executed_units:") {
            self.last.executions = number.trim().parse().unwrap_or(self.last.executions);
        } else if let Some((_, number)) = line.split_once("stat::average_exec_per_sec:") {
            self.last.per_second = number.trim().parse().unwrap_or(self.last.per_second);
        } else {
            let path = line.split_once("Test unit written to ").map(|(_, path)| path.trim());
            // An input that was merely slow is no finding.
            if let Some(path) = path.filter(|path| !path.contains("/slow-unit-")) {
                self.artifact = Some(path.into());
            }
            self.since.push(line.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_libfuzzer_are_read() {
        let mut log = Log::default();
        for line in [
            "INFO: Seed: 1",
            "#66\tINITED cov: 45 ft: 46 corp: 12/34b exec/s: 0 rss: 30Mb",
            "#900\tNEW    cov: 50 ft: 61 corp: 13/3Kb lim: 4 exec/s: 450 rss: 31Mb L: 4/4 MS: 1 -",
            "thread '<unnamed>' panicked at here:",
            "artifact_prefix='a/'; Test unit written to a/crash-0123",
            "stat::number_of_executed_units: 1000",
            "stat::average_exec_per_sec:     500",
        ] {
            log.take(line);
        }
        let status = |executions, coverage, features, corpus, per_second| Status {
            executions,
            coverage,
            features,
            corpus,
            per_second,
        };
        assert_eq!(log.first, Some(status(66, 45, 46, 12, 0)));
        assert_eq!(log.last, status(1000, 50, 61, 13, 500));
        assert_eq!(log.artifact, Some("a/crash-0123".into()));
        assert_eq!(log.since.len(), 2);
    }
}

//! Runs `auction-server replay` on logs that tests write.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// What became of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the binary with these arguments and nothing on standard input.
pub(crate) fn server(arguments: &[&str]) -> Ran {
    run(arguments, "")
}

/// Replays a log from standard input.
pub(crate) fn replay(log: &str, options: &[&str]) -> Ran {
    run(&[&["replay", "-"], options].concat(), log)
}

/// Replays a log under a document of terms, in a folder of the test called `test`.
pub(crate) fn replay_under(test: &str, document: &str, log: &str, options: &[&str]) -> Ran {
    let terms = scratch(test, "terms.json");
    std::fs::write(&terms, document).expect("a writable folder");
    replay(log, &[&["--terms", terms.to_str().expect("a UTF-8 path")], options].concat())
}

/// A file that only the test called `test` uses; it does not exist yet.
pub(crate) fn scratch(test: &str, name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&folder).expect("a writable folder");
    let path = folder.join(name);
    // It may be left from an earlier run.
    let _ = std::fs::remove_file(&path);
    path
}

/// A file of the core's test data.
pub(crate) fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../auction-core/testdata").join(name)
}

/// Rows of CSV text by their column names.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().expect("CSV")
}

fn run(arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_auction-server"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the built binary starts");
    let mut stdin = child.stdin.take().expect("a piped standard input");
    // It answers only after it has read everything, or stops reading at something that is wrong.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

impl Ran {
    /// The rows after the header, where the run was a success.
    pub(crate) fn results(&self) -> Vec<&str> {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        let mut lines = self.stdout.lines();
        assert_eq!(lines.next(), Some("auction,status,price,leader,accepted,refused,ends_at"));
        lines.collect()
    }

    /// What was said on standard error, where the run failed without a result.
    pub(crate) fn failure(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self:?}");
        self.stderr.trim_end()
    }
}

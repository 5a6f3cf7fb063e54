//! The site of the built binary.

use super::super::process::{Running, run};
use super::INDEX;
use std::fs;

#[test]
fn a_folder_with_pages_is_served_and_one_without_is_refused() {
    let pages = tempfile::tempdir().expect("a folder");
    let path = pages.path().to_str().expect("UTF-8");
    for arguments in [&["--ui-dir", path][..], &["serve", "--ui-dir", path, "--listen", "127.0.0.1:0"]] {
        let folder = tempfile::tempdir().expect("a folder");
        let (code, stdout, stderr) = run(folder.path(), arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
        assert!(stderr.contains("UI_DIR: there is no index.html in"), "{stderr}");
        let (code, stdout, _) = run(folder.path(), &["doctor"], &[("UI_DIR", path)]);
        assert_eq!(code, Some(1), "{stdout}");
        assert!(stdout.contains("FAIL  site") && stdout.contains("there is no index.html in"), "{stdout}");
    }
    fs::write(pages.path().join("index.html"), INDEX).expect("written");
    let folder = tempfile::tempdir().expect("a folder");
    let (code, stdout, _) = run(folder.path(), &["doctor"], &[("UI_DIR", path)]);
    assert!(code == Some(0) && stdout.contains("ok    site"), "{stdout}");
    let server = Running::start(&["--ui-dir", path, "--demo"], &[]);
    let page = server.get("/login");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("ann@demo.example"), "{page}");
    // What is changed there is seen at once.
    fs::write(pages.path().join("index.html"), "<!doctype html><p>Changed").expect("written");
    assert!(server.get("/login").ends_with("<p>Changed"));
    let metrics = server.get("/metrics");
    assert!(metrics.contains(r#"route="/login""#), "{metrics}");
    let started = Running::start(&[], &[("UI_DIR", path)]);
    assert!(!started.get("/login").contains("@demo.example"));
}

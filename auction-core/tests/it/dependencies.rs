//! The engine takes in neither a runtime nor the network nor a database, with whatever features.

use std::process::Command;

const FORBIDDEN: [&str; 7] = ["tokio", "axum", "sqlx", "redis", "lettre", "reqwest", "async-std"];

#[test]
fn the_engine_depends_on_no_runtime_network_or_database() {
    let arguments = ["tree", "-p", "auction-core", "-e", "normal", "--all-features", "--prefix", "none"];
    let tree = |extra: &[&str]| {
        Command::new(env!("CARGO"))
            .args(arguments)
            .args(extra)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs")
    };
    let mut output = tree(&["--offline"]);
    if !output.status.success() {
        output = tree(&[]);
    }
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let crates: Vec<_> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains(&"auction-core") && crates.contains(&"rust_decimal"), "no tree: {listed}");
    for forbidden in FORBIDDEN {
        let found =
            crates.iter().find(|name| **name == forbidden || name.starts_with(&format!("{forbidden}-")));
        assert_eq!(found, None, "the engine depends on {forbidden}:\n{listed}");
    }
}

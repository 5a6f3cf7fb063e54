//! One library of cryptography is linked, and not the one that quarrels with it.

use std::process::Command;

#[test]
fn mail_is_encrypted_with_ring_alone() {
    let arguments =
        ["tree", "--offline", "-p", "auction-adapters", "-e", "normal", "--all-features", "--prefix", "none"];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let crates: Vec<_> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains(&"ring") && crates.contains(&"rustls"), "no tree: {listed}");
    for other in ["aws-lc", "openssl", "native-tls"] {
        let found = crates.iter().find(|name| name.starts_with(other) && **name != "openssl-probe");
        assert_eq!(found, None, "the adapters depend on {other}:\n{listed}");
    }
}

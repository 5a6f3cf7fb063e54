//! The bundle that stands in the repository, and is part of the binary.

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Origins that scripts name and never ask: names of formats, where libraries explain their errors, and a base for
/// addresses that have none. Another one has to be looked at before it is added here.
const NAMED: [&str; 6] = [
    "http://www.w3.org",
    "https://react.dev",
    "https://reactrouter.com",
    "https://github.com",
    "http://localhost",
    "http://site.invalid",
];

fn ui() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")
}

/// All files below a folder, by their paths relative to `root`, in the order of their bytes.
fn files(root: &Path, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).expect("a path below").components();
            let name: Vec<_> = name.map(|part| part.as_os_str().to_str().expect("UTF-8")).collect();
            found.insert(name.join("/"), fs::read(&path).expect("read"));
        }
    }
    found
}

fn dist() -> BTreeMap<String, Vec<u8>> {
    let found = files(&ui().join("dist"), "");
    assert!(
        found.contains_key("index.html"),
        "ui/dist is missing: `npm ci && npm run build` in auction-http/ui"
    );
    found
}

fn manifest(dist: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(dist.get("manifest.json").expect("a manifest")).expect("JSON")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn the_bundle_is_built_from_its_sources() {
    let root = ui();
    let mut sources = files(&root, "src");
    sources.extend(files(&root, "public"));
    for name in ["index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"] {
        sources.extend(fs::read(root.join(name)).ok().map(|content| (name.to_owned(), content)));
    }
    let mut hash = Sha256::new();
    for (path, content) in &sources {
        hash.update(format!("{path}\0{}\0", content.len()));
        hash.update(content);
    }
    let hash = data_encoding::HEXLOWER.encode(&hash.finalize());
    let built_from = manifest(&dist())["sources"].clone();
    assert_eq!(
        built_from, hash,
        "the sources have changed: `npm run build` in auction-http/ui, and commit ui/dist"
    );
}

#[test]
fn the_manifest_lists_what_was_built() {
    let dist = dist();
    let listed = manifest(&dist)["files"].as_object().expect("files").clone();
    let is_made_later =
        |name: &str| name.ends_with(".br") || name.ends_with(".gz") || name == "manifest.json";
    for (name, content) in dist.iter().filter(|(name, _)| !is_made_later(name)) {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
        assert_eq!(listed.get(name).and_then(Value::as_str), Some(hash.as_str()), "{name}");
    }
    let gone: Vec<_> = listed.keys().filter(|name| !dist.contains_key(*name)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn each_compressed_file_is_its_plain_file() {
    let dist = dist();
    let mut count = 0;
    for (name, content) in &dist {
        let mut plain = Vec::new();
        let original = if let Some(original) = name.strip_suffix(".gz") {
            GzDecoder::new(&content[..]).read_to_end(&mut plain).expect("gzip");
            original
        } else if let Some(original) = name.strip_suffix(".br") {
            brotli_decompressor::BrotliDecompress(&mut &content[..], &mut plain).expect("Brotli");
            original
        } else {
            continue;
        };
        assert!(dist.get(original).is_some_and(|original| *original == plain), "{name}");
        count += 1;
    }
    assert!(count > 0);
    // What a page waits for is there in both forms.
    for name in dist.keys().filter(|name| name.ends_with(".js") || name.ends_with(".css")) {
        if name.starts_with("assets/") {
            assert!(
                dist.contains_key(&format!("{name}.br")) && dist.contains_key(&format!("{name}.gz")),
                "{name}"
            );
        }
    }
}

#[test]
fn the_document_can_be_filled_in_and_runs_nothing_that_stands_in_it() {
    let dist = dist();
    let index = text(&dist["index.html"]);
    let head = index.split("</head>").next().expect("a head");
    for (part, mark) in [
        (index, "<html lang=\"en\""),
        (head, "<!--site:head-->"),
        (index, "<!--site:plain-->"),
        (index, "=\"./assets/"),
    ] {
        assert_eq!(part.matches(mark).count().min(1), 1, "{mark} is missing");
    }
    assert_eq!(index.matches("<!--site:head-->").count(), 1);
    assert!(!head.contains("<title"), "the server writes the title");
    for script in index.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').expect("a tag");
        assert!(attributes.contains("src=\"./") && rest.trim_start().starts_with("</script>"), "{script}");
    }
    for inline in ["<style", " style=", " onload=", " onclick=", "javascript:"] {
        assert!(!index.contains(inline), "{inline} is refused by the policy");
    }
    for address in index.split("=\"./").skip(1).map(|rest| rest.split('"').next().expect("an address")) {
        assert!(dist.contains_key(address), "{address} is missing");
    }
}

#[test]
fn no_file_asks_another_origin() {
    for (name, content) in dist() {
        let is_text = [".html", ".css", ".js", ".svg", ".webmanifest"].iter().any(|end| name.ends_with(end));
        if !is_text {
            continue;
        }
        let content = text(&content);
        for scheme in ["http://", "https://", "ws://", "wss://"] {
            for (start, _) in content.match_indices(scheme) {
                let is_host = |letter: char| letter.is_ascii_alphanumeric() || "-.:".contains(letter);
                let rest = &content[start + scheme.len()..];
                let host: String = rest.chars().take_while(|letter| is_host(*letter)).collect();
                let host = host.trim_end_matches('.');
                // A scheme alone is what addresses are made of, or ends a sentence about them.
                let is_named = host.is_empty() || NAMED.contains(&format!("{scheme}{host}").as_str());
                assert!(is_named, "{name} names {scheme}{host}");
            }
        }
        let is_script = name.ends_with(".js");
        assert!(is_script || !content.contains("@import"), "{name}");
        for asked in
            ["url(//", "url(http", "src=\"//", "src=\"http", "import(\"http", "from\"http", "fetch(\"http"]
        {
            assert!(!content.contains(asked), "{name} asks another origin: {asked}");
        }
        assert!(!content.contains("sourceMappingURL=http"), "{name}");
    }
}

//! Secrets planted in every field of every account call.

use super::house::{Folder, House, Is};
use super::process::UNLIMITED;
use serde_json::{Value, json};

/// Fields that hold secrets, and a mark that is planted in each. Nothing else that a test sends has these marks in it.
const SECRETS: [(&str, &str); 8] = [
    ("password", "planted-Password-71"),
    ("new_password", "planted-New-Password-72"),
    ("otp", "planted-otp-73"),
    ("code", "planted-code-74"),
    ("token", "planted-token-75"),
    ("temp_token", "planted-temp-76"),
    ("refresh", "planted.refresh.77"),
    ("avatar", "planted-avatar-78"),
];

/// What stands in a field that is no secret, so that the call goes as far as it can.
fn harmless(field: &str) -> Value {
    match field {
        "email" => json!("zoe@example.org"),
        "website" => json!("https://example.org/"),
        "birth_date" => json!("1990-01-31"),
        "username" => json!("zoe"),
        _ => json!("Zoe"),
    }
}

fn planted(field: &str) -> Option<&'static str> {
    SECRETS.iter().find(|(name, _)| *name == field).map(|(_, mark)| *mark)
}

/// The bodies to send to a call: secrets as texts, as what they must not be, and together with what is wrong.
fn bodies(fields: &[String]) -> Vec<String> {
    let with = |value: &dyn Fn(&str) -> Value| {
        let members = fields.iter().map(|field| (field.clone(), value(field)));
        Value::Object(members.collect()).to_string()
    };
    let text = |field: &str| planted(field).map_or_else(|| harmless(field), |mark| json!(mark));
    vec![
        with(&text),
        with(&|field| planted(field).map_or(Value::Null, |mark| json!(mark))),
        with(&|field| planted(field).map_or_else(|| harmless(field), |mark| json!({"$ne": mark}))),
        with(&|field| planted(field).map_or_else(|| harmless(field), |mark| json!([mark, mark]))),
        // Cut off in the middle, and with everything twice.
        with(&text).trim_end_matches('}').to_owned(),
        format!("{},{}", with(&text).trim_end_matches('}'), &with(&text)[1..]),
        SECRETS.map(|(_, mark)| mark).join(" "),
    ]
}

/// Every call that takes a body and is about people, with the names of its fields.
async fn calls(house: &House) -> Vec<(String, String, Vec<String>)> {
    let schema = house.get("/api/schema/").await.json();
    let mut calls = Vec::new();
    for (path, item) in schema["paths"].as_object().expect("paths") {
        for (method, call) in item.as_object().expect("methods") {
            let tag = call["tags"][0].as_str().unwrap_or_default();
            let body = &call["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let name = body.as_str().and_then(|path| path.rsplit('/').next());
            if let (true, Some(name)) = (["accounts", "tokens", "two factors"].contains(&tag), name) {
                let fields = schema["components"]["schemas"][name]["properties"].as_object().expect("fields");
                calls.push((method.to_uppercase(), path.clone(), fields.keys().cloned().collect()));
            }
        }
    }
    calls
}

#[tokio::test]
async fn secrets_in_any_field_of_any_account_call_stand_nowhere_afterwards() {
    let settings = [UNLIMITED.as_slice(), &[("LOG_FORMAT", "json"), ("LOG_LEVEL", "trace")]].concat();
    let mut house = Folder::new().await.serve(&settings).await;
    let person = house.person("ann", Is::Bidder).await;
    let staff = house.person("staff", Is::Admin).await;
    let calls = calls(&house).await;
    assert!(calls.len() >= 17, "{calls:?}");
    for (name, _) in &SECRETS[..7] {
        assert!(calls.iter().any(|(_, _, fields)| fields.iter().any(|field| field == name)), "{name}");
    }
    let mut answers = Vec::new();
    for (method, path, fields) in &calls {
        let mut fields = fields.clone();
        fields.push("avatar".to_owned());
        for body in bodies(&fields) {
            for mut client in [house.stranger().await, house.client(&person).await] {
                answers.push(client.send(method, path, &[], &body).await.expect("an answer").text());
            }
        }
    }
    // People mistake one field for another.
    let mark = "planted-id-79";
    for path in ["/api/login/", "/api/token/"] {
        for body in [json!({"email": mark, "password": "x"}), json!({"username": mark, "password": "x"})] {
            let mut nobody = house.stranger().await;
            answers.push(nobody.send("POST", path, &[], &body.to_string()).await.expect("an answer").text());
        }
        let body = json!({"email": format!("{mark}@example.org"), "password": "x"});
        let mut nobody = house.stranger().await;
        answers.push(nobody.send("POST", path, &[], &body.to_string()).await.expect("an answer").text());
    }
    // What is written down is written within a second, and at once where the house does something.
    let mut client = house.client(&staff).await;
    answers.push(client.get("/api/audit/").await.expect("an answer").text());
    answers.push(house.get("/metrics").await.text());
    let log = house.process.said();
    assert!(log.contains("\"target\":\"audit\"") && log.contains("answered"), "there is a log");
    let folder = house.folder.path().join("data");
    house.process.signal("-TERM");
    assert!(house.process.ended().await.success());
    let marks = SECRETS.iter().map(|(_, mark)| *mark).chain([mark]);
    for mark in marks {
        let hits: Vec<_> = log.lines().filter(|line| line.contains(mark)).collect();
        assert!(hits.is_empty(), "in the log: {hits:?}");
        for text in &answers {
            assert!(!text.contains(mark), "in an answer: {text}");
        }
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            let is_there = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            assert!(!is_there, "{mark} in {:?}", entry.file_name());
        }
    }
}

//! The mail server, and mailers that speak to it.

use auction_adapters::smtp::{Smtp, SmtpLimits, SmtpLogin, SmtpOptions, SmtpSecurity};
use auction_core::identity::Email;
use auction_core::memory::ManualClock;
use auction_core::notify::MailClass;
use auction_core::ports::{Mail, Mailer, UnsentKind};
use auction_core::{Span, Timestamp};
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// What Python and its packages are found under, beside what cargo builds.
const ENVIRONMENT: &str = "../aiosmtpd-1.4.6/bin/python";

/// Longer than any test waits: only a mistake takes so long.
pub(crate) const LONG: Duration = Duration::from_secs(120);

/// How long tests wait for a server that is known not to answer.
pub(crate) const SHORT: Duration = Duration::from_millis(200);

/// Bounds that are never reached.
pub(crate) const PATIENT: SmtpLimits = SmtpLimits {
    turn_wait_max: LONG,
    connect_wait_max: LONG,
    command_wait_max: LONG,
    delivery_wait_max: LONG,
    idle_max: LONG,
    connections_max: 4,
};

/// A running mail server.
pub(crate) struct MailServer {
    process: Child,
    said: BufReader<ChildStdout>,
    ready: Value,
    folder: TempDir,
    certificate: String,
}

impl MailServer {
    pub(crate) fn start() -> Self {
        let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join(ENVIRONMENT);
        assert!(python.exists(), "{} is missing: run scripts/aiosmtpd.sh", python.display());
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
        let files = [("certificate.pem", certificate.clone()), ("key.pem", key.serialize_pem())];
        for (name, text) in &files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../auction-adapters/tests/mail/mail_server.py");
        let mut process = Command::new(python)
            .arg(script)
            .args(files.map(|(name, _)| folder.path().join(name)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self { process, said, ready: Value::Null, folder, certificate };
        server.ready = server.hear("ready");
        server
    }

    /// The next thing that happens, which must be this.
    pub(crate) fn hear(&mut self, event: &str) -> Value {
        let happened = self.hear_any();
        assert_eq!(happened["event"], event, "{happened}");
        happened
    }

    fn hear_any(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Gives an order, and hears what follows from it. Whatever happened before must have been heard.
    pub(crate) fn order(&mut self, order: &Value) {
        assert_eq!(self.order_amid(order), Vec::<Value>::new());
    }

    /// Gives an order, and answers what happened before it was carried out.
    pub(crate) fn order_amid(&mut self, order: &Value) -> Vec<Value> {
        self.tell(order);
        let mut before = Vec::new();
        loop {
            let happened = self.hear_any();
            if happened["event"] == "ordered" {
                return before;
            }
            before.push(happened);
        }
    }

    /// Does this when the step is reached next.
    pub(crate) fn fault(&mut self, step: &str, action: &str) {
        self.order(&json!({"order": "fault", "step": step, "action": action}));
    }

    /// Ends all connections.
    pub(crate) fn drop_connections(&mut self) {
        self.order(&json!({"order": "drop"}));
    }

    /// What stands in a file with a mail.
    pub(crate) fn parse(&mut self, file: &Path) -> Value {
        self.tell(&json!({"order": "parse", "file": file}));
        self.hear("parsed")["mail"].take()
    }

    fn tell(&mut self, order: &Value) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    /// A folder that goes with the server.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How to reach it: with the right password and the right authority where those are needed.
    pub(crate) fn options(&self, security: SmtpSecurity) -> SmtpOptions {
        let kind = match security {
            SmtpSecurity::Plain => "plain",
            SmtpSecurity::StartTls => "starttls",
            SmtpSecurity::Tls => "tls",
        };
        SmtpOptions {
            host: "localhost".to_owned(),
            port: self.port(kind),
            security,
            login: (security != SmtpSecurity::Plain).then(|| SmtpLogin::new("house", "hunter2")),
            authorities: Some(self.certificate.clone().into_bytes()),
            sender: "house@example.org".to_owned(),
            limits: PATIENT,
        }
    }

    pub(crate) fn port(&self, kind: &str) -> u16 {
        self.ready[kind].as_u64().unwrap().try_into().unwrap()
    }

    /// A mailer without encryption.
    pub(crate) fn plain(&self, limits: SmtpLimits) -> Smtp {
        mailer(SmtpOptions { limits, ..self.options(SmtpSecurity::Plain) })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // One that has ended is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::EPOCH.after(Span::from_secs(86_400))))
}

pub(crate) fn mailer(options: SmtpOptions) -> Smtp {
    // Another test of the same process may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Smtp::new(options, clock()).unwrap()
}

pub(crate) fn mail(id: &str) -> Mail {
    Mail {
        id: id.to_owned(),
        to: Email::parse("ann@example.com").unwrap(),
        subject: "Hello".to_owned(),
        text: "The code is 012345.\n".to_owned(),
        html: None,
        class: MailClass::Secret,
        lifetime: Span::from_secs(180),
    }
}

/// What becomes of a mail with this id.
pub(crate) async fn send(mailer: &Smtp, id: &str) -> Result<(), UnsentKind> {
    mailer.send(&mail(id)).await.map_err(|unsent| unsent.kind)
}

/// The value of a header of a mail that was received.
pub(crate) fn header<'a>(mail: &'a Value, name: &str) -> &'a str {
    let headers = mail["headers"].as_array().unwrap();
    headers.iter().find(|header| header[0] == name).unwrap()[1].as_str().unwrap()
}

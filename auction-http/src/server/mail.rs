//! How mail leaves the house.

use crate::settings::{Mail, MailEncryption, Settings, Smtp as SmtpSettings};
use auction_adapters::maildir::Maildir;
use auction_adapters::smtp::{Smtp, SmtpLimits, SmtpLogin, SmtpOptions, SmtpSecurity};
use auction_core::ports::{Clock, Failure, FailureKind, Mailer};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// The folder of mails that go nowhere, in the data folder.
const MAIL_FOLDER: &str = "mail";

/// The largest file of certificates that is read, in bytes.
const AUTHORITIES_BYTES_MAX: u64 = 1 << 20;

/// What sends mails, as the settings say.
///
/// # Errors
/// A [`Failure`] where the folder of mails cannot be made, or the certificates of the authorities cannot be read.
pub(crate) fn mailer(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Arc<dyn Mailer>, Failure> {
    Ok(match &settings.mail {
        Mail::Files { from } => {
            Arc::new(Maildir::open(settings.data_dir.join(MAIL_FOLDER), from, Arc::clone(clock))?)
        }
        Mail::Smtp(smtp) => Arc::new(mail_server(smtp, clock)?),
    })
}

/// What hands mails to this mail server.
///
/// # Errors
/// A [`Failure`] where the certificates of the authorities cannot be read.
pub(crate) fn mail_server(smtp: &SmtpSettings, clock: &Arc<dyn Clock>) -> Result<Smtp, Failure> {
    let authorities = smtp
        .authorities
        .as_deref()
        .map(read_authorities)
        .transpose()
        .map_err(|error| Failure::new(FailureKind::Other, "read EMAIL_CA_FILE", error))?;
    let login = smtp.user.as_ref().zip(smtp.password.as_ref());
    let options = SmtpOptions {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.encryption {
            MailEncryption::StartTls => SmtpSecurity::StartTls,
            MailEncryption::Tls => SmtpSecurity::Tls,
            MailEncryption::Off => SmtpSecurity::Plain,
        },
        login: login.map(|(user, password)| SmtpLogin::new(user, password.expose())),
        authorities,
        sender: smtp.from.clone(),
        limits: SmtpLimits::DEFAULT,
    };
    Smtp::new(options, Arc::clone(clock))
}

fn read_authorities(path: &Path) -> io::Result<Vec<u8>> {
    let mut certificates = Vec::new();
    File::open(path)?.take(AUTHORITIES_BYTES_MAX).read_to_end(&mut certificates)?;
    Ok(certificates)
}

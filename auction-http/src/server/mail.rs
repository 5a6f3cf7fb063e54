//! How mail leaves the house.

use super::house::with_causes;
use crate::settings::{Mail as MailSettings, MailEncryption, Settings, Smtp as SmtpSettings};
use async_trait::async_trait;
use auction_adapters::maildir::Maildir;
use auction_adapters::smtp::{Smtp, SmtpLimits, SmtpLogin, SmtpOptions, SmtpSecurity};
use auction_core::ports::{Clock, Failure, FailureKind, Mail, Mailer, Unsent, UnsentKind};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The folder of mails that go nowhere, in the data folder.
const MAIL_FOLDER: &str = "mail";

/// The largest file of certificates that is read, in bytes.
const AUTHORITIES_BYTES_MAX: u64 = 1 << 20;

/// What sends mails, as the settings say.
///
/// # Errors
/// A [`Failure`] where the folder of mails cannot be made, or the certificates of the authorities cannot be read.
pub(crate) fn mailer(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Arc<dyn Mailer>, Failure> {
    let mailer: Arc<dyn Mailer> = match &settings.mail {
        MailSettings::Files { from } => {
            Arc::new(Maildir::open(settings.data_dir.join(MAIL_FOLDER), from, Arc::clone(clock))?)
        }
        MailSettings::Smtp(smtp) => Arc::new(mail_server(smtp, clock)?),
    };
    Ok(Arc::new(Watched { mailer, is_down: AtomicBool::new(false) }))
}

/// A mailer whose failures are logged and counted. What our mailers say of a failure has nothing of the mail in it.
struct Watched {
    mailer: Arc<dyn Mailer>,
    is_down: AtomicBool,
}

#[async_trait]
impl Mailer for Watched {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        let sent = self.mailer.send(mail).await;
        let outcome = match &sent {
            Ok(()) => "sent",
            Err(unsent) => match unsent.kind {
                UnsentKind::Down => "down",
                UnsentKind::Later => "later",
                UnsentKind::Never => "refused",
                _ => "unknown",
            },
        };
        metrics::counter!("auction_mails_total", "outcome" => outcome).increment(1);
        let is_down = outcome == "down";
        let was_down = self.is_down.swap(is_down, Ordering::Relaxed);
        match &sent {
            // Said once, and not for each mail that waits.
            Err(unsent) if !(is_down && was_down) => {
                tracing::warn!(
                    mail = mail.id,
                    outcome,
                    why = with_causes(&unsent.failure),
                    "a mail was not sent"
                );
            }
            Ok(()) if was_down => tracing::info!("mails are sent again"),
            _ => {}
        }
        sent
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::service::courier;
    use std::time::Duration;

    #[test]
    fn a_try_over_smtp_that_begins_in_time_is_over_before_the_lease_of_the_courier() {
        let lease = Duration::from_micros(courier::Settings::default().lease.micros().unsigned_abs());
        let longest_try = SmtpLimits::DEFAULT.try_max();
        // None is begun in the second half.
        assert!(longest_try < lease / 2, "{longest_try:?} of {lease:?}");
    }
}

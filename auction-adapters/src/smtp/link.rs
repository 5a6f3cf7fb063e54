//! One connection to a mail server.

use super::fault::{Fault, Step};
use super::options::{SmtpLimits, SmtpLogin, SmtpSecurity};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Severity;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A name can stand for an address that is not reached and one that is: each gets this part of the time.
const ADDRESSES_TRIED: u32 = 2;

/// How a server is reached.
pub(super) struct Route {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: SmtpSecurity,
    pub(super) tls: TlsParameters,
    pub(super) login: Option<SmtpLogin>,
    pub(super) hello: ClientId,
    pub(super) limits: SmtpLimits,
}

/// A mail as it travels.
pub(super) struct Letter {
    pub(super) sender: Address,
    pub(super) recipient: Address,
    pub(super) content: String,
}

/// A connection over which mails can be sent, one after the other.
pub(super) struct Link(AsyncSmtpConnection);

impl Link {
    /// Connects, encrypts and signs in as the route says; or not at all.
    pub(super) async fn open(route: &Route) -> Result<Self, Fault> {
        let SmtpLimits { connect_wait_max, command_wait_max, .. } = route.limits;
        let implicit = (route.security == SmtpSecurity::Tls).then(|| route.tls.clone());
        let connecting = AsyncSmtpConnection::connect_tokio1(
            (route.host.as_str(), route.port),
            Some(connect_wait_max / ADDRESSES_TRIED),
            &route.hello,
            implicit,
            None,
        );
        let mut connection = within(Step::Connect, connect_wait_max, connecting).await?;
        if route.security == SmtpSecurity::StartTls {
            let encrypting = connection.starttls(route.tls.clone(), &route.hello);
            within(Step::Encrypt, connect_wait_max, encrypting).await?;
        }
        if let Some(SmtpLogin(credentials)) = &route.login {
            let signing_in = connection.auth(DEFAULT_MECHANISMS, credentials);
            within(Step::SignIn, command_wait_max, signing_in).await?;
        }
        Ok(Self(connection))
    }

    /// Hands a mail over.
    pub(super) async fn deliver(&mut self, letter: &Letter, limits: &SmtpLimits) -> Result<(), Fault> {
        let Self(connection) = self;
        let max = limits.command_wait_max;
        let sender = Mail::new(Some(letter.sender.clone()), Vec::new());
        within(Step::Sender, max, connection.command(sender)).await?;
        let recipient = Rcpt::new(letter.recipient.clone(), Vec::new());
        within(Step::Recipient, max, connection.command(recipient)).await?;
        let invitation = within(Step::Content, max, connection.command(Data)).await?;
        // Anything else would be the answer to another command, and so would all that follow.
        if invitation.code().severity != Severity::PositiveIntermediate {
            return Err(Fault::senseless(Step::Content));
        }
        self.hand_over(&letter.content, limits.delivery_wait_max).await
    }

    /// Writes the content and reads the answer. Only once the last line may have been written can the mail have been
    /// taken: what fails before was surely not.
    async fn hand_over(&mut self, content: &str, max: Duration) -> Result<(), Fault> {
        // The end of the last line belongs to the line with the dot, which follows.
        let content = content.strip_suffix("\r\n").unwrap_or(content);
        let is_written = AtomicBool::new(false);
        // The next part is asked for when the one before it has been written.
        let end = std::iter::from_fn(|| {
            is_written.store(true, Ordering::Relaxed);
            None
        });
        let parts = std::iter::once(content).chain(end);
        let answer = within(Step::Content, max, self.0.message_iter(parts)).await;
        let step = if is_written.load(Ordering::Relaxed) { Step::Answer } else { Step::Content };
        match answer {
            Ok(answer) if answer.code().severity == Severity::PositiveCompletion => Ok(()),
            Ok(_) => Err(Fault::senseless(step)),
            Err(fault) => Err(fault.at(step)),
        }
    }

    /// Forgets a mail that was refused, so that the next one can follow.
    pub(super) async fn reset(&mut self, limits: &SmtpLimits) -> Result<(), Fault> {
        within(Step::Sender, limits.command_wait_max, self.0.command(Rset)).await.map(drop)
    }

    /// Asks whether the server is still there.
    pub(super) async fn ask(&mut self, limits: &SmtpLimits) -> Result<(), Fault> {
        within(Step::Connect, limits.command_wait_max, self.0.command(Noop)).await.map(drop)
    }

    /// Says goodbye; what the server makes of that does not matter.
    pub(super) async fn close(mut self, limits: &SmtpLimits) {
        let _ = within(Step::Connect, limits.command_wait_max, self.0.command(Quit)).await;
    }
}

/// The outcome of a step, if it comes in time.
async fn within<T>(
    step: Step,
    max: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(max, work).await {
        Ok(done) => done.map_err(|error| Fault::new(step, error)),
        Err(_) => Err(Fault::late(step, max)),
    }
}

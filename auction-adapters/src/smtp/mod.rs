//! Mails handed to a mail server over SMTP.
//!
//! [`Smtp`] takes one mail at a time and says what became of it. It does not try again later, and it remembers nothing:
//! that is up to whoever sends.
//!
//! What the server answers decides what can be done about a mail ([`UnsentKind`]):
//!
//! | what happens | the mail |
//! |---|---|
//! | no connection, no encryption, nobody let in, 421, 530, 535, 538 | `Down` |
//! | 4xx, a silence or a break before the last line of the mail | `Later` |
//! | 5xx to the sender, the recipient or the mail | `Never` |
//! | a silence or a break after the last line of the mail | `Unknown` |
//!
//! Connections are kept for the next mail for a while. One that turns out to be broken before the mail was handed over
//! is replaced by a new one, once.
//!
//! Encryption is that of rustls, with the provider that the host has installed, and *ring* where it installed none;
//! nothing is installed here.

mod fault;
mod link;
mod options;
mod pool;

pub use options::{SmtpLimits, SmtpLogin, SmtpOptions, SmtpSecurity};

use crate::message::{self, Transfer};
use async_trait::async_trait;
use auction_core::identity::Email;
use auction_core::ports::{Clock, Failure, FailureKind, Mail, Mailer, Unsent, UnsentKind};
use fault::{Fault, Step};
use lettre::Address;
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use link::{Letter, Link, Route};
use pool::Pool;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// How a certificate begins in PEM.
const CERTIFICATE_BEGINS: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Hands mails to a mail server, over a few connections that are kept between mails.
pub struct Smtp {
    route: Route,
    sender: Email,
    clock: Arc<dyn Clock>,
    pool: Pool,
}

impl Smtp {
    /// A mailer for this server. It does not connect yet; dates of mails are those of the clock.
    ///
    /// # Errors
    /// A [`Failure`] where the sender is no address, or the authorities are no certificates.
    pub fn new(options: SmtpOptions, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let SmtpOptions { host, port, security, login, authorities, sender, limits } = options;
        let sender = Email::parse(&sender).map_err(|error| unfit("read the address of the sender", error))?;
        let tls = encryption(&host, authorities.as_deref())?;
        let domain = sender.key().split_once('@').map_or("localhost", |(_, domain)| domain).to_owned();
        let route = Route { host, port, security, tls, login, hello: ClientId::Domain(domain), limits };
        Ok(Self { route, sender, clock, pool: Pool::new(limits.connections_max, limits.idle_max) })
    }

    /// Connects as for a mail, and signs in, without sending one.
    ///
    /// # Errors
    /// A [`Failure`] with what went wrong.
    pub async fn probe(&self) -> Result<(), Failure> {
        let failed = |fault| Failure::new(FailureKind::Unavailable, "reach the mail server", fault);
        let mut link = Link::open(&self.route).await.map_err(failed)?;
        link.ask(&self.route.limits).await.map_err(failed)?;
        link.close(&self.route.limits).await;
        Ok(())
    }

    fn letter(&self, mail: &Mail) -> Result<Letter, Unsent> {
        let address = |email: &Email| email.typed().parse::<Address>().map_err(never);
        let content = message::write(mail, self.sender.typed(), self.clock.now(), Transfer::Travelling);
        Ok(Letter { sender: address(&self.sender)?, recipient: address(&mail.to)?, content })
    }

    /// Delivers over a connection that was kept, or else over a new one.
    async fn deliver(&self, letter: &Letter) -> Result<(), Fault> {
        if let Some(link) = self.pool.take() {
            match self.deliver_over(link, letter).await {
                // The server may have closed it while nobody looked: that is no fault of the mail.
                Err(fault) if fault.is_of_the_connection() => {}
                outcome => return outcome,
            }
        }
        self.deliver_over(Link::open(&self.route).await?, letter).await
    }

    /// Delivers over this connection, and keeps it if it is fit for another mail.
    async fn deliver_over(&self, mut link: Link, letter: &Letter) -> Result<(), Fault> {
        let outcome = link.deliver(letter, &self.route.limits).await;
        let is_fit = match &outcome {
            Ok(()) => true,
            Err(fault) => fault.leaves_the_connection() && link.reset(&self.route.limits).await.is_ok(),
        };
        if is_fit {
            self.pool.keep(link);
        }
        outcome
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        let letter = self.letter(mail)?;
        let max = self.route.limits.turn_wait_max;
        let late = |_| Fault::late(Step::Turn, max);
        let _turn = tokio::time::timeout(max, self.pool.turns.acquire()).await.map_err(late)?;
        self.deliver(&letter).await?;
        tracing::info!(id = message::id(mail), "a mail was sent");
        Ok(())
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Route { host, port, security, .. } = &self.route;
        let mut shown = f.debug_struct("Smtp");
        shown.field("host", host).field("port", port).field("security", security).finish_non_exhaustive()
    }
}

/// What a certificate is checked against: the name of the server, and whom we trust.
fn encryption(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, Failure> {
    let failed = |error| unfit("read the certificates of the authorities", error);
    let mut tls = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    if let Some(authorities) = authorities {
        let begins = |window: &[u8]| window == CERTIFICATE_BEGINS;
        if !authorities.windows(CERTIFICATE_BEGINS.len()).any(begins) {
            return Err(Failure::new(
                FailureKind::Other,
                "read the certificates of the authorities",
                "there is none in the form of PEM",
            ));
        }
        tls = tls.add_root_certificate(Certificate::from_pem(authorities).map_err(failed)?);
    }
    tls.build_rustls().map_err(failed)
}

fn unfit(operation: &'static str, error: impl Error + Send + Sync + 'static) -> Failure {
    Failure::new(FailureKind::Other, operation, error)
}

fn never(error: impl Error + Send + Sync + 'static) -> Unsent {
    Unsent::new(UnsentKind::Never, unfit("read an address", error))
}

//! What a host says about its mail server.

use lettre::transport::smtp::authentication::Credentials;
use std::fmt;
use std::time::Duration;

/// A mail server, how to reach it, and the bounds of talking to it.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// Its name or address. Where the connection is encrypted, its certificate must be made out to this.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// How to sign in; without it nobody does.
    pub login: Option<SmtpLogin>,
    /// Certificates in PEM that are trusted besides those of the public authorities that are built in.
    pub authorities: Option<Vec<u8>>,
    /// The address from which all mails come.
    pub sender: String,
    /// How long each step may take, and how many connections there are.
    pub limits: SmtpLimits,
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// It begins in the clear and is encrypted before anything of value is said (STARTTLS, mostly on port 587). A
    /// server that does not offer this gets no mail.
    StartTls,
    /// It is encrypted from its first byte (mostly on port 465).
    Tls,
    /// It is not protected at all: for a server on the same machine.
    Plain,
}

/// A user of a mail server and their password, which are never shown.
#[derive(Clone)]
pub struct SmtpLogin(pub(super) Credentials);

/// How long each step of sending may take, and how many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmtpLimits {
    /// How long a mail waits for its turn.
    pub turn_wait_max: Duration,
    /// How long a server may take until it is connected, has greeted us, and the connection is encrypted.
    pub connect_wait_max: Duration,
    /// How long it may take to answer a command, signing in included.
    pub command_wait_max: Duration,
    /// How long it may take to take a mail and to answer that it did. What takes longer may have been sent.
    pub delivery_wait_max: Duration,
    /// How long a connection is kept for the next mail.
    pub idle_max: Duration,
    /// How many connections there are at once; further mails wait for their turn.
    pub connections_max: usize,
}

impl SmtpLimits {
    /// Twenty seconds for a turn, ten to connect and for a command, half a minute for a mail: a try takes
    /// [three minutes](Self::try_max) at most. Four connections, each kept for half a minute.
    pub const DEFAULT: Self = Self {
        turn_wait_max: Duration::from_secs(20),
        connect_wait_max: Duration::from_secs(10),
        command_wait_max: Duration::from_secs(10),
        delivery_wait_max: Duration::from_secs(30),
        idle_max: Duration::from_secs(30),
        connections_max: 4,
    };

    /// How long a try takes at most. In the worst case it waits for its turn, falls silent on a connection that was kept
    /// (three commands and the mail), begins anew (connecting, encrypting, signing in, three commands and the mail), and
    /// is refused, which is one more command: a turn, two waits to connect, eight commands and two deliveries. With
    /// [`DEFAULT`](Self::DEFAULT) that is 20 + 2 * 10 + 8 * 10 + 2 * 30 = 180 seconds.
    pub const fn try_max(&self) -> Duration {
        let Self { turn_wait_max, connect_wait_max, command_wait_max, delivery_wait_max, .. } = self;
        let twice = connect_wait_max.saturating_add(*delivery_wait_max).saturating_mul(2);
        turn_wait_max.saturating_add(twice).saturating_add(command_wait_max.saturating_mul(8))
    }
}

impl Default for SmtpLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl SmtpLogin {
    /// Signs in as this user.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self(Credentials::new(user.into(), password.into()))
    }
}

impl fmt::Debug for SmtpLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpLogin(..)")
    }
}

//! `auction-server user`.

use super::admin::open_accounts;
use super::{Common, block_on, complain, print, settings};
use auction_adapters::system::SystemClock;
use auction_core::identity::{Account, Ban, BanScope, Email, Role, Selling, StandingChange};
use auction_core::ports::{ACCOUNTS_PAGE_MAX, Clock, Failure};
use auction_core::service::accounts::Accounts;
use auction_core::{Timestamp, UserId};
use clap::{Args, Subcommand, ValueEnum};
use std::fmt::Write;
use std::process::ExitCode;

/// Look at accounts, and change what the house lets people do. Works beside a running server, which knows of a
/// change within a second.
///
/// Somebody is named by address or by number.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print all accounts, one a line: number, address, role, selling, and what else is worth knowing.
    List {
        /// Only those that wait for the house to let them sell.
        #[arg(long)]
        waiting: bool,
    },
    /// Print all that is known of somebody, except secrets.
    Show(Somebody),
    /// Give somebody another role.
    Role {
        #[command(flatten)]
        somebody: Somebody,
        /// What they are from now on.
        role: RoleName,
    },
    /// Take the house's word for it that an address is somebody's, without a code.
    Verify(Somebody),
    /// Let somebody sell.
    ApproveSeller(Somebody),
    /// Shut somebody out.
    Ban {
        #[command(flatten)]
        somebody: Somebody,
        /// From what; `everything` signs them out at once.
        #[arg(long, default_value = "everything")]
        scope: ScopeName,
        /// Until when, like 2026-01-31T15:00:00Z; without it there is no end.
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// Why, for the house.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Let somebody in again.
    Unban(Somebody),
    /// Remove the second factor of somebody who has lost it, and sign them out everywhere.
    #[command(name = "reset-2fa")]
    ResetFactor(Somebody),
    /// Sign somebody out everywhere.
    SignOut(Somebody),
}

/// Who.
#[derive(Debug, Args)]
struct Somebody {
    /// The address or the number.
    #[arg(value_name = "ADDRESS|NUMBER")]
    who: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    Client,
    Staff,
    Admin,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeName {
    Everything,
    Bidding,
    Selling,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("there is no account `{0}`")]
    Nobody(String),
    #[error("--reason: {0}")]
    Reason(String),
    #[error("{}", super::said(.0))]
    Failed(#[from] Failure),
}

/// Runs it.
pub(super) fn run(common: &Common, arguments: Arguments) -> ExitCode {
    let settings = match settings(&common.sources()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let work = async {
        let accounts = open_accounts(&settings).await?;
        carry_out(&accounts, arguments.command, SystemClock.now())
            .await
            .map_err(|refusal| refusal.to_string())
    };
    match block_on(work) {
        Ok(Ok(text)) => print(&text),
        Ok(Err(why)) => complain(why),
        Err(error) => complain(error),
    }
}

async fn carry_out(accounts: &Accounts, command: Command, at: Timestamp) -> Result<String, Refusal> {
    let change = async |somebody: &Somebody, change: StandingChange, said: &str| {
        let account = find(accounts, somebody).await?;
        let changed = accounts.change_standing(account.id, &change).await?;
        let changed = changed.ok_or_else(|| nobody(somebody))?;
        Ok(format!("{} {said}\n", changed.email))
    };
    match command {
        Command::List { waiting } => list(accounts, waiting, at).await,
        Command::Show(somebody) => {
            let account = find(accounts, &somebody).await?;
            let sessions = accounts.sessions(account.id, at).await?.len();
            Ok(shown(&account, sessions))
        }
        Command::Role { somebody, role } => {
            let role = Role::from(role);
            change(&somebody, StandingChange::Role(role), &format!("is {} now", role.name())).await
        }
        Command::Verify(somebody) => {
            let email = email(accounts, &somebody).await?;
            let account = accounts.vouch_for(&email, at).await?.ok_or_else(|| nobody(&somebody))?;
            Ok(format!("{} is verified\n", account.email))
        }
        Command::ApproveSeller(somebody) => change(&somebody, StandingChange::LetSell, "may sell now").await,
        Command::Ban { somebody, scope, until, reason } => {
            let scope = BanScope::from(scope);
            let ban = Ban::new(scope, until, &reason).map_err(|error| Refusal::Reason(error.to_string()))?;
            let said = format!("is banned from {}", scope.name());
            change(&somebody, StandingChange::Banned(ban), &said).await
        }
        Command::Unban(somebody) => change(&somebody, StandingChange::Unbanned, "is not banned").await,
        Command::ResetFactor(somebody) => {
            let account = find(accounts, &somebody).await?;
            let said = match accounts.reset_factor(account.id).await? {
                true => "has no second factor any more, and is signed out everywhere",
                false => "had no second factor, and is signed out everywhere",
            };
            Ok(format!("{} {said}\n", account.email))
        }
        Command::SignOut(somebody) => {
            let account = find(accounts, &somebody).await?;
            accounts.sign_out_everywhere(account.id).await?;
            Ok(format!("{} is signed out everywhere\n", account.email))
        }
    }
}

async fn find(accounts: &Accounts, somebody: &Somebody) -> Result<Account, Refusal> {
    let found = match (somebody.who.parse().map(UserId::new), Email::parse(&somebody.who)) {
        (Ok(Ok(number)), _) => accounts.accounts(&[number]).await?.into_iter().flatten().next(),
        (_, Ok(email)) => accounts.account_by_email(&email).await?,
        _ => None,
    };
    found.ok_or_else(|| nobody(somebody))
}

/// The address of somebody who may not have an account yet.
async fn email(accounts: &Accounts, somebody: &Somebody) -> Result<Email, Refusal> {
    match Email::parse(&somebody.who) {
        Ok(email) => Ok(email),
        Err(_) => Ok(find(accounts, somebody).await?.email),
    }
}

fn nobody(somebody: &Somebody) -> Refusal {
    Refusal::Nobody(somebody.who.clone())
}

async fn list(accounts: &Accounts, waiting: bool, at: Timestamp) -> Result<String, Refusal> {
    let (mut text, mut after) = (String::new(), None);
    loop {
        let page = accounts.list_accounts(after, ACCOUNTS_PAGE_MAX).await?;
        let Some(last) = page.last() else { return Ok(text) };
        after = Some(last.id);
        for account in page.iter().filter(|account| !waiting || account.selling == Selling::Asked) {
            // Writing to a text does not fail.
            let _ = writeln!(text, "{}", line(account, at));
        }
    }
}

fn line(account: &Account, at: Timestamp) -> String {
    let Account { id, email, role, selling, .. } = account;
    let mut words = vec![id.to_string(), email.to_string(), role.name().to_owned()];
    match selling {
        Selling::No => {}
        Selling::Asked => words.push("wants to sell".to_owned()),
        Selling::Allowed => words.push("sells".to_owned()),
    }
    if !account.is_verified {
        words.push("not verified".to_owned());
    }
    if account.has_second_factor {
        words.push("2FA".to_owned());
    }
    let ban = account.ban.as_ref().filter(|ban| ban.covers(ban.scope, at));
    words.extend(ban.map(|ban| format!("banned from {}", ban.scope.name())));
    words.join("\t")
}

fn shown(account: &Account, sessions: usize) -> String {
    let word = |is_so| if is_so { "yes" } else { "no" }.to_owned();
    let username = account.username.as_ref().map(|username| username.as_str().to_owned());
    let ban = account.ban.as_ref().map(|ban| {
        let until = ban.until.map(|until| format!(" until {until}")).unwrap_or_default();
        let reason = Some(ban.reason.as_str()).filter(|reason| !reason.is_empty());
        format!(
            "from {}{until}{}",
            ban.scope.name(),
            reason.map(|why| format!(": {why}")).unwrap_or_default()
        )
    });
    let rows = [
        ("number", account.id.to_string()),
        ("address", account.email.to_string()),
        ("user name", username.unwrap_or_default()),
        ("name", format!("{} {}", account.first_name, account.last_name)),
        ("role", account.role.name().to_owned()),
        ("sells", account.selling.name().to_owned()),
        ("verified", word(account.is_verified)),
        ("2FA", word(account.has_second_factor)),
        ("banned", ban.unwrap_or_else(|| "no".to_owned())),
        ("sessions", sessions.to_string()),
        ("since", account.created_at.to_string()),
    ];
    rows.iter().fold(String::new(), |mut text, (name, value)| {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{}", format!("{name:<10} {value}").trim_end());
        text
    })
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Client => Self::Client,
            RoleName::Staff => Self::Staff,
            RoleName::Admin => Self::Admin,
        }
    }
}

impl From<ScopeName> for BanScope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Everything => Self::Everything,
            ScopeName::Bidding => Self::Bidding,
            ScopeName::Selling => Self::Selling,
        }
    }
}

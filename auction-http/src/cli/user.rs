//! `auction-server user`.

use super::admin::open_accounts;
use super::{Common, block_on, complain, print, settings};
use crate::audit::AuditTrail;
use auction_adapters::system::SystemClock;
use auction_core::admin::{AuditAction, AuditActor, AuditEntry, AuditSubject};
use auction_core::identity::{Account, Ban, BanScope, Email, Role, Selling, StandingChange};
use auction_core::ports::{ACCOUNTS_PAGE_MAX, AUDIT_PAGE_MAX, AuditQuery, Clock, Failure};
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
    /// Print what was done by and to somebody, the newest first, one a line: when, what, by whom, to what, from
    /// where, and what else there is to say.
    Audit {
        #[command(flatten)]
        somebody: Somebody,
        /// How many lines at most.
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
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
        let (accounts, audit) = open_accounts(&settings).await?;
        let office = Office { accounts: &accounts, audit: &audit, at: SystemClock.now() };
        carry_out(&office, arguments.command).await.map_err(|refusal| refusal.to_string())
    };
    match block_on(work) {
        Ok(Ok(text)) => print(&text),
        Ok(Err(why)) => complain(why),
        Err(error) => complain(error),
    }
}

/// Where a command is carried out, and when.
struct Office<'a> {
    accounts: &'a Accounts,
    audit: &'a AuditTrail,
    at: Timestamp,
}

impl Office<'_> {
    async fn account_for(&self, user: UserId, action: AuditAction, detail: &str) -> Result<(), Failure> {
        let entry = AuditEntry::new(self.at, AuditActor::CommandLine, action);
        self.audit.record(entry.about(AuditSubject::User(user)).with_detail(detail)).await
    }

    async fn change(
        &self,
        somebody: &Somebody,
        change: StandingChange,
        action: AuditAction,
        said: &str,
    ) -> Result<String, Refusal> {
        let account = find(self.accounts, somebody).await?;
        let changed = self.accounts.change_standing(account.id, &change).await?;
        let changed = changed.ok_or_else(|| nobody(somebody))?;
        self.account_for(changed.id, action, said).await?;
        Ok(format!("{} {said}\n", changed.email))
    }
}

async fn carry_out(office: &Office<'_>, command: Command) -> Result<String, Refusal> {
    let (accounts, at) = (office.accounts, office.at);
    match command {
        Command::List { waiting } => list(accounts, waiting, at).await,
        Command::Show(somebody) => {
            let account = find(accounts, &somebody).await?;
            let sessions = accounts.sessions(account.id, at).await?.len();
            Ok(shown(&account, sessions))
        }
        Command::Role { somebody, role } => {
            let role = Role::from(role);
            let said = format!("is {} now", role.name());
            office.change(&somebody, StandingChange::Role(role), AuditAction::RoleChanged, &said).await
        }
        Command::Verify(somebody) => {
            let email = email(accounts, &somebody).await?;
            let account = accounts.vouch_for(&email, at).await?.ok_or_else(|| nobody(&somebody))?;
            office.account_for(account.id, AuditAction::VouchedFor, "is verified").await?;
            Ok(format!("{} is verified\n", account.email))
        }
        Command::ApproveSeller(somebody) => {
            office
                .change(&somebody, StandingChange::LetSell, AuditAction::SellerApproved, "may sell now")
                .await
        }
        Command::Ban { somebody, scope, until, reason } => {
            let scope = BanScope::from(scope);
            let ban = Ban::new(scope, until, &reason).map_err(|error| Refusal::Reason(error.to_string()))?;
            let said = format!("is banned from {}", scope.name());
            office.change(&somebody, StandingChange::Banned(ban), AuditAction::Banned, &said).await
        }
        Command::Unban(somebody) => {
            office.change(&somebody, StandingChange::Unbanned, AuditAction::Unbanned, "is not banned").await
        }
        Command::ResetFactor(somebody) => {
            let account = find(accounts, &somebody).await?;
            let said = match accounts.reset_factor(account.id).await? {
                true => "has no second factor any more, and is signed out everywhere",
                false => "had no second factor, and is signed out everywhere",
            };
            office.account_for(account.id, AuditAction::SecondFactorReset, said).await?;
            Ok(format!("{} {said}\n", account.email))
        }
        Command::SignOut(somebody) => {
            let account = find(accounts, &somebody).await?;
            accounts.sign_out_everywhere(account.id).await?;
            office.account_for(account.id, AuditAction::SessionsEnded, "is signed out everywhere").await?;
            Ok(format!("{} is signed out everywhere\n", account.email))
        }
        Command::Audit { somebody, limit } => {
            let account = find(accounts, &somebody).await?;
            Ok(recorded(office.audit, account.id, limit).await?)
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

/// What was done by and to somebody.
async fn recorded(audit: &AuditTrail, user: UserId, limit: usize) -> Result<String, Failure> {
    let (mut text, mut before, mut left) = (String::new(), None, limit);
    let Some(store) = audit.store() else { return Ok(text) };
    while left > 0 {
        let max = left.min(AUDIT_PAGE_MAX);
        let page = store.entries(&AuditQuery { user: Some(user), action: None, before, max }).await?;
        let Some((last, _)) = page.last() else { break };
        (before, left) = (Some(*last), left - page.len());
        for (_, entry) in &page {
            let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            let words = [
                entry.at.to_string(),
                entry.action.name().to_owned(),
                entry.actor.to_string(),
                or_none(entry.subject.map(|subject| subject.to_string())),
                or_none(entry.source.map(|source| source.to_string())),
                entry.detail().to_owned(),
            ];
            // Writing to a text does not fail.
            let _ = writeln!(text, "{}", words.join("\t").trim_end());
        }
    }
    Ok(text)
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

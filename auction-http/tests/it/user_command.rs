//! `auction-server user`, beside the accounts of a data folder.

use auction_adapters::sqlite::SqliteAccounts;
use auction_core::Timestamp;
use auction_core::identity::{BanScope, Role, Selling, SessionStyle};
use auction_core::identity::{Device, Email, TokenDigest};
use auction_core::ports::{AccountStore, NewSession};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const ADA: &str = "ada@example.com";

/// A data folder with the account of an admin.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a folder") };
        let (code, said, _) = place.run(&["create-admin", "--email", ADA]);
        assert_eq!(code, Some(0), "{said}");
        place
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_auction-server"))
            .current_dir(self.folder.path())
            .env_clear()
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Runs `user` with these arguments; it succeeds and says this.
    #[track_caller]
    fn says(&self, arguments: &[&str], said: &str) {
        let ran = self.run(&[&["user"], arguments].concat());
        assert_eq!(ran, (Some(0), said.to_owned(), String::new()));
    }

    /// Runs `user` with these arguments; it fails and says this.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], why: &str) {
        let ran = self.run(&[&["user"], arguments].concat());
        assert_eq!(ran, (Some(1), String::new(), format!("auction-server: {why}\n")));
    }

    async fn store(&self) -> SqliteAccounts {
        SqliteAccounts::open(database(self.folder.path())).await.expect("it opens")
    }
}

fn database(folder: &Path) -> std::path::PathBuf {
    folder.join("data/auction.db")
}

fn ada() -> Email {
    Email::parse(ADA).expect("an address")
}

#[tokio::test]
async fn a_role_a_ban_and_selling_are_changed_and_shown() {
    let place = Place::new();
    place.says(&["list"], "1\tada@example.com\tadmin\tsells\n");
    place.says(&["role", ADA, "staff"], "ada@example.com is staff now\n");
    place.says(&["approve-seller", "1"], "ada@example.com may sell now\n");
    let ban = ["ban", ADA, "--scope", "bidding", "--until", "2999-01-01T00:00:00Z", "--reason", "unpaid"];
    place.says(&ban, "ada@example.com is banned from bidding\n");
    place.says(&["list"], "1\tada@example.com\tstaff\tsells\tbanned from bidding\n");
    let (code, shown, _) = place.run(&["user", "show", "ADA@example.com"]);
    assert_eq!(code, Some(0));
    let (shown, _since) = shown.split_once("since").expect("the last row");
    let expected = "number     1\naddress    ada@example.com\nuser name\nname       House Admin\nrole       staff\n\
                    sells      allowed\nverified   yes\n2FA        no\n\
                    banned     from bidding until 2999-01-01T00:00:00Z: unpaid\nsessions   0\n";
    assert_eq!(shown, expected);
    let account = place.store().await.account_by_email(&ada()).await.expect("answers").expect("an account");
    assert_eq!((account.role, account.selling), (Role::Staff, Selling::Allowed));
    assert_eq!(account.ban.map(|ban| ban.scope), Some(BanScope::Bidding));
    place.says(&["unban", ADA], "ada@example.com is not banned\n");
    place.says(&["list", "--waiting"], "");

    let (code, lines, _) = place.run(&["user", "audit", ADA]);
    let without_time = |line: &str| line.split_once('\t').map(|(_, rest)| rest.to_owned()).expect("a time");
    let lines = lines.lines().map(without_time).collect::<Vec<_>>();
    let by_house =
        |action: &str, said: &str| format!("{action}\tcommand line\tuser 1\t-\t{said}").trim_end().to_owned();
    let expected = [
        by_house("unbanned", "is not banned"),
        by_house("banned", "is banned from bidding"),
        by_house("seller_approved", "may sell now"),
        by_house("role_changed", "is staff now"),
        by_house("admin_created", ""),
    ];
    assert_eq!((code, lines.as_slice()), (Some(0), expected.as_slice()));
    let (_, one, _) = place.run(&["user", "audit", "1", "--limit", "1"]);
    assert_eq!(one.lines().map(without_time).collect::<Vec<_>>(), expected[..1]);
}

#[tokio::test]
async fn somebody_is_signed_out_by_a_ban_and_by_command() {
    let place = Place::new();
    let store = place.store().await;
    let account = store.account_by_email(&ada()).await.expect("answers").expect("an account");
    for (arguments, said) in [
        (["sign-out", ADA], "ada@example.com is signed out everywhere\n"),
        (["ban", ADA], "ada@example.com is banned from everything\n"),
        (["reset-2fa", ADA], "ada@example.com had no second factor, and is signed out everywhere\n"),
    ] {
        let session = NewSession {
            user: account.id,
            token: TokenDigest::from_bytes([1; 32]),
            style: SessionStyle::Opaque,
            device: Device::default(),
            at: Timestamp::EPOCH,
            expires_at: Timestamp::MAX,
        };
        store.add_session(&session).await.expect("answers");
        place.says(&arguments, said);
        assert_eq!(store.sessions(account.id, Timestamp::EPOCH).await.expect("answers"), [], "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let place = Place::new();
    for who in ["nobody@example.com", "2", "0", "not an address"] {
        place.refuses(&["show", who], &format!("there is no account `{who}`"));
    }
    place.refuses(&["verify", "nobody@example.com"], "there is no account `nobody@example.com`");
    place.refuses(&["ban", ADA, "--reason", "a\nb"], "--reason: Control characters are not allowed.");
    place.says(&["verify", ADA], "ada@example.com is verified\n");
    for arguments in
        [vec!["user"], vec!["user", "role", ADA, "king"], vec!["user", "ban", ADA, "--until", "x"]]
    {
        let (code, stdout, _) = place.run(&arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

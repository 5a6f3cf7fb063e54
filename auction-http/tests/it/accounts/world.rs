//! A small world to ask questions in.

use auction_core::identity::{
    CodeKey, Email, EmailVerification, Password, PersonName, RefreshPolicy, SealKey, SellerPolicy,
};
use auction_core::memory::{
    ManualClock, MemoryAccounts, MemoryAudit, MemoryLimiter, QuickHasher, RecordingMailer, SeededEntropy,
};
use auction_core::ports::{Mail, Mailer};
use auction_core::service::accounts::{AccountLimits, Accounts, AccountsParts, NewAdmin};
use auction_core::{Span, Timestamp};
use auction_http::audit::AuditTrail;
use auction_http::people::{ClientAddress, People, TokenKey};
use auction_http::{accounts, audit};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// For how long this house keeps what was done.
pub(super) const AUDIT_KEPT: Span = Span::from_secs(30 * 24 * 60 * 60);

pub(super) const PASSWORD: &str = "securepassword123";

#[derive(Clone)]
pub(super) struct World {
    pub(super) people: Arc<People>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) mailer: Arc<RecordingMailer>,
    pub(super) hasher: Arc<QuickHasher>,
    pub(super) store: Arc<MemoryAccounts>,
    pub(super) audit: Arc<MemoryAudit>,
    pub(super) router: Router,
}

/// What the operator chooses.
#[derive(Default)]
struct Choices {
    email_verification: EmailVerification,
    sellers: SellerPolicy,
    refresh_tokens: RefreshPolicy,
}

/// Status, headers and the whole body; null where there is none.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    #[track_caller]
    pub(super) fn is(&self, status: u16, body: Value) {
        assert_eq!((self.status.as_u16(), &self.body), (status, &body));
    }
}

impl World {
    pub(super) fn new() -> Self {
        let mailer = Arc::new(RecordingMailer::default());
        Self::mailing(mailer.clone(), mailer)
    }

    /// A world with another time at which an address has to be proved.
    pub(super) fn verifying(email_verification: EmailVerification) -> Self {
        let mailer = Arc::new(RecordingMailer::default());
        let store = Arc::new(MemoryAccounts::new());
        let choices = Choices { email_verification, ..Choices::default() };
        Self::over(store, Self::clock(), mailer.clone(), mailer, 7, choices)
    }

    /// A world with another way of becoming a seller.
    pub(super) fn selling(sellers: SellerPolicy) -> Self {
        let mailer = Arc::new(RecordingMailer::default());
        let store = Arc::new(MemoryAccounts::new());
        let choices = Choices { sellers, ..Choices::default() };
        Self::over(store, Self::clock(), mailer.clone(), mailer, 7, choices)
    }

    /// A world in which refresh tokens are treated like this.
    pub(super) fn refreshing(refresh_tokens: RefreshPolicy) -> Self {
        let mailer = Arc::new(RecordingMailer::default());
        let store = Arc::new(MemoryAccounts::new());
        let choices = Choices { refresh_tokens, ..Choices::default() };
        Self::over(store, Self::clock(), mailer.clone(), mailer, 7, choices)
    }

    fn clock() -> Arc<ManualClock> {
        Arc::new(ManualClock::new("2026-01-01T12:00:00Z".parse().unwrap()))
    }

    pub(super) fn mailing(through: Arc<dyn Mailer>, mailer: Arc<RecordingMailer>) -> Self {
        Self::over(Arc::new(MemoryAccounts::new()), Self::clock(), through, mailer, 7, Choices::default())
    }

    /// The same world after a restart: what is stored is all that is left.
    pub(super) fn restarted(&self) -> Self {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        Self::over(store, clock, self.mailer.clone(), self.mailer.clone(), 8, Choices::default())
    }

    fn over(
        store: Arc<MemoryAccounts>,
        clock: Arc<ManualClock>,
        through: Arc<dyn Mailer>,
        mailer: Arc<RecordingMailer>,
        seed: u64,
        choices: Choices,
    ) -> Self {
        let hasher = Arc::new(QuickHasher::default());
        let accounts = Accounts::new(AccountsParts {
            store: store.clone(),
            mailer: through,
            hasher: hasher.clone(),
            entropy: Arc::new(SeededEntropy::new(seed)),
            code_key: Arc::new(CodeKey::derive(b"a secret of the host")),
            seal_key: Arc::new(SealKey::derive(b"a secret of the host")),
            site_url: "https://auctions.example.com/".into(),
            email_verification: choices.email_verification,
            sellers: choices.sellers,
            refresh_tokens: choices.refresh_tokens,
            limits: AccountLimits::DEFAULT,
            limiter: Arc::new(MemoryLimiter::new()),
        });
        let kept = Arc::new(MemoryAudit::new());
        let trail = AuditTrail::new(kept.clone(), AUDIT_KEPT);
        let people = People::new(accounts, clock.clone(), TokenKey::derive(b"a secret of the host"));
        let people = Arc::new(people.with_audit(Arc::new(trail)));
        let (router, _) = accounts::router::<Arc<People>>().merge(audit::router()).split_for_parts();
        let router = router.with_state(people.clone());
        Self { people, clock, mailer, hasher, store, audit: kept, router }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.people.now()
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_text(path, body.to_string()).await
    }

    pub(super) async fn post_text(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(super) async fn post_from(&self, address: &str, path: &str, body: Value) -> Answer {
        let address: IpAddr = address.parse().unwrap();
        let router = self.router.clone().layer(Extension(ClientAddress(address)));
        Self { router, ..self.clone() }.post(path, body).await
    }

    pub(super) async fn signed_in(&self, token: &str, method: Method, path: &str, body: Value) -> Answer {
        let request =
            Request::builder().method(method).uri(path).header("authorization", format!("Token {token}"));
        let request = match body {
            Value::Null => request.body(Body::empty()),
            body => request.header("content-type", "application/json").body(body.to_string().into()),
        };
        self.send(request.unwrap()).await
    }

    pub(super) async fn get(&self, token: &str, path: &str) -> Answer {
        self.signed_in(token, Method::GET, path, Value::Null).await
    }

    pub(super) async fn register(&self, email: &str, password: &str) -> Answer {
        let body = json!({"email": email, "password": password, "first_name": "Ann", "last_name": "Li"});
        self.post("/api/register/", body).await
    }

    pub(super) async fn verify(&self, email: &str, otp: &str) -> Answer {
        self.post("/api/verify-otp/", json!({"email": email, "otp": otp})).await
    }

    pub(super) async fn resend(&self, email: &str) -> Answer {
        let answer = self.post("/api/resend-otp/", json!({"email": email})).await;
        self.people.errands().finish().await;
        answer
    }

    pub(super) async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/api/login/", json!({"email": email, "password": password})).await
    }

    /// Posts as somebody who is signed in.
    pub(super) async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.signed_in(token, Method::POST, path, body).await
    }

    /// The only mail since the last look.
    pub(super) fn mail(&self) -> Mail {
        let [mail] = <[Mail; 1]>::try_from(self.mailer.take()).expect("one mail");
        mail
    }

    /// The code in the only mail since the last look.
    pub(super) fn code(&self) -> String {
        code_in(&self.mail().text)
    }

    /// Registers and verifies somebody.
    pub(super) async fn account(&self, email: &str) {
        self.register(email, PASSWORD).await.is(201, json!({"detail": "OTP sent to your email."}));
        let code = self.code();
        self.verify(email, &code).await.is(200, json!({"detail": "Account verified successfully."}));
    }

    /// Registers, verifies and signs somebody in.
    pub(super) async fn token(&self, email: &str) -> String {
        self.account(email).await;
        self.login_token(email).await
    }

    pub(super) async fn login_token(&self, email: &str) -> String {
        let answer = self.login(email, PASSWORD).await;
        let token = answer.body["token"].as_str().expect("a token").to_owned();
        answer.is(200, json!({"token": token, "requires_2fa": false}));
        token
    }

    pub(super) async fn admin(&self, email: &str) {
        let admin = NewAdmin {
            email: Email::parse(email).unwrap(),
            password: Password::new(PASSWORD.to_owned()).unwrap(),
            first_name: PersonName::parse("Ada").unwrap(),
            last_name: PersonName::parse("King").unwrap(),
        };
        self.people.accounts().create_admin(admin, self.now()).await.unwrap();
    }
}

/// The six digits that stand alone.
pub(super) fn code_in(text: &str) -> String {
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut codes = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_code);
    let code = codes.next().expect("a code").to_owned();
    assert_eq!(codes.next(), None);
    code
}

/// Another code than this.
pub(super) fn other_code(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

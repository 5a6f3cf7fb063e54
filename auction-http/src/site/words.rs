//! What is said, by language.

/// All words of a language.
#[derive(Debug)]
pub(super) struct Words {
    /// The code of the language.
    pub(super) language: &'static str,
    /// What the site is called.
    pub(super) site: &'static str,
    /// What it is, in a sentence.
    pub(super) about: &'static str,
    /// That live bidding needs JavaScript.
    pub(super) needs_script: &'static str,
    pub(super) not_found: &'static str,
    pub(super) featured: &'static str,
    pub(super) nothing_featured: &'static str,
    pub(super) all_auctions: &'static str,
    pub(super) price: &'static str,
    pub(super) bids: &'static str,
    pub(super) start: &'static str,
    pub(super) end: &'static str,
    pub(super) state: &'static str,
    pub(super) outcome: &'static str,
    pub(super) description: &'static str,
    /// How auctions stand and how they went, by the names that the API has for it.
    names: [(&'static str, &'static str); 9],
    /// What pages are called, by their path.
    titles: [(&'static str, &'static str); 14],
}

impl Words {
    /// What is spoken where nothing else is asked for.
    pub(super) const DEFAULT: &Self = &ENGLISH;

    /// The words of a language; `None` for one that is not ours.
    pub(super) fn of(language: &str) -> Option<&'static Self> {
        [&ENGLISH, &SPANISH].into_iter().find(|words| words.language == language)
    }

    /// How an auction stands, or how it went.
    pub(super) fn name<'a>(&self, name: &'a str) -> &'a str {
        self.names.iter().find(|(known, _)| *known == name).map_or(name, |(_, word)| word)
    }

    /// What the page at a path is called.
    pub(super) fn title(&self, path: &str) -> &'static str {
        self.titles.iter().find(|(known, _)| *known == path).map_or(self.site, |(_, title)| title)
    }
}

static ENGLISH: Words = Words {
    language: "en",
    site: "Auction house",
    about: "Auctions with live bidding: look around, bid, sell.",
    needs_script: "Live bidding needs JavaScript. Without it you can read what is up for auction.",
    not_found: "Page not found",
    featured: "Featured auctions",
    nothing_featured: "Nothing is up for auction at the moment.",
    all_auctions: "All auctions",
    price: "Current price",
    bids: "Bids",
    start: "Start",
    end: "End",
    state: "State",
    outcome: "Outcome",
    description: "Description",
    names: [
        ("scheduled", "Not open yet"),
        ("started", "Open for bids"),
        ("paused", "Paused"),
        ("ended", "Ended"),
        ("cancelled", "Called off"),
        ("sold", "Sold"),
        ("bought_now", "Bought at once"),
        ("reserve_not_met", "Reserve not met"),
        ("no_bids", "No bids"),
    ],
    titles: [
        ("/", "Auction house"),
        ("/auctions", "All auctions"),
        ("/register", "Create an account"),
        ("/login", "Sign in"),
        ("/verify-otp", "Confirm your address"),
        ("/forgot-password", "Forgotten password"),
        ("/reset-password", "Choose a new password"),
        ("/two-factor", "Two-factor sign-in"),
        ("/my-auctions", "My auctions"),
        ("/won-auctions", "Won auctions"),
        ("/profile", "Profile"),
        ("/notifications", "Notifications"),
        ("/sell", "Selling"),
        ("/sell/new", "Sell something"),
    ],
};

static SPANISH: Words = Words {
    language: "es",
    site: "Casa de subastas",
    about: "Subastas con pujas en directo: mire, puje, venda.",
    needs_script: "Para pujar en directo hace falta JavaScript. Sin él puede leer lo que está en subasta.",
    not_found: "Página no encontrada",
    featured: "Subastas destacadas",
    nothing_featured: "En este momento no hay nada en subasta.",
    all_auctions: "Todas las subastas",
    price: "Precio actual",
    bids: "Pujas",
    start: "Comienzo",
    end: "Fin",
    state: "Estado",
    outcome: "Resultado",
    description: "Descripción",
    names: [
        ("scheduled", "Aún no abierta"),
        ("started", "Abierta a pujas"),
        ("paused", "En pausa"),
        ("ended", "Terminada"),
        ("cancelled", "Cancelada"),
        ("sold", "Vendido"),
        ("bought_now", "Comprado al instante"),
        ("reserve_not_met", "No se alcanzó el precio de reserva"),
        ("no_bids", "Sin pujas"),
    ],
    titles: [
        ("/", "Casa de subastas"),
        ("/auctions", "Todas las subastas"),
        ("/register", "Crear una cuenta"),
        ("/login", "Iniciar sesión"),
        ("/verify-otp", "Confirmar su dirección"),
        ("/forgot-password", "Contraseña olvidada"),
        ("/reset-password", "Elegir una contraseña nueva"),
        ("/two-factor", "Verificación en dos pasos"),
        ("/my-auctions", "Mis subastas"),
        ("/won-auctions", "Subastas ganadas"),
        ("/profile", "Perfil"),
        ("/notifications", "Avisos"),
        ("/sell", "Vender"),
        ("/sell/new", "Vender algo"),
    ],
};

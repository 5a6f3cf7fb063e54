-- What people say about themselves, beside their accounts. An account without a row here has said nothing.

CREATE TABLE profiles (
    user_id    INTEGER PRIMARY KEY REFERENCES accounts (id),
    phone      TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    -- The path of a picture below the folder of pictures.
    avatar     TEXT,
    bio        TEXT,
    location   TEXT,
    website    TEXT,
    -- Like 1990-01-31.
    birth_date TEXT
) STRICT;

INSERT INTO profiles (user_id, phone, address)
SELECT id, phone, address FROM accounts WHERE phone <> '' OR address <> '';

ALTER TABLE accounts DROP COLUMN phone;
ALTER TABLE accounts DROP COLUMN address;

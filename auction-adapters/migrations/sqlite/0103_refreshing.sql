-- Sessions of short-lived tokens, beside those whose secret is shown itself.

ALTER TABLE sessions ADD COLUMN style TEXT NOT NULL DEFAULT 'opaque';

-- What the house lets people do: selling in three steps, bans with a scope and an end.

ALTER TABLE accounts ADD COLUMN selling TEXT NOT NULL DEFAULT 'no';
ALTER TABLE accounts ADD COLUMN ban_scope TEXT;
ALTER TABLE accounts ADD COLUMN ban_until INTEGER;
ALTER TABLE accounts ADD COLUMN ban_reason TEXT;

UPDATE accounts SET selling = 'allowed' WHERE is_seller = 1;
UPDATE accounts SET ban_scope = 'everything', ban_reason = '' WHERE is_banned = 1;

ALTER TABLE accounts DROP COLUMN is_seller;
ALTER TABLE accounts DROP COLUMN is_banned;

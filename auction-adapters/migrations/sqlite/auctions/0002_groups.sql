-- Lots that close together name their group.
ALTER TABLE lots ADD COLUMN closing_group TEXT;

CREATE INDEX lots_group ON lots (seller, closing_group, auction_id) WHERE closing_group IS NOT NULL;

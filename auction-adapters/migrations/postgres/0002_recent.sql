-- What happened lately, for whoever plans notices of it: an index of blocks, since events stand in the order in which
-- they were written, and almost in that of their stamps. It costs a bid nothing.
CREATE INDEX events_at ON events USING brin (at) WITH (pages_per_range = 32, autosummarize = on);

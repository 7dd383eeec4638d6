-- The embedded store. Bodies are the canonical texts; the other columns are taken from them for
-- searching and filtering. Levels of relationships are effective: the strictest of both ends and their own.

CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sources (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS nodes (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sector TEXT, level INTEGER NOT NULL,
    first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS nodes_by_kind ON nodes (kind, id);

CREATE TABLE IF NOT EXISTS relationships (
    r INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, source INTEGER NOT NULL,
    target INTEGER NOT NULL, level INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
    confidence REAL NOT NULL, inferred INTEGER NOT NULL, strength REAL, recorded_day INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS relationships_by_source ON relationships (source, type, target);
CREATE INDEX IF NOT EXISTS relationships_by_target ON relationships (target, type, source);
CREATE INDEX IF NOT EXISTS relationships_by_type ON relationships (type, id);

CREATE TABLE IF NOT EXISTS names (folded TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (folded, n)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_by_node ON names (n);
CREATE TABLE IF NOT EXISTS identifiers (text TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (text, n)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS identifiers_by_node ON identifiers (n);
CREATE TABLE IF NOT EXISTS name_words (w INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5 (names, summary, tokenize = 'ascii');

CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
    thing TEXT NOT NULL, id TEXT NOT NULL, before INTEGER, after INTEGER, same INTEGER NOT NULL, previous TEXT,
    seen_0 INTEGER NOT NULL, seen_1 INTEGER NOT NULL, seen_2 INTEGER NOT NULL, seen_3 INTEGER NOT NULL,
    id_mark TEXT NOT NULL, previous_mark TEXT, chain TEXT NOT NULL, packed BLOB
);
CREATE TABLE IF NOT EXISTS merges (gone TEXT PRIMARY KEY, into_id TEXT NOT NULL, level INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS merges_by_survivor ON merges (into_id);
CREATE TABLE IF NOT EXISTS forgotten (mark TEXT PRIMARY KEY, level INTEGER NOT NULL) WITHOUT ROWID;

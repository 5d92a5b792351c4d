package db

// Message keys of the faults that this package returns. The texts are in the message catalogue; arguments in brackets.
const (
	KeyRowNotFound = "row.not_found" // NotFound: a query for one row found none
	KeyRowExists   = "row.exists"    // Exists: a unique or primary key is taken
	KeyRowViolates = "row.violates"  // Invalid [constraint: fk, check, not_null or type]

	KeyArgument  = "db.argument"  // Internal [position, type, reason]: a value that must not be bound
	KeyStatement = "db.statement" // Internal [reason]: a text that is not one statement, or whose arguments do not fit
	KeyRowsOpen  = "db.rows_open" // Internal: a statement while the rows of another are still open
	KeyOver      = "db.over"      // Internal: a Reader or Writer used after its transaction, or a DB after Close
	KeyScan      = "db.scan"      // Internal: a column does not fit its destination
	KeyReadOnly  = "db.read_only" // Internal: a statement that writes, through a Reader
	KeyBusy      = "db.busy"      // Busy [attempts]: the race was lost too often, or a lock was not released in time
	KeyCanceled  = "db.canceled"  // Busy: the caller's context ended; errors.Is finds the context's error
	KeyUnknown   = "db.unknown"   // Internal: the connection broke during COMMIT; it may or may not have happened

	KeyURL           = "db.url"            // Invalid [reason]: not a database address
	KeyUnreachable   = "db.unreachable"    // Busy [host]: no server answers there
	KeyRefused       = "db.refused"        // Invalid [host, code]: the server refuses user, password or database
	KeyCannotOpen    = "db.cannot_open"    // Invalid [path]: the file or its directory cannot be opened or made
	KeyDirectoryHeld = "db.directory_held" // Busy [directory, pid]: another process holds the data directory
	KeyDiskFull      = "db.disk_full"      // Busy [directory, free, need] (bytes; 0 where unknown): no space left
	KeyNotADatabase  = "db.not_a_database" // Invalid [path]: the file is something else
	KeyCorrupt       = "db.corrupt"        // Internal [path]: the file is damaged
	KeyCollation     = "db.collation"      // Invalid [database, collation, remedy]: text does not sort by bytes
	KeyEncoding      = "db.encoding"       // Invalid [database, encoding, remedy]: the database is not UTF-8
	KeyServerOld     = "db.server_old"     // Invalid [version, need]: this PostgreSQL is too old

	KeySchemaNewer   = "db.schema_newer"   // Invalid [found, known]: written by a newer program
	KeySchemaChanged = "db.schema_changed" // Invalid [version, name]: an applied migration is not the one of this program
	KeyMigration     = "db.migration"      // Internal [version, name]: a migration failed; nothing of it was kept
)

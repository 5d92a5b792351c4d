package dbtest

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// session is a connection for CREATE DATABASE and its like, which no transaction may hold.
type session struct{ conn *pgx.Conn }

func admin(server string, fn func(*session) error) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	return fn(&session{c})
}

func (s *session) exec(text string) error {
	_, err := s.conn.Exec(context.Background(), text)
	return err
}

// template makes and migrates the database name unless it is there. The advisory lock keeps other test processes waiting;
// the renaming at the end keeps a half-made template from being taken for a whole one.
func (s *session) template(server, name string) error {
	if err := s.exec("SELECT pg_advisory_lock(7310032)"); err != nil { // given back with the connection
		return err
	}
	var found int
	err := s.conn.QueryRow(context.Background(), "SELECT COUNT(*) FROM pg_database WHERE datname = $1", name).Scan(&found)
	if err != nil || found > 0 {
		return err
	}
	making := name + "_making"
	for _, text := range []string{
		"DROP DATABASE IF EXISTS " + making + " WITH (FORCE)",
		"CREATE DATABASE " + making + " " + byteOrdered,
	} {
		if err := s.exec(text); err != nil {
			return err
		}
	}
	address, err := inDatabase(server, making)
	if err != nil {
		return err
	}
	if err := migrated(address); err != nil {
		return err
	}
	return s.exec("ALTER DATABASE " + making + " RENAME TO " + name)
}

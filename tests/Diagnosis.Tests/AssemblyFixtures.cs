using TByte.Functions.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

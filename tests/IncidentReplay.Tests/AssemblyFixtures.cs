using TByte.Functions.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
// Each of these tests measures, and takes the machine for itself.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

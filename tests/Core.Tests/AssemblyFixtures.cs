using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]
[assembly: AssemblyFixture(typeof(RedisClusterFixture))]
[assembly: AssemblyFixture(typeof(GarnetFixture))]

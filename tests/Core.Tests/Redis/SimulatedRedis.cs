using System.Globalization;
using KeraLua;
using StackExchange.Redis;

namespace TByte.Functions.Core.Tests.Redis;

/// <summary>
/// Runs the real scripts in a real Lua on hashes and strings in this process, by a clock that can be set: a million histories with
/// lying clocks are out of reach for a server. That it does as Redis does is what the contracts of the stores test, which run on it, too.
/// </summary>
internal sealed class SimulatedRedis : IDisposable
{
    private readonly Lua _lua = new() { Encoding = System.Text.Encoding.UTF8 };
    private readonly Dictionary<string, int> _compiled = [];
    private readonly Dictionary<string, Dictionary<string, string>> _hashes = [];
    private readonly Dictionary<string, (string Value, DateTimeOffset Until)> _strings = [];
    private readonly LuaFunction _call;

    public SimulatedRedis()
    {
        // Kept, so that it is not collected while Lua holds it.
        _call = Call;
        _lua.NewTable();
        _lua.PushCFunction(_call);
        _lua.SetField(-2, "call");
        _lua.SetGlobal("redis");
    }

    /// <summary>Its clock.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>What scripts publish, as they do.</summary>
    public Action<string, string>? Published { get; set; }

    public IReadOnlyDictionary<string, string> Hash(string key) => _hashes.TryGetValue(key, out Dictionary<string, string>? hash) ? hash : [];

    public void Set(string key, string field, string value)
    {
        if (!_hashes.TryGetValue(key, out Dictionary<string, string>? hash))
            _hashes.Add(key, hash = []);
        hash[field] = value;
    }

    /// <summary>A string that has not expired; null when there is none.</summary>
    public string? String(string key) =>
        _strings.TryGetValue(key, out (string Value, DateTimeOffset Until) found) && Now < found.Until ? found.Value : null;

    /// <summary>Sets a string that does not expire.</summary>
    public void SetString(string key, string value) => _strings[key] = (value, DateTimeOffset.MaxValue);

    public void Flush()
    {
        _hashes.Clear();
        _strings.Clear();
    }

    public string? Evaluate(string script, RedisKey key, RedisValue[] arguments)
    {
        SetTable("KEYS", [key.ToString()]);
        SetTable("ARGV", Array.ConvertAll(arguments, static argument => argument.ToString()));
        _lua.RawGetInteger(LuaRegistry.Index, Compiled(script));
        if (_lua.PCall(0, 1, 0) != LuaStatus.OK)
            throw new InvalidOperationException(_lua.ToString(-1));
        string? reply = _lua.ToString(-1);
        _lua.SetTop(0);
        return reply;
    }

    public void Dispose() => _lua.Dispose();

    private int Compiled(string script)
    {
        if (!_compiled.TryGetValue(script, out int reference))
        {
            if (_lua.LoadString(script) != LuaStatus.OK)
                throw new InvalidOperationException(_lua.ToString(-1));
            reference = _lua.Ref(LuaRegistry.Index);
            _compiled.Add(script, reference);
        }

        return reference;
    }

    private void SetTable(string name, string[] values)
    {
        _lua.CreateTable(values.Length, 0);
        for (int i = 0; i < values.Length; i++)
        {
            _lua.PushString(values[i]);
            _lua.RawSetInteger(-2, i + 1);
        }

        _lua.SetGlobal(name);
    }

    private int Call(IntPtr state)
    {
        switch (_lua.ToString(1))
        {
            case "TIME":
                long ticks = (Now - DateTimeOffset.UnixEpoch).Ticks;
                PushArray(
                [
                    (ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture),
                    (ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture),
                ]);
                return 1;
            case "HGETALL":
                PushArray([.. Hash(_lua.ToString(2)).SelectMany(static field => new[] { field.Key, field.Value })]);
                return 1;
            case "HSET":
                Set(_lua.ToString(2), _lua.ToString(3), _lua.ToString(4));
                return 0;
            case "HDEL":
                _hashes[_lua.ToString(2)].Remove(_lua.ToString(3));
                return 0;
            case "GET":
                // Redis gives a script false for what is not there.
                if (String(_lua.ToString(2)) is { } value)
                    _lua.PushString(value);
                else
                    _lua.PushBoolean(false);
                return 1;
            case "SET":
                Assert.Equal("PX", _lua.ToString(4));
                _strings[_lua.ToString(2)] = (_lua.ToString(3), Now.AddMilliseconds(double.Parse(_lua.ToString(5), CultureInfo.InvariantCulture)));
                return 0;
            case "PTTL":
                // A hash cannot be made to expire here.
                _lua.PushInteger(-1);
                return 1;
            case "PUBLISH":
                Published?.Invoke(_lua.ToString(2), _lua.ToString(3));
                return 0;
            case var other:
                return _lua.Error($"The simulation knows no {other}.");
        }
    }

    private void PushArray(string[] values)
    {
        _lua.CreateTable(values.Length, 0);
        for (int i = 0; i < values.Length; i++)
        {
            _lua.PushString(values[i]);
            _lua.RawSetInteger(-2, i + 1);
        }
    }
}

using System.Net;

namespace TByte.Functions.Throttling;

/// <summary>Who is not limited.</summary>
internal sealed class ExemptCallers
{
    private const string SubjectPrefix = "sub:";

    private readonly IPNetwork[] _networks;
    private readonly HashSet<string> _subjects;

    public ExemptCallers(IReadOnlyList<string> callers)
    {
        _networks = [.. callers.Where(static caller => !IsSubject(caller)).Select(static caller => NetworkOf(caller)!.Value)];
        _subjects = [.. callers.Where(IsSubject).Select(static caller => caller[SubjectPrefix.Length..])];
    }

    /// <summary>Whether it takes a look at the token to know.</summary>
    public bool HasSubjects => _subjects.Count > 0;

    /// <summary>Whether a setting names anybody.</summary>
    public static bool IsCaller(string caller) => IsSubject(caller) ? caller.Length > SubjectPrefix.Length : NetworkOf(caller) is not null;

    public bool Contains(IPAddress address)
    {
        foreach (IPNetwork network in _networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    public bool Contains(string subject) => _subjects.Contains(subject);

    private static bool IsSubject(string caller) => caller.StartsWith(SubjectPrefix, StringComparison.Ordinal);

    private static IPNetwork? NetworkOf(string caller)
    {
        if (IPNetwork.TryParse(caller, out IPNetwork network))
            return network;
        return IPAddress.TryParse(caller, out IPAddress? address) ? new IPNetwork(address, 8 * address.GetAddressBytes().Length) : null;
    }
}

using System.Text;

namespace TByte.Functions.Api.Tests.Fuzz;

/// <summary>A request byte for byte, as no client would mend it.</summary>
internal sealed record RawRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body,
    bool Chunked)
{
    public byte[] ToBytes()
    {
        StringBuilder head = new();
        head.Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        foreach ((string name, string value) in Headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (Chunked)
            head.Append("Transfer-Encoding: chunked\r\n");
        else if (Body.Length > 0 || Method == "PUT")
            head.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        head.Append("\r\n");
        byte[] start = Encoding.UTF8.GetBytes(head.ToString());
        return Chunked ? [.. start, .. Chunk(), .. "0\r\n\r\n"u8] : [.. start, .. Body];
    }

    /// <summary>For a message; long parts are cut.</summary>
    public override string ToString()
    {
        string text = Encoding.UTF8.GetString(ToBytes());
        return text.Length <= 2_000 ? text : $"{text[..2_000]}… ({text.Length} characters)";
    }

    private byte[] Chunk() => Body.Length == 0 ? [] : [.. Encoding.ASCII.GetBytes($"{Body.Length:x}\r\n"), .. Body, .. "\r\n"u8];
}

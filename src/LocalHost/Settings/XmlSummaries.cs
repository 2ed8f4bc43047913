using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>Summaries of types and their members as Markdown, from the documentation that the compiler writes beside each assembly.</summary>
internal sealed partial class XmlSummaries
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _read = [];

    /// <exception cref="InvalidOperationException">It has none.</exception>
    public string Of(MemberInfo member)
    {
        Type type = member as Type ?? member.DeclaringType!;
        string id = member is Type ? $"T:{type.FullName}" : $"P:{type.FullName}.{member.Name}";
        if (!_read.TryGetValue(type.Assembly, out Dictionary<string, XElement>? members))
            _read.Add(type.Assembly, members = Read(type.Assembly));
        return members.TryGetValue(id, out XElement? summary) ? Text(summary) : throw new InvalidOperationException($"{id} has no summary.");
    }

    private static Dictionary<string, XElement> Read(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace)
            .Descendants("member")
            .Where(static member => member.Element("summary") is not null)
            .ToDictionary(static member => member.Attribute("name")!.Value, static member => member.Element("summary")!);

    private static string Text(XElement summary) =>
        Space().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
        XElement element => $"`{element.Value}`",
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using TByte.Functions.Configuration;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>The settings of one class of options, in its order.</summary>
internal sealed class SettingsOfOptions(Type options, XmlSummaries summaries)
{
    private readonly string _section = AppOptions.Section(options);

    public IEnumerable<DocumentedSetting> Read() => Settable(options).SelectMany(property => Read(property, []));

    private IEnumerable<DocumentedSetting> Read(PropertyInfo property, PropertyInfo[] within)
    {
        PropertyInfo[] path = [.. within, property];
        if (IsGroup(property.PropertyType))
            return Settable(property.PropertyType).SelectMany(member => Read(member, path));

        object? value = ValueAt((IValidatedOptions)Activator.CreateInstance(options)!, path);
        string name = string.Join("__", [_section, .. path.Select(static part => part.Name)]);
        return
        [
            new DocumentedSetting(name, SettingValue.Describe(value), SettingBoundary.Of(options, path), string.Join(' ', path.Select(summaries.Of)))
            {
                IsList = property.PropertyType == typeof(IReadOnlyList<string>),
            },
        ];
    }

    private static object? ValueAt(object from, PropertyInfo[] path) => path.Aggregate((object?)from, static (owner, part) => part.GetValue(owner));

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.CanWrite);

    // Such as a limit, which has permits and a window.
    private static bool IsGroup(Type type) => type.IsClass && type != typeof(string) && type.Assembly == typeof(IValidatedOptions).Assembly;
}

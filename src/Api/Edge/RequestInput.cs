using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace TByte.Functions.Api.Edge;

/// <summary>Reads bounded values out of a request; what is out of bounds comes back as a problem that names it.</summary>
internal readonly struct RequestInput(HttpRequest request)
{
    // 12 digits, two of them behind the point: what the database holds.
    private const decimal MostMoney = 9_999_999_999.99m;

    public bool TryReadId(out long id, [NotNullWhen(false)] out IResult? problem)
    {
        id = 0;
        if (request.RouteValues["id"] is string text && TryParseId(text, out id))
        {
            problem = null;
            return true;
        }

        problem = Problem.BadRequest("The id must be a whole number from 1 to 9223372036854775807.");
        return false;
    }

    public bool TryReadOptionalId(string name, out long? id, [NotNullWhen(false)] out IResult? problem)
    {
        id = null;
        if (!TryReadOne(name, out string? text, out problem))
            return false;
        if (text is null)
            return true;

        if (TryParseId(text, out long value))
        {
            id = value;
            return true;
        }

        problem = Problem.BadRequest($"{name} must be a whole number from 1 to 9223372036854775807.");
        return false;
    }

    public bool TryReadLimit(int most, out int limit, [NotNullWhen(false)] out IResult? problem)
    {
        limit = 20;
        if (!TryReadOne("limit", out string? text, out problem))
            return false;
        if (text is null)
            return true;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= most)
            return true;

        problem = Problem.BadRequest($"limit must be a whole number from 1 to {most}.");
        return false;
    }

    public bool TryReadMoney(string name, out decimal? amount, [NotNullWhen(false)] out IResult? problem)
    {
        amount = null;
        if (!TryReadOne(name, out string? text, out problem))
            return false;
        if (text is null)
            return true;

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) && IsMoney(value))
        {
            amount = value;
            return true;
        }

        problem = Problem.BadRequest(
            $"{name} must be an amount from 0 to {MostMoney.ToString(CultureInfo.InvariantCulture)} with at most two decimals.");
        return false;
    }

    /// <summary>A day that must be given, as <c>YYYY-MM-DD</c>.</summary>
    public bool TryReadDay(string name, out DateOnly day, [NotNullWhen(false)] out IResult? problem)
    {
        day = default;
        if (!TryReadOne(name, out string? text, out problem))
            return false;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            return true;

        problem = Problem.BadRequest($"{name} must be given: a day from 0001-01-01 to 9999-12-31, as YYYY-MM-DD.");
        return false;
    }

    /// <summary>A query parameter that may be there once; null when it is not.</summary>
    public bool TryReadOne(string name, out string? value, [NotNullWhen(false)] out IResult? problem)
    {
        StringValues values = request.Query[name];
        value = values.Count == 1 ? values[0] : null;
        problem = values.Count > 1 ? Problem.BadRequest($"{name} may be given once only.")
            // Parsing a number would overlook NULs behind it.
            : value is not null && value.Contains('\0') ? Problem.BadRequest($"{name} may not contain NUL.")
            : null;
        return problem is null;
    }

    public static bool IsMoney(decimal value) => value is >= 0 and <= MostMoney && decimal.Round(value, 2) == value;

    private static bool TryParseId(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;
}

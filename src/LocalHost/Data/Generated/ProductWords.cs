using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>What generated names are made of. A change here changes every generated shop.</summary>
internal static class ProductWords
{
    public static IReadOnlyList<string> Styles { get; } =
        ["Vintage", "Classic", "Retro", "Rustic", "Modern", "Folk Art", "Regency", "Nordic", "Small", "Large"];

    public static IReadOnlyList<string> Materials { get; } =
        ["Wooden", "Enamel", "Ceramic", "Glass", "Zinc", "Felt", "Linen", "Paper", "Wicker", "Brass"];

    public static IReadOnlyList<string> Motifs { get; } =
        ["Red Spot", "Blue Paisley", "Rose", "Heart", "Star", "Bird", "Woodland", "Strawberry", "Union Jack", "Polkadot", "Ivory", "Daisy"];

    public static IReadOnlyList<string> Remarks { get; } =
    [
        "Made in small batches.",
        "A gift that fits through a letter box.",
        "Wipe clean with a damp cloth.",
        "Colours vary from piece to piece.",
        "Packed in recycled card.",
        "A favourite of our returning customers.",
    ];

    /// <summary>In the order of <see cref="CategoryNames.All"/>.</summary>
    public static IReadOnlyList<(string Prefix, string[] Nouns)> ByCategory { get; } =
    [
        ("XMS", ["Bauble", "Advent Calendar", "Tree Star", "Snow Globe", "Stocking"]),
        ("JWL", ["Necklace", "Bracelet", "Earrings", "Brooch", "Keyring"]),
        ("BAG", ["Lunch Bag", "Purse", "Shopper", "Wash Bag", "Umbrella"]),
        ("LGT", ["Candle Holder", "Lantern", "Night Light", "Tealight Set", "Table Lamp"]),
        ("KIT", ["Mug", "Cake Stand", "Teapot", "Bowl", "Tea Towel", "Storage Jar"]),
        ("GDN", ["Planter", "Bird Feeder", "Watering Can", "Windmill", "Plant Marker Set"]),
        ("TOY", ["Jigsaw", "Spinning Top", "Doll", "Playing Cards", "Skipping Rope"]),
        ("STA", ["Notebook", "Greeting Card", "Gift Wrap", "Pencil Set", "Sticker Sheet"]),
        ("TXT", ["Cushion", "Throw", "Hot Water Bottle", "Doormat", "Scarf"]),
        ("STO", ["Trinket Box", "Drawer Chest", "Basket", "Coat Hook", "Biscuit Tin"]),
        ("DEC", ["Photo Frame", "Wall Clock", "Door Sign", "Bunting", "Mirror"]),
        ("OTH", ["Sewing Kit", "Matchbox", "Puppet", "Rain Hat", "Paperweight"]),
    ];
}

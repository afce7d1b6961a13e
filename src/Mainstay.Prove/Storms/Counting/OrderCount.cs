namespace Mainstay.Prove.Storms.Counting;

/// <summary>What the workers noted of the orders that they carried out.</summary>
/// <param name="Orders">Different ones.</param>
/// <param name="Twice">Those of them that were carried out more than once.</param>
internal sealed record OrderCount(int Orders, int Twice)
{
    /// <param name="lines">One number for each time an order was carried out; what a killed worker did not finish writing does not count.</param>
    public static OrderCount Of(IEnumerable<string> lines)
    {
        var counts = lines.Where(line => line.Length == Load.Http1.RequestBytes.NumberDigits).CountBy(line => line).ToList();
        return new(counts.Count, counts.Count(count => count.Value > 1));
    }

    /// <summary>Each worker has a file of its own in the folder.</summary>
    public static OrderCount OfFolder(string folder) => Of(Directory.EnumerateFiles(folder).SelectMany(File.ReadLines));
}

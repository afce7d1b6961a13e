namespace Mainstay.Manifest.Reading;

/// <summary>Finds the word that was probably meant: the smallest number of letters added, left out, changed or swapped (optimal string alignment).</summary>
internal static class NearestKey
{
    private const int LongestWord = 40;

    public static string? Of(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestWord)
            return null;
        var folded = written.Replace('-', '_').ToLowerInvariant();
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var word in known)
        {
            var distance = Distance(folded, word.Replace('-', '_').ToLowerInvariant());
            if (distance < least && distance <= Math.Max(1, Math.Min(folded.Length, word.Length) / 3))
                (nearest, least) = (word, distance);
        }
        return nearest;
    }

    private static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last) = (last, row);
        }
        return last[b.Length];
    }
}

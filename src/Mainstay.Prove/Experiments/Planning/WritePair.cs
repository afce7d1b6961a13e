using System.Collections.Immutable;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>A request that writes and one that reads what it wrote: PUT or POST, and GET of the same path, both written as <c>exercise</c>.</summary>
/// <param name="Writing">Index of its stream.</param>
/// <param name="Write">With a body.</param>
/// <param name="Read">Of the same path.</param>
internal sealed record WritePair(int Writing, Exercised Write, Exercised Read)
{
    public static WritePair? Find(ImmutableArray<Exercised> sent, string? service = null)
    {
        for (var i = 0; i < sent.Length; i++)
        {
            var write = sent[i];
            if (write.Stream.Method is not ("PUT" or "POST") || write.Body is null || (service is not null && write.Stream.Service != service))
                continue;
            var read = sent.FirstOrDefault(other => other.Stream.Method == "GET" && other.Stream.Path == write.Stream.Path && other.Stream.Service == write.Stream.Service);
            if (read is not null && read.IsWritten)
                return new(i, write, read);
        }
        return null;
    }

    /// <summary>Whether the body can be made another one each time: what is JSON has a shape that nobody told us of.</summary>
    public bool IsPlain => Write.Body!.TrimStart() is not ['{' or '[' or '"', ..];

    /// <summary>The body of a write that no other has.</summary>
    public string BodyOf(int number) => IsPlain ? $"{Write.Body} {number}" : Write.Body!;
}

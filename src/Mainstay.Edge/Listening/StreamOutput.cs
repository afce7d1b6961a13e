using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace Mainstay.Edge.Listening;

/// <summary>
/// What an HTTP/2 stream of Kestrel's sends its answer with; used again, with the stream, for the connection's next requests. A window update
/// that arrives in the moment in which an answer ends leaves it marked as queued although it is not, and the mark stays: of the next request's
/// answer nothing would be sent, ever (dotnet/aspnetcore#53736; 10.0.12). So a new request takes the mark away; one that Kestrel answers by itself
/// does not come here. See docs/decisions/0013.
/// </summary>
internal sealed class StreamOutput
{
    private const BindingFlags Field = BindingFlags.Instance | BindingFlags.NonPublic;
    private const string StreamType = "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http2.Http2Stream, Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string OutputType = "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http2.Http2OutputProducer, Microsoft.AspNetCore.Server.Kestrel.Core";

    private static readonly FieldInfo? OutputField = Type.GetType(StreamType)?.GetField("_http2Output", Field);
    private static readonly FieldInfo? MarkField = Type.GetType(OutputType)?.GetField("_isScheduled", Field);

    private readonly object _output;

    private StreamOutput(object output) => _output = output;

    /// <summary>Not locked: only between the answer before, which is over, and the first write of the next one.</summary>
    public bool IsMarkedQueued
    {
        get => Mark(_output);
        set => Mark(_output) = value;
    }

    /// <summary>Null if it is no HTTP/2 stream, or one of a Kestrel that is made otherwise: that one is left to itself.</summary>
    public static StreamOutput? Of(IFeatureCollection stream) =>
        MarkField?.FieldType == typeof(bool) && OutputField?.DeclaringType?.IsInstanceOfType(stream) == true && OutputField.GetValue(stream) is { } output
        && MarkField.DeclaringType!.IsInstanceOfType(output) ? new(output) : null;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_isScheduled")]
    private static extern ref bool Mark([UnsafeAccessorType(OutputType)] object output);
}
